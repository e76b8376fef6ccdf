// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plan_replay.h"

#include <core/policy/document.h>
#include <core/routing/signal_slot.h>

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// The meters of a policy (UsageSource) as a router would keep them over the traffic: sliding
/// windows over the requests before, in the order of time. Reads of a request without a time, or
/// without the user that the meter is kept by, are missing, and add nothing.
class Meters
{
public:
    Meters(const PolicyDocument& document, const ReplayGround& ground);

    [[nodiscard]] bool isEmpty() const { return m_meters.empty(); }
    /// Whether what a meter shows depends on how the requests before were routed.
    [[nodiscard]] bool countsCost() const;

    /// Rows in the order in which they came in.
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return m_order; }
    /// Puts the readings into a request's slots. Ask for each row once, in that order.
    void read(std::size_t row, std::span<SignalSlot> slots);
    /// Counts the request. @param costPico  1e-12 USD, or PlanReplay::kUnknownCost: from then on
    /// meters of spend show nothing
    void count(std::size_t row, std::int64_t costPico);

    /// Rows on which a meter showed nothing.
    [[nodiscard]] std::size_t missing() const { return m_missing; }

private:
    struct Entry
    {
        std::int64_t timeMs = 0;
        double amount = 0;
    };
    struct Window
    {
        std::deque<Entry> entries;
        double sum = 0;
        bool isUnknown = false;
    };
    struct Meter
    {
        std::size_t signal = 0; ///< index into the document's
        UsageSource source;
        std::unordered_map<std::string, Window> windows; ///< by unit
    };

    [[nodiscard]] Window* windowFor(Meter& meter, std::size_t row);

    const ReplayGround& m_ground;
    std::vector<Meter> m_meters;
    std::vector<std::uint32_t> m_order;
    std::size_t m_missing = 0;
};

} // namespace signalbox
