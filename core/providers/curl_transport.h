// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_transport.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace signalbox {

/// HTTP by libcurl's multi interface on a Qt event loop of its own thread, which starts with the
/// first request. No limit on connections per host, no redirects, no cookies, no compression; the
/// proxy of the environment for everything but loopback.
class CurlTransport final : public HttpTransport
{
public:
    CurlTransport();
    /// Ends what is under way as Cancelled and waits for the thread, not for the network.
    ~CurlTransport() override;

    TransferId start(HttpRequest request, std::shared_ptr<TransferReader> reader) override;
    void cancel(TransferId id) override;

private:
    class Loop;
    struct Network;
    [[nodiscard]] Loop& loop();

    std::mutex m_mutex; ///< guards m_network's making
    std::unique_ptr<Network> m_network;
    std::atomic<TransferId> m_lastId = 0;
};

} // namespace signalbox
