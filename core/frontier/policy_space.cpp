// SPDX-License-Identifier: Apache-2.0
#include "policy_space.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace signalbox {

namespace {

using Path = std::vector<std::size_t>; ///< child positions in a condition or a plan

constexpr int kDigits = 3; ///< of a threshold at a quantile
constexpr std::array kBudgetsMs = {250,   400,   600,   800,   1'000,  1'500,
                                   2'000, 3'000, 4'000, 6'000, 10'000, 15'000};
constexpr int kWeightSteps = 20; ///< 5 % each
constexpr int kAllWeight = 10'000;

std::string shortNumber(double value)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

double rounded(double value, int digits)
{
    if (value == 0 || !std::isfinite(value))
        return value;
    const double scale = std::pow(10, digits - 1 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

const Condition& conditionAt(const Condition& root, std::span<const std::size_t> path)
{
    const Condition* part = &root;
    for (const std::size_t step : path) {
        if (const auto* all = std::get_if<All>(&part->node))
            part = &all->conditions[step];
        else if (const auto* any = std::get_if<Any>(&part->node))
            part = &any->conditions[step];
        else
            part = &*std::get<Not>(part->node).condition;
    }
    return *part;
}

Compare& compareAt(Condition& root, std::span<const std::size_t> path)
{
    return std::get<Compare>(const_cast<Condition&>(conditionAt(root, path)).node);
}

/// Calls visit(compare, path) for every comparison of a condition, in the order of its text.
template<class Visit>
void forEachCompare(const Condition& condition, Path& path, const Visit& visit)
{
    const auto into = [&](const std::vector<Condition>& parts) {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            path.push_back(i);
            forEachCompare(parts[i], path, visit);
            path.pop_back();
        }
    };
    if (const auto* compare = std::get_if<Compare>(&condition.node)) {
        visit(*compare, path);
    } else if (const auto* all = std::get_if<All>(&condition.node)) {
        into(all->conditions);
    } else if (const auto* any = std::get_if<Any>(&condition.node)) {
        into(any->conditions);
    } else {
        path.push_back(0);
        forEachCompare(*std::get<Not>(condition.node).condition, path, visit);
        path.pop_back();
    }
}

/// "at least", of an order; empty for any other comparison.
std::string_view orderWords(CompareOp op)
{
    switch (op) {
    case CompareOp::Lt:
        return "under";
    case CompareOp::Lte:
        return "at most";
    case CompareOp::Gt:
        return "over";
    case CompareOp::Gte:
        return "at least";
    default:
        return {};
    }
}

struct StyleLimit
{
    const char* name;
    double ByStyle::* limit;
};
constexpr std::array kStyleLimits = {StyleLimit{"concise", &ByStyle::concise},
                                     StyleLimit{"balanced", &ByStyle::balanced},
                                     StyleLimit{"detailed", &ByStyle::detailed}};

/// A rule of the document, or with none its otherwise.
Plan& planOf(PolicyDocument& document, std::optional<std::size_t> rule)
{
    return rule ? document.rules[*rule].plan : document.otherwise;
}

/// The call that a plan makes first; of a pool the first member. Null: it begins with a split.
Call* firstCall(Plan& plan)
{
    if (auto* call = std::get_if<Call>(&plan.node))
        return call;
    if (auto* chain = std::get_if<Chain>(&plan.node))
        return firstCall(chain->steps.front());
    if (auto* cascade = std::get_if<Cascade>(&plan.node))
        return firstCall(cascade->steps.front());
    return nullptr;
}

} // namespace

std::vector<double> thresholdChoices(std::vector<double> values, double current, bool takesEqual,
                                     std::size_t most)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    std::ranges::sort(values);
    std::vector<double> distinct = values;
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    std::vector<double> choices;
    if (distinct.size() <= most) {
        choices = distinct;
    } else {
        for (std::size_t i = 0; i < most; ++i)
            choices.push_back(rounded(values[(2 * i + 1) * values.size() / (2 * most)], kDigits));
    }
    if (!distinct.empty()) { // one that lets nobody, or everybody, past
        const double gap = distinct.size() > 1
                               ? (distinct.back() - distinct.front()) / double(distinct.size() - 1)
                               : 1;
        choices.push_back(takesEqual ? rounded(distinct.back() + gap, kDigits)
                                     : rounded(distinct.front() - gap, kDigits));
        if (takesEqual && choices.back() <= distinct.back())
            choices.back() = distinct.back() + gap; // lost in rounding
        if (!takesEqual && choices.back() >= distinct.front())
            choices.back() = distinct.front() - gap;
        choices.push_back(takesEqual ? distinct.front() : distinct.back());
    }
    choices.push_back(current);
    std::ranges::sort(choices);
    choices.erase(std::unique(choices.begin(), choices.end()), choices.end());
    return choices;
}

