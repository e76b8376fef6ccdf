// SPDX-License-Identifier: GPL-3.0-or-later
#include "scoreboard.h"

#include "basic_widgets.h"
#include "icons.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kTileHeight = 84;
constexpr int kTilePadding = space::kWide;

const ThemeColors& colors()
{
    return Theme::current().colors();
}

QColor changeInk(ChangeSense sense)
{
    switch (sense) {
    case ChangeSense::Better:
        return colors().positive.ink;
    case ChangeSense::Worse:
        return colors().negative.ink;
    case ChangeSense::None:
    case ChangeSense::Same:
        return colors().textMuted;
    }
    return colors().textMuted;
}

/// The gate, why nothing is decided on it, and the number for all of the traffic where the tile
/// leads with a part of it: as much as there is room for.
QString gateNote(const Score& score, const QFontMetrics& metrics, int width)
{
    if (score.gate.isEmpty())
        return QString();
    const QString limit = ScoreTile::tr("Gate: %1").arg(score.gate);
    QStringList notes; // the one that says most first
    if (!score.doubt.isEmpty()) {
        const QString pair = ScoreTile::tr("%1 · %2", "limit, why nothing is decided on it");
        notes << pair.arg(limit, score.doubt) << pair.arg(score.gate, score.doubt) << score.doubt;
    } else if (!score.whole.isEmpty()) {
        notes << ScoreTile::tr("%1 · all together %2", "limit, number of all traffic")
                     .arg(limit, score.whole);
    }
    notes << limit << score.gate;
    for (const QString& note : std::as_const(notes)) {
        if (metrics.horizontalAdvance(note) <= width)
            return note;
    }
    return metrics.elidedText(score.gate, Qt::ElideRight, width);
}

/// All of a score in one sentence for a screen reader.
QString spokenScore(const Score& score)
{
    QStringList parts;
    const QString value = score.value.isEmpty() ? ScoreTile::tr("unknown") : score.value;
    parts << (score.of.isEmpty() || score.value.isEmpty() ? value
                                                          : value + QLatin1Char(' ') + score.of);
    if (!score.interval.isEmpty())
        parts << ScoreTile::tr("interval %1").arg(score.interval);
    if (score.verdict != GateVerdict::None)
        parts << ScoreTile::tr("gate %1: %2", "limit and verdict")
                     .arg(score.gate, verdictText(score.verdict));
    if (!score.doubt.isEmpty())
        parts << score.doubt;
    if (!score.whole.isEmpty())
        parts << ScoreTile::tr("%1 overall", "number of all traffic").arg(score.whole);
    if (!score.change.isEmpty())
        parts << ScoreTile::tr("%1 since the last save").arg(score.change);
    if (score.simulated)
        parts << ScoreTile::tr("simulated");
    return score.title + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
}

} // namespace

ScoreTile::ScoreTile(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ScoreTile::setScore(const Score& score)
{
    if (score == m_score)
        return;
    const bool spokenChanged = spokenScore(score) != spokenScore(m_score);
    m_score = score;
    if (spokenChanged || accessibleName().isEmpty())
        setAccessibleName(spokenScore(score));
    if (accessibleDescription() != score.reason) {
        setAccessibleDescription(score.reason);
        setToolTip(plainToolTip(score.title + QLatin1Char('\n') + score.reason));
    }
    update();
}

QSize ScoreTile::sizeHint() const
{
    return {216, kTileHeight};
}

QSize ScoreTile::minimumSizeHint() const
{
    return {148, kTileHeight};
}

void ScoreTile::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() && isEnabled()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors().hover);
        painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), radius::kControl,
                                radius::kControl);
    }
    const QRect inside = rect().adjusted(kTilePadding, 10, -kTilePadding, -10);
    painter.setLayoutDirection(layoutDirection());
    paintHeader(painter, QRect(inside.left(), inside.top(), inside.width(), 18));
    paintValue(painter, QRect(inside.left(), inside.top() + 18, inside.width(), 28));
    paintFooter(painter, QRect(inside.left(), inside.bottom() - 16, inside.width(), 17));
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors().focus, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), radius::kControl,
                                radius::kControl);
    }
}

/// Title on the left; the gate's verdict as shape and word on the right.
void ScoreTile::paintHeader(QPainter& painter, const QRect& rect) const
{
    int verdictWidth = 0;
    if (m_score.verdict != GateVerdict::None) {
        verdictWidth = verdictSize(m_score.verdict).width();
        paintVerdict(painter,
                     QStyle::visualRect(layoutDirection(), rect,
                                        QRect(rect.right() - verdictWidth + 1, rect.top(),
                                              verdictWidth, rect.height())),
                     m_score.verdict, layoutDirection(), m_score.busy);
    }
    painter.setFont(Theme::font(TextRole::Small));
    painter.setPen(colors().textMuted);
    const QRect title = QStyle::visualRect(layoutDirection(), rect,
                                           rect.adjusted(0, 0, -verdictWidth - space::kUnit, 0));
    painter.drawText(
        title, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        painter.fontMetrics().elidedText(m_score.title, Qt::ElideRight, title.width()));
}

