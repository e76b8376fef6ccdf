// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cell_attempt.h"
#include "plan_stream.h"
#include "token_guess.h"

#include <core/providers/provider.h>
#include <core/providers/rate_limiter.h>
#include <core/voice/policy_route.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// One call of a plan: an attempt of its machine, or a verifier of one. What it was asked, what has
/// come of it, and what that costs; PlanStream alone owns and moves it.
struct PlanHop
{
    int attempt = 0;                  ///< the machine's number; of a verifier: what it checks
    const ModelSpec* model = nullptr; ///< of the policy
    const Call* call = nullptr;       ///< null of a verifier
    ChatRequest request;
    std::unique_ptr<ChatStream> stream;
    std::optional<ServerAccount> account;
    CallNumber number = 0;
    std::int64_t startNs = 0;
    double lastMs = 0; ///< of what has come
    CellAttempt said;
    Answer answer;
    PolicyHop record;
    bool wasSent = false;
    bool isHeld = false;
    bool isBeside = false; ///< what is under way, while it is held: the clock goes on
    PlanStream::Permission::For waitsFor = PlanStream::Permission::For::Room;
    bool isOver = false;
    bool hasBegun = false; ///< there is text
    FinishReason finish = FinishReason::Stop;
    FailureKind kind = FailureKind::Protocol; ///< if it failed
    std::string sentence;                     ///< likewise

    [[nodiscard]] bool isSimulated() const; ///< its model is there, and is
    /// Sent to a server that is no simulator.
    [[nodiscard]] bool isReal() const { return wasSent && !isSimulated(); }

    /// What there is to keep of it, once it has ended.
    /// @param tokenizer  of its model
    [[nodiscard]] Answer answerAt(const AnswerEnd& end, const TokenMultiplier& tokenizer) const;
    /// It is stopped: what it has read and written until then costs so much, by guess.
    void guessCost(const TokenMultiplier& tokenizer);
    /// Puts what the answer says of its cost on record. Nobody bills a call that was not sent, or
    /// turned away before its first word.
    void noteBilled(std::optional<FailureKind> failure);
};

/// How a stream ends that gives such an answer, and the other way round.
[[nodiscard]] FinishReason reasonOf(AnswerState state);
[[nodiscard]] AnswerState stateOf(FinishReason reason);

/// In the order in which they began.
using PlanHops = std::vector<std::unique_ptr<PlanHop>>;

} // namespace signalbox
