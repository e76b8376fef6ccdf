// SPDX-License-Identifier: Apache-2.0
#include "plan_replay.h"

#include "guide_tokens.h"
#include "latency.h"

#include <core/base/random.h>
#include <core/policy/document_uses.h>
#include <core/routing/answer_check.h>
#include <core/routing/failure_of_kind.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMinuteMs = 60'000;

/// A generator for one purpose at one row: independent of how many numbers others drew.
Random drawFor(std::uint64_t seed, std::uint64_t row, std::uint64_t model, std::uint64_t purpose)
{
    Random outer(seed ^ (model * 0x9e3779b97f4a7c15ULL));
    Random inner(outer.next() ^ (row * 0xbf58476d1ce4e5b9ULL));
    return Random(inner.next() ^ (purpose * 0x94d049bb133111ebULL));
}
constexpr std::uint64_t kFailureDraw = 0;
constexpr std::uint64_t kFirstAttemptDraw = 1;
constexpr std::uint64_t kVerdictDraw = std::uint64_t{1} << 32;

double meanOf(const std::vector<double>& values)
{
    double sum = 0;
    double count = 0;
    for (const double value : values) {
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    }
    return count > 0 ? sum / count : kMissing;
}

std::vector<double> knownOf(const std::vector<AnswerSample>& samples, double AnswerSample::* member)
{
    std::vector<double> known;
    for (const AnswerSample& sample : samples) {
        if (!std::isnan(sample.*member))
            known.push_back(sample.*member);
    }
    return known;
}

/// Samples that lack a number take the model's middle one: a missing clock on one answer must not
/// make a whole projection unknown.
void fillMissingNumbers(std::vector<AnswerSample>& samples)
{
    const double tokens = meanOf(knownOf(samples, &AnswerSample::outputTokens));
    const double firstToken = empiricalQuantile(knownOf(samples, &AnswerSample::firstTokenMs), 0.5);
    for (AnswerSample& sample : samples) {
        if (std::isnan(sample.outputTokens))
            sample.outputTokens = tokens;
        if (std::isnan(sample.firstTokenMs))
            sample.firstTokenMs = firstToken;
        if (std::isnan(sample.totalMs) || sample.totalMs < sample.firstTokenMs)
            sample.totalMs = sample.firstTokenMs;
    }
}

} // namespace

ReplayGround::ReplayGround(const Traffic& traffic, const EvidenceTable& evidence)
    : m_traffic(traffic), m_evidence(evidence), m_cover(coverOf(traffic, evidence)),
      m_models(evidence.models.size())
{
    assignPrompts();
    countInputTokens();
    for (std::size_t m = 0; m < m_models.size(); ++m)
        fillModel(m);
}

void ReplayGround::assignPrompts()
{
    std::vector<std::uint32_t> known;
    for (const PromptId& prompt : m_traffic.prompts) {
        const int index = m_evidence.promptIndex(prompt);
        known.push_back(index < 0 ? kNoPrompt : static_cast<std::uint32_t>(index));
    }
    std::vector<std::uint32_t> everyPrompt(m_evidence.prompts.size());
    std::iota(everyPrompt.begin(), everyPrompt.end(), 0U);
    std::vector<std::vector<std::uint32_t>> promptsOf(m_traffic.segments.size());
    for (std::size_t s = 0; s < promptsOf.size(); ++s) {
        for (const std::uint32_t p : everyPrompt) {
            if (m_evidence.segments[m_evidence.segmentOf[p]] == m_traffic.segments[s])
                promptsOf[s].push_back(p);
        }
        if (promptsOf[s].empty())
            promptsOf[s] = everyPrompt;
    }
    std::vector<std::size_t> turnOfSegment(promptsOf.size(), 0);
    m_prompt.reserve(m_traffic.rowCount());
    for (std::size_t row = 0; row < m_traffic.rowCount(); ++row) {
        const std::uint32_t recorded = m_traffic.promptOf[row];
        std::uint32_t prompt = recorded == Traffic::kNone ? kNoPrompt : known[recorded];
        if (prompt == kNoPrompt && !everyPrompt.empty()) {
            const std::size_t segment = m_traffic.segmentOf[row];
            const std::vector<std::uint32_t>& candidates = promptsOf[segment];
            prompt = candidates[turnOfSegment[segment]++ % candidates.size()];
        }
        m_prompt.push_back(prompt);
    }
}

