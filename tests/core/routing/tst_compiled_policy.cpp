// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: signals, conditions, splits and the holdout mean what design.md section 4 says, to the
// letter: code points, ASCII folding, word boundaries, missing values, md5 buckets, scopes.

#include <core/base/md5.h>
#include <core/routing/compiled_policy.h>
#include <tests/support/policy_builder.h>

#include <QCryptographicHash>
#include <QTest>

#include <cmath>
#include <cstring>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

CompiledPolicy compiled(const PolicyDocument& document)
{
    auto policy = CompiledPolicy::compile(document);
    if (!policy)
        qFatal("%s", toString(policy.error()).c_str());
    return std::move(*policy);
}

/// A signal's value for a request, as text: "7", "true", "\"pro\"" or "missing".
QString valueIn(const PolicyDocument& document, const Request& request)
{
    const CompiledPolicy policy = compiled(document);
    CompiledPolicy::Scratch scratch(policy);
    const SignalSlot slot = policy.extract(request, scratch)[0];
    switch (slot.kind) {
    case SignalSlot::Kind::Missing:
        return QStringLiteral("missing");
    case SignalSlot::Kind::Number:
        return QString::number(slot.number);
    case SignalSlot::Kind::Boolean:
        return slot.number != 0 ? QStringLiteral("true") : QStringLiteral("false");
    case SignalSlot::Kind::String:
        return QLatin1Char('"') + QString::fromUtf8(slot.text.data(), qsizetype(slot.text.size())) +
               QLatin1Char('"');
    }
    return {};
}

template<class Source> PolicyDocument withSignal(Source source)
{
    return PolicyBuilder({"cheap", "dear"}).signal("s", std::move(source)).document();
}

Decision decide(const PolicyDocument& document, const Request& request)
{
    static std::vector<CompiledPolicy> kept; // decisions point into their policy
    kept.push_back(compiled(document));
    CompiledPolicy::Scratch scratch(kept.back());
    return kept.back().decide(request, scratch);
}

/// "dear" if the condition holds for the request, "cheap" if not.
QString modelFor(PolicyBuilder builder, const Condition& condition, const Request& request)
{
    const PolicyDocument document = builder.rule("r", condition, call("dear")).document();
    const Decision decision = decide(document, request);
    return QString::fromStdString(
        document.models[static_cast<std::size_t>(decision.firstModel)].id.value);
}

Request conversation()
{
    Request request;
    request.messages = {{Role::System, "Be brief."},      {Role::User, "first"},
                        {Role::Assistant, "an answer"},   {Role::System, "Be kind."},
                        {Role::User, "second question?"}, {Role::Tool, "{}"}};
    return request;
}

} // namespace

class TestCompiledPolicy : public QObject
{
    Q_OBJECT
private slots:
    void textsAreMeasured_data();
    void textsAreMeasured();
    void scopesReadTheirMessages_data();
    void scopesReadTheirMessages();
    void keywordsRespectTheirBoundaries_data();
    void keywordsRespectTheirBoundaries();
    void manySignalsOfOneScopeDoNotDisturbEachOther();
    void anchorsInsideAndVeryLongWordsAreFound();
    void whatTheCallerSentIsTakenAsItsType_data();
    void whatTheCallerSentIsTakenAsItsType();
    void fieldsOfTheRequestAreRead();
    void comparisonsHold_data();
    void comparisonsHold();
    void aMissingSignalIsFalseAndItsOppositeTrue();
    void theSeedScoreIsAddedUpAndClamped();
    void byStyleLimitsFollowTheRequest();
    void theFirstEnabledRuleWins();
    void aSplitFallsWhereMd5Says();
    void nestedSplitsNameEveryPlanOnce();
    void keysFallBackToTheRequestAndToItsText();
    void theHoldoutIsDrawnBeforeTheRules();
    void aConversationIsDecidedOnItsFirstUserMessage();
    void aRecompiledPolicyDecidesTheSame();
    void whatCannotBeCompiledIsNamedByItsPath_data();
    void whatCannotBeCompiledIsNamedByItsPath();
    void decisionsHaveNames();
};

