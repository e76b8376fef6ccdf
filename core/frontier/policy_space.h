// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "genome_search.h"

#include <core/base/result.h>
#include <core/policy/document.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

/// What kind of thing a search may change in a policy.
enum class KnobKind {
    Threshold,  ///< a number that a rule's condition holds a signal against
    Margin,     ///< how near its threshold a rule is uncertain: Uncertain::margin
    Model,      ///< the model that a plan asks first: the tier
    Budget,     ///< how long a step of a chain may take to begin: Call::firstTokenMs
    Retries,    ///< how often such a step asks again before the next one is tried: Call::retry
    Weight,     ///< share of an arm of a split
    Stickiness, ///< whether a conversation keeps its decision: PolicyDocument::decideBy
};

/// One thing that a search may change, and to what.
struct Knob
{
    KnobKind kind = KnobKind::Threshold;
    std::optional<RuleId> rule;       ///< whose; nullopt: otherwise, or the policy as a whole
    std::string what;                 ///< "difficulty at least", "model", "budget of gpt-4"
    std::vector<std::string> choices; ///< in words: "4.5", "gpt-4", "800 ms", "25 %"
    std::uint16_t current = 0;        ///< as the policy has it
    bool operator==(const Knob&) const = default;
};

struct KnobOptions
{
    std::vector<KnobKind> kinds = {KnobKind::Threshold, KnobKind::Margin,  KnobKind::Model,
                                   KnobKind::Budget,    KnobKind::Retries, KnobKind::Weight,
                                   KnobKind::Stickiness};
    std::size_t mostThresholds = 24; ///< choices of one threshold or margin, ends and present value
                                     ///< not counted; at least 1
};

/// Values of a numeric signal over the traffic, row order, NaN where missing.
using SignalValues = std::function<Result<std::vector<double>>(const SignalId&)>;

/// Where a threshold on these values can lie so that it makes a difference: between what occurs,
/// at quantiles where that is too much, both ends included, short numbers, rising, with `current`.
/// @param values     in any order, NaN where missing
/// @param takesEqual whether a value equal to the threshold is on its upper side (gte, lt)
[[nodiscard]] std::vector<double> thresholdChoices(std::vector<double> values, double current,
                                                   bool takesEqual, std::size_t most);

/// A policy as something to search: everything about it that may be chosen otherwise, and the
/// policy that comes of each choice. Rules that are switched off, texts, signals, gates and the
/// order of rules stay as they are. An immutable value.
class PolicySpace
{
public:
    /// @param models  that may take a tier's place: whoever has a price and evidence
    /// @return the first failure of `values`
    [[nodiscard]] static Result<PolicySpace> of(const PolicyDocument& document,
                                                std::span<const ModelId> models,
                                                const SignalValues& values,
                                                const KnobOptions& options = {});

    [[nodiscard]] const std::vector<Knob>& knobs() const { return m_knobs; }
    [[nodiscard]] std::vector<Gene> genes() const; ///< one per knob
    [[nodiscard]] Genome current() const;          ///< the policy as it is
    /// The policy with these choices. At current() equal to the document.
    [[nodiscard]] PolicyDocument policy(const Genome& genome) const;
    /// The knobs that stand otherwise than in the policy as it is.
    [[nodiscard]] std::vector<std::size_t> turned(const Genome& genome) const;
    [[nodiscard]] const PolicyDocument& document() const { return m_document; }

private:
    using Setter = std::function<void(PolicyDocument&, std::uint16_t choice)>;
    friend class PolicySpaceBuilder;

    PolicyDocument m_document;
    std::vector<Knob> m_knobs;
    std::vector<Setter> m_set; ///< of each knob
};

} // namespace signalbox
