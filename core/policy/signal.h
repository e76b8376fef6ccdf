// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition.h"

#include <core/base/ids.h>

#include <optional>
#include <string>
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

/// "style": the answer style the user asked for, as a string; `fallback` ("default" in the file)
/// when the request names none.
struct StyleSource
{
    std::string fallback = "balanced"; ///< concise, balanced or detailed
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
/// (string), "maxTokens" (number), "hasTools", "hasImages" (booleans).
enum class RequestField { Turn, Messages, RequestedModel, MaxTokens, HasTools, HasImages };
struct FieldSource
{
    RequestField field = RequestField::Turn;
    bool operator==(const FieldSource&) const = default;
};

struct Signal
{
    SignalId id;
    std::variant<ScoreSource, MeasureSource, KeywordsSource, ContainsSource, RegexSource,
                 StyleSource, MetadataSource, HeaderSource, FieldSource>
        source;
    std::string note;
    bool operator==(const Signal&) const = default;
};

/// The type of the values a signal yields when it is not missing.
[[nodiscard]] ValueType valueTypeOf(const Signal& signal);

} // namespace signalbox