/// Walks a policy and notes what may be turned.
class PolicySpaceBuilder
{
public:
    PolicySpaceBuilder(const PolicyDocument& document, std::span<const ModelId> models,
                       const SignalValues& values, const KnobOptions& options)
        : m_models(models), m_values(values), m_options(options)
    {
        m_space.m_document = document;
    }

    [[nodiscard]] Result<PolicySpace> build()
    {
        const PolicyDocument& document = m_space.m_document;
        if (!document.rules.empty() && wants(KnobKind::Stickiness))
            addStickiness();
        for (std::size_t i = 0; i < document.rules.size(); ++i) {
            const Rule& rule = document.rules[i];
            if (!rule.enabled)
                continue;
            if (auto added = addThresholds(i); !added)
                return Unexpected(added.error());
            if (auto added = addMargin(i); !added)
                return Unexpected(added.error());
            addPlan(i, rule.plan, {});
        }
        addPlan(std::nullopt, document.otherwise, {});
        return std::move(m_space);
    }

private:
    [[nodiscard]] bool wants(KnobKind kind) const
    {
        return std::ranges::find(m_options.kinds, kind) != m_options.kinds.end();
    }

    void add(KnobKind kind, std::optional<std::size_t> rule, std::string what,
             std::vector<std::string> choices, std::size_t current, PolicySpace::Setter set)
    {
        if (choices.size() < 2)
            return;
        Knob knob{
            kind, {}, std::move(what), std::move(choices), static_cast<std::uint16_t>(current)};
        if (rule)
            knob.rule = m_space.m_document.rules[*rule].id;
        m_space.m_knobs.push_back(std::move(knob));
        m_space.m_set.push_back(std::move(set));
    }

    void addStickiness()
    {
        add(KnobKind::Stickiness, {}, "decides", {"each request", "each conversation once"},
            m_space.m_document.decideBy == DecisionUnit::Conversation ? 1 : 0,
            [](PolicyDocument& document, std::uint16_t choice) {
                document.decideBy =
                    choice == 1 ? DecisionUnit::Conversation : DecisionUnit::Request;
            });
    }

    /// Numbers as choices; `write` puts one of them into its place.
    template<class Write>
    void addNumbers(KnobKind kind, std::size_t rule, std::string what, std::vector<double> numbers,
                    double current, const Write& write)
    {
        std::vector<std::string> words;
        for (const double number : numbers)
            words.push_back(shortNumber(number));
        const auto at = std::ranges::find(numbers, current) - numbers.begin();
        add(kind, rule, std::move(what), std::move(words), static_cast<std::size_t>(at),
            [rule, numbers = std::move(numbers), write](PolicyDocument& document,
                                                        std::uint16_t choice) {
                write(document.rules[rule], numbers[choice]);
            });
    }

    [[nodiscard]] Result<void> addThresholds(std::size_t rule)
    {
        if (!wants(KnobKind::Threshold))
            return {};
        struct Found
        {
            Compare compare;
            Path path;
        };
        std::vector<Found> found;
        Path path;
        forEachCompare(m_space.m_document.rules[rule].when, path,
                       [&](const Compare& compare, const Path& at) {
                           if (!orderWords(compare.op).empty())
                               found.push_back({compare, at});
                       });
        for (const Found& each : found) {
            const auto values = m_values(each.compare.signal);
            if (!values)
                return Unexpected(values.error());
            addThreshold(rule, each.compare, each.path, *values);
        }
        return {};
    }

    void addThreshold(std::size_t rule, const Compare& compare, const Path& path,
                      const std::vector<double>& values)
    {
        const bool takesEqual = compare.op == CompareOp::Gte || compare.op == CompareOp::Lt;
        const std::string what = compare.signal.value + ' ' + std::string(orderWords(compare.op));
        if (const auto* limit = std::get_if<double>(&compare.value)) {
            addNumbers(KnobKind::Threshold, rule, what,
                       thresholdChoices(values, *limit, takesEqual, m_options.mostThresholds),
                       *limit, [path](Rule& changed, double number) {
                           compareAt(changed.when, path).value = number;
                       });
            return;
        }
        const auto* limits = std::get_if<ByStyle>(&compare.value);
        if (!limits)
            return;
        for (const StyleLimit& style : kStyleLimits) {
            const double limit = limits->*style.limit;
            addNumbers(KnobKind::Threshold, rule, what + " (" + style.name + ')',
                       thresholdChoices(values, limit, takesEqual, m_options.mostThresholds), limit,
                       [path, style](Rule& changed, double number) {
                           std::get<ByStyle>(compareAt(changed.when, path).value).*style.limit =
                               number;
                       });
        }
    }

