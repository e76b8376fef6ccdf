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

/// What a policy file or a journal line may be. The depth leaves room for documents that are nested
/// deeper than lint allows, so that whatever can be drawn can also be saved and opened.
inline constexpr JsonLimits kPolicyJsonLimits = {std::size_t{16} << 20, 256};

/// The policy file (schema version 1; resources/schema/policy-1.schema.json). Writing has a stable
/// member order and leaves out what has its default, but for the head of the document (id, name,
/// revision) and its three lists. Reading reports every unknown member, unknown enum text and wrong
/// type with its JSON path; whether the values make sense is the business of lint.h.
[[nodiscard]] Json toJson(const PolicyDocument& document);
[[nodiscard]] std::string toPolicyText(const PolicyDocument& document);

/// All problems found, not only the first; empty means `document` is valid. After the fiftieth, one
/// entry without a place says how many more there are at least.
struct PolicyReading
{
    PolicyDocument document; ///< what could be read
    std::vector<Error> problems;
};
[[nodiscard]] PolicyReading readPolicyText(std::string_view text);
[[nodiscard]] PolicyReading readPolicyJson(const Json& json);

/// The document, or the first problem. Unknown models or signals are no reading problems: lint.h.
[[nodiscard]] Result<PolicyDocument> parsePolicy(std::string_view text);

/// Edits travel in the autosave journal, one JSON object a line: {"edit": "moveRule", "id": …}.
[[nodiscard]] Json toJson(const Edit& edit);
[[nodiscard]] Result<Edit> editFromJson(const Json& json);

[[nodiscard]] Json toJson(const Condition& condition);
[[nodiscard]] Json toJson(const Plan& plan);
[[nodiscard]] Json toJson(const RuleGroup& group);
[[nodiscard]] Json toJson(const Rule& rule);
[[nodiscard]] Json toJson(const Signal& signal);
[[nodiscard]] Json toJson(const ModelSpec& model);
[[nodiscard]] Json toJson(const Gate& gate);
[[nodiscard]] Json toJson(const Request& request);
[[nodiscard]] Json toJson(const PolicyTest& test);

/// `path` is where the part stands, as the start of every error's place.
[[nodiscard]] Result<Condition> conditionFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Plan> planFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Signal> signalFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Rule> ruleFromJson(const Json& json, const std::string& path = {});
[[nodiscard]] Result<Request> requestFromJson(const Json& json, const std::string& path = {});

/// The text of resources/schema/policy-1.schema.json, as it was when the program was built.
[[nodiscard]] std::string_view policySchemaText();

} // namespace signalbox
