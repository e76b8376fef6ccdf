// SPDX-License-Identifier: Apache-2.0
#include "behaviour_diff.h"

#include "behaviour_columns.h"
#include "number_text.h"
#include "projection_builder.h"

#include <core/policy/renames.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr double kSame = 1e-9; ///< outcomes that differ by less are equal

bool isSameAddress(const ModelSpec& a, const ModelSpec& b)
{
    return a.provider == b.provider && a.upstreamModel == b.upstreamModel && a.baseUrl == b.baseUrl;
}

/// The models of both documents, each once.
/// @param named  the earlier document with the later one's ids
std::vector<BehaviourModel> modelsOf(const PolicyDocument& named, const PolicyDocument& before,
                                     const PolicyDocument& after)
{
    const auto isTold = [](const ModelSpec& model, const PolicyDocument& other) {
        const ModelSpec* const twin = other.findModel(model.id);
        return !twin || isSameAddress(*twin, model);
    };
    const auto nameOfModel = [&](const ModelSpec& model, const PolicyDocument& other) {
        return isTold(model, other) ? model.id.value
                                    : model.id.value + " (" + model.upstreamModel + ')';
    };
    std::vector<BehaviourModel> models;
    for (std::size_t i = 0; i < after.models.size(); ++i) {
        const ModelSpec& model = after.models[i];
        models.push_back({nameOfModel(model, named), model.id, -1, static_cast<int>(i), 0, 0, 0});
    }
    for (std::size_t i = 0; i < named.models.size(); ++i) {
        const ModelSpec& model = named.models[i];
        const auto same = std::ranges::find_if(models, [&](const BehaviourModel& known) {
            return known.after >= 0 && known.before < 0 && known.id == model.id &&
                   isSameAddress(after.models[static_cast<std::size_t>(known.after)], model);
        });
        if (same != models.end())
            same->before = static_cast<int>(i);
        else
            models.push_back(
                {nameOfModel(model, after), before.models[i].id, static_cast<int>(i), -1, 0, 0, 0});
    }
    return models;
}

/// Replays one side into columns of its own.
class Columns
{
public:
    Columns(const PolicyDocument& document, const ReplayGround& ground, std::vector<int> modelOf)
        : m_document(document), m_ground(ground), m_modelOf(std::move(modelOf))
    {}

    BehaviourColumns of(const ReplayedPolicy& replayed) const
    {
        BehaviourColumns columns;
        columns.rule = replayed.rule;
        columns.plan = replayed.plan;
        for (const Rule& rule : m_document.rules)
            columns.ruleName.push_back(rule.id.value);
        for (const PlanReplay* replay : replayed.replays)
            columns.keys.push_back(replay ? replay->key() : PlanReplay::Key());
        for (std::size_t row = 0; row < replayed.rule.size(); ++row) {
            columns.tier.push_back(modelAt(replayed.tier[row]));
            columns.served.push_back(modelAt(replayed.served(row)));
            columns.cost.push_back(replayed.cost(row));
        }
        columns.measured = measuredRowsOf(replayed, m_document, m_ground);
        return columns;
    }

private:
    [[nodiscard]] int modelAt(std::int32_t index) const
    {
        const bool isModel = index >= 0 && static_cast<std::size_t>(index) < m_modelOf.size();
        return isModel ? m_modelOf[static_cast<std::size_t>(index)] : ReplayedRows::kUnanswered;
    }

    const PolicyDocument& m_document;
    const ReplayGround& m_ground;
    std::vector<int> m_modelOf; ///< BehaviourDiff::models of each of the document's
};

/// What a comparison's slices are counted and estimated from.
struct SliceCounts
{
    std::size_t conversations = 0;
    std::uint32_t lastConversation = 0xffffffff;
    std::vector<std::uint8_t> prompts;        ///< seen
    std::vector<std::uint8_t> promptsChanged; ///< of requests that another model answers
    bool anyLoss = false;                     ///< a request fares worse than before
    bool anyGain = false;
    std::size_t movedSeams = 0; ///< its answers that meet another voice than before, or none

    static std::size_t number(const std::vector<std::uint8_t>& seen)
    {
        return static_cast<std::size_t>(std::ranges::count(seen, 1));
    }
};

