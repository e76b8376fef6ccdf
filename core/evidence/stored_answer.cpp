// SPDX-License-Identifier: GPL-3.0-or-later
#include "stored_answer.h"

#include <core/base/enum_name.h>

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <limits>

namespace signalbox {

namespace {

constexpr std::array<EnumName<StoredState>, kStoredStateCount> kStateNames = {{
    {StoredState::Queued, "queued"},
    {StoredState::Running, "running"},
    {StoredState::Done, "done"},
    {StoredState::Failed, "failed"},
    {StoredState::Cut, "cut"},
    {StoredState::Refused, "refused"},
    {StoredState::Filtered, "filtered"},
    {StoredState::Stopped, "stopped"},
    {StoredState::Cached, "cached"},
}};

} // namespace

std::string_view storedStateName(StoredState state)
{
    const auto* const found = std::ranges::find(kStateNames, state, &EnumName<StoredState>::value);
    return found == kStateNames.end() ? std::string_view("failed") : found->name;
}

std::optional<StoredState> storedStateNamed(std::string_view name)
{
    const auto* const found = std::ranges::find(kStateNames, name, &EnumName<StoredState>::name);
    return found == kStateNames.end() ? std::nullopt : std::optional(found->value);
}

int worthOf(StoredState state)
{
    switch (state) {
    case StoredState::Done:
    case StoredState::Cut:
    case StoredState::Refused:
    case StoredState::Cached:
        return 2;
    case StoredState::Failed:
    case StoredState::Filtered:
        return 1;
    case StoredState::Queued:
    case StoredState::Running:
    case StoredState::Stopped:
        return 0;
    }
    return 0;
}

AttemptTicket newTicket()
{
    // Bounded from below by 1, so that 0 can mean "none".
    constexpr auto kMost = static_cast<quint64>(std::numeric_limits<std::int64_t>::max());
    return static_cast<AttemptTicket>(QRandomGenerator::system()->generate64() % kMost) + 1;
}

std::optional<std::int64_t> AnswerUsage::input() const
{
    std::optional<std::int64_t> sum;
    for (const auto& part : {inputUncached, cacheRead, cacheWrite}) {
        if (part)
            sum = sum.value_or(0) + *part;
    }
    return sum;
}

} // namespace signalbox
