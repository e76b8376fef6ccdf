// SPDX-License-Identifier: GPL-3.0-or-later
#include "sample_prompts.h"

#include <algorithm>
#include <limits>
#include <map>

namespace signalbox {

namespace {

LabPrompt labPromptOf(const SamplePrompt& prompt)
{
    LabPrompt lab;
    lab.id = prompt.id;
    lab.segment = prompt.segment;
    if (!prompt.systemPrompt.empty())
        lab.messages.push_back({Role::System, prompt.systemPrompt, 0});
    lab.messages.push_back({Role::User, prompt.text, 0});
    lab.outcome = [&prompt](const std::string& text) { return outcomeOf(prompt, text); };
    return lab;
}

} // namespace

std::vector<LabPrompt> spreadPrompts(const std::vector<SamplePrompt>& all, std::size_t count)
{
    std::map<std::string, std::vector<const SamplePrompt*>> bySegment;
    for (const SamplePrompt& prompt : all)
        bySegment[prompt.segment].push_back(&prompt);
    std::vector<LabPrompt> prompts;
    const std::size_t wanted = std::min(count, all.size());
    for (std::size_t place = 0; prompts.size() < wanted; ++place) {
        for (const auto& [segment, list] : bySegment) {
            if (place < list.size() && prompts.size() < wanted)
                prompts.push_back(labPromptOf(*list[place]));
        }
    }
    return prompts;
}

double outcomeOfSamplePrompt(const PromptId& id, const std::string& text)
{
    static const auto byId = [] {
        std::map<PromptId, const SamplePrompt*> index;
        for (const SamplePrompt& prompt : supportDeskPrompts())
            index.emplace(prompt.id, &prompt);
        return index;
    }();
    const auto found = byId.find(id);
    return found == byId.end() ? std::numeric_limits<double>::quiet_NaN()
                               : outcomeOf(*found->second, text);
}

} // namespace signalbox
