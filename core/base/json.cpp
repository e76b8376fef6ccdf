// SPDX-License-Identifier: Apache-2.0
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

namespace signalbox {

namespace {

constexpr std::size_t kOneLineLimit = 100;  ///< bytes
constexpr std::size_t kLocatorDepth = 4096; ///< any text that a reader of ours may take
constexpr int kOneLineLevels = 3;

/// One container that is open at the scanner's position.
struct Frame
{
    bool isArray = false;
    std::size_t index = 0;     ///< of the current element
    std::string_view key = {}; ///< of the current member, escapes as in the text
    std::size_t keyOffset = 0;
};

std::string pathText(std::span<const Frame> frames)
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
            stop(m_offset, "nested deeper than " + std::to_string(m_depthLimit) + " levels",
                 "Take levels out of the structure.", ErrorCode::TooLarge);
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

/// Makes the value. Elements go straight into their array. Finished members of all open objects lie
/// on one list; an object is made when it closes, at its exact size, because growing one copies it.
class Builder
{
public:
    bool onValue(const std::vector<Frame>& /*frames*/, std::size_t /*offset*/) { return true; }

    bool onOpen(bool isArray)
    {
        m_open.push_back({isArray, {}, m_members.size(), std::move(m_key), m_keyOffset});
        m_key.clear();
        return true;
    }

    bool onKey(std::string key, std::size_t offset)
    {
        m_key = std::move(key);
        m_keyOffset = offset;
        return true;
    }

    bool onScalar(Json value)
    {
        add(std::move(value));
        return true;
    }

    template<class Source> bool onClose(const Source& source, std::optional<Error>& refused)
    {
        Open open = std::move(m_open.back());
        m_open.pop_back();
        if (const Member* twice = duplicateSince(open.firstMember)) {
            refused = source.errorAtMember(twice->keyOffset,
                                           "the member \"" + twice->key + "\" is given twice",
                                           "Keep one of the two.");
            return false;
        }
        Json value = open.isArray ? Json(std::move(open.elements)) : takeObject(open.firstMember);
        m_key = std::move(open.key);
        m_keyOffset = open.keyOffset;
        add(std::move(value));
        return true;
    }

    Json take() { return std::move(m_root); }

private:
    struct Member
    {
        std::string key;
        std::size_t keyOffset = 0;
        Json value;
    };
    struct Open
    {
        bool isArray = false;
        Json::array_t elements;
        std::size_t firstMember = 0; ///< in m_members
        std::string key;             ///< under which it stands in its parent
        std::size_t keyOffset = 0;
    };

    void add(Json value)
    {
        if (m_open.empty())
            m_root = std::move(value);
        else if (m_open.back().isArray)
            m_open.back().elements.push_back(std::move(value));
        else
            m_members.push_back({std::move(m_key), m_keyOffset, std::move(value)});
        m_key.clear();
    }

    Json takeObject(std::size_t start)
    {
        // The map's own emplace() searches for the key first, which is quadratic; we have checked.
        Json::object_t object;
        object.reserve(m_members.size() - start);
        for (std::size_t i = start; i < m_members.size(); ++i) {
            object.Json::object_t::Container::emplace_back(std::move(m_members[i].key),
                                                           std::move(m_members[i].value));
        }
        m_members.resize(start);
        return Json(std::move(object));
    }

    /// The second of two equal keys since `start`, if any.
    [[nodiscard]] const Member* duplicateSince(std::size_t start) const
    {
        std::vector<const Member*> sorted;
        sorted.reserve(m_members.size() - start);
        for (std::size_t i = start; i < m_members.size(); ++i)
            sorted.push_back(&m_members[i]);
        std::ranges::sort(sorted, [](const Member* a, const Member* b) {
            const int order = a->key.compare(b->key);
            return order != 0 ? order < 0 : a->keyOffset < b->keyOffset;
        });
        const auto twice = std::ranges::adjacent_find(
            sorted, [](const Member* a, const Member* b) { return a->key == b->key; });
        return twice == sorted.end() ? nullptr : *(twice + 1);
    }

    Json m_root;
    std::vector<Member> m_members;
    std::vector<Open> m_open;
    std::string m_key;
    std::size_t m_keyOffset = 0;
};

/// Looks for the value at a path, or the nearest parent of it.
class Locator
{
public:
    explicit Locator(std::vector<JsonPathStep> target) : m_target(std::move(target)) {}

    bool onValue(const std::vector<Frame>& frames, std::size_t offset)
    {
        if (frames.size() > m_target.size() || frames.size() < m_found)
            return true;
        if (!std::equal(frames.begin(), frames.end(), m_target.begin(), matches))
            return true;
        m_offset = offset;
        m_found = frames.size();
        return m_found != m_target.size();
    }

    bool onOpen(bool /*isArray*/) { return true; }
    bool onKey(const std::string& /*key*/, std::size_t /*offset*/) { return true; }
    bool onScalar(const Json& /*value*/) { return true; }
    template<class Source> bool onClose(const Source& /*source*/, std::optional<Error>& /*refused*/)
    {
        return true;
    }

