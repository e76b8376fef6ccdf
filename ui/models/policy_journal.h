// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/edit.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// The autosave journal of one open policy: a file with the document as it was opened, then one
/// line for every edit that was applied, undone or redone, and for text of the source that is no
/// policy yet, in order. A line is on disk when append() returns. The file is locked while its
/// program lives, so a journal nobody holds is one that a crash left behind. Qt-free; used on the
/// GUI thread.
///
/// A write that fails (disk full) leaves what was there before it. The journal is then no longer
/// whole: later lines would belong to a document that it does not know. restart() makes it whole.
class PolicyJournal
{
public:
    PolicyJournal() = default;
    PolicyJournal(PolicyJournal&& other) noexcept;
    PolicyJournal& operator=(PolicyJournal&& other) noexcept;
    ~PolicyJournal(); ///< leaves the file; see discard()

    /// Creates a fresh journal file in `folder` (made if missing).
    [[nodiscard]] static Result<PolicyJournal> create(const std::filesystem::path& folder);
    /// Takes over what a crash left, to go on where it ends: the same file, with nothing lost
    /// should this program be killed, too. Fails if another program holds it.
    [[nodiscard]] static Result<PolicyJournal> adopt(const std::filesystem::path& journal);

    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    /// Whether all edits since restart() are in it, so that the next may be appended.
    [[nodiscard]] bool isWhole() const { return m_whole; }
    [[nodiscard]] std::size_t bytes() const { return m_length; } ///< that are on disk

    /// Starts over, in a new file that takes the place of the old one when it is on disk.
    /// @param saved  the document as it was opened or last saved at `documentPath`
    /// @param now    the document as it is; differs from `saved` by edits that are kept as one
    [[nodiscard]] Result<void> restart(const PolicyDocument& saved,
                                       const std::filesystem::path& documentPath,
                                       const PolicyDocument& now);
    /// One edit as it was applied. What is typed into one field is many edits and one step.
    struct Step
    {
        Edit edit;
        bool continuesLast = false; ///< belongs to the undo step of the edit before it
    };
    [[nodiscard]] Result<void> append(const Step& step);
    /// What stands in the source and cannot be read; nothing: it can, or it is gone.
    [[nodiscard]] Result<void> appendTyped(const std::optional<std::string>& text);
    /// Closes and deletes the file: the person closed the policy in peace.
    void discard();
    /// Closes the file and leaves it for the next start to find.
    void release();

    /// What a crashed program left: the document it started from and the edits made since. A last
    /// line that was cut off half way is dropped; everything before it counts.
    struct Content
    {
        PolicyDocument document;
        std::filesystem::path documentPath;
        std::int64_t startedAtMs = 0;
        std::vector<Step> steps;
        std::optional<std::string> typed; ///< text of the source that could not be read
        std::size_t bytes = 0;            ///< of the file that make sense
        bool isWhole = true;              ///< nothing but a line that was cut off follows these
    };
    [[nodiscard]] static Result<Content> read(const std::filesystem::path& journal);

    /// Journals in `folder` that no living program holds and in which a person did something.
    /// Others that nobody holds are deleted.
    [[nodiscard]] static std::vector<std::filesystem::path>
    abandoned(const std::filesystem::path& folder);
    /// Looks at what crashes left, and keeps what cannot be read of it in "unreadable-journals"
    /// beside `folder`: a file that is no journal goes there, of one that is damaged in the middle
    /// a copy, since recovering it drops what comes behind. A journal of another version stays.
    /// @return of each file what it is, where it is kept, and what to do
    [[nodiscard]] static std::vector<Error> putAsideUnreadable(const std::filesystem::path& folder);
    /// Deletes a journal unless a living program holds it.
    static void remove(const std::filesystem::path& journal);

private:
    [[nodiscard]] Result<void> appendLine(const std::string& line);

    int m_fd = -1;
    std::filesystem::path m_path;
    std::size_t m_length = 0; ///< bytes that are known to be on disk
    bool m_whole = false;
};

} // namespace signalbox::ui
