// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: over thousands of random policies every example of a proof is what it is said to be, by
// the engine and by a plain reading of design.md section 4; and no rule that is called unreachable
// wins any of 100,000 requests aimed at its policy's limits.

#include "aimed_requests.h"
#include "mixed_requests.h"

#include <core/base/parallel.h>
#include <core/proof/prover.h>
#include <core/routing/compiled_policy.h>
#include <tests/core/routing/naive_policy.h>
#include <tests/core/routing/random_routing.h>

#include <QTest>

#include <map>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int kPolicies = 2000;
constexpr int kConfirming =
    100'000;                    ///< requests per policy of which something is called unreachable
constexpr int kMadeWhole = 100; ///< of them; their signals are read anew
constexpr int kAimedAtParts = 100;

int indexOf(const PolicyDocument& document, const RuleId& id)
{
    const auto found = std::ranges::find(document.rules, id, &Rule::id);
    return static_cast<int>(found - document.rules.begin());
}

const Condition& whenOf(const PolicyDocument& document, const RuleId& id)
{
    return document.findRule(id)->when;
}

/// Whether the rule takes the request if it is asked: by its condition, or by its margin.
bool claims(const NaivePolicy& naive, const PolicyDocument& document, const RuleId& id)
{
    return naive.isUncertain(*document.findRule(id)) || naive.holds(whenOf(document, id));
}

/// The policy after the quick fix.
PolicyDocument mended(PolicyDocument document, const Finding& finding)
{
    const auto undone = apply(document, *finding.fix);
    Q_ASSERT(undone.has_value());
    return document;
}

/// Whether the example is what the proof claims; empty, or what is wrong.
QString problemOf(const PolicyDocument& document, const Proof& proof)
{
    const Finding& finding = proof.finding;
    if (!finding.example)
        return {};
    const Request& request = finding.example->request;
    const NaivePolicy naive(document, request);
    const int won = naive.rule();
    if (finding.code == "shadowed-rule") {
        if (!claims(naive, document, proof.rules.back()))
            return QStringLiteral("the shadowed rule does not hold");
        const bool isTold = std::ranges::any_of(proof.rules, [&](const RuleId& id) {
            return won == indexOf(document, id) && id != proof.rules.back();
        });
        const bool isEarlier = won >= 0 && won < indexOf(document, proof.rules.back());
        if (!isEarlier ||
            (proof.rules.size() == 2 && !isTold && !claims(naive, document, proof.rules.front())))
            return QStringLiteral("no rule before takes it");
    } else if (finding.code == "overlapping-rules") {
        if (won != indexOf(document, proof.rules[0]) || !claims(naive, document, proof.rules[1]))
            return QStringLiteral("the rules do not overlap here");
    } else if (finding.code == "uncovered-region") {
        if (won != -1)
            return QStringLiteral("a rule takes it");
    } else if (finding.code == "never-true" && proof.rules.size() == 1 &&
               finding.path.ends_with(".when")) {
        if (naive.holds(whenOf(document, proof.rules[0])))
            return QStringLiteral("it holds");
    } else if (finding.code == "idle-condition" && proof.rules.size() == 1) {
        const PolicyDocument after = mended(document, finding);
        if (!naive.holds(whenOf(document, proof.rules[0])) ||
            !NaivePolicy(after, request).holds(whenOf(after, proof.rules[0])))
            return QStringLiteral("it does not hold with and without the part");
    }
    return {};
}

} // namespace

class TestProverSoundness : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void everyExampleIsWhatItIsSaidToBe();
    void noRuleCalledUnreachableWins();
    void noPartCalledIdleMatters();

private:
    struct Proved
    {
        PolicyDocument document;
        std::vector<Proof> proofs;
    };
    std::vector<Proved> m_proved;
};

void TestProverSoundness::initTestCase()
{
    for (int p = 0; p < kPolicies; ++p) {
        PolicyDocument document = RandomRouting(static_cast<std::uint64_t>(p) + 1).policy();
        std::vector<Proof> proofs = prove(document);
        m_proved.push_back({std::move(document), std::move(proofs)});
    }
}

void TestProverSoundness::everyExampleIsWhatItIsSaidToBe()
{
    std::map<std::string, int> seen;
    std::map<std::string, int> shown;
    for (int p = 0; p < kPolicies; ++p) {
        const auto& [document, proofs] = m_proved[static_cast<std::size_t>(p)];
        const auto policy = CompiledPolicy::compile(document);
        QVERIFY(policy.has_value());
        CompiledPolicy::Scratch scratch(*policy);
        for (const Proof& proof : proofs) {
            ++seen[proof.finding.code];
            if (!proof.finding.example)
                continue;
            ++shown[proof.finding.code];
            const Request& request = proof.finding.example->request;
            const QString place = QStringLiteral("policy %1, %2 at %3: ")
                                      .arg(p + 1)
                                      .arg(QString::fromStdString(proof.finding.code),
                                           QString::fromStdString(proof.finding.path));
            const QString problem = problemOf(document, proof);
            QVERIFY2(problem.isEmpty(), qPrintable(place + problem));
            QVERIFY2(policy->decide(request, scratch).rule == NaivePolicy(document, request).rule(),
                     qPrintable(place));
        }
    }
    for (const auto& [code, count] : seen)
        qInfo("%s: %d, %d with a request", code.c_str(), count, shown[code]);
    for (const char* code : {"never-true", "shadowed-rule", "overlapping-rules", "uncovered-region",
                             "idle-condition"}) {
        QVERIFY2(seen[code] > 50, code);
        QVERIFY2(shown[code] * 10 > seen[code] * 9, code);
    }
}