void ReplayGround::countInputTokens()
{
    m_inputTokens.reserve(m_traffic.rowCount());
    for (std::size_t row = 0; row < m_traffic.rowCount(); ++row) {
        std::int64_t tokens = m_traffic.inputTokens[row];
        if (tokens < 0) {
            ++m_estimatedInputs;
            tokens = std::max(m_traffic.estimatedTokens.at(row, 0), 0);
            for (const LoggedMessage& message : m_traffic.messagesOf(row))
                tokens += estimatedTokens(message.text);
        }
        m_inputTokens.push_back(tokens);
    }
}

void ReplayGround::fillModel(std::size_t index)
{
    Model& model = m_models[index];
    const EvidenceTable::ModelColumns& columns = m_evidence.columns[index];
    const std::size_t prompts = m_evidence.prompts.size();
    model.key = stableHash(index < m_evidence.streams.size() ? m_evidence.streams[index]
                                                             : m_evidence.models[index].value);

    std::vector<std::vector<double>> satisfiedInSegment(m_evidence.segments.size());
    for (std::size_t p = 0; p < prompts; ++p)
        satisfiedInSegment[m_evidence.segmentOf[p]].push_back(columns.satisfied[p]);
    const double overall = meanOf(columns.satisfied);
    model.satisfied = columns.satisfied;
    model.range.resize(prompts);
    for (std::size_t s = 0; s < m_evidence.segments.size(); ++s) {
        const double inSegment = meanOf(satisfiedInSegment[s]);
        const auto segmentBegin = static_cast<std::uint32_t>(model.samples.size());
        for (std::size_t p = 0; p < prompts; ++p) {
            if (m_evidence.segmentOf[p] != s)
                continue;
            if (std::isnan(model.satisfied[p]))
                model.satisfied[p] = std::isnan(inSegment) ? overall : inSegment;
            model.range[p].first = static_cast<std::uint32_t>(model.samples.size());
            model.samples.insert(model.samples.end(), columns.samples[p].begin(),
                                 columns.samples[p].end());
            model.range[p].second = static_cast<std::uint32_t>(model.samples.size());
        }
        const auto segmentEnd = static_cast<std::uint32_t>(model.samples.size());
        for (std::size_t p = 0; p < prompts; ++p) {
            if (m_evidence.segmentOf[p] == s && model.range[p].first == model.range[p].second)
                model.range[p] = {segmentBegin, segmentEnd};
        }
    }
    fillMissingNumbers(model.samples);
    const auto everything = std::pair(0U, static_cast<std::uint32_t>(model.samples.size()));
    for (auto& range : model.range) {
        if (range.first == range.second)
            range = everything;
    }
    // A failure without a clock is taken to show when an answer would have begun.
    model.failingMs = columns.failingMs;
    if (model.failingMs.empty() && !model.samples.empty())
        model.failingMs.push_back(
            empiricalQuantile(knownOf(model.samples, &AnswerSample::firstTokenMs), 0.5));
}

double ReplayGround::satisfied(std::size_t model, std::uint32_t prompt) const
{
    return prompt == kNoPrompt ? kMissing : m_models[model].satisfied[prompt];
}

std::span<const AnswerSample> ReplayGround::samples(std::size_t model, std::uint32_t prompt) const
{
    if (prompt == kNoPrompt)
        return {};
    const auto [begin, end] = m_models[model].range[prompt];
    return std::span(m_models[model].samples).subspan(begin, end - begin);
}

const std::vector<double>& ReplayGround::failingMs(std::size_t model) const
{
    return m_models[model].failingMs;
}

/// How one attempt goes if left alone; NaN where the evidence cannot say.
struct PlanReplay::Course
{
    bool fails = false;
    double firstTokenMs = kMissing;
    double totalMs = kMissing;
    double outputTokens = kMissing;
    const AnswerSample* sample = nullptr; ///< the answer that is replayed
};

/// A cascade's test, made on every recorded answer once.
struct PlanReplay::Check
{
    const Acceptance* accept = nullptr;
    std::vector<std::vector<bool>> passes; ///< per evidence model, per sample; empty: all
};