/// Sums of money that may be unknown or too large.
class CostSum
{
public:
    void add(std::int64_t pico)
    {
        m_sum = m_sum && pico != PlanReplay::kUnknownCost ? checkedSum(*m_sum, Money{pico})
                                                          : std::nullopt;
    }
    [[nodiscard]] std::optional<Money> sum() const { return m_sum; }

private:
    std::optional<Money> m_sum = Money{};
};

/// Middle 95 % of the draws, as many left out on either side, so that negated draws give the
/// negated interval. NaN draws are left out.
void setInterval(Estimate& estimate, std::vector<double> drawn)
{
    std::erase_if(drawn, [](double value) { return !std::isfinite(value); });
    if (drawn.empty())
        return;
    std::ranges::sort(drawn);
    const std::size_t outside =
        static_cast<std::size_t>(std::floor(0.025 * static_cast<double>(drawn.size())));
    estimate.low = std::min(estimate.value, drawn[outside]);
    estimate.high = std::max(estimate.value, drawn[drawn.size() - 1 - outside]);
}

/// One comparison in the making: two replayed policies, and what both rest on.
class BehaviourBuilder
{
public:
    BehaviourBuilder(BehaviourPair pair, const Traffic& traffic, const EvidenceTable& evidence)
        : m_pair(std::move(pair)), m_traffic(traffic), m_evidence(evidence),
          m_changes(changeRows()), m_before(beforeRows()), m_changeMeasures(m_changes),
          m_beforeMeasures(m_before), m_changeSlices(m_changeMeasures.sliceCount()),
          m_beforeSlices(m_beforeMeasures.sliceCount())
    {
        m_changeMeasures.evaluate(m_changeMeasures.plainWeights(), m_changeSlices);
        m_beforeMeasures.evaluate(m_beforeMeasures.plainWeights(), m_beforeSlices);
    }

    /// Each draw weighs both sides alike: the same conversations, prompts and failures. False if
    /// stopped.
    bool drawResamples(const EvidenceTable& evidenceBefore, const ProjectionOptions& options)
    {
        const bool reweigh = options.outageMinutes == 0;
        m_changeDraws = resample(m_changeMeasures, m_changes, m_evidence, options.draws,
                                 options.seed, options.stop, reweigh);
        m_beforeDraws = resample(m_beforeMeasures, m_before, evidenceBefore, options.draws,
                                 options.seed, options.stop, reweigh);
        return m_changeDraws.draws == options.draws && m_beforeDraws.draws == options.draws;
    }

    BehaviourDiff build(std::vector<BehaviourModel> models)
    {
        BehaviourDiff diff;
        diff.traffic = m_traffic.name;
        diff.syntheticTraffic = m_traffic.synthetic;
        diff.simulatedAnswers = m_evidence.simulated;
        diff.requests = m_traffic.rowCount();
        diff.conversations = m_changes.conversations;
        diff.answers = m_evidence.answers;
        diff.quick = m_changeDraws.draws == 0;
        diff.models = std::move(models);
        count();
        addServed(diff);
        diff.total = sliceOf(0, {});
        for (std::size_t s = 0; s < m_changes.segments; ++s) {
            const std::size_t slice = m_changeMeasures.segmentSlice(s);
            if (m_slices[slice].requests > 0)
                diff.segments.push_back(
                    sliceOf(slice, s < m_traffic.segments.size() ? m_traffic.segments[s] : ""));
        }
        diff.p50Ms = levels(0, &SliceMeasures::p50Ms, allOnOneCourse(0));
        addConversations(diff);
        diff.flows = flowsOf(m_pair, m_traffic);
        return diff;
    }

private:
    // The bootstrap weighs five numbers of a row. One pass carries the changes beside the seams and
    // times of the later policy, another one the seams and times of the earlier.

    [[nodiscard]] MeasuredRows changeRows() const
    {
        MeasuredRows rows = oneTier(m_pair.after.measured);
        const MeasuredRows& before = m_pair.before.measured;
        for (std::size_t row = 0; row < rows.rowCount(); ++row) {
            rows.cost[row] = m_pair.costChange(row);
            rows.satisfied[row] = m_pair.satisfiedChange(row);
        }
        rows.baselineCost = before.cost;
        rows.baselineSatisfied = before.satisfied;
        return rows;
    }

