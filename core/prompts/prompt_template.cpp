// SPDX-License-Identifier: Apache-2.0
#include "prompt_template.h"

#include <core/base/md5.h>

#include <algorithm>
#include <optional>
#include <set>

namespace signalbox {

namespace {

constexpr std::size_t kLongestName = 200; ///< bytes, braces included; longer ones are text

/// A `{{name}}` in a text.
struct Placeholder
{
    std::string_view name;
    std::size_t end = 0; ///< offset behind it
};

/// What stands at an offset where "{{" is.
std::optional<Placeholder> placeholderAt(std::string_view text, std::size_t offset)
{
    const std::string_view inside = text.substr(offset + 2, kLongestName);
    const std::size_t close = inside.find("}}");
    if (close == std::string_view::npos)
        return std::nullopt;
    const std::string_view name = trimmedText(inside.substr(0, close));
    if (!isVariableName(name))
        return std::nullopt;
    return Placeholder{name, offset + close + 4};
}

/// Calls onText(piece) and onName(name) for the parts of a text, in order.
template<class OnText, class OnName>
void walkTemplate(std::string_view text, const OnText& onText, const OnName& onName)
{
    std::size_t from = 0;
    std::size_t offset = 0;
    while ((offset = text.find("{{", offset)) != std::string_view::npos) {
        const bool isEscaped = offset > from && text[offset - 1] == '\\';
        if (isEscaped) {
            onText(text.substr(from, offset - 1 - from));
            onText("{{");
            offset += 2;
            from = offset;
            continue;
        }
        const std::optional<Placeholder> placeholder = placeholderAt(text, offset);
        if (!placeholder) {
            ++offset; // "{{{name}}" has its name one further
            continue;
        }
        onText(text.substr(from, offset - from));
        onName(placeholder->name);
        offset = placeholder->end;
        from = offset;
    }
    onText(text.substr(from));
}

void addPlaceholders(std::string_view text, std::vector<std::string>& names)
{
    walkTemplate(
        text, [](std::string_view) {},
        [&](std::string_view name) {
            if (std::ranges::find(names, name) == names.end())
                names.emplace_back(name);
        });
}

std::vector<std::string> placeholdersOf(const PromptCase& prompt)
{
    std::vector<std::string> names;
    addPlaceholders(prompt.system, names);
    for (const Message& turn : prompt.turns)
        addPlaceholders(turn.text, names);
    return names;
}

const PromptVariable* findVariable(std::span<const PromptVariable> variables, std::string_view name)
{
    const auto found = std::ranges::find(variables, name, &PromptVariable::name);
    return found == variables.end() || found->values.empty() ? nullptr : &*found;
}

using Values = std::map<std::string, std::string>;

/// One case with these values. Its placeholders all have one.
PromptCase filled(const PromptCase& prompt, const std::vector<const PromptVariable*>& variables,
                  const std::vector<std::size_t>& choice)
{
    Values values;
    std::string bytes;
    bool hasChoice = false;
    PromptCase result = prompt;
    result.variables.clear();
    for (std::size_t i = 0; i < variables.size(); ++i) {
        const PromptVariable& variable = *variables[i];
        const std::string& value = variable.values[choice[i]];
        values[variable.name] = value;
        result.variables.push_back({variable.name, {value}});
        bytes += variable.name + ' ' + std::to_string(value.size()) + '\n' + value;
        hasChoice |= variable.values.size() > 1;
    }
    result.system = fillTemplate(prompt.system, values).value_or(prompt.system);
    for (Message& turn : result.turns)
        turn.text = fillTemplate(turn.text, values).value_or(turn.text);
    if (hasChoice)
        result.id.value += '~' + md5Hex(bytes).substr(0, 8);
    return result;
}

class Expander
{
public:
    explicit Expander(std::span<const PromptVariable> shared) : m_shared(shared) {}

    void add(const PromptCase& prompt)
    {
        std::vector<const PromptVariable*> variables;
        for (const std::string& name : placeholdersOf(prompt)) {
            const PromptVariable* variable = findVariable(prompt.variables, name);
            if (!variable)
                variable = findVariable(m_shared, name);
            if (!variable) {
                refuse(prompt, "there is no value for {{" + name +
                                   "}}; braces that are only text are written \\{{");
                return;
            }
            variables.push_back(variable);
        }
        std::size_t combinations = 1;
        for (const PromptVariable* variable : variables) {
            if (variable->values.size() > kMostExpandedCases / combinations) {
                combinations = kMostExpandedCases + 1;
                break;
            }
            combinations *= variable->values.size();
        }
        if (m_expansion.set.cases.size() + combinations > kMostExpandedCases) {
            refuse(prompt, "with all the values of its variables there would be more than " +
                               std::to_string(kMostExpandedCases) + " prompts");
            return;
        }
        addAll(prompt, variables, combinations);
    }

    [[nodiscard]] TemplateExpansion take(std::string name)
    {
        m_expansion.set.name = std::move(name);
        return std::move(m_expansion);
    }

private:
    void addAll(const PromptCase& prompt, const std::vector<const PromptVariable*>& variables,
                std::size_t combinations)
    {
        std::vector<std::size_t> choice(variables.size());
        for (std::size_t combination = 0; combination < combinations; ++combination) {
            std::size_t rest = combination;
            for (std::size_t i = variables.size(); i-- > 0;) {
                choice[i] = rest % variables[i]->values.size();
                rest /= variables[i]->values.size();
            }
            PromptCase result = filled(prompt, variables, choice);
            if (variables.empty())
                result.variables = prompt.variables;
            if (const auto checked = checkCase(result); !checked)
                refuse(result, checked.error().message);
            else if (!m_ids.insert(result.id.value).second)
                refuse(result, "another prompt has this id or these values already");
            else
                m_expansion.set.cases.push_back(std::move(result));
        }
    }

    void refuse(const PromptCase& prompt, const std::string& why)
    {
        m_expansion.report.refuse(0, prompt.id.value + ": " + why, why);
    }

    std::span<const PromptVariable> m_shared;
    TemplateExpansion m_expansion{};
    std::set<std::string> m_ids{};
};

} // namespace

std::vector<std::string> placeholdersOf(std::string_view text)
{
    std::vector<std::string> names;
    addPlaceholders(text, names);
    return names;
}

Result<std::string> fillTemplate(std::string_view text, const Values& values)
{
    std::string result;
    std::optional<std::string> missing;
    walkTemplate(
        text, [&](std::string_view piece) { result += piece; },
        [&](std::string_view name) {
            const auto found = values.find(std::string(name));
            if (found != values.end())
                result += found->second;
            else if (!missing)
                missing = name;
        });
    if (missing)
        return fail(ErrorCode::InvalidArgument, "there is no value for {{" + *missing + "}}", {},
                    "Braces that are only text are written \\{{.");
    return result;
}

TemplateExpansion expandTemplates(const PromptSet& set, std::span<const PromptVariable> shared)
{
    Expander expander(shared);
    for (const PromptCase& prompt : set.cases)
        expander.add(prompt);
    return expander.take(set.name);
}

} // namespace signalbox
