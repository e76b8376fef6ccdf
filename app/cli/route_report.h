// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>
#include <core/voice/answer.h>

#include <string>
#include <vector>

namespace signalbox::cli {

// The ways that a policy went to its answers, among answers of models that have none.

/// "p1  otherwise -> palm-2 (rate limit, 120 ms), gpt-4", a line each, with a sum of them on top;
/// empty if no answer has a way.
[[nodiscard]] std::string routesText(const std::vector<Answer>& answers);

/// The same for machines: [{"prompt", "sample", "rule", "label", "tier", "servedBy", "reused",
/// "lostMs", "costUsd", "hops": […]}, …]. Times are milliseconds after the plan began.
[[nodiscard]] Json routesJson(const std::vector<Answer>& answers);

/// The same as a table for spreadsheets: a row an answer, with its times and state; no cell is
/// read as a formula.
[[nodiscard]] std::string routesCsv(const std::vector<Answer>& answers);

} // namespace signalbox::cli
