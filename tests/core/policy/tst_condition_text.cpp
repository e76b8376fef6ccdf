// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a condition and its text are two forms of the same value, whatever the condition; a text
// that cannot be read has a sentence at the place where it goes wrong; what is offered at a place
// fits it, and reads when it is taken.

#include <core/policy/condition_completion.h>
#include <core/policy/condition_text.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

Condition compare(const char* signal, CompareOp op, CompareValue value, bool ignoreCase = false)
{
    return {Compare{SignalId(signal), op, std::move(value), ignoreCase}};
}

Condition isTrue(const char* signal)
{
    return compare(signal, CompareOp::Eq, true);
}

/// A policy with a signal of each type, and rules that compare them with a few values.
PolicyDocument policy()
{
    PolicyDocument document;
    document.models = {ModelSpec{}, ModelSpec{}};
    document.models[0].id = ModelId("gpt-4");
    document.models[1].id = ModelId("gpt-3.5");
    document.signalList = {
        {SignalId("complexity"), ScoreSource{}, {}},
        {SignalId("asks"), KeywordsSource{}, {}},
        {SignalId("plan"), MetadataSource{"plan", ValueType::String}, {}},
        {SignalId("wanted style"), StyleSource{}, {}},
        {SignalId("wanted model"), FieldSource{RequestField::RequestedModel}, {}},
    };
    Rule rule;
    rule.id = RuleId("r");
    rule.when =
        Condition{All{{compare("plan", CompareOp::In,
                               std::vector<Scalar>{std::string("enterprise"), std::string("team")}),
                       compare("complexity", CompareOp::Gte, 7.0),
                       compare("plan", CompareOp::Matches, std::string("^[Ee]nt"))}}};
    document.rules = {rule};
    return document;
}

/// The items offered at "|".
QString offered(std::string text)
{
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    QStringList items;
    for (const ConditionCompletion& item : completeCondition(text, cursor, policy()).items)
        items << QString::fromStdString(item.text);
    return items.join(QStringLiteral(" · "));
}

} // namespace

Q_DECLARE_METATYPE(signalbox::Condition)

