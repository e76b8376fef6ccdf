// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/policy/lint.h>

#include <vector>

namespace signalbox {

/// What lint() cannot know, since it is of this computer and not of the policy. Hints: "unset-key",
/// a model whose key stands in a variable of the environment that is not set here. The keychain is
/// not looked into, as it may ask the person.
[[nodiscard]] std::vector<Finding> keyFindings(const PolicyDocument& document);

} // namespace signalbox
