// SPDX-License-Identifier: Apache-2.0
// Three weeks at the support desk.

#include "prompt_text.h"
#include "support_desk.h"

#include <core/base/random.h>
#include <core/base/utf8.h>
#include <core/traffic/traffic_builder.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

using sample::AskUse;
using sample::PromptOrigin;
using sample::SegmentTopics;
using sample::Topic;

constexpr std::uint64_t kTrafficSeed = 7;
constexpr std::size_t kConversations = 1800;
constexpr std::size_t kUsers = 700;
constexpr std::size_t kMaxTurns = 8;
constexpr double kNextTurn = 0.70; ///< of a conversation going on after an answer

/// How often a long message is chosen against a short one of the same topic. Most people say what
/// it is about before they tell the whole story.
constexpr double kLongOpenerWeight = 0.75;
constexpr double kLongFollowUpWeight = 1.1;

constexpr std::int64_t kFirstDayMs = 1'693'785'600'000; ///< Monday, 4 September 2023, 00:00 UTC
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kDays = 21;

/// Tokens that an earlier answer took in the history the router sent. The log keeps a stand-in of
/// each answer, its first sentence.
constexpr std::int32_t kHistoryAnswerTokens = 90;

struct User
{
    std::string id;
    std::string_view plan;
    std::optional<std::string> style;
};

/// An index drawn with the given weights.
template<std::size_t count>
std::size_t drawIndex(Random& random, const std::array<double, count>& weights)
{
    double left = random.uniform();
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (left < weights[i])
            return i;
        left -= weights[i];
    }
    return count - 1;
}

std::string numbered(std::string_view prefix, std::size_t number)
{
    const std::string digits = std::to_string(number);
    return std::string(prefix) + std::string(5 - std::min<std::size_t>(5, digits.size()), '0') +
           digits;
}

std::vector<User> drawUsers()
{
    static constexpr std::array<std::string_view, 3> kPlans = {"free", "pro", "enterprise"};
    static constexpr std::array<std::string_view, 3> kStyles = {"balanced", "concise", "detailed"};
    Random random(kTrafficSeed, "users");
    std::vector<User> users(kUsers);
    for (std::size_t i = 0; i < users.size(); ++i) {
        users[i].id = numbered("u", i + 1);
        users[i].plan = kPlans[drawIndex(random, std::array{0.60, 0.30, 0.10})];
        const std::size_t style = drawIndex(random, std::array{0.60, 0.25, 0.15});
        if (style > 0 || random.chance(0.5)) // half of the balanced ones never opened the setting
            users[i].style = kStyles[style];
    }
    return users;
}

/// A moment of a day: few at night, most in the late morning and the evening.
std::int64_t drawTimeOfDayMs(Random& random)
{
    for (;;) {
        const double hour = 24 * random.uniform();
        const double morning = std::max(0.0, 1 - std::abs(hour - 11) / 5);
        const double evening = std::max(0.0, 1 - std::abs(hour - 19) / 4);
        if (random.chance(std::min(1.0, 0.05 + 0.9 * std::max(morning, 0.8 * evening))))
            return std::int64_t(hour * 3'600'000);
    }
}

const SegmentTopics& drawSegment(Random& random)
{
    const auto segments = sample::supportDeskSegments();
    double left = random.uniform();
    for (const SegmentTopics& segment : segments) {
        if (left < segment.shareOfTraffic)
            return segment;
        left -= segment.shareOfTraffic;
    }
    return segments.back();
}

/// What each topic's prompts are, in the order of its asks.
using PromptsByTopic = std::unordered_map<const Topic*, std::vector<const PromptOrigin*>>;

PromptsByTopic promptsByTopic()
{
    PromptsByTopic prompts;
    for (const PromptOrigin& origin : sample::promptOrigins())
        prompts[origin.topic].push_back(&origin);
    return prompts;
}

std::size_t drawByLength(Random& random, const std::vector<const PromptOrigin*>& usable,
                         double longWeight)
{
    const auto weight = [longWeight](const PromptOrigin* prompt) {
        return prompt->effort == sample::Effort::Long ? longWeight : 1.0;
    };
    double total = 0;
    for (const PromptOrigin* prompt : usable)
        total += weight(prompt);
    double left = total * random.uniform();
    for (std::size_t i = 0; i + 1 < usable.size(); ++i) {
        left -= weight(usable[i]);
        if (left < 0)
            return i;
    }
    return usable.size() - 1;
}

