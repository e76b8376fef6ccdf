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
#define SIGNALBOX_HAS_VECTOR_KERNELS
#include <immintrin.h>
#endif

namespace signalbox {

namespace {

/// With more literals than this nearly every position deserves a closer look, and finding that
/// out for many positions at once is for nothing.
constexpr std::size_t kMostVectorLiterals = 200;

unsigned byteOf(char c)
{
    return static_cast<unsigned char>(c);
}

/// The bytes that a literal is made of: of a letter either case, if it is ignored.
ByteRun runOf(const Literal& literal)
{
    ByteRun run;
    for (const char c : literal.text) {
        ByteSet& bytes = run.emplace_back();
        bytes.set(byteOf(c));
        if (literal.ignoreCase && c >= 'a' && c <= 'z')
            bytes.set(byteOf(c) ^ 0x20U);
    }
    return run;
}

} // namespace

LiteralMatcher::LiteralMatcher(std::vector<Literal> literals, std::vector<LiteralRun> runs)
{
    std::vector<Needle> needles;
    for (Literal& literal : literals) {
        if (literal.ignoreCase)
            literal.text = foldedAscii(std::move(literal.text));
        ByteRun bytes = runOf(literal);
        needles.push_back({std::move(literal.text),
                           literal.ignoreCase,
                           literal.isWord,
                           literal.hit,
                           std::move(bytes),
                           {}});
    }
    for (LiteralRun& run : runs)
        needles.push_back({{}, false, false, run.hit, std::move(run.bytes), {}});
    for (Needle& needle : needles)
        needle.window = rarestWindow(needle.bytes, kPlaces);
    if (!needles.empty() && needles.size() <= kMostVectorLiterals)
        m_vectors = canUse(Vectors::Avx512) ? Vectors::Avx512
                    : canUse(Vectors::Avx2) ? Vectors::Avx2
                                            : Vectors::None;
    makeGroups(std::move(needles));
    makeTables();
}

bool LiteralMatcher::canUse(Vectors vectors)
{
#ifdef SIGNALBOX_HAS_VECTOR_KERNELS
    if (vectors == Vectors::Avx2)
        return __builtin_cpu_supports("avx2") != 0;
    if (vectors == Vectors::Avx512)
        return __builtin_cpu_supports("avx512bw") != 0;
#endif
    return vectors == Vectors::None;
}

/// Groups of literals that set the same hit are done with at once when it is set, so every hit has
/// groups of its own while there are enough of them; hits with many literals get the spare ones.
/// Neighbours in the order of what is looked for share a group, because they share most of it.
void LiteralMatcher::makeGroups(std::vector<Needle> needles)
{
    constexpr std::size_t most = kMostGroups;
    std::map<std::uint16_t, std::vector<Needle>> byHit;
    std::uint16_t lastHit = 0;
    for (Needle& needle : needles) {
        lastHit = std::max(lastHit, needle.hit);
        byHit[needle.hit].push_back(std::move(needle));
    }
    struct Share
    {
        std::vector<Needle> needles;
        std::size_t groups = 1;
        [[nodiscard]] double load() const
        {
            return static_cast<double>(needles.size()) / static_cast<double>(groups);
        }
    };
    const auto isBefore = [](const Needle& a, const Needle& b) {
        for (std::size_t i = 0; i < kPlaces; ++i) {
            const std::size_t atA = a.window.first + i;
            const std::size_t atB = b.window.first + i;
            if (atA >= a.bytes.size() || atB >= b.bytes.size())
                return atA >= a.bytes.size() && atB < b.bytes.size();
            const std::size_t firstA = a.bytes[atA]._Find_first();
            const std::size_t firstB = b.bytes[atB]._Find_first();
            if (firstA != firstB)
                return firstA < firstB;
        }
        return false;
    };
    std::vector<Share> shares;
    for (auto& [hit, own] : byHit) {
        std::ranges::sort(own, isBefore);
        if (shares.size() < most)
            shares.push_back({std::move(own), 1});
        else
            std::ranges::move(own, std::back_inserter(shares[hit % most].needles));
    }
    for (std::size_t used = shares.size(); used < most && !shares.empty(); ++used) {
        const auto fullest = std::ranges::max_element(shares, {}, &Share::load);
        if (fullest->load() <= 1)
            break;
        ++fullest->groups;
    }
    m_groupsOfHit.resize(byHit.empty() ? 0 : lastHit + std::size_t{1});
    for (Share& share : shares) {
        const std::size_t before = m_needles.size();
        const std::size_t count = share.needles.size();
        const bool isOfOneHit = std::ranges::all_of(share.needles, [&share](const Needle& needle) {
            return needle.hit == share.needles.front().hit;
        });
        const std::uint16_t hit = share.needles.front().hit;
        std::ranges::move(share.needles, std::back_inserter(m_needles));
        for (std::size_t group = 1; group <= share.groups; ++group) {
            const GroupSet bit = GroupSet{1} << m_groupEnd.size();
            m_allGroups |= bit;
            if (isOfOneHit)
                m_groupsOfHit[hit] |= bit;
            m_groupEnd.push_back(static_cast<std::uint32_t>(before + count * group / share.groups));
        }
    }
}

/// Which groups to look for with one bit: a bundle takes every mixture of its groups' halves of
/// bytes, so one group after the other joins the bundle that it widens least, the widest first.
std::vector<std::size_t> LiteralMatcher::bundleOfGroups() const
{
    struct Halves
    {
        std::array<std::array<std::uint16_t, 2>, kPlaces> bits{}; ///< low, high

        void join(const Halves& other)
        {
            for (std::size_t place = 0; place < kPlaces; ++place) {
                bits[place][0] |= other.bits[place][0];
                bits[place][1] |= other.bits[place][1];
            }
        }
        [[nodiscard]] double share() const
        {
            double all = 1;
            for (const auto& [low, high] : bits) {
                double here = 0;
                for (unsigned top = 0; top < 16; ++top) {
                    for (unsigned bottom = 0; bottom < 16 && (high >> top & 1) != 0; ++bottom)
                        here += (low >> bottom & 1) != 0
                                    ? shareOf(static_cast<unsigned char>(top << 4 | bottom))
                                    : 0;
                }
                all *= here;
            }
            return all;
        }
    };
    std::vector<Halves> groups(m_groupEnd.size());
    for (std::size_t place = 0; place < kPlaces; ++place) {
        for (std::size_t byte = 0; byte < kNoByte; ++byte) {
            for (GroupSet left = m_groups[place][byte]; left != 0; left &= left - 1) {
                Halves& halves = groups[static_cast<std::size_t>(std::countr_zero(left))];
                halves.bits[place][0] |= static_cast<std::uint16_t>(1U << (byte & 15));
                halves.bits[place][1] |= static_cast<std::uint16_t>(1U << (byte >> 4));
            }
        }
    }
    std::vector<std::pair<double, std::size_t>> widest;
    for (std::size_t group = 0; group < groups.size(); ++group)
        widest.emplace_back(-groups[group].share(), group);
    std::ranges::sort(widest);
    std::array<Halves, kBundles> bundles;
    std::array<double, kBundles> shares{};
    std::vector<std::size_t> bundleOf(groups.size());
    for (const auto& [share, group] : widest) {
        std::size_t best = 0;
        double leastGrowth = 2;
        double newShare = 0;
        for (std::size_t bundle = 0; bundle < kBundles; ++bundle) {
            Halves both = bundles[bundle];
            both.join(groups[group]);
            const double grown = both.share();
            if (grown - shares[bundle] < leastGrowth) {
                leastGrowth = grown - shares[bundle];
                best = bundle;
                newShare = grown;
            }
        }
        bundles[best].join(groups[group]);
        shares[best] = newShare;
        bundleOf[group] = best;
    }
    return bundleOf;
}

void LiteralMatcher::makeTables()
{
    for (std::size_t group = 0, at = 0; group < m_groupEnd.size(); ++group) {
        const GroupSet bit = GroupSet{1} << group;
        for (; at < m_groupEnd[group]; ++at) {
            const Needle& needle = m_needles[at];
            for (std::size_t place = 0; place < kPlaces; ++place) {
                const std::size_t index = needle.window.first + place;
                const bool isBehind = index >= needle.bytes.size();
                for (std::size_t byte = 0; byte < kNoByte; ++byte) {
                    if (isBehind || needle.bytes[index][byte])
                        m_groups[place][byte] |= bit;
                }
                if (isBehind)
                    m_groups[place][kNoByte] |= bit;
            }
            m_probes.push_back(probeFor(needle));
        }
    }
    const std::vector<std::size_t> bundleOf = bundleOfGroups();
    for (std::size_t group = 0; group < bundleOf.size(); ++group)
        m_groupsOfBundle[bundleOf[group]] |= GroupSet{1} << group;
    for (std::size_t place = 0; place < kPlaces; ++place) {
        for (std::size_t byte = 0; byte < kNoByte; ++byte) {
            const std::uint8_t bundles = bundlesOf(m_groups[place][byte]);
            m_halves[place][0][byte & 15] |= bundles;
            m_halves[place][1][byte >> 4] |= bundles;
        }
    }
}

LiteralMatcher::Probe LiteralMatcher::probeFor(const Needle& needle) const
{
    Probe probe = {0, 0, needle.hit, static_cast<std::uint32_t>(needle.window.first)};
    std::array<std::uint8_t, sizeof probe.mask> mask{};
    std::array<std::uint8_t, sizeof probe.value> value{};
    for (std::size_t i = 0; i < mask.size() && needle.window.first + i < needle.bytes.size(); ++i) {
        const ByteSet& bytes = needle.bytes[needle.window.first + i];
        unsigned same = 0xFF; // bits that all bytes of the place agree in
        const std::size_t first = bytes._Find_first();
        for (std::size_t byte = first; byte < bytes.size(); byte = bytes._Find_next(byte))
            same &= ~static_cast<unsigned>(byte ^ first);
        mask[i] = static_cast<std::uint8_t>(same);
        value[i] = static_cast<std::uint8_t>(first & same);
    }
    std::memcpy(&probe.mask, mask.data(), mask.size());
    std::memcpy(&probe.value, value.data(), value.size());
    return probe;
}

std::uint8_t LiteralMatcher::bundlesOf(GroupSet groups) const
{
    unsigned bundles = 0;
    for (std::size_t bundle = 0; bundle < kBundles; ++bundle)
        bundles |= (m_groupsOfBundle[bundle] & groups) != 0 ? 1U << bundle : 0U;
    return static_cast<std::uint8_t>(bundles);
}

void LiteralMatcher::scan(std::string_view text, std::uint8_t* hits, Vectors vectors) const
{
    Scan scan = {text, hits, m_allGroups, 0xFF};
    switch (vectors) {
    case Vectors::None:
        scanFrom(scan, 0);
        break;
    case Vectors::Avx2:
        scanAvx2(scan);
        break;
    case Vectors::Avx512:
        scanAvx512(scan);
        break;
    }
}

void LiteralMatcher::close(Scan& scan, std::uint16_t hit) const
{
    scan.hits[hit] = 1;
    scan.open &= ~m_groupsOfHit[hit];
    if (m_groupsOfHit[hit] == 0) { // with more hits than groups, groups are of several
        for (std::size_t group = 0, at = 0; group < m_groupEnd.size(); ++group) {
            bool isOpen = false;
            for (; at < m_groupEnd[group]; ++at)
                isOpen |= scan.hits[m_needles[at].hit] == 0;
            if (!isOpen)
                scan.open &= ~(GroupSet{1} << group);
        }
    }
    scan.openBundles = bundlesOf(scan.open);
}

inline LiteralMatcher::GroupSet LiteralMatcher::groupsAt(std::string_view text,
                                                         std::size_t at) const
{
    if (text.size() - at >= kPlaces)
        return m_groups[0][byteOf(text[at])] & m_groups[1][byteOf(text[at + 1])] &
               m_groups[2][byteOf(text[at + 2])];
    const auto byteAt = [&](std::size_t index) {
        return index < text.size() ? byteOf(text[index]) : static_cast<unsigned>(kNoByte);
    };
    return m_groups[0][byteAt(at)] & m_groups[1][byteAt(at + 1)] & m_groups[2][byteAt(at + 2)];
}

bool LiteralMatcher::occursAt(const Needle& needle, std::string_view text, std::size_t start)
{
    const std::size_t size = needle.bytes.size();
    if (size > text.size() - start)
        return false;
    const std::string_view found = text.substr(start, size);
    const std::string_view word = needle.text;
    if (word.empty()) {
        for (std::size_t i = 0; i < size; ++i) {
            if (!needle.bytes[i][byteOf(found[i])])
                return false;
        }
        return true;
    }
    if (needle.ignoreCase ? !std::equal(found.begin(), found.end(), word.begin(),
                                        [](char c, char folded) { return foldAscii(c) == folded; })
                          : found != word)
        return false;
    if (!needle.isWord)
        return true;
    const std::size_t end = start + size;
    const bool growsLeft =
        isAsciiWordByte(word.front()) && start > 0 && isAsciiWordByte(text[start - 1]);
    const bool growsRight =
        isAsciiWordByte(word.back()) && end < text.size() && isAsciiWordByte(text[end]);
    return !growsLeft && !growsRight;
}

void LiteralMatcher::lookAt(Scan& scan, std::size_t at, GroupSet groups) const
{
    std::uint32_t start = 0;
    if (scan.text.size() - at >= sizeof start)
        std::memcpy(&start, scan.text.data() + at, sizeof start);
    else
        std::memcpy(&start, scan.text.data() + at, scan.text.size() - at);
    for (; groups != 0; groups &= groups - 1) {
        const auto group = static_cast<std::size_t>(std::countr_zero(groups));
        for (std::size_t i = group == 0 ? 0 : m_groupEnd[group - 1]; i < m_groupEnd[group]; ++i) {
            const Probe& probe = m_probes[i];
            if ((start & probe.mask) == probe.value && scan.hits[probe.hit] == 0 &&
                at >= probe.lead && occursAt(m_needles[i], scan.text, at - probe.lead))
                close(scan, probe.hit);
        }
    }
}

void LiteralMatcher::lookAtAll(Scan& scan, std::uint64_t positions, std::size_t at) const
{
    for (; positions != 0; positions &= positions - 1) {
        const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(positions));
        const GroupSet groups = groupsAt(scan.text, place) & scan.open;
        if (groups != 0)
            lookAt(scan, place, groups);
    }
}

