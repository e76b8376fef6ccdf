// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// What the normaliser does to an answer; the policy's AnswerStyle in the terms of this library.
struct NormalizeOptions
{
    bool flattenMarkdown =
        false;                ///< headers, lists, bold, quotes become plain paragraphs; code stays
    bool trimOpeners = false; ///< a stock first sentence or clause ("Certainly!", "Here is …:")
    bool trimClosers = false; ///< a stock last sentence ("Let me know if …")
    std::optional<int>
        maxWords; ///< cut at the last sentence end within; the first sentence always stays
    bool operator==(const NormalizeOptions&) const = default;
};

/// Deterministic and idempotent: normalising twice changes nothing more. Never returns an empty
/// text for a text that has words.
[[nodiscard]] std::string normalizeAnswer(std::string_view text, const NormalizeOptions& options);

} // namespace signalbox
