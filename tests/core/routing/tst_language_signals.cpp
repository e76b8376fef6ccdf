// SPDX-License-Identifier: GPL-3.0-or-later
// Signals beside the text's measures: scripts, times of day, meters, roles, tables of styles; and
// the margins of rules.

#include <core/policy/uncertain.h>
#include <core/policy/user_styles.h>
#include <core/routing/compiled_policy.h>
#include <core/routing/script_of.h>
#include <tests/support/policy_builder.h>

#include <QTest>

using namespace signalbox;
using namespace signalbox::test;

namespace {

/// What a signal is for a request; "missing" if it is.
std::string valueFor(const SignalSource& source, const Request& request,
                     std::shared_ptr<const UserStyles> styles = {})
{
    PolicyBuilder policy;
    policy.signal("s", source);
    const auto compiled = CompiledPolicy::compile(policy.document(), nullptr, std::move(styles));
    if (!compiled)
        return toString(compiled.error());
    CompiledPolicy::Scratch scratch(*compiled);
    const SignalSlot slot = compiled->extract(request, scratch)[0];
    switch (slot.kind) {
    case SignalSlot::Kind::Missing:
        return "missing";
    case SignalSlot::Kind::Number:
        return QString::number(slot.number).toStdString();
    case SignalSlot::Kind::Boolean:
        return slot.number != 0 ? "true" : "false";
    case SignalSlot::Kind::String:
        break;
    }
    return std::string(slot.text);
}

std::int64_t at(const char* utc)
{
    return QDateTime::fromString(QString::fromLatin1(utc), Qt::ISODate).toMSecsSinceEpoch();
}

} // namespace

