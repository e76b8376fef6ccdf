// SPDX-License-Identifier: Apache-2.0
#include "log_detector.h"

#include "known_logs.h"
#include "log_leaves.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>

namespace signalbox {

using namespace traffic_detail;

namespace {

constexpr std::size_t kLines = 50;

using Parts = std::vector<std::string>;

/// The leaves of the first lines, each path taken apart once.
struct Sample
{
    std::vector<std::vector<Parts>> lines;
    std::set<std::string> paths;
};

Sample sampleOf(const std::vector<LeavesOfLine>& lines)
{
    Sample sample;
    for (const LeavesOfLine& leaves : lines) {
        std::vector<Parts>& parts = sample.lines.emplace_back();
        for (const LogLeaf& leaf : leaves) {
            parts.push_back(pathParts(leaf.path).value_or(Parts{}));
            sample.paths.insert(leaf.path);
        }
    }
    return sample;
}

std::vector<LogExample> examplesOf(const std::vector<LeavesOfLine>& lines)
{
    std::vector<LogExample> examples;
    std::map<std::string_view, std::size_t> places;
    for (const LeavesOfLine& leaves : lines) {
        for (const LogLeaf& leaf : leaves) {
            const auto [place, isNew] = places.emplace(leaf.path, examples.size());
            if (isNew)
                examples.push_back({leaf.path, leaf.text});
            else if (examples[place->second].text.empty())
                examples[place->second].text = leaf.text;
        }
    }
    return examples;
}

Parts partsOf(const LogMapping& mapping, const std::string& path, LogOrigin from)
{
    return pathParts(from == LogOrigin::Row ? mapping.rows + path : path).value_or(Parts{});
}

bool isIn(const std::vector<Parts>& line, const Parts& place)
{
    return std::ranges::any_of(line, [&](const Parts& leaf) { return covers(place, leaf); });
}

bool isInAny(const Sample& sample, const Parts& place)
{
    return std::ranges::any_of(sample.lines, [&](const auto& line) { return isIn(line, place); });
}

/// All paths of a mapping that read something.
std::vector<Parts> readingPaths(const LogMapping& mapping)
{
    std::vector<Parts> paths;
    for (const LogPlace& place : mapping.places)
        paths.push_back(partsOf(mapping, place.path, place.from));
    for (const LogCondition& condition : mapping.when)
        paths.push_back(partsOf(mapping, condition.path, LogOrigin::Row));
    for (const LogList& list : mapping.lists) {
        for (const LogPlace& place : list.places)
            paths.push_back(partsOf(mapping, list.path + place.path, list.from));
    }
    return paths;
}

std::size_t linesWithAllSigns(const LogMapping& mapping, const Sample& sample)
{
    std::vector<Parts> signs;
    for (const std::string& sign : mapping.signs)
        signs.push_back(partsOf(mapping, sign, LogOrigin::Row));
    return static_cast<std::size_t>(std::ranges::count_if(sample.lines, [&](const auto& line) {
        return std::ranges::all_of(signs, [&](const Parts& sign) { return isIn(line, sign); });
    }));
}

void fillMatches(LogGuess& guess, const Sample& sample)
{
    for (const LogPlace& place : guess.mapping.places) {
        if (isInAny(sample, partsOf(guess.mapping, place.path, place.from)))
            guess.matched.push_back(place);
    }
    const std::vector<Parts> reading = readingPaths(guess.mapping);
    for (const std::string& path : sample.paths) {
        const Parts leaf = pathParts(path).value_or(Parts{});
        if (std::ranges::none_of(reading, [&](const Parts& place) { return covers(place, leaf); }))
            guess.leftOver.push_back(path);
    }
}

double shareRead(const LogGuess& guess, const Sample& sample)
{
    if (sample.paths.empty())
        return 0;
    return 1 -
           static_cast<double>(guess.leftOver.size()) / static_cast<double>(sample.paths.size());
}

std::string countText(std::size_t count, const char* one, const char* many)
{
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

LogGuess guessOf(LogMapping mapping, std::size_t recognised, const Sample& sample)
{
    LogGuess guess;
    guess.mapping = std::move(mapping);
    fillMatches(guess, sample);
    // More signs are less likely to come together by chance.
    const double specific = 1 - std::pow(0.4, static_cast<double>(guess.mapping.signs.size()));
    guess.sureness = static_cast<double>(recognised) / static_cast<double>(sample.lines.size()) *
                     specific * (0.6 + 0.4 * shareRead(guess, sample));
    guess.why = std::to_string(recognised) + " of the first " +
                countText(sample.lines.size(), "line has", "lines have") + " all of its signs; " +
                countText(guess.matched.size(), "field is", "fields are") + " read, " +
                countText(guess.leftOver.size(), "is", "are") + " left over.";
    return guess;
}

LogGuess proposal(std::string_view text, const LogContainer& container, const Sample& sample)
{
    LogGuess guess;
    guess.mapping = proposedMapping(text, container);
    fillMatches(guess, sample);
    guess.sureness = guess.matched.empty() ? 0 : 0.4 * shareRead(guess, sample);
    guess.why = "No log that we know, or not surely; proposed by the names of its fields: " +
                countText(guess.matched.size(), "is", "are") + " read, " +
                countText(guess.leftOver.size(), "is", "are") + " left over.";
    return guess;
}

} // namespace

LogDetection detectLog(std::string_view text)
{
    LogDetection detection;
    detection.container = sniffContainer(text);
    const std::vector<LeavesOfLine> lines =
        firstLeaves(text, detection.container, kLines, detection.jsonTexts);
    detection.examples = examplesOf(lines);
    const Sample sample = sampleOf(lines);
    if (sample.lines.empty())
        return detection;
    for (LogMapping& mapping : knownLogs()) {
        if (const std::size_t recognised = linesWithAllSigns(mapping, sample))
            detection.guesses.push_back(guessOf(std::move(mapping), recognised, sample));
    }
    detection.guesses.push_back(proposal(text, detection.container, sample));
    std::ranges::stable_sort(detection.guesses, std::ranges::greater{}, &LogGuess::sureness);
    return detection;
}

} // namespace signalbox
