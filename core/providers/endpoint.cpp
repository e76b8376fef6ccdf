// SPDX-License-Identifier: GPL-3.0-or-later
#include "endpoint.h"

#include <core/policy/known_provider.h>

#include <curl/curl.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace signalbox {

namespace {

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(const CurlUrl& url, CURLUPart which, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK || !text)
        return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

std::string lowered(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return text;
}

bool isLoopback(const std::string& host)
{
    const bool ipv4 = host.find_first_not_of("0123456789.") == std::string::npos;
    return host == "localhost" || host == "[::1]" || (ipv4 && host.starts_with("127."));
}

/// "host" or "host:port", the port only where it is not the scheme's own.
std::string authority(const CurlUrl& url)
{
    const std::string port = part(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    return lowered(part(url, CURLUPART_HOST)) + (port.empty() ? "" : ":" + port);
}

/// What stands before an @ in the authority, or after a ? or #, may be a password or a key, also in
/// a text that is no URL: such a text is not repeated.
bool mayHoldSecret(std::string_view text)
{
    return text.find_first_of("@?#") != std::string_view::npos;
}

bool holdsUserInfo(std::string_view text)
{
    const std::size_t scheme = text.find("://");
    const std::string_view rest = scheme == std::string_view::npos ? text : text.substr(scheme + 3);
    return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

Unexpected refuse(std::string message, std::string_view baseUrl)
{
    return fail(ErrorCode::InvalidArgument, std::move(message),
                mayHoldSecret(baseUrl) ? std::string() : std::string(baseUrl.substr(0, 200)),
                "Enter the address of the server, such as http://127.0.0.1:8080/v1.");
}

} // namespace

Result<Endpoint> parseEndpoint(std::string_view baseUrl)
{
    constexpr std::size_t kLongest = 2048;
    if (baseUrl.empty())
        return refuse("The model has no base URL.", {});
    if (holdsUserInfo(baseUrl))
        return refuse("The base URL holds a user name; keys belong into the key reference.",
                      baseUrl);
    const CurlUrl url(curl_url(), &curl_url_cleanup);
    const std::string text(baseUrl);
    if (baseUrl.size() > kLongest || text.find('\0') != std::string::npos ||
        curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
        return refuse("The base URL cannot be read.", baseUrl);
    const std::string scheme = part(url, CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https")
        return refuse("The base URL is neither http nor https.", baseUrl);
    if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty())
        return refuse("The base URL holds a user name; keys belong into the key reference.",
                      baseUrl);
    if (text.find_first_of("?#") != std::string::npos)
        return refuse("The base URL holds a query or a fragment.", baseUrl);

    Endpoint endpoint;
    endpoint.host = lowered(part(url, CURLUPART_HOST));
    endpoint.server = authority(url);
    endpoint.origin = scheme + "://" + endpoint.server;
    endpoint.port = std::atoi(part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT).c_str());
    std::string path = part(url, CURLUPART_PATH);
    while (path.ends_with('/'))
        path.pop_back();
    endpoint.url = endpoint.origin + path;
    endpoint.encrypted = scheme == "https";
    endpoint.loopback = isLoopback(endpoint.host);
    return endpoint;
}

Result<Endpoint> endpointOfModel(std::string_view provider, std::string_view baseUrl)
{
    const KnownProvider* const known = knownProvider(provider);
    return parseEndpoint(baseUrl.empty() && known ? known->baseUrl : baseUrl);
}

bool isSameServerHere(const Endpoint& a, const Endpoint& b)
{
    return a.loopback && b.loopback && a.port == b.port;
}

std::string redirectOrigin(const std::string& url, std::string_view location)
{
    const CurlUrl target(curl_url(), &curl_url_cleanup);
    const std::string text(location);
    if (text.empty() || curl_url_set(target.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
        curl_url_set(target.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
            CURLUE_OK)
        return {};
    return part(target, CURLUPART_SCHEME) + "://" + authority(target);
}

} // namespace signalbox
