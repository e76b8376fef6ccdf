// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace signalbox {

/// Splits [0, count) into one block per core (at most 8; one alone below `smallest`) and calls
/// work(begin, end) on each, the last one on the calling thread. Results must not depend on the
/// split. `work` must not throw.
template<class Work> void forBlocks(std::size_t count, std::size_t smallest, const Work& work)
{
    const std::size_t cores = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    const std::size_t blocks =
        std::clamp<std::size_t>(count / std::max<std::size_t>(smallest, 1), 1, cores);
    std::vector<std::jthread> threads;
    for (std::size_t b = 0; b + 1 < blocks; ++b)
        threads.emplace_back([&work, begin = count * b / blocks, end = count * (b + 1) / blocks] {
            work(begin, end);
        });
    work(count * (blocks - 1) / blocks, count);
}

/// Calls job(0) … job(count - 1), on as many threads as there are cores, each taking the next
/// `batch` that is free: for jobs of very different length. `job` must not throw.
template<class Job> void forEachIndex(std::size_t count, std::size_t batch, const Job& job)
{
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i; (i = next.fetch_add(batch)) < count;) {
            for (std::size_t j = i; j < std::min(i + batch, count); ++j)
                job(j);
        }
    };
    const std::size_t cores = std::max(std::thread::hardware_concurrency(), 1U);
    const std::size_t threads = std::min(cores, (count + batch - 1) / batch);
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i)
        helpers.emplace_back(work);
    work();
}

} // namespace signalbox