void LiteralMatcher::scanFrom(Scan& scan, std::size_t at) const
{
    const std::string_view text = scan.text;
    // All three bytes are in the text: the loop that most bytes pass through.
    for (; at + kPlaces <= text.size() && scan.open != 0; ++at) {
        const GroupSet groups = m_groups[0][byteOf(text[at])] & m_groups[1][byteOf(text[at + 1])] &
                                m_groups[2][byteOf(text[at + 2])] & scan.open;
        if (groups != 0)
            lookAt(scan, at, groups);
    }
    for (; at < text.size() && scan.open != 0; ++at)
        lookAt(scan, at, groupsAt(text, at) & scan.open);
}

#ifdef SIGNALBOX_HAS_VECTOR_KERNELS

// Both do the same: for as many positions as a vector holds, three table lookups by each half of a
// byte leave the bundles that the position's bytes agree with. Bytes behind the end are read as
// zeros; a literal that would reach into those is refused by its length.

namespace {

struct Avx2Tables
{
    __m256i low[3];
    __m256i high[3];
};

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i bundlesFor(const Avx2Tables& tables,
                                                                      int place, const char* text)
{
    const __m256i halfMask = _mm256_set1_epi8(15);
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + place));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), halfMask);
    return _mm256_and_si256(
        _mm256_shuffle_epi8(tables.low[place], _mm256_and_si256(bytes, halfMask)),
        _mm256_shuffle_epi8(tables.high[place], high));
}

