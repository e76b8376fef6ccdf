// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/edit.h>

#include <filesystem>
#include <string>
#include <vector>

namespace signalbox::ui {

/// The autosave journal of one open policy: a file with the document as it was opened, then one
/// line for every edit that was applied, undone or redone, in order. A line is on disk when
/// append() returns. The file is locked while its program lives, so a journal nobody holds is one
/// that a crash left behind. Qt-free; used on the GUI thread.
class PolicyJournal
{
public:
    PolicyJournal() = default;
    PolicyJournal(PolicyJournal&& other) noexcept;
    PolicyJournal& operator=(PolicyJournal&& other) noexcept;
    ~PolicyJournal(); ///< leaves the file; see discard()

    /// Creates a fresh journal file in `folder` (made if missing).
    [[nodiscard]] static Result<PolicyJournal> create(const std::filesystem::path& folder);

    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    [[nodiscard]] std::size_t editCount() const { return m_edits; }

    /// Forgets all edits and starts over from a document that has just been opened or saved.
    [[nodiscard]] Result<void> restart(const PolicyDocument& document,
                                       const std::filesystem::path& documentPath);
    [[nodiscard]] Result<void> append(const Edit& edit);
    /// Closes and deletes the file: the person closed the policy in peace.
    void discard();

    /// What a crashed program left: the document it started from and the edits made since. A last
    /// line that was cut off half way is dropped; everything before it counts.
    struct Content
    {
        PolicyDocument document;
        std::filesystem::path documentPath;
        std::int64_t startedAtMs = 0;
        std::vector<Edit> edits;
    };
    [[nodiscard]] static Result<Content> read(const std::filesystem::path& journal);

    /// Journals in `folder` that no living program holds and that have at least one edit. Others
    /// that nobody holds are deleted.
    [[nodiscard]] static std::vector<std::filesystem::path>
    abandoned(const std::filesystem::path& folder);

private:
    void close();

    int m_fd = -1;
    std::filesystem::path m_path;
    std::size_t m_edits = 0;
};

} // namespace signalbox::ui
