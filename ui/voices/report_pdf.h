// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/report/run_report.h>

#include <QByteArray>
#include <QPageSize>

#include <functional>

namespace signalbox::ui {

/// A report as pages for paper: what was asked of whom, the numbers of the models, how noticeable a
/// change between them is, then each prompt with its answers below each other, whole, over as many
/// pages as they take. Every page has the run's name and its number; fonts are in the file. Runs on
/// any thread.
/// @param isCancelled  asked between pages
/// @return             Cancelled
[[nodiscard]] Result<QByteArray> toReportPdf(const RunReport& report, QPageSize::PageSizeId size,
                                             const std::function<bool()>& isCancelled);

} // namespace signalbox::ui
