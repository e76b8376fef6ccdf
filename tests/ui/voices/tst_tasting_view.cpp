// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a run is tasted with keys alone and without a name in sight; who leaves, or whose
// program ends, goes on where they stopped; the result says what was voted, with how many votes,
// and becomes part of the policy by one edit that one undo takes back; who has seen the names votes
// no more.

#include <core/base/files.h>
#include <core/lab/own_prompts.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/plots.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/tasting_result.h>
#include <ui/models/tasting_session.h>
#include <ui/models/workbench.h>
#include <ui/voices/judge_block.h>
#include <ui/voices/step_buttons.h>
#include <ui/voices/tasting_result_view.h>
#include <ui/voices/tasting_sheet.h>
#include <ui/voices/tasting_view.h>
#include <ui/voices/voices_page.h>

#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <QUndoStack>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

constexpr int kPatienceMs = 120'000; ///< a hang, not a slow machine

/// The Voices page in a window of its own, with keys that go to whatever has the focus.
struct Desk
{
    Workbench workbench;
    QMainWindow window;
    VoicesPage* page = nullptr;

    explicit Desk(const std::filesystem::path& dataFolder = {},
                  const PolicyDocument& document = supportDeskPolicy())
        : workbench({dataFolder})
    {
        workbench.editor().setDocument(document);
        workbench.services().simulator->setSpeed(0);
        page = new VoicesPage(workbench);
        window.setCentralWidget(page);
        window.resize(1280, 800);
        window.show();
    }
    void send(std::size_t prompts)
    {
        page->session().setSamplePromptCount(prompts);
        QSignalSpy finished(&page->session(), &LabSession::finished);
        page->session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatienceMs);
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(window.windowHandle(), key, modifiers);
    }
    void type(const char* keys)
    {
        for (const char* key = keys; *key != 0; ++key)
            QTest::keyClick(window.windowHandle(), *key);
    }
    [[nodiscard]] TastingView* view() const { return child<TastingView>("tasting"); }
    [[nodiscard]] TastingSession& tasting() const { return view()->session(); }
    template<class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return window.findChild<Widget*>(QLatin1String(name));
    }
    [[nodiscard]] QString text(const char* name) const { return child<QLabel>(name)->text(); }
    [[nodiscard]] QString progress() const { return text("tastingProgress"); }

    /// From the page to the first answers, by keys.
    void begin(const QString& name, int prompts, int trials)
    {
        press(Qt::Key_4, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(child<QLineEdit>("tasterName")->isVisible(), kPatienceMs);
        if (!tasting().tasting()) {
            child<QSpinBox>("tastingPrompts")->setValue(prompts);
            child<QSpinBox>("tastingTrials")->setValue(trials);
        }
        come(name);
    }
    void come(const QString& name)
    {
        auto* const field = child<QLineEdit>("tasterName");
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, name);
        press(Qt::Key_Return);
    }
};

/// Somebody who likes one model best and votes like that, by what only the test knows.
void voteFor(Desk& desk, const ModelId& best)
{
    const BlindTask* const task = desk.tasting().task();
    QVERIFY(task != nullptr);
    int next = 2;
    for (const ModelId& model : task->shown)
        desk.press(Qt::Key(Qt::Key_0 + (model == best ? 1 : next++)));
    desk.press(Qt::Key_Return);
}

/// Two people of one mind on twelve prompts of two models, who hear which one is X three times in
/// four; the voices are measured, and the policy changes them at every fifth answer.
TastingGround measuredGround()
{
    TastingGround ground;
    const std::vector<ModelId> models = {ModelId("gpt-4"), ModelId("palm-2")};
    ground.tasting.models = models;
    for (int p = 0; p < 12; ++p) {
        const PromptId prompt("p" + std::to_string(p));
        ground.tasting.prompts.push_back({prompt, "What?"});
        ground.tasting.texts.push_back({"Short and to the point.", "Longer, and less so."});
        for (const char* const who : {"Ann", "Bo"}) {
            const std::size_t best = p % 4 == 0 ? 1 : 0;
            ground.rankings.push_back(
                {RaterId(who), prompt, {{models[best]}, {models[1 - best]}}, models, p});
            for (const bool isFirst : {true, false})
                ground.trials.push_back({RaterId(who), prompt, PromptId("x"), models[0], models[1],
                                         isFirst, isFirst == (p % 4 != 0), p});
        }
    }
    ground.voices.models = models;
    ground.voices.matrix.models = {"gpt-4", "palm-2"};
    VoiceDistance distance;
    distance.n = 100;
    distance.auc = {0.95, 0.9, 0.97, 100};
    distance.noticeability = {0.5, 0.4, 0.6, 100};
    ground.voices.matrix.pairs = {distance};
    ground.seams = Consistency{0.9, {{0, 1, 0.2, 0.5, 0.1}}};
    ground.seamModels = models;
    return ground;
}