class TestLanguageSignals : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not)")));
    }

    void aTextIsInTheScriptOfMostOfItsLetters_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("script");
        const auto row = [](const char* text, const char* script) {
            QTest::newRow(script) << QString::fromUtf8(text) << QString::fromLatin1(script);
        };
        row("Where is my order? 42", "latin");
        row("Где мой заказ, Bob?", "cyrillic");
        row("Πού είναι η παραγγελία μου;", "greek");
        row("我的订单在哪里", "han");
        row("わたしのちゅうもんは?", "kana");
        row("내 주문은 어디에 있나요", "hangul");
        row("คำสั่งซื้อของฉันอยู่ที่ไหน", "thai");
        row("أين طلبي", "arabic");
        row("मेरा ऑर्डर कहाँ है", "devanagari");
        row("איפה ההזמנה שלי", "hebrew");
        row("ჩემი შეკვეთა", "other");
        row("1234 ?! \xF0\x9F\x9A\x80", "none");
    }
    void aTextIsInTheScriptOfMostOfItsLetters()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, script);
        QCOMPARE(QString::fromStdString(std::string(scriptOf(text.toStdString()))), script);
        QCOMPARE(QString::fromStdString(
                     valueFor(ScriptSource{TextScope::LastUser}, ask(text.toStdString()))),
                 script);
    }

    void aWindowIsOfLocalTime_data()
    {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("until");
        QTest::addColumn<QList<int>>("days");
        QTest::addColumn<qint64>("time");
        QTest::addColumn<QString>("holds");
        const auto row = [](const char* name, const char* zone, int from, int until,
                            const QList<int>& days, const char* utc, const char* holds) {
            QTest::newRow(name) << QString::fromLatin1(zone) << from << until << days
                                << qint64(at(utc)) << QString::fromLatin1(holds);
        };
        const int eight = 8 * 60;
        const int six = 18 * 60;
        const QList<int> week = {0, 1, 2, 3, 4};
        row("winter in Berlin", "Europe/Berlin", eight, six, week, "2026-01-15T07:00:00Z", "true");
        row("a minute before", "Europe/Berlin", eight, six, week, "2026-01-15T06:59:59Z", "false");
        row("summer in Berlin", "Europe/Berlin", eight, six, week, "2026-07-15T06:00:00Z", "true");
        row("its end is not included", "Europe/Berlin", eight, six, week, "2026-07-15T16:00:00Z",
            "false");
        row("a Sunday", "Europe/Berlin", eight, six, week, "2026-01-18T10:00:00Z", "false");
        row("every day", "UTC", eight, six, {}, "2026-01-18T10:00:00Z", "true");
        row("half an hour off", "Asia/Kolkata", eight, six, {}, "2026-01-15T02:30:00Z", "true");
        row("past midnight belongs to the day before", "UTC", 22 * 60, 6 * 60, {4},
            "2026-01-17T05:59:00Z", "true"); // Saturday morning, Friday's night
        row("the night before is not listed", "UTC", 22 * 60, 6 * 60, {4}, "2026-01-16T05:00:00Z",
            "false");
        row("equal times are the whole day", "UTC", 0, 0, {5}, "2026-01-17T13:00:00Z", "true");
    }
    void aWindowIsOfLocalTime()
    {
        QFETCH(const QString, zone);
        QFETCH(const int, from);
        QFETCH(const int, until);
        QFETCH(const QList<int>, days);
        QFETCH(const qint64, time);
        QFETCH(const QString, holds);
        TimeWindowSource window = {zone.toStdString(), {}, from, until};
        for (const int day : days)
            window.days.push_back(static_cast<Weekday>(day));
        Request request = ask("hello");
        QCOMPARE(valueFor(window, request), std::string("missing"));
        request.timeMs = time;
        QCOMPARE(QString::fromStdString(valueFor(window, request)), holds);
    }

    void anUnknownZoneIsRefusedWithItsPlace()
    {
        QCOMPARE(QByteArray::fromStdString(
                     valueFor(TimeWindowSource{"Europe/Atlantis", {}, 0, 60}, ask("hello"))),
                 QByteArray("signals[0].zone: There is no time zone \"Europe/Atlantis\"; zones are "
                            "named like \"Europe/Berlin\". (Use \"UTC\")"));
    }

    void aMeterShowsWhatTheRequestBrings()
    {
        const UsageSource spend = {UsageMeasure::SpendUsd, UsageUnit::User, 3600};
        Request request = ask("hello");
        QCOMPARE(valueFor(spend, request), std::string("missing"));
        request.usage = {{SignalId("other"), 3}, {SignalId("s"), 1.5}};
        QCOMPARE(valueFor(spend, request), std::string("1.5"));
    }

    void messagesAreCountedByRoleAndTheLastOneIsNamed()
    {
        Request request = ask("hello");
        request.messages.push_back({Role::Assistant, "calling", 0});
        request.messages.push_back({Role::Tool, "{}", 0});
        request.messages.push_back({Role::Tool, "{}", 0});
        QCOMPARE(valueFor(FieldSource{RequestField::Messages, {}}, request), std::string("4"));
        QCOMPARE(valueFor(FieldSource{RequestField::Messages, Role::Tool}, request),
                 std::string("2"));
        QCOMPARE(valueFor(FieldSource{RequestField::LastRole, {}}, request), std::string("tool"));
    }

    void theTableSpeaksForUsersThatNameNoStyle()
    {
        UserStyles table;
        table.set("u1", "concise");
        const auto styles = std::make_shared<const UserStyles>(table);
        const StyleSource source = {"balanced", "styles.json"};
        Request request = ask("hello");
        request.userId = "u1";
        QCOMPARE(valueFor(source, request, styles), std::string("concise"));
        QCOMPARE(valueFor(StyleSource{"balanced", {}}, request, styles), std::string("balanced"));
        QCOMPARE(valueFor(source, request), std::string("balanced"));
        request.style = "detailed";
        QCOMPARE(valueFor(source, request, styles), std::string("detailed"));
        request.style.reset();
        request.userId = "u2";
        QCOMPARE(valueFor(source, request, styles), std::string("balanced"));
    }

    void aTableOfStylesIsReadAndWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* name, const char* text, const char* result) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(result);
        };
        row("two users", R"({"schemaVersion": 1, "styles": {"b": "concise", "a": "detailed"}})",
            "a=detailed");
        row("a style that is none", R"({"schemaVersion": 1, "styles": {"a": "poetic"}})",
            "styles.a: expected one of \"concise\", \"balanced\", \"detailed\", got \"poetic\"");
        row("a newer table", R"({"schemaVersion": 2, "styles": {}})",
            "the table of styles has schema version 2; this program knows version 1");
        row("no table", R"({"schemaVersion": 1})", "the member \"styles\" is missing");
        row("no JSON", "a,concise", "line 1, column 1");
    }
    void aTableOfStylesIsReadAndWritten()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, result);
        const auto table = UserStyles::parse(text.toStdString());
        const std::string said =
            table ? "a=" + std::string(table->styleOf("a")) : toString(table.error());
        QVERIFY2(QString::fromStdString(said).contains(result), said.c_str());
        if (table)
            QVERIFY(*UserStyles::parse(table->toText()) == *table);
    }

    void theMarginClaimsBothSidesOfTheThreshold()
    {
        const PolicyDocument policy =
            PolicyBuilder({"cheap", "dear", "both"})
                .signal("score", MetadataSource{"score", ValueType::Number})
                .rule("hard", when("score", CompareOp::Gte, 7), call("dear"))
                .with([](PolicyDocument& document) {
                    document.rules[0].uncertain = Uncertain{SignalId("score"), 1, call("both")};
                })
                .document();
        const auto compiled = CompiledPolicy::compile(policy);
        QVERIFY2(compiled.has_value(), compiled ? "" : toString(compiled.error()).c_str());
        CompiledPolicy::Scratch scratch(*compiled);
        const auto asked = [&](double score) {
            Request request = ask("hello");
            request.metadata = {{"score", score}};
            const Decision decision = compiled->decide(request, scratch);
            return policy.models[static_cast<std::size_t>(decision.firstModel)].id.value +
                   (decision.isUncertain ? "?" : "");
        };
        QCOMPARE(asked(5.9), std::string("cheap"));
        QCOMPARE(asked(6), std::string("both?")); // 6 + 1 would do
        QCOMPARE(asked(7.5), std::string("both?"));
        QCOMPARE(asked(8), std::string("dear")); // 8 - 1 still does
        const Trace trace = compiled->explain([] {
            Request request = ask("hello");
            request.metadata = {{"score", 6.5}};
            return request;
        }());
        QVERIFY(trace.rules[0].isUncertain);
        QVERIFY(!trace.rules[0].matched);
        QCOMPARE(nameOf(trace.decision, policy), std::string("rule \"hard\", uncertain"));
        // The nearest ways out: down to otherwise, up to the rule itself.
        QCOMPARE(trace.nearMisses.size(), std::size_t{2});
        QCOMPARE(trace.nearMisses[0].rule, Decision::kOtherwise);
        QVERIFY(trace.nearMisses[1].rule == 0 && !trace.nearMisses[1].isUncertain);
        // A request without a score is not ambiguous.
        QCOMPARE(policy
                     .models[static_cast<std::size_t>(
                         compiled->decide(ask("hello"), scratch).firstModel)]
                     .id.value,
                 std::string("cheap"));
    }

    void aPoolIsPickedByLiveNumbers()
    {
        Pool pool;
        pool.members = {Call{ModelId("cheap"), {}, {}, {}}, Call{ModelId("dear"), {}, {}, {}}};
        PolicyBuilder builder;
        const auto pickedBy = [&](PoolPick pick, const std::vector<LiveNumbers>& live) {
            pool.pick = pick;
            const PolicyDocument policy = builder.otherwise(Plan{pool}).document();
            const auto compiled = CompiledPolicy::compile(policy);
            CompiledPolicy::Scratch scratch(*compiled);
            const Request request = ask("hello");
            RoutingKeys keys = routingKeysOf(request);
            keys.live = live;
            const Decision decision = compiled->route(compiled->extract(request, scratch), keys);
            return policy.models[static_cast<std::size_t>(decision.firstModel)].id.value;
        };
        const double unknown = std::numeric_limits<double>::quiet_NaN();
        const std::vector<LiveNumbers> live = {{"cheap", 900, 1, 7}, {"dear", 300, 9, unknown}};
        QCOMPARE(pickedBy(PoolPick::Latency, live), std::string("dear"));
        QCOMPARE(pickedBy(PoolPick::Cost, live), std::string("cheap"));
        QCOMPARE(pickedBy(PoolPick::Load, live), std::string("cheap")); // the other is not known
        QCOMPARE(pickedBy(PoolPick::Latency, {}), std::string("cheap"));
        QCOMPARE(pickedBy(PoolPick::Latency, {{"dear", 300, 9, 1}}), std::string("dear"));
    }
};

QTEST_GUILESS_MAIN(TestLanguageSignals)
#include "tst_language_signals.moc"
