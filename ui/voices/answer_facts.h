// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QtGlobal>

#include <optional>

/// The words for what is known of one answer, the same in the matrix and in the columns below it.
namespace signalbox::ui::answerFacts {

/// How much room there is for a fact.
enum class Length {
    Full,     ///< "61 words", "$5.91 per 1,000", "TTFT 0.49 s", "132 tokens"
    Short,    ///< "61 words", "$0.0059", "0.49 s", "132 tok"
    Shortest, ///< "61 w", "$0.0059", "0.49 s", "132 t"
};

/// "61 words", "counting its words".
[[nodiscard]] QString words(std::optional<int> words, Length length = Length::Full);

/// "$5.91 per 1,000": what a thousand such answers cost, the unit of the projection; in little room
/// "$0.0059", of this one; "cost unknown".
/// @param usd  of this answer
[[nodiscard]] QString cost(std::optional<double> usd, Length length = Length::Full);
/// "$5.91 per 1,000 answers like this one, which cost $0.00591."
[[nodiscard]] QString costMeaning(std::optional<double> usd);

/// "reused": in the place of a cost that nobody has to pay.
[[nodiscard]] QString reused();
[[nodiscard]] QString reusedMeaning();
[[nodiscard]] QString takenMeaning(); ///< of a policy's: the answer in a model's column

/// "TTFT 1.17 s".
[[nodiscard]] QString firstToken(double ms, Length length = Length::Full);
[[nodiscard]] QString firstTokenMeaning(double ms);

/// "132 tokens", "~132 tokens" where nobody counted them.
[[nodiscard]] QString tokens(qint64 tokens, bool areEstimated, Length length = Length::Full);
[[nodiscard]] QString tokensMeaning(qint64 tokens, bool areEstimated);

/// "satisfies the request", "misses a fact".
/// @param satisfied  outcome in [0, 1]
[[nodiscard]] QString outcome(double satisfied);
/// The same with who says so.
[[nodiscard]] QString outcomeMeaning(double satisfied);

} // namespace signalbox::ui::answerFacts
