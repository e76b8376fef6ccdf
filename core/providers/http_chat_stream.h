// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_provider.h"
#include "secret.h"

#include <memory>

namespace signalbox {

// What HttpProvider is made of.

/// One answer from key to last event: a chain of attempts on the caller's thread, each of which is
/// decoded on the network's.
[[nodiscard]] std::unique_ptr<ChatStream>
makeHttpChatStream(const ChatDialect& dialect, ChatRequest request,
                   std::shared_ptr<HttpTransport> transport, std::shared_ptr<KeyStore> keys,
                   const HttpProvider::Options& options);

[[nodiscard]] Error withoutKey(Error error, const Secret& key);

} // namespace signalbox
