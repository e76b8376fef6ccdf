// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a policy file is read whole or every problem in it is named with its path; what is
// written is read back equal, in a stable order and without defaults; edits travel the same way.

#include <core/base/json.h>
#include <core/policy/edit.h>
#include <core/policy/policy_json.h>
#include <tests/support/design_example.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::string textOf(const std::vector<Error>& problems)
{
    std::string text;
    for (const Error& problem : problems)
        text += toString(problem) + '\n';
    return text;
}

/// A valid policy with one member replaced by `json`, or one added.
std::string policyWith(const char* member, const std::string& json)
{
    auto policy = parseJson(R"({"schemaVersion": 1, "id": "p", "models": [],
                                "otherwise": {"call": {"model": "m"}}})");
    (*policy)[member] = *parseJson(json);
    return policy->dump();
}

std::string problemsOf(const char* member, const QByteArray& json)
{
    return textOf(readPolicyText(policyWith(member, json.toStdString())).problems);
}

std::string ruleWith(const std::string& when, const std::string& plan)
{
    return R"([{"id": "r", "when": )" + when + R"(, "plan": )" + plan + "}]";
}

constexpr const char* kCall = R"({"call": {"model": "m"}})";
constexpr const char* kCompare = R"({"signal": "s", "op": "eq", "value": 1})";

} // namespace

class TestPolicyJson : public QObject
{
    Q_OBJECT
private slots:
    void theDesignsExampleIsReadToTheLetter()
    {
        const PolicyReading reading = readPolicyText(kDesignExample);
        QCOMPARE(QByteArray::fromStdString(textOf(reading.problems)), QByteArray());
        const PolicyDocument& policy = reading.document;
        QCOMPARE(policy.revision, 7);
        QCOMPARE(policy.models.size(), std::size_t(1));
        QCOMPARE(policy.models[0].price->outputPerToken, Money{60'000'000});
        QCOMPARE(policy.signalList.size(), std::size_t(6));
        const auto& score = std::get<ScoreSource>(policy.signalList[0].source);
        QCOMPARE(score.terms.size(), std::size_t(4));
        QCOMPARE(score.terms[3].when, when("asks", CompareOp::Eq, CompareValue(false)));
        const auto& any = std::get<Any>(policy.rules[0].when.node);
        QCOMPARE(any.conditions[0], when("complexity", CompareOp::Gte, ByStyle{8, 7, 5}));
        const auto& chain = std::get<Chain>(policy.otherwise.node);
        QCOMPARE(chain.mode, ChainMode::Hedge);
        QCOMPARE(*chain.deadlineMs, 2000);
        QCOMPARE(chain.steps[0], split({{9000, call("palm-2", {.firstTokenMs = 500})},
                                        {1000, call("gpt-3.5-turbo", {.firstTokenMs = 500})}},
                                       "2026-11"));
        QCOMPARE(policy.holdout->share, 0.03);
        QCOMPARE(policy.voice.tone[0].band, (VoiceContract::Band{0.2, 0.8}));
        QCOMPARE(policy.gates[2].per, GateScope::Segment);
        QCOMPARE(policy.tests.size(), std::size_t(1));
        QVERIFY(policy.tests[0].expectOtherwise);
        QCOMPARE(policy.tests[0].model, std::optional(ModelId("palm-2")));
    }

    void theDesignsExampleIsWrittenBackEqual()
    {
        const auto policy = parsePolicy(kDesignExample);
        QVERIFY(policy.has_value());
        const std::string text = toPolicyText(*policy);
        const auto again = parsePolicy(text);
        QVERIFY(again.has_value());
        QVERIFY(*again == *policy);
        QCOMPARE(toPolicyText(*again), text);
    }

    void aSmallPolicyHasThisText()
    {
        const PolicyDocument policy =
            PolicyBuilder({"cheap", "dear"})
                .measure("length", TextMeasure::Chars)
                .rule("long", when("length", CompareOp::Gt, 200), call("dear"))
                .otherwise(chain({call("cheap", {.firstTokenMs = 500, .retry = {3}}), call("dear")},
                                 2000, ChainMode::Hedge));
        QCOMPARE(QByteArray::fromStdString(toPolicyText(policy)), QByteArray(R"({
  "schemaVersion": 1,
  "id": "test",
  "name": "Test",
  "revision": 1,
  "models": [
    {
      "id": "cheap",
      "provider": "simulator",
      "upstreamModel": "cheap",
      "price": {"inputPerMTok": 1, "outputPerMTok": 2, "asOf": "2023-06-13"}
    },
    {
      "id": "dear",
      "provider": "simulator",
      "upstreamModel": "dear",
      "price": {"inputPerMTok": 10, "outputPerMTok": 20, "asOf": "2023-06-13"}
    }
  ],
  "baseline": "dear",
  "signals": [{"id": "length", "source": "chars"}],
  "rules": [
    {
      "id": "long",
      "label": "long",
      "when": {"signal": "length", "op": "gt", "value": 200},
      "plan": {"call": {"model": "dear"}}
    }
  ],
  "otherwise": {
    "chain": {
      "deadlineMs": 2000,
      "mode": "hedge",
      "steps": [
        {"call": {"model": "cheap", "firstTokenMs": 500, "retry": {"count": 3}}},
        {"call": {"model": "dear"}}
      ]
    }
  }
}
)"));
    }

