// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: findings of lint() are there at once, proofs of the present document follow without a
// question; of an earlier document none arrive.

#include <tests/support/hand_made_traffic.h>
#include <tests/support/policy_builder.h>
#include <ui/models/policy_prover.h>

#include <QSignalSpy>
#include <QTest>

using namespace signalbox;
using namespace signalbox::test;
using namespace signalbox::ui;

namespace {

PolicyDocument overlapping()
{
    return PolicyBuilder()
        .measure("chars", TextMeasure::Chars)
        .contains("asks", "?")
        .rule("asks", when("asks"), call("cheap"))
        .rule("long", when("chars", CompareOp::Gt, 500), call("dear"));
}

const Finding* find(const PolicyProver& prover, const std::string& code)
{
    const auto found = std::ranges::find(prover.findings(), code, &Finding::code);
    return found == prover.findings().end() ? nullptr : &*found;
}

} // namespace

class TestPolicyProver : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void proofsFollowWhatLintSays()
    {
        PolicyEditor editor;
        PolicyProver prover(editor);
        editor.setDocument(overlapping());
        QVERIFY(prover.findings() == editor.findings());
        QVERIFY(prover.isProving());
        QTRY_VERIFY(find(prover, "overlapping-rules"));
        QVERIFY(!prover.isProving());
        QVERIFY(find(prover, "overlapping-rules")->example.has_value());
    }

    void onlyThePresentDocumentIsProved()
    {
        PolicyEditor editor;
        PolicyProver prover(editor);
        QSignalSpy changed(&prover, &PolicyProver::findingsChanged);
        editor.setDocument(overlapping());
        // Before the proofs of the first document can arrive.
        QVERIFY(editor.push(RemoveRule{RuleId("long")}).has_value());
        QVERIFY(!find(prover, "overlapping-rules"));
        QTRY_VERIFY(!prover.isProving());
        QVERIFY(!find(prover, "overlapping-rules"));
        QVERIFY(find(prover, "uncovered-region"));
        editor.undoStack()->undo();
        QTRY_VERIFY(find(prover, "overlapping-rules"));
        QVERIFY(changed.count() >= 4);
    }

    void examplesComeFromTheTraffic()
    {
        PolicyEditor editor;
        PolicyProver prover(editor);
        editor.setDocument(overlapping());
        QTRY_VERIFY(!prover.isProving());
        const auto traffic = test::trafficOf({ask(std::string(600, 'y') + '?')});
        prover.setTraffic(traffic);
        QTRY_VERIFY(find(prover, "overlapping-rules"));
        QVERIFY(find(prover, "overlapping-rules")->example->request == traffic->request(0));
    }

    void itMayGoWhileItProves()
    {
        PolicyEditor editor;
        {
            PolicyProver prover(editor);
            editor.setDocument(overlapping());
            QVERIFY(prover.isProving());
        }
        QVERIFY(editor.push(RemoveRule{RuleId("long")}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestPolicyProver)
#include "tst_policy_prover.moc"
