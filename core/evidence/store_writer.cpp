// SPDX-License-Identifier: GPL-3.0-or-later
#include "store_writer.h"

#include "run_owner.h"
#include "run_table.h"
#include "store_failure.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace signalbox {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Small enough that another window's turn comes soon.
constexpr std::size_t kMostWrites = 1'000;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;

} // namespace

struct StoreWriter::Private
{
    Private(StoreWriter* writer, StoreAddress where, WriterSettings with, std::string who)
        : q(writer), address(std::move(where)), settings(std::move(with)), owner(std::move(who))
    {}

    StoreWriter* q;
    const StoreAddress address;
    const WriterSettings settings;
    const std::string owner;

    mutable std::mutex mutex; ///< guards what follows, up to the thread's own
    std::condition_variable wake;
    mutable std::condition_variable tried;
    bool wasTried = false;
    std::condition_variable paused; ///< nothing waits, or something is in the way
    std::optional<Error> trouble;   ///< the last failure, until something succeeds
    bool isBusy = false;            ///< with a batch
    bool isHurried = false;         ///< somebody waits in flush()
    WriteNumber writtenUpTo = 0;
    std::set<WriteNumber> refusals;
    WriteQueue queue;
    std::optional<Clock::time_point> oldest; ///< when what waits began to wait
    bool isClosing = false;
    Clock::time_point closeBy;
    bool wantsRetry = false;
    bool hadRoom = true;
    std::size_t inFlight = 0;      ///< writes
    std::size_t inFlightBytes = 0; ///< of them
    std::optional<Error> lost;     ///< why something was given up in close()

    // The thread's own.
    std::unique_ptr<StoreConnection> store;
    WriteQueue::Batch batch; ///< being written; kept until it is
    bool wasOpened = false;
    bool isTroubled = false;
    bool holdsRuns = false;
    int waitMs = 0;
    Clock::time_point nextBeat;
    std::thread thread;

    void work();
    [[nodiscard]] bool waitForWork();
    [[nodiscard]] bool takeBatch();
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> attempt();
    [[nodiscard]] Result<void> writeBatch();
    [[nodiscard]] Result<void> writeOneByOne();
    void batchDone();
    void noteRoom();
    void settle();
    [[nodiscard]] bool waitAfter(const Error& error);
    void giveUp();
    void noteTried();
    void beatIfDue();
    template<class Emission> void tell(Emission emission);
};

/// Signals are emitted by the owner's event loop: whoever connects right after making the writer
/// hears everything.
template<class Emission> void StoreWriter::Private::tell(Emission emission)
{
    QMetaObject::invokeMethod(q, std::move(emission), Qt::QueuedConnection);
}

/// Returns when there is something to write; false: close.
bool StoreWriter::Private::waitForWork()
{
    if (Clock::now() >= nextBeat)
        beatIfDue(); // also while there is always something to write
    std::unique_lock lock(mutex);
    for (;;) {
        const bool isRipe = oldest && Clock::now() >= *oldest + milliseconds(settings.partialMs);
        if (queue.isUrgent() || isRipe || ((isClosing || isHurried) && !queue.isEmpty()))
            return true;
        if (isClosing)
            return false;
        Clock::time_point until = nextBeat;
        if (oldest)
            until = std::min(until, *oldest + milliseconds(settings.partialMs));
        wake.wait_until(lock, until);
        if (Clock::now() >= nextBeat) {
            lock.unlock();
            beatIfDue();
            lock.lock();
        }
    }
}

bool StoreWriter::Private::takeBatch()
{
    const std::scoped_lock lock(mutex);
    const std::size_t before = queue.bytes();
    batch = queue.take(kMostWrites, kMostBytes);
    inFlight = batch.writes.size();
    inFlightBytes = before - queue.bytes();
    if (queue.isEmpty())
        oldest.reset();
    isBusy = !batch.writes.empty() || batch.job;
    return isBusy;
}

Result<void> StoreWriter::Private::open()
{
    if (store)
        return {};
    auto fresh = openStore(address, settings.open);
    if (!fresh)
        return Unexpected(fresh.error());
    store = std::move(fresh->connection);
    if (!std::exchange(wasOpened, true))
        tell([this, notice = QString::fromStdString(fresh->notice)] { emit q->opened(notice); });
    return {};
}

