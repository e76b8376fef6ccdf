// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: everything about a policy that a search may turn is found, with choices that make a
// difference; a choice changes that one thing and nothing else, and the policy as it is is one of
// them.

#include <core/frontier/policy_space.h>
#include <core/policy/diff.h>
#include <tests/support/policy_builder.h>

#include <QTest>

#include <cmath>
#include <limits>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// A policy with one of everything that can be turned, and a rule that is switched off.
PolicyDocument richPolicy()
{
    Rule doubtful;
    doubtful.id = RuleId("doubtful");
    doubtful.when = when("length", CompareOp::Gt, 90);
    doubtful.plan = call("dear");
    doubtful.uncertain = Uncertain{SignalId("length"), 4, call("middle")};
    Rule off;
    off.id = RuleId("off");
    off.enabled = false;
    off.when = when("length", CompareOp::Lt, 5);
    off.plan = call("dear");
    PolicyDocument document =
        PolicyBuilder({"cheap", "middle", "dear"})
            .measure("length", TextMeasure::Chars)
            .rule(
                "styled",
                allOf({negated(when("length", CompareOp::Lt, CompareValue(ByStyle{10, 20, 30}))),
                       when("length", CompareOp::Ne, 7)}),
                chain({call("cheap", {.firstTokenMs = 700, .retry = {.count = 2}}), call("dear")}))
            .rule("shared", when("length", CompareOp::Gte, 40),
                  split({{2'500, call("cheap")}, {7'500, call("middle")}}));
    document.rules.push_back(doubtful);
    document.rules.push_back(off);
    return document;
}

std::vector<ModelId> allModels()
{
    return {ModelId("cheap"), ModelId("middle"), ModelId("dear")};
}

Result<std::vector<double>> lengths(const SignalId& signal)
{
    if (signal.value != "length")
        return fail(ErrorCode::NotFound, "no such signal");
    std::vector<double> values;
    for (int i = 0; i < 1'000; ++i)
        values.push_back(i % 10 == 0 ? kMissing : i % 120);
    return values;
}

QStringList names(const PolicySpace& space)
{
    QStringList names;
    for (const Knob& knob : space.knobs())
        names << QString::fromStdString((knob.rule ? knob.rule->value : std::string("-")) + ": " +
                                        knob.what);
    return names;
}

} // namespace

class PolicySpaceTest : public QObject
{
    Q_OBJECT
private slots:
    void everythingThatCanBeTurnedIsFound()
    {
        const auto space = PolicySpace::of(richPolicy(), allModels(), lengths);
        QVERIFY(space.has_value());
        QCOMPARE(names(*space).join(QLatin1Char('\n')),
                 QStringLiteral("-: decides\n"
                                "styled: length under (concise)\n"
                                "styled: length under (balanced)\n"
                                "styled: length under (detailed)\n"
                                "styled: model\n"
                                "styled: budget of cheap\n"
                                "styled: retries of cheap\n"
                                "shared: length at least\n"
                                "shared: share of cheap\n"
                                "shared: model of an arm\n"
                                "shared: model of an arm\n"
                                "doubtful: length over\n"
                                "doubtful: margin of length\n"
                                "doubtful: model\n"
                                "-: model"));
        for (const Knob& knob : space->knobs())
            QVERIFY(knob.choices.size() > 1 && knob.current < knob.choices.size());
        KnobOptions only;
        only.kinds = {KnobKind::Model};
        QCOMPARE(PolicySpace::of(richPolicy(), allModels(), lengths, only)->knobs().size(),
                 std::size_t(5));
    }

    void thePolicyAsItIsIsOneOfThem()
    {
        const PolicyDocument document = richPolicy();
        const auto space = PolicySpace::of(document, allModels(), lengths);
        QVERIFY(space->policy(space->current()) == document);
        QVERIFY(space->turned(space->current()).empty());
        QCOMPARE(space->genes().size(), space->knobs().size());
    }

