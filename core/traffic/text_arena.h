// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace signalbox {

/// Texts and lists that live and die together. What is put in stays where it is until clear(),
/// which keeps the memory for the next ones. Not for several threads at once.
class TextArena
{
public:
    std::string_view copy(std::string_view text)
    {
        if (text.empty())
            return {};
        char* const place = take(text.size(), 1);
        std::memcpy(place, text.data(), text.size());
        return {place, text.size()};
    }

    template<class T> std::span<const T> copy(const std::vector<T>& values)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        if (values.empty())
            return {};
        char* const place = take(values.size() * sizeof(T), alignof(T));
        return {static_cast<const T*>(std::memcpy(place, static_cast<const void*>(values.data()),
                                                  values.size() * sizeof(T))),
                values.size()};
    }

    void clear()
    {
        m_block = 0;
        m_used = 0;
    }

private:
    struct Block
    {
        std::unique_ptr<char[]> bytes;
        std::size_t size = 0;
    };

    char* take(std::size_t bytes, std::size_t alignment)
    {
        m_used = (m_used + alignment - 1) / alignment * alignment;
        while (m_block < m_blocks.size() && m_used + bytes > m_blocks[m_block].size) {
            ++m_block;
            m_used = 0;
        }
        if (m_block == m_blocks.size())
            addBlock(bytes);
        char* const place = m_blocks[m_block].bytes.get() + m_used;
        m_used += bytes;
        return place;
    }

    void addBlock(std::size_t bytes)
    {
        constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
        const std::size_t size = std::max(bytes, kBlockBytes);
        m_blocks.push_back({std::unique_ptr<char[]>(new char[size]), size});
        m_used = 0;
    }

    std::vector<Block> m_blocks = {};
    std::size_t m_block = 0; ///< that is being filled
    std::size_t m_used = 0;  ///< bytes of it
};

} // namespace signalbox
