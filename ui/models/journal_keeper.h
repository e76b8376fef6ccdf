// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_journal.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace signalbox::ui {

/// Keeps one open policy safe from a crash. A committed edit is in its journal when keep() returns;
/// of a spell of typing in the source, where each key replaces the whole document, the newest is
/// written a moment later, or right before whatever comes next. After a failure every edit tries
/// anew to write down all there is: the disk may have room again. Owned by the policy; its journal
/// goes with it. Lives on the GUI thread.
class JournalKeeper final : public QObject
{
    Q_OBJECT
public:
    /// Starts a journal over with the policy as it is now.
    using Restart = std::function<Result<void>(PolicyJournal&)>;

    /// @param folder  where journals lie; empty: nothing is kept
    JournalKeeper(std::filesystem::path folder, Restart restart);
    ~JournalKeeper() override;

    [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
    void setFolder(const std::filesystem::path& folder) { m_folder = folder; }

    /// Begins anew: the policy was opened or saved.
    void start();
    void keep(const PolicyJournal::Step& step);
    /// Text of the source that cannot be read, which a person must not lose either; nothing: it can
    /// be read, or is gone. Written a moment later.
    void keepTyped(const std::optional<std::string>& text);
    [[nodiscard]] const std::optional<std::string>& typed() const { return m_typed; }
    /// Goes on in the journal that a crash left.
    /// @param typed  what it knows of keepTyped()
    void goOnIn(PolicyJournal left, const std::optional<std::string>& typed);
    /// Leaves the journal for another try, and goes on in one of its own.
    void leave();

    /// Why edits are not safe at the moment; empty: they are.
    [[nodiscard]] const QString& problem() const { return m_problem; }

signals:
    void problemChanged();

private:
    void write(const PolicyJournal::Step& step);
    [[nodiscard]] Result<void> rewrite();
    void note(const Result<void>& written);
    [[nodiscard]] bool goesOn() const;
    [[nodiscard]] Result<void> writeTyped();
    void keepLate();
    void dropLate();

    std::filesystem::path m_folder;
    Restart m_restart;
    PolicyJournal m_journal;
    QString m_problem;
    std::optional<PolicyJournal::Step> m_late; ///< typed in the source, and not yet written
    std::optional<std::string> m_typed;
    std::optional<std::string> m_writtenTyped; ///< what the journal knows of it
    QTimer m_pause;
};

} // namespace signalbox::ui
