// SPDX-License-Identifier: Apache-2.0
#include "feature_spans.h"

#include "answer_stats.h"
#include "character_class.h"
#include "lexicons.h"
#include "prose.h"
#include "sentences.h"
#include "voice_features.h"

#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kLongWord = 8; ///< code points

std::optional<WordList> wordListOf(std::size_t feature)
{
    switch (feature) {
    case feature::Hedges:
        return WordList::Hedge;
    case feature::Boosters:
        return WordList::Boost;
    case feature::Politeness:
        return WordList::Polite;
    case feature::Enthusiasm:
        return WordList::Enthusiasm;
    case feature::Disclaimers:
        return WordList::Disclaimer;
    case feature::Obligations:
        return WordList::Obligation;
    case feature::Connectives:
        return WordList::Connective;
    case feature::FirstSingular:
        return WordList::FirstSingular;
    case feature::FirstPlural:
        return WordList::FirstPlural;
    case feature::Second:
        return WordList::Second;
    case feature::Third:
        return WordList::Third;
    case feature::Negations:
        return WordList::Negation;
    case feature::Contractions:
        return WordList::Contraction;
    default:
        return {};
    }
}

std::string_view marksOf(std::size_t feature)
{
    switch (feature) {
    case feature::Commas:
        return ",";
    case feature::Semicolons:
        return ";";
    case feature::Colons:
        return ":";
    case feature::Parentheses:
        return "(";
    case feature::Quotes:
        return "\"";
    default:
        return {};
    }
}

std::optional<Lexicons::Opener> openerOf(std::size_t feature)
{
    switch (feature) {
    case feature::OpensCertainly:
        return Lexicons::Opener::Certainly;
    case feature::OpensHere:
        return Lexicons::Opener::Here;
    case feature::OpensRefusing:
        return Lexicons::Opener::Refuse;
    case feature::OpensPraising:
        return Lexicons::Opener::Praise;
    default:
        return {};
    }
}

/// A line as voice-1 reads it, each byte with its place in the text.
struct PlainLine
{
    std::string_view source;
    std::size_t begin = 0;           ///< of the source in the text
    std::string plain;               ///< quotes and spaces made plain, markdown as written
    std::vector<std::size_t> places; ///< in the source, one more than `plain` has bytes
    LineMarker marker;

    [[nodiscard]] Passage span(std::size_t from, std::size_t to) const
    {
        return {begin + places[from], places[to] - places[from]};
    }
};

/// The cleaned line keeps all characters but those that were made plain, one for one, and tabs,
/// which became several spaces.
void align(PlainLine& line)
{
    line.places.clear();
    std::size_t at = 0;
    for (std::size_t i = 0; i < line.plain.size(); ++i) {
        line.places.push_back(std::min(at, line.source.size()));
        if (at >= line.source.size())
            continue;
        const bool isTab = line.source[at] == '\t';
        if (isTab && i + 1 < line.plain.size() && line.plain[i + 1] == ' ')
            continue; // the last of its spaces moves on
        at +=
            line.plain[i] == line.source[at] || isTab ? 1 : decodeCodePoint(line.source, at).bytes;
    }
    line.places.push_back(line.source.size());
}

class SpanFinder
{
public:
    SpanFinder(std::string_view text, std::size_t feature)
        : m_text(text), m_feature(feature), m_lexicons(builtInLexicons()),
          m_list(wordListOf(feature)), m_marks(marksOf(feature))
    {}

    [[nodiscard]] std::vector<Passage> find();

private:
    struct Word
    {
        std::size_t line = 0;
        std::size_t begin = 0; ///< in the plain line
        std::size_t end = 0;
        WordLists lists = 0;
        std::uint32_t phraseToken = 0;
        std::uint32_t phraseStart = 0;
    };

    void readLine(std::size_t index);
    void readSentence(const PlainLine& line, std::size_t from, std::size_t to);
    void markLayout(const PlainLine& line);
    void markBold(const PlainLine& line);
    void markHyphen(const PlainLine& line, std::size_t at);
    void markPhrases();
    void markEnds();
    void add(const PlainLine& line, std::size_t from, std::size_t to)
    {
        if (to > from)
            m_spans.push_back(line.span(from, to));
    }

    std::string_view m_text;
    std::size_t m_feature;
    const Lexicons& m_lexicons;
    std::optional<WordList> m_list;
    std::string_view m_marks;
    std::vector<PlainLine> m_lines; ///< of prose that say something
    std::vector<Word> m_words;
    std::vector<Passage> m_spans;
};

