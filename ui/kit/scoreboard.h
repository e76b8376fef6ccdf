// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "spoken_parts.h"
#include "theme.h"
#include "verdict_mark.h"

#include <QString>
#include <QWidget>

#include <vector>

class QHBoxLayout;

namespace signalbox::ui {

/// How a change since the last saved revision is to be read.
enum class ChangeSense { None, Better, Worse, Same };

/// One number of the scoreboard, ready to be shown. Plain text throughout.
struct Score
{
    QString title = {};    ///< "Cost saving"
    QString value = {};    ///< "49.3 %"; empty: nothing is known, shown as a dash
    QString of = {};       ///< "of 100": what `value` is a part of; may be empty
    QString interval = {}; ///< "47.1 to 51.3 %"; may be empty
    QString gate = {};     ///< "at least 40 %"; empty without a gate
    GateVerdict verdict = GateVerdict::None;
    QString doubt = {};  ///< "interval spans it": why the data do not decide on the gate; may be
                         ///< empty
    QString part = {};   ///< "Disputes": the part of the traffic that `value` and `interval` are
                         ///< of, the one that is furthest from its gate; empty: all of it. The
                         ///< title names it
    QString whole = {};  ///< "96.7 %": all of the traffic, if `value` is of a part
    QString change = {}; ///< "+3.1 pts" since the last save; empty: none
    bool rising = false; ///< direction of the arrow before `change`
    ChangeSense sense = ChangeSense::None;
    QString reason = {};    ///< tooltip and accessible description: why, and how many samples
    bool busy = false;      ///< being recomputed: value shown muted
    bool quick = false;     ///< made while dragging: "≈" before the value
    bool simulated = false; ///< is spoken; the board wears one badge for all
    bool operator==(const Score&) const = default;
};

/// A number with interval, verdict and change. Click, Enter or Space ask for the reason.
class ScoreTile : public QWidget, public SpokenParts
{
    Q_OBJECT
public:
    explicit ScoreTile(QWidget* parent = nullptr);

    [[nodiscard]] const Score& score() const { return m_score; }
    /// Cheap enough for every frame of a drag: repaints only if something changed.
    void setScore(const Score& score);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Button; }
    void pressPart(int /*part*/) override { emit activated(); }

signals:
    void activated();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void paintHeader(QPainter& painter, const QRect& rect) const;
    void paintValue(QPainter& painter, const QRect& rect) const;
    void paintFooter(QPainter& painter, const QRect& rect) const;
    Score m_score;
};

/// The strip on top of every page: tiles side by side, of equal width, with hairlines between.
class Scoreboard : public QWidget
{
    Q_OBJECT
public:
    explicit Scoreboard(QWidget* parent = nullptr);

    /// Makes or drops tiles as needed and fills them.
    void setScores(const std::vector<Score>& scores);
    [[nodiscard]] ScoreTile* tile(int index) const;
    /// Whether a number is shown that is being recomputed.
    [[nodiscard]] bool isOld() const;
    [[nodiscard]] int count() const { return static_cast<int>(m_tiles.size()); }
    /// Takes ownership; sits at the right end, e.g. a button or a "simulated" badge.
    void setTrailingWidget(QWidget* widget);

signals:
    void scoreActivated(int index);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QHBoxLayout* m_layout = nullptr;
    std::vector<ScoreTile*> m_tiles;
};

} // namespace signalbox::ui
