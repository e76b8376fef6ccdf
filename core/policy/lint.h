// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"
#include "edit.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

enum class Severity { Error, Warning, Info };

/// Something wrong or doubtful in a policy. An Error means that the policy cannot be compiled.
struct Finding
{
    Severity severity = Severity::Warning;
    std::string code;    ///< stable, e.g. "unknown-signal", "unreachable-step", "unknown-price"
    std::string message; ///< one sentence
    std::string path;    ///< JSON path, e.g. "rules[2].plan.chain.steps[1]"
    std::optional<RuleId> rule; ///< the rule it belongs to, if one
    std::string fixLabel;       ///< "Remove the rule"; empty if there is no quick fix
    std::optional<Edit> fix;
    bool operator==(const Finding&) const = default;
};

/// Every finding, errors first, then in document order. Pure; no network, no clock.
[[nodiscard]] std::vector<Finding> lint(const PolicyDocument& document);

/// Checks an expression against the portable subset of design.md section 4. Empty when portable,
/// else a sentence that names the construct and a rewrite.
[[nodiscard]] std::string portableRegexProblem(std::string_view pattern);

} // namespace signalbox
