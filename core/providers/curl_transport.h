// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http_transport.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace signalbox {

class Clock;

/// HTTP by libcurl's multi interface on a Qt event loop of its own thread, which starts with the
/// first request. No limit on connections per host, no redirects, no cookies, no compression; the
/// proxy of the environment for everything but loopback. When the computer wakes up, a call that
/// hears nothing for a while is given up as TransferEnd::LostInSleep, and connections of the time
/// before are not used again; servers on this computer have slept along, and are left alone.
class CurlTransport final : public HttpTransport
{
public:
    struct Wake
    {
        const Clock* clock = nullptr; ///< null: the machine's
        int lookMs = 2'000;           ///< between two looks at it
        int graceMs = 10'000;         ///< for a sign of life from a server
        bool sparesHere = true;
    };
    CurlTransport();
    explicit CurlTransport(const Wake& wake);
    /// Ends what is under way as Cancelled and waits for the thread, not for the network.
    ~CurlTransport() override;

    TransferId start(HttpRequest request, std::shared_ptr<TransferReader> reader) override;
    void cancel(TransferId id) override;

private:
    class Loop;
    struct Network;
    [[nodiscard]] Loop& loop();

    const Wake m_wake;
    std::mutex m_mutex; ///< guards m_network's making
    std::unique_ptr<Network> m_network;
    std::atomic<TransferId> m_lastId = 0;
};

} // namespace signalbox
