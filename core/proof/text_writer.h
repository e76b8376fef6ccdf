// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pattern_example.h"

#include <core/policy/condition_logic.h>
#include <core/policy/signal.h>

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Counts from `least` to `most`.
struct CountRange
{
    static constexpr std::size_t kNoMost = std::numeric_limits<std::size_t>::max();
    std::size_t least = 0;
    std::size_t most = kNoMost;

    [[nodiscard]] bool has(std::size_t count) const { return count >= least && count <= most; }
    void intersect(const CountRange& other);
    /// What is left to do for a text that stands beside one of `count`.
    [[nodiscard]] CountRange without(std::size_t count) const;
};

/// What a text has to be like.
struct TextNeeds
{
    std::vector<std::vector<PatternMatch>> present; ///< one of each group stands in it
    CountRange chars;
    CountRange words;
    CountRange lines;
    NumberRange codeShare = {0, 1};
    std::string_view script; ///< of most of its letters, one of scriptNames(); empty: any

    [[nodiscard]] bool asksForSomething() const
    {
        return !present.empty() || (!script.empty() && script != scriptNames().back()) ||
               chars.least > 0 || words.least > 0 || lines.least > 0 || codeShare.low > 0 ||
               (codeShare.low == 0 && codeShare.isLowOpen);
    }
    /// Both needs at once; of two scripts the first.
    void merge(const TextNeeds& other);
};

/// How many ways of writing there are: other words, other choices of what is present.
inline constexpr unsigned kTextVariants = 8;

/// A text that meets the needs, as readable as they allow; nothing if this way of writing finds
/// none. What must not stand in it is not known here: try another variant.
[[nodiscard]] std::optional<std::string> writeText(const TextNeeds& needs, unsigned variant);

} // namespace signalbox
