// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a big table of answers is read by keys and by the mouse: words are found and stepped
// through, filters say what they leave and let go again, stars and notes are set where the answer
// is, answers are compared in phrases, scroll together, and are shown alone.

#include <core/lab/own_prompts.h>
#include <core/sample/support_desk.h>
#include <tests/support/evidence_faults.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_session.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/reading_rows.h>
#include <ui/voices/answer_delegate.h>
#include <ui/voices/answer_preview.h>
#include <ui/voices/facts_line.h>
#include <ui/voices/focus_view.h>
#include <ui/voices/reading_bar.h>
#include <ui/voices/voices_page.h>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

const char* const kLong =
    "Thanks for asking.\n\nOpen the settings page and choose the account.\n\nThere, press the "
    "button named reset, and wait for the letter.\n\nThe link in it is valid for fifteen "
    "minutes.\n\nOnce you "
    "are in, choose new words that nobody knows.\n\nIf no letter comes, look among the "
    "unwanted ones, and then ask a colleague of ours.\n\nGoodbye, and have a good day.";

AnswerImport someAnswers(int models)
{
    AnswerImport import;
    for (int model = 0; model < models; ++model)
        import.models.emplace_back("m" + std::to_string(model));
    for (int row = 0; row < 12; ++row) {
        LabPrompt prompt = typedPrompt("Question " + std::to_string(row));
        for (int model = 0; model < models; ++model) {
            Answer answer;
            answer.prompt = prompt.id;
            answer.model = import.models[static_cast<std::size_t>(model)];
            answer.text = row == 0 && model == 1 ? std::string("Sure!\n\n") + kLong
                          : row == 0             ? std::string(kLong)
                                                 : "Plain words, row " + std::to_string(row);
            if (row == 3 && model == 0)
                answer.state = AnswerState::Refused;
            answer.recordedAtMs = 1;
            import.answers.push_back(std::move(answer));
        }
        import.prompts.push_back(std::move(prompt));
    }
    return import;
}

QString utf8(const char* text)
{
    return QString::fromUtf8(text);
}

/// As wide as so many letters.
AnswerPreview previewOf(const QString& text, const QString& words = {}, int letters = 40)
{
    const QFont font = Theme::font(TextRole::Body);
    const QFontMetrics metrics(font);
    return {text, words, font,
            QSize(letters * metrics.averageCharWidth(), 3 * metrics.lineSpacing())};
}

/// The page in a window of its own, with answers from elsewhere.
struct Desk
{
    Workbench workbench;
    QMainWindow window;
    VoicesPage* page = nullptr;

    explicit Desk(int models = 3, const std::filesystem::path& folder = {}) : workbench({folder})
    {
        workbench.editor().setDocument(supportDeskPolicy());
        page = new VoicesPage(workbench);
        window.setCentralWidget(page);
        window.resize(1280, 800);
        window.show();
        const bool isTaken =
            page->session().takeAnswers(someAnswers(models), QStringLiteral("brought")).has_value();
        if (!isTaken || !QTest::qWaitForWindowActive(&window))
            qFatal("the desk cannot be made");
    }
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(window.windowHandle(), static_cast<Qt::Key>(key), modifiers);
    }
    template<class Widget> [[nodiscard]] Widget& child(const char* name) const
    {
        auto* const found = window.findChild<Widget*>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return *found;
    }
    [[nodiscard]] QTableView& table() const { return child<QTableView>("matrix"); }
    [[nodiscard]] int rows() const { return table().model()->rowCount(); }
    void choose(int row, int column)
    {
        table().setFocus();
        table().setCurrentIndex(table().model()->index(row, column));
    }
    void find(const QString& words)
    {
        press(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(&child<QLineEdit>("readingWords"), words);
    }
    [[nodiscard]] QVariant at(int row, int column, int role) const
    {
        return table().model()->index(row, column).data(role);
    }
    void clickStar(int row, int column)
    {
        const QRect cell = table().visualRect(table().model()->index(row, column));
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {},
                          AnswerCellGeometry::of(cell, column).star.center());
    }
};

} // namespace

