// SPDX-License-Identifier: Apache-2.0
#include "normalize.h"

#include "answer_stats.h"
#include "character_class.h"
#include "inline_marks.h"
#include "lexicons.h"
#include "prose.h"
#include "sentences.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <vector>

namespace signalbox {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// "|---|:--:|" between the head and the body of a table, or "***" and "---" between sections.
bool isRule(std::string_view line)
{
    const std::string_view text = trimmed(line);
    if (text.find_first_not_of("|:- ") == kNone)
        return isTableRow(text) || text.size() >= 3;
    return text.size() >= 3 &&
           (text.find_first_not_of("* ") == kNone || text.find_first_not_of("_ ") == kNone);
}

bool endsClause(std::string_view text)
{
    constexpr std::string_view kEnds = ".!?:;,";
    std::size_t end = text.size(); // quotes, brackets and marks may close after the stop
    while (end > 0 && (text[end - 1] == '"' || text[end - 1] == ')' || text[end - 1] == '\''))
        --end;
    return end == 0 || kEnds.find(text[end - 1]) != kNone || kEnds.find(text.back()) != kNone ||
           text.ends_with("\xE2\x80\xA6");
}

/// Cells of a table row as one phrase: "a, b, c".
std::string joinedCells(std::string_view row)
{
    std::string out;
    while (!row.empty()) {
        const std::size_t end = std::min(row.find('|'), row.size());
        const std::string_view cell = trimmed(row.substr(0, end));
        row.remove_prefix(std::min(end + 1, row.size()));
        if (cell.empty())
            continue;
        if (!out.empty())
            out += ", ";
        out += cell;
    }
    return out;
}

/// Turns markdown into paragraphs. Items of a list, rows of a table and what leads up to them
/// become sentences of one paragraph; a header leads its paragraph; fenced code stays as it is.
class Flattener
{
public:
    [[nodiscard]] std::string flatten(std::string_view text)
    {
        char fence = 0;
        while (!text.empty()) {
            const std::string_view line = takeLine(text);
            const char mark = fenceOf(line);
            if (fence != 0 || mark != 0) {
                addCode(line);
                fence = fence == 0 ? mark : fence == mark ? '\0' : fence;
            } else if (isBlank(line) || isRule(line)) {
                m_afterBlank = true;
            } else {
                addProse(line);
            }
        }
        endParagraph();
        return std::move(m_out);
    }

private:
    enum class Part { Nothing, Plain, Header, Item };

    void addCode(std::string_view line)
    {
        endParagraph();
        if (!m_out.empty())
            m_out += '\n';
        m_out += line;
        m_afterBlank = false;
    }

    void addProse(std::string_view line)
    {
        Part part = Part::Plain;
        std::string_view rest = trimmed(line);
        const bool indented = !line.empty() && (line[0] == ' ' || line[0] == '\t');
        for (LineMarker marker = lineMarker(rest); marker.kind != LineKind::Plain;
             marker = lineMarker(rest)) {
            const std::string_view behind = trimmed(rest.substr(marker.length));
            if (behind.empty())
                break;
            rest = behind;
            if (marker.kind == LineKind::Header)
                part = Part::Header;
            else if (marker.kind != LineKind::Quote && part == Part::Plain)
                part = Part::Item;
        }
        std::string text;
        if (isTableRow(rest)) {
            part = Part::Item;
            text = joinedCells(rest);
        } else {
            text = std::string(rest);
        }
        text = std::string(trimmed(flattenInlineMarks(text)));
        if (text.empty())
            return;
        join(part, indented, text);
        m_last = part;
        m_afterBlank = false;
    }

    void join(Part part, bool indented, const std::string& text)
    {
        const bool continues = !m_paragraph.empty() && part != Part::Header &&
                               (!m_afterBlank || part == Part::Item || m_last == Part::Header ||
                                (m_last == Part::Item && indented));
        if (!continues) {
            endParagraph();
        } else if (part == Part::Plain && m_last == Part::Plain) {
            m_paragraph += '\n'; // lines of a verse or an address stay lines
        } else {
            endItem(m_last == Part::Header ? ':' : '.');
            m_paragraph += ' ';
        }
        m_paragraph += text;
    }

    void endItem(char stop)
    {
        if (!endsClause(m_paragraph))
            m_paragraph += stop;
    }

    void endParagraph()
    {
        if (m_paragraph.empty())
            return;
        if (m_last == Part::Item)
            endItem('.');
        if (!m_out.empty())
            m_out += '\n';
        m_out += m_paragraph;
        m_paragraph.clear();
        m_last = Part::Nothing;
    }

