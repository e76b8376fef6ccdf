// SPDX-License-Identifier: Apache-2.0
#include "diff.h"

#include "model_address.h"
#include "names.h"
#include "policy_json.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

using namespace policyjson;

std::string textOf(const std::string& value)
{
    return toCompactJsonText(Json(value));
}

std::string textOf(bool value)
{
    return value ? "true" : "false";
}

std::string textOf(int value)
{
    return std::to_string(value);
}

std::string textOf(double value)
{
    return toCompactJsonText(numberJson(value));
}

std::string textOf(const Json& value)
{
    return toCompactJsonText(value);
}

std::string textOf(const Price& price)
{
    return toCompactJsonText(priceJson(price));
}

std::string textOf(const VoiceContract::Band& band)
{
    return toCompactJsonText(Json::array({numberJson(band.low), numberJson(band.high)}));
}

std::string textOf(const VoiceContract::ToneBand& tone)
{
    return textOf(tone.band);
}

std::string textOf(const std::vector<std::string>& texts)
{
    return toCompactJsonText(Json(texts));
}

std::string textOf(const Uncertain& uncertain)
{
    return toCompactJsonText(uncertainJson(uncertain));
}

template<class E>
    requires std::is_enum_v<E>
std::string textOf(E value)
{
    return toCompactJsonText(Json(nameOf(value)));
}

template<class Tag> std::string textOf(const StrongId<Tag>& id)
{
    return textOf(id.value);
}

template<class Part>
    requires requires(const Part& part) { toJson(part); }
std::string textOf(const Part& part)
{
    return toCompactJsonText(toJson(part));
}

/// A gate by what it measures, e.g. "satisfactionRatio per segment".
std::string nameOfGate(const Gate& gate)
{
    std::string name(nameOf(gate.metric));
    if (gate.per != GateScope::Total)
        name.append(" per ").append(nameOf(gate.per));
    return name;
}

/// The items' names; a name that a broken file gives twice gets a number the second time.
template<class Item, class NameOf>
std::vector<std::string> uniqueNames(const std::vector<Item>& items, const NameOf& nameOfItem)
{
    std::unordered_map<std::string, int> counts;
    std::vector<std::string> names;
    for (const Item& item : items) {
        std::string name = nameOfItem(item);
        if (const int count = ++counts[name]; count > 1)
            name += " #" + std::to_string(count);
        names.push_back(std::move(name));
    }
    return names;
}

std::unordered_map<std::string, std::size_t> indexByName(const std::vector<std::string>& names)
{
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < names.size(); ++i)
        index.emplace(names[i], i);
    return index;
}

/// Which of the items stayed in their order (a longest increasing run of their old positions); all
/// others have moved. O(n log n), patience sorting.
std::vector<bool> unmoved(const std::vector<std::size_t>& positions)
{
    std::vector<std::size_t> tails; // index of the smallest last element of a run of each length
    std::vector<std::size_t> previous(positions.size());
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const auto at = std::ranges::lower_bound(tails, positions[i], {},
                                                 [&](std::size_t j) { return positions[j]; });
        previous[i] = at == tails.begin() ? positions.size() : *(at - 1);
        if (at == tails.end())
            tails.push_back(i);
        else
            *at = i;
    }
    std::vector<bool> kept(positions.size());
    for (std::size_t i = tails.empty() ? positions.size() : tails.back(); i < positions.size();
         i = previous[i])
        kept[i] = true;
    return kept;
}

class Differ
{
public:
    std::vector<Change> take() { return std::move(m_changes); }

    void compareDocuments(const PolicyDocument& before, const PolicyDocument& after)
    {
        member("id", before.id, after.id);
        member("name", before.name, after.name);
        member("revision", before.revision, after.revision);
        member("note", before.note, after.note);
        const auto idOf = [](const auto& item) { return item.id.value; };
        list("models", before.models, after.models, idOf);
        member("baseline", before.baseline, after.baseline);
        member("decideBy", before.decideBy, after.decideBy);
        list("signals", before.signalList, after.signalList, idOf);
        list("groups", before.groups, after.groups,
             [](const RuleGroup& group) { return group.id; });
        list("rules", before.rules, after.rules, idOf);
        member("otherwise", before.otherwise, after.otherwise);
        compare("holdout", before.holdout, after.holdout);
        compare("answerStyle", before.answerStyle, after.answerStyle);
        compare("voice", before.voice, after.voice);
        list("gates", before.gates, after.gates, nameOfGate);
        compare("monitoring", before.monitoring, after.monitoring);
        compareTests(before.tests, after.tests);
        // A release is a record of the export and no part of what the policy does.
    }

private:
    void add(Change::Kind kind, std::string path, std::string before, std::string after)
    {
        m_changes.push_back({kind, std::move(path), std::move(before), std::move(after)});
    }

