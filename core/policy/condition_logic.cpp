// SPDX-License-Identifier: Apache-2.0
#include "condition_logic.h"

#include "names.h"
#include "policy_json_parts.h"

#include <core/base/ascii.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kStyles = 3; ///< concise, balanced, detailed
constexpr std::size_t kMostFacts =
    256; ///< and no more parts of one condition are looked at in pairs
constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Ranges = std::array<NumberRange, kStyles>;

std::array<double, kStyles> thresholdsOf(const CompareValue& value)
{
    if (const auto* styles = std::get_if<ByStyle>(&value))
        return {styles->concise, styles->balanced, styles->detailed};
    const auto* number = std::get_if<double>(&value);
    const double same = number ? *number : 0;
    return {same, same, same};
}

bool isNumeric(const CompareValue& value)
{
    return std::holds_alternative<double>(value) || std::holds_alternative<ByStyle>(value);
}

/// The numbers for which a comparison can hold, per style; all numbers where it is no interval.
Ranges rangesOf(const Compare& compare)
{
    Ranges ranges;
    if (!isNumeric(compare.value))
        return ranges;
    const auto thresholds = thresholdsOf(compare.value);
    for (std::size_t style = 0; style < kStyles; ++style) {
        const double at = thresholds[style];
        switch (compare.op) {
        case CompareOp::Eq:
            ranges[style] = {at, at};
            break;
        case CompareOp::Lt:
            ranges[style] = {-kInfinity, at, false, true};
            break;
        case CompareOp::Lte:
            ranges[style] = {-kInfinity, at};
            break;
        case CompareOp::Gt:
            ranges[style] = {at, kInfinity, true};
            break;
        case CompareOp::Gte:
            ranges[style] = {at, kInfinity};
            break;
        default:
            break;
        }
    }
    return ranges;
}

bool isInterval(const Compare& compare)
{
    return isNumeric(compare.value) &&
           (compare.op == CompareOp::Eq || compare.op == CompareOp::Lt ||
            compare.op == CompareOp::Lte || compare.op == CompareOp::Gt ||
            compare.op == CompareOp::Gte);
}

bool isWhole(double value)
{
    return std::floor(value) == value;
}

struct DomainOfSource
{
    NumberDomain operator()(const ScoreSource& score) const
    {
        NumberDomain domain = {{score.base, score.base}, isWhole(score.base)};
        for (const ScoreTerm& term : score.terms) {
            (term.add < 0 ? domain.values.low : domain.values.high) += term.add;
            domain.isWhole = domain.isWhole && isWhole(term.add);
        }
        const auto bounded = [&](double value) {
            value = score.min ? std::max(value, *score.min) : value;
            return score.max ? std::min(value, *score.max) : value;
        };
        domain.values = {bounded(domain.values.low), bounded(domain.values.high)};
        domain.isWhole =
            domain.isWhole && isWhole(score.min.value_or(0)) && isWhole(score.max.value_or(0));
        return domain;
    }
    NumberDomain operator()(const MeasureSource& source) const
    {
        const bool isShare = source.measure == TextMeasure::CodeShare;
        return {{0, isShare ? 1 : kInfinity}, !isShare};
    }
    NumberDomain operator()(const FieldSource& source) const
    {
        // A request may hold no user message, or none at all; what it asks for may be any number.
        const bool isCount =
            source.field == RequestField::Turn || source.field == RequestField::Messages;
        return {{isCount ? 0 : -kInfinity, kInfinity}, true};
    }
    NumberDomain operator()(const UsageSource& source) const
    {
        return {{0, kInfinity}, source.measure != UsageMeasure::SpendUsd};
    }
    NumberDomain operator()(const TimeWindowSource& /*source*/) const { return {}; }
    NumberDomain operator()(const ScriptSource& /*source*/) const { return {}; }
    NumberDomain operator()(const KeywordsSource& /*source*/) const { return {}; }
    NumberDomain operator()(const ContainsSource& /*source*/) const { return {}; }
    NumberDomain operator()(const RegexSource& /*source*/) const { return {}; }
    NumberDomain operator()(const StyleSource& /*source*/) const { return {}; }
    NumberDomain operator()(const MetadataSource& /*source*/) const { return {}; }
    NumberDomain operator()(const HeaderSource& /*source*/) const { return {}; }
};

