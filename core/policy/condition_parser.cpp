// SPDX-License-Identifier: Apache-2.0
#include "condition_parser.h"

#include <core/base/ascii.h>

#include <algorithm>
#include <utility>

namespace signalbox::conditiontext {

namespace {

constexpr int kDeepest = 200;

constexpr const char* kOperand =
    "Expected a condition here: the name of a signal, \"not\" or \"(\".";
constexpr const char* kValue = "Expected a value here: a number, a text in quotes, true, false, a "
                               "list in parentheses or {concise: …, balanced: …, detailed: …}.";

struct Phrase
{
    std::array<std::string_view, 3> words;
    CompareOp op;
    bool negated = false;
};

/// Longer ones before those that they begin with.
constexpr std::array<Phrase, 16> kPhrases = {{{{"is", "one", "of"}, CompareOp::In},
                                              {{"is", "not", ""}, CompareOp::Ne},
                                              {{"is", "", ""}, CompareOp::Eq},
                                              {{"not", "in", ""}, CompareOp::In, true},
                                              {{"in", "", ""}, CompareOp::In},
                                              {{"contains", "", ""}, CompareOp::Contains},
                                              {{"starts", "with", ""}, CompareOp::Prefix},
                                              {{"prefix", "", ""}, CompareOp::Prefix},
                                              {{"ends", "with", ""}, CompareOp::Suffix},
                                              {{"suffix", "", ""}, CompareOp::Suffix},
                                              {{"matches", "", ""}, CompareOp::Matches},
                                              {{"exists", "", ""}, CompareOp::Exists},
                                              {{"=", "", ""}, CompareOp::Eq},
                                              {{"==", "", ""}, CompareOp::Eq},
                                              {{"!=", "", ""}, CompareOp::Ne},
                                              {{"<>", "", ""}, CompareOp::Ne}}};

constexpr std::array<std::pair<std::string_view, CompareOp>, 7> kOrders = {{{"<", CompareOp::Lt},
                                                                            {"<=", CompareOp::Lte},
                                                                            {"≤", CompareOp::Lte},
                                                                            {">", CompareOp::Gt},
                                                                            {">=", CompareOp::Gte},
                                                                            {"≥", CompareOp::Gte},
                                                                            {"≠", CompareOp::Ne}}};

/// Recursive descent. The first mistake ends the reading; functions then return nothing.
class Parser
{
public:
    explicit Parser(std::string_view text) : m_text(text), m_tokens(tokensOf(text)) {}

    Parse run()
    {
        if (auto condition = readOr()) {
            if (!isEnd())
                unexpected();
            m_parse.reading.condition = std::move(*condition);
        }
        return std::move(m_parse);
    }

private:
    [[nodiscard]] const Token& token() const { return m_tokens[m_next]; }
    [[nodiscard]] const Token& tokenAfter(std::size_t count) const
    {
        return m_tokens[std::min(m_next + count, m_tokens.size() - 1)];
    }
    [[nodiscard]] bool isEnd() const { return token().kind == TokenKind::End; }
    [[nodiscard]] bool is(TokenKind kind) const { return token().kind == kind; }
    static bool isWord(const Token& token, std::string_view word)
    {
        return token.kind == TokenKind::Word && foldedAscii(token.value) == word;
    }
    [[nodiscard]] bool isWord(std::string_view word) const { return isWord(token(), word); }
    [[nodiscard]] bool isSign(std::string_view sign) const
    {
        return is(TokenKind::Sign) && token().value == sign;
    }
    void take()
    {
        if (!isEnd())
            ++m_next;
    }
    [[nodiscard]] std::size_t endOfLast() const
    {
        return m_next == 0 ? 0 : m_tokens[m_next - 1].end;
    }

    std::nullopt_t mistake(std::size_t offset, std::size_t length, std::string message)
    {
        if (!m_parse.mistake)
            m_parse.mistake = ConditionMistake{offset, length, std::move(message)};
        return std::nullopt;
    }
    std::nullopt_t mistakeHere(std::string message)
    {
        if (is(TokenKind::Bad))
            message = token().problem;
        return mistake(token().start, token().end - token().start, std::move(message));
    }
    std::nullopt_t unexpected()
    {
        if (is(TokenKind::Close))
            return mistakeHere("There is no \"(\" for this \")\".");
        if (is(TokenKind::Sign) && m_isBehindValue)
            return mistakeHere("A comparison has one signal and one value; join two comparisons "
                               "with \"and\".");
        return mistakeHere("Expected \"and\", \"or\" or the end here.");
    }

