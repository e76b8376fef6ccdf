// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <core/base/enum_name.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace signalbox {

/// The values of a policy's enum with their texts in files, in the order in which a list should
/// offer them. Defined for every enum of the document, and for nothing else.
template<class E> [[nodiscard]] std::span<const EnumName<E>> namesOf() = delete;

template<> std::span<const EnumName<CompareOp>> namesOf<CompareOp>();
template<> std::span<const EnumName<TextScope>> namesOf<TextScope>();
template<> std::span<const EnumName<TextMeasure>> namesOf<TextMeasure>();
template<> std::span<const EnumName<KeywordMatch>> namesOf<KeywordMatch>();
template<> std::span<const EnumName<ValueType>> namesOf<ValueType>();
template<> std::span<const EnumName<RequestField>> namesOf<RequestField>();
template<> std::span<const EnumName<AttemptFailure>> namesOf<AttemptFailure>();
template<> std::span<const EnumName<ChainMode>> namesOf<ChainMode>();
template<> std::span<const EnumName<SystemPromptMode>> namesOf<SystemPromptMode>();
template<> std::span<const EnumName<PoolPick>> namesOf<PoolPick>();
template<> std::span<const EnumName<Weekday>> namesOf<Weekday>();
template<> std::span<const EnumName<UsageMeasure>> namesOf<UsageMeasure>();
template<> std::span<const EnumName<UsageUnit>> namesOf<UsageUnit>();
template<> std::span<const EnumName<StickyUnit>> namesOf<StickyUnit>();
template<> std::span<const EnumName<GateMetric>> namesOf<GateMetric>();
template<> std::span<const EnumName<GateScope>> namesOf<GateScope>();
template<> std::span<const EnumName<Role>> namesOf<Role>();
template<> std::span<const EnumName<DecisionUnit>> namesOf<DecisionUnit>();

/// A value's text in files, e.g. "rateLimit".
template<class E>
    requires std::is_enum_v<E>
[[nodiscard]] std::string_view nameOf(E value)
{
    const auto names = namesOf<E>();
    const auto found = std::ranges::find(names, value, &EnumName<E>::value);
    return found == names.end() ? std::string_view() : found->name;
}

/// The value of a text in files.
template<class E> [[nodiscard]] std::optional<E> valueNamed(std::string_view name)
{
    const auto names = namesOf<E>();
    const auto found = std::ranges::find(names, name, &EnumName<E>::name);
    return found == names.end() ? std::nullopt : std::optional(found->value);
}

/// "a number", "true or false", "a text": what a signal is, in a message.
[[nodiscard]] std::string_view inWords(ValueType type);

/// The "source" of a signal in files, e.g. "score", "chars", "metadata".
[[nodiscard]] std::string_view sourceNameOf(const Signal& signal);

} // namespace signalbox