    [[nodiscard]] std::optional<std::size_t> offset() const { return m_offset; }

private:
    static bool matches(const Frame& frame, const JsonPathStep& step)
    {
        return frame.isArray ? step.isElement && frame.index == step.index
                             : !step.isElement && frame.key == step.key;
    }

    std::vector<JsonPathStep> m_target;
    std::size_t m_found = 0;
    std::optional<std::size_t> m_offset;
};

std::string scalarText(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Writes pretty text. Its depth is that of the value, which our own documents bound.
class Writer
{
public:
    std::string write(const Json& json)
    {
        writeValue(json, 0, 0);
        m_out += '\n';
        return std::move(m_out);
    }

private:
    /// @param used  bytes that stand before the value on its line
    void writeValue(const Json& json, std::size_t level, std::size_t used)
    {
        if (!json.is_structured()) {
            m_out += scalarText(json);
            return;
        }
        if (json.empty()) {
            m_out += json.is_array() ? "[]" : "{}";
            return;
        }
        if (level > 0) {
            const std::size_t before = m_out.size();
            if (writeFlat(json, kOneLineLevels,
                          before + kOneLineLimit - std::min(used, kOneLineLimit)))
                return;
            m_out.resize(before);
        }
        m_out += json.is_array() ? '[' : '{';
        bool first = true;
        for (const auto& item : json.items()) {
            m_out += first ? "\n" : ",\n";
            first = false;
            const std::size_t lineStart = m_out.size();
            m_out.append(2 * (level + 1), ' ');
            if (json.is_object())
                m_out += scalarText(item.key()) + ": ";
            writeValue(item.value(), level + 1, m_out.size() - lineStart);
        }
        m_out += '\n';
        m_out.append(2 * level, ' ');
        m_out += json.is_array() ? ']' : '}';
    }

    /// Tries one line; false if it holds too many levels or passes `end`, output then unspecified.
    bool writeFlat(const Json& json, int levels, std::size_t end)
    {
        if (!json.is_structured()) {
            m_out += scalarText(json);
            return m_out.size() <= end;
        }
        if (levels == 0 && !json.empty())
            return false;
        m_out += json.is_array() ? '[' : '{';
        bool first = true;
        for (const auto& item : json.items()) {
            if (!first)
                m_out += ", ";
            first = false;
            if (json.is_object())
                m_out += scalarText(item.key()) + ": ";
            if (!writeFlat(item.value(), levels - 1, end))
                return false;
        }
        m_out += json.is_array() ? ']' : '}';
        return m_out.size() <= end;
    }

    std::string m_out;
};

std::optional<TextPlace> placeFromText(std::string_view where)
{
    const std::string text(where.substr(0, 64));
    TextPlace place;
    if (std::sscanf(text.c_str(), "line %zu, column %zu", &place.line, &place.column) == 2)
        return place;
    return std::nullopt;
}

} // namespace

Result<Json> parseJson(std::string_view text, const JsonLimits& limits)
{
    if (text.size() > limits.bytes) {
        return fail(ErrorCode::TooLarge,
                    "the text has " + std::to_string(text.size()) + " bytes; at most " +
                        std::to_string(limits.bytes) + " are read",
                    {}, "Take out what does not belong into this file.");
    }
    if (const auto offset = firstInvalidUtf8(text)) {
        const TextPlace place = textPlaceOf(text, *offset);
        return fail(ErrorCode::ParseError, "the text is not UTF-8",
                    "line " + std::to_string(place.line) + ", column " +
                        std::to_string(place.column),
                    "Save the file in the encoding UTF-8.");
    }
    Builder builder;
    if (auto scanned = Scanner(text, limits.depth, builder).scan(); !scanned)
        return Unexpected(std::move(scanned.error()));
    return builder.take();
}

std::string toJsonText(const Json& json)
{
    return Writer().write(json);
}

std::string toCompactJsonText(const Json& json)
{
    return scalarText(json);
}

TextPlace textPlaceOf(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const std::size_t lineEnd = before.rfind('\n');
    const std::size_t lineStart = lineEnd == std::string_view::npos ? 0 : lineEnd + 1;
    return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            codePointCount(before.substr(lineStart)) + 1};
}

std::optional<TextPlace> findTextPlace(std::string_view text, std::string_view where)
{
    if (const auto place = placeFromText(where))
        return place;
    auto target = parseJsonPath(where);
    if (!target)
        return std::nullopt;
    Locator locator(std::move(*target));
    // A broken text is located as far as it goes; the error itself has been reported elsewhere.
    const auto scanned = Scanner(text, kLocatorDepth, locator).scan();
    static_cast<void>(scanned);
    if (const auto offset = locator.offset())
        return textPlaceOf(text, *offset);
    return std::nullopt;
}

} // namespace signalbox
