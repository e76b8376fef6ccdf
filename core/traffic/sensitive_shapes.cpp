// SPDX-License-Identifier: Apache-2.0
#include "sensitive_shapes.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace signalbox::traffic_detail {

namespace {

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
constexpr bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}
constexpr bool isLetter(char c)
{
    return isUpper(c) || (c >= 'a' && c <= 'z');
}
constexpr bool isWordByte(char c)
{
    return isDigit(c) || isLetter(c);
}
/// Letters of other scripts count as letters of an address, so that none is cut through.
constexpr bool isMailByte(char c)
{
    return isWordByte(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-' ||
           (static_cast<unsigned char>(c) & 0x80) != 0;
}
constexpr bool isKeyByte(char c)
{
    return isWordByte(c) || c == '_' || c == '-';
}
constexpr bool isHostByte(char c)
{
    return isWordByte(c) || c == '.' || c == '-' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// Bytes at which something may begin or, of '@', be found.
constexpr std::array<bool, 256> kMayBegin = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("@0123456789+(-"))
        table[static_cast<unsigned char>(c)] = true;
    // First letters of keys; IBANs begin with any capital.
    for (const char c : std::string_view("sgxehprABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

struct KeyShape
{
    std::string_view prefix;
    std::size_t least; ///< bytes of a key behind it
};
constexpr std::array kKeyShapes = {
    KeyShape{"sk-", 16},      KeyShape{"sk_live_", 16},    KeyShape{"sk_test_", 16},
    KeyShape{"pk_live_", 16}, KeyShape{"rk_live_", 16},    KeyShape{"AKIA", 16},
    KeyShape{"ASIA", 16},     KeyShape{"AIza", 30},        KeyShape{"ghp_", 30},
    KeyShape{"gho_", 30},     KeyShape{"ghu_", 30},        KeyShape{"ghs_", 30},
    KeyShape{"ghr_", 30},     KeyShape{"github_pat_", 30}, KeyShape{"glpat-", 16},
    KeyShape{"gsk_", 30},     KeyShape{"hf_", 30},         KeyShape{"xai-", 30},
    KeyShape{"xoxb-", 16},    KeyShape{"xoxp-", 16},       KeyShape{"xoxa-", 16},
    KeyShape{"xoxs-", 16},    KeyShape{"xoxr-", 16},       KeyShape{"xapp-", 16},
    KeyShape{"pplx-", 30},    KeyShape{"r8_", 30},
};

bool isInsideWord(std::string_view text, std::size_t at)
{
    return at > 0 && isKeyByte(text[at - 1]);
}

std::size_t endOfKey(std::string_view text, std::size_t at)
{
    while (at < text.size() && isKeyByte(text[at]))
        ++at;
    return at;
}

/// Three parts of base64 with dots between, the first of which is an object: {" is eyJ.
std::optional<std::size_t> endOfToken(std::string_view text, std::size_t at)
{
    for (int part = 0; part < 3; ++part) {
        const std::size_t end = endOfKey(text, at);
        if (end - at < (part < 2 ? 8U : 4U))
            return std::nullopt;
        if (part == 2)
            return end;
        if (end == text.size() || text[end] != '.')
            return std::nullopt;
        at = end + 1;
    }
    return std::nullopt;
}

std::optional<SensitivePart> pemAt(std::string_view text, std::size_t at)
{
    constexpr std::string_view kBegin = "-----BEGIN ";
    constexpr std::string_view kEnd = "-----END ";
    if (!text.substr(at).starts_with(kBegin))
        return std::nullopt;
    const std::size_t title = text.find("-----", at + kBegin.size());
    if (title == std::string_view::npos || title - at > 80 ||
        text.substr(at, title - at).find("PRIVATE KEY") == std::string_view::npos)
        return std::nullopt;
    const std::size_t end = text.find(kEnd, title);
    if (end == std::string_view::npos)
        return SensitivePart{at, text.size(), "key"}; // cut off: all that is left may be the key
    const std::size_t dashes = text.find("-----", end + kEnd.size());
    return SensitivePart{at, dashes == std::string_view::npos ? text.size() : dashes + 5, "key"};
}

std::optional<SensitivePart> keyAt(std::string_view text, std::size_t at)
{
    if (isInsideWord(text, at))
        return std::nullopt;
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("eyJ")) {
        if (const auto end = endOfToken(text, at))
            return SensitivePart{at, *end, "key"};
    }
    for (const KeyShape& shape : kKeyShapes) {
        if (rest.front() != shape.prefix.front() || !rest.starts_with(shape.prefix))
            continue;
        const std::size_t end = endOfKey(text, at + shape.prefix.size());
        const std::string_view key = text.substr(at, end - at);
        const bool hasDigit = std::ranges::any_of(key.substr(shape.prefix.size()), isDigit);
        if (key.size() >= shape.prefix.size() + shape.least && hasDigit)
            return SensitivePart{at, end, "key"};
    }
    return std::nullopt;
}

/// An address around an '@' that is not before `from`.
std::optional<SensitivePart> mailAround(std::string_view text, std::size_t at, std::size_t from)
{
    std::size_t begin = at;
    while (begin > from && at - begin < 64 && isMailByte(text[begin - 1]))
        --begin;
    while (begin < at && (text[begin] & 0xC0) == 0x80) // not within a character
        ++begin;
    while (begin < at && (text[begin] == '.' || text[begin] == '-'))
        ++begin;
    std::size_t end = at + 1;
    while (end < text.size() && end - at < 255 && isHostByte(text[end]))
        ++end;
    while (end < text.size() && (text[end] & 0xC0) == 0x80)
        ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-'))
        --end;
    const std::string_view host = text.substr(at + 1, end - at - 1);
    const std::size_t dot = host.rfind('.');
    const bool isMail = begin < at && dot != std::string_view::npos && dot > 0 &&
                        host.size() - dot > 2 && !isDigit(host[dot + 1]);
    if (!isMail)
        return std::nullopt;
    return SensitivePart{begin, end, "email"};
}

/// Digits with single separators between them: "+49 (30) 901-820".
struct DigitRun
{
    std::size_t end = 0; ///< behind the last digit
    std::size_t digits = 0;
    std::size_t separators = 0;
    bool hasDot = false;
};

DigitRun digitRunAt(std::string_view text, std::size_t at)
{
    DigitRun run;
    std::size_t gap = 0;
    for (std::size_t i = at; i < text.size() && run.digits <= 24; ++i) {
        const char c = text[i];
        if (isDigit(c)) {
            run.separators += gap > 0 && run.digits > 0;
            ++run.digits;
            run.end = i + 1;
            gap = 0;
        } else if (c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '/' ||
                   (c == '+' && i == at)) {
            if (++gap > 2 && run.digits > 0)
                break;
            run.hasDot |= c == '.' && run.digits > 0 && i + 1 < text.size() && isDigit(text[i + 1]);
        } else {
            break;
        }
    }
    return run;
}

/// The end of the longest row of groups that is a card's number: 13 to 19 digits with single blanks
/// or dashes, of an industry that issues cards, with a check digit that fits.
std::optional<std::size_t> endOfCard(std::string_view text, std::size_t at)
{
    if (text[at] < '2' || text[at] > '6')
        return std::nullopt;
    std::optional<std::size_t> best;
    std::size_t digits = 0;
    for (std::size_t i = at; i < text.size() && digits < 19; ++i) {
        if (!isDigit(text[i])) {
            if ((text[i] != ' ' && text[i] != '-') || !isDigit(text[i - 1]))
                break;
            continue;
        }
        ++digits;
        const bool isGroupEnd = i + 1 == text.size() || !(isWordByte(text[i + 1]));
        if (digits >= 13 && isGroupEnd && passesLuhn(text.substr(at, i + 1 - at)))
            best = i + 1;
    }
    return best;
}

/// A date or an address of the network is no phone number: "2026-11-27", "192.168.178.201".
bool looksLikeDateOrAddress(std::string_view run)
{
    const auto dashes = std::ranges::count(run, '-');
    const auto dots = std::ranges::count(run, '.');
    const bool isIsoDate = run.size() >= 10 && dashes >= 2 && run[4] == '-' && run[7] == '-' &&
                           (run.starts_with("19") || run.starts_with("20"));
    return isIsoDate || (dots == 3 && dashes == 0 && run.find(' ') == std::string_view::npos);
}

/// A phone number has a country, an area, or groups; seven bare digits may be anything.
bool looksLikePhone(std::string_view text, const DigitRun& run)
{
    if (run.digits < 8 || run.digits > 15)
        return false;
    const bool isInternational = text.front() == '+' || text.starts_with("00");
    const bool isNational =
        run.digits >= 9 && run.digits <= 12 && run.separators >= 1 && !looksLikeDateOrAddress(text);
    const bool isBare =
        run.separators == 0 && run.digits >= 10 && run.digits <= 12 && text.front() == '0';
    return isInternational || isNational || isBare;
}

/// What a run of digits is.
/// @param isInside  whether its first group was looked at before: then it is a card or nothing
std::optional<SensitivePart> numberAt(std::string_view text, std::size_t at, const DigitRun& run,
                                      bool isInside)
{
    if (at > 0 && (isWordByte(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '_' ||
                   text[at - 1] == '$'))
        return std::nullopt;
    if (isDigit(text[at])) {
        if (const auto end = endOfCard(text, at))
            return SensitivePart{at, *end, "card"};
    }
    const bool isCutWord = run.end < text.size() && (isWordByte(text[run.end]) ||
                                                     text[run.end] == '_' || text[run.end] == '@');
    if (isInside || isCutWord || !looksLikePhone(text.substr(at, run.end - at), run))
        return std::nullopt;
    return SensitivePart{at, run.end, "phone"};
}

std::optional<SensitivePart> ibanAt(std::string_view text, std::size_t at)
{
    if (at + 15 > text.size() || !isUpper(text[at + 1]) || !isDigit(text[at + 2]) ||
        !isDigit(text[at + 3]) || (at > 0 && isWordByte(text[at - 1])))
        return std::nullopt;
    std::size_t end = at;
    std::size_t taken = 0;
    std::optional<std::size_t> best;
    for (std::size_t i = at; i < text.size() && taken < 34; ++i) {
        const char c = text[i];
        if (isDigit(c) || isUpper(c)) {
            ++taken;
            end = i + 1;
            const bool isWhole = end == text.size() || !isWordByte(text[end]);
            if (taken >= 15 && isWhole && passesIban(text.substr(at, end - at)))
                best = end;
        } else if (c != ' ' || text[i - 1] == ' ') {
            break;
        }
    }
    if (!best)
        return std::nullopt;
    return SensitivePart{at, *best, "iban"};
}

std::optional<SensitivePart> wordAt(std::string_view text, std::size_t at, std::size_t from)
{
    const char c = text[at];
    if (c == '@')
        return mailAround(text, at, from);
    if (c == '-')
        return pemAt(text, at);
    if (isUpper(c)) {
        if (const auto iban = ibanAt(text, at))
            return iban;
    }
    return keyAt(text, at);
}

} // namespace

std::optional<SensitivePart> nextSensitivePart(std::string_view text, std::size_t from)
{
    std::size_t runEnd = from; ///< of the digits that were looked at
    for (std::size_t at = from; at < text.size(); ++at) {
        const char c = text[at];
        if (!kMayBegin[static_cast<unsigned char>(c)])
            continue;
        std::optional<SensitivePart> part;
        if (isDigit(c) || c == '+' || c == '(') {
            if (isDigit(c) && at > from && isDigit(text[at - 1]))
                continue;
            const bool isInside = at < runEnd;
            const DigitRun run = digitRunAt(text, at);
            part = numberAt(text, at, run, isInside);
            runEnd = std::max(runEnd, run.digits <= 19 ? run.end : at);
        } else {
            part = wordAt(text, at, from);
        }
        if (part)
            return part;
    }
    return std::nullopt;
}

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool isDoubled = false;
    for (std::size_t i = digits.size(); i-- > 0;) {
        if (!isDigit(digits[i]))
            continue;
        int value = digits[i] - '0';
        if (isDoubled)
            value = value > 4 ? value * 2 - 9 : value * 2;
        sum += value;
        isDoubled = !isDoubled;
    }
    return sum > 0 && sum % 10 == 0;
}

bool passesIban(std::string_view text)
{
    std::uint32_t rest = 0;
    std::array<char, 34> plain{};
    std::size_t size = 0;
    for (const char c : text) {
        if (c == ' ')
            continue;
        if (size == plain.size())
            return false;
        plain[size++] = c;
    }
    if (size < 15)
        return false;
    for (std::size_t i = 0; i < size; ++i) {
        const char c = plain[(i + 4) % size]; // country and check digits go to the end
        if (isDigit(c))
            rest = (rest * 10 + static_cast<std::uint32_t>(c - '0')) % 97;
        else if (isUpper(c))
            rest = (rest * 100 + static_cast<std::uint32_t>(c - 'A') + 10) % 97;
        else
            return false;
    }
    return rest == 1;
}

} // namespace signalbox::traffic_detail
