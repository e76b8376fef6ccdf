// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: what is typed into the source is never thrown away by saving, whether it can be read at
// that moment or not; only another document or an edit elsewhere takes its place.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/policy/source_view.h>

#include <QAction>
#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

/// A source view over a saved policy, shown.
struct Desk
{
    QTemporaryDir folder;
    PolicyEditor editor;
    SourceView view{editor};
    CodeEditor* text = view.findChild<CodeEditor*>(QStringLiteral("sourceText"));

    Desk()
    {
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(file()).has_value());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
    }
    [[nodiscard]] std::filesystem::path file() const
    {
        return std::filesystem::path(folder.path().toStdString()) / "policy.json";
    }
    [[nodiscard]] std::string saved() const { return readFile(file()).value_or(""); }
    /// Types behind the first occurrence of `place`.
    void typeBehind(const QString& place, const QString& typed)
    {
        const auto at = text->toPlainText().indexOf(place);
        QVERIFY(at >= 0);
        QTextCursor cursor = text->textCursor();
        cursor.setPosition(static_cast<int>(at + place.size()));
        text->setTextCursor(cursor);
        QTest::keyClicks(text, typed);
    }
};

} // namespace

class TestSourceView : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { setUpLook(*qApp, ThemeChoice::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void whatCannotBeReadStaysWithItsPolicyWhileAnotherIsInFront_data()
    {
        QTest::addColumn<bool>("shown");
        QTest::newRow("shown") << true;
        QTest::newRow("hidden") << false;
    }
    void whatCannotBeReadStaysWithItsPolicyWhileAnotherIsInFront()
    {
        QFETCH(const bool, shown);
        Desk desk;
        desk.typeBehind(QStringLiteral("\"name\": \"Support"), QStringLiteral("\""));
        desk.view.applyNow();
        QVERIFY(desk.view.isBroken());
        const QString broken = desk.text->toPlainText();
        desk.view.setVisible(shown);
        PolicyDocument other = supportDeskPolicy();
        other.name = "Other";
        desk.editor.setDocument(other, {}, Place::Beside);
        QVERIFY(!desk.view.isBroken());
        QVERIFY(!desk.editor.isModified());
        QVERIFY(desk.editor.policyAt(0).isModified());
        QVERIFY(!desk.editor.policyAt(0).mayBeSaved().has_value());
        desk.editor.setCurrentIndex(0);
        QVERIFY(desk.view.isBroken());
        QCOMPARE(desk.text->toPlainText(), broken);
        QVERIFY(!desk.editor.save().has_value());
        desk.view.show();
        QCOMPARE(desk.text->toPlainText(), broken);
        desk.editor.setCurrentIndex(1);
        QVERIFY(desk.text->toPlainText().contains(QStringLiteral("\"Other\"")));
        QVERIFY(!desk.view.isBroken());
    }

    void whatCannotBeReadComesBackAfterACrash()
    {
        Desk desk;
        const auto folder = std::filesystem::path(desk.folder.path().toStdString());
        desk.editor.setJournalFolder(folder / "journals");
        desk.typeBehind(QStringLiteral("\"name\": \"Support"), QStringLiteral("\""));
        const QString typed = desk.text->toPlainText();
        const auto left = [&] { // what a kill at this moment would leave
            std::filesystem::remove_all(folder / "left");
            std::filesystem::copy(folder / "journals", folder / "left");
            return PolicyEditor::recoverable(folder / "left");
        };
        QTRY_COMPARE(left().size(), std::size_t(1));

        Desk later;
        QSignalSpy broken(&later.view, &SourceView::brokenChanged);
        QVERIFY(later.editor.recover(left().at(0)).has_value());
        QVERIFY(later.view.isBroken());
        QVERIFY(broken.back()[0].toBool());
        QCOMPARE(later.text->toPlainText(), typed);
        QVERIFY(later.editor.document() == desk.editor.document());
        QVERIFY(!later.editor.save().has_value());
        later.view.findChild<QAction*>(QStringLiteral("discardTyped"))->trigger();
        QVERIFY(!later.editor.current().typed());
        QVERIFY(!later.editor.isModified());
    }

    /// A file that another program writes must not take what is being typed right now.
    void whatIsBeingTypedIsNotLostToANewFile()
    {
        Desk desk;
        desk.typeBehind(QStringLiteral("\"name\": \"Support"), QStringLiteral("\""));
        const QString typed = desk.text->toPlainText(); // unreadable, and the pause is not over
        PolicyDocument theirs = supportDeskPolicy();
        theirs.name = "Theirs";
        QVERIFY(writeFileAtomically(desk.file(), toPolicyText(theirs)).has_value());
        desk.editor.current().lookAround();
        QVERIFY(desk.editor.isModified());
        QCOMPARE(desk.editor.current().diskNews(), OpenPolicy::DiskNews::Changed);
        QCOMPARE(desk.text->toPlainText(), typed);
        desk.editor.current().reload(); // asked for
        auto* const back = desk.view.findChild<QAction*>(QStringLiteral("bringBack"));
        QVERIFY(back->isEnabled());
        back->trigger();
        QCOMPARE(desk.text->toPlainText(), typed);
    }

    /// They are in the command palette, too.
    void whatWouldDoNothingCannotBeChosen()
    {
        Desk desk;
        for (const char* name : {"bringBack", "discardTyped"}) {
            auto* const action = desk.view.findChild<QAction*>(QLatin1String(name));
            QVERIFY(!action->isEnabled());
            QVERIFY(!action->isVisible());
        }
    }

    void aLineIsAStepToUndo()
    {
        Desk desk;
        const int before = desk.editor.undoStack()->index();
        desk.typeBehind(QStringLiteral("\"name\": \"Support"), QStringLiteral("ive"));
        QCOMPARE(desk.editor.undoStack()->index(), before + 1);
        QTest::keyClick(desk.text, Qt::Key_End);
        QTest::keyClick(desk.text, Qt::Key_Return);
        desk.typeBehind(QStringLiteral("\"note\": \""), QStringLiteral("A"));
        QCOMPARE(desk.editor.undoStack()->index(), before + 2);
    }

    void whatWasTypedAMomentAgoIsSaved()
    {
        Desk desk;
        desk.typeBehind(QStringLiteral("\"name\": \"Support"), QStringLiteral("ive"));
        QVERIFY(desk.editor.save().has_value());
        QVERIFY(desk.saved().find("\"Supportive desk") != std::string::npos);
        QVERIFY(desk.text->toPlainText().contains(QStringLiteral("\"Supportive desk")));
        QVERIFY(!desk.editor.isModified());
    }

    void textThatCannotBeReadStaysAndTheFileToo()
    {
        Desk desk;
        const std::string before = desk.saved();
        desk.typeBehind(QStringLiteral("\"name\": "), QStringLiteral("#"));
        const QString typed = desk.text->toPlainText();
        const auto saved = desk.editor.save();
        QVERIFY(!saved);
        QVERIFY2(toString(saved.error()).find("line ") != std::string::npos,
                 toString(saved.error()).c_str());
        QCOMPARE(desk.text->toPlainText(), typed);
        QCOMPARE(desk.saved(), before);
        QVERIFY(desk.editor.isModified()); // closing asks
        QTest::keyClick(desk.text, Qt::Key_Backspace);
        QVERIFY(desk.editor.save().has_value());
        QVERIFY(!desk.editor.isModified());
    }

    void aPreviewElsewhereLeavesWhatIsTyped()
    {
        Desk desk;
        desk.typeBehind(QStringLiteral("\"name\": "), QStringLiteral("#"));
        desk.view.applyNow();
        QVERIFY(desk.view.isBroken());
        const QString typed = desk.text->toPlainText();
        Rule rule = desk.editor.document().rules[0];
        rule.label = "preview";
        desk.editor.preview(ReplaceRule{rule.id, rule});
        desk.editor.cancelPreview();
        QCOMPARE(desk.text->toPlainText(), typed);
        QVERIFY(desk.view.isBroken());
    }

    void anotherDocumentTakesThePlaceOfTheText()
    {
        Desk desk;
        desk.typeBehind(QStringLiteral("\"name\": "), QStringLiteral("#"));
        desk.view.applyNow();
        desk.editor.setDocument(desk.editor.document()); // the person said: discard
        QVERIFY(!desk.view.isBroken());
        QVERIFY(!desk.editor.isModified());
        QCOMPARE(desk.text->toPlainText().toStdString(), toPolicyText(desk.editor.document()));
    }

    void anEditElsewhereTakesThePlaceOfTheText()
    {
        Desk desk;
        desk.typeBehind(QStringLiteral("\"name\": "), QStringLiteral("#"));
        desk.view.applyNow();
        Rule rule = desk.editor.document().rules[0];
        rule.label = "elsewhere";
        QVERIFY(desk.editor.push(ReplaceRule{rule.id, rule}).has_value());
        QVERIFY(!desk.view.isBroken());
        QVERIFY(desk.text->toPlainText().contains(QStringLiteral("elsewhere")));
    }

    void textThatCouldNotBeReadCanBeBroughtBack_data()
    {
        QTest::addColumn<bool>("elsewhere");
        QTest::newRow("after going back") << false;
        QTest::newRow("after an edit elsewhere") << true;
    }
    void textThatCouldNotBeReadCanBeBroughtBack()
    {
        QFETCH(const bool, elsewhere);
        Desk desk;
        auto* aside = desk.view.findChild<QWidget*>(QStringLiteral("sourceAside"));
        desk.typeBehind(QStringLiteral("\"name\": "), QStringLiteral("#"));
        desk.view.applyNow();
        const QString typed = desk.text->toPlainText();
        if (elsewhere) {
            Rule rule = desk.editor.document().rules[0];
            rule.label = "elsewhere";
            QVERIFY(desk.editor.push(ReplaceRule{rule.id, rule}).has_value());
        } else {
            desk.view.findChild<QAction*>(QStringLiteral("discardTyped"))->trigger();
        }
        QVERIFY(desk.text->toPlainText() != typed);
        QVERIFY(!aside->isHidden());
        desk.view.findChild<QAction*>(QStringLiteral("bringBack"))->trigger();
        QCOMPARE(desk.text->toPlainText(), typed);
        QVERIFY(desk.view.isBroken());
        QVERIFY(aside->isHidden());

        // Two of them: neither is lost for the other.
        desk.view.findChild<QAction*>(QStringLiteral("discardTyped"))->trigger();
        desk.typeBehind(QStringLiteral("\"name\": "), QStringLiteral("##"));
        desk.view.applyNow();
        const QString second = desk.text->toPlainText();
        desk.view.findChild<QAction*>(QStringLiteral("bringBack"))->trigger();
        QCOMPARE(desk.text->toPlainText(), typed);
        QVERIFY(!aside->isHidden());
        desk.view.findChild<QAction*>(QStringLiteral("bringBack"))->trigger();
        QCOMPARE(desk.text->toPlainText(), second);
        desk.editor.setDocument(desk.editor.document());
        QVERIFY(aside->isHidden());
    }
};

QTEST_MAIN(TestSourceView)
#include "tst_source_view.moc"
