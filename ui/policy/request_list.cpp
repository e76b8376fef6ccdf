// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_list.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHeaderView>

namespace signalbox::ui {
namespace {

constexpr int kRowRole = Qt::UserRole + 1;
constexpr int kLongestLine = 300;

} // namespace

QString messageLine(const Request& request)
{
    for (std::size_t i = request.messages.size(); i-- > 0;) {
        if (request.messages[i].role == Role::User) {
            const QString text =
                QString::fromStdString(request.messages[i].text).left(kLongestLine);
            return withVisibleControls(text.simplified());
        }
    }
    return {};
}

RequestList::RequestList(const QString& name, QWidget* parent) : QTreeWidget(parent)
{
    setAccessibleName(name);
    setHeaderHidden(true);
    setColumnCount(2);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setTextElideMode(Qt::ElideRight);
    setTabKeyNavigation(false);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header()->setMinimumSectionSize(24);
    connect(this, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        emit requestChosen(item->data(0, kRowRole).toULongLong());
    });
}

void RequestList::setLines(const Traffic& traffic, const std::vector<Line>& lines)
{
    clear();
    for (const Line& line : lines) {
        const QString message = messageLine(traffic.requests[line.row]);
        const QString text =
            line.detail.isEmpty() ? message : line.detail + QStringLiteral("  ·  ") + message;
        auto* const item = new QTreeWidgetItem(this, {line.value, text});
        item->setTextAlignment(0, Qt::AlignRight | Qt::AlignVCenter);
        item->setData(0, kRowRole, static_cast<qulonglong>(line.row));
        item->setToolTip(1, plainToolTip(message));
        item->setFont(0, Theme::font(TextRole::BodyStrong));
    }
    updateGeometry();
}

QSize RequestList::sizeHint() const
{
    const int rowHeight = topLevelItemCount() > 0 ? std::max(sizeHintForRow(0), 1) : 0;
    return {200, topLevelItemCount() * rowHeight + 2 * frameWidth()};
}

} // namespace signalbox::ui
