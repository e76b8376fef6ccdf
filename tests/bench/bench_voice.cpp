// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds per byte of style statistics and of the normaliser on the sample's simulated answers
// (some 0.5 MB), the former beside a plain C++ count of a few of them; nanoseconds per bootstrap
// draw of a voice distance at 300 prompts, beside sorting all pairs of each draw; and per whole
// distance, energy test and set of tone places. Noise features, seed 11.

#include "line_reporter.h"

#include <core/base/random.h>
#include <core/sample/support_desk.h>
#include <core/voice/answer_stats.h>
#include <core/voice/normalize.h>
#include <core/voice/separability.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>

#include <cctype>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace signalbox;

namespace {

const std::vector<std::string>& sampleAnswers()
{
    static const std::vector<std::string> texts = [] {
        std::vector<std::string> result;
        for (const Answer& answer : supportDeskEvidence(supportDeskPolicy().models)) {
            if (answer.state == AnswerState::Done)
                result.push_back(answer.text);
        }
        return result;
    }();
    return texts;
}

std::int64_t bytesOf(const std::vector<std::string>& texts)
{
    std::int64_t bytes = 0;
    for (const std::string& text : texts)
        bytes += static_cast<std::int64_t>(text.size());
    return bytes;
}

void statistics(benchmark::State& state)
{
    const std::vector<std::string>& texts = sampleAnswers();
    for (auto _ : state) {
        for (const std::string& text : texts)
            benchmark::DoNotOptimize(measureAnswer(text));
    }
    state.SetItemsProcessed(state.iterations() * bytesOf(texts));
}

/// Words, sentences, syllables, distinct words and one word list, letter by letter: a fraction of
/// what the statistics hold, written as one would without thinking of speed.
void plainStatistics(benchmark::State& state)
{
    const std::vector<std::string>& texts = sampleAnswers();
    const std::map<std::string, int> valences = {{"good", 2}, {"great", 3}, {"bad", -2}};
    for (auto _ : state) {
        for (const std::string& text : texts) {
            int words = 0;
            int sentences = 0;
            int syllables = 0;
            int valence = 0;
            std::set<std::string> distinct;
            std::string word;
            const auto endWord = [&] {
                if (word.empty())
                    return;
                ++words;
                bool vowel = false;
                for (const char c : word) {
                    const bool isVowel = std::strchr("aeiouy", c) != nullptr;
                    syllables += isVowel && !vowel;
                    vowel = isVowel;
                }
                distinct.insert(word);
                if (const auto it = valences.find(word); it != valences.end())
                    valence += it->second;
                word.clear();
            };
            for (const char c : text) {
                const int lower = std::tolower(static_cast<unsigned char>(c));
                if (std::isalnum(lower) || c == '\'')
                    word += static_cast<char>(lower);
                else
                    endWord();
                sentences += c == '.' || c == '!' || c == '?';
            }
            endWord();
            benchmark::DoNotOptimize(words + sentences + syllables + valence);
            benchmark::DoNotOptimize(distinct.size());
        }
    }
    state.SetItemsProcessed(state.iterations() * bytesOf(texts));
}

void normalisation(benchmark::State& state)
{
    const std::vector<std::string>& texts = sampleAnswers();
    const NormalizeOptions options{true, true, true, 100};
    for (auto _ : state) {
        for (const std::string& text : texts)
            benchmark::DoNotOptimize(normalizeAnswer(text, options));
    }
    state.SetItemsProcessed(state.iterations() * bytesOf(texts));
}

VoicePanel noisePanel(std::size_t models, std::size_t prompts)
{
    Random random(11);
    VoicePanel panel;
    for (std::size_t m = 0; m < models; ++m) {
        panel.models.push_back(std::to_string(m));
        panel.stats.emplace_back(prompts);
        for (AnswerStats& stats : panel.stats.back()) {
            for (std::size_t k = 0; k < kVoiceFeatureCount; ++k)
                stats.features[k] = random.normal() + (k < 5 ? static_cast<double>(m) : 0);
        }
    }
    for (std::size_t p = 0; p < prompts; ++p)
        panel.prompts.push_back(std::to_string(1000 + p));
    return panel;
}

std::vector<double> scores(std::size_t prompts, double mean)
{
    Random random(11);
    std::vector<double> result;
    for (std::size_t p = 0; p < prompts; ++p)
        result.push_back(mean + random.normal());
    return result;
}

void draws(benchmark::State& state)
{
    const std::vector<double> a = scores(300, 1);
    const std::vector<double> b = scores(300, 0);
    constexpr std::size_t kDraws = 1000;
    for (auto _ : state)
        benchmark::DoNotOptimize(bootstrapSeparability(a, b, kDraws, 1));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kDraws));
}

void plainDraws(benchmark::State& state)
{
    const std::vector<double> a = scores(300, 1);
    const std::vector<double> b = scores(300, 0);
    Random random(1);
    std::vector<double> drawnA(300);
    std::vector<double> drawnB(300);
    for (auto _ : state) {
        for (std::size_t p = 0; p < 300; ++p) {
            const std::size_t from = random.below(300);
            drawnA[p] = a[from];
            drawnB[p] = b[from];
        }
        benchmark::DoNotOptimize(identificationAuc(drawnA, drawnB));
        benchmark::DoNotOptimize(sameDifferentAuc(drawnA, drawnB));
    }
    state.SetItemsProcessed(state.iterations());
}

void distance(benchmark::State& state)
{
    const VoicePanel panel = noisePanel(2, 300);
    for (auto _ : state)
        benchmark::DoNotOptimize(voiceDistance(panel, 0, 1));
}

void energy(benchmark::State& state)
{
    const VoicePanel panel = noisePanel(2, 300);
    for (auto _ : state)
        benchmark::DoNotOptimize(energyTest(panel, 0, 1));
}

void tone(benchmark::State& state)
{
    const VoicePanel panel = noisePanel(6, 300);
    for (auto _ : state)
        benchmark::DoNotOptimize(tonePlaces(panel));
}

} // namespace

int main(int argc, char** argv)
{
    benchmark::RegisterBenchmark("ours/style statistics/byte", statistics);
    benchmark::RegisterBenchmark("plain/style statistics/byte", plainStatistics);
    benchmark::RegisterBenchmark("ours/normalise/byte", normalisation);
    benchmark::RegisterBenchmark("ours/bootstrap/draw of 300 prompts", draws);
    benchmark::RegisterBenchmark("plain/bootstrap/draw of 300 prompts", plainDraws);
    benchmark::RegisterBenchmark("ours/voice distance/300 prompts, 1000 draws", distance);
    benchmark::RegisterBenchmark("ours/energy test/300 prompts, 999 swaps", energy);
    benchmark::RegisterBenchmark("ours/tone places/6 models, 300 prompts", tone);
    return bench::runAll(argc, argv);
}
