// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/failure_kind.h>
#include <core/base/ids.h>
#include <core/base/money.h>

#include <cstdint>
#include <optional>
#include <string>

namespace signalbox {

enum class AnswerState {
    Done,      ///< whole, with the dialect's end marker
    Truncated, ///< ended early: length limit, or cut off without an end marker
    Refused,   ///< the model declined
    Filtered,  ///< the provider withheld it
    Failed,    ///< no usable answer; `failure` says why
    Stopped,   ///< by the person
};

/// One recorded answer of one model to one prompt: the unit of evidence.
struct Answer
{
    PromptId prompt;
    ModelId model;
    int sample = 0;          ///< 0, 1, …: repeats of the same prompt at the same model
    std::string servedModel; ///< what the provider says it ran; may be empty
    std::string segment;     ///< of the prompt
    std::string text;        ///< UTF-8; visible text only
    std::string reasoning;   ///< kept apart from the voice
    AnswerState state = AnswerState::Done;
    std::string failure;                      ///< one sentence if failed
    std::optional<FailureKind> failureKind;   ///< if failed or filtered; old rows have none
    std::optional<std::int64_t> inputTokens;  ///< nullopt: unknown, never 0
    std::optional<std::int64_t> outputTokens; ///< as billed, reasoning included
    bool tokensEstimated = false;
    std::optional<double> firstTokenMs; ///< TTFT: from request on the socket to first visible text
    std::optional<double> totalMs;
    std::optional<Money> cost;
    bool costStated = false; ///< by the provider; else it follows from a list price of that time
    std::optional<double> satisfied; ///< outcome in [0, 1] if one was measured
    std::string styleGuide;          ///< the one it was written under
    bool simulated = false;
    bool reused = false; ///< from an earlier answer to the exact request: nobody asked, none billed
    std::int64_t recordedAtMs = 0; ///< Unix time
    std::string route = {};        ///< of a policy's answer: how it came about, JSON; else empty

    bool operator==(const Answer&) const = default;
};

/// What a policy as a whole answers stands under a name of its own among the models. It is no
/// evidence of a model: the model that wrote it answered another question, if not the very same
/// call that is evidence already.
[[nodiscard]] inline ModelId policyVoice(const std::string& policyId)
{
    return ModelId("policy:" + policyId);
}
[[nodiscard]] inline bool isPolicyVoice(const ModelId& id)
{
    return id.value.starts_with("policy:");
}

} // namespace signalbox
