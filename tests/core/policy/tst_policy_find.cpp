// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: everything that somebody wrote in a policy is found with its place; what is replaced is
// one edit that applies and can be undone, renamed things keep their uses, and what stays says why.

#include <core/base/json.h>
#include <core/policy/find.h>
#include <core/policy/policy_json.h>
#include <tests/support/design_example.h>
#include <tests/support/random_policy.h>

#include <QTest>

#include <algorithm>

using namespace signalbox;

namespace {

PolicyDocument policy()
{
    PolicyDocument document = *parsePolicy(test::kDesignExample);
    document.models = {};
    for (const char* const id : {"gpt-4", "gpt-3.5-turbo", "palm-2"}) {
        ModelSpec model;
        model.id = ModelId(id);
        model.upstreamModel = id;
        document.models.push_back(std::move(model));
    }
    document.rules[0].note = "Asked for by legal, illegal otherwise";
    document.tests[0].rule = document.rules[0].id;
    document.tests[0].expectOtherwise = false;
    return document;
}

QString placesOf(const FindQuery& query, const PolicyDocument& document = policy())
{
    QStringList places;
    for (const FindHit& hit : findText(document, query))
        places << QString::fromStdString(hit.path + '@' + std::to_string(hit.offset));
    return places.join(QLatin1Char(' '));
}

/// The document with the edit made, which must apply and take itself back.
PolicyDocument after(const Replacement& replacement, const PolicyDocument& before = policy())
{
    PolicyDocument document = before;
    if (!replacement.edit)
        return document;
    const auto inverse = apply(document, *replacement.edit);
    if (!inverse)
        qFatal("%s", toString(inverse.error()).c_str());
    const PolicyDocument changed = document;
    if (!apply(document, *inverse) || document != before)
        qFatal("the edit cannot be undone");
    return changed;
}

QString sentencesOf(const Replacement& replacement)
{
    QStringList sentences;
    for (const Replacement::Refusal& refusal : replacement.refused)
        sentences << QString::fromStdString(refusal.sentence);
    return sentences.join(QLatin1Char('|'));
}

} // namespace

