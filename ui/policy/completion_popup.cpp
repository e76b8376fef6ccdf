// SPDX-License-Identifier: GPL-3.0-or-later
#include "completion_popup.h"

#include <ui/kit/theme.h>

#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr int kRowHeight = 24;
constexpr int kMostRows = 8;
constexpr int kNarrowest = 160;
constexpr int kWidest = 312;

enum Role { Detail = Qt::UserRole }; ///< QString

class ItemDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                                 const QModelIndex& /*index*/) const override
    {
        return {kNarrowest, kRowHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const ThemeColors& colors = Theme::current().colors();
        const bool current = option.state & QStyle::State_Selected;
        if (current || (option.state & QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(current ? colors.selection : colors.hover);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(4, 0, -4, 0), radius::kControl,
                                     radius::kControl);
        }
        const QRect line = option.rect.adjusted(space::kGap, 0, -space::kGap, 0);
        const QString detail = index.data(Detail).toString();
        const QFont small = Theme::font(TextRole::Small);
        const int detailWidth =
            std::min(QFontMetrics(small).horizontalAdvance(detail), line.width() / 2);
        painter->setFont(Theme::font(TextRole::Mono));
        painter->setPen(current ? colors.selectionText : colors.text);
        drawElided(*painter, line.adjusted(0, 0, -detailWidth - space::kUnit, 0), Qt::AlignLeft,
                   index.data().toString());
        painter->setFont(small);
        painter->setPen(current ? colors.selectionText : colors.textMuted);
        drawElided(*painter, line.adjusted(line.width() - detailWidth, 0, 0, 0), Qt::AlignRight,
                   detail);
        painter->restore();
    }

private:
    static void drawElided(QPainter& painter, const QRect& rect, Qt::AlignmentFlag side,
                           const QString& text)
    {
        painter.drawText(rect, side | Qt::AlignVCenter | Qt::TextSingleLine,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
    }
};

} // namespace

CompletionPopup::CompletionPopup(QWidget* window) : QWidget(window)
{
    setObjectName(QStringLiteral("completionPopup"));
    setAccessibleName(tr("What could come next"));
    setFocusPolicy(Qt::NoFocus);
    m_model = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ItemDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("What could come next"));
    m_list->viewport()->setAutoFillBackground(false);
    QPalette clear = m_list->palette();
    clear.setColor(QPalette::Base, Qt::transparent);
    m_list->setPalette(clear);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, space::kHalf, 1, space::kHalf);
    layout->addWidget(m_list);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { emit taken(index.row()); });
    hide();
}

void CompletionPopup::showItems(const std::vector<Item>& items, const QRect& lineInWindow)
{
    m_model->clear();
    const QFontMetrics text(Theme::font(TextRole::Mono));
    const QFontMetrics detail(Theme::font(TextRole::Small));
    int width = kNarrowest;
    for (const Item& item : items) {
        width = std::max(width, text.horizontalAdvance(item.text) +
                                    detail.horizontalAdvance(item.detail) + space::kSection +
                                    2 * space::kGap);
        auto* const row = new QStandardItem(item.text);
        row->setData(item.detail, Detail);
        row->setData(item.detail, Qt::AccessibleDescriptionRole);
        m_model->appendRow(row);
    }
    const int rows = std::min(static_cast<int>(items.size()), kMostRows);
    const QRect window = parentWidget()->rect();
    QRect place(0, 0, std::min(std::min(width, kWidest), window.width() - 2 * space::kHalf),
                rows * kRowHeight + 2 * space::kHalf);
    place.moveTopLeft(lineInWindow.bottomLeft() + QPoint(0, space::kHalf));
    if (place.bottom() > window.bottom())
        place.moveBottom(lineInWindow.top() - space::kHalf);
    place.moveLeft(std::max(space::kHalf,
                            std::min(place.left(), window.right() - place.width() - space::kHalf)));
    setGeometry(place);
    show();
    raise();
}

void CompletionPopup::step(int delta)
{
    const int rows = count();
    if (rows == 0)
        return;
    const int from = current() < 0 && delta < 0 ? 0 : current();
    m_list->setCurrentIndex(m_model->index((from + delta + rows) % rows, 0));
}

int CompletionPopup::current() const
{
    return m_list->currentIndex().isValid() ? m_list->currentIndex().row() : -1;
}

int CompletionPopup::count() const
{
    return m_model->rowCount();
}

QStringList CompletionPopup::texts() const
{
    QStringList texts;
    for (int row = 0; row < count(); ++row)
        texts << m_model->index(row, 0).data().toString();
    return texts;
}

void CompletionPopup::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeColors& colors = Theme::current().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors.lineStrong);
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                            radius::kControl);
}

} // namespace signalbox::ui
