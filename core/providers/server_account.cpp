// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_account.h"

#include "endpoint.h"

#include <core/policy/document.h>

#include <algorithm>
#include <iterator>

namespace signalbox {

namespace {

struct Vendor
{
    std::string_view hostEnd;
    std::string_view name;
    std::string_view requestsPer = {};
    std::string_view tokensPer = {};
};

// Sources: the vendors' pages on rate limits, as of August 2026.
constexpr Vendor kVendors[] = {
    {"api.openai.com", "OpenAI", "minute", "minute"},
    {".openai.azure.com", "Azure OpenAI", "minute", "minute"},
    {"api.anthropic.com", "Anthropic", "minute", "minute"},
    {"api.groq.com", "Groq", "day", "minute"},
    {"generativelanguage.googleapis.com", "Google Gemini"},
    {".amazonaws.com", "Amazon Bedrock"},
    {"api.cohere.com", "Cohere"},
    {"api.mistral.ai", "Mistral"},
    {"api.deepseek.com", "DeepSeek"},
    {"openrouter.ai", "OpenRouter"},
    {"api.x.ai", "xAI"},
    {"api.together.xyz", "Together"},
};

const Vendor* vendorOf(const ServerAccount& account)
{
    const auto* const found = std::ranges::find_if(kVendors, [&](const Vendor& vendor) {
        return vendor.hostEnd.starts_with('.')
                   ? account.origin.ends_with(vendor.hostEnd)
                   : account.origin == "https://" + std::string(vendor.hostEnd);
    });
    return found == std::end(kVendors) ? nullptr : found;
}

} // namespace

std::optional<ServerAccount> accountOf(const ModelSpec& model)
{
    if (model.provider == "simulator")
        return std::nullopt;
    const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
    if (!endpoint)
        return std::nullopt;
    const std::string origin = endpoint->loopback
                                   ? "http://localhost:" + std::to_string(endpoint->port)
                                   : endpoint->origin;
    return ServerAccount{origin, model.keyRef};
}

std::string nameOf(const ServerAccount& account)
{
    if (const Vendor* vendor = vendorOf(account))
        return std::string(vendor->name);
    const std::size_t scheme = account.origin.find("://");
    return scheme == std::string::npos ? account.origin : account.origin.substr(scheme + 3);
}

std::string_view periodOf(const ServerAccount& account, RateLimit::Of of)
{
    const Vendor* const vendor = vendorOf(account);
    if (!vendor)
        return {};
    return of == RateLimit::Of::Requests ? vendor->requestsPer : vendor->tokensPer;
}

} // namespace signalbox
