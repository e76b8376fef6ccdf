// SPDX-License-Identifier: Apache-2.0
#include "failure_times.h"
#include "lint_context.h"
#include "plan_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <unordered_set>

namespace signalbox {

namespace {

constexpr int kFullWeight = 10'000;
constexpr int kLargestFixedPlan = 500; ///< calls; larger ones get no fixes
constexpr double kLargestMultiplier = 10;
constexpr double kLargestTemperature = 2;
constexpr int kLargestInt = std::numeric_limits<int>::max();

/// The part of the type at a list of child positions; a member of a pool is a call without a plan
/// around it.
template<class Part> Part& partOf(Plan& root, const std::vector<std::size_t>& steps)
{
    if constexpr (std::is_same_v<Part, Call>) {
        if (!steps.empty()) {
            Plan& parent = partAt(root, {steps.begin(), steps.end() - 1});
            if (auto* pool = std::get_if<Pool>(&parent.node))
                return pool->members[steps.back()];
        }
    }
    return std::get<Part>(partAt(root, steps).node);
}

std::string timeText(double ms)
{
    const double whole = std::round(ms);
    return whole < 1000 ? numberText(whole) + " ms" : numberText(whole / 1000) + " s";
}

template<class Part> double deadlineOf(const Part& part)
{
    return part.deadlineMs.value_or(0) >= 1 ? *part.deadlineMs : kNever;
}

/// The plan without any retries.
Plan withoutRetries(Plan plan)
{
    forEachCall(plan, [](Call& call) { call.retry = {}; });
    return plan;
}

bool hasRetries(const Plan& plan)
{
    bool has = false;
    forEachCall(plan, [&has](const Call& call) { has = has || call.retry.count > 0; });
    return has;
}

/// Weights scaled to the full weight; what is lost by rounding down goes to the largest rests.
void scaleWeights(std::vector<Arm>& arms)
{
    double sum = 0;
    for (Arm& arm : arms) {
        arm.weight = std::max(arm.weight, 0);
        sum += arm.weight;
    }
    std::vector<double> exact;
    for (const Arm& arm : arms)
        exact.push_back(sum > 0
                            ? arm.weight * (kFullWeight / sum)
                            : static_cast<double>(kFullWeight) / static_cast<double>(arms.size()));
    int left = kFullWeight;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        arms[i].weight = static_cast<int>(exact[i]);
        left -= arms[i].weight;
    }
    std::vector<std::size_t> order(arms.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto rest = [&exact](std::size_t i) { return exact[i] - std::floor(exact[i]); };
    std::ranges::sort(order, [&rest](std::size_t a, std::size_t b) {
        return rest(a) != rest(b) ? rest(a) > rest(b) : a < b;
    });
    for (int i = 0; i < left; ++i)
        ++arms[order[static_cast<std::size_t>(i) % order.size()]].weight;
}

/// The names of a plan's models, for messages.
std::string namesOfModels(const Plan& plan)
{
    constexpr std::size_t kMostNames = 3;
    const std::vector<ModelId> models = modelsOf(plan);
    std::string text;
    for (std::size_t i = 0; i < std::min(models.size(), kMostNames); ++i)
        text += (text.empty() ? "" : ", ") + models[i].value;
    return models.size() > kMostNames ? text + ", …" : text;
}

/// "Step 2 (gpt-4)"
std::string nameOfStep(const Chain& chain, std::size_t index)
{
    return "Step " + std::to_string(index + 1) + " (" + namesOfModels(chain.steps[index]) + ")";
}

/// Walks one plan and reports what is wrong with its parts.
class PlanLinter
{
public:
    PlanLinter(const PlanPlace& place, LintContext& context)
        : m_place(place), m_context(context), m_root(place.planOf(context.document()))
    {
        int calls = 0;
        forEachCall(m_root, [&calls](const Call&) { ++calls; });
        m_isSmall = calls <= kLargestFixedPlan;
    }