    Expected& expected() { return m_parse.expected; }

    [[nodiscard]] bool atAnd() const { return isWord("and") || isSign("&&"); }
    [[nodiscard]] bool atOr() const { return isWord("or") || isSign("||"); }

    std::optional<Condition> readOr()
    {
        auto first = readAnd();
        if (!first)
            return std::nullopt;
        if (!atOr())
            return first;
        Any any;
        any.conditions.push_back(std::move(*first));
        while (atOr()) {
            take();
            auto next = readAnd();
            if (!next)
                return std::nullopt;
            any.conditions.push_back(std::move(*next));
        }
        return Condition{std::move(any)};
    }

    std::optional<Condition> readAnd()
    {
        auto first = readUnary();
        if (!first)
            return std::nullopt;
        if (!atAnd())
            return first;
        All all;
        all.conditions.push_back(std::move(*first));
        while (atAnd()) {
            take();
            auto next = readUnary();
            if (!next)
                return std::nullopt;
            all.conditions.push_back(std::move(*next));
        }
        return Condition{std::move(all)};
    }

    std::optional<Condition> readUnary()
    {
        if (++m_depth > kDeepest)
            return mistakeHere("Conditions are nested deeper than 200 levels.");
        auto condition = readUnaryInside();
        --m_depth;
        if (condition && isEnd())
            expected().connector = true;
        return condition;
    }

    std::optional<Condition> readUnaryInside()
    {
        if (isWord("not") || isSign("!")) {
            take();
            auto inner = readUnary();
            if (!inner)
                return std::nullopt;
            return Condition{Not{std::move(*inner)}};
        }
        if (is(TokenKind::Open))
            return readParenthesis();
        if (isWord("always") || isWord("never")) {
            const bool always = isWord("always");
            take();
            return always ? Condition{All{}} : Condition{Any{}};
        }
        if ((isWord("all") || isWord("any")) && tokenAfter(1).kind == TokenKind::Open)
            return readGroup(isWord("all"));
        return readCompare();
    }

    std::optional<Condition> readParenthesis()
    {
        const Token open = token();
        take();
        auto inner = readOr();
        return inner && readClose(open) ? std::move(inner) : std::nullopt;
    }

    bool readClose(const Token& open)
    {
        if (is(TokenKind::Close)) {
            take();
            return true;
        }
        if (isEnd()) {
            expected().close = true;
            mistake(open.start, open.end - open.start, "This \"(\" is never closed.");
        } else {
            mistakeHere("Expected \"and\", \"or\" or \")\" here.");
        }
        return false;
    }

    std::optional<Condition> readGroup(bool isAll)
    {
        take();
        const Token open = token();
        take();
        std::vector<Condition> parts;
        while (!is(TokenKind::Close)) {
            auto part = readOr();
            if (!part)
                return std::nullopt;
            parts.push_back(std::move(*part));
            if (isEnd())
                expected().comma = true;
            if (!is(TokenKind::Comma))
                break;
            take();
        }
        if (!readClose(open))
            return std::nullopt;
        return isAll ? Condition{All{std::move(parts)}} : Condition{Any{std::move(parts)}};
    }

