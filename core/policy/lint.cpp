// SPDX-License-Identifier: Apache-2.0
#include "lint.h"

#include "lint_context.h"
#include "names.h"

#include <core/base/ascii.h>
#include <core/base/json_path.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace signalbox {

namespace {

constexpr int kLargestInt = std::numeric_limits<int>::max();
constexpr std::size_t kLargestFixedList = 200; ///< gates or tests; a fix copies the list

/// Lowercase letters, digits and hyphens of a name, e.g. "Support desk" -> "support-desk".
std::string slugOf(const std::string& name)
{
    std::string slug;
    for (const char c : name) {
        const char lower = foldAscii(c);
        const bool isPlain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (isPlain)
            slug += lower;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    while (!slug.empty() && slug.back() == '-')
        slug.pop_back();
    return slug.empty() ? "policy" : slug;
}

void lintTitle(LintContext& context)
{
    const PolicyDocument& document = context.document();
    const auto title = [&document](const std::string& id, int revision) {
        return Edit(SetTitle{id, document.name, revision, document.note});
    };
    if (document.id.empty()) {
        const std::string id = slugOf(document.name);
        context.warning(
            "no-policy-id", "The policy has no id for logs and metrics.", "id",
            context.fix("Call it " + quoted(id), [&] { return title(id, document.revision); }));
    }
    lintRange<int>(context, "revision", "The revision", document.revision, 1, kLargestInt,
                   [&](int revision) { return title(document.id, revision); });
}

/// The model that costs most per output token: what one would take without a policy.
const ModelSpec* dearestModel(const PolicyDocument& document)
{
    const auto priceOf = [](const ModelSpec& model) {
        return model.price ? model.price->outputPerToken.pico : -1;
    };
    const auto dearest = std::ranges::max_element(document.models, {}, priceOf);
    return dearest == document.models.end() ? nullptr : &*dearest;
}

void lintBaseline(LintContext& context)
{
    const ModelId& baseline = context.document().baseline;
    if (context.findModel(baseline) && !baseline.isEmpty())
        return;
    std::optional<QuickFix> repair;
    if (const ModelSpec* model = dearestModel(context.document()); model && !model->id.isEmpty()) {
        repair = context.fix("Make " + quoted(model->id.value) + " the baseline",
                             [model] { return Edit(SetBaseline{model->id}); });
    }
    if (baseline.isEmpty()) {
        context.warning("missing-baseline",
                        "The policy has no baseline, so savings cannot be told.", "baseline",
                        std::move(repair));
    } else {
        context.error("unknown-baseline",
                      "There is no model " + quoted(baseline.value) + " to be the baseline.",
                      "baseline", std::move(repair));
    }
}

void lintHoldout(LintContext& context)
{
    if (!context.document().holdout)
        return;
    const Holdout& holdout = *context.document().holdout;
    lintRange<double>(context, "holdout.share", "The share of the holdout", holdout.share, 0, 1,
                      [&holdout](double share) {
                          Holdout changed = holdout;
                          changed.share = share;
                          return Edit(SetHoldout{changed});
                      });
    if (context.findModel(holdout.model))
        return;
    const ModelId& baseline = context.document().baseline;
    std::optional<QuickFix> repair;
    if (context.findModel(baseline)) {
        repair = context.fix("Use " + quoted(baseline.value), [&] {
            Holdout changed = holdout;
            changed.model = baseline;
            return Edit(SetHoldout{changed});
        });
    }
    context.error("unknown-model",
                  holdout.model.isEmpty()
                      ? "The holdout names no model."
                      : "There is no model " + quoted(holdout.model.value) + '.',
                  "holdout.model", std::move(repair));
}

/// @param bandOf  (VoiceContract&): the band itself, in a copy of the contract
template<class BandOf>
void lintBand(LintContext& context, const std::string& path, VoiceContract::Band band, double low,
              double high, const BandOf& bandOf)
{
    const auto changed = [&](VoiceContract::Band value) {
        VoiceContract voice = context.document().voice;
        bandOf(voice) = value;
        return Edit(SetVoice{std::move(voice)});
    };
    if (band.low > band.high) {
        context.error("empty-band", "The lower bound is above the upper one.", path,
                      context.fix("Swap them", [&] { return changed({band.high, band.low}); }));
    }
    lintRange<double>(context, path + "[0]", "The lower bound", band.low, low, high,
                      [&](double value) { return changed({value, std::max(value, band.high)}); });
    lintRange<double>(context, path + "[1]", "The upper bound", band.high, low, high,
                      [&](double value) { return changed({std::min(value, band.low), value}); });
}

void lintVoice(LintContext& context)
{
    const VoiceContract& voice = context.document().voice;
    if (voice.words) {
        lintBand(context, "voice.words", *voice.words, 0, std::numeric_limits<double>::max(),
                 [](VoiceContract& copy) -> auto& { return *copy.words; });
    }
    for (std::size_t i = 0; i < voice.tone.size(); ++i) {
        std::string path = "voice.tone";
        appendJsonMember(path, voice.tone[i].axis);
        lintBand(context, path, voice.tone[i].band, 0, 1,
                 [i](VoiceContract& copy) -> auto& { return copy.tone[i].band; });
    }
}

void lintAnswerStyle(LintContext& context)
{
    const AnswerStyle& style = context.document().answerStyle;
    if (!style.maxWords)
        return;
    lintRange<int>(context, "answerStyle.maxWords", "The number of words", *style.maxWords, 1,
                   kLargestInt, [&style](int words) {
                       AnswerStyle changed = style;
                       changed.maxWords = words;
                       return Edit(SetAnswerStyle{changed});
                   });
}

bool wantsMore(GateMetric metric)
{
    return metric != GateMetric::CostPer1k && metric != GateMetric::LatencyP95Ms;
}

bool isShare(GateMetric metric)
{
    return metric == GateMetric::CostSaving || metric == GateMetric::Satisfaction ||
           metric == GateMetric::Consistency;
}

/// Gates are a list without ids; a fix replaces the list.
class GateLinter
{
public:
    explicit GateLinter(LintContext& context)
        : m_context(context), m_gates(context.document().gates)
    {}

    void lint(std::size_t index)
    {
        const Gate& gate = m_gates[index];
        const std::string path = "gates[" + std::to_string(index) + ']';
        const std::string name = quoted(std::string(nameOf(gate.metric)));
        if (!m_seen.emplace(gate.metric, gate.per).second)
            m_context.warning("duplicate-gate", "There is a gate on " + name + " already.", path,
                              removed(index));
        if (!gate.atLeast && !gate.atMost) {
            m_context.error("gate-limit", "The gate on " + name + " has no limit.", path,
                            removed(index));
        } else if (gate.atLeast && gate.atMost) {
            m_context.error("gate-limit", "The gate on " + name + " has two limits; one is needed.",
                            path, oneLimit(index));
        } else {
            lintDirection(index, path, name);
            lintScale(index, path, name);
        }
    }

private:
    template<class Change>
    std::optional<QuickFix> fix(const std::string& label, const Change& change)
    {
        if (m_gates.size() > kLargestFixedList)
            return std::nullopt;
        return m_context.fix(label, [&] {
            std::vector<Gate> gates = m_gates;
            change(gates);
            return Edit(SetGates{std::move(gates)});
        });
    }

    std::optional<QuickFix> removed(std::size_t index)
    {
        return fix("Remove the gate", [index](std::vector<Gate>& gates) {
            gates.erase(gates.begin() + static_cast<std::ptrdiff_t>(index));
        });
    }

    std::optional<QuickFix> oneLimit(std::size_t index)
    {
        const bool keepsLeast = wantsMore(m_gates[index].metric);
        return fix(keepsLeast ? "Keep the lower limit" : "Keep the upper limit",
                   [=](std::vector<Gate>& gates) {
                       (keepsLeast ? gates[index].atMost : gates[index].atLeast).reset();
                   });
    }

    void lintDirection(std::size_t index, const std::string& path, const std::string& name)
    {
        const bool isMore = wantsMore(m_gates[index].metric);
        if (isMore == m_gates[index].atLeast.has_value())
            return;
        m_context.warning("gate-direction",
                          isMore ? "More " + name + " is better, but the gate sets an upper limit."
                                 : "Less " + name + " is better, but the gate sets a lower limit.",
                          path, fix("Turn the limit round", [index](std::vector<Gate>& gates) {
                              std::swap(gates[index].atLeast, gates[index].atMost);
                          }));
    }

    void lintScale(std::size_t index, const std::string& path, const std::string& name)
    {
        const Gate& gate = m_gates[index];
        const double limit = gate.atLeast ? *gate.atLeast : *gate.atMost;
        if (!isShare(gate.metric) || limit <= 1)
            return;
        std::optional<QuickFix> repair;
        if (limit <= 100) {
            repair = fix("Set it to " + numberText(limit / 100), [=](std::vector<Gate>& gates) {
                (gates[index].atLeast ? gates[index].atLeast : gates[index].atMost) = limit / 100;
            });
        }
        m_context.warning("gate-scale",
                          name + " goes from 0 to 1, but the limit is " + numberText(limit) + '.',
                          path, std::move(repair));
    }

    LintContext& m_context;
    const std::vector<Gate>& m_gates;
    std::set<std::pair<GateMetric, GateScope>> m_seen;
};

void lintMonitoring(LintContext& context)
{
    const Monitoring& monitoring = context.document().monitoring;
    const auto changed = [&monitoring](auto Monitoring::* member, auto value) {
        Monitoring copy = monitoring;
        copy.*member = value;
        return Edit(SetMonitoring{std::move(copy)});
    };
    if (!(monitoring.alpha > 0 && monitoring.alpha < 1)) {
        const double standard = Monitoring().alpha;
        context.error("out-of-range", "The risk of a false alarm must be between 0 and 1.",
                      "monitoring.alpha", context.fix("Set it to " + numberText(standard), [&] {
                          return changed(&Monitoring::alpha, standard);
                      }));
    }
    lintRange<int>(context, "monitoring.detectWithinDays", "The time to detection in days",
                   monitoring.detectWithinDays, 1, kLargestInt,
                   [&](int days) { return changed(&Monitoring::detectWithinDays, days); });
}

void lintTests(LintContext& context)
{
    const auto& tests = context.document().tests;
    const auto fix = [&](const char* label, std::size_t index, const auto& change) {
        if (tests.size() > kLargestFixedList)
            return std::optional<QuickFix>();
        return context.fix(label, [&] {
            std::vector<PolicyTest> copy = tests;
            change(copy[index]);
            return Edit(SetTests{std::move(copy)});
        });
    };
    for (std::size_t i = 0; i < tests.size(); ++i) {
        const PolicyTest& test = tests[i];
        const std::string path = "tests[" + std::to_string(i) + "].expect";
        if (test.rule && !context.hasRule(*test.rule)) {
            context.warning(
                "test-unknown-rule",
                "The test expects rule " + quoted(test.rule->value) + ", which is not there.",
                path + ".rule", fix("Expect any rule", i, [](PolicyTest& t) { t.rule.reset(); }));
        }
        const auto dropOutcomes = [&](PolicyTest& t) {
            std::erase_if(t.outcomes, [&](const ForcedOutcome& outcome) {
                return !context.findModel(outcome.model);
            });
        };
        for (const ForcedOutcome& outcome : test.outcomes) {
            if (!context.findModel(outcome.model))
                context.warning("test-unknown-model",
                                "The test forces an outcome of model " +
                                    quoted(outcome.model.value) + ", which is not there.",
                                "tests[" + std::to_string(i) + "].outcomes",
                                fix("Force nothing of it", i, dropOutcomes));
        }
        if (test.servedBy && !context.findModel(*test.servedBy)) {
            context.warning("test-unknown-model",
                            "The test expects an answer of model " + quoted(test.servedBy->value) +
                                ", which is not there.",
                            path + ".servedBy",
                            fix("Expect any answer", i, [](PolicyTest& t) { t.servedBy.reset(); }));
        }
        if (test.model && !context.findModel(*test.model)) {
            context.warning("test-unknown-model",
                            "The test expects model " + quoted(test.model->value) +
                                ", which is not there.",
                            path + ".model",
                            fix("Expect any model", i, [](PolicyTest& t) { t.model.reset(); }));
        }
    }
}

} // namespace

std::vector<Finding> lint(const PolicyDocument& document)
{
    LintContext context(document);
    lintTitle(context);
    lintModels(context);
    lintBaseline(context);
    lintSignals(context);
    lintGroups(context);
    lintRules(context);
    lintPlan(PlanPlace{}, context);
    lintHoldout(context);
    lintAnswerStyle(context);
    lintVoice(context);
    GateLinter gates(context);
    for (std::size_t i = 0; i < document.gates.size(); ++i)
        gates.lint(i);
    lintMonitoring(context);
    lintTests(context);
    std::vector<Finding> findings = context.take();
    std::ranges::stable_sort(findings, {}, &Finding::severity);
    return findings;
}

std::vector<Finding> lintPlans(const PolicyDocument& document)
{
    LintContext context(document);
    for (std::size_t i = 0; i < document.rules.size(); ++i) {
        context.setRule(document.rules[i].id);
        lintPlan(PlanPlace{i}, context);
        if (document.rules[i].uncertain)
            lintPlan(PlanPlace{i, true}, context);
    }
    context.setRule(std::nullopt);
    lintPlan(PlanPlace{}, context);
    return context.take();
}

} // namespace signalbox