    template<class Value>
    void member(const std::string& path, const Value& before, const Value& after)
    {
        if (before != after)
            add(Change::Kind::Changed, path, textOf(before), textOf(after));
    }

    template<class Value>
    void member(const std::string& path, const std::optional<Value>& before,
                const std::optional<Value>& after)
    {
        if (before == after)
            return;
        if (before && after)
            add(Change::Kind::Changed, path, textOf(*before), textOf(*after));
        else if (after)
            add(Change::Kind::Added, path, {}, textOf(*after));
        else
            add(Change::Kind::Removed, path, textOf(*before), {});
    }

    /// Items that have a name of their own.
    template<class Item, class NameOf>
    void list(const std::string& path, const std::vector<Item>& before,
              const std::vector<Item>& after, const NameOf& nameOfItem)
    {
        const std::vector<std::string> oldNames = uniqueNames(before, nameOfItem);
        const std::vector<std::string> newNames = uniqueNames(after, nameOfItem);
        const auto oldIndex = indexByName(oldNames);
        const auto newIndex = indexByName(newNames);
        const auto pathOf = [&](const std::string& name) { return path + '[' + name + ']'; };
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (!newIndex.contains(oldNames[i]))
                add(Change::Kind::Removed, pathOf(oldNames[i]), textOf(before[i]), {});
        }
        std::vector<std::size_t> shared; // old positions of what is in both, in the new order
        for (const std::string& name : newNames) {
            if (const auto old = oldIndex.find(name); old != oldIndex.end())
                shared.push_back(old->second);
        }
        const std::vector<bool> stays = unmoved(shared);
        std::size_t next = 0;
        for (std::size_t i = 0; i < after.size(); ++i) {
            const std::string itemPath = pathOf(newNames[i]);
            if (!oldIndex.contains(newNames[i])) {
                add(Change::Kind::Added, itemPath, {}, textOf(after[i]));
                continue;
            }
            const std::size_t old = shared[next];
            if (!stays[next++])
                add(Change::Kind::Moved, itemPath, std::to_string(old), std::to_string(i));
            compare(itemPath, before[old], after[i]);
        }
    }

    void compare(const std::string& path, const ModelSpec& before, const ModelSpec& after)
    {
        member(path + ".provider", before.provider, after.provider);
        member(path + ".upstreamModel", before.upstreamModel, after.upstreamModel);
        member(path + ".baseUrl", withoutSecrets(before.baseUrl),
               withoutSecrets(after.baseUrl)); // a diff is shown and kept
        member(path + ".keyRef", before.keyRef, after.keyRef);
        member(path + ".price", before.price, after.price);
        member(path + ".contextTokens", before.contextTokens, after.contextTokens);
        member(path + ".styleGuide", before.styleGuide, after.styleGuide);
    }

    void compare(const std::string& path, const Rule& before, const Rule& after)
    {
        member(path + ".label", before.label, after.label);
        member(path + ".enabled", before.enabled, after.enabled);
        member(path + ".note", before.note, after.note);
        member(path + ".group", before.group, after.group);
        member(path + ".when", before.when, after.when);
        member(path + ".plan", before.plan, after.plan);
        member(path + ".uncertain", before.uncertain, after.uncertain);
    }

    void compare(const std::string& path, const RuleGroup& before, const RuleGroup& after)
    {
        member(path + ".label", before.label, after.label);
        member(path + ".note", before.note, after.note);
    }

    /// Signals differ in their sources, so they are compared as their JSON is written. A source of
    /// another kind is another signal.
    void compare(const std::string& path, const Signal& before, const Signal& after)
    {
        if (before == after)
            return;
        if (sourceNameOf(before) != sourceNameOf(after)) {
            add(Change::Kind::Changed, path, textOf(before), textOf(after));
            return;
        }
        const Json from = toJson(before);
        const Json to = toJson(after);
        for (const auto& [key, value] : to.items())
            member(path + '.' + key, memberOf(from, key), std::optional<Json>(value));
        for (const auto& [key, value] : from.items()) {
            if (!to.contains(key))
                member(path + '.' + key, std::optional<Json>(value), std::optional<Json>());
        }
    }

    static std::optional<Json> memberOf(const Json& object, const std::string& key)
    {
        return object.contains(key) ? std::optional<Json>(object[key]) : std::nullopt;
    }

    void compare(const std::string& path, const std::optional<Holdout>& before,
                 const std::optional<Holdout>& after)
    {
        if (!before || !after) {
            const auto json = [](const std::optional<Holdout>& holdout) {
                return holdout ? std::optional<Json>(holdoutJson(*holdout)) : std::nullopt;
            };
            member(path, json(before), json(after));
            return;
        }
        member(path + ".share", before->share, after->share);
        member(path + ".unit", before->unit, after->unit);
        member(path + ".salt", before->salt, after->salt);
        member(path + ".model", before->model, after->model);
    }

    void compare(const std::string& path, const AnswerStyle& before, const AnswerStyle& after)
    {
        member(path + ".flattenMarkdown", before.flattenMarkdown, after.flattenMarkdown);
        member(path + ".trimOpeners", before.trimOpeners, after.trimOpeners);
        member(path + ".trimClosers", before.trimClosers, after.trimClosers);
        member(path + ".maxWords", before.maxWords, after.maxWords);
    }

    void compare(const std::string& path, const VoiceContract& before, const VoiceContract& after)
    {
        member(path + ".words", before.words, after.words);
        list(path + ".tone", before.tone, after.tone, [](const auto& tone) { return tone.axis; });
        member(path + ".golden", before.golden, after.golden);
    }

    void compare(const std::string& path, const VoiceContract::ToneBand& before,
                 const VoiceContract::ToneBand& after)
    {
        member(path, before.band, after.band);
    }

    void compare(const std::string& path, const Gate& before, const Gate& after)
    {
        member(path + ".atLeast", before.atLeast, after.atLeast);
        member(path + ".atMost", before.atMost, after.atMost);
    }

    void compare(const std::string& path, const Monitoring& before, const Monitoring& after)
    {
        member(path + ".outcomes", before.outcomes, after.outcomes);
        member(path + ".alpha", before.alpha, after.alpha);
        member(path + ".detectWithinDays", before.detectWithinDays, after.detectWithinDays);
    }

    /// Tests have no names: what is equal at both ends is kept, the rest is compared by position.
    void compareTests(const std::vector<PolicyTest>& before, const std::vector<PolicyTest>& after)
    {
        const std::size_t shared = std::min(before.size(), after.size());
        std::size_t first = 0;
        while (first < shared && before[first] == after[first])
            ++first;
        std::size_t last = 0;
        while (last < shared - first &&
               before[before.size() - 1 - last] == after[after.size() - 1 - last])
            ++last;
        const std::size_t end = std::max(before.size(), after.size()) - last;
        for (std::size_t i = first; i < end; ++i) {
            const auto at = [i, last](const std::vector<PolicyTest>& tests) {
                return i < tests.size() - last ? std::optional<PolicyTest>(tests[i]) : std::nullopt;
            };
            member("tests[" + std::to_string(i) + ']', at(before), at(after));
        }
    }

    std::vector<Change> m_changes;
};

} // namespace

std::vector<Change> diff(const PolicyDocument& before, const PolicyDocument& after)
{
    Differ differ;
    differ.compareDocuments(before, after);
    return differ.take();
}

ChangePlace placeOf(const Change& change)
{
    const std::string_view path = change.path;
    const std::size_t end = std::min(path.find_first_of("[."), path.size());
    ChangePlace place{path.substr(0, end), {}, {}};
    std::string_view rest = path.substr(end);
    // Ids may hold brackets; the names of members do not, but for those of tones.
    if (const std::size_t close = rest.rfind(']'); rest.starts_with('[') && close < rest.size()) {
        place.item = rest.substr(1, close - 1);
        rest.remove_prefix(close + 1);
    }
    place.member = rest.substr(rest.starts_with('.') ? 1 : 0);
    return place;
}

bool isNoise(const Change& change)
{
    return change.kind == Change::Kind::Moved && placeOf(change).section != "rules";
}

} // namespace signalbox
