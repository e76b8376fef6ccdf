// SPDX-License-Identifier: Apache-2.0
#include "lint_context.h"
#include "names.h"
#include "policy_json.h"
#include "policy_json_parts.h"
#include "uncertain.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

namespace signalbox {

namespace {

constexpr int kLargestProvedCondition = 300; ///< parts; larger ones get no proofs and no fixes

/// The part of a condition that a list of child positions leads to.
Condition& partAt(Condition& root, const std::vector<std::size_t>& steps)
{
    Condition* part = &root;
    for (const std::size_t step : steps) {
        if (auto* all = std::get_if<All>(&part->node))
            part = &all->conditions[step];
        else if (auto* any = std::get_if<Any>(&part->node))
            part = &any->conditions[step];
        else
            part = &*std::get<Not>(part->node).condition;
    }
    return *part;
}

std::optional<double> numberOf(const std::string& text)
{
    double value = 0;
    const char* const last = text.data() + text.size();
    const auto read = std::from_chars(text.data(), last, value);
    return read.ec == std::errc() && read.ptr == last ? std::optional(value) : std::nullopt;
}

/// The value as the type wants it, if there is no doubt about it: "7" as 7, "true" as true.
std::optional<CompareValue> converted(const CompareValue& value, ValueType type)
{
    const auto* text = std::get_if<std::string>(&value);
    if (type == ValueType::Number && text) {
        const auto number = numberOf(*text);
        return number ? std::optional<CompareValue>(*number) : std::nullopt;
    }
    if (type == ValueType::Boolean && text && (*text == "true" || *text == "false"))
        return *text == "true";
    if (const auto* number = std::get_if<double>(&value); type == ValueType::String && number)
        return numberText(*number);
    if (const auto* truth = std::get_if<bool>(&value); type == ValueType::String && truth)
        return std::string(*truth ? "true" : "false");
    return std::nullopt;
}

/// Takes the number of parts off `left`; stops below 0.
void countParts(const Condition& condition, int& left)
{
    if (--left < 0)
        return;
    if (const auto* all = std::get_if<All>(&condition.node)) {
        for (std::size_t i = 0; i < all->conditions.size() && left >= 0; ++i)
            countParts(all->conditions[i], left);
    } else if (const auto* any = std::get_if<Any>(&condition.node)) {
        for (std::size_t i = 0; i < any->conditions.size() && left >= 0; ++i)
            countParts(any->conditions[i], left);
    } else if (const auto* negated = std::get_if<Not>(&condition.node)) {
        countParts(*negated->condition, left);
    }
}

/// Whether a condition is worth proofs and copies.
bool isSmall(const Condition& condition)
{
    int left = kLargestProvedCondition;
    countParts(condition, left);
    return left >= 0;
}

/// Walks one condition and reports what is wrong with its parts.
class ConditionLinter
{
public:
    ConditionLinter(const ConditionPlace& place, LintContext& context)
        : m_place(place), m_context(context), m_logic(context.logic()),
          m_root(place.conditionOf(context.document())), m_isSmall(isSmall(m_root))
    {}

    void lint()
    {
        const std::string path = m_place.path();
        walk(m_root, path, 1);
        if (m_isSmall) {
            reportNever(m_root, path);
            reportTwice(m_root, path);
        }
    }

private:
    /// Calls `visit(part, path)` for the direct parts.
    template<class Visit>
    void forEachPart(const Condition& condition, const std::string& path, const Visit& visit)
    {
        const auto visitList = [&](const std::vector<Condition>& parts, const char* name) {
            for (std::size_t i = 0; i < parts.size(); ++i) {
                m_steps.push_back(i);
                visit(parts[i], path + '.' + name + '[' + std::to_string(i) + ']');
                m_steps.pop_back();
            }
        };
        if (const auto* all = std::get_if<All>(&condition.node)) {
            visitList(all->conditions, "all");
        } else if (const auto* any = std::get_if<Any>(&condition.node)) {
            visitList(any->conditions, "any");
        } else if (const auto* negated = std::get_if<Not>(&condition.node)) {
            m_steps.push_back(0);
            visit(*negated->condition, path + ".not");
            m_steps.pop_back();
        }
    }

