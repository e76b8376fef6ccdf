// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>
#include <core/traffic/log_redaction.h>
#include <core/traffic/traffic_import.h>
#include <core/traffic/traffic_summary.h>

#include <cstddef>
#include <string>
#include <vector>

namespace signalbox::cli {

/// What became of an import, beside the table itself.
struct ImportOutcome
{
    TrafficImport import;
    TrafficSummary summary;
    std::string table;     ///< where it is
    std::size_t bytes = 0; ///< of it
    std::string aside;     ///< where the lines are that could not be read; empty: there are none
    std::size_t linesAside = 0;
    bool promptsLeftOut = false;
    std::vector<std::string> keptSignals;
};

[[nodiscard]] std::string importLines(const ImportOutcome& outcome);
[[nodiscard]] Json importJson(const ImportOutcome& outcome);

/// @param isWhole  whether every byte was checked
[[nodiscard]] std::string summaryLines(const Traffic& traffic, const TrafficSummary& summary,
                                       std::size_t fileBytes);
[[nodiscard]] Json summaryJson(const Traffic& traffic, const TrafficSummary& summary,
                               std::size_t fileBytes);

[[nodiscard]] std::string redactionLines(const LogRedaction& redaction, const std::string& out);
[[nodiscard]] Json redactionJson(const LogRedaction& redaction, const std::string& out);

} // namespace signalbox::cli
