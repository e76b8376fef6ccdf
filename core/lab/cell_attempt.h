// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "call_pacing.h"
#include "lab_plan.h"

#include <core/evidence/stored_answer.h>
#include <core/providers/provider.h>
#include <core/voice/answer.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace signalbox {

struct PlanCourse;

/// How a stream ended.
struct AnswerEnd
{
    AnswerState state = AnswerState::Done;
    std::string failure = {}; ///< a sentence
    std::optional<FailureKind> kind = {};
};

/// One attempt at a cell: what its stream has said, and the answer that it becomes. A value.
class CellAttempt
{
public:
    /// What a batch of events brought.
    struct News
    {
        std::string text, reasoning; ///< more of them
        std::optional<std::string> servedModel = {};
        std::optional<std::string> status = {}; ///< one phrase, where there is something to say
        std::optional<AnswerEnd> end = {};
        std::optional<StreamFailed> failed = {}; ///< if that is the end
    };

    [[nodiscard]] AttemptTicket ticket() const { return m_ticket; }
    [[nodiscard]] News take(const std::vector<TimedEvent>& events);

    /// The answer as it is kept: with what was measured, its cost, and estimates marked as such
    /// where the server said nothing.
    /// @param answer     with its place, and the texts so far
    /// @param tokenizer  of the model, for tokens that the server did not count
    [[nodiscard]] Answer answer(Answer answer, const AnswerEnd& end, const LabPrompt& prompt,
                                const ModelSpec& model, const TokenMultiplier& tokenizer) const;
    /// The same with everything else that is known of the attempt.
    [[nodiscard]] StoredAnswer stored(const Answer& answer) const;

    /// It was not sent until now, or not again.
    void noteWait(AttemptRetry wait) { m_retries.push_back(std::move(wait)); }
    [[nodiscard]] CallPacing::Tries& tries() { return m_tries; }

    /// Clocks of the stream, once it has ended.
    void setTimes(const StreamTimes& times) { m_times = times; }
    /// It was a policy's plan: what came of that is what there is to keep.
    void setCourse(std::shared_ptr<const PlanCourse> course) { m_course = std::move(course); }

private:
    AttemptTicket m_ticket = newTicket();
    UsageReport m_usage;
    StreamTimes m_times;
    std::string m_servedModel;
    std::string m_finishReason;
    std::vector<AttemptRetry> m_retries;
    CallPacing::Tries m_tries;
    std::vector<std::string> m_dropped;
    std::shared_ptr<const PlanCourse> m_course; ///< null of a model's
};

/// Whether there is anything but an attempt.
[[nodiscard]] bool hasAnswer(const Answer& answer);

/// Whether a call that failed so before its first word never came to work: the server refused it
/// or was not reached, and bills nothing.
[[nodiscard]] bool isTurnedAway(FailureKind kind);

/// Of what is sent, by the usual rule of thumb for English: four characters a token. For rate
/// limits and routing, where it must cost nothing; what is shown goes by token_guess.h.
[[nodiscard]] std::int64_t estimatedTokens(const std::vector<Message>& messages);

/// Cost of an answer from usage and list price; nullopt if either is unknown.
[[nodiscard]] std::optional<Money> costOf(const Answer& answer, const ModelSpec& model);

} // namespace signalbox