class TestMatrixReading : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    // The first lines of an answer in a cell

    void aCellShowsMarkdownRendered()
    {
        QCOMPARE(previewOf(utf8("Go **under**.\n\n- one\n- `two`")).lines(),
                 (QStringList{utf8("Go under."), utf8("• one"), utf8("• two")}));
        QCOMPARE(previewOf(utf8("a\nb\nc\nd")).lines(),
                 (QStringList{utf8("a"), utf8("b"), utf8("c…")}));
        QCOMPARE(previewOf(utf8("<b>a</b> <img src=\"x\">")).lines(),
                 QStringList{utf8("<b>a</b> <img src=\"x\">")});
        QCOMPARE(previewOf({}).lines(), QStringList());
    }

    void aLongAnswerEndsWithWholeWords()
    {
        const QStringList lines =
            previewOf(
                utf8("- **words** and others that go ").repeated(1) +
                utf8("on and on, longer than three lines of this cell can hold, ").repeated(9))
                .lines();
        QCOMPARE(lines.size(), 3);
        QVERIFY2(lines.back().endsWith(QChar(0x2026)), qPrintable(lines.back()));
        const QString oneWord = previewOf(QString(900, QLatin1Char('x'))).lines().back();
        QVERIFY2(oneWord.endsWith(QChar(0x2026)) && oneWord.size() > 5, qPrintable(oneWord));
    }

    /// Sought as written: the marks between count, and are not seen.
    void hitsInACellLieOnTheirWords()
    {
        const QString text = utf8("Look **under Bills**.\n- bills");
        QCOMPARE(previewOf(text, utf8("bills")).markedWords(),
                 (QStringList{utf8("Bills"), utf8("bills")}));
        QCOMPARE(previewOf(text, utf8("look **under")).markedWords(),
                 QStringList{utf8("Look under")});
        QCOMPARE(previewOf(text, utf8("look under")).markedWords(), QStringList());
        QCOMPARE(previewOf(utf8("a b c d e f g h i j k l m n o p q Bills"), utf8("bills"), 8)
                     .markedWords()
                     .size(),
                 0); // behind the ellipsis
    }

    // As written, or rendered

    void aKeyAndASwitchShowWhatWasWritten()
    {
        Desk desk;
        desk.choose(1, 1);
        auto& pane = desk.child<PlainTextPane>("answer.m0");
        auto& forms = desk.child<SegmentedControl>("answerForm");
        QCOMPARE(pane.form(), TextForm::Rendered);
        desk.press(Qt::Key_W);
        QCOMPARE(pane.form(), TextForm::AsWritten);
        QCOMPARE(forms.currentIndex(), 1);
        QTest::mouseClick(&forms, Qt::LeftButton, {}, forms.segmentRect(0).center());
        QCOMPARE(pane.form(), TextForm::Rendered);
    }

    // The menu of a cell

    void theMenuOfACellSaysAndDoesWhatTheKeysDo()
    {
        Desk desk;
        desk.choose(1, 2);
        const QRect cell = desk.table().visualRect(desk.table().currentIndex());
        emit desk.table().customContextMenuRequested(cell.center());
        auto& menu = desk.child<QMenu>("cellMenu");
        const auto entry = [&](const char* name) {
            return menu.findChild<QAction*>(QLatin1String(name));
        };
        QVERIFY(entry("cellMenu.star")->text().endsWith(QStringLiteral("\tS")));
        QVERIFY(entry("cellMenu.note")->text().endsWith(QStringLiteral("\tN")));
        entry("cellMenu.star")->trigger();
        QVERIFY(desk.at(1, 2, ReadingRows::StarRole).toBool());
        entry("cellMenu.copy")->trigger();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Plain words, row 1"));
        entry("cellMenu.quote")->trigger();
        QVERIFY2(
            QApplication::clipboard()->text().startsWith(utf8("> Plain words, row 1\n>\n> — m1")),
            qPrintable(QApplication::clipboard()->text()));
        entry("cellMenu.read")->trigger();
        menu.close();
        QVERIFY(desk.child<PlainTextPane>("answer.m1").hasFocus());
    }

    void keysCopyAndOpenAnAnswer()
    {
        Desk desk;
        desk.choose(2, 1);
        desk.press(Qt::Key_C);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Plain words, row 2"));
        desk.press(Qt::Key_Q);
        QVERIFY2(QApplication::clipboard()->text().contains(utf8("\n> — m0")),
                 qPrintable(QApplication::clipboard()->text()));
        desk.press(Qt::Key_Return);
        QVERIFY(desk.child<PlainTextPane>("answer.m0").hasFocus());
    }

    void wordsAreFoundCountedAndSteppedThrough()
    {
        Desk desk;
        QVERIFY(!desk.child<ReadingBar>("readingBar").isVisible());
        desk.find(QStringLiteral("ROW 7"));
        QVERIFY(desk.child<ReadingBar>("readingBar").isVisible());
        QTRY_COMPARE(desk.rows(), 1);
        QCOMPARE(desk.child<QLabel>("readingHits").text(), ReadingBar::tr("%n hit(s)", nullptr, 3));
        QCOMPARE(desk.child<ElidedLabel>("readingCount").text(), ReadingBar::promptsText(1, 12));
        desk.press(Qt::Key_F3);
        QCOMPARE(desk.table().currentIndex().column(), 1);
        desk.press(Qt::Key_F3);
        desk.press(Qt::Key_F3);
        QCOMPARE(desk.table().currentIndex().column(), 3);
        desk.press(Qt::Key_F3); // round the end
        QCOMPARE(desk.table().currentIndex().column(), 1);
        desk.press(Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(desk.table().currentIndex().column(), 3);
        QVERIFY(desk.child<QLabel>("readingHits").text().startsWith(QStringLiteral("3 of 3")));
        const auto& pane = desk.child<PlainTextPane>("answer.m2");
        QCOMPARE(pane.extraSelections().size(), 1); // marked there, too
        desk.press(Qt::Key_Escape);                 // the words go
        QTRY_COMPARE(desk.rows(), 12);
        QVERIFY(pane.extraSelections().isEmpty());
        desk.press(Qt::Key_Escape); // the bar goes
        QVERIFY(!desk.child<ReadingBar>("readingBar").isVisible());
        QVERIFY(desk.table().hasFocus());
    }

    /// Words that were typed a moment ago are found before the first step.
    void enterGoesToTheFirstHit()
    {
        Desk desk;
        desk.find(QStringLiteral("fifteen"));
        desk.press(Qt::Key_Return);
        QTRY_COMPARE(desk.rows(), 1);
        QTRY_COMPARE(desk.table().currentIndex(), desk.table().model()->index(0, 1));
    }

    void theRowThatIsReadStays()
    {
        Desk desk;
        desk.choose(3, 2);
        desk.press(Qt::Key_F, Qt::ControlModifier);
        QTest::mouseClick(&desk.child<QPushButton>("refused"), Qt::LeftButton);
        QCOMPARE(desk.rows(), 1);
        QCOMPARE(desk.table().currentIndex(), desk.table().model()->index(0, 2));
        QCOMPARE(desk.child<PlainTextPane>("answer.m1").wholeText(),
                 QStringLiteral("Plain words, row 3"));
        QTest::mouseClick(&desk.child<QPushButton>("refused"), Qt::LeftButton);
        QCOMPARE(desk.table().currentIndex(), desk.table().model()->index(3, 2));
    }

    void nothingLeftSaysSoAndLetsGo()
    {
        Desk desk;
        desk.press(Qt::Key_F, Qt::ControlModifier);
        QTest::mouseClick(&desk.child<QPushButton>("failed"), Qt::LeftButton);
        QCOMPARE(desk.rows(), 0);
        auto& empty = desk.child<EmptyState>("nothingLeft");
        QVERIFY(empty.isVisible());
        QTest::mouseClick(empty.findChild<QAbstractButton*>(), Qt::LeftButton);
        QCOMPARE(desk.rows(), 12);
        QVERIFY(!empty.isVisible());
        QVERIFY(!desk.child<QPushButton>("failed").isChecked());
    }

    void everyFilterSaysWhatItMeans()
    {
        Desk desk;
        for (const char* chip : {"differs", "failed", "refused", "starred"}) {
            QVERIFY(!desk.child<QPushButton>(chip).toolTip().isEmpty());
            QVERIFY(!desk.child<QPushButton>(chip).accessibleDescription().isEmpty());
        }
        const auto& order = desk.child<QComboBox>("readingOrder");
        for (int i = 0; i < order.count(); ++i)
            QVERIFY(order.itemData(i, Qt::ToolTipRole).toString().size() > 20);
    }

    void aStarIsSetByKeyAndByClick()
    {
        Desk desk;
        desk.choose(1, 2);
        desk.press(Qt::Key_S);
        QVERIFY(desk.at(1, 2, ReadingRows::StarRole).toBool());
        auto& star = desk.child<QAbstractButton>("star.m1");
        QVERIFY(star.isChecked()); // in the column, too
        desk.clickStar(1, 2);
        QVERIFY(!desk.at(1, 2, ReadingRows::StarRole).toBool());
        QTest::mouseClick(&star, Qt::LeftButton);
        QVERIFY(desk.at(1, 2, ReadingRows::StarRole).toBool());
        desk.press(Qt::Key_F, Qt::ControlModifier);
        QTest::mouseClick(&desk.child<QPushButton>("starred"), Qt::LeftButton);
        QCOMPARE(desk.rows(), 1);
    }

    /// What is typed somewhere is no key of the matrix.
    void lettersInAFieldStarNothing()
    {
        Desk desk;
        desk.choose(1, 1);
        desk.find(QStringLiteral("srnm"));
        QCOMPARE(desk.child<QLineEdit>("readingWords").text(), QStringLiteral("srnm"));
        QCOMPARE(desk.child<FocusView>("focus").reference(), -1);
        desk.press(Qt::Key_Escape);
        QTRY_COMPARE(desk.rows(), 12);
        QVERIFY(!desk.at(1, 1, ReadingRows::StarRole).toBool());
    }

    void aNoteIsWrittenByKeyAndShownWhereTheAnswerIs()
    {
        Desk desk;
        desk.choose(2, 1);
        desk.press(Qt::Key_N);
        auto& text = desk.child<QPlainTextEdit>("note");
        QTRY_VERIFY(text.isVisible());
        QTest::keyClicks(&text, QStringLiteral("too curt, is it not?"));
        QTest::keyClick(&text, Qt::Key_Return);
        QVERIFY(!text.isVisible());
        QCOMPARE(desk.at(2, 1, ReadingRows::NoteRole).toString(),
                 QStringLiteral("too curt, is it not?"));
        QVERIFY(desk.child<ElidedLabel>("note.m0").isVisible());
        desk.press(Qt::Key_N);
        QCOMPARE(text.toPlainText(), QStringLiteral("too curt, is it not?"));
        QTest::keyClicks(&text, QStringLiteral("something else"));
        QTest::keyClick(&text, Qt::Key_Escape);
        QCOMPARE(desk.at(2, 1, ReadingRows::NoteRole).toString(),
                 QStringLiteral("too curt, is it not?"));
    }

    void aNoteThatTheDiskRefusesIsToldAndStays()
    {
        const QTemporaryDir folder;
        Desk desk(3, folder.path().toStdString());
        test::onEvidence(desk.workbench.evidenceStore()->path(),
                         QStringLiteral("CREATE TRIGGER full BEFORE INSERT ON note BEGIN "
                                        "SELECT RAISE(ABORT, 'no notes here'); END"));
        desk.choose(2, 1);
        desk.press(Qt::Key_S);
        QTRY_VERIFY(desk.window.findChild<Callout*>(QStringLiteral("noteNotice")));
        QVERIFY(desk.at(2, 1, ReadingRows::StarRole).toBool());
    }

    void answersAreComparedInPhrases()
    {
        Desk desk;
        desk.choose(0, 1);
        desk.press(Qt::Key_R);
        auto& focus = desk.child<FocusView>("focus");
        QCOMPARE(focus.reference(), 0);
        const auto& same = desk.child<PlainTextPane>("answer.m2");
        const auto& other = desk.child<PlainTextPane>("answer.m1");
        QCOMPARE(same.toPlainText(), QString::fromUtf8(kLong));
        QVERIFY2(
            desk.child<FactsLine>("facts.m1").text().startsWith(QString::fromUtf8("+1 \u22120")),
            qPrintable(desk.child<FactsLine>("facts.m1").text()));
        QVERIFY(other.accessibleDescription().contains(QStringLiteral("Sure!")));
        QTextCursor cursor(other.document());
        cursor.setPosition(2);
        QVERIFY(cursor.charFormat().underlineStyle() != QTextCharFormat::NoUnderline);
        desk.press(Qt::Key_Right);
        desk.press(Qt::Key_R); // the other way round
        QCOMPARE(focus.reference(), 1);
        auto& first = desk.child<PlainTextPane>("answer.m0");
        cursor = QTextCursor(first.document());
        cursor.setPosition(2);
        QVERIFY(cursor.charFormat().fontStrikeOut());
        first.selectAll(); // what is struck out was not said
        first.copy();
        QCOMPARE(QApplication::clipboard()->text(), QString::fromUtf8(kLong));
        desk.press(Qt::Key_R);
        QCOMPARE(focus.reference(), -1);
        QCOMPARE(first.toPlainText(), QString::fromUtf8(kLong));
    }

    void answersScrollTogetherByTheirParagraphs()
    {
        Desk desk;
        desk.choose(0, 0);
        const auto& first = desk.child<PlainTextPane>("answer.m0");
        const auto& second = desk.child<PlainTextPane>("answer.m1"); // two paragraphs more above
        QScrollBar& bar = *first.verticalScrollBar();
        desk.window.resize(1000, 560);
        QTRY_VERIFY(bar.maximum() > 3);
        const auto topOf = [](const PlainTextPane& pane) {
            return pane.document()->findBlockByLineNumber(pane.verticalScrollBar()->value()).text();
        };
        bar.setValue(2);
        QCOMPARE(topOf(first), QStringLiteral("Open the settings page and choose the account."));
        QCOMPARE(topOf(second), topOf(first));
        bar.setValue(bar.maximum());
        QCOMPARE(second.verticalScrollBar()->value(), second.verticalScrollBar()->maximum());
        bar.setValue(0);
        QCOMPARE(second.verticalScrollBar()->value(), 0);
    }

    /// Ten columns do not fit: those that are not seen are filled after those that are.
    void answersOutOfSightFollowThoseInSight()
    {
        Desk desk(10);
        desk.choose(5, 1);
        const QString wanted = QStringLiteral("Plain words, row 5");
        QCOMPARE(desk.child<PlainTextPane>("answer.m0").wholeText(), wanted);
        QTRY_COMPARE(desk.child<PlainTextPane>("answer.m9").wholeText(), wanted);
        desk.choose(6, 1);
        desk.press(Qt::Key_R); // what is compared is there
        QCOMPARE(desk.child<PlainTextPane>("answer.m9").wholeText(),
                 QStringLiteral("Plain words, row 6"));
    }

    void aFilterThatKeepsTheRowKeepsThePlaceInItsAnswer()
    {
        Desk desk;
        desk.choose(0, 1);
        QScrollBar& bar = *desk.child<PlainTextPane>("answer.m0").verticalScrollBar();
        desk.window.resize(1000, 560);
        QTRY_VERIFY(bar.maximum() > 3);
        bar.setValue(2);
        desk.find(QStringLiteral("fifteen"));
        QTRY_COMPARE(desk.rows(), 1);
        QCOMPARE(bar.value(), 2);
    }

    void oneAnswerIsShownAloneAndAllAgain()
    {
        Desk desk;
        desk.choose(0, 2);
        desk.press(Qt::Key_M);
        QVERIFY(desk.child<PlainTextPane>("answer.m1").isVisible());
        QVERIFY(desk.child<PlainTextPane>("answer.m1").hasFocus());
        QVERIFY(!desk.child<PlainTextPane>("answer.m0").isVisible());
        QVERIFY(!desk.table().isVisible());
        desk.press(Qt::Key_S); // of the one that is shown
        QVERIFY(desk.at(0, 2, ReadingRows::StarRole).toBool());
        desk.press(Qt::Key_Escape);
        QVERIFY(desk.child<PlainTextPane>("answer.m0").isVisible());
        QVERIFY(desk.table().isVisible());
        desk.press(Qt::Key_M);
        desk.press(Qt::Key_M);
        QVERIFY(desk.table().isVisible());
    }

    void theCopyHasTheNotes()
    {
        Desk desk;
        desk.choose(1, 1);
        desk.press(Qt::Key_S);
        desk.press(Qt::Key_C, Qt::ControlModifier);
        QVERIFY2(QApplication::clipboard()->text().contains(
                     QStringLiteral("Question 1\tPlain words, row 1\tStarred\t")),
                 qPrintable(QApplication::clipboard()->text()));
        desk.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::clipboard()->text().count(QStringLiteral("Question")), 12);
    }

    /// Wherever the table is scrolled to, and from below too.
    void eachAnswerStandsBelowItsModel()
    {
        for (const int models : {3, 10}) {
            Desk desk(models);
            const QTableView& table = desk.table();
            const auto areInLine = [&] {
                for (int model = 0; model < models; ++model) {
                    const auto& pane = desk.child<PlainTextPane>(
                        qPrintable(QStringLiteral("answer.m%1").arg(model)));
                    const QHeaderView& header = *table.horizontalHeader();
                    const int left =
                        table.viewport()
                            ->mapTo(&desk.window,
                                    QPoint(header.sectionViewportPosition(model + 1), 0))
                            .x();
                    const int line = 1; // between two columns
                    if (pane.mapTo(&desk.window, QPoint()).x() != left ||
                        pane.width() != header.sectionSize(model + 1) - line)
                        return false;
                }
                return true;
            };
            QTRY_VERIFY(areInLine());
            desk.window.resize(1100, 700);
            QTRY_VERIFY(table.width() < 1280 && areInLine());
            if (models == 3)
                continue;
            QScrollBar& bar = *table.horizontalScrollBar();
            QTRY_VERIFY(bar.maximum() > 200);
            bar.setValue(150);
            QVERIFY(areInLine());
            desk.choose(1, 1);
            bar.setValue(0);
            const auto& last = desk.child<PlainTextPane>("answer.m9");
            desk.child<FocusView>("focus").setSought(QStringLiteral("words"));
            desk.child<FocusView>("focus").showHit(9); // it is brought into sight
            QVERIFY(bar.value() > 0);
            QVERIFY(last.mapTo(&desk.window, QPoint(last.width(), 0)).x() <= 1100);
            QVERIFY(areInLine());
        }
    }

    /// Whichever answers are scrolled to: their prompts stay beside them.
    void promptsStayInSight()
    {
        Desk desk(10);
        auto& table = desk.child<QTableView>("matrix");
        QScrollBar& bar = *table.horizontalScrollBar();
        QTRY_VERIFY(bar.maximum() > 400);
        const int width = table.horizontalHeader()->sectionSize(0);
        const auto prompts = [&] {
            return table.viewport()->grab(QRect(0, 0, width, 150)).toImage();
        };
        const auto headOfPrompts = [&] {
            QWidget* const head = table.horizontalHeader()->viewport();
            return head->grab(QRect(0, 0, width, head->height())).toImage();
        };
        const QImage before = prompts();
        const QImage headBefore = headOfPrompts();
        bar.setValue(400);
        QCOMPARE(prompts(), before);
        QCOMPARE(headOfPrompts(), headBefore);
        QVERIFY(desk.child<PlainTextPane>("focusPrompt").isVisible());
        QCOMPARE(desk.child<PlainTextPane>("focusPrompt").mapTo(&desk.window, QPoint()).x(),
                 table.mapTo(&desk.window, QPoint(8, 0)).x());
        // A click there means the prompt, and what a key leads to is not hidden behind it.
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(width / 2, 120));
        QCOMPARE(table.currentIndex(), table.model()->index(1, 0));
        QCOMPARE(bar.value(), 400);
        bar.setValue(bar.maximum());
        table.setCurrentIndex(table.model()->index(1, 10));
        for (int column = 9; column > 0; --column) {
            desk.press(Qt::Key_Left);
            QCOMPARE(table.currentIndex().column(), column);
            QVERIFY(table.visualRect(table.currentIndex()).left() >= width);
        }
        QCOMPARE(bar.value(), 0);
    }

    /// Its sign stands before a model's name, as everywhere.
    void marksStandBeforeNames()
    {
        Desk desk;
        QHeaderView& header = *desk.table().horizontalHeader();
        const QImage image = header.viewport()->grab().toImage();
        const double scale = image.devicePixelRatio();
        const QRect section(header.sectionViewportPosition(1), 0, header.sectionSize(1),
                            header.height());
        const int left = AnswerCellGeometry::of(section, 1).text.left();
        const QColor ground = Theme::current().colors().window;
        int coloured = 0;
        for (int x = left; x < left + 14; ++x) {
            const QColor seen = image.pixelColor(static_cast<int>(x * scale),
                                                 static_cast<int>(section.center().y() * scale));
            coloured += seen.saturation() > 100 && seen != ground ? 1 : 0;
        }
        QVERIFY2(coloured >= 6, qPrintable(QString::number(coloured)));
    }

    /// Many models are scrolled to, and the bar for that takes nothing of the last row.
    void theLastRowIsWholeAboveTheScrollBar()
    {
        Desk desk(12);
        const QTableView& table = desk.table();
        QTRY_VERIFY(table.horizontalScrollBar()->maximum() > 0);
        const int row = table.verticalHeader()->defaultSectionSize();
        QTRY_COMPARE(table.viewport()->height() % row, 0);
        QVERIFY(table.viewport()->height() >= 4 * row);
    }
};

QTEST_MAIN(TestMatrixReading)
#include "tst_matrix_reading.moc"