PlanReplay::Key PlanReplay::keyOf(const Plan& plan, const PolicyDocument& document,
                                  std::uint64_t seed, int outageMinutes)
{
    Key key{plan, {}, seed, outageMinutes};
    for (const ModelId& id : modelsOf(plan)) {
        const ModelSpec* spec = document.findModel(id);
        key.models.push_back(spec ? Key::Model{id, spec->price, spec->styleGuide}
                                  : Key::Model{id, std::nullopt, {}});
    }
    return key;
}

PlanReplay::~PlanReplay() = default;

PlanReplay::PlanReplay(Key key, const ReplayGround& ground)
    : m_key(std::move(key)), m_ground(&ground), m_rows(ground.traffic().rowCount()),
      m_costs(ground.traffic().rowCount() * m_key.models.size(), 0)
{
    for (const Key::Model& model : m_key.models) {
        m_evidenceModel.push_back(ground.evidence().modelIndex(model.id));
        m_guideTokens.push_back(estimatedTokens(model.styleGuide));
    }
    forEachCall(m_key.plan, [this](const Call& call) {
        if (!call.overrides.isNone())
            m_overriding.push_back(&call);
    });
    prepareChecks();
}

void PlanReplay::prepareChecks()
{
    forEachPlanNode(m_key.plan, [this](const Plan& node) {
        const auto* cascade = std::get_if<Cascade>(&node.node);
        if (!cascade)
            return;
        Check check = {&cascade->accept, {}};
        if (const auto test = AnswerCheck::compile(cascade->accept)) {
            check.passes.resize(m_ground->evidence().models.size());
            for (const int model : m_evidenceModel) {
                if (model < 0)
                    continue;
                std::vector<bool>& passes = check.passes[static_cast<std::size_t>(model)];
                passes.clear();
                for (const AnswerSample& sample :
                     m_ground->everySample(static_cast<std::size_t>(model)))
                    passes.push_back(!sample.text || test->passes(*sample.text));
            }
        }
        m_checks.push_back(std::move(check));
    });
}

void PlanReplay::checkAnswer(std::size_t row, std::size_t model, const AttemptAsked& asked,
                             const Course& course, SimulatedAttempt& attempt, bool& timed) const
{
    const auto check = std::ranges::find(m_checks, asked.accept, &Check::accept);
    if (check == m_checks.end() || !course.sample)
        return;
    const auto known = static_cast<std::size_t>(m_evidenceModel[model]);
    const auto place =
        static_cast<std::size_t>(course.sample - m_ground->everySample(known).data());
    if (const auto& passes = check->passes[known]; !passes.empty())
        attempt.isAccepted = passes[place];
    const auto& verifier = asked.accept->verifier;
    if (!verifier || !attempt.isAccepted)
        return;
    const std::size_t judge = indexOf(verifier->model);
    const Course verdict = courseOf(row, judge, 0);
    timed &= !std::isnan(verdict.firstTokenMs);
    attempt.checkMs = std::isnan(verdict.firstTokenMs) ? 0 : verdict.firstTokenMs;
    if (verdict.fails || std::isnan(course.sample->satisfied))
        return;
    const bool isGood = course.sample->satisfied >= 0.5;
    const double rejects =
        isGood ? verifier->falseAlarms.value_or(0) : verifier->catches.value_or(0);
    attempt.isAccepted = !drawFor(m_key.seed, row, m_ground->modelKey(known) ^ streamOf(judge),
                                  kVerdictDraw + static_cast<std::uint64_t>(asked.nth))
                              .chance(rejects);
}

std::int64_t PlanReplay::verifierCost(std::size_t row, const AttemptRecord& record) const
{
    const Verifier& verifier = *record.accept->verifier;
    const std::size_t judge = indexOf(verifier.model);
    const std::optional<Price>& price = m_key.models[judge].price;
    const Course checked =
        limited(courseOf(row, indexOf(record.model), record.modelAttempt), *record.call);
    if (!price || std::isnan(checked.outputTokens))
        return kUnknownCost;
    // It reads the request and the answer, and says one word.
    const std::int64_t read = m_ground->inputTokens(row) + std::llround(checked.outputTokens) +
                              estimatedTokens(verifier.instruction);
    const auto input = checkedProduct(price->inputPerToken, read);
    const auto both = input ? checkedSum(*input, price->outputPerToken) : std::nullopt;
    return both ? both->pico : kUnknownCost;
}

