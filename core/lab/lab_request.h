// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/providers/provider.h>

#include <optional>

namespace signalbox {

/// How a run asks a model a prompt.
/// @param sample  which repeat
[[nodiscard]] ChatRequest labRequest(const LabPlan& plan, const ModelSpec& model,
                                     const LabPrompt& prompt, int sample);

/// How a call of a policy asks its model: as the run asks every model, whatever columns are called.
[[nodiscard]] ChatRequest callRequest(const LabPlan& plan, const ModelSpec& model,
                                      const LabPrompt& prompt, int sample,
                                      const CallOverrides& overrides = {});

/// The longest answer that a column asks for; nullopt: as long as the model likes.
[[nodiscard]] std::optional<int> longestAnswer(const LabPlan& plan, const ModelId& column);

/// The same as one call of a policy asks it. The answer style is no part of a request.
[[nodiscard]] ChatRequest overridden(ChatRequest request, const CallOverrides& overrides);

} // namespace signalbox
