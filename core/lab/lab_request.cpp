// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_request.h"

#include <utility>

namespace signalbox {

namespace {

/// Without a seed.
ChatRequest usualRequest(const LabPlan& plan, const ModelSpec& model, const LabPrompt& prompt,
                         int sample)
{
    ChatRequest request;
    request.baseUrl = model.baseUrl;
    request.keyRef = model.keyRef;
    request.upstreamModel = model.upstreamModel;
    request.messages = prompt.messages;
    request.styleGuide = model.styleGuide;
    request.maxTokens = plan.asking.maxTokens;
    request.temperature = plan.asking.temperature;
    request.contextTokens = model.contextTokens;
    request.sample = sample;
    request.retries = 0; // the run repeats it: a stream that waits would be in the way of others
    return request;
}

/// @param first  of the first repeat: the same seed twice is the same answer twice
std::optional<int> seedOf(std::optional<int> first, int sample)
{
    return first ? std::optional(*first + sample) : std::nullopt;
}

} // namespace

ChatRequest labRequest(const LabPlan& plan, const ModelSpec& model, const LabPrompt& prompt,
                       int sample)
{
    ChatRequest request = usualRequest(plan, model, prompt, sample);
    std::optional<int> seed = plan.asking.seed;
    if (const auto variant = plan.variants.find(model.id); variant != plan.variants.end()) {
        request = overridden(std::move(request), variant->second.overrides);
        if (variant->second.seed)
            seed = variant->second.seed;
    }
    request.seed = seedOf(seed, sample);
    return request;
}

ChatRequest callRequest(const LabPlan& plan, const ModelSpec& model, const LabPrompt& prompt,
                        int sample, const CallOverrides& overrides)
{
    ChatRequest request = overridden(usualRequest(plan, model, prompt, sample), overrides);
    request.seed = seedOf(plan.asking.seed, sample);
    return request;
}

std::optional<int> longestAnswer(const LabPlan& plan, const ModelId& column)
{
    const auto variant = plan.variants.find(column);
    return variant != plan.variants.end() && variant->second.overrides.maxTokens
               ? variant->second.overrides.maxTokens
               : plan.asking.maxTokens;
}

ChatRequest overridden(ChatRequest request, const CallOverrides& overrides)
{
    if (overrides.temperature)
        request.temperature = overrides.temperature;
    if (overrides.maxTokens)
        request.maxTokens = overrides.maxTokens;
    if (!overrides.system)
        return request;
    if (overrides.system->mode == SystemPromptMode::Replace) {
        std::erase_if(request.messages,
                      [](const Message& message) { return message.role == Role::System; });
        request.styleGuide = overrides.system->text;
    } else if (!overrides.system->text.empty()) {
        request.styleGuide = request.styleGuide.empty()
                                 ? overrides.system->text
                                 : overrides.system->text + "\n\n" + request.styleGuide;
    }
    return request;
}

} // namespace signalbox