std::vector<Passage> SpanFinder::find()
{
    ProseReader reader(m_text);
    ProseLine line;
    while (reader.next(line)) {
        if (line.blank || line.raw.empty())
            continue;
        PlainLine& plain = m_lines.emplace_back();
        plain.source = reader.sourceLine();
        plain.begin = static_cast<std::size_t>(plain.source.data() - m_text.data());
        plain.plain = line.raw;
        plain.marker = line.marker;
        align(plain);
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        readLine(i);
    markPhrases();
    markEnds();
    return joined(std::move(m_spans));
}

void SpanFinder::readLine(std::size_t index)
{
    const PlainLine& line = m_lines[index];
    markLayout(line);
    const std::string_view text = line.plain;
    std::size_t sentence = line.marker.length;
    std::size_t sentenceWords = 0;
    for (std::size_t i = line.marker.length; i < text.size();) {
        if (startsWord(text, i)) {
            const std::size_t end = wordAt(text, i).end;
            const std::string lower = toLowerCase(text.substr(i, end - i));
            Word word = {index, i, end, 0, 0, 0};
            if (const Lexicons::Entry* entry = m_lexicons.find(lower)) {
                word.lists = entry->lists;
                word.phraseToken = entry->phraseToken;
                word.phraseStart = entry->phraseStart;
            }
            if (m_lexicons.hasContractedSuffix(lower))
                word.lists |= listBit(WordList::Contraction);
            const bool isFirst = sentenceWords++ == 0;
            if (m_feature == feature::Imperatives && isFirst &&
                (word.lists & listBit(WordList::Imperative)) != 0)
                add(line, i, end);
            if ((m_feature == feature::LongWords || m_feature == feature::WordLength) &&
                codePointCount(lower) >= kLongWord)
                add(line, i, end);
            m_words.push_back(word);
            i = end;
            continue;
        }
        if (isSentencePunctuation(text[i])) {
            const SentenceEnd found = sentenceEndAt(text, i, m_lexicons, kClosingMarks);
            if (found.ends) {
                if (sentenceWords > 0)
                    readSentence(line, sentence, found.end);
                sentence = found.end;
                sentenceWords = 0;
            }
            i = found.next;
            continue;
        }
        if (m_marks.find(text[i]) != std::string_view::npos)
            add(line, i, i + 1);
        if (text[i] == '-')
            markHyphen(line, i);
        const DecodedCodePoint c = decodeCodePoint(text, i);
        const bool isDash = c.value == 0x2013 || c.value == 0x2014;
        if ((m_feature == feature::Dashes && isDash) ||
            (m_feature == feature::Emoji && isEmoji(c.value)))
            add(line, i, i + c.bytes);
        i += c.bytes;
    }
    if (sentenceWords > 0)
        readSentence(line, sentence, text.size());
}

/// The marks at its end, where it exclaims or asks.
void SpanFinder::readSentence(const PlainLine& line, std::size_t from, std::size_t to)
{
    const char mark = m_feature == feature::Exclamations ? '!'
                      : m_feature == feature::Questions  ? '?'
                                                         : 0;
    if (mark == 0)
        return;
    const std::string_view text = std::string_view(line.plain).substr(from, to - from);
    const std::size_t last = text.find_last_of(mark);
    const std::size_t closing = text.find_last_not_of("!?.\"'*_`) ");
    if (last != std::string_view::npos && (closing == std::string_view::npos || last > closing))
        add(line, from + last, from + last + 1);
}

void SpanFinder::markLayout(const PlainLine& line)
{
    const LineKind kind = line.marker.kind;
    const bool isItem = kind == LineKind::OrderedItem || kind == LineKind::UnorderedItem;
    const bool isShown =
        (m_feature == feature::Headers && kind == LineKind::Header) ||
        (m_feature == feature::OrderedItems && kind == LineKind::OrderedItem) ||
        (m_feature == feature::UnorderedItems && kind == LineKind::UnorderedItem) ||
        (m_feature == feature::ListShare && isItem);
    if (isShown) {
        const std::size_t start = line.plain.find_first_not_of(" \t");
        const std::size_t marker =
            std::string_view(line.plain).substr(0, line.marker.length).find_last_not_of(" \t");
        add(line, std::min(start, line.marker.length),
            marker == std::string::npos ? line.marker.length : marker + 1);
    }
    if (m_feature == feature::Bold)
        markBold(line);
}

void SpanFinder::markBold(const PlainLine& line)
{
    const std::string_view text = line.plain;
    for (const std::string_view mark : {std::string_view("**"), std::string_view("__")}) {
        for (std::size_t at = text.find(mark); at != std::string_view::npos;) {
            const std::size_t close = text.find(mark, at + mark.size() + 1);
            if (close == std::string_view::npos)
                break;
            add(line, at, close + mark.size());
            at = text.find(mark, close + mark.size());
        }
    }
}

void SpanFinder::markHyphen(const PlainLine& line, std::size_t at)
{
    const std::string_view text = line.plain;
    const auto is = [&](std::size_t i, char c) { return i < text.size() && text[i] == c; };
    const auto isLetter = [&](std::size_t i) {
        return i < text.size() &&
               ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'));
    };
    if (at == 0)
        return;
    const bool joins = isLetter(at - 1) && isLetter(at + 1);
    const bool parts = is(at - 1, ' ') && (is(at + 1, ' ') || (is(at + 1, '-') && is(at + 2, ' ')));
    if ((m_feature == feature::Hyphens && joins) || (m_feature == feature::Dashes && parts))
        add(line, at, at + (is(at + 1, '-') ? 2 : 1));
}

/// Words of the feature's list and its phrases, which may run over the end of a line.
void SpanFinder::markPhrases()
{
    if (!m_list)
        return;
    const WordLists wanted = listBit(*m_list);
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        const Word& first = m_words[i];
        if ((first.lists & wanted) != 0)
            add(m_lines[first.line], first.begin, first.end);
        std::uint32_t node = first.phraseStart;
        for (std::size_t j = i; node != 0; ++j) {
            if ((m_lexicons.phrasesEndingAt(node) & wanted) != 0) {
                const Passage start = m_lines[first.line].span(first.begin, first.end);
                const Passage end = m_lines[m_words[j].line].span(m_words[j].begin, m_words[j].end);
                m_spans.push_back({start.begin, end.begin + end.length - start.begin});
            }
            const std::uint32_t token = j + 1 < m_words.size() ? m_words[j + 1].phraseToken : 0;
            node = token == 0 ? 0 : m_lexicons.step(node, token);
        }
    }
}