/// A judge that has said the same of every prompt of a tasting of two: in both orders, or only
/// because of one.
Judging judgingOf(const Tasting& tasting, bool isSteady)
{
    Judging judging;
    judging.number = 1;
    judging.plan.judge = ModelId("judge-model");
    judging.plan.provider = "openai";
    for (const TastedPrompt& prompt : tasting.prompts) {
        for (const std::size_t first : {std::size_t{0}, std::size_t{1}}) {
            const std::size_t call = judging.plan.calls.size();
            judging.plan.calls.emplace_back(
                PairCall{prompt.id, tasting.models[first], tasting.models[1 - first]});
            JudgeRecord& record = judging.records[call];
            record.state = JudgeRecord::State::Said;
            record.cost = Money::fromUsd(0.001);
            record.text =
                isSteady && first == 1 ? "{\"verdict\": \"second\"}" : "{\"verdict\": \"first\"}";
        }
    }
    return judging;
}

/// Forty prompts on which Ann prefers the first model and Bo does so in three of four.
TastingGround judgedGround(bool isSteady = true)
{
    TastingGround ground;
    const std::vector<ModelId> models = {ModelId("gpt-4"), ModelId("palm-2")};
    ground.tasting.models = models;
    for (int p = 0; p < 40; ++p) {
        const PromptId prompt("p" + std::to_string(p));
        ground.tasting.prompts.push_back({prompt, "What?"});
        ground.tasting.texts.push_back({"Short and to the point.", "Longer, and less so."});
        ground.rankings.push_back({RaterId("Ann"), prompt, {{models[0]}, {models[1]}}, models, p});
        const std::size_t best = p % 4 == 0 ? 1 : 0;
        ground.rankings.push_back(
            {RaterId("Bo"), prompt, {{models[best]}, {models[1 - best]}}, models, p});
    }
    ground.judgings = {judgingOf(ground.tasting, isSteady)};
    return ground;
}

PolicyDocument twoModelPolicy()
{
    PolicyDocument document = supportDeskPolicy();
    document.models.resize(2);
    return document;
}

} // namespace