namespace {

/// What a policy is proved to do with no request.
struct Unreachable
{
    std::vector<int> rules;
    bool otherwise = false;
    [[nodiscard]] bool isNothing() const { return rules.empty() && !otherwise; }
    [[nodiscard]] bool isRefutedBy(int won) const
    {
        return std::ranges::find(rules, won) != rules.end() ||
               (otherwise && won == Decision::kOtherwise);
    }
};

Unreachable unreachableOf(const PolicyDocument& document, const std::vector<Proof>& proofs)
{
    Unreachable unreachable;
    for (const Proof& proof : proofs) {
        const bool isRule = proof.finding.code == "shadowed-rule" ||
                            (proof.finding.code == "never-true" &&
                             proof.finding.path.ends_with(".when") && !proof.rules.empty());
        if (isRule)
            unreachable.rules.push_back(indexOf(document, proof.rules.back()));
        unreachable.otherwise |= proof.finding.code == "unreachable-otherwise";
    }
    return unreachable;
}

/// What decides which rule wins: without the holdout, which would keep requests from the rules, and
/// without the draws of the plans.
PolicyDocument rulesOf(PolicyDocument document)
{
    document.holdout.reset();
    document.otherwise = call(document.models.front().id.value);
    for (Rule& rule : document.rules) {
        rule.plan = document.otherwise;
        if (rule.uncertain)
            rule.uncertain->plan = document.otherwise;
    }
    return document;
}

struct Confirmation
{
    QString problem; ///< empty: nothing refutes the claims
    std::vector<bool>
        wins; ///< per rule, and last what is done otherwise: whether any request got it
};

Confirmation confirmed(const PolicyDocument& document, const Unreachable& unreachable,
                       std::uint64_t seed)
{
    const PolicyDocument rules = rulesOf(document);
    const auto policy = CompiledPolicy::compile(rules);
    CompiledPolicy::Scratch scratch(*policy);
    MixedRequests requests(*policy, seed);
    Confirmation confirmation;
    confirmation.wins.resize(rules.rules.size() + 1);
    for (int i = 0; i < kConfirming; ++i) {
        requests.draw();
        const int won = requests.winner();
        const bool isRefuted = unreachable.isRefutedBy(won);
        confirmation.wins[won == Decision::kOtherwise ? rules.rules.size()
                                                      : static_cast<std::size_t>(won)] = true;
        if ((i < kMadeWhole || isRefuted) &&
            policy->decide(requests.request(), scratch).rule != won)
            confirmation.problem = QStringLiteral("request %1 is not what its parts are").arg(i);
        else if (isRefuted)
            confirmation.problem = QStringLiteral("request %1 goes to rule %2").arg(i).arg(won);
        if (!confirmation.problem.isEmpty())
            break;
    }
    return confirmation;
}

} // namespace

void TestProverSoundness::noRuleCalledUnreachableWins()
{
    std::vector<std::pair<std::size_t, Unreachable>> claims; // policy, what it never does
    for (std::size_t p = 0; p < m_proved.size(); ++p) {
        Unreachable unreachable = unreachableOf(m_proved[p].document, m_proved[p].proofs);
        if (!unreachable.isNothing())
            claims.emplace_back(p, std::move(unreachable));
    }
    QVERIFY(claims.size() > 200);
    std::vector<Confirmation> confirmations(claims.size());
    forEachIndex(claims.size(), 1, [&](std::size_t i) {
        const auto& [p, unreachable] = claims[i];
        confirmations[i] = confirmed(m_proved[p].document, unreachable, p);
    });
    int reachable = 0;
    int reached = 0;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const auto& [p, unreachable] = claims[i];
        const Confirmation& confirmation = confirmations[i];
        QVERIFY2(confirmation.problem.isEmpty(),
                 qPrintable(QStringLiteral("policy %1, ").arg(p + 1) + confirmation.problem));
        const std::vector<Rule>& rules = m_proved[p].document.rules;
        for (std::size_t rule = 0; rule < rules.size(); ++rule) {
            if (!rules[rule].enabled || unreachable.isRefutedBy(static_cast<int>(rule)))
                continue;
            ++reachable;
            reached += confirmation.wins[rule] ? 1 : 0;
        }
    }
    qInfo("%zu policies with something unreachable, %d requests each; %d of %d other rules won",
          claims.size(), kConfirming, reached, reachable);
    QVERIFY(reached * 100 > reachable * 90); // else the requests would not be worth much
}

void TestProverSoundness::noPartCalledIdleMatters()
{
    int mendings = 0;
    for (int p = 0; p < kPolicies / 3; ++p) {
        const auto& [document, proofs] = m_proved[static_cast<std::size_t>(p)];
        const auto policy = CompiledPolicy::compile(document);
        CompiledPolicy::Scratch scratch(*policy);
        AimedRequests aimed(document, static_cast<std::uint64_t>(p));
        for (const Proof& proof : proofs) {
            const bool isPart = proof.finding.code == "idle-condition" ||
                                (proof.finding.code == "never-true" && proof.finding.fix &&
                                 !proof.finding.path.ends_with(".when"));
            if (!isPart)
                continue;
            ++mendings;
            const auto after = CompiledPolicy::compile(mended(document, proof.finding));
            QVERIFY(after.has_value());
            CompiledPolicy::Scratch afterScratch(*after);
            for (int i = 0; i < kAimedAtParts; ++i) {
                const Request& request = aimed.next();
                QVERIFY2(policy->decide(request, scratch).rule ==
                             after->decide(request, afterScratch).rule,
                         qPrintable(QStringLiteral("policy %1, %2")
                                        .arg(p + 1)
                                        .arg(QString::fromStdString(proof.finding.path))));
            }
        }
    }
    QVERIFY(mendings > 100);
}

QTEST_GUILESS_MAIN(TestProverSoundness)
#include "tst_prover_soundness.moc"
