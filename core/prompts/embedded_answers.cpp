// SPDX-License-Identifier: Apache-2.0
#include "embedded_answers.h"

#include "answer_writer.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace signalbox {

namespace {

constexpr std::string_view kStart = "<template id=\"signalbox-answers\"";
constexpr std::string_view kCount = "data-answers=\"";
constexpr std::string_view kEnd = "</template>";

/// What HTML or XML would not leave as it is, or a reader of the source would not see. In JSON
/// lines all of it stands inside of texts.
bool isEscaped(char32_t c)
{
    const bool isMarkup = c == '<' || c == '>' || c == '&';
    const bool isControl = (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
                           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
    return isMarkup || isControl || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

std::string withoutMarkup(std::string_view json)
{
    std::string out;
    out.reserve(json.size() + json.size() / 16);
    for (std::size_t at = 0; at < json.size();) {
        const DecodedCodePoint point = decodeCodePoint(json, at);
        if (isEscaped(point.value)) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x",
                          static_cast<unsigned>(point.value));
            out += escape.data();
        } else {
            appendUtf8(out, point.value);
        }
        at += point.bytes;
    }
    return out;
}

} // namespace

std::string embeddedAnswers(std::span<const Answer> answers, const PromptSet& prompts)
{
    return std::string(kStart) + ' ' + std::string(kCount) + std::to_string(answers.size()) +
           "\">\n" + withoutMarkup(toAnswerJsonLines(answers, prompts)) + std::string(kEnd);
}

Result<EmbeddedLines> embeddedAnswersIn(std::string_view html)
{
    const std::size_t start = html.find(kStart);
    const std::size_t open = start == std::string_view::npos ? start : html.find('>', start);
    if (open == std::string_view::npos)
        return fail(ErrorCode::ParseError, "this HTML is no report of Signalbox", {},
                    "answers are read from its reports, JSON lines, and tables");
    EmbeddedLines found;
    const std::string_view tag = html.substr(start, open - start);
    if (const std::size_t count = tag.find(kCount); count != std::string_view::npos)
        std::from_chars(tag.data() + count + kCount.size(), tag.data() + tag.size(), found.stated);
    const std::size_t end = html.find(kEnd, open);
    found.isCut = end == std::string_view::npos;
    found.lines = html.substr(open + 1, found.isCut ? end : end - open - 1);
    found.firstLine =
        1 + static_cast<std::size_t>(std::ranges::count(html.substr(0, open + 1), '\n'));
    return found;
}

} // namespace signalbox
