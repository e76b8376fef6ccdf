// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a question of the person never waits for the evidence to come to rest: while answers
// arrive without end, a gesture has its numbers, and every measure that was begun is shown.

#include <core/base/files.h>
#include <core/sample/support_desk.h>
#include <tests/support/small_traffic.h>
#include <ui/models/projection_engine.h>

#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// The engine on the sample, with a lab run that brings an answer every few milliseconds: much
/// faster than they can be measured.
struct RunningLab
{
    PolicyDocument document = supportDeskPolicy();
    SharedAnswers answers;
    ProjectionEngine engine;
    QTimer arrivals;

    RunningLab()
    {
        engine.setPolicy(document, false);
        engine.setTraffic(test::smallTraffic());
        arrivals.setInterval(5);
        QObject::connect(&arrivals, &QTimer::timeout, &engine, [this] { arrive(); });
    }
    void arrive()
    {
        auto answer = std::make_shared<Answer>();
        answer->prompt = PromptId("typed-" + std::to_string(answers.size()));
        answer->model = document.models[0].id;
        answer->styleGuide = document.models[0].styleGuide;
        answer->text = "Your order has left the house.";
        answer->simulated = true;
        answers.push_back(std::move(answer));
        engine.setAnswers(answers);
    }
    [[nodiscard]] bool isAtRest() const { return engine.isCurrentFor(document); }
};

PolicyDocument withThreshold(PolicyDocument document, double value)
{
    std::get<Compare>(document.rules[0].when.node).value = value;
    return document;
}

} // namespace

