// SPDX-License-Identifier: Apache-2.0
#include "condition_program.h"

#include "text_matcher.h"
#include "text_measures.h"

#include <core/policy/names.h>

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace signalbox {

struct ConditionProgram::Pools
{
    std::vector<std::vector<double>> numberLists;
    std::vector<std::string> texts;
    std::vector<std::vector<std::string>> textLists;
    std::vector<std::unique_ptr<RE2>> expressions;
};

namespace {

template<class T> std::uint32_t addTo(std::vector<T>& pool, T value)
{
    pool.push_back(std::move(value));
    return static_cast<std::uint32_t>(pool.size() - 1);
}

Unexpected wrongType(const Compare& compare, ValueType type, const std::string& path)
{
    return fail(ErrorCode::InvalidArgument,
                "signal \"" + compare.signal.value + "\" is " + std::string(inWords(type)) +
                    ", which this comparison cannot take",
                path, "compare it with a value of its own type");
}

/// The list's items of one type, or nothing if one is of another.
template<class T> std::optional<std::vector<T>> itemsOf(const CompareValue& value)
{
    std::vector<T> items;
    for (const Scalar& item : std::get<std::vector<Scalar>>(value)) {
        if (!std::holds_alternative<T>(item))
            return std::nullopt;
        items.push_back(std::get<T>(item));
    }
    return items;
}

bool startsWith(std::string_view text, std::string_view part, bool ignoreCase)
{
    if (!ignoreCase)
        return text.starts_with(part);
    return text.size() >= part.size() && equalsFolded(text.substr(0, part.size()), part);
}

bool endsWith(std::string_view text, std::string_view part, bool ignoreCase)
{
    if (!ignoreCase)
        return text.ends_with(part);
    return text.size() >= part.size() && equalsFolded(text.substr(text.size() - part.size()), part);
}

bool equals(std::string_view text, std::string_view other, bool ignoreCase)
{
    return ignoreCase ? equalsFolded(text, other) : text == other;
}

} // namespace

std::optional<AnswerTone> answerToneOf(std::string_view style)
{
    if (style == "concise")
        return AnswerTone::Concise;
    if (style == "balanced")
        return AnswerTone::Balanced;
    if (style == "detailed")
        return AnswerTone::Detailed;
    return std::nullopt;
}

double limitFor(const ByStyle& limits, AnswerTone tone)
{
    switch (tone) {
    case AnswerTone::Concise:
        return limits.concise;
    case AnswerTone::Balanced:
        return limits.balanced;
    case AnswerTone::Detailed:
        return limits.detailed;
    }
    return limits.balanced;
}

std::string memberPath(const std::string& path, const char* member, std::size_t index)
{
    return path + '.' + member + '[' + std::to_string(index) + ']';
}

ConditionProgram::ConditionProgram(const PolicyDocument& document)
    : m_document(&document), m_pools(std::make_unique<Pools>())
{}

ConditionProgram::~ConditionProgram() = default;

Result<ConditionProgram::Entry> ConditionProgram::add(const Condition& condition,
                                                      const std::string& path)
{
    Entry entry;
    entry.first = comparisonCount();
    const auto start = emit(condition, path, kHolds, kHoldsNot);
    if (!start)
        return Unexpected(start.error());
    entry.start = *start;
    entry.last = comparisonCount() - 1;
    return entry;
}

// Written back to front: a comparison's targets lie before it in the list and are known.
Result<std::int32_t> ConditionProgram::emit(const Condition& condition, const std::string& path,
                                            std::int32_t onTrue, std::int32_t onFalse)
{
    struct Emitter
    {
        ConditionProgram& program;
        const std::string& path;
        std::int32_t onTrue;
        std::int32_t onFalse;

        Result<std::int32_t> operator()(const Compare& compare) const
        {
            return program.emitCompare(compare, path, onTrue, onFalse);
        }
        Result<std::int32_t> operator()(const All& all) const
        {
            Result<std::int32_t> next = onTrue;
            for (std::size_t i = all.conditions.size(); i-- > 0 && next;)
                next = program.emit(all.conditions[i], memberPath(path, "all", i), *next, onFalse);
            return next;
        }
        Result<std::int32_t> operator()(const Any& any) const
        {
            Result<std::int32_t> next = onFalse;
            for (std::size_t i = any.conditions.size(); i-- > 0 && next;)
                next = program.emit(any.conditions[i], memberPath(path, "any", i), onTrue, *next);
            return next;
        }
        Result<std::int32_t> operator()(const Not& inverse) const
        {
            return program.emit(*inverse.condition, path + ".not", onFalse, onTrue);
        }
    };
    return std::visit(Emitter{*this, path, onTrue, onFalse}, condition.node);
}

Result<std::int32_t> ConditionProgram::emitCompare(const Compare& compare, const std::string& path,
                                                   std::int32_t onTrue, std::int32_t onFalse)
{
    const auto found = std::ranges::find(m_document->signalList, compare.signal, &Signal::id);
    if (found == m_document->signalList.end())
        return fail(ErrorCode::InvalidArgument,
                    "no signal is called \"" + compare.signal.value + '"', path,
                    "add the signal or name another one");
    const ValueType type = valueTypeOf(*found);
    const CompareValue& value = compare.value;
    Comparison made = {
        Test::Range, compare.ignoreCase,
        false,       static_cast<std::uint16_t>(found - m_document->signalList.begin()),
        0,           onTrue,
        onFalse,     {}};
    std::vector<double> limits;

    const auto isOrder = [&] {
        return compare.op == CompareOp::Lt || compare.op == CompareOp::Lte ||
               compare.op == CompareOp::Gt || compare.op == CompareOp::Gte;
    };
    const bool isEquality = compare.op == CompareOp::Eq || compare.op == CompareOp::Ne;
    const bool isList =
        compare.op == CompareOp::In && std::holds_alternative<std::vector<Scalar>>(value);

    if (compare.op == CompareOp::Exists) {
        if (!std::holds_alternative<bool>(value) || !std::get<bool>(value))
            return fail(ErrorCode::InvalidArgument, "exists takes the value true and no other",
                        path, "put a not around it to ask for the opposite");
        constexpr double kInfinity = std::numeric_limits<double>::infinity();
        made.ranges.fill({-kInfinity, kInfinity});
    } else if (type == ValueType::Number && (isEquality || isOrder())) {
        if (const auto* number = std::get_if<double>(&value))
            limits.assign(made.ranges.size(), *number);
        else if (const auto* byStyle = std::get_if<ByStyle>(&value))
            limits = {byStyle->concise, byStyle->balanced, byStyle->detailed};
        else
            return wrongType(compare, type, path);
        for (std::size_t i = 0; i < made.ranges.size(); ++i)
            made.ranges[i] = rangeOf(compare.op, limits[i]);
        made.isOutside = compare.op == CompareOp::Ne;
    } else if (type == ValueType::Number && isList) {
        auto items = itemsOf<double>(value);
        if (!items)
            return wrongType(compare, type, path);
        made.test = Test::NumberIn;
        limits = *items;
        made.constant = addTo(m_pools->numberLists, std::move(*items));
    } else if (type == ValueType::Boolean && isEquality && std::holds_alternative<bool>(value)) {
        const double number = std::get<bool>(value) ? 1 : 0;
        made.ranges.fill({number, number});
        made.isOutside = compare.op == CompareOp::Ne;
    } else if (type == ValueType::Boolean && isList) {
        const auto items = itemsOf<bool>(value);
        if (!items)
            return wrongType(compare, type, path);
        made.test = Test::BooleanIn;
        for (const bool item : *items)
            made.constant |= item ? 2U : 1U;
    } else if (type == ValueType::String && isList) {
        auto items = itemsOf<std::string>(value);
        if (!items)
            return wrongType(compare, type, path);
        made.test = Test::TextIn;
        made.constant = addTo(m_pools->textLists, std::move(*items));
    } else if (type == ValueType::String && std::holds_alternative<std::string>(value) &&
               !isOrder()) {
        const std::string& text = std::get<std::string>(value);
        switch (compare.op) {
        case CompareOp::Eq:
            made.test = Test::TextEq;
            break;
        case CompareOp::Ne:
            made.test = Test::TextNe;
            break;
        case CompareOp::Contains:
            made.test = Test::TextContains;
            break;
        case CompareOp::Prefix:
            made.test = Test::TextPrefix;
            break;
        case CompareOp::Suffix:
            made.test = Test::TextSuffix;
            break;
        case CompareOp::Matches:
            made.test = Test::TextMatches;
            break;
        default:
            return wrongType(compare, type, path);
        }
        if (made.test == Test::TextMatches) {
            auto expression = compileExpression(text, compare.ignoreCase);
            if (!expression) {
                expression.error().where = path;
                return Unexpected(std::move(expression.error()));
            }
            made.constant = addTo(m_pools->expressions, std::move(*expression));
        } else {
            made.constant = addTo(m_pools->texts, text);
        }
    } else {
        return wrongType(compare, type, path);
    }
    m_comparisons.push_back(made);
    m_limits.push_back(std::move(limits));
    return comparisonCount() - 1;
}

std::size_t ConditionProgram::signalOf(std::int32_t comparison) const
{
    return m_comparisons[static_cast<std::size_t>(comparison)].signal;
}

std::int32_t ConditionProgram::comparisonCount() const
{
    return static_cast<std::int32_t>(m_comparisons.size());
}

std::vector<double> ConditionProgram::limitsOf(std::int32_t comparison) const
{
    return m_limits[static_cast<std::size_t>(comparison)];
}

/// What a number has to lie in, or outside of if it must not be the limit.
ConditionProgram::Range ConditionProgram::rangeOf(CompareOp op, double limit)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr Range kNothing = {kInfinity, -kInfinity};
    switch (op) {
    case CompareOp::Lt:
        return limit == -kInfinity ? kNothing
                                   : Range{-kInfinity, std::nextafter(limit, -kInfinity)};
    case CompareOp::Lte:
        return {-kInfinity, limit};
    case CompareOp::Gt:
        return limit == kInfinity ? kNothing : Range{std::nextafter(limit, kInfinity), kInfinity};
    case CompareOp::Gte:
        return {limit, kInfinity};
    default:
        return {limit, limit};
    }
}

