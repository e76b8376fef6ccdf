// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>
#include <ui/kit/scoreboard.h>

#include <QString>

#include <optional>
#include <vector>

namespace signalbox::ui {

/// The four numbers of the scoreboard, in display order.
enum class ScoreKind { CostSaving, Latency, Quality, Consistency };
inline constexpr int kScoreCount = 4;

/// Puts a projection into the words of the scoreboard. Pure.
/// @param now      numbers of the shown policy; nullopt: nothing is known yet
/// @param saved    numbers of the last saved revision, for the change; may be nullopt
/// @param baseline name of the model that saving and quality are measured against
/// @param problem  why nothing is known, if so; shown as the reason
[[nodiscard]] std::vector<Score> scoresOf(const std::optional<Projection>& now,
                                          const std::optional<Projection>& saved,
                                          const QString& baseline, const QString& problem);

/// Everything behind one number: what it means, what it rests on, every gate on it, worst first.
struct ScoreReason
{
    struct Line
    {
        GateVerdict verdict = GateVerdict::None;
        QString text;
    };
    QString title;
    QString meaning;
    std::vector<Line> lines;
};
[[nodiscard]] ScoreReason reasonOf(ScoreKind kind, const std::optional<Projection>& now,
                                   const QString& baseline, const QString& problem);

} // namespace signalbox::ui