Result<void> StoreWriter::Private::writeBatch()
{
    auto applied = applyWrites(*store, batch.writes, owner);
    if (applied || mayPass(applied.error()) || isDamage(applied.error()))
        return applied;
    return writeOneByOne();
}

/// One of them can never be written, and must not keep the others from it.
Result<void> StoreWriter::Private::writeOneByOne()
{
    while (!batch.writes.empty()) {
        auto applied = applyWrites(*store, std::span(batch.writes).first(1), owner);
        if (!applied) {
            if (mayPass(applied.error()) || isDamage(applied.error()))
                return applied;
            const std::scoped_lock lock(mutex);
            refusals.insert(batch.numbers.front());
            tell([this, number = batch.numbers.front(), error = applied.error()] {
                emit q->refused(number, error);
            });
        }
        batch.writes.erase(batch.writes.begin());
        batch.numbers.erase(batch.numbers.begin());
    }
    return {};
}

Result<void> StoreWriter::Private::attempt()
{
    if (auto isOpen = open(); !isOpen)
        return isOpen;
    if (batch.job) {
        settle();
        std::exchange(batch.job, {})(store.get());
        holdsRuns = true; // it may have claimed one
        return {};
    }
    holdsRuns = holdsRuns || std::ranges::any_of(batch.writes, [](const StoreWrite& write) {
                    return std::holds_alternative<RunWritten>(write);
                });
    return batch.writes.empty() ? Result<void>() : writeBatch();
}

void StoreWriter::Private::noteRoom()
{
    const bool hasRoomNow = queue.bytes() + inFlightBytes <= settings.roomBytes;
    if (hasRoomNow != std::exchange(hadRoom, hasRoomNow))
        tell([this, hasRoomNow] { emit q->roomChanged(hasRoomNow); });
}

/// Something succeeded.
void StoreWriter::Private::settle()
{
    waitMs = 0;
    if (!std::exchange(isTroubled, false))
        return;
    tell([this] { emit q->recovered(); });
    const std::scoped_lock lock(mutex);
    trouble.reset();
}

void StoreWriter::Private::batchDone()
{
    settle();
    const WriteNumber upTo = batch.upTo;
    batch = {};
    {
        const std::scoped_lock lock(mutex);
        inFlight = 0;
        inFlightBytes = 0;
        isBusy = false;
        writtenUpTo = std::max(writtenUpTo, upTo);
        noteRoom();
        paused.notify_all();
    }
    if (upTo > 0)
        tell([this, upTo] { emit q->written(upTo); });
}

/// @return false: there is no time left to try again
bool StoreWriter::Private::waitAfter(const Error& error)
{
    // A server's connection is good for nothing after a failure that may be its own; of a file only
    // a lock leaves it as it was.
    if (std::holds_alternative<PostgresStore>(address) || error.code != ErrorCode::Refused)
        store.reset();
    waitMs = waitMs == 0 ? settings.retryMs : std::min(2 * waitMs, settings.mostRetryMs);
    isTroubled = true;
    tell([this, error] { emit q->troubled(error); });
    std::unique_lock lock(mutex);
    trouble = error;
    paused.notify_all();
    const auto isCalled = [this] { return wantsRetry || isClosing; };
    if (!mayPass(error))
        wake.wait(lock, isCalled);
    else
        wake.wait_for(lock, milliseconds(waitMs), isCalled);
    wantsRetry = false;
    if (!isClosing)
        return true;
    if (mayPass(error) && Clock::now() + milliseconds(waitMs) < closeBy) {
        lock.unlock();
        std::this_thread::sleep_for(milliseconds(waitMs)); // the caller of close() waits for this
        return true;
    }
    lost = error;
    return false;
}

/// Jobs are told; writes are gone with the object, and close() says so.
void StoreWriter::Private::giveUp()
{
    bool isLost = false;
    do {
        if (batch.job)
            batch.job(Unexpected(*lost));
        isLost = isLost || !batch.writes.empty();
        batch = {};
    } while (takeBatch());
    if (!isLost)
        lost.reset();
}

void StoreWriter::Private::noteTried()
{
    const std::scoped_lock lock(mutex);
    wasTried = true;
    tried.notify_all();
}

