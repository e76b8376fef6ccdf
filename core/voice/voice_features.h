// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer_stats.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace signalbox {

/// Indices of the features of voice-1, in the order of `voiceFeatureNames`.
namespace feature {
enum Index : std::size_t {
    LogWords,
    LogParagraphs,
    SentenceLength,
    SentenceLengthSpread,
    Headers,
    OrderedItems,
    UnorderedItems,
    Bold,
    ListShare,
    Code,
    Table,
    DoubleNewlines,
    Hedges,
    Boosters,
    Politeness,
    Enthusiasm,
    Disclaimers,
    Obligations,
    Connectives,
    FirstSingular,
    FirstPlural,
    Second,
    Third,
    Negations,
    Contractions,
    Exclamations,
    Questions,
    Imperatives,
    Emoji,
    Formality,
    Sentiment,
    WordLength,
    LongWords,
    Mattr,
    Mtld,
    Grade,
    Commas,
    Semicolons,
    Colons,
    Parentheses,
    Quotes,
    Dashes,
    Hyphens,
    OpensCertainly,
    OpensHere,
    OpensRefusing,
    OpensPraising,
    OpensWithColon,
    OpensWithMarkdown,
    ClosesOffering,
    ClosesSumming,
    EndsUnpunctuated,
};
} // namespace feature

/// How a feature is put in words.
enum class FeatureScale {
    Amount, ///< a rate or a size: compared by ratio
    Count,  ///< ln(1 + count): told as the count
    Share,  ///< 0 or 1 per answer: told as a share of answers
    Level,  ///< may be negative or has no natural zero: compared by difference
};
[[nodiscard]] FeatureScale voiceFeatureScale(std::size_t feature);

/// Whether the feature means the same in every language (28 of them do).
[[nodiscard]] bool isLanguageNeutral(std::size_t feature);
[[nodiscard]] const std::vector<std::size_t>& languageNeutralFeatures();

/// The feature on the scale on which it is told: counts and the MTLD are not logarithms.
/// NaN where missing.
[[nodiscard]] double toldValue(const AnswerStats& stats, std::size_t feature);

} // namespace signalbox
