// SPDX-License-Identifier: Apache-2.0
#include "answer_stats.h"

#include "character_class.h"
#include "diversity.h"
#include "lexicons.h"
#include "prose.h"
#include "sentences.h"
#include "vocabulary.h"
#include "voice_features.h"

#include <core/base/parallel.h>
#include <core/base/unicode.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFunctionWordsFrom = 20;

constexpr WordLists kFunctionWords =
    listBit(WordList::FirstSingular) | listBit(WordList::FirstPlural) | listBit(WordList::Second) |
    listBit(WordList::Third) | listBit(WordList::Negation) | listBit(WordList::Article) |
    listBit(WordList::Preposition) | listBit(WordList::Auxiliary);

enum class ByteClass : std::uint8_t {
    Other,
    Letter, ///< ASCII letter
    Digit,
    SentenceEnd,
    Comma,
    Semicolon,
    Colon,
    Parenthesis,
    Quote,
    Hyphen,
    Wide, ///< outside ASCII
};

constexpr std::array<ByteClass, 256> kByteClasses = [] {
    std::array<ByteClass, 256> classes{};
    for (int c = 'a'; c <= 'z'; ++c)
        classes[static_cast<std::size_t>(c)] = classes[static_cast<std::size_t>(c - 0x20)] =
            ByteClass::Letter;
    for (int c = '0'; c <= '9'; ++c)
        classes[static_cast<std::size_t>(c)] = ByteClass::Digit;
    for (std::size_t c = 0x80; c < 256; ++c)
        classes[c] = ByteClass::Wide;
    classes['.'] = classes['!'] = classes['?'] = ByteClass::SentenceEnd;
    classes[','] = ByteClass::Comma;
    classes[';'] = ByteClass::Semicolon;
    classes[':'] = ByteClass::Colon;
    classes['('] = ByteClass::Parenthesis;
    classes['"'] = ByteClass::Quote;
    classes['-'] = ByteClass::Hyphen;
    return classes;
}();

ByteClass classOf(char c)
{
    return kByteClasses[static_cast<unsigned char>(c)];
}

bool isAsciiLetter(char c)
{
    return classOf(c) == ByteClass::Letter;
}

/// Words, sentences and punctuation of cleaned prose, line by line.
class ProseCounter
{
public:
    struct Sentence
    {
        std::size_t firstWord = 0;
        std::size_t words = 0;
        bool exclaims = false;
        bool asks = false;
    };
    struct Punctuation
    {
        std::size_t commas = 0, semicolons = 0, colons = 0, parentheses = 0, quotes = 0;
        std::size_t dashes = 0, hyphens = 0, emoji = 0;
    };

    explicit ProseCounter(const Lexicons& lexicons) : m_lexicons(lexicons), m_vocabulary(lexicons)
    {}

    /// Makes ready for the next text; what a giant text needed is given back.
    void clear()
    {
        constexpr std::size_t kKeptWords = 1 << 16;
        m_vocabulary.clear();
        if (m_words.capacity() > kKeptWords) {
            m_words = {};
            m_sentences = {};
        }
        m_words.clear();
        m_sentences.clear();
        m_punctuation = {};
    }

    void readLine(std::string_view line);

    [[nodiscard]] const Vocabulary& vocabulary() const { return m_vocabulary; }
    [[nodiscard]] std::span<const std::uint32_t> words() const { return m_words; }
    [[nodiscard]] std::span<const Sentence> sentences() const { return m_sentences; }
    [[nodiscard]] const Punctuation& punctuation() const { return m_punctuation; }

private:
    std::size_t readWords(std::size_t start);
    std::size_t readWord(std::size_t start);
    std::size_t readWide(std::size_t start);
    void readHyphen(std::size_t at);
    std::size_t readSentenceEnd(std::size_t start);
    void countPunctuation(char c);
    void endSentence(std::size_t end);

    const Lexicons& m_lexicons;
    Vocabulary m_vocabulary;
    std::vector<std::uint32_t> m_words;
    std::vector<Sentence> m_sentences;
    Punctuation m_punctuation;

    std::string_view m_line;
    std::size_t m_sentenceStart = 0;
    std::size_t m_sentenceWord = 0;
    std::size_t m_hyphenFrom = 0; ///< first byte that the next hyphen's left letter may be
    std::size_t m_dashFrom = 0;   ///< the same for the space before " - "
    std::size_t m_doubleDashFrom = 0;
};

