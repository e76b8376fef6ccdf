// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_prompts.h"

#include "conversation.h"
#include "own_prompts.h"

#include <core/base/random.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr std::uint64_t kSeed = 0x7261696c; ///< any; the same every time

/// What one conversation gives: a prompt, or one for each of its turns.
using Case = std::vector<LabPrompt>;

/// Requests of a segment in the order in which they are tried.
struct Stratum
{
    std::size_t segment = 0;
    std::size_t requests = 0;
    std::vector<std::size_t> rows;
    std::size_t next = 0;
    std::vector<Case> cases;
    std::size_t quota = 0;
};

std::optional<PromptCase> caseOf(const Request& request, const std::string& segment)
{
    PromptCase asked;
    asked.id = PromptId("row"); // it is called by its words then
    asked.segment = segment;
    asked.turns = request.messages;
    if (!asked.turns.empty() && asked.turns.front().role == Role::System) {
        asked.system = asked.turns.front().text;
        asked.turns.erase(asked.turns.begin());
    }
    // Of a picture the log has no more than that there was one.
    if (std::ranges::any_of(asked.turns, [](const Message& turn) { return turn.images > 0; }))
        return std::nullopt;
    return asked;
}

/// What is asked of a conversation of which this is the request that was drawn.
/// @return none: it cannot be asked
Case promptsOf(PromptCase asked, TrafficChoice::Turns turns)
{
    if (turns != TrafficChoice::Turns::All) {
        auto prompt = importedPrompt(asked);
        return prompt ? Case{std::move(*prompt)} : Case();
    }
    std::erase_if(asked.turns, [](const Message& turn) { return turn.role == Role::Assistant; });
    auto whole = importedTurns(asked);
    return whole ? std::move(*whole) : Case();
}

/// The request that stands for a conversation: its first, or one of all by the number's draw.
std::size_t rowOf(std::size_t begin, std::size_t end, bool anyTurn, std::uint64_t draw)
{
    return anyTurn ? begin + static_cast<std::size_t>(draw % (end - begin)) : begin;
}

std::vector<Stratum> strataOf(const Traffic& traffic, bool anyTurn)
{
    std::vector<Stratum> strata(traffic.segments.size());
    for (std::size_t i = 0; i < strata.size(); ++i)
        strata[i].segment = i;
    for (const std::uint16_t segment : traffic.segmentOf)
        ++strata[segment].requests;
    const std::vector<std::size_t> starts = traffic.conversationStarts();
    Random random(kSeed);
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
        const std::size_t row = rowOf(starts[i], starts[i + 1], anyTurn, random.next());
        strata[traffic.segmentOf[row]].rows.push_back(row);
    }
    for (Stratum& stratum : strata) {
        Random shuffle(kSeed + stratum.segment + 1);
        for (std::size_t i = stratum.rows.size(); i > 1; --i)
            std::swap(stratum.rows[i - 1],
                      stratum.rows[static_cast<std::size_t>(shuffle.below(i))]);
    }
    std::erase_if(strata, [](const Stratum& stratum) { return stratum.rows.empty(); });
    std::ranges::stable_sort(strata, std::greater(), &Stratum::requests);
    return strata;
}

/// How many each segment is to have: by its requests, the largest remainders first, or alike.
void setQuotas(std::vector<Stratum>& strata, const TrafficChoice& choice)
{
    const std::size_t count = choice.count;
    std::size_t total = 0;
    for (const Stratum& stratum : strata)
        total += stratum.requests;
    std::vector<std::pair<double, Stratum*>> remainders;
    std::size_t given = 0;
    for (Stratum& stratum : strata) {
        const double share =
            choice.shares == TrafficChoice::Shares::Equal
                ? 1.0 / static_cast<double>(strata.size())
                : static_cast<double>(stratum.requests) / static_cast<double>(total);
        const double exact = share * static_cast<double>(count);
        stratum.quota = static_cast<std::size_t>(exact);
        if (stratum.quota == 0 && count >= strata.size())
            stratum.quota = 1;
        given += stratum.quota;
        remainders.emplace_back(exact - static_cast<double>(stratum.quota), &stratum);
    }
    std::ranges::stable_sort(remainders, std::greater(), &std::pair<double, Stratum*>::first);
    for (auto& [remainder, stratum] : remainders) {
        if (given < count) {
            ++stratum->quota;
            ++given;
        }
    }
    // What the ones above got for nothing the largest give back.
    for (Stratum& stratum : strata) {
        const std::size_t back = std::min(given - std::min(given, count),
                                          stratum.quota - std::min<std::size_t>(stratum.quota, 1));
        stratum.quota -= back;
        given -= back;
    }
}

