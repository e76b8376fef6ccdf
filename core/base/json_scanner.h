// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "json.h"
#include "json_path.h"
#include "utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

// Inside of core/base: the one reader of JSON text, for json.cpp.
namespace signalbox::json_detail {

/// One container that is open at the scanner's position.
struct Frame
{
    bool isArray = false;
    std::size_t index = 0;     ///< of the current element
    std::string_view key = {}; ///< of the current member, escapes as in the text
    std::size_t keyOffset = 0;
};

inline std::string pathText(std::span<const Frame> frames)
{
    std::string path;
    for (const Frame& frame : frames) {
        if (frame.isArray)
            appendJsonElement(path, frame.index);
        else if (frame.keyOffset != 0)
            appendEscapedJsonMember(path, frame.key);
    }
    return path;
}

/// Reads JSON text and tells a handler what it meets, keeping the open containers on a list of its
/// own instead of the call stack. The handler returns false to stop the scan; `onValue` is called
/// before the value's content. Text must be well-formed UTF-8.
template<class Handler> class Scanner
{
public:
    Scanner(std::string_view text, std::size_t depthLimit, Handler& handler)
        : m_text(text), m_depthLimit(depthLimit), m_handler(handler)
    {}

    Result<void> scan()
    {
        if (m_text.starts_with("\xEF\xBB\xBF"))
            m_offset = 3;
        Step step = Step::Value;
        while (step != Step::Done) {
            step = step == Step::Value ? readValue() : readAfterValue();
            if (m_error)
                return Unexpected(std::move(*m_error));
        }
        return {};
    }

    /// @param levels  how many of the open containers the path names
    [[nodiscard]] Error errorAt(std::size_t offset, std::size_t levels, ErrorCode code,
                                std::string message, std::string hint) const
    {
        const TextPlace place = textPlaceOf(m_text, offset);
        std::string where =
            "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
        if (const std::string path = pathText(std::span(m_frames).first(levels)); !path.empty())
            where += " (" + path + ")";
        return {code, std::move(message), std::move(where), std::move(hint)};
    }

    /// Of the object that is just closing: a problem of one of its members.
    [[nodiscard]] Error errorAtMember(std::size_t keyOffset, std::string message,
                                      std::string hint) const
    {
        return errorAt(keyOffset, m_frames.size() - 1, ErrorCode::ParseError, std::move(message),
                       std::move(hint));
    }

private:
    enum class Step { Value, AfterValue, Done };

    Step stop(std::size_t offset, std::string message, std::string hint = {},
              ErrorCode code = ErrorCode::ParseError)
    {
        m_error = errorAt(offset, m_frames.size(), code, std::move(message), std::move(hint));
        return Step::Done;
    }

    Step after(bool goOn) const { return goOn ? Step::AfterValue : Step::Done; }

    void skipSpace()
    {
        while (m_offset < m_text.size() && (m_text[m_offset] == ' ' || m_text[m_offset] == '\n' ||
                                            m_text[m_offset] == '\t' || m_text[m_offset] == '\r'))
            ++m_offset;
    }

    [[nodiscard]] char peek() const { return m_offset < m_text.size() ? m_text[m_offset] : '\0'; }

    /// What stands at the position, for messages.
    [[nodiscard]] std::string found() const
    {
        if (m_offset >= m_text.size())
            return "the end of the text";
        const auto byte = static_cast<unsigned char>(m_text[m_offset]);
        if (byte < 0x20 || byte == 0x7F)
            return "a control character";
        const DecodedCodePoint point = decodeCodePoint(m_text, m_offset);
        return "'" + std::string(m_text.substr(m_offset, point.bytes)) + "'";
    }

    Step readValue()
    {
        skipSpace();
        if (!m_handler.onValue(m_frames, m_offset))
            return Step::Done;
        switch (peek()) {
        case '{':
            return openObject();
        case '[':
            return openArray();
        case '"':
            return readText();
        case 't':
            return readLiteral("true", true);
        case 'f':
            return readLiteral("false", false);
        case 'n':
            return readLiteral("null", nullptr);
        default:
            return readNumber();
        }
    }

    bool open(bool isArray)
    {
        if (m_frames.size() >= m_depthLimit) {
            // All the levels would be a page of path; the first ones say where it goes down.
            constexpr std::size_t kNamed = 6;
            m_error = errorAt(m_offset, std::min(kNamed, m_frames.size()), ErrorCode::TooLarge,
                              "nested deeper than " + std::to_string(m_depthLimit) + " levels",
                              "Take levels out of the structure.");
            return false;
        }
        m_frames.push_back({isArray});
        ++m_offset;
        skipSpace();
        return m_handler.onOpen(isArray);
    }

    Step openObject()
    {
        if (!open(false))
            return Step::Done;
        if (peek() == '}')
            return close();
        return readKey();
    }

    Step openArray()
    {
        if (!open(true))
            return Step::Done;
        return peek() == ']' ? close() : Step::Value;
    }

    Step close()
    {
        ++m_offset;
        std::optional<Error> refused;
        const bool goOn = m_handler.onClose(*this, refused);
        if (refused) {
            m_error = std::move(refused);
            return Step::Done;
        }
        m_frames.pop_back();
        return after(goOn);
    }

    Step readKey()
    {
        if (peek() != '"')
            return stop(m_offset, "expected a member name in double quotes, found " + found(),
                        peek() == '}' ? "Take out the comma before it." : "");
        const std::size_t start = m_offset;
        std::string key;
        if (!readQuoted(key))
            return Step::Done;
        m_frames.back().key = m_text.substr(start + 1, m_offset - start - 2);
        m_frames.back().keyOffset = start;
        skipSpace();
        if (peek() != ':')
            return stop(m_offset, "expected ':' after the member name, found " + found());
        ++m_offset;
        return m_handler.onKey(std::move(key), start) ? Step::Value : Step::Done;
    }

    Step readAfterValue()
    {
        skipSpace();
        if (m_frames.empty()) {
            return m_offset == m_text.size()
                       ? Step::Done
                       : stop(m_offset, "text after the end of the JSON value: " + found(),
                              "A file holds exactly one value.");
        }
        const bool isArray = m_frames.back().isArray;
        if (peek() == (isArray ? ']' : '}'))
            return close();
        if (peek() != ',') {
            return stop(m_offset,
                        std::string("expected ',' or '") + (isArray ? ']' : '}') + "', found " +
                            found(),
                        m_offset >= m_text.size() ? "The text seems to be cut off." : "");
        }
        ++m_offset;
        skipSpace();
        if (!isArray)
            return readKey();
        ++m_frames.back().index;
        return peek() == ']'
                   ? stop(m_offset, "expected a value, found ']'", "Take out the comma before it.")
                   : Step::Value;
    }

    template<class Value> Step readLiteral(std::string_view word, Value value)
    {
        if (m_text.substr(m_offset, word.size()) != word)
            return unknownValue();
        m_offset += word.size();
        return after(m_handler.onScalar(Json(value)));
    }

    Step unknownValue()
    {
        std::string hint;
        if (m_offset >= m_text.size())
            hint = "The text seems to be cut off.";
        else if (peek() == '\'')
            hint = "Texts stand in double quotes.";
        else if (peek() == '/' || peek() == '#')
            hint = "JSON has no comments; use a \"note\" member.";
        return stop(m_offset, "expected a value, found " + found(), std::move(hint));
    }

    std::size_t skipDigits()
    {
        const std::size_t start = m_offset;
        while (peek() >= '0' && peek() <= '9')
            ++m_offset;
        return m_offset - start;
    }

    Step readNumber()
    {
        const std::size_t start = m_offset;
        if (peek() == '-')
            ++m_offset;
        const bool zero = peek() == '0';
        const std::size_t digits = skipDigits();
        if (digits == 0) {
            m_offset = start;
            return unknownValue();
        }
        if (zero && digits > 1)
            return stop(start, "a number must not start with 0");
        bool isInteger = true;
        if (peek() == '.') {
            isInteger = false;
            ++m_offset;
            if (skipDigits() == 0)
                return stop(m_offset, "expected a digit after the decimal point, found " + found());
        }
        if (peek() == 'e' || peek() == 'E') {
            isInteger = false;
            ++m_offset;
            if (peek() == '+' || peek() == '-')
                ++m_offset;
            if (skipDigits() == 0)
                return stop(m_offset, "expected a digit in the exponent, found " + found());
        }
        return finishNumber(start, isInteger);
    }

    Step finishNumber(std::size_t start, bool isInteger)
    {
        const char* const first = m_text.data() + start;
        const char* const last = m_text.data() + m_offset;
        if (isInteger) {
            std::int64_t exact = 0;
            if (std::from_chars(first, last, exact).ec == std::errc())
                return after(m_handler.onScalar(Json(exact)));
            std::uint64_t large = 0;
            if (*first != '-' && std::from_chars(first, last, large).ec == std::errc())
                return after(m_handler.onScalar(Json(large)));
        }
        double value = 0;
        if (std::from_chars(first, last, value).ec != std::errc())
            return stop(start, "the number is outside the range of a double");
        return after(m_handler.onScalar(Json(value)));
    }

    Step readText()
    {
        std::string text;
        if (!readQuoted(text))
            return Step::Done;
        return after(m_handler.onScalar(Json(std::move(text))));
    }

    /// Reads the quoted text at the position; false after an error.
    bool readQuoted(std::string& out)
    {
        const std::size_t opening = m_offset++;
        for (;;) {
            const std::size_t start = m_offset;
            while (m_offset < m_text.size() && m_text[m_offset] != '"' &&
                   m_text[m_offset] != '\\' && static_cast<unsigned char>(m_text[m_offset]) >= 0x20)
                ++m_offset;
            out.append(m_text, start, m_offset - start);
            if (m_offset >= m_text.size()) {
                stop(opening, "the text in quotes that starts here has no end",
                     "The text seems to be cut off.");
                return false;
            }
            if (m_text[m_offset] == '"') {
                ++m_offset;
                return true;
            }
            if (m_text[m_offset] != '\\') {
                stop(m_offset, "a control character inside quotes",
                     "Write it as an escape, for example \\n for a line end.");
                return false;
            }
            if (!readEscape(out))
                return false;
        }
    }

    bool readEscape(std::string& out)
    {
        const std::size_t start = m_offset++;
        const char kind = peek();
        ++m_offset;
        switch (kind) {
        case '"':
            out += '"';
            return true;
        case '\\':
            out += '\\';
            return true;
        case '/':
            out += '/';
            return true;
        case 'b':
            out += '\b';
            return true;
        case 'f':
            out += '\f';
            return true;
        case 'n':
            out += '\n';
            return true;
        case 'r':
            out += '\r';
            return true;
        case 't':
            out += '\t';
            return true;
        case 'u':
            return readCodePoint(start, out);
        default:
            break;
        }
        m_offset = start;
        stop(start, "unknown escape after '\\'", "A backslash itself is written \\\\.");
        return false;
    }

    std::optional<char32_t> readHex4()
    {
        if (m_text.size() - m_offset < 4)
            return std::nullopt;
        std::uint32_t value = 0;
        const char* const first = m_text.data() + m_offset;
        const auto read = std::from_chars(first, first + 4, value, 16);
        if (read.ec != std::errc() || read.ptr != first + 4)
            return std::nullopt;
        m_offset += 4;
        return value;
    }

    bool readCodePoint(std::size_t start, std::string& out)
    {
        const auto isHigh = [](char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; };
        const auto isLow = [](char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; };
        const std::optional<char32_t> first = readHex4();
        if (!first) {
            stop(start, "expected four hexadecimal digits after \\u");
            return false;
        }
        char32_t point = *first;
        if (isHigh(point) && m_text.substr(m_offset, 2) == "\\u") {
            m_offset += 2;
            const std::optional<char32_t> second = readHex4();
            point = second && isLow(*second)
                        ? 0x10000 + ((point - 0xD800) << 10) + (*second - 0xDC00)
                        : char32_t{0xD800};
        }
        if (isHigh(point) || isLow(point)) {
            stop(start, "half of a surrogate pair is not a character");
            return false;
        }
        appendUtf8(out, point);
        return true;
    }

    std::string_view m_text;
    std::size_t m_depthLimit;
    Handler& m_handler;
    std::size_t m_offset = 0;
    std::vector<Frame> m_frames;
    std::optional<Error> m_error;
};

} // namespace signalbox::json_detail
