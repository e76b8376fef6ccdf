// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_transport.h"
#include "key_store.h"
#include "provider.h"

#include <core/base/random.h>

#include <memory>

namespace signalbox {

/// Any server of the OpenAI Chat Completions dialect: base URL, optional key. Repeats what is worth
/// repeating, before the first delta only, and asks again without a parameter that was refused.
class OpenAiProvider final : public ChatProvider
{
    Q_OBJECT
public:
    struct Options
    {
        int firstBackoffMs = 500; ///< doubles with every repetition
        std::uint64_t jitterSeed = 1;
        std::size_t answerLimitBytes = std::size_t{64} << 20; ///< on the wire
    };
    OpenAiProvider(std::shared_ptr<HttpTransport> transport, std::shared_ptr<KeyStore> keys,
                   Options options, QObject* parent = nullptr);
    OpenAiProvider(std::shared_ptr<HttpTransport> transport, std::shared_ptr<KeyStore> keys,
                   QObject* parent = nullptr);
    ~OpenAiProvider() override;

    [[nodiscard]] std::string name() const override { return "openai"; }
    [[nodiscard]] std::unique_ptr<ChatStream> start(const ChatRequest& request) override;
    void listModels(const std::string& baseUrl, const std::string& keyRef, QObject* context,
                    std::function<void(Result<std::vector<ModelListing>>)> done) override;

private:
    std::shared_ptr<HttpTransport> m_transport;
    std::shared_ptr<KeyStore> m_keys;
    Options m_options;
    Random m_jitter;
};

/// The address of the chat or the models behind a base URL. A base URL without a path gets the
/// customary one; one that already ends with /chat/completions is taken as it is.
[[nodiscard]] std::string openAiChatUrl(const Endpoint& endpoint);
[[nodiscard]] std::string openAiModelsUrl(const Endpoint& endpoint);

/// A GET for the model list.
[[nodiscard]] HttpRequest openAiModelsRequest(const Endpoint& endpoint, const Secret& key);
/// Its answer, read; errors as sentences without the key.
[[nodiscard]] Result<std::vector<ModelListing>>
openAiModelsAnswer(const HttpAnswer& answer, const Endpoint& endpoint, const Secret& key);

} // namespace signalbox