    void walk(const Condition& condition, const std::string& path, int depth)
    {
        if (depth > kMaxConditionDepth) {
            m_context.error("too-deep",
                            "The condition is nested deeper than " +
                                std::to_string(kMaxConditionDepth) +
                                " levels, which nobody can read and not every router can run.",
                            path);
            return;
        }
        if (const auto* compare = std::get_if<Compare>(&condition.node))
            lintCompare(*compare, path);
        forEachPart(condition, path, [&](const Condition& part, const std::string& partPath) {
            walk(part, partPath, depth + 1);
        });
    }

    /// A fix that changes the comparison at the current position. None for a condition so large
    /// that a copy for each of its mistakes would be a burden.
    template<class Change>
    std::optional<QuickFix> fixCompare(const std::string& label, const Change& change)
    {
        if (!m_isSmall)
            return std::nullopt;
        return m_context.fix(label, [&] {
            Condition changed = m_root;
            change(std::get<Compare>(partAt(changed, m_steps).node));
            return m_place.replacedBy(std::move(changed), m_context);
        });
    }

    void lintCompare(const Compare& compare, const std::string& path)
    {
        const Signal* signal = m_logic.findSignal(compare.signal);
        if (!signal)
            return reportUnknownSignal(compare, path);
        if (m_place.term && std::holds_alternative<ScoreSource>(signal->source)) {
            m_context.error("score-in-score",
                            "A term of a score uses the score " + quoted(signal->id.value) +
                                "; scores cannot use scores.",
                            path);
            return;
        }
        if (const std::string problem = compareProblem(compare, *signal); !problem.empty()) {
            m_context.error("type-mismatch", problem, path, typeFix(compare, *signal));
            return;
        }
        if (compare.op == CompareOp::Matches)
            lintPattern(std::get<std::string>(compare.value), path);
    }

    void reportUnknownSignal(const Compare& compare, const std::string& path)
    {
        std::vector<std::string_view> names;
        for (const Signal& signal : m_context.document().signalList)
            names.push_back(signal.id.value);
        std::optional<QuickFix> repair;
        if (const auto nearest = suggestion(compare.signal.value, names)) {
            repair = fixCompare("Use " + quoted(*nearest),
                                [&](Compare& changed) { changed.signal.value = *nearest; });
        }
        m_context.error("unknown-signal",
                        compare.signal.isEmpty()
                            ? "The comparison names no signal."
                            : "There is no signal " + quoted(compare.signal.value) + '.',
                        path, std::move(repair));
    }

    std::optional<QuickFix> typeFix(const Compare& compare, const Signal& signal)
    {
        if (compare.ignoreCase && valueTypeOf(signal) != ValueType::String)
            return fixCompare("Do not ignore case",
                              [](Compare& changed) { changed.ignoreCase = false; });
        if (compare.op == CompareOp::Exists)
            return fixCompare("Set the value to true",
                              [](Compare& changed) { changed.value = true; });
        Compare trial = compare;
        const auto value = converted(compare.value, valueTypeOf(signal));
        if (!value)
            return std::nullopt;
        trial.value = *value;
        if (!compareProblem(trial, signal).empty())
            return std::nullopt;
        const std::string text = toCompactJsonText(policyjson::compareValueJson(trial.value));
        return fixCompare("Compare with " + text, [&](Compare& changed) { changed = trial; });
    }

    void lintPattern(const std::string& pattern, const std::string& path)
    {
        const std::string problem = portableRegexProblem(pattern);
        if (problem.empty())
            return;
        std::optional<QuickFix> repair;
        if (const auto rewrite = portableRegexRewrite(pattern)) {
            repair = fixCompare("Write " + quoted(rewrite->pattern), [&](Compare& changed) {
                changed.value = rewrite->pattern;
                changed.ignoreCase = changed.ignoreCase || rewrite->ignoreCase;
            });
        }
        m_context.error("regex-not-portable", problem, path + ".value", std::move(repair));
    }

