// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

/// The words for what is known of one answer, the same in the matrix and in the columns below it.
namespace signalbox::ui::answerFacts {

/// "61 words", "counting its words".
[[nodiscard]] QString words(std::optional<int> words);

/// "$5.91 / 1,000": what a thousand such answers cost, the unit of the projection; "cost unknown".
/// @param usd  of this answer
[[nodiscard]] QString cost(std::optional<double> usd);
/// "$5.91 per 1,000 answers like this one, which cost $0.00591."
[[nodiscard]] QString costMeaning(std::optional<double> usd);

/// "reused": in the place of a cost that nobody has to pay.
[[nodiscard]] QString reused();
[[nodiscard]] QString reusedMeaning();
[[nodiscard]] QString takenMeaning(); ///< of a policy's: the answer in a model's column

/// "TTFT 1.17 s".
[[nodiscard]] QString firstToken(double ms);
[[nodiscard]] QString firstTokenMeaning(double ms);

/// "satisfies the request", "misses a fact".
/// @param satisfied  outcome in [0, 1]
[[nodiscard]] QString outcome(double satisfied);
/// The same with who says so.
[[nodiscard]] QString outcomeMeaning(double satisfied);

} // namespace signalbox::ui::answerFacts