bool ConditionProgram::testOther(const Comparison& comparison, const SignalSlot& slot) const
{
    if (slot.kind == SignalSlot::Kind::Missing)
        return false;
    switch (comparison.test) {
    case Test::NumberIn:
        return std::ranges::find(m_pools->numberLists[comparison.constant], slot.number) !=
               m_pools->numberLists[comparison.constant].end();
    case Test::BooleanIn:
        return (comparison.constant & (slot.number != 0 ? 2U : 1U)) != 0;
    default:
        return testText(comparison, slot.text);
    }
}

bool ConditionProgram::comparisonHolds(std::int32_t comparison, std::span<const SignalSlot> values,
                                       AnswerTone tone) const
{
    const Comparison& one = m_comparisons[static_cast<std::size_t>(comparison)];
    return test(one, values[one.signal], tone);
}

bool ConditionProgram::testText(const Comparison& comparison, std::string_view text) const
{
    const bool ignoreCase = comparison.ignoreCase;
    if (comparison.test == Test::TextMatches)
        return matchesSomewhere(*m_pools->expressions[comparison.constant], text);
    if (comparison.test == Test::TextIn)
        return std::ranges::any_of(
            m_pools->textLists[comparison.constant],
            [&](const std::string& item) { return equals(text, item, ignoreCase); });
    const std::string& other = m_pools->texts[comparison.constant];
    switch (comparison.test) {
    case Test::TextEq:
        return equals(text, other, ignoreCase);
    case Test::TextNe:
        return !equals(text, other, ignoreCase);
    case Test::TextContains:
        return ignoreCase ? containsFolded(text, other)
                          : text.find(other) != std::string_view::npos;
    case Test::TextPrefix:
        return startsWith(text, other, ignoreCase);
    default:
        return endsWith(text, other, ignoreCase);
    }
}

} // namespace signalbox