struct Avx512Tables
{
    __m512i low[3];
    __m512i high[3];
};

[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i
bundlesFor(const Avx512Tables& tables, int place, __m512i bytes)
{
    const __m512i halfMask = _mm512_set1_epi8(15);
    const __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), halfMask);
    return _mm512_and_si512(
        _mm512_shuffle_epi8(tables.low[place], _mm512_and_si512(bytes, halfMask)),
        _mm512_shuffle_epi8(tables.high[place], high));
}

/// The first `count` bytes, zeros behind them; reads nothing else.
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i firstBytes(const char* text,
                                                                                  std::size_t count)
{
    const __mmask64 mask = count < 64 ? (__mmask64{1} << count) - 1 : ~__mmask64{0};
    return _mm512_maskz_loadu_epi8(mask, text);
}

} // namespace

[[gnu::target("avx2")]] void LiteralMatcher::scanAvx2(Scan& scan) const
{
    constexpr std::size_t kStep = 32;
    constexpr std::size_t kReach = kStep + kPlaces - 1; // bytes that a step reads
    Avx2Tables tables;
    for (std::size_t place = 0; place < kPlaces; ++place) {
        const auto* halves = reinterpret_cast<const __m128i*>(m_halves[place].data());
        tables.low[place] = _mm256_broadcastsi128_si256(_mm_load_si128(halves));
        tables.high[place] = _mm256_broadcastsi128_si256(_mm_load_si128(halves + 1));
    }
    const char* const text = scan.text.data();
    const std::size_t size = scan.text.size();
    __m256i open = _mm256_set1_epi8(-1);
    char tail[kReach];
    for (std::size_t at = 0; at < size; at += kStep) {
        const std::size_t left = size - at;
        const char* bytes = text + at;
        if (left < kReach) {
            std::memset(tail, 0, kReach);
            std::memcpy(tail, bytes, left);
            bytes = tail;
        }
        const __m256i bundles = _mm256_and_si256(
            _mm256_and_si256(bundlesFor(tables, 0, bytes), bundlesFor(tables, 1, bytes)),
            _mm256_and_si256(bundlesFor(tables, 2, bytes), open));
        std::uint32_t positions = ~static_cast<std::uint32_t>(
            _mm256_movemask_epi8(_mm256_cmpeq_epi8(bundles, _mm256_setzero_si256())));
        if (left < kStep)
            positions &= (std::uint32_t{1} << left) - 1;
        if (positions == 0)
            continue;
        lookAtAll(scan, positions, at);
        if (scan.open == 0)
            return;
        open = _mm256_set1_epi8(static_cast<char>(scan.openBundles));
    }
}

