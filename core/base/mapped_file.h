// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string_view>

namespace signalbox {

/// A file's content as memory that is read from disk when it is touched. Immutable; use it from any
/// thread. Who shortens the file while it is mapped ends the program: replace files, do not rewrite
/// them.
class MappedFile
{
public:
    [[nodiscard]] static Result<std::shared_ptr<const MappedFile>>
    open(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    /// Lives as long as the object.
    [[nodiscard]] std::string_view bytes() const { return {m_data, m_size}; }

private:
    MappedFile(const char* data, std::size_t size) : m_data(data), m_size(size) {}

    const char* m_data;
    std::size_t m_size;
};

} // namespace signalbox
