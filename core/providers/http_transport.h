// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

class QObject;

namespace signalbox {

/// Reads one answer as it comes. Called on the transport's own thread, one call at a time, so it
/// shares nothing with other threads but what it guards. Times are nanoseconds of the monotonic
/// clock, taken when the bytes were read.
class TransferReader
{
public:
    enum class Verdict {
        Continue,
        Enough, ///< the answer is complete; the rest is not given out
    };

    virtual ~TransferReader() = default;
    /// The connection stands and the request goes out now.
    /// @param connectNs  spent on name, connection and TLS; 0 on a connection that was there
    virtual void onSent(std::int64_t atNs, std::int64_t connectNs) = 0;
    virtual void onHeaders(int status, const HttpHeaders& headers, std::int64_t atNs) = 0;
    [[nodiscard]] virtual Verdict onBody(std::string_view bytes, std::int64_t atNs) = 0;
    /// Exactly once, unless Enough was said before; nothing follows.
    virtual void onEnd(TransferEnd end, std::int64_t atNs) = 0;
};

using TransferId = std::uint64_t;

/// Carries requests out. Any thread may call it; it never blocks.
class HttpTransport
{
public:
    virtual ~HttpTransport() = default;
    /// Starts at once, however many others run. The reader lives until its end.
    virtual TransferId start(HttpRequest request, std::shared_ptr<TransferReader> reader) = 0;
    /// Ends with TransferEnd::Cancelled, if it has not ended yet.
    virtual void cancel(TransferId id) = 0;
};

/// One whole answer.
struct HttpAnswer
{
    TransferEnd end = TransferEnd::Cancelled;
    int status = 0; ///< 0: none came
    HttpHeaders headers;
    std::string body; ///< up to the request's limit
};

/// Sends a request and gives its whole answer to `done`, once, on the thread of `context`, unless
/// `context` dies first.
TransferId fetchWhole(HttpTransport& transport, HttpRequest request, QObject* context,
                      std::function<void(const HttpAnswer&)> done);

} // namespace signalbox
