// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: one click sends the prompts to every model; cells fill and say their state; a typed
// prompt is asked too; answers are shown as text whatever is in them; the comparison names what
// differs.

#include "voices_desk.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/voice/voice_features.h>
#include <tests/support/evidence_faults.h>
#include <tests/support/scripted_provider.h>
#include <tests/support/shared_data.h>
#include <tests/support/small_traffic.h>
#include <ui/kit/app_style.h>
#include <ui/kit/app_style_geometry.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/plots.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/voices/answer_delegate.h>
#include <ui/voices/comparison_view.h>
#include <ui/voices/facts_line.h>
#include <ui/voices/focus_view.h>
#include <ui/voices/lab_bar.h>
#include <ui/voices/labelled_facts.h>
#include <ui/voices/limits_button.h>
#include <ui/voices/model_header.h>
#include <ui/voices/pair_view.h>
#include <ui/voices/run_settings_button.h>
#include <ui/voices/voices_page.h>

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPaintEvent>
#include <QPushButton>
#include <QScopeGuard>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Desk : test::VoicesDesk
{
    explicit Desk(std::size_t prompts)
    {
        // The policy's own column is in tst_policy_voice.
        session().chooseModel(session().policyColumn(), false);
        session().setSamplePromptCount(prompts);
        show();
    }
};

void doneAnswersStartAtTheirTop(const Desk& desk)
{
    auto* table = desk.child<QTableView>("matrix");
    const auto* pane = desk.child<PlainTextPane>("answer.palm-2");
    QScrollBar* bar = pane->verticalScrollBar();
    QVERIFY(bar->maximum() > 0); // the first answer, which was followed while it was written
    QCOMPARE(bar->value(), 0);
    for (int row = 3; row >= 0; --row) {
        bar->setValue(bar->maximum());
        table->setCurrentIndex(table->model()->index(row, 1));
        QCOMPARE(bar->value(), 0);
    }
}

void theRowThatIsShownIsMarked(const Desk& desk)
{
    auto* table = desk.child<QTableView>("matrix");
    const auto selectedRow = [&] {
        const QModelIndexList rows = table->selectionModel()->selectedRows();
        return rows.size() == 1 ? rows.first().row() : -1;
    };
    QCOMPARE(selectedRow(), 0);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(selectedRow(), 1);
    QCOMPARE(desk.child<PlainTextPane>("answer.palm-2")->wholeText(),
             QString::fromStdString(desk.page->session().run().cell({1, 2, 0}).answer.text));
}

void promptsTakeAFixedWidthAndModelsTheRest(const Desk& desk)
{
    desk.page->resize(1680, 900);
    const auto* header = desk.child<QTableView>("matrix")->horizontalHeader();
    QTRY_COMPARE(header->sectionSize(0), ModelHeader::kPromptWidthPx);
    QVERIFY(header->sectionSize(1) > 400);
    QVERIFY(std::abs(header->sectionSize(1) - header->sectionSize(3)) <= 1);
}

/// A page in a window of its own, with keys that go to the window, as a person's do.
struct KeyDesk
{
    Workbench workbench;
    QMainWindow window;
    VoicesPage* page = nullptr;

    explicit KeyDesk(std::size_t prompts, double speed = 0,
                     const std::filesystem::path& dataFolder = {})
        : workbench({dataFolder})
    {
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(speed);
        page = new VoicesPage(workbench);
        page->setObjectName(QStringLiteral("page"));
        window.setCentralWidget(page);
        page->session().chooseModel(page->session().policyColumn(), false);
        page->session().setSamplePromptCount(prompts);
        window.show();
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier)
    {
        QTest::keyClick(window.windowHandle(), key, modifiers);
    }
    template<class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return window.findChild<Widget*>(QLatin1String(name));
    }
};

/// A desk whose only models answer what the test says.
struct ScriptedDesk
{
    Workbench workbench{{}};
    test::ScriptedProvider* provider = nullptr;
    std::unique_ptr<VoicesPage> page;

    explicit ScriptedDesk(int models = 1, std::size_t prompts = 1, const std::string& baseUrl = {})
    {
        auto scripted = std::make_unique<test::ScriptedProvider>();
        provider = scripted.get();
        workbench.providers().add(std::move(scripted));
        PolicyDocument document = supportDeskPolicy();
        document.models.clear();
        for (int i = 0; i < models; ++i) {
            ModelSpec model = supportDeskPolicy().models.front();
            model.id = ModelId("m" + std::to_string(i));
            model.provider = "scripted";
            model.baseUrl = baseUrl;
            document.models.push_back(model);
        }
        workbench.editor().setDocument(document);
        page = std::make_unique<VoicesPage>(workbench);
        page->session().chooseModel(page->session().policyColumn(), false);
        page->session().setSamplePromptCount(prompts);
        page->resize(1200, 800);
        page->show();
    }
    void answer(const std::string& text)
    {
        QSignalSpy finished(&page->session(), &LabSession::finished);
        page->session().start();
        for (test::ScriptedStream* stream : provider->live()) {
            stream->say(text);
            stream->finish();
        }
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    }
    template<class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return page->findChild<Widget*>(QLatin1String(name));
    }
};

/// A run that a kill interrupted: the store on disk has it, with the answers it had.
void interruptedRunIn(const QTemporaryDir& folder, std::size_t prompts)
{
    Workbench workbench({folder.path().toStdString()});
    workbench.editor().setDocument(supportDeskPolicy());
    workbench.services().simulator->setSpeed(4);
    LabSession session(workbench);
    session.setSamplePromptCount(prompts);
    session.start();
    QTRY_VERIFY_WITH_TIMEOUT(session.run().progress().answered() > 0, 60'000);
}

/// How many cells were sent by what `press` does, to their end: on a slow machine some are answered
/// before it returns.
template<class Press> int askedBy(LabSession& session, Press press)
{
    std::set<CellId> asked;
    const QMetaObject::Connection watch =
        QObject::connect(&session, &LabSession::cellChanged, &session, [&](const CellId& id) {
            if (session.run().cell(id).state == CellState::Waiting)
                asked.insert(id);
        });
    press();
    const bool isDone = QTest::qWaitFor([&] { return !session.isRunning(); }, 60'000);
    QObject::disconnect(watch);
    return isDone ? static_cast<int>(asked.size()) : -1;
}

ButtonKind buttonKindOf(const QPushButton* button)
{
    return static_cast<ButtonKind>(button->property(kButtonKindProperty).toInt());
}

/// The reason for a pair and the note under the lengths say the same, from the same number.
void oneStatisticTellsTheLengths(const ComparisonView& view)
{
    const VoiceComparison& comparison = view.comparison();
    const auto* notes = view.findChild<QLabel*>(QStringLiteral("lengthRatios"));
    for (std::size_t m = 1; m < comparison.models.size(); ++m) {
        const std::string sentence =
            lengthSentence(comparison.models[m].value, comparison.models[0].value,
                           comparison.verbosity[m].pairedRatio.value);
        QVERIFY(notes->text().contains(format::unbroken(QString::fromStdString(sentence + ": "))));
        for (const VoiceReason& reason : comparison.matrix.pair(0, m)->reasons) {
            if (reason.feature == feature::LogWords)
                QCOMPARE(reason.sentence, sentence);
        }
    }
}

/// The pair that is explained, the earlier model first.
std::pair<std::size_t, std::size_t> explainedPair(const ComparisonView& view)
{
    const auto* matrix = view.findChild<MatrixView*>(QStringLiteral("noticeability"));
    const auto [a, b] = std::minmax({matrix->currentRow(), matrix->currentColumn()});
    return {static_cast<std::size_t>(a), static_cast<std::size_t>(b)};
}

/// The heading names the pair, and no line does; an example is told by its prompt's words.
void reasonsStandInColumns(const ComparisonView& view)
{
    const auto [a, b] = explainedPair(view);
    const auto labels =
        view.findChild<QWidget*>(QStringLiteral("reasons"))->findChildren<QLabel*>();
    QVERIFY(!labels.isEmpty() && labels.size() % 4 == 0); // number, mark, trait, amount
    for (const QLabel* label : labels)
        QVERIFY2(!label->text().contains(QStringLiteral("gpt")), qPrintable(label->text()));
    const auto& reasons = view.comparison().matrix.pair(a, b)->reasons;
    QCOMPARE(labels.size(), static_cast<qsizetype>(4 * reasons.size()));
    const auto bars = view.findChild<QWidget*>(QStringLiteral("reasons"))
                          ->findChildren<StrengthBar*>(QStringLiteral("strength"));
    QCOMPARE(bars.size(), static_cast<qsizetype>(reasons.size()));
    QCOMPARE(bars.front()->share(), 1.0);
    for (qsizetype i = 1; i < bars.size(); ++i)
        QVERIFY(bars[i]->share() <= bars[i - 1]->share()); // the strongest first
    const std::size_t telling = view.comparison().matrix.pair(a, b)->tellingPrompt;
    const auto prompt = std::ranges::find(supportDeskPrompts(), view.comparison().prompts[telling],
                                          &SamplePrompt::id);
    const auto* heading = view.findChild<QLabel*>(QStringLiteral("examplePrompt"));
    QVERIFY2(heading->text().contains(QString::fromStdString(prompt->text).left(20)),
             qPrintable(heading->text()));
}

void toneAxesShareAScale(const ComparisonView& view)
{
    const auto plots =
        view.findChildren<IntervalPlot*>(QRegularExpression(QStringLiteral("^tone\\.")));
    QCOMPARE(plots.size(), static_cast<qsizetype>(toneAxes().size()));
    double furthest = 0;
    for (const IntervalPlot* plot : plots) {
        for (const IntervalRow& row : plot->rows())
            furthest = std::max({furthest, -row.low, row.high});
    }
    // No wider than it must be, and told.
    QCOMPARE(plots.first()->ticks(), ticksAboutZero(furthest));
    const QString told = QStringLiteral("every chart from \u2212%1 to +%1")
                             .arg(plots.first()->ticks().back(), 0, 'f', 0);
    const auto notes = view.findChildren<ElidedLabel*>();
    QVERIFY(std::ranges::any_of(
        notes, [&](const ElidedLabel* label) { return label->text().contains(told); }));
    for (const IntervalPlot* plot : plots) {
        QVERIFY(plot->axisRange() == plots.first()->axisRange());
        QCOMPARE(plot->axisRange().first, -plot->axisRange().second); // the average is the middle
        QVERIFY(plot->ticks().size() <= 7);
        for (const IntervalRow& row : plot->rows()) {
            QVERIFY(row.low >= plot->axisRange().first && row.high <= plot->axisRange().second);
            QVERIFY(!row.note.isEmpty());
        }
    }
}

/// What of a widget is painted anew.
class PaintedRegion : public QObject
{
public:
    explicit PaintedRegion(QWidget* widget) : QObject(widget) { widget->installEventFilter(this); }
    QRegion region;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            region += static_cast<QPaintEvent*>(event)->region();
        return QObject::eventFilter(watched, event);
    }
};

/// The first column is where it was, and not where its picture was moved to; the head is all new.
void whatWasMovedIsPaintedAnew(const QTableView& table)
{
    QWidget* const head = table.horizontalHeader()->viewport();
    PaintedRegion ofHead(head);
    PaintedRegion ofRows(table.viewport());
    const QRegion prompts(0, 0, table.columnWidth(0), table.viewport()->height());
    QScrollBar* const bar = table.horizontalScrollBar();
    for (const int to : {70, 40}) {
        const int moved = bar->value() - to;
        ofHead.region = ofRows.region = QRegion();
        bar->setValue(to);
        QTRY_VERIFY((QRegion(head->rect()) - ofHead.region).isEmpty());
        const QRegion picture = prompts.translated(moved, 0) & table.viewport()->rect();
        QVERIFY(((prompts | picture) - ofRows.region).isEmpty());
    }
}

} // namespace

class TestVoicesPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void oneClickAsksEveryModel()
    {
        Desk desk(3);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        QTest::mouseClick(desk.child<QPushButton>("start"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const auto* table = desk.child<QTableView>("matrix");
        const QModelIndex cell = table->model()->index(0, 1);
        QCOMPARE(cell.data(LabTableModel::StateTextRole).toString(), QStringLiteral("done"));
        const QStringList facts = AnswerDelegate::footerFacts(cell);
        QVERIFY(facts.value(0).contains(QStringLiteral("word")));
        const double usd = cell.data(LabTableModel::CostRole).toDouble();
        QCOMPARE(facts.value(1), format::money(1000 * usd, 2) + QStringLiteral(" per 1,000"));
        const QString meaning = AnswerDelegate::meaningOf(cell);
        QVERIFY2(meaning.contains(QStringLiteral("cost ") + format::money(usd)),
                 qPrintable(meaning));
        QVERIFY(meaning.contains(QStringLiteral("time to first token")));
        QVERIFY(meaning.contains(QStringLiteral("A text check says so")));
        QCOMPARE(desk.child<FactsLine>("facts.gpt-4")->text().section(QLatin1Char(' '), 3, 5),
                 facts.value(1)); // the same words in both places
        QVERIFY(facts.value(2).startsWith(QStringLiteral("TTFT ")));
        QVERIFY(!desk.child<PlainTextPane>("answer.gpt-4")->wholeText().isEmpty());
        QCOMPARE(desk.child<QPushButton>("start")->text(), QStringLiteral("Send again"));
    }

    /// A window of 1280 with three models and the policy: in fewer letters, and not fewer facts.
    void narrowColumnsShowEveryFact()
    {
        Desk desk(2);
        desk.page->session().chooseModel(desk.page->session().policyColumn(), true);
        desk.page->resize(1280 - 72, 700); // less the rail
        desk.send();
        const auto* table = desk.child<QTableView>("matrix");
        QCOMPARE(table->model()->columnCount(), 5);
        for (int column = 1; column < 5; ++column) {
            const QModelIndex cell = table->model()->index(0, column);
            const int width =
                AnswerCellGeometry::of(table->visualRect(cell), column).footer.width();
            const QStringList facts = AnswerDelegate::shownFacts(cell, width);
            QVERIFY2(facts.size() == 4 && !facts.contains(QString()),
                     qPrintable(QString::number(width) + facts.join(QLatin1Char('|'))));
        }
        const QModelIndex cell = table->model()->index(0, 1);
        QVERIFY(AnswerDelegate::shownFacts(cell, 2000)[2].startsWith(QStringLiteral("TTFT ")));
        QVERIFY(AnswerDelegate::meaningOf(cell).contains(QStringLiteral("of output")));
    }

    void theBarSaysWhatWillBeSentAndWhatCameBack()
    {
        Desk desk(3);
        const auto* words = desk.child<FactsLine>("preflight");
        QVERIFY2(words->text().startsWith(
                     QString::fromUtf8("3 prompt(s) × 3 model(s) = 9 answer(s) · about $")),
                 qPrintable(words->text()));
        desk.page->session().setSamples(2);
        QVERIFY(words->text().contains(QString::fromUtf8("× 2 time(s) × 3 model(s) = 18 answer")));
        desk.page->session().setSamples(1);
        const QString before = words->text();
        desk.send();
        const LabProgress progress = desk.page->session().run().progress();
        const QString expected = QString::fromUtf8("%1 of 9 answered · $").arg(progress.answered());
        QVERIFY2(words->text().startsWith(expected), qPrintable(words->text()));
        QCOMPARE(desk.child<QPushButton>("nextFailed")->isVisible(), progress.failed > 0);
        QVERIFY(desk.child<QPushButton>("start")->toolTip().contains(before.left(20)));
    }

    /// What sends is above the answers alone; a run that is under way is told everywhere.
    void eachViewHasTheControlsThatConcernIt()
    {
        KeyDesk desk(3, 1);
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        auto* views = desk.child<SegmentedControl>("views");
        const auto isSeen = [&](const char* name) {
            return desk.child<QWidget>(name)->isVisible();
        };
        for (const char* name : {"start", "typedPrompt", "promptCount", "runSettings", "spending",
                                 "queue", "preflight", "exportButton", "models"})
            QVERIFY2(isSeen(name), name);
        for (const int view : {1, 2}) {
            views->setCurrentIndex(view);
            for (const char* name : {"start", "typedPrompt", "promptCount", "runSettings",
                                     "spending", "queue", "preflight"})
                QVERIFY2(!isSeen(name), name);
            QVERIFY(isSeen("models")); // of them are what is compared and tasted
            QCOMPARE(isSeen("exportButton"), view == 1);
        }
        views->setCurrentIndex(1);
        desk.press(Qt::Key_Return); // by key it is sent from anywhere
        QVERIFY(desk.page->session().isRunning());
        QVERIFY(isSeen("pause") && isSeen("preflight") && !isSeen("typedPrompt"));
        QVERIFY(!desk.child<QPushButton>("models")->isEnabled());
        desk.page->session().stop();
        QTRY_VERIFY(!desk.page->session().isRunning());
        QVERIFY(!isSeen("pause") && !isSeen("start"));
        views->setCurrentIndex(0);
        QVERIFY(isSeen("start"));
    }

    void theSettingsOfARunStandInOnePlaceAndAreTold()
    {
        const auto tidy = qScopeGuard([] { QSettings().clear(); });
        Desk desk(3);
        auto* button = desk.child<RunSettingsButton>("runSettings");
        QCOMPARE(button->text(), QStringLiteral("Run settings: once, retries on"));
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(button->popover()->isVisible());
        QCOMPARE(QApplication::focusWidget(), desk.child<QSpinBox>("samples"));
        desk.child<QSpinBox>("samples")->setValue(2);
        desk.child<QCheckBox>("triesAgain")->click();
        desk.child<QCheckBox>("reuseAnswers")->click();
        QVERIFY(desk.page->session().samples() == 2 && !desk.page->session().triesAgain() &&
                desk.page->session().reusesAnswers());
        QCOMPARE(button->text(), QStringLiteral("Run settings: 2 time(s), no retries, reuse on"));
        button->popover()->hide();
        desk.page->resize(960, 700);
        QTRY_COMPARE(button->text(), QStringLiteral("Run settings"));
        QVERIFY(button->accessibleName().contains(QStringLiteral("no retries")));
        QVERIFY(desk.child<QLineEdit>("typedPrompt")->width() >= 90);
    }

    /// The status is told in whole parts, however narrow the window is.
    void aNarrowStatusLosesWholeParts()
    {
        Desk desk(3);
        desk.send();
        const auto* words = desk.child<FactsLine>("preflight");
        const QStringList parts = words->text().split(QString::fromUtf8(" · "));
        QVERIFY(parts.size() >= 4);
        desk.page->resize(1400, 700);
        QTRY_COMPARE(words->shownText(), words->text());
        desk.page->resize(952, 700);
        QTRY_VERIFY(words->shownText() != words->text());
        for (const QString& part : words->shownText().split(QString::fromUtf8(" · ")))
            QVERIFY2(parts.contains(part), qPrintable(part));
    }

    /// Words and cost are whole with eight models in a window of 1280, whichever is in sight.
    void wordsAndCostHaveRoomInNarrowColumns()
    {
        Desk desk(1);
        const ModelSpec first = desk.page->session().models().front();
        for (int i = 3; i < 8; ++i) {
            ModelSpec more = first;
            more.id = ModelId("a-model-of-some-name-" + std::to_string(i));
            QVERIFY(desk.workbench.editor().push(InsertModel{std::size_t(i), more}).has_value());
        }
        desk.page->resize(1280 - 76, 644);
        desk.send();
        QCOMPARE(desk.page->session().models().size(), std::size_t(8));
        const QModelIndex row = desk.child<QTableView>("matrix")->model()->index(0, 0);
        int done = 0;
        for (int model = 0; model < 8; ++model) {
            const QModelIndex cell = row.siblingAtColumn(model + 1);
            if (cell.data(LabTableModel::StateRole).toInt() != int(CellState::Done))
                continue; // the simulator's servers fail at times
            ++done;
            const std::string& id = desk.page->session().models()[std::size_t(model)].id.value;
            const auto* facts = desk.child<FactsLine>(("facts." + id).c_str());
            const QString shown = facts->shownText();
            const double usd = cell.data(LabTableModel::CostRole).toDouble();
            QVERIFY2(shown.startsWith(QStringLiteral("%1 word(s) · %2")
                                          .arg(cell.data(LabTableModel::WordsRole).toInt())
                                          .arg(format::money(usd, 2))),
                     qPrintable(shown));
            QVERIFY(facts->fontMetrics().horizontalAdvance(shown) <= facts->width());
        }
        QVERIFY(done > 4);
    }

    /// Beside each other, columns of one width tell the same of their answers.
    void neighboursTellTheSameFacts()
    {
        Desk desk(12);
        desk.send();
        desk.page->resize(1280 - 76, 644);
        QCoreApplication::processEvents();
        const auto* const table = desk.child<QTableView>("matrix");
        int compared = 0;
        for (int row = 0; row < 12; ++row) {
            desk.child<FocusView>("focus")->showPrompt(row);
            std::set<qsizetype> counts;
            for (int model = 0; model < 3; ++model) {
                const QModelIndex cell = table->model()->index(row, model + 1);
                const std::string& id = desk.page->session().models()[std::size_t(model)].id.value;
                if (cell.data(LabTableModel::StateRole).toInt() == int(CellState::Done))
                    counts.insert(desk.child<FactsLine>(("facts." + id).c_str())
                                      ->shownText()
                                      .count(QChar(0xB7)));
            }
            QVERIFY(counts.size() <= 1);
            compared += counts.empty() ? 0 : 1;
        }
        QVERIFY(compared > 6);
    }

    /// A column that is half behind the prompts still says whose answer it holds.
    void theHeadOfAHalfHiddenColumnStaysInSight()
    {
        Desk desk(1);
        const ModelSpec first = desk.page->session().models().front();
        for (int i = 3; i < 10; ++i) {
            ModelSpec more = first;
            more.id = ModelId("model-" + std::to_string(i));
            QVERIFY(desk.workbench.editor().push(InsertModel{std::size_t(i), more}).has_value());
        }
        desk.send();
        desk.page->resize(1280 - 76, 644);
        QCoreApplication::processEvents();
        auto* const table = desk.child<QTableView>("matrix");
        const auto* const star = desk.child<QWidget>("star.gpt-4");
        const auto* const facts = desk.child<QWidget>("facts.gpt-4");
        const auto leftOf = [&](const QWidget* widget) {
            return widget->mapTo(desk.page.get(), QPoint()).x();
        };
        const int before = leftOf(facts);
        QScrollBar* const bar = table->horizontalScrollBar();
        QVERIFY(bar->maximum() > 200);
        bar->setValue(40);
        QCoreApplication::processEvents();
        QCOMPARE(leftOf(facts), before); // it stays where it was
        whatWasMovedIsPaintedAnew(*table);
        bar->setValue(bar->maximum());
        QCoreApplication::processEvents();
        QVERIFY(leftOf(star) < before); // it went with its column in the end
        bar->setValue(0);
        QCoreApplication::processEvents();
        QCOMPARE(leftOf(facts), before);
    }

    void retryStandsLastAndWhatFailedBeforeSend()
    {
        Desk desk(40);
        desk.send();
        auto* failed = desk.child<QPushButton>("nextFailed");
        QVERIFY(failed->isVisible()); // the simulator's servers fail at times
        const auto left = [&](const char* name) {
            const auto* button = desk.child<QPushButton>(name);
            return button->mapTo(desk.page.get(), QPoint()).x();
        };
        QVERIFY(left("nextFailed") < left("start") && left("start") < left("retryFailed"));
        QCOMPARE(buttonKindOf(failed), ButtonKind::Alarm);
    }

    /// Where there is room, icons have a word beside them; each has a name either way.
    void iconsHaveWordsInAWideWindow()
    {
        Desk desk(3);
        const auto* const queue = desk.child<QPushButton>("queue");
        const auto* const costs = desk.child<QPushButton>("spending");
        const auto* const report = desk.child<QPushButton>("exportButton");
        for (const int width : {1100, 1204, 1424, 1100}) {
            const bool isWide = width == 1424;
            desk.page->resize(width, 644);
            QCoreApplication::processEvents();
            QCOMPARE(!queue->text().isEmpty(), width >= 1204);
            QCOMPARE(!costs->text().isEmpty(), width >= 1204);
            QCOMPARE(!report->text().isEmpty(), isWide);
            for (const QPushButton* const button : {queue, costs, report})
                QVERIFY(!button->accessibleName().isEmpty());
            int withWords = 0;
            for (const QToolButton* const button : desk.page->findChildren<QToolButton*>()) {
                const auto* const action = button->defaultAction();
                if (action && (action->objectName() == QStringLiteral("findAnswers") ||
                               action->objectName() == QStringLiteral("earlierRuns"))) {
                    withWords += button->toolButtonStyle() == Qt::ToolButtonTextBesideIcon ? 1 : 0;
                    QVERIFY(!button->accessibleName().isEmpty());
                }
            }
            QCOMPARE(withWords, isWide ? 2 : 0);
        }
    }

    void wholeRowsAreSeenAndTheAnswersBelowThemCanBeFolded()
    {
        const auto forget = qScopeGuard([] { QSettings().clear(); });
        Desk desk(12);
        desk.page->resize(1204, 644);
        desk.send();
        const auto* table = desk.child<QTableView>("matrix");
        const int row = table->rowHeight(0);
        QTRY_VERIFY(table->viewport()->height() >= 3 * row);
        QCOMPARE(table->viewport()->height() % row, 0);
        const auto* pane = desk.child<PlainTextPane>("answer.gpt-4");
        QVERIFY(pane->isVisible() && pane->viewport()->height() >= pane->fontMetrics().height());

        auto* handle = desk.child<QSplitter>("answers")->handle(1);
        QTest::mouseDClick(handle, Qt::LeftButton);
        QVERIFY(!pane->isVisible());
        QTRY_VERIFY(table->viewport()->height() >= 5 * row);
        const VoicesPage again(desk.workbench); // remembers it
        QVERIFY(
            !again.findChild<PlainTextPane*>(QStringLiteral("answer.gpt-4"))->isVisibleTo(&again));
        desk.child<QAction>("fold")->trigger();
        QVERIFY(pane->isVisible());
        QTRY_COMPARE(table->viewport()->height() % row, 0);
    }

    /// One run serves what is looked at after it: the row, the panes, the columns.
    void anAnsweredGridCanBeRead()
    {
        Desk desk(4);
        desk.page->resize(1000, 420); // low panes: long answers must scroll
        desk.send();
        doneAnswersStartAtTheirTop(desk);
        theRowThatIsShownIsMarked(desk);
        promptsTakeAFixedWidthAndModelsTheRest(desk);
    }

    void narrowLinesLoseWholeFacts()
    {
        FactsLine line;
        const QStringList facts = {QStringLiteral("106 words"), QStringLiteral("$0.000368"),
                                   QStringLiteral("TTFT 335 ms"), QStringLiteral("149 tokens")};
        line.setFacts(facts);
        const QString all = facts.join(QString::fromUtf8(" · "));
        for (int width = 1000; width > 80; width -= 7) {
            line.resize(width, 20);
            const QString shown = line.shownText();
            QVERIFY(all.startsWith(shown));
            QVERIFY(facts.contains(shown.split(QString::fromUtf8(" · ")).last()));
            QVERIFY(line.fontMetrics().horizontalAdvance(shown) <= width);
        }
        // Fewer letters come before fewer facts, and what decides is the room alone.
        const QStringList brief = {QStringLiteral("61 w"), QStringLiteral("$0.01"),
                                   QStringLiteral("1 s")};
        const QString wide(40, QLatin1Char('m'));
        line.setWordings({{{}, facts, {wide}}, {{}, brief, {brief[0], brief[1], wide}}});
        const int usual = line.fontMetrics().horizontalAdvance(wide);
        line.resize(usual + 1, 20);
        QVERIFY(all.startsWith(line.shownText()));
        line.resize(usual - 1, 20);
        QCOMPARE(line.shownText(), brief.first(2).join(QString::fromUtf8(" · ")));
        QCOMPARE(line.text(), all); // what the tooltip and a screen reader have
    }

    /// Whatever they are, and whether or not one is known.
    void linesOfOneWidthTellTheSameKinds()
    {
        const QStringList widest = {QStringLiteral("888 words"), QStringLiteral("$0.000088"),
                                    QStringLiteral("888 ms"), QStringLiteral("satisfies it")};
        const std::vector<QStringList> answers = {
            {QStringLiteral("1 word"), QStringLiteral("$1"), QString(), QStringLiteral("no")},
            {QStringLiteral("106 words"), QStringLiteral("$0.00037"), QStringLiteral("335 ms"),
             QStringLiteral("satisfies it")}};
        for (int width = 160; width < 500; width += 3) { // two kinds have room
            std::set<std::vector<bool>> kinds;
            for (const QStringList& answer : answers) {
                FactsLine line;
                line.setWordings({{{}, answer, widest}});
                line.resize(width, 20);
                const QString shown = line.shownText();
                kinds.insert({shown.contains(QLatin1Char('$')), shown.contains(answer[3])});
            }
            QCOMPARE(kinds.size(), std::size_t(1));
        }
        FactsLine line; // what is odd comes first, and takes no other's place
        line.setWordings({{{QStringLiteral("cut off")}, answers[1], widest}});
        line.resize(1000, 20);
        QCOMPARE(line.shownText(), line.text());
        QVERIFY(line.text().startsWith(QStringLiteral("cut off")));
    }

    void theHeadNamesWhatTheCellsShow()
    {
        QCOMPARE(AnswerDelegate::namesOfShortFacts(600), QStringList());
        QCOMPARE(AnswerDelegate::namesOfShortFacts(242).size(), qsizetype(4));
        const QStringList few = AnswerDelegate::namesOfShortFacts(156);
        QVERIFY2(few.size() >= 2 && few.size() < 4, qPrintable(few.join(QLatin1Char(','))));
    }

    void previewsKeepBreaksAndWholeWords()
    {
        const QFont font = Theme::font(TextRole::Body);
        const QFontMetrics metrics(font);
        const QString text = QStringLiteral(
            "Step by step:\n\n1. Open your profile\n2. Pick the year\n3. Download it");
        QCOMPARE(
            previewLines(text, font, QSize(600, 5 * metrics.lineSpacing())),
            (QStringList{QStringLiteral("Step by step:"), QStringLiteral("1. Open your profile"),
                         QStringLiteral("2. Pick the year"), QStringLiteral("3. Download it")}));
        QCOMPARE(previewLines(text, font, QSize(600, 2 * metrics.lineSpacing())),
                 (QStringList{QStringLiteral("Step by step:"),
                              QString::fromUtf8("1. Open your profile…")}));
        const QString prose = QStringLiteral("Some answers are longer than any cell can show them");
        for (int width = 90; width < 300; width += 11) {
            const QStringList lines =
                previewLines(prose, font, QSize(width, 2 * metrics.lineSpacing()));
            for (const QString& line : lines) {
                QVERIFY(metrics.horizontalAdvance(line) <= width);
                QString words = line;
                words.remove(QString::fromUtf8("…"));
                words = words.trimmed();
                QVERIFY2((QLatin1Char(' ') + prose + QLatin1Char(' '))
                             .contains(QLatin1Char(' ') + words + QLatin1Char(' ')),
                         qPrintable(line));
            }
        }
    }

    void aTypedPromptIsAskedToo()
    {
        Desk desk(1);
        auto* line = desk.child<QLineEdit>("typedPrompt");
        QTest::keyClicks(line, QStringLiteral("Do you ship to the moon?"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(desk.child<QTableView>("matrix")->model()->rowCount(), 2);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const Cell& cell = desk.page->session().run().cell({0, 0, 0});
        QCOMPARE(cell.state, CellState::Done);
        QVERIFY(QString::fromStdString(cell.answer.text)
                    .contains(QStringLiteral("simulat"), Qt::CaseInsensitive));
    }

    void stoppingKeepsWhatIsThere()
    {
        Desk desk(60);
        desk.workbench.services().simulator->setSpeed(1);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->session().run().progress().running > 0, 60'000);
        const auto buttons = desk.page->findChildren<QToolButton*>();
        const auto stop = std::ranges::find_if(buttons, [](const QToolButton* button) {
            return button->isVisible() && button->accessibleName() == QStringLiteral("Stop");
        });
        QVERIFY(stop != buttons.end());
        QTest::mouseClick(*stop, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const LabProgress progress = desk.page->session().run().progress();
        QCOMPARE(progress.finished, progress.total);
        QVERIFY(desk.page->session().run().cell({59, 0, 0}).state == CellState::Stopped);
    }

    void theComparisonSaysWhatDiffers()
    {
        Desk desk(2);
        desk.child<SegmentedControl>("views")->setCurrentIndex(1);
        auto* comparison = desk.child<ComparisonView>("comparison");
        QTRY_VERIFY_WITH_TIMEOUT(comparison->comparison().isEnough(), 120'000);
        QVERIFY(comparison->comparison().prompts.size() > 100); // the evidence, not only this run
        QVERIFY(comparison->comparison().matrix.noticeability(0, 2) > 0.3);
        reasonsStandInColumns(*comparison);
        oneStatisticTellsTheLengths(*comparison);
        toneAxesShareAScale(*comparison);
        const auto* matrix = comparison->findChild<MatrixView*>(QStringLiteral("noticeability"));
        QCOMPARE(matrix->table().rows[1][2], QString::fromUtf8("–")); // all floors are one: below
        QCOMPARE(matrix->spokenParts().size(), std::size_t(6));       // three names, each pair once
        const auto* meaning = comparison->findChild<LabelledFacts*>(QStringLiteral("meaning"));
        const auto [a, b] = explainedPair(*comparison);
        const double nu = comparison->comparison().matrix.noticeability(a, b);
        QVERIFY2(meaning->text().contains(QStringLiteral("Noise floor: 0.")),
                 qPrintable(meaning->text()));
        QVERIFY(meaning->facts().size() <= 5);
        QVERIFY(meaning->text().contains(
            QStringLiteral(" %1 times in 100").arg(std::lround(50 * (1 + nu)))));
    }

    void theComparisonSaysWhereItsAnswersAreFrom()
    {
        Desk desk(12);
        desk.send();
        desk.child<SegmentedControl>("views")->setCurrentIndex(1);
        auto* view = desk.child<ComparisonView>("comparison");
        QTRY_VERIFY_WITH_TIMEOUT(view->comparison().isEnough(), 120'000);
        const VoiceComparison& comparison = view->comparison();
        QVERIFY(comparison.bundled < comparison.answers);
        QVERIFY(comparison.bundled >= comparison.answers - 36); // what was sent is not bundled
        const auto count = [](std::size_t n) { return format::count(static_cast<qint64>(n)); };
        const auto ofTable = std::ranges::count_if(comparison.prompts, [&](const PromptId& id) {
            return std::ranges::count(desk.page->session().prompts(), id, &LabPrompt::id) > 0;
        });
        QCOMPARE(ofTable, 12);
        const QString words =
            QStringLiteral("%1 prompt(s): 12 sent here, %2 that came answered with the sample")
                .arg(count(comparison.prompts.size()), count(comparison.prompts.size() - 12));
        const auto labels = view->findChildren<ElidedLabel*>();
        QVERIFY(std::ranges::any_of(
            labels, [&](const ElidedLabel* label) { return label->text().contains(words); }));
    }

    void axesThatCountEnglishWordsSayWhyTheyAreGrey()
    {
        std::vector<Answer> answers;
        const std::vector<ModelId> models = {ModelId("a"), ModelId("b")};
        for (int prompt = 0; prompt < 12; ++prompt) {
            for (const ModelId& model : models) {
                Answer answer;
                answer.model = model;
                answer.prompt = PromptId("p" + std::to_string(prompt));
                answer.text = "Die R\u00fcckerstattung dauert normalerweise sieben Werktage, "
                              "nachdem unser Lager das Paket erhalten und gepr\u00fcft hat. Bitte "
                              "schreiben Sie uns erneut, falls bis dahin nichts ankommt.";
                if (model == models[0])
                    answer.text += " Vielen Dank f\u00fcr Ihre Geduld und Ihr Vertrauen.";
                answers.push_back(std::move(answer));
            }
        }
        ComparisonView view;
        view.show();
        view.setComparison(ui::compareVoices(answers, models), {0, 1});
        const auto* why = view.findChild<QLabel*>(QStringLiteral("toneObjection"));
        QVERIFY(why->isVisible());
        QVERIFY(why->text().contains(QStringLiteral("do not read like English")));
        const auto greyed =
            std::ranges::count_if(view.findChildren<IntervalPlot*>(), [](const IntervalPlot* plot) {
                return !plot->rows().empty() &&
                       plot->rows().front().note == QStringLiteral("not for these texts");
            });
        QVERIFY(greyed > 0);
        QVERIFY(why->text().startsWith(QString::number(greyed)));
    }

    /// Whatever had the focus when the run began: it may be disabled or hidden by then.
    void aRunIsPausedResumedAndStoppedByKeys()
    {
        for (const char* focused : {"page", "start", "typedPrompt", "promptCount", "matrix"}) {
            KeyDesk desk(60, 1);
            QVERIFY(QTest::qWaitForWindowActive(&desk.window));
            const LabSession& session = desk.page->session();
            QSignalSpy finished(&session, &LabSession::finished);
            desk.child<QWidget>(focused)->setFocus();
            desk.press(Qt::Key_Return);
            QVERIFY2(session.isRunning(), focused);
            desk.press(Qt::Key_P);
            QVERIFY2(session.run().isPaused(), focused);
            desk.press(Qt::Key_Return); // goes on
            QVERIFY2(session.isRunning() && !session.run().isPaused(), focused);
            desk.press(Qt::Key_P);
            desk.press(Qt::Key_P);
            QVERIFY2(session.isRunning() && !session.run().isPaused(), focused);
            desk.press(Qt::Key_Period);
            QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
            QVERIFY(session.run().progress().stopped > 0);
        }
    }

    void theKeyboardStaysWithTheRunAndComesBack()
    {
        KeyDesk desk(3, 1);
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        auto* prompts = desk.child<QSpinBox>("promptCount");
        prompts->setFocus();
        desk.press(Qt::Key_Return);
        QCOMPARE(QApplication::focusWidget(), desk.child<QPushButton>("pause"));
        desk.press(Qt::Key_Space, Qt::NoModifier);
        QCOMPARE(QApplication::focusWidget(), desk.child<QPushButton>("start"));
        QVERIFY(desk.page->session().run().isPaused());
        desk.press(Qt::Key_Space, Qt::NoModifier);
        QVERIFY(!desk.page->session().run().isPaused());
        desk.press(Qt::Key_Period);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(QApplication::focusWidget(), prompts);
    }

    void sendingTakesWhatIsBeingTyped()
    {
        KeyDesk desk(3);
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        auto* prompts = desk.child<QSpinBox>("promptCount");
        prompts->setFocus();
        prompts->selectAll();
        QTest::keyClicks(prompts, QStringLiteral("2"));
        desk.press(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(desk.page->session().run().plan().prompts.size(), std::size_t(2));
        auto* typed = desk.child<QLineEdit>("typedPrompt");
        typed->setFocus();
        QTest::keyClicks(typed, QStringLiteral("Who are you?"));
        desk.press(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 60'000);
        QCOMPARE(desk.page->session().run().plan().prompts.size(), std::size_t(3));
        QVERIFY(typed->text().isEmpty());
    }

    /// A change that the table cannot take is not answered by sending the table that was left.
    /// Prices and progress come whenever they come.
    void aNumberThatIsBeingTypedStays()
    {
        KeyDesk desk(3);
        auto* prompts = desk.child<QSpinBox>("promptCount");
        prompts->setFocus();
        prompts->selectAll();
        QTest::keyClicks(prompts, QStringLiteral("2"));
        emit desk.page->session().costsChanged();
        emit desk.page->session().progressChanged();
        QCOMPARE(prompts->value(), 2);
        desk.press(Qt::Key_Return);
        QCOMPARE(desk.page->session().samplePromptCount(), std::size_t(2));
        QTRY_VERIFY_WITH_TIMEOUT(!desk.page->session().isRunning(), 60'000);
    }

    void aRefusedChangeSendsNothing()
    {
        const QTemporaryDir folder;
        KeyDesk desk(1, 0, folder.path().toStdString());
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        LabSession& session = desk.page->session();
        QSignalSpy failed(&session, &LabSession::failed);
        test::onEvidence(desk.workbench.evidenceStore()->path(), test::kRefuseAnswers);
        session.start();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(desk.child<Callout>("failNotice"));
        session.stop();
        QTRY_VERIFY(!session.isRunning());

        QSignalSpy started(&session, &LabSession::started);
        auto* prompts = desk.child<QSpinBox>("promptCount");
        prompts->setFocus();
        prompts->selectAll();
        QTest::keyClicks(prompts, QStringLiteral("2"));
        desk.press(Qt::Key_Return);
        QCOMPARE(started.size(), 0);
        QCOMPARE(prompts->value(), 1);
        QVERIFY(desk.child<Callout>("keepNotice"));
        session.rerun({0, 0, 0}); // refused as well, and not said to be kept
        const auto titles = desk.window.findChildren<Callout*>();
        QVERIFY(std::ranges::none_of(titles, [](const Callout* notice) {
            return notice->title().contains(QStringLiteral("Every answer is kept"));
        }));

        test::onEvidence(desk.workbench.evidenceStore()->path(), test::kAcceptAnswers);
        desk.press(Qt::Key_Return); // the rest
        QTRY_VERIFY(!session.isRunning() && !session.run().hasUnwritten());
        QTRY_VERIFY(!desk.child<Callout>("failNotice"));
        QTRY_VERIFY(!desk.child<Callout>("keepNotice")); // it says nothing that is so any more
    }

    void pauseAndRetryByClicks()
    {
        ScriptedDesk desk;
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        const auto click = [&](const char* name) {
            auto* button = desk.child<QPushButton>(name);
            QVERIFY2(button->isVisible(), name);
            QTest::mouseClick(button, Qt::LeftButton);
        };
        click("start");
        click("pause");
        QVERIFY(desk.page->session().run().isPaused());
        QCOMPARE(desk.child<QPushButton>("start")->text(), QStringLiteral("Go on"));
        click("start");
        QVERIFY(!desk.page->session().run().isPaused());
        desk.provider->live().front()->failWith(FailureKind::RateLimit, "too busy");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(desk.child<QPushButton>("nextFailed")->text(), QStringLiteral("1 failed"));
        click("retryFailed");
        QCOMPARE(desk.provider->live().size(), std::size_t(1));
        desk.provider->live().front()->say("At last.");
        desk.provider->live().front()->finish();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 60'000);
        QVERIFY(!desk.child<QPushButton>("retryFailed")->isVisible());
        QCOMPARE(desk.child<PlainTextPane>("answer.m0")->wholeText(), QStringLiteral("At last."));
    }

    /// A failure among many answers is a key away, and after the last one comes the first.
    void failuresAreFoundOneAfterTheOther()
    {
        ScriptedDesk desk(1, 4);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        const std::vector<test::ScriptedStream*> streams = desk.provider->live();
        QCOMPARE(streams.size(), std::size_t(4));
        for (const std::size_t i : {0, 2}) {
            streams[i]->say("Yes.");
            streams[i]->finish();
        }
        for (const std::size_t i : {1, 3})
            streams[i]->failWith(FailureKind::RateLimit, "too busy");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const auto* table = desk.child<QTableView>("matrix");
        QCOMPARE(table->currentIndex().row(), 0);
        auto* failed = desk.child<QPushButton>("nextFailed");
        QTest::mouseClick(failed, Qt::LeftButton);
        QCOMPARE(table->currentIndex().row(), 1);
        QTest::mouseClick(failed, Qt::LeftButton);
        QCOMPARE(table->currentIndex().row(), 3);
        QTest::mouseClick(failed, Qt::LeftButton);
        QCOMPARE(table->currentIndex().row(), 1);
        const auto failedOf = [&](int column) {
            return table->model()->headerData(column, Qt::Horizontal,
                                              LabTableModel::FailedCountRole);
        };
        QCOMPARE(failedOf(1).toInt(), 2); // the header says whose
        QVERIFY(!failedOf(0).isValid());
    }

    void anAnswerThatIsNotWhatWasHopedForSaysSo()
    {
        ScriptedDesk desk(3);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        const std::vector<test::ScriptedStream*> streams = desk.provider->live();
        for (test::ScriptedStream* stream : streams)
            stream->say("I cannot help with that.");
        streams[0]->send(StreamFinished{FinishReason::Length, "length"});
        streams[1]->send(StreamFinished{FinishReason::Refusal, "stop"});
        streams[2]->send(StreamFinished{FinishReason::Filtered, "content_filter"});
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const auto* table = desk.child<QTableView>("matrix");
        const QStringList words = {QStringLiteral("cut short"), QStringLiteral("refused"),
                                   QStringLiteral("withheld")};
        for (int i = 0; i < words.size(); ++i) {
            const QModelIndex cell = table->model()->index(0, i + 1);
            QCOMPARE(AnswerDelegate::footerFacts(cell).value(0), words[i]);
            QVERIFY(AnswerDelegate::meaningOf(cell).startsWith(words[i], Qt::CaseInsensitive));
            QVERIFY(cell.data(Qt::AccessibleTextRole).toString().contains(words[i]));
            const auto* facts =
                desk.child<FactsLine>(qPrintable(QStringLiteral("facts.m%1").arg(i)));
            QVERIFY2(facts->text().startsWith(words[i]), qPrintable(facts->text()));
        }
    }

    void limitsAreSeenWhileTheRunIsHeldUpByThem()
    {
        ScriptedDesk desk(1, 3, "https://api.openai.com/v1");
        auto* limits = desk.child<LimitsButton>("limits");
        QVERIFY(!limits->isVisible());
        desk.page->session().start();
        QVERIFY(!limits->isVisible()); // nothing is known
        desk.provider->live().at(0)->send(RateLimits{{{RateLimit::Of::Requests, 60, 41, 12'000}}});
        QTRY_VERIFY(limits->isVisible());
        QCOMPARE(limits->text(), QStringLiteral("OpenAI: 39 of 60 requests left")); // 2 under way
        desk.provider->live().at(1)->refuse(429, 90'000);
        QTRY_VERIFY(limits->text().startsWith(QStringLiteral("OpenAI waits ")));
        const QModelIndex cell = desk.child<QTableView>("matrix")->model()->index(1, 1);
        const auto footer = [&] { return AnswerDelegate::footerFacts(cell).value(0); };
        QTRY_VERIFY2(footer().endsWith(QStringLiteral("OpenAI asks for a pause")),
                     qPrintable(footer()));
        QVERIFY2(footer().startsWith(QStringLiteral("waiting ")), qPrintable(footer()));
        QVERIFY(limits->accessibleDescription().contains(QStringLiteral("of 60 requests left")));
        QTest::mouseClick(limits, Qt::LeftButton);
        QVERIFY(limits->popover()->isVisible());
        QStringList texts;
        for (const QLabel* label : limits->popover()->findChildren<QLabel*>())
            texts << label->text();
        QVERIFY2(texts.join(QLatin1Char('\n')).contains(QStringLiteral("requests a minute")),
                 qPrintable(texts.join(QLatin1Char('\n'))));
        desk.page->session().stop();
        QTRY_VERIFY(!limits->isVisible());
        QVERIFY(!limits->popover()->isVisible());
    }

    void retriesAreSwitchedOffBeforeTheRun()
    {
        const auto tidy =
            qScopeGuard([] { QSettings().remove(QStringLiteral("voices/triesAgain")); });
        ScriptedDesk desk(1, 1, "https://api.openai.com/v1");
        auto* again = desk.child<QCheckBox>("triesAgain");
        QVERIFY(again->isChecked());
        again->click();
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        desk.provider->live().at(0)->refuse(503);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(desk.page->session().run().progress().failed, std::size_t{1});
        const ScriptedDesk next(1, 1);
        QVERIFY(!next.child<QCheckBox>("triesAgain")->isChecked()); // it is remembered
    }

    /// A cell shows the first answer; what failed beside it is said there too.
    void aSecondAnswerThatFailedIsSaidInItsCell()
    {
        ScriptedDesk desk;
        desk.page->session().setSamples(2);
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        desk.page->session().start();
        const std::vector<test::ScriptedStream*> streams = desk.provider->live();
        QCOMPARE(streams.size(), std::size_t(2));
        streams[0]->say("At once.");
        streams[0]->finish();
        const auto* table = desk.child<QTableView>("matrix");
        QSignalSpy changed(table->model(), &QAbstractItemModel::dataChanged);
        streams[1]->failWith(FailureKind::RateLimit, "too busy");
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QVERIFY(std::ranges::any_of(changed, [](const QList<QVariant>& signal) { // painted anew
            return signal.value(2).value<QList<int>>() ==
                   QList<int>{LabTableModel::FailedSampleRole};
        }));
        const QModelIndex cell = table->model()->index(0, 1);
        QCOMPARE(cell.data(LabTableModel::StateRole).toInt(), int(CellState::Done));
        QCOMPARE(AnswerDelegate::shownText(cell), QStringLiteral("At once."));
        const QString said = AnswerDelegate::footerFacts(cell).value(0);
        QVERIFY2(said.startsWith(QStringLiteral("answer 2 of 2 failed: ")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("too busy")), qPrintable(said));
        const QString facts = desk.child<FactsLine>("facts.m0")->text();
        QVERIFY2(facts.startsWith(said), qPrintable(facts));
        const auto spoken = [&](const QVariant& text) { return text.toString().contains(said); };
        QVERIFY(spoken(cell.data(Qt::AccessibleTextRole)));
        QCOMPARE(table->model()->headerData(1, Qt::Horizontal, Qt::AccessibleTextRole).toString(),
                 QStringLiteral("m0, 1 failed"));
    }

    void anInterruptedRunGoesOnWithoutSendingAgain()
    {
        QTemporaryDir folder;
        interruptedRunIn(folder, 1);
        Workbench workbench({folder.path().toStdString()});
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(0);
        const RunSummary left = workbench.evidenceStore()->runs()->front();
        VoicesPage page(workbench);
        page.resize(1200, 800);
        page.show();
        // The table begins with the choices of that run, and with its answers.
        QCOMPARE(page.session().prompts().size(), std::size_t(1));
        QCOMPARE(page.session().stored()->shown, left.settled);
        const auto* words = page.findChild<FactsLine*>(QStringLiteral("preflight"));
        QVERIFY2(words->text().startsWith(QStringLiteral("%1 answer(s) from ").arg(left.settled)),
                 qPrintable(words->text()));
        auto* notice = page.findChild<Callout*>(QStringLiteral("resumeNotice"));
        QVERIFY(notice && notice->isVisible());
        auto* button = notice->findChild<QPushButton*>();
        QCOMPARE(button->text(), QStringLiteral("Go on with it"));
        QSignalSpy finished(&page.session(), &LabSession::finished);
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(page.findChild<Callout*>(QStringLiteral("resumeNotice")) == nullptr);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(workbench.evidenceStore()->runs()->size(), std::size_t(1)); // the same run
        QCOMPARE(workbench.evidenceStore()->runs()->front().settled, std::size_t(4));
        // A resumed answer was never streamed here; its whole text is shown.
        for (std::size_t at = 0; at < page.session().models().size(); ++at) {
            const auto* pane = page.findChild<PlainTextPane*>(
                QStringLiteral("answer.") +
                QString::fromStdString(page.session().models()[at].id.value));
            QCOMPARE(pane->wholeText(),
                     QString::fromStdString(page.session().run().cell({0, at, 0}).answer.text));
        }
        QVERIFY(
            !page.findChild<PlainTextPane*>(QStringLiteral("answer.gpt-4"))->wholeText().isEmpty());
    }

    void aRunIsOfferedWhateverThePolicyIsCalledNow()
    {
        QTemporaryDir folder;
        interruptedRunIn(folder, 2);
        Workbench workbench({folder.path().toStdString()});
        PolicyDocument renamed = supportDeskPolicy();
        renamed.name = "another name";
        workbench.editor().setDocument(renamed);
        LabSession session(workbench);
        QVERIFY(session.interruptedRun());
        QVERIFY(session.interruptedRun()->obstacle.isEmpty());
        // A run is called what the policy is when it begins.
        renamed.name = "a third name";
        workbench.editor().setDocument(renamed);
        session.start();
        const auto runs = *workbench.evidenceStore()->runs();
        QVERIFY(std::ranges::any_of(
            runs, [](const RunSummary& run) { return run.name == "a third name"; }));
        session.stop();
    }

    void whatSendingWouldAskIsCountedAfterTheModelsChanged()
    {
        ScriptedDesk desk(2);
        LabSession& session = desk.page->session();
        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        ModelSpec extra = session.models().front();
        extra.id = ModelId("extra");
        QVERIFY(desk.workbench.editor().push(InsertModel{2, extra}).has_value());
        for (test::ScriptedStream* stream : desk.provider->live()) {
            stream->say("Yes.");
            stream->finish();
        }
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(session.models().size(), std::size_t(2)); // what answered
        QCOMPARE(session.preflight().cells, std::size_t(3));
        session.start();
        QCOMPARE(session.run().progress().total, std::size_t(3));
    }

    /// Views are told before anything they show changes.
    void theModelsStayUntilTheTableIsAboutToReset()
    {
        ScriptedDesk desk(2);
        LabSession& session = desk.page->session();
        std::size_t shown = 0;
        connect(&session, &LabSession::aboutToReset, this,
                [&] { shown = session.models().size(); });
        ModelSpec extra = session.models().front();
        extra.id = ModelId("extra");
        QVERIFY(desk.workbench.editor().push(InsertModel{2, extra}).has_value());
        QCOMPARE(shown, std::size_t(2));
        QCOMPARE(session.models().size(), std::size_t(3));
    }

    void theNoticeSaysWhyARunCannotGoOn()
    {
        QTemporaryDir folder;
        interruptedRunIn(folder, 5);
        Workbench workbench({folder.path().toStdString()});
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(0);
        VoicesPage page(workbench);
        page.show();
        auto* notice = page.findChild<Callout*>(QStringLiteral("resumeNotice"));
        page.session().setSamplePromptCount(4);
        QVERIFY(notice->detail().contains(QStringLiteral("other prompts")));
        QVERIFY(notice->actions().isEmpty());
        page.session().setSamplePromptCount(5);
        QCOMPARE(notice->actions().size(), 1);
        ModelSpec changed = page.session().models().front();
        changed.styleGuide = "Rhyme.";
        QVERIFY(workbench.editor().push(ReplaceModel{changed.id, changed}).has_value());
        QVERIFY2(notice->detail().contains(QStringLiteral("another style guide")),
                 qPrintable(notice->detail()));
        QVERIFY(notice->actions().isEmpty());
        // Answers under another style guide are not shown as the model's own, and this is said.
        QVERIFY(!page.session().stored());
        QVERIFY(page.session().storedObstacle().contains(QStringLiteral("another style guide")));
        page.session().resume(page.session().interruptedRun()->info);
        QVERIFY(!page.session().isRunning());
        workbench.editor().undoStack()->undo();
        QCOMPARE(notice->actions().size(), 1);
        QVERIFY(page.session().stored());
        page.session().start(); // any run
        QTRY_VERIFY(page.findChild<Callout*>(QStringLiteral("resumeNotice")) == nullptr);
    }

    void storedAnswersAreThereAfterARestart()
    {
        QTemporaryDir folder;
        {
            Workbench workbench({folder.path().toStdString()});
            workbench.editor().setDocument(supportDeskPolicy());
            workbench.services().simulator->setSpeed(0);
            LabSession session(workbench);
            session.setSamplePromptCount(2);
            QSignalSpy finished(&session, &LabSession::finished);
            session.start();
            QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        }
        Workbench workbench({folder.path().toStdString()});
        workbench.editor().setDocument(supportDeskPolicy());
        VoicesPage page(workbench);
        page.resize(1200, 800);
        page.show();
        const auto shown = static_cast<int>(page.session().stored()->shown);
        const auto* words = page.findChild<FactsLine*>(QStringLiteral("preflight"));
        QVERIFY2(words->text().startsWith(QStringLiteral("%1 answer(s) from ").arg(shown)) &&
                     words->text().contains(QStringLiteral(", stored")),
                 qPrintable(words->text()));
        QVERIFY(page.findChild<QTableView*>(QStringLiteral("matrix"))->isVisible());
        QVERIFY(page.findChild<QPushButton*>(QStringLiteral("exportButton"))->isEnabled());
        const Cell& cell = page.session().run().cell({0, 2, 0});
        QCOMPARE(cell.state, CellState::Done);
        QCOMPARE(page.findChild<PlainTextPane*>(QStringLiteral("answer.palm-2"))->wholeText(),
                 QString::fromStdString(cell.answer.text));
        // One repeat asks nothing else, though the table has cells that were never asked.
        page.session().setSamplePromptCount(4);
        QVERIFY(page.session().stored());
        QSignalSpy finished(&page.session(), &LabSession::finished);
        page.session().rerun({0, 2, 0});
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(page.session().run().cell({3, 0, 0}).state, CellState::Stopped);
        QVERIFY(page.session().run().cell({3, 0, 0}).answer.text.empty());
    }

    /// What is answered is not paid for twice: the key that sends asks only what is missing, and
    /// the bar says before what that costs.
    void withAnswersThereTheRestIsWhatIsSent()
    {
        KeyDesk desk(4);
        QVERIFY(QTest::qWaitForWindowActive(&desk.window));
        LabSession& session = desk.page->session();
        const auto* words = desk.child<FactsLine>("preflight");
        auto* rest = desk.child<QPushButton>("retryFailed");
        auto* again = desk.child<QPushButton>("start");
        QSignalSpy finished(&session, &LabSession::finished);
        desk.press(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        while (session.run().progress().answered() < 12) { // the simulator's servers fail at times
            session.rerunFailed();
            QTRY_VERIFY_WITH_TIMEOUT(!session.isRunning(), 60'000);
        }
        QVERIFY(!rest->isVisible());
        QVERIFY2(words->text().contains(QString::fromUtf8(" · all again: 12 answer(s), about $")),
                 qPrintable(words->text()));

        session.addPrompt(QStringLiteral("Do you ship to the moon?"));
        QCOMPARE(session.stored()->shown, std::size_t(12));
        QVERIFY(rest->isVisible());
        QCOMPARE(rest->text(), QStringLiteral("Send the rest"));
        QCOMPARE(buttonKindOf(rest), ButtonKind::Primary);
        QCOMPARE(buttonKindOf(again), ButtonKind::Normal);
        QVERIFY2(words->text().contains(QString::fromUtf8(" · the rest: 3 answer(s), about $")),
                 qPrintable(words->text()));
        const int asked = askedBy(session, [&] { desk.press(Qt::Key_Return); });
        QCOMPARE(asked, 3);
        QCOMPARE(desk.workbench.evidenceStore()->runs()->size(), std::size_t(1));

        // A table that is answered already is shown, not sent.
        while (session.run().progress().answered() < 15) {
            session.rerunFailed();
            QTRY_VERIFY_WITH_TIMEOUT(!session.isRunning(), 60'000);
        }
        auto* prompts = desk.child<QSpinBox>("promptCount");
        prompts->setFocus();
        prompts->selectAll();
        QTest::keyClicks(prompts, QStringLiteral("2"));
        QCOMPARE(askedBy(session, [&] { desk.press(Qt::Key_Return); }), 0);
        QVERIFY(session.stored());
        QCOMPARE(askedBy(session, [&] { desk.press(Qt::Key_Return); }),
                 static_cast<int>(session.prompts().size() * 3)); // as the bar says
    }

    void aPriceChangesCostsAndNothingElse()
    {
        Desk desk(2);
        desk.send();
        const LabRun* run = &desk.page->session().run();
        const auto* table = desk.child<QTableView>("matrix")->model();
        const double before = table->index(0, 1).data(LabTableModel::CostRole).toDouble();
        QVERIFY(before > 0);
        const double spent = desk.page->session().spent()->usd();
        ModelSpec model = desk.page->session().models().front();
        model.price->inputPerToken = model.price->inputPerToken * 3;
        model.price->outputPerToken = model.price->outputPerToken * 3;
        QVERIFY(desk.workbench.editor().push(ReplaceModel{model.id, model}).has_value());
        QVERIFY(&desk.page->session().run() == run); // the answers stay
        QVERIFY(desk.page->session().wasStarted());
        QVERIFY(std::abs(table->index(0, 1).data(LabTableModel::CostRole).toDouble() / before - 3) <
                1e-9);
        QVERIFY(desk.page->session().spent()->usd() > spent);
        model.styleGuide = "Be brief.";
        QVERIFY(desk.workbench.editor().push(ReplaceModel{model.id, model}).has_value());
        QVERIFY(&desk.page->session().run() != run);
    }

    void aRepeatCostsWhatThePriceIsNowAndTheShownCostStays()
    {
        ScriptedDesk desk;
        desk.answer("One answer.");
        LabSession& session = desk.page->session();
        const double before = session.costOf({0, 0, 0})->usd();
        ModelSpec model = session.models().front();
        model.price->inputPerToken = model.price->inputPerToken * 3;
        model.price->outputPerToken = model.price->outputPerToken * 3;
        QVERIFY(desk.workbench.editor().push(ReplaceModel{model.id, model}).has_value());
        QVERIFY(std::abs(session.costOf({0, 0, 0})->usd() / before - 3) < 1e-9);
        // The same answer out of the store: nothing of its cost changes.
        session.addPrompt(QStringLiteral("Who are you?"));
        session.removePrompt(session.ownPrompts().front().id);
        QVERIFY(session.stored());
        QVERIFY(std::abs(session.costOf({0, 0, 0})->usd() / before - 3) < 1e-9);
        QVERIFY(std::abs(session.spent()->usd() / before - 3) < 1e-9);
        // A price that changes in a table out of the store is that of the repeat.
        model.price->inputPerToken = model.price->inputPerToken * 2;
        model.price->outputPerToken = model.price->outputPerToken * 2;
        QVERIFY(desk.workbench.editor().push(ReplaceModel{model.id, model}).has_value());
        QSignalSpy finished(&session, &LabSession::finished);
        session.rerun({0, 0, 0});
        desk.provider->live().front()->say("Another.");
        desk.provider->live().front()->finish();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const Answer recorded = desk.workbench.evidenceStore()->allAnswers()->front();
        QVERIFY(std::abs(recorded.cost->usd() / before - 6) < 1e-9);
        QVERIFY(!recorded.costStated);
    }

    void aTypedPromptIsSeenBeforeItIsSentAndCanBeSentAlone()
    {
        Desk desk(2);
        const auto* yours = desk.child<QWidget>("yours");
        QVERIFY(!yours->isVisible());
        auto* line = desk.child<QLineEdit>("typedPrompt");
        QTest::keyClicks(line, QStringLiteral("Do you ship to the moon?"));
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(yours->isVisible());
        QCOMPARE(desk.child<ElidedLabel>("yours.text")->text(),
                 QStringLiteral("Do you ship to the moon?"));
        const auto* table = desk.child<QTableView>("matrix");
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->index(0, 0).data(LabTableModel::SegmentRole).toString(),
                 QStringLiteral("yours"));
        auto* which = desk.child<SegmentedControl>("whichPrompts");
        QTest::mouseClick(which, Qt::LeftButton, Qt::NoModifier, which->segmentRect(1).center());
        QCOMPARE(table->model()->rowCount(), 1);
        QVERIFY(desk.child<FactsLine>("preflight")
                    ->text()
                    .startsWith(QString::fromUtf8("1 prompt(s) × 3 model(s) = 3 answer")));
        desk.send();
        QCOMPARE(desk.page->session().run().plan().prompts.size(), std::size_t(1));
        QTest::mouseClick(desk.child<QToolButton>("yours.remove"), Qt::LeftButton);
        QVERIFY(!yours->isVisible());
        QCOMPARE(table->model()->rowCount(), 2);
    }

    void promptsOfAFileAreSeenBeforeTheyAreTaken()
    {
        Desk desk(2);
        const QTemporaryDir folder;
        QString path = folder.filePath(QStringLiteral("asked.csv"));
        QVERIFY(writeFileAtomically(path.toStdString(),
                                    "prompt,segment,tags\nWhere is it?,orders,vip; late\n"
                                    "When?,account,\n,empty,\nWhy?,orders,\n"
                                    "\"Do you?\",orders,\n")
                    .has_value());
        desk.page->findChild<LabBar*>()->setAskForFile([&](QWidget*) { return path; });
        desk.page->findChild<QAction*>(QStringLiteral("importFromFile"))->trigger();
        const auto sheet = [&] {
            return desk.page->window()->findChild<QDialog*>(QStringLiteral("importSheet"));
        };
        QVERIFY(sheet() && sheet()->isVisible());
        const auto said = [&](const char* name) {
            return sheet()->findChild<QLabel*>(QLatin1String(name))->text();
        };
        QVERIFY2(said("importSummary").startsWith(QStringLiteral("4 prompt(s) in 2 segment(s)")),
                 qPrintable(said("importSummary")));
        const auto* problems = sheet()->findChild<Callout*>(QStringLiteral("importProblems"));
        QVERIFY(problems->isVisible() && problems->detail().contains(QStringLiteral("line 4")));
        QCOMPARE(sheet()->findChild<QTreeWidget*>()->topLevelItemCount(), 4);
        QCOMPARE(desk.page->session().prompts().size(), std::size_t(2)); // nothing is taken yet
        QTest::mouseClick(sheet()->findChild<QPushButton*>(QStringLiteral("importTake")),
                          Qt::LeftButton);
        QCOMPARE(desk.page->session().prompts().size(), std::size_t(6));
        const auto* table = desk.child<QTableView>("matrix");
        QCOMPARE(table->model()->index(0, 0).data(LabTableModel::SegmentRole).toString(),
                 QStringLiteral("orders"));
        QCOMPARE(table->model()->index(0, 0).data(LabTableModel::TagsRole).toStringList(),
                 (QStringList{QStringLiteral("vip"), QStringLiteral("late")}));
        desk.send();
        desk.child<QAction>("findAnswers")->trigger();
        auto* const tag = desk.child<QComboBox>("readingTag");
        QTRY_VERIFY(tag->isVisible());
        tag->setFocus();
        QTest::keyClick(tag, Qt::Key_Down); // the first tag
        QCOMPARE(tag->currentText(), QStringLiteral("vip"));
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QTest::mouseClick(desk.child<QToolButton>("closeReading"), Qt::LeftButton);
        QTRY_COMPARE(table->model()->rowCount(), 6);
        QTest::mouseClick(desk.child<QPushButton>("yours.removeAll"), Qt::LeftButton);
        QCOMPARE(desk.page->session().prompts().size(), std::size_t(2));
        QVERIFY(!tag->isVisibleTo(tag->parentWidget())); // the sample's have none
    }

    void conversationsOfTheTrafficBecomePrompts()
    {
        Desk desk(2);
        auto* const action = desk.page->findChild<QAction*>(QStringLiteral("importFromTraffic"));
        action->trigger(); // there is none yet
        QVERIFY(!desk.page->window()->findChild<QDialog*>(QStringLiteral("trafficSheet")));
        desk.workbench.setTraffic(test::smallTraffic(400));
        action->trigger();
        auto* const sheet =
            desk.page->window()->findChild<QDialog*>(QStringLiteral("trafficSheet"));
        QVERIFY(sheet && sheet->isVisible());
        auto* const count = sheet->findChild<QSpinBox*>(QStringLiteral("trafficCount"));
        auto* const segments = sheet->findChild<QTreeWidget*>(QStringLiteral("trafficSegments"));
        const auto chosen = [&] {
            QStringList counts;
            for (int i = 0; i < segments->topLevelItemCount(); ++i)
                counts << segments->topLevelItem(i)->text(3);
            return counts;
        };
        count->setValue(3 * segments->topLevelItemCount());
        const QStringList asInTraffic = chosen();
        auto* const shares = sheet->findChild<SegmentedControl*>(QStringLiteral("trafficShares"));
        QTest::mouseClick(shares, Qt::LeftButton, {}, shares->segmentRect(1).center());
        QVERIFY(chosen() != asInTraffic);
        QVERIFY2(chosen().count(QStringLiteral("3")) > 1,
                 qPrintable(chosen().join(QLatin1Char(' '))));
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("trafficTake")),
                          Qt::LeftButton);
        const auto wanted = static_cast<std::size_t>(count->value());
        QCOMPARE(desk.page->session().ownPrompts().size(), wanted);
        QCOMPARE(desk.page->session().prompts().size(), 2 + wanted);
        desk.send();
    }

    void wholeConversationsOfTheTrafficAreAskedTurnByTurn()
    {
        Desk desk(2);
        desk.workbench.setTraffic(test::smallTraffic(400));
        desk.page->findChild<QAction*>(QStringLiteral("importFromTraffic"))->trigger();
        auto* const sheet =
            desk.page->window()->findChild<QDialog*>(QStringLiteral("trafficSheet"));
        QVERIFY(sheet);
        sheet->findChild<QSpinBox*>(QStringLiteral("trafficCount"))->setValue(20);
        auto* const turns = sheet->findChild<SegmentedControl*>(QStringLiteral("trafficTurns"));
        QTest::mouseClick(turns, Qt::LeftButton, {}, turns->segmentRect(2).center());
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("trafficTake")),
                          Qt::LeftButton);
        const auto& prompts = desk.page->session().ownPrompts();
        const auto first = std::ranges::count(prompts, PromptId(), &LabPrompt::follows);
        QCOMPARE(first, 20);
        QVERIFY(prompts.size() > 20);
        const Conversations conversations(prompts);
        for (std::size_t row = 0; row < prompts.size(); ++row)
            QVERIFY(!conversations.isCutOff(row));
        desk.send();
    }

    void aTableWithoutPromptsIsReadByATemplate()
    {
        Desk desk(1);
        auto* bar = desk.page->findChild<LabBar*>();
        bar->importText(QStringLiteral("word,language\nhouse,French\ntree,Finnish\n"));
        auto* sheet = desk.page->window()->findChild<QDialog*>(QStringLiteral("importSheet"));
        QVERIFY(sheet);
        auto* row = sheet->findChild<QLineEdit*>(QStringLiteral("importTemplate"));
        QVERIFY(row->isVisible()); // by its headings it is a table
        const auto* problems = sheet->findChild<Callout*>(QStringLiteral("importProblems"));
        QVERIFY2(problems->detail().contains(QStringLiteral("the table has no column of prompts")),
                 qPrintable(problems->detail()));
        auto* take = sheet->findChild<QPushButton*>(QStringLiteral("importTake"));
        QVERIFY(!take->isEnabled()); // no column for prompts
        row->setFocus();
        QTest::keyClicks(row, QStringLiteral("Translate {{word}} into {{language}}"));
        QVERIFY(take->isEnabled());
        QCOMPARE(sheet->findChild<QTreeWidget*>()->topLevelItem(1)->text(1),
                 QStringLiteral("Translate tree into Finnish"));
        QTest::keyClick(sheet, Qt::Key_Escape);
        QCOMPARE(desk.page->session().prompts().size(), std::size_t(1));
    }

    void whatCannotBeImportedIsSaid()
    {
        Desk desk(1);
        auto* bar = desk.page->findChild<LabBar*>();
        const auto notices = [&] {
            QStringList all;
            for (const Callout* callout : desk.page->findChildren<Callout*>())
                all << callout->title();
            return all;
        };
        // Sentences, but its name says that it is a table.
        const QTemporaryDir folder;
        QFile table(folder.filePath(QStringLiteral("asked.csv")));
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("what we ask of it,and who\nWhere is my order now?,somebody\n");
        table.close();
        bar->importFile(table.fileName());
        auto* named = desk.page->window()->findChild<QDialog*>(QStringLiteral("importSheet"));
        QVERIFY(named);
        QVERIFY(!named->findChild<QPushButton*>(QStringLiteral("importTake"))->isEnabled());
        delete named;
        bar->importFile(QStringLiteral("/nowhere/asked.csv"));
        QVERIFY(notices().contains(QStringLiteral("The file could not be read.")));
        bar->importText(QStringLiteral("  \n"));
        QVERIFY(notices().contains(QStringLiteral("There is no text on the clipboard.")));
        bar->importText(QStringLiteral("{\"turns\": [{\"assistant\": null}, {\"user\": \"a\"}]}"));
        const auto* sheet = desk.page->window()->findChild<QDialog*>(QStringLiteral("importSheet"));
        QVERIFY(sheet);
        const auto* problems = sheet->findChild<Callout*>(QStringLiteral("importProblems"));
        QVERIFY2(problems->detail().contains(QStringLiteral("after a turn of the user")),
                 qPrintable(problems->detail()));
        QVERIFY(!sheet->findChild<QPushButton*>(QStringLiteral("importTake"))->isEnabled());
    }

    /// The question stands above all columns, what was said before it in each model's own words.
    void aTurnShowsTheConversationSoFar()
    {
        Desk desk(1);
        auto* bar = desk.page->findChild<LabBar*>();
        bar->importText(QStringLiteral("{\"turns\": [\"My lamp came broken.\", \"Who pays?\"]}"));
        auto* sheet = desk.page->window()->findChild<QDialog*>(QStringLiteral("importSheet"));
        QVERIFY(sheet);
        QVERIFY(sheet->findChild<QTreeWidget*>()->topLevelItem(1)->text(3).endsWith(
            QStringLiteral("each model's own answers")));
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("importTake")),
                          Qt::LeftButton);
        LabSession& session = desk.page->session();
        QCOMPARE(session.prompts().size(), std::size_t(3));
        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE(finished.size(), 1);
        auto* focus = desk.page->findChild<FocusView*>();
        focus->showPrompt(0);
        const QString model = QString::fromStdString(session.models().front().id.value);
        auto* before = focus->findChild<PlainTextPane*>(QStringLiteral("before.") + model);
        QVERIFY(before->isHidden());
        focus->showPrompt(1);
        QVERIFY(!before->isHidden());
        const QString reply = QString::fromStdString(session.run().cell({0, 0, 0}).answer.text);
        QCOMPARE(before->wholeText(),
                 QStringLiteral("User: My lamp came broken.\n%1: %2").arg(model, reply));
    }

    /// Nobody is asked; what is there can be looked at again, also the next day.
    void answersFromElsewhereAreShownAndMeasured()
    {
        const QTemporaryDir folder;
        const std::filesystem::path data = folder.path().toStdString();
        const auto lines = [] {
            QString all;
            for (int i = 0; i < 12; ++i) {
                for (const char* const model : {"terse", "chatty"})
                    all += QStringLiteral("{\"prompt\":\"Question %1?\",\"model\":\"%2\","
                                          "\"answer\":\"%3\"}\n")
                               .arg(i)
                               .arg(QLatin1String(model),
                                    model[0] == 't'
                                        ? QStringLiteral("No.")
                                        : QStringLiteral("Sure! Happy to help with number %1, "
                                                         "which is a great one!")
                                              .arg(i));
            }
            return all;
        }();
        {
            KeyDesk desk(1, 0, data);
            auto* bar = desk.page->findChild<LabBar*>();
            bar->importText(lines);
            auto* sheet = desk.window.findChild<QDialog*>(QStringLiteral("importSheet"));
            QVERIFY(sheet);
            auto* take = sheet->findChild<QPushButton*>(QStringLiteral("importTake"));
            QCOMPARE(take->text(), QStringLiteral("Show 24 answer(s)"));
            QTest::mouseClick(take, Qt::LeftButton);
            const LabSession& session = desk.page->session();
            QVERIFY(session.shownRun() && session.shownRun()->isFromElsewhere);
            QCOMPARE(session.answers().size(), std::size_t(24));
            const auto* table = desk.page->findChild<QTableView*>(QStringLiteral("matrix"));
            QCOMPARE(table->model()->columnCount(), 3);
            QCOMPARE(table->model()->index(0, 1).data(LabTableModel::TextRole).toString(),
                     QStringLiteral("No."));
            desk.window.activateWindow(); // the sheet had it
            QTRY_VERIFY(desk.window.isActiveWindow());
            // Nothing can be sent, whatever is pressed.
            QVERIFY(!desk.page->findChild<QPushButton*>(QStringLiteral("start"))->isVisible());
            desk.press(Qt::Key_Return, Qt::ControlModifier);
            QVERIFY(!session.isRunning() && session.shownRun());
            desk.press(Qt::Key_2, Qt::ControlModifier);
            auto* comparison = desk.page->findChild<ComparisonView*>();
            QTRY_COMPARE_WITH_TIMEOUT(comparison->comparison().models.size(), std::size_t(2),
                                      60'000);
            QTRY_COMPARE(comparison->comparison().answers, std::size_t(24));
            QVERIFY(comparison->comparison().matrix.noticeability(0, 1) > 0.5);
            QTest::mouseClick(desk.page->findChild<QPushButton*>(QStringLiteral("shownRun.back")),
                              Qt::LeftButton);
            QVERIFY(!session.shownRun());
            QCOMPARE(table->model()->columnCount(), 4); // the policy's models
        }
        KeyDesk desk(1, 0, data);
        desk.page->findChild<QAction*>(QStringLiteral("earlierRuns"))->trigger();
        auto* menu = desk.window.findChild<QMenu*>(QStringLiteral("runsMenu"));
        QTRY_VERIFY(menu && menu->isVisible());
        const auto entries = menu->actions();
        QVERIFY2(entries.back()->text().contains(QStringLiteral("24 answer(s)")),
                 qPrintable(entries.back()->text()));
        entries.back()->trigger();
        menu->close();
        QVERIFY(desk.page->session().shownRun());
        QCOMPARE(desk.page->session().answers().size(), std::size_t(24));
    }

    /// An old run is the table again, with its prompts, models and answers, and the rest is asked.
    void aShownRunCanBeGoneOnWith()
    {
        const QTemporaryDir folder;
        KeyDesk desk(3, 0, folder.path().toStdString());
        LabSession& session = desk.page->session();
        QSignalSpy finished(&session, &LabSession::finished);
        session.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        const RunId old = *session.run().id();
        const std::size_t cells = session.run().progress().total;
        session.setSamplePromptCount(2);
        QTRY_VERIFY(!session.isRunning());
        session.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, 60'000);
        QVERIFY(session.show(old).has_value());
        auto* const goOn = desk.window.findChild<QPushButton*>(QStringLiteral("shownRun.goOn"));
        QVERIFY(goOn->isVisible() && goOn->isEnabled());
        QTest::mouseClick(goOn, Qt::LeftButton);
        QVERIFY(!session.shownRun());
        QCOMPARE(session.prompts().size(), std::size_t(3));
        QCOMPARE(*session.run().id(), old);
        QCOMPARE(session.stored()->shown, cells);
        session.rerun({2, 0, 0}); // it can be asked
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 3, 60'000);
        QCOMPARE(session.run().cell({2, 0, 0}).state, CellState::Done);
        QCOMPARE(*session.run().id(), old);
        // Not where a model is asked otherwise now; and it says so.
        ModelSpec changed = desk.workbench.editor().document().models.front();
        changed.styleGuide = "Rhyme.";
        QVERIFY(desk.workbench.editor().push(ReplaceModel{changed.id, changed}).has_value());
        QVERIFY(session.show(old).has_value());
        QVERIFY(!goOn->isEnabled());
        QVERIFY(goOn->toolTip().contains(QStringLiteral("style guide")));
        QVERIFY(!session.goOnWithShown().has_value());
        QVERIFY(session.shownRun());
    }

    /// The published answers, through the import and the page, measure as the reference does.
    void publishedAnswersMeasureAsTheReferenceSays()
    {
        const QString file = tests::sharedDataFile(QStringLiteral("voices/alpacaeval_dev.jsonl"));
        const QString spec = tests::sharedDataFile(QStringLiteral("voices/voice_spec.json"));
        if (file.isEmpty() || spec.isEmpty())
            QSKIP("The shared voice data is not here; set SIGNALBOX_SHARED_DATA to check with it.");
        const QTemporaryDir folder;
        KeyDesk desk(1, 0, folder.path().toStdString());
        desk.page->findChild<LabBar*>()->importFile(file);
        auto* sheet = desk.window.findChild<QDialog*>(QStringLiteral("importSheet"));
        QVERIFY(sheet);
        QTest::mouseClick(sheet->findChild<QPushButton*>(QStringLiteral("importTake")),
                          Qt::LeftButton);
        QCOMPARE(desk.page->session().answers().size(), std::size_t(3000));
        desk.window.activateWindow();
        QTRY_VERIFY(desk.window.isActiveWindow());
        desk.press(Qt::Key_2, Qt::ControlModifier);
        auto* view = desk.page->findChild<ComparisonView*>();
        QTRY_COMPARE_WITH_TIMEOUT(view->comparison().answers, std::size_t(3000), 120'000);
        const VoiceComparison& measured = view->comparison();
        const auto spoken = parseJson(*readFile(spec.toStdString()));
        const Json& expected = (*spoken)["expected"]["alpacaeval_dev"];
        const auto place = [&](const Json& name) {
            const auto found = std::ranges::find(measured.models, ModelId(name.get<std::string>()));
            return static_cast<std::size_t>(found - measured.models.begin());
        };
        for (const char* const list : {"pairs", "null_pairs", "lever_pairs"}) {
            for (const Json& wanted : expected[list]) {
                const VoiceDistance* const pair =
                    measured.matrix.pair(place(wanted["a"]), place(wanted["b"]));
                QVERIFY(pair);
                QVERIFY2(std::abs(pair->auc.value - wanted["auc"].get<double>()) < 0.0002,
                         qPrintable(QStringLiteral("%1: %2")
                                        .arg(QString::fromStdString(wanted.dump()))
                                        .arg(pair->auc.value)));
            }
        }
    }

    void theBoxThatIsToggledStays()
    {
        Desk desk(2);
        QTest::mouseClick(desk.child<QPushButton>("models"), Qt::LeftButton);
        const QPointer<QCheckBox> box = desk.child<QCheckBox>("model.palm-2");
        QTest::mouseClick(box, Qt::LeftButton, Qt::NoModifier, QPoint(8, box->height() / 2));
        QVERIFY(!desk.page->session().isModelChosen(ModelId("palm-2")));
        QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(box && box->isVisible() && !box->isChecked());
        QCOMPARE(desk.child<QCheckBox>("model.palm-2"), box.data());
    }

    void whatModelsWriteIsShownToTheLetter()
    {
        ScriptedDesk desk;
        const std::string text = "<b>bold</b> <img src=x> \u202Eevil";
        desk.answer(text);
        desk.page->session().addPrompt(QString::fromUtf8("<i>yours</i> \u202Elive"));
        const QString mark = QString::fromUtf8("⟨RLO⟩");
        auto* label = desk.child<ElidedLabel>("yours.text");
        QCOMPARE(label->text(), QStringLiteral("<i>yours</i> ") + mark + QStringLiteral("live"));
        auto* table = desk.child<QTableView>("matrix");
        desk.page->session().setSendsOnlyOwn(false);
        table->setCurrentIndex(table->model()->index(1, 1));
        const auto* pane = desk.child<PlainTextPane>("answer.m0");
        QCOMPARE(pane->toPlainText(),
                 QStringLiteral("<b>bold</b> <img src=x> ") + mark + QStringLiteral("evil"));
        const QString tip = plainToolTip(label->text());
        QVERIFY(!tip.contains(QStringLiteral("<i>")));
        const QModelIndex cell = table->model()->index(1, 1);
        QVERIFY(!cell.data(Qt::ToolTipRole).isValid());
        QCOMPARE(AnswerDelegate::shownText(cell),
                 QStringLiteral("<b>bold</b> <img src=x> ") + mark + QStringLiteral("evil"));
    }

    /// Ten megabytes in one line: counted away from the page, which goes on meanwhile.
    void aHugeAnswerDoesNotHoldThePage()
    {
        ScriptedDesk desk;
        std::string word = "refund ";
        std::string text;
        while (text.size() < 10'000'000)
            text += word;
        QSignalSpy finished(&desk.page->session(), &LabSession::finished);
        QString footer;
        const auto cell = [&] { return desk.child<QTableView>("matrix")->model()->index(0, 1); };
        connect(&desk.page->session(), &LabSession::finished, this, [&] {
            desk.page->grab(); // paints, and counts nothing
            footer = AnswerDelegate::footerFacts(cell()).value(0);
        });
        desk.page->session().start();
        desk.provider->live().front()->say(text);
        desk.provider->live().front()->finish();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
        QCOMPARE(footer, QStringLiteral("counting its words"));
        int ticks = 0;
        QTimer ticker;
        connect(&ticker, &QTimer::timeout, &ticker, [&] { ++ticks; });
        ticker.start(0);
        QTRY_VERIFY_WITH_TIMEOUT(desk.page->session().sizeOf({0, 0, 0}).has_value(), 120'000);
        QVERIFY2(ticks > 5, qPrintable(QString::number(ticks)));
        QCOMPARE(cell().data(LabTableModel::WordsRole).toInt(),
                 static_cast<int>(text.size() / word.size()));
        QVERIFY(desk.child<PlainTextPane>("answer.m0")->isCut());
    }

    /// Whatever had the focus when the run began: it may be disabled or hidden by then.
    void keysWorkAfterARunThatEndedBehindTheComparison()
    {
        Workbench workbench{{}};
        workbench.editor().setDocument(supportDeskPolicy());
        workbench.services().simulator->setSpeed(0);
        QMainWindow window;
        auto* page = new VoicesPage(workbench);
        page->setObjectName(QStringLiteral("page"));
        window.setCentralWidget(page);
        int shown = 0;
        QAction* action = window.menuBar()
                              ->addMenu(QStringLiteral("&View"))
                              ->addAction(QStringLiteral("Projection"), &window, [&] { ++shown; });
        action->setShortcut(QKeySequence(Qt::ALT | Qt::Key_3));
        page->session().setSamplePromptCount(3);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QSignalSpy finished(&page->session(), &LabSession::finished);
        const auto press = [&](Qt::Key key, Qt::KeyboardModifier modifier) {
            QTest::keyClick(window.windowHandle(), key, modifier);
        };
        int runs = 0;
        for (const char* focused : {"page", "start", "typedPrompt", "matrix"}) {
            ++runs;
            window.findChild<QWidget*>(QLatin1String(focused))->setFocus();
            press(Qt::Key_Return, Qt::ControlModifier);
            press(Qt::Key_2, Qt::ControlModifier);
            QTRY_COMPARE_WITH_TIMEOUT(finished.size(), runs, 60'000);
            press(Qt::Key_3, Qt::AltModifier);
            QCOMPARE(shown, runs);
            press(Qt::Key_1, Qt::ControlModifier); // of the page itself
            QCOMPARE(page->findChild<SegmentedControl*>(QStringLiteral("views"))->currentIndex(),
                     0);
        }
    }

    void cellsKeepTheirPartsInside()
    {
        const QRect cell(10, 20, 300, 108);
        const AnswerCellGeometry geometry = AnswerCellGeometry::of(cell, 1);
        QVERIFY(cell.contains(geometry.text));
        QVERIFY(cell.contains(geometry.footer));
        QVERIFY(!geometry.text.intersects(geometry.footer));
    }
};

QTEST_MAIN(TestVoicesPage)
#include "tst_voices_page.moc"
