// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: every edit returns its inverse, a refused edit leaves the document as it was, a rename
// reaches every use, and any sequence of edits, all undone, gives the equal document and text.

#include <core/policy/edit.h>
#include <core/policy/policy_json.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// Three rules, a score over "length", every place that can name a model.
PolicyDocument sample()
{
    ScoreSource score;
    score.terms = {{1, allOf({when("length", CompareOp::Gt, 10), negated(when("asks"))})}};
    return PolicyBuilder({"cheap", "mid", "dear"})
        .measure("length", TextMeasure::Chars)
        .contains("asks", "?")
        .signal("complexity", score)
        .rule("a", when("length", CompareOp::Gt, 200), call("dear"))
        .rule("b", anyOf({when("asks"), when("complexity", CompareOp::Gte, 7)}),
              chain({call("mid"), call("dear")}))
        .rule("c", when("asks"), split({{5000, call("mid")}, {5000, call("dear")}}))
        .holdout(0.1, "dear")
        .with([](PolicyDocument& policy) {
            PolicyTest test;
            test.request = ask("x");
            test.rule = RuleId("a");
            test.model = ModelId("dear");
            policy.tests = {test};
        });
}

std::string applied(PolicyDocument& policy, const Edit& edit)
{
    const auto inverse = apply(policy, edit);
    return inverse ? std::string() : toString(inverse.error());
}

std::vector<std::string> ruleIds(const PolicyDocument& policy)
{
    std::vector<std::string> ids;
    for (const Rule& rule : policy.rules)
        ids.push_back(rule.id.value);
    return ids;
}

template<class Item> Item renamed(Item item, const char* id)
{
    item.id.value = id;
    return item;
}

} // namespace

