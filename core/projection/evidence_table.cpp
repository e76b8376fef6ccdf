// SPDX-License-Identifier: Apache-2.0
#include "evidence_table.h"

#include <core/routing/failure_of_kind.h>
#include <core/voice/spoken_answers.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// One attempt that counts, with its text as the user would see it.
struct Attempt
{
    const Answer* answer = nullptr;
    std::size_t model = 0;
    std::size_t prompt = 0;
    std::string text; ///< under the answer style; empty if failed
    double satisfied = kMissing;
};

bool hasFailed(const Answer& answer)
{
    return answer.state == AnswerState::Failed || answer.state == AnswerState::Filtered;
}

/// For answers that were recorded before their kind was: by the words that providers used then.
AttemptFailure guessedFailure(const std::string& failure)
{
    struct Clue
    {
        const char* words;
        AttemptFailure failure;
    };
    static constexpr std::array kClues = std::to_array<Clue>({
        {"rate limit", AttemptFailure::RateLimit},
        {"too many requests", AttemptFailure::RateLimit},
        {"takes no more requests", AttemptFailure::RateLimit},
        {"answered 429", AttemptFailure::RateLimit},
        {"status 429", AttemptFailure::RateLimit},
        {"no credit left", AttemptFailure::RateLimit},
        {"did not take the connection", AttemptFailure::Connect},
        {"timeout", AttemptFailure::Timeout},
        {"timed out", AttemptFailure::Timeout},
        {"too long", AttemptFailure::Timeout},
        {"gave up waiting", AttemptFailure::Timeout},
        {"did not finish the answer", AttemptFailure::Timeout},
        {"connection refused", AttemptFailure::Connect},
        {"cannot be reached", AttemptFailure::Connect},
        {"has no address", AttemptFailure::Connect},
        {"a certificate", AttemptFailure::Connect},
        {"without an answer", AttemptFailure::Connect},
        {"cut off", AttemptFailure::BadAnswer},
        {"before the end", AttemptFailure::BadAnswer},
        {"not a stream", AttemptFailure::BadAnswer},
        {"which is no answer", AttemptFailure::BadAnswer},
    });
    std::string sentence = failure;
    std::ranges::transform(sentence, sentence.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto found = std::ranges::find_if(
        kClues, [&](const Clue& clue) { return sentence.find(clue.words) != std::string::npos; });
    return found == kClues.end() ? AttemptFailure::ServerError : found->failure;
}

AttemptFailure failureKindOf(const Answer& answer)
{
    if (answer.failureKind)
        return attemptFailureOf(*answer.failureKind);
    return answer.state == AnswerState::Filtered ? AttemptFailure::ContentFilter
                                                 : guessedFailure(answer.failure);
}

/// The answers that count: of the asked models under their style guide, not stopped, and of equal
/// (model, prompt, sample) the newest.
std::vector<const Answer*> answersThatCount(const std::vector<Answer>& answers,
                                            const std::vector<ModelSpec>& models)
{
    std::map<ModelId, std::string> guideOf;
    for (const ModelSpec& model : models)
        guideOf.emplace(model.id, model.styleGuide);
    if (models.empty()) {
        std::map<ModelId, std::int64_t> newest;
        for (const Answer& answer : answers) {
            const auto [entry, isNew] = newest.emplace(answer.model, answer.recordedAtMs);
            if (isNew || answer.recordedAtMs >= entry->second) {
                entry->second = answer.recordedAtMs;
                guideOf[answer.model] = answer.styleGuide;
            }
        }
    }
    std::map<std::tuple<ModelId, PromptId, int>, const Answer*> chosen;
    for (const Answer& answer : answers) {
        const auto guide = guideOf.find(answer.model);
        if (answer.state == AnswerState::Stopped || guide == guideOf.end() ||
            guide->second != answer.styleGuide)
            continue;
        const Answer*& slot = chosen[{answer.model, answer.prompt, answer.sample}];
        if (!slot || answer.recordedAtMs >= slot->recordedAtMs)
            slot = &answer;
    }
    std::vector<const Answer*> result;
    for (const auto& [key, answer] : chosen)
        result.push_back(answer);
    return result;
}

template<class Id> int indexOf(const std::vector<Id>& ids, const Id& id)
{
    const auto found = std::ranges::find(ids, id);
    return found == ids.end() ? -1 : static_cast<int>(found - ids.begin());
}

/// A second model of one name gets luck of its own: the two do not fail together.
std::string streamOf(const EvidenceTable& table, const std::string& name)
{
    const auto isOf = [&](const std::string& stream) {
        return stream == name || stream.starts_with(name + '#');
    };
    const auto before = std::ranges::count_if(table.streams, isOf);
    return before == 0 ? name : name + '#' + std::to_string(before + 1);
}

void nameModelsPromptsSegments(EvidenceTable& table, const std::vector<const Answer*>& counted,
                               const std::vector<ModelSpec>& models)
{
    std::map<PromptId, std::string> segmentOfPrompt;
    std::vector<ModelId> present;
    for (const Answer* answer : counted) { // ordered by model, prompt, sample
        if (present.empty() || present.back() != answer->model)
            present.push_back(answer->model);
        std::string& segment = segmentOfPrompt[answer->prompt];
        if (segment.empty())
            segment = answer->segment;
    }
    if (models.empty()) {
        table.models = present;
        for (const ModelId& model : present)
            table.streams.push_back(model.value);
    } else {
        for (const ModelSpec& model : models) {
            if (std::ranges::find(present, model.id) == present.end())
                continue;
            table.models.push_back(model.id);
            table.streams.push_back(streamOf(
                table, model.upstreamModel.empty() ? model.id.value : model.upstreamModel));
        }
    }
    for (const auto& [prompt, segment] : segmentOfPrompt)
        table.segments.push_back(segment);
    std::ranges::sort(table.segments);
    table.segments.erase(std::unique(table.segments.begin(), table.segments.end()),
                         table.segments.end());
    for (const auto& [prompt, segment] : segmentOfPrompt) {
        table.prompts.push_back(prompt);
        table.segmentOf.push_back(static_cast<std::uint16_t>(indexOf(table.segments, segment)));
    }
}

/// Applies the answer style to every usable answer and measures anew what that changes.
std::vector<Attempt> styledAttempts(EvidenceTable& table, const std::vector<const Answer*>& counted,
                                    const EvidenceOptions& options)
{
    const NormalizeOptions normalize = normalizeOptionsOf(options.style);
    NormalizeOptions uncut = normalize;
    uncut.maxWords.reset();

    std::vector<Attempt> attempts;
    attempts.reserve(counted.size());
    for (const Answer* answer : counted) {
        Attempt attempt;
        attempt.answer = answer;
        attempt.model = static_cast<std::size_t>(table.modelIndex(answer->model));
        attempt.prompt = static_cast<std::size_t>(table.promptIndex(answer->prompt));
        attempt.satisfied = answer->satisfied.value_or(kMissing);
        table.simulated |= answer->simulated;
        if (!hasFailed(*answer)) {
            ++table.answers;
            attempt.text =
                options.style.isNeutral() ? answer->text : normalizeAnswer(answer->text, normalize);
            if (attempt.text != answer->text) {
                const double measured =
                    options.outcome ? options.outcome(answer->prompt, attempt.text) : kMissing;
                if (!std::isnan(measured))
                    attempt.satisfied = measured;
                else if (!std::isnan(attempt.satisfied) && normalize.maxWords &&
                         attempt.text != normalizeAnswer(answer->text, uncut))
                    ++table.unremeasuredOutcomes;
            }
        }
        attempts.push_back(std::move(attempt));
    }
    return attempts;
}

/// Running mean that stays missing until something known came in.
struct Mean
{
    double sum = 0;
    double count = 0;
    void add(double value)
    {
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    [[nodiscard]] double value() const { return count > 0 ? sum / count : kMissing; }
};

AnswerSample sampleOf(const Answer& answer, double satisfied)
{
    AnswerSample sample;
    sample.firstTokenMs = answer.firstTokenMs.value_or(kMissing);
    sample.totalMs = std::max(answer.totalMs.value_or(sample.firstTokenMs), sample.firstTokenMs);
    sample.outputTokens =
        answer.outputTokens ? static_cast<double>(*answer.outputTokens) : kMissing;
    sample.satisfied = satisfied;
    sample.text = std::make_shared<const std::string>(answer.text);
    return sample;
}

EvidenceTable::ModelColumns columnsOf(const std::vector<Attempt>& attempts, std::size_t model,
                                      std::size_t prompts)
{
    EvidenceTable::ModelColumns columns;
    columns.firstTokenSamples.resize(prompts);
    columns.samples.resize(prompts);
    columns.attempts.assign(prompts, 0);
    columns.failed.assign(prompts, kMissing);
    std::vector<std::array<Mean, 4>> means(prompts);
    std::vector<double> failures(prompts, 0);
    std::array<std::size_t, kAttemptFailureCount> kinds{};
    double allFailures = 0;
    double allAttempts = 0;
    for (const Attempt& attempt : attempts) {
        if (attempt.model != model)
            continue;
        const Answer& answer = *attempt.answer;
        const std::size_t p = attempt.prompt;
        ++columns.attempts[p];
        ++allAttempts;
        if (hasFailed(answer)) {
            ++failures[p];
            ++allFailures;
            ++kinds[static_cast<std::size_t>(failureKindOf(answer))];
            if (answer.totalMs || answer.firstTokenMs)
                columns.failingMs.push_back(answer.totalMs ? *answer.totalMs
                                                           : *answer.firstTokenMs);
            continue;
        }
        const AnswerSample sample = sampleOf(answer, attempt.satisfied);
        means[p][0].add(sample.outputTokens);
        means[p][1].add(sample.firstTokenMs);
        means[p][2].add(sample.totalMs);
        means[p][3].add(attempt.satisfied);
        columns.samples[p].push_back(sample);
        if (answer.firstTokenMs)
            columns.firstTokenSamples[p].push_back(*answer.firstTokenMs);
    }
    for (std::size_t p = 0; p < prompts; ++p) {
        columns.outputTokens.push_back(means[p][0].value());
        columns.firstTokenMs.push_back(means[p][1].value());
        columns.totalMs.push_back(means[p][2].value());
        columns.satisfied.push_back(means[p][3].value());
        if (columns.attempts[p] > 0)
            columns.failed[p] = failures[p] / columns.attempts[p];
    }
    columns.failureShare = allAttempts > 0 ? allFailures / allAttempts : 0;
    if (allFailures > 0)
        columns.failureKind =
            static_cast<AttemptFailure>(std::ranges::max_element(kinds) - kinds.begin());
    return columns;
}

/// What every model says under the answer style. Refers to the attempts' texts.
SpokenAnswers spokenAnswersOf(const EvidenceTable& table, const std::vector<Attempt>& attempts)
{
    std::vector<std::string> models;
    for (const ModelId& model : table.models)
        models.push_back(model.value);
    std::vector<std::string> prompts;
    for (const PromptId& prompt : table.prompts)
        prompts.push_back(prompt.value);
    std::vector<SpokenAnswers::Utterance> utterances;
    for (const Attempt& attempt : attempts) // rising sample numbers
        utterances.push_back(
            {attempt.model, attempt.prompt, voicedPart(attempt.answer->state, attempt.text)});
    return {std::move(models), std::move(prompts), utterances};
}

/// The gaps between scores that "did the voice change?" compares, each with its two prompts.
struct Gap
{
    double size = 0;
    std::size_t p = 0;
    std::size_t q = 0;
};

/// Share of `sorted` below a value, ties half, times its size.
double countBelow(const std::vector<double>& sorted, double value)
{
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    return static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
}

/// Influence of each panel row on nu = 2 AUC_sd - 1. AUC_sd is N/D with N the number of (cross gap,
/// same-voice gap) pairs in which the cross gap is larger and D all of them; both are homogeneous
/// of degree 4 in the prompts' weights, hence dAUC/dw_p = (N_p - 4 N / n) / D.
std::vector<double> influenceOnNoticeability(const VoiceDistance& distance, std::size_t n)
{
    std::vector<double> influence(n, 0);
    if (n < 2 || distance.scoresA.size() != n || distance.scoresB.size() != n)
        return influence;
    std::vector<Gap> cross;
    std::vector<Gap> same;
    for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t q = 0; q < n; ++q) {
            if (p != q)
                cross.push_back({std::abs(distance.scoresA[p] - distance.scoresB[q]), p, q});
            if (p < q) {
                same.push_back({std::abs(distance.scoresA[p] - distance.scoresA[q]), p, q});
                same.push_back({std::abs(distance.scoresB[p] - distance.scoresB[q]), p, q});
            }
        }
    }
    const auto sortedSizes = [](const std::vector<Gap>& gaps) {
        std::vector<double> sizes;
        std::ranges::transform(gaps, std::back_inserter(sizes), &Gap::size);
        std::ranges::sort(sizes);
        return sizes;
    };
    const std::vector<double> crossSizes = sortedSizes(cross);
    const std::vector<double> sameSizes = sortedSizes(same);
    double wins = 0;
    for (const Gap& gap : cross) {
        const double count = countBelow(sameSizes, gap.size);
        wins += count;
        influence[gap.p] += count;
        influence[gap.q] += count;
    }
    for (const Gap& gap : same) {
        const double count =
            static_cast<double>(crossSizes.size()) - countBelow(crossSizes, gap.size);
        influence[gap.p] += count;
        influence[gap.q] += count;
    }
    const double pairs = static_cast<double>(cross.size()) * static_cast<double>(same.size());
    for (double& value : influence)
        value = 2 * (value - 4 * wins / static_cast<double>(n)) / pairs;
    return influence;
}