    void anyPolicyIsReadBackEqual()
    {
        for (std::uint64_t seed = 0; seed < 400; ++seed) {
            const PolicyDocument policy = RandomPolicy(seed).document();
            const std::string text = toPolicyText(policy);
            const PolicyReading reading = readPolicyText(text);
            QVERIFY2(reading.problems.empty(), (textOf(reading.problems) + text).c_str());
            QVERIFY2(reading.document == policy, text.c_str());
            QCOMPARE(toPolicyText(reading.document), text);
        }
    }

    void anyEditIsReadBackEqual()
    {
        std::set<std::size_t> kinds;
        for (std::uint64_t seed = 0; seed < 600; ++seed) {
            RandomPolicy random(seed);
            const Edit edit = random.edit(random.document(), 2);
            kinds.insert(edit.index());
            const Json json = toJson(edit);
            const auto line = parseJson(toCompactJsonText(json), kPolicyJsonLimits);
            QVERIFY(line.has_value());
            const auto again = editFromJson(*line);
            QVERIFY2(again.has_value(), toCompactJsonText(json).c_str());
            QVERIFY2(*again == edit, toCompactJsonText(json).c_str());
        }
        QCOMPARE(kinds.size(), std::variant_size_v<Edit>);
    }

    void anyPartIsReadBackEqual()
    {
        RandomPolicy random(5);
        for (int round = 0; round < 200; ++round) {
            const Condition condition = random.condition(4);
            QVERIFY(conditionFromJson(toJson(condition)) == condition);
            const Plan plan = random.plan(4);
            QVERIFY(planFromJson(toJson(plan)) == plan);
            const Rule rule = random.rule("r");
            QVERIFY(ruleFromJson(toJson(rule)) == rule);
            const Request request = random.request();
            QVERIFY(requestFromJson(toJson(request)) == request);
        }
    }

    void existsNeedsNoValue()
    {
        const auto condition = conditionFromJson(*parseJson(R"({"signal": "s", "op": "exists"})"));
        QVERIFY(condition.has_value());
        QCOMPARE(*condition, when("s", CompareOp::Exists, CompareValue(true)));
        QCOMPARE(toJson(*condition).dump(), std::string(R"({"signal":"s","op":"exists"})"));
        const Condition odd = when("s", CompareOp::Exists, CompareValue(false));
        QVERIFY(conditionFromJson(toJson(odd)) == odd);
    }

