// SPDX-License-Identifier: Apache-2.0
#include "prompt_text.h"

#include <core/base/random.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace signalbox {

namespace sample {

namespace {

constexpr std::uint64_t kPromptSeed = 20230904;

constexpr std::string_view kSystemPrompt =
    "You are the support assistant of an online shop for smart home devices. Answer the last "
    "message of the customer.";

constexpr std::array<std::string_view, 12> kItems = {
    "desk lamp",     "door sensor", "smart plug",  "video doorbell", "thermostat",   "ceiling lamp",
    "indoor camera", "leak sensor", "light strip", "garden light",   "window blind", "wall switch"};
constexpr std::array<std::string_view, 6> kDays = {"Monday",   "Tuesday", "Wednesday",
                                                   "Thursday", "Friday",  "Saturday"};
constexpr std::array<std::string_view, 8> kStreets = {
    "Mill Lane",  "Station Road", "Orchard Way", "Church Street",
    "River Walk", "Park Row",     "Hill Close",  "Garden Street"};
constexpr std::array<std::string_view, 6> kTowns = {"Millbrook", "Ashgrove",  "Easton",
                                                    "Harwick",   "Northmere", "Saltford"};
constexpr std::string_view kLog =
    "[07:41:12] hub: update available\n[07:41:15] hub: download 12 %\n"
    "[07:42:03] hub: download 51 %\n[07:42:04] hub: connection lost, trying again\n"
    "[07:42:34] hub: connection lost, giving up\n[07:42:34] app: error code 42";

template<std::size_t count>
std::string_view pick(Random& random, const std::array<std::string_view, count>& from)
{
    return from[random.below(count)];
}

std::string digits(Random& random, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += char('0' + random.below(10));
    return text;
}

char letter(Random& random)
{
    return char('A' + random.below(26));
}

std::string postcode(Random& random)
{
    std::string text{letter(random), letter(random)};
    const std::string ward = digits(random, 1);
    text += digits(random, 1);
    text += " " + ward;
    text += letter(random);
    text += letter(random);
    return text;
}

/// Every draw is a statement of its own: compilers choose the order of the operands of one, and the
/// sample is to be the same with all of them.
Slots drawSlots(Random& random)
{
    Slots slots;
    slots.item = pick(random, kItems);
    slots.order = "SD-" + std::to_string(40000 + random.below(60000));
    slots.day = pick(random, kDays);
    const std::string cents = std::to_string(1 + random.below(9)) + "0 euros";
    slots.amount = std::to_string(12 + random.below(140)) + "." + cents;
    const std::string street(pick(random, kStreets));
    slots.address = std::to_string(1 + random.below(90)) + " " + street;
    const std::string code = postcode(random);
    slots.address += ", " + std::string(pick(random, kTowns)) + ", postcode " + code;
    return slots;
}

Effort effortOf(std::string_view text)
{
    const std::size_t length = codePointCount(text);
    if (length <= 120)
        return Effort::Short;
    return length <= 250 ? Effort::Medium : Effort::Long;
}

std::vector<std::vector<std::string>> factsOf(const Topic& topic, unsigned asked)
{
    std::vector<std::vector<std::string>> facts;
    for (std::size_t i = 0; i < filled(topic.facts).size(); ++i) {
        if ((asked >> i & 1U) == 0)
            continue;
        const auto spellings = filled(topic.facts[i].spellings);
        facts.emplace_back(spellings.begin(), spellings.end());
    }
    return facts;
}

PromptId promptId(const Topic& topic, std::size_t number)
{
    std::string id(topic.id);
    id += number < 10 ? "-0" : "-";
    return PromptId{id + std::to_string(number)};
}

struct PromptSet
{
    std::vector<SamplePrompt> prompts;
    std::vector<PromptOrigin> origins;
    std::unordered_map<std::string_view, std::size_t> byText; ///< views into prompts
};

void addPrompt(PromptSet& set, const SegmentTopics& segment, const Topic& topic, std::size_t ask)
{
    SamplePrompt prompt;
    prompt.id = promptId(topic, ask + 1);
    prompt.segment = segment.segment;
    prompt.systemPrompt = kSystemPrompt;
    prompt.facts = factsOf(topic, topic.asks[ask].facts);

    Random random(kPromptSeed, prompt.id.value);
    PromptOrigin origin;
    origin.segment = &segment;
    origin.topic = &topic;
    origin.ask = &topic.asks[ask];
    origin.index = set.prompts.size();
    origin.slots = drawSlots(random);
    origin.slots.about = fillSlots(topic.about, origin.slots);
    prompt.text = fillSlots(origin.ask->text, origin.slots);
    origin.effort = effortOf(prompt.text);
    set.prompts.push_back(std::move(prompt));
    set.origins.push_back(std::move(origin));
}

PromptSet makePromptSet()
{
    PromptSet set;
    for (const SegmentTopics& segment : supportDeskSegments())
        for (const Topic& topic : segment.topics)
            for (std::size_t ask = 0; ask < filled(topic.asks).size(); ++ask)
                addPrompt(set, segment, topic, ask);
    for (std::size_t i = 0; i < set.prompts.size(); ++i)
        set.byText.emplace(set.prompts[i].text, i);
    return set;
}

const PromptSet& promptSet()
{
    static const PromptSet set = makePromptSet();
    return set;
}

} // namespace

std::span<const SegmentTopics> supportDeskSegments()
{
    static const std::array segments = {kAccountTopics,   kOrderTopics,   kBillingTopics,
                                        kTechnicalTopics, kPrivacyTopics, kDisputeTopics};
    return segments;
}

const std::vector<PromptOrigin>& promptOrigins()
{
    return promptSet().origins;
}

const PromptOrigin* findPromptByText(std::string_view text)
{
    const auto found = promptSet().byText.find(text);
    return found == promptSet().byText.end() ? nullptr : &promptSet().origins[found->second];
}

std::string fillSlots(std::string_view text, const Slots& slots)
{
    const std::array<std::pair<std::string_view, std::string_view>, 7> values = {
        {{"item", slots.item},
         {"order", slots.order},
         {"day", slots.day},
         {"amount", slots.amount},
         {"address", slots.address},
         {"about", slots.about},
         {"log", kLog}}};
    std::string filled;
    filled.reserve(text.size() + 32);
    for (;;) {
        const std::size_t open = text.find('{');
        filled += text.substr(0, open);
        if (open == std::string_view::npos)
            return filled;
        const std::size_t close = text.find('}', open);
        const std::string_view name = text.substr(open + 1, close - open - 1);
        const auto value = std::ranges::find(values, name, &decltype(values)::value_type::first);
        filled += value->second; // the tests fill every text, so a name is always known
        text.remove_prefix(close + 1);
    }
}

} // namespace sample

const std::vector<SamplePrompt>& supportDeskPrompts()
{
    return sample::promptSet().prompts;
}

namespace {

bool containsIgnoringCase(std::string_view text, std::string_view part)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
    return !std::ranges::search(text, part, {}, lower, lower).empty() || part.empty();
}

} // namespace

double outcomeOf(const SamplePrompt& prompt, std::string_view answer)
{
    return std::ranges::all_of(prompt.facts, [answer](const std::vector<std::string>& spellings) {
        return std::ranges::any_of(spellings, [answer](const std::string& spelling) {
            return containsIgnoringCase(answer, spelling);
        });
    });
}

} // namespace signalbox
