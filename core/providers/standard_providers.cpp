// SPDX-License-Identifier: GPL-3.0-or-later
#include "standard_providers.h"

#include "dialects.h"
#include "http_provider.h"

#include <utility>

namespace signalbox {

ProviderServices addStandardProviders(ProviderRegistry& registry)
{
    ProviderServices services;
    services.transport = std::make_shared<CurlTransport>();
    services.keys = std::make_shared<KeyStore>(systemKeychain());
    auto simulator = std::make_unique<SimulatorProvider>();
    services.simulator = simulator.get();
    registry.add(std::move(simulator));
    for (const ChatDialect* dialect : chatDialects())
        registry.add(std::make_unique<HttpProvider>(*dialect, services.transport, services.keys));
    return services;
}

} // namespace signalbox
