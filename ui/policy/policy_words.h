// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/routing/compiled_policy.h>

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// A policy's parts in words, short enough for chips and nodes, numbers by the user's locale. Every
/// view of the Policy page says the same thing in the same words because it asks here.
class PolicyWords
{
    Q_DECLARE_TR_FUNCTIONS(PolicyWords)
public:
    /// Of the document, to be shown: characters that hide or reorder others are seen.
    [[nodiscard]] static QString text(const std::string& utf8);

    // Numbers.
    [[nodiscard]] static QString
    number(double value);                             ///< as short as it is exact, e.g. "7", "0.25"
    [[nodiscard]] static QString share(double share); ///< "41.0 %", "3.2 %", "< 0.1 %"
    [[nodiscard]] static QString basisPoints(int weight); ///< 9000 as "90 %", exact
    [[nodiscard]] static QString duration(double ms);     ///< "500 ms", "3.5 s"
    [[nodiscard]] static QString
    price(const std::optional<Price>& price); ///< "$30 in, $60 out per 1M tokens"
    [[nodiscard]] static QString
    shortPrice(const std::optional<Price>& price); ///< "$30 in, $60 out", of priceUnit()
    [[nodiscard]] static QString priceUnit();      ///< "per 1M tokens"
    /// Of 1 - consistency: 0.031 as "3.1 points of consistency lost".
    [[nodiscard]] static QString consistencyLost(double loss);

    // Conditions.
    [[nodiscard]] static QString op(CompareOp op);            ///< "≥", "contains"
    [[nodiscard]] static QString scalar(const Scalar& value); ///< strings in quotation marks
    [[nodiscard]] static QString value(const CompareValue& value);
    [[nodiscard]] static QString seen(const SignalValue& value);        ///< "missing" for none
    [[nodiscard]] static QString compare(const Compare& compare);       ///< "complexity ≥ 7"
    [[nodiscard]] static QString condition(const Condition& condition); ///< in one line

    // Plans.
    [[nodiscard]] static QString callTitle(const Call& call);
    [[nodiscard]] static QString
    callDetail(const Call& call); ///< budgets and retries; may be empty
    /// How the call asks its model otherwise than others do; empty if it does not.
    [[nodiscard]] static QString overrides(const CallOverrides& overrides);
    [[nodiscard]] static QString answerStyle(const AnswerStyle& style);
    [[nodiscard]] static QString chainTitle(const Chain& chain);
    [[nodiscard]] static QString splitTitle(const Split& split);
    [[nodiscard]] static QString cascadeTitle(const Cascade& cascade);
    [[nodiscard]] static QString poolTitle(const Pool& pool);
    [[nodiscard]] static QString poolPick(PoolPick pick); ///< "the quickest to begin"
    /// "no refusal, at least 20 words, gpt-4 agrees"; "every answer" without a condition.
    [[nodiscard]] static QString acceptance(const Acceptance& accept);
    /// "within 1 of complexity", of a rule's margin.
    [[nodiscard]] static QString margin(const Uncertain& uncertain);
    [[nodiscard]] static QString plan(const Plan& plan);      ///< in one line
    [[nodiscard]] static QString planTitle(const Plan& plan); ///< of this node alone
    [[nodiscard]] static QString failure(AttemptFailure failure);
    [[nodiscard]] static QString failures(const std::vector<AttemptFailure>& failures);
    [[nodiscard]] static QString chainMode(ChainMode mode);
    [[nodiscard]] static QString stickyUnit(StickyUnit unit);

    // Signals.
    [[nodiscard]] static QString
    source(const Signal& signal); ///< "characters of the last user message"
    [[nodiscard]] static QString
    sourceName(std::size_t variantIndex); ///< "Score", "Text measure", …
    [[nodiscard]] static QString scope(TextScope scope);
    [[nodiscard]] static QString measure(TextMeasure measure);
    /// "412 characters"; a share without words
    [[nodiscard]] static QString measured(TextMeasure measure, double value);
    [[nodiscard]] static QString field(RequestField field);
    [[nodiscard]] static QString valueType(ValueType type);
    [[nodiscard]] static QString weekday(Weekday day); ///< short: "Mon"
    /// "Mon to Fri", "Sat, Sun", "every day"
    [[nodiscard]] static QString weekdays(const std::vector<Weekday>& days);
    [[nodiscard]] static QString timeOfDay(int minute); ///< "08:30"
    [[nodiscard]] static QString timeSpan(int seconds); ///< "60 s", "5 min", "24 h", exact
    [[nodiscard]] static QString usageMeasure(UsageMeasure measure);
    [[nodiscard]] static QString usageUnit(UsageUnit unit);

    // The rest.
    [[nodiscard]] static QString rule(const Rule& rule); ///< its label, else its id
    [[nodiscard]] static QString group(const RuleGroup& group); ///< likewise
    [[nodiscard]] static QString decision(const PolicyDocument& document, int rule);
    /// "Hard questions, within its margin"
    [[nodiscard]] static QString decision(const PolicyDocument& document, int rule,
                                          bool isUncertain);
    [[nodiscard]] static QString nearMiss(const PolicyDocument& document, const NearMiss& miss);
    [[nodiscard]] static QString gateScope(GateScope scope);
    [[nodiscard]] static QString gate(const Gate& gate); ///< "Cost saving at least 40 %"
    [[nodiscard]] static QString role(Role role);
    [[nodiscard]] static QString holdout(const Holdout& holdout); ///< "3 % of conversations"
};

/// A condition broken into what the canvas draws: comparisons as chips, the words between them.
struct ConditionChip
{
    enum class Kind {
        Compare, ///< one comparison; path names it
        Word,    ///< "and", "or", "not", a parenthesis
        Empty,   ///< a group without conditions, which needs one; path names the group
    };
    Kind kind = Kind::Compare;
    QString text;
    std::string path; ///< inside the rule's condition
    bool operator==(const ConditionChip&) const = default;
};
[[nodiscard]] std::vector<ConditionChip> conditionChips(const Condition& condition);

} // namespace signalbox::ui
