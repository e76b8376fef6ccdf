// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility> // brings <compare>, whose own inclusion in first place trips Qt 6.4's moc

namespace signalbox {

/// A name that cannot be confused with a name of another kind. Holds UTF-8 text.
template<class Tag> struct StrongId
{
    std::string value;

    StrongId() = default;
    explicit StrongId(std::string text) : value(std::move(text)) {}

    [[nodiscard]] bool isEmpty() const { return value.empty(); }
    auto operator<=>(const StrongId&) const = default;
    bool operator==(const StrongId&) const = default;
};

using ModelId = StrongId<struct ModelTag>;   ///< a model as the policy names it
using RuleId = StrongId<struct RuleTag>;     ///< a rule of a policy
using SignalId = StrongId<struct SignalTag>; ///< a signal of a policy
using PromptId = StrongId<struct PromptTag>; ///< a prompt of a prompt set
using RunId = StrongId<struct RunTag>;       ///< one run of the lab

} // namespace signalbox

template<class Tag> struct std::hash<signalbox::StrongId<Tag>>
{
    std::size_t operator()(const signalbox::StrongId<Tag>& id) const noexcept
    {
        return std::hash<std::string>{}(id.value);
    }
};