void ProseCounter::readLine(std::string_view line)
{
    m_line = line;
    m_sentenceStart = m_hyphenFrom = m_dashFrom = m_doubleDashFrom = 0;
    m_sentenceWord = m_words.size();
    for (std::size_t i = 0; i < line.size();) {
        switch (classOf(line[i])) {
        case ByteClass::Other:
            ++i;
            break;
        case ByteClass::Letter:
        case ByteClass::Digit:
            i = readWords(i);
            break;
        case ByteClass::Wide:
            i = readWide(i);
            break;
        case ByteClass::SentenceEnd:
            i = readSentenceEnd(i);
            break;
        case ByteClass::Hyphen:
            readHyphen(i++);
            break;
        default:
            countPunctuation(line[i++]);
        }
    }
    endSentence(line.size());
}

/// Word, space, word: what most of a line is.
std::size_t ProseCounter::readWords(std::size_t start)
{
    std::size_t i = readWord(start);
    while (i + 1 < m_line.size() && m_line[i] == ' ' && isAsciiLetter(m_line[i + 1]))
        i = readWord(i + 1);
    return i;
}

std::size_t ProseCounter::readWord(std::size_t start)
{
    if (const ShortWord word = shortWordAt(m_line, start); word.bytes != 0) {
        m_words.push_back(m_vocabulary.addShort(word.lowerCase, word.bytes));
        return start + word.bytes;
    }
    const WordSpan span = wordAt(m_line, start);
    m_words.push_back(span.ascii ? m_vocabulary.addAscii(m_line.data() + start, span.end - start,
                                                         m_line.size() - start)
                                 : m_vocabulary.add(m_line.substr(start, span.end - start)));
    return span.end;
}

std::size_t ProseCounter::readWide(std::size_t start)
{
    const DecodedCodePoint c = decodeCodePoint(m_line, start);
    if (isAlphanumeric(c.value))
        return readWord(start);
    if (c.value == 0x2013 || c.value == 0x2014)
        ++m_punctuation.dashes;
    else if (isEmoji(c.value))
        ++m_punctuation.emoji;
    return start + c.bytes;
}

/// Counts letter-letter, " - " and " -- ", each without overlaps.
void ProseCounter::readHyphen(std::size_t at)
{
    if (at == 0)
        return;
    const auto is = [&](std::size_t i, char c) { return i < m_line.size() && m_line[i] == c; };
    if (at > m_hyphenFrom && isAsciiLetter(m_line[at - 1]) && at + 1 < m_line.size() &&
        isAsciiLetter(m_line[at + 1])) {
        ++m_punctuation.hyphens;
        m_hyphenFrom = at + 2;
    } else if (at > m_dashFrom && is(at - 1, ' ') && is(at + 1, ' ')) {
        ++m_punctuation.dashes;
        m_dashFrom = at + 2;
    } else if (at > m_doubleDashFrom && is(at - 1, ' ') && is(at + 1, '-') && is(at + 2, ' ')) {
        ++m_punctuation.dashes;
        m_doubleDashFrom = at + 3;
    }
}

void ProseCounter::countPunctuation(char c)
{
    switch (c) {
    case ',':
        ++m_punctuation.commas;
        break;
    case ';':
        ++m_punctuation.semicolons;
        break;
    case ':':
        ++m_punctuation.colons;
        break;
    case '(':
        ++m_punctuation.parentheses;
        break;
    case '"':
        ++m_punctuation.quotes;
        break;
    default:
        break;
    }
}

std::size_t ProseCounter::readSentenceEnd(std::size_t start)
{
    const SentenceEnd found = sentenceEndAt(m_line, start, m_lexicons);
    for (std::size_t i = start; i < found.end; ++i)
        countPunctuation(m_line[i]);
    if (found.ends) {
        endSentence(found.end);
        m_sentenceStart = found.end;
    }
    return found.next;
}

void ProseCounter::endSentence(std::size_t end)
{
    if (m_words.size() == m_sentenceWord)
        return;
    Sentence sentence;
    sentence.firstWord = m_sentenceWord;
    sentence.words = m_words.size() - m_sentenceWord;
    const std::string_view text = trimmedEnd(m_line.substr(m_sentenceStart, end - m_sentenceStart));
    std::size_t at = text.size();
    for (int i = 0; i < 3 && at > 0; ++i) {
        at = previousCodePoint(text, at);
        sentence.exclaims |= text[at] == '!';
        sentence.asks |= text[at] == '?';
    }
    m_sentences.push_back(sentence);
    m_sentenceWord = m_words.size();
}

/// Sums over the words of an answer of what their spelling says.
struct WordTotals
{
    std::size_t syllables = 0;
    std::size_t letters = 0;
    std::size_t longWords = 0;
    std::size_t functionWords = 0;
    std::ptrdiff_t formal = 0;
    double valence = 0;