void setVoices(EvidenceTable& table, ComparedVoices compared)
{
    const std::size_t pairs = compared.matrix.pairs.size();
    const std::size_t prompts = table.prompts.size();
    table.noticeabilityInfluence.assign(pairs, std::vector<double>(prompts, 0));
    table.inVoicePanel.assign(pairs, std::vector<std::uint8_t>(prompts, 0));
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        const std::vector<std::size_t>& rows = compared.promptsOfPair[pair];
        const std::vector<double> influence =
            influenceOnNoticeability(compared.matrix.pairs[pair], rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            table.noticeabilityInfluence[pair][rows[i]] = influence[i];
            table.inVoicePanel[pair][rows[i]] = 1;
        }
    }
    table.voices = std::move(compared.matrix);
}

} // namespace

NormalizeOptions normalizeOptionsOf(const AnswerStyle& style)
{
    return {style.flattenMarkdown, style.trimOpeners, style.trimClosers, style.maxWords};
}

int EvidenceTable::modelIndex(const ModelId& id) const
{
    return indexOf(models, id);
}

int EvidenceTable::promptIndex(const PromptId& id) const
{
    const auto found = std::ranges::lower_bound(prompts, id);
    return found == prompts.end() || *found != id ? -1 : static_cast<int>(found - prompts.begin());
}

