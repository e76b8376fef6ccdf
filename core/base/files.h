// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace signalbox {

namespace base_detail {
class FileDescriptor;
}

/// Whole content of a file, or an Error that names the path. Refuses files over `limitBytes`
/// before reading them.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path,
                                           std::size_t limitBytes = std::size_t{1} << 30);

/// A file that is written piece by piece and is there whole or not at all: what is appended goes to
/// a temporary file beside it, which commit() flushes to disk and renames over the old one. Without
/// commit(), and on any failure, the old file stays as it was and nothing is left behind. Keeps the
/// mode of an existing file; a new one is open to whom the umask lets.
class AtomicFile
{
public:
    [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path& path);
    ~AtomicFile();
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) = delete;

    [[nodiscard]] Result<void> append(std::string_view bytes);
    /// Replaces bytes that were appended.
    [[nodiscard]] Result<void> overwrite(std::size_t offset, std::string_view bytes);
    [[nodiscard]] Result<void> commit(); ///< once, at the end

private:
    AtomicFile();

    std::filesystem::path m_path;   ///< as it was asked for
    std::filesystem::path m_target; ///< where a link leads
    std::string m_temporary;
    std::unique_ptr<base_detail::FileDescriptor> m_file;
};

/// Replaces a file whole or not at all: writes a temporary file beside it, flushes it to disk, and
/// renames it over the old one. On any failure (disk full, read-only folder) the old file stays as
/// it was and nothing is left behind. Keeps the mode of an existing file; a new one is open to whom
/// the umask lets.
[[nodiscard]] Result<void> writeFileAtomically(const std::filesystem::path& path,
                                               std::string_view content);

} // namespace signalbox
