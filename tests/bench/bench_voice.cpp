// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds per byte of style statistics and of the normaliser on the sample's simulated answers
// (some 0.5 MB), the former beside plain counts of a few of them, in C++ and in CPython; of all
// features of one answer of 300 words; nanoseconds per bootstrap draw of a voice distance at 300
// prompts, beside sorting all pairs of each draw; and per whole distance, energy test and set of
// tone places. Noise features, seed 11. Last, what a page waits for, on as many threads as there
// are: a pair of voices with 400 answers each, and all pairs of ten such voices, texts and all.

#include "line_reporter.h"

#include <core/base/random.h>
#include <core/sample/support_desk.h>
#include <core/voice/answer_stats.h>
#include <core/voice/normalize.h>
#include <core/voice/separability.h>
#include <core/voice/tone.h>
#include <core/voice/voice_distance.h>
#include <ui/models/voice_comparison.h>

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
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

void pythonStatistics(benchmark::State& state)
{
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("bench_voice." + std::to_string(::getpid()));
    {
        std::ofstream answers(file);
        for (std::string text : sampleAnswers()) {
            std::ranges::replace(text, '\n', '\x1f');
            answers << text << '\n';
        }
    }
    int words = 0;
    for (const std::string& text : sampleAnswers())
        words += measureAnswer(text).words;
    const std::string command =
        "exec python3 '" SIGNALBOX_PLAIN_COUNTS "' '" + file.string() + '\'';
    for (auto _ : state) {
        double ns = 0;
        int theirs = 0;
        FILE* const output = popen(command.c_str(), "r");
        if (!output || std::fscanf(output, "python,ns,%lf python,words,%d", &ns, &theirs) != 2)
            state.SkipWithError("no answer from Python");
        else if (std::abs(theirs - words) > words / 20) // they split some words otherwise
            state.SkipWithError("the two do not count the same words");
        if (output)
            pclose(output);
        state.SetIterationTime(ns * 1e-9 * static_cast<double>(bytesOf(sampleAnswers())));
    }
    std::filesystem::remove(file);
    state.SetItemsProcessed(state.iterations() * bytesOf(sampleAnswers()));
}

/// Answers of 300 words: whole ones of the sample, one after the other, cut there.
std::vector<std::string> typicalAnswers()
{
    constexpr int kWords = 300;
    std::vector<std::string> result;
    std::string text;
    for (const std::string& answer : sampleAnswers()) {
        text += answer + "\n\n";
        if (measureAnswer(text).words < kWords)
            continue;
        std::size_t end = 0;
        for (int word = 0; word < kWords && end != std::string::npos; ++word)
            end = text.find_first_of(" \n", text.find_first_not_of(" \n", end));
        result.push_back(text.substr(0, end));
        text.clear();
    }
    return result;
}

void typicalFeatures(benchmark::State& state)
{
    const std::vector<std::string> texts = typicalAnswers();
    for (auto _ : state) {
        for (const std::string& text : texts)
            benchmark::DoNotOptimize(measureAnswer(text));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
    state.counters["bytes"] =
        static_cast<double>(bytesOf(texts)) / static_cast<double>(texts.size());
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

constexpr std::size_t kPagePrompts = 400;

/// What the page does for one pair: how far apart, and whether at all.
void pagePair(benchmark::State& state)
{
    const VoicePanel panel = noisePanel(2, kPagePrompts);
    for (auto _ : state) {
        benchmark::DoNotOptimize(voiceDistance(panel, 0, 1));
        benchmark::DoNotOptimize(energyTest(panel, 0, 1));
    }
}

/// All that the page shows of ten models: their texts measured, every pair compared. Wall time.
void pageMatrix(benchmark::State& state)
{
    constexpr std::size_t kModels = 10;
    const std::vector<std::string>& texts = sampleAnswers();
    Random random(11);
    ui::VoiceQuestion question;
    for (std::size_t m = 0; m < kModels; ++m) {
        question.models.emplace_back("model-" + std::to_string(m));
        for (std::size_t p = 0; p < kPagePrompts; ++p) {
            Answer answer;
            answer.prompt = PromptId("prompt-" + std::to_string(p));
            answer.model = question.models.back();
            for (int part = 0; part < 3; ++part)
                answer.text += texts[random.below(texts.size())] + "\n\n";
            question.answers.push_back(std::move(answer));
        }
    }
    for (auto _ : state) {
        if (ui::compareVoices(question).matrix.pairs.size() != kModels * (kModels - 1) / 2)
            state.SkipWithError("pairs are missing");
    }
}

} // namespace

int main(int argc, char** argv)
{
    benchmark::RegisterBenchmark("ours/style statistics/byte", statistics);
    benchmark::RegisterBenchmark("plain/style statistics/byte", plainStatistics);
    benchmark::RegisterBenchmark("python/style statistics/byte", pythonStatistics)
        ->UseManualTime()
        ->Iterations(1);
    benchmark::RegisterBenchmark("ours/features/answer of 300 words", typicalFeatures);
    benchmark::RegisterBenchmark("ours/pair of voices/400 answers each", pagePair);
    benchmark::RegisterBenchmark("ours/matrix of voices/10 models, 400 answers each", pageMatrix)
        ->UseRealTime();
    benchmark::RegisterBenchmark("ours/normalise/byte", normalisation);
    benchmark::RegisterBenchmark("ours/bootstrap/draw of 300 prompts", draws);
    benchmark::RegisterBenchmark("plain/bootstrap/draw of 300 prompts", plainDraws);
    benchmark::RegisterBenchmark("ours/voice distance/300 prompts, 1000 draws", distance);
    benchmark::RegisterBenchmark("ours/energy test/300 prompts, 999 swaps", energy);
    benchmark::RegisterBenchmark("ours/tone places/6 models, 300 prompts", tone);
    return bench::runAll(argc, argv);
}
