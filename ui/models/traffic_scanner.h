// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "traffic_log.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace signalbox::ui {

/// Reads a log on another thread each time it is to be read otherwise: first its first rows, then
/// all of it. The last question counts; what was under way for another stops. GUI thread.
class TrafficScanner : public QObject
{
    Q_OBJECT
public:
    explicit TrafficScanner(std::filesystem::path log, QObject* parent = nullptr);
    ~TrafficScanner() override;

    void start(const LogMapping& mapping);
    /// The first rows alone, with other texts taken out.
    /// @param redactor  null: nothing is
    void preview(const LogMapping& mapping, std::shared_ptr<const TextRedactor> redactor);
    void stop();

    [[nodiscard]] bool isScanning() const { return m_progress != nullptr; }
    /// Of the last start(); nothing until it is done.
    [[nodiscard]] const std::optional<LogScan>& scan() const { return m_scan; }
    /// Part of the log that is read, 0 to 1.
    [[nodiscard]] double share() const;

signals:
    void progressed();
    void previewed(const std::vector<signalbox::ui::LogRowPreview>& rows);
    void scanned(); ///< scan() is there
    void failed(const signalbox::Error& why);

private:
    struct Progress;
    void takeScan(Result<LogScan> scan);

    std::filesystem::path m_log;
    std::shared_ptr<Progress> m_progress; ///< of what runs
    std::optional<LogScan> m_scan;
    int m_previews = 0;
    QTimer m_tick;
};

} // namespace signalbox::ui
