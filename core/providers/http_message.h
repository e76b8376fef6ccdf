// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

struct HttpHeader
{
    std::string name; ///< lower case in answers
    std::string value;
};

/// The headers of an answer.
class HttpHeaders
{
public:
    void add(std::string name, std::string value); ///< name in any case
    void clear() { m_entries.clear(); }
    [[nodiscard]] std::string_view value(std::string_view lowerCaseName) const; ///< empty: none
    [[nodiscard]] bool contains(std::string_view lowerCaseName) const;

private:
    std::vector<HttpHeader> m_entries;
};

struct HttpRequest
{
    std::string url;  ///< http or https; anything else fails
    std::string body; ///< not empty: POST, else GET
    std::vector<HttpHeader> headers;
    int connectTimeoutMs = 5'000;
    int idleTimeoutMs = 60'000;   ///< without a byte, once the request is sent; 0: no limit
    int totalTimeoutMs = 600'000; ///< from start to end
    std::size_t bodyLimitBytes = std::size_t{64} << 20;
};

/// How a transfer ended.
enum class TransferEnd {
    Whole,       ///< and the framing proves it: length, chunks or HTTP/2
    Closed,      ///< without an error, but nothing proves that it was all
    Cut,         ///< connection lost inside the answer
    NameUnknown, ///< no address for the host
    Refused,     ///< no connection
    ConnectTimedOut,
    Untrusted, ///< TLS: certificate, protocol
    NoAnswer,  ///< closed before the first byte of an answer
    NotHttp,
    TimedOut,
    Stalled,
    LostInSleep, ///< this computer slept, and nothing came since it woke up
    TooLarge,
    Encoded, ///< compressed, though identity was asked for
    BadUrl,
    Cancelled,
};

} // namespace signalbox
