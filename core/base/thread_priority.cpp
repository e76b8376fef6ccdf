// SPDX-License-Identifier: Apache-2.0
#include "thread_priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace signalbox {

void runBehindOthers()
{
#ifdef __linux__
    // A tenth of the share of a usual thread when both want the same core. Linux has a nice value
    // per thread, which pthread priorities do not reach.
    constexpr int kNice = 10;
    thread_local bool isBehind = false;
    if (isBehind)
        return;
    isBehind = true;
    const auto thread = static_cast<id_t>(syscall(SYS_gettid));
    if (getpriority(PRIO_PROCESS, thread) < kNice)
        setpriority(PRIO_PROCESS, thread, kNice);
#endif
}

} // namespace signalbox
