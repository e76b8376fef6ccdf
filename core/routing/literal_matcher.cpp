// SPDX-License-Identifier: Apache-2.0
#include "literal_matcher.h"

#include "text_measures.h"

#include <core/base/ascii.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <utility>

#if defined(__x86_64__) && defined(__GNUC__)
#define SIGNALBOX_HAS_AVX2_KERNEL
#include <immintrin.h>
#endif

namespace signalbox {

namespace {

/// With more literals than this nearly every position deserves a closer look, and finding that
/// out 32 positions at once is for nothing.
constexpr std::size_t kMostVectorLiterals = 200;

bool hasAvx2()
{
#ifdef SIGNALBOX_HAS_AVX2_KERNEL
    return __builtin_cpu_supports("avx2") != 0;
#else
    return false;
#endif
}

unsigned byteOf(char c)
{
    return static_cast<unsigned char>(c);
}

/// The bytes that stand for a literal's byte: one, or both cases of a letter.
std::array<unsigned, 2> spellingsOf(char c, bool ignoreCase)
{
    const bool isLetter = ignoreCase && c >= 'a' && c <= 'z';
    return {byteOf(c), isLetter ? byteOf(c) ^ 0x20U : byteOf(c)};
}

} // namespace

LiteralMatcher::LiteralMatcher(std::vector<Literal> literals)
{
    for (Literal& literal : literals) {
        if (literal.ignoreCase)
            literal.text = foldedAscii(std::move(literal.text));
    }
    m_hasVectors = !literals.empty() && literals.size() <= kMostVectorLiterals && hasAvx2();
    makeGroups(std::move(literals));
    makeTables();
}

void LiteralMatcher::makeTables()
{
    const std::size_t groupCount = m_groupEnd.size();
    for (std::size_t group = 0, at = 0; group < groupCount; ++group) {
        const GroupSet bit = GroupSet{1} << group;
        const auto bundle = static_cast<std::uint8_t>(1U << (group * kBundles / groupCount));
        m_allGroups |= bit;
        const auto admit = [&](std::size_t place, std::size_t byte) {
            m_groups[place][byte] |= bit;
            if (byte == kNoByte)
                return;
            m_halves[place][0][byte & 15] |= bundle;
            m_halves[place][1][byte >> 4] |= bundle;
        };
        for (; at < m_groupEnd[group]; ++at) {
            const Literal& literal = m_literals[at];
            for (std::size_t place = 0; place < kPrefix; ++place) {
                if (place < literal.text.size()) {
                    for (const unsigned byte : spellingsOf(literal.text[place], literal.ignoreCase))
                        admit(place, byte);
                } else {
                    for (std::size_t byte = 0; byte <= kNoByte; ++byte)
                        admit(place, byte);
                }
            }
        }
    }
    for (const Literal& literal : m_literals) {
        Probe probe = {0, 0, literal.hit};
        std::array<std::uint8_t, sizeof probe.mask> mask{};
        std::array<std::uint8_t, sizeof probe.value> value{};
        for (std::size_t i = 0; i < mask.size() && i < literal.text.size(); ++i) {
            const auto [spelling, other] = spellingsOf(literal.text[i], literal.ignoreCase);
            mask[i] = static_cast<std::uint8_t>(~(spelling ^ other));
            value[i] = static_cast<std::uint8_t>(spelling & mask[i]);
        }
        std::memcpy(&probe.mask, mask.data(), mask.size());
        std::memcpy(&probe.value, value.data(), value.size());
        m_probes.push_back(probe);
    }
}

/// Groups of literals that set the same hit are done with at once when it is set, so every hit has
/// groups of its own while there are enough of them; hits with many literals get the spare ones.
/// Neighbours in byte order share a group, because they share most of their first bytes.
void LiteralMatcher::makeGroups(std::vector<Literal> literals)
{
    constexpr std::size_t most = kMostGroups;
    std::map<std::uint16_t, std::vector<Literal>> byHit;
    for (Literal& literal : literals)
        byHit[literal.hit].push_back(std::move(literal));
    struct Share
    {
        std::vector<Literal> literals;
        std::size_t groups = 1;
        [[nodiscard]] double load() const
        {
            return static_cast<double>(literals.size()) / static_cast<double>(groups);
        }
    };
    std::vector<Share> shares;
    for (auto& [hit, own] : byHit) {
        std::ranges::sort(own, {}, &Literal::text);
        if (shares.size() < most)
            shares.push_back({std::move(own), 1});
        else
            std::ranges::move(own, std::back_inserter(shares[hit % most].literals));
    }
    for (std::size_t used = shares.size(); used < most && !shares.empty(); ++used) {
        const auto fullest = std::ranges::max_element(shares, {}, &Share::load);
        if (fullest->load() <= 1)
            break;
        ++fullest->groups;
    }
    for (Share& share : shares) {
        const std::size_t before = m_literals.size();
        const std::size_t count = share.literals.size();
        std::ranges::move(share.literals, std::back_inserter(m_literals));
        for (std::size_t group = 1; group <= share.groups; ++group)
            m_groupEnd.push_back(static_cast<std::uint32_t>(before + count * group / share.groups));
    }
}

void LiteralMatcher::scan(std::string_view text, std::uint8_t* hits) const
{
    Scan scan = {text, hits, m_allGroups};
    if (m_hasVectors)
        scanVectors(scan);
    else
        scanFrom(scan, 0);
}

void LiteralMatcher::scanByteByByte(std::string_view text, std::uint8_t* hits) const
{
    Scan scan = {text, hits, m_allGroups};
    scanFrom(scan, 0);
}

LiteralMatcher::GroupSet LiteralMatcher::openGroups(const std::uint8_t* hits) const
{
    GroupSet open = 0;
    for (std::size_t group = 0, at = 0; group < m_groupEnd.size(); ++group) {
        for (; at < m_groupEnd[group]; ++at) {
            if (hits[m_literals[at].hit] == 0)
                open |= GroupSet{1} << group;
        }
    }
    return open;
}

LiteralMatcher::GroupSet LiteralMatcher::groupsAt(std::string_view text, std::size_t at) const
{
    const auto byteAt = [&](std::size_t index) {
        return index < text.size() ? byteOf(text[index]) : static_cast<unsigned>(kNoByte);
    };
    return m_groups[0][byteAt(at)] & m_groups[1][byteAt(at + 1)] & m_groups[2][byteAt(at + 2)];
}

bool LiteralMatcher::occursAt(const Literal& literal, std::string_view text, std::size_t at) const
{
    const std::string_view word = literal.text;
    if (word.size() > text.size() - at)
        return false;
    const std::string_view found = text.substr(at, word.size());
    if (literal.ignoreCase ? !std::equal(found.begin(), found.end(), word.begin(),
                                         [](char c, char folded) { return foldAscii(c) == folded; })
                           : found != word)
        return false;
    if (!literal.isWord)
        return true;
    const std::size_t end = at + word.size();
    const bool growsLeft = isAsciiWordByte(word.front()) && at > 0 && isAsciiWordByte(text[at - 1]);
    const bool growsRight =
        isAsciiWordByte(word.back()) && end < text.size() && isAsciiWordByte(text[end]);
    return !growsLeft && !growsRight;
}

void LiteralMatcher::lookAt(Scan& scan, std::size_t at, GroupSet groups) const
{
    std::array<char, sizeof(Probe::value)> bytes{};
    scan.text.copy(bytes.data(), bytes.size(), at);
    std::uint32_t start = 0;
    std::memcpy(&start, bytes.data(), sizeof start);
    for (; groups != 0; groups &= groups - 1) {
        const auto group = static_cast<std::size_t>(std::countr_zero(groups));
        for (std::size_t i = group == 0 ? 0 : m_groupEnd[group - 1]; i < m_groupEnd[group]; ++i) {
            const Probe& probe = m_probes[i];
            if ((start & probe.mask) != probe.value || scan.hits[probe.hit] != 0 ||
                !occursAt(m_literals[i], scan.text, at))
                continue;
            scan.hits[probe.hit] = 1;
            scan.open = openGroups(scan.hits);
        }
    }
}

void LiteralMatcher::scanFrom(Scan& scan, std::size_t at) const
{
    const std::string_view text = scan.text;
    // All three bytes are in the text: the loop that most bytes pass through.
    for (; at + kPrefix <= text.size() && scan.open != 0; ++at) {
        const GroupSet groups = m_groups[0][byteOf(text[at])] & m_groups[1][byteOf(text[at + 1])] &
                                m_groups[2][byteOf(text[at + 2])] & scan.open;
        if (groups != 0)
            lookAt(scan, at, groups);
    }
    for (; at < text.size() && scan.open != 0; ++at)
        lookAt(scan, at, groupsAt(text, at) & scan.open);
}

#ifdef SIGNALBOX_HAS_AVX2_KERNEL

namespace {

struct Avx2Tables
{
    __m256i low[3];
    __m256i high[3];
};

/// A bit for each of 32 positions where the first three bytes may be those of a literal.
[[gnu::target("avx2"), gnu::always_inline]] inline std::uint32_t
candidates(const Avx2Tables& tables, const char* text)
{
    const __m256i halfMask = _mm256_set1_epi8(15);
    __m256i bundles = _mm256_set1_epi8(-1);
    for (int place = 0; place < 3; ++place) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + place));
        const __m256i low = _mm256_and_si256(bytes, halfMask);
        const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), halfMask);
        bundles = _mm256_and_si256(bundles,
                                   _mm256_and_si256(_mm256_shuffle_epi8(tables.low[place], low),
                                                    _mm256_shuffle_epi8(tables.high[place], high)));
    }
    return ~static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(bundles, _mm256_setzero_si256())));
}

} // namespace