void StoreWriter::Private::beatIfDue()
{
    nextBeat = Clock::now() + milliseconds(kHeartbeatMs);
    if (!store || !holdsRuns)
        return;
    // A sign of life that fails is made up for by the next write or the next sign.
    if (const auto done = beat(*store, owner); !done && done.error().code != ErrorCode::Refused)
        store.reset();
}

void StoreWriter::Private::work()
{
    nextBeat = Clock::now() + milliseconds(kHeartbeatMs);
    bool goesOn = true;
    for (bool isFirst = true; goesOn; isFirst = false) {
        if (isFirst || takeBatch()) {
            Result<void> done = attempt();
            noteTried();
            if (!done && store && done.error().code == ErrorCode::NetworkError) {
                store.reset(); // a server that went and came back since the last write
                done = attempt();
            }
            while (!done && goesOn) {
                goesOn = waitAfter(done.error());
                if (goesOn)
                    done = attempt();
            }
            if (done)
                batchDone();
        }
        goesOn = goesOn && waitForWork();
    }
    if (lost)
        giveUp();
    else if (store && holdsRuns)
        (void)letGoOfRuns(*store, owner); // else whoever wants them sees that this program is gone
    store.reset();
}

StoreWriter::StoreWriter(StoreAddress address, WriterSettings settings, std::string owner,
                         QObject* parent)
    : QObject(parent),
      d(std::make_unique<Private>(this, std::move(address), std::move(settings), std::move(owner)))
{
    d->thread = std::thread([this] { d->work(); });
}

StoreWriter::~StoreWriter()
{
    (void)close(0);
}

WriteNumber StoreWriter::put(StoreWrite write)
{
    const std::scoped_lock lock(d->mutex);
    const WriteNumber number = d->queue.add(std::move(write));
    if (!d->oldest)
        d->oldest = Clock::now();
    d->noteRoom();
    d->wake.notify_one();
    return number;
}

void StoreWriter::run(StoreJob job)
{
    {
        const std::scoped_lock lock(d->mutex);
        if (!d->isClosing) {
            d->queue.add(std::move(job));
            d->wake.notify_one();
            return;
        }
    }
    job(fail(ErrorCode::Cancelled, "the store was closed"));
}

bool StoreWriter::hasRoom() const
{
    const std::scoped_lock lock(d->mutex);
    return d->hadRoom;
}

std::size_t StoreWriter::waiting() const
{
    const std::scoped_lock lock(d->mutex);
    return d->queue.size() + d->inFlight;
}

WriteNumber StoreWriter::writtenUpTo() const
{
    const std::scoped_lock lock(d->mutex);
    return d->writtenUpTo;
}

bool StoreWriter::wasRefused(WriteNumber number) const
{
    const std::scoped_lock lock(d->mutex);
    return d->refusals.count(number) != 0;
}

Result<void> StoreWriter::flush(int waitMs)
{
    std::unique_lock lock(d->mutex);
    const auto isDone = [this] { return d->queue.isEmpty() && !d->isBusy; };
    if (isDone())
        return {};
    if (d->trouble) {
        d->trouble.reset();
        d->wantsRetry = true;
    }
    d->isHurried = true;
    d->wake.notify_one();
    d->paused.wait_for(lock, milliseconds(waitMs), [&] { return isDone() || d->trouble; });
    d->isHurried = false;
    if (isDone())
        return {};
    if (d->trouble)
        return Unexpected(*d->trouble);
    return fail(ErrorCode::Refused, "the answers are still being written", toString(d->address),
                "wait a moment and try again");
}

void StoreWriter::waitUntilTried() const
{
    std::unique_lock lock(d->mutex);
    d->tried.wait(lock, [this] { return d->wasTried; });
}

void StoreWriter::retryNow()
{
    const std::scoped_lock lock(d->mutex);
    d->wantsRetry = true;
    d->wake.notify_one();
}

Result<void> StoreWriter::close(int waitMs)
{
    if (!d->thread.joinable())
        return {};
    {
        const std::scoped_lock lock(d->mutex);
        d->isClosing = true;
        d->closeBy = Clock::now() + milliseconds(waitMs);
        d->wake.notify_one();
    }
    d->thread.join();
    if (d->lost)
        return Unexpected(*d->lost);
    return {};
}

} // namespace signalbox
