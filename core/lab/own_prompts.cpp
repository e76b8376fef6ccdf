// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_prompts.h"

#include <core/base/random.h>
#include <core/prompts/prompt_template.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr std::string_view kTypedPrefix = "typed-";
constexpr std::string_view kImportedPrefix = "own-";

bool asksSeveralTimes(const std::vector<Message>& turns)
{
    return std::ranges::adjacent_find(turns, [](const Message& a, const Message& b) {
               return a.role == Role::User && b.role == Role::User;
           }) != turns.end();
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
    if (asksSeveralTimes(prompt.turns))
        return fail(
            ErrorCode::Unsupported,
            "it asks several times, and the later turns need the answers to the earlier ones",
            prompt.id.value, "put the assistant's turns in between");
    LabPrompt lab;
    lab.id = PromptId(std::string(kImportedPrefix) + contentId(prompt).value);
    lab.segment = prompt.segment;
    lab.messages = messagesOf(prompt);
    return lab;
}

PromptCase caseOf(const LabPrompt& prompt)
{
    PromptCase written;
    written.id = prompt.id;
    written.segment = prompt.segment;
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
    for (const RefusedLine& refused : expanded.report.refused())
        import.report.refuse(refused.line, refused.message);
    std::set<PromptId> known;
    for (PromptCase& each : expanded.set.cases) {
        each.variables.clear(); // they are in the words
        auto prompt = importedPrompt(each);
        if (!prompt) {
            import.report.refuse(0, toString(prompt.error()));
            continue;
        }
        if (prompt->segment.empty())
            prompt->segment = options.name;
        if (known.insert(prompt->id).second)
            import.prompts.push_back(std::move(*prompt));
        else
            ++import.repeated;
    }
    if (import.prompts.empty())
        return Unexpected(nothingRead(import.report, "a prompt"));
    return import;
}

} // namespace signalbox
