// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <QString>

#include <functional>

namespace signalbox::ui {

/// What is known of the compared prompts elsewhere.
struct PromptSource
{
    std::function<QString(const PromptId&)> text;   ///< empty: unknown
    std::function<bool(const PromptId&)> isInTable; ///< of the lab
};

[[nodiscard]] QString nameOf(const ModelId& model);
[[nodiscard]] QString twoPlaces(double value); ///< "0.42"; a dash if it is unknown

} // namespace signalbox::ui
