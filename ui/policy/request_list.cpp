// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_list.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHeaderView>

namespace signalbox::ui {
namespace {

enum Column { Value, Detail, MessageText, ColumnCount };

constexpr int kRowRole = Qt::UserRole + 1;
constexpr int kLongestLine = 300;

} // namespace

QString messageLine(const Request& request)
{
    const auto last = std::ranges::find(request.messages.rbegin(), request.messages.rend(),
                                        Role::User, &Message::role);
    return last == request.messages.rend() ? QString() : messageLine(std::string_view(last->text));
}

QString messageLine(std::string_view message)
{
    const QString text = QString::fromUtf8(message.data(), static_cast<qsizetype>(message.size()))
                             .left(kLongestLine);
    return withVisibleControls(text.simplified());
}

RequestList::RequestList(const QString& name, QWidget* parent) : QTreeWidget(parent)
{
    setAccessibleName(name);
    setColumnCount(ColumnCount);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setTextElideMode(Qt::ElideRight);
    setTabKeyNavigation(false);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(Value, QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(Detail, QHeaderView::ResizeToContents);
    header()->setMinimumSectionSize(24);
    header()->setSectionsMovable(false);
    setHeads({}, {});
    connect(this, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        emit requestChosen(item->data(Value, kRowRole).toULongLong());
    });
}

void RequestList::setHeads(const QString& value, const QString& detail)
{
    setHeaderLabels({value, detail, tr("Message")});
    for (const Column numbers : {Value, Detail})
        headerItem()->setTextAlignment(numbers, Qt::AlignRight | Qt::AlignVCenter);
}

void RequestList::setLines(const Traffic& traffic, const std::vector<Line>& lines)
{
    clear();
    for (const Line& line : lines) {
        const QString message = messageLine(traffic.lastUserMessage(line.row));
        auto* const item = new QTreeWidgetItem(this, {line.value, line.detail, message});
        for (const Column numbers : {Value, Detail})
            item->setTextAlignment(numbers, Qt::AlignRight | Qt::AlignVCenter);
        item->setData(Value, kRowRole, static_cast<qulonglong>(line.row));
        item->setToolTip(MessageText, plainToolTip(message));
        item->setFont(Value, Theme::font(TextRole::BodyStrong));
    }
    updateGeometry();
}

QSize RequestList::sizeHint() const
{
    const int rowHeight = topLevelItemCount() > 0 ? std::max(sizeHintForRow(0), 1) : 0;
    return {200,
            header()->sizeHint().height() + topLevelItemCount() * rowHeight + 2 * frameWidth()};
}

} // namespace signalbox::ui
