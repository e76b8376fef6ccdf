// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_rim.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QChart>
#include <QGraphicsItem>
#include <QLogValueAxis>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr qreal kGridDepth = 1; ///< under shades and series
constexpr qreal kCellHeight = 18;
constexpr qreal kCellGap = 16; ///< between entries
constexpr qreal kSampleWidth = 34;
constexpr qreal kSampleGap = 5; ///< between sample and words

const ThemeColors& colors()
{
    return Theme::current().colors();
}

/// One entry; an item of its own, so that it has a tooltip.
class KeyCell : public QGraphicsItem
{
public:
    KeyCell(const KeyEntry& entry, QGraphicsItem* parent) : QGraphicsItem(parent), m_entry(entry)
    {
        setAcceptedMouseButtons(Qt::NoButton);
        if (!entry.explanation.isEmpty())
            setToolTip(plainToolTip(entry.explanation));
    }

    [[nodiscard]] qreal width() const
    {
        return sampleWidth() + kSampleGap +
               std::ceil(
                   QFontMetricsF(Theme::font(TextRole::Caption)).horizontalAdvance(m_entry.text));
    }

    [[nodiscard]] QRectF boundingRect() const override { return {0, 0, width() + 2, kCellHeight}; }

    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        paintSample(*painter);
        painter->setFont(Theme::font(TextRole::Caption));
        painter->setPen(colors().textMuted);
        painter->drawText(boundingRect().adjusted(sampleWidth() + kSampleGap, 0, 2, 0),
                          Qt::AlignVCenter | Qt::AlignLeft, m_entry.text);
        painter->restore();
    }

private:
    [[nodiscard]] qreal sampleWidth() const
    {
        return m_entry.mark.xInterval ? kSampleWidth : m_entry.mark.size + 2;
    }

    void paintSample(QPainter& painter) const
    {
        const QPointF middle(sampleWidth() / 2, kCellHeight / 2);
        if (m_entry.mark.xInterval)
            paintInterval(painter, QLineF(0, middle.y(), kSampleWidth, middle.y()),
                          inkOf(m_entry.mark));
        paintPlotMark(painter, middle, m_entry.mark.size, m_entry.mark);
    }

    KeyEntry m_entry;
};

} // namespace

// KeyItem

KeyItem::KeyItem(ChartView* view) : QGraphicsObject(&view->chart())
{
    setAcceptedMouseButtons(Qt::NoButton);
    setFlag(ItemHasNoContents);
}

void KeyItem::setEntries(std::vector<KeyEntry> entries)
{
    prepareGeometryChange();
    m_entries = std::move(entries);
    qDeleteAll(m_cells);
    m_cells.clear();
    for (const KeyEntry& entry : m_entries)
        m_cells.push_back(new KeyCell(entry, this));
}

int KeyItem::heightFor(qreal width)
{
    constexpr qreal kLeft = space::kUnit;
    prepareGeometryChange();
    m_width = width;
    qreal x = kLeft;
    qreal y = space::kHalf;
    for (QGraphicsItem* item : m_cells) {
        const qreal wide = static_cast<KeyCell*>(item)->width();
        if (x > kLeft && x + wide > width - kLeft) {
            x = kLeft;
            y += kCellHeight;
        }
        item->setPos(x, y);
        x += wide + kCellGap;
    }
    m_height = m_cells.empty() ? 0 : static_cast<int>(y + kCellHeight + space::kHalf);
    return m_height;
}

QRectF KeyItem::boundingRect() const
{
    return {0, 0, m_width, double(m_height)};
}

// LogTicksItem

LogTicksItem::LogTicksItem(ChartView* view) : QGraphicsObject(&view->chart()), m_view(view)
{
    setZValue(kGridDepth);
    setAcceptedMouseButtons(Qt::NoButton);
    connect(&view->chart(), &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
}

int LogTicksItem::heightPx()
{
    return 38;
}

QRectF LogTicksItem::boundingRect() const
{
    return m_view->chart().plotArea().adjusted(-20, 0, 20, heightPx() + 12);
}

void LogTicksItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    constexpr double kBelow = 7;     ///< plot to labels, over the ticks
    constexpr double kPerLabel = 48; ///< px of axis for each label
    const auto axes = m_view->chart().axes(Qt::Horizontal);
    const auto* log = axes.isEmpty() ? nullptr : qobject_cast<QLogValueAxis*>(axes.first());
    if (!log)
        return;
    painter->save();
    const PlotMapping mapping = m_view->mapping();
    const QRectF& plot = mapping.plot;
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    painter->setFont(Theme::font(TextRole::Caption));
    double free = -1e9;
    for (const double tick :
         niceTicks(mapping.lowX, mapping.highX, std::max(2, int(plot.width() / kPerLabel)), true)) {
        const double x = mapping.toScene({tick, 0}).x();
        painter->fillRect(QRectF(std::round(x), plot.top(), 1, plot.height()), colors().chartGrid);
        const QString text = format::brief(tick);
        const double width = metrics.horizontalAdvance(text);
        if (x - width / 2 < free)
            continue;
        painter->setPen(colors().chartInk);
        painter->drawText(QRectF(x - width, plot.bottom() + kBelow, 2 * width, metrics.height()),
                          Qt::AlignHCenter | Qt::AlignTop, text);
        free = x + width / 2 + space::kHalf;
    }
    painter->setFont(Theme::font(TextRole::Small));
    painter->drawText(QRectF(plot.left() - 20, plot.bottom() + kBelow + metrics.height() + 4,
                             plot.width() + 40, 18),
                      Qt::AlignHCenter | Qt::AlignTop, log->titleText());
    painter->restore();
}

} // namespace signalbox::ui
