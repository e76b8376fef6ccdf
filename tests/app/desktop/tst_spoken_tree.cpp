// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the real program speaks: on every page, in every pane and sheet, what can be operated
// has a role and a name, as assistive technology gets them over AT-SPI, which is also how this test
// goes from place to place.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <tests/support/spoken_desktop.h>
#include <tests/ui/policy/language_policy.h>

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <utility>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int kPatienceMs = 120'000; ///< a hang, not a slow machine

/// Roles of what somebody operates or looks things up in.
bool isControl(const SpokenNode& node)
{
    static const QStringList roles = {QStringLiteral("push button"),
                                      QStringLiteral("toggle button"),
                                      QStringLiteral("button menu"),
                                      QStringLiteral("check box"),
                                      QStringLiteral("radio button"),
                                      QStringLiteral("combo box"),
                                      QStringLiteral("text"),
                                      QStringLiteral("password text"),
                                      QStringLiteral("spin box"),
                                      QStringLiteral("slider"),
                                      QStringLiteral("link"),
                                      QStringLiteral("list"),
                                      QStringLiteral("list box"),
                                      QStringLiteral("table"),
                                      QStringLiteral("tree"),
                                      QStringLiteral("tree table"),
                                      QStringLiteral("column header"),
                                      QStringLiteral("page tab"),
                                      QStringLiteral("page tab list"),
                                      QStringLiteral("menu item"),
                                      QStringLiteral("check menu item"),
                                      QStringLiteral("radio menu item"),
                                      QStringLiteral("chart"),
                                      QStringLiteral("canvas"),
                                      QStringLiteral("dialog")};
    const bool isWindow = node.role == QLatin1String("frame") && node.depth == 1;
    return isWindow || roles.contains(node.role);
}

/// Those without a text are empty cells.
bool isCell(const SpokenNode& node)
{
    return node.role == QLatin1String("table cell") || node.role == QLatin1String("tree item") ||
           node.role == QLatin1String("list item");
}

/// Containers that say nothing about what they are.
bool isVague(const SpokenNode& node)
{
    static const QStringList roles = {QStringLiteral("filler"), QStringLiteral("unknown"),
                                      QStringLiteral("invalid"), QStringLiteral("layered pane")};
    return roles.contains(node.role);
}

/// Readers pass a filler by, and take a frame for a window.
bool isMisnamed(const SpokenNode& node)
{
    return !node.name.isEmpty() && (node.role == QLatin1String("filler") ||
                                    (node.role == QLatin1String("frame") && node.depth > 1));
}

/// What no person would call a thing: a file of an icon, the name of a class.
bool isTechnical(const QString& name)
{
    static const QRegularExpression words(
        QStringLiteral("\\.(svg|png|ico)$|^:/|QWidget|QFrame|\\bqt_|::"));
    return words.match(name).hasMatch();
}

/// Sentences about what is wrong, with where it is.
QStringList complaintsAbout(const SpokenTree& tree)
{
    QStringList complaints;
    const auto tell = [&](const SpokenNode& node, const QString& what) {
        QString place;
        for (int at = node.parent; at >= 0; at = tree[static_cast<std::size_t>(at)].parent) {
            const SpokenNode& around = tree[static_cast<std::size_t>(at)];
            if (!around.name.isEmpty())
                place += QStringLiteral(" in %1 \"%2\"").arg(around.role, around.name.left(40));
        }
        complaints << QStringLiteral("%1 \"%2\" %3%4").arg(node.role, node.name, what, place);
    };
    for (const SpokenNode& node : tree) {
        // What is hidden may have nothing to say yet; a menu speaks before it is opened.
        if (isControl(node) && node.name.trimmed().isEmpty() &&
            (node.is(SpokenNode::kShowing) || node.role.endsWith(QLatin1String("menu item"))))
            tell(node, QStringLiteral("has no name"));
        if (isVague(node) && node.is(SpokenNode::kFocusable) && node.is(SpokenNode::kShowing))
            tell(node, QStringLiteral("takes the keyboard and says not what it is"));
        if (node.name.isEmpty() && node.is(SpokenNode::kFocusable) &&
            node.is(SpokenNode::kShowing) && !isCell(node))
            tell(node, QStringLiteral("takes the keyboard and has no name"));
        if (isMisnamed(node) && node.is(SpokenNode::kShowing))
            tell(node, QStringLiteral("has a name that its role keeps from being read"));
        if (isTechnical(node.name))
            tell(node, QStringLiteral("has a name for programs"));
    }
    return complaints;
}

