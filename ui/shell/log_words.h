// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/traffic_log.h>

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace signalbox::ui {

// What is said of somebody's log while it is imported.

/// The fields that a person can assign, those that matter most first.
[[nodiscard]] const std::vector<LogField>& assignableFields();
[[nodiscard]] QString fieldWords(LogField field);
/// What a field is for: a sentence.
[[nodiscard]] QString fieldPurpose(LogField field);
[[nodiscard]] QString unitWords(LogUnit unit);

/// "usage › prompt_tokens", with what hides or reorders characters seen.
[[nodiscard]] QString columnWords(const std::string& path);

/// "1,200 requests in 300 conversations, 2026-10-01 to 2026-10-30; 3 lines cannot be read."
[[nodiscard]] QString scanWords(const LogScan& scan);
/// What the log does not say, and what that costs; a sentence each.
[[nodiscard]] QStringList missingWords(const LogScan& scan);

/// The list of lines with problems as CSV: line, what became of it, reason.
[[nodiscard]] std::string problemsCsv(const LogReport& report);
[[nodiscard]] QString problemKindWords(LogProblem::Kind kind);

} // namespace signalbox::ui
