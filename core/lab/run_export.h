// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"
#include "recorded_plan.h"

#include <core/base/result.h>
#include <core/evidence/stored_run.h>
#include <core/report/run_report.h>
#include <core/sample/support_desk.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

class EvidenceStore;

// Runs leave the program as files.

/// What a run was to ask: its prompts and models as they were then, without prices. A prompt whose
/// words nobody kept has its id for words.
[[nodiscard]] LabPlan labPlanOf(const RecordedPlan& plan, const RunDraft& draft,
                                const std::vector<SamplePrompt>& samplePrompts);

/// A plan and what was answered as a report without notes and measures.
[[nodiscard]] RunReport reportOf(const LabPlan& plan, std::vector<Answer> answers);

/// A run of a store, with the notes on it; nothing is measured.
/// @return NotFound as EvidenceStore::run() says; ParseError if what it asked cannot be read
[[nodiscard]] Result<RunReport> reportOfRun(const EvidenceStore& store, const RunId& run,
                                            const std::vector<SamplePrompt>& samplePrompts);

/// The notes on a run, for its report; none where they cannot be read.
[[nodiscard]] std::vector<ReportedNote> reportedNotes(const EvidenceStore& store, const RunId& run);

/// How a run can be written.
enum class RunFormat {
    Html,      ///< one page for people, which answers are read back from
    Xlsx,      ///< a workbook, likewise
    Csv,       ///< the answers as a table, likewise
    JsonLines, ///< the answers as objects, likewise
};
inline constexpr RunFormat kRunFormats[] = {RunFormat::Html, RunFormat::Xlsx, RunFormat::Csv,
                                            RunFormat::JsonLines};
[[nodiscard]] std::string_view nameOf(RunFormat format); ///< "html", also the end of a file's name
[[nodiscard]] std::optional<RunFormat> runFormatNamed(std::string_view name);

/// The bytes of the file. Html and Xlsx have the measures of the report if it has some.
/// @return as toReportWorkbook()
[[nodiscard]] Result<std::string> toFile(const RunReport& report, RunFormat format);

} // namespace signalbox