    /// Reports the outermost parts that can never hold.
    void reportNever(const Condition& condition, const std::string& path)
    {
        if (m_logic.truthOf(condition) == Truth::Never) {
            m_context.warning("never-true", neverText(condition), path, fixNever());
            return;
        }
        if (std::holds_alternative<Not>(condition.node))
            return; // a part that never holds makes this one always hold, which may be meant
        forEachPart(condition, path, [this](const Condition& part, const std::string& partPath) {
            reportNever(part, partPath);
        });
    }

    /// Takes the part out of the "any" that it stands in; a whole rule goes.
    std::optional<QuickFix> fixNever()
    {
        if (m_steps.empty()) {
            if (m_place.term)
                return std::nullopt;
            return m_context.fix("Remove the rule",
                                 [this] { return m_context.removalOfRule(m_place.index); });
        }
        return m_context.fix("Remove this part", [this]() -> std::optional<Edit> {
            Condition changed = m_root;
            const std::vector<std::size_t> parentSteps(m_steps.begin(), m_steps.end() - 1);
            auto* any = std::get_if<Any>(&partAt(changed, parentSteps).node);
            if (!any)
                return std::nullopt;
            any->conditions.erase(any->conditions.begin() +
                                  static_cast<std::ptrdiff_t>(m_steps.back()));
            return m_place.replacedBy(std::move(changed), m_context);
        });
    }

    /// Reports parts of a group that say what one before them says: they change nothing.
    void reportTwice(const Condition& condition, const std::string& path)
    {
        std::vector<const Condition*> before;
        forEachPart(condition, path, [&](const Condition& part, const std::string& partPath) {
            if (isSaid(part) &&
                std::ranges::any_of(before, [&](const Condition* each) { return *each == part; })) {
                m_context.info("duplicate-condition", twiceText(part), partPath, fixTwice());
                return;
            }
            before.push_back(&part);
            reportTwice(part, partPath);
        });
    }

    /// Whether somebody has filled it in; what has no signal yet is reported as that.
    [[nodiscard]] static bool isSaid(const Condition& condition)
    {
        if (const auto* compare = std::get_if<Compare>(&condition.node))
            return !compare->signal.isEmpty();
        if (const auto* negated = std::get_if<Not>(&condition.node))
            return isSaid(*negated->condition);
        const auto* all = std::get_if<All>(&condition.node);
        return !(all ? all->conditions : std::get<Any>(condition.node).conditions).empty();
    }

    [[nodiscard]] static std::string twiceText(const Condition& condition)
    {
        if (const auto* compare = std::get_if<Compare>(&condition.node))
            return compareText(*compare) + " stands here twice.";
        return "The same condition stands here twice.";
    }

    std::optional<QuickFix> fixTwice()
    {
        return m_context.fix("Remove the second", [this] {
            Condition changed = m_root;
            const std::vector<std::size_t> parentSteps(m_steps.begin(), m_steps.end() - 1);
            Condition& parent = partAt(changed, parentSteps);
            auto* all = std::get_if<All>(&parent.node);
            auto& parts = all ? all->conditions : std::get<Any>(parent.node).conditions;
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(m_steps.back()));
            return m_place.replacedBy(std::move(changed), m_context);
        });
    }

    [[nodiscard]] std::string neverText(const Condition& condition) const
    {
        if (const auto* compare = std::get_if<Compare>(&condition.node))
            return compareText(*compare) + " can never hold.";
        if (const auto* any = std::get_if<Any>(&condition.node); any && any->conditions.empty())
            return "An empty \"any\" never holds.";
        if (const auto* all = std::get_if<All>(&condition.node)) {
            for (const Condition& first : all->conditions) {
                for (const Condition& second : all->conditions) {
                    const auto* one = std::get_if<Compare>(&first.node);
                    const auto* other = std::get_if<Compare>(&second.node);
                    if (one && other && one < other && m_logic.exclude(*one, *other))
                        return compareText(*one) + " and " + compareText(*other) +
                               " can never hold together.";
                }
            }
        }
        return "This condition can never hold.";
    }

