// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/traffic/traffic_builder.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace signalbox::test {

/// Traffic of these requests, those without a conversation each in one of its own.
/// @param inputTokens  of the first requests; the others' are unknown
inline std::shared_ptr<const Traffic> trafficOf(const std::vector<Request>& requests,
                                                const std::vector<std::int32_t>& inputTokens = {})
{
    TrafficBuilder rows;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        RequestNote note;
        if (i < inputTokens.size())
            note.inputTokens = inputTokens[i];
        if (!rows.add(requests[i], note))
            std::abort();
    }
    return std::make_shared<const Traffic>(rows.take("by hand").value());
}

} // namespace signalbox::test