    void lint() { walk(m_root, m_place.path(), 1); }

private:
    void walk(const Plan& plan, const std::string& path, int depth)
    {
        static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "check the new plan");
        if (depth > kMaxPlanDepth) {
            m_context.error("too-deep",
                            "The plan is nested deeper than " + std::to_string(kMaxPlanDepth) +
                                " levels, which nobody can read and not every router can run.",
                            path);
            return;
        }
        if (const auto* call = std::get_if<Call>(&plan.node))
            lintCall(*call, path + ".call");
        else if (const auto* chain = std::get_if<Chain>(&plan.node))
            lintChain(*chain, path + ".chain", depth);
        else if (const auto* split = std::get_if<Split>(&plan.node))
            lintSplit(*split, path + ".split", depth);
        else if (const auto* pool = std::get_if<Pool>(&plan.node))
            lintPool(*pool, path + ".pool");
        else
            lintCascade(std::get<Cascade>(plan.node), path + ".cascade", depth);
    }

    void walkPart(std::size_t index, const Plan& part, const std::string& path, int depth)
    {
        m_steps.push_back(index);
        walk(part, path, depth + 1);
        m_steps.pop_back();
    }

    /// The edit after a change of the part at the current position, which is a `Part`. None for a
    /// plan so large that a copy for each of its mistakes would be a burden.
    template<class Part, class Change> std::optional<Edit> changed(const Change& change)
    {
        if (!m_isSmall)
            return std::nullopt;
        Plan plan = m_root;
        change(partOf<Part>(plan, m_steps));
        return m_place.replacedBy(std::move(plan), m_context);
    }

    template<class Part, class Change>
    std::optional<QuickFix> fix(const std::string& label, const Change& change)
    {
        return m_context.fix(label, [&] { return changed<Part>(change); });
    }

    // Calls

    void lintCall(const Call& call, const std::string& path)
    {
        if (!m_context.findModel(call.model))
            reportUnknownModel(call, path);
        lintBudget(path + ".firstTokenMs", "The wait for the first token", &Call::firstTokenMs,
                   call);
        lintBudget(path + ".totalMs", "The time of the answer", &Call::totalMs, call);
        if (call.firstTokenMs && call.totalMs && *call.totalMs < *call.firstTokenMs) {
            m_context.warning("budget-order",
                              "The whole answer has less time than its first token, so the wait "
                              "for that is never used in full.",
                              path + ".totalMs",
                              fix<Call>("Wait " + timeText(*call.totalMs) + " for the first token",
                                        [](Call& c) { c.firstTokenMs = c.totalMs; }));
        }
        lintRetry(call.retry, path + ".retry");
        lintWaits(call, path + ".retry");
        lintOverrides(call, path);
    }

    void lintOverrides(const Call& call, const std::string& path)
    {
        const CallOverrides& overrides = call.overrides;
        if (overrides.system && overrides.system->text.empty()) {
            m_context.error("empty-text", "The system prompt of the call is empty.",
                            path + ".system.text",
                            fix<Call>("Remove it", [](Call& c) { c.overrides.system.reset(); }));
        }
        const ModelSpec* model = m_context.findModel(call.model);
        if (overrides.system && overrides.system->mode == SystemPromptMode::Replace && model &&
            !model->styleGuide.empty()) {
            m_context.info("style-guide-replaced",
                           "The system prompt of the call takes the place of the style guide of " +
                               quoted(call.model.value) + ", so its voice may differ there.",
                           path + ".system", fix<Call>("Put it in front instead", [](Call& c) {
                               c.overrides.system->mode = SystemPromptMode::Prepend;
                           }));
        }
        if (overrides.temperature)
            lintRange<double>(m_context, path + ".temperature", "The temperature",
                              *overrides.temperature, 0, kLargestTemperature, [&](double value) {
                                  return changed<Call>(
                                      [value](Call& c) { c.overrides.temperature = value; });
                              });
        if (overrides.maxTokens)
            lintRange<int>(m_context, path + ".maxTokens", "The number of tokens",
                           *overrides.maxTokens, 1, kLargestInt, [&](int value) {
                               return changed<Call>(
                                   [value](Call& c) { c.overrides.maxTokens = value; });
                           });
        if (overrides.answerStyle && overrides.answerStyle->maxWords)
            lintRange<int>(m_context, path + ".answerStyle.maxWords", "The number of words",
                           *overrides.answerStyle->maxWords, 1, kLargestInt, [&](int words) {
                               return changed<Call>(
                                   [words](Call& c) { c.overrides.answerStyle->maxWords = words; });
                           });
    }

