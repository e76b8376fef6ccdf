// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chart_kit.h"

/// What stands around the plot of a ChartView: its key above, the words of a log axis below. Both
/// belong to the chart; ChartView makes them and keeps their room free.
namespace signalbox::ui {

/// Marks and words, flowing over as many lines as they need.
class KeyItem : public QGraphicsObject
{
    Q_OBJECT
public:
    explicit KeyItem(ChartView* view);
    void setEntries(std::vector<KeyEntry> entries);
    [[nodiscard]] const std::vector<KeyEntry>& entries() const { return m_entries; }
    /// Lays the entries out in this width, px, and says how high they are; 0 without entries.
    [[nodiscard]] int heightFor(qreal width);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter*, const QStyleOptionGraphicsItem*, QWidget*) override {}

private:
    std::vector<KeyEntry> m_entries;
    std::vector<QGraphicsItem*> m_cells;
    qreal m_width = 0;
    int m_height = 0;
};

/// Grid lines, labels at 1, 2 and 5 and the title of a log axis at the bottom.
class LogTicksItem : public QGraphicsObject
{
    Q_OBJECT
public:
    explicit LogTicksItem(ChartView* view);
    [[nodiscard]] static int heightPx();

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    ChartView* m_view;
};

} // namespace signalbox::ui
