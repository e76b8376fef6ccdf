// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/routing/compiled_policy.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace signalbox {

/// Some requests of the traffic and what the policy makes of them: examples that really happened
/// are better than made up ones. Requests of the holdout are left out. Refers to the requests.
class TrafficSample
{
public:
    TrafficSample(const CompiledPolicy& policy, std::span<const Request> traffic);

    [[nodiscard]] std::size_t count() const { return m_requests.size(); }
    [[nodiscard]] const Request& request(std::size_t row) const { return *m_requests[row]; }
    /// The rule that takes it, or Decision::kOtherwise.
    [[nodiscard]] int takenBy(std::size_t row) const { return m_takenBy[row]; }
    [[nodiscard]] bool holds(std::size_t rule, std::size_t row) const
    {
        return m_holds[rule][row] != 0;
    }
    /// Of those for which `isRight(row)` the one that is shortest to read.
    [[nodiscard]] std::optional<std::size_t>
    shortest(const std::function<bool(std::size_t)>& isRight) const;

private:
    std::vector<const Request*> m_requests;
    std::vector<int> m_takenBy;
    std::vector<std::vector<std::uint8_t>> m_holds; ///< per rule and row
};

} // namespace signalbox