    void reportUnknownModel(const Call& call, const std::string& path)
    {
        std::vector<std::string_view> names;
        for (const ModelSpec& model : m_context.document().models)
            names.push_back(model.id.value);
        std::optional<QuickFix> repair;
        if (const auto nearest = suggestion(call.model.value, names)) {
            repair =
                fix<Call>("Use " + quoted(*nearest), [&](Call& c) { c.model = ModelId(*nearest); });
        }
        m_context.error("unknown-model",
                        call.model.isEmpty()
                            ? "The call names no model."
                            : "There is no model " + quoted(call.model.value) + '.',
                        path + ".model", std::move(repair));
    }

    template<class Part>
    void lintBudget(const std::string& path, const std::string& what,
                    std::optional<int> Part::* budget, const Part& part)
    {
        if ((part.*budget).value_or(1) >= 1)
            return;
        m_context.error("out-of-range", what + " must be at least 1 ms.", path,
                        fix<Part>("Remove the limit",
                                  [budget](Part& changedPart) { (changedPart.*budget).reset(); }));
    }

    void lintRetry(const Retry& retry, const std::string& path)
    {
        const auto setTo = [&](auto member, auto value) {
            return changed<Call>([=](Call& c) { c.retry.*member = value; });
        };
        lintRange<int>(m_context, path + ".count", "The number of retries", retry.count, 0,
                       kMostRetries, [&](int count) { return setTo(&Retry::count, count); });
        lintRange<int>(m_context, path + ".backoffMs", "The wait before a retry", retry.backoffMs,
                       0, kLargestInt, [&](int ms) { return setTo(&Retry::backoffMs, ms); });
        lintRange<double>(m_context, path + ".multiplier", "The growth of the waits",
                          retry.multiplier, 1, kLargestMultiplier,
                          [&](double factor) { return setTo(&Retry::multiplier, factor); });
    }

    /// Reports waits before retries that use up all the time there is.
    void lintWaits(const Call& call, const std::string& path)
    {
        const double limit = std::min(m_deadline, m_context.latencyGateMs());
        const double waits = waitsOf(call.retry);
        if (waits <= 0 || waits < limit)
            return;
        const char* const limitText = m_deadline <= m_context.latencyGateMs()
                                          ? "the deadline is "
                                          : "the latency gate allows ";
        m_context.warning(
            "slow-retries",
            "The waits before retries of " + quoted(call.model.value) + " alone take " +
                timeText(waits) + ", but " + limitText + timeText(limit) + '.',
            path, fix<Call>(m_hasNextStep ? "Fail over at once" : "Do not retry", [](Call& c) {
                c.retry = {};
            }));
    }

    // Chains

    void lintChain(const Chain& chain, const std::string& path, int depth)
    {
        if (chain.steps.empty()) {
            m_context.error("empty-chain", "The chain has no steps, so nobody would be asked.",
                            path + ".steps", fixEmpty());
            return;
        }
        lintBudget(path + ".deadlineMs", "The deadline", &Chain::deadlineMs, chain);
        const double outerDeadline = m_deadline;
        const bool outerHasNext = m_hasNextStep;
        m_deadline = std::min(m_deadline, deadlineOf(chain));
        FailureTimes start = {0, 0};
        for (std::size_t i = 0; i < chain.steps.size(); ++i) {
            const std::string stepPath = path + ".steps[" + std::to_string(i) + ']';
            m_hasNextStep = outerHasNext || i + 1 < chain.steps.size();
            const FailureTimes step = failureTimes(chain.steps[i], chain.on);
            if (lintStart(chain, i, start, stepPath) && i + 1 < chain.steps.size())
                lintHang(chain, i, step, stepPath);
            walkPart(i, chain.steps[i], stepPath, depth);
            start.soonest += step.soonest;
            start.latest += step.latest;
        }
        m_deadline = outerDeadline;
        m_hasNextStep = outerHasNext;
        if (chain.steps.size() > 1) {
            lintRepeatedModels(chain, path);
            lintProviders(chain, path);
        }
    }

