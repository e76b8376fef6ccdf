// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider.h"

#include <algorithm>

namespace signalbox {

const char* failureKindName(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Connect:
        return "connect";
    case FailureKind::Timeout:
        return "timeout";
    case FailureKind::Stalled:
        return "stalled";
    case FailureKind::RateLimit:
        return "rateLimit";
    case FailureKind::Auth:
        return "auth";
    case FailureKind::NotFound:
        return "notFound";
    case FailureKind::BadRequest:
        return "badRequest";
    case FailureKind::ServerError:
        return "serverError";
    case FailureKind::Protocol:
        return "protocol";
    case FailureKind::Truncated:
        return "truncated";
    case FailureKind::ContentFilter:
        return "contentFilter";
    case FailureKind::TooLarge:
        return "tooLarge";
    case FailureKind::Redirect:
        return "redirect";
    case FailureKind::KeyMissing:
        return "keyMissing";
    case FailureKind::Cancelled:
        return "cancelled";
    }
    return "protocol";
}

ProviderRegistry::ProviderRegistry() = default;
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