    std::optional<Condition> readCompare()
    {
        const bool isName = is(TokenKind::Name) || is(TokenKind::Text) ||
                            (is(TokenKind::Word) && !isKeyword(token().value));
        if (!isName) {
            expected().operand = isEnd();
            return is(TokenKind::Word) && !isEnd()
                       ? mistakeHere("Expected the name of a signal, not the word \"" +
                                     token().value +
                                     "\"; a signal of that name stands in backquotes.")
                       : mistakeHere(kOperand);
        }
        Compare compare;
        CompareSpan span;
        compare.signal = SignalId(token().value);
        span.signal = token().start;
        span.signalEnd = token().end;
        take();
        bool negated = false;
        const auto op = readOperator(compare.signal, negated);
        if (m_parse.mistake)
            return std::nullopt;
        span.op = span.opEnd = span.value = span.valueEnd = span.signalEnd;
        if (op) {
            span.op = m_opStart;
            span.opEnd = endOfLast();
            span.value = token().start;
            compare.op = *op;
            auto value = readValue(compare);
            if (!value)
                return std::nullopt;
            compare.value = std::move(*value);
            span.valueEnd = std::max(endOfLast(), span.opEnd);
            span.value = std::min(span.value, span.valueEnd);
        } else {
            compare.value = true;
        }
        m_parse.reading.compares.push_back(span);
        Condition condition{std::move(compare)};
        return negated ? Condition{Not{std::move(condition)}} : std::move(condition);
    }

    /// Nothing for a signal that stands alone.
    std::optional<CompareOp> readOperator(const SignalId& signal, bool& negated)
    {
        m_opStart = token().start;
        for (const auto& [sign, op] : kOrders) {
            if (isSign(sign)) {
                take();
                return op;
            }
        }
        if (isSign("=<") || isSign("=>"))
            return mistakeHere(isSign("=<") ? "Write <= for \"at most\"."
                                            : "Write >= for \"at least\".");
        bool begun = false;
        for (const Phrase& phrase : kPhrases) {
            std::size_t fits = 0;
            while (fits < phrase.words.size() && !phrase.words[fits].empty() &&
                   isPart(tokenAfter(fits), phrase.words[fits]))
                ++fits;
            const bool whole = fits == phrase.words.size() || phrase.words[fits].empty();
            if (whole) {
                m_next += fits;
                negated = phrase.negated;
                return phrase.op;
            }
            begun = begun || (fits > 0 && !whole);
            if (fits == 0 ? isEnd() : tokenAfter(fits).kind == TokenKind::End)
                expectOperator(signal);
        }
        if (begun) // "starts" without its "with"
            return mistakeHere(isWord("not")
                                   ? "Behind a signal, \"not\" stands only before \"in\"."
                                   : "Expected \"with\" behind \"" + token().value + "\".");
        if (isEnd() || atAnd() || atOr() || is(TokenKind::Close) || is(TokenKind::Comma))
            return std::nullopt;
        return mistakeHere("Expected a comparison behind \"" + signal.value +
                           "\": =, !=, <, <=, >, >=, in, contains, starts with, ends with, matches "
                           "or exists.");
    }

    static bool isPart(const Token& token, std::string_view word)
    {
        return isWord(token, word) || (token.kind == TokenKind::Sign && token.value == word);
    }

    void expectOperator(const SignalId& signal)
    {
        expected().op = true;
        expected().opStart = m_opStart;
        expected().signal = signal;
    }

    std::optional<CompareValue> readValue(Compare& compare)
    {
        expected().signal = compare.signal;
        expected().compare = compare.op;
        std::optional<CompareValue> value;
        if (compare.op == CompareOp::Exists && !startsValue())
            value = true;
        else if (is(TokenKind::Open))
            value = readList();
        else if (is(TokenKind::OpenBrace))
            value = readByStyle();
        else if (auto one = readScalar(compare))
            value = std::visit([](auto& scalar) { return CompareValue(std::move(scalar)); }, *one);
        if (!value)
            return std::nullopt;
        const bool isText = std::holds_alternative<std::string>(*value) ||
                            std::holds_alternative<std::vector<Scalar>>(*value);
        if (isText && isEnd() && !compare.ignoreCase)
            expected().ignoring = true;
        if (isWord("ignoring")) {
            take();
            if (!isWord("case")) {
                expected().ignoring = isEnd();
                return mistakeHere("Expected \"case\" behind \"ignoring\".");
            }
            take();
            expected().ignoring = false;
            compare.ignoreCase = true;
        }
        m_isBehindValue = true;
        return value;
    }

    [[nodiscard]] bool startsValue() const
    {
        return is(TokenKind::Number) || is(TokenKind::Text) || is(TokenKind::Pattern) ||
               is(TokenKind::Open) || is(TokenKind::OpenBrace) || truthHere().has_value();
    }

