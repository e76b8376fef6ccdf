// SPDX-License-Identifier: GPL-3.0-or-later
#include "long_work.h"

#include <cassert>
#include <csignal>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

constexpr std::size_t kTenths = 10;

std::atomic<bool> g_isAsked = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a handler of signals may set it");

struct Before
{
    void (*interrupt)(int) = SIG_DFL;
    void (*terminate)(int) = SIG_DFL;
};
Before g_before;

extern "C" void askToStop(int number)
{
    g_isAsked = true;
    std::signal(number, SIG_DFL);
}

} // namespace

StopRequest::StopRequest()
{
    g_isAsked = false;
    g_before.interrupt = std::signal(SIGINT, askToStop);
    g_before.terminate = std::signal(SIGTERM, askToStop);
}

StopRequest::~StopRequest()
{
    std::signal(SIGINT, g_before.interrupt);
    std::signal(SIGTERM, g_before.terminate);
}

const std::atomic<bool>* StopRequest::flag() const
{
    return &g_isAsked;
}

void TenthsOfWork::tell(std::size_t done, std::size_t inAll, const std::string& more)
{
    const std::size_t tenth = inAll == 0 ? 0 : done * kTenths / inAll;
    if (tenth <= m_told || tenth >= kTenths)
        return;
    m_told = tenth;
    m_streams.err << tenth * kTenths << " % of " << m_what << (more.empty() ? "" : ", ") << more
                  << '\n'
                  << std::flush; // it may be a file that somebody watches
}

} // namespace signalbox::cli
