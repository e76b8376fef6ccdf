// SPDX-License-Identifier: Apache-2.0
#include "conversation_halves.h"

#include <core/base/random.h>

#include <algorithm>
#include <string_view>

namespace signalbox {

namespace {

std::string_view keyOf(const Traffic& traffic, std::size_t row)
{
    if (const std::string_view user = traffic.userId(row); !user.empty())
        return user;
    if (const std::string_view conversation = traffic.conversationId(row); !conversation.empty())
        return conversation;
    if (const std::string_view request = traffic.requestId(row); !request.empty())
        return request;
    return traffic.lastUserMessage(row);
}

} // namespace

ConversationHalves splitConversations(const Traffic& traffic, std::uint64_t seed)
{
    const std::vector<std::size_t> starts = traffic.conversationStarts();
    const std::size_t count = starts.size() - 1;
    std::vector<bool> search(count);
    std::vector<bool> report(count);
    ConversationHalves halves;
    halves.byUser = true;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t requests = starts[i + 1] - starts[i];
        const bool isSearched = stableHash(keyOf(traffic, starts[i]), seed) >> 63U == 0;
        search[i] = isSearched;
        report[i] = !isSearched;
        ++(isSearched ? halves.searchConversations : halves.reportConversations);
        (isSearched ? halves.searchRequests : halves.reportRequests) += requests;
        halves.byUser &= !traffic.userId(starts[i]).empty();
    }
    halves.search = std::make_shared<const std::vector<bool>>(std::move(search));
    halves.report = std::make_shared<const std::vector<bool>>(std::move(report));
    return halves;
}

} // namespace signalbox
