// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "traffic.h"

#include <core/base/mapped_file.h>
#include <core/base/result.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace signalbox {

// A traffic table in a file: columns that are mapped into memory as they are. Version 1.
//
// All numbers are little-endian. Sections begin at multiples of 64 bytes; what is between them is
// zero and means nothing.
//
//   header, 64 bytes
//     0   magic               8 bytes: 89 53 42 54 0D 0A 1A 0A ("\x89SBT\r\n\x1a\n": a copy that
//     was
//                             made as text is told from a whole one)
//     8   version             u32: 1. A reader refuses what is newer.
//     12  bytes of the header u32: 64
//     16  file size           u64
//     24  rows                u64
//     32  directory: offset   u64
//     40  directory: size     u64, 64 for each section
//     48  directory: CRC-32C  u32
//     52  nothing             u32: 0
//     56  CRC-32C of bytes 0 to 55, u32, and of nothing else; then u32: 0
//
//   directory: for each section
//     0   name                32 bytes, UTF-8, filled up with zeros
//     32  bytes per element   u32: 1, 2, 4 or 8
//     36  CRC-32C             u32, of the section's bytes
//     40  offset              u64
//     48  size in bytes       u64, a multiple of the above
//     56  nothing             u64: 0
//
// Sections. "about" is JSON: name, synthetic, firstMs, lastMs, promptsLeftOut, segments, prompts,
// and the definitions of the signals that are kept. Each other is a column of Traffic by the name
// that trafficColumns() in traffic_sections.h gives it. A column of texts is three sections: NAME
// and ".starts" (u64 of each 64 texts, in the bytes), ".ends" (u32 of each text, from the start of
// its 64), ".bytes" (UTF-8). One of repeating texts is the same of the different ones, NAME and
// ".names.…", and NAME ".codes" (u8, u16 or u32 per row). A column that no row fills is left out.
// Sections of other names are passed over, so that later writers may add some.
//
// A file is replaced whole, never changed. Opening it reads header, directory and "about", and
// checks the columns by which others are looked up; the rest is read when it is touched, and each
// reading stays inside the file whatever stands in it. Whether it is what was written only verify()
// knows.

struct TrafficSaveOptions
{
    const std::atomic<bool>* stop = nullptr; ///< set to give up: Cancelled, and no file
    std::function<void(std::size_t written, std::size_t inAll)> progress = {}; ///< bytes
};

/// Writes a table, whole or not at all. The bytes go to disk section by section; memory is that of
/// the directory.
[[nodiscard]] Result<void> saveTraffic(const Traffic& traffic, const std::filesystem::path& path,
                                       const TrafficSaveOptions& options = {});

/// A table in a file, at once however large it is.
class TrafficFile
{
public:
    /// Damage that shows here, a newer version and what is no table end in one sentence with the
    /// path.
    [[nodiscard]] static Result<TrafficFile> open(const std::filesystem::path& path);
    /// The same of bytes in memory; they must live as long as what is read of them.
    [[nodiscard]] static Result<TrafficFile> read(std::string_view bytes);

    /// The table; it keeps the file mapped.
    [[nodiscard]] const std::shared_ptr<const Traffic>& traffic() const { return m_traffic; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes.size(); }

    /// Reads all of the file and fails if a byte is not what was written. At the disk's pace, or
    /// some GB/s from memory. From any thread.
    [[nodiscard]] Result<void> verify(const std::atomic<bool>* stop = nullptr) const;

private:
    TrafficFile() = default;

    std::shared_ptr<const void> m_keeper;
    std::string_view m_bytes;
    std::filesystem::path m_path;
    std::shared_ptr<const Traffic> m_traffic;
};

/// Whether bytes begin as a table does.
[[nodiscard]] bool isTrafficFile(std::string_view begin);

} // namespace signalbox
