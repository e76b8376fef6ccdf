// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: of several open policies each has its own document, undo, journal and place on the disk;
// what somebody else does to a file is noticed, and neither side's work is lost.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <ui/models/exported_revisions.h>
#include <ui/models/policy_editor.h>
#include <ui/models/policy_journal.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::ui;
using News = OpenPolicy::DiskNews;

namespace {

PolicyDocument named(const std::string& name)
{
    PolicyDocument policy = supportDeskPolicy();
    policy.id = name;
    policy.name = name;
    return policy;
}

PolicyDocument labelled(PolicyDocument policy, const std::string& label)
{
    policy.rules[0].label = label;
    return policy;
}

/// Policies in a folder, and what a program keeps beside them.
struct Desk
{
    QTemporaryDir folder;
    PolicyEditor editor;

    Desk() { editor.setJournalFolder(journals()); }
    [[nodiscard]] std::filesystem::path journals() const { return path("data/journals"); }
    [[nodiscard]] std::filesystem::path path(const char* name) const
    {
        return std::filesystem::path(folder.path().toStdString()) / name;
    }
    std::filesystem::path write(const char* name, const PolicyDocument& policy) const
    {
        const auto file = path(name);
        return writeFileAtomically(file, toPolicyText(policy)) ? file : std::filesystem::path();
    }
    void label(const std::string& text)
    {
        Rule rule = editor.document().rules[0];
        rule.label = text;
        QVERIFY(editor.push(ReplaceRule{rule.id, rule}).has_value());
    }
    [[nodiscard]] std::string labelHere() const { return editor.document().rules[0].label; }
    [[nodiscard]] std::string labelOn(const std::filesystem::path& file) const
    {
        const auto text = readFile(file);
        const auto policy =
            text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
        return policy ? policy->rules[0].label : std::string();
    }
    [[nodiscard]] int filesIn(const std::filesystem::path& place, const std::string& suffix) const
    {
        int count = 0;
        std::error_code failed;
        for (const auto& entry : std::filesystem::directory_iterator(place, failed))
            count += entry.path().extension() == suffix ? 1 : 0;
        return count;
    }
};

} // namespace