std::string folded(std::string text, bool ignoreCase)
{
    return ignoreCase ? foldedAscii(std::move(text)) : std::move(text);
}

bool sameScalar(const Scalar& a, const Scalar& b, bool ignoreCase)
{
    const auto* first = std::get_if<std::string>(&a);
    const auto* second = std::get_if<std::string>(&b);
    return first && second ? folded(*first, ignoreCase) == folded(*second, ignoreCase) : a == b;
}

std::optional<Scalar> scalarOf(const CompareValue& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return Scalar(*number);
    if (const auto* truth = std::get_if<bool>(&value))
        return Scalar(*truth);
    if (const auto* text = std::get_if<std::string>(&value))
        return Scalar(*text);
    return std::nullopt;
}

/// The values for which alone a comparison can hold, if they are few enough to list.
std::optional<std::vector<Scalar>> pointsOf(const Compare& compare)
{
    if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value))
        return compare.op == CompareOp::In ? std::optional(*list) : std::nullopt;
    const std::optional<Scalar> value = scalarOf(compare.value);
    if (value && compare.op == CompareOp::Eq)
        return std::vector<Scalar>{*value};
    if (const auto* truth = std::get_if<bool>(&compare.value); truth && compare.op == CompareOp::Ne)
        return std::vector<Scalar>{!*truth};
    return std::nullopt;
}

bool holdsForNumber(CompareOp op, double value, double threshold)
{
    switch (op) {
    case CompareOp::Eq:
        return value == threshold;
    case CompareOp::Ne:
        return value != threshold;
    case CompareOp::Lt:
        return value < threshold;
    case CompareOp::Lte:
        return value <= threshold;
    case CompareOp::Gt:
        return value > threshold;
    case CompareOp::Gte:
        return value >= threshold;
    default:
        return true;
    }
}

bool holdsForText(CompareOp op, std::string_view text, std::string_view value)
{
    switch (op) {
    case CompareOp::Contains:
        return text.find(value) != std::string_view::npos;
    case CompareOp::Prefix:
        return text.starts_with(value);
    case CompareOp::Suffix:
        return text.ends_with(value);
    default:
        return true;
    }
}

/// Whether a comparison can hold when its signal has this value. Expressions are not run: they can.
bool canHold(const Compare& compare, const Scalar& value, std::size_t style, bool ignoreCase)
{
    ignoreCase = ignoreCase || compare.ignoreCase;
    if (const auto* list = std::get_if<std::vector<Scalar>>(&compare.value)) {
        return compare.op != CompareOp::In || std::ranges::any_of(*list, [&](const Scalar& item) {
                   return sameScalar(item, value, ignoreCase);
               });
    }
    if (const auto* number = std::get_if<double>(&value); number && isNumeric(compare.value))
        return holdsForNumber(compare.op, *number, thresholdsOf(compare.value)[style]);
    const std::optional<Scalar> other = scalarOf(compare.value);
    if (!other)
        return true;
    if (compare.op == CompareOp::Eq)
        return sameScalar(*other, value, ignoreCase);
    if (compare.op == CompareOp::Ne) {
        // With case ignored on one side only, a text stands for several and one may differ.
        return !sameScalar(*other, value, compare.ignoreCase) || ignoreCase != compare.ignoreCase;
    }
    const auto* text = std::get_if<std::string>(&value);
    const auto* part = std::get_if<std::string>(&*other);
    if (text && part)
        return holdsForText(compare.op, folded(*text, ignoreCase), folded(*part, ignoreCase));
    return true;
}