    const ConditionPlace& m_place;
    LintContext& m_context;
    const ConditionLogic& m_logic;
    const Condition& m_root;
    bool m_isSmall;
    std::vector<std::size_t> m_steps; ///< from the root to the part that is looked at
};

std::string nameOfRule(const Rule& rule)
{
    return quoted(rule.label.empty() ? rule.id.value : rule.label);
}

/// Rules against the rules before them.
class OrderLinter
{
public:
    explicit OrderLinter(LintContext& context)
        : m_context(context), m_logic(context.logic()), m_rules(context.document().rules)
    {}

    /// Call for each rule in order.
    void lint(std::size_t index)
    {
        const Rule& rule = m_rules[index];
        m_path = "rules[" + std::to_string(index) + ']';
        if (!rule.enabled) {
            m_context.info("disabled-rule", "Rule " + nameOfRule(rule) + " is switched off.",
                           m_path, m_context.fix("Enable the rule", [&] {
                               Rule enabled = rule;
                               enabled.enabled = true;
                               return m_context.editOfRule(index, std::move(enabled));
                           }));
            return;
        }
        const std::string same = toCompactJsonText(toJson(rule.when));
        const bool isProvable = isSmall(rule.when);
        const Truth truth = isProvable ? m_logic.truthOf(rule.when) : Truth::Depends;
        // What it is uncertain about is claimed by a condition of its own.
        if (truth != Truth::Never && !rule.uncertain)
            reportEarlier(index, same, isProvable);
        m_byCondition.emplace(same, index);
        if (truth == Truth::Always && !m_firstAlways) {
            m_firstAlways = index;
            reportAlways(index);
        }
        if (isProvable && truth == Truth::Depends)
            m_provable.push_back(index);
    }

private:
    void reportEarlier(std::size_t index, const std::string& same, bool isProvable)
    {
        if (m_firstAlways) {
            report("unreachable-rule", index, *m_firstAlways, "rule ", " before it always holds.");
        } else if (const auto twin = m_byCondition.find(same); twin != m_byCondition.end()) {
            report("shadowed-rule", index, twin->second, "rule ",
                   " before it has the same condition.");
        } else if (isProvable) {
            for (const std::size_t earlier : m_provable) {
                if (!m_logic.canProve())
                    return;
                if (m_logic.implies(m_rules[index].when, m_rules[earlier].when)) {
                    report("shadowed-rule", index, earlier, "whenever it holds, rule ",
                           " before it holds too.");
                    return;
                }
            }
        }
    }

    /// Each rule below is reported by itself; here is the cause.
    void reportAlways(std::size_t index)
    {
        const auto below =
            std::count_if(m_rules.begin() + static_cast<std::ptrdiff_t>(index) + 1, m_rules.end(),
                          [](const Rule& rule) { return rule.enabled; });
        std::string never = "the last lane never decides";
        if (below == 1)
            never = "the rule below it and the last lane never decide";
        else if (below > 1)
            never =
                "the " + std::to_string(below) + " rules below it and the last lane never decide";
        const std::string message =
            "Rule " + nameOfRule(m_rules[index]) + " takes every request, so " + never + '.';
        if (below == 0)
            m_context.warning("takes-everything", message, m_path + ".when");
        else
            m_context.warning("takes-everything", message, m_path + ".when",
                              m_context.fix("Move the rule to the end", [&] {
                                  return m_context.moveOfRule(index, m_rules.size() - 1);
                              }));
    }

    void report(const char* code, std::size_t index, std::size_t earlier, const char* before,
                const char* after)
    {
        m_context.warning(code,
                          "Rule " + nameOfRule(m_rules[index]) + " can never win: " + before +
                              nameOfRule(m_rules[earlier]) + after,
                          m_path, m_context.fix("Remove the rule", [&] {
                              return m_context.removalOfRule(index);
                          }));
    }

