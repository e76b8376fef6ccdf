// SPDX-License-Identifier: Apache-2.0
#include "fallback_edges.h"

#include "guide_tokens.h"
#include "latency.h"
#include "number_text.h"
#include "replayed_policy.h"

#include <core/base/json_path.h>
#include <core/policy/document_uses.h>
#include <core/routing/answer_check.h>
#include <core/routing/failure_of_kind.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>

namespace signalbox {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFewestGood = 20;
constexpr double kMostGoodCut = 0.01;
constexpr double kAudible = 0.5;
constexpr double kRequests = 1000;
constexpr double kTokens = 1e6;

/// The calls that may be tried first when a plan starts.
void collectFirstCalls(const Plan& plan, std::vector<const Call*>& calls)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "begin the new plan");
    if (const auto* call = std::get_if<Call>(&plan.node)) {
        calls.push_back(call);
    } else if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        if (!chain->steps.empty())
            collectFirstCalls(chain->steps.front(), calls);
    } else if (const auto* split = std::get_if<Split>(&plan.node)) {
        for (const Arm& arm : split->arms) {
            if (arm.weight > 0)
                collectFirstCalls(arm.plan, calls);
        }
    } else if (const auto* cascade = std::get_if<Cascade>(&plan.node)) {
        if (!cascade->steps.empty())
            collectFirstCalls(cascade->steps.front(), calls);
    } else {
        for (const Call& member : std::get<Pool>(plan.node).members)
            calls.push_back(&member);
    }
}

/// The attempts of a call that a model fails, one after the other, each as fast: by the rules of
/// AttemptMachine there is no retry once a budget has run out, and by those of PlanReplay an
/// attempt is billed once a model had it.
struct FailingCall
{
    double billed = 0; ///< attempts
    double knownMs = 0;
};

FailingCall failing(double attemptMs, double budgetMs, AttemptFailure kind, const Retry& retry)
{
    if (attemptMs > budgetMs)
        return {1, budgetMs};
    const double billed = isTurnedAway(kind) ? 0 : 1;
    FailingCall call = {billed, attemptMs};
    double wait = retry.backoffMs;
    for (int i = 0; i < retry.count && kind != AttemptFailure::Timeout; ++i) {
        call.billed += billed;
        call.knownMs += std::round(wait) + attemptMs;
        wait *= retry.multiplier;
    }
    return call;
}

std::vector<const Call*> firstCallsOf(const Plan& plan)
{
    std::vector<const Call*> calls;
    collectFirstCalls(plan, calls);
    return calls;
}

/// Goes through a document's plans and weighs each edge against the evidence.
class EdgeFinder
{
public:
    EdgeFinder(const PolicyDocument& document, const EvidenceTable& evidence, double inputTokens)
        : m_document(document), m_evidence(evidence), m_inputTokens(inputTokens)
    {}

    std::vector<FallbackEdge> run()
    {
        for (const Rule& rule : m_document.rules) {
            m_rule = rule.id;
            const std::string path = "rules[" + rule.id.value + ']';
            if (rule.uncertain)
                walk(rule.uncertain->plan, path + ".uncertain.plan");
            walk(rule.plan, path + ".plan");
        }
        m_rule.reset();
        walk(m_document.otherwise, "otherwise");
        return std::move(m_edges);
    }

private:
    void walk(const Plan& plan, const std::string& path)
    {
        const auto member = [&path](const char* name, std::size_t index) {
            return path + '.' + name + '[' + std::to_string(index) + ']';
        };
        if (const auto* chain = std::get_if<Chain>(&plan.node)) {
            for (std::size_t i = 0; i < chain->steps.size(); ++i) {
                if (i > 0)
                    addEdges(chain->steps[i - 1], chain->steps[i], member("chain.steps", i),
                             nullptr);
                walk(chain->steps[i], member("chain.steps", i));
            }
        } else if (const auto* cascade = std::get_if<Cascade>(&plan.node)) {
            for (std::size_t i = 0; i < cascade->steps.size(); ++i) {
                if (i > 0)
                    addEdges(cascade->steps[i - 1], cascade->steps[i], member("cascade.steps", i),
                             &cascade->accept);
                walk(cascade->steps[i], member("cascade.steps", i));
            }
        } else if (const auto* split = std::get_if<Split>(&plan.node)) {
            for (std::size_t i = 0; i < split->arms.size(); ++i)
                walk(split->arms[i].plan, member("split.arms", i) + ".plan");
        }
    }

    void addEdges(const Plan& from, const Plan& to, const std::string& path,
                  const Acceptance* accept)
    {
        const ModelId next = tierOf(to);
        for (const Call* call : firstCallsOf(from)) {
            FallbackEdge edge;
            edge.path = path;
            edge.rule = m_rule;
            edge.from = call->model;
            edge.to = next;
            edge.isCascade = accept != nullptr;
            edge.isSimulated = m_evidence.simulated;
            measure(*call, accept, edge);
            m_edges.push_back(std::move(edge));
        }
    }

