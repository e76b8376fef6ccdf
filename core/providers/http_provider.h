// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "chat_dialect.h"
#include "http_transport.h"
#include "key_store.h"
#include "provider.h"

#include <core/base/random.h>

#include <memory>

namespace signalbox {

/// Any server behind HTTP, in the dialect that it speaks: base URL, optional key. Repeats what is
/// worth repeating, before the first delta only, and asks again without a parameter that was
/// refused. The key goes to the origin it is granted for, and comes back in no text.
class HttpProvider final : public ChatProvider
{
    Q_OBJECT
public:
    struct Options
    {
        int firstBackoffMs = 500; ///< doubles with every repetition
        std::uint64_t jitterSeed = 1;
        std::size_t answerLimitBytes = std::size_t{64} << 20; ///< on the wire
    };
    /// @param dialect  outlives the provider and its streams
    HttpProvider(const ChatDialect& dialect, std::shared_ptr<HttpTransport> transport,
                 std::shared_ptr<KeyStore> keys, Options options, QObject* parent = nullptr);
    HttpProvider(const ChatDialect& dialect, std::shared_ptr<HttpTransport> transport,
                 std::shared_ptr<KeyStore> keys, QObject* parent = nullptr);
    ~HttpProvider() override;

    [[nodiscard]] std::string name() const override { return m_dialect.name(); }
    [[nodiscard]] std::unique_ptr<ChatStream> start(const ChatRequest& request) override;
    void listModels(const std::string& baseUrl, const std::string& keyRef, QObject* context,
                    std::function<void(Result<std::vector<ModelListing>>)> done) override;

private:
    const ChatDialect& m_dialect;
    std::shared_ptr<HttpTransport> m_transport;
    std::shared_ptr<KeyStore> m_keys;
    Options m_options;
    Random m_jitter;
};

} // namespace signalbox
