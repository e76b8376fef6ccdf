// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// A text to look for.
struct Literal
{
    std::string text;        ///< not empty
    bool ignoreCase = false; ///< ASCII letters only
    bool isWord =
        false; ///< only where it is not inside a longer run of ASCII letters, digits and _
    std::uint16_t hit = 0; ///< which of the scan's answers it sets; several literals may share one
};

/// Finds many literals in one pass over a text. A position is looked at closely only if its first
/// three bytes agree with a group of literals: by table lookups for 32 positions at once where the
/// processor has AVX2 and the literals are not too many, else byte by byte. The method is
/// Hyperscan's Teddy (Wang et al., NSDI 2019); the library itself is no choice, since Debian 12's
/// Vectorscan 5.4.9 misses matches on processors with AVX-512 ({"hd" caseless, "gdgefe"} in 125
/// bytes). Immutable; may be shared between threads.
class LiteralMatcher
{
public:
    /// Reads like a matcher of no literal: finds nothing.
    LiteralMatcher() = default;
    explicit LiteralMatcher(std::vector<Literal> literals);

    /// Sets hits[literal.hit] to 1 for every literal found and leaves the others as they are, so
    /// the caller clears them. Stops once all are set. Allocates nothing.
    void scan(std::string_view text, std::uint8_t* hits) const;

    /// The same without vector instructions, for processors that have none and for tests.
    void scanByteByByte(std::string_view text, std::uint8_t* hits) const;

private:
    static constexpr std::size_t kPrefix = 3;
    static constexpr std::size_t kMostGroups = 64;
    static constexpr std::size_t kBundles = 8;
    static constexpr std::size_t kNoByte = 256; ///< stands for a byte behind the text's end

    using GroupSet = std::uint64_t;
    struct Scan
    {
        std::string_view text;
        std::uint8_t* hits;
        GroupSet open; ///< groups with a literal whose hit is not set yet
    };

    /// The first bytes of a literal as a number: most literals of a group are ruled out by it.
    struct Probe
    {
        std::uint32_t mask = 0; ///< leaves out the bit of a letter's case, and bytes behind the end
        std::uint32_t value = 0;
        std::uint16_t hit = 0;
    };

    void makeGroups(std::vector<Literal> literals);
    void makeTables();
    [[nodiscard]] GroupSet openGroups(const std::uint8_t* hits) const;
    [[nodiscard]] GroupSet groupsAt(std::string_view text, std::size_t at) const;
    [[nodiscard]] bool occursAt(const Literal& literal, std::string_view text,
                                std::size_t at) const;
    void lookAt(Scan& scan, std::size_t at, GroupSet groups) const;
    void scanFrom(Scan& scan, std::size_t at) const;
    void scanVectors(Scan& scan) const;

    std::vector<Literal> m_literals;       ///< folded if case is ignored; sorted by group
    std::vector<Probe> m_probes;           ///< per literal
    std::vector<std::uint32_t> m_groupEnd; ///< behind the last literal of each group
    GroupSet m_allGroups = 0;
    /// Per place in the prefix and byte, the groups with such a literal. A literal that is
    /// shorter than the prefix takes any byte behind its end, kNoByte included.
    std::array<std::array<GroupSet, kNoByte + 1>, kPrefix> m_groups{};
    /// The same by halves of a byte, low half first, for bundles of neighbouring groups.
    alignas(16) std::array<std::array<std::array<std::uint8_t, 16>, 2>, kPrefix> m_halves{};
    bool m_hasVectors = false;
};

} // namespace signalbox
