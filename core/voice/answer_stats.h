// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

inline constexpr std::size_t kVoiceFeatureCount = 52;

/// Names of the features in their order, as in the "voice-1" definition ("v_logwords", …).
[[nodiscard]] const std::array<std::string_view, kVoiceFeatureCount>& voiceFeatureNames();

/// A feature name in words, for reasons: "bold passages", "offers to help at the end".
[[nodiscard]] std::string_view voiceFeatureLabel(std::size_t feature);

/// Text statistics of one answer ("voice-1"; measures.md section 1). Missing values are NaN.
struct AnswerStats
{
    int words = 0;
    int sentences = 0;
    int characters = 0; ///< code points
    int paragraphs = 0;
    int headers = 0;
    int orderedItems = 0;
    int unorderedItems = 0;
    int bold = 0;
    int tableRows = 0;
    double codeShare = 0; ///< 0 to 1
    double fleschKincaidGrade = 0;
    double fleschReadingEase = 0;
    double mtld = 0;              ///< NaN under 50 words
    double hdd = 0;               ///< NaN under 42 words
    double functionWordShare = 0; ///< of common English ones, 0 to 1; NaN under 20 words
    std::array<double, kVoiceFeatureCount> features{}; ///< NaN where missing
};

/// Whether the prose reads like English: too short to tell counts as yes. Tone axes mean nothing
/// otherwise. English prose has 35 to 55 % function words by our lists, other languages under 10 %.
[[nodiscard]] bool looksEnglish(const AnswerStats& stats);

/// Word lists of voice-1, compiled into the program. Built once, then immutable and shared.
class Lexicons;
[[nodiscard]] const Lexicons& builtInLexicons();

/// O(length). Never fails: any text, also ill-formed UTF-8, has statistics.
[[nodiscard]] AnswerStats measureAnswer(std::string_view text,
                                        const Lexicons& lexicons = builtInLexicons());

/// Many answers, on several threads; result in input order.
[[nodiscard]] std::vector<AnswerStats> measureAnswers(const std::vector<std::string_view>& texts);

} // namespace signalbox
