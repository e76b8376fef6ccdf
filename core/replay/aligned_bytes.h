// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace signalbox {

/// Zeroed memory that starts on a cache line, so that a vector load never straddles two.
class AlignedBytes
{
public:
    static constexpr std::size_t kLine = 64;

    AlignedBytes() = default;
    explicit AlignedBytes(std::size_t size)
        : m_bytes(static_cast<std::byte*>(::operator new[](size, std::align_val_t(kLine)))),
          m_size(size)
    {
        std::memset(m_bytes.get(), 0, size);
    }

    [[nodiscard]] std::byte* data() { return m_bytes.get(); }
    [[nodiscard]] const std::byte* data() const { return m_bytes.get(); }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    struct Free
    {
        void operator()(std::byte* bytes) const
        {
            ::operator delete[](bytes, std::align_val_t(kLine));
        }
    };
    std::unique_ptr<std::byte[], Free> m_bytes;
    std::size_t m_size = 0;
};

} // namespace signalbox
