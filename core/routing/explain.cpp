// SPDX-License-Identifier: Apache-2.0
#include "compiled_policy_impl.h"
#include "text_measures.h"

#include <core/base/md5.h>
#include <core/policy/condition_logic.h>
#include <core/policy/document_uses.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

using Impl = CompiledPolicy::Impl;

SignalValue valueOf(const SignalSlot& slot)
{
    switch (slot.kind) {
    case SignalSlot::Kind::Missing:
        break;
    case SignalSlot::Kind::Number:
        return slot.number;
    case SignalSlot::Kind::Boolean:
        return slot.number != 0;
    case SignalSlot::Kind::String:
        return std::string(slot.text);
    }
    return std::monostate();
}

/// A slot whose text, if any, lives in `value`.
SignalSlot slotOf(const SignalValue& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return SignalSlot::ofNumber(*number);
    if (const auto* flag = std::get_if<bool>(&value))
        return SignalSlot::ofBoolean(*flag);
    if (const auto* text = std::get_if<std::string>(&value))
        return SignalSlot::ofText(*text);
    return {};
}

std::vector<TraceCompare> comparesOf(const Impl& impl, const Condition& condition,
                                     const ConditionProgram::Entry& entry, const std::string& path,
                                     std::span<const SignalSlot> values, AnswerTone tone)
{
    std::vector<TraceCompare> traced;
    std::int32_t comparison = entry.last;
    forEachCompare(condition, JsonPath(path), [&](const Compare& compare, const JsonPath& where) {
        TraceCompare one = {where.text(),
                            compare,
                            valueOf(values[impl.conditions.signalOf(comparison)]),
                            {},
                            impl.conditions.comparisonHolds(comparison, values, tone)};
        if (const auto* limits = std::get_if<ByStyle>(&compare.value))
            one.limit = limitFor(*limits, tone);
        traced.push_back(std::move(one));
        --comparison;
    });
    return traced;
}

/// The splits drawn in a plan, each chain's steps in order, of a split only the arm it took.
void traceArms(const Plan& plan, const std::string& path, const RoutingKeys& keys,
               std::vector<TraceArm>& arms)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "trace the new plan");
    const auto traceSteps = [&](const std::vector<Plan>& steps, const char* name) {
        for (std::size_t i = 0; i < steps.size(); ++i)
            traceArms(steps[i], memberPath(path, name, i), keys, arms);
    };
    if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        traceSteps(chain->steps, "chain.steps");
    } else if (const auto* cascade = std::get_if<Cascade>(&plan.node)) {
        traceSteps(cascade->steps, "cascade.steps");
    } else if (const auto* pool = std::get_if<Pool>(&plan.node)) {
        arms.push_back({path + ".pool", 0, memberOf(*pool, keys.live)});
    } else if (const auto* split = std::get_if<Split>(&plan.node)) {
        const std::uint32_t bucket = splitBucket(split->salt, keyFor(split->sticky, keys));
        const std::size_t arm = armOf(*split, bucket);
        arms.push_back({path + ".split", bucket, arm});
        traceArms(split->arms[arm].plan, memberPath(path, "split.arms", arm) + ".plan", keys, arms);
    }
}

/// A text that is none of these and holds none of them, whatever the case; nothing if they leave no
/// plain one.
std::optional<std::string> textInNoneOf(const std::set<std::string>& texts)
{
    for (const char* candidate : {"other", "unlisted", "~", "-", "7"}) {
        if (std::ranges::none_of(texts, [&](const std::string& text) {
                return containsFolded(candidate, text) || containsFolded(text, candidate);
            }))
            return candidate;
    }
    return std::nullopt;
}

/// Tries every signal alone at every value where a comparison can change its mind.
class NearMissSearch
{
public:
    NearMissSearch(const Impl& impl, std::span<const SignalSlot> values, const RoutingKeys& keys,
                   const Decision& decision)
        : m_impl(impl), m_values(values), m_slots(values.begin(), values.end()), m_keys(keys),
          m_decision(decision)
    {
        for (const Impl::CompiledRule& rule : impl.rules) {
            if (rule.target)
                collect(*rule.condition, rule.when);
        }
        for (const SignalProgram::Score& score : impl.signals.scores()) {
            const auto& source = std::get<ScoreSource>(signalAt(score.signal).source);
            for (std::size_t i = 0; i < source.terms.size(); ++i)
                collect(source.terms[i].when, score.terms[i].when);
        }
    }

