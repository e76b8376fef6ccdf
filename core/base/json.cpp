// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include "json_path.h"
#include "json_scanner.h"
#include "utf8.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace signalbox {

namespace {

using json_detail::Frame;
using json_detail::Scanner;

constexpr std::size_t kLocatorDepth = 4096; ///< any text that a reader of ours may take

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