/// The number, and on the same base line what it is of and its interval as far as there is room:
/// "65 % of the baseline's  51 to 79 %".
void ScoreTile::paintValue(QPainter& painter, const QRect& rect) const
{
    const QFont font = Theme::font(TextRole::Figure);
    const bool known = !m_score.value.isEmpty();
    QString value = known ? m_score.value : QStringLiteral("–");
    if (m_score.quick && known)
        value.prepend(QStringLiteral("≈ "));
    painter.setFont(font);
    painter.setPen(m_score.busy || !known ? colors().textMuted : colors().text);
    const QFontMetricsF metrics(font);
    const int width = static_cast<int>(std::ceil(metrics.horizontalAdvance(value)));
    const int flags = Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine;
    painter.drawText(rect, flags, metrics.elidedText(value, Qt::ElideRight, rect.width()));
    const QRect rest =
        QStyle::visualRect(layoutDirection(), rect, rect.adjusted(width + space::kUnit, 0, 0, 0));
    const QFont small = Theme::font(TextRole::Small);
    const QFontMetricsF smallMetrics(small);
    const qreal drop = (metrics.ascent() - metrics.descent()) / 2 -
                       (smallMetrics.ascent() - smallMetrics.descent()) / 2;
    QRectF place = QRectF(rest).translated(0, std::floor(drop));
    painter.setFont(small);
    painter.setPen(colors().textMuted);
    const qreal intervalWidth = smallMetrics.horizontalAdvance(m_score.interval);
    if (intervalWidth > place.width())
        return; // still in the tooltip and the accessible name
    const qreal ofWidth = smallMetrics.horizontalAdvance(m_score.of);
    const qreal gap = m_score.interval.isEmpty() ? 0 : space::kUnit;
    if (known && !m_score.of.isEmpty() && ofWidth + gap + intervalWidth <= place.width()) {
        painter.drawText(place, flags, m_score.of);
        const qreal taken = ofWidth + space::kUnit;
        const bool isMirrored = layoutDirection() == Qt::RightToLeft;
        place.adjust(isMirrored ? 0 : taken, 0, isMirrored ? -taken : 0, 0);
    }
    painter.drawText(place, flags, m_score.interval);
}

/// Gate on the left, change since the last save on the right.
void ScoreTile::paintFooter(QPainter& painter, const QRect& rect) const
{
    const QFont font = Theme::font(TextRole::Caption);
    painter.setFont(font);
    int changeWidth = 0;
    if (!m_score.change.isEmpty()) {
        const int textWidth =
            static_cast<int>(std::ceil(QFontMetricsF(font).horizontalAdvance(m_score.change))) + 1;
        const bool arrow = m_score.sense != ChangeSense::Same;
        changeWidth = textWidth + (arrow ? 15 : 0);
        const QRect place = QStyle::visualRect(
            layoutDirection(), rect,
            QRect(rect.right() - changeWidth + 1, rect.top(), changeWidth, rect.height()));
        painter.setPen(changeInk(m_score.sense));
        if (arrow) {
            const QRect iconRect = QStyle::visualRect(
                layoutDirection(), place, QRect(place.left(), place.center().y() - 5, 12, 12));
            paintIcon(painter, iconRect, m_score.rising ? Icon::Up : Icon::Down,
                      changeInk(m_score.sense));
        }
        painter.drawText(place, Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine,
                         m_score.change);
    }
    QRect left = QStyle::visualRect(layoutDirection(), rect,
                                    rect.adjusted(0, 0, -changeWidth - space::kUnit, 0));
    painter.setPen(colors().textMuted);
    const QString note = gateNote(m_score, painter.fontMetrics(), left.width());
    painter.drawText(left, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, note);
}

void ScoreTile::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        emit activated();
}

void ScoreTile::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        emit activated();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

Scoreboard::Scoreboard(QWidget* parent) : QWidget(parent)
{
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Scoreboard"));
}

bool Scoreboard::isOld() const
{
    return std::ranges::any_of(m_tiles, [](const ScoreTile* tile) {
        return tile->score().busy && !tile->score().value.isEmpty();
    });
}

void Scoreboard::setScores(const std::vector<Score>& scores)
{
    while (m_tiles.size() > scores.size()) {
        delete m_tiles.back();
        m_tiles.pop_back();
    }
    while (m_tiles.size() < scores.size()) {
        auto* tile = new ScoreTile(this);
        const int index = count();
        tile->setObjectName(QStringLiteral("score%1").arg(index));
        connect(tile, &ScoreTile::activated, this, [this, index] { emit scoreActivated(index); });
        m_layout->insertWidget(index, tile, 1);
        m_tiles.push_back(tile);
    }
    for (std::size_t i = 0; i < scores.size(); ++i)
        m_tiles[i]->setScore(scores[i]);
}

ScoreTile* Scoreboard::tile(int index) const
{
    return index >= 0 && index < count() ? m_tiles[static_cast<std::size_t>(index)] : nullptr;
}

void Scoreboard::setTrailingWidget(QWidget* widget)
{
    auto* holder = new QWidget(this);
    auto* layout = new QHBoxLayout(holder);
    layout->setContentsMargins(space::kUnit, 0, space::kWide, 0);
    layout->addWidget(widget);
    m_layout->addWidget(holder);
}

void Scoreboard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), colors().surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), colors().line);
    for (std::size_t i = 1; i < m_tiles.size(); ++i) {
        const QRect place = m_tiles[i]->geometry();
        const int x = layoutDirection() == Qt::RightToLeft ? place.right() : place.left();
        painter.fillRect(QRect(x, place.top() + 16, 1, place.height() - 32), colors().line);
    }
}

} // namespace signalbox::ui
