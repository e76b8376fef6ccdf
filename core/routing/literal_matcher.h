// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "byte_run.h"

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

/// A run of bytes to look for, of each of which a few will do.
struct LiteralRun
{
    ByteRun bytes; ///< not empty
    std::uint16_t hit = 0;
};

/// Finds many literals in one pass over a text. Of each literal it looks for the three neighbouring
/// bytes that a usual text has least of, and a position is looked at closely only if its bytes
/// agree with a group of literals: by table lookups for 32 or 64 positions at once where the
/// processor has AVX2 or AVX-512 and the literals are not too many, else byte by byte. The method
/// is Hyperscan's Teddy (Wang et al., NSDI 2019); the library itself is no choice, since Debian
/// 12's Vectorscan 5.4.9 misses matches on processors with AVX-512 ({"hd" caseless, "gdgefe"} in
/// 125 bytes). Immutable; may be shared between threads.
class LiteralMatcher
{
public:
    /// Reads like a matcher of no literal: finds nothing.
    LiteralMatcher() = default;
    explicit LiteralMatcher(std::vector<Literal> literals, std::vector<LiteralRun> runs = {});

    /// Sets hits[literal.hit] to 1 for every literal found and leaves the others as they are, so
    /// the caller clears them. Stops once all are set. Allocates nothing.
    void scan(std::string_view text, std::uint8_t* hits) const { scan(text, hits, m_vectors); }

    /// What scan() chooses from; for tests, which try all that the processor has.
    enum class Vectors : std::uint8_t { None, Avx2, Avx512 };
    [[nodiscard]] static bool canUse(Vectors vectors);
    void scan(std::string_view text, std::uint8_t* hits, Vectors vectors) const;

private:
    static constexpr std::size_t kPlaces = 3; ///< of the bytes that are looked for
    static constexpr std::size_t kMostGroups = 64;
    static constexpr std::size_t kBundles = 8;
    static constexpr std::size_t kNoByte = 256; ///< stands for a byte behind the text's end

    using GroupSet = std::uint64_t;
    struct Scan
    {
        std::string_view text;
        std::uint8_t* hits;
        GroupSet open;            ///< groups with a literal whose hit is not set yet
        std::uint8_t openBundles; ///< bundles with such a group
    };

    /// Four bytes from the place on that is looked for, as a number: most literals of a group are
    /// ruled out by it.
    struct Probe
    {
        std::uint32_t mask = 0; ///< leaves out the bit of a letter's case, and bytes behind the end
        std::uint32_t value = 0;
        std::uint16_t hit = 0;
        std::uint32_t lead = 0; ///< bytes of the literal before
    };

    struct Needle
    {
        std::string text; ///< folded if case is ignored; empty if it is no more than its bytes
        bool ignoreCase = false;
        bool isWord = false;
        std::uint16_t hit = 0;
        ByteRun bytes;
        ByteWindow window;
    };

    void makeGroups(std::vector<Needle> needles);
    void makeTables();
    [[nodiscard]] std::vector<std::size_t> bundleOfGroups() const;
    [[nodiscard]] Probe probeFor(const Needle& needle) const;
    [[nodiscard]] std::uint8_t bundlesOf(GroupSet groups) const;
    void close(Scan& scan, std::uint16_t hit) const;
    [[nodiscard]] GroupSet groupsAt(std::string_view text, std::size_t at) const;
    [[nodiscard]] static bool occursAt(const Needle& needle, std::string_view text,
                                       std::size_t start);
    void lookAt(Scan& scan, std::size_t at, GroupSet groups) const;
    void lookAtAll(Scan& scan, std::uint64_t positions, std::size_t at) const;
    void scanFrom(Scan& scan, std::size_t at) const;
    void scanAvx2(Scan& scan) const;
    void scanAvx512(Scan& scan) const;

    std::vector<Needle> m_needles;         ///< sorted by group
    std::vector<Probe> m_probes;           ///< per needle
    std::vector<std::uint32_t> m_groupEnd; ///< behind the last needle of each group
    std::vector<GroupSet> m_groupsOfHit;   ///< per hit, groups of nothing else
    std::array<GroupSet, kBundles> m_groupsOfBundle{};
    GroupSet m_allGroups = 0;
    /// Per place and byte, the groups with such a literal. A literal that is shorter than the
    /// places takes any byte behind its end, kNoByte included.
    std::array<std::array<GroupSet, kNoByte + 1>, kPlaces> m_groups{};
    /// The same by halves of a byte, low half first, for bundles of groups that look alike.
    alignas(16) std::array<std::array<std::array<std::uint8_t, 16>, 2>, kPlaces> m_halves{};
    Vectors m_vectors = Vectors::None;
};

} // namespace signalbox
