// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_style.h"
#include "condition.h"
#include "plan.h"
#include "request.h"
#include "signal.h"

#include <core/base/ids.h>
#include <core/base/money.h>

#include <optional>
#include <string>
#include <vector>

namespace signalbox {

inline constexpr int kPolicySchemaVersion = 1;

/// A model's list price. In files: USD per million tokens.
struct Price
{
    Money inputPerToken;
    Money outputPerToken;
    std::string asOf; ///< ISO date of the quotation
    bool operator==(const Price&) const = default;
};

struct ModelSpec
{
    ModelId id;
    std::string provider;       ///< a name of knownProviders(), or another router's
    std::string upstreamModel;  ///< the name sent on the wire
    std::string baseUrl;        ///< empty: the provider's own, if it has one
    std::string keyRef;         ///< "env:NAME", "keychain:NAME" or empty; never a key itself
    std::optional<Price> price; ///< unknown is unknown, never 0
    std::optional<int> contextTokens;
    std::string styleGuide; ///< put in front of the system prompt; empty for none
    bool operator==(const ModelSpec&) const = default;
};

/// What a rule does with the requests that it can hardly tell apart: those for which its condition
/// would turn round if one number, usually a score, were higher or lower by the margin. The rule
/// claims them all, on both sides of its threshold, for a plan of their own, as a rule a cascade.
/// See ambiguousCondition().
struct Uncertain
{
    SignalId signal;   ///< a number that the condition holds against limits
    double margin = 1; ///< above 0, in the signal's unit
    Plan plan;
    bool operator==(const Uncertain&) const = default;
};

struct Rule
{
    RuleId id;
    std::string label;
    bool enabled = true;
    Condition when;
    Plan plan;
    std::optional<Uncertain> uncertain; ///< asked before `when`
    std::string group;                  ///< id of a RuleGroup, or empty
    std::string note;
    bool operator==(const Rule&) const = default;
};

/// A heading over rules that belong together. It says nothing about their order or meaning.
struct RuleGroup
{
    std::string id;
    std::string label;
    std::string note;
    bool operator==(const RuleGroup&) const = default;
};

/// A share of conversations or users that always gets one model, drawn before the rules, so that
/// the cheaper tiers stay measurable after release.
struct Holdout
{
    double share = 0; ///< [0, 1]
    StickyUnit unit = StickyUnit::Conversation;
    std::string salt;
    ModelId model;
    bool operator==(const Holdout&) const = default;
};

/// What the answers should sound like, whoever writes them.
struct VoiceContract
{
    struct Band
    {
        double low = 0;
        double high = 0;
        bool operator==(const Band&) const = default;
    };
    struct ToneBand
    {
        std::string axis; ///< an axis of measures.md section 1
        Band band;        ///< 0 to 1 over the T range 20 to 80
        bool operator==(const ToneBand&) const = default;
    };
    std::optional<Band> words;
    std::vector<ToneBand> tone;
    std::vector<std::string> golden; ///< ids of answers that read as they should
    bool operator==(const VoiceContract&) const = default;
};

enum class GateMetric {
    CostSaving,        ///< "costSaving": 1 - cost / cost of the baseline, share
    CostPer1k,         ///< "costPer1kRequests": USD
    LatencyP95Ms,      ///< "latencyP95Ms": until the answer starts
    Satisfaction,      ///< "satisfaction": share of satisfied requests
    SatisfactionRatio, ///< "satisfactionRatio": against the baseline
    Consistency,       ///< "consistency": 0 to 1
};

enum class GateScope { Total, Segment, Tier }; ///< absent, "segment", "tier" in files

struct Gate
{
    GateMetric metric = GateMetric::CostSaving;
    std::optional<double> atLeast; ///< exactly one of the two is set
    std::optional<double> atMost;
    GateScope per = GateScope::Total;
    bool operator==(const Gate&) const = default;
};

struct Monitoring
{
    std::vector<std::string> outcomes;
    double alpha = 0.05;
    int detectWithinDays = 7;
    bool operator==(const Monitoring&) const = default;
};

/// What is acknowledged, and recorded, in the place of a gate where the policy has none.
inline constexpr const char* kNoGates = "noGates";

/// A gate as it stood when the policy was released.
struct ReleasedGate
{
    std::string name;    ///< "satisfactionRatio:billing", or kNoGates alone
    std::string verdict; ///< "met", "notMet" or "notShown"
    std::optional<double> value;
    bool acknowledged = false; ///< a person let the policy pass all the same
    bool operator==(const ReleasedGate&) const = default;
};

/// The record of a release, written by the export: when, on what, and what was let pass.
struct Release
{
    std::string at;         ///< ISO 8601, UTC
    bool simulated = false; ///< some of the evidence was
    int requests = 0;       ///< replayed traffic
    int answers = 0;        ///< recorded answers
    std::string reason;     ///< why a person let it pass; empty: not said, or nothing to let pass
    std::vector<ReleasedGate> gates;
    bool operator==(const Release&) const = default;
};

/// How every attempt at a model goes in a stored test; models that are not named answer.
struct ForcedOutcome
{
    ModelId model;
    std::optional<AttemptFailure> failure; ///< "answers" in the file without one
    bool isRejected = false;               ///< it answers, but no acceptance test lets it pass
    bool operator==(const ForcedOutcome&) const = default;
};

/// A stored expectation: this request must take this path.
struct PolicyTest
{
    Request request;
    std::vector<ForcedOutcome> outcomes; ///< at most one per model
    std::optional<RuleId> rule;          ///< absent: the test does not care; see expectOtherwise
    bool expectOtherwise = false;        ///< "rule": null in the file
    std::optional<ModelId> model;        ///< the model asked first
    std::optional<ModelId> servedBy;     ///< the model whose answer the user sees
    bool expectUnanswered = false;       ///< "servedBy": null in the file
    bool operator==(const PolicyTest&) const = default;
};

/// On what a decision looks when a conversation goes on.
enum class DecisionUnit {
    Request,      ///< each turn is decided on its own
    Conversation, ///< decided on the first user message, kept for every later turn
};

/// A routing policy: the one document of the program. A plain value; see edit.h for changing it and
/// policy_json.h for its file.
struct PolicyDocument
{
    std::string id;
    std::string name;
    int revision = 1;
    std::string note;
    std::vector<ModelSpec> models;
    ModelId baseline;
    DecisionUnit decideBy = DecisionUnit::Request; ///< "decideBy" in the file
    std::vector<Signal> signalList; ///< "signals" in the file (Qt defines a macro of that name)
    std::vector<RuleGroup> groups;
    std::vector<Rule> rules;
    Plan otherwise;
    std::optional<Holdout> holdout;
    AnswerStyle answerStyle;
    VoiceContract voice;
    std::vector<Gate> gates;
    Monitoring monitoring;
    std::vector<PolicyTest> tests;
    std::optional<Release> release; ///< of an exported file
    bool operator==(const PolicyDocument&) const = default;

    [[nodiscard]] const ModelSpec* findModel(const ModelId& id) const;
    [[nodiscard]] const Signal* findSignal(const SignalId& id) const;
    [[nodiscard]] const Rule* findRule(const RuleId& id) const;
    [[nodiscard]] const RuleGroup* findGroup(const std::string& id) const;
};

} // namespace signalbox