    void add(const WordTraits& word, std::size_t times)
    {
        syllables += times * word.syllables;
        letters += times * word.codePoints;
        longWords += word.codePoints >= 8 ? times : 0;
        functionWords += (word.lists & kFunctionWords) != 0 ? times : 0;
        formal += static_cast<std::ptrdiff_t>(times) * (int{word.formal} - int{word.contextual});
        valence += static_cast<double>(times) * word.valence;
    }
};

/// Measures one answer after the other, keeping its memory.
class AnswerMeter
{
public:
    explicit AnswerMeter(const Lexicons& lexicons) : m_lexicons(lexicons), m_counter(lexicons) {}

    [[nodiscard]] AnswerStats measure(std::string_view text);

private:
    void readLines(ProseReader& reader);
    void rememberFirstLine(std::string_view line);
    void countWords();
    void measureLayout();
    void measureSentences();
    void measureWords();
    void measurePunctuation();
    void measureEnds(ProseReader& reader);
    [[nodiscard]] double per100Words(std::size_t count, double limit) const
    {
        return std::min(limit, 100.0 * static_cast<double>(count) / m_wordsOrOne);
    }

    const Lexicons& m_lexicons;
    ProseCounter m_counter;
    Diversity m_diversity;

    AnswerStats m_stats;
    double m_wordsOrOne = 1;
    std::size_t m_proseLines = 0; ///< not blank
    std::size_t m_newlines = 0;
    std::size_t m_doubleNewlines = 0;
    WordTotals m_totals;
    std::array<std::size_t, kWordListCount> m_listCounts{};
    bool m_opensWithMarkdown = false;
    std::string m_opening; ///< start of the first line, lower case
    bool m_opensWithColon = false;
    std::string_view m_lastSourceLine;
};

AnswerStats AnswerMeter::measure(std::string_view text)
{
    std::string repaired;
    if (!isAscii(text) && firstInvalidUtf8(text)) {
        repaired = toValidUtf8(text);
        text = repaired;
    }
    m_stats = {};
    m_opening.clear();
    m_opensWithColon = false;
    m_lastSourceLine = {};
    m_opensWithMarkdown = false;
    m_proseLines = m_newlines = m_doubleNewlines = 0;

    ProseReader reader(text);
    readLines(reader);
    const std::size_t characters = codePointCount(text);
    m_stats.characters = static_cast<int>(characters);
    m_stats.words = static_cast<int>(m_counter.words().size());
    m_stats.sentences = static_cast<int>(m_counter.sentences().size());
    m_wordsOrOne = std::max(1.0, static_cast<double>(m_stats.words));
    const double allCharacters =
        static_cast<double>(static_cast<std::ptrdiff_t>(characters) + reader.addedCharacters());
    m_stats.features[feature::Code] =
        static_cast<double>(reader.codeCharacters()) / std::max(1.0, allCharacters);
    m_stats.codeShare = std::min(1.0, m_stats.features[feature::Code]);

    countWords();
    measureLayout();
    measureSentences();
    measureWords();
    measurePunctuation();
    measureEnds(reader);
    m_counter.clear();
    return m_stats;
}

void AnswerMeter::readLines(ProseReader& reader)
{
    ProseLine line;
    bool first = true;
    bool inParagraph = false;
    std::size_t newlineRun = 0;
    while (reader.next(line)) {
        if (!first) {
            ++m_newlines;
            ++newlineRun;
        }
        first = false;
        if (line.raw.empty()) {
            inParagraph = false;
            continue;
        }
        m_doubleNewlines += newlineRun / 2;
        newlineRun = 0;
        if (line.blank) {
            inParagraph = false;
            continue;
        }
        if (m_proseLines == 0)
            m_opensWithMarkdown =
                (line.marker.kind != LineKind::Plain && line.marker.kind != LineKind::Quote) ||
                trimmedStart(line.raw).starts_with("**");
        ++m_proseLines;
        m_stats.paragraphs += !inParagraph;
        inParagraph = true;
        m_stats.headers += line.marker.kind == LineKind::Header;
        m_stats.orderedItems += line.marker.kind == LineKind::OrderedItem;
        m_stats.unorderedItems += line.marker.kind == LineKind::UnorderedItem;
        m_stats.tableRows += line.tableRow;
        m_stats.bold += line.bold;
        if (isBlank(line.text))
            continue;
        if (m_lastSourceLine.data() == nullptr)
            rememberFirstLine(trimmed(line.text));
        m_lastSourceLine = reader.sourceLine();
        m_counter.readLine(line.text);
    }
    m_doubleNewlines += newlineRun / 2;
}