    /// Reports a step that cannot start; false then.
    /// @param start  when it starts
    bool lintStart(const Chain& chain, std::size_t index, const FailureTimes& start,
                   const std::string& path)
    {
        const double deadline = deadlineOf(chain);
        const std::string step = nameOfStep(chain, index);
        if (start.soonest == kNever) {
            m_context.warning("unreachable-step",
                              step + " can never start: no failure of the step before it leads on.",
                              path, removedStep(index));
            return false;
        }
        if (start.soonest >= deadline) {
            auto repair = withoutRetriesBefore(chain, index);
            m_context.warning("unreachable-step",
                              step + " can never start: the steps before it take at least " +
                                  timeText(start.soonest) + ", but the deadline is " +
                                  timeText(deadline) + '.',
                              path, repair ? std::move(repair) : removedStep(index));
            return false;
        }
        if (start.latest >= deadline && start.latest != kNever) {
            m_context.warning("late-step",
                              step + " starts only after " + timeText(start.latest) +
                                  " when the steps before it use their budgets in full, but the "
                                  "deadline is " +
                                  timeText(deadline) + '.',
                              path, withoutRetriesBefore(chain, index));
        }
        return true;
    }

    /// Reports a step whose hanging would keep the next one from starting.
    void lintHang(const Chain& chain, std::size_t index, const FailureTimes& step,
                  const std::string& path)
    {
        if (step.latest != kNever || !leadsOn(chain.on, AttemptFailure::Timeout))
            return;
        std::optional<QuickFix> repair;
        // Whatever time there is is shared by the steps.
        const double time = std::min(deadlineOf(chain), m_context.latencyGateMs());
        if (time >= 2 && time < kNever) {
            const int budget =
                std::max(1, static_cast<int>(time) / static_cast<int>(chain.steps.size()));
            const auto limit = [budget](Call& call) {
                if (!call.firstTokenMs && !call.totalMs)
                    call.firstTokenMs = budget;
            };
            repair = fix<Chain>("Wait at most " + timeText(budget),
                                [&](Chain& c) { forEachCall(c.steps[index], limit); });
        }
        m_context.warning("no-budget",
                          nameOfStep(chain, index) +
                              " has no time limit: when its model hangs, the next step never "
                              "starts.",
                          path, std::move(repair));
    }

    /// Takes out the retries before a step, if that lets it start in time.
    std::optional<QuickFix> withoutRetriesBefore(const Chain& chain, std::size_t index)
    {
        FailureTimes start = {0, 0};
        bool hasAny = false;
        for (std::size_t i = 0; i < index; ++i) {
            const FailureTimes step = failureTimes(withoutRetries(chain.steps[i]), chain.on);
            start.soonest += step.soonest;
            start.latest += step.latest;
            hasAny = hasAny || hasRetries(chain.steps[i]);
        }
        const double decisive = start.latest == kNever ? start.soonest : start.latest;
        if (!m_isSmall || !hasAny || decisive >= deadlineOf(chain))
            return std::nullopt;
        return fix<Chain>("Fail over at once", [index](Chain& c) {
            for (std::size_t i = 0; i < index; ++i)
                c.steps[i] = withoutRetries(c.steps[i]);
        });
    }

    std::optional<QuickFix> removedStep(std::size_t index)
    {
        return fix<Chain>("Remove the step", [index](Chain& c) {
            c.steps.erase(c.steps.begin() + static_cast<std::ptrdiff_t>(index));
        });
    }

