// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/voice/answer.h>
#include <core/voice/spoken_answers.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

// A conversation in the lab: user turns that are sent one after the other, each with what the asked
// model itself has answered to those before. Every turn is a prompt of the plan; where two user
// turns stand side by side in its messages, the model's own reply comes in between.

/// How many replies of the model's own the messages have a place for.
[[nodiscard]] std::size_t repliesNeeded(const std::vector<Message>& messages);
/// The messages with replies in these places, the first in the first; those that are missing stay
/// away.
[[nodiscard]] std::vector<Message> withReplies(const std::vector<Message>& messages,
                                               const std::vector<std::string>& replies);
/// What the last user turn goes on from: the messages of the turn before; empty if it needs no
/// reply.
[[nodiscard]] std::vector<Message> turnBefore(const std::vector<Message>& messages);
/// The words with which the conversation begins for the model: its first question that gets a reply
/// of its own. It is the same for all turns, and tells one conversation from another.
[[nodiscard]] const std::string& openingOf(const std::vector<Message>& messages);

/// Which prompts of a list are turns of one conversation. Two conversations that begin with the
/// same turns share these: then it branches. A value; the list may go.
class Conversations
{
public:
    Conversations() = default;
    explicit Conversations(const std::vector<LabPrompt>& prompts);

    /// The prompt before; nullopt if it begins a conversation, or stands alone.
    [[nodiscard]] std::optional<std::size_t> before(std::size_t prompt) const;
    /// The turns right after it; several where the conversation branches.
    [[nodiscard]] const std::vector<std::size_t>& after(std::size_t prompt) const;
    /// It is a later turn of a conversation whose earlier ones are not in the list: nobody can be
    /// asked.
    [[nodiscard]] bool isCutOff(std::size_t prompt) const { return m_turns[prompt].isCutOff; }
    /// Of a conversation of several turns.
    [[nodiscard]] bool isPart(std::size_t prompt) const;
    /// From 1.
    [[nodiscard]] int turn(std::size_t prompt) const { return m_turns[prompt].number; }
    /// The prompt that begins its conversation; itself if it stands alone.
    [[nodiscard]] std::size_t beginning(std::size_t prompt) const { return m_turns[prompt].first; }
    /// How many turns its conversation has, the longest branch.
    [[nodiscard]] int length(std::size_t prompt) const;
    /// "3", or of a turn "3.2": conversations and single prompts are counted alike. A turn beside
    /// another of its number, where the conversation branches, is "3.2b".
    [[nodiscard]] std::string label(std::size_t prompt) const { return m_turns[prompt].label; }

private:
    struct Turn
    {
        std::optional<std::size_t> before = {};
        std::vector<std::size_t> after = {};
        std::size_t first = 0;
        int number = 1;
        int longest = 1; ///< of the conversation, kept by its first
        bool isCutOff = false;
        std::string label = {};
    };
    std::vector<Turn> m_turns;
};

/// The ids of later turns, each with that of the turn before.
[[nodiscard]] TurnsBefore turnsBefore(const std::vector<LabPrompt>& prompts);

/// The prompts, the turns of a conversation behind each other where its first one stands. Those
/// whose earlier turns are missing stay where they are.
[[nodiscard]] std::vector<LabPrompt> withTurnsTogether(std::vector<LabPrompt> prompts);

/// Without answers to a turn that are older than what their model, repeat by repeat, answered to
/// the turn before, or that have none before them: they go on from a reply that is not there any
/// more.
void dropOutOfStep(std::vector<Answer>& answers, const std::vector<LabPrompt>& prompts);

} // namespace signalbox