/// Whether `second` certainly holds for a text for which `first` does: both look for a part of it.
bool partImplies(const Compare& first, const Compare& second)
{
    const auto* have = std::get_if<std::string>(&first.value);
    const auto* want = std::get_if<std::string>(&second.value);
    if (!have || !want || (first.ignoreCase && !second.ignoreCase))
        return false;
    const bool ignoreCase = second.ignoreCase;
    const std::string text = folded(*have, ignoreCase);
    const std::string part = folded(*want, ignoreCase);
    const bool looksForPart = first.op == CompareOp::Contains || first.op == CompareOp::Prefix ||
                              first.op == CompareOp::Suffix;
    if (looksForPart && second.op == CompareOp::Contains)
        return text.find(part) != std::string::npos;
    return first.op == second.op && ((first.op == CompareOp::Prefix && text.starts_with(part)) ||
                                     (first.op == CompareOp::Suffix && text.ends_with(part)));
}

Truth opposite(Truth truth)
{
    if (truth == Truth::Depends)
        return truth;
    return truth == Truth::Never ? Truth::Always : Truth::Never;
}

bool fits(const Scalar& scalar, ValueType type)
{
    switch (type) {
    case ValueType::Number:
        return std::holds_alternative<double>(scalar);
    case ValueType::Boolean:
        return std::holds_alternative<bool>(scalar);
    case ValueType::String:
        break;
    }
    return std::holds_alternative<std::string>(scalar);
}

/// How a comparison can go against the types.
enum class Misfit {
    None,
    CaseOfNoText,
    ExistsOfFalse,
    Order,
    Part,
    NoList,
    InList,
    List,
    Styles,
    Type
};

/// Allocates nothing: proofs ask often.
Misfit valueMisfit(const Compare& compare, ValueType type)
{
    const auto* list = std::get_if<std::vector<Scalar>>(&compare.value);
    if (compare.op == CompareOp::In) {
        if (!list)
            return Misfit::NoList;
        const bool allFit =
            std::ranges::all_of(*list, [type](const Scalar& item) { return fits(item, type); });
        return allFit ? Misfit::None : Misfit::InList;
    }
    if (list)
        return Misfit::List;
    if (std::holds_alternative<ByStyle>(compare.value))
        return type == ValueType::Number ? Misfit::None : Misfit::Styles;
    const bool isOfType = type == ValueType::Number ? std::holds_alternative<double>(compare.value)
                          : type == ValueType::Boolean
                              ? std::holds_alternative<bool>(compare.value)
                              : std::holds_alternative<std::string>(compare.value);
    return isOfType ? Misfit::None : Misfit::Type;
}

Misfit misfitOf(const Compare& compare, ValueType type)
{
    if (compare.ignoreCase && type != ValueType::String)
        return Misfit::CaseOfNoText;
    switch (compare.op) {
    case CompareOp::Exists:
        return compare.value == CompareValue(true) ? Misfit::None : Misfit::ExistsOfFalse;
    case CompareOp::Lt:
    case CompareOp::Lte:
    case CompareOp::Gt:
    case CompareOp::Gte:
        if (type != ValueType::Number)
            return Misfit::Order;
        break;
    case CompareOp::Contains:
    case CompareOp::Prefix:
    case CompareOp::Suffix:
    case CompareOp::Matches:
        if (type != ValueType::String)
            return Misfit::Part;
        break;
    case CompareOp::Eq:
    case CompareOp::Ne:
    case CompareOp::In:
        break;
    }
    return valueMisfit(compare, type);
}

} // namespace

NumberDomain numberDomainOf(const Signal& signal)
{
    return std::visit(DomainOfSource{}, signal.source);
}