/// What shows, for somebody who has to find out what is missing.
QString textOf(const SpokenTree& tree)
{
    QStringList lines;
    for (const SpokenNode& node : tree) {
        if (node.is(SpokenNode::kShowing) && !node.name.isEmpty())
            lines << QStringLiteral("%1%2 \"%3\"")
                         .arg(QString(node.depth, QLatin1Char(' ')), node.role,
                              node.name.left(100));
    }
    return lines.join(QLatin1Char('\n'));
}

using Word = std::pair<const char*, const char*>; ///< role and beginning of a name

template<class Condition>
const SpokenNode* find(const SpokenTree& tree, const Word& word, Condition condition)
{
    const auto found = std::ranges::find_if(tree, [&](const SpokenNode& node) {
        return node.role == QLatin1String(word.first) &&
               node.name.startsWith(QLatin1String(word.second)) && condition(node);
    });
    return found == tree.end() ? nullptr : &*found;
}

bool isShowing(const SpokenNode& node)
{
    return node.is(SpokenNode::kShowing);
}

/// A lane below the edge of the canvas, which the canvas scrolls to when it is chosen.
bool isOnShownCanvas(const SpokenTree& tree, const SpokenNode& node)
{
    for (int at = node.parent; at >= 0; at = tree[static_cast<std::size_t>(at)].parent) {
        const SpokenNode& around = tree[static_cast<std::size_t>(at)];
        if (around.role == QLatin1String("canvas"))
            return isShowing(around);
    }
    return false;
}

/// What can be pressed now: entries of menus can without opening the menu first.
const SpokenNode* findPressable(const SpokenTree& tree, const Word& word)
{
    const bool isInMenu = QLatin1String(word.first) == QLatin1String("menu item");
    return find(tree, word, [&](const SpokenNode& node) {
        return node.is(SpokenNode::kEnabled) &&
               (isInMenu || isShowing(node) || isOnShownCanvas(tree, node));
    });
}

struct Place
{
    const char* name;
    std::vector<Word> way; ///< what is pressed, one after the other
    Word landmark;         ///< what is there then
};

const std::vector<Place>& places()
{
    static const std::vector<Place> all = {
        {"policy, canvas",
         {{"page tab", "Policy"}, {"radio button", "Canvas"}},
         {"canvas", "Flow"}},
        {"policy, outline", {{"radio button", "Outline"}}, {"tree", "Outline of the policy"}},
        {"policy, source", {{"radio button", "Source"}}, {"text", "Source of the policy"}},
        {"inspector, policy",
         {{"radio button", "Canvas"}, {"list item", "Requests"}},
         {"text", "Name of the policy"}},
        {"inspector, rule", {{"list item", "Simple questions"}}, {"text", "Name of the rule"}},
        {"inspector, otherwise", {{"list item", "Otherwise"}}, {"combo box", "Model"}},
        {"inspector, model", {{"list item", "Model palm-2"}}, {"text", "Name in this policy"}},
        {"problems, inspector of a signal",
         {{"push button", "Problems"}, {"push button", "Show plan"}},
         {"text", "Name of the signal"}},
        {"try a request",
         {{"radio button", "Try a request"}, {"push button", "Random request"}},
         {"tree", "Conditions and the values they saw"}},
        {"voices", {{"page tab", "Voices"}}, {"push button", "Send the prompts"}},
        {"answers", {{"push button", "Send the prompts"}}, {"table", "Prompts and answers"}},
        {"comparison", {{"radio button", "Comparison"}}, {"panel", "Comparison of the voices"}},
        {"blind tasting",
         {{"radio button", "Blind tasting"}},
         {"push button", "Begin the tasting"}},
        {"answers without names", {{"push button", "Begin the tasting"}}, {"text", "Answer A"}},
        {"who wrote X", {{"radio button", "Who wrote X?"}}, {"text", "Answer X"}},
        {"result of the tasting",
         {{"push button", "Leave"},
          {"push button", "See the result"},
          {"push button", "Show the names"}},
         {"label", "Nobody has put answers in an order yet."}},
        {"projection", {{"page tab", "Projection"}}, {"chart", ""}},
        {"export", {{"page tab", "Export"}}, {"text", ""}},
        {"settings", {{"page tab", "Settings"}}, {"push button", ""}},
        {"shortcuts", {{"menu item", "Keyboard shortcuts"}}, {"tree", "Keyboard shortcuts"}},
        {"about", {{"push button", "Close"}, {"menu item", "About"}}, {"label", "Signalbox"}},
        {"palette",
         {{"push button", "Close"}, {"menu item", "Command palette"}},
         {"list", "Commands"}},
    };
    return all;
}

