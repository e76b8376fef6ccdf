// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_scanner.h"

#include "background.h"

#include <utility>

namespace signalbox::ui {

namespace {
constexpr int kTickMs = 100;
}

/// What both threads know of a scan.
struct TrafficScanner::Progress
{
    std::atomic<bool> stop = false;
    std::atomic<std::size_t> read = 0;
    std::atomic<std::size_t> inAll = 0;
};

TrafficScanner::TrafficScanner(std::filesystem::path log, QObject* parent)
    : QObject(parent), m_log(std::move(log))
{
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &TrafficScanner::progressed);
}

TrafficScanner::~TrafficScanner()
{
    stop();
}

void TrafficScanner::stop()
{
    if (m_progress)
        m_progress->stop = true;
    m_progress.reset();
    m_tick.stop();
}

double TrafficScanner::share() const
{
    const std::size_t inAll = m_progress ? m_progress->inAll.load() : 0;
    return inAll == 0 ? 0
                      : static_cast<double>(m_progress->read.load()) / static_cast<double>(inAll);
}

void TrafficScanner::start(const LogMapping& mapping)
{
    stop();
    m_scan.reset();
    m_progress = std::make_shared<Progress>();
    m_tick.start();
    inBackground(
        this,
        [log = m_log, mapping, progress = m_progress] {
            return scanLog(log, mapping, &progress->stop, [&progress](const LogProgress& done) {
                progress->read = done.bytesRead;
                progress->inAll = done.bytesInAll;
            });
        },
        [this, asked = std::weak_ptr(m_progress)](Result<LogScan> scan) {
            if (m_progress && asked.lock() == m_progress) // a later one may be at the same place
                takeScan(std::move(scan));
        });
}

void TrafficScanner::takeScan(Result<LogScan> scan)
{
    stop();
    if (!scan) {
        emit failed(scan.error());
        return;
    }
    m_scan = std::move(*scan);
    emit scanned();
}

void TrafficScanner::preview(const LogMapping& mapping,
                             std::shared_ptr<const TextRedactor> redactor)
{
    inBackground(
        this,
        [log = m_log, mapping, redactor = std::move(redactor)] {
            return firstRows(log, mapping, redactor.get());
        },
        [this, asked = ++m_previews](const Result<std::vector<LogRowPreview>>& rows) {
            if (asked != m_previews)
                return;
            if (rows)
                emit previewed(*rows);
            else
                emit failed(rows.error());
        });
}

} // namespace signalbox::ui