    [[nodiscard]] MeasuredRows beforeRows() const { return oneTier(m_pair.before.measured); }

    /// Tiers are the policies' own, and nothing is asked about them here.
    [[nodiscard]] static MeasuredRows oneTier(MeasuredRows rows)
    {
        rows.tiers = 1;
        std::ranges::fill(rows.tier, std::uint16_t{0});
        return rows;
    }

    template<class Count> void forSlicesOf(std::size_t row, const Count& count)
    {
        count(std::size_t{0});
        count(m_changeMeasures.segmentSlice(m_changes.segment[row]));
    }

    void count()
    {
        const std::size_t slices = m_changeMeasures.sliceCount();
        m_slices.resize(slices);
        m_counts.resize(slices);
        m_costBefore.resize(slices);
        m_costAfter.resize(slices);
        m_costChange.resize(slices);
        for (SliceCounts& counts : m_counts) {
            counts.prompts.assign(m_changes.prompts, 0);
            counts.promptsChanged.assign(m_changes.prompts, 0);
        }
        for (std::size_t row = 0; row < m_changes.rowCount(); ++row)
            forSlicesOf(row, [&](std::size_t slice) { countRow(slice, row); });
    }

    void countRow(std::size_t at, std::size_t row)
    {
        BehaviourSlice& slice = m_slices[at];
        SliceCounts& counts = m_counts[at];
        const BehaviourColumns& before = m_pair.before;
        const BehaviourColumns& after = m_pair.after;
        ++slice.requests;
        slice.ruleChanged += m_pair.changesRule(row);
        slice.tierChanged += before.tier[row] != after.tier[row];
        slice.modelChanged += m_pair.changesModel(row);
        slice.courseChanged += m_pair.changesCourse(row);
        slice.seamsBefore += before.isSeam(row);
        slice.seamsAfter += after.isSeam(row);
        slice.seamsGained += after.isSeam(row) && !before.isSeam(row);
        slice.seamsLost += before.isSeam(row) && !after.isSeam(row);
        m_costBefore[at].add(before.cost[row]);
        m_costAfter[at].add(after.cost[row]);
        const double change = m_pair.costChange(row);
        m_costChange[at].add(std::isnan(change) ? PlanReplay::kUnknownCost : std::llround(change));
        counts.movedSeams += voiceStep(before, row) != voiceStep(after, row);
        if (m_changes.conversation[row] != counts.lastConversation) {
            counts.lastConversation = m_changes.conversation[row];
            ++counts.conversations;
        }
        const double satisfied = m_pair.satisfiedChange(row);
        counts.anyLoss |= satisfied < -kSame;
        counts.anyGain |= satisfied > kSame;
        if (const std::uint32_t prompt = m_changes.prompt[row]; prompt != ReplayGround::kNoPrompt) {
            counts.prompts[prompt] = 1;
            if (m_pair.changesModel(row))
                counts.promptsChanged[prompt] = 1;
        }
    }

    /// Whose voice is heard after whose: what the consistency of a row rests on.
    [[nodiscard]] static std::pair<int, int> voiceStep(const BehaviourColumns& side,
                                                       std::size_t row)
    {
        const std::int32_t previous = side.measured.previous[row];
        if (previous < 0)
            return {-1, -1};
        return {side.served[static_cast<std::size_t>(previous)], side.served[row]};
    }

    void addServed(BehaviourDiff& diff) const
    {
        for (std::size_t row = 0; row < m_changes.rowCount(); ++row) {
            const int from = m_pair.before.served[row];
            const int to = m_pair.after.served[row];
            ++(from < 0 ? diff.unansweredBefore
                        : diff.models[static_cast<std::size_t>(from)].servedBefore);
            ++(to < 0 ? diff.unansweredAfter
                      : diff.models[static_cast<std::size_t>(to)].servedAfter);
            if (from == to && from >= 0)
                ++diff.models[static_cast<std::size_t>(from)].stayed;
        }
    }