    /// From half of what it is to what the middle half of the traffic spans.
    [[nodiscard]] Result<void> addMargin(std::size_t rule)
    {
        const auto& uncertain = m_space.m_document.rules[rule].uncertain;
        if (!uncertain || !wants(KnobKind::Margin))
            return {};
        auto values = m_values(uncertain->signal);
        if (!values)
            return Unexpected(values.error());
        std::erase_if(*values, [](double value) { return !std::isfinite(value); });
        std::vector<double> margins;
        if (!values->empty()) {
            std::ranges::sort(*values);
            const double span = (*values)[values->size() * 3 / 4] - (*values)[values->size() / 4];
            for (std::size_t i = 1; i <= m_options.mostThresholds; ++i)
                margins.push_back(
                    rounded(span * double(i) / double(m_options.mostThresholds), kDigits));
        }
        margins.push_back(uncertain->margin);
        std::erase_if(margins, [](double margin) { return !(margin > 0); });
        std::ranges::sort(margins);
        margins.erase(std::unique(margins.begin(), margins.end()), margins.end());
        addNumbers(KnobKind::Margin, rule, "margin of " + uncertain->signal.value,
                   std::move(margins), uncertain->margin, [](Rule& changed, double margin) {
                       if (changed.uncertain)
                           changed.uncertain->margin = margin;
                   });
        return {};
    }

    /// The tier of a plan, and what its parts may choose.
    void addPlan(std::optional<std::size_t> rule, const Plan& plan, const Path& path)
    {
        if (const auto* split = std::get_if<Split>(&plan.node)) {
            addWeights(rule, *split, path);
            for (std::size_t arm = 0; arm < split->arms.size(); ++arm)
                addPlan(rule, split->arms[arm].plan, childOf(path, arm));
            return;
        }
        addModel(rule, path);
        addBudgets(rule, plan, path);
        addRetries(rule, plan, path);
    }

    static Path childOf(Path path, std::size_t child)
    {
        path.push_back(child);
        return path;
    }

    /// A part of a plan that only splits lead to.
    static Plan& armAt(Plan& root, const Path& path)
    {
        Plan* part = &root;
        for (const std::size_t arm : path)
            part = &std::get<Split>(part->node).arms[arm].plan;
        return *part;
    }

    void addModel(std::optional<std::size_t> rule, const Path& path)
    {
        Call* const call = firstCall(armAt(planOf(m_space.m_document, rule), path));
        if (!call || !wants(KnobKind::Model))
            return;
        std::vector<ModelId> models(m_models.begin(), m_models.end());
        auto at = std::ranges::find(models, call->model);
        if (at == models.end())
            at = models.insert(models.end(), call->model);
        std::vector<std::string> words;
        for (const ModelId& model : models)
            words.push_back(model.value);
        const auto current = static_cast<std::size_t>(at - models.begin());
        add(KnobKind::Model, rule, path.empty() ? "model" : "model of an arm", std::move(words),
            current,
            [rule, path, models = std::move(models)](PolicyDocument& document,
                                                     std::uint16_t choice) {
                firstCall(armAt(planOf(document, rule), path))->model = models[choice];
            });
    }

    /// Of every step of a chain of calls behind which another one waits.
    void addBudgets(std::optional<std::size_t> rule, const Plan& plan, const Path& path)
    {
        const auto* chain = std::get_if<Chain>(&plan.node);
        if (!chain || !wants(KnobKind::Budget))
            return;
        for (std::size_t step = 0; step + 1 < chain->steps.size(); ++step) {
            const auto* call = std::get_if<Call>(&chain->steps[step].node);
            if (!call)
                continue;
            std::vector<std::optional<int>> budgets(kBudgetsMs.begin(), kBudgetsMs.end());
            if (call->firstTokenMs &&
                std::ranges::find(budgets, call->firstTokenMs) == budgets.end())
                budgets.insert(std::ranges::lower_bound(budgets, call->firstTokenMs),
                               call->firstTokenMs);
            budgets.emplace_back(); // none
            std::vector<std::string> words;
            for (const auto& budget : budgets)
                words.push_back(budget ? std::to_string(*budget) + " ms" : "none");
            const auto current = std::ranges::find(budgets, call->firstTokenMs) - budgets.begin();
            add(KnobKind::Budget, rule, "budget of " + call->model.value, std::move(words),
                static_cast<std::size_t>(current),
                [rule, path, step, budgets](PolicyDocument& document, std::uint16_t choice) {
                    auto& steps = std::get<Chain>(armAt(planOf(document, rule), path).node).steps;
                    std::get<Call>(steps[step].node).firstTokenMs = budgets[choice];
                });
        }
    }

