// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "failures.h"
#include "provider.h"

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace signalbox {

/// How one attempt ended, beside its events.
struct AttemptEnd
{
    TimedEvent event;     ///< StreamFinished or StreamFailed
    Failure failure;      ///< if it failed
    bool anyText = false; ///< a delta was given out before
    StreamTimes times;
};

/// What a stream finds when it looks.
struct Mail
{
    std::vector<TimedEvent> events;
    std::optional<AttemptEnd> end;
};

/// Carries events of one stream from the network thread to the thread of the stream. The first
/// piece of mail rings once; further ones wait silently until they are taken, but the end, which
/// rings for itself: whoever sends many calls has the place for another one. A flood does not pile
/// up: behind kSeparate waiting events, neighbouring deltas of one kind are joined.
class StreamMailbox
{
public:
    static constexpr std::size_t kSeparate = 256;

    enum class Ring { Mail, End };
    /// @param ring  called on the thread of `owner`; `owner` calls close() before it dies
    StreamMailbox(QObject* owner, std::function<void(Ring)> ring);

    void put(std::vector<TimedEvent> events);
    void put(AttemptEnd end);
    [[nodiscard]] Mail take();
    void close(); ///< whatever comes later is thrown away

private:
    void ringLocked(Ring why);

    std::mutex m_mutex;
    QObject* m_owner; ///< null: closed
    std::function<void(Ring)> m_ring;
    Mail m_mail;
    bool m_rung = false;
};

} // namespace signalbox
