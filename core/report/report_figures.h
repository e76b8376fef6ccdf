// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run_report.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace signalbox {

/// One model's plain figures over its answers in a run; what is not known is absent.
struct ModelFigures
{
    std::size_t answers = 0;                 ///< with a text: done or cut
    std::size_t failed = 0;                  ///< all others
    std::size_t reused = 0;                  ///< of the answers: taken from an earlier run
    std::optional<double> words = {};        ///< median
    std::optional<double> firstTokenMs = {}; ///< median
    std::optional<double> totalMs = {};      ///< median
    std::optional<double> outputTokens = {}; ///< mean
    std::optional<Money> cost = {};          ///< of all of them, as far as it is known
    std::size_t unpriced = 0;                ///< answers whose cost is not known
    std::optional<double> satisfied = {};    ///< mean, 0 to 1
    std::vector<std::string> servedModels;   ///< each once
};
/// By model of the report.
[[nodiscard]] std::vector<ModelFigures> figuresOf(const RunReport& report);

/// Words of an answer, as they are counted everywhere.
[[nodiscard]] std::size_t wordsOf(const Answer& answer);
[[nodiscard]] bool hasText(const Answer& answer); ///< done, or cut
/// "346 answers", or "346 answers (and 14 calls without one)": a record of a call that failed is no
/// answer.
[[nodiscard]] std::string answersText(const std::vector<Answer>& records);

/// Answers and notes by their cell.
class CellIndex
{
public:
    /// @param report  outlives it and does not change
    explicit CellIndex(const RunReport& report);

    /// By sample; none if the model was not asked.
    [[nodiscard]] std::vector<const Answer*> answers(const PromptId& prompt,
                                                     const ModelId& model) const;
    [[nodiscard]] std::vector<const ReportedNote*> notes(const Answer& answer) const;

private:
    using Cell = std::tuple<PromptId, ModelId, int>;
    std::map<Cell, const Answer*> m_answers;
    std::multimap<Cell, const ReportedNote*> m_notes;
};

} // namespace signalbox