    std::vector<NearMiss> run()
    {
        for (const auto& [signal, uses] : m_uses) {
            for (const SignalValue& value : candidatesFor(signal, uses))
                tryValue(signal, value);
        }
        std::map<std::tuple<double, Outcome>, NearMiss> byDistance;
        for (auto& [outcome, miss] : m_best)
            byDistance.emplace(std::tuple(miss.distance, outcome), std::move(miss));
        std::vector<NearMiss> found;
        for (auto& [place, miss] : byDistance)
            found.push_back(std::move(miss));
        return found;
    }

private:
    using Outcome = std::tuple<std::size_t, int, bool>; ///< signal, rule, by its margin

    struct Uses
    {
        std::set<double> limits;
        std::set<std::string> texts;
    };

    const Signal& signalAt(std::size_t index) const { return m_impl.document.signalList[index]; }

    void collect(const Condition& condition, const ConditionProgram::Entry& entry)
    {
        std::int32_t comparison = entry.last;
        forEachCompare(condition, [&](const Compare& compare) {
            Uses& uses = m_uses[m_impl.conditions.signalOf(comparison)];
            for (const double limit : m_impl.conditions.limitsOf(comparison))
                uses.limits.insert(limit);
            if (const auto* text = std::get_if<std::string>(&compare.value);
                text && compare.op != CompareOp::Matches)
                uses.texts.insert(*text);
            if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value)) {
                for (const Scalar& item : *list) {
                    if (const auto* listed = std::get_if<std::string>(&item))
                        uses.texts.insert(*listed);
                }
            }
            if (const auto style = m_impl.signals.styleSignal();
                style && std::holds_alternative<ByStyle>(compare.value))
                m_uses.try_emplace(*style); // it picks the limit
            --comparison;
        });
    }

    std::vector<SignalValue> candidatesFor(std::size_t index, const Uses& uses) const
    {
        const Signal& signal = signalAt(index);
        std::vector<SignalValue> candidates;
        switch (valueTypeOf(signal)) {
        case ValueType::Number:
            for (const double value : numbersAround(uses.limits, numberDomainOf(signal)))
                candidates.emplace_back(value);
            break;
        case ValueType::Boolean:
            candidates = {false, true};
            break;
        case ValueType::String:
            for (const std::string& text : uses.texts)
                candidates.emplace_back(text);
            if (std::holds_alternative<StyleSource>(signal.source))
                candidates = {std::string("concise"), std::string("balanced"),
                              std::string("detailed")};
            break;
        }
        if (!isAlwaysThere(signal))
            candidates.emplace_back(std::monostate());
        // After "missing", which needs no made-up text.
        if (valueTypeOf(signal) == ValueType::String &&
            !std::holds_alternative<StyleSource>(signal.source)) {
            if (auto unlisted = textInNoneOf(uses.texts))
                candidates.emplace_back(std::move(*unlisted));
        }
        return candidates;
    }

    /// At, just below and just above each limit: between two of them nothing changes.
    static std::set<double> numbersAround(const std::set<double>& limits,
                                          const NumberDomain& domain)
    {
        constexpr double kInfinity = std::numeric_limits<double>::infinity();
        std::set<double> numbers;
        for (const double limit : limits) {
            if (domain.isWhole) {
                const double floor = std::floor(limit);
                const double ceiling = std::ceil(limit);
                numbers.insert({floor, ceiling, ceiling - 1, floor + 1});
            } else {
                numbers.insert(
                    {std::nextafter(limit, -kInfinity), limit, std::nextafter(limit, kInfinity)});
            }
        }
        std::erase_if(numbers, [&](double value) {
            return !(value >= domain.values.low && value <= domain.values.high);
        });
        return numbers;
    }

    void tryValue(std::size_t signal, const SignalValue& value)
    {
        const SignalValue saw = valueOf(m_values[signal]);
        if (saw == value)
            return;
        std::ranges::copy(m_values, m_slots.begin());
        m_slots[signal] = slotOf(value);
        const AnswerTone tone = m_impl.signals.toneOf(m_slots, m_keys.style);
        for (const SignalProgram::Score& score : m_impl.signals.scores()) {
            if (score.signal != signal)
                m_slots[score.signal] = SignalSlot::ofNumber(
                    SignalProgram::valueOf(score, m_impl.conditions, m_slots, tone));
        }
        const Decision decision = m_impl.firstMatch(m_slots, m_keys);
        if (decision.rule == m_decision.rule && decision.isUncertain == m_decision.isUncertain)
            return;
        const bool areNumbers =
            std::holds_alternative<double>(saw) && std::holds_alternative<double>(value);
        const double distance =
            areNumbers ? std::abs(std::get<double>(value) - std::get<double>(saw)) : 1;
        const auto [found, isNew] =
            m_best.try_emplace({signal, decision.rule, decision.isUncertain});
        // Another number says more than a missing one, which has no distance to compare.
        if (isNew || (areNumbers && distance < found->second.distance))
            found->second = {
                decision.rule,
                decision.isUncertain,
                signalAt(signal).id,
                saw,
                value,
                distance,
                m_impl.document.models[static_cast<std::size_t>(decision.firstModel)].id};
    }

    const Impl& m_impl;
    std::span<const SignalSlot> m_values;
    std::vector<SignalSlot> m_slots;
    RoutingKeys m_keys;
    Decision m_decision;
    std::map<std::size_t, Uses> m_uses; ///< by signal
    std::map<Outcome, NearMiss> m_best;
};

} // namespace

