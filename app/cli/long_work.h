// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <atomic>
#include <cstddef>
#include <string>

namespace signalbox::cli {

/// While one lives, the first Ctrl+C (SIGINT, SIGTERM) asks the work to stop, so that it leaves
/// nothing half written; the second one ends the program at once. One at a time.
class StopRequest
{
public:
    StopRequest();
    ~StopRequest();
    StopRequest(const StopRequest&) = delete;
    StopRequest& operator=(const StopRequest&) = delete;

    [[nodiscard]] const std::atomic<bool>* flag() const; ///< set once somebody asked
};

/// A line on `err` for each tenth of a work that takes long. From one thread.
class TenthsOfWork
{
public:
    TenthsOfWork(const Streams& streams, std::string what)
        : m_streams(streams), m_what(std::move(what))
    {}
    /// "30 % of the logs read, 1,200,000 requests"
    void tell(std::size_t done, std::size_t inAll, const std::string& more = {});

private:
    const Streams& m_streams;
    std::string m_what;
    std::size_t m_told = 0;
};

} // namespace signalbox::cli
