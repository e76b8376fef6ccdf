// SPDX-License-Identifier: Apache-2.0
#include "condition_tokens.h"

#include <core/base/ascii.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace signalbox::conditiontext {

namespace {

constexpr std::array<std::string_view, 23> kKeywords = {
    "and",    "or",       "not",    "all",  "any",  "always",   "never",  "is",
    "in",     "contains", "starts", "ends", "with", "prefix",   "suffix", "matches",
    "exists", "true",     "false",  "yes",  "no",   "ignoring", "case"};

/// Longest first.
constexpr std::array<std::string_view, 16> kSigns = {"==", "!=", "<>", "<=", ">=", "=<", "=>", "&&",
                                                     "||", "≠",  "≤",  "≥",  "=",  "<",  ">",  "!"};

constexpr std::array<std::string_view, 3> kTypographicQuotes = {"“", "”", "„"};

constexpr std::array<std::string_view, 7> kBlanks = {" ",      "\t",     "\n",    "\r",
                                                     "\u00a0", "\u202f", "\u2009"};

template<std::size_t n>
std::optional<std::string_view> startOf(std::string_view text,
                                        const std::array<std::string_view, n>& list)
{
    for (const std::string_view each : list) {
        if (text.starts_with(each))
            return each;
    }
    return std::nullopt;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    const char folded = foldAscii(c);
    return (folded >= 'a' && folded <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool startsWord(std::string_view text)
{
    return !text.empty() && isLetter(text.front()) && !startOf(text, kBlanks) &&
           !startOf(text, kSigns) && !startOf(text, kTypographicQuotes);
}

bool continuesWord(std::string_view text)
{
    return startsWord(text) ||
           (!text.empty() && (isDigit(text.front()) || text.front() == '-' || text.front() == '.'));
}

class Lexer
{
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    std::vector<Token> run()
    {
        std::vector<Token> tokens;
        do {
            tokens.push_back(next());
        } while (tokens.back().kind != TokenKind::End);
        return tokens;
    }

private:
    [[nodiscard]] std::string_view rest() const { return m_text.substr(m_at); }
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }

    Token next()
    {
        while (const auto blank = startOf(rest(), kBlanks))
            m_at += blank->size();
        Token token;
        token.start = m_at;
        read(token);
        token.end = m_at;
        if (token.value.empty() && token.kind != TokenKind::Text && token.kind != TokenKind::Name &&
            token.kind != TokenKind::Pattern)
            token.value = m_text.substr(token.start, token.end - token.start);
        return token;
    }

    void read(Token& token)
    {
        if (atEnd())
            return;
        const char first = m_text[m_at];
        if (startOf(rest(), kTypographicQuotes))
            return readTypographic(token);
        if (first == '"' || first == '\'' || first == '`')
            return readQuoted(token, first);
        if (first == '/')
            return readPattern(token);
        const bool negative = first == '-' || first == '+';
        const std::string_view digits = rest().substr(negative ? 1 : 0);
        if (!digits.empty() &&
            (isDigit(digits[0]) || (digits[0] == '.' && digits.size() > 1 && isDigit(digits[1]))))
            return readNumber(token);
        if (const auto sign = startOf(rest(), kSigns)) {
            token.kind = TokenKind::Sign;
            m_at += sign->size();
            return;
        }
        if (startsWord(rest())) {
            token.kind = TokenKind::Word;
            while (continuesWord(rest()))
                ++m_at;
            return;
        }
        readPunctuation(token);
    }

    void readPunctuation(Token& token)
    {
        switch (m_text[m_at]) {
        case '(':
            token.kind = TokenKind::Open;
            break;
        case ')':
            token.kind = TokenKind::Close;
            break;
        case '{':
            token.kind = TokenKind::OpenBrace;
            break;
        case '}':
            token.kind = TokenKind::CloseBrace;
            break;
        case ',':
            token.kind = TokenKind::Comma;
            break;
        case ':':
            token.kind = TokenKind::Colon;
            break;
        default:
            token.kind = TokenKind::Bad;
            token.problem = "This sign means nothing here.";
            break;
        }
        ++m_at;
    }

    void readNumber(Token& token)
    {
        const std::size_t start = m_text[m_at] == '+' ? m_at + 1 : m_at;
        const auto read =
            std::from_chars(m_text.data() + start, m_text.data() + m_text.size(), token.number);
        m_at = static_cast<std::size_t>(read.ptr - m_text.data());
        token.kind = TokenKind::Number;
        if (read.ec != std::errc() || !std::isfinite(token.number)) {
            bad(token, "This number is too large.");
        } else if (continuesWord(rest()) && rest().front() != '-') {
            while (continuesWord(rest()))
                ++m_at;
            bad(token,
                "This is neither a number nor a name; names that begin with a digit stand in "
                "backquotes.");
        }
    }

    static void bad(Token& token, std::string problem)
    {
        token.kind = TokenKind::Bad;
        token.problem = std::move(problem);
    }

    void readTypographic(Token& token)
    {
        m_at += kTypographicQuotes[0].size();
        const std::size_t start = m_at;
        std::size_t end = m_text.size();
        std::size_t behind = end;
        for (const std::string_view quote : {kTypographicQuotes[0], kTypographicQuotes[1]}) {
            const std::size_t found = m_text.find(quote, start);
            if (found < end) {
                end = found;
                behind = found + quote.size();
            }
        }
        token.kind = TokenKind::Text;
        token.value = m_text.substr(start, end - start);
        m_at = behind;
        if (end == m_text.size())
            bad(token, "The text that begins here has no closing quote.");
    }

    void readQuoted(Token& token, char quote)
    {
        token.kind = quote == '`' ? TokenKind::Name : TokenKind::Text;
        ++m_at;
        while (!atEnd() && m_text[m_at] != quote) {
            if (m_text[m_at] == '\\') {
                if (!readEscape(token.value) && token.problem.empty())
                    token.problem = "After a backslash comes a quote, a backslash, n, t, r or u "
                                    "with four hexadecimal digits.";
            } else {
                token.value += m_text[m_at++];
            }
        }
        if (atEnd())
            token.problem = quote == '`' ? "The name that begins here has no closing backquote."
                                         : "The text that begins here has no closing quote.";
        else
            ++m_at;
        if (!token.problem.empty())
            token.kind = TokenKind::Bad;
    }

    bool readEscape(std::string& out)
    {
        ++m_at;
        if (atEnd())
            return false;
        const char c = m_text[m_at++];
        switch (c) {
        case '"':
        case '\'':
        case '`':
        case '\\':
        case '/':
            out += c;
            return true;
        case 'n':
            out += '\n';
            return true;
        case 't':
            out += '\t';
            return true;
        case 'r':
            out += '\r';
            return true;
        case 'u': {
            unsigned code = 0;
            const char* const digits = m_text.data() + m_at;
            const std::size_t count = std::min<std::size_t>(4, m_text.size() - m_at);
            const auto read = std::from_chars(digits, digits + count, code, 16);
            if (read.ptr != digits + 4 || (code >= 0xd800 && code < 0xe000))
                return false;
            m_at += 4;
            appendUtf8(out, static_cast<char32_t>(code));
            return true;
        }
        default:
            return false;
        }
    }

    /// Only the slash itself is escaped for the language; all else belongs to the expression.
    void readPattern(Token& token)
    {
        token.kind = TokenKind::Pattern;
        ++m_at;
        while (!atEnd() && m_text[m_at] != '/') {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
                if (m_text[m_at + 1] != '/')
                    token.value += '\\';
                ++m_at;
            }
            token.value += m_text[m_at++];
        }
        if (atEnd())
            return bad(token, "The expression that begins here has no closing slash.");
        ++m_at;
        if (!atEnd() && m_text[m_at] == 'i' && !continuesWord(rest().substr(1))) {
            token.ignoreCase = true;
            ++m_at;
        }
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace

std::vector<Token> tokensOf(std::string_view text)
{
    return Lexer(text).run();
}

bool isKeyword(std::string_view word)
{
    const std::string folded = foldedAscii(std::string(word));
    return std::ranges::find(kKeywords, folded) != kKeywords.end();
}

bool isBareName(std::string_view name)
{
    const std::vector<Token> tokens = tokensOf(name);
    return tokens.size() == 2 && tokens.front().kind == TokenKind::Word &&
           tokens.front().end - tokens.front().start == name.size() && !isKeyword(name);
}

std::string quotedText(std::string_view text, char quote)
{
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string quoted(1, quote);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == quote || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (c == '\n') {
            quoted += "\\n";
        } else if (c == '\t') {
            quoted += "\\t";
        } else if (c == '\r') {
            quoted += "\\r";
        } else if (byte < 0x20 || byte == 0x7f) {
            quoted += "\\u00";
            quoted += kHex[byte >> 4U];
            quoted += kHex[byte & 0xfU];
        } else {
            quoted += c;
        }
    }
    return quoted + quote;
}

bool fitsBetweenSlashes(std::string_view pattern)
{
    bool escaped = false;
    for (const char c : pattern) {
        if (static_cast<unsigned char>(c) < 0x20 || (escaped && c == '/'))
            return false;
        escaped = c == '\\' && !escaped;
    }
    return !escaped;
}

std::string slashedPattern(std::string_view pattern)
{
    std::string slashed = "/";
    for (const char c : pattern) {
        if (c == '/')
            slashed += '\\';
        slashed += c;
    }
    return slashed + '/';
}

} // namespace signalbox::conditiontext