/// The messages of one conversation: an opener, then follow-ups of the same topic, none twice.
std::vector<const PromptOrigin*> drawTurns(Random& random,
                                           const std::vector<const PromptOrigin*>& prompts)
{
    std::vector<const PromptOrigin*> left = prompts;
    std::vector<const PromptOrigin*> turns;
    const auto drawOther = [&](AskUse excluded, double longWeight) {
        std::vector<const PromptOrigin*> usable;
        std::ranges::copy_if(
            left, std::back_inserter(usable),
            [excluded](const PromptOrigin* prompt) { return prompt->ask->use != excluded; });
        if (usable.empty())
            return false;
        turns.push_back(usable[drawByLength(random, usable, longWeight)]);
        std::erase(left, turns.back());
        return true;
    };
    drawOther(AskUse::FollowUp, kLongOpenerWeight);
    while (turns.size() < kMaxTurns && random.chance(kNextTurn) &&
           drawOther(AskUse::Opener, kLongFollowUpWeight)) {
    }
    return turns;
}

/// What stands in the log for an answer: its first sentence.
std::string standIn(const PromptOrigin& prompt)
{
    const auto facts = sample::filled(prompt.topic->facts);
    for (std::size_t i = 0; i < facts.size(); ++i)
        if ((prompt.ask->facts >> i & 1U) != 0)
            return sample::fillSlots(facts[i].says[0], prompt.slots);
    return {};
}

std::int32_t tokensOf(std::string_view text)
{
    return std::int32_t((codePointCount(text) + 3) / 4);
}

class DeskLog
{
public:
    void add(const User& user, std::int64_t startMs, const std::vector<const PromptOrigin*>& turns,
             Random& random)
    {
        const std::vector<SamplePrompt>& prompts = supportDeskPrompts();
        Request request;
        request.conversationId = numbered("c", ++m_conversations);
        request.userId = user.id;
        request.style = user.style;
        request.metadata = {{"plan", std::string(user.plan)}};
        request.messages = {{Role::System, prompts[turns.front()->index].systemPrompt}};
        std::int32_t historyTokens = tokensOf(request.messages.front().text);
        std::int64_t time = startMs;
        for (std::size_t turn = 0; turn < turns.size(); ++turn) {
            const PromptOrigin& prompt = *turns[turn];
            const std::string& text = prompts[prompt.index].text;
            request.requestId = numbered("r", m_rows.rowCount() + 1);
            request.messages.push_back({Role::User, text});
            addRow(request, prompt, historyTokens + tokensOf(text), time);
            request.messages.push_back({Role::Assistant, standIn(prompt)});
            historyTokens += tokensOf(text) + kHistoryAnswerTokens;
            time += std::int64_t(random.logNormal(75'000, 0.7)); // reading and typing
        }
    }

    Traffic take()
    {
        Traffic traffic = std::move(*m_rows.take("Support desk, September 2023")); // in memory
        traffic.synthetic = true;
        return traffic;
    }

private:
    void addRow(const Request& request, const PromptOrigin& prompt, std::int32_t inputTokens,
                std::int64_t timeMs)
    {
        RequestNote note;
        note.segment = prompt.segment->segment;
        note.promptId = supportDeskPrompts()[prompt.index].id.value;
        note.inputTokens = inputTokens;
        note.timeMs = timeMs;
        std::ignore = m_rows.add(request, note); // some thousand rows in memory: there is room
    }

    TrafficBuilder m_rows;
    std::size_t m_conversations = 0;
};

std::vector<std::int64_t> drawStartTimes()
{
    Random random(kTrafficSeed, "times");
    std::vector<std::int64_t> times(kConversations);
    for (std::int64_t& time : times) {
        const auto day = std::int64_t(random.below(kDays));
        time = kFirstDayMs + day * kDayMs + drawTimeOfDayMs(random);
    }
    std::ranges::sort(times);
    return times;
}

} // namespace

Traffic supportDeskTraffic()
{
    const std::vector<User> users = drawUsers();
    const PromptsByTopic prompts = promptsByTopic();
    Random random(kTrafficSeed, "conversations");
    DeskLog log;
    for (const std::int64_t start : drawStartTimes()) {
        // A few users write often: the square of a uniform number prefers low indices.
        const double rank = random.uniform();
        const User& user = users[std::size_t(rank * rank * double(users.size()))];
        const SegmentTopics& segment = drawSegment(random);
        const Topic& topic = segment.topics[random.below(segment.topics.size())];
        log.add(user, start, drawTurns(random, prompts.at(&topic)), random);
    }
    return log.take();
}

} // namespace signalbox
