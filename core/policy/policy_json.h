// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"
#include "edit.h"

#include <core/base/json.h>
#include <core/base/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// The policy file (schema version 1; resources/schema/policy-1.schema.json). Writing has a stable
/// member order and leaves out what has its default. Reading reports every unknown member, unknown
/// enum text and wrong type with its JSON path.
[[nodiscard]] Json toJson(const PolicyDocument& document);
[[nodiscard]] std::string toPolicyText(const PolicyDocument& document);

/// All problems found (at most 50), not only the first; empty means `document` is valid.
struct PolicyReading
{
    PolicyDocument document; ///< what could be read
    std::vector<Error> problems;
};
[[nodiscard]] PolicyReading readPolicyText(std::string_view text);

/// The document, or the first problem. Unknown models or signals are no reading problems: lint.h.
[[nodiscard]] Result<PolicyDocument> parsePolicy(std::string_view text);

/// Edits travel in the autosave journal, one JSON object a line.
[[nodiscard]] Json toJson(const Edit& edit);
[[nodiscard]] Result<Edit> editFromJson(const Json& json);

[[nodiscard]] Json toJson(const Condition& condition);
[[nodiscard]] Json toJson(const Plan& plan);
[[nodiscard]] Json toJson(const Rule& rule);
[[nodiscard]] Json toJson(const Request& request);
[[nodiscard]] Result<Condition> conditionFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Plan> planFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Rule> ruleFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Request> requestFromJson(const Json& json, const std::string& path = {});

} // namespace signalbox
