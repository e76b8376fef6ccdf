// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>

namespace signalbox {

/// Bytes that are appended and stay together, however many: in memory up to a limit, from then on
/// in a file without a name that is mapped, so that the system can put them on disk. One thread's
/// own while it is filled.
class ByteStore
{
public:
    /// @param folder  for the file; empty: everything stays in memory
    explicit ByteStore(std::filesystem::path folder = {},
                       std::size_t memoryBytes = std::size_t{256} << 20);

    /// False if there was no room on disk; error() says why, and what is appended is lost.
    bool append(std::string_view bytes)
    {
        if (bytes.size() > m_capacity - m_size && !grow(bytes.size()))
            return false;
        if (!bytes.empty())
            std::memcpy(m_data + m_size, bytes.data(), bytes.size());
        m_size += bytes.size();
        return true;
    }

    [[nodiscard]] std::size_t size() const { return m_size; }
    /// Until the next append().
    [[nodiscard]] std::string_view bytes() const { return {m_data, m_size}; }
    [[nodiscard]] const Error* error() const { return m_hasFailed ? &m_error : nullptr; }
    /// What holds the bytes, for who outlives the store; nothing may be appended any more.
    [[nodiscard]] std::shared_ptr<const void> holder() const { return m_memory; }

private:
    struct Memory;
    bool grow(std::size_t more);

    std::shared_ptr<Memory> m_memory;
    std::filesystem::path m_folder;
    std::size_t m_memoryBytes;
    char* m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
    bool m_hasFailed = false;
    Error m_error;
};

} // namespace signalbox