Trace CompiledPolicy::explain(const Request& request) const
{
    const Impl& impl = *m_impl;
    Scratch scratch(*this);
    const std::span<const SignalSlot> values = extract(request, scratch);
    const RoutingKeys keys = routingKeysOf(request);
    const AnswerTone tone = impl.signals.toneOf(values, keys.style);

    Trace trace;
    trace.decision = route(values, keys);
    for (std::size_t i = 0; i < values.size(); ++i)
        trace.values.emplace_back(impl.document.signalList[i].id, valueOf(values[i]));
    if (impl.document.holdout) {
        trace.holdoutBucket = impl.holdoutBucket(keys);
        trace.holdoutDrawn = impl.isHeldOut(keys);
    }

    for (const SignalProgram::Score& score : impl.signals.scores()) {
        const Signal& signal = impl.document.signalList[score.signal];
        const auto& terms = std::get<ScoreSource>(signal.source).terms;
        TraceScore traced = {signal.id, score.base, values[score.signal].number, {}};
        for (std::size_t i = 0; i < terms.size(); ++i) {
            const std::string path =
                memberPath("signals[" + signal.id.value + ']', "terms", i) + ".when";
            const ConditionProgram::Entry& when = score.terms[i].when;
            traced.terms.push_back({terms[i].add, impl.conditions.holds(when, values, tone),
                                    comparesOf(impl, terms[i].when, when, path, values, tone)});
        }
        trace.scores.push_back(std::move(traced));
    }

    bool isAsked = !trace.holdoutDrawn;
    bool isWithinMargin = false;
    for (const Impl::CompiledRule& compiled : impl.rules) {
        if (compiled.isUncertain) { // the rule itself follows
            isWithinMargin = impl.conditions.holds(compiled.when, values, tone);
            continue;
        }
        const Rule& rule = impl.document.rules[static_cast<std::size_t>(compiled.rule)];
        const std::string path = "rules[" + rule.id.value + "].when";
        trace.rules.push_back({rule.id, rule.enabled, rule.enabled && isAsked,
                               impl.conditions.holds(compiled.when, values, tone),
                               std::exchange(isWithinMargin, false),
                               comparesOf(impl, rule.when, compiled.when, path, values, tone)});
        if (compiled.rule == trace.decision.rule)
            isAsked = false;
    }

    if (trace.decision.rule >= 0) {
        const Rule& rule = impl.document.rules[static_cast<std::size_t>(trace.decision.rule)];
        const std::string path = "rules[" + rule.id.value + ']';
        if (trace.decision.isUncertain)
            traceArms(rule.uncertain->plan, path + ".uncertain.plan", keys, trace.arms);
        else
            traceArms(rule.plan, path + ".plan", keys, trace.arms);
    } else if (trace.decision.rule == Decision::kOtherwise) {
        traceArms(impl.document.otherwise, "otherwise", keys, trace.arms);
    }
    if (!trace.holdoutDrawn)
        trace.nearMisses = NearMissSearch(impl, values, keys, trace.decision).run();
    return trace;
}

} // namespace signalbox
