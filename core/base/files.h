// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace signalbox {

/// Whole content of a file, or an Error that names the path. Refuses files over `limitBytes`
/// before reading them.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path& path,
                                           std::size_t limitBytes = std::size_t{1} << 30);

/// Replaces a file whole or not at all: writes a temporary file beside it, flushes it to disk, and
/// renames it over the old one. On any failure (disk full, read-only folder) the old file stays as
/// it was and nothing is left behind. Keeps the mode of an existing file; a new one is open to whom
/// the umask lets.
[[nodiscard]] Result<void> writeFileAtomically(const std::filesystem::path& path,
                                               std::string_view content);

} // namespace signalbox
