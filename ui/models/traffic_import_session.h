// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/traffic/traffic_import.h>

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// How a log becomes a table.
struct TrafficImportOrder
{
    std::filesystem::path log;
    std::filesystem::path table; ///< replaced, if it is there, once the new one is whole
    LogMapping mapping;
    std::shared_ptr<const TextRedactor> redactor; ///< null: nothing is taken out
    bool leavesOutPrompts = false;
    std::optional<PolicyDocument> policy; ///< whose signals are kept then
    std::shared_ptr<const UserStyles> styles;
};

struct ImportedTable
{
    std::filesystem::path table;
    std::size_t requests = 0;
    std::size_t conversations = 0;
    std::size_t badLines = 0;
    std::filesystem::path aside; ///< keeps the bad lines; empty if there are none
    std::string asideProblem;    ///< why they are not kept: a sentence, or empty
    std::vector<RedactionCount> redactions;
    std::vector<std::string> keptSignals;
};

/// The lines that could not be read, beside their table.
[[nodiscard]] std::filesystem::path asideOf(const std::filesystem::path& table);

/// Imports one log at a time on another thread. Nothing is left behind by one that is cancelled or
/// fails. GUI thread.
class TrafficImportSession : public QObject
{
    Q_OBJECT
public:
    explicit TrafficImportSession(QObject* parent = nullptr);
    ~TrafficImportSession() override; ///< cancels

    void start(TrafficImportOrder order);
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_progress != nullptr; }

    enum class Step { Reading, KeepingSignals, Writing };
    struct State
    {
        Step step = Step::Reading;
        double share = 0; ///< of the step; 0 where it is not known
        std::size_t requests = 0;
    };
    [[nodiscard]] State state() const;

signals:
    void progressed();
    void finished(const signalbox::ui::ImportedTable& done);
    void failed(const signalbox::Error& why); ///< Cancelled, too

private:
    struct Progress;
    static Result<ImportedTable> import(const TrafficImportOrder& order, Progress& progress);

    std::shared_ptr<Progress> m_progress; ///< of what runs
    QTimer m_tick;
};

} // namespace signalbox::ui
