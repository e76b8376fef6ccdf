// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of the library: what the parts of lint() share. Each part looks at one kind of thing and
// adds its findings in document order.

#include "condition_logic.h"
#include "document_uses.h"
#include "lint.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace signalbox {

/// An obvious repair of a finding.
struct QuickFix
{
    std::string label;
    Edit edit;
};

/// One run of lint(): the document, what is known of it, and the findings so far. A file can be
/// megabytes of mistakes, so findings and fixes are bounded; an error is dropped only after a
/// thousand others.
class LintContext
{
public:
    explicit LintContext(const PolicyDocument& document);

    [[nodiscard]] const PolicyDocument& document() const { return m_document; }
    [[nodiscard]] const ConditionLogic& logic() const { return m_logic; }
    [[nodiscard]] const ModelSpec* findModel(const ModelId& id) const;
    [[nodiscard]] bool hasRule(const RuleId& id) const { return m_ruleCounts.contains(id); }
    /// The latency that a gate over all traffic allows; infinite without one.
    [[nodiscard]] double latencyGateMs() const { return m_latencyGateMs; }

    /// Findings belong to this rule from now on.
    void setRule(std::optional<RuleId> rule) { m_rule = std::move(rule); }

    void error(const char* code, std::string message, std::string path,
               std::optional<QuickFix> fix = {});
    void warning(const char* code, std::string message, std::string path,
                 std::optional<QuickFix> fix = {});
    void info(const char* code, std::string message, std::string path,
              std::optional<QuickFix> fix = {});
    [[nodiscard]] std::vector<Finding> take(); ///< errors first, then in the order of adding

    /// A fix if there may be more of them. `makeEdit` gives an Edit, or nothing.
    template<class MakeEdit>
    [[nodiscard]] std::optional<QuickFix> fix(std::string label, const MakeEdit& makeEdit)
    {
        if (m_fixesLeft == 0)
            return std::nullopt;
        --m_fixesLeft;
        std::optional<Edit> edit = makeEdit();
        return edit ? std::optional(QuickFix{std::move(label), std::move(*edit)}) : std::nullopt;
    }

    // Edits at a position. They are the whole document where an id does not name the position.
    [[nodiscard]] std::optional<Edit> editOfModel(std::size_t index, ModelSpec model);
    [[nodiscard]] std::optional<Edit> editOfSignal(std::size_t index, Signal signal);
    [[nodiscard]] std::optional<Edit> editOfRule(std::size_t index, Rule rule);
    [[nodiscard]] std::optional<Edit> removalOfRule(std::size_t index);
    /// Nothing if the rule's id names another one, too.
    [[nodiscard]] std::optional<Edit> moveOfRule(std::size_t index, std::size_t target);

private:
    [[nodiscard]] std::optional<Edit>
    wholeDocument(const std::function<void(PolicyDocument&)>& change);
    void add(Severity severity, const char* code, std::string message, std::string path,
             std::optional<QuickFix> fix);

    const PolicyDocument& m_document;
    ConditionLogic m_logic;
    std::unordered_map<ModelId, const ModelSpec*> m_models;
    std::unordered_map<ModelId, int> m_modelCounts;
    std::unordered_map<SignalId, int> m_signalCounts;
    std::unordered_map<RuleId, int> m_ruleCounts;
    double m_latencyGateMs = std::numeric_limits<double>::infinity();
    std::vector<Finding> m_errors;
    std::vector<Finding> m_notices;
    std::optional<RuleId> m_rule;
    int m_fixesLeft = 1000;
    int m_wholeDocumentsLeft = 8;
};

/// Where a condition stands: at a rule, or at a term of a score.
struct ConditionPlace
{
    std::size_t index = 0;           ///< of the rule, or of the signal if `term` is set
    std::optional<std::size_t> term; ///< of the score

    [[nodiscard]] const Condition& conditionOf(const PolicyDocument& document) const;
    [[nodiscard]] std::string path() const;
    /// The edit that puts another condition there.
    [[nodiscard]] std::optional<Edit> replacedBy(Condition condition, LintContext& context) const;
};

/// Where a plan stands: at a rule, or as what is done otherwise.
struct PlanPlace
{
    std::optional<std::size_t> rule; ///< its index; nothing for otherwise
    bool isUncertain = false;        ///< of the rule: that for what it is uncertain about

    [[nodiscard]] const Plan& planOf(const PolicyDocument& document) const;
    [[nodiscard]] std::string path() const;
    [[nodiscard]] std::optional<Edit> replacedBy(Plan plan, LintContext& context) const;
};

void lintModels(LintContext& context);
void lintGroups(LintContext& context);
void lintSignals(LintContext& context);
void lintRules(LintContext& context);
void lintCondition(const ConditionPlace& place, LintContext& context);
void lintPlan(const PlanPlace& place, LintContext& context);

/// The first of `name`, "name-2", "name-3", … that `isTaken` does not know.
[[nodiscard]] std::string freshName(const std::string& name,
                                    const std::function<bool(const std::string&)>& isTaken);

[[nodiscard]] std::string numberText(double value);
[[nodiscard]] std::string quoted(const std::string& text);
/// The nearest known name for a misspelt one, unless there are very many.
[[nodiscard]] std::optional<std::string> suggestion(const std::string& name,
                                                    const std::vector<std::string_view>& names);

/// Reports a number outside of [low, high] with a fix that puts it to the nearest end.
/// @param setTo  (Number): the edit that sets the number
template<class Number, class SetTo>
void lintRange(LintContext& context, const std::string& path, const std::string& what, Number value,
               Number low, Number high, const SetTo& setTo)
{
    if (value >= low && value <= high)
        return;
    const Number nearest = value > high ? high : low; // also of a number that is none
    const auto text = [](Number number) { return numberText(static_cast<double>(number)); };
    const std::string bounds = high == std::numeric_limits<Number>::max()
                                   ? "at least " + text(low)
                                   : "from " + text(low) + " to " + text(high);
    context.error("out-of-range", what + " must be " + bounds + ", not " + text(value) + '.', path,
                  context.fix("Set it to " + text(nearest), [&] { return setTo(nearest); }));
}

} // namespace signalbox
