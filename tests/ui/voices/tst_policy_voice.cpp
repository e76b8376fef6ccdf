// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the policy is a column beside its models, unless somebody does not want it; each of its
// cells says which way the answer came, whose it is, and what a fallback took; it is counted before
// it is sent and never billed twice; it is heard in the comparison by its own name; a change of the
// policy asks again only what goes another way, and a policy that cannot route says so.

#include "voices_desk.h"

#include <core/lab/policy_column.h>
#include <core/sample/support_desk.h>
#include <core/voice/policy_route.h>
#include <core/voice/spoken_answers.h>
#include <tests/support/policy_builder.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/route_words.h>
#include <ui/models/workbench.h>
#include <ui/voices/answer_delegate.h>
#include <ui/voices/comparison_view.h>
#include <ui/voices/facts_line.h>
#include <ui/voices/voices_page.h>

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;
using signalbox::test::call;

namespace {

constexpr std::size_t kPrompts = 12;

struct Desk : test::VoicesDesk
{
    explicit Desk(const Workbench::Options& options = {}) : VoicesDesk(options)
    {
        session().setSamplePromptCount(kPrompts);
        show({1280, 800});
    }
    [[nodiscard]] QAbstractItemModel* table() const { return child<QTableView>("matrix")->model(); }
    [[nodiscard]] int column() const { return static_cast<int>(session().models().size()); }
    [[nodiscard]] CellId cellOf(std::size_t prompt) const
    {
        return {prompt, session().models().size() - 1, 0};
    }
    [[nodiscard]] PolicyRoute routeOf(std::size_t prompt) const
    {
        return parseRoute(session().run().cell(cellOf(prompt)).answer.route)
            .value_or(PolicyRoute());
    }
};

} // namespace

