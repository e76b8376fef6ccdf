// SPDX-License-Identifier: Apache-2.0
#include "known_logs.h"

#include <algorithm>
#include <iterator>

namespace signalbox {

std::vector<LogMapping> knownLogs()
{
    std::vector<LogMapping> all = traffic_detail::knownChatLogs();
    for (auto* part : {&traffic_detail::knownGatewayLogs, &traffic_detail::knownTraceLogs}) {
        std::vector<LogMapping> more = part();
        std::ranges::move(more, std::back_inserter(all));
    }
    return all;
}

LogMapping knownLogNamed(std::string_view name)
{
    std::vector<LogMapping> all = knownLogs();
    const auto found = std::ranges::find(all, name, &LogMapping::name);
    return found == all.end() ? LogMapping{} : std::move(*found);
}

} // namespace signalbox
