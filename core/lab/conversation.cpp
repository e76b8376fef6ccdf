// SPDX-License-Identifier: GPL-3.0-or-later
#include "conversation.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

/// Whether the message is a question whose answer is the model's own.
bool isAnsweredByModel(const std::vector<Message>& messages, std::size_t place)
{
    return place + 1 < messages.size() && messages[place].role == Role::User &&
           messages[place + 1].role == Role::User;
}

/// "", "b", "c", …: of the first, second, third of equals.
std::string branchName(int place)
{
    constexpr int kLetters = 26;
    return place == 0 ? std::string() : std::string(1, static_cast<char>('a' + place % kLetters));
}

} // namespace

std::size_t repliesNeeded(const std::vector<Message>& messages)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < messages.size(); ++i)
        count += isAnsweredByModel(messages, i) ? 1 : 0;
    return count;
}

std::vector<Message> withReplies(const std::vector<Message>& messages,
                                 const std::vector<std::string>& replies)
{
    std::vector<Message> whole;
    std::size_t next = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        whole.push_back(messages[i]);
        if (isAnsweredByModel(messages, i) && next < replies.size())
            whole.push_back({Role::Assistant, replies[next++], 0});
    }
    return whole;
}

std::vector<Message> turnBefore(const std::vector<Message>& messages)
{
    for (std::size_t i = messages.size(); i-- > 0;) {
        if (isAnsweredByModel(messages, i))
            return {messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(i) + 1};
    }
    return {};
}

const std::string& openingOf(const std::vector<Message>& messages)
{
    static const std::string none;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (isAnsweredByModel(messages, i))
            return messages[i].text;
    }
    return messages.empty() ? none : messages.back().text;
}

Conversations::Conversations(const std::vector<LabPrompt>& prompts) : m_turns(prompts.size())
{
    std::map<PromptId, std::size_t> places;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        Turn& turn = m_turns[i];
        turn.first = i;
        if (const PromptId& follows = prompts[i].follows; !follows.isEmpty()) {
            const auto place = places.find(follows); // an earlier one: there are no circles
            turn.isCutOff = place == places.end() || m_turns[place->second].isCutOff;
            if (!turn.isCutOff) {
                Turn& before = m_turns[place->second];
                turn.before = place->second;
                turn.first = before.first;
                turn.number = before.number + 1;
                before.after.push_back(i);
                int& longest = m_turns[turn.first].longest;
                longest = std::max(longest, turn.number);
            }
        }
        places.emplace(prompts[i].id, i);
    }
    int count = 0;
    std::map<std::size_t, int> numberOf;                 // by first prompt
    std::map<std::pair<std::size_t, int>, int> branches; // by first prompt and turn
    for (std::size_t i = 0; i < m_turns.size(); ++i) {
        Turn& turn = m_turns[i];
        if (turn.first == i)
            numberOf[i] = ++count;
        turn.label = std::to_string(numberOf[turn.first]);
        if (isPart(i))
            turn.label += '.' + std::to_string(turn.number) +
                          branchName(branches[{turn.first, turn.number}]++);
    }
}

std::optional<std::size_t> Conversations::before(std::size_t prompt) const
{
    return m_turns[prompt].before;
}

const std::vector<std::size_t>& Conversations::after(std::size_t prompt) const
{
    return m_turns[prompt].after;
}

bool Conversations::isPart(std::size_t prompt) const
{
    return m_turns[prompt].before.has_value() || !m_turns[prompt].after.empty();
}

int Conversations::length(std::size_t prompt) const
{
    return m_turns[m_turns[prompt].first].longest;
}

TurnsBefore turnsBefore(const std::vector<LabPrompt>& prompts)
{
    TurnsBefore turns;
    for (const LabPrompt& prompt : prompts) {
        if (!prompt.follows.isEmpty())
            turns.emplace(prompt.id, prompt.follows);
    }
    return turns;
}

std::vector<LabPrompt> withTurnsTogether(std::vector<LabPrompt> prompts)
{
    const auto isLater = [](const LabPrompt& prompt) { return !prompt.follows.isEmpty(); };
    if (std::ranges::none_of(prompts, isLater))
        return prompts;
    std::map<PromptId, std::vector<std::size_t>> after;
    std::set<PromptId> known;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        known.insert(prompts[i].id);
        if (isLater(prompts[i]))
            after[prompts[i].follows].push_back(i);
    }
    std::vector<LabPrompt> together;
    std::set<std::size_t> taken;
    const std::function<void(std::size_t)> take = [&](std::size_t place) {
        if (!taken.insert(place).second)
            return;
        together.push_back(prompts[place]);
        const auto next = after.find(prompts[place].id);
        if (next != after.end())
            std::ranges::for_each(next->second, take);
    };
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        if (!isLater(prompts[i]) || known.count(prompts[i].follows) == 0)
            take(i);
    }
    for (std::size_t i = 0; i < prompts.size(); ++i)
        take(i); // none is lost, whatever follows what
    return together;
}

void dropOutOfStep(std::vector<Answer>& answers, const std::vector<LabPrompt>& prompts)
{
    const Conversations conversations(prompts);
    using Place = std::tuple<PromptId, ModelId, int>;
    std::map<Place, std::int64_t> recordedAt; // of what is in step
    const auto isReply = [](const Answer& answer) {
        return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated ||
               answer.state == AnswerState::Refused;
    };
    std::map<PromptId, std::size_t> rows;
    for (std::size_t i = 0; i < prompts.size(); ++i)
        rows.emplace(prompts[i].id, i);
    std::vector<std::pair<std::size_t, std::size_t>> byRow; // and place in `answers`
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto row = rows.find(answers[i].prompt);
        if (row != rows.end() && conversations.isPart(row->second))
            byRow.emplace_back(row->second, i);
    }
    std::ranges::sort(byRow);
    std::set<std::size_t> dropped;
    for (const auto& [row, place] : byRow) {
        const Answer& answer = answers[place];
        if (const auto before = conversations.before(row)) {
            const auto known = recordedAt.find({prompts[*before].id, answer.model, answer.sample});
            if (known == recordedAt.end() || answer.recordedAtMs < known->second) {
                dropped.insert(place);
                continue;
            }
        }
        if (isReply(answer))
            recordedAt.insert_or_assign(Place(answer.prompt, answer.model, answer.sample),
                                        answer.recordedAtMs);
    }
    std::size_t place = 0;
    std::erase_if(answers, [&](const Answer&) { return dropped.count(place++) > 0; });
}

} // namespace signalbox