void TestCompiledPolicy::textsAreMeasured_data()
{
    QTest::addColumn<int>("measure");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("value");
    const auto row = [](const char* name, TextMeasure measure, const QByteArray& text,
                        double value) {
        QTest::newRow(name) << static_cast<int>(measure) << text << value;
    };
    row("chars: nothing", TextMeasure::Chars, "", 0);
    row("chars: code points, not bytes", TextMeasure::Chars, "grüße 漢字 🚀", 10);
    row("chars: combining marks count", TextMeasure::Chars, "e\u0301", 2);
    row("tokens: a quarter, rounded up", TextMeasure::Tokens, "12345", 2);
    row("tokens: exactly", TextMeasure::Tokens, "漢字漢字", 1);
    row("tokens: nothing", TextMeasure::Tokens, "", 0);
    row("words: runs of letters and digits", TextMeasure::Words, "Grüße, C3-PO und 漢字!", 5);
    row("words: an apostrophe between letters stays inside", TextMeasure::Words,
        "don't rock'n'roll it\u2019s", 3);
    row("words: an apostrophe beside a digit or a blank does not", TextMeasure::Words,
        "the '90s, dogs' 5'x", 5);
    row("words: marks and emoji are none", TextMeasure::Words, "… 🚀 _ — ", 0);
    row("words: ill-formed bytes are none", TextMeasure::Words,
        "a\xFF"
        "b",
        2);
    row("lines: nothing", TextMeasure::Lines, "", 0);
    row("lines: one without its end", TextMeasure::Lines, "a", 1);
    row("lines: one with its end", TextMeasure::Lines, "a\n", 1);
    row("lines: empty ones between", TextMeasure::Lines, "a\n\nb", 3);
    row("code: none", TextMeasure::CodeShare, "no code", 0);
    row("code: nothing", TextMeasure::CodeShare, "", 0);
    row("code: fences included", TextMeasure::CodeShare, "12345\n```c\nab\n```\n1", 12.0 / 19);
    row("code: to the end if it is not closed", TextMeasure::CodeShare, "1234\n~~~\n```\nx",
        9.0 / 14);
    row("code: indented too far", TextMeasure::CodeShare, "             ```\nx", 0);
    row("code: characters are code points", TextMeasure::CodeShare, "ääää\n```\nü\n", 6.0 / 11);
}

void TestCompiledPolicy::textsAreMeasured()
{
    QFETCH(const int, measure);
    QFETCH(const QByteArray, text);
    QFETCH(const double, value);
    const auto document =
        withSignal(MeasureSource{static_cast<TextMeasure>(measure), TextScope::LastUser});
    QCOMPARE(valueIn(document, ask(text.toStdString())), QString::number(value));
}

void TestCompiledPolicy::scopesReadTheirMessages_data()
{
    QTest::addColumn<int>("scope");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("last user") << static_cast<int>(TextScope::LastUser)
                               << QByteArray("second question?");
    QTest::newRow("all user") << static_cast<int>(TextScope::AllUser)
                              << QByteArray("first\nsecond question?");
    QTest::newRow("system") << static_cast<int>(TextScope::System)
                            << QByteArray("Be brief.\nBe kind.");
    QTest::newRow("all") << static_cast<int>(TextScope::All)
                         << QByteArray(
                                "Be brief.\nfirst\nan answer\nBe kind.\nsecond question?\n{}");
}

void TestCompiledPolicy::scopesReadTheirMessages()
{
    QFETCH(const int, scope);
    QFETCH(const QByteArray, text);
    const auto place = static_cast<TextScope>(scope);
    QCOMPARE(valueIn(withSignal(MeasureSource{TextMeasure::Chars, place}), conversation()),
             QString::number(text.size()));
    std::string pattern = "^";
    for (const char c : text)
        pattern += std::strchr("?.{}", c) ? std::string("\\") + c : std::string(1, c);
    QCOMPARE(valueIn(withSignal(RegexSource{place, pattern + "$"}), conversation()),
             QStringLiteral("true"));
    QCOMPARE(valueIn(withSignal(MeasureSource{TextMeasure::Chars, place}), Request()),
             QStringLiteral("0"));
    QCOMPARE(valueIn(withSignal(ContainsSource{place, "x"}), Request()), QStringLiteral("false"));
}

void TestCompiledPolicy::keywordsRespectTheirBoundaries_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("asSubstring");
    QTest::addColumn<bool>("asWord");
    const auto row = [](const char* word, const char* text, bool asSubstring, bool asWord) {
        QTest::addRow("%s in %s", word, text)
            << QString::fromUtf8(word) << QString::fromUtf8(text) << asSubstring << asWord;
    };
    row("math", "math", true, true);
    row("math", "do MATH now", true, true);
    row("math", "aftermath", true, false);
    row("math", "mathematics", true, false);
    row("math", "math_2 and math", true, true);
    row("math", "math_2", true, false);
    row("math", "2math", true, false);
    row("math", "(math)", true, true);
    row("math", "mathé", true, true);
    row("math", "mat h", false, false);
    row("legal", "illegal, but legal", true, true);
    row("legal", "illegal", true, false);
    row("c++", "c++17", true, true);
    row("c++", "abc++", true, false);
    row("c++", "a C++ job", true, true);
    row(".net", "asp.net", true, true);
    row(".net", ".network", true, false);
    row("two words", "these two  words", false, false);
    row("two words", "these Two Words.", true, true);
    row("grüße", "viele GRüßE", true, true);
    row("grüße", "viele GRÜßE", false, false); // only ASCII letters fold
    row("kelvin", "\u212Aelvin", false, false);
    row("a\nb", "xa\nb", true, false);
    row("aa", "aaa aa", true, true);
}

void TestCompiledPolicy::keywordsRespectTheirBoundaries()
{
    QFETCH(const QString, word);
    QFETCH(const QString, text);
    QFETCH(const bool, asSubstring);
    QFETCH(const bool, asWord);
    const Request request = ask(text.toStdString());
    const auto found = [&](KeywordMatch match, std::vector<std::string> words) {
        return valueIn(withSignal(KeywordsSource{TextScope::LastUser, std::move(words), match}),
                       request) == QStringLiteral("true");
    };
    for (const auto& words :
         {std::vector<std::string>{word.toStdString()},
          std::vector<std::string>{"no such", word.toStdString(), "n0r this"}}) {
        QCOMPARE(found(KeywordMatch::Substring, words), asSubstring);
        QCOMPARE(found(KeywordMatch::Word, words), asWord);
    }
    QCOMPARE(valueIn(withSignal(ContainsSource{TextScope::LastUser, word.toStdString()}),
                     request) == QStringLiteral("true"),
             text.contains(word));
}

