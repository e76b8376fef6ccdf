// SPDX-License-Identifier: Apache-2.0
#include "text_redactor.h"

#include "sensitive_shapes.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace signalbox {

using namespace traffic_detail;

struct TextRedactor::Own
{
    std::string kind;
    std::unique_ptr<re2::RE2> expression;
};

namespace {

void count(std::vector<RedactionCount>& counts, std::string_view kind)
{
    const auto known = std::ranges::find(counts, kind, &RedactionCount::kind);
    if (known != counts.end())
        ++known->count;
    else
        counts.push_back({std::string(kind), 1});
}

void appendMark(std::string& out, std::string_view kind)
{
    out += '[';
    out += kind;
    out += ']';
}

bool isWord(std::string_view kind)
{
    return !kind.empty() && kind.size() <= 40 && std::ranges::all_of(kind, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == ' ';
    });
}

std::string withoutMatches(const re2::RE2& expression, std::string_view kind, std::string_view text,
                           std::vector<RedactionCount>& counts)
{
    std::string out;
    std::size_t from = 0;
    std::size_t at = 0;
    re2::StringPiece match;
    while (at < text.size() && expression.Match({text.data(), text.size()}, at, text.size(),
                                                re2::RE2::UNANCHORED, &match, 1)) {
        const auto begin = static_cast<std::size_t>(match.data() - text.data());
        if (match.empty()) {
            at = begin + 1; // a match of nothing; the next may be of something
            continue;
        }
        out += text.substr(from, begin - from);
        appendMark(out, kind);
        count(counts, kind);
        at = from = begin + match.size();
    }
    out += text.substr(from);
    return out;
}

std::string withoutShapes(std::string_view text, const std::vector<std::string>& leaves,
                          std::vector<RedactionCount>& counts)
{
    std::string out;
    std::size_t copied = 0;
    std::size_t from = 0;
    while (const auto part = nextSensitivePart(text, from)) {
        from = part->end;
        if (std::ranges::find(leaves, part->kind) != leaves.end())
            continue;
        out += text.substr(copied, part->begin - copied);
        appendMark(out, part->kind);
        count(counts, part->kind);
        copied = part->end;
    }
    out += text.substr(copied);
    return out;
}

} // namespace

TextRedactor::TextRedactor() = default;
TextRedactor::~TextRedactor() = default;
TextRedactor::TextRedactor(TextRedactor&& other) noexcept = default;
TextRedactor& TextRedactor::operator=(TextRedactor&& other) noexcept = default;

const std::vector<std::string>& TextRedactor::builtInKinds()
{
    static const std::vector<std::string> kinds = {"email", "phone", "card", "iban", "key"};
    return kinds;
}

Result<TextRedactor> TextRedactor::make(const std::vector<RedactionPattern>& own,
                                        std::vector<std::string> leaves)
{
    TextRedactor redactor;
    redactor.m_leaves = std::move(leaves);
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (!isWord(own[i].kind))
            return fail(ErrorCode::InvalidArgument, "expected a word for the mark",
                        std::to_string(i), "letters, digits, blanks, '_' and '-'");
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(std::int64_t{32} << 20);
        auto expression = std::make_unique<re2::RE2>(own[i].pattern, options);
        if (!expression->ok())
            return fail(ErrorCode::InvalidArgument,
                        "the pattern is not understood: " + expression->error(), std::to_string(i));
        redactor.m_own.push_back(
            std::make_unique<const Own>(Own{own[i].kind, std::move(expression)}));
    }
    return redactor;
}

std::string TextRedactor::redacted(std::string_view text, std::vector<RedactionCount>& counts) const
{
    std::string own;
    for (const auto& pattern : m_own) {
        own = withoutMatches(*pattern->expression, pattern->kind, text, counts);
        text = own;
    }
    return withoutShapes(text, m_leaves, counts);
}

} // namespace signalbox