std::size_t PlanReplay::indexOf(const ModelId& model) const
{
    const auto found = std::ranges::find(m_key.models, model, &Key::Model::id);
    return static_cast<std::size_t>(found - m_key.models.begin());
}

/// Of a model that nothing is known of too.
std::uint64_t PlanReplay::streamOf(std::size_t model) const
{
    const int known = m_evidenceModel[model];
    return known < 0 ? stableHash(m_key.models[model].id.value)
                     : m_ground->modelKey(static_cast<std::size_t>(known));
}

bool PlanReplay::fails(std::size_t row, std::size_t evidenceModel) const
{
    std::uint64_t unit = row;
    if (m_key.outageMinutes > 0) {
        // Requests of the same stretch of time share their luck; without clocks, conversations do.
        const Traffic& traffic = m_ground->traffic();
        unit = traffic.timeMs[row] > 0
                   ? static_cast<std::uint64_t>(traffic.timeMs[row] /
                                                (m_key.outageMinutes * kMinuteMs))
                   : traffic.conversationOf[row];
    }
    const double share = m_ground->evidence().columns[evidenceModel].failureShare;
    return drawFor(m_key.seed, unit, m_ground->modelKey(evidenceModel), kFailureDraw).chance(share);
}

PlanReplay::Course PlanReplay::courseOf(std::size_t row, std::size_t model, int attempt) const
{
    Course course;
    if (m_evidenceModel[model] < 0)
        return course;
    const auto known = static_cast<std::size_t>(m_evidenceModel[model]);
    course.fails = fails(row, known);
    Random random = drawFor(m_key.seed, row, m_ground->modelKey(known),
                            kFirstAttemptDraw + static_cast<std::uint64_t>(attempt));
    if (course.fails) {
        const std::vector<double>& times = m_ground->failingMs(known);
        if (!times.empty())
            course.firstTokenMs = course.totalMs = times[random.below(times.size())];
        return course;
    }
    const auto samples = m_ground->samples(known, m_ground->prompt(row));
    if (!samples.empty()) {
        const AnswerSample& sample = samples[random.below(samples.size())];
        course = {false, sample.firstTokenMs, sample.totalMs, sample.outputTokens, &sample};
    }
    return course;
}

/// The course under the call's own limit of tokens: the answer ends there, as long as it took to
/// write so much of it.
PlanReplay::Course PlanReplay::limited(Course course, const Call& call)
{
    const std::optional<int>& most = call.overrides.maxTokens;
    if (course.fails || !most || !(course.outputTokens > *most))
        return course;
    const double share = *most / course.outputTokens;
    course.totalMs = course.firstTokenMs + share * (course.totalMs - course.firstTokenMs);
    course.outputTokens = *most;
    return course;
}

std::int64_t PlanReplay::costOf(std::size_t row, const AttemptRecord& record,
                                std::size_t model) const
{
    const std::optional<Price>& price = m_key.models[model].price;
    if (!price)
        return kUnknownCost;
    const Course course = limited(courseOf(row, model, record.modelAttempt), *record.call);
    const auto input =
        checkedProduct(price->inputPerToken, m_ground->inputTokens(row) +
                                                 guideTokens(m_guideTokens[model], *record.call));
    if (!input)
        return kUnknownCost;
    if (course.fails) {
        const bool isFree = record.failure && isTurnedAway(*record.failure);
        return isFree ? 0 : input->pico;
    }
    const double elapsed = record.endMs - record.startMs;
    double share = 1; // of the output that was written before the attempt was stopped
    if (!record.delivered || record.cancelled || record.failure)
        share = elapsed <= course.firstTokenMs ? 0
                : elapsed >= course.totalMs
                    ? 1
                    : (elapsed - course.firstTokenMs) / (course.totalMs - course.firstTokenMs);
    if (share == 0)
        return input->pico;
    if (std::isnan(course.outputTokens))
        return kUnknownCost;
    const std::int64_t tokens = std::llround(std::ceil(share * course.outputTokens - 1e-9));
    const auto output = checkedProduct(price->outputPerToken, tokens);
    const auto both = output ? checkedSum(*input, *output) : std::nullopt;
    return both ? both->pico : kUnknownCost;
}