    void addConversations(BehaviourDiff& diff) const
    {
        std::vector<int> gained(m_changes.conversations, 0);
        for (std::size_t row = 0; row < m_changes.rowCount(); ++row)
            gained[m_changes.conversation[row]] +=
                static_cast<int>(m_pair.after.isSeam(row)) - m_pair.before.isSeam(row);
        diff.conversationsGaining = static_cast<std::size_t>(
            std::ranges::count_if(gained, [](int seams) { return seams > 0; }));
        diff.conversationsLosing = static_cast<std::size_t>(
            std::ranges::count_if(gained, [](int seams) { return seams < 0; }));
    }

    [[nodiscard]] BehaviourSlice sliceOf(std::size_t at, std::string name) const
    {
        BehaviourSlice slice = m_slices[at];
        slice.name = std::move(name);
        slice.costBefore = m_costBefore[at].sum();
        slice.costAfter = m_costAfter[at].sum();
        slice.costChange = m_costChange[at].sum();
        const double requests = static_cast<double>(slice.requests);
        const auto perThousand = [&](const std::optional<Money>& cost) {
            return cost ? std::optional(cost->usd() / requests * 1000) : std::nullopt;
        };
        slice.costPer1k = {perThousand(slice.costBefore), perThousand(slice.costAfter),
                           changeOf(at, [](const SliceMeasures& changes, const SliceMeasures&) {
                               return changes.cost * 1000;
                           })};
        slice.costChangeShare =
            changeOf(at, [](const SliceMeasures& changes, const SliceMeasures&) {
                return changes.baselineCost > 0 ? changes.cost / changes.baselineCost : kMissing;
            });
        slice.satisfaction = satisfactionOf(at);
        slice.p95Ms = levels(at, &SliceMeasures::p95Ms, allOnOneCourse(at));
        slice.consistency = levels(at, &SliceMeasures::consistency,
                                   m_pair.oneEvidence && m_counts[at].movedSeams == 0);
        return slice;
    }

    /// @param valueOf  of the change's measures and those of before
    template<class ValueOf>
    [[nodiscard]] std::optional<Estimate> changeOf(std::size_t at, const ValueOf& valueOf) const
    {
        const double value = valueOf(m_changeSlices[at], m_beforeSlices[at]);
        if (!std::isfinite(value))
            return std::nullopt;
        Estimate change{value, value, value, m_counts[at].conversations};
        std::vector<double> drawn;
        for (std::size_t draw = 0; draw < m_changeDraws.draws; ++draw)
            drawn.push_back(valueOf(m_changeDraws.at(draw)[at], m_beforeDraws.at(draw)[at]));
        setInterval(change, std::move(drawn));
        return change;
    }

    /// A number of which each side has its own.
    /// @param isEqual  it is the same on both, known or not
    [[nodiscard]] BeforeAfter levels(std::size_t at, double SliceMeasures::* member,
                                     bool isEqual) const
    {
        const auto known = [](double value) {
            return std::isfinite(value) ? std::optional(value) : std::nullopt;
        };
        const auto change = [member](const SliceMeasures& after, const SliceMeasures& before) {
            return after.*member - before.*member;
        };
        return {known(m_beforeSlices[at].*member), known(m_changeSlices[at].*member),
                isEqual ? std::optional(Estimate{0, 0, 0, m_counts[at].conversations})
                        : changeOf(at, change)};
    }

    [[nodiscard]] bool allOnOneCourse(std::size_t at) const
    {
        for (std::size_t row = 0; row < m_changes.rowCount(); ++row) {
            const bool isInside =
                at == 0 || m_changeMeasures.segmentSlice(m_changes.segment[row]) == at;
            if (isInside && !m_pair.sameCourse[row])
                return false;
        }
        return true;
    }

    /// A bootstrap cannot draw what was never seen: where no request fares worse (or better) on n
    /// prompts that another model answers, up to 3/n of them may.
    [[nodiscard]] BeforeAfter satisfactionOf(std::size_t at) const
    {
        const SliceMeasures& changes = m_changeSlices[at];
        const SliceMeasures& before = m_beforeSlices[at];
        BeforeAfter result;
        if (!std::isnan(before.satisfied))
            result.before = before.satisfied;
        if (const double after = meanSatisfiedAfter(at); !std::isnan(after))
            result.after = after;
        result.change = changeOf(
            at, [](const SliceMeasures& change, const SliceMeasures&) { return change.satisfied; });
        if (!result.change)
            return result;
        const SliceCounts& counts = m_counts[at];
        result.change->n = SliceCounts::number(counts.prompts);
        const std::size_t prompts = SliceCounts::number(counts.promptsChanged);
        if (m_changeDraws.draws == 0 || prompts == 0)
            return result;
        const double share = static_cast<double>(m_slices[at].modelChanged) /
                             static_cast<double>(m_slices[at].requests);
        const double unseen = share * std::min(1.0, 3.0 / static_cast<double>(prompts));
        if (!counts.anyLoss)
            result.change->low = std::min(result.change->low, changes.satisfied - unseen);
        if (!counts.anyGain)
            result.change->high = std::max(result.change->high, changes.satisfied + unseen);
        return result;
    }