/// All of the policy language, with calls that ask otherwise and a test of what happens when models
/// fail.
PolicyDocument policyOfEverything()
{
    PolicyDocument policy = languagePolicy();
    Signal office{SignalId("office"), {}, {}};
    office.source = TimeWindowSource{};
    Signal asked{SignalId("asked"), {}, {}};
    asked.source = UsageSource{};
    policy.signalList.insert(policy.signalList.end(), {office, asked});
    PolicyTest test;
    test.request = ask("What is a margin?");
    test.outcomes = {{ModelId("cheap"), AttemptFailure::RateLimit, false}};
    test.servedBy = ModelId("dear");
    policy.tests.push_back(test);
    std::get<Call>(policy.rules.back().plan.node).overrides.system =
        SystemPrompt{SystemPromptMode::Prepend, "Be brief."};
    Rule varied;
    varied.id = RuleId("varied");
    varied.when = when("length", CompareOp::Lt, 12);
    varied.plan = split({{5'000, chain({call("cheap"), call("dear")}, 9'000, ChainMode::Hedge)},
                         {5'000, call("dear")}});
    policy.rules.push_back(varied);
    return policy;
}

/// As somebody else may have saved it: what it does to the requests is another thing.
PolicyDocument withoutFirstRule(PolicyDocument policy)
{
    policy.rules.erase(policy.rules.begin());
    return policy;
}

/// In the window that has two policies open; the one that shows has all of the language.
const std::vector<Place>& partsOfPolicies()
{
    static const std::vector<Place> all = {
        {"tabs of open policies", {}, {"page tab", "Support desk"}},
        {"find and replace", {}, {"text", "Replace with"}},
        {"places found", {}, {"list", "Places where it stands"}},
        {"headings", {{"list item", "Requests"}}, {"text", "Name of heading 1"}},
        {"tests with outcomes", {}, {"text", "Request of test 1"}},
        {"cascade in a margin", {{"list item", "long"}}, {"text", "Within"}},
        {"cascade", {{"list item", "middling"}}, {"text", "Refusals"}},
        {"pool", {{"list item", "Otherwise"}}, {"combo box", "Picks"}},
        {"split", {{"list item", "varied"}}, {"combo box", "Stays the same for"}},
        {"chain", {}, {"combo box", "When a step is too slow"}},
        {"call that asks otherwise", {{"list item", "short"}}, {"text", "Temperature"}},
        {"system prompt of a call", {}, {"text", "Text of the system prompt"}},
        {"style of a call",
         {{"check box", "Even out its answers"}},
         {"check box", "Flatten Markdown"}},
        {"time window",
         {{"push button", "Problems"}, {"push button", "Show office"}},
         {"text", "Time zone"}},
        {"meter", {{"push button", "Show asked"}}, {"combo box", "Of whom"}},
        {"a request with its time",
         {{"push button", "Problems"}, {"radio button", "Try a request"}},
         {"text", "Time of the request"}},
        {"outcomes to be forced", {{"push button", "Random request"}}, {"combo box", "What "}},
        {"a forced outcome",
         {{"combo box", "What "}, {"list item", "is rate limited"}},
         {"combo box", "What "}},
        {"history", {{"radio button", "History"}}, {"list", "Revisions"}},
    };
    return all;
}

/// In a window whose policy has an edit, while another program saves the file; after a crash of
/// a window with edits in another policy.
const std::vector<Place>& newsOfTheDisk()
{
    static const std::vector<Place> all = {
        {"changed by another program", {}, {"push button", "Keep mine"}},
        {"comparison, structure",
         {{"radio button", "Inspect"}, {"push button", "Compare"}},
         {"push button", "Show: "}},
        {"comparison, behaviour", {}, {"table", "What changes"}},
        {"comparison, requests", {}, {"tree", "Requests that change"}},
        {"comparison, answers", {}, {"push button", "Try this request"}},
    };
    return all;
}

/// Where two windows with edits crashed.
const std::vector<Place>& offersAfterACrash()
{
    static const std::vector<Place> all = {
        {"of all", {}, {"push button", "Restore all"}},
        {"of each", {{"push button", "One by one"}}, {"push button", "Restore"}},
        {"what was thrown away", {{"push button", "Throw away"}}, {"push button", "Bring back"}},
    };
    return all;
}

} // namespace

class TestSpokenTree : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_desktop = std::make_unique<SpokenDesktop>();
        QVERIFY2(m_desktop->problem().isEmpty(), qPrintable(m_desktop->problem()));
        QVERIFY(writeSettings("[voices]\ntaster=Ann\n")); // of somebody who has tasted before
        start(m_program, {});
        QVERIFY2(treeWith({"canvas", "Flow"}), "the program does not speak");
    }
    void cleanupTestCase()
    {
        end(m_second);
        end(m_program);
        m_desktop.reset();
    }

    void everyControlHasANameAndARole_data() { addRows(places()); }
    void everyControlHasANameAndARole()
    {
        QFETCH(const int, place);
        checkPlace(places()[static_cast<std::size_t>(place)]);
    }

    /// The one that shows has edits.
    void twoPoliciesAreOpened()
    {
        QVERIFY(write(everything(), policyOfEverything()) && write(sample(), supportDeskPolicy()));
        restart({sample(), everything()}, QStringLiteral("editAndReplace"));
        QVERIFY(treeWith({"text", "Replace with"}));
    }
    void everyPartOfAPolicyHasANameAndARole_data() { addRows(partsOfPolicies()); }
    void everyPartOfAPolicyHasANameAndARole()
    {
        QFETCH(const int, place);
        checkPlace(partsOfPolicies()[static_cast<std::size_t>(place)]);
    }

    /// The window before had an edit, and did not end well.
    void theOfferAfterACrashHasNamesAndRoles()
    {
        restart({sample()}, QStringLiteral("edit"));
        checkPlace({"of one", {}, {"push button", "Restore"}});
    }
    void anotherWindowAtTheFileIsToldByNamesAndRoles()
    {
        QVERIFY(treeWith({"text", "Name of the rule"})); // of the one that was added
        start(m_second, {sample()});
        checkPlace({"another window", {}, {"notification", "Another window has had sample.json"}},
                   m_second);
        end(m_second);
    }
    void anotherProgramSavesTheFile()
    {
        QVERIFY(write(sample(), withoutFirstRule(supportDeskPolicy())));
    }
    void theNewsOfTheDiskHaveNamesAndRoles_data() { addRows(newsOfTheDisk()); }
    void theNewsOfTheDiskHaveNamesAndRoles()
    {
        QFETCH(const int, place);
        checkPlace(newsOfTheDisk()[static_cast<std::size_t>(place)]);
    }

    /// Now two windows have not ended well.
    void theProgramIsStartedAfterTheCrashes() { restart({}); }
    void theOffersAfterACrashHaveNamesAndRoles_data() { addRows(offersAfterACrash()); }
    void theOffersAfterACrashHaveNamesAndRoles()
    {
        QFETCH(const int, place);
        checkPlace(offersAfterACrash()[static_cast<std::size_t>(place)]);
    }

    void whatCouldComeNextInAConditionHasANameAndARole()
    {
        restart({sample()}, QStringLiteral("typeCondition"));
        checkPlace({"completion", {}, {"list", "What could come next"}});
    }

private:
    [[nodiscard]] bool writeSettings(const char* text) const
    {
        const QProcessEnvironment environment = m_desktop->environment();
        const QString folder = environment.value(QStringLiteral("XDG_CONFIG_HOME"),
                                                 environment.value(QStringLiteral("HOME")) +
                                                     QStringLiteral("/.config")) +
                               QStringLiteral("/signalbox");
        return QDir().mkpath(folder) &&
               writeFileAtomically((folder + QStringLiteral("/signalbox.conf")).toStdString(), text)
                   .has_value();
    }
    static void addRows(const std::vector<Place>& places)
    {
        QTest::addColumn<int>("place");
        for (std::size_t i = 0; i < places.size(); ++i)
            QTest::newRow(places[i].name) << static_cast<int>(i);
    }
    [[nodiscard]] QString everything() const
    {
        return m_folder.filePath(QStringLiteral("everything.json"));
    }
    [[nodiscard]] QString sample() const
    {
        return m_folder.filePath(QStringLiteral("sample.json"));
    }
    /// @param task  of the driver that is loaded into it; see driver_plugin.cpp
    void start(QProcess& program, const QStringList& files, const QString& task = {}) const
    {
        QProcessEnvironment environment = m_desktop->environment();
        if (!task.isEmpty()) {
            environment.insert(QStringLiteral("QT_PLUGIN_PATH"),
                               QStringLiteral(SIGNALBOX_TEST_PLUGINS));
            environment.insert(QStringLiteral("QT_QPA_GENERIC_PLUGINS"),
                               QStringLiteral("signalboxdriver:") + task);
        }
        program.setProcessEnvironment(environment);
        program.setProcessChannelMode(QProcess::ForwardedChannels);
        program.start(QStringLiteral(SIGNALBOX_PROGRAM), files);
        QVERIFY2(program.waitForStarted(), qPrintable(program.errorString()));
    }
    /// As a crash ends it.
    static void end(QProcess& program)
    {
        program.kill();
        program.waitForFinished();
    }
    void restart(const QStringList& files, const QString& task = {})
    {
        end(m_program);
        start(m_program, files, task);
    }
    static bool write(const QString& file, const PolicyDocument& policy)
    {
        return writeFileAtomically(file.toStdString(), toPolicyText(policy)).has_value();
    }
    void checkPlace(const Place& where) const { checkPlace(where, m_program); }
    void checkPlace(const Place& where, const QProcess& program) const
    {
        for (const Word& word : where.way)
            QVERIFY2(press(word, program), word.second);
        const auto tree = treeWith(where.landmark, program);
        QVERIFY2(tree, where.landmark.second);
        const QStringList complaints = lastingComplaints(*tree, program);
        QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join(QLatin1Char('\n'))));
    }
    /// As soon as there is such a thing and it can be used. What was found may be gone by the time
    /// of the press, when the program makes its rows anew: then it is looked for once more.
    [[nodiscard]] bool press(const Word& word, const QProcess& program) const
    {
        return comes(word, program, [&](const SpokenTree& tree) {
            const SpokenNode* node = findPressable(tree, word);
            return node && m_desktop->press(*node);
        });
    }
    /// A walk asks thousands of questions, and between two of them a widget may be filled or shown:
    /// what is amiss stays amiss in the next walk.
    [[nodiscard]] QStringList lastingComplaints(const SpokenTree& tree,
                                                const QProcess& program) const
    {
        QStringList complaints = complaintsAbout(tree);
        SpokenTree next;
        const auto isWalked = [&] {
            next = look(program);
            return !next.empty();
        };
        if (complaints.isEmpty() || !QTest::qWaitFor(isWalked, kPatienceMs))
            return complaints;
        const QStringList later = complaintsAbout(next);
        complaints.removeIf([&](const QString& each) { return !later.contains(each); });
        return complaints;
    }
    [[nodiscard]] std::optional<SpokenTree> treeWith(const Word& word) const
    {
        return treeWith(word, m_program);
    }
    /// The program as soon as such a thing shows.
    [[nodiscard]] std::optional<SpokenTree> treeWith(const Word& word,
                                                     const QProcess& program) const
    {
        std::optional<SpokenTree> found;
        comes(word, program, [&](const SpokenTree& tree) {
            if (find(tree, word, isShowing))
                found = tree;
            return found.has_value();
        });
        return found;
    }
    /// Looks until the condition holds for the program; if that does not come, says what there is
    /// instead of the word.
    template<class Condition>
    bool comes(const Word& word, const QProcess& program, Condition condition) const
    {
        SpokenTree tree;
        const auto isThere = [&] {
            tree = look(program);
            return condition(tree);
        };
        if (QTest::qWaitFor(isThere, kPatienceMs))
            return true;
        fprintf(stderr, "There is no %s \"%s\" in\n%s\n", word.first, word.second,
                qPrintable(textOf(tree)));
        return false;
    }
    /// Nothing if it changed meanwhile.
    [[nodiscard]] SpokenTree look(const QProcess& program) const
    {
        const auto root = m_desktop->program(program.processId());
        return root ? m_desktop->walk(*root).value_or(SpokenTree()) : SpokenTree();
    }

    std::unique_ptr<SpokenDesktop> m_desktop;
    QTemporaryDir m_folder; ///< of policies
    QProcess m_program;
    QProcess m_second; ///< at the same file
};

QTEST_GUILESS_MAIN(TestSpokenTree)
#include "tst_spoken_tree.moc"
