// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "curl_transport.h"
#include "key_store.h"
#include "simulator_provider.h"

#include <memory>

namespace signalbox {

/// What stands behind the providers and is needed elsewhere too: the settings page enters keys, the
/// search for local servers shares the network thread, headless runs set the simulator's speed.
struct ProviderServices
{
    std::shared_ptr<HttpTransport> transport;
    std::shared_ptr<KeyStore> keys;
    SimulatorProvider* simulator = nullptr; ///< owned by the registry
};

/// Fills a registry with "simulator" and every dialect of chatDialects(). Starts no thread and asks
/// for no key: that happens with the first request.
[[nodiscard]] ProviderServices addStandardProviders(ProviderRegistry& registry);

} // namespace signalbox