[[gnu::target("avx2")]] void LiteralMatcher::scanVectors(Scan& scan) const
{
    constexpr std::size_t kStep = 32;
    constexpr std::size_t kReach = kStep + kPrefix - 1; // bytes that a step reads
    Avx2Tables tables;
    for (std::size_t place = 0; place < kPrefix; ++place) {
        const auto load = [&](std::size_t half) __attribute__((target("avx2"))) {
            return _mm256_broadcastsi128_si256(
                _mm_load_si128(reinterpret_cast<const __m128i*>(m_halves[place][half].data())));
        };
        tables.low[place] = load(0);
        tables.high[place] = load(1);
    }
    const std::string_view text = scan.text;
    const auto look = [&](std::uint32_t positions, std::size_t at) {
        for (; positions != 0; positions &= positions - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(positions));
            const GroupSet groups = groupsAt(text, place) & scan.open;
            if (groups != 0)
                lookAt(scan, place, groups);
        }
    };
    if (text.size() < kReach) {
        // A copy with zeros behind the text; a literal that would reach into those is refused by
        // its length.
        char padded[kReach + kStep] = {};
        text.copy(padded, text.size());
        for (std::size_t at = 0; at < text.size(); at += kStep) {
            std::uint32_t positions = candidates(tables, padded + at);
            if (text.size() - at < kStep)
                positions &= (std::uint32_t{1} << (text.size() - at)) - 1;
            look(positions, at);
        }
        return;
    }
    std::size_t at = 0;
    for (; text.size() - at >= kReach; at += kStep) {
        const std::uint32_t positions = candidates(tables, text.data() + at);
        if (positions == 0)
            continue;
        look(positions, at);
        if (scan.open == 0)
            return;
    }
    // A last whole step reads some positions again, which it leaves out; the last two bytes start
    // no whole prefix.
    const std::size_t last = text.size() - kReach;
    if (at - last < kStep)
        look(candidates(tables, text.data() + last) >> (at - last) << (at - last), last);
    for (std::size_t end = text.size() - (kPrefix - 1); end < text.size(); ++end)
        look(1, end);
}

#else

void LiteralMatcher::scanVectors(Scan& scan) const
{
    scanFrom(scan, 0);
}

#endif

} // namespace signalbox
