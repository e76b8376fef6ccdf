// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <cstdint>

namespace signalbox {

class Clock;

/// Notices that the machine has slept and woke up: connections may be dead then without anybody
/// saying so, and what a server promised for later is due. Looks at a clock now and then while it
/// is started. Of the thread that made it.
class SleepWatch : public QObject
{
    Q_OBJECT
public:
    static constexpr int kLookMs = 2'000;
    static constexpr std::int64_t kShortestMs = 3'000; ///< a shorter sleep breaks no connection

    /// @param clock   outlives it
    /// @param lookMs  between two looks
    explicit SleepWatch(const Clock& clock, int lookMs = kLookMs, QObject* parent = nullptr);

    void start(); ///< from now on; again is no harm
    void stop();

signals:
    void woke(qint64 sleptMs);

private:
    void look();

    const Clock* m_clock;
    QTimer m_timer;
    std::int64_t m_asleepMs = 0; ///< at the last look
};

} // namespace signalbox
