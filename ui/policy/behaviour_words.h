// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/behaviour_diff.h>

#include <QCoreApplication>
#include <QString>

#include <optional>

namespace signalbox::ui {

/// What a change of policy does, in words and numbers of the user's locale.
class BehaviourWords
{
    Q_DECLARE_TR_FUNCTIONS(BehaviourWords)
public:
    /// "412 of 1,296 requests change model; costs fall by 12 % (9 to 15 %); 2 of 100 conversations
    /// gain a seam." What is only estimated is left out while its intervals are not worked out.
    [[nodiscard]] static QString headline(const BehaviourDiff& diff);
    /// What it rests on: "1,296 synthetic requests, 2,456 answers of simulated models".
    [[nodiscard]] static QString basis(const BehaviourDiff& diff);
    /// A model of the comparison, or that there was no answer.
    [[nodiscard]] static QString model(const BehaviourDiff& diff, int index);
    [[nodiscard]] static QString flow(const BehaviourDiff& diff, const BehaviourFlow& flow);

    /// A difference: what changed, its interval, and whether it is shown by the data.
    struct Difference
    {
        QString value;    ///< "−12 %", or "unknown"
        QString interval; ///< "−15 to −9 %"; empty without one
        bool isKnown = true;
        enum class Sense { None, Better, Worse } sense = Sense::None; ///< None: not shown
    };
    [[nodiscard]] static Difference cost(const BehaviourSlice& slice);
    [[nodiscard]] static Difference latency(const BehaviourSlice& slice);
    [[nodiscard]] static Difference satisfaction(const BehaviourSlice& slice);
    [[nodiscard]] static Difference consistency(const BehaviourSlice& slice);

    /// "$0.42 → $0.31 per 1,000 requests" and the like: the levels behind a difference.
    [[nodiscard]] static QString costLevels(const BehaviourSlice& slice);
    [[nodiscard]] static QString latencyLevels(const BehaviourSlice& slice);
    [[nodiscard]] static QString satisfactionLevels(const BehaviourSlice& slice);
    [[nodiscard]] static QString consistencyLevels(const BehaviourSlice& slice);

    /// How one request fares, in a few words: "not satisfied any more · +3.2 s".
    [[nodiscard]] static QString example(const BehaviourExample& example);
    /// One side of it: "palm-2 · 0.42 s · $0.0001 · satisfied 50 %".
    [[nodiscard]] static QString routed(const BehaviourDiff& diff, const RoutedRequest& request);
};

} // namespace signalbox::ui