/// How the answer opens and closes.
void SpanFinder::markEnds()
{
    if (m_lines.empty())
        return;
    const PlainLine& first = m_lines.front();
    const PlainLine& last = m_lines.back();
    const std::size_t start = first.marker.length;
    if (const auto opener = openerOf(m_feature)) {
        const std::string lower = toLowerCase(std::string_view(first.plain).substr(start));
        const std::size_t length = m_lexicons.openerLength(*opener, lower);
        add(first, start, std::min(start + length, first.plain.size()));
    }
    if (m_feature == feature::OpensWithColon && trimmedEnd(first.plain).ends_with(':'))
        add(first, start, trimmedEnd(first.plain).size());
    if (m_feature == feature::OpensWithMarkdown &&
        ((first.marker.kind != LineKind::Plain && first.marker.kind != LineKind::Quote) ||
         trimmedStart(first.plain).starts_with("**")))
        add(first, 0, first.plain.size());
    const std::string_view closing = std::string_view(last.plain).substr(last.marker.length);
    const std::string lower = toLowerCase(trimmed(closing));
    if (m_feature == feature::ClosesOffering && m_lexicons.offersHelp(lower)) {
        // The sentence with the offer, not all of its paragraph.
        std::size_t from = last.marker.length;
        for (const std::size_t end : sentenceEnds(closing, m_lexicons)) {
            const std::size_t to = last.marker.length + end;
            if (m_lexicons.offersHelp(
                    toLowerCase(std::string_view(last.plain).substr(from, to - from))))
                add(last, from + (last.plain[from] == ' ' ? 1 : 0), to);
            from = to;
        }
    }
    if (m_feature == feature::ClosesSumming) {
        const std::size_t length = m_lexicons.summaryLength(lower);
        const std::size_t from = last.marker.length + closing.size() - trimmedStart(closing).size();
        add(last, from, std::min(from + length, last.plain.size()));
    }
}

} // namespace

std::vector<Passage> joined(std::vector<Passage> spans)
{
    std::ranges::sort(spans, {}, [](const Passage& span) { return span.begin; });
    std::vector<Passage> apart;
    for (const Passage& span : spans) {
        if (!apart.empty() && span.begin < apart.back().begin + apart.back().length)
            apart.back().length =
                std::max(apart.back().length, span.begin + span.length - apart.back().begin);
        else
            apart.push_back(span);
    }
    return apart;
}

std::vector<Passage> featureSpans(std::string_view text, std::size_t feature)
{
    if (firstInvalidUtf8(text))
        return {};
    return SpanFinder(text, feature).find();
}

} // namespace signalbox
