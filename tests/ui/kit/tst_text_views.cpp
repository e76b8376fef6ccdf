// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: untrusted model text is shown to the letter, whatever is in it and however it was cut
// into pieces; it never loads, links or reorders anything, and huge lines do not reach the layout.
// The source view marks errors where they are.
#include "kit_test.h"

#include <ui/kit/text_views.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>

using namespace signalbox::ui;

namespace {

QString utf8(const char* text)
{
    return QString::fromUtf8(text);
}

/// Colour of the character at a place, as highlighted.
QColor inkAt(const CodeEditor& editor, int line, int column)
{
    const QTextBlock block = editor.document()->findBlockByNumber(line - 1);
    for (const QTextLayout::FormatRange& range : block.layout()->formats()) {
        if (column - 1 >= range.start && column - 1 < range.start + range.length)
            return range.format.foreground().color();
    }
    return {};
}

} // namespace

class TestTextViews : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        kit_test::failOnWarnings();
        Theme::setChoice(ThemeChoice::Light);
    }

    // withVisibleControls

    void showsWhatCannotBeSeen_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << utf8("Grüße, 你好, 👍🏽") << utf8("Grüße, 你好, 👍🏽");
        QTest::newRow("breaks and tabs") << utf8("a\tb\nc") << utf8("a\tb\nc");
        QTest::newRow("CR LF") << utf8("a\r\nb") << utf8("a\nb");
        QTest::newRow("lone CR") << utf8("a\rb\r") << utf8("a\nb\n");
        QTest::newRow("override") << utf8("a\u202eb\u202cc") << utf8("a⟨RLO⟩b⟨PDF⟩c");
        QTest::newRow("isolates") << utf8("\u2066a\u2069") << utf8("⟨LRI⟩a⟨PDI⟩");
        QTest::newRow("escape") << utf8("\x1b[31mred") << utf8("␛[31mred");
        QTest::newRow("zero") << QString(QChar(u'\0')) << utf8("␀");
        QTest::newRow("zero width") << utf8("pay\u200bpal") << utf8("pay⟨ZWSP⟩pal");
        QTest::newRow("picture mark") << QString(QChar(0xFFFC)) << utf8("⟨OBJ⟩");
        QTest::newRow("line separator") << utf8("a\u2028b") << utf8("a\nb");
        QTest::newRow("joiner of an emoji stays") << utf8("👩\u200d💻") << utf8("👩\u200d💻");
    }

    void showsWhatCannotBeSeen()
    {
        QFETCH(QString, given);
        QFETCH(QString, shown);
        QCOMPARE(withVisibleControls(given), shown);
    }

    // PlainTextPane

    void showsMarkupToTheLetter()
    {
        const QString text =
            utf8("<b>b</b> <img src=\"http://127.0.0.1:9/x.png\"> [a](http://example.com) &lt;");
        PlainTextPane pane(utf8("Answer"));
        pane.setWholeText(text);
        QCOMPARE(pane.toPlainText(), text);
        QVERIFY(!(pane.textInteractionFlags() & Qt::LinksAccessibleByMouse));
        QVERIFY(!(pane.textInteractionFlags() & Qt::TextEditable));
    }

    void piecesGiveTheSameTextWhereverTheyAreCut()
    {
        const QString text = utf8("one\r\ntwo\rthree \u202e four\n👍 five");
        PlainTextPane whole(utf8("Whole"));
        whole.setWholeText(text);
        for (qsizetype cut = 0; cut <= text.size(); ++cut) {
            PlainTextPane pane(utf8("Pieces"));
            pane.append(text.left(cut));
            pane.append(text.mid(cut));
            pane.flush();
            QCOMPARE(pane.toPlainText(), whole.toPlainText());
            QCOMPARE(pane.wholeText(), text);
        }
    }

    void tokensReachTheViewInBatches()
    {
        PlainTextPane pane(utf8("Answer"));
        QSignalSpy changes(pane.document(), &QTextDocument::contentsChanged);
        for (int i = 0; i < 1000; ++i)
            pane.append(utf8("token\n"));
        QCOMPARE(changes.count(), 0);
        QTRY_COMPARE(pane.toPlainText().size(), 6000);
        QVERIFY2(changes.count() <= 4, qPrintable(QString::number(changes.count())));
    }

    void aHugeLineIsCutInSight()
    {
        PlainTextPane pane(utf8("Answer"));
        QSignalSpy cut(&pane, &PlainTextPane::cutChanged);
        const QString line(10'000'000, QLatin1Char('x'));
        pane.append(line);
        pane.append(utf8("\nthe end"));
        pane.flush();
        QVERIFY(pane.isCut());
        QCOMPARE(cut.count(), 1);
        QVERIFY(pane.toPlainText().size() < PlainTextPane::kLineLimit + 100);
        QVERIFY(pane.toPlainText().contains(utf8("[… this line goes on]")));
        QVERIFY(pane.toPlainText().endsWith(utf8("the end")));
        QCOMPARE(pane.wholeText().size(), line.size() + 8);
        pane.showMore();
        QVERIFY(pane.toPlainText().size() > qsizetype{10} * PlainTextPane::kLineLimit);
    }

    void manyLinesAreCutInSight()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.setWholeText(utf8("0123456789\n").repeated(50'000));
        QVERIFY(pane.isCut());
        QVERIFY(pane.toPlainText().size() < PlainTextPane::kTextLimit + 100);
        QVERIFY(pane.toPlainText().endsWith(utf8("[… the rest is not shown]")));
        pane.showMore();
        QVERIFY(!pane.isCut());
        QCOMPARE(pane.toPlainText(), pane.wholeText());
    }

    void theCutIsTheSameInPieces()
    {
        const QString text =
            QString(PlainTextPane::kLineLimit + 5, QLatin1Char('x')) + utf8("\nend");
        PlainTextPane whole(utf8("Whole"));
        whole.setWholeText(text);
        PlainTextPane pieces(utf8("Pieces"));
        for (qsizetype i = 0; i < text.size(); i += 777)
            pieces.append(text.mid(i, 777));
        pieces.flush();
        QCOMPARE(pieces.toPlainText(), whole.toPlainText());
    }

    void showMoreIsAButton()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.resize(300, 200);
        pane.show();
        auto* button = pane.findChild<QPushButton*>(utf8("showMore"));
        QVERIFY(!button->isVisible());
        pane.setWholeText(QString(PlainTextPane::kLineLimit + 5, QLatin1Char('x')));
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!pane.isCut() && !button->isVisible());
    }

    void followsTheEndOnlyWhileAtTheEnd()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.resize(300, 120);
        pane.show();
        pane.append(utf8("line\n").repeated(100));
        pane.flush();
        QScrollBar* bar = pane.verticalScrollBar();
        QCOMPARE(bar->value(), bar->maximum());
        // A narrower pane has more lines: its end is further down, and is still followed.
        pane.append(utf8("some words that are wrapped when there is less room for them\n"));
        pane.flush();
        pane.resize(90, 120);
        QVERIFY(bar->value() < bar->maximum());
        QVERIFY(pane.followsEnd());
        QTest::keyClick(&pane, Qt::Key_Control); // scrolls nothing
        QVERIFY(pane.followsEnd());
        pane.append(utf8("more\n").repeated(20));
        pane.flush();
        QCOMPARE(bar->value(), bar->maximum());
        QTest::keyClick(&pane, Qt::Key_PageUp);
        QVERIFY(!pane.followsEnd());
        QTest::keyClick(&pane, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(bar->value(), bar->maximum());
        QVERIFY(pane.followsEnd());
        bar->setSliderPosition(3); // somebody reads
        QVERIFY(!pane.followsEnd());
        pane.append(utf8("more\n").repeated(20));
        pane.flush();
        QCOMPARE(bar->value(), 3);
    }

    void clearingTakesLimitsBack()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.setWholeText(QString(PlainTextPane::kLineLimit + 5, QLatin1Char('x')));
        pane.showMore();
        pane.clearText();
        QVERIFY(pane.toPlainText().isEmpty() && pane.wholeText().isEmpty());
        pane.setWholeText(QString(PlainTextPane::kLineLimit + 5, QLatin1Char('x')));
        QVERIFY(pane.isCut());
    }

    // Rendered

    void rendersTheMarksOfALine_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("styled"); ///< the first styled run
        QTest::addColumn<int>("styles");
        const auto row = [](const char* name, const char* written, const char* shown,
                            const char* styled = "", TextStyles styles = {}) {
            QTest::newRow(name) << utf8(written) << utf8(shown) << utf8(styled)
                                << static_cast<int>(styles);
        };
        row("plain", "No marks, 2*3*4 and snake_case_words.",
            "No marks, 2*3*4 and snake_case_words.");
        row("bold", "look **under Bills**.", "look under Bills.", "under Bills", TextStyle::Strong);
        row("bold by lines below", "__now__", "now", "now", TextStyle::Strong);
        row("emphasis", "a *word*", "a word", "word", TextStyle::Emphasis);
        row("both", "***x***", "x", "x", TextStyles(TextStyle::Strong) | TextStyle::Emphasis);
        row("no partner", "**never closed", "**never closed");
        row("a blank inside", "2 ** 3 ** 4", "2 ** 3 ** 4");
        row("escaped", "\\*not\\*", "*not*");
        row("code keeps its marks", "run `a **b**` now", "run a **b** now", "a **b**",
            TextStyle::Code);
        row("code in two ticks", "``a`b``", "a`b", "a`b", TextStyle::Code);
        row("tick without partner", "a ` b", "a ` b");
        row("heading", "## Refunds", "Refunds", "Refunds", TextStyle::Heading);
        row("no heading", "#hash", "#hash");
        row("bullet", "- one", "• one");
        row("star bullet", "* one **two**", "• one two", "two", TextStyle::Strong);
        row("number", "3. **go**", "3. go", "go", TextStyle::Strong);
        row("a year is no number", "2024 was", "2024 was");
        row("rule", "* * *", "* * *");
        row("quote", "> said", "said", "said", TextStyle::Quote);
        row("link", "see [the page](https://example.com/a) here", "see the page here", "the page",
            TextStyle::Link);
        row("picture stays", "![x](http://127.0.0.1:9/x.png)", "![x](http://127.0.0.1:9/x.png)");
        row("tags stay", "<b>b</b> <img src=\"x\"> &lt;", "<b>b</b> <img src=\"x\"> &lt;");
        row("row of a table", "| a | **b** |", "| a | **b** |", "| a | **b** |", TextStyle::Code);
        row("beyond the first plane", "👍 **ok** 👍", "👍 ok 👍", "ok", TextStyle::Strong);
    }

    void rendersTheMarksOfALine()
    {
        QFETCH(QString, written);
        QFETCH(QString, styled);
        const ShownLine line = MarkupReader().next(written);
        QTEST(line.text, "shown");
        QString first;
        int styles = 0;
        qsizetype end = 0;
        for (const StyledRun& run : line.runs) {
            QCOMPARE(run.start, end);
            end += run.length;
            if (run.styles && styles == 0) {
                first = line.text.mid(run.start, run.length);
                styles = run.styles;
            }
        }
        QCOMPARE(end, line.text.size());
        QCOMPARE(first, styled);
        QTEST(styles, "styles");
    }

    /// Each character that is shown is the one that was written there, but for bullets.
    void everyCharacterKnowsWhereItWasWritten()
    {
        const QString written =
            utf8("  - a **b _c_** `d` [e](f) \\* ***g*** 👍 [h] (i) **j* k** `l");
        const ShownLine line = MarkupReader().next(written);
        QCOMPARE(line.from.size(), static_cast<std::size_t>(line.text.size()));
        QVERIFY(std::ranges::is_sorted(line.from));
        for (qsizetype i = line.hang; i < line.text.size(); ++i)
            QCOMPARE(line.text[i], written[line.from[static_cast<std::size_t>(i)]]);
        QCOMPARE(line.depth, 1);
        QCOMPARE(line.text.left(line.hang), utf8("• "));
    }

    void codeBetweenFencesIsWritten()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.setWholeText(utf8("Run:\n```sh\n# **not** bold\n```\n**bold**"));
        QCOMPARE(pane.toPlainText(), utf8("Run:\n\n# **not** bold\n\nbold"));
    }

    void tagsAreNeverRead()
    {
        const QString text =
            utf8("<b>b</b> <img src=\"http://127.0.0.1:9/x.png\"> <script>1</script> &lt;");
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.setWholeText(text);
        QCOMPARE(pane.toPlainText(), text);
        QVERIFY(!(pane.textInteractionFlags() & Qt::LinksAccessibleByMouse));
        pane.setWholeText(utf8("**pay\u202epal**"));
        QCOMPARE(pane.toPlainText(), utf8("pay⟨RLO⟩pal"));
    }

    void aRenderedTextIsTheSameWhereverItIsCut()
    {
        const QString text =
            utf8("# One\r\n- **two**\r- three\n```\n**code**\n```\n\n👍 [five](x)");
        PlainTextPane whole(utf8("Whole"));
        whole.setForm(TextForm::Rendered);
        whole.setWholeText(text);
        QCOMPARE(whole.toPlainText(), utf8("One\n• two\n• three\n\n**code**\n\n\n👍 five"));
        for (qsizetype cut = 0; cut <= text.size(); ++cut) {
            PlainTextPane pane(utf8("Pieces"));
            pane.setForm(TextForm::Rendered);
            pane.append(text.left(cut));
            pane.flush();
            pane.append(text.mid(cut));
            pane.flush();
            QCOMPARE(pane.toPlainText(), whole.toPlainText());
            QCOMPARE(pane.wholeText(), text);
        }
        whole.setForm(TextForm::AsWritten);
        QCOMPARE(whole.toPlainText(), withVisibleControls(text));
    }

    void hugeRenderedTextsAreCutInSight()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.setWholeText(QString(1'000'000, QLatin1Char('*')) + utf8("\nthe end"));
        QVERIFY(pane.isCut());
        QVERIFY(pane.toPlainText().endsWith(utf8("[… this line goes on]\nthe end")));
        pane.setWholeText(utf8("0123456789\n").repeated(50'000));
        QVERIFY(pane.toPlainText().size() < PlainTextPane::kTextLimit + 100);
        QVERIFY(pane.toPlainText().endsWith(utf8("[… the rest is not shown]")));
    }

    /// Sought as written, marked where it is shown.
    void whatIsSoughtIsMarkedWhereItIsShown_data()
    {
        QTest::addColumn<QString>("sought");
        QTest::addColumn<QStringList>("marked");
        QTest::newRow("behind marks") << utf8("bills") << QStringList{utf8("Bills"), utf8("bills")};
        QTest::newRow("with its marks") << utf8("**Bills**") << QStringList{utf8("Bills")};
        QTest::newRow("across a mark") << utf8("your **Bills") << QStringList{utf8("your Bills")};
        QTest::newRow("only a mark") << utf8("- ") << QStringList{utf8("•")};
        QTest::newRow("a target that is not shown") << utf8("example") << QStringList{utf8(".")};
        QTest::newRow("nowhere") << utf8("your Bills") << QStringList{};
    }

    void whatIsSoughtIsMarkedWhereItIsShown()
    {
        QFETCH(QString, sought);
        QFETCH(QStringList, marked);
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.setWholeText(utf8("# Look\n- your **Bills** or the [bills](http://example.com).\n"));
        pane.setSought(sought);
        QStringList found;
        for (const QTextEdit::ExtraSelection& mark : pane.extraSelections())
            found << mark.cursor.selectedText();
        if (sought == utf8("- "))
            QCOMPARE(found.value(0).left(1), marked.value(0));
        else
            QCOMPARE(found, marked);
        QCOMPARE(pane.firstSought().isNull(), marked.isEmpty());
    }

    void whatIsCopiedIsAsWritten()
    {
        const QString text = utf8("# Look\r\n- your **Bills** now\n");
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.setWholeText(text);
        const auto copied = [&] {
            pane.copy();
            return QGuiApplication::clipboard()->text();
        };
        pane.selectAll();
        QCOMPARE(copied(), utf8("# Look\n- your **Bills** now\n"));
        QTextCursor part = pane.document()->find(utf8("Bills now"));
        pane.setTextCursor(part);
        QCOMPARE(copied(), utf8("Bills** now")); // what lies between
        part = pane.document()->find(utf8("Bills"));
        pane.setTextCursor(part);
        QCOMPARE(copied(), utf8("Bills"));
        part = pane.document()->find(utf8("Look"));
        pane.setTextCursor(part);
        QCOMPARE(copied(), utf8("# Look"));
    }

    /// What is added and what is struck out stand at their words, and only what was said is copied.
    void differencesStandAtTheirWords()
    {
        using Mark = TextPiece::Mark;
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.setPieces({{utf8("- Go **to "), Mark::Plain},
                        {utf8("**our** bank "), Mark::Removed},
                        {utf8("Bills"), Mark::Added},
                        {utf8("** now.\nBye"), Mark::Plain},
                        {utf8(" then"), Mark::Removed}});
        QCOMPARE(pane.toPlainText(), utf8("• Go to our bank Bills now.\nBye then"));
        QStringList added;
        QStringList removed;
        for (QTextBlock block = pane.document()->begin(); block.isValid(); block = block.next()) {
            for (auto at = block.begin(); !at.atEnd(); ++at) {
                const QTextFragment part = at.fragment();
                if (part.charFormat().fontStrikeOut())
                    removed << part.text();
                if (part.charFormat().underlineStyle() == QTextCharFormat::SingleUnderline) {
                    added << part.text();
                    QVERIFY(part.charFormat().fontWeight() > QFont::Normal); // still bold
                }
            }
        }
        QCOMPARE(added, QStringList{utf8("Bills")});
        QCOMPARE(removed, (QStringList{utf8("our bank "), utf8(" then")}));
        pane.selectAll();
        pane.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), utf8("- Go **to Bills** now.\nBye"));
    }

    void furtherRowsOfAnItemHangBehindItsBullet()
    {
        PlainTextPane pane(utf8("Answer"));
        pane.setForm(TextForm::Rendered);
        pane.resize(160, 200);
        pane.show();
        pane.setWholeText(utf8("- an item that is longer than one row of this pane\nprose that is "
                               "longer than one row"));
        pane.append(utf8(", and goes on"));
        pane.flush();
        pane.resize(140, 200);
        pane.grab();
        const QTextBlock item = pane.document()->begin();
        QVERIFY(item.layout()->lineCount() > 1);
        QVERIFY(item.layout()->lineAt(1).x() > item.layout()->lineAt(0).x() + 4);
        QCOMPARE(item.layout()->lineAt(1).x(), item.layout()->lineAt(2).x());
        const QTextBlock prose = item.next();
        QVERIFY(prose.layout()->lineCount() > 1);
        QCOMPARE(prose.layout()->lineAt(1).x(), prose.layout()->lineAt(0).x());
        for (int row = 0; row < item.layout()->lineCount(); ++row) {
            const QTextLine line = item.layout()->lineAt(row);
            QVERIFY(line.x() + line.naturalTextWidth() <= pane.viewport()->width());
        }
        // A word that is wider than the pane is broken, as in prose.
        pane.setWholeText(utf8("- one\n- ") + QString(60, QLatin1Char('x')));
        pane.grab();
        QVERIFY(pane.document()->lastBlock().layout()->lineCount() > 1);
        // With nothing beside it that says how wide the pane is now.
        pane.setWholeText(utf8("- an item that is longer than one row of this pane"));
        pane.grab();
        QVERIFY(pane.document()->begin().layout()->lineCount() > 1);
        pane.resize(600, 200);
        pane.grab();
        QCOMPARE(pane.document()->begin().layout()->lineCount(), 1);
    }

    // CodeEditor

    void coloursJsonByToken()
    {
        CodeEditor editor(utf8("Source"));
        editor.setLanguage(SourceLanguage::Json);
        editor.setPlainText(
            utf8("{\"name\": \"a \\\" b\", \"n\": -1.5e3, \"t\": true, \"x\": oops}"));
        const ThemeColors& colors = Theme::current().colors();
        QCOMPARE(inkAt(editor, 1, 3), colors.accented.ink);
        QCOMPARE(inkAt(editor, 1, 15), colors.positive.ink);
        QCOMPARE(inkAt(editor, 1, 28), colors.caution.ink);
        QCOMPARE(inkAt(editor, 1, 40), colors.caution.ink);
        QCOMPARE(inkAt(editor, 1, 51), colors.negative.ink);
        Theme::setChoice(ThemeChoice::Dark);
        QCOMPARE(inkAt(editor, 1, 3), Theme::dark().colors().accented.ink);
    }

    void marksWhatIsWrong()
    {
        CodeEditor editor(utf8("Source"));
        editor.setPlainText(utf8("{\n  \"a\": nul\n}"));
        editor.setReadOnly(true);
        editor.setMarks(
            {{.line = 2, .column = 8, .length = 3, .message = utf8("Expected a value.")}});
        const auto selections = editor.extraSelections();
        QCOMPARE(selections.size(), 1);
        QCOMPARE(selections[0].cursor.selectedText(), utf8("nul"));
        QCOMPARE(selections[0].format.underlineStyle(), QTextCharFormat::WaveUnderline);
    }

    void aMarkBeyondTheTextDoesNoHarm()
    {
        CodeEditor editor(utf8("Source"));
        editor.setPlainText(utf8("{}"));
        editor.setReadOnly(true);
        editor.setMarks({{.line = 90, .column = 1}, {.line = 1, .column = 900, .length = 5}});
        QCOMPARE(editor.extraSelections().size(), 1);
        QCOMPARE(editor.extraSelections().value(0).cursor.selectedText(), utf8("}"));
        editor.grab();
    }

    void f8GoesRoundTheMarks()
    {
        CodeEditor editor(utf8("Source"));
        editor.setPlainText(utf8("one\ntwo\nthree\n"));
        QVERIFY(!editor.goToNextMark());
        editor.setMarks({{.line = 3, .column = 2}, {.line = 1, .column = 2}});
        const auto line = [&] { return editor.textCursor().blockNumber() + 1; };
        QTest::keyClick(&editor, Qt::Key_F8);
        QCOMPARE(line(), 1);
        QTest::keyClick(&editor, Qt::Key_F8);
        QCOMPARE(line(), 3);
        QTest::keyClick(&editor, Qt::Key_F8);
        QCOMPARE(line(), 1);
    }

    void goesToALineAndColumn()
    {
        CodeEditor editor(utf8("Source"));
        editor.setPlainText(utf8("one\ntwo\nthree"));
        editor.goTo(2, 3);
        QCOMPARE(editor.textCursor().blockNumber(), 1);
        QCOMPARE(editor.textCursor().positionInBlock(), 2);
        editor.goTo(2, 99);
        QCOMPARE(editor.textCursor().positionInBlock(), 3);
        editor.goTo(99, 1);
        QCOMPARE(editor.textCursor().blockNumber(), 1);
    }

    void theGutterGrowsWithTheLineNumbers()
    {
        CodeEditor editor(utf8("Source"));
        const int narrow = editor.gutterWidth();
        editor.setPlainText(utf8("x\n").repeated(2000));
        QVERIFY(editor.gutterWidth() > narrow);
    }
};

int main(int argc, char** argv)
{
    return kit_test::run<TestTextViews>(argc, argv);
}

#include "tst_text_views.moc"