bool isAlwaysThere(const Signal& signal)
{
    if (const auto* field = std::get_if<FieldSource>(&signal.source))
        return field->field != RequestField::RequestedModel &&
               field->field != RequestField::MaxTokens && field->field != RequestField::LastRole;
    return !std::holds_alternative<MetadataSource>(signal.source) &&
           !std::holds_alternative<HeaderSource>(signal.source) &&
           !std::holds_alternative<TimeWindowSource>(signal.source) &&
           !std::holds_alternative<UsageSource>(signal.source);
}

bool NumberRange::isInside(const NumberRange& other) const
{
    const bool lowFits = low > other.low || (low == other.low && (isLowOpen || !other.isLowOpen));
    const bool highFits =
        high < other.high || (high == other.high && (isHighOpen || !other.isHighOpen));
    return isEmpty() || (lowFits && highFits);
}

void NumberRange::intersect(const NumberRange& other)
{
    if (other.low > low || (other.low == low && other.isLowOpen)) {
        low = other.low;
        isLowOpen = other.isLowOpen;
    }
    if (other.high < high || (other.high == high && other.isHighOpen)) {
        high = other.high;
        isHighOpen = other.isHighOpen;
    }
}

std::string compareProblem(const Compare& compare, const Signal& signal)
{
    const ValueType type = valueTypeOf(signal);
    const std::string subject =
        "Signal \"" + signal.id.value + "\" is " + std::string(inWords(type)) + ", but ";
    const std::string op = '"' + std::string(nameOf(compare.op)) + '"';
    switch (misfitOf(compare, type)) {
    case Misfit::None:
        return {};
    case Misfit::CaseOfNoText:
        return subject + "its case is to be ignored.";
    case Misfit::ExistsOfFalse:
        return "The value of \"exists\" must be true; use \"not\" for the opposite.";
    case Misfit::Order:
        return subject + op + " compares numbers.";
    case Misfit::Part:
        return subject + op + " looks at texts.";
    case Misfit::NoList:
        return op + " needs a list of values.";
    case Misfit::InList:
        return subject + "the list holds something else.";
    case Misfit::List:
        return op + " takes one value, not a list.";
    case Misfit::Styles:
        return subject + "thresholds per style are for numbers.";
    case Misfit::Type:
        break;
    }
    return subject + "it is compared with " +
           toCompactJsonText(policyjson::compareValueJson(compare.value)) + '.';
}

std::string compareText(const Compare& compare)
{
    static constexpr std::pair<CompareOp, std::string_view> kSigns[] = {
        {CompareOp::Eq, "="},  {CompareOp::Ne, "≠"}, {CompareOp::Lt, "<"},
        {CompareOp::Lte, "≤"}, {CompareOp::Gt, ">"}, {CompareOp::Gte, "≥"}};
    const auto sign =
        std::ranges::find(kSigns, compare.op, [](const auto& entry) { return entry.first; });
    const std::string_view op = sign == std::end(kSigns) ? nameOf(compare.op) : sign->second;
    return compare.signal.value + ' ' + std::string(op) + ' ' +
           toCompactJsonText(policyjson::compareValueJson(compare.value));
}

ConditionLogic::ConditionLogic(const PolicyDocument& document)
{
    for (const Signal& signal : document.signalList)
        m_signals.emplace(signal.id, KnownSignal{&signal, numberDomainOf(signal).values});
}

const Signal* ConditionLogic::findSignal(const SignalId& id) const
{
    const auto found = m_signals.find(id);
    return found == m_signals.end() ? nullptr : found->second.signal;
}

bool ConditionLogic::spendStep() const
{
    if (m_stepsLeft == 0)
        return false;
    --m_stepsLeft;
    return true;
}

const ConditionLogic::KnownSignal* ConditionLogic::usableSignal(const Compare& compare) const
{
    const auto found = m_signals.find(compare.signal);
    if (found == m_signals.end())
        return nullptr;
    const bool fits = misfitOf(compare, valueTypeOf(*found->second.signal)) == Misfit::None;
    return fits ? &found->second : nullptr;
}