    std::string m_out;
    std::string m_paragraph;
    Part m_last = Part::Nothing;
    bool m_afterBlank = false;
};

/// The first `bytes` of a text, or a little less so that no character is cut.
std::string_view startOf(std::string_view text, std::size_t bytes)
{
    std::size_t end = std::min(text.size(), bytes);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

/// With straight apostrophes, as the word lists have them.
std::string straight(std::string_view text)
{
    constexpr std::string_view kApostrophe = "\xE2\x80\x99";
    std::string out;
    for (std::size_t at; (at = text.find(kApostrophe)) != kNone;
         text.remove_prefix(at + kApostrophe.size())) {
        out += text.substr(0, at);
        out += '\'';
    }
    out += text;
    return out;
}

/// Lower case for the openers and closers of the word lists.
std::string folded(std::string_view text)
{
    return toLowerCase(straight(text));
}

/// Offset of the first word; the length of the text if it has none.
std::size_t firstWord(std::string_view text)
{
    std::size_t i = 0;
    while (i < text.size() && !startsWord(text, i))
        i += decodeCodePoint(text, i).bytes;
    return i;
}

void capitalise(std::string& text, std::size_t offset)
{
    if (offset < text.size() && text[offset] >= 'a' && text[offset] <= 'z')
        text[offset] = static_cast<char>(text[offset] - 0x20);
}

/// Bytes of a stock phrase that is a clause of its own ("Sure, …", "Certainly! …"), punctuation
/// included; 0 if it is part of the sentence.
/// @param foldedBytes  of the phrase in folded text, whose ASCII phrases are as long as in `line`
std::size_t clauseLength(std::string_view line, std::size_t foldedBytes)
{
    constexpr std::string_view kStops = ",.!:;";
    std::size_t i = foldedBytes;
    while (i < line.size() && kStops.find(line[i]) != kNone)
        ++i;
    return i == foldedBytes ? 0 : i;
}

/// Bytes of the stock clause or sentence that a line opens with; 0 for none.
std::size_t stockOpening(std::string_view line, const Lexicons& lexicons)
{
    constexpr std::size_t kWindow = 512;       // no stock sentence is longer
    constexpr std::size_t kShortSentence = 10; // words
    constexpr std::size_t kLongSentence = 25;
    const std::string_view window = startOf(line, kWindow);
    const std::string lower = folded(startOf(line, 64));
    const auto is = [&](Lexicons::Opener opener) { return lexicons.openerLength(opener, lower); };

    const std::size_t certainly = is(Lexicons::Opener::Certainly);
    if (certainly > 0) {
        if (const std::size_t clause = clauseLength(line, certainly))
            return clause;
    } else if (is(Lexicons::Opener::Praise) == 0 && is(Lexicons::Opener::Here) == 0) {
        return 0;
    }
    const std::size_t sentenceEnd = sentenceEnds(window, lexicons).front();
    const std::string_view sentence = window.substr(0, sentenceEnd);
    const std::size_t words = wordCount(sentence);
    if (is(Lexicons::Opener::Here) > 0) {
        const std::size_t colon = sentence.find(':');
        if (colon != kNone && (colon + 1 == line.size() || line[colon + 1] == ' '))
            return colon + 1; // "Here are some tips: …"
        const bool isWholeLine = sentenceEnd == line.size();
        return isWholeLine && words <= kLongSentence && lower.starts_with("here") ? sentenceEnd : 0;
    }
    const bool exclaims = sentence.find('!') != kNone;
    return exclaims && words <= kShortSentence ? sentenceEnd : 0; // "Great question!"
}

/// Drops stock clauses and sentences from the start.
std::string withoutOpener(std::string text, const Lexicons& lexicons)
{
    std::size_t start = 0; // of what stays
    std::size_t lineEnd = 0;
    while (true) {
        start = text.size() - trimmedStart(std::string_view(text).substr(start)).size();
        if (start >= lineEnd)
            lineEnd = std::min(text.find('\n', start), text.size());
        const std::string_view line =
            trimmedEnd(std::string_view(text).substr(start, lineEnd - start));
        const std::size_t length = fenceOf(line) != 0 ? 0 : stockOpening(line, lexicons);
        if (length == 0 || !hasWords(std::string_view(text).substr(start + length)))
            break;
        start += length;
    }
    const std::size_t blank = text.size() - trimmedStart(text).size();
    if (start == blank)
        return text;
    text.erase(0, start);
    capitalise(text, 0);
    return text;
}

/// Drops stock sentences from the end of the last line, and "In conclusion," from its start.
std::string withoutCloser(std::string text, const Lexicons& lexicons)
{
    constexpr std::size_t kLongestOffer = 50; // words
    if (endsInCode(text))
        return text;
    const std::size_t first = firstWord(text);
    while (true) {
        const std::string_view kept = trimmedEnd(text);
        const std::size_t lineStart = kept.rfind('\n') + 1; // 0 if there is one line
        const std::string_view line = kept.substr(lineStart);
        std::size_t end = line.size();
        std::vector<std::size_t> ends = sentenceEnds(line, lexicons);
        for (bool offers = true; offers && !ends.empty();) {
            ends.pop_back();
            const std::size_t start = ends.empty() ? 0 : ends.back();
            const std::string_view sentence = line.substr(start, end - start);
            offers = first < lineStart + start && wordCount(sentence) <= kLongestOffer &&
                     lexicons.offersHelp(folded(sentence));
            if (offers)
                end = start;
        }
        if (end == line.size())
            break;
        text.resize(trimmedEnd(kept.substr(0, lineStart + end)).size());
        if (end > 0 || fenceOf(std::string_view(text).substr(text.rfind('\n') + 1)) != 0)
            break;
    }

    std::size_t lineStart = trimmedEnd(text).rfind('\n') + 1;
    std::size_t cut = lineStart;
    while (true) {
        const std::string_view line = std::string_view(text).substr(cut);
        const std::size_t length = lexicons.summaryLength(folded(startOf(line, 64)));
        const std::size_t clause = length == 0 ? 0 : clauseLength(line, length);
        if (clause == 0 || !hasWords(line.substr(clause)))
            break;
        cut = text.size() - trimmedStart(line.substr(clause)).size();
    }
    if (cut > lineStart) {
        text.erase(lineStart, cut - lineStart);
        capitalise(text, lineStart);
    }
    return text;
}

/// Without headers at the end, as long as words are left.
std::string_view withoutDanglingHeaders(std::string_view text)
{
    while (true) {
        const std::size_t lineStart = text.rfind('\n') + 1;
        if (lineMarker(text.substr(lineStart)).kind != LineKind::Header)
            return text;
        const std::string_view before = trimmedEnd(text.substr(0, lineStart));
        if (!hasWords(before))
            return text;
        text = before;
    }
}

/// The text up to the last sentence end within `most` words of prose; at least one sentence.
std::string cutToWords(const std::string& text, std::size_t most, const Lexicons& lexicons)
{
    std::size_t words = 0;
    std::size_t keptEnd = 0;
    char fence = 0;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = takeLine(rest);
        const auto lineStart = static_cast<std::size_t>(line.data() - text.data());
        const char mark = fenceOf(line);
        if (fence != 0 || mark != 0) {
            fence = fence == 0 ? mark : fence == mark ? '\0' : fence;
            keptEnd = lineStart + line.size();
            continue;
        }
        const std::size_t markerLength = lineMarker(line).length;
        const std::string_view prose = line.substr(markerLength);
        std::size_t start = 0;
        for (const std::size_t end : sentenceEnds(prose, lexicons)) {
            const std::size_t inSentence = wordCount(straight(prose.substr(start, end - start)));
            if (words > 0 && words + inSentence > most)
                return std::string(
                    withoutDanglingHeaders(trimmedEnd(std::string_view(text).substr(0, keptEnd))));
            words += inSentence;
            start = end;
            keptEnd = lineStart + markerLength + end;
        }
    }
    return text;
}

std::string normalizedOnce(const std::string& text, const NormalizeOptions& options,
                           const Lexicons& lexicons)
{
    std::string result = text;
    const auto keepWords = [&](std::string candidate) {
        if (hasWords(candidate))
            result = std::move(candidate);
    };
    if (options.flattenMarkdown)
        keepWords(Flattener().flatten(result));
    if (options.trimOpeners)
        keepWords(withoutOpener(result, lexicons));
    if (options.trimClosers)
        keepWords(withoutCloser(result, lexicons));
    if (options.maxWords)
        keepWords(
            cutToWords(result, static_cast<std::size_t>(std::max(0, *options.maxWords)), lexicons));
    return result;
}

} // namespace

std::string normalizeAnswer(std::string_view text, const NormalizeOptions& options)
{
    if (options == NormalizeOptions{})
        return std::string(text);
    const Lexicons& lexicons = builtInLexicons();
    std::string whole = toValidUtf8(text);
    // What one step leaves may be markdown again ("- - x"), so steps are repeated until nothing
    // changes; a text that never settles, which only a contrived one does, stays as it was. Both
    // ways a second call returns what the first one did.
    constexpr int kMostSteps = 16;
    std::string result = whole;
    for (int i = 0; i < kMostSteps; ++i) {
        std::string next = normalizedOnce(result, options, lexicons);
        if (next == result)
            return result;
        result = std::move(next);
    }
    return whole;
}

} // namespace signalbox
