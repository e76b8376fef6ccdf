// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_hop.h"

namespace signalbox {

bool PlanHop::isSimulated() const
{
    return model && model->provider == "simulator";
}

/// Its model goes with the guide that went with this call: a call may replace that.
Answer PlanHop::answerAt(const AnswerEnd& end, const TokenMultiplier& tokenizer) const
{
    LabPrompt asked;
    asked.messages = request.messages;
    ModelSpec asAsked = *model;
    asAsked.styleGuide = request.styleGuide;
    return said.answer(answer, end, asked, asAsked, tokenizer);
}

void PlanHop::guessCost(const TokenMultiplier& tokenizer)
{
    answer.inputTokens = guessedInputTokens(request.messages, request.styleGuide, tokenizer);
    answer.outputTokens = guessedOutputTokens(answer.text, answer.reasoning, tokenizer);
    answer.cost = costOf(answer, *model);
}

void PlanHop::noteBilled(std::optional<FailureKind> failure)
{
    record.cost = answer.cost;
    if (answer.inputTokens && answer.outputTokens)
        record.tokens = *answer.inputTokens + *answer.outputTokens;
    const bool wasTurnedAway = answer.text.empty() && failure && isTurnedAway(*failure);
    const bool isFree = wasTurnedAway || (!wasSent && !record.isReused);
    if (isFree && !answer.cost)
        record.cost = Money{};
    if (isFree && !record.tokens)
        record.tokens = 0;
}

FinishReason reasonOf(AnswerState state)
{
    switch (state) {
    case AnswerState::Truncated:
        return FinishReason::Length;
    case AnswerState::Refused:
        return FinishReason::Refusal;
    case AnswerState::Filtered:
        return FinishReason::Filtered;
    default:
        return FinishReason::Stop;
    }
}

AnswerState stateOf(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Length:
        return AnswerState::Truncated;
    case FinishReason::Refusal:
        return AnswerState::Refused;
    default:
        return AnswerState::Done;
    }
}

} // namespace signalbox
