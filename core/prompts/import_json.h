// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field_names.h"
#include "import_report.h"
#include "prompt_set.h"

#include <core/base/json.h>
#include <core/base/json_reader.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Inside of core/prompts: what the readers of prompts and of answers share.
namespace signalbox::import_detail {

/// Whether the field is one of a prompt's, and no answer's.
[[nodiscard]] bool isOfPrompt(ImportField field);

enum class WantedFields { OfPrompts, All };

/// The members of an object by field, each with its path; those that are no wanted field are passed
/// over and noted. Two members for one field are a problem.
class FieldMembers
{
public:
    FieldMembers(const Json& object, const JsonPath& path, JsonProblems& problems,
                 ImportReport& report, WantedFields wanted);

    /// Null if absent or null.
    [[nodiscard]] const Json* find(ImportField field) const;
    /// The member's own name, for paths.
    [[nodiscard]] std::string nameOf(ImportField field) const;

    /// A text; a whole number too, as text, for ids. False if absent, null or wrong.
    bool readText(ImportField field, std::string& out) const;
    /// True or false; false if absent or null, too.
    [[nodiscard]] bool readFlag(ImportField field) const;
    [[nodiscard]] std::optional<double> readNumber(ImportField field, double low,
                                                   double high) const;
    [[nodiscard]] std::optional<std::int64_t> readInteger(ImportField field, std::int64_t low,
                                                          std::int64_t high) const;

private:
    const JsonPath& m_path;
    JsonProblems& m_problems;
    std::map<ImportField, std::pair<std::string_view, const Json*>> m_members{};
};

/// What FieldMembers and a column say of the prompt. Checks nothing beyond the types.
[[nodiscard]] PromptCase readCaseMembers(const FieldMembers& members, const JsonPath& path,
                                         JsonProblems& problems);

/// Texts parted by commas, semicolons or bars, trimmed, without empty ones.
[[nodiscard]] std::vector<std::string> splitTags(std::string_view text);

/// Turns from JSON: texts, or {"role", "content"}; a system message in front goes to `system`.
void readTurns(const Json& json, const JsonPath& path, PromptCase& prompt, JsonProblems& problems);

/// Keeps the cases whose ids differ and that are whole. The same words without an id, once more,
/// are no fault: they count as repeated, and their tags are added to the first one's.
class CaseCollector
{
public:
    CaseCollector(PromptSet& set, ImportReport& report) : m_set(set), m_report(report) {}
    void add(PromptCase prompt, std::size_t line);

private:
    PromptSet& m_set;
    ImportReport& m_report;
    struct Place
    {
        std::size_t line = 0;
        std::size_t index = 0; ///< in the set
    };
    std::map<std::string, Place> m_places{}; ///< of each id
};

} // namespace signalbox::import_detail