    [[nodiscard]] double meanSatisfiedAfter(std::size_t at) const
    {
        double sum = 0;
        double count = 0;
        for (std::size_t row = 0; row < m_changes.rowCount(); ++row) {
            if (at == 0 || m_changeMeasures.segmentSlice(m_changes.segment[row]) == at) {
                sum += m_pair.after.measured.satisfied[row];
                ++count;
            }
        }
        return count > 0 ? sum / count : kMissing;
    }

    BehaviourPair m_pair;
    const Traffic& m_traffic;
    const EvidenceTable& m_evidence;
    MeasuredRows m_changes;
    MeasuredRows m_before;
    WeightedMeasures m_changeMeasures;
    WeightedMeasures m_beforeMeasures;
    std::vector<SliceMeasures> m_changeSlices;
    std::vector<SliceMeasures> m_beforeSlices;
    Resamples m_changeDraws;
    Resamples m_beforeDraws;
    std::vector<BehaviourSlice> m_slices;
    std::vector<SliceCounts> m_counts;
    std::vector<CostSum> m_costBefore;
    std::vector<CostSum> m_costAfter;
    std::vector<CostSum> m_costChange;
};

/// A failure that either side saw weighs the row for both.
void sharePatterns(MeasuredRows& before, MeasuredRows& after)
{
    std::unordered_map<FailurePattern, std::uint16_t> numbers;
    std::vector<FailurePattern> patterns;
    for (std::size_t row = 0; row < after.rowCount(); ++row) {
        const FailurePattern pattern =
            before.patterns[before.pattern[row]] | after.patterns[after.pattern[row]];
        const auto [entry, isNew] =
            numbers.emplace(pattern, static_cast<std::uint16_t>(patterns.size()));
        if (isNew)
            patterns.push_back(pattern);
        before.pattern[row] = after.pattern[row] = entry->second;
    }
    before.patterns = patterns;
    after.patterns = std::move(patterns);
}

bool isAsked(const BehaviourColumns& side, const ModelId& id)
{
    return std::ranges::any_of(side.keys, [&](const PlanReplay::Key& key) {
        return std::ranges::find(key.models, id, &PlanReplay::Key::Model::id) != key.models.end();
    });
}

/// Why a number is missing: models that are asked and whose price or answers nobody knows.
std::vector<std::string> notesOf(const BehaviourColumns& side, const PolicyDocument& document,
                                 const EvidenceTable& evidence)
{
    std::vector<std::string> notes;
    for (const ModelSpec& model : document.models) {
        if (!isAsked(side, model.id))
            continue;
        const std::string name = '"' + model.id.value + '"';
        if (!model.price)
            notes.push_back("The price of " + name + " is unknown.");
        if (evidence.modelIndex(model.id) < 0)
            notes.push_back("No answers of " + name +
                            " are recorded: its latency, cost and quality are unknown.");
    }
    for (std::size_t pair = 1; pair < side.measured.noticeability.size(); ++pair) {
        const std::size_t known = side.measured.evidencePair[pair];
        const std::size_t n = known == MeasuredRows::kNoPair ? 0 : evidence.voices.pairs[known].n;
        if (n < kVerdictPrompts)
            notes.push_back("Some voices that meet in one conversation were compared on " +
                            countOf(n, "prompt", "prompts") +
                            " only; small samples look falsely consistent.");
    }
    return notes;
}

/// The earlier document as it is replayed: under the later one's ids, but for models whose answers
/// are recorded under the old one only.
PolicyDocument calledAlike(const PolicyDocument& before, std::vector<Rename> renames,
                           const EvidenceTable& evidence)
{
    std::erase_if(renames, [&](const Rename& rename) {
        return rename.kind == Rename::Kind::Model && evidence.modelIndex(ModelId(rename.after)) < 0;
    });
    return withRenames(before, renames);
}

} // namespace

