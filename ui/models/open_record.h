// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace signalbox::ui {

/// A lock on an open file that ends with its holder, however that ends. Qt-free.
class FileLock
{
public:
    FileLock() = default;
    explicit FileLock(int fd) : m_fd(fd) {}
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock();
    [[nodiscard]] bool isHeld() const { return m_fd >= 0; }
    void release();

private:
    int m_fd = -1;
};

/// What a window tells the others of one policy file that it has open: a small locked file in a
/// folder that they share, so that the record of a window that was killed is known for what it is.
/// The folder is the person's own and not the policy's, where it would get into Git. Qt-free; used
/// on the GUI thread.
class OpenRecord
{
public:
    OpenRecord() = default;
    OpenRecord(OpenRecord&& other) noexcept = default;
    OpenRecord& operator=(OpenRecord&& other) noexcept;
    ~OpenRecord();

    /// Tells that `policyFile` is open here, in `folder` (made if missing).
    [[nodiscard]] static Result<OpenRecord> create(const std::filesystem::path& folder,
                                                   const std::filesystem::path& policyFile);
    [[nodiscard]] bool isOpen() const { return m_lock.isHeld(); }
    /// Takes it back.
    void discard();

    struct Other
    {
        std::int64_t sinceMs = 0;
        int process = 0;
        std::string host; ///< empty: this computer
        bool operator==(const Other&) const = default;
    };
    /// Windows that have had the file open for longer, the first one first. Records that nobody
    /// holds are deleted.
    [[nodiscard]] std::vector<Other> earlier() const;

    /// For as long as a window compares its file with what it knows and replaces it: two that do so
    /// at a time would lose one of two policies. Fails at once if another window is at it.
    [[nodiscard]] static Result<FileLock> lockForSaving(const std::filesystem::path& folder);

private:
    std::filesystem::path m_path;
    std::string m_place; ///< how the names of all records of the file begin
    std::int64_t m_sinceMs = 0;
    FileLock m_lock;
};

} // namespace signalbox::ui