class TestProjectionEngine : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void aGestureHasItsNumbersWhileAnswersArrive()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        const double before = lab.engine.projection()->costSaving->value;
        lab.arrivals.start();
        QTRY_VERIFY_WITH_TIMEOUT(lab.answers.size() > 3, 60'000);
        lab.engine.setPolicy(withThreshold(lab.document, 1), true);
        QTRY_VERIFY_WITH_TIMEOUT(lab.engine.projection()->quick, 120'000);
        QVERIFY(lab.engine.projection()->costSaving->value != before);
        QVERIFY(!lab.isAtRest());
    }

    void whatIsMeasuredIsShownWhileAnswersArrive()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        lab.arrivals.start();
        for (int round = 0; round < 2; ++round) {
            const std::size_t answers = lab.engine.projection()->answers;
            QTRY_VERIFY_WITH_TIMEOUT(lab.engine.projection()->answers > answers, 120'000);
            QVERIFY(!lab.engine.projection()->quick); // with intervals all the while
        }
        lab.arrivals.stop();
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        QTRY_VERIFY_WITH_TIMEOUT(!lab.engine.isBusy(), 120'000); // and then there is peace
    }

    /// Measuring other models takes a while; nothing that is asked meanwhile waits for it.
    void revisionsOfOtherModelsAreComparedOnceMeasured()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest() && !lab.engine.isBusy(), 120'000);
        const auto evidence = lab.engine.evidence();
        PolicyDocument older = lab.document;
        --older.revision;
        older.answerStyle.maxWords = 60;
        std::vector<bool> hadRevision;
        connect(&lab.engine, &ProjectionEngine::frontierChanged, &lab.engine, [&] {
            hadRevision.push_back(
                std::ranges::any_of(lab.engine.frontier(), [](const FrontierPoint& point) {
                    return point.kind == FrontierPoint::Kind::Revision;
                }));
        });
        lab.engine.setRevisions({older});
        QTRY_COMPARE_WITH_TIMEOUT(hadRevision.size(), std::size_t(1), 120'000);
        QVERIFY(lab.engine.isBusy()); // measures the other models
        lab.document = withThreshold(lab.document, 1);
        lab.engine.setPolicy(lab.document, false);
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest(), 120'000);
        QCOMPARE(hadRevision, std::vector{false}); // still
        QTRY_VERIFY_WITH_TIMEOUT(hadRevision.size() == 2 && !lab.engine.isBusy(), 120'000);
        QCOMPARE(hadRevision, (std::vector{false, true}));
        QCOMPARE(lab.engine.evidence(), evidence); // what is shown stays the policy's own
        lab.engine.setRevisions({});
        QTRY_VERIFY_WITH_TIMEOUT(hadRevision.size() == 3 && !lab.engine.isBusy(), 120'000);
        lab.engine.setRevisions({older});
        QTRY_VERIFY_WITH_TIMEOUT(hadRevision.size() == 4 && !lab.engine.isBusy(), 120'000);
        QCOMPARE(hadRevision, (std::vector{false, true, false, true})); // measured once
    }

    /// Not by the table of the policy in front, which may name other people.
    void anEarlierRevisionHasItsOwnStyles()
    {
        const QTemporaryDir place;
        const auto folder = std::filesystem::path(place.path().toStdString());
        const auto traffic = test::smallTraffic();
        UserStyles everybody;
        for (std::size_t row = 0; row < traffic->rowCount(); ++row)
            everybody.set(std::string(traffic->userId(row)), "concise");
        QVERIFY(writeFileAtomically(folder / "theirs.json", everybody.toText()).has_value());
        const auto naming = [](const char* table, int revision) {
            PolicyDocument document = supportDeskPolicy();
            std::erase_if(document.signalList, [](const Signal& signal) {
                return std::holds_alternative<StyleSource>(signal.source);
            });
            Signal style;
            style.id = SignalId("asked-style");
            style.source = StyleSource{"balanced", table};
            document.signalList.push_back(std::move(style));
            Compare concise = {SignalId("asked-style"), CompareOp::Eq, std::string("concise"),
                               false};
            document.rules[0].when = {concise};
            document.rules.resize(1);
            document.revision = revision;
            return document;
        };
        const auto pointOf = [](const ProjectionEngine& engine, const std::string& label) {
            const auto found = std::ranges::find(engine.frontier(), label, &FrontierPoint::name);
            return found == engine.frontier().end() || !found->costPer1k ? -1
                                                                         : found->costPer1k->value;
        };
        ProjectionEngine engine;
        const PolicyDocument now = naming("mine.json", 9);
        SharedAnswers answers;
        for (Answer& answer : supportDeskEvidence(now.models))
            answers.push_back(std::make_shared<const Answer>(std::move(answer)));
        engine.setFolder(folder);
        engine.setTraffic(traffic);
        engine.setAnswers(std::move(answers));
        engine.setStyles(std::make_shared<const UserStyles>()); // nobody is named in mine.json
        engine.setSubject(
            now, now, {naming("mine.json", 8), naming("theirs.json", 7), naming("gone.json", 6)});
        QTRY_VERIFY_WITH_TIMEOUT(!engine.isBusy() && pointOf(engine, "r8") > 0, 120'000);
        QVERIFY(pointOf(engine, "r7") > 0);
        QVERIFY(pointOf(engine, "r7") != pointOf(engine, "r8"));
        QCOMPARE(pointOf(engine, "r6 without its table of styles"), pointOf(engine, "r8"));
    }

    /// Two policies in two tabs: neither ever wears the other's numbers, and what was left is there
    /// again at once.
    void anotherPolicyHasItsOwnNumbersOrNone()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest() && !lab.engine.isBusy(), 120'000);
        PolicyDocument other = withThreshold(lab.document, 1);
        other.id = "other";
        const double saving = lab.engine.projection()->costSaving->value;
        lab.engine.setPolicy(withThreshold(lab.document, 2),
                             false); // its quick numbers are under way
        lab.engine.setPolicy(lab.document, false);
        bool isOfOther = true;
        connect(&lab.engine, &ProjectionEngine::projectionChanged, &lab.engine,
                [&] { isOfOther &= !lab.engine.projection() || lab.engine.isOf(other); });
        lab.engine.setSubject(other, other, {});
        QVERIFY(!lab.engine.projection());
        QVERIFY(lab.engine.frontier().empty());
        QTRY_VERIFY_WITH_TIMEOUT(lab.engine.isCurrentFor(other) && !lab.engine.isBusy(), 120'000);
        QVERIFY(isOfOther);
        QVERIFY(lab.engine.savedProjection().has_value());
        disconnect(&lab.engine, &ProjectionEngine::projectionChanged, &lab.engine, nullptr);

        const PolicyDocument first = lab.document;
        lab.engine.setSubject(first, first, {});
        QTRY_VERIFY_WITH_TIMEOUT(lab.engine.isCurrentFor(first) && !lab.engine.isBusy(), 120'000);
        QCOMPARE(lab.engine.projection()->costSaving->value, saving);
        lab.engine.setSubject(other, other, {});
        QVERIFY(lab.engine.isCurrentFor(other)); // as it was left
        QVERIFY(lab.engine.savedProjection().has_value());
        QVERIFY(!lab.engine.frontier().empty());
    }

    void anotherRevisionNumberAsksNothing()
    {
        RunningLab lab;
        QTRY_VERIFY_WITH_TIMEOUT(lab.isAtRest() && !lab.engine.isBusy(), 120'000);
        ++lab.document.revision;
        lab.engine.setPolicy(lab.document, false);
        QVERIFY(lab.isAtRest());
        QVERIFY(!lab.engine.isBusy());
    }
};

QTEST_GUILESS_MAIN(TestProjectionEngine)
#include "tst_projection_engine.moc"