void ConditionLogic::collectFacts(const Condition& condition,
                                  std::vector<const Compare*>& facts) const
{
    if (facts.size() >= kMostFacts || !spendStep())
        return;
    if (const auto* compare = std::get_if<Compare>(&condition.node)) {
        facts.push_back(compare);
    } else if (const auto* all = std::get_if<All>(&condition.node)) {
        for (const Condition& part : all->conditions)
            collectFacts(part, facts);
    }
}

Truth ConditionLogic::truthOf(const Condition& condition) const
{
    static_assert(std::variant_size_v<decltype(Condition::node)> == 4, "say what it is worth");
    if (!spendStep())
        return Truth::Depends;
    if (const auto* compare = std::get_if<Compare>(&condition.node))
        return truthOfCompare(*compare);
    if (const auto* all = std::get_if<All>(&condition.node))
        return truthOfAll(*all);
    if (const auto* any = std::get_if<Any>(&condition.node))
        return truthOfAny(*any);
    return opposite(truthOf(*std::get<Not>(condition.node).condition));
}

Truth ConditionLogic::truthOfCompare(const Compare& compare) const
{
    const KnownSignal* known = usableSignal(compare);
    if (!known)
        return Truth::Depends;
    const bool isThere = isAlwaysThere(*known->signal);
    if (compare.op == CompareOp::Exists)
        return isThere ? Truth::Always : Truth::Depends;
    if (contradict({&compare}))
        return Truth::Never;
    if (!isThere || !isInterval(compare))
        return Truth::Depends;
    const Ranges ranges = rangesOf(compare);
    const bool always = std::ranges::all_of(
        ranges, [known](const NumberRange& range) { return known->domain.isInside(range); });
    return always ? Truth::Always : Truth::Depends;
}

Truth ConditionLogic::truthOfAll(const All& all) const
{
    bool always = true;
    std::vector<const Compare*> facts;
    for (const Condition& part : all.conditions) {
        const Truth truth = truthOf(part);
        if (truth == Truth::Never)
            return truth;
        always = always && truth == Truth::Always;
        collectFacts(part, facts);
    }
    if (always)
        return Truth::Always;
    if (contradict(facts))
        return Truth::Never;
    for (const Condition& part : all.conditions) {
        const auto* negated = std::get_if<Not>(&part.node);
        if (!negated || all.conditions.size() > kMostFacts)
            continue;
        for (const Condition& other : all.conditions) {
            if (&other != &part && implies(other, *negated->condition))
                return Truth::Never;
        }
    }
    return Truth::Depends;
}

Truth ConditionLogic::truthOfAny(const Any& any) const
{
    bool never = true;
    for (const Condition& part : any.conditions) {
        const Truth truth = truthOf(part);
        if (truth == Truth::Always)
            return truth;
        never = never && truth == Truth::Never;
    }
    if (never)
        return Truth::Never;
    for (const Condition& part : any.conditions) {
        const auto* negated = std::get_if<Not>(&part.node);
        if (!negated || any.conditions.size() > kMostFacts)
            continue;
        for (const Condition& other : any.conditions) {
            if (&other != &part && implies(*negated->condition, other))
                return Truth::Always;
        }
    }
    return Truth::Depends;
}

bool ConditionLogic::implies(const Condition& first, const Condition& second) const
{
    if (!spendStep())
        return false;
    if (first == second || truthOf(second) == Truth::Always || truthOf(first) == Truth::Never)
        return true;
    const auto firstImplies = [&](const Condition& part) { return implies(first, part); };
    const auto impliesSecond = [&](const Condition& part) { return implies(part, second); };
    if (const auto* all = std::get_if<All>(&second.node))
        return std::ranges::all_of(all->conditions, firstImplies);
    if (const auto* any = std::get_if<Any>(&first.node))
        return std::ranges::all_of(any->conditions, impliesSecond);
    if (const auto* any = std::get_if<Any>(&second.node);
        any && std::ranges::any_of(any->conditions, firstImplies))
        return true;
    if (const auto* compare = std::get_if<Compare>(&second.node)) {
        std::vector<const Compare*> facts;
        collectFacts(first, facts);
        if (implyCompare(facts, *compare))
            return true;
    }
    if (const auto* all = std::get_if<All>(&first.node))
        return std::ranges::any_of(all->conditions, impliesSecond);
    const auto* without = std::get_if<Not>(&first.node);
    const auto* unless = std::get_if<Not>(&second.node);
    if (without && unless)
        return implies(*unless->condition, *without->condition);
    // A comparison that holds rules out those that exclude it: x > 6 implies not (x <= 3).
    const auto* excluded = unless ? std::get_if<Compare>(&unless->condition->node) : nullptr;
    const auto* given = std::get_if<Compare>(&first.node);
    return excluded && given && exclude(*given, *excluded);
}

