// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report_figures.h"
#include "run_report.h"

#include <string>
#include <utility>
#include <vector>

namespace signalbox {

// What reports of every form say in the same words. English, with a decimal point: a file goes to
// people whose language nobody knows.

/// "started" – "2026-11-27 08:15 UTC" and the like; what is not known is left out.
using ReportFact = std::pair<std::string, std::string>;
[[nodiscard]] std::vector<ReportFact> factsOf(const RunReport& report);

/// "2026-11-27 08:15 UTC".
[[nodiscard]] std::string dayAndMinute(std::int64_t unixMs);
/// "$0.0105", "$12.30"; "unknown".
[[nodiscard]] std::string costText(const std::optional<Money>& cost);
/// "820 ms", "1.2 s"; empty if it is not known.
[[nodiscard]] std::string timeText(const std::optional<double>& ms);

/// "done", "cut", "refused by the model", "withheld by the provider", "failed", "stopped".
[[nodiscard]] std::string stateText(AnswerState state);
/// What is worth saying of an answer in one line: words, first token, whole time, tokens, cost, the
/// model that was served if it is another one, where it came from.
[[nodiscard]] std::vector<std::string> factsOf(const Answer& answer);

/// How a policy came to its answer: "Hard questions -> palm-2 (rate limit, 120 ms), gpt-4". Empty
/// of a model's answer.
[[nodiscard]] std::string routeText(const Answer& answer);

/// What a column is called: a model by its name, a policy "Policy: Support desk".
[[nodiscard]] std::string columnName(const ReportedModel& model);

/// "0.34 (0.28 to 0.41)": of a pair of models, or "not compared".
[[nodiscard]] std::string noticeabilityText(const ReportedPair* pair);
/// What the noise floor of two models makes of it: "one voice" or empty.
[[nodiscard]] bool isOneVoice(const ReportedVoices& voices, const ReportedPair& pair);
[[nodiscard]] const ReportedPair* pairOf(const ReportedVoices& voices, std::size_t a,
                                         std::size_t b);
/// How the numbers of the matrix are to be read, and the floor that they are held against.
[[nodiscard]] std::string voicesLegend(const ReportedVoices& voices);

} // namespace signalbox