std::size_t EvidenceTable::pairIndex(std::size_t a, std::size_t b) const
{
    if (a > b)
        std::swap(a, b);
    return a * models.size() - a * (a + 1) / 2 + (b - a - 1);
}

EvidenceTable buildEvidenceTable(const std::vector<Answer>& answers, const EvidenceOptions& options)
{
    EvidenceTable table;
    const std::vector<const Answer*> counted = answersThatCount(answers, options.models);
    nameModelsPromptsSegments(table, counted, options.models);
    const std::vector<Attempt> attempts = styledAttempts(table, counted, options);
    const std::size_t prompts = table.prompts.size();
    for (std::size_t m = 0; m < table.models.size(); ++m)
        table.columns.push_back(columnsOf(attempts, m, prompts));

    const SpokenAnswers spoken = spokenAnswersOf(table, attempts);
    VoiceDistanceOptions distance;
    distance.draws = options.voiceDraws;
    setVoices(table, compareVoices(spoken, distance));
    for (std::size_t m = 0; m < table.models.size(); ++m)
        table.floors.push_back(spoken.noiseFloorOf(m));
    return table;
}

EvidenceTable buildEvidenceTable(const std::vector<Answer>& answers, const AnswerStyle& style,
                                 std::size_t voiceDraws, OutcomeCheck outcome)
{
    EvidenceOptions options;
    options.style = style;
    options.voiceDraws = voiceDraws;
    options.outcome = std::move(outcome);
    return buildEvidenceTable(answers, options);
}

} // namespace signalbox
