// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_prompts.h"

#include "conversation.h"

#include <core/base/random.h>
#include <core/prompts/prompt_template.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <utility>

namespace signalbox {

namespace {

constexpr std::string_view kTypedPrefix = "typed-";
constexpr std::string_view kImportedPrefix = "own-";

PromptId idOf(const PromptCase& prompt)
{
    return PromptId(std::string(kImportedPrefix) + contentId(prompt).value);
}

/// The case that ends with the turn before; nullopt: the last turn needs no reply of the model's.
std::optional<PromptCase> caseBefore(const PromptCase& prompt)
{
    PromptCase before = prompt;
    before.turns = turnBefore(prompt.turns);
    return before.turns.empty() ? std::nullopt : std::optional(std::move(before));
}

} // namespace

LabPrompt typedPrompt(const std::string& text)
{
    std::array<char, 17> hash{};
    std::snprintf(hash.data(), hash.size(), "%llx",
                  static_cast<unsigned long long>(stableHash(text)));
    LabPrompt prompt;
    prompt.id = PromptId(std::string(kTypedPrefix) + hash.data());
    prompt.segment = "typed";
    prompt.messages.push_back({Role::User, text, 0});
    return prompt;
}

bool isOwnPrompt(const PromptId& id)
{
    return id.value.starts_with(kTypedPrefix) || id.value.starts_with(kImportedPrefix);
}

Result<LabPrompt> importedPrompt(const PromptCase& prompt)
{
    if (auto whole = checkCase(prompt); !whole)
        return Unexpected(whole.error());
    LabPrompt lab;
    lab.id = idOf(prompt);
    lab.segment = prompt.segment;
    lab.tags = prompt.tags;
    lab.messages = messagesOf(prompt);
    if (const auto before = caseBefore(prompt))
        lab.follows = idOf(*before);
    return lab;
}

Result<std::vector<LabPrompt>> importedTurns(const PromptCase& prompt)
{
    std::vector<LabPrompt> turns;
    for (std::optional<PromptCase> each = prompt; each; each = caseBefore(*each)) {
        auto turn = importedPrompt(*each);
        if (!turn)
            return Unexpected(std::move(turn.error()));
        turns.push_back(std::move(*turn));
    }
    std::ranges::reverse(turns);
    return turns;
}

PromptCase caseOf(const LabPrompt& prompt)
{
    PromptCase written;
    written.id = prompt.id;
    written.segment = prompt.segment;
    written.tags = prompt.tags;
    written.turns = prompt.messages;
    if (!written.turns.empty() && written.turns.front().role == Role::System) {
        written.system = written.turns.front().text;
        written.turns.erase(written.turns.begin());
    }
    return written;
}

Result<PromptImport> importPrompts(std::string_view bytes, const PromptReadOptions& options,
                                   std::optional<PromptFormat> format)
{
    auto read = format ? readPrompts(bytes, *format, options) : readPrompts(bytes, options);
    if (!read)
        return Unexpected(std::move(read.error()));
    PromptImport import;
    import.format = read->format;
    import.report = std::move(read->report);
    TemplateExpansion expanded = expandTemplates(read->set);
    import.report.refuseAllOf(expanded.report);
    import.repeated = import.report.repeatedCount();
    std::map<PromptId, std::size_t> known; ///< place among the prompts
    for (PromptCase& each : expanded.set.cases) {
        each.variables.clear(); // they are in the words
        auto turns = importedTurns(each);
        if (!turns) {
            import.report.refuse(0, toString(turns.error()));
            continue;
        }
        import.repeated += known.count(turns->back().id);
        for (LabPrompt& turn : *turns) {
            const auto [found, isNew] = known.try_emplace(turn.id, import.prompts.size());
            if (isNew)
                import.prompts.push_back(std::move(turn));
            else
                addTags(import.prompts[found->second].tags, turn.tags);
        }
    }
    import.prompts = withTurnsTogether(std::move(import.prompts));
    if (import.prompts.empty())
        return Unexpected(nothingRead(import.report, "a prompt"));
    return import;
}

} // namespace signalbox
