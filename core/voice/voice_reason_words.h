// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace signalbox {

/// A reason in parts that can stand in columns, under a heading that names both voices.
struct VoiceReasonWords
{
    bool isMoreInA = false; ///< whose trait it is
    std::string trait;      ///< "starts a new paragraph"
    std::string amount;     ///< "46 % more often", "twice as long"
    bool operator==(const VoiceReasonWords&) const = default;
};

/// What voiceReasonSentence() says of one feature, without the names.
/// @param feature       index of a voice feature
/// @param meanA, meanB  as in VoiceReason; of the length of answers their ratio on the same prompts
///                      and 1
[[nodiscard]] VoiceReasonWords voiceReasonWords(std::size_t feature, double meanA, double meanB);

} // namespace signalbox
