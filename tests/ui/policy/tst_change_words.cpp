// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every difference of two policies is a whole sentence with what stood there before and
// after; what is no difference to a person is none; nothing is left unsaid.

#include <core/policy/edit.h>
#include <core/sample/support_desk.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>
#include <ui/policy/change_words.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument sample()
{
    PolicyDocument document = PolicyBuilder({"cheap", "dear"})
                                  .measure("length", TextMeasure::Chars)
                                  .rule("long", when("length", CompareOp::Gte, 60), call("dear"))
                                  .rule("short", when("length", CompareOp::Lt, 20), call("cheap"));
    document.gates = {{GateMetric::CostSaving, 0.4, {}, GateScope::Total}};
    return document;
}

QString linesOf(const PolicyDocument& before, const PolicyDocument& after)
{
    QString text;
    for (const ChangeLine& line : changeLines(before, after))
        text += line.sentence + QStringLiteral(" | ") + line.before + QStringLiteral(" | ") +
                line.after + QLatin1Char('\n');
    text.replace(QChar(0x00A0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' '));
    return text;
}

} // namespace

class TestChangeWords : public QObject
{
    Q_OBJECT
private slots:
    void eachKindOfChangeIsASentence_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("words");
        QTest::newRow("condition") << 0
                                   << QStringLiteral("Rule “long” takes other requests. | "
                                                     "length ≥ 60 | length ≥ 80\n");
        QTest::newRow("plan") << 1
                              << QStringLiteral("Rule “long” has another plan. | dear | "
                                                "cheap (3 retries), then dear\n");
        QTest::newRow("name") << 2
                              << QStringLiteral(
                                     "Rule “long” is called “Long questions” now. | long | Long "
                                     "questions\n");
        QTest::newRow("order") << 3
                               << QStringLiteral("Rule “short” is asked at another place. | "
                                                 "place 2 | place 1\n");
        QTest::newRow("gone") << 4
                              << QStringLiteral("Rule “short” is gone. | length < 20 → cheap | \n");
        QTest::newRow("off") << 5 << QStringLiteral("Rule “long” is switched off. | on | off\n");
        QTest::newRow("decided")
            << 6
            << QStringLiteral("It decides on something else when a conversation goes on. | each "
                              "request anew | by the conversation's first message\n");
        QTest::newRow("gate") << 7
                              << QStringLiteral("A gate has another limit. | Cost saving at least "
                                                "40.0 % | Cost saving at least 50.0 %\n");
        QTest::newRow("holdout") << 8
                                 << QStringLiteral("There is a holdout now. |  | 3.0 % of "
                                                   "conversations to dear\n");
        QTest::newRow("id") << 9
                            << QStringLiteral("Rule “long” has another id. | long | lengthy\n");
        QTest::newRow("number and noise") << 10 << QString();
    }
    void eachKindOfChangeIsASentence()
    {
        QFETCH(const int, change);
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        switch (change) {
        case 0:
            after.rules[0].when = when("length", CompareOp::Gte, 80);
            break;
        case 1:
            after.rules[0].plan = chain({call("cheap", {{}, {}, Retry{3, 500, 2}}), call("dear")});
            break;
        case 2:
            after.rules[0].label = "Long questions";
            break;
        case 3:
            std::swap(after.rules[0], after.rules[1]);
            break;
        case 4:
            after.rules.pop_back();
            break;
        case 5:
            after.rules[0].enabled = false;
            break;
        case 6:
            after.decideBy = DecisionUnit::Conversation;
            break;
        case 7:
            after.gates[0].atLeast = 0.5;
            break;
        case 8:
            after.holdout = Holdout{0.03, StickyUnit::Conversation, "h", ModelId("dear")};
            break;
        case 9:
            after.rules[0].id = RuleId("lengthy");
            break;
        default:
            after.revision = 12;
            std::ranges::reverse(after.models);
        }
        QTEST(linesOf(before, after), "words");
    }

    void whatIsGoneHasNoPlaceAndTheRestHas()
    {
        const PolicyDocument before = sample();
        PolicyDocument after = before;
        after.rules[0].plan = call("cheap");
        after.rules.pop_back();
        const auto lines = changeLines(before, after);
        QCOMPARE(lines.size(), std::size_t(2));
        for (const ChangeLine& line : lines) {
            const bool isGone = line.kind == Change::Kind::Removed;
            QCOMPARE(line.place.kind,
                     isGone ? PolicySelection::Kind::Nothing : PolicySelection::Kind::Rule);
        }
    }

    void theSamplesRevisionsAreTold()
    {
        std::vector<PolicyDocument> all = supportDeskHistory();
        all.push_back(supportDeskPolicy());
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            const QString lines = linesOf(all[i], all[i + 1]);
            QVERIFY(!lines.isEmpty());
            QVERIFY2(!lines.contains(QLatin1Char('{')), qPrintable(lines)); // no JSON
        }
    }

    void noDifferenceIsLeftUnsaid()
    {
        RandomPolicy random(11);
        PolicyDocument policy = random.document();
        for (int i = 0; i < 400; ++i) {
            const PolicyDocument before = policy;
            if (!apply(policy, random.edit(policy, 1)))
                continue;
            PolicyDocument sameNumber = policy;
            sameNumber.revision = before.revision;
            const auto changes = signalbox::diff(before, sameNumber);
            if (!std::ranges::all_of(changes, isNoise))
                QVERIFY(!changeLines(before, policy).empty());
        }
    }
};

QTEST_MAIN(TestChangeWords)
#include "tst_change_words.moc"