    void lintRepeatedModels(const Chain& chain, const std::string& path)
    {
        std::unordered_set<ModelId> seen;
        for (std::size_t i = 0; i < chain.steps.size(); ++i) {
            const std::vector<ModelId> models = modelsOf(chain.steps[i]);
            const bool isRepeated = std::ranges::all_of(
                models, [&seen](const ModelId& model) { return seen.contains(model); });
            if (isRepeated && !models.empty()) {
                m_context.warning("same-model-fallback",
                                  "Step " + std::to_string(i + 1) + " falls back to " +
                                      quoted(models.front().value) +
                                      ", which a step before it has asked already.",
                                  path + ".steps[" + std::to_string(i) + ']', removedStep(i));
            }
            seen.insert(models.begin(), models.end());
        }
    }

    /// The server behind a model, as far as one outage would hit it whole. Simulated and unknown
    /// models have none.
    [[nodiscard]] std::optional<std::pair<std::string, std::string>>
    serverOf(const ModelId& id) const
    {
        const ModelSpec* model = m_context.findModel(id);
        if (!model || model->provider == "simulator")
            return std::nullopt;
        return std::pair(model->provider, model->baseUrl);
    }

    void lintProviders(const Chain& chain, const std::string& path)
    {
        std::vector<ModelId> models = modelsOf(Plan{chain});
        if (models.size() < 2)
            return; // the same model again has been reported
        const auto server = serverOf(models.front());
        const bool isOne = server && std::ranges::all_of(models, [&](const ModelId& model) {
                               return serverOf(model) == server;
                           });
        if (isOne) {
            m_context.warning("same-provider-fallback",
                              "Every step of the chain asks the same provider, so its outage stops "
                              "them all.",
                              path + ".steps");
        }
    }

    // Cascades

    void lintCascade(const Cascade& cascade, const std::string& path, int depth)
    {
        if (m_isInCascade) {
            m_context.error("nested-cascade",
                            "A cascade stands inside another one; an answer can be checked once.",
                            path, fixNested());
            return;
        }
        if (cascade.steps.size() < 2) {
            m_context.error("short-cascade",
                            cascade.steps.empty()
                                ? "The cascade has no steps, so nobody would be asked."
                                : "The cascade has one step, so a rejected answer leads nowhere.",
                            path + ".steps", cascade.steps.empty() ? fixEmpty() : std::nullopt);
            if (cascade.steps.empty())
                return;
        }
        lintBudget(path + ".deadlineMs", "The deadline", &Cascade::deadlineMs, cascade);
        lintAcceptance(cascade, path + ".accept");
        const double outerDeadline = m_deadline;
        m_deadline = std::min(m_deadline, deadlineOf(cascade));
        m_isInCascade = true;
        for (std::size_t i = 0; i < cascade.steps.size(); ++i)
            walkPart(i, cascade.steps[i], path + ".steps[" + std::to_string(i) + ']', depth);
        m_isInCascade = false;
        m_deadline = outerDeadline;
    }

    /// The same steps as a chain, of which the outer cascade checks the answer; so with what is
    /// inside.
    std::optional<QuickFix> fixNested()
    {
        if (!m_isSmall)
            return std::nullopt;
        return m_context.fix("Make it a chain", [this] {
            Plan plan = m_root;
            forEachPlanNode(partAt(plan, m_steps), [](Plan& part) {
                auto* cascade = std::get_if<Cascade>(&part.node);
                if (!cascade)
                    return;
                Chain chain;
                chain.steps = std::move(cascade->steps);
                chain.deadlineMs = cascade->deadlineMs;
                part.node = std::move(chain);
            });
            return m_place.replacedBy(std::move(plan), m_context);
        });
    }

