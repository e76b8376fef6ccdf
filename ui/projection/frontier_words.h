// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/theme.h>
#include <ui/kit/verdict_mark.h>
#include <ui/models/frontier_session.h>

#include <QString>
#include <QStringList>

#include <vector>

/// What the window says of a search for better policies, and of what it found.
namespace signalbox::ui::frontier_words {

/// A sentence, and what more there is to say.
struct Message
{
    Tone tone = Tone::Neutral;
    QString title;
    QString detail = {};
};

/// "Searched on 852 conversations (2,758 requests), reported on the other 948 (3,101 requests)."
[[nodiscard]] QString halves(const ConversationHalves& halves);
/// The same of a search that has ended: "All numbers are of 948 conversations (3,101 requests) that
/// had no say in the choice."
[[nodiscard]] QString halvesDone(const ConversationHalves& halves);
/// What a search may turn, a line for each rule: "simple: complexity at most, model".
[[nodiscard]] QStringList settings(const std::vector<Knob>& knobs);
/// "9 settings, about 2.3 million policies".
[[nodiscard]] QString space(const FrontierScope& scope);

[[nodiscard]] QString progress(const FrontierSession::State& state);
[[nodiscard]] QString effort(const Frontier& frontier);

/// Why a search did not begin, or came to nothing.
[[nodiscard]] Message failure(const Error& error);
/// Why no point can be taken over now; no title where one can.
[[nodiscard]] Message doubt(FrontierSession::Doubt doubt, const QString& policy);

/// What the search came to: the best point and why, or that there is none and what is in the way.
[[nodiscard]] Message verdict(const Frontier& frontier);

/// "Point 3", "The policy before" or the model's name.
[[nodiscard]] QString name(const FrontierChoice& choice);
/// What it is, in a sentence: for the head of its panel.
[[nodiscard]] QString role(const Frontier& frontier, const FrontierChoice& choice);
/// "simple: complexity at most 3 → -0.6", a line for each setting.
[[nodiscard]] QStringList changes(const Frontier& frontier, const FrontierChoice& choice);
/// In short: "simple, medium", the rules whose settings it changes.
[[nodiscard]] QString changedRules(const Frontier& frontier, const FrontierChoice& choice);
/// "7 of 9"; empty without gates.
[[nodiscard]] QString gatesMet(const Projection& projection);
[[nodiscard]] GateVerdict verdictOf(const Projection& projection); ///< of all gates together
/// "9 of 9 gates are met; all of them hold in 98 % of the resamples."
[[nodiscard]] QString gatesSentence(const Projection& projection);

/// A gate that stands otherwise than in the policy before, or is still open.
struct GateLine
{
    GateVerdict verdict = GateVerdict::None;
    QString text;   ///< "Quality in Disputes"
    QString change; ///< "was not met"; empty if it is as it was
    QString reason; ///< one sentence
};
/// Open ones first, the worst on top.
[[nodiscard]] std::vector<GateLine> gateLines(const Frontier& frontier,
                                              const FrontierChoice& choice);

/// How much more the search half promised than the report half shows; empty where nothing was
/// chosen by it.
[[nodiscard]] QString optimism(const Frontier& frontier, const FrontierChoice& choice);
/// After it was taken over.
[[nodiscard]] QString adopted(const FrontierFinding& finding, std::size_t point);

/// A number of the literature.
struct Measure
{
    QString name;
    QString value;
    QString meaning;
};
[[nodiscard]] std::vector<Measure> measures(const Frontier& frontier);

/// "63.4 %", "1.42 s", "95.1"; what nobody knows or never comes is said in a word.
[[nodiscard]] QString number(const std::optional<Estimate>& estimate, GateMetric metric);
/// "58.2 to 68.3", the unit stands with the value; empty for an interval of no width.
[[nodiscard]] QString interval(const std::optional<Estimate>& estimate, GateMetric metric);

} // namespace signalbox::ui::frontier_words