void AnswerMeter::rememberFirstLine(std::string_view line)
{
    constexpr std::size_t kLongestOpener = 64; // bytes, and more than any opener has
    std::size_t end = std::min(line.size(), kLongestOpener);
    while (end < line.size() && end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
        --end;
    appendLowerCase(m_opening, line.substr(0, end));
    m_opensWithColon = line.ends_with(':');
}

void AnswerMeter::countWords()
{
    m_listCounts.fill(0);
    const auto count = [&](WordLists lists, std::size_t times) {
        for (; lists != 0; lists &= lists - 1)
            m_listCounts[static_cast<std::size_t>(std::countr_zero(lists))] += times;
    };
    m_totals = {};
    const auto counts = m_counter.vocabulary().counts();
    const auto traits = m_counter.vocabulary().traits();
    for (std::uint32_t i = 0; i < counts.size(); ++i) {
        m_totals.add(traits[i], counts[i]);
        count(traits[i].lists, counts[i]);
    }

    const auto words = m_counter.words();
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::uint32_t node = traits[words[i]].phraseStart;
        for (std::size_t j = i + 1; node != 0; ++j) {
            count(m_lexicons.phrasesEndingAt(node), 1);
            const std::uint32_t token = j < words.size() ? traits[words[j]].phraseToken : 0;
            node = token == 0 ? 0 : m_lexicons.step(node, token);
        }
    }
}

void AnswerMeter::measureLayout()
{
    auto& f = m_stats.features;
    f[feature::LogWords] = std::log1p(m_stats.words);
    f[feature::LogParagraphs] = std::log1p(m_stats.paragraphs);
    f[feature::Headers] = std::log1p(m_stats.headers);
    f[feature::OrderedItems] = std::log1p(m_stats.orderedItems);
    f[feature::UnorderedItems] = std::log1p(m_stats.unorderedItems);
    f[feature::Bold] = std::log1p(m_stats.bold);
    f[feature::ListShare] = m_proseLines == 0 ? 0.0
                                              : (m_stats.orderedItems + m_stats.unorderedItems) /
                                                    static_cast<double>(m_proseLines);
    f[feature::Table] = m_stats.tableRows >= 2 ? 1 : 0;
    f[feature::DoubleNewlines] =
        m_newlines == 0 ? 0.0
                        : static_cast<double>(m_doubleNewlines) / static_cast<double>(m_newlines);
}

void AnswerMeter::measureSentences()
{
    auto& f = m_stats.features;
    const auto sentences = m_counter.sentences();
    if (sentences.empty())
        return;
    const auto count = static_cast<double>(sentences.size());
    const double mean = static_cast<double>(m_stats.words) / count;
    const auto traits = m_counter.vocabulary().traits();
    double squares = 0;
    std::size_t exclaiming = 0;
    std::size_t asking = 0;
    std::size_t imperative = 0;
    for (const ProseCounter::Sentence& sentence : sentences) {
        const double deviation = static_cast<double>(sentence.words) - mean;
        squares += deviation * deviation;
        exclaiming += sentence.exclaims;
        asking += sentence.asks;
        const WordTraits& firstWord = traits[m_counter.words()[sentence.firstWord]];
        imperative += (firstWord.lists & listBit(WordList::Imperative)) != 0;
    }
    f[feature::SentenceLength] = std::min(60.0, mean);
    f[feature::SentenceLengthSpread] = std::min(40.0, std::sqrt(squares / count));
    f[feature::Exclamations] = static_cast<double>(exclaiming) / count;
    f[feature::Questions] = static_cast<double>(asking) / count;
    f[feature::Imperatives] = static_cast<double>(imperative) / count;
}