class TestPolicyEdit : public QObject
{
    Q_OBJECT
private slots:
    void allUndoneGivesTheEqualDocumentAndText()
    {
        int appliedEdits = 0;
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
            RandomPolicy random(seed);
            PolicyDocument policy = random.document();
            const PolicyDocument before = policy;
            const std::string text = toPolicyText(policy);
            std::vector<Edit> undo;
            std::vector<PolicyDocument> states;
            for (int i = 0; i < 400; ++i) {
                const Edit edit = random.edit(policy, 2);
                const PolicyDocument untouched = policy;
                auto inverse = apply(policy, edit);
                if (!inverse) {
                    QVERIFY2(policy == untouched, "a refused edit changed the document");
                    continue;
                }
                ++appliedEdits;
                undo.push_back(std::move(*inverse));
                states.push_back(untouched);
            }
            while (!undo.empty()) {
                const auto redo = apply(policy, undo.back());
                QVERIFY2(redo.has_value(), qPrintable(QString::number(undo.back().index())));
                QVERIFY(policy == states.back());
                undo.pop_back();
                states.pop_back();
            }
            QVERIFY(policy == before);
            QCOMPARE(toPolicyText(policy), text);
        }
        QVERIFY2(appliedEdits > 2000, qPrintable(QString::number(appliedEdits)));
    }

    void theInverseOfTheInverseRedoes()
    {
        RandomPolicy random(99);
        PolicyDocument policy = random.document();
        for (int i = 0; i < 300; ++i) {
            const Edit edit = random.edit(policy, 2);
            const PolicyDocument before = policy;
            const auto undo = apply(policy, edit);
            if (!undo)
                continue;
            const PolicyDocument after = policy;
            const auto redo = apply(policy, *undo);
            QVERIFY(redo.has_value());
            QVERIFY(policy == before);
            QVERIFY(apply(policy, *redo).has_value());
            QVERIFY(policy == after);
        }
    }

    void undoIsExactWithIdsThatAFileMayHold()
    {
        // Given twice, empty, or used without being there: all of it can be read from a file.
        PolicyDocument policy = sample();
        policy.rules.push_back(policy.rules[0]);
        policy.rules.push_back(renamed(policy.rules[1], ""));
        policy.models.push_back(policy.models[0]);
        policy.signalList.push_back(policy.signalList[0]);
        policy.rules[2].when = when("ghost");
        policy.otherwise = call("ghost");
        policy.tests[0].rule = RuleId("ghost");
        const std::vector<Edit> edits = {
            RemoveRule{RuleId("a")},
            MoveRule{RuleId("a"), 4},
            ReplaceRule{RuleId("a"), renamed(policy.rules[0], "new")},
            ReplaceRule{RuleId("b"), renamed(policy.rules[1], "ghost")},
            RemoveRule{RuleId()},
            MoveRule{RuleId(), 0},
            ReplaceRule{RuleId(), renamed(policy.rules[0], "new")},
            RemoveModel{ModelId("cheap")},
            ReplaceModel{ModelId("cheap"), renamed(policy.models[0], "new")},
            ReplaceModel{ModelId("mid"), renamed(policy.models[1], "ghost")},
            RemoveSignal{SignalId("length")},
            ReplaceSignal{SignalId("length"), renamed(policy.signalList[0], "new")},
            ReplaceSignal{SignalId("asks"), renamed(policy.signalList[1], "ghost")}};
        for (const Edit& edit : edits) {
            PolicyDocument changed = policy;
            const auto inverse = apply(changed, edit);
            QVERIFY2(inverse.has_value(), describe(edit, policy).c_str());
            QVERIFY2(changed != policy, describe(edit, policy).c_str());
            QVERIFY2(apply(changed, *inverse).has_value(), describe(edit, policy).c_str());
            QVERIFY2(changed == policy, describe(edit, policy).c_str());
        }
    }

    void aRenamedSignalIsRenamedInConditionsAndTerms()
    {
        PolicyDocument policy = sample();
        Signal signal = policy.signalList[0];
        signal.id = SignalId("chars");
        signal.note = "code points";
        QCOMPARE(applied(policy, ReplaceSignal{SignalId("length"), signal}), std::string());
        QCOMPARE(policy.signalList[0], signal);
        QCOMPARE(policy.rules[0].when, when("chars", CompareOp::Gt, 200));
        const auto& term = std::get<ScoreSource>(policy.signalList[2].source).terms[0];
        QCOMPARE(term.when, allOf({when("chars", CompareOp::Gt, 10), negated(when("asks"))}));
        QCOMPARE(toPolicyText(policy).find("\"length\""), std::string::npos);
    }

    void aRenamedModelIsRenamedEverywhere()
    {
        PolicyDocument policy = sample();
        const ModelSpec model = renamed(policy.models[2], "gpt-4");
        QCOMPARE(applied(policy, ReplaceModel{ModelId("dear"), model}), std::string());
        QCOMPARE(policy.baseline, ModelId("gpt-4"));
        QCOMPARE(policy.rules[0].plan, call("gpt-4"));
        QCOMPARE(policy.rules[1].plan, chain({call("mid"), call("gpt-4")}));
        QCOMPARE(policy.rules[2].plan, split({{5000, call("mid")}, {5000, call("gpt-4")}}));
        QCOMPARE(policy.holdout->model, ModelId("gpt-4"));
        QCOMPARE(policy.tests[0].model, std::optional(ModelId("gpt-4")));
        // Its name at the provider is another matter and stays.
        QCOMPARE(policy.models[2].upstreamModel, std::string("dear"));
    }

    void aRenamedRuleIsRenamedInTests()
    {
        PolicyDocument policy = sample();
        QCOMPARE(applied(policy, ReplaceRule{RuleId("a"), renamed(policy.rules[0], "long")}),
                 std::string());
        QCOMPARE(policy.tests[0].rule, std::optional(RuleId("long")));
    }

    void aRuleMovesToItsPlace_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<int>("index");
        QTest::addColumn<QByteArray>("order");
        QTest::newRow("down") << QByteArray("a") << 2 << QByteArray("bca");
        QTest::newRow("one down") << QByteArray("a") << 1 << QByteArray("bac");
        QTest::newRow("up") << QByteArray("c") << 0 << QByteArray("cab");
        QTest::newRow("nowhere") << QByteArray("b") << 1 << QByteArray("abc");
    }
    void aRuleMovesToItsPlace()
    {
        QFETCH(const QByteArray, id);
        QFETCH(const int, index);
        QFETCH(const QByteArray, order);
        PolicyDocument policy = sample();
        QCOMPARE(applied(policy, MoveRule{RuleId(id.toStdString()), std::size_t(index)}),
                 std::string());
        QByteArray ids;
        for (const std::string& rule : ruleIds(policy))
            ids += rule.c_str();
        QCOMPARE(ids, order);
    }

    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QByteArray>("error");
        const std::vector<const char*> errors = {
            "there is no rule \"x\"",
            "there is no rule \"x\"",
            "there is no rule \"x\"",
            "there is a rule \"b\" already (Choose another id.)",
            "there is a rule \"a\" already (Choose another id.)",
            "a rule needs an id",
            "the position 4 is behind the end of the list",
            "the position 3 is behind the end of the list",
            "there is no signal \"x\"",
            "there is a signal \"asks\" already (Choose another id.)",
            "a model needs an id",
            "there is no model \"x\"",
            ("the key of model \"new\" is not \"env:NAME\" or \"keychain:NAME\" (A policy never "
             "holds a key itself: put it into an environment variable or the keychain and name "
             "it.)"),
            "there is no model \"y\""};
        for (std::size_t i = 0; i < errors.size(); ++i)
            QTest::addRow("%zu", i) << int(i) << QByteArray(errors[i]);
    }
    void whatCannotBeIsRefused()
    {
        QFETCH(const int, number);
        QFETCH(const QByteArray, error);
        const PolicyDocument before = sample();
        const Rule& rule = before.rules[0];
        ModelSpec pasted = renamed(before.models[0], "new");
        pasted.keyRef = "sk-canary";
        const std::vector<Edit> edits = {
            RemoveRule{RuleId("x")},
            ReplaceRule{RuleId("x"), rule},
            MoveRule{RuleId("x"), 0},
            ReplaceRule{RuleId("a"), renamed(rule, "b")},
            InsertRule{0, rule},
            InsertRule{0, renamed(rule, "")},
            InsertRule{4, renamed(rule, "new")},
            MoveRule{RuleId("a"), 3},
            RemoveSignal{SignalId("x")},
            ReplaceSignal{SignalId("length"), renamed(before.signalList[0], "asks")},
            ReplaceModel{ModelId("cheap"), renamed(before.models[0], "")},
            RemoveModel{ModelId("x")},
            InsertModel{0, pasted},
            Boxed<EditBatch>(EditBatch{{RemoveRule{RuleId("a")}, SetBaseline{ModelId("cheap")},
                                        RemoveModel{ModelId("y")}}})};
        PolicyDocument policy = before;
        QCOMPARE(QByteArray::fromStdString(applied(policy, edits[std::size_t(number)])), error);
        QVERIFY(policy == before);
    }

    void anEditIsDescribedInASentence()
    {
        PolicyDocument policy = sample();
        policy.rules[0].label = "Hard questions";
        Rule disabled = policy.rules[0];
        disabled.enabled = false;
        Rule relabelled = policy.rules[0];
        relabelled.label = "Long ones";
        Rule rerouted = policy.rules[0];
        rerouted.plan = call("mid");
        Rule retuned = policy.rules[0];
        retuned.when = when("length", CompareOp::Gt, 300);
        Rule both = rerouted;
        both.enabled = false;
        ModelSpec priced = policy.models[0];
        priced.price.reset();
        const std::vector<std::pair<Edit, std::string>> rows = {
            {MoveRule{RuleId("a"), 1}, "Move rule \"Hard questions\""},
            {RemoveRule{RuleId("gone")}, "Remove rule \"gone\""},
            {InsertRule{0, policy.rules[0]}, "Add rule \"Hard questions\""},
            {ReplaceRule{RuleId("a"), disabled}, "Disable rule \"Hard questions\""},
            {ReplaceRule{RuleId("a"), relabelled},
             "Rename rule \"Hard questions\" to \"Long ones\""},
            {ReplaceRule{RuleId("a"), rerouted}, "Change the plan of rule \"Hard questions\""},
            {ReplaceRule{RuleId("a"), retuned}, "Change the condition of rule \"Hard questions\""},
            {ReplaceRule{RuleId("a"), both}, "Change rule \"Hard questions\""},
            {ReplaceSignal{SignalId("asks"), renamed(policy.signalList[1], "question")},
             "Rename signal \"asks\" to \"question\""},
            {ReplaceModel{ModelId("cheap"), priced}, "Change the price of model \"cheap\""},
            {SetBaseline{ModelId("dear")}, "Make \"dear\" the baseline"},
            {SetHoldout{}, "Remove the holdout"},
            {SetTitle{"id", "Desk", 1, ""}, "Rename the policy to \"Desk\""},
            {Boxed<EditBatch>(EditBatch{{RemoveRule{RuleId("a")}, SetHoldout{}, SetGates{}}}),
             "Remove rule \"Hard questions\" and 2 more"}};
        for (const auto& [edit, sentence] : rows)
            QCOMPARE(describe(edit, policy), sentence);
    }
};

QTEST_GUILESS_MAIN(TestPolicyEdit)
#include "tst_policy_edit.moc"