class TestOpenPolicies : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    // ------------------------------------------------------------- several policies

    void eachHasItsOwnDocumentUndoAndSelection()
    {
        Desk desk;
        PolicyEditor& editor = desk.editor;
        editor.setDocument(named("a"));
        desk.label("in a");
        editor.setSelection({PolicySelection::Kind::Rule, "hard", {}});
        editor.setDocument(named("b"), {}, Place::Beside);
        QCOMPARE(editor.count(), 2);
        QCOMPARE(editor.currentIndex(), 1);
        QVERIFY(editor.selection() == PolicySelection());
        QVERIFY(!editor.isModified());
        QVERIFY(!editor.undoGroup()->canUndo());
        desk.label("in b");
        editor.setCurrentIndex(0);
        QCOMPARE(desk.labelHere(), std::string("in a"));
        QCOMPARE(editor.selection().id, std::string("hard"));
        editor.undoGroup()->undo();
        QVERIFY(editor.document() == named("a"));
        editor.setCurrentIndex(1);
        QCOMPARE(desk.labelHere(), std::string("in b"));
        QVERIFY(editor.undoGroup()->canUndo());
    }

    void anotherInFrontIsAnnouncedAsIfItWereOpened()
    {
        Desk desk;
        PolicyEditor& editor = desk.editor;
        editor.setDocument(named("a"));
        editor.setDocument(named("b"), {}, Place::Beside);
        QStringList heard;
        const auto note = [&](const char* what) {
            return [&heard, &editor, what] {
                heard << QLatin1String(what) + QString::fromStdString(editor.document().id);
            };
        };
        connect(&editor, &PolicyEditor::commitRequested, this, note("commit "));
        connect(&editor, &PolicyEditor::documentOpened, this, note("opened "));
        connect(&editor, &PolicyEditor::documentChanged, this, note("changed "));
        editor.setCurrentIndex(0);
        QCOMPARE(heard, QStringList({QStringLiteral("commit b"), QStringLiteral("opened a"),
                                     QStringLiteral("changed a")}));
        editor.setCurrentIndex(0);
        QCOMPARE(heard.size(), 3);
    }

    void whatIsNotInFrontIsQuiet()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        desk.editor.setDocument(named("b"), {}, Place::Beside);
        QSignalSpy shown(&desk.editor, &PolicyEditor::shownChanged);
        QSignalSpy entries(&desk.editor, &PolicyEditor::entryChanged);
        desk.write("a.json", labelled(named("a"), "outside"));
        QTRY_VERIFY(desk.editor.policyAt(0).diskNews() == News::Reloaded);
        QCOMPARE(shown.size(), 0);
        QVERIFY(!entries.isEmpty());
        QCOMPARE(entries.constFirst().constFirst().toInt(), 0);
    }

    void theyAreMovedAndClosedAndOneStays()
    {
        Desk desk;
        PolicyEditor& editor = desk.editor;
        editor.setDocument(named("a"));
        editor.setDocument(named("b"), {}, Place::Beside);
        editor.setDocument(named("c"), {}, Place::Beside);
        const auto order = [&] {
            std::string ids;
            for (int i = 0; i < editor.count(); ++i)
                ids += editor.policyAt(i).document().id;
            return ids;
        };
        editor.move(2, 0);
        QCOMPARE(order(), std::string("cab"));
        QCOMPARE(editor.currentIndex(), 0);
        editor.move(0, 2);
        QCOMPARE(order(), std::string("abc"));
        QSignalSpy opened(&editor, &PolicyEditor::documentOpened);
        editor.close(0);
        QCOMPARE(order(), std::string("bc"));
        QCOMPARE(opened.size(), 0); // another one stays in front
        QCOMPARE(editor.document().id, std::string("c"));
        editor.close(1);
        QCOMPARE(editor.document().id, std::string("b"));
        QCOMPARE(opened.size(), 1);
        editor.close(0);
        QCOMPARE(editor.count(), 1);
        QCOMPARE(desk.filesIn(desk.journals(), ".journal"), 1);
    }

    void aFileIsFoundWhateverWayLeadsToIt()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        std::filesystem::create_directory(desk.path("sub"));
        std::filesystem::create_symlink(file, desk.path("link.json"));
        desk.editor.setDocument(named("b"));
        QVERIFY(desk.editor.open(file, Place::Beside).has_value());
        QCOMPARE(desk.editor.indexOf(desk.path("sub/../a.json")), 1);
        QCOMPARE(desk.editor.indexOf(desk.path("link.json")), 1);
        QCOMPARE(desk.editor.indexOf(desk.path("other.json")), -1);
        QVERIFY(!desk.editor.open(desk.path("none.json"), Place::Beside));
        QCOMPARE(desk.editor.count(), 2);
    }

    /// A copy of a policy in another tab: what it exports counts here, too.
    void numbersOfExportsAreOneList()
    {
        Desk desk;
        PolicyEditor& editor = desk.editor;
        editor.setDocument(named("a"));
        const int first = editor.document().revision;
        editor.setDocument(labelled(named("a"), "copy"), {}, Place::Beside);
        editor.noteExported(editor.document());
        editor.setCurrentIndex(0);
        QCOMPARE(editor.nextRevision(), first + 1);
    }

    void afterACrashAllAreOffered()
    {
        Desk desk;
        const auto file = desk.path("a.json");
        int ready[2] = {};
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            PolicyEditor editor;
            editor.setJournalFolder(desk.journals());
            editor.setDocument(named("a"));
            bool done = editor.saveAs(file).has_value();
            const auto edit = [&](const std::string& label) {
                Rule rule = editor.document().rules[0];
                rule.label = label;
                done = done && editor.push(ReplaceRule{rule.id, rule});
            };
            edit("one");
            editor.setDocument(named("b"), {}, Place::Beside);
            edit("two");
            editor.setDocument(named("untouched"), {}, Place::Beside);
            (void)!::write(ready[1], done ? "y" : "n", 1);
            for (;;)
                ::pause();
        }
        char answer = 0;
        QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
        QCOMPARE(answer, 'y');
        QCOMPARE(::kill(child, SIGKILL), 0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);

        auto found = PolicyEditor::recoverable(desk.journals());
        QCOMPARE(found.size(), std::size_t(2));
        std::ranges::sort(found, {}, &PolicyEditor::Recoverable::name);
        QCOMPARE(found[0].file, file);
        QVERIFY(found[1].file.empty());
        for (const auto& left : found)
            QVERIFY(desk.editor.recover(left, Place::Beside).has_value());
        QCOMPARE(desk.editor.count(), 3);
        QCOMPARE(desk.labelHere(), std::string("two"));
        desk.editor.setCurrentIndex(1);
        QCOMPARE(desk.labelHere(), std::string("one"));
        QCOMPARE(desk.editor.filePath(), file);
        QVERIFY(desk.editor.isModified());
        QVERIFY(desk.editor.current().diskNews() == News::None);
        QVERIFY(desk.editor.save().has_value());
        QVERIFY(PolicyEditor::recoverable(desk.journals()).empty()); // held by who lives
    }

    // ------------------------------------------------------------- the file in other hands

    void anUnchangedPolicyFollowsItsFileAndCanGoBack()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        desk.write("a.json", labelled(named("a"), "outside"));
        QTRY_COMPARE(desk.labelHere(), std::string("outside"));
        QVERIFY(desk.editor.current().diskNews() == News::Reloaded);
        QVERIFY(!desk.editor.isModified());
        desk.editor.undoGroup()->undo();
        QVERIFY(desk.editor.document() == named("a"));
        QVERIFY(desk.editor.isModified());
        desk.editor.undoGroup()->redo();
        QVERIFY(!desk.editor.isModified());
        desk.write("a.json", labelled(named("a"), "outside again")); // watched still
        QTRY_COMPARE(desk.labelHere(), std::string("outside again"));
    }

    void otherBlanksAreNoNews()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        QSignalSpy changed(&desk.editor, &PolicyEditor::documentChanged);
        QVERIFY(writeFileAtomically(file, toPolicyText(named("a")) + "\n\n").has_value());
        desk.editor.current().lookAround();
        QVERIFY(desk.editor.current().diskNews() == News::None);
        QCOMPARE(changed.size(), 0);
        desk.label("mine");
        QVERIFY(desk.editor.save().has_value());
    }

    void editsAreNotLostToAChangedFileNorItsContentToASave()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        desk.label("mine");
        PolicyDocument theirs = labelled(named("a"), "theirs");
        theirs.revision += 3;
        desk.write("a.json", theirs);
        const auto refused = desk.editor.save(); // nobody had told yet
        QVERIFY(!refused);
        QCOMPARE(refused.error().where, file.string());
        QCOMPARE(desk.labelOn(file), std::string("theirs"));
        QCOMPARE(desk.labelHere(), std::string("mine"));
        QVERIFY(desk.editor.current().diskNews() == News::Changed);
        QVERIFY(desk.editor.current().documentOnDisk() == theirs);
        QVERIFY(!desk.editor.save());

        desk.editor.current().keepMine();
        QVERIFY(desk.editor.current().diskNews() == News::None);
        QVERIFY(desk.editor.isModified());
        QVERIFY(desk.editor.save().has_value());
        QCOMPARE(desk.labelOn(file), std::string("mine"));
        QCOMPARE(desk.editor.document().revision, theirs.revision + 1);
        QVERIFY(desk.editor.revisions().front() == theirs); // it can be had back
    }

    void readingAgainIsOneStepThatCanBeUndone()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        desk.label("mine");
        desk.write("a.json", labelled(named("a"), "theirs"));
        desk.editor.current().lookAround();
        desk.editor.current().reload();
        QCOMPARE(desk.labelHere(), std::string("theirs"));
        QVERIFY(!desk.editor.isModified());
        desk.editor.undoGroup()->undo();
        QCOMPARE(desk.labelHere(), std::string("mine"));
        QVERIFY(desk.editor.save().has_value()); // knowingly: it was read
        QCOMPARE(desk.labelOn(file), std::string("mine"));
    }

    void whatTurnsOutToBeNoPolicyIsSaidAndNotReplacedUnasked()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        QVERIFY(writeFileAtomically(file, "<<<<<<< HEAD\n").has_value());
        QTRY_VERIFY(desk.editor.current().diskNews() == News::Unreadable);
        QVERIFY(desk.editor.current().diskProblem().contains(QStringLiteral("line 1")));
        QVERIFY(desk.editor.document() == named("a"));
        QVERIFY(!desk.editor.save());
        desk.editor.current().keepMine();
        QVERIFY(desk.editor.save().has_value());
        QCOMPARE(*readFile(file), toPolicyText(named("a")));
    }

    void aFileThatIsGoneIsWrittenAnew()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        std::filesystem::remove(file);
        QTRY_VERIFY(desk.editor.current().diskNews() == News::Gone);
        QVERIFY(desk.editor.isModified()); // nowhere else than here
        QVERIFY(desk.editor.save().has_value());
        QVERIFY(desk.editor.current().diskNews() == News::None);
        QVERIFY(!desk.editor.isModified());
        QVERIFY(std::filesystem::exists(file));
        std::filesystem::rename(file, desk.path("b.json"));
        QTRY_VERIFY(desk.editor.current().diskNews() == News::Gone);
        std::filesystem::rename(desk.path("b.json"), file);
        QTRY_VERIFY(desk.editor.current().diskNews() == News::None);
    }

    void aGestureIsNotCutOffByAChangedFile()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        Rule rule = desk.editor.document().rules[0];
        rule.label = "dragged";
        desk.editor.preview(ReplaceRule{rule.id, rule});
        desk.write("a.json", labelled(named("a"), "theirs"));
        desk.editor.current().lookAround();
        QCOMPARE(desk.editor.shownDocument().rules[0].label, std::string("dragged"));
        QVERIFY(desk.editor.current().diskNews() == News::Changed);
        desk.editor.cancelPreview();
        QCOMPARE(desk.labelHere(), std::string("theirs"));
    }

    void afterACrashAFileThatWasWrittenSinceIsSaid()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        {
            auto left = PolicyJournal::create(desk.journals());
            QVERIFY(left.has_value());
            QVERIFY(left->restart(named("a"), file, named("a")).has_value());
            QVERIFY(left->append({ReplaceDocument{labelled(named("a"), "mine")}}).has_value());
        }
        desk.write("a.json", labelled(named("a"), "theirs"));
        QVERIFY(desk.editor.recover(PolicyEditor::recoverable(desk.journals()).at(0)).has_value());
        QCOMPARE(desk.labelHere(), std::string("mine"));
        QVERIFY(desk.editor.current().diskNews() == News::Changed);
    }

    // ------------------------------------------------------------- two windows

    void theSecondWindowIsToldAndTheFirstIsNot()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        {
            PolicyEditor second;
            second.setJournalFolder(desk.journals());
            QVERIFY(second.open(file).has_value());
            QCOMPARE(second.current().openElsewhere().size(), std::size_t(1));
            QCOMPARE(second.current().openElsewhere().front().process, ::getpid());
            QVERIFY(second.current().openElsewhere().front().sinceMs > 0);
            desk.editor.current().lookAround();
            QVERIFY(desk.editor.current().openElsewhere().empty());
            desk.editor.setDocument(named("b")); // the first leaves the file
            QTRY_VERIFY(second.current().openElsewhere().empty());
        }
        QCOMPARE(desk.filesIn(desk.path("data/open"), ".open"), 0);
    }

    void aWindowThatWasKilledHoldsNothing()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        int ready[2] = {};
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            PolicyEditor editor;
            editor.setJournalFolder(desk.journals());
            (void)!::write(ready[1], editor.open(file) ? "y" : "n", 1);
            for (;;)
                ::pause();
        }
        char answer = 0;
        QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
        QCOMPARE(answer, 'y');
        QVERIFY(desk.editor.open(file).has_value());
        QCOMPARE(desk.editor.current().openElsewhere().size(), std::size_t(1));
        QCOMPARE(desk.editor.current().openElsewhere().front().process, child);
        QCOMPARE(::kill(child, SIGKILL), 0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        desk.editor.current().lookAround();
        QVERIFY(desk.editor.current().openElsewhere().empty());
        QCOMPARE(desk.filesIn(desk.path("data/open"), ".open"), 1);
    }

    void whatOneWindowSavesTheOtherDoesNotReplaceUnasked()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        PolicyEditor second;
        second.setJournalFolder(desk.journals());
        QVERIFY(second.open(file).has_value());
        desk.label("first");
        QVERIFY(desk.editor.save().has_value());
        QVERIFY(second.push(SetTitle{"a", "second", second.document().revision, {}}).has_value());
        QVERIFY(!second.save());
        QCOMPARE(desk.labelOn(file), std::string("first"));
    }

    void numbersThatAnotherWindowGaveOutAreUsedUpHereToo()
    {
        Desk desk;
        PolicyEditor& editor = desk.editor;
        editor.setDocument(named("a"));
        const int number = editor.nextRevision();
        desk.label("here");
        QCOMPARE(editor.nextRevision(), number + 1);
        PolicyEditor second;
        second.setJournalFolder(desk.journals());
        PolicyDocument other = labelled(named("a"), "there");
        other.revision = number + 1;
        QSignalSpy told(&editor, &PolicyEditor::fileChanged);
        second.setDocument(other);
        second.noteExported(other);
        QCOMPARE(editor.nextRevision(), number + 2);
        QTRY_VERIFY(!told.isEmpty()); // so that a page shows it
        editor.noteExported(editor.document());
        QCOMPARE(second.nextRevision(), number + 1); // as it left
    }
};

QTEST_GUILESS_MAIN(TestOpenPolicies)
#include "tst_open_policies.moc"