[[gnu::target("avx512f,avx512bw")]] void LiteralMatcher::scanAvx512(Scan& scan) const
{
    constexpr std::size_t kStep = 64;
    Avx512Tables tables;
    for (std::size_t place = 0; place < kPlaces; ++place) {
        const auto* halves = reinterpret_cast<const __m128i*>(m_halves[place].data());
        // With a mask of all, because GCC 12 warns of the bytes that the plain form leaves open.
        tables.low[place] = _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_load_si128(halves));
        tables.high[place] = _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_load_si128(halves + 1));
    }
    const char* const text = scan.text.data();
    const std::size_t size = scan.text.size();
    __m512i open = _mm512_set1_epi8(-1);
    for (std::size_t at = 0; at < size; at += kStep) {
        const std::size_t left = size - at;
        const char* const here = text + at;
        __m512i bundles;
        if (left >= kStep + 2) {
            const __m512i first = bundlesFor(tables, 0, _mm512_loadu_si512(here));
            const __m512i second = bundlesFor(tables, 1, _mm512_loadu_si512(here + 1));
            const __m512i third = bundlesFor(tables, 2, _mm512_loadu_si512(here + 2));
            bundles =
                _mm512_and_si512(_mm512_and_si512(first, second), _mm512_and_si512(third, open));
        } else {
            const __m512i first = bundlesFor(tables, 0, firstBytes(here, left));
            const __m512i second = bundlesFor(tables, 1, firstBytes(here + 1, left - 1));
            const __m512i third =
                bundlesFor(tables, 2, firstBytes(here + 2, left < 2 ? 0 : left - 2));
            bundles =
                _mm512_and_si512(_mm512_and_si512(first, second), _mm512_and_si512(third, open));
        }
        std::uint64_t positions = _mm512_test_epi8_mask(bundles, bundles);
        if (left < kStep)
            positions &= (std::uint64_t{1} << left) - 1;
        if (positions == 0)
            continue;
        lookAtAll(scan, positions, at);
        if (scan.open == 0)
            return;
        open = _mm512_set1_epi8(static_cast<char>(scan.openBundles));
    }
}

#else

void LiteralMatcher::scanAvx2(Scan& scan) const
{
    scanFrom(scan, 0);
}

void LiteralMatcher::scanAvx512(Scan& scan) const
{
    scanFrom(scan, 0);
}

#endif

} // namespace signalbox
