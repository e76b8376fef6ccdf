// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <string>
#include <string_view>

namespace signalbox {

/// The address of a model server, read by the parser that also connects to it (libcurl's), so that
/// a check and the connection cannot disagree about the host.
struct Endpoint
{
    std::string url;    ///< "https://api.openai.com/v1", without a slash at the end
    std::string origin; ///< "https://api.openai.com"; with the port where it is not the usual one
    std::string server; ///< for people: the origin without its scheme
    std::string host;   ///< lower case
    int port = 0;       ///< the scheme's own where the URL names none
    bool encrypted = false;
    bool loopback = false; ///< localhost, 127.0.0.0/8 or ::1
};

/// Reads a base URL. Only http and https, no user, query or fragment. Nothing is added: without a
/// path the URL is the origin.
[[nodiscard]] Result<Endpoint> parseEndpoint(std::string_view baseUrl);

/// The address of a model: its own, or its provider's where it names none.
/// @param provider  the name in a policy
[[nodiscard]] Result<Endpoint> endpointOfModel(std::string_view provider, std::string_view baseUrl);

/// The same server on this computer, under whatever name of it: the ports are all it has.
[[nodiscard]] bool isSameServerHere(const Endpoint& a, const Endpoint& b);

/// The origin that a Location header of an answer from `url` points to; empty if it is unreadable.
[[nodiscard]] std::string redirectOrigin(const std::string& url, std::string_view location);

} // namespace signalbox
