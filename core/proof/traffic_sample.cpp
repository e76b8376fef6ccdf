// SPDX-License-Identifier: Apache-2.0
#include "traffic_sample.h"

#include "prover.h"

namespace signalbox {

namespace {

std::size_t lengthOf(const Request& request)
{
    std::size_t bytes = 0;
    for (const Message& message : request.messages)
        bytes += message.text.size();
    return bytes;
}

} // namespace

TrafficSample::TrafficSample(const CompiledPolicy& policy, std::span<const Request> traffic)
    : m_holds(policy.document().rules.size())
{
    CompiledPolicy::Scratch scratch(policy);
    const std::size_t count = std::min(traffic.size(), kMostProofExamples);
    for (std::size_t i = 0; i < count; ++i) {
        const Request& request = traffic[i * traffic.size() / count];
        const RoutingKeys keys = routingKeysOf(request);
        const auto values = policy.extract(request, scratch);
        const int rule = policy.route(values, keys).rule;
        if (rule == Decision::kHoldout)
            continue;
        m_requests.push_back(&request);
        m_takenBy.push_back(rule);
        for (std::size_t r = 0; r < m_holds.size(); ++r)
            m_holds[r].push_back(policy.holds(r, values, keys) ? 1 : 0);
    }
}

std::optional<std::size_t>
TrafficSample::shortest(const std::function<bool(std::size_t)>& isRight) const
{
    std::optional<std::size_t> best;
    std::size_t bestLength = 0;
    for (std::size_t row = 0; row < count(); ++row) {
        if (!isRight(row))
            continue;
        const std::size_t length = lengthOf(request(row));
        if (!best || length < bestLength) {
            best = row;
            bestLength = length;
        }
    }
    return best;
}

} // namespace signalbox
