// SPDX-License-Identifier: Apache-2.0
#include "meters.h"

#include <algorithm>
#include <numeric>

namespace signalbox {

namespace {

constexpr double kPicoPerUsd = 1e12;
constexpr std::int64_t kMsPerSecond = 1000;

} // namespace

Meters::Meters(const PolicyDocument& document, const ReplayGround& ground) : m_ground(ground)
{
    for (std::size_t i = 0; i < document.signalList.size(); ++i) {
        if (const auto* source = std::get_if<UsageSource>(&document.signalList[i].source))
            m_meters.push_back({i, *source, {}});
    }
    if (m_meters.empty())
        return;
    const Traffic& traffic = ground.traffic();
    m_order.resize(traffic.rowCount());
    std::iota(m_order.begin(), m_order.end(), 0U);
    std::ranges::stable_sort(m_order, {}, [&](std::uint32_t row) { return traffic.timeMs[row]; });
}

bool Meters::countsCost() const
{
    return std::ranges::any_of(m_meters, [](const Meter& meter) {
        return meter.source.measure == UsageMeasure::SpendUsd;
    });
}

Meters::Window* Meters::windowFor(Meter& meter, std::size_t row)
{
    const Traffic& traffic = m_ground.traffic();
    if (traffic.timeMs[row] == 0)
        return nullptr;
    switch (meter.source.per) {
    case UsageUnit::All:
        return &meter.windows[{}];
    case UsageUnit::User: {
        const std::string user(traffic.userId(row));
        return user.empty() ? nullptr : &meter.windows[user];
    }
    case UsageUnit::Conversation:
        break;
    }
    return &meter.windows[std::to_string(traffic.conversationOf[row])];
}

void Meters::read(std::size_t row, std::span<SignalSlot> slots)
{
    bool isMissing = false;
    for (Meter& meter : m_meters) {
        Window* window = windowFor(meter, row);
        if (!window || window->isUnknown) {
            slots[meter.signal].setMissing();
            isMissing = true;
            continue;
        }
        const std::int64_t from =
            m_ground.traffic().timeMs[row] - kMsPerSecond * meter.source.windowSeconds;
        while (!window->entries.empty() && window->entries.front().timeMs <= from) {
            window->sum -= window->entries.front().amount;
            window->entries.pop_front();
        }
        if (window->entries.empty())
            window->sum = 0; // what rounding left
        slots[meter.signal].setNumber(window->sum);
    }
    m_missing += isMissing;
}

void Meters::count(std::size_t row, std::int64_t costPico)
{
    for (Meter& meter : m_meters) {
        Window* window = windowFor(meter, row);
        if (!window)
            continue;
        double amount = 1;
        if (meter.source.measure == UsageMeasure::InputTokens) {
            amount = static_cast<double>(m_ground.inputTokens(row));
        } else if (meter.source.measure == UsageMeasure::SpendUsd) {
            window->isUnknown |= costPico == PlanReplay::kUnknownCost;
            amount = static_cast<double>(costPico) / kPicoPerUsd;
        }
        window->entries.push_back({m_ground.traffic().timeMs[row], amount});
        window->sum += amount;
    }
}

} // namespace signalbox
