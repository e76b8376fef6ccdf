// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

namespace signalbox {

/// A deterministic rewriting of an answer before a user sees it: the cheapest lever on
/// noticeability (measures.md section 3).
struct AnswerStyle
{
    bool flattenMarkdown = false;
    bool trimOpeners = false;    ///< "Certainly! Here is…"
    bool trimClosers = false;    ///< "Let me know if…"
    std::optional<int> maxWords; ///< cut at the last sentence end within
    bool operator==(const AnswerStyle&) const = default;
    [[nodiscard]] bool isNeutral() const { return *this == AnswerStyle{}; }
};

} // namespace signalbox