    void measure(const Call& call, const Acceptance* accept, FallbackEdge& edge) const
    {
        edge.probability = edge.addedP50Ms = edge.addedP95Ms = edge.wastedUsdPer1k = kMissing;
        const int from = m_evidence.modelIndex(edge.from);
        const int to = m_evidence.modelIndex(edge.to);
        edge.noticeability = noticeabilityOf(m_evidence, from, to);
        if (from >= 0 && to >= 0 && from != to)
            edge.voicePrompts = m_evidence.voices
                                    .pairs[m_evidence.pairIndex(static_cast<std::size_t>(from),
                                                                static_cast<std::size_t>(to))]
                                    .n;
        if (from >= 0)
            weigh(call, accept, m_evidence.columns[static_cast<std::size_t>(from)], edge);
    }

    void weigh(const Call& call, const Acceptance* accept,
               const EvidenceTable::ModelColumns& columns, FallbackEdge& edge) const
    {
        std::optional<AnswerCheck> check;
        if (accept) {
            if (auto compiled = AnswerCheck::compile(*accept))
                check.emplace(std::move(*compiled));
        }
        const double budget = call.firstTokenMs ? *call.firstTokenMs
                              : call.totalMs    ? *call.totalMs
                                                : std::numeric_limits<double>::infinity();
        std::vector<double> added;
        double failedAttempts = 0; // that are billed, of a request that the model fails
        for (const double ms : columns.failingMs) {
            const FailingCall each = failing(ms, budget, columns.failureKind, call.retry);
            added.push_back(each.knownMs);
            failedAttempts += each.billed / static_cast<double>(columns.failingMs.size());
        }
        if (columns.failingMs.empty())
            failedAttempts = failing(0, budget, columns.failureKind, call.retry).billed;
        double wastedTokens = 0; // of output
        std::size_t answered = 0;
        std::size_t over = 0;
        for (const std::vector<AnswerSample>& samples : columns.samples) {
            for (const AnswerSample& sample : samples) {
                ++answered;
                const bool isLate = sample.firstTokenMs > budget;
                const bool isRejected =
                    !isLate && check && sample.text && !check->passes(*sample.text);
                edge.good += sample.satisfied >= 0.5;
                if (!isLate && !isRejected)
                    continue;
                ++over;
                edge.goodCut += sample.satisfied >= 0.5;
                added.push_back(isLate ? budget : sample.totalMs);
                if (isRejected && !std::isnan(sample.outputTokens))
                    wastedTokens += std::min<double>(
                        sample.outputTokens,
                        call.overrides.maxTokens.value_or(std::numeric_limits<int>::max()));
            }
        }
        double attempts = 0;
        for (const double count : columns.attempts)
            attempts += count;
        edge.answers = static_cast<std::size_t>(std::max(attempts, static_cast<double>(answered)));
        if (answered == 0)
            return;
        const double overShare = static_cast<double>(over) / static_cast<double>(answered);
        edge.probability = columns.failureShare + (1 - columns.failureShare) * overShare;
        std::erase_if(added, [](double ms) { return std::isnan(ms); });
        if (!added.empty()) {
            edge.addedP50Ms = empiricalQuantile(added, 0.5);
            edge.addedP95Ms = empiricalQuantile(std::move(added), 0.95);
        }
        const double failed = columns.failureShare * failedAttempts; // attempts per request
        const double answeredShare = 1 - columns.failureShare;
        const double output = answeredShare * wastedTokens / static_cast<double>(answered);
        if (edge.probability > 0)
            edge.wastedUsdPer1k =
                usdPer1k(call, failed + answeredShare * overShare, output) / edge.probability;
    }

    /// @param attempts  of a request, each with all of its input
    /// @param output    tokens of a request
    [[nodiscard]] double usdPer1k(const Call& call, double attempts, double output) const
    {
        const ModelSpec* model = m_document.findModel(call.model);
        if (!model || !model->price || !(m_inputTokens > 0))
            return kMissing;
        const auto guide =
            static_cast<double>(guideTokens(estimatedTokens(model->styleGuide), call));
        return kRequests / kTokens *
               (attempts * (m_inputTokens + guide) * usdPerMTok(model->price->inputPerToken) +
                output * usdPerMTok(model->price->outputPerToken));
    }

    const PolicyDocument& m_document;
    const EvidenceTable& m_evidence;
    double m_inputTokens;
    std::optional<RuleId> m_rule;
    std::vector<FallbackEdge> m_edges;
};

std::string quoted(const ModelId& model)
{
    return '"' + model.value + '"';
}

std::string shareText(double share)
{
    const double percent = 100 * share;
    const int digits = percent < 10 ? 1 : 0;
    char text[32];
    std::snprintf(text, sizeof text, "%.*f %%", digits, percent);
    return text;
}

