// SPDX-License-Identifier: GPL-3.0-or-later
#include "attempt_timeline.h"

#include "policy_words.h"

#include <ui/kit/model_look.h>
#include <ui/kit/spoken_parts.h>
#include <ui/kit/theme.h>

#include <QPainter>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr int kRowHeight = 38;
constexpr int kAxisHeight = 18;
/// Attempts that never end are drawn up to here beyond what is known.
constexpr double kLongestShownMs = 120'000;

/// The silent model of an attempt that nothing bounds.
bool neverComes(double firstTokenMs)
{
    return firstTokenMs >= SimulatedAttempt::kHangsForMs / 2;
}

QString resultOf(const AttemptRecord& attempt, bool answered, double firstTokenMs)
{
    if (attempt.delivered && answered && attempt.accepted)
        return (*attempt.accepted ? AttemptTimeline::tr("accepted, shown after %1")
                                  : AttemptTimeline::tr("rejected, but shown after %1"))
            .arg(PolicyWords::duration(firstTokenMs));
    if (attempt.accepted == false)
        return AttemptTimeline::tr("rejected after %1")
            .arg(PolicyWords::duration(attempt.endMs - attempt.startMs));
    if (attempt.delivered && neverComes(firstTokenMs))
        return AttemptTimeline::tr("never answers");
    if (attempt.delivered && answered)
        return AttemptTimeline::tr("answers, begins after %1")
            .arg(PolicyWords::duration(firstTokenMs));
    if (attempt.failure)
        return AttemptTimeline::tr("%1 after %2", "failure, time")
            .arg(PolicyWords::failure(*attempt.failure),
                 PolicyWords::duration(attempt.endMs - attempt.startMs));
    if (attempt.cancelled)
        return AttemptTimeline::tr("stopped after %1")
            .arg(PolicyWords::duration(attempt.endMs - attempt.startMs));
    return {};
}

} // namespace

qreal TimelineGeometry::xAt(double ms) const
{
    return left + std::clamp(ms / spanMs, 0.0, 1.0) * width;
}

AttemptTimeline::AttemptTimeline(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("attemptTimeline"));
    setAccessibleName(tr("Attempts in time"));
    setSpokenRole(this, QAccessible::Chart);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void AttemptTimeline::show(const PlanOutcome& outcome, const PolicyDocument& document)
{
    m_bars.clear();
    m_answered = outcome.answered;
    m_answerMs = outcome.firstTokenMs;
    m_spanMs = std::min(std::max(1.0, outcome.firstTokenMs * 1.15), kLongestShownMs);
    QStringList words;
    for (const AttemptRecord& attempt : outcome.attempts) {
        Bar bar;
        for (std::size_t i = 0; i < document.models.size(); ++i) {
            if (document.models[i].id == attempt.model)
                bar.model = static_cast<int>(i);
        }
        bar.name = PolicyWords::text(attempt.model.value);
        bar.startMs = attempt.startMs;
        bar.endMs = attempt.endMs;
        bar.delivered = attempt.delivered;
        bar.result = resultOf(attempt, outcome.answered, outcome.firstTokenMs);
        words << tr("%1 asked at %2: %3")
                     .arg(bar.name, PolicyWords::duration(bar.startMs), bar.result);
        m_bars.push_back(std::move(bar));
    }
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize AttemptTimeline::sizeHint() const
{
    return {260, static_cast<int>(m_bars.size()) * kRowHeight + kAxisHeight};
}

QSize AttemptTimeline::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

void AttemptTimeline::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    const TimelineGeometry time{m_spanMs, 1, static_cast<qreal>(width() - 2)};
    const QFont small = Theme::font(TextRole::Caption);
    const QFontMetrics metrics(small);
    painter.setFont(small);
    int y = 0;
    for (const Bar& bar : m_bars) {
        paintMark(painter, {7, y + 9.0}, 9, lookFor(bar.model));
        painter.setPen(colors.text);
        // The name gives way: what became of the attempt is said nowhere else.
        const int nameWidth = width() - 16 - metrics.horizontalAdvance(bar.result) - space::kUnit;
        painter.drawText(QRect(16, y, nameWidth, 18), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(bar.name, Qt::ElideRight, nameWidth));
        painter.setPen(bar.delivered ? colors.positive.ink : colors.textMuted);
        painter.drawText(QRect(16, y, width() - 16, 18), Qt::AlignRight | Qt::AlignVCenter,
                         bar.result);
        // Pale while it is waited for, full as soon as something can be read.
        const qreal from = time.xAt(bar.startMs);
        const qreal begins = time.xAt(m_answerMs);
        const bool answers = bar.delivered && m_answered && !neverComes(m_answerMs);
        const qreal to = std::max({from + 3, time.xAt(bar.endMs), answers ? begins + 3 : 0});
        const QColor ink = lookFor(bar.model).color;
        QColor waiting = ink;
        waiting.setAlphaF(0.4F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(waiting);
        painter.drawRoundedRect(QRectF(from, y + 21, to - from, 8), 3, 3);
        if (answers) {
            painter.setBrush(ink);
            painter.drawRoundedRect(QRectF(begins, y + 21, to - begins, 8), 3, 3);
        }
        y += kRowHeight;
    }
    // The moment that the user sees.
    const qreal x = time.xAt(m_answerMs);
    painter.setPen(
        QPen(m_answered && !neverComes(m_answerMs) ? colors.positive.ink : colors.negative.ink, 1.5,
             Qt::DashLine));
    painter.drawLine(QPointF(x, 18), QPointF(x, y));
    const QString begin = PolicyWords::duration(0);
    const QString moment = neverComes(m_answerMs)
                               ? tr("no end")
                               : (m_answered ? tr("answer begins at %1") : tr("given up at %1"))
                                     .arg(PolicyWords::duration(m_answerMs));
    painter.setPen(colors.textMuted);
    painter.drawText(QRect(0, y, width(), kAxisHeight), Qt::AlignLeft | Qt::AlignVCenter, begin);
    const int left = metrics.horizontalAdvance(begin) + space::kUnit;
    const int wide = metrics.horizontalAdvance(moment);
    const int at = std::clamp(static_cast<int>(x) - wide / 2, left, std::max(left, width() - wide));
    painter.drawText(QRect(at, y, width() - at, kAxisHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     moment);
}

} // namespace signalbox::ui
