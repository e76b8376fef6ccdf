// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAbstractScrollArea;

namespace signalbox::ui {

/// A soft end where a scroll area cuts what it shows: the content fades into its ground, so that
/// no letter is cut through and it is seen that there is more. Lies over the area and belongs to
/// it, lets the mouse through, and is hidden where the content ends. GUI thread.
class ScrollFade final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kHeightPx = 24;

    /// What the area scrolls on.
    enum class Ground { Surface, Window };

    /// Both ends of an area that scrolls up and down.
    static void addTo(QAbstractScrollArea* area, Ground ground = Ground::Surface);

    [[nodiscard]] Qt::Edge edge() const { return m_edge; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    ScrollFade(QAbstractScrollArea* area, Qt::Edge edge, Ground ground);
    [[nodiscard]] QAbstractScrollArea* area() const;
    void followArea();

    Qt::Edge m_edge;
    Ground m_ground;
};

} // namespace signalbox::ui
