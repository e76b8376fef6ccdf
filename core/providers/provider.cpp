// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include "rate_limiter.h"

#include <core/base/clock.h>

#include <algorithm>

namespace signalbox {

ProviderRegistry::ProviderRegistry() : ProviderRegistry(systemClock()) {}

ProviderRegistry::ProviderRegistry(const Clock& clock)
    : m_limiter(std::make_unique<RateLimiter>(clock))
{}

ProviderRegistry::~ProviderRegistry() = default;

void ProviderRegistry::add(std::unique_ptr<ChatProvider> provider)
{
    m_providers.push_back(std::move(provider));
}

ChatProvider* ProviderRegistry::find(const std::string& name) const
{
    const auto found = std::ranges::find_if(
        m_providers, [&](const auto& provider) { return provider->name() == name; });
    return found == m_providers.end() ? nullptr : found->get();
}

} // namespace signalbox
