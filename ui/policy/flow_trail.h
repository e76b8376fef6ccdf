// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/routing/compiled_policy.h>
#include <ui/models/policy_editor.h>

#include <map>
#include <string>
#include <vector>

namespace signalbox::ui {

/// The way of one tried request through the policy, by names and paths: what the canvas lights up.
struct FlowTrail
{
    PolicySelection lane;              ///< the lane that won
    bool isUncertain = false;          ///< by its margin
    std::vector<std::string> nodes;    ///< plan paths from the root to the call asked first
    ModelId model;                     ///< asked first
    std::map<std::string, bool> rules; ///< evaluated rules: did they match
    std::map<std::string, std::map<std::string, bool>> compares; ///< per rule and condition path
    bool operator==(const FlowTrail&) const = default;
};

/// @param document  the one that the trace was made with
[[nodiscard]] FlowTrail trailOf(const PolicyDocument& document, const Trace& trace);

} // namespace signalbox::ui
