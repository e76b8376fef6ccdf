// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the numbers follow the document: quick ones while a gesture runs, with intervals when it
// rests, against the last saved revision; they come from another thread and the window never waits.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <tests/support/small_traffic.h>
#include <ui/models/workbench.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// The sample, measured and projected with intervals.
void openAndWait(Workbench& workbench)
{
    workbench.openSample();
    QTRY_VERIFY_WITH_TIMEOUT(workbench.projection() && !workbench.projection()->quick, 120'000);
}

/// The same over little traffic, for tests that ask when numbers come rather than which.
void openSmallAndWait(Workbench& workbench)
{
    workbench.editor().setDocument(supportDeskPolicy());
    workbench.setTraffic(test::smallTraffic());
    QTRY_VERIFY_WITH_TIMEOUT(workbench.projectionIsCurrent(), 120'000);
}

Edit thresholdEdit(const PolicyDocument& document, double value)
{
    Rule rule = document.rules[0];
    std::get<Compare>(rule.when.node).value = value;
    return ReplaceRule{rule.id, rule};
}

} // namespace

class TestWorkbench : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void theSampleTellsItsStory()
    {
        Workbench workbench({});
        openAndWait(workbench);
        const Projection& numbers = *workbench.projection();
        QVERIFY(numbers.simulated);
        QVERIFY(numbers.costSaving->low < numbers.costSaving->value);
        QVERIFY(!numbers.allGatesMet());
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.frontier().empty(), 120'000);
    }

    void theNumbersFollowAGestureAndComeBack()
    {
        Workbench workbench({});
        openAndWait(workbench);
        const double before = workbench.projection()->costSaving->value;
        QSignalSpy changes(&workbench, &Workbench::projectionChanged);
        workbench.editor().preview(thresholdEdit(workbench.editor().document(), 1));
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection()->quick &&
                                     workbench.projection()->costSaving->value != before,
                                 60'000);
        workbench.editor().cancelPreview();
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.projection()->quick, 120'000);
        QCOMPARE(workbench.projection()->costSaving->value, before);
    }

    void theNumbersAreCurrentOnlyForWhatIsCommittedAndRecorded()
    {
        Workbench workbench({});
        QVERIFY(!workbench.projectionIsCurrent());
        openSmallAndWait(workbench);
        PolicyEditor& editor = workbench.editor();

        editor.preview(thresholdEdit(editor.document(), 1));
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection()->quick, 60'000);
        QVERIFY(!workbench.projectionIsCurrent());
        editor.cancelPreview();
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projectionIsCurrent(), 120'000);

        QVERIFY(editor.push(thresholdEdit(editor.document(), 1)).has_value());
        QVERIFY(!workbench.projectionIsCurrent()); // at once, though full numbers are still shown
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projectionIsCurrent(), 120'000);

        QSignalSpy changes(&workbench, &Workbench::projectionChanged);
        Answer answer;
        answer.prompt = PromptId("typed");
        answer.model = editor.document().models[0].id;
        answer.styleGuide = editor.document().models[0].styleGuide;
        answer.text = "Your order has left the house.";
        workbench.addAnswers({answer});
        QVERIFY(!workbench.projectionIsCurrent());
        QCOMPARE(changes.size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projectionIsCurrent(), 120'000);
    }

    void noNumbersAreCurrentWhileAnotherTableOfStylesIsRead()
    {
        const QTemporaryDir folder;
        const auto write = [&](const char* name, const std::string& text) {
            auto path = std::filesystem::path(folder.path().toStdString()) / name;
            if (!writeFileAtomically(path, text))
                qFatal("cannot write");
            return path;
        };
        static_cast<void>(
            write("one.json", R"({"schemaVersion": 1, "styles": {"u1": "concise"}})"));
        static_cast<void>(
            write("two.json", R"({"schemaVersion": 1, "styles": {"u2": "concise"}})"));
        PolicyDocument document = supportDeskPolicy();
        Signal style;
        style.id = SignalId("asked style");
        style.source = StyleSource{"balanced", "one.json"};
        document.signalList.push_back(style);
        Workbench workbench({});
        PolicyEditor& editor = workbench.editor();
        QVERIFY(editor.open(write("policy.json", toPolicyText(document))).has_value());
        workbench.setTraffic(test::smallTraffic());
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projectionIsCurrent(), 120'000);
        QVERIFY(workbench.styles());

        bool wasCurrentWithout = false;
        connect(&workbench, &Workbench::projectionChanged, this, [&] {
            wasCurrentWithout |= !workbench.styles() && (workbench.projectionIsCurrent() ||
                                                         workbench.projectionIsOfShown());
        });
        std::get<StyleSource>(style.source).table = "two.json";
        QVERIFY(editor.push(ReplaceSignal{style.id, style}).has_value());
        QVERIFY(!workbench.styles());
        QVERIFY(!workbench.projectionIsCurrent() && !workbench.projectionIsOfShown());
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projectionIsCurrent(), 120'000);
        QCOMPARE(workbench.styles()->styleOf("u2"), std::string_view("concise"));
        QVERIFY(!wasCurrentWithout);
    }

    void answersWithoutAPauseAreMeasuredAllTheSame()
    {
        Workbench workbench({});
        openSmallAndWait(workbench);
        const std::size_t before = workbench.projection()->answers;
        int count = 0;
        QTimer arrivals;
        connect(&arrivals, &QTimer::timeout, this, [&] {
            Answer answer;
            answer.prompt = PromptId("typed-" + std::to_string(++count));
            answer.model = workbench.editor().document().models[0].id;
            answer.styleGuide = workbench.editor().document().models[0].styleGuide;
            answer.text = "Your order has left the house.";
            answer.simulated = true;
            workbench.addAnswers({answer});
        });
        arrivals.start(20);
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection()->answers > before, 120'000);
    }

    void aNewerAnswerReplacesTheOlderOneToTheSameQuestion()
    {
        Workbench workbench({});
        Answer answer;
        answer.prompt = PromptId("typed");
        answer.model = ModelId("m");
        answer.text = "first";
        workbench.addAnswers({answer});
        answer.text = "second";
        workbench.addAnswers({answer});
        QCOMPARE(workbench.answers().size(), std::size_t(1));
        QCOMPARE(workbench.answers()[0].text, std::string("second"));
        answer.styleGuide = "Be brief.";
        workbench.addAnswers({answer});
        QCOMPARE(workbench.answers().size(), std::size_t(2));
    }

    void storedAnswersComeBackAndNewerOnesStay()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        Answer answer;
        answer.prompt = PromptId("typed");
        answer.model = ModelId("real");
        answer.text = "stored";
        Answer other = answer;
        other.prompt = PromptId("other");
        Answer played = answer;
        played.model = ModelId("simulated");
        played.simulated = true;
        {
            auto store = EvidenceStore::open(data / "evidence.sqlite");
            QVERIFY(store.has_value());
            const auto run = store->beginRun("run", "{}");
            QVERIFY(run.has_value());
            QVERIFY(store->recordAll(*run, {answer, other, played}).has_value());
        }
        Workbench workbench({data});
        workbench.loadStoredAnswers();
        QVERIFY(workbench.answers().empty()); // on a worker
        answer.text = "of a lab run since";
        workbench.addAnswers({answer});
        QTRY_COMPARE_WITH_TIMEOUT(workbench.answers().size(), std::size_t(3), 60'000);
        QVERIFY(std::ranges::any_of(workbench.answers(), [](const Answer& kept) {
            return kept.text == "of a lab run since";
        }));
    }

    void theLoopGoesOnWhileNumbersAreComputed()
    {
        Workbench workbench({});
        int ticks = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
        workbench.openSample();
        timer.start(1);
        QTRY_VERIFY_WITH_TIMEOUT(workbench.projection() && !workbench.projection()->quick, 120'000);
        QVERIFY2(ticks > 20,
                 qPrintable(QString::number(ticks))); // a blocked loop ticks once or twice
    }

    void anInvalidPolicyHasNoNumbersButAReason()
    {
        Workbench workbench({});
        openAndWait(workbench);
        Rule rule = workbench.editor().document().rules[0];
        rule.plan = Plan{Call{ModelId("nobody"), {}, {}, {}}};
        QVERIFY(workbench.editor().push(ReplaceRule{rule.id, rule}).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.projection(), 60'000);
        QVERIFY(workbench.projectionProblem().contains(QStringLiteral("nobody")));
    }

    void signalValuesCoverTheTraffic()
    {
        Workbench workbench({});
        openAndWait(workbench);
        const auto values = workbench.signalValues(SignalId("complexity"));
        QCOMPARE(values.size(), workbench.traffic()->rowCount());
        QVERIFY(
            std::ranges::all_of(values, [](double value) { return value >= 1 && value <= 10; }));
    }
};

QTEST_GUILESS_MAIN(TestWorkbench)
#include "tst_workbench.moc"
