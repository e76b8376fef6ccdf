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

std::string groups(int levels)
{
    std::string text;
    for (int i = 0; i < levels; ++i)
        text += R"({"all": [)";
    text += R"({"signal": "chars", "op": "gt", "value": 1})";
    for (int i = 0; i < levels; ++i)
        text += "]}";
    return text;
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

    // ------------------------------------------------------------- bad input

    void whatCannotBeReadIsRefusedWithASentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("said");
        std::string deep = toPolicyText(named("deep"));
        const std::string rules = "\"rules\": [";
        deep.insert(deep.find(rules) + rules.size(),
                    R"({"id": "x", "when": )" + groups(10'000) +
                        R"(, "plan": {"call": {"model": "gpt-4"}}},)");
        QTest::newRow("10,000 groups")
            << QByteArray::fromStdString(deep) << QByteArray("nested deeper");
        QTest::newRow("newer") << QByteArray("{\"schemaVersion\": 2}")
                               << QByteArray("schemaVersion");
        QTest::newRow("100 MB") << QByteArray() << QByteArray("larger than the limit");
        QTest::newRow("folder") << QByteArray() << QByteArray("this is a folder");
    }
    void whatCannotBeReadIsRefusedWithASentence()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QByteArray, said);
        Desk desk;
        desk.editor.setDocument(named("a"));
        const auto file = desk.path("bad.json");
        if (said.contains("folder")) {
            std::filesystem::create_directory(file);
        } else {
            QVERIFY(writeFileAtomically(file, content.toStdString()).has_value());
            if (content.isEmpty())
                std::filesystem::resize_file(file, 100'000'000);
        }
        for (const Place place : {Place::Here, Place::Beside}) {
            const auto opened = desk.editor.open(file, place);
            QVERIFY(!opened);
            QVERIFY2(QByteArray::fromStdString(toString(opened.error())).contains(said),
                     toString(opened.error()).c_str());
        }
        QCOMPARE(desk.editor.count(), 1);
        QVERIFY(desk.editor.document() == named("a"));
    }

    void whatMakesNoSenseOpensWithItsProblems()
    {
        Desk desk;
        PolicyDocument policy = named("a");
        policy.rules.push_back(policy.rules.front());
        policy.baseline = ModelId("nobody");
        QVERIFY(desk.editor.open(desk.write("a.json", policy)).has_value());
        QVERIFY(desk.editor.document() == policy);
        QVERIFY(!desk.editor.findings().empty());
    }

    /// What can be drawn can be saved, opened, and had back after a crash.
    void nestingEndsBeforeAFileCannotHoldIt()
    {
        Desk desk;
        desk.editor.setDocument(named("a"));
        QSignalSpy refused(&desk.editor, &PolicyEditor::editRefused);
        int levels = 0;
        for (; levels < 10'000 && refused.isEmpty(); ++levels) {
            Rule rule = desk.editor.document().rules[0];
            All group;
            group.conditions.push_back(std::move(rule.when));
            rule.when = Condition{std::move(group)};
            (void)desk.editor.push(ReplaceRule{rule.id, rule});
        }
        QVERIFY2(levels > 50 && levels < 200, std::to_string(levels).c_str());
        QVERIFY2(refused.constFirst().constFirst().toString().contains(QStringLiteral("nest")),
                 qPrintable(refused.constFirst().constFirst().toString()));
        const PolicyDocument deepest = desk.editor.document();
        for (const auto& entry : std::filesystem::directory_iterator(desk.journals())) {
            auto content = PolicyJournal::read(entry.path());
            QVERIFY(content.has_value());
            QCOMPARE(content->steps.size(), static_cast<std::size_t>(levels - 1));
        }
        QVERIFY(desk.editor.saveAs(desk.path("deep.json")).has_value());
        QVERIFY(desk.editor.open(desk.path("deep.json")).has_value());
        QVERIFY(desk.editor.document().rules == deepest.rules);
        // In the source, all of it is one edit: that line of the journal is read, too.
        PolicyDocument typed = deepest;
        typed.name = "typed";
        QVERIFY(desk.editor.push(ReplaceDocument{typed}).has_value());
        for (const auto& entry : std::filesystem::directory_iterator(desk.journals()))
            QCOMPARE(PolicyJournal::read(entry.path())->steps.size(), std::size_t(1));
    }

    void aBrokenJournalGivesWhatCanBeRead_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("steps"); // -1: none of it can be read
        QByteArray document = QByteArray::fromStdString(toPolicyText(named("a")));
        document.replace('\n', ' ');
        const QByteArray header =
            "{\"journal\":2,\"startedAtMs\":1,\"path\":\"\",\"document\":" + document + "}";
        const QByteArray edit = "{\"edit\":\"removeRule\",\"id\":\"hard\"}";
        QTest::newRow("10,000 groups")
            << header
            << QByteArray::fromStdString(
                   R"({"edit":"replaceRule","id":"hard","rule":{"id":"hard","when":)" +
                   groups(10'000) + "}}")
            << 0;
        QTest::newRow("version as text") << QByteArray("{\"journal\":\"2\"}") << edit << -1;
        QTest::newRow("no document") << QByteArray("{\"journal\":2}") << edit << -1;
        QTest::newRow("a list") << QByteArray("[2]") << edit << -1;
        QByteArray odd = header;
        odd.replace("\"startedAtMs\":1,\"path\":\"\"", "\"startedAtMs\":\"x\",\"path\":5");
        QTest::newRow("other types") << odd << QByteArray("7") << 0;
    }
    void aBrokenJournalGivesWhatCanBeRead()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArray, line);
        QFETCH(const int, steps);
        Desk desk;
        const auto file = desk.journals() / "policy-x.journal";
        QVERIFY(writeFileAtomically(file, (header + '\n' + line + '\n').toStdString()).has_value());
        const auto content = PolicyJournal::read(file);
        QCOMPARE(content.has_value(), steps >= 0);
        if (content)
            QCOMPARE(content->steps.size(), static_cast<std::size_t>(steps));
        QVERIFY(PolicyEditor::recoverable(desk.journals()).empty());
    }

    /// A drag can take many steps through several things.
    void aGestureOfManyEditsIsOneShallowStep()
    {
        PolicyEditor editor; // without a journal: no disk is waited for
        editor.setDocument(named("a"));
        const quint64 gesture = PolicyEditor::newGesture();
        for (int i = 0; i < 300; ++i) {
            Rule rule = editor.document().rules[static_cast<std::size_t>(i % 2)];
            rule.label = std::to_string(i);
            QVERIFY(editor.push(ReplaceRule{rule.id, rule}, gesture).has_value());
        }
        QCOMPARE(editor.undoStack()->count(), 1);
        editor.undoStack()->undo();
        QVERIFY(editor.document() == named("a"));
        editor.undoStack()->redo();
        QCOMPARE(editor.document().rules[1].label, std::string("299"));
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

    void theSameDoneElsewhereAndSavedIsSavedHereToo()
    {
        Desk desk;
        const auto file = desk.write("a.json", named("a"));
        QVERIFY(desk.editor.open(file).has_value());
        desk.label("same");
        PolicyDocument theirs = labelled(named("a"), "same");
        ++theirs.revision;
        desk.write("a.json", theirs);
        desk.editor.current().lookAround();
        QVERIFY(desk.editor.current().diskNews() == News::None);
        QVERIFY(!desk.editor.isModified());
        QCOMPARE(desk.editor.document().revision, theirs.revision);
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
