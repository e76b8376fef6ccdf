// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every edit is one undo step (or part of its gesture's), a preview changes what is shown
// and nothing else, a save replaces the file whole or not at all, and what was edited before a kill
// can be had back.

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <ui/models/policy_editor.h>
#include <ui/models/policy_journal.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

using namespace signalbox;
using namespace signalbox::ui;

namespace {

Edit renamed(const PolicyDocument& document, const std::string& name)
{
    return SetTitle{document.id, name, document.revision, document.note};
}

Edit labelled(const PolicyDocument& document, std::size_t rule, const std::string& label)
{
    Rule changed = document.rules[rule];
    changed.label = label;
    return ReplaceRule{changed.id, changed};
}

std::filesystem::path pathIn(const QTemporaryDir& folder, const char* name)
{
    return std::filesystem::path(folder.path().toStdString()) / name;
}

std::filesystem::path onlyFileIn(const std::filesystem::path& folder)
{
    std::filesystem::path file;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        file = entry.path();
    return file;
}

/// What a start after a crash would make of the journal.
PolicyDocument replayed(const std::filesystem::path& journal)
{
    auto content = PolicyJournal::read(journal);
    if (!content)
        return {};
    for (const PolicyJournal::Step& step : content->steps) {
        if (!apply(content->document, step.edit))
            return {};
    }
    return content->document;
}

/// A full disk: while it lives, no file of this process grows beyond so many bytes.
class FullDisk
{
public:
    explicit FullDisk(std::uintmax_t bytes)
    {
        m_before = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_limit);
        const rlimit lower{static_cast<rlim_t>(bytes), m_limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &lower);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_limit);
        std::signal(SIGXFSZ, m_before);
    }

private:
    rlimit m_limit = {};
    void (*m_before)(int) = nullptr;
};

} // namespace

