// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor_keys.h"

#include "aws_signature.h"
#include "openai_server.h"

#include <algorithm>
#include <string>

namespace signalbox {

namespace {

/// Hosts of vendors whose dialect is their own. A star stands for a region of AWS, and for nothing
/// else: bedrock.s3.amazonaws.com would be somebody's bucket.
struct VendorKey
{
    std::string_view variable;
    std::string_view host;
};
constexpr VendorKey kVendors[] = {
    {"ANTHROPIC_API_KEY", "api.anthropic.com"},
    {"AWS_BEARER_TOKEN_BEDROCK", "bedrock-runtime.*.amazonaws.com"},
    {"AWS_BEARER_TOKEN_BEDROCK", "bedrock.*.amazonaws.com"},
    {"COHERE_API_KEY", "api.cohere.com"},
    {"CO_API_KEY", "api.cohere.com"},
    {"OLLAMA_API_KEY", "ollama.com"},
    {"GOOGLE_API_KEY", "generativelanguage.googleapis.com"},
};

bool matches(std::string_view pattern, std::string_view host)
{
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos)
        return pattern == host;
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    if (host.size() <= before.size() + after.size() || !host.starts_with(before) ||
        !host.ends_with(after))
        return false;
    const std::string_view label =
        host.substr(before.size(), host.size() - before.size() - after.size());
    return isAwsRegion(label);
}

} // namespace

bool isVendorsOwnKey(std::string_view variable, const Endpoint& endpoint)
{
    // The port is part of an origin: only the usual one is the vendor's.
    if (!endpoint.encrypted || endpoint.origin != "https://" + endpoint.host)
        return false;
    const auto isOpenAis = [&](const OpenAiServer& server) {
        return !server.baseUrl.empty() && server.keyVariable == variable &&
               server.host == endpoint.host;
    };
    const auto isVendors = [&](const VendorKey& vendor) {
        return vendor.variable == variable && matches(vendor.host, endpoint.host);
    };
    return std::ranges::any_of(openAiServers(), isOpenAis) ||
           std::ranges::any_of(kVendors, isVendors);
}

} // namespace signalbox
