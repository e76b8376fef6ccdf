// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition.h"
#include "request.h"

#include <core/base/ids.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace signalbox {

/// Which text of a conversation a text signal reads. Several messages are joined by a newline.
enum class TextScope { LastUser, AllUser, System, All };

/// "score": a sum of terms, clamped. Terms may use any signal that is not a score itself.
struct ScoreTerm
{
    double add = 0;
    Condition when;
    bool operator==(const ScoreTerm&) const = default;
};
struct ScoreSource
{
    double base = 0;
    std::optional<double> min;
    std::optional<double> max;
    std::vector<ScoreTerm> terms;
    bool operator==(const ScoreSource&) const = default;
};

/// "chars", "words", "tokens", "lines", "codeShare": a number measured on the scope's text.
/// chars: Unicode code points. words: runs of letters and digits, as in voice-1. tokens: estimate
/// of ceil(chars / 4), stated as an estimate wherever shown. codeShare: share of characters inside
/// fenced code, 0 to 1.
enum class TextMeasure { Chars, Words, Tokens, Lines, CodeShare };
struct MeasureSource
{
    TextMeasure measure = TextMeasure::Chars;
    TextScope scope = TextScope::LastUser;
    bool operator==(const MeasureSource&) const = default;
};

enum class KeywordMatch {
    Substring, ///< anywhere
    Word,      ///< not inside a longer run of ASCII letters, digits and underscores
};

/// "keywords": true when any of the words occurs; ASCII case is folded.
struct KeywordsSource
{
    TextScope scope = TextScope::LastUser;
    std::vector<std::string> anyOf;
    KeywordMatch match = KeywordMatch::Substring;
    bool operator==(const KeywordsSource&) const = default;
};

/// "contains": true when the text occurs, byte for byte.
struct ContainsSource
{
    TextScope scope = TextScope::LastUser;
    std::string text;
    bool operator==(const ContainsSource&) const = default;
};

/// "regex": true when the portable expression matches somewhere.
struct RegexSource
{
    TextScope scope = TextScope::LastUser;
    std::string pattern;
    bool ignoreCase = false;
    bool operator==(const RegexSource&) const = default;
};

/// "script": the writing system of most letters of the scope's text, as a string; see
/// scriptNames(). "none" of a text without letters.
struct ScriptSource
{
    TextScope scope = TextScope::LastUser;
    bool operator==(const ScriptSource&) const = default;
};

/// "style": the answer style the user asked for, as a string. A request that names none gets its
/// user's from the table (see user_styles.h), then `fallback` ("default" in the file).
struct StyleSource
{
    std::string fallback = "balanced"; ///< concise, balanced or detailed
    std::string table = {};            ///< file beside the policy; empty: none
    bool operator==(const StyleSource&) const = default;
};

enum class ValueType { Number, Boolean, String };

/// "metadata" and "header": a value the caller sent, of the declared type. Header names ignore
/// ASCII case and their text is read as the type; a metadata value of another type is missing.
struct MetadataSource
{
    std::string key;
    ValueType type = ValueType::String;
    bool operator==(const MetadataSource&) const = default;
};
struct HeaderSource
{
    std::string name;
    ValueType type = ValueType::String;
    bool operator==(const HeaderSource&) const = default;
};

/// "turn" (number of user messages so far, 1 for the first), "messages" (count), "requestedModel"
/// (string), "maxTokens" (number), "hasTools", "hasImages" (booleans), "lastRole" (of the last
/// message, a string).
enum class RequestField {
    Turn,
    Messages,
    RequestedModel,
    MaxTokens,
    HasTools,
    HasImages,
    LastRole
};
struct FieldSource
{
    RequestField field = RequestField::Turn;
    std::optional<Role> role = {}; ///< Messages only: those of one role
    bool operator==(const FieldSource&) const = default;
};

enum class Weekday { Mon, Tue, Wed, Thu, Fri, Sat, Sun };
inline constexpr int kMinutesPerDay = 24 * 60;

/// "timeWindow": true from one local time of day to another in a named zone, on the days listed. A
/// window past midnight (22:00 to 06:00) belongs to the day on which it begins; equal times are the
/// whole day. Missing for a request that does not say when it came in.
struct TimeWindowSource
{
    std::string zone = "UTC";  ///< of the IANA data base, e.g. "Europe/Berlin"
    std::vector<Weekday> days; ///< empty: every day
    int fromMinute = 0;        ///< of the local day, 0 to 1439; "08:00" in the file
    int untilMinute = 0;       ///< not included
    bool operator==(const TimeWindowSource&) const = default;
};

/// "requestRate", "tokenRate", "spend": what went through the router in the last `windowSeconds`,
/// this request not included: requests, their input tokens, USD. A meter that routers keep and
/// projections simulate; a request brings its reading (Request::usage), else the signal is missing.
enum class UsageMeasure { Requests, InputTokens, SpendUsd };
enum class UsageUnit { All, User, Conversation };
struct UsageSource
{
    UsageMeasure measure = UsageMeasure::Requests;
    UsageUnit per = UsageUnit::User; ///< whose
    int windowSeconds = 60;
    bool operator==(const UsageSource&) const = default;
};

using SignalSource = std::variant<ScoreSource, MeasureSource, KeywordsSource, ContainsSource,
                                  RegexSource, ScriptSource, StyleSource, MetadataSource,
                                  HeaderSource, FieldSource, TimeWindowSource, UsageSource>;

struct Signal
{
    SignalId id;
    SignalSource source;
    std::string note;
    bool operator==(const Signal&) const = default;
};

/// What a script signal can yield, "none" and "other" included, the most common first.
[[nodiscard]] std::span<const std::string_view> scriptNames();

/// The type of the values a signal yields when it is not missing.
[[nodiscard]] ValueType valueTypeOf(const Signal& signal);

} // namespace signalbox
