// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run_report.h"

#include <core/base/result.h>

#include <string>

namespace signalbox {

/// A report as a workbook (.xlsx) with the sheets Answers, Prompts, Models, Voices (if they were
/// measured), Notes (if there are some) and Run. The sheet Answers has the columns of
/// answerColumns(), and is what readAnswers() reads back. A text that no cell can hold goes on in
/// columns of its own, "answer part 2" …, and the sheet Run says so.
/// @return as toWorkbook()
[[nodiscard]] Result<std::string> toReportWorkbook(const RunReport& report);

} // namespace signalbox