    [[nodiscard]] std::optional<bool> truthHere() const
    {
        if (isWord("true") || isWord("yes"))
            return true;
        if (isWord("false") || isWord("no"))
            return false;
        return std::nullopt;
    }

    /// @param compare  takes the flag of a pattern between slashes; null where none can stand
    std::optional<Scalar> readScalar(Compare& compare, bool inList = false)
    {
        std::optional<Scalar> value;
        if (is(TokenKind::Number)) {
            value = token().number;
        } else if (is(TokenKind::Text)) {
            value = token().value;
        } else if (is(TokenKind::Pattern) && !inList && compare.op == CompareOp::Matches) {
            value = token().value;
            compare.ignoreCase = token().ignoreCase;
        } else if (const auto truth = truthHere()) {
            value = *truth;
        }
        if (value) {
            take();
            return value;
        }
        if (isEnd()) {
            expected().value = !inList;
            expected().item = inList;
        }
        if (is(TokenKind::Pattern))
            return mistakeHere(
                "Slashes are for expressions, behind \"matches\"; other texts stand in "
                "quotes.");
        if (is(TokenKind::Word) || is(TokenKind::Name))
            return mistakeHere("A text stands in quotes: " + quotedText(token().value, '"') + '.');
        return mistakeHere(kValue);
    }

    std::optional<CompareValue> readList()
    {
        const Token open = token();
        take();
        std::vector<Scalar> items;
        Compare nowhere;
        while (!is(TokenKind::Close)) {
            auto item = readScalar(nowhere, true);
            if (!item)
                return std::nullopt;
            items.push_back(std::move(*item));
            if (is(TokenKind::Close))
                break;
            if (!is(TokenKind::Comma)) {
                expected().comma = isEnd();
                return isEnd() ? mistake(open.start, 1, "This \"(\" is never closed.")
                               : mistakeHere("Expected a comma or \")\" here: the values of a list "
                                             "have commas between them.");
            }
            take();
        }
        take();
        return items;
    }

    std::optional<CompareValue> readByStyle()
    {
        static constexpr std::array<std::pair<std::string_view, double ByStyle::*>, 3> kStyles = {
            {{"concise", &ByStyle::concise},
             {"balanced", &ByStyle::balanced},
             {"detailed", &ByStyle::detailed}}};
        const Token open = token();
        take();
        ByStyle byStyle;
        std::array<bool, 3> given{};
        while (!is(TokenKind::CloseBrace)) {
            std::size_t style = 0;
            while (style < kStyles.size() && !isWord(kStyles[style].first))
                ++style;
            if (style == kStyles.size() || given[style]) {
                expected().styleName = isEnd();
                return mistakeHere(style < kStyles.size()
                                       ? "\"" + token().value + "\" is there already."
                                       : "Expected concise, balanced or detailed here.");
            }
            take();
            if (!is(TokenKind::Colon) && !isSign("="))
                return mistakeHere("Expected a colon and a number behind \"" +
                                   std::string(kStyles[style].first) + "\".");
            take();
            if (!is(TokenKind::Number))
                return mistakeHere("Expected the threshold for " +
                                   std::string(kStyles[style].first) + " answers, a number.");
            byStyle.*kStyles[style].second = token().number;
            given[style] = true;
            take();
            if (is(TokenKind::Comma))
                take();
            else if (!is(TokenKind::CloseBrace))
                return isEnd() ? mistake(open.start, 1, "This \"{\" is never closed.")
                               : mistakeHere("Expected a comma or \"}\" here.");
        }
        for (std::size_t style = 0; style < kStyles.size(); ++style) {
            if (!given[style])
                return mistakeHere("The threshold for " + std::string(kStyles[style].first) +
                                   " answers is missing.");
        }
        take();
        return byStyle;
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    std::size_t m_next = 0;
    std::size_t m_opStart = 0;
    int m_depth = 0;
    bool m_isBehindValue = false;
    Parse m_parse;
};

} // namespace

Parse parse(std::string_view text)
{
    return Parser(text).run();
}

} // namespace signalbox::conditiontext