bool ConditionLogic::exclude(const Compare& first, const Compare& second) const
{
    return first.signal == second.signal && contradict({&first, &second});
}

bool ConditionLogic::implyCompare(const std::vector<const Compare*>& facts,
                                  const Compare& second) const
{
    const KnownSignal* signal = usableSignal(second);
    if (!signal)
        return false;
    Ranges known;
    known.fill(signal->domain);
    bool isThere = false;
    for (const Compare* fact : facts) {
        if (fact->signal != second.signal || !usableSignal(*fact))
            continue;
        isThere = true; // no comparison holds without its signal
        if (second.op == CompareOp::Exists || partImplies(*fact, second))
            return true;
        const Ranges ranges = rangesOf(*fact);
        for (std::size_t style = 0; style < kStyles; ++style)
            known[style].intersect(ranges[style]);
        const auto points = pointsOf(*fact);
        // An expression is not run, and a text whose case is ignored stands for several.
        if (!points || second.op == CompareOp::Matches || (fact->ignoreCase && !second.ignoreCase))
            continue;
        bool allHold = true;
        for (std::size_t style = 0; style < kStyles; ++style) {
            allHold = allHold && std::ranges::all_of(*points, [&](const Scalar& point) {
                          return canHold(second, point, style, second.ignoreCase);
                      });
        }
        if (allHold)
            return true;
    }
    if (!isThere)
        return false;
    const Ranges wanted = rangesOf(second);
    bool isInside = isInterval(second);
    for (std::size_t style = 0; style < kStyles && isInside; ++style)
        isInside = known[style].isInside(wanted[style]);
    return isInside;
}

bool ConditionLogic::contradict(const std::vector<const Compare*>& facts) const
{
    std::array<bool, kStyles> impossible = {};
    std::vector<SignalId> done;
    for (const Compare* fact : facts) {
        if (std::ranges::find(done, fact->signal) != done.end())
            continue;
        done.push_back(fact->signal);
        std::vector<const Compare*> same;
        for (const Compare* other : facts) {
            if (other->signal == fact->signal && usableSignal(*other) && spendStep())
                same.push_back(other);
        }
        if (same.empty())
            continue;
        const NumberRange domain = m_signals.at(fact->signal).domain;
        for (std::size_t style = 0; style < kStyles; ++style) {
            NumberRange range = domain;
            for (const Compare* other : same)
                range.intersect(rangesOf(*other)[style]);
            bool canBe = !range.isEmpty();
            for (const Compare* other : same) {
                const auto points = pointsOf(*other);
                if (!points || !canBe)
                    continue;
                canBe = std::ranges::any_of(*points, [&](const Scalar& point) {
                    const auto* number = std::get_if<double>(&point);
                    if (number && !NumberRange{*number, *number}.isInside(range))
                        return false;
                    return std::ranges::all_of(same, [&](const Compare* each) {
                        return canHold(*each, point, style, other->ignoreCase);
                    });
                });
            }
            impossible[style] = impossible[style] || !canBe;
        }
    }
    return std::ranges::all_of(impossible, [](bool is) { return is; });
}

} // namespace signalbox