    LintContext& m_context;
    const ConditionLogic& m_logic;
    const std::vector<Rule>& m_rules;
    std::string m_path;
    std::unordered_map<std::string, std::size_t> m_byCondition; ///< enabled rules
    std::optional<std::size_t> m_firstAlways;
    std::vector<std::size_t> m_provable; ///< enabled rules that are worth a proof
};

void lintRuleId(LintContext& context, std::size_t index, bool isFirst)
{
    const RuleId& id = context.document().rules[index].id;
    if (isFirst && !id.isEmpty())
        return;
    const std::string fresh =
        freshName(id.isEmpty() ? "rule" : id.value,
                  [&context](const std::string& taken) { return context.hasRule(RuleId(taken)); });
    auto rename = context.fix("Call it " + quoted(fresh), [&] {
        Rule renamed = context.document().rules[index];
        renamed.id = RuleId(fresh);
        return context.editOfRule(index, std::move(renamed));
    });
    const std::string path = "rules[" + std::to_string(index) + "].id";
    if (id.isEmpty())
        context.error("empty-id", "A rule has no id.", path, std::move(rename));
    else
        context.error("duplicate-id", "Two rules are called " + quoted(id.value) + '.', path,
                      std::move(rename));
}

/// What is wrong with the margin of a rule.
void lintUncertain(LintContext& context, std::size_t index)
{
    const Rule& rule = context.document().rules[index];
    const Uncertain& uncertain = *rule.uncertain;
    const std::string path = "rules[" + std::to_string(index) + "].uncertain";
    const auto changed = [&](const auto& change) {
        Rule copy = rule;
        change(copy);
        return context.editOfRule(index, std::move(copy));
    };
    const auto removed = [&] {
        return context.fix("Remove the margin",
                           [&] { return changed([](Rule& copy) { copy.uncertain.reset(); }); });
    };
    const Signal* signal = context.logic().findSignal(uncertain.signal);
    if (!signal) {
        context.error("unknown-signal",
                      uncertain.signal.isEmpty()
                          ? "The margin names no signal."
                          : "There is no signal " + quoted(uncertain.signal.value) + '.',
                      path + ".signal", removed());
    } else if (valueTypeOf(*signal) != ValueType::Number) {
        context.error("type-mismatch",
                      "Signal " + quoted(uncertain.signal.value) +
                          " is no number, so there is no margin around its limits.",
                      path + ".signal", removed());
    } else if (shiftedCondition(rule.when, uncertain.signal, 1) == rule.when) {
        context.warning("never-uncertain",
                        "Rule " + nameOfRule(rule) + " is never uncertain: its condition holds " +
                            quoted(uncertain.signal.value) + " against no limit.",
                        path, removed());
    }
    if (!(uncertain.margin > 0)) {
        context.error("out-of-range", "The margin must be above 0.", path + ".margin",
                      context.fix("Set it to 1", [&] {
                          return changed([](Rule& copy) { copy.uncertain->margin = 1; });
                      }));
    }
    lintPlan(PlanPlace{index, true}, context);
}

} // namespace

void lintCondition(const ConditionPlace& place, LintContext& context)
{
    ConditionLinter(place, context).lint();
}

void lintRules(LintContext& context)
{
    OrderLinter order(context);
    std::unordered_set<RuleId> ids;
    for (std::size_t i = 0; i < context.document().rules.size(); ++i) {
        const RuleId& id = context.document().rules[i].id;
        context.setRule(id);
        lintRuleId(context, i, ids.insert(id).second);
        order.lint(i);
        lintCondition(ConditionPlace{i, {}}, context);
        lintPlan(PlanPlace{i}, context);
        if (context.document().rules[i].uncertain)
            lintUncertain(context, i);
    }
    context.setRule(std::nullopt);
}

} // namespace signalbox