std::optional<std::vector<ModelSpec>> commonEvidenceModels(const PolicyDocument& before,
                                                           const PolicyDocument& after)
{
    if (!(before.answerStyle == after.answerStyle))
        return std::nullopt;
    std::vector<ModelSpec> models = after.models;
    for (const ModelSpec& model : before.models) {
        const auto same = std::ranges::find(models, model.id, &ModelSpec::id);
        if (same == models.end())
            models.push_back(model);
        else if (!isSameAddress(*same, model) || same->styleGuide != model.styleGuide)
            return std::nullopt;
    }
    return models;
}

Result<BehaviourDiff> behaviourDiff(const BehaviourSubject& before, const BehaviourSubject& after,
                                    const ProjectionOptions& options)
{
    Projector::Impl& first = *before.projector.m_impl;
    Projector::Impl& second = *after.projector.m_impl;
    if (first.traffic != second.traffic)
        return fail(ErrorCode::InvalidArgument,
                    "The policies are replayed over different traffic.");
    if (first.traffic->rowCount() == 0)
        return fail(ErrorCode::InvalidArgument, "The traffic holds no requests.", {},
                    "open a traffic file with at least one request");
    const std::vector<Rename> renames = renamesBetween(before.document, after.document);
    const PolicyDocument called = calledAlike(before.document, renames, *first.evidence);
    const PolicyDocument named = withRenames(before.document, renames);
    std::vector<BehaviourModel> models = modelsOf(named, called, after.document);
    std::vector<int> modelBefore(called.models.size(), ReplayedRows::kUnanswered);
    std::vector<int> modelAfter(after.document.models.size(), ReplayedRows::kUnanswered);
    for (std::size_t i = 0; i < models.size(); ++i) {
        if (models[i].before >= 0)
            modelBefore[static_cast<std::size_t>(models[i].before)] = static_cast<int>(i);
        if (models[i].after >= 0)
            modelAfter[static_cast<std::size_t>(models[i].after)] = static_cast<int>(i);
    }

    // One after the other: what the first replay points to may be forgotten by the second.
    const auto columnsOf = [&options](Projector::Impl& impl, const PolicyDocument& document,
                                      const std::shared_ptr<const UserStyles>& styles,
                                      std::vector<int> modelOf) -> Result<BehaviourColumns> {
        ProjectionOptions own = options;
        own.styles = styles;
        const Result<ReplayedPolicy> replayed = replayPolicy(
            document, impl.ground, impl.columns, impl.replays, impl.lastCompiled, own, false);
        if (!replayed)
            return Unexpected(replayed.error());
        return Columns(document, impl.ground, std::move(modelOf)).of(*replayed);
    };
    BehaviourPair pair;
    Result<BehaviourColumns> side = columnsOf(first, called, before.styles, std::move(modelBefore));
    if (!side)
        return Unexpected(side.error());
    pair.before = std::move(*side);
    for (std::size_t i = 0; i < named.rules.size(); ++i)
        pair.before.ruleName[i] = named.rules[i].id.value;
    side = columnsOf(second, after.document, after.styles, std::move(modelAfter));
    if (!side)
        return Unexpected(side.error());
    pair.after = std::move(*side);
    pair.oneEvidence = first.evidence == second.evidence;
    pair.compareCourses();
    if (pair.oneEvidence)
        sharePatterns(pair.before.measured, pair.after.measured);

    std::vector<std::string> notes = notesOf(pair.after, after.document, *second.evidence);
    for (std::string& note : notesOf(pair.before, called, *first.evidence)) {
        if (std::ranges::find(notes, note) == notes.end())
            notes.push_back(std::move(note));
    }
    BehaviourBuilder builder(std::move(pair), *second.traffic, *second.evidence);
    if (options.draws > 0 && !builder.drawResamples(*first.evidence, options))
        return fail(ErrorCode::Cancelled, "The comparison was stopped.");
    BehaviourDiff diff = builder.build(std::move(models));
    diff.notes = std::move(notes);
    return diff;
}

} // namespace signalbox
