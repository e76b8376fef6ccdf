// SPDX-License-Identifier: Apache-2.0
#include "condition_text.h"

#include "condition_parser.h"

#include <array>
#include <charconv>
#include <cmath>

namespace signalbox {

namespace conditiontext {

namespace {

/// Below this every whole number is written out: 100000, not 1e+05.
constexpr double kLargestPlain = 1e15;

std::string numberText(double value)
{
    std::array<char, 400> buffer{};
    char* const end = buffer.data() + buffer.size();
    const bool plain = std::abs(value) < kLargestPlain && std::trunc(value) == value;
    const auto written = plain ? std::to_chars(buffer.data(), end, value, std::chars_format::fixed)
                               : std::to_chars(buffer.data(), end, value);
    return {buffer.data(), written.ptr};
}

std::string scalarText(const Scalar& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return numberText(*number);
    if (const auto* truth = std::get_if<bool>(&value))
        return *truth ? "true" : "false";
    return quotedText(std::get<std::string>(value), '"');
}

struct ValueWriter
{
    std::string operator()(double value) const { return numberText(value); }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(const std::string& value) const { return quotedText(value, '"'); }
    std::string operator()(const std::vector<Scalar>& list) const
    {
        std::string text = "(";
        for (const Scalar& item : list)
            text += (text.size() > 1 ? ", " : "") + scalarText(item);
        return text + ')';
    }
    std::string operator()(const ByStyle& styles) const
    {
        return "{concise: " + numberText(styles.concise) +
               ", balanced: " + numberText(styles.balanced) +
               ", detailed: " + numberText(styles.detailed) + '}';
    }
};

std::string writeCompare(const Compare& compare, bool negatedIn = false)
{
    const bool isTrue = compare.value == CompareValue(true);
    std::string text = toConditionText(compare.signal);
    if (compare.op == CompareOp::Eq && isTrue && !compare.ignoreCase)
        return text;
    text += negatedIn ? " not " : " ";
    text += textOf(compare.op);
    const auto* pattern =
        compare.op == CompareOp::Matches ? std::get_if<std::string>(&compare.value) : nullptr;
    if (pattern && fitsBetweenSlashes(*pattern))
        return text + ' ' + slashedPattern(*pattern) + (compare.ignoreCase ? "i" : "");
    if (compare.op != CompareOp::Exists || !isTrue)
        text += ' ' + valueText(compare.value);
    return compare.ignoreCase ? text + " ignoring case" : text;
}

/// A group that needs parentheses beside others: they keep it a group of its own.
bool isGroup(const Condition& condition)
{
    const auto* all = std::get_if<All>(&condition.node);
    const auto* any = std::get_if<Any>(&condition.node);
    return (all && all->conditions.size() > 1) || (any && any->conditions.size() > 1);
}

std::string partText(const Condition& condition)
{
    const std::string text = toConditionText(condition);
    return isGroup(condition) ? '(' + text + ')' : text;
}

std::string groupText(const std::vector<Condition>& parts, std::string_view word,
                      std::string_view ofNone, std::string_view ofOne)
{
    if (parts.empty())
        return std::string(ofNone);
    if (parts.size() == 1)
        return std::string(ofOne) + '(' + toConditionText(parts.front()) + ')';
    std::string text;
    for (const Condition& part : parts) {
        if (!text.empty())
            text += ' ' + std::string(word) + ' ';
        text += partText(part);
    }
    return text;
}

} // namespace

std::string_view textOf(CompareOp op)
{
    switch (op) {
    case CompareOp::Eq:
        return "=";
    case CompareOp::Ne:
        return "!=";
    case CompareOp::Lt:
        return "<";
    case CompareOp::Lte:
        return "<=";
    case CompareOp::Gt:
        return ">";
    case CompareOp::Gte:
        return ">=";
    case CompareOp::In:
        return "in";
    case CompareOp::Contains:
        return "contains";
    case CompareOp::Prefix:
        return "starts with";
    case CompareOp::Suffix:
        return "ends with";
    case CompareOp::Matches:
        return "matches";
    case CompareOp::Exists:
        return "exists";
    }
    return {};
}

std::string valueText(const CompareValue& value)
{
    return std::visit(ValueWriter{}, value);
}

} // namespace conditiontext

using namespace conditiontext;

std::string toConditionText(const SignalId& signal)
{
    return isBareName(signal.value) ? signal.value : quotedText(signal.value, '`');
}

std::string toConditionText(const Scalar& value)
{
    return scalarText(value);
}

std::string toConditionText(const Condition& condition)
{
    static_assert(std::variant_size_v<decltype(Condition::node)> == 4, "write the new condition");
    if (const auto* compare = std::get_if<Compare>(&condition.node))
        return writeCompare(*compare);
    if (const auto* all = std::get_if<All>(&condition.node))
        return groupText(all->conditions, "and", "always", "all");
    if (const auto* any = std::get_if<Any>(&condition.node))
        return groupText(any->conditions, "or", "never", "any");
    const Condition& inner = *std::get<Not>(condition.node).condition;
    const auto* compare = std::get_if<Compare>(&inner.node);
    if (compare && compare->op == CompareOp::In)
        return writeCompare(*compare, true);
    return "not " + partText(inner);
}

tl::expected<ConditionReading, ConditionMistake> readConditionText(std::string_view text)
{
    Parse result = parse(text);
    if (result.mistake)
        return tl::unexpected(std::move(*result.mistake));
    return std::move(result.reading);
}

} // namespace signalbox
