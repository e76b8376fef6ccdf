// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: on 21,000 random pairs of policy and request the engine sees the same values, takes the
// same rule and draws the same plan as a plain reading of design.md section 4; and decide() is
// route(extract()).

#include "naive_policy.h"
#include "random_routing.h"

#include <core/routing/compiled_policy.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int kPolicies = 500;
constexpr int kRequestsEach = 210;

SignalValue valueOf(const SignalSlot& slot)
{
    switch (slot.kind) {
    case SignalSlot::Kind::Missing:
        break;
    case SignalSlot::Kind::Number:
        return slot.number;
    case SignalSlot::Kind::Boolean:
        return slot.number != 0;
    case SignalSlot::Kind::String:
        return std::string(slot.text);
    }
    return {};
}

} // namespace

class TestDecisionAgreement : public QObject
{
    Q_OBJECT
private slots:
    void theEngineDecidesLikeAPlainReading();
};

void TestDecisionAgreement::theEngineDecidesLikeAPlainReading()
{
    const auto styles = std::make_shared<const UserStyles>(RandomRouting::styles());
    int uncertain = 0;
    int otherwise = 0;
    int holdout = 0;
    for (int p = 0; p < kPolicies; ++p) {
        RandomRouting generator(static_cast<std::uint64_t>(p) + 1);
        const PolicyDocument document = generator.policy();
        const auto policy = CompiledPolicy::compile(document, nullptr, styles);
        QVERIFY2(policy.has_value(), policy ? "" : toString(policy.error()).c_str());
        CompiledPolicy::Scratch scratch(*policy);
        for (int i = 0; i < kRequestsEach; ++i) {
            const Request request = generator.request();
            const NaivePolicy naive(document, request, styles.get());
            const std::string place =
                "policy " + std::to_string(p + 1) + ", request " + std::to_string(i);

            const Decision decision = policy->decide(request, scratch);
            QVERIFY2(decision.rule == naive.rule(), place.c_str());
            QVERIFY2(*decision.plan == naive.plan(), place.c_str());
            QVERIFY2(document.models[static_cast<std::size_t>(decision.firstModel)].id ==
                         tierOf(*decision.plan),
                     place.c_str());

            const auto values = policy->extract(request, scratch);
            for (std::size_t s = 0; s < document.signalList.size(); ++s) {
                if (valueOf(values[s]) != naive.value(document.signalList[s]))
                    QFAIL(qPrintable(QString::fromStdString(place) +
                                     QStringLiteral(", signal %1").arg(s)));
            }
            const Decision routed = policy->route(values, routingKeysOf(request));
            QVERIFY2(routed.rule == decision.rule && routed.plan == decision.plan, place.c_str());
            uncertain += decision.isUncertain;
            otherwise += decision.rule == Decision::kOtherwise;
            holdout += decision.rule == Decision::kHoldout;
        }
    }
    // The pairs must exercise what they claim to.
    constexpr int kPairs = kPolicies * kRequestsEach;
    QVERIFY(kPairs >= 100'000);
    QVERIFY(uncertain > kPairs / 50);
    QVERIFY(otherwise > kPairs / 20 && otherwise < kPairs / 2);
    QVERIFY(holdout > kPairs / 50);
}

QTEST_GUILESS_MAIN(TestDecisionAgreement)
#include "tst_decision_agreement.moc"
