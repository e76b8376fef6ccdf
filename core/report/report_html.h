// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "run_report.h"

#include <string>

namespace signalbox {

/// A report as one HTML file that needs nothing else: no script, no address, no picture; its own
/// content security policy allows it no more than its one style sheet. Light or dark as the reader
/// has it, and made to be printed. All that models and people wrote is text in it, whatever it
/// says. It is well-formed as XML, too, and holds its answers so that readAnswers() reads them
/// back; see embedded_answers.h. O(n).
[[nodiscard]] std::string toReportHtml(const RunReport& report);

} // namespace signalbox