class TestTastingView : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        setUpLook(*qApp, ThemeChoice::Light);
    }
    void init()
    {
        QSettings().clear();
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void whatIsMissingIsSaid()
    {
        Desk desk;
        desk.press(Qt::Key_4, Qt::ControlModifier);
        QTRY_VERIFY(desk.child<QWidget>("noAnswersToTaste")->isVisible());
        const auto& models = desk.page->session().models();
        while (models.size() > 1)
            desk.page->session().chooseModel(models.back().id, false);
        desk.send(1);
        const auto* const nothing = desk.child<QWidget>("nothingToTaste");
        QTRY_VERIFY_WITH_TIMEOUT(nothing->isVisible(), kPatienceMs);
        QStringList words;
        for (const QLabel* const label : nothing->findChildren<QLabel*>())
            words << label->text();
        QVERIFY2(words.join(u' ').contains(QStringLiteral("Only one model has answered")),
                 qPrintable(words.join(u' ')));
    }

    void whoComesByKeyboardTypesTheName()
    {
        Desk desk;
        desk.send(2);
        desk.press(Qt::Key_4, Qt::ControlModifier);
        const auto* const name = desk.child<QLineEdit>("tasterName");
        QTRY_VERIFY_WITH_TIMEOUT(name->hasFocus(), kPatienceMs);
        desk.type("Ann");
        desk.press(Qt::Key_Return);
        QCOMPARE(desk.tasting().taster(), QStringLiteral("Ann"));
        QVERIFY(desk.child<PlainTextPane>("tasted.A")->hasFocus());
    }

    void aTastingNeedsAName()
    {
        Desk desk;
        desk.send(2);
        desk.begin({}, 2, 0);
        QVERIFY(!desk.tasting().hasTaster());
        QVERIFY(desk.child<QWidget>("tastingMessage")->isVisible());
        QVERIFY(desk.child<QLineEdit>("tasterName")->hasFocus());
    }

    void keysPutAnswersInAnOrder()
    {
        Desk desk;
        desk.send(4);
        desk.begin(QStringLiteral("Ann"), 4, 0);
        QCOMPARE(desk.progress(), QStringLiteral("0 of 4"));
        const auto* const sheet = desk.window.findChild<TastingSheet*>();
        desk.press(Qt::Key_9);
        QVERIFY(desk.text("tastingHint").contains(QStringLiteral("1 to 3")));
        QCOMPARE(sheet->places(), (std::vector<int>{0, 0, 0}));
        desk.press(Qt::Key_2);
        desk.press(Qt::Key_Return); // two have no place yet: nothing is voted
        QCOMPARE(desk.progress(), QStringLiteral("0 of 4"));
        desk.type("1");
        QCOMPARE(sheet->places(), (std::vector<int>{2, 1, 0}));
        desk.press(Qt::Key_Backspace);
        QCOMPARE(sheet->places(), (std::vector<int>{2, 0, 0}));
        desk.type("11"); // a tie, and the last place may be left empty in between
        const BlindTask asked = *desk.tasting().task();
        desk.press(Qt::Key_Return);
        QCOMPARE(desk.progress(), QStringLiteral("1 of 4"));
        const Ranking vote = desk.tasting().rankings().front();
        QCOMPARE(vote.places.size(), std::size_t(2));
        QVERIFY(vote.places[1] == std::vector<ModelId>{asked.shown[0]});
        QVERIFY(vote.shown == asked.shown);
        QCOMPARE(sheet->places(), (std::vector<int>{0, 0, 0}));
    }

    void aVoteIsTakenBackAndASkippedOneComesAgain()
    {
        Desk desk;
        desk.send(3);
        desk.begin(QStringLiteral("Ann"), 3, 0);
        const PromptId first = desk.tasting().task()->prompt;
        desk.type("123");
        desk.press(Qt::Key_Return);
        const PromptId second = desk.tasting().task()->prompt;
        QVERIFY(first != second);
        desk.press(Qt::Key_Backspace);
        QCOMPARE(desk.progress(), QStringLiteral("0 of 3"));
        QVERIFY(desk.tasting().task()->prompt == first);
        desk.press(Qt::Key_S);
        QVERIFY(desk.tasting().task()->prompt == second);
        desk.type("123");
        desk.press(Qt::Key_Return);
        desk.type("123");
        desk.press(Qt::Key_Return);
        QCOMPARE(desk.progress(), QStringLiteral("2 of 3"));
        QVERIFY(desk.tasting().task()->prompt == first); // at the end
    }

    void nothingShownTellsAName()
    {
        Desk desk;
        desk.send(3);
        desk.begin(QStringLiteral("Ann"), 3, 0);
        for (const auto* const pane :
             desk.window.findChild<TastingSheet*>()->findChildren<PlainTextPane*>()) {
            for (const ModelSpec& model : desk.workbench.editor().document().models) {
                const QString name = QString::fromStdString(model.id.value);
                QVERIFY(!pane->wholeText().contains(name, Qt::CaseInsensitive));
                QVERIFY(!pane->accessibleName().contains(name, Qt::CaseInsensitive));
                QVERIFY(!pane->objectName().contains(name, Qt::CaseInsensitive));
            }
        }
    }

    void longAnswersScrollTogether()
    {
        Desk desk;
        auto* const sheet = new TastingSheet;
        desk.window.setCentralWidget(sheet);
        const QString line = QStringLiteral("one line of many\n");
        sheet->askOrder(QStringLiteral("What?"), {{line.repeated(200)}, {line.repeated(400)}}, {});
        const auto* const a = desk.child<PlainTextPane>("tasted.A");
        const auto* const b = desk.child<PlainTextPane>("tasted.B");
        QTRY_VERIFY(b->verticalScrollBar()->maximum() > a->verticalScrollBar()->maximum());
        a->verticalScrollBar()->setValue(a->verticalScrollBar()->maximum());
        QCOMPARE(b->verticalScrollBar()->value(), b->verticalScrollBar()->maximum());
        b->verticalScrollBar()->setValue(b->verticalScrollBar()->maximum() / 2);
        const int half = a->verticalScrollBar()->maximum() / 2;
        QVERIFY(std::abs(a->verticalScrollBar()->value() - half) <= 2);
        desk.page = nullptr;
    }

    void tonesAreRated()
    {
        Desk desk;
        auto* const sheet = new TastingSheet;
        desk.window.setCentralWidget(sheet);
        const std::string axis(toneAxes().front().id);
        sheet->askOrder(QStringLiteral("What?"), {{QStringLiteral("a")}, {QStringLiteral("b")}},
                        {axis});
        std::vector<std::vector<int>> rated;
        connect(sheet, &TastingSheet::ordered, sheet,
                [&](const auto&, const auto& ratings) { rated = ratings; });
        desk.type("12");
        auto* const steps = sheet->findChild<StepButtons*>(QStringLiteral("rating.B.") +
                                                           QString::fromStdString(axis));
        steps->setFocus(Qt::TabFocusReason);
        desk.type("4");
        QCOMPARE(steps->value(), 4);
        QCOMPARE(sheet->places(), (std::vector<int>{1, 2}));
        desk.press(Qt::Key_Return);
        QVERIFY((rated == std::vector<std::vector<int>>{{0}, {4}}));
        desk.page = nullptr;
    }

    void whichOneIsXIsAsked()
    {
        Desk desk({}, twoModelPolicy());
        desk.send(3);
        desk.begin(QStringLiteral("Ann"), 1, 4);
        // One prompt is too few for X: it answers another one.
        QCOMPARE(desk.tasting().total(TastingPart::Abx), std::size_t(0));
        desk.press(Qt::Key_Escape);
        QTest::mouseClick(desk.child<QPushButton>("tastingAnother"), Qt::LeftButton);
        desk.begin(QStringLiteral("Ann"), 3, 4);
        QCOMPARE(desk.tasting().total(TastingPart::Abx), std::size_t(4));
        desk.child<SegmentedControl>("tastingParts")->setCurrentIndex(1);
        QCOMPARE(desk.progress(), QStringLiteral("0 of 4"));
        const AbxTask asked = *desk.tasting().trial();
        desk.press(Qt::Key_2);
        QCOMPARE(desk.progress(), QStringLiteral("1 of 4"));
        const AbxTrial said = desk.tasting().trials().front();
        QVERIFY(!said.saidFirst);
        QCOMPARE(said.isFirst, asked.isFirst);
        QVERIFY(said.first == asked.first && said.xPrompt == asked.xPrompt);
        desk.press(Qt::Key_Backspace);
        desk.press(Qt::Key_A);
        QVERIFY(desk.tasting().trials().front().saidFirst);
    }

    void whoComesBackGoesOnWhereTheyStopped()
    {
        const QTemporaryDir folder;
        std::vector<BlindTask> asked;
        {
            Desk desk(folder.path().toStdString());
            desk.send(4);
            desk.begin(QStringLiteral("Ann"), 4, 4);
            desk.type("121");
            desk.press(Qt::Key_Return);
            asked.push_back(*desk.tasting().task());
            desk.press(Qt::Key_Escape);
            QVERIFY(!desk.tasting().hasTaster());
            desk.come(QStringLiteral(" ann ")); // the same person
            QCOMPARE(desk.progress(), QStringLiteral("1 of 4"));
            QVERIFY(*desk.tasting().task() == asked.front());
            desk.type("12"); // in the middle of a vote the program goes
        }
        Desk desk(folder.path().toStdString());
        desk.begin(QStringLiteral("Ann"), 0, 0);
        QCOMPARE(desk.tasting().tasters().size(), std::size_t(1));
        QCOMPARE(desk.progress(), QStringLiteral("1 of 4"));
        QVERIFY(*desk.tasting().task() == asked.front());
        desk.press(Qt::Key_Escape);
        desk.come(QStringLiteral("Bo"));
        QCOMPARE(desk.progress(), QStringLiteral("0 of 4"));
        QCOMPARE(desk.tasting().tasters().size(), std::size_t(2));
    }

    /// The whole of it, by keys alone.
    void aRunIsTastedAndTheResultBecomesTheContract()
    {
        const QTemporaryDir folder;
        const ModelId best = supportDeskPolicy().models.back().id;
        {
            Desk desk(folder.path().toStdString());
            desk.send(12);
            desk.begin(QStringLiteral("Ann"), 12, 0);
            for (int i = 0; i < 5; ++i)
                voteFor(desk, best);
            desk.press(Qt::Key_Escape);
        }
        Desk desk(folder.path().toStdString());
        desk.begin(QStringLiteral("Ann"), 0, 0);
        QCOMPARE(desk.progress(), QStringLiteral("5 of 12"));
        for (int i = 0; i < 7; ++i)
            voteFor(desk, best);
        QTRY_VERIFY(desk.child<QWidget>("tastingDone")->isVisible());
        desk.press(Qt::Key_Space); // "See the result" has the focus
        auto* const plot = desk.child<IntervalPlot>("preference");
        QTRY_VERIFY_WITH_TIMEOUT(plot->isVisible(), kPatienceMs);
        QCOMPARE(plot->rows().front().label, QString::fromStdString(best.value));
        QVERIFY(plot->rows().front().low > 0.5);
        QVERIFY2(plot->rows().front().note.contains(QStringLiteral("n = 12")),
                 qPrintable(plot->rows().front().note));
        QVERIFY(desk.text("agreement").contains(QStringLiteral("One person alone")));
        QCOMPARE(desk.child<QTreeWidget>("preferenceTable")->topLevelItemCount(), 3);

        const VoiceContract before = desk.workbench.editor().document().voice;
        auto* const set = desk.child<QPushButton>("setContract");
        QVERIFY(set->isEnabled());
        set->setFocus();
        desk.press(Qt::Key_Space);
        const VoiceContract after = desk.workbench.editor().document().voice;
        QVERIFY(after != before);
        QVERIFY(after.words && after.words->low < after.words->high);
        QVERIFY(!after.golden.empty());
        QVERIFY(!set->isEnabled()); // it is there
        desk.workbench.editor().undoStack()->undo();
        QVERIFY(desk.workbench.editor().document().voice == before);
        QVERIFY(set->isEnabled());
    }

    /// Each answer to a later turn stands below the conversation as it went there.
    void aConversationIsShownAsItWentForEachCandidate()
    {
        Desk desk;
        LabPrompt first = typedPrompt("How do I get a refund?");
        LabPrompt second = typedPrompt("And when?");
        second.follows = first.id;
        second.messages = {{Role::User, "How do I get a refund?", 0}, {Role::User, "And when?", 0}};
        desk.page->session().addPrompts({first, second});
        desk.page->session().setSendsOnlyOwn(true);
        desk.send(0);
        desk.begin(QStringLiteral("Ann"), 2, 0);
        const auto& lab = desk.page->session();
        while (desk.tasting().task() && desk.tasting().task()->prompt != second.id)
            voteFor(desk, desk.tasting().task()->shown.front());
        const BlindTask* const task = desk.tasting().task();
        QVERIFY(task != nullptr);
        QCOMPARE(desk.child<PlainTextPane>("tastingPrompt")->wholeText(),
                 QStringLiteral("And when?"));
        for (std::size_t column = 0; column < task->shown.size(); ++column) {
            const auto model = std::ranges::find(lab.models(), task->shown[column], &ModelSpec::id);
            const auto m = static_cast<std::size_t>(model - lab.models().begin());
            const auto* const pane = desk.child<PlainTextPane>(
                qPrintable(QStringLiteral("before.") + QChar(u'A' + char16_t(column))));
            QVERIFY(pane->isVisible());
            QVERIFY(pane->wholeText().startsWith(QStringLiteral("User: How do I get a refund?")));
            QVERIFY(pane->wholeText().contains(QStringLiteral("Assistant: ")));
            const QString reply = QString::fromStdString(lab.run().cell({0, m, 0}).answer.text);
            QVERIFY2(pane->wholeText().endsWith(reply), qPrintable(pane->wholeText()));
            QVERIFY(!pane->wholeText().contains(QString::fromStdString(task->shown[column].value)));
        }
    }

    void whoHasSeenTheNamesVotesNoMore()
    {
        Desk desk;
        desk.send(3);
        desk.begin(QStringLiteral("Ann"), 3, 0);
        desk.type("123");
        desk.press(Qt::Key_Return);
        desk.press(Qt::Key_Escape);
        QTest::mouseClick(desk.child<QPushButton>("tastingLook"), Qt::LeftButton);
        QVERIFY(
            !desk.tasting().hasLooked(QStringLiteral("Ann"))); // two votes are left: asked first
        QVERIFY(desk.child<QWidget>("tastingMessage")->isVisible());
        desk.press(Qt::Key_Space); // "Show the names" has the focus
        QVERIFY(desk.tasting().hasLooked(QStringLiteral("ANN")));
        QTRY_VERIFY_WITH_TIMEOUT(desk.child<IntervalPlot>("preference")->isVisible(), kPatienceMs);
        desk.press(Qt::Key_Escape);
        desk.come(QStringLiteral("Ann"));
        QVERIFY(!desk.tasting().hasTaster());
        QVERIFY(desk.child<QWidget>("tastingMessage")->isVisible());
        desk.come(QStringLiteral("Bo")); // who has not looked goes on blind
        QVERIFY(desk.tasting().hasTaster());
    }

    void peopleOfOneMindAreSaidToAgree()
    {
        Desk desk;
        TastingResultView& view = desk.view()->resultView();
        view.setResult(tastingResult(measuredGround()), {0, 2});
        const QString words = desk.text("agreement");
        QVERIFY2(words.startsWith(QStringLiteral("The raters agree well")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("n = 12 pairs")), qPrintable(words));
        const auto* const hearing = desk.child<IntervalPlot>("hearing");
        QVERIFY2(hearing->rows().front().note.startsWith(
                     QStringLiteral("36 of 48 right; measured noticeability 0.50, to readers 0.")),
                 qPrintable(hearing->rows().front().note));
        QVERIFY(desk.text("hearingWords").contains(QStringLiteral("n = 48 trials")));
    }

    void whatReadersHearBecomesAGate()
    {
        Desk desk;
        const TastingResult result = tastingResult(measuredGround());
        QVERIFY(result.gate.gate && result.gate.gate->atLeast);
        const double limit = *result.gate.gate->atLeast;
        QVERIFY(limit > 0.5 && limit < 0.95); // they hear less than the observer who is gated
        desk.view()->resultView().setResult(result, {0, 2});
        const std::vector<Gate> before = desk.workbench.editor().document().gates;
        auto* const set = desk.child<QPushButton>("setGate");
        QVERIFY(set->isEnabled());
        set->click();
        const std::vector<Gate> after = desk.workbench.editor().document().gates;
        QVERIFY(std::ranges::find(after, *result.gate.gate) != after.end());
        const auto isOfIt = [](const Gate& gate) {
            return gate.metric == GateMetric::Consistency && gate.per == GateScope::Total;
        };
        QCOMPARE(std::ranges::count_if(after, isOfIt), 1); // in the place of the one before
        desk.workbench.editor().undoStack()->undo();
        QVERIFY(desk.workbench.editor().document().gates == before);

        TastingGround unmeasured = measuredGround();
        unmeasured.voices.matrix = {};
        unmeasured.voices.models.clear();
        const TastingResult less = tastingResult(unmeasured);
        QVERIFY(!less.gate.gate && !less.gate.doubts.empty());
        QVERIFY(!less.pairs.front().isMeasured);
        QVERIFY(less.pairs.front().sensitivity.value > 1); // which takes no measure
    }

    /// Two windows, or two computers with one store.
    void theResultHasTheVotesOfOthersToo()
    {
        Desk desk;
        desk.send(2);
        desk.begin(QStringLiteral("Ann"), 2, 0);
        const ModelId best = desk.tasting().tasting()->models.front();
        for (int i = 0; i < 2; ++i)
            voteFor(desk, best);
        TastingSession other(desk.workbench.evidenceStore());
        other.setRun(desk.tasting().run());
        QTRY_VERIFY_WITH_TIMEOUT(other.tasting(), kPatienceMs);
        QVERIFY(other.join(QStringLiteral("Bo")).has_value());
        QVERIFY(other.putInOrder({{0}, {1}, {2}}, {}).has_value());
        desk.press(Qt::Key_Space); // "See the result"
        QTRY_COMPARE_WITH_TIMEOUT(desk.view()->resultView().result().preferences.raters,
                                  std::size_t(2), kPatienceMs);
        QCOMPARE(desk.view()->resultView().result().preferences.rankings, std::size_t(3));
    }

    void whatAJudgeSaysMovesNoOtherNumber()
    {
        TastingGround ground = judgedGround();
        const TastingResult with = tastingResult(ground);
        QCOMPARE(with.judges.size(), std::size_t(1));
        QCOMPARE(with.judges.front().judgement.preferences.rankings, std::size_t(40));
        ground.judgings.clear();
        const TastingResult without = tastingResult(ground);
        QCOMPARE(with.preferences.rankings, std::size_t(80));
        QCOMPARE(with.preferences.raters, std::size_t(2));
        for (std::size_t m = 0; m < without.preferences.models.size(); ++m)
            QVERIFY(with.preferences.models[m].winShare == without.preferences.models[m].winShare);
        QVERIFY(with.agreement.pairs == without.agreement.pairs);
        QVERIFY(with.contract.contract == without.contract.contract);
        QVERIFY(with.contract.reasons == without.contract.reasons);
        QVERIFY(with.tones.empty() && with.pairs.empty());
    }

    void aJudgeStandsBesideThePeople()
    {
        Desk desk;
        TastingResultView& view = desk.view()->resultView();
        view.setResult(tastingResult(judgedGround()), {0, 2});
        QCOMPARE(desk.text("judgeTitle"), QStringLiteral("Judge (judge-model)"));
        const QString words = desk.text("judgeAgreement");
        QVERIFY2(words.startsWith(QStringLiteral("Your readers agree with each other in 75")),
                 qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("the judge with them in 88")), qPrintable(words));
        const auto* const plot = desk.child<IntervalPlot>("judgeAgreementPlot");
        QCOMPARE(plot->rows().size(), std::size_t(2));
        QCOMPARE(plot->rows()[0].value, 0.75);
        QCOMPARE(plot->rows()[1].value, 0.875);
        QVERIFY(plot->rows()[1].note.contains(QStringLiteral("n = 80")));
        QCOMPARE(desk.child<IntervalPlot>("judgePreferencePlot")->rows().front().label,
                 QStringLiteral("gpt-4"));
        QVERIFY(!desk.child<QLabel>("judgeSimulated"));
        const PlotTable table = JudgeBlock::verdictTable(view.result().judges.front());
        QCOMPARE(table.rows.size(), std::size_t(40));
        QCOMPARE(table.rows.front().front(), QStringLiteral("machine"));
    }

    void whatTheOrderMakesIsSaid()
    {
        Desk desk;
        desk.view()->resultView().setResult(tastingResult(judgedGround(false)), {0, 2});
        const QString words = desk.text("judgeWords");
        QVERIFY2(words.contains(QStringLiteral("In 40 the order turned its verdict round")),
                 qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("prefers what it reads first: 100")),
                 qPrintable(words));
    }

    /// The whole of it, by clicks: from the result to a judge's verdicts beside it.
    void aModelIsAskedToJudge()
    {
        Desk desk;
        desk.send(3);
        desk.begin(QStringLiteral("Ann"), 3, 0);
        const ModelId best = desk.tasting().tasting()->models.front();
        for (int i = 0; i < 3; ++i)
            voteFor(desk, best);
        desk.press(Qt::Key_Space); // "See the result"
        auto* const ask = desk.child<QPushButton>("askJudge");
        QTRY_VERIFY_WITH_TIMEOUT(ask->isVisible(), kPatienceMs);
        EvidenceStore& store = *desk.workbench.evidenceStore();
        const auto evidence = store.allAnswers();
        const std::size_t runs = store.runs()->size();
        QTest::mouseClick(ask, Qt::LeftButton);
        auto* const sheet = desk.child<QDialog>("judgeSheet");
        QTRY_VERIFY(sheet && sheet->isVisible());
        auto* const send = sheet->findChild<QPushButton*>(QStringLiteral("judgeSend"));
        const auto* const amount = sheet->findChild<QLabel*>(QStringLiteral("judgeAmount"));
        QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), kPatienceMs);
        QVERIFY2(amount->text().startsWith(QStringLiteral("18 call(s), nobody bills them")),
                 qPrintable(amount->text())); // 3 prompts, 3 pairs, 2 orders
        auto* const preference = sheet->findChild<QCheckBox*>(QStringLiteral("judgePreference"));
        preference->click();
        QVERIFY(!send->isEnabled()); // not on the forecast of something else
        QTRY_COMPARE_WITH_TIMEOUT(amount->text(), QStringLiteral("Nothing is asked."), kPatienceMs);
        preference->click();
        sheet->findChild<QCheckBox*>(QStringLiteral("judge.formality"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), kPatienceMs);
        QVERIFY2(amount->text().startsWith(QStringLiteral("36 call(s)")),
                 qPrintable(amount->text()));
        QTest::mouseClick(send, Qt::LeftButton);
        const auto& judges = desk.view()->resultView().result().judges;
        QTRY_VERIFY_WITH_TIMEOUT(!judges.empty() && judges.front().judgement.replies == 36,
                                 kPatienceMs);
        QVERIFY(desk.text("judgeSimulated").contains(QStringLiteral("is no judgement")));
        QVERIFY2(desk.text("judgeAgreement").contains(QStringLiteral("Votes on 21 more")),
                 qPrintable(desk.text("judgeAgreement")));
        QCOMPARE(desk.child<QTreeWidget>("judgeTones")->topLevelItemCount(), 1);
        QCOMPARE(judges.front().judgement.whole, std::size_t(9));
        QCOMPARE(desk.view()->resultView().result().preferences.rankings, std::size_t(3));
        QVERIFY(*store.allAnswers() == *evidence); // nothing of it is an answer, or a run
        QCOMPARE(store.runs()->size(), runs);

        TastingSession other(desk.workbench.evidenceStore()); // it stands in the store
        other.setRun(desk.tasting().run());
        QTRY_VERIFY_WITH_TIMEOUT(other.tasting(), kPatienceMs);
        QCOMPARE(other.judgings().size(), std::size_t(1));
        QVERIFY(other.judgings().front().open().empty());
        QCOMPARE(other.tasters().size(), std::size_t(1)); // who is no person is no taster
    }

    void tablesAreSaved()
    {
        const QTemporaryDir folder;
        Desk desk;
        desk.send(3);
        desk.begin(QStringLiteral("Ann"), 3, 4);
        for (int i = 0; i < 3; ++i)
            voteFor(desk, desk.tasting().tasting()->models.front());
        desk.press(Qt::Key_Space); // on to X
        for (int i = 0; i < 12; ++i)
            desk.press(Qt::Key_1);
        desk.press(Qt::Key_Space);
        auto& view = desk.view()->resultView();
        QTRY_VERIFY_WITH_TIMEOUT(desk.child<IntervalPlot>("hearing")->isVisible(), kPatienceMs);
        QCOMPARE(view.result().pairs.size(), std::size_t(3));
        for (const HeardPair& pair : view.result().pairs)
            QVERIFY(pair.trials == 4 && pair.right == 2); // always A is as good as guessing
        QString path = folder.filePath(QStringLiteral("pairs.csv"));
        view.setAskWhereToSave([&](QWidget*, const QString&) { return path; });
        QTest::mouseClick(desk.child<QToolButton>("save.tasting-pairs"), Qt::LeftButton);
        const auto saved = readFile(path.toStdString());
        QVERIFY(saved.has_value());
        const QStringList lines = QString::fromStdString(*saved).split(QStringLiteral("\r\n"));
        QVERIFY2(lines[0].startsWith(QStringLiteral("Model A,Model B,A preferred")),
                 qPrintable(lines[0]));
        QCOMPARE(lines.size(), 5); // head, three pairs, the end
        QVERIFY2(lines[1].contains(QStringLiteral(",4,2,")), qPrintable(lines[1]));
    }
};

QTEST_MAIN(TestTastingView)
#include "tst_tasting_view.moc"
