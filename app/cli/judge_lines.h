// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a model said as a judge, in lines for people and in JSON for machines.

#include <core/base/json.h>
#include <core/lab/judge_run.h>
#include <core/tasting/judgement.h>

#include <string>

namespace signalbox::cli {

/// How much was asked and can be believed, and a line for each model, the preferred first.
[[nodiscard]] std::string linesOf(const Judging& judging, const Judgement& judgement,
                                  const JudgeProgress& progress);
/// Shares are 0 to 1; what is not known is null.
[[nodiscard]] Json toJson(const Judging& judging, const Judgement& judgement,
                          const JudgeProgress& progress);

} // namespace signalbox::cli