class Drawing
{
public:
    Drawing(const Traffic& traffic, TrafficChoice::Turns turns, TrafficPrompts& drawn)
        : m_traffic(traffic), m_turns(turns), m_drawn(drawn)
    {}

    /// Until the segment has so many, or no more.
    void fill(Stratum& stratum, std::size_t upTo)
    {
        while (stratum.cases.size() < upTo && stratum.next < stratum.rows.size()) {
            const std::size_t row = rowAskedFor(stratum.rows[stratum.next++]);
            auto asked = caseOf(m_traffic.request(row), m_traffic.segments[stratum.segment]);
            Case prompts = asked ? promptsOf(std::move(*asked), m_turns) : Case();
            if (prompts.empty()) {
                ++m_drawn.unusable;
                continue;
            }
            // Conversations that begin alike share their beginning.
            std::erase_if(prompts, [this](const LabPrompt& prompt) {
                return !m_known.insert(prompt.id).second;
            });
            if (!prompts.empty())
                stratum.cases.push_back(std::move(prompts));
        }
    }

private:
    /// The request that has all the words: of a whole conversation its last one.
    [[nodiscard]] std::size_t rowAskedFor(std::size_t row) const
    {
        if (m_turns != TrafficChoice::Turns::All)
            return row;
        const auto& conversations = m_traffic.conversationOf;
        const auto end = std::upper_bound(conversations.begin() + static_cast<std::ptrdiff_t>(row),
                                          conversations.end(), conversations[row]);
        return static_cast<std::size_t>(end - conversations.begin()) - 1;
    }

    const Traffic& m_traffic;
    TrafficChoice::Turns m_turns;
    TrafficPrompts& m_drawn;
    std::set<PromptId> m_known{};
};

std::size_t countOf(const std::vector<Stratum>& strata)
{
    return std::accumulate(
        strata.begin(), strata.end(), std::size_t(0),
        [](std::size_t sum, const Stratum& stratum) { return sum + stratum.cases.size(); });
}

} // namespace

TrafficPrompts promptsFromTraffic(const Traffic& traffic, const TrafficChoice& choice)
{
    TrafficPrompts drawn;
    std::vector<Stratum> strata = strataOf(traffic, choice.turns == TrafficChoice::Turns::Any);
    setQuotas(strata, choice);
    Drawing drawing(traffic, choice.turns, drawn);
    for (Stratum& stratum : strata)
        drawing.fill(stratum, stratum.quota);
    // What a segment does not have the others give.
    for (Stratum& stratum : strata)
        drawing.fill(stratum, stratum.cases.size() + choice.count - countOf(strata));
    for (const Stratum& stratum : strata)
        drawn.segments.push_back(
            {traffic.segments[stratum.segment], stratum.requests, stratum.cases.size()});
    const std::size_t count = countOf(strata);
    for (std::size_t place = 0; drawn.chosen < count; ++place) {
        for (Stratum& stratum : strata) {
            if (place >= stratum.cases.size())
                continue;
            std::ranges::move(stratum.cases[place], std::back_inserter(drawn.prompts));
            ++drawn.chosen;
        }
    }
    if (choice.turns == TrafficChoice::Turns::All)
        drawn.prompts = withTurnsTogether(std::move(drawn.prompts));
    return drawn;
}

} // namespace signalbox