    void everyProblemIsNamedWithItsPath_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("problems");
        const auto row = [](const char* name, const char* member, const std::string& json,
                            const char* problems) {
            QTest::newRow(name) << QByteArray(member) << QByteArray::fromStdString(json)
                                << QByteArray(problems);
        };
        row("version as text", "schemaVersion", "\"1\"",
            "schemaVersion: expected a whole number, got \"1\"\n");
        row("version zero", "schemaVersion", "0",
            "schemaVersion: there is no schema version 0 (Write 1.)\n");
        row("id", "id", "7", "id: expected a text, got 7\n");
        row("revision", "revision", "1.5", "revision: expected a whole number, got 1.5\n");
        row("unknown member", "modles", "[]",
            "modles: unknown member \"modles\" (Did you mean \"models\"?)\n");
        row("models", "models", "{}", "models: expected a list, got an object\n");
        row("a model", "models", "[3]", "models[0]: expected an object, got 3\n");
        row("a model's members", "models",
            R"([{"id": "m", "provider": "p", "upstreamModel": 1, "baseUrl": 2, "contextTokens": "x", "styleGuide": null}])",
            "models[0].upstreamModel: expected a text, got 1\nmodels[0].baseUrl: expected a text, "
            "got 2\n"
            "models[0].contextTokens: expected a whole number, got \"x\"\nmodels[0].styleGuide: "
            "expected a text, got null\n");
        row("a model without provider", "models", R"([{"id": "m"}])",
            "models[0]: the member \"provider\" is missing\n");
        row("a price", "models",
            R"([{"id": "m", "provider": "p", "price": {"inputPerMTok": "30", "outputPerMtok": 60}}])",
            "models[0].price.inputPerMTok: expected a number from -1000000000 to 1000000000, got "
            "\"30\"\n"
            "models[0].price: the member \"outputPerMTok\" is missing\n"
            "models[0].price.outputPerMtok: unknown member \"outputPerMtok\" (Did you mean "
            "\"outputPerMTok\"?)\n");
        row("baseline", "baseline", "[]", "baseline: expected a text, got a list\n");
        row("decideBy", "decideBy", "\"turn\"",
            "decideBy: expected one of \"request\", \"conversation\", got \"turn\"\n");
        row("signal without source", "signals", R"([{"id": "s"}])",
            "signals[0]: the member \"source\" is missing\n");
        row("unknown source", "signals", R"([{"id": "s", "source": "char", "scope": 1}])",
            "signals[0].source: expected one of \"score\", \"chars\", \"words\", \"tokens\", "
            "\"lines\", \"codeShare\", \"keywords\", \"contains\", \"regex\", \"script\", "
            "\"style\", \"metadata\", \"header\", \"timeWindow\", \"turn\", \"messages\", "
            "\"requestedModel\", \"maxTokens\", \"hasTools\", \"hasImages\", \"lastRole\", "
            "\"requestRate\", \"tokenRate\", \"spend\", got \"char\" (Did you mean \"chars\"?)\n");
        row("scope", "signals", R"([{"id": "s", "source": "words", "scope": "user"}])",
            "signals[0].scope: expected one of \"lastUser\", \"allUser\", \"system\", \"all\", got "
            "\"user\"\n");
        row("a score's scope", "signals", R"([{"id": "s", "source": "score", "scope": "all"}])",
            "signals[0].scope: a score has no scope of its own (Give the scope to the signals that "
            "its terms use.)\n");
        row("score", "signals",
            R"([{"id": "s", "source": "score", "base": true, "min": "a", "max": [], "terms": [{"add": "x", "when": {}}, {}]}])",
            "signals[0].base: expected a number, got true\nsignals[0].min: expected a number, got "
            "\"a\"\nsignals[0].max: expected a number, got a list\n"
            "signals[0].terms[0].add: expected a number, got \"x\"\n"
            "signals[0].terms[0].when: a condition has one of \"signal\", \"all\", \"any\", "
            "\"not\"\n"
            "signals[0].terms[1]: the member \"add\" is missing\nsignals[0].terms[1]: the member "
            "\"when\" is missing\n");
        row("keywords", "signals",
            R"([{"id": "s", "source": "keywords", "anyOf": ["a", 1], "match": "words"}])",
            "signals[0].anyOf[1]: expected a text, got 1\nsignals[0].match: expected one of "
            "\"substring\", \"word\", got \"words\" (Did you mean \"word\"?)\n");
        row("keywords without words", "signals", R"([{"id": "s", "source": "keywords"}])",
            "signals[0]: the member \"anyOf\" is missing\n");
        row("contains", "signals", R"([{"id": "s", "source": "contains", "text": 5}])",
            "signals[0].text: expected a text, got 5\n");
        row("regex", "signals", R"([{"id": "s", "source": "regex", "ignoreCase": 1}])",
            "signals[0]: the member \"pattern\" is missing\nsignals[0].ignoreCase: expected true "
            "or false, got 1\n");
        row("style", "signals", R"([{"id": "s", "source": "style", "default": 2}])",
            "signals[0].default: expected a text, got 2\n");
        row("metadata", "signals", R"([{"id": "s", "source": "metadata", "type": "bool"}])",
            "signals[0]: the member \"key\" is missing\nsignals[0].type: expected one of "
            "\"number\", \"boolean\", \"string\", got \"bool\"\n");
        row("header", "signals", R"([{"id": "s", "source": "header", "key": "x"}])",
            "signals[0]: the member \"name\" is missing\nsignals[0].key: unknown member \"key\"\n");
        row("field", "signals", R"([{"id": "s", "source": "turn", "scope": "all"}])",
            "signals[0].scope: unknown member \"scope\"\n");
        row("a rule", "rules", R"([{"label": 1, "enabled": 0}])",
            "rules[0]: the member \"id\" is missing\nrules[0].label: expected a text, got "
            "1\nrules[0].enabled: expected true or false, got 0\n"
            "rules[0]: the member \"when\" is missing\nrules[0]: the member \"plan\" is missing\n");
        row("no condition", "rules", ruleWith("{\"al\": []}", kCall),
            "rules[0].when: a condition has one of \"signal\", \"all\", \"any\", \"not\" (Did you "
            "mean \"all\"?)\n");
        row("two conditions in one", "rules", ruleWith(R"({"all": [], "not": {"all": []}})", kCall),
            "rules[0].when: a condition has only one of \"all\", \"not\"\n");
        row("nested", "rules",
            ruleWith(
                R"({"all": [{"not": {"any": [{"signal": 3, "op": "=", "value": null, "x": 1}]}}]})",
                kCall),
            "rules[0].when.all[0].not.any[0].signal: expected a text, got 3\n"
            "rules[0].when.all[0].not.any[0].op: expected one of \"eq\", \"ne\", \"lt\", \"lte\", "
            "\"gt\", \"gte\", \"in\", \"contains\", \"prefix\", \"suffix\", \"matches\", "
            "\"exists\", got \"=\"\n"
            "rules[0].when.all[0].not.any[0].value: expected a value to compare with, got null\n"
            "rules[0].when.all[0].not.any[0].x: unknown member \"x\"\n");
        row("all of no list", "rules", ruleWith("{\"all\": {}}", kCall),
            "rules[0].when.all: expected a list, got an object\n");
        row("no value", "rules", ruleWith(R"({"signal": "s", "op": "eq"})", kCall),
            "rules[0].when: the member \"value\" is missing\n");
        row("by style", "rules",
            ruleWith(
                R"({"signal": "s", "op": "gt", "value": {"byStyle": {"concise": 1, "detailed": "x"}, "y": 1}})",
                kCall),
            "rules[0].when.value.byStyle: the member \"balanced\" is missing\n"
            "rules[0].when.value.byStyle.detailed: expected a number, got "
            "\"x\"\nrules[0].when.value.y: unknown member \"y\"\n");
        row("list", "rules",
            ruleWith(R"({"signal": "s", "op": "in", "value": ["a", [], 3, null]})", kCall),
            "rules[0].when.value[1]: expected a text, a number, true or false, got a list\n"
            "rules[0].when.value[3]: expected a text, a number, true or false, got null\n");
        row("no plan", "rules", ruleWith(kCompare, "{\"cal\": {}}"),
            "rules[0].plan: a plan has one of \"call\", \"chain\", \"split\", \"cascade\", "
            "\"pool\" (Did you mean "
            "\"call\"?)\n");
        row("call", "otherwise",
            R"({"call": {"firstTokenMs": "fast", "totalMs": 1.5, "retry": 3}, "note": "x"})",
            "otherwise.call: the member \"model\" is missing\notherwise.call.firstTokenMs: "
            "expected a whole number, got \"fast\"\n"
            "otherwise.call.totalMs: expected a whole number, got 1.5\notherwise.call.retry: "
            "expected an object, got 3\n"
            "otherwise.note: unknown member \"note\"\n");
        row("retry", "otherwise",
            R"({"call": {"model": "m", "retry": {"backoffMs": "x", "multiplier": true}}})",
            "otherwise.call.retry: the member \"count\" is "
            "missing\notherwise.call.retry.backoffMs: expected a whole number, got \"x\"\n"
            "otherwise.call.retry.multiplier: expected a number, got true\n");
        row("chain", "otherwise",
            R"({"chain": {"deadlineMs": "x", "mode": "race", "on": ["timeout", "429"]}})",
            "otherwise.chain.deadlineMs: expected a whole number, got \"x\"\notherwise.chain.mode: "
            "expected one of \"cancel\", \"hedge\", got \"race\"\n"
            "otherwise.chain.on[1]: expected one of \"timeout\", \"rateLimit\", \"serverError\", "
            "\"connect\", \"contentFilter\", \"badAnswer\", got \"429\"\n"
            "otherwise.chain: the member \"steps\" is missing\n");
        row("split", "otherwise",
            R"({"split": {"sticky": "session", "salt": 1, "arms": [{"plan": {"call": {"model": 1}}}]}})",
            "otherwise.split.sticky: expected one of \"request\", \"conversation\", \"user\", got "
            "\"session\"\notherwise.split.salt: expected a text, got 1\n"
            "otherwise.split.arms[0]: the member \"weight\" is "
            "missing\notherwise.split.arms[0].plan.call.model: expected a text, got 1\n");
        row("holdout", "holdout", R"({"share": "3%", "unit": "x", "model": 1})",
            "holdout.share: expected a number, got \"3%\"\nholdout.unit: expected one of "
            "\"request\", \"conversation\", \"user\", got \"x\"\nholdout.model: expected a text, "
            "got 1\n");
        row("answer style", "answerStyle",
            R"({"flattenMarkdown": "yes", "maxWords": "x", "trim": true})",
            "answerStyle.flattenMarkdown: expected true or false, got "
            "\"yes\"\nanswerStyle.maxWords: expected a whole number, got \"x\"\nanswerStyle.trim: "
            "unknown member \"trim\"\n");
        row("voice", "voice",
            R"({"words": [1], "tone": {"warmth": "x", "odd axis": [1, "y"]}, "golden": "a"})",
            "voice.words: expected a lower and an upper number, like [40, 160], got a list of 1\n"
            "voice.tone.warmth: expected a lower and an upper number, like [40, 160], got \"x\"\n"
            "voice.tone[\"odd axis\"][1]: expected a number, got \"y\"\nvoice.golden: expected a "
            "list, got \"a\"\n");
        row("gate", "gates", R"([{"metric": "cost", "atLeast": "x", "per": "user"}])",
            "gates[0].metric: expected one of \"costSaving\", \"costPer1kRequests\", "
            "\"latencyP95Ms\", \"satisfaction\", \"satisfactionRatio\", \"consistency\", got "
            "\"cost\"\n"
            "gates[0].atLeast: expected a number, got \"x\"\ngates[0].per: expected one of "
            "\"total\", \"segment\", \"tier\", got \"user\"\n");
        row("monitoring", "monitoring",
            R"({"outcomes": [1], "alpha": "x", "detectWithinDays": 0.5})",
            "monitoring.outcomes[0]: expected a text, got 1\nmonitoring.alpha: expected a number, "
            "got \"x\"\nmonitoring.detectWithinDays: expected a whole number, got 0.5\n");
        row("test", "tests",
            R"([{"request": {"messages": [{"role": "bot", "content": 1, "images": -1}]}, "expect": {"rule": 3, "arm": 1}}, {}])",
            "tests[0].request.messages[0].role: expected one of \"system\", \"user\", "
            "\"assistant\", \"tool\", got \"bot\"\n"
            "tests[0].request.messages[0].content: expected a text, got 1\n"
            "tests[0].request.messages[0].images: expected a whole number of at least 0, "
            "got -1\n"
            "tests[0].expect.rule: expected a text, got 3\ntests[0].expect.arm: unknown member "
            "\"arm\"\n"
            "tests[1]: the member \"request\" is missing\ntests[1]: the member \"expect\" is "
            "missing\n");
        row("request", "tests",
            R"([{"request": {"style": 1, "metadata": {"plan": []}, "headers": {"x": 1}, "maxTokens": "x", "hasTools": 1, "model": "m"}, "expect": {}}])",
            "tests[0].request.style: expected a text, got 1\ntests[0].request.metadata.plan: "
            "expected a text, a number, true or false, got a list\n"
            "tests[0].request.headers.x: expected a text, got 1\ntests[0].request.maxTokens: "
            "expected a whole number, got \"x\"\n"
            "tests[0].request.hasTools: expected true or false, got 1\ntests[0].request: the "
            "member \"messages\" is missing\n"
            "tests[0].request.model: unknown member \"model\"\n");
        row("release", "release",
            R"({"at": 3, "simulated": 1, "requests": -1, "answers": "x", "reason": 7, "gates": [{"name": 1, "verdict": "good", "value": "x", "acknowledged": 0}]})",
            "release.at: expected a text, got 3\nrelease.simulated: expected true or false, got 1\n"
            "release.requests: expected a whole number of at least 0, got -1\nrelease.answers: "
            "expected a whole number of at least 0, got \"x\"\nrelease.reason: expected a text, "
            "got "
            "7\nrelease.gates[0].name: expected a text, got 1\nrelease.gates[0].verdict: expected "
            "one "
            "of \"met\", \"notMet\", \"notShown\", got \"good\"\n"
            "release.gates[0].value: expected a number, got \"x\"\nrelease.gates[0].acknowledged: "
            "expected true or false, got 0\n");
    }
    void everyProblemIsNamedWithItsPath()
    {
        QFETCH(const QByteArray, member);
        QFETCH(const QByteArray, json);
        QFETCH(const QByteArray, problems);
        QCOMPARE(QByteArray::fromStdString(problemsOf(member.constData(), json)), problems);
    }

    void whatCouldBeReadIsThere()
    {
        const PolicyReading reading = readPolicyText(policyWith(
            "rules",
            R"([{"id": "a", "label": 1, "when": {"all": []}, "plan": {"call": {"model": "m"}}},
                         {"id": "b", "label": "B", "when": {"all": []}, "plan": {"call": {"model": "m"}}}])"));
        QCOMPARE(reading.problems.size(), std::size_t(1));
        QCOMPARE(reading.document.rules.size(), std::size_t(2));
        QCOMPARE(reading.document.rules[1].label, std::string("B"));
        QCOMPARE(reading.document.otherwise, call("m"));
    }

    void aPastedKeyIsRefusedAndNeverRepeated()
    {
        const PolicyReading reading = readPolicyText(policyWith(
            "models", R"([{"id": "m", "provider": "openai", "keyRef": "sk-canary-123"}])"));
        QCOMPARE(reading.problems.size(), std::size_t(1));
        QCOMPARE(reading.problems[0].where, std::string("models[0].keyRef"));
        QVERIFY(toString(reading.problems[0]).find("canary") == std::string::npos);
        QVERIFY(reading.document.models[0].keyRef.empty());
    }

    void aKeyInAnAddressIsRefusedAndNeverRepeated_data()
    {
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<QByteArray>("plain");
        const auto row = [](const char* address, const char* plain) {
            QTest::newRow(address) << QByteArray(address) << QByteArray(plain);
        };
        row("https://user:canary@host/v1", "https://host/v1");
        row("https://canary@host:8080/v1", "https://host:8080/v1");
        row("user:canary@host/v1", "host/v1");
        row("https://a@b:canary@host", "https://host");
        row("https://host/v1?key=canary", "https://host/v1");
        row("https://host/v1#canary", "https://host/v1");
        row("https://host?x=canary@y/z", "https://host");
    }
    void aKeyInAnAddressIsRefusedAndNeverRepeated()
    {
        QFETCH(const QByteArray, address);
        QFETCH(const QByteArray, plain);
        // Written out, as moc does not read a raw string that ends in a quote.
        const std::string models = "[{\"id\": \"m\", \"provider\": \"openai\", \"baseUrl\": \"" +
                                   address.toStdString() + "\"}]";
        const PolicyReading reading = readPolicyText(policyWith("models", models));
        QCOMPARE(reading.problems.size(), std::size_t(1));
        QCOMPARE(reading.problems[0].where, std::string("models[0].baseUrl"));
        QVERIFY(toString(reading.problems[0]).find("canary") == std::string::npos);
        QCOMPARE(reading.document.models[0].baseUrl, plain.toStdString());

        ModelSpec typed;
        typed.baseUrl = address.toStdString();
        QVERIFY(toCompactJsonText(toJson(typed)).find("canary") == std::string::npos);
    }

    void anAddressWithoutSecretsStaysAsItIs()
    {
        for (const char* address :
             {"", "http://[::1]:8080/v1", "https://host/@team/v1", "host", "https://host/a:b@c"}) {
            ModelSpec model;
            model.id = ModelId("m");
            model.provider = "openai";
            model.baseUrl = address;
            const PolicyReading reading =
                readPolicyText(policyWith("models", '[' + toCompactJsonText(toJson(model)) + ']'));
            QVERIFY2(reading.problems.empty(), address);
            QCOMPARE(reading.document.models[0].baseUrl, address);
        }
    }

    void moreProblemsThanAreShownAreCounted()
    {
        std::string members;
        for (int i = 0; i < 70; ++i)
            members += ", \"unknown" + std::to_string(i) + "\": 1";
        const PolicyReading reading = readPolicyText(
            policyWith("models", "[{\"id\": \"m\", \"provider\": \"simulator\"" + members + "}]"));
        QCOMPARE(reading.problems.size(), std::size_t(51));
        QVERIFY2(reading.problems.back().message.starts_with("and at least 20 more problems"),
                 reading.problems.back().message.c_str());
    }

    void aNewerVersionIsUnsupportedAndSaysWhatToDo()
    {
        const auto policy = parsePolicy(R"({"schemaVersion": 2, "id": "p", "lanes": []})");
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::Unsupported);
        QCOMPARE(toString(policy.error()),
                 std::string("schemaVersion: the policy has schema version 2; this program knows "
                             "versions up to 1 "
                             "(Open it with a newer Signalbox, or save it there as version 1.)"));
        QCOMPARE(readPolicyText(R"({"schemaVersion": 2, "id": 3})").problems.size(),
                 std::size_t(1));
    }

    void aFileThatIsNoPolicyIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("problems");
        QTest::newRow("empty") << QByteArray()
                               << QByteArray("line 1, column 1: expected a value, found the end of "
                                             "the text (The text seems to be cut off.)\n");
        for (const char* const text : {"[]", "null", "3"})
            QTest::newRow(text)
                << QByteArray(text)
                << QByteArray("this is JSON, but no policy: nothing in it says which model answers "
                              "(A policy begins with \"schemaVersion\".)\n");
        QTest::newRow("an empty object")
            << QByteArray("{}")
            << QByteArray("this is JSON, but no policy: nothing in it says which model answers "
                          "(A policy begins with \"schemaVersion\".)\n");
        QTest::newRow("another program's")
            << QByteArray(R"({"name": "desk", "version": "1.0.0", "scripts": {}})")
            << QByteArray("this is JSON, but no policy: nothing in it says which model answers "
                          "(A policy begins with \"schemaVersion\".)\n");
        QTest::newRow("nothing but rules")
            << QByteArray(R"({"rules": []})")
            << QByteArray(
                   "the member \"schemaVersion\" is missing\nthe member \"id\" is missing\n"
                   "the member \"models\" is missing\nthe member \"otherwise\" is missing\n");
        QTest::newRow("not UTF-8") << QByteArray("{\"schemaVersion\": 1, \"id\": \"gr\xFC\"}")
                                   << QByteArray("line 1, column 31: the text is not UTF-8 (Save "
                                                 "the file in the encoding UTF-8.)\n");
        QTest::newRow("duplicate key")
            << QByteArray("{\"schemaVersion\": 1,\n \"rules\": [{\"id\": \"a\", \"id\": \"b\"}]}")
            << QByteArray("line 2, column 24 (rules[0]): the member \"id\" is given twice (Keep "
                          "one of the two.)\n");
    }
    void aFileThatIsNoPolicyIsRefused()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, problems);
        const PolicyReading reading = readPolicyText(text.toStdString());
        QCOMPARE(QByteArray::fromStdString(textOf(reading.problems)), problems);
    }

    void cutAtEveryByteItIsRefused()
    {
        const std::string text = toPolicyText(*parsePolicy(kDesignExample));
        for (std::size_t size = 0; size + 1 < text.size(); ++size) {
            const PolicyReading reading = readPolicyText(std::string_view(text).substr(0, size));
            QCOMPARE(reading.problems.size(), std::size_t(1));
            QCOMPARE(reading.problems[0].code, ErrorCode::ParseError);
            QVERIFY(reading.problems[0].where.starts_with("line "));
        }
    }

    void aDamagedFileIsReadWholeOrRefused()
    {
        // The property of the fuzz target, over seeded damage.
        int read = 0;
        for (std::uint64_t seed = 0; seed < 1500; ++seed) {
            Random random(seed);
            std::string text = toPolicyText(RandomPolicy(seed % 100).document());
            const std::string other = toPolicyText(RandomPolicy(seed % 90 + 1).document());
            for (std::uint64_t damage = 1 + random.below(3); damage > 0; --damage) {
                const std::size_t at = random.below(text.size());
                switch (random.below(4)) {
                case 0:
                    text[at] = static_cast<char>(random.below(256));
                    break;
                case 1:
                    text.erase(at, 1 + random.below(20));
                    break;
                case 2:
                    text.insert(at, other, random.below(other.size()), random.below(60));
                    break;
                default:
                    text[at] = "0123456789{}[],:\""[random.below(17)];
                    break;
                }
            }
            const PolicyReading reading = readPolicyText(text);
            QVERIFY(reading.problems.size() <= 51); // the last says how many more
            for (const Error& problem : reading.problems) {
                QVERIFY(!problem.message.empty());
                QVERIFY2(findTextPlace(text, problem.where).has_value(), problem.where.c_str());
            }
            if (!reading.problems.empty())
                continue;
            ++read;
            QVERIFY(parsePolicy(toPolicyText(reading.document)) == reading.document);
        }
        QVERIFY2(read > 20, qPrintable(QString::number(read)));
    }

    void aHundredMegabytesAreRefused()
    {
        std::string text(kDesignExample);
        text.append(std::size_t{100} << 20, ' ');
        const auto policy = parsePolicy(text);
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::TooLarge);
        QVERIFY(!policy.error().hint.empty());
    }

    void deepNestingIsRefusedWithItsPath()
    {
        std::string nested;
        for (int i = 0; i < 1'000'000; ++i)
            nested += "{\"not\":";
        const auto policy = parsePolicy(R"({"schemaVersion": 1, "rules": [{"when": )" + nested);
        QVERIFY(!policy);
        QCOMPARE(policy.error().code, ErrorCode::TooLarge);
        QVERIFY(policy.error().where.find("(rules[0].when.not.not") != std::string::npos);
    }

    void whateverCanBeDrawnCanBeSavedAndOpened()
    {
        // Far deeper than lint allows, e.g. on the way of somebody who wraps a condition too often.
        Condition condition = when("s");
        for (int i = 0; i < 40; ++i)
            condition = i % 2 ? allOf({condition}) : negated(condition);
        Plan plan = call("cheap");
        for (int i = 0; i < 30; ++i)
            plan = i % 2 ? chain({plan}) : split({{10'000, plan}});
        const PolicyDocument policy = PolicyBuilder().rule("deep", condition, plan);
        QVERIFY(parsePolicy(toPolicyText(policy)) == policy);
        const Edit edit = ReplaceDocument{Boxed<PolicyDocument>(policy)};
        const auto line = parseJson(toCompactJsonText(toJson(edit)), kPolicyJsonLimits);
        QVERIFY(line.has_value());
        QVERIFY(editFromJson(*line) == edit);
    }

    void atMostFiftyProblemsAreCollected()
    {
        std::string rules = "[";
        for (int i = 0; i < 500; ++i)
            rules += i ? ", 1" : "1";
        const PolicyReading reading = readPolicyText(policyWith("rules", rules + "]"));
        QCOMPARE(reading.problems.size(), std::size_t(51)); // the last says how many more
    }

    void pricesAreExact_data()
    {
        QTest::addColumn<double>("usd");
        for (const double usd : {0.0, 0.000001, 0.075, 0.15, 1.1, 2.5, 30.0, 60.0, 999'999.999999})
            QTest::addRow("%.6f", usd) << usd;
    }
    void pricesAreExact()
    {
        QFETCH(const double, usd);
        const PolicyDocument policy = PolicyBuilder({}).model("m", usd, usd);
        const auto again = parsePolicy(toPolicyText(policy));
        QVERIFY(again.has_value());
        QCOMPARE(again->models[0].price->inputPerToken, pricePerTokenFromUsdPerMTok(usd));
        QVERIFY(toPolicyText(policy).find(
                    "\"inputPerMTok\": " +
                    Json(usd == std::floor(usd) ? Json(int(usd)) : Json(usd)).dump()) !=
                std::string::npos);
    }

    void ofTwoEntriesWithOneNameTheFirstIsWritten()
    {
        Request request = ask("x");
        request.metadata = {{"plan", std::string("pro")}, {"plan", std::string("free")}};
        request.headers = {{"X-A", "1"}, {"X-A", "2"}};
        const Json json = toJson(request);
        QCOMPARE(json["metadata"].dump(), std::string(R"({"plan":"pro"})"));
        QCOMPARE(json["headers"].dump(), std::string(R"({"X-A":"1"})"));
    }

    void anEditThatIsNoneIsRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("no name") << QByteArray("{}")
                                 << QByteArray("the member \"edit\" is missing");
        QTest::newRow("index") << QByteArray(R"({"edit": "moveRule", "id": "r", "index": -1})")
                               << QByteArray(
                                      "index: expected a whole number of at least 0, got -1");
        QTest::newRow("in a batch")
            << QByteArray(
                   R"({"edit": "batch", "edits": [{"edit": "removeRule", "id": "r"}, {"edit": "removeModel"}]})")
            << QByteArray("edits[1]: the member \"id\" is missing");
        QTest::newRow("in a rule")
            << QByteArray(
                   R"({"edit": "insertRule", "index": 0, "rule": {"id": "r", "when": {"all": [1]}, "plan": {"call": {"model": "m"}}}})")
            << QByteArray("rule.when.all[0]: expected an object, got 1");
        QTest::newRow("unknown member")
            << QByteArray(R"({"edit": "removeRule", "id": "r", "index": 1})")
            << QByteArray("index: unknown member \"index\"");
    }
    void anEditThatIsNoneIsRefused()
    {
        QFETCH(const QByteArray, json);
        QFETCH(const QByteArray, error);
        const auto edit = editFromJson(*parseJson(json.toStdString()));
        QVERIFY(!edit);
        QCOMPARE(QByteArray::fromStdString(toString(edit.error())), error);
    }

    void aPartNamesItsPlaceInTheWhole()
    {
        const auto plan = planFromJson(*parseJson(R"({"call": {"model": 1}})"), "rules[hard].plan");
        QVERIFY(!plan);
        QCOMPARE(plan.error().where, std::string("rules[hard].plan.call.model"));
    }
};

QTEST_GUILESS_MAIN(TestPolicyJson)
#include "tst_policy_json.moc"