class TestPolicyFind : public QObject
{
    Q_OBJECT
private slots:
    void everyKindOfTextIsFoundAtItsPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("places");
        const auto row = [](const char* text, const char* places) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(places);
        };
        row("hard q", "rules[0].label@0");
        row("illegal", "rules[0].note@20");
        row("medical", "signals[2].anyOf[1]@0");
        row("enterprise", "rules[0].when.any[1].all[0].value@0");
        row("capital", "tests[0].request.messages[0].content@12");
        row("palm-2", "models[2].id@0 models[2].upstreamModel@0 "
                      "otherwise.chain.steps[0].split.arms[0].plan.call.model@0 "
                      "tests[0].expect.model@0");
        row("2026-11", "otherwise.chain.steps[0].split.salt@0");
        row("500", "signals[0].terms[1].when.value@0");
        row("", "");
        row("nowhere at all", "");
    }
    void everyKindOfTextIsFoundAtItsPlace()
    {
        QFETCH(QString, text);
        QFETCH(QString, places);
        QCOMPARE(placesOf({text.toStdString(), false, false}), places);
    }

    /// Paths are those of the file, so that the source view can go to them.
    void placesAreThoseOfTheFile()
    {
        const std::string text = toPolicyText(policy());
        for (const char* const wanted : {"e", "1", "a"}) {
            for (const FindHit& hit : findText(policy(), {wanted, false, false})) {
                const auto place = findTextPlace(text, hit.path);
                QVERIFY2(place.has_value() && place->line > 1, hit.path.c_str());
            }
        }
    }

    void caseAndWholeWordsCount()
    {
        QCOMPARE(placesOf({"LEGAL", false, false}),
                 QStringLiteral("signals[2].anyOf[0]@0 rules[0].note@13 rules[0].note@22"));
        QCOMPARE(placesOf({"LEGAL", true, false}), QString());
        QCOMPARE(placesOf({"legal", true, true}),
                 QStringLiteral("signals[2].anyOf[0]@0 rules[0].note@13"));
    }

    void textsAreReplacedAsOneEdit()
    {
        const Replacement replacement = replaceAll(policy(), {"legal", false, true}, "law");
        QCOMPARE(replacement.replaced, std::size_t{2});
        QVERIFY(replacement.refused.empty());
        const PolicyDocument changed = after(replacement);
        QCOMPARE(changed.rules[0].note, std::string("Asked for by law, illegal otherwise"));
        QCOMPARE(std::get<KeywordsSource>(changed.signalList[2].source).anyOf[0],
                 std::string("law"));
    }

    void aRenamedThingKeepsItsUses()
    {
        const Replacement replacement = replaceAll(policy(), {"palm", false, false}, "pine");
        const PolicyDocument changed = after(replacement);
        QVERIFY(changed.findModel(ModelId("pine-2")) && !changed.findModel(ModelId("palm-2")));
        // All but the name at its provider, which has a price of its own.
        const auto left = findText(changed, {"palm", false, false});
        QCOMPARE(left.size(), std::size_t{1});
        QCOMPARE(left[0].path, std::string("models[2].upstreamModel"));
        QCOMPARE(sentencesOf(replacement),
                 QStringLiteral("The price is that of this provider and this name there; "
                                "change them in the model's fields."));
        QCOMPARE(replacement.replaced, findText(policy(), {"palm", false, false}).size() - 1);
        QCOMPARE(changed.tests[0].model, std::optional(ModelId("pine-2")));
        const PolicyDocument signal =
            after(replaceAll(policy(), {"complexity", false, false}, "difficulty"));
        QVERIFY(signal.findSignal(SignalId("difficulty")));
        QVERIFY(findText(signal, {"complexity", false, false}).empty());
        const PolicyDocument rule = after(replaceAll(policy(), {"hard", true, true}, "difficult"));
        QCOMPARE(rule.rules[0].id, RuleId("difficult"));
        QCOMPARE(rule.tests[0].rule, std::optional(RuleId("difficult")));
    }

    void whatStaysSaysWhy()
    {
        const auto refusal = [](const char* text, const char* with) {
            return sentencesOf(replaceAll(policy(), {text, false, false}, with));
        };
        QCOMPARE(refusal("2026-11", "x"),
                 QStringLiteral("A salt decides who gets which arm; change it in its own field."));
        QCOMPARE(refusal("500", "many"), QStringLiteral("\"many\" is no number."));
        QVERIFY(refusal("complexity", "").contains(QStringLiteral("needs a name.")));
        QCOMPARE(refusal("legal", "").count(QStringLiteral("Nothing would be left of it.")),
                 1); // the keyword; the note may be empty
    }

    /// To have another model answer: its uses go over, and what it is stays as it was, price and
    /// name at the provider with it.
    void theUsesOfAThingGoOverToAnother()
    {
        PolicyDocument wanted = policy();
        for (const char* const each : {"gpt-3.5-turbo", "palm-2"}) {
            const ModelSpec before = *policy().findModel(ModelId(each));
            const Replacement replacement = replaceAll(policy(), {each, true, true}, "gpt-4");
            const PolicyDocument changed = after(replacement);
            QVERIFY(changed.findModel(ModelId(each)) &&
                    *changed.findModel(ModelId(each)) == before);
            for (const FindHit& left : findText(changed, {each, true, true}))
                QVERIFY2(left.path.starts_with("models["), left.path.c_str());
            QVERIFY2(QString::fromStdString(replacement.refused.front().sentence)
                         .contains(QStringLiteral("What used the model \"%1\" uses \"gpt-4\" now; "
                                                  "the definition stays.")
                                       .arg(QLatin1String(each))),
                     qPrintable(sentencesOf(replacement)));
        }
        // One place alone, too; and where nothing uses it, the name is simply taken.
        const auto hits = findText(policy(), {"palm-2", true, true});
        const auto use = std::ranges::find(hits, FindKind::Use, &FindHit::kind);
        QVERIFY(use != hits.end());
        const Replacement one = replaceHit(policy(), {"palm-2", true, true}, *use, "gpt-4");
        QCOMPARE(one.replaced, std::size_t{1});
        QCOMPARE(findText(after(one), {"palm-2", true, true}).size(), hits.size() - 1);
        const auto id = std::ranges::find(hits, FindKind::Id, &FindHit::kind);
        QCOMPARE(sentencesOf(replaceHit(policy(), {"palm-2", true, true}, *id, "gpt-4")),
                 QStringLiteral("There is a model \"gpt-4\" already."));
    }

    void aNumberStaysANumber()
    {
        const PolicyDocument changed = after(replaceAll(policy(), {"500", false, false}, "600.5"));
        const auto& score = std::get<ScoreSource>(changed.signalList[0].source);
        QVERIFY(std::get<Compare>(score.terms[1].when.node).value == CompareValue(600.5));
    }

    void oneHitIsReplacedAlone()
    {
        const FindQuery query{"legal", false, false};
        const std::vector<FindHit> hits = findText(policy(), query);
        const Replacement replacement = replaceHit(policy(), query, hits[2], "usual");
        QCOMPARE(replacement.replaced, std::size_t{1});
        const PolicyDocument changed = after(replacement);
        QCOMPARE(changed.rules[0].note, std::string("Asked for by legal, ilusual otherwise"));
        QCOMPARE(std::get<KeywordsSource>(changed.signalList[2].source).anyOf[0],
                 std::string("legal"));
    }

    void aUseAloneIsNotReplaced()
    {
        const FindQuery query{"gpt-4", true, true};
        std::vector<FindHit> hits = findText(policy(), query);
        const auto use = std::ranges::find(hits, FindKind::Use, &FindHit::kind);
        const Replacement replacement = replaceHit(policy(), query, *use, "gpt-5");
        QVERIFY(!replacement.edit);
        QVERIFY(sentencesOf(replacement).contains(QStringLiteral("rename it, and all its uses")));
    }

    void aUseOfWhatIsNotThereIsMended()
    {
        PolicyDocument broken = policy();
        broken.rules[0].plan = Plan{Call{ModelId("gtp-4"), {}, {}, {}}};
        const PolicyDocument mended =
            after(replaceAll(broken, {"gtp-4", false, false}, "gpt-4"), broken);
        QVERIFY(mended.rules[0].plan == (Plan{Call{ModelId("gpt-4"), {}, {}, {}}}));
    }

    /// A document with a doubled id is broken, and what is replaced in it is still what was found.
    void twinsAreNotMixedUp()
    {
        PolicyDocument broken = policy();
        broken.rules.push_back(broken.rules[0]);
        broken.rules[1].note = "the second one";
        const PolicyDocument changed =
            after(replaceAll(broken, {"second", false, false}, "other"), broken);
        QCOMPARE(changed.rules[0].note, broken.rules[0].note);
        QCOMPARE(changed.rules[1].note, std::string("the other one"));
    }

    /// Hits are replaced or refused, each once, whatever the policy; the edit applies.
    void everyHitIsReplacedOrRefused()
    {
        for (std::uint64_t seed = 0; seed < 500; ++seed) {
            const PolicyDocument document = test::RandomPolicy(seed).document();
            for (const char* const text : {"x", "1", "legal", "m"}) {
                const FindQuery query{text, false, seed % 2 == 0};
                const Replacement replacement = replaceAll(document, query, "y2");
                QCOMPARE(replacement.replaced + replacement.refused.size(),
                         findText(document, query).size());
                QCOMPARE(replacement.edit.has_value(), replacement.replaced > 0);
                static_cast<void>(after(replacement, document));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestPolicyFind)
#include "tst_policy_find.moc"
