// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the real program speaks: on every page, in every pane and sheet, what can be operated
// has a role and a name, as assistive technology gets them over AT-SPI, which is also how this test
// goes from place to place.

#include <core/base/files.h>
#include <core/policy/policy_json.h>
#include <core/sample/support_desk.h>
#include <tests/support/spoken_desktop.h>
#include <tests/ui/policy/language_policy.h>

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

const SpokenNode* find(const SpokenTree& tree, const Word& word, bool showing = true)
{
    const auto found = std::ranges::find_if(tree, [&](const SpokenNode& node) {
        return node.role == QLatin1String(word.first) &&
               node.name.startsWith(QLatin1String(word.second)) &&
               (!showing || node.is(SpokenNode::kShowing));
    });
    return found == tree.end() ? nullptr : &*found;
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

/// All of the policy language, with a test of what happens when models fail.
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
    return policy;
}

/// In the window that has two policies open; the one that shows has all of the language.
const std::vector<Place>& partsOfPolicies()
{
    static const std::vector<Place> all = {
        {"tabs of open policies", {}, {"page tab", "Support desk"}},
        {"find and replace", {}, {"text", "Replace with"}},
        {"headings", {{"list item", "Requests"}}, {"text", "Name of heading 1"}},
        {"tests with outcomes", {}, {"text", "Request of test 1"}},
        {"cascade in a margin", {{"list item", "long"}}, {"text", "Within"}},
        {"cascade", {{"list item", "middling"}}, {"text", "Refusals"}},
        {"call that asks otherwise", {{"list item", "short"}}, {"text", "Temperature"}},
        {"time window",
         {{"push button", "Problems"}, {"push button", "Show office"}},
         {"text", "Time zone"}},
        {"meter", {{"push button", "Show asked"}}, {"combo box", "Of whom"}},
        {"a request with its time",
         {{"push button", "Problems"}, {"radio button", "Try a request"}},
         {"text", "Time of the request"}},
        {"history", {{"radio button", "History"}}, {"list", "Revisions"}},
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
        start(m_program, {});
        QVERIFY2(treeWith({"canvas", "Flow"}), "the program does not speak");
    }
    void cleanupTestCase()
    {
        m_program.kill();
        m_program.waitForFinished();
        m_desktop.reset();
    }

    void everyControlHasANameAndARole_data()
    {
        QTest::addColumn<int>("place");
        for (std::size_t i = 0; i < places().size(); ++i)
            QTest::newRow(places()[i].name) << static_cast<int>(i);
    }
    void everyControlHasANameAndARole()
    {
        QFETCH(const int, place);
        checkPlace(places()[static_cast<std::size_t>(place)]);
    }

    /// The one that shows has edits.
    void twoPoliciesAreOpened()
    {
        m_program.kill();
        QVERIFY(m_program.waitForFinished());
        const QString file = m_folder.filePath(QStringLiteral("everything.json"));
        const QString other = m_folder.filePath(QStringLiteral("sample.json"));
        QVERIFY(write(file, policyOfEverything()) && write(other, supportDeskPolicy()));
        start(m_program, {other, file}, QStringLiteral("editAndReplace"));
        QVERIFY(treeWith({"text", "Replace with"}));
    }
    void everyPartOfAPolicyHasANameAndARole_data()
    {
        QTest::addColumn<int>("place");
        for (std::size_t i = 0; i < partsOfPolicies().size(); ++i)
            QTest::newRow(partsOfPolicies()[i].name) << static_cast<int>(i);
    }
    void everyPartOfAPolicyHasANameAndARole()
    {
        QFETCH(const int, place);
        checkPlace(partsOfPolicies()[static_cast<std::size_t>(place)]);
    }

private:
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
    static bool write(const QString& file, const PolicyDocument& policy)
    {
        return writeFileAtomically(file.toStdString(), toPolicyText(policy)).has_value();
    }
    void checkPlace(const Place& where) const
    {
        for (const Word& word : where.way) {
            // Entries of menus are pressed without opening the menu first.
            const bool showing = QLatin1String(word.first) != QLatin1String("menu item");
            const auto tree = treeWith(word, showing);
            QVERIFY2(tree, word.second);
            QVERIFY2(m_desktop->press(*find(*tree, word, showing)), word.second);
        }
        const auto tree = treeWith(where.landmark);
        QVERIFY2(tree, where.landmark.second);
        const QStringList complaints = complaintsAbout(*tree);
        QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join(QLatin1Char('\n'))));
    }
    /// The program as soon as there is such a thing; if it does not come, says what there is.
    [[nodiscard]] std::optional<SpokenTree> treeWith(const Word& word, bool showing = true) const
    {
        SpokenTree tree;
        const auto comes = [&] {
            tree = look();
            return find(tree, word, showing) != nullptr;
        };
        if (QTest::qWaitFor(comes, kPatienceMs))
            return tree;
        const QString there = textOf(tree);
        fprintf(stderr, "There is no %s \"%s\" in\n%s\n", word.first, word.second,
                qPrintable(there));
        return std::nullopt;
    }
    /// Nothing if it changed meanwhile.
    [[nodiscard]] SpokenTree look() const
    {
        const SpokenTree programs = m_desktop->programs();
        return programs.empty() ? SpokenTree()
                                : m_desktop->walk(programs.front()).value_or(SpokenTree());
    }

    std::unique_ptr<SpokenDesktop> m_desktop;
    QTemporaryDir m_folder; ///< of policies
    QProcess m_program;
};

QTEST_GUILESS_MAIN(TestSpokenTree)
#include "tst_spoken_tree.moc"