    void lintAcceptance(const Cascade& cascade, const std::string& path)
    {
        const Acceptance& accept = cascade.accept;
        if (accept == Acceptance()) {
            m_context.warning("accepts-everything",
                              "The cascade accepts every answer, so only its first step is used.",
                              path);
        }
        for (std::size_t i = 0; i < accept.refusals.size(); ++i)
            lintRefusal(accept.refusals[i], i, path + ".refusals[" + std::to_string(i) + ']');
        const auto lintWords = [&](const char* name, std::optional<int> Acceptance::* member) {
            if ((accept.*member).value_or(0) >= 0)
                return;
            m_context.error("out-of-range", "A number of words cannot be below 0.", path + name,
                            fix<Cascade>("Remove the bound",
                                         [member](Cascade& c) { (c.accept.*member).reset(); }));
        };
        lintWords(".minWords", &Acceptance::minWords);
        lintWords(".maxWords", &Acceptance::maxWords);
        if (accept.minWords && accept.maxWords && *accept.minWords > *accept.maxWords) {
            m_context.error("empty-band", "The lower bound is above the upper one.",
                            path + ".minWords", fix<Cascade>("Swap them", [](Cascade& c) {
                                std::swap(c.accept.minWords, c.accept.maxWords);
                            }));
        }
        if (accept.meanLogProb && !(*accept.meanLogProb <= 0)) {
            m_context.error("out-of-range", "The mean log-probability of tokens is never above 0.",
                            path + ".meanLogProb", fix<Cascade>("Remove the bound", [](Cascade& c) {
                                c.accept.meanLogProb.reset();
                            }));
        }
        if (accept.verifier)
            lintVerifier(cascade, *accept.verifier, path + ".verifier");
    }

    void lintRefusal(const std::string& pattern, std::size_t index, const std::string& path)
    {
        if (pattern.empty()) {
            m_context.error("empty-text", "An empty expression refuses every answer.", path,
                            fix<Cascade>("Remove it", [index](Cascade& c) {
                                c.accept.refusals.erase(c.accept.refusals.begin() +
                                                        static_cast<std::ptrdiff_t>(index));
                            }));
            return;
        }
        const std::string problem = portableRegexProblem(pattern);
        if (problem.empty())
            return;
        std::optional<QuickFix> repair;
        if (const auto rewrite = portableRegexRewrite(pattern)) {
            repair = fix<Cascade>("Write " + quoted(rewrite->pattern),
                                  [&](Cascade& c) { c.accept.refusals[index] = rewrite->pattern; });
        }
        m_context.error("regex-not-portable", problem, path, std::move(repair));
    }

    void lintVerifier(const Cascade& cascade, const Verifier& verifier, const std::string& path)
    {
        if (!m_context.findModel(verifier.model)) {
            m_context.error("unknown-model",
                            verifier.model.isEmpty()
                                ? "The verifier names no model."
                                : "There is no model " + quoted(verifier.model.value) + '.',
                            path + ".model", fix<Cascade>("Do without a verifier", [](Cascade& c) {
                                c.accept.verifier.reset();
                            }));
        } else if (!cascade.steps.empty()) {
            const std::vector<ModelId> checked = modelsOf(cascade.steps.front());
            if (std::ranges::find(checked, verifier.model) != checked.end())
                m_context.warning("self-verifier",
                                  quoted(verifier.model.value) +
                                      " judges its own answers; models are lenient with those.",
                                  path + ".model");
        }
        const auto lintShare = [&](const char* name, const char* what,
                                   std::optional<double> Verifier::* member) {
            if (!(verifier.*member))
                return;
            lintRange<double>(m_context, path + name, what, *(verifier.*member), 0, 1,
                              [&](double share) {
                                  return changed<Cascade>(
                                      [=](Cascade& c) { (*c.accept.verifier).*member = share; });
                              });
        };
        lintShare(".catches", "The share of bad answers that it rejects", &Verifier::catches);
        lintShare(".falseAlarms", "The share of good answers that it rejects",
                  &Verifier::falseAlarms);
    }

    // Pools

    void lintPool(const Pool& pool, const std::string& path)
    {
        if (pool.members.empty()) {
            m_context.error("empty-pool", "The pool has no members, so nobody would be asked.",
                            path + ".members", fixEmpty());
            return;
        }
        std::unordered_set<ModelId> seen;
        for (std::size_t i = 0; i < pool.members.size(); ++i) {
            const std::string memberPath = path + ".members[" + std::to_string(i) + ']';
            if (!seen.insert(pool.members[i].model).second)
                m_context.warning(
                    "same-model-twice",
                    "The pool lists " + quoted(pool.members[i].model.value) + " twice.", memberPath,
                    fix<Pool>("Remove the second", [i](Pool& p) {
                        p.members.erase(p.members.begin() + static_cast<std::ptrdiff_t>(i));
                    }));
            m_steps.push_back(i);
            lintCall(pool.members[i], memberPath);
            m_steps.pop_back();
        }
    }