class TestConditionText : public QObject
{
    Q_OBJECT
private slots:
    void eachConstructHasItsText_data()
    {
        QTest::addColumn<Condition>("condition");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const Condition& condition, const char* text) {
            QTest::newRow(name) << condition << QString::fromUtf8(text);
        };
        const Condition a = isTrue("a");
        const Condition b = isTrue("b");
        const Condition c = isTrue("c");
        row("number", compare("complexity", CompareOp::Gte, 7.0), "complexity >= 7");
        row("negative", compare("n", CompareOp::Lt, -0.5), "n < -0.5");
        row("large", compare("n", CompareOp::Eq, 1'000'000.0), "n = 1000000");
        row("text", compare("plan", CompareOp::Eq, std::string("pro")), "plan = \"pro\"");
        row("escapes", compare("plan", CompareOp::Ne, std::string("a\"b\\c\nd\x01")),
            "plan != \"a\\\"b\\\\c\\nd\\u0001\"");
        row("truth", a, "a");
        row("falsehood", compare("a", CompareOp::Eq, false), "a = false");
        row("styles", compare("complexity", CompareOp::Gte, ByStyle{8, 7, 5}),
            "complexity >= {concise: 8, balanced: 7, detailed: 5}");
        row("list",
            compare("plan", CompareOp::In,
                    std::vector<Scalar>{std::string("pro"), std::string("team")}),
            "plan in (\"pro\", \"team\")");
        row("empty list", compare("plan", CompareOp::In, std::vector<Scalar>{}), "plan in ()");
        row("prefix", compare("title", CompareOp::Prefix, std::string("Re:"), true),
            "title starts with \"Re:\" ignoring case");
        row("expression", compare("x", CompareOp::Matches, std::string("[Ll]egal"), true),
            "x matches /[Ll]egal/i");
        row("slash in it", compare("x", CompareOp::Matches, std::string("a/b")),
            "x matches /a\\/b/");
        row("escaped slash in it", compare("x", CompareOp::Matches, std::string("a\\/b"), true),
            "x matches \"a\\\\/b\" ignoring case");
        row("exists", compare("maxTokens", CompareOp::Exists, true), "maxTokens exists");
        row("name with a blank", compare("my signal", CompareOp::Gt, 1.0), "`my signal` > 1");
        row("keyword as a name", isTrue("Not"), "`Not`");
        row("digit first", isTrue("3d"), "`3d`");
        row("no name", isTrue(""), "``");
        row("other letters", isTrue("größe-1.b"), "größe-1.b");
        row("and or not", Condition{All{{a, Condition{Any{{b, Condition{Not{c}}}}}}}},
            "a and (b or not c)");
        row("group in its like", Condition{All{{Condition{All{{a, b}}}, c}}}, "(a and b) and c");
        row("not of a group", Condition{Not{Condition{All{{a, b}}}}}, "not (a and b)");
        row("not in", Condition{Not{compare("n", CompareOp::In, std::vector<Scalar>{1.0, 2.0})}},
            "n not in (1, 2)");
        row("twice not", Condition{Not{Condition{Not{a}}}}, "not not a");
        row("group of one", Condition{Any{{a}}}, "any(a)");
        row("group of one group", Condition{All{{Condition{Any{{a, b}}}}}}, "all(a or b)");
        row("always", Condition{All{}}, "always");
        row("never in a group", Condition{All{{a, Condition{Any{}}}}}, "a and never");
        row("what does not fit", compare("a", CompareOp::Exists, 3.0, true),
            "a exists 3 ignoring case");
    }
    void eachConstructHasItsText()
    {
        QFETCH(Condition, condition);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(toConditionText(condition)), text);
        const auto reading = readConditionText(text.toStdString());
        QVERIFY2(reading.has_value(), reading ? "" : reading.error().message.c_str());
        QVERIFY(reading->condition == condition);
    }

    void textsAreUnderstoodAsPeopleWriteThem_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QString>("meant");
        const auto row = [](const char* written, const char* meant) {
            QTest::newRow(written) << QString::fromUtf8(written) << QString::fromUtf8(meant);
        };
        row("complexity>=7", "complexity >= 7");
        row("a AND b Or Not c", "(a and b) or not c");
        row("a && b || !c", "(a and b) or not c");
        row("a or b and c", "a or (b and c)");
        row("(((a)))", "a");
        row("n ≥ 3", "n >= 3");
        row("n == +3", "n = 3");
        row("n <> 3.5e2", "n != 350");
        row("plan is not 'pro'", "plan != \"pro\"");
        row("plan is one of (\"a\", \"b\",)", "plan in (\"a\", \"b\")");
        row("asks = yes", "asks");
        row("asks is no", "asks = false");
        row("“the plan” = „pro“", "`the plan` = \"pro\"");
        row("title prefix \"Re\"", "title starts with \"Re\"");
        row("x matches \"a|b\" ignoring case", "x matches /a|b/i");
        row("any(a, b and c)", "a or (b and c)");
        row("n >= {detailed: 1, concise = 3, balanced: 2}",
            "n >= {concise: 3, balanced: 2, detailed: 1}");
        row("  a\n and\tb ", "a and b");
        row("plan = \"\\u00e9\"", "plan = \"é\"");
    }
    void textsAreUnderstoodAsPeopleWriteThem()
    {
        QFETCH(QString, written);
        QFETCH(QString, meant);
        const auto reading = readConditionText(written.toStdString());
        QVERIFY2(reading.has_value(), reading ? "" : reading.error().message.c_str());
        QCOMPARE(QString::fromStdString(toConditionText(reading->condition)), meant);
    }

    void anyConditionIsReadBackEqual()
    {
        for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
            RandomPolicy random(seed);
            Condition condition = random.condition(4);
            // Names are what people make them, too.
            const PolicyDocument names = random.document();
            forEachName(condition, [&](SignalId& id) { id.value = names.name; });
            const std::string text = toConditionText(condition);
            const auto reading = readConditionText(text);
            if (!reading || !(reading->condition == condition)) {
                qInfo("seed %llu: %s", static_cast<unsigned long long>(seed), text.c_str());
                QVERIFY(reading.has_value());
                QVERIFY(reading->condition == condition);
            }
            QCOMPARE(toConditionText(reading->condition), text);
        }
    }

    void aMistakeHasItsPlaceAndSaysWhatWasExpected_data()
    {
        QTest::addColumn<QString>("text"); // the mistake between brackets
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* text, const char* sentence) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(sentence);
        };
        row("⟨⟩", "the name of a signal");
        row("a and⟨⟩", "the name of a signal");
        row("a and ⟨and⟩ b", "not the word \"and\"");
        row("a ⟨b⟩", "Expected a comparison behind \"a\"");
        row("n >= ⟨⟩", "Expected a value");
        row("n >= ⟨7k⟩", "neither a number nor a name");
        row("n ⟨=>⟩ 7", ">=");
        row("plan = ⟨pro⟩", "A text stands in quotes: \"pro\".");
        row("plan = ⟨\"pro⟩", "no closing quote");
        row("⟨`plan = 3⟩", "no closing backquote");
        row("plan = ⟨\"\\q\"⟩", "After a backslash");
        row("x matches ⟨/ab⟩", "no closing slash");
        row("x = ⟨/ab/⟩", "behind \"matches\"");
        row("⟨(⟩a and b", "never closed");
        row("a and b⟨)⟩", "no \"(\" for this");
        row("plan in ⟨(⟩\"a\", \"b\"", "never closed");
        row("plan in (\"a\" ⟨\"b\"⟩)", "commas between");
        row("n >= 7 ⟨8⟩", "Expected \"and\", \"or\" or the end");
        row("3 ⟨⟩", "");
        row("n > 3 ⟨<⟩ 5", "join two comparisons with \"and\"");
        row("n >= {concise: 1, ⟨⟩", "concise, balanced or detailed");
        row("n >= {concise: 1, balanced: 2⟨}⟩", "The threshold for detailed answers is missing.");
        row("n >= {concise: ⟨\"a\"⟩}", "a number");
        row("title starts ⟨\"Re\"⟩", "");
        row("a ⟨§⟩", "");
        row("n = ⟨1e999⟩", "too large");
    }
    void aMistakeHasItsPlaceAndSaysWhatWasExpected()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const std::size_t start = text.section(QChar(0x27e8), 0, 0).toUtf8().size();
        const std::size_t length =
            text.section(QChar(0x27e8), 1).section(QChar(0x27e9), 0, 0).toUtf8().size();
        text.remove(QChar(0x27e8)).remove(QChar(0x27e9));
        const auto reading = readConditionText(text.toStdString());
        QVERIFY(!reading);
        const QString message = QString::fromStdString(reading.error().message);
        QVERIFY2(message.contains(sentence) && message.endsWith(QLatin1Char('.')),
                 qPrintable(message));
        if (!sentence.isEmpty()) {
            QCOMPARE(reading.error().offset, start);
            QCOMPARE(reading.error().length, length);
        }
    }

    void deepNestingIsRefusedWithASentence()
    {
        const std::string deep(10'000, '(');
        const auto reading = readConditionText(deep + "a" + std::string(10'000, ')'));
        QVERIFY(!reading);
        QCOMPARE(reading.error().message,
                 std::string("Conditions are nested deeper than 200 levels."));
    }

    void theMeaningIsCheckedAgainstTheSignals_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence"); // empty: it fits
        const auto row = [](const char* text, const char* sentence) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(sentence);
        };
        row("complexity >= 7 and asks", "");
        row("complexty >= 7", "There is no signal \"complexty\"; did you mean complexity?");
        row("wantedstyle = 3", "did you mean `wanted style`?");
        row("asks and complexity", "\"complexity\" is a number, so say what it is compared with.");
        row("plan >= 3", "compares numbers");
        row("asks = \"x\"", "it is compared with");
    }
    void theMeaningIsCheckedAgainstTheSignals()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        const auto reading = readConditionText(text.toStdString());
        QVERIFY(reading.has_value());
        const auto mistake = mistakeOfMeaning(*reading, policy());
        QCOMPARE(mistake.has_value(), !sentence.isEmpty());
        if (mistake) {
            QVERIFY2(QString::fromStdString(mistake->message).contains(sentence),
                     mistake->message.c_str());
        }
    }

    void whatWasBrokenBeforeMayStay()
    {
        const Condition before = compare("gone", CompareOp::Gte, 7.0);
        const auto reading = readConditionText("gone >= 7 and asks");
        QVERIFY(mistakeOfMeaning(*reading, policy()).has_value());
        QVERIFY(!mistakeOfMeaning(*reading, policy(), &before));
        QVERIFY(mistakeOfMeaning(*readConditionText("gone >= 8"), policy(), &before).has_value());
    }

    void comparisonsKnowTheirPlaces()
    {
        const std::string text = "a and (plan starts with \"x\" ignoring case or n >= 7)";
        const auto reading = readConditionText(text);
        QCOMPARE(reading->compares.size(), std::size_t{3});
        const auto part = [&](std::size_t from, std::size_t to) {
            return QString::fromStdString(text.substr(from, to - from));
        };
        const CompareSpan& second = reading->compares[1];
        QCOMPARE(part(second.signal, second.signalEnd), QStringLiteral("plan"));
        QCOMPARE(part(second.op, second.opEnd), QStringLiteral("starts with"));
        QCOMPARE(part(second.value, second.valueEnd), QStringLiteral("\"x\" ignoring case"));
        QCOMPARE(reading->compares[0].op, reading->compares[0].opEnd);
        QCOMPARE(part(reading->compares[2].signal, reading->compares[2].valueEnd),
                 QStringLiteral("n >= 7"));
    }

    void whatFitsAPlaceIsOffered_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("items");
        const auto row = [](const char* text, const char* items) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(items);
        };
        const char* const all = "complexity · asks · plan · `wanted style` · `wanted model` · not";
        row("|", all);
        row("asks and |", all);
        row("co|", "complexity");
        row("wan|", "`wanted style` · `wanted model`");
        row("`wanted s|", "`wanted style`");
        row("lex|", "complexity");
        row("complexity|", "");
        row("complexity |", ">= · > · <= · < · = · != · in · exists · and · or");
        row("complexity >|", ">= · >");
        row("asks |", "= · != · exists · and · or");
        row("plan st|", "starts with · exists");
        row("plan starts |", "starts with");
        row("plan starts w| \"x\"", "starts with");
        row("complexity >= |", "7 · {concise: 7, balanced: 7, detailed: 7}");
        row("complexity >= 7|", "");
        row("complexity >= 7 |", "and · or");
        row("complexity >= 7 a|", "and");
        row("asks = |", "true · false");
        row("plan = |", "\"enterprise\" · \"team\"");
        row("plan = ent|", "\"enterprise\"");
        row("plan = \"t|", "\"team\" · \"enterprise\"");
        row("plan = \"team\"|", "");
        row("plan = \"team\" |", "and · or · ignoring case");
        row("plan in |", "(\"enterprise\", \"team\") · (");
        row("plan in (\"team\", |", "\"enterprise\" · \"team\"");
        row("plan in (\"team\" |", ", · )");
        row("plan matches |", "/^[Ee]nt/");
        row("`wanted style` = |", "\"concise\" · \"balanced\" · \"detailed\"");
        row("`wanted model` = |", "\"gpt-4\" · \"gpt-3.5\"");
        row("(asks |", "= · != · exists · and · or · )");
        row("complexity >= {|", "concise:  · balanced:  · detailed: ");
        row("asks asks |", "");
        row("co| >= 7", "complexity");
    }
    void whatFitsAPlaceIsOffered()
    {
        QFETCH(QString, text);
        QFETCH(QString, items);
        QCOMPARE(offered(text.toStdString()), items);
    }

    void whatIsTakenReplacesWhatWasTyped()
    {
        const std::string text = "asks and comp >= 7";
        const ConditionCompletions offers = completeCondition(text, 13, policy());
        QCOMPARE(offers.from, std::size_t{9});
        QCOMPARE(offers.to, std::size_t{13});
        QCOMPARE(offers.items.front().kind, ConditionCompletion::Kind::Signal);
        QCOMPARE(offers.items.front().signal, SignalId("complexity"));
    }

    /// Cutting a text anywhere gives a mistake or a reading, and items that fit there.
    void everyPlaceOfATextHasItsItems()
    {
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            RandomPolicy random(seed);
            const PolicyDocument document = random.document();
            const std::string text = toConditionText(random.condition(3));
            for (std::size_t at = 0; at <= text.size(); ++at) {
                const ConditionCompletions offers = completeCondition(text, at, document);
                QVERIFY(offers.from <= at && at <= offers.to && offers.to <= text.size());
                const auto cut = readConditionText(text.substr(0, at));
                QVERIFY(cut || !cut.error().message.empty());
            }
        }
    }

private:
    template<class Visit> static void forEachName(Condition& condition, const Visit& visit)
    {
        if (auto* compare = std::get_if<Compare>(&condition.node)) {
            visit(compare->signal);
        } else if (auto* negation = std::get_if<Not>(&condition.node)) {
            forEachName(*negation->condition, visit);
        } else {
            auto* all = std::get_if<All>(&condition.node);
            for (Condition& part : all ? all->conditions : std::get<Any>(condition.node).conditions)
                forEachName(part, visit);
        }
    }
};

QTEST_GUILESS_MAIN(TestConditionText)
#include "tst_condition_text.moc"