std::int64_t PlanReplay::totalCost(std::size_t row) const
{
    Money total;
    for (std::size_t model = 0; model < m_key.models.size(); ++model) {
        const std::int64_t part = cost(row, model);
        const auto sum = part == kUnknownCost ? std::nullopt : checkedSum(total, Money{part});
        if (!sum)
            return kUnknownCost;
        total = *sum;
    }
    return total.pico;
}

void PlanReplay::ensure(std::size_t row, PlanSimulator& simulator)
{
    Row& result = m_rows[row];
    if (result.known)
        return;
    result.known = true;
    struct Seen
    {
        const PlanReplay& replay;
        std::size_t row;
        FailurePattern pattern = 0;
        bool timed = true;
    } seen{*this, row};
    const PlanOutcome& outcome = simulator.run([&seen](const AttemptAsked& asked) {
        return seen.replay.simulate(seen.row, asked, seen.pattern, seen.timed);
    });
    result.pattern = seen.pattern;
    if (outcome.answered)
        result.served = static_cast<std::int16_t>(indexOf(outcome.servedBy));
    // An answer that never comes is not quick because its failure is: it never begins.
    result.firstTokenMs = !seen.timed        ? std::numeric_limits<float>::quiet_NaN()
                          : outcome.answered ? static_cast<float>(outcome.firstTokenMs)
                                             : std::numeric_limits<float>::infinity();
    result.tail = outcome.attempts.empty() || !outcome.attempts.front().delivered;
    const auto charge = [this, row](std::size_t model, std::int64_t amount) {
        std::int64_t& cost = m_costs[row * m_key.models.size() + model];
        const bool isKnown = cost != kUnknownCost && amount != kUnknownCost;
        const auto sum = isKnown ? checkedSum(Money{cost}, Money{amount}) : std::nullopt;
        cost = sum ? sum->pico : kUnknownCost;
    };
    bool isChosen = false; // by a cascade's test, among others
    for (const AttemptRecord& record : outcome.attempts) {
        const std::size_t model = indexOf(record.model);
        charge(model, costOf(row, record, model));
        const bool wasVerified = record.accepted && record.accept->verifier;
        if (wasVerified)
            charge(indexOf(record.accept->verifier->model), verifierCost(row, record));
        isChosen |= record.accepted.has_value();
        if (!record.delivered || !outcome.answered)
            continue;
        const auto asked = std::ranges::find_if(
            m_overriding, [&](const Call* call) { return *call == *record.call; });
        if (asked != m_overriding.end())
            result.overriding = static_cast<std::int16_t>(asked - m_overriding.begin());
        if (isChosen) {
            const Course course = courseOf(row, model, record.modelAttempt);
            if (course.sample)
                result.satisfied = static_cast<float>(course.sample->satisfied);
        }
    }
}

SimulatedAttempt PlanReplay::simulate(std::size_t row, const AttemptAsked& asked,
                                      FailurePattern& pattern, bool& timed) const
{
    const std::size_t model = indexOf(asked.call.model);
    const Course course = limited(courseOf(row, model, asked.nth), asked.call);
    const int known = m_evidenceModel[model];
    if (known >= 0 && static_cast<std::size_t>(known) < kPatternModels)
        pattern |= FailurePattern{course.fails ? 2U : 1U} << (2 * known);
    // A model that nobody has heard is taken to answer at once; its latency stays unknown.
    timed &= !std::isnan(course.firstTokenMs);
    SimulatedAttempt result;
    result.firstTokenMs = std::isnan(course.firstTokenMs) ? 0 : course.firstTokenMs;
    result.totalMs = std::isnan(course.totalMs) ? 0 : course.totalMs;
    if (course.fails)
        result.failure = m_ground->evidence().columns[static_cast<std::size_t>(known)].failureKind;
    else if (asked.accept)
        checkAnswer(row, model, asked, course, result, timed);
    return result;
}

} // namespace signalbox