class TestPolicyEditor : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void everyEditCanBeUndoneAndRedone()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const PolicyDocument before = editor.document();
        QVERIFY(editor.push(renamed(before, "Renamed")).has_value());
        QVERIFY(editor.push(RemoveRule{before.rules[0].id}).has_value());
        QVERIFY(editor.isModified());
        editor.undoStack()->undo();
        editor.undoStack()->undo();
        QVERIFY(editor.document() == before);
        QVERIFY(!editor.isModified());
        editor.undoStack()->redo();
        QCOMPARE(editor.document().name, std::string("Renamed"));
    }

    void editsOfOneGestureAreOneStep()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const PolicyDocument before = editor.document();
        const quint64 gesture = PolicyEditor::newGesture();
        for (const char* label : {"a", "ab", "abc"})
            QVERIFY(editor.push(labelled(editor.document(), 0, label), gesture).has_value());
        QVERIFY(editor.push(MoveRule{before.rules[0].id, 1}, gesture).has_value());
        QCOMPARE(editor.undoStack()->count(), 1);
        editor.undoStack()->undo();
        QVERIFY(editor.document() == before);
        editor.undoStack()->redo();
        QCOMPARE(editor.document().rules[1].label, std::string("abc"));

        QVERIFY(editor.push(labelled(editor.document(), 0, "z"), PolicyEditor::newGesture())
                    .has_value());
        QCOMPARE(editor.undoStack()->count(), 2);
    }

    void whatIsSelectedIsFollowedThroughRenames_data()
    {
        QTest::addColumn<QString>("way");
        for (const char* const way : {"replace", "batch", "document"})
            QTest::newRow(way) << QString::fromLatin1(way);
    }
    void whatIsSelectedIsFollowedThroughRenames()
    {
        QFETCH(QString, way);
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        ModelSpec model = editor.document().models[0];
        const PolicySelection before{PolicySelection::Kind::Model, model.id.value, {}};
        model.id = ModelId("another name");
        const PolicySelection after{PolicySelection::Kind::Model, model.id.value, {}};
        Edit rename = ReplaceModel{editor.document().models[0].id, model};
        if (way == QStringLiteral("batch")) {
            rename = Boxed<EditBatch>(
                EditBatch{{renamed(editor.document(), "New title"), std::move(rename)}});
        } else if (way == QStringLiteral("document")) {
            PolicyDocument whole = editor.document();
            QVERIFY(apply(whole, rename).has_value());
            rename = ReplaceDocument{whole};
        }

        editor.setSelection(before);
        QVERIFY(editor.push(rename).has_value());
        QVERIFY(editor.selection() == after);
        editor.undoStack()->undo();
        QVERIFY(editor.selection() == before);
        editor.undoStack()->redo();
        QVERIFY(editor.selection() == after);

        // Another thing that is selected by then stays so.
        const PolicySelection other{
            PolicySelection::Kind::Rule, editor.document().rules[0].id.value, {}};
        editor.setSelection(other);
        QSignalSpy told(&editor, &PolicyEditor::selectionChanged);
        editor.undoStack()->undo();
        QVERIFY(editor.selection() == other);
        QVERIFY(told.isEmpty());
    }

    void anEditThatChangesNothingIsNoStep()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.push(renamed(editor.document(), editor.document().name)).has_value());
        QCOMPARE(editor.undoStack()->count(), 0);
    }

    void aPreviewIsShownAndNotCommitted()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const PolicyDocument before = editor.document();
        QSignalSpy shown(&editor, &PolicyEditor::shownChanged);
        QSignalSpy committed(&editor, &PolicyEditor::documentChanged);
        editor.preview(labelled(before, 0, "preview"));
        QCOMPARE(editor.shownDocument().rules[0].label, std::string("preview"));
        QVERIFY(editor.document() == before);
        QCOMPARE(shown.size(), 1);
        QCOMPARE(committed.size(), 0);
        editor.cancelPreview();
        QVERIFY(editor.shownDocument() == before);
        QCOMPARE(editor.undoStack()->count(), 0);
    }

    void aRefusedEditLeavesEverythingAsItWas()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const PolicyDocument before = editor.document();
        QSignalSpy refused(&editor, &PolicyEditor::editRefused);
        QVERIFY(!editor.push(RemoveRule{RuleId("nobody")}).has_value());
        QVERIFY(editor.document() == before);
        QCOMPARE(refused.size(), 1);
    }

    void savingRaisesTheRevisionOnlyIfSomethingChanged()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "policy.json");
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        const int revision = editor.document().revision;
        QVERIFY(editor.saveAs(file).has_value());
        QCOMPARE(editor.document().revision, revision);
        QVERIFY(editor.push(labelled(editor.document(), 0, "changed")).has_value());
        QVERIFY(editor.save().has_value());
        QCOMPARE(editor.document().revision, revision + 1);
        QVERIFY(!editor.isModified());
        QCOMPARE(editor.revisions().front().revision, revision);

        PolicyEditor second;
        second.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(second.open(file).has_value());
        QVERIFY(second.document() == editor.document());
        QCOMPARE(second.revisions().size(), std::size_t(1)); // kept beside the journals
    }

    void aNumberThatHasLeftIsNotGivenToAnotherPolicy()
    {
        const QTemporaryDir folder;
        const auto leave = [](PolicyEditor& editor) {
            PolicyDocument leaving = editor.document();
            leaving.revision = editor.nextRevision();
            editor.noteExported(leaving);
            return leaving.revision;
        };
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        const int saved = editor.document().revision;
        QCOMPARE(leave(editor), saved); // as it is
        QVERIFY(editor.push(labelled(editor.document(), 0, "first")).has_value());
        QCOMPARE(leave(editor), saved + 1);
        QCOMPARE(leave(editor), saved + 1); // the same policy once more
        QVERIFY(editor.push(labelled(editor.document(), 0, "second")).has_value());
        QCOMPARE(leave(editor), saved + 2);
        editor.undoStack()->undo();
        QCOMPARE(editor.nextRevision(), saved + 1); // what left under that number
        editor.undoStack()->undo();
        QCOMPARE(editor.nextRevision(), saved);
        QVERIFY(editor.push(labelled(editor.document(), 0, "third")).has_value());
        QVERIFY(editor.saveAs(pathIn(folder, "p.json")).has_value());
        QCOMPARE(editor.document().revision, saved + 3);

        // Nor after a restart, where nothing was saved.
        PolicyEditor second;
        second.setJournalFolder(pathIn(folder, "journals"));
        second.setDocument(supportDeskPolicy());
        QVERIFY(second.push(labelled(second.document(), 0, "fourth")).has_value());
        QCOMPARE(second.nextRevision(), saved + 3);
        second.undoStack()->undo();
        QVERIFY(second.push(labelled(second.document(), 0, "second")).has_value());
        QCOMPARE(second.nextRevision(), saved + 2);
    }

    void whatIsSavedUnderANumberThatLeftWithAnotherPolicyGetsANewOne()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(pathIn(folder, "p.json")).has_value());
        PolicyDocument copy = supportDeskPolicy(); // another file's policy of the same id
        copy.rules[0].label = "of the copy";
        editor.noteExported(copy);
        QCOMPARE(editor.nextRevision(), copy.revision + 1);
    }

    void undoAcrossASaveBringsNoOldNumberBack()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(pathIn(folder, "a.json")).has_value());
        PolicyDocument typed = editor.document(); // in the source view: the whole document
        typed.rules[0].label = "typed";
        QVERIFY(editor.push(ReplaceDocument{Boxed<PolicyDocument>(typed)}).has_value());
        QVERIFY(editor.save().has_value());
        const int saved = editor.document().revision;
        editor.undoStack()->undo();
        editor.undoStack()->redo();
        QCOMPARE(editor.nextRevision(), saved);
    }

    void aNewPolicyIsSavedAsItsFirstRevision()
    {
        const QTemporaryDir folder;
        PolicyDocument fresh = supportDeskPolicy();
        fresh.id = "fresh";
        fresh.revision = 1;
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(fresh);
        QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        QVERIFY(editor.saveAs(pathIn(folder, "fresh.json")).has_value());
        QCOMPARE(editor.document().revision, 1);
        QVERIFY(editor.revisions().empty()); // what it began from was none
        QVERIFY(editor.push(labelled(editor.document(), 0, "y")).has_value());
        QVERIFY(editor.save().has_value());
        QCOMPARE(editor.document().revision, 2);
        QCOMPARE(editor.revisions().size(), std::size_t(1));

        // Unless the first has left already.
        fresh.id = "exported";
        editor.setDocument(fresh);
        editor.noteExported(fresh);
        QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        QVERIFY(editor.saveAs(pathIn(folder, "exported.json")).has_value());
        QCOMPARE(editor.document().revision, 2);
        QCOMPARE(editor.revisions().size(), std::size_t(1)); // the one that left

        // What left was something else than what it began from.
        fresh.id = "edited";
        editor.setDocument(fresh);
        QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        editor.noteExported(editor.document());
        QVERIFY(editor.push(labelled(editor.document(), 0, "y")).has_value());
        QVERIFY(editor.saveAs(pathIn(folder, "edited.json")).has_value());
        QCOMPARE(editor.document().revision, 2);
        QVERIFY(editor.revisions().empty());
    }

    /// A title is set whole, with the number that it had: going back and forth keeps the new one.
    void undoKeepsTheNumberThatIsOnDisk()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const int before = editor.document().revision;
        const PolicyDocument& document = editor.document();
        const SetTitle title{document.id, "renamed", document.revision, document.note};
        QVERIFY(editor.push(title).has_value());
        QVERIFY(editor.saveAs(pathIn(folder, "a.json")).has_value());
        QCOMPARE(editor.document().revision, before + 1);
        editor.undoStack()->undo();
        editor.undoStack()->redo();
        QVERIFY(!editor.isModified());
        QCOMPARE(editor.document().revision, before + 1);
    }

    void revisionsStandNewestFirstHoweverTheyCame()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        editor.setRevisions(supportDeskHistory()); // oldest first
        QCOMPARE(editor.revisions().front().revision, 6);
        QCOMPARE(editor.revisions().back().revision, 1);
    }

    void aFailedSaveKeepsTheOldFileAndTheEdits()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(pathIn(folder, "policy.json")).has_value());
        const std::string before = *readFile(pathIn(folder, "policy.json"));
        QVERIFY(editor.push(labelled(editor.document(), 0, "changed")).has_value());
        const auto saved = editor.saveAs("/proc/policy.json");
        QVERIFY(!saved);
        QCOMPARE(saved.error().where, std::string("/proc/policy.json"));
        QVERIFY(editor.isModified());
        QCOMPARE(*readFile(pathIn(folder, "policy.json")), before);
        QCOMPARE(editor.filePath(), pathIn(folder, "policy.json"));
    }

    void aFileThatCannotBeReadLeavesTheOpenDocument_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("truncated")
            << QByteArray("{\"schemaVersion\": 1, \"id\": \"x") << QByteArray("policy.json");
        QTest::newRow("newer") << QByteArray("{\"schemaVersion\": 99}")
                               << QByteArray("schemaVersion");
        QTest::newRow("not text") << QByteArray("\xff\xfe\x00", 3) << QByteArray("policy.json");
    }
    void aFileThatCannotBeReadLeavesTheOpenDocument()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QByteArray, expected);
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "policy.json");
        QVERIFY(writeFileAtomically(file, content.toStdString()).has_value());
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const auto opened = editor.open(file);
        QVERIFY(!opened);
        QVERIFY2(QByteArray::fromStdString(toString(opened.error())).contains(expected),
                 toString(opened.error()).c_str());
        QVERIFY(editor.document() == supportDeskPolicy());
    }

    void editsBeforeAKillCanBeHadBack()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        int ready[2] = {};
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            PolicyEditor editor;
            editor.setJournalFolder(journals);
            editor.setDocument(supportDeskPolicy());
            const bool done = editor.push(labelled(editor.document(), 0, "kept")) &&
                              editor.push(renamed(editor.document(), "Gone")) &&
                              (editor.undoStack()->undo(), true);
            (void)!::write(ready[1], done ? "y" : "n", 1);
            for (;;)
                ::pause();
        }
        char answer = 0;
        QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
        QCOMPARE(answer, 'y');
        QVERIFY(PolicyEditor::recoverable(journals).empty()); // it lives, and holds its journal
        QCOMPARE(::kill(child, SIGKILL), 0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);

        const auto found = PolicyEditor::recoverable(journals);
        QCOMPARE(found.size(), std::size_t(1));
        PolicyEditor editor;
        QVERIFY(editor.recover(found.front()).has_value());
        QCOMPARE(editor.document().rules[0].label, std::string("kept"));
        QCOMPARE(editor.document().name, supportDeskPolicy().name);
        QVERIFY(editor.isModified());
        QVERIFY(PolicyEditor::recoverable(journals).empty());
        editor.undoStack()->undo();
        QVERIFY(editor.document() == supportDeskPolicy());
        QVERIFY(!editor.undoStack()->canUndo());
    }

    void whatIsOfferedBackAreStepsNotKeystrokes()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        const auto left = [&](const std::vector<PolicyJournal::Step>& steps) {
            std::filesystem::remove_all(journals);
            auto journal = PolicyJournal::create(journals);
            const PolicyDocument policy = supportDeskPolicy();
            bool written = journal.has_value() && journal->restart(policy, {}, policy).has_value();
            for (const PolicyJournal::Step& step : steps)
                written = written && journal->append(step).has_value();
            return written;
        };
        const PolicyDocument policy = supportDeskPolicy();
        const Edit back = labelled(policy, 0, policy.rules[0].label);
        const std::vector<PolicyJournal::Step> typed{{labelled(policy, 0, "t")},
                                                     {labelled(policy, 0, "ty"), true},
                                                     {renamed(policy, "Two")}};
        QVERIFY(left(typed));
        const auto found = PolicyEditor::recoverable(journals);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found.front().edits, 2);
        PolicyEditor editor;
        QVERIFY(editor.recover(found.front()).has_value());
        editor.undoStack()->undo();
        QCOMPARE(editor.document().rules[0].label, std::string("ty"));
        editor.undoStack()->undo();
        QVERIFY(editor.document() == policy);

        QVERIFY(left({{labelled(policy, 0, "t")}, {labelled(policy, 0, "ty"), true}, {back}}));
        QVERIFY(PolicyEditor::recoverable(journals).empty()); // all was taken back
        QVERIFY(std::filesystem::is_empty(journals));
    }

    void theJournalKnowsWhatContinuesAStep()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        PolicyEditor editor;
        editor.setJournalFolder(journals);
        editor.setDocument(supportDeskPolicy());
        const quint64 gesture = PolicyEditor::newGesture();
        QVERIFY(editor.push(labelled(editor.document(), 0, "t"), gesture).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "ty"), gesture).has_value());
        QVERIFY(editor.push(renamed(editor.document(), "Two")).has_value());
        editor.undoStack()->undo();
        const auto content = PolicyJournal::read(onlyFileIn(journals));
        QVERIFY(content.has_value());
        std::vector<bool> continues;
        for (const PolicyJournal::Step& step : content->steps)
            continues.push_back(step.continuesLast);
        QVERIFY((continues == std::vector<bool>{false, true, false, false}));
    }

    void whatTypingTakesBackIsNoStep()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        const std::string label = editor.document().rules[0].label;
        const quint64 gesture = PolicyEditor::newGesture();
        QVERIFY(editor.push(labelled(editor.document(), 0, label + "x"), gesture).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, label), gesture).has_value());
        QVERIFY(!editor.undoStack()->canUndo());
        QVERIFY(editor.document() == supportDeskPolicy());
    }

    void aJournalCutOffInItsLastLineGivesAllBeforeIt()
    {
        const QTemporaryDir folder;
        auto journal = PolicyJournal::create(pathIn(folder, "journals"));
        QVERIFY(journal.has_value());
        const PolicyDocument policy = supportDeskPolicy();
        QVERIFY(journal->restart(policy, "/tmp/p.json", policy).has_value());
        QVERIFY(journal->append({labelled(supportDeskPolicy(), 0, "first")}).has_value());
        QVERIFY(journal->append({labelled(supportDeskPolicy(), 0, "second")}).has_value());
        const auto file = onlyFileIn(pathIn(folder, "journals"));
        const std::string whole = *readFile(file);
        QVERIFY(writeFileAtomically(file, whole.substr(0, whole.size() - 20)).has_value());
        const auto content = PolicyJournal::read(file);
        QVERIFY(content.has_value());
        QCOMPARE(content->steps.size(), std::size_t(1));
        QCOMPARE(content->documentPath, std::filesystem::path("/tmp/p.json"));
    }

    void whatCannotBeReadYetIsOfferedBackToo()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        const auto crash = [&] { // what a kill at this moment would leave
            const auto left = pathIn(folder, "left");
            std::filesystem::remove_all(left);
            std::filesystem::copy(journals, left);
            return left;
        };
        const auto kept = [&] { return PolicyJournal::read(onlyFileIn(journals))->typed; };
        PolicyEditor editor;
        editor.setJournalFolder(journals);
        editor.setDocument(supportDeskPolicy());
        const std::string text = "{\n  \"schemaVersion\": 1,\n  \"name\": \"Supp";
        editor.setTyped(text);
        QTRY_VERIFY(kept() == text);
        const auto found = PolicyEditor::recoverable(crash());
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].edits, 1);
        PolicyEditor second;
        QVERIFY(second.recover(found[0]).has_value());
        QVERIFY(second.document() == supportDeskPolicy());
        QVERIFY(second.current().typed() == text);
        QVERIFY(second.isModified());
        QVERIFY(!second.mayBeSaved().has_value());
        QCOMPARE(QString::fromStdString(second.mayBeSaved().error().message),
                 QStringLiteral("the source cannot be read at line 3"));

        QVERIFY(editor.push(labelled(editor.document(), 0, "elsewhere")).has_value());
        QVERIFY(kept() == text); // until the view says otherwise
        editor.setTyped({});
        QTRY_VERIFY(!kept());
        QCOMPARE(PolicyEditor::recoverable(crash()).at(0).edits, 1);
        editor.undoStack()->undo();
        QVERIFY(PolicyEditor::recoverable(crash()).empty()); // all was taken back
    }

    void aDamagedJournalIsKeptAndSpokenOf()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        const auto aside = pathIn(folder, "unreadable-journals");
        std::filesystem::create_directories(journals);
        const std::string zeros(4096, '\0'); // what a lost supply of power can leave
        QVERIFY(writeFileAtomically(journals / "policy-zeros.journal", zeros).has_value());
        const PolicyDocument policy = supportDeskPolicy();
        {
            auto left = PolicyJournal::create(journals);
            QVERIFY(left && left->restart(policy, {}, policy).has_value());
            QVERIFY(left->append({labelled(policy, 0, "before")}).has_value());
            QVERIFY(left->append({labelled(policy, 0, "damaged")}).has_value());
            QVERIFY(left->append({labelled(policy, 0, "behind")}).has_value());
        }
        QVERIFY(PolicyEditor::recoverable(journals).size() == 1);
        const auto file = PolicyEditor::recoverable(journals)[0].journal;
        std::string text = *readFile(file);
        text.replace(text.find("damaged"), 7, "\"\"\"\"\"\"\"");
        QVERIFY(writeFileAtomically(file, text).has_value());

        const std::vector<Error> said = PolicyEditor::unreadable(journals);
        QCOMPARE(said.size(), std::size_t(2));
        const auto about = [&](const std::filesystem::path& name) {
            const auto place = (aside / name.filename()).string();
            const auto found = std::ranges::find(said, place, &Error::where);
            return found == said.end() ? std::string() : found->message;
        };
        QVERIFY2(about("policy-zeros.journal").find("nothing in it") != std::string::npos,
                 said[0].message.c_str());
        QVERIFY2(about(file).find("Support desk") != std::string::npos, said[1].message.c_str());
        QVERIFY(*readFile(aside / "policy-zeros.journal") == zeros);
        QVERIFY(*readFile(aside / file.filename()) == text);
        QVERIFY(!std::filesystem::exists(journals / "policy-zeros.journal"));
        PolicyEditor editor; // what comes before the damage is there
        QVERIFY(editor.recover(PolicyEditor::recoverable(journals).at(0)).has_value());
        QCOMPARE(editor.document().rules[0].label, std::string("before"));
        QVERIFY(PolicyEditor::unreadable(journals).empty());
    }

    void aFullDiskLosesNothingThatCameBeforeOrAfter()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        PolicyEditor editor;
        editor.setJournalFolder(journals);
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.push(labelled(editor.document(), 0, "before")).has_value());
        const PolicyDocument before = editor.document();
        const auto file = onlyFileIn(journals);
        QSignalSpy problems(&editor, &PolicyEditor::journalProblemChanged);
        {
            const FullDisk full(std::filesystem::file_size(file) + 20); // ends in mid-line
            QVERIFY(editor.push(labelled(editor.document(), 0, "meanwhile")).has_value());
            QVERIFY(editor.push(renamed(editor.document(), "Meanwhile, too")).has_value());
        }
        QVERIFY(!editor.journalProblem().isEmpty());
        QVERIFY(replayed(file) == before);
        QVERIFY(editor.push(labelled(editor.document(), 1, "after")).has_value());
        QVERIFY(editor.journalProblem().isEmpty());
        QCOMPARE(problems.size(), 2); // said once, and taken back
        QVERIFY(replayed(file) == editor.document());
        QVERIFY(editor.push(labelled(editor.document(), 1, "and on")).has_value());
        QVERIFY(replayed(file) == editor.document());
        QVERIFY(PolicyJournal::read(file)->document == supportDeskPolicy()); // still: not saved
    }

    void startingOverOnAFullDiskKeepsTheOldJournal()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        auto journal = PolicyJournal::create(journals);
        QVERIFY(journal.has_value());
        const PolicyDocument policy = supportDeskPolicy();
        QVERIFY(journal->restart(policy, {}, policy).has_value());
        QVERIFY(journal->append({labelled(policy, 0, "kept")}).has_value());
        const auto file = onlyFileIn(journals);
        {
            const FullDisk full(100);
            QVERIFY(!journal->restart(policy, "/tmp/p.json", policy).has_value());
        }
        QCOMPARE(PolicyJournal::read(file)->steps.size(), std::size_t(1));
        QVERIFY(!journal->isWhole());
        QVERIFY(journal->restart(policy, "/tmp/p.json", policy).has_value());
        QVERIFY(journal->isWhole());
        QVERIFY(PolicyJournal::read(file)->steps.empty());
        QVERIFY(PolicyJournal::abandoned(journals).empty()); // the new file is held like the old
        QCOMPARE(onlyFileIn(journals), file);
    }

    void whatWasRecoveredIsSafeUntilItIsSaved()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        {
            auto left = PolicyJournal::create(journals);
            QVERIFY(left.has_value());
            const PolicyDocument policy = supportDeskPolicy();
            QVERIFY(left->restart(policy, {}, policy).has_value());
            QVERIFY(left->append({labelled(policy, 0, "left")}).has_value());
        }
        const auto file = onlyFileIn(journals);
        PolicyEditor editor;
        editor.setJournalFolder(journals);
        QVERIFY(editor.recover(PolicyEditor::recoverable(journals).at(0)).has_value());
        QCOMPARE(onlyFileIn(journals), file); // goes on in it
        QVERIFY(editor.push(renamed(editor.document(), "And on")).has_value());
        QVERIFY(replayed(file) == editor.document());
        QVERIFY(editor.saveAs(pathIn(folder, "p.json")).has_value());
        QVERIFY(PolicyJournal::read(onlyFileIn(journals))->steps.empty());
    }

    void whatCannotBeReplayedStaysForAnotherTry()
    {
        const QTemporaryDir folder;
        const auto journals = pathIn(folder, "journals");
        {
            auto left = PolicyJournal::create(journals);
            QVERIFY(left.has_value());
            const PolicyDocument policy = supportDeskPolicy();
            QVERIFY(left->restart(policy, {}, policy).has_value());
            QVERIFY(left->append({labelled(policy, 0, "left")}).has_value());
            QVERIFY(left->append({RemoveRule{RuleId("nobody")}}).has_value());
        }
        PolicyEditor editor;
        editor.setJournalFolder(journals);
        QVERIFY(!editor.recover(PolicyEditor::recoverable(journals).at(0)).has_value());
        QCOMPARE(editor.document().rules[0].label, std::string("left"));
        QCOMPARE(PolicyEditor::recoverable(journals).size(), std::size_t(1));
    }

    void aCopyHasItsOwnRevisionsAndTakesThePastAlong()
    {
        const QTemporaryDir folder;
        const auto original = pathIn(folder, "a.json");
        const auto copy = pathIn(folder, "b.json");
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        const int first = editor.document().revision;
        QVERIFY(editor.saveAs(original).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "shared past")).has_value());
        QVERIFY(editor.save().has_value());
        QVERIFY(editor.saveAs(copy).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "of the copy")).has_value());
        QVERIFY(editor.save().has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "of the copy again")).has_value());
        QVERIFY(editor.save().has_value());

        PolicyEditor second;
        second.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(second.open(original).has_value());
        QVERIFY(second.push(labelled(second.document(), 0, "of the original")).has_value());
        QVERIFY(second.save().has_value());
        QVERIFY(second.push(labelled(second.document(), 0, "of the original again")).has_value());
        QVERIFY(second.save().has_value());

        const auto labelsOf = [](const PolicyEditor& policy) {
            QStringList labels;
            for (const PolicyDocument& revision : policy.revisions())
                labels << QString::fromStdString(revision.rules[0].label);
            return labels;
        };
        const QString oldest = QString::fromStdString(supportDeskPolicy().rules[0].label);
        PolicyEditor third;
        third.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(third.open(copy).has_value());
        QCOMPARE(labelsOf(third), QStringList({QStringLiteral("of the copy"),
                                               QStringLiteral("shared past"), oldest}));
        QCOMPARE(third.revisions().back().revision, first);
        QVERIFY(third.open(original).has_value());
        QCOMPARE(labelsOf(third), QStringList({QStringLiteral("of the original"),
                                               QStringLiteral("shared past"), oldest}));
    }

    void aPolicyThatIsSavedOverIsKeptWithItsPast()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "desk.json");
        const auto journals = pathIn(folder, "journals");
        PolicyEditor first;
        first.setJournalFolder(journals);
        first.setDocument(supportDeskPolicy());
        QVERIFY(first.saveAs(file).has_value());
        QVERIFY(first.push(labelled(first.document(), 0, "of the first")).has_value());
        QVERIFY(first.save().has_value());
        const PolicyDocument last = first.savedDocument();
        QSignalSpy kept(&first, &PolicyEditor::putAside);
        QVERIFY(first.saveAs(pathIn(folder, "copy.json")).has_value()); // nothing is there
        QVERIFY(kept.empty());

        PolicyEditor second;
        second.setJournalFolder(journals);
        PolicyDocument other = supportDeskPolicy();
        other.id = "another";
        second.setDocument(other);
        QSignalSpy said(&second, &PolicyEditor::putAside);
        QVERIFY(second.saveAs(file).has_value());
        QCOMPARE(said.size(), 1);
        const auto aside = pathIn(folder, "revisions") / "replaced" / "desk";
        QVERIFY2(said[0][0].toString().contains(QString::fromStdString(aside.string())),
                 qPrintable(said[0][0].toString()));
        QVERIFY(*parsePolicy(*readFile(aside / "desk.json")) == last);
        const int before = supportDeskPolicy().revision;
        const auto revision = readFile(aside / "revisions" / (std::to_string(before) + ".json"));
        QVERIFY(revision.has_value());
        QCOMPARE(parsePolicy(*revision)->rules[0].label, supportDeskPolicy().rules[0].label);

        QVERIFY(first.saveAs(file).has_value()); // and back: its past is its own again
        QVERIFY(std::filesystem::exists(pathIn(folder, "revisions") / "replaced" / "desk-2"));
        PolicyEditor later;
        later.setJournalFolder(journals);
        QVERIFY(later.open(file).has_value());
        QCOMPARE(later.revisions().size(), std::size_t(1));
    }

    void aFileThatIsNoPolicyIsKeptWhenItIsSavedOver()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "notes.json");
        QVERIFY(writeFileAtomically(file, "{\"mine\": 1").has_value());
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QSignalSpy said(&editor, &PolicyEditor::putAside);
        QVERIFY(editor.saveAs(file).has_value());
        QCOMPARE(said.size(), 1);
        const auto kept = pathIn(folder, "revisions") / "replaced" / "notes" / "notes.json";
        QCOMPARE(readFile(kept).value(), "{\"mine\": 1");
        QVERIFY(editor.save().has_value()); // its own file now
        QCOMPARE(said.size(), 1);
    }

    void aRevisionKeepsWhenItWasSavedAndWhy()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "a.json");
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QCOMPARE(editor.recordOf(editor.savedDocument()).savedAtMs, 0);
        const std::int64_t before = systemClock().unixMs();
        QVERIFY(editor.saveAs(file).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        editor.setNextNote("a better name");
        QSignalSpy noted(&editor, &PolicyEditor::recordsChanged);
        QVERIFY(editor.save().has_value());
        QVERIFY(!noted.empty());
        QVERIFY(editor.nextNote().empty()); // it went with that revision, and with no other
        const PolicyDocument second = editor.savedDocument();
        QVERIFY(editor.push(labelled(editor.document(), 0, "y")).has_value());
        QVERIFY(editor.save().has_value());
        QCOMPARE(editor.recordOf(editor.savedDocument()).note, std::string());
        editor.setRevisionNote(editor.revisions().at(1), "said later");

        PolicyEditor later;
        later.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(later.open(file).has_value());
        QCOMPARE(later.revisions().at(0).revision, second.revision);
        QCOMPARE(later.recordOf(later.revisions().at(0)).note, std::string("a better name"));
        QCOMPARE(later.recordOf(later.revisions().at(1)).note, std::string("said later"));
        for (const PolicyDocument& each :
             {later.savedDocument(), later.revisions().at(0), later.revisions().at(1)}) {
            QVERIFY(later.recordOf(each).savedAtMs >= before);
            QVERIFY(later.recordOf(each).savedAtMs <= systemClock().unixMs());
        }
    }

    void aSaveWithoutAChangeKeepsItsTimeAndTakesANote()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(pathIn(folder, "a.json")).has_value());
        const std::int64_t at = editor.recordOf(editor.savedDocument()).savedAtMs;
        editor.setRevisionNote(editor.savedDocument(), "first");
        QVERIFY(editor.save().has_value());
        QCOMPARE(editor.recordOf(editor.savedDocument()), (RevisionRecord{at, "first"}));
        editor.setNextNote("second");
        QVERIFY(editor.save().has_value());
        QCOMPARE(editor.recordOf(editor.savedDocument()), (RevisionRecord{at, "second"}));
    }

    /// Also what an earlier version of the program left, which kept no records.
    void aRecordIsOfOneDocumentAndGoesWithItsCopy()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "a.json");
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        editor.setNextNote("first");
        QVERIFY(editor.saveAs(file).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        editor.setNextNote("second");
        QVERIFY(editor.save().has_value());
        QVERIFY(editor.saveAs(pathIn(folder, "b.json")).has_value());
        QVERIFY(editor.open(pathIn(folder, "b.json")).has_value());
        QCOMPARE(editor.recordOf(editor.savedDocument()).note, std::string("second"));
        QCOMPARE(editor.recordOf(editor.revisions().at(0)).note, std::string("first"));

        PolicyDocument elsewhere = editor.savedDocument(); // the same number, by another program
        elsewhere.rules[0].label = "z";
        QVERIFY(writeFileAtomically(file, toPolicyText(elsewhere)).has_value());
        QVERIFY(editor.open(file).has_value());
        QCOMPARE(editor.recordOf(editor.savedDocument()), RevisionRecord());
        QCOMPARE(editor.recordOf(editor.revisions().at(0)).note, std::string("second"));
        QCOMPARE(editor.recordOf(editor.revisions().at(1)).note, std::string("first"));

        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(pathIn(folder, "revisions"))) {
            if (entry.path().filename() == "saved.json")
                QVERIFY(writeFileAtomically(entry.path(), "[]").has_value());
        }
        QVERIFY(editor.open(file).has_value());
        QCOMPARE(editor.revisions().size(), std::size_t(2));
        QCOMPARE(editor.recordOf(editor.revisions().at(0)), RevisionRecord());
    }

    /// Another program changes the file and not the number, while it is open and while it is not:
    /// what was saved stays, and so does what was found.
    void whatWasSavedOutlivesAChangeOfTheFileOutside()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "a.json");
        const auto labels = [](const PolicyEditor& editor) {
            QStringList all;
            for (const PolicyDocument& revision : editor.revisions())
                all << QStringLiteral("%1 %2")
                           .arg(revision.revision)
                           .arg(QString::fromStdString(revision.rules[0].label));
            return all;
        };
        const auto writeOutside = [&](const char* label) {
            PolicyDocument theirs = *parsePolicy(*readFile(file));
            theirs.rules[0].label = label;
            QVERIFY(writeFileAtomically(file, toPolicyText(theirs)).has_value());
        };
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        const int first = editor.document().revision;
        const QString begun = QStringLiteral("%1 %2").arg(first).arg(
            QString::fromStdString(editor.document().rules[0].label));
        const auto line = [&](int number, const char* label) {
            return QStringLiteral("%1 %2").arg(number).arg(QLatin1String(label));
        };
        QVERIFY(editor.saveAs(file).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "mine")).has_value());
        QVERIFY(editor.save().has_value());
        writeOutside("theirs");
        editor.current().lookAround();
        QVERIFY(editor.current().diskNews() == OpenPolicy::DiskNews::Reloaded);
        QCOMPARE(labels(editor), QStringList({line(first + 1, "mine"), begun}));
        editor.undoStack()->undo();
        QVERIFY(editor.current().diskNews() == OpenPolicy::DiskNews::None); // as they know
        editor.undoStack()->redo();
        QVERIFY(editor.recordOf(editor.savedDocument()).isForeign);
        QVERIFY(!editor.recordOf(editor.revisions().at(0)).isForeign);
        QVERIFY(editor.push(labelled(editor.document(), 0, "on top")).has_value());
        QVERIFY(editor.save().has_value());
        QCOMPARE(editor.document().revision, first + 2);
        const QStringList all{line(first + 1, "theirs"), line(first + 1, "mine"), begun};
        QCOMPARE(labels(editor), all);

        // With edits here that are kept.
        QVERIFY(editor.push(labelled(editor.document(), 0, "kept")).has_value());
        writeOutside("theirs again");
        editor.current().lookAround();
        QVERIFY(editor.current().diskNews() == OpenPolicy::DiskNews::Changed);
        editor.current().keepMine();
        QVERIFY(editor.save().has_value());
        QCOMPARE(labels(editor),
                 QStringList({line(first + 2, "theirs again"), line(first + 2, "on top")}) + all);

        // While nobody looked; an older one comes back with its number.
        PolicyDocument older = supportDeskPolicy();
        QVERIFY(writeFileAtomically(file, toPolicyText(older)).has_value());
        PolicyEditor later;
        later.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(later.open(file).has_value());
        QCOMPARE(labels(later),
                 QStringList({line(first + 3, "kept"), line(first + 2, "theirs again"),
                              line(first + 2, "on top")}) +
                     all.mid(0, 2));
        QVERIFY(later.push(labelled(later.document(), 0, "next")).has_value());
        QVERIFY(later.save().has_value());
        QCOMPARE(later.document().revision, first + 4); // no number for a second policy

        // In its order, also after all of it went along to another place.
        const QStringList before = labels(later);
        QVERIFY(later.saveAs(pathIn(folder, "b.json")).has_value());
        PolicyEditor copy;
        copy.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(copy.open(pathIn(folder, "b.json")).has_value());
        QCOMPARE(labels(copy), before);
    }

    /// A build step that rewrites the file all day pushes no save of a person out of the list.
    void whatIsWrittenInPassingGoesFirst()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "a.json");
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(file).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "mine")).has_value());
        QVERIFY(editor.save().has_value());
        const PolicyDocument mine = editor.savedDocument();
        for (int i = 0; i < 15; ++i) {
            PolicyDocument theirs = mine;
            theirs.rules[0].label = "theirs " + std::to_string(i);
            QVERIFY(writeFileAtomically(file, toPolicyText(theirs)).has_value());
            editor.current().lookAround();
        }
        const auto isListed = [&](const PolicyEditor& which) {
            return std::ranges::find(which.revisions(), mine) != which.revisions().end();
        };
        QCOMPARE(editor.revisions().size(), std::size_t(10));
        QVERIFY(isListed(editor));
        PolicyEditor later;
        later.setJournalFolder(pathIn(folder, "journals"));
        QVERIFY(later.open(file).has_value());
        QCOMPARE(later.revisions().size(), std::size_t(10));
        QVERIFY(isListed(later));
    }

    void itIsKnownWhichRevisionsHaveLeft()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QVERIFY(!editor.wasExported(editor.savedDocument()));
        editor.noteExported(editor.document());
        QVERIFY(editor.wasExported(editor.savedDocument()));
        PolicyDocument other = editor.document();
        other.rules[0].label = "of the same number";
        QVERIFY(!editor.wasExported(other));
    }

    void anotherPolicyAtTheSamePlaceHasNoPartInThePast()
    {
        const QTemporaryDir folder;
        const auto file = pathIn(folder, "a.json");
        PolicyEditor editor;
        editor.setJournalFolder(pathIn(folder, "journals"));
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(file).has_value());
        QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        QVERIFY(editor.save().has_value());
        PolicyDocument other = supportDeskPolicy();
        other.id = "other";
        other.revision = 50;
        QVERIFY(writeFileAtomically(file, toPolicyText(other)).has_value());
        QVERIFY(editor.open(file).has_value());
        QVERIFY(editor.revisions().empty());
    }

    void textThatCannotBeReadCountsAsAChangeAndIsNotSavedOver()
    {
        const QTemporaryDir folder;
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        QVERIFY(editor.saveAs(pathIn(folder, "a.json")).has_value());
        const std::string before = *readFile(pathIn(folder, "a.json"));
        // A view that has something to commit does it when the document is about to be saved.
        connect(&editor, &PolicyEditor::commitRequested, this, [&] { editor.setUnreadable(12); });
        const auto saved = editor.save();
        QVERIFY(!saved);
        QVERIFY2(toString(saved.error()).find("line 12") != std::string::npos,
                 toString(saved.error()).c_str());
        QVERIFY(editor.isModified());
        QCOMPARE(*readFile(pathIn(folder, "a.json")), before);
        editor.setUnreadable({});
        QVERIFY(!editor.isModified());
        editor.setUnreadable(3);
        editor.setDocument(supportDeskPolicy()); // the person left the text behind
        QVERIFY(!editor.isModified());
    }

    void aComparisonIsAskedOfWhoeverShowsIt()
    {
        PolicyEditor editor;
        editor.setDocument(supportDeskPolicy());
        QVERIFY(!editor.requestComparison(supportDeskPolicy(), QStringLiteral("on the disk")));
        QString title;
        connect(&editor, &PolicyEditor::comparisonRequested, this,
                [&](const PolicyDocument& /*other*/, const QString& named) { title = named; });
        QVERIFY(editor.requestComparison(supportDeskPolicy(), QStringLiteral("on the disk")));
        QCOMPARE(title, QStringLiteral("on the disk"));
    }

    void closingInPeaceLeavesNoJournal()
    {
        const QTemporaryDir folder;
        {
            PolicyEditor editor;
            editor.setJournalFolder(pathIn(folder, "journals"));
            editor.setDocument(supportDeskPolicy());
            QVERIFY(editor.push(labelled(editor.document(), 0, "x")).has_value());
        }
        QVERIFY(std::filesystem::is_empty(pathIn(folder, "journals")));
    }
};

QTEST_GUILESS_MAIN(TestPolicyEditor)
#include "tst_policy_editor.moc"
