// SPDX-License-Identifier: Apache-2.0
#include "token_counter.h"

#include "text_pieces.h"
#include "token_data.h"

#include <core/base/utf8.h>

#include <queue>

#include <cmath>
#include <limits>
#include <string>

namespace signalbox {

namespace {

using o200k::TextPieces;
using o200k::TokenData;

/// Merges the bytes of a piece pair by pair, the lowest rank first, of equal ones the leftmost. One
/// object serves many pieces. O(n log n) for a piece of n bytes.
class PairMerger
{
public:
    explicit PairMerger(const TokenData& data) : m_data(data) {}

    /// Calls visit(bytes) for each token of a piece.
    template<class Visit> void merge(std::string_view piece, Visit visit)
    {
        m_piece = piece;
        start();
        while (!m_candidates.empty()) {
            const Candidate best = m_candidates.top();
            m_candidates.pop();
            if (m_parts[best.part].rank == best.rank) // else it was merged since
                mergeWithNext(best.part);
        }
        for (std::size_t part = 0; part < piece.size(); part = m_parts[part].next)
            visit(piece.substr(part, m_parts[part].next - part));
    }

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    /// A part begins at its index in the piece and ends where the next one begins.
    struct Part
    {
        std::size_t before = 0;
        std::size_t next = 0;
        std::uint32_t rank = kNone; ///< of the token that it makes with the next one
    };
    struct Candidate
    {
        std::uint32_t rank = kNone;
        std::size_t part = 0;
        auto operator<=>(const Candidate&) const = default;
    };

    void start()
    {
        m_parts.assign(m_piece.size(), {});
        for (std::size_t i = 0; i < m_parts.size(); ++i)
            m_parts[i] = {i == 0 ? 0 : i - 1, i + 1, kNone};
        for (std::size_t i = 0; i < m_parts.size(); ++i)
            rankAnew(i);
    }

    void rankAnew(std::size_t part)
    {
        Part& self = m_parts[part];
        self.rank = kNone;
        if (self.next >= m_piece.size())
            return;
        const std::size_t end = m_parts[self.next].next;
        if (const auto rank = m_data.rankOf(m_piece.substr(part, end - part))) {
            self.rank = *rank;
            m_candidates.push({*rank, part});
        }
    }

    void mergeWithNext(std::size_t part)
    {
        const std::size_t taken = m_parts[part].next;
        m_parts[taken].rank = kNone;
        m_parts[part].next = m_parts[taken].next;
        if (m_parts[part].next < m_piece.size())
            m_parts[m_parts[part].next].before = part;
        rankAnew(part);
        if (part > 0)
            rankAnew(m_parts[part].before);
    }

    const TokenData& m_data;
    std::string_view m_piece;
    std::vector<Part> m_parts;
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> m_candidates;
};

/// Calls visit(bytes) for each token of a text, which is well-formed.
template<class Visit> void forEachToken(std::string_view text, Visit visit)
{
    const TokenData& data = TokenData::get();
    PairMerger merger(data);
    for (TextPieces pieces(text, data); !pieces.atEnd();) {
        const std::string_view piece = pieces.next();
        if (data.rankOf(piece))
            visit(piece);
        else
            merger.merge(piece, visit);
    }
}

template<class Visit> void forEachTokenOfAny(std::string_view text, Visit visit)
{
    if (firstInvalidUtf8(text))
        forEachToken(toValidUtf8(text), visit);
    else
        forEachToken(text, visit);
}

std::int64_t scaled(std::int64_t counted, double factor)
{
    const double tokens = std::round(static_cast<double>(counted) * factor);
    return counted > 0 ? static_cast<std::int64_t>(std::fmax(1, std::fmin(tokens, 1e15))) : 0;
}

} // namespace

std::int64_t countO200kTokens(std::string_view text)
{
    std::int64_t count = 0;
    forEachTokenOfAny(text, [&count](std::string_view) { ++count; });
    return count;
}

std::vector<std::uint32_t> o200kTokens(std::string_view text)
{
    std::vector<std::uint32_t> tokens;
    forEachTokenOfAny(text, [&tokens](std::string_view bytes) {
        tokens.push_back(*TokenData::get().rankOf(bytes)); // single bytes are tokens, too
    });
    return tokens;
}

TokenEstimate estimateTokens(std::string_view text, const TokenMultiplier& multiplier)
{
    return estimateTokens(countO200kTokens(text), multiplier);
}

TokenEstimate estimateTokens(std::int64_t counted, const TokenMultiplier& multiplier)
{
    return {scaled(counted, multiplier.median), scaled(counted, multiplier.lowerQuartile),
            scaled(counted, multiplier.upperQuartile), true, multiplier.samples};
}

TokenEstimate statedTokens(std::int64_t tokens)
{
    return {tokens, tokens, tokens, false, 0};
}

} // namespace signalbox
