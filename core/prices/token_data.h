// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace signalbox::o200k {

/// What the splitting pattern of o200k_base takes a code point for. The order is that of the file.
enum class CharacterClass : std::uint8_t {
    Upper,       ///< Lu, Lt
    Lower,       ///< Ll
    OtherLetter, ///< Lm, Lo: neither case, or both
    Mark,        ///< M
    Number,      ///< N
    Space,       ///< white space that is no line end
    LineEnd,     ///< CR, LF
    Other,
};

/// The tokens of o200k_base with their ranks, and the classes of code points. Immutable; reads
/// resources/tokens/o200k_base.bin, which the program carries.
class TokenData
{
public:
    /// Made at the first call, in about 10 ms and 4 MB, and kept; may be called from any thread.
    [[nodiscard]] static const TokenData& get();

    /// The rank of a token, which is also its number; nothing if these bytes are no token.
    [[nodiscard]] std::optional<std::uint32_t> rankOf(std::string_view bytes) const;
    [[nodiscard]] CharacterClass classOf(char32_t codePoint) const
    {
        return codePoint < m_classes.size() ? m_classes[codePoint] : CharacterClass::Other;
    }
    [[nodiscard]] std::size_t size() const { return m_ends.size(); } ///< number of tokens
    [[nodiscard]] std::string_view token(std::uint32_t rank) const;

private:
    TokenData();
    void readClasses(std::string_view ranges);
    void readTokens(std::string_view lengths, std::string_view bytes);

    static constexpr std::size_t kSlots = std::size_t{1} << 19; ///< for 199,998 tokens

    std::vector<CharacterClass> m_classes; ///< by code point
    std::string_view m_bytes;              ///< of all tokens
    std::vector<std::uint32_t> m_ends;     ///< in m_bytes, by rank
    std::vector<std::uint32_t> m_slots;    ///< rank + 1 by hash, 0 for none; open addressing
};

} // namespace signalbox::o200k
