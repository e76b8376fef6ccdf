// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: one click sends the prompts to every model; cells fill and say their state; a typed
// prompt is asked too; answers are shown as text whatever is in them; the comparison names what
// differs.

#include <core/voice/voice_features.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/plots.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/voices/answer_delegate.h>
#include <ui/voices/comparison_view.h>
#include <ui/voices/facts_line.h>
#include <ui/voices/model_header.h>
#include <ui/voices/voices_page.h>

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

struct Desk
{
    Workbench workbench{{}};
    std::unique_ptr<VoicesPage> page;

    explicit Desk(std::size_t prompts)
    {
        workbench.openSample();
        workbench.services().simulator->setSpeed(0);
        page = std::make_unique<VoicesPage>(workbench);
        page->session().setSamplePromptCount(prompts);
        page->resize(1200, 800);
        page->show();
    }
    void send()
    {
        QSignalSpy finished(&page->session(), &LabSession::finished);
        page->session().start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60'000);
    }
    template<class Widget> [[nodiscard]] Widget* child(const char* name) const
    {
        return page->findChild<Widget*>(QLatin1String(name));
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

/// The reason for a pair and the note under the lengths say the same, from the same number.
void oneStatisticTellsTheLengths(const ComparisonView& view)
{
    const VoiceComparison& comparison = view.comparison();
    const auto* notes = view.findChild<QLabel*>(QStringLiteral("lengthRatios"));
    for (std::size_t m = 1; m < comparison.models.size(); ++m) {
        const std::string sentence =
            lengthSentence(comparison.models[m].value, comparison.models[0].value,
                           comparison.verbosity[m].pairedRatio.value);
        QVERIFY(notes->text().contains(QString::fromStdString(sentence + ": ")));
        for (const VoiceReason& reason : comparison.matrix.pair(0, m)->reasons) {
            if (reason.feature == feature::LogWords)
                QCOMPARE(reason.sentence, sentence);
        }
    }
}

void toneAxesShareAScale(const ComparisonView& view)
{
    const auto plots = view.findChildren<IntervalPlot*>();
    QCOMPARE(plots.size(), static_cast<qsizetype>(toneAxes().size()));
    for (const IntervalPlot* plot : plots) {
        QVERIFY(plot->axisRange() == plots.first()->axisRange());
        for (const IntervalRow& row : plot->rows()) {
            QVERIFY(row.low >= plot->axisRange().first && row.high <= plot->axisRange().second);
            QVERIFY(!row.note.isEmpty());
        }
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
        QVERIFY(facts.value(1).contains(QLatin1Char('$')));
        QVERIFY(facts.value(2).startsWith(QStringLiteral("first token ")));
        QVERIFY(!desk.child<PlainTextPane>("answer.gpt-4")->wholeText().isEmpty());
        QCOMPARE(desk.child<QPushButton>("start")->text(), QStringLiteral("Send again"));
    }

    void theBarSaysWhatWillBeSentAndWhatCameBack()
    {
        Desk desk(3);
        const auto* words = desk.child<QLabel>("preflight");
        QVERIFY2(words->text().startsWith(
                     QString::fromUtf8("3 prompt(s) × 3 model(s) = 9 answer(s), about $")),
                 qPrintable(words->text()));
        desk.page->session().setSamples(2);
        QVERIFY(words->text().contains(QString::fromUtf8("× 2 time(s) × 3 model(s) = 18 answer")));
        desk.page->session().setSamples(1);
        const QString before = words->text();
        desk.send();
        const LabProgress progress = desk.page->session().run().progress();
        QString expected = QStringLiteral("%1 answered").arg(progress.answered());
        if (progress.failed > 0)
            expected += QStringLiteral(", %1 failed").arg(progress.failed);
        QVERIFY2(words->text().startsWith(expected + QStringLiteral(", $")),
                 qPrintable(words->text()));
        QVERIFY(desk.child<QPushButton>("start")->toolTip().contains(before.left(20)));
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
                                   QStringLiteral("first token 335 ms"),
                                   QStringLiteral("149 tokens")};
        line.setFacts(facts);
        const QString all = facts.join(QString::fromUtf8(" · "));
        for (int width = 1000; width > 80; width -= 7) {
            line.resize(width, 20);
            const QString shown = line.shownText();
            QVERIFY(all.startsWith(shown));
            QVERIFY(facts.contains(shown.split(QString::fromUtf8(" · ")).last()));
            QVERIFY(line.fontMetrics().horizontalAdvance(shown) <= width);
        }
        QCOMPARE(line.text(), all); // what the tooltip and a screen reader have
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
        auto* reasons = comparison->findChild<QLabel*>(QStringLiteral("reasons"));
        QVERIFY(!reasons->text().isEmpty());
        oneStatisticTellsTheLengths(*comparison);
        toneAxesShareAScale(*comparison);
        const auto* matrix = comparison->findChild<MatrixView*>(QStringLiteral("noticeability"));
        QVERIFY(matrix->table().rows[1][2] == QString::fromUtf8("–")); // a model against itself
        const auto* meaning = comparison->findChild<QLabel*>(QStringLiteral("meaning"));
        const double nu = comparison->comparison().matrix.noticeability(0, 1);
        QVERIFY(meaning->text().contains(
            QStringLiteral(" %1 times in 100").arg(std::lround(50 * (1 + nu)))));
    }

    /// Whatever had the focus when the run began: it may be disabled or hidden by then.
    void keysWorkAfterARunThatEndedBehindTheComparison()
    {
        Workbench workbench{{}};
        workbench.openSample();
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
