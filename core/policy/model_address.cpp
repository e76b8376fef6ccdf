// SPDX-License-Identifier: Apache-2.0
#include "model_address.h"

#include <algorithm>
#include <cstddef>

namespace signalbox {

namespace {

/// Where the parts of an address lie: [0, user) scheme, [user, host) user, [host, path) server.
struct AddressParts
{
    std::size_t user = 0;
    std::size_t host = 0;
    std::size_t path = 0;
    std::size_t query = 0; ///< or fragment; the end if there is neither
};

AddressParts partsOf(std::string_view url)
{
    const auto orEnd = [&](std::size_t at) {
        return at == std::string_view::npos ? url.size() : at;
    };
    AddressParts parts;
    parts.query = orEnd(url.find_first_of("?#"));
    const std::string_view address = url.substr(0, parts.query);
    const std::size_t scheme = address.find_first_of(":/@");
    if (scheme != std::string_view::npos && address.substr(scheme).starts_with("://"))
        parts.user = scheme + 3;
    parts.host = parts.user;
    parts.path = std::min(orEnd(address.find('/', parts.user)), parts.query);
    const std::size_t at = address.substr(0, parts.path).rfind('@');
    if (at != std::string_view::npos && at >= parts.user)
        parts.host = at + 1;
    return parts;
}

} // namespace

std::string_view hostOf(std::string_view baseUrl)
{
    const AddressParts parts = partsOf(baseUrl);
    const std::string_view server = baseUrl.substr(parts.host, parts.path - parts.host);
    if (server.starts_with('[')) {
        const auto end = server.find(']');
        return server.substr(1, end == std::string_view::npos ? end : end - 1);
    }
    return server.substr(0, server.find(':'));
}

std::string withoutSecrets(std::string_view baseUrl)
{
    const AddressParts parts = partsOf(baseUrl);
    return std::string(baseUrl.substr(0, parts.user)) +
           std::string(baseUrl.substr(parts.host, parts.query - parts.host));
}

bool mayHoldSecret(std::string_view baseUrl)
{
    const AddressParts parts = partsOf(baseUrl);
    return parts.host > parts.user || parts.query < baseUrl.size();
}

} // namespace signalbox
