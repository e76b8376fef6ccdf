// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store_open.h"
#include "write_queue.h"

#include <core/base/result.h>

#include <QObject>

#include <cstddef>
#include <memory>
#include <string>

namespace signalbox {

struct WriterSettings
{
    StoreOptions open = {};
    /// How long partial text waits for more of it. Everything else is written at once; what comes
    /// while a transaction is under way goes into the next.
    int partialMs = 200;
    int retryMs = 500; ///< first wait after a failure; doubles up to mostRetryMs
    int mostRetryMs = 10'000;
    std::size_t roomBytes = std::size_t{32} << 20; ///< above, hasRoom() is false
};

/// Writes to a store on a thread of its own, with a connection of its own, in the order in which it
/// was told. What cannot be written now (disk full, locked by another window, server gone) is kept
/// and tried again until it can, so that nothing is lost and, as writes may be repeated, nothing is
/// there twice. Never blocks its caller but in close(). Signals come on the thread that owns the
/// object, through its event loop; put() and run() may be called from any thread.
class StoreWriter : public QObject
{
    Q_OBJECT
public:
    /// Begins to open the store at once, in the background.
    /// @param owner  newRunOwner(): holds the runs that are written; given up in close()
    StoreWriter(StoreAddress address, WriterSettings settings, std::string owner,
                QObject* parent = nullptr);
    /// close() with no time to wait.
    ~StoreWriter() override;

    /// @return the number that written() will reach once it is on disk
    WriteNumber put(StoreWrite write);
    /// Something else to be done on the thread, after everything that was put before it. It is told
    /// why there is no store if it is closed before.
    void run(StoreJob job);

    /// Back-pressure: whether so little waits that more may be asked of models. What is finished is
    /// taken in any case.
    [[nodiscard]] bool hasRoom() const;
    /// Writes that are not on disk yet.
    [[nodiscard]] std::size_t waiting() const;
    /// Everything to this number is on disk, or refused. May be ahead of the last written().
    [[nodiscard]] WriteNumber writtenUpTo() const;
    [[nodiscard]] bool wasRefused(WriteNumber number) const;
    /// Writes what waits, partial text too, and blocks until that is done, something is in the way,
    /// or waitMs are over. After a failure that is one try more, now.
    /// @return why something is not on disk yet
    Result<void> flush(int waitMs);
    /// Blocks until the store was opened, or the first try to do so has failed.
    void waitUntilTried() const;
    /// Tries again now, e.g. because the person says that there is room on the disk.
    void retryNow();
    /// Writes what waits, gives the runs up and ends the thread; what is put afterwards is lost.
    /// Blocks for waitMs at most and the time of one statement. What fails then is not tried again.
    /// @return why something is not on disk
    Result<void> close(int waitMs);

signals:
    /// Once. @param notice  a sentence if a damaged file was set aside, else empty
    void opened(const QString& notice);
    void written(quint64 upTo); ///< everything to this number is on disk
    /// Nothing is written for now. If mayPass(error), it is tried again by itself; else only after
    /// retryNow().
    void troubled(const signalbox::Error& error);
    void recovered(); ///< after troubled(): writing goes on
    /// One write can never succeed (its run is not in the store) and was left out.
    void refused(quint64 number, const signalbox::Error& error);
    void roomChanged(bool hasRoom);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox
