// SPDX-License-Identifier: Apache-2.0
#include "frontier.h"

#include "candidate_evaluator.h"
#include "frontier_measures.h"
#include "gate_margins.h"
#include "genome_search.h"
#include "pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kSearchDraws = 500; ///< of intervals that only guide the search
constexpr int kRounds = 4;                ///< of searching and projecting
constexpr std::size_t kShortlists = 2;    ///< times the points that are shown: some fall out
/// Differences below these are none: a front of points that nobody can tell apart helps nobody.
constexpr double kShareStep = 0.001;
constexpr double kLatencyStepMs = 10;

double inSteps(double value, double step)
{
    return std::isfinite(value) ? std::round(value / step) : value;
}

/// As objectives, all to be small.
Scored scoredOf(const FourNumbers& numbers, double violation)
{
    return {{inSteps(-numbers[0], kShareStep), inSteps(numbers[1], kLatencyStepMs),
             inSteps(-numbers[2], kShareStep), inSteps(-numbers[3], kShareStep)},
            violation};
}

FourNumbers fourNumbersOf(const SliceNumbers& slice)
{
    FourNumbers numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = slice.value(kFrontierMetrics[i]);
    return numbers;
}

PolicyDocument singleModelPolicy(const PolicyDocument& document, const ModelId& model)
{
    PolicyDocument single;
    single.id = document.id;
    single.name = document.name;
    single.models = document.models;
    single.baseline = document.baseline;
    single.answerStyle = document.answerStyle;
    single.gates = document.gates;
    single.otherwise = Plan{Call{model, {}, {}, {}}};
    return single;
}

/// One search: its steps, and what they share.
class FrontierFinder
{
public:
    FrontierFinder(const PolicyDocument& document, const std::shared_ptr<const Traffic>& traffic,
                   const std::shared_ptr<const EvidenceTable>& evidence,
                   CandidateEvaluator evaluator, PolicySpace space, ConversationHalves halves,
                   const FrontierOptions& options)
        : m_document(document), m_evidence(*evidence), m_options(options),
          m_evaluator(std::move(evaluator)), m_space(std::move(space)),
          m_projector(traffic, evidence), m_margins(document, traffic->segments)
    {
        m_frontier.halves = std::move(halves);
        m_frontier.seed = options.seed;
        m_frontier.knobs = m_space.knobs();
        m_frontier.spaceSize = sizeOf(m_space.genes());
    }

    [[nodiscard]] Result<Frontier> run()
    {
        if (auto done = search(); !done)
            return Unexpected(done.error());
        chooseShown();
        if (auto done = projectAll(); !done)
            return Unexpected(done.error());
        countCandidates();
        markBeaten();
        measureOptimism();
        m_frontier.measures = routingMeasuresOf(m_frontier);
        addNotes();
        return std::move(m_frontier);
    }

private:
    /// Numbers of these candidates are in the ledger afterwards.
    [[nodiscard]] Result<void> evaluate(std::span<const Genome> genomes)
    {
        std::vector<PolicyDocument> policies;
        std::vector<Genome> missing;
        for (const Genome& genome : genomes) {
            if (!m_placeOf.emplace(genome, m_genomes.size() + missing.size()).second)
                continue;
            policies.push_back(m_space.policy(genome));
            missing.push_back(genome);
        }
        auto numbers = m_evaluator.evaluate(policies);
        if (!numbers) {
            for (const Genome& genome : missing)
                m_placeOf.erase(genome);
            return Unexpected(numbers.error());
        }
        std::ranges::move(missing, std::back_inserter(m_genomes));
        std::ranges::move(*numbers, std::back_inserter(m_numbers));
        return {};
    }

    [[nodiscard]] Scored score(std::size_t candidate) const
    {
        const CandidateNumbers& numbers = m_numbers[candidate];
        if (!numbers.isPossible)
            return {unknownObjectives(), std::numeric_limits<double>::infinity()};
        return scoredOf(fourNumbersOf(numbers.total), m_margins.violation(numbers));
    }

    static std::vector<double> unknownObjectives()
    {
        return std::vector<double>(kFrontierMetrics.size(),
                                   std::numeric_limits<double>::quiet_NaN());
    }

    [[nodiscard]] std::vector<Scored> scoreAll() const
    {
        std::vector<Scored> scores;
        for (std::size_t i = 0; i < m_genomes.size(); ++i)
            scores.push_back(score(i));
        return scores;
    }

    /// Rounds of looking for candidates under what is known of the intervals, and of projecting
    /// some of the best to know more of them.
    [[nodiscard]] Result<void> search()
    {
        const bool isSmall = m_frontier.spaceSize <= static_cast<double>(m_options.most);
        std::vector<Genome> starts = {m_space.current()};
        for (int round = 0; round < kRounds; ++round) {
            if (round == 0 || !isSmall) {
                const std::size_t most = isSmall      ? m_options.most
                                         : round == 0 ? m_options.most / 2
                                                      : m_options.most / 2 / (kRounds - 1);
                if (auto done = lookFor(std::max<std::size_t>(most, 4), starts, round); !done)
                    return done;
            }
            auto chosen = shortlist();
            if (!chosen)
                return Unexpected(chosen.error());
            m_chosen = std::move(*chosen);
            if (auto done = learnFrom(m_chosen); !done)
                return done;
            starts = {m_space.current()};
            for (const std::size_t candidate : m_chosen)
                starts.push_back(m_genomes[candidate]);
        }
        m_frontier.isExhaustive = isSmall;
        return {};
    }

    [[nodiscard]] Result<void> lookFor(std::size_t most, const std::vector<Genome>& starts,
                                       int round)
    {
        GenomeSearchOptions options;
        options.seed = m_options.seed + static_cast<std::uint64_t>(round);
        options.most = most;
        options.starts = starts;
        options.stop = m_options.stop;
        options.progress = [this](std::size_t, std::size_t) {
            report(FrontierStep::Searching, m_genomes.size(), atMost());
        };
        std::optional<Error> failure;
        const auto scoreGenomes = [&](std::span<const Genome> genomes) {
            std::vector<Scored> scores;
            if (auto done = failure ? Result<void>() : evaluate(genomes); !done)
                failure = done.error();
            for (const Genome& genome : genomes)
                scores.push_back(failure ? Scored{unknownObjectives(), 0}
                                         : score(m_placeOf.at(genome)));
            return scores;
        };
        const auto found = searchGenomes(m_space.genes(), scoreGenomes, options);
        if (failure)
            return Unexpected(*failure);
        if (!found)
            return Unexpected(found.error());
        return {};
    }

    [[nodiscard]] std::size_t shortlisted() const { return kShortlists * m_options.points; }

    [[nodiscard]] std::size_t atMost() const
    {
        return static_cast<std::size_t>(
            std::min(m_frontier.spaceSize, static_cast<double>(m_options.most)));
    }

    void report(FrontierStep step, std::size_t done, std::size_t most) const
    {
        if (m_options.progress)
            m_options.progress(step, std::min(done, most), most);
    }

    /// Points of the front as it is now, or the candidates that come nearest to the gates; without
    /// settings that make no difference.
    [[nodiscard]] Result<std::vector<std::size_t>> shortlist()
    {
        const std::vector<Scored> scores = scoreAll();
        std::vector<std::size_t> front = paretoFront(scores);
        if (front.empty()) {
            std::vector<std::size_t> order(scores.size());
            std::iota(order.begin(), order.end(), 0);
            std::ranges::stable_sort(order, {}, [&](std::size_t i) { return scores[i].violation; });
            order.resize(std::min(order.size(), shortlisted()));
            front = std::move(order);
        }
        std::vector<std::size_t> list;
        for (const std::size_t candidate : thinnedFront(scores, std::move(front), shortlisted())) {
            const auto plain = simplified(candidate);
            if (!plain)
                return Unexpected(plain.error());
            if (std::ranges::find(list, *plain) == list.end())
                list.push_back(*plain);
        }
        return list;
    }

    /// The candidate with every setting back where that makes nothing worse.
    [[nodiscard]] Result<std::size_t> simplified(std::size_t candidate)
    {
        for (const std::size_t knob : m_space.turned(m_genomes[candidate])) {
            Genome genome = m_genomes[candidate];
            genome[knob] = m_space.current()[knob];
            if (auto done = evaluate(std::span(&genome, 1)); !done)
                return Unexpected(done.error());
            const std::size_t other = m_placeOf.at(genome);
            const Scored before = score(candidate);
            const Scored after = score(other);
            bool isNoWorse = after.violation <= before.violation;
            for (std::size_t i = 0; i < before.objectives.size(); ++i)
                isNoWorse &=
                    std::isnan(before.objectives[i]) || after.objectives[i] <= before.objectives[i];
            if (isNoWorse)
                candidate = other;
        }
        return candidate;
    }

    [[nodiscard]] Result<void> learnFrom(const std::vector<std::size_t>& candidates)
    {
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            if (m_projected.contains(candidates[i]))
                continue;
            auto projection =
                project(m_space.policy(m_genomes[candidates[i]]), m_frontier.halves.search,
                        std::min(kSearchDraws, m_options.draws));
            if (!projection)
                return Unexpected(projection.error());
            m_margins.learn(*projection, m_numbers[candidates[i]]);
            m_projected.emplace(candidates[i], std::move(*projection));
            report(FrontierStep::Projecting, i + 1, candidates.size());
        }
        return {};
    }

    [[nodiscard]] Result<Projection> project(const PolicyDocument& policy,
                                             const std::shared_ptr<const std::vector<bool>>& half,
                                             std::size_t draws)
    {
        ProjectionOptions options;
        options.draws = draws;
        options.seed = m_options.replaySeed;
        options.outageMinutes = m_options.outageMinutes;
        options.styles = m_options.styles;
        options.conversations = half;
        options.stop = m_options.stop;
        auto projection = m_projector.project(policy, options);
        if (projection)
            projection->costOfRow.reset(); // one number per request and point
        return projection;
    }

    /// Of all that was projected: the front of those that keep every gate on the search half with
    /// its interval; if none does, what the last round came to.
    void chooseShown()
    {
        std::vector<std::size_t> shown;
        for (const auto& [candidate, projection] : m_projected) {
            if (projection.allGatesMet())
                shown.push_back(candidate);
        }
        m_frontier.isShownOnSearch = !shown.empty();
        if (shown.empty()) {
            m_chosen = thinnedFront(scoreAll(), std::move(m_chosen), m_options.points);
            return;
        }
        std::vector<Scored> scores;
        for (const std::size_t candidate : shown)
            scores.push_back(scoredOf(fourNumbersOf(m_numbers[candidate].total), 0));
        m_chosen.clear();
        for (const std::size_t place : thinnedFront(scores, paretoFront(scores), m_options.points))
            m_chosen.push_back(shown[place]);
    }

    [[nodiscard]] Result<void> projectAll()
    {
        std::ranges::stable_sort(m_chosen, {}, [this](std::size_t candidate) {
            const double cost = m_numbers[candidate].total.costPico;
            return std::isnan(cost) ? std::numeric_limits<double>::infinity() : cost;
        });
        for (const std::size_t candidate : m_chosen) {
            FrontierChoice choice;
            choice.genome = m_genomes[candidate];
            choice.policy = m_space.policy(choice.genome);
            choice.turned = m_space.turned(choice.genome);
            choice.name = std::to_string(m_frontier.points.size() + 1);
            choice.search = std::move(m_projected.at(candidate));
            m_frontier.points.push_back(std::move(choice));
        }
        m_frontier.present.kind = FrontierChoice::Kind::Present;
        m_frontier.present.name = m_document.name;
        m_frontier.present.policy = m_document;
        m_frontier.present.genome = m_space.current();
        for (const ModelSpec& model : m_document.models) {
            if (m_evidence.modelIndex(model.id) < 0)
                continue;
            FrontierChoice choice;
            choice.kind = FrontierChoice::Kind::SingleModel;
            choice.name = model.id.value;
            choice.policy = singleModelPolicy(m_document, model.id);
            m_frontier.models.push_back(std::move(choice));
        }
        std::vector<FrontierChoice*> all = {&m_frontier.present};
        for (FrontierChoice& choice : m_frontier.models)
            all.push_back(&choice);
        for (FrontierChoice& choice : m_frontier.points)
            all.push_back(&choice);
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (auto done = projectHalves(*all[i]); !done)
                return done;
            report(FrontierStep::Projecting, i + 1, all.size());
        }
        return {};
    }

    [[nodiscard]] Result<void> projectHalves(FrontierChoice& choice)
    {
        auto reported = project(choice.policy, m_frontier.halves.report, m_options.draws);
        if (!reported)
            return Unexpected(reported.error());
        choice.report = std::move(*reported);
        if (choice.search.requests > 0)
            return {};
        auto searched = project(choice.policy, m_frontier.halves.search,
                                std::min(kSearchDraws, m_options.draws));
        if (!searched)
            return Unexpected(searched.error());
        choice.search = std::move(*searched);
        return {};
    }

    void countCandidates()
    {
        const GateMargins none(m_document, m_projector.traffic().segments);
        m_frontier.scored = m_genomes.size();
        m_frontier.projected = m_projected.size();
        for (const CandidateNumbers& numbers : m_numbers) {
            m_frontier.possible += numbers.isPossible;
            m_frontier.feasible += numbers.isPossible && none.violation(numbers) == 0;
        }
    }

    void markBeaten()
    {
        std::vector<Scored> scores;
        for (const FrontierChoice& choice : m_frontier.points)
            scores.push_back(scoredOf(signalbox::fourNumbersOf(choice.report), 0));
        for (std::size_t i = 0; i < scores.size(); ++i)
            m_frontier.points[i].isStillPareto = std::ranges::none_of(
                scores, [&](const Scored& other) { return dominates(other, scores[i]); });
    }

    void measureOptimism()
    {
        const auto optimismOf = [](const FrontierChoice& choice, std::size_t number) {
            const double promised = signalbox::fourNumbersOf(choice.search)[number];
            const double shown = signalbox::fourNumbersOf(choice.report)[number];
            const bool isBetterBelow = kFrontierMetrics[number] == GateMetric::LatencyP95Ms;
            return isBetterBelow ? shown - promised : promised - shown;
        };
        SearchOptimism& optimism = m_frontier.optimism;
        for (std::size_t number = 0; number < kFrontierMetrics.size(); ++number) {
            optimism.present[number] = optimismOf(m_frontier.present, number);
            double sum = 0;
            double worst = -std::numeric_limits<double>::infinity();
            for (const FrontierChoice& choice : m_frontier.points) {
                const double own = optimismOf(choice, number);
                sum += own;
                worst = std::isnan(own) || own > worst ? own : worst;
            }
            optimism.mean[number] = sum / static_cast<double>(m_frontier.points.size());
            optimism.worst[number] = std::isnan(sum) ? sum : worst;
        }
    }

    void addNotes()
    {
        std::vector<std::string>& notes = m_frontier.notes;
        if (!m_frontier.isShownOnSearch)
            notes.emplace_back(
                m_frontier.feasible > 0
                    ? "No candidate shows on the search half that it keeps every gate: some keep "
                      "them by their values, but not with their intervals."
                    : "No candidate keeps every gate on the search half. Shown are those that come "
                      "nearest.");
        notes.emplace_back("Both halves replay the same " +
                           std::to_string(m_evidence.prompts.size()) +
                           " lab prompts. What is particular to these prompts is in both, so the "
                           "optimism does not "
                           "show it; the intervals, which draw prompts too, do.");
        if (m_frontier.points.size() > 1)
            notes.emplace_back(
                "Each interval and verdict is of one point. Whoever takes the best of "
                "several should expect a little less of it.");
        notes.emplace_back(m_frontier.halves.byUser
                               ? "A user's conversations are in one half only."
                               : "Halves are drawn by conversation where no user is known.");
        notes.emplace_back("Not searched: signals and their words, the order of rules, rules that "
                           "are switched off, splits of more than two arms.");
        std::ranges::copy(m_frontier.present.report.notes, std::back_inserter(notes));
    }

    const PolicyDocument& m_document;
    const EvidenceTable& m_evidence;
    const FrontierOptions& m_options;
    CandidateEvaluator m_evaluator;
    PolicySpace m_space;
    Projector m_projector;
    GateMargins m_margins;
    Frontier m_frontier;

    // The ledger: every candidate that was met, each once.
    std::map<Genome, std::size_t> m_placeOf;
    std::vector<Genome> m_genomes;
    std::vector<CandidateNumbers> m_numbers;

    std::map<std::size_t, Projection> m_projected; ///< on the search half, by candidate
    std::vector<std::size_t> m_chosen;             ///< candidates
};

/// What a search begins with.
struct SearchGround
{
    ConversationHalves halves;
    CandidateEvaluator evaluator;
    PolicySpace space;
};

Result<SearchGround> searchGround(const PolicyDocument& document,
                                  const std::shared_ptr<const Traffic>& traffic,
                                  const std::shared_ptr<const EvidenceTable>& evidence,
                                  const FrontierOptions& options)
{
    ConversationHalves halves = splitConversations(*traffic, options.seed);
    if (halves.searchConversations == 0 || halves.reportConversations == 0)
        return fail(ErrorCode::InvalidArgument,
                    "There are too few conversations for a half to search on and one to report on.",
                    {}, "replay more traffic");
    EvaluatorOptions evaluating;
    evaluating.seed = options.replaySeed;
    evaluating.outageMinutes = options.outageMinutes;
    evaluating.styles = options.styles;
    evaluating.conversations = halves.search;
    evaluating.stop = options.stop;
    auto evaluator = CandidateEvaluator::make(document, traffic, evidence, evaluating);
    if (!evaluator)
        return Unexpected(evaluator.error());
    std::vector<ModelId> models;
    for (const ModelSpec& model : document.models) {
        if (model.price && evidence->modelIndex(model.id) >= 0)
            models.push_back(model.id);
    }
    auto space = PolicySpace::of(
        document, models, [&](const SignalId& id) { return evaluator->signal(id); }, options.knobs);
    if (!space)
        return Unexpected(space.error());
    if (space->knobs().empty())
        return fail(ErrorCode::InvalidArgument, "Nothing in the policy can be chosen otherwise.",
                    {}, "give it a rule with a threshold, or a second model with a price");
    return SearchGround{std::move(halves), std::move(*evaluator), std::move(*space)};
}

} // namespace