class TestPolicyVoice : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }

    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void thePolicyIsTheLastColumnAndIsCounted()
    {
        Desk desk;
        QCOMPARE(desk.session().models().size(), std::size_t(4));
        QCOMPARE(
            desk.table()->headerData(4, Qt::Horizontal).toString(),
            QStringLiteral("Policy: %1").arg(QString::fromStdString(supportDeskPolicy().name)));
        const Preflight flight = desk.session().preflight();
        QCOMPARE(flight.cells, kPrompts * 4);
        QCOMPARE(flight.models, std::size_t(3));
        QVERIFY(flight.hasPolicy);
        QVERIFY(flight.simulated);
        const QString bar = desk.child<FactsLine>("preflight")->text();
        QVERIFY2(bar.contains(QStringLiteral("(3 model(s) + the policy) = 48 answer(s)")),
                 qPrintable(bar));

        // Its calls are the models' own: it adds nothing to what is expected.
        desk.child<QCheckBox>("policyColumn")->click();
        QCOMPARE(desk.session().models().size(), std::size_t(3));
        const Preflight without = desk.session().preflight();
        QCOMPARE(without.cells, kPrompts * 3);
        QCOMPARE(without.expected->pico, flight.expected->pico);
        QVERIFY(!without.hasPolicy);
        desk.child<QCheckBox>("policyColumn")->click();
        QCOMPARE(desk.session().models().size(), std::size_t(4));
    }

    void eachCellSaysWhichWayItsAnswerCame()
    {
        Desk desk;
        desk.send();
        std::size_t fallbacks = 0;
        for (std::size_t prompt = 0; prompt < kPrompts; ++prompt) {
            const Cell& cell = desk.session().run().cell(desk.cellOf(prompt));
            const PolicyRoute route = desk.routeOf(prompt);
            const QModelIndex index = desk.table()->index(static_cast<int>(prompt), desk.column());
            const QString shown = index.data(LabTableModel::RouteRole).toString();
            QCOMPARE(shown, routeText(route));
            QVERIFY(shown.startsWith(QString::fromStdString(route.label)));
            QVERIFY(AnswerDelegate::meaningOf(index).contains(routeMeaning(route)));
            QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(shown));
            fallbacks += route.hasFallenBack() ? 1 : 0;
            if (!route.served())
                continue;
            QCOMPARE(cell.state, CellState::Done);
            QVERIFY(route.isReused());
            // What a user's request costs, though it is not billed a second time.
            QVERIFY(index.data(LabTableModel::CostRole).toDouble() > 0);
            QCOMPARE(*cell.answer.cost, Money{});
            QVERIFY(!desk.table()
                         ->index(static_cast<int>(prompt), 1)
                         .data(LabTableModel::RouteRole)
                         .isValid());
        }
        Money billed;
        for (std::size_t prompt = 0; prompt < kPrompts; ++prompt) {
            for (std::size_t model = 0; model < 3; ++model)
                billed +=
                    desk.session().run().cell({prompt, model, 0}).answer.cost.value_or(Money{});
        }
        QCOMPARE(desk.session().spent()->pico, billed.pico);

        const auto* facts = desk.child<FactsLine>("facts.policy:support-desk");
        QVERIFY(facts);
        QVERIFY(facts->text().contains(routeText(desk.routeOf(0))));
        QCOMPARE(desk.child<PlainTextPane>("answer.policy:support-desk")->wholeText(),
                 QString::fromStdString(desk.session().run().cell(desk.cellOf(0)).answer.text));
    }

    void aFallbackIsSaidInWords()
    {
        PolicyRoute route;
        route.rule = "hard";
        route.label = "Hard questions";
        route.tier = ModelId("palm-2");
        PolicyHop slow;
        slow.model = ModelId("palm-2");
        slow.end = PolicyHop::End::Overrun;
        slow.endMs = 500;
        slow.reason = "no word in 0.5 s";
        PolicyHop served;
        served.model = ModelId("gpt-4");
        served.end = PolicyHop::End::Answered;
        served.isReused = true;
        served.startMs = 500;
        served.endMs = 4000;
        route.hops = {slow, served};
        QCOMPARE(routeText(route),
                 QStringLiteral("Hard questions \u2192 gpt-4, after palm-2: no word in 0.5 s"));
        const QStringList lines = routeMeaning(route).split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[0].contains(QStringLiteral("\u201cHard questions\u201d")));
        QVERIFY(lines[1].startsWith(QStringLiteral("palm-2 did not answer: no word in 0.5 s")));
        QVERIFY(lines[2].contains(QStringLiteral("the same answer as in its own column")));
        QVERIFY(lines[3].contains(QStringLiteral("0.50")));
        QVERIFY(route.hasFallenBack());
        route.hops = {served};
        QVERIFY(!route.hasFallenBack());
        QCOMPARE(routeText(route), QStringLiteral("Hard questions \u2192 gpt-4"));
    }

    void itIsHeardByItsNameAndIsNoEvidenceOfAModel()
    {
        Desk desk;
        const std::size_t before = desk.workbench.answers().size();
        desk.send();
        std::size_t said = 0;
        for (std::size_t prompt = 0; prompt < kPrompts; ++prompt) {
            for (std::size_t model = 0; model < 3; ++model)
                said += desk.session().run().cell({prompt, model, 0}).state == CellState::Done;
        }
        QVERIFY(desk.workbench.answers().size() <= before + said);
        QVERIFY(std::ranges::none_of(desk.workbench.answers(), [](const Answer& answer) {
            return isPolicyVoice(answer.model);
        }));
        QTest::keyClick(desk.page.get(), Qt::Key_2, Qt::ControlModifier);
        const auto* view = desk.page->findChild<ComparisonView*>();
        QTRY_VERIFY_WITH_TIMEOUT(!view->comparison().models.empty(), 60'000);
        QCOMPARE(view->comparison().models.back(), policyVoice("support-desk"));
        QCOMPARE(view->comparison().models.size(), std::size_t(4));
    }

    void aChangedPolicyLeavesWhatGoesTheSameWay()
    {
        constexpr std::size_t kMany = 60;
        Desk desk;
        desk.session().setSamplePromptCount(kMany);
        desk.send();
        std::vector<std::string> prints;
        for (std::size_t prompt = 0; prompt < kMany; ++prompt)
            prints.push_back(desk.routeOf(prompt).print);
        PolicyDocument changed = supportDeskPolicy();
        changed.rules.front().plan = call("gpt-4"); // what other rules decide goes the same way
        desk.workbench.editor().setDocument(changed);
        const auto column = PolicyColumn::of(changed);
        std::size_t others = 0;
        for (std::size_t prompt = 0; prompt < kMany; ++prompt)
            others += column->decide(desk.session().prompts()[prompt]).print != prints[prompt];
        QVERIFY2(others > 0 && others < kMany, std::to_string(others).c_str());
        QTRY_COMPARE(desk.session().run().progress().heldBack, others);
        QCOMPARE(desk.session().preflightOfRest().cells,
                 others + desk.session().run().progress().failed);
    }

    void aBrokenPolicySaysSoInItsCells()
    {
        Desk desk;
        PolicyDocument broken = supportDeskPolicy();
        broken.otherwise = call("nobody");
        desk.workbench.editor().setDocument(broken);
        desk.session().setSamplePromptCount(2);
        desk.send();
        const QModelIndex index = desk.table()->index(0, desk.column());
        QVERIFY2(AnswerDelegate::footerFacts(index)
                     .join(QLatin1Char(' '))
                     .contains(QStringLiteral("The policy cannot route this")),
                 qPrintable(AnswerDelegate::footerFacts(index).join(QLatin1Char(' '))));
        QCOMPARE(desk.session().run().cell({0, 0, 0}).state, CellState::Done);
    }

    void theColumnIsThereAfterARestartAndNothingIsSentAgain()
    {
        const QTemporaryDir folder;
        Workbench::Options options;
        options.dataFolder = folder.path().toStdString();
        std::vector<std::string> routes;
        {
            Desk desk(options);
            desk.send();
            for (std::size_t prompt = 0; prompt < kPrompts; ++prompt)
                routes.push_back(desk.session().run().cell(desk.cellOf(prompt)).answer.route);
        }
        Desk desk(options);
        QCOMPARE(desk.session().samplePromptCount(), kPrompts);
        QVERIFY(desk.session().stored());
        for (std::size_t prompt = 0; prompt < kPrompts; ++prompt)
            QCOMPARE(desk.session().run().cell(desk.cellOf(prompt)).answer.route, routes[prompt]);
        // Left out, it stays left out.
        desk.session().chooseModel(desk.session().policyColumn(), false);
        desk.session().setSamplePromptCount(3);
        desk.send();
        Desk again(options);
        QVERIFY(!again.session().isModelChosen(again.session().policyColumn()));
    }
};

QTEST_MAIN(TestPolicyVoice)
#include "tst_policy_voice.moc"
