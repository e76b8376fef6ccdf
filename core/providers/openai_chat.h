// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_decoder.h"
#include "chat_dialect.h"
#include "openai_server.h"
#include "provider.h"

#include <core/base/result.h>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// The dialect "OpenAI Chat Completions" and its variations.

/// The JSON body. Ill-formed UTF-8 in messages becomes U+FFFD. A limit of tokens that was refused
/// under one of its two names is sent under the other.
[[nodiscard]] RequestBody openAiRequestBody(const ChatRequest& request, const OpenAiServer& server,
                                            const RequestShape& shape = {});

/// Reads an answer of any server of the family.
class OpenAiChatDecoder final : public ChatDecoder
{
public:
    OpenAiChatDecoder(const OpenAiServer& server, CallContext call, EventStreamLimits limits = {});

private:
    void takeObject(const nlohmann::json& object, const std::string& name) override;
    bool takeMarker(std::string_view data) override;
    [[nodiscard]] std::string_view textKey() const override { return "content"; }
    bool takeWhole(const nlohmann::json& body) override;
    [[nodiscard]] std::string expectedAddress() const override;

    void takeChoice(const nlohmann::json& choice);
    void takeDelta(const nlohmann::json& delta);
    void takeContent(const nlohmann::json& content);
    void takeUsage(const nlohmann::json& usage);

    const OpenAiServer& m_server;
};

/// "openai": any server of the family, told apart by its host.
[[nodiscard]] const ChatDialect& openAiChatDialect();

/// Reads a model list: {"data": […]}, {"models": […]} or a bare array.
[[nodiscard]] Result<std::vector<ModelListing>> readModelList(std::string_view body);

// Shared with the dialect "OpenAI Responses".

/// Bearer, or what the server's row says.
void signOpenAi(HttpRequest& request, const Endpoint& endpoint, const Secret& key);
[[nodiscard]] ModelList openAiModels(const Endpoint& endpoint, std::string_view chatPath);

} // namespace signalbox