FourNumbers fourNumbersOf(const Projection& projection)
{
    const auto valueOf = [](const std::optional<Estimate>& estimate) {
        return estimate ? estimate->value : std::numeric_limits<double>::quiet_NaN();
    };
    return {valueOf(projection.costSaving), valueOf(projection.latencyP95Ms),
            valueOf(projection.satisfactionRatio), valueOf(projection.consistency)};
}

const FrontierChoice* Frontier::best() const
{
    const auto orNothing = [](double value) { return std::isnan(value) ? 0 : value; };
    const auto savingOf = [](const FrontierChoice& choice) {
        constexpr double kNone = -std::numeric_limits<double>::infinity();
        return choice.search.costSaving ? choice.search.costSaving->value : kNone;
    };
    std::vector<const FrontierChoice*> surestFirst;
    for (const FrontierChoice& choice : points)
        surestFirst.push_back(&choice);
    std::ranges::stable_sort(surestFirst, [&](const auto* a, const auto* b) {
        return std::pair(-orNothing(a->search.allGatesProbability), savingOf(*a)) <
               std::pair(-orNothing(b->search.allGatesProbability), savingOf(*b));
    });
    const FrontierChoice* best = nullptr;
    for (const FrontierChoice* const choice : surestFirst) {
        if (!choice->report.allGatesMet())
            break;
        if (!best || savingOf(*choice) > savingOf(*best))
            best = choice;
    }
    return best;
}

Edit adoptionOf(const PolicyDocument& present, const FrontierChoice& choice)
{
    EditBatch batch;
    for (const Rule& rule : choice.policy.rules) {
        const Rule* const before = present.findRule(rule.id);
        if (before && !(*before == rule))
            batch.edits.emplace_back(ReplaceRule{rule.id, rule});
    }
    if (!(present.otherwise == choice.policy.otherwise))
        batch.edits.emplace_back(SetOtherwise{choice.policy.otherwise});
    if (present.decideBy != choice.policy.decideBy)
        batch.edits.emplace_back(SetDecideBy{choice.policy.decideBy});
    return Boxed<EditBatch>(std::move(batch));
}

Result<FrontierScope> frontierScope(const PolicyDocument& document,
                                    std::shared_ptr<const Traffic> traffic,
                                    std::shared_ptr<const EvidenceTable> evidence,
                                    const FrontierOptions& options)
{
    auto ground = searchGround(document, traffic, evidence, options);
    if (!ground)
        return Unexpected(ground.error());
    const double size = sizeOf(ground->space.genes());
    return FrontierScope{std::move(ground->halves), ground->space.knobs(), size};
}

Result<Frontier> findFrontier(const PolicyDocument& document,
                              const std::shared_ptr<const Traffic>& traffic,
                              const std::shared_ptr<const EvidenceTable>& evidence,
                              const FrontierOptions& options)
{
    auto ground = searchGround(document, traffic, evidence, options);
    if (!ground)
        return Unexpected(ground.error());
    FrontierOptions checked = options;
    checked.points = std::max<std::size_t>(1, options.points);
    return FrontierFinder(document, traffic, evidence, std::move(ground->evaluator),
                          std::move(ground->space), std::move(ground->halves), checked)
        .run();
}

} // namespace signalbox
