// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_reader.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace signalbox {

struct StoreReader::Private
{
    StoreAddress address;
    StoreOptions options;
    std::function<void()> before; ///< empty once it was called
    std::mutex mutex;             ///< guards the jobs and isClosing
    std::condition_variable wake;
    std::deque<Job> jobs;
    bool isClosing = false;
    std::unique_ptr<StoreConnection> store = {}; ///< the thread's own
    std::thread thread = {};

    void work();
    void answer(const Job& job);
    [[nodiscard]] Result<StoreConnection*> open();
};

Result<StoreConnection*> StoreReader::Private::open()
{
    if (const auto first = std::exchange(before, {}))
        first();
    if (!store) {
        auto opened = openStore(address, options);
        if (!opened)
            return Unexpected(opened.error());
        store = std::move(opened->connection);
    }
    return store.get();
}

void StoreReader::Private::answer(const Job& job)
{
    const bool wasOpen = store != nullptr;
    if (job(open()))
        return;
    store.reset(); // a server that went and came back since the last question
    if (wasOpen && job(open()))
        return;
    store.reset();
    (void)job(fail(ErrorCode::NetworkError, "the shared store cannot be reached", toString(address),
                   "check the network and the server, then try again"));
}

void StoreReader::Private::work()
{
    std::unique_lock lock(mutex);
    for (;;) {
        wake.wait(lock, [this] { return isClosing || !jobs.empty(); });
        if (isClosing)
            break;
        const Job job = std::move(jobs.front());
        jobs.pop_front();
        lock.unlock();
        answer(job);
        lock.lock();
    }
    for (const Job& job : std::exchange(jobs, {}))
        (void)job(fail(ErrorCode::Cancelled, "the store was closed"));
    store.reset();
}

StoreReader::StoreReader(StoreAddress address, StoreOptions options, std::function<void()> before)
    : d(std::make_unique<Private>())
{
    d->address = std::move(address);
    d->options = std::move(options);
    d->before = std::move(before);
    d->thread = std::thread([this] { d->work(); });
}

StoreReader::~StoreReader()
{
    {
        const std::scoped_lock lock(d->mutex);
        d->isClosing = true;
        d->wake.notify_one();
    }
    d->thread.join();
}

void StoreReader::add(Job job)
{
    const std::scoped_lock lock(d->mutex);
    d->jobs.push_back(std::move(job));
    d->wake.notify_one();
}

} // namespace signalbox