    // Splits

    void lintSplit(const Split& split, const std::string& path, int depth)
    {
        if (split.arms.empty()) {
            m_context.error("empty-split", "The split has no arms, so nobody would be asked.",
                            path + ".arms", fixEmpty());
            return;
        }
        lintWeights(split, path);
        lintSalt(split, path);
        m_splits.push_back(&split);
        for (std::size_t i = 0; i < split.arms.size(); ++i)
            walkPart(i, split.arms[i].plan, path + ".arms[" + std::to_string(i) + "].plan", depth);
        m_splits.pop_back();
    }

    void lintWeights(const Split& split, const std::string& path)
    {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < split.arms.size(); ++i) {
            lintRange<int>(m_context, path + ".arms[" + std::to_string(i) + "].weight",
                           "The weight of an arm", split.arms[i].weight, 0, kFullWeight,
                           [this, i](int weight) {
                               return changed<Split>([=](Split& s) { s.arms[i].weight = weight; });
                           });
            sum += split.arms[i].weight;
        }
        if (sum == kFullWeight)
            return;
        m_context.error("weights-sum",
                        "The weights of the arms sum to " + std::to_string(sum) +
                            " basis points instead of 10000.",
                        path + ".arms",
                        fix<Split>("Scale the weights", [](Split& s) { scaleWeights(s.arms); }));
    }

    /// Two draws with one salt and key are one draw: the second is no longer random.
    void lintSalt(const Split& split, const std::string& path)
    {
        const auto& holdout = m_context.document().holdout;
        const bool isHoldouts = holdout && holdout->share > 0 && holdout->salt == split.salt &&
                                holdout->unit == split.sticky;
        const bool isOuters = std::ranges::any_of(m_splits, [&split](const Split* outer) {
            return outer->salt == split.salt && outer->sticky == split.sticky;
        });
        if (!isHoldouts && !isOuters)
            return;
        const auto isTaken = [&](const std::string& name) {
            return (holdout && holdout->salt == name) ||
                   std::ranges::find(m_splits, name, &Split::salt) != m_splits.end();
        };
        const std::string salt = freshName(split.salt.empty() ? "split" : split.salt, isTaken);
        m_context.warning(
            "shared-salt",
            std::string("The split draws with the salt of ") +
                (isHoldouts ? "the holdout" : "the split around it") +
                ", so the two draws are not independent.",
            path + ".salt",
            fix<Split>("Use the salt " + quoted(salt), [&salt](Split& s) { s.salt = salt; }));
    }

    /// Asks the baseline instead of nobody.
    std::optional<QuickFix> fixEmpty()
    {
        const ModelId& baseline = m_context.document().baseline;
        if (!m_context.findModel(baseline) || !m_isSmall)
            return std::nullopt;
        return m_context.fix("Ask " + quoted(baseline.value) + " instead", [&] {
            Plan plan = m_root;
            Call call;
            call.model = baseline;
            partAt(plan, m_steps).node = std::move(call);
            return m_place.replacedBy(std::move(plan), m_context);
        });
    }

    const PlanPlace& m_place;
    LintContext& m_context;
    const Plan& m_root;
    bool m_isSmall = true;
    std::vector<std::size_t> m_steps;   ///< from the root to the part that is looked at
    std::vector<const Split*> m_splits; ///< around the part that is looked at
    double m_deadline = kNever;         ///< of the chains around it
    bool m_hasNextStep = false;
    bool m_isInCascade = false;
};

} // namespace

void lintPlan(const PlanPlace& place, LintContext& context)
{
    PlanLinter(place, context).lint();
}

} // namespace signalbox