    /// Of every step that asks again before the next one is tried: less often, or not at all.
    void addRetries(std::optional<std::size_t> rule, const Plan& plan, const Path& path)
    {
        const auto* chain = std::get_if<Chain>(&plan.node);
        if (!chain || !wants(KnobKind::Retries))
            return;
        for (std::size_t step = 0; step + 1 < chain->steps.size(); ++step) {
            const auto* call = std::get_if<Call>(&chain->steps[step].node);
            if (!call)
                continue;
            std::vector<std::string> words;
            for (int count = 0; count <= call->retry.count; ++count)
                words.push_back(std::to_string(count));
            add(KnobKind::Retries, rule, "retries of " + call->model.value, std::move(words),
                static_cast<std::size_t>(call->retry.count),
                [rule, path, step](PolicyDocument& document, std::uint16_t choice) {
                    auto& steps = std::get<Chain>(armAt(planOf(document, rule), path).node).steps;
                    std::get<Call>(steps[step].node).retry.count = choice;
                });
        }
    }

    void addWeights(std::optional<std::size_t> rule, const Split& split, const Path& path)
    {
        if (split.arms.size() != 2 || !wants(KnobKind::Weight))
            return; // of more arms the shares depend on each other: not searched yet
        const int own = split.arms.front().weight;
        std::vector<int> weights;
        for (int i = 0; i <= kWeightSteps; ++i)
            weights.push_back(i * kAllWeight / kWeightSteps);
        if (std::ranges::find(weights, own) == weights.end())
            weights.insert(std::ranges::lower_bound(weights, own), own);
        std::vector<std::string> words;
        for (const int weight : weights)
            words.push_back(shortNumber(weight / 100.0) + " %");
        const auto current = std::ranges::find(weights, own) - weights.begin();
        add(KnobKind::Weight, rule, "share of " + tierOf(split.arms.front().plan).value,
            std::move(words), static_cast<std::size_t>(current),
            [rule, path, weights](PolicyDocument& document, std::uint16_t choice) {
                auto& arms = std::get<Split>(armAt(planOf(document, rule), path).node).arms;
                arms.front().weight = weights[choice];
                arms.back().weight = kAllWeight - weights[choice];
            });
    }

    std::span<const ModelId> m_models;
    const SignalValues& m_values;
    const KnobOptions& m_options;
    PolicySpace m_space;
};

Result<PolicySpace> PolicySpace::of(const PolicyDocument& document, std::span<const ModelId> models,
                                    const SignalValues& values, const KnobOptions& options)
{
    return PolicySpaceBuilder(document, models, values, options).build();
}

std::vector<Gene> PolicySpace::genes() const
{
    std::vector<Gene> genes;
    for (const Knob& knob : m_knobs)
        genes.push_back({static_cast<std::uint16_t>(knob.choices.size()),
                         knob.kind != KnobKind::Model && knob.kind != KnobKind::Stickiness});
    return genes;
}

Genome PolicySpace::current() const
{
    Genome genome;
    for (const Knob& knob : m_knobs)
        genome.push_back(knob.current);
    return genome;
}

PolicyDocument PolicySpace::policy(const Genome& genome) const
{
    PolicyDocument document = m_document;
    for (std::size_t i = 0; i < m_set.size(); ++i) {
        if (genome[i] != m_knobs[i].current)
            m_set[i](document, genome[i]);
    }
    return document;
}

std::vector<std::size_t> PolicySpace::turned(const Genome& genome) const
{
    std::vector<std::size_t> turned;
    for (std::size_t i = 0; i < m_knobs.size(); ++i) {
        if (genome[i] != m_knobs[i].current)
            turned.push_back(i);
    }
    return turned;
}

} // namespace signalbox