void TestCompiledPolicy::manySignalsOfOneScopeDoNotDisturbEachOther()
{
    PolicyBuilder builder({"cheap"});
    for (int i = 0; i < 40; ++i) {
        const std::string name = "w" + std::to_string(i);
        switch (i % 4) {
        case 0:
            builder.keywords(name, {"word" + std::to_string(i), "none"});
            break;
        case 1:
            builder.keywords(name, {"word" + std::to_string(i)}, KeywordMatch::Word);
            break;
        case 2:
            builder.contains(name, "word" + std::to_string(i));
            break;
        default:
            builder.regex(name, "word" + std::to_string(i) + "(?:[^0-9]|$)");
            break;
        }
    }
    const CompiledPolicy policy = compiled(builder.document());
    CompiledPolicy::Scratch scratch(policy);
    for (int wanted = 0; wanted < 40; ++wanted) {
        const Request request = ask("say word" + std::to_string(wanted) + "!");
        const auto values = policy.extract(request, scratch);
        for (int i = 0; i < 40; ++i) {
            // "word12" contains "word1", but it is no word and no whole match of it.
            const bool isPrefix =
                i != wanted && std::to_string(wanted).starts_with(std::to_string(i));
            const bool found = i == wanted || (isPrefix && i % 2 == 0);
            QCOMPARE(values[static_cast<std::size_t>(i)].number != 0, found);
        }
    }
}