/// Where an edge is in the policy's file: findings have such places, edges name rules by id.
std::string placeInFile(const PolicyDocument& document, const FallbackEdge& edge)
{
    if (!edge.rule)
        return edge.path;
    const auto rule = std::ranges::find(document.rules, *edge.rule, &Rule::id);
    const std::string byId = "rules[" + edge.rule->value + ']';
    return "rules[" + std::to_string(rule - document.rules.begin()) + ']' +
           edge.path.substr(byId.size());
}

/// What the document's gate says; nullopt: it has none.
std::optional<double> allowedNoticeability(const PolicyDocument& document)
{
    std::optional<double> allowed;
    for (const Gate& gate : document.gates) {
        if (gate.metric == GateMetric::Consistency && gate.atLeast)
            allowed = 1 - *gate.atLeast;
    }
    return allowed;
}

/// How much may be heard, and by whose word.
std::string audibleText(const PolicyDocument& document)
{
    const std::string limit = fixedText(mostNoticeable(document), 2);
    return allowedNoticeability(document) ? "the consistency gate allows at most " + limit
                                          : "people notice more than " + limit;
}

Finding warningAt(const char* code, std::string message, const std::string& path,
                  const std::optional<RuleId>& rule = std::nullopt)
{
    Finding finding;
    finding.code = code;
    finding.message = std::move(message);
    finding.path = path;
    finding.rule = rule;
    return finding;
}

void addEdgeFindings(const PolicyDocument& document, const EvidenceTable& evidence,
                     std::vector<Finding>& findings)
{
    const double audible = mostNoticeable(document);
    const char* const kind = evidence.simulated ? " simulated" : " recorded";
    for (const FallbackEdge& edge : fallbackEdges(document, evidence, 0)) {
        const double cut =
            edge.good == 0 ? 0 : static_cast<double>(edge.goodCut) / static_cast<double>(edge.good);
        if (edge.good >= kFewestGood && cut > kMostGoodCut)
            findings.push_back(warningAt(
                "budget-cuts-good",
                std::string(edge.isCascade ? "The test of the cascade rejects "
                                           : "The time limit before this step cuts off ") +
                    shareText(cut) + " of the good answers of " + quoted(edge.from) + " (" +
                    countText(edge.goodCut) + " of " + countText(edge.good) + kind + ").",
                placeInFile(document, edge), edge.rule));
        if (edge.noticeability > audible && edge.voicePrompts >= 50)
            findings.push_back(
                warningAt("voice-jump",
                          "A user hears it when " + quoted(edge.to) + " takes over from " +
                              quoted(edge.from) + ": noticeability " +
                              fixedText(edge.noticeability, 2) + ", and " + audibleText(document) +
                              (std::isnan(edge.probability)
                                   ? std::string(".")
                                   : "; it happens to " + shareText(edge.probability) +
                                         " of the requests asked of " + quoted(edge.from) + '.'),
                          placeInFile(document, edge), edge.rule));
    }
}

} // namespace

std::vector<FallbackEdge> fallbackEdges(const PolicyDocument& document,
                                        const EvidenceTable& evidence, double inputTokens)
{
    return EdgeFinder(document, evidence, inputTokens).run();
}

double mostNoticeable(const PolicyDocument& document)
{
    return allowedNoticeability(document).value_or(kAudible);
}

std::vector<Finding> evidenceFindings(const PolicyDocument& document, const EvidenceTable& evidence,
                                      std::int64_t today)
{
    std::vector<Finding> findings;
    std::unordered_set<ModelId> asked;
    forEachPlan(document, [&](const Plan& plan) {
        const auto note = [&asked](const auto& part) { asked.insert(part.model); };
        forEachCall(plan, note, note);
    });
    for (std::size_t i = 0; i < document.models.size(); ++i) {
        const ModelSpec& model = document.models[i];
        const std::string path = "models[" + std::to_string(i) + ']';
        if (asked.contains(model.id) && evidence.modelIndex(model.id) < 0)
            findings.push_back(warningAt("no-evidence",
                                         "No answers of " + quoted(model.id) +
                                             " are recorded, so nothing is known of its voice, "
                                             "quality and latency. Send it the prompts on Voices.",
                                         path));
        const auto asOf = model.price ? daysOf(model.price->asOf) : std::nullopt;
        if (asOf && model.provider != "simulator" && today - *asOf > kStalePriceDays)
            findings.push_back(warningAt("stale-price",
                                         "The price of " + quoted(model.id) + " is " +
                                             countText(static_cast<std::size_t>(today - *asOf)) +
                                             " days old.",
                                         path + ".price"));
    }
    addEdgeFindings(document, evidence, findings);
    return findings;
}

std::optional<std::int64_t> daysOf(const std::string& isoDate)
{
    const auto part = [&isoDate](std::size_t at, std::size_t length) {
        int value = -1;
        const char* const begin = isoDate.data() + at;
        const auto read = std::from_chars(begin, begin + length, value);
        return read.ec == std::errc() && read.ptr == begin + length ? value : -1;
    };
    if (isoDate.size() < 10 || isoDate[4] != '-' || isoDate[7] != '-')
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                           std::chrono::day(static_cast<unsigned>(part(8, 2)))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

} // namespace signalbox
