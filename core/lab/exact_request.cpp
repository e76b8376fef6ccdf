// SPDX-License-Identifier: GPL-3.0-or-later
#include "exact_request.h"

#include <core/base/json.h>
#include <core/evidence/request_key.h>
#include <core/providers/chat_prompt.h>
#include <core/providers/endpoint.h>

#include <nlohmann/json.hpp>

namespace signalbox {

std::string exactRequestKey(std::string_view provider, const ChatRequest& request)
{
    ExactRequest exact;
    exact.dialect = provider;
    if (provider != "simulator") {
        const auto endpoint = endpointOfModel(provider, request.baseUrl);
        if (!endpoint)
            return {};
        exact.server = endpoint->url;
    }
    exact.model = request.upstreamModel;
    if (request.maxTokens)
        exact.parameters.emplace_back("maxTokens", std::to_string(*request.maxTokens));
    if (request.temperature)
        exact.parameters.emplace_back("temperature", toCompactJsonText(Json(*request.temperature)));
    if (request.seed)
        exact.parameters.emplace_back("seed", std::to_string(*request.seed));
    const nlohmann::json messages = chatMessages(request);
    for (const auto& message : messages)
        exact.messages.emplace_back(message["role"].get<std::string>(),
                                    message["content"].get<std::string>());
    exact.repeat = request.sample;
    return requestKey(exact);
}

} // namespace signalbox
