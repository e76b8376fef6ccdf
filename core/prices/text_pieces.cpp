// SPDX-License-Identifier: Apache-2.0
#include "text_pieces.h"

#include <core/base/ascii.h>
#include <core/base/utf8.h>

#include <algorithm>

namespace signalbox::o200k {

namespace {

using Kind = CharacterClass;

bool isLetter(Kind kind)
{
    return kind == Kind::Upper || kind == Kind::Lower || kind == Kind::OtherLetter;
}

/// What may stand in the first part of a word, the capitals.
bool isCapital(Kind kind)
{
    return kind == Kind::Upper || kind == Kind::OtherLetter || kind == Kind::Mark;
}

/// What may stand in the second.
bool isSmall(Kind kind)
{
    return kind == Kind::Lower || kind == Kind::OtherLetter || kind == Kind::Mark;
}

bool isWhite(Kind kind)
{
    return kind == Kind::Space || kind == Kind::LineEnd;
}

bool isSign(Kind kind)
{
    return kind == Kind::Other || kind == Kind::Mark;
}

} // namespace

TextPieces::Character TextPieces::at(std::size_t offset) const
{
    if (offset >= m_text.size())
        return {};
    const auto byte = static_cast<unsigned char>(m_text[offset]);
    if (byte < 0x80)
        return {m_data.classOf(byte), 1};
    const DecodedCodePoint point = decodeCodePoint(m_text, offset);
    return {m_data.classOf(point.value), point.bytes};
}

template<class Accepts> std::size_t TextPieces::skip(std::size_t offset, Accepts accepts) const
{
    for (Character next = at(offset); next.bytes > 0 && accepts(next.kind); next = at(offset))
        offset += next.bytes;
    return offset;
}

std::string_view TextPieces::next()
{
    const std::size_t begin = m_at;
    std::size_t end = wordEnd(begin);
    if (end == begin)
        end = digitsEnd(begin);
    if (end == begin)
        end = signsEnd(begin);
    if (end == begin)
        end = whiteSpaceEnd(begin);
    m_at = end;
    return m_text.substr(begin, end - begin);
}

std::size_t TextPieces::wordEnd(std::size_t begin) const
{
    const Character first = at(begin);
    const bool mayLead =
        !isLetter(first.kind) && first.kind != Kind::Number && first.kind != Kind::LineEnd;
    for (const WordShape shape : {WordShape::EndsSmall, WordShape::Capitals}) {
        if (mayLead) {
            const std::size_t letters = begin + first.bytes;
            const std::size_t end = lettersEnd(letters, shape);
            if (end > letters)
                return contractionEnd(end);
        }
        const std::size_t end = lettersEnd(begin, shape);
        if (end > begin)
            return contractionEnd(end);
    }
    return begin;
}

std::size_t TextPieces::lettersEnd(std::size_t begin, WordShape shape) const
{
    std::size_t end = begin;
    std::size_t lastBoth = begin; // behind the last character that is of both parts
    for (Character next = at(end); next.bytes > 0 && isCapital(next.kind); next = at(end)) {
        end += next.bytes;
        if (isSmall(next.kind))
            lastBoth = end;
    }
    if (shape == WordShape::Capitals)
        return end > begin ? skip(end, isSmall) : begin;
    // The capitals took all they could; if no small letter follows they give back as much as one.
    const std::size_t small = skip(end, isSmall);
    return small > end ? small : lastBoth;
}

std::size_t TextPieces::contractionEnd(std::size_t begin) const
{
    const std::string_view rest = m_text.substr(begin, 3);
    if (rest.size() < 2 || rest[0] != '\'')
        return begin;
    const char first = foldAscii(rest[1]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
        return begin + 2;
    if (rest == "'\xC5\xBF") // a long s is an s without regard to case
        return begin + 3;
    const char second = rest.size() == 3 ? foldAscii(rest[2]) : '\0';
    const bool isLong = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') ||
                        (first == 'l' && second == 'l');
    return isLong ? begin + 3 : begin;
}

std::size_t TextPieces::digitsEnd(std::size_t begin) const
{
    std::size_t end = begin;
    for (int i = 0; i < 3 && at(end).bytes > 0 && at(end).kind == Kind::Number; ++i)
        end += at(end).bytes;
    return end;
}

std::size_t TextPieces::signsEnd(std::size_t begin) const
{
    const std::size_t signs = begin + (m_text[begin] == ' ' ? 1 : 0);
    std::size_t end = skip(signs, isSign);
    if (end == signs)
        return begin;
    while (end < m_text.size() &&
           (m_text[end] == '\r' || m_text[end] == '\n' || m_text[end] == '/'))
        ++end;
    return end;
}

std::size_t TextPieces::whiteSpaceEnd(std::size_t begin) const
{
    std::size_t end = begin;
    std::size_t lastLineEnd = begin; // behind it
    std::size_t last = begin;        // where the last character begins
    for (Character next = at(end); next.bytes > 0 && isWhite(next.kind); next = at(end)) {
        last = end;
        end += next.bytes;
        if (next.kind == Kind::LineEnd)
            lastLineEnd = end;
    }
    if (lastLineEnd > begin)
        return lastLineEnd;
    return end == m_text.size() || last == begin ? end : last;
}

} // namespace signalbox::o200k