void TestCompiledPolicy::anchorsInsideAndVeryLongWordsAreFound()
{
    const auto document = PolicyBuilder({"cheap"})
                              .regex("anchored", "(?:a$|^b)c*")
                              .contains("long", std::string(20'000, 'x'))
                              .keywords("long word", {std::string(20'000, 'y')}, KeywordMatch::Word)
                              .contains("plain", "a")
                              .document();
    const CompiledPolicy policy = compiled(document);
    CompiledPolicy::Scratch scratch(policy);
    const auto found = [&](const std::string& text) {
        const Request request = ask(text);
        QString all;
        for (const SignalSlot& slot : policy.extract(request, scratch))
            all += slot.number != 0 ? QLatin1Char('1') : QLatin1Char('0');
        return all;
    };
    QCOMPARE(found("ba"), QStringLiteral("1001"));
    QCOMPARE(found("ab"), QStringLiteral("0001"));
    QCOMPARE(found(std::string(20'001, 'x')), QStringLiteral("0100"));
    QCOMPARE(found(std::string(20'000, 'Y')), QStringLiteral("0010"));
    QCOMPARE(found(std::string(20'001, 'y')), QStringLiteral("0000"));
    QCOMPARE(found(""), QStringLiteral("0000"));
}

void TestCompiledPolicy::whatTheCallerSentIsTakenAsItsType_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, ValueType type, const char* header, const char* value) {
        QTest::newRow(name) << static_cast<int>(type) << QString::fromLatin1(header)
                            << QString::fromLatin1(value);
    };
    row("text", ValueType::String, "pro", "\"pro\"");
    row("text in blanks", ValueType::String, " \tpro ", "\"pro\"");
    row("text of digits", ValueType::String, "7", "\"7\"");
    row("number", ValueType::Number, "-7.25e1", "-72.5");
    row("number in blanks", ValueType::Number, " 7 ", "7");
    row("number with a rest", ValueType::Number, "7x", "missing");
    row("no number", ValueType::Number, "pro", "missing");
    row("not finite", ValueType::Number, "inf", "missing");
    row("empty number", ValueType::Number, "", "missing");
    row("true", ValueType::Boolean, "true", "true");
    row("false", ValueType::Boolean, "false", "false");
    row("neither", ValueType::Boolean, "1", "missing");
}

void TestCompiledPolicy::whatTheCallerSentIsTakenAsItsType()
{
    QFETCH(const int, type);
    QFETCH(const QString, header);
    QFETCH(const QString, value);
    const auto valueType = static_cast<ValueType>(type);
    Request request = ask("x");
    request.headers = {{"X-Other", "1"}, {"x-PLAN", header.toStdString()}};
    QCOMPARE(valueIn(withSignal(HeaderSource{"X-Plan", valueType}), request), value);
    QCOMPARE(valueIn(withSignal(HeaderSource{"X-Plans", valueType}), request),
             QStringLiteral("missing"));

    // Metadata has types of its own: none turns into another.
    request.metadata = {{"n", 7.0}, {"t", std::string("7")}, {"b", true}};
    for (const char* key : {"n", "t", "b"}) {
        const QString read = valueIn(withSignal(MetadataSource{key, valueType}), request);
        const bool isOfType = valueType == (*key == 'n'   ? ValueType::Number
                                            : *key == 't' ? ValueType::String
                                                          : ValueType::Boolean);
        QCOMPARE(read != QStringLiteral("missing"), isOfType);
    }
    QCOMPARE(valueIn(withSignal(MetadataSource{"N", valueType}), request),
             QStringLiteral("missing"));
}

void TestCompiledPolicy::fieldsOfTheRequestAreRead()
{
    Request request = conversation();
    const auto field = [&](RequestField which) {
        return valueIn(withSignal(FieldSource{which}), request);
    };
    QCOMPARE(field(RequestField::Turn), QStringLiteral("2"));
    QCOMPARE(field(RequestField::Messages), QStringLiteral("6"));
    QCOMPARE(field(RequestField::RequestedModel), QStringLiteral("missing"));
    QCOMPARE(field(RequestField::MaxTokens), QStringLiteral("missing"));
    QCOMPARE(field(RequestField::HasTools), QStringLiteral("false"));
    QCOMPARE(field(RequestField::HasImages), QStringLiteral("false"));
    request.requestedModel = "auto";
    request.maxTokens = 64;
    request.hasTools = true;
    request.messages[1].images = 2;
    QCOMPARE(field(RequestField::RequestedModel), QStringLiteral("\"auto\""));
    QCOMPARE(field(RequestField::MaxTokens), QStringLiteral("64"));
    QCOMPARE(field(RequestField::HasTools), QStringLiteral("true"));
    QCOMPARE(field(RequestField::HasImages), QStringLiteral("true"));

    const auto style = [&] { return valueIn(withSignal(StyleSource{"detailed"}), request); };
    QCOMPARE(style(), QStringLiteral("\"detailed\""));
    request.style = "concise";
    QCOMPARE(style(), QStringLiteral("\"concise\""));
    request.style = "poetic"; // none that policies know
    QCOMPARE(style(), QStringLiteral("\"detailed\""));
}

void TestCompiledPolicy::comparisonsHold_data()
{
    QTest::addColumn<QString>("signal");
    QTest::addColumn<int>("op");
    QTest::addColumn<QVariantList>("values"); // one is a scalar, two and more a list
    QTest::addColumn<bool>("ignoreCase");
    QTest::addColumn<bool>("holds");
    const auto row = [](const char* name, const char* signal, CompareOp op,
                        const QVariantList& values, bool holds, bool ignoreCase = false) {
        QTest::newRow(name) << QString::fromLatin1(signal) << static_cast<int>(op) << values
                            << ignoreCase << holds;
    };
    const auto text = [](const char* value) { return QVariantList{QString::fromUtf8(value)}; };
    // The request has n = 7, t = "Enterprise Plus", b = true.
    row("eq", "n", CompareOp::Eq, {7.0}, true);
    row("eq not", "n", CompareOp::Eq, {7.5}, false);
    row("ne", "n", CompareOp::Ne, {7.5}, true);
    row("ne not", "n", CompareOp::Ne, {7.0}, false);
    row("lt", "n", CompareOp::Lt, {7.5}, true);
    row("lt not", "n", CompareOp::Lt, {7.0}, false);
    row("lte", "n", CompareOp::Lte, {7.0}, true);
    row("lte not", "n", CompareOp::Lte, {6.0}, false);
    row("gt", "n", CompareOp::Gt, {6.5}, true);
    row("gt not", "n", CompareOp::Gt, {7.0}, false);
    row("gte", "n", CompareOp::Gte, {7.0}, true);
    row("gte not", "n", CompareOp::Gte, {8.0}, false);
    row("in", "n", CompareOp::In, {1.0, 7.0}, true);
    row("in not", "n", CompareOp::In, {1.0, 2.0}, false);
    row("eq true", "b", CompareOp::Eq, {true}, true);
    row("eq false", "b", CompareOp::Eq, {false}, false);
    row("ne true", "b", CompareOp::Ne, {true}, false);
    row("in booleans", "b", CompareOp::In, {false, true}, true);
    row("exists", "b", CompareOp::Exists, {true}, true);
    row("text eq", "t", CompareOp::Eq, text("Enterprise Plus"), true);
    row("text eq keeps case", "t", CompareOp::Eq, text("enterprise plus"), false);
    row("text eq folds", "t", CompareOp::Eq, text("enterprise plus"), true, true);
    row("text ne", "t", CompareOp::Ne, text("Enterprise"), true);
    row("text ne folds", "t", CompareOp::Ne, text("ENTERPRISE PLUS"), false, true);
    row("contains", "t", CompareOp::Contains, text("prise P"), true);
    row("contains keeps case", "t", CompareOp::Contains, text("prise p"), false);
    row("contains folds", "t", CompareOp::Contains, text("PRISE p"), true, true);
    row("prefix", "t", CompareOp::Prefix, text("Enter"), true);
    row("prefix not", "t", CompareOp::Prefix, text("Plus"), false);
    row("prefix folds", "t", CompareOp::Prefix, text("enter"), true, true);
    row("prefix too long", "t", CompareOp::Prefix, text("Enterprise Plus!"), false, true);
    row("suffix", "t", CompareOp::Suffix, text("Plus"), true);
    row("suffix not", "t", CompareOp::Suffix, text("Enter"), false);
    row("suffix folds", "t", CompareOp::Suffix, text("PLUS"), true, true);
    row("matches somewhere", "t", CompareOp::Matches, text("[a-z]+ P"), true);
    row("matches keeps case", "t", CompareOp::Matches, text("^enter"), false);
    row("matches folds", "t", CompareOp::Matches, text("^[a-e]nter"), true, true);
    row("matches the end", "t", CompareOp::Matches, text("Plus$"), true);
    row("matches not", "t", CompareOp::Matches, text("^Plus"), false);
    row("text in", "t", CompareOp::In, {QStringLiteral("x"), QStringLiteral("Enterprise Plus")},
        true);
    row("text in keeps case", "t", CompareOp::In,
        {QStringLiteral("x"), QStringLiteral("enterprise plus")}, false);
    row("text in folds", "t", CompareOp::In,
        {QStringLiteral("x"), QStringLiteral("enterprise plus")}, true, true);
}

void TestCompiledPolicy::comparisonsHold()
{
    QFETCH(const QString, signal);
    QFETCH(const int, op);
    QFETCH(const QVariantList, values);
    QFETCH(const bool, ignoreCase);
    QFETCH(const bool, holds);
    const auto scalar = [](const QVariant& value) -> Scalar {
        if (value.typeId() == QMetaType::Bool)
            return value.toBool();
        if (value.typeId() == QMetaType::Double)
            return value.toDouble();
        return value.toString().toStdString();
    };
    Compare compare = {SignalId(signal.toStdString()), static_cast<CompareOp>(op), 0.0, ignoreCase};
    if (values.size() == 1) {
        std::visit([&](const auto& value) { compare.value = value; }, scalar(values[0]));
    } else {
        std::vector<Scalar> list;
        for (const QVariant& value : values)
            list.push_back(scalar(value));
        compare.value = list;
    }
    PolicyBuilder builder({"cheap", "dear"});
    builder.metadata("n", ValueType::Number).metadata("t").metadata("b", ValueType::Boolean);
    Request request = ask("x");
    request.metadata = {{"n", 7.0}, {"t", std::string("Enterprise Plus")}, {"b", true}};
    QCOMPARE(modelFor(builder, {compare}, request),
             holds ? QStringLiteral("dear") : QStringLiteral("cheap"));
    QCOMPARE(modelFor(builder, negated({compare}), request),
             holds ? QStringLiteral("cheap") : QStringLiteral("dear"));
}

void TestCompiledPolicy::aMissingSignalIsFalseAndItsOppositeTrue()
{
    PolicyBuilder builder({"cheap", "dear"});
    builder.metadata("t").metadata("n", ValueType::Number).metadata("b", ValueType::Boolean);
    const Request request = ask("x");
    const std::vector<Condition> leaves = {when("t", CompareOp::Eq, "x"),
                                           when("t", CompareOp::Ne, "x"),
                                           when("n", CompareOp::Lt, 1),
                                           when("n", CompareOp::Ne, 1),
                                           when("b"),
                                           when("b", CompareOp::Ne, CompareValue(true)),
                                           when("t", CompareOp::Exists, CompareValue(true)),
                                           when("t", CompareOp::Matches, "a*")};
    for (const Condition& leaf : leaves) {
        QCOMPARE(modelFor(builder, leaf, request), QStringLiteral("cheap"));
        QCOMPARE(modelFor(builder, negated(leaf), request), QStringLiteral("dear"));
        QCOMPARE(modelFor(builder, allOf({negated(leaf), anyOf({leaf, negated(leaf)})}), request),
                 QStringLiteral("dear"));
    }
    QCOMPARE(modelFor(builder, allOf({}), request), QStringLiteral("dear"));
    QCOMPARE(modelFor(builder, anyOf({}), request), QStringLiteral("cheap"));
}

void TestCompiledPolicy::theSeedScoreIsAddedUpAndClamped()
{
    ScoreSource score;
    score.base = 1;
    score.min = 1;
    score.max = 10;
    score.terms = {{2, when("chars", CompareOp::Gt, 200)},
                   {2, when("chars", CompareOp::Gt, 500)},
                   {3, when("expert words")},
                   {1, when("asks", CompareOp::Eq, CompareValue(false))}};
    const auto document = PolicyBuilder({"cheap"})
                              .signal("complexity", score)
                              .measure("chars", TextMeasure::Chars)
                              .keywords("expert words", {"legal", "medical", "code", "math"})
                              .contains("asks", "?")
                              .document();
    QCOMPARE(valueIn(document, ask("What is the capital of France?")), QStringLiteral("1"));
    QCOMPARE(valueIn(document, ask("Tell me.")), QStringLiteral("2"));
    QCOMPARE(valueIn(document, ask("Is it LEGAL?")), QStringLiteral("4"));
    QCOMPARE(valueIn(document, ask(std::string(200, 'x') + "?")), QStringLiteral("3"));
    QCOMPARE(valueIn(document, ask(std::string(501, 'x') + " code")), QStringLiteral("9"));
    score.base = -20;
    PolicyDocument low = document;
    low.signalList[0].source = score;
    QCOMPARE(valueIn(low, ask("x")), QStringLiteral("1"));
    score.base = 9;
    low.signalList[0].source = score;
    QCOMPARE(valueIn(low, ask("code")), QStringLiteral("10"));
}

void TestCompiledPolicy::byStyleLimitsFollowTheRequest()
{
    const Condition longForStyle = when("chars", CompareOp::Gte, CompareValue(ByStyle{30, 20, 10}));
    PolicyBuilder builder({"cheap", "dear"});
    builder.measure("chars", TextMeasure::Chars);
    const auto dearFrom = [&](const PolicyBuilder& policy,
                              const std::optional<std::string>& style) {
        for (std::size_t length = 0; length < 40; ++length) {
            Request request = ask(std::string(length, 'x'));
            request.style = style;
            if (modelFor(policy, longForStyle, request) == QStringLiteral("dear"))
                return static_cast<int>(length);
        }
        return -1;
    };
    QCOMPARE(dearFrom(builder, {}), 20);
    QCOMPARE(dearFrom(builder, "concise"), 30);
    QCOMPARE(dearFrom(builder, "detailed"), 10);
    QCOMPARE(dearFrom(builder, "poetic"), 20);
    builder.signal("style", StyleSource{"detailed"});
    QCOMPARE(dearFrom(builder, {}), 10);
    QCOMPARE(dearFrom(builder, "balanced"), 20);
}

void TestCompiledPolicy::theFirstEnabledRuleWins()
{
    PolicyDocument document = PolicyBuilder({"a", "b", "c"})
                                  .contains("asks", "?")
                                  .rule("one", when("asks"), call("b"))
                                  .rule("two", when("asks"), call("c"))
                                  .document();
    QCOMPARE(decide(document, ask("why?")).rule, 0);
    QCOMPARE(decide(document, ask("why.")).rule, Decision::kOtherwise);
    document.rules[0].enabled = false;
    const Decision second = decide(document, ask("why?"));
    QCOMPARE(second.rule, 1);
    QCOMPARE(second.firstModel, 2);
    QCOMPARE(*second.plan, call("c"));
}

void TestCompiledPolicy::aSplitFallsWhereMd5Says()
{
    const std::vector<int> weights = {3333, 0, 1, 6666};
    std::vector<Arm> arms;
    for (std::size_t i = 0; i < weights.size(); ++i)
        arms.push_back({weights[i], call(std::string(1, static_cast<char>('a' + i)))});
    const CompiledPolicy policy = compiled(PolicyBuilder({"a", "b", "c", "d"})
                                               .otherwise(split(arms, "2026-11", StickyUnit::User))
                                               .document());
    QCOMPARE(policy.plans().size(), std::size_t(3)); // the arm of weight 0 names no plan
    CompiledPolicy::Scratch scratch(policy);
    std::vector<int> drawn(4);
    for (int i = 0; i < 20'000; ++i) {
        Request request = ask("x");
        request.userId = "user " + std::to_string(i);
        const QByteArray digest =
            QCryptographicHash::hash(QByteArray("2026-11:") +
                                         QByteArray::fromStdString(request.userId),
                                     QCryptographicHash::Md5)
                .toHex();
        const std::uint64_t bucket = digest.left(8).toULongLong(nullptr, 16);
        std::uint64_t cumulative = 0;
        int arm = 0;
        while (bucket >= (cumulative += static_cast<std::uint64_t>(weights[std::size_t(arm)])) *
                             4294967296ULL / 10'000)
            ++arm;
        QCOMPARE(policy.decide(request, scratch).firstModel, arm);
        ++drawn[static_cast<std::size_t>(arm)];
    }
    QVERIFY(std::abs(drawn[0] - 6666) < 250 && drawn[1] == 0 && drawn[3] > 12'900);
}

void TestCompiledPolicy::nestedSplitsNameEveryPlanOnce()
{
    const Plan inner = split({{5000, call("b")}, {5000, call("c")}}, "in", StickyUnit::Request);
    const Plan plan =
        chain({split({{2500, call("a")}, {7500, inner}}, "out"),
               chain({split({{1, call("a")}, {9999, call("d")}}, "late"), call("b")})},
              900, ChainMode::Hedge);
    const CompiledPolicy policy =
        compiled(PolicyBuilder({"a", "b", "c", "d"}).otherwise(plan).document());
    QCOMPARE(policy.plans().size(), std::size_t(6));
    CompiledPolicy::Scratch scratch(policy);
    std::set<int> seen;
    for (int i = 0; i < 3'000; ++i) {
        Request request = ask("x");
        request.conversationId = std::to_string(i);
        request.requestId = "r" + std::to_string(i);
        const std::uint32_t out = splitBucket("out", request.conversationId);
        const std::uint32_t in = splitBucket("in", request.requestId);
        const std::uint32_t late = splitBucket("late", request.conversationId);
        const char* first = out < 1073741824U ? "a" : in < 2147483648U ? "b" : "c";
        const Plan expected =
            chain({call(first), chain({call(late < 429496U ? "a" : "d"), call("b")})}, 900,
                  ChainMode::Hedge);
        const Decision decision = policy.decide(request, scratch);
        QCOMPARE(*decision.plan, expected);
        QCOMPARE(decision.plan, &policy.plans()[static_cast<std::size_t>(decision.planIndex)]);
        QCOMPARE(policy.document().models[static_cast<std::size_t>(decision.firstModel)].id.value,
                 std::string(first));
        seen.insert(decision.planIndex);
    }
    QVERIFY(seen.size() >= 3);

    std::vector<Arm> tens(10, Arm{1000, call("a")});
    std::vector<Plan> steps(4, split(tens));
    const auto tooMany =
        CompiledPolicy::compile(PolicyBuilder({"a"}).otherwise(chain(steps)).document());
    QVERIFY(!tooMany);
    QCOMPARE(tooMany.error().code, ErrorCode::TooLarge);
    QCOMPARE(tooMany.error().where, std::string("otherwise"));
    steps.pop_back();
    QCOMPARE(compiled(PolicyBuilder({"a"}).otherwise(chain(steps)).document()).plans().size(),
             std::size_t(1000));
}

void TestCompiledPolicy::keysFallBackToTheRequestAndToItsText()
{
    const std::vector<Arm> arms = {{5000, call("a")}, {5000, call("b")}};
    const auto armFor = [&](StickyUnit unit, const Request& request) {
        return decide(PolicyBuilder({"a", "b"}).otherwise(split(arms, "s", unit)).document(),
                      request)
            .firstModel;
    };
    const auto armOfKey = [](const std::string& key) {
        return splitBucket("s", key) < 2147483648U ? 0 : 1;
    };
    for (int i = 0; i < 20; ++i) {
        Request request = conversation();
        request.messages[4].text = "question " + std::to_string(i);
        for (const StickyUnit unit :
             {StickyUnit::Request, StickyUnit::Conversation, StickyUnit::User})
            QCOMPARE(armFor(unit, request), armOfKey(request.messages[4].text));
        request.requestId = "r" + std::to_string(i);
        for (const StickyUnit unit :
             {StickyUnit::Request, StickyUnit::Conversation, StickyUnit::User})
            QCOMPARE(armFor(unit, request), armOfKey(request.requestId));
        request.conversationId = "c" + std::to_string(i);
        request.userId = "u" + std::to_string(i);
        QCOMPARE(armFor(StickyUnit::Request, request), armOfKey(request.requestId));
        QCOMPARE(armFor(StickyUnit::Conversation, request), armOfKey(request.conversationId));
        QCOMPARE(armFor(StickyUnit::User, request), armOfKey(request.userId));
    }
}

void TestCompiledPolicy::theHoldoutIsDrawnBeforeTheRules()
{
    const CompiledPolicy policy = compiled(PolicyBuilder({"a", "b", "c"})
                                               .contains("asks", "?")
                                               .rule("all", allOf({}), call("b"))
                                               .holdout(0.03, "c")
                                               .document());
    CompiledPolicy::Scratch scratch(policy);
    int held = 0;
    for (int i = 0; i < 10'000; ++i) {
        Request request = ask("x?");
        request.conversationId = std::to_string(i);
        const Decision decision = policy.decide(request, scratch);
        const bool isHeld = splitBucket("h1", request.conversationId) < 128849018U; // 0.03 x 2^32
        QCOMPARE(decision.rule, isHeld ? Decision::kHoldout : 0);
        QCOMPARE(decision.firstModel, isHeld ? 2 : 1);
        held += isHeld;
    }
    QVERIFY(held > 250 && held < 350);
    const auto share = [](double value) {
        return decide(PolicyBuilder({"a", "c"}).holdout(value, "c").document(), ask("x")).rule;
    };
    QCOMPARE(share(0), Decision::kOtherwise);
    QCOMPARE(share(1), Decision::kHoldout);
}

void TestCompiledPolicy::aConversationIsDecidedOnItsFirstUserMessage()
{
    const auto value = [](auto source, const Request& request) {
        PolicyDocument document = withSignal(source);
        document.decideBy = DecisionUnit::Conversation;
        return valueIn(document, request);
    };
    Request request = conversation();
    request.maxTokens = 9;
    QCOMPARE(value(MeasureSource{TextMeasure::Chars, TextScope::LastUser}, request),
             QStringLiteral("5"));
    QCOMPARE(value(MeasureSource{TextMeasure::Chars, TextScope::All}, request),
             QStringLiteral("15"));
    QCOMPARE(value(MeasureSource{TextMeasure::Chars, TextScope::System}, request),
             QStringLiteral("9"));
    QCOMPARE(value(FieldSource{RequestField::Turn}, request), QStringLiteral("1"));
    QCOMPARE(value(FieldSource{RequestField::Messages}, request), QStringLiteral("2"));
    QCOMPARE(value(FieldSource{RequestField::MaxTokens}, request), QStringLiteral("9"));
    request.messages.resize(1);
    QCOMPARE(value(MeasureSource{TextMeasure::Chars, TextScope::All}, request),
             QStringLiteral("9"));
    QCOMPARE(value(MeasureSource{TextMeasure::Chars, TextScope::LastUser}, request),
             QStringLiteral("0"));
}

void TestCompiledPolicy::aRecompiledPolicyDecidesTheSame()
{
    PolicyDocument document = PolicyBuilder({"cheap", "dear"})
                                  .keywords("expert words", {"legal", "code"})
                                  .measure("chars", TextMeasure::Chars)
                                  .rule("expert", when("expert words"), call("dear"))
                                  .rule("long", when("chars", CompareOp::Gt, 20), call("dear"))
                                  .document();
    const CompiledPolicy first = compiled(document);
    std::get<Compare>(document.rules[1].when.node).value = 5.0;
    document.signalList[0].id = SignalId("words");
    std::get<Compare>(document.rules[0].when.node).signal = SignalId("words");
    const auto second = CompiledPolicy::compile(document, &first);
    QVERIFY(second.has_value());
    std::get<KeywordsSource>(document.signalList[0].source).anyOf = {"poem"};
    const auto third = CompiledPolicy::compile(document, &*second);
    QVERIFY(third.has_value());
    const auto rule = [](const CompiledPolicy& policy, const char* text) {
        CompiledPolicy::Scratch scratch(policy);
        return policy.decide(ask(text), scratch).rule;
    };
    QCOMPARE(rule(first, "code"), 0);
    QCOMPARE(rule(*second, "code"), 0);
    QCOMPARE(rule(*second, "a poem"), 1);
    QCOMPARE(rule(*third, "a poem"), 0);
    QCOMPARE(rule(*third, "code"), Decision::kOtherwise);
}

void TestCompiledPolicy::whatCannotBeCompiledIsNamedByItsPath_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("path");
    QTest::newRow("unknown signal") << 0 << QStringLiteral("rules[0].when");
    QTest::newRow("wrong type") << 1 << QStringLiteral("rules[0].when");
    QTest::newRow("unknown model in a plan") << 2 << QStringLiteral("rules[0].plan");
    QTest::newRow("unknown model of otherwise") << 3 << QStringLiteral("otherwise");
    QTest::newRow("weights") << 4 << QStringLiteral("otherwise");
    QTest::newRow("empty chain") << 5 << QStringLiteral("otherwise");
    QTest::newRow("expression") << 6 << QStringLiteral("signals[0]");
    QTest::newRow("score of a score") << 7 << QStringLiteral("signals[1]");
    QTest::newRow("holdout") << 8 << QStringLiteral("holdout");
    QTest::newRow("matches") << 9 << QStringLiteral("rules[0].when");
    QTest::newRow("list of mixed types") << 10 << QStringLiteral("rules[0].when");
}

void TestCompiledPolicy::whatCannotBeCompiledIsNamedByItsPath()
{
    QFETCH(const int, fault);
    QFETCH(const QString, path);
    PolicyDocument document = PolicyBuilder({"a", "b"})
                                  .regex("s", "x+")
                                  .signal("score", ScoreSource{1, {}, {}, {{1, when("s")}}})
                                  .metadata("t")
                                  .rule("r", when("s"), call("b"))
                                  .document();
    QVERIFY(CompiledPolicy::compile(document).has_value());
    Condition& condition = document.rules[0].when;
    switch (fault) {
    case 0:
        condition = when("nowhere");
        break;
    case 1:
        condition = when("s", CompareOp::Gt, 7);
        break;
    case 2:
        document.rules[0].plan = call("nobody");
        break;
    case 3:
        document.otherwise = call("nobody");
        break;
    case 4:
        document.otherwise = split({{5000, call("a")}, {4999, call("b")}});
        break;
    case 5:
        document.otherwise = chain({});
        break;
    case 6:
        document.signalList[0].source = RegexSource{TextScope::LastUser, "\\bx"};
        break;
    case 7:
        document.signalList[1].source =
            ScoreSource{1, {}, {}, {{1, when("score", CompareOp::Gt, 1)}}};
        break;
    case 8:
        document.holdout = Holdout{0.1, StickyUnit::User, "h", ModelId("nobody")};
        break;
    case 9:
        condition = when("t", CompareOp::Matches, "(a)");
        break;
    default:
        condition = when("t", CompareOp::In, std::vector<Scalar>{std::string("x"), 1.0});
        break;
    }
    const auto policy = CompiledPolicy::compile(document);
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, ErrorCode::InvalidArgument);
    QVERIFY2(QString::fromStdString(policy.error().where).startsWith(path),
             toString(policy.error()).c_str());
    QVERIFY(!policy.error().message.empty());
}

void TestCompiledPolicy::decisionsHaveNames()
{
    PolicyDocument document = PolicyBuilder({"a"})
                                  .rule("hard", allOf({}), call("a"))
                                  .rule("easy", allOf({}), call("a"))
                                  .document();
    document.rules[0].label = "Hard questions";
    document.rules[1].label.clear();
    QCOMPARE(signalbox::nameOf({0, 0, nullptr, 0}, document),
             std::string("rule \"Hard questions\""));
    QCOMPARE(signalbox::nameOf({1, 0, nullptr, 0}, document), std::string("rule \"easy\""));
    QCOMPARE(signalbox::nameOf({Decision::kOtherwise, 0, nullptr, 0}, document),
             std::string("otherwise"));
    QCOMPARE(signalbox::nameOf({Decision::kHoldout, 0, nullptr, 0}, document),
             std::string("holdout"));
}

QTEST_GUILESS_MAIN(TestCompiledPolicy)
#include "tst_compiled_policy.moc"