void AnswerMeter::measureWords()
{
    auto& f = m_stats.features;
    constexpr double kMostPer100 = 15;
    constexpr std::pair<feature::Index, WordList> kLists[] = {
        {feature::Hedges, WordList::Hedge},
        {feature::Boosters, WordList::Boost},
        {feature::Politeness, WordList::Polite},
        {feature::Enthusiasm, WordList::Enthusiasm},
        {feature::Disclaimers, WordList::Disclaimer},
        {feature::Obligations, WordList::Obligation},
        {feature::Connectives, WordList::Connective},
        {feature::FirstSingular, WordList::FirstSingular},
        {feature::FirstPlural, WordList::FirstPlural},
        {feature::Second, WordList::Second},
        {feature::Third, WordList::Third},
        {feature::Negations, WordList::Negation},
        {feature::Contractions, WordList::Contraction},
    };
    for (const auto& [index, list] : kLists)
        f[index] = per100Words(m_listCounts[static_cast<std::size_t>(list)], kMostPer100);

    const auto counts = m_counter.vocabulary().counts();
    const auto words = m_counter.words();
    f[feature::Formality] = 50 * (1 + static_cast<double>(m_totals.formal) / m_wordsOrOne);
    f[feature::Sentiment] = m_totals.valence / m_wordsOrOne;
    f[feature::WordLength] = std::min(10.0, static_cast<double>(m_totals.letters) / m_wordsOrOne);
    f[feature::LongWords] = 100 * static_cast<double>(m_totals.longWords) / m_wordsOrOne;
    f[feature::Mattr] = m_diversity.mattr(words, counts.size());
    m_stats.mtld = m_diversity.mtld(words, counts.size());
    f[feature::Mtld] = std::log(m_stats.mtld);
    m_stats.hdd = hdd(counts);
    m_stats.functionWordShare =
        words.size() < kFunctionWordsFrom
            ? kMissing
            : static_cast<double>(m_totals.functionWords) / static_cast<double>(words.size());

    if (words.empty()) {
        m_stats.fleschKincaidGrade = m_stats.fleschReadingEase = f[feature::Grade] = kMissing;
        return;
    }
    const double perSentence = m_wordsOrOne / m_stats.sentences;
    const double perWord = static_cast<double>(m_totals.syllables) / m_wordsOrOne;
    m_stats.fleschKincaidGrade = 0.39 * perSentence + 11.8 * perWord - 15.59;
    m_stats.fleschReadingEase = 206.835 - 1.015 * perSentence - 84.6 * perWord;
    f[feature::Grade] = std::clamp(m_stats.fleschKincaidGrade, -3.0, 25.0);
}

void AnswerMeter::measurePunctuation()
{
    auto& f = m_stats.features;
    const ProseCounter::Punctuation& p = m_counter.punctuation();
    f[feature::Commas] = per100Words(p.commas, 20);
    f[feature::Semicolons] = per100Words(p.semicolons, 20);
    f[feature::Colons] = per100Words(p.colons, 20);
    f[feature::Parentheses] = per100Words(p.parentheses, 20);
    f[feature::Quotes] = per100Words(p.quotes, 20);
    f[feature::Dashes] = per100Words(p.dashes, 10);
    f[feature::Hyphens] = per100Words(p.hyphens, 10);
    f[feature::Emoji] = per100Words(p.emoji, 5);
}

void AnswerMeter::measureEnds(ProseReader& reader)
{
    auto& f = m_stats.features;
    const auto opens = [&](Lexicons::Opener opener) {
        return m_lexicons.openerLength(opener, m_opening) > 0 ? 1.0 : 0.0;
    };
    f[feature::OpensCertainly] = opens(Lexicons::Opener::Certainly);
    f[feature::OpensHere] = opens(Lexicons::Opener::Here);
    f[feature::OpensRefusing] = opens(Lexicons::Opener::Refuse);
    f[feature::OpensPraising] = opens(Lexicons::Opener::Praise);
    f[feature::OpensWithColon] = m_opensWithColon ? 1 : 0;
    f[feature::OpensWithMarkdown] = m_opensWithMarkdown ? 1 : 0;

    ProseLine line;
    reader.clean(m_lastSourceLine, line);
    const std::string last = toLowerCase(trimmed(line.text));
    f[feature::ClosesOffering] = m_lexicons.offersHelp(last) ? 1 : 0;
    f[feature::ClosesSumming] = m_lexicons.summaryLength(last) > 0 ? 1 : 0;
    constexpr std::string_view kEnds = ".!?\"):";
    f[feature::EndsUnpunctuated] =
        !last.empty() && kEnds.find(last.back()) != std::string_view::npos ? 0 : 1;
}

/// Learned words and scratch memory stay with the thread.
AnswerMeter& threadMeter()
{
    thread_local AnswerMeter meter(builtInLexicons());
    return meter;
}

} // namespace

AnswerStats measureAnswer(std::string_view text, const Lexicons& lexicons)
{
    if (&lexicons != &builtInLexicons())
        return AnswerMeter(lexicons).measure(text);
    return threadMeter().measure(text);
}

std::vector<AnswerStats> measureAnswers(const std::vector<std::string_view>& texts)
{
    constexpr std::size_t kBatch = 64; // measuring fewer takes less time than starting a thread
    std::vector<AnswerStats> results(texts.size());
    forEachIndex(texts.size(), kBatch,
                 [&](std::size_t i) { results[i] = threadMeter().measure(texts[i]); });
    return results;
}

} // namespace signalbox