    void aChoiceChangesThatOneThing()
    {
        const PolicyDocument document = richPolicy();
        const auto space = PolicySpace::of(document, allModels(), lengths);
        for (std::size_t i = 0; i < space->knobs().size(); ++i) {
            const Knob& knob = space->knobs()[i];
            for (std::uint16_t choice = 0; choice < knob.choices.size(); ++choice) {
                Genome genome = space->current();
                genome[i] = choice;
                const PolicyDocument made = space->policy(genome);
                const std::vector<Change> changes = diff(document, made);
                QCOMPARE(changes.size(), std::size_t(choice == knob.current ? 0 : 1));
                if (choice == knob.current)
                    continue;
                QCOMPARE(space->turned(genome), std::vector<std::size_t>{i});
                if (knob.rule)
                    QVERIFY2(changes[0].path.starts_with("rules[" + knob.rule->value + ']'),
                             changes[0].path.c_str());
                if (knob.kind == KnobKind::Weight) {
                    const auto& arms = std::get<Split>(made.rules[1].plan.node).arms;
                    QCOMPARE(arms[0].weight + arms[1].weight, 10'000);
                }
            }
        }
    }

    void wordsAndNumbersAgree()
    {
        const auto space = PolicySpace::of(richPolicy(), allModels(), lengths);
        const auto at = [&](const char* what) {
            return std::size_t(names(*space).indexOf(QLatin1String(what)));
        };
        Genome genome = space->current();
        const std::size_t budget = at("styled: budget of cheap");
        QCOMPARE(space->knobs()[budget].choices[genome[budget]], std::string("700 ms"));
        genome[budget] = static_cast<std::uint16_t>(space->knobs()[budget].choices.size() - 1);
        QCOMPARE(space->knobs()[budget].choices.back(), std::string("none"));
        const std::size_t share = at("shared: share of cheap");
        QCOMPARE(space->knobs()[share].choices[genome[share]], std::string("25 %"));
        const PolicyDocument made = space->policy(genome);
        const auto& chain = std::get<Chain>(made.rules[0].plan.node);
        QVERIFY(!std::get<Call>(chain.steps[0].node).firstTokenMs);
    }

    void thresholdsLieWhereTheyMakeADifference()
    {
        // Few values: each, and one that nobody reaches; "over 1" is already all but 1.
        QCOMPARE(thresholdChoices({3, 1, 2, 2, kMissing}, 2, true, 24),
                 (std::vector<double>{1, 2, 3, 4}));
        QCOMPARE(thresholdChoices({3, 1, 2, 2, kMissing}, 2.5, false, 24),
                 (std::vector<double>{0, 1, 2, 2.5, 3}));
        QCOMPARE(thresholdChoices({}, 5, true, 24), std::vector<double>{5});
        // Many: about equal parts of the traffic between two of them.
        std::vector<double> values;
        for (int i = 0; i < 10'000; ++i)
            values.push_back(std::exp(i / 1'000.0));
        const std::vector<double> choices = thresholdChoices(values, 2, true, 10);
        QCOMPARE(choices.size(), std::size_t(10 + 3));
        QVERIFY(choices.front() == 1 && choices.back() > values.back());
        double before = 0;
        for (std::size_t i = 1; i + 1 < choices.size(); ++i) {
            if (choices[i] == 2)
                continue;
            const auto below = std::ranges::lower_bound(values, choices[i]) - values.begin();
            QVERIFY(double(below) - before < 1'100);
            before = double(below);
        }
    }

    void whatCannotBeReadIsSaid()
    {
        PolicyDocument document = richPolicy();
        document.rules[1].when = when("mood", CompareOp::Gt, 3);
        const auto space = PolicySpace::of(document, allModels(), lengths);
        QVERIFY(!space.has_value());
        QCOMPARE(space.error().code, ErrorCode::NotFound);
    }
};

QTEST_MAIN(PolicySpaceTest)
#include "tst_policy_space.moc"
