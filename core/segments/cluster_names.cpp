// SPDX-License-Identifier: Apache-2.0
#include "cluster_names.h"

#include "scaled_signals.h"
#include "segmentation_policy.h"

#include <core/base/utf8.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace signalbox::segments_detail {

namespace {

constexpr double kFarEnough = 0.5; ///< spreads
constexpr std::size_t kUsualWords = 2;
constexpr std::size_t kLongestWord = 40; ///< code points; names of signals may be of any length

std::string cut(const std::string& text)
{
    std::string result;
    std::size_t points = 0;
    const std::string valid = toValidUtf8(text);
    for (std::size_t at = 0; at < valid.size();) {
        const DecodedCodePoint next = decodeCodePoint(valid, at);
        if (++points > kLongestWord)
            return result + "…";
        // Names stand in one line.
        if (next.value < 0x20 || next.value == 0x7f)
            result += ' ';
        else
            result.append(valid, at, next.bytes);
        at += next.bytes;
    }
    return result;
}

std::string lengthWord(const MeasureSource& source, bool isHigh)
{
    if (source.measure == TextMeasure::CodeShare)
        return isHigh ? "much code" : "little code";
    const std::string word = isHigh ? "long" : "short";
    switch (source.scope) {
    case TextScope::LastUser:
        return word;
    case TextScope::System:
        return word + " system prompt";
    case TextScope::AllUser:
    case TextScope::All:
        break;
    }
    return word + " conversation";
}

std::string fieldWord(const FieldSource& source, const std::string& id, bool isHigh)
{
    switch (source.field) {
    case RequestField::Turn:
        return isHigh ? "late turn" : "early turn";
    case RequestField::Messages:
        return source.role ? (isHigh ? "high " : "low ") + id
                           : std::string(isHigh ? "many messages" : "few messages");
    case RequestField::MaxTokens:
        return isHigh ? "high token limit" : "low token limit";
    case RequestField::HasTools:
        return isHigh ? "tools" : "no tools";
    case RequestField::HasImages:
        return isHigh ? "images" : "no images";
    case RequestField::RequestedModel:
    case RequestField::LastRole:
        break; // texts
    }
    return id;
}

std::string booleanWord(const Signal& signal, const std::string& id, bool isHigh)
{
    if (isHigh)
        return id;
    if (id.starts_with("has "))
        return "no " + id.substr(4);
    if (id.starts_with("is "))
        return "not " + id.substr(3);
    return (std::holds_alternative<KeywordsSource>(signal.source) ? "no " : "not ") + id;
}

/// What can be said of a cluster, the most telling first.
std::vector<std::string> wordsOf(const SegmentsByCluster& by, const SegmentCluster& cluster,
                                 const std::vector<Signal>& signalList, std::size_t& telling)
{
    std::vector<std::pair<double, std::size_t>> features; // how far, which
    for (std::size_t f = 0; f < by.features.size(); ++f)
        features.emplace_back(scaled(by.features[f], cluster.centre[f]), f);
    std::ranges::stable_sort(features, [](const auto& a, const auto& b) {
        return std::abs(a.first) > std::abs(b.first);
    });
    std::vector<std::string> words;
    std::set<SignalId> said;
    telling = 0;
    for (const auto& [far, f] : features) {
        const Signal* const signal = findSignal(signalList, by.features[f].signal);
        std::string word = signal ? featureWord(by.features[f], *signal, far > 0) : std::string();
        // What is of one plan is not of another, and characters and words of a text say the same.
        if (word.empty() || said.contains(signal->id) ||
            std::ranges::find(words, word) != words.end())
            continue;
        words.push_back(std::move(word));
        said.insert(signal->id);
        if (std::abs(far) >= kFarEnough)
            telling = words.size();
    }
    return words;
}

std::string joined(const std::vector<std::string>& words, std::size_t count)
{
    std::string name;
    for (std::size_t i = 0; i < std::min(count, words.size()); ++i)
        name += (i == 0 ? "" : ", ") + words[i];
    return name.empty() ? "usual" : name;
}

} // namespace

std::string featureWord(const ClusterFeature& feature, const Signal& signal, bool isHigh)
{
    const std::string id = cut(signal.id.value);
    if (feature.value)
        return id + (isHigh ? " " : " not ") +
               (feature.value->empty() ? "empty" : cut(*feature.value));
    if (const auto* const measure = std::get_if<MeasureSource>(&signal.source))
        return lengthWord(*measure, isHigh);
    if (const auto* const field = std::get_if<FieldSource>(&signal.source))
        return fieldWord(*field, id, isHigh);
    return valueTypeOf(signal) == ValueType::Boolean ? booleanWord(signal, id, isHigh)
                                                     : (isHigh ? "high " : "low ") + id;
}

std::vector<std::string> clusterNames(const SegmentsByCluster& by,
                                      const std::vector<Signal>& signalList)
{
    std::vector<std::vector<std::string>> words;
    std::vector<std::size_t> used;
    for (const SegmentCluster& cluster : by.segments) {
        std::size_t telling = 0;
        words.push_back(wordsOf(by, cluster, signalList, telling));
        used.push_back(std::min(telling, kUsualWords));
    }
    const auto nameOf = [&](std::size_t i) {
        const std::string name = joined(words[i], used[i]);
        return nameProblem(name).empty() ? name : joined(words[i], 1);
    };
    // One word more for all that share a name, until none do or all words are said.
    for (bool isChanged = true; isChanged;) {
        isChanged = false;
        std::map<std::string, std::vector<std::size_t>> clustersOf;
        for (std::size_t i = 0; i < words.size(); ++i)
            clustersOf[nameOf(i)].push_back(i);
        for (const auto& [name, clusters] : clustersOf) {
            if (clusters.size() < 2)
                continue;
            for (const std::size_t i : clusters) {
                if (used[i] < words[i].size()) {
                    ++used[i];
                    isChanged = true;
                }
            }
        }
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string plain = nameOf(i);
        std::string name = plain;
        for (int number = 2; std::ranges::find(names, name) != names.end(); ++number)
            name = plain + " " + std::to_string(number);
        names.push_back(std::move(name));
    }
    return names;
}

} // namespace signalbox::segments_detail
