// SPDX-License-Identifier: Apache-2.0
#include "formula_guard.h"

namespace signalbox {

namespace {

/// Behind any apostrophes.
bool looksLikeFormula(std::string_view text)
{
    constexpr std::string_view kFormulas = "=+-@\t\r\n";
    const std::size_t start = text.find_first_not_of('\'');
    return start != std::string_view::npos && kFormulas.find(text[start]) != std::string_view::npos;
}

/// In quotes where it has to be.
std::string quotedFor(std::string text, char separator)
{
    if (text.find_first_of(std::string("\"\r\n") + separator) == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

} // namespace

std::string withFormulaGuard(std::string_view text)
{
    return looksLikeFormula(text) ? '\'' + std::string(text) : std::string(text);
}

std::string csvField(std::string_view text)
{
    return quotedFor(withFormulaGuard(text), ',');
}

std::string tabField(std::string_view text)
{
    return quotedFor(withFormulaGuard(text), '\t');
}

std::string withoutFormulaGuard(std::string_view text)
{
    const bool isGuarded = text.starts_with('\'') && looksLikeFormula(text);
    return std::string(text.substr(isGuarded ? 1 : 0));
}

} // namespace signalbox
