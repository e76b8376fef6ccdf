// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: the published schema, the reader and lint say the same of a file: what the schema
// refuses the program refuses, and the other way round, as far as a schema can say it.

#include <core/base/files.h>
#include <core/base/random.h>
#include <core/policy/lint.h>
#include <core/policy/names.h>
#include <core/policy/policy_json.h>
#include <tests/support/design_example.h>
#include <tests/support/json_schema.h>
#include <tests/support/policy_builder.h>
#include <tests/support/random_policy.h>

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

using namespace signalbox;
using namespace signalbox::test;

namespace {

const Json& schemaJson()
{
    static const Json json = *parseJson(policySchemaText());
    return json;
}

std::string schemaProblems(const Json& policy)
{
    std::string text;
    for (const std::string& problem : JsonSchema(schemaJson()).problems(policy))
        text += problem + '\n';
    return text;
}

/// Mistakes in values that a schema can state: ranges, empty names, empty lists.
bool isSchemasBusiness(const Finding& finding)
{
    static constexpr std::array<std::string_view, 12> codes = {
        "no-policy-id",   "out-of-range",   "no-models",  "empty-id",
        "empty-provider", "empty-keywords", "empty-text", "unknown-style",
        "empty-chain",    "empty-split",    "empty-pool", "gate-limit"};
    if (std::ranges::find(codes, finding.code) != codes.end())
        return true;
    return finding.message == "The comparison names no signal." ||
           finding.message == "The call names no model." ||
           finding.message == "The holdout names no model." ||
           finding.message == "The verifier names no model." ||
           finding.message == "The margin names no signal." ||
           finding.message == "The cascade has no steps, so nobody would be asked.";
}

/// What reader and lint say against a file; empty if nothing.
std::string programProblems(const Json& policy)
{
    const PolicyReading reading = readPolicyJson(policy);
    std::string text;
    for (const Error& problem : reading.problems)
        text += toString(problem) + '\n';
    if (!text.empty())
        return text;
    for (const Finding& finding : lint(reading.document)) {
        if (isSchemasBusiness(finding))
            text += finding.path + ": " + finding.message + '\n';
    }
    return text;
}

/// A cascade and a pool with all their members.
Plan checkedCheapFirst()
{
    Pool pool = {PoolPick::Cost,
                 {Call{ModelId("palm-2"), 5, {}, {}}, Call{ModelId("gpt-4"), {}, {}, {}}}};
    pool.members[0].overrides = {SystemPrompt{SystemPromptMode::Replace, "Be brief."}, 0.5, 200,
                                 AnswerStyle{true, false, false, 90}};
    Cascade cascade;
    cascade.steps = {{pool}, call("gpt-4")};
    cascade.deadlineMs = 3000;
    cascade.accept = {{"^I cannot"}, 3, 200, -1.5, Verifier{ModelId("gpt-4"), "Look.", 0.8, 0.1}};
    return {cascade};
}

/// A policy that both accept, with every construct.
Json richPolicy()
{
    PolicyDocument policy = *parsePolicy(kDesignExample);
    ModelSpec second = policy.models[0];
    second.id = ModelId("palm-2");
    second.keyRef = "keychain:palm";
    second.price.reset();
    policy.models.push_back(second);
    policy.note = "note";
    policy.decideBy = DecisionUnit::Conversation;
    policy.signalList.push_back(
        {SignalId("order"), RegexSource{TextScope::All, "[0-9]+", true}, "x"});
    policy.signalList.push_back({SignalId("h"), HeaderSource{"X-Tier", ValueType::Number}, {}});
    policy.signalList.push_back({SignalId("turn"), FieldSource{RequestField::Turn}, {}});
    policy.signalList.push_back({SignalId("tools"), FieldSource{RequestField::HasTools}, {}});
    policy.signalList.push_back({SignalId("asked"), FieldSource{RequestField::RequestedModel}, {}});
    policy.rules.push_back(
        {RuleId("all"), "", false,
         anyOf({when("h", CompareOp::Exists, CompareValue(true)),
                when("plan", CompareOp::In, std::vector<Scalar>{std::string("a"), 1.0, true}),
                {Compare{SignalId("plan"), CompareOp::Matches, std::string("a"), true}}}),
         call("gpt-4", {.firstTokenMs = 1, .totalMs = 2, .retry = {3, 100, 1.5}}),
         Uncertain{SignalId("complexity"), 1.5, checkedCheapFirst()}, "g", "n"});
    policy.groups = {{"g", "Group", "why"}};
    policy.answerStyle = {true, true, true, 100};
    for (const auto& [id, source] : std::initializer_list<std::pair<const char*, SignalSource>>{
             {"script", ScriptSource{TextScope::All}},
             {"pref", StyleSource{"concise", "styles.json"}},
             {"calls of tools", FieldSource{RequestField::Messages, Role::Tool}},
             {"last", FieldSource{RequestField::LastRole, {}}},
             {"night", TimeWindowSource{"Europe/Berlin", {Weekday::Fri}, 22 * 60, 6 * 60 + 30}},
             {"spent", UsageSource{UsageMeasure::SpendUsd, UsageUnit::All, 86'400}}})
        policy.signalList.push_back({SignalId(id), source, {}});
    policy.tests[0].outcomes = {{ModelId("gpt-4"), AttemptFailure::Timeout, false},
                                {ModelId("palm-2"), {}, true}};
    policy.tests[0].servedBy = ModelId("gpt-4");
    policy.release = Release{"2026-11-25T00:00:00Z",
                             true,
                             5000,
                             90,
                             "known, and small",
                             {{"consistency", "notShown", 0.8, true}}};
    Request& request = policy.tests[0].request;
    request.requestId = "r";
    request.conversationId = "c";
    request.userId = "u";
    request.style = "concise";
    request.metadata = {{"plan", std::string("pro")}, {"n", 1.0}, {"b", true}};
    request.headers = {{"X-Tier", "1"}};
    request.requestedModel = "m";
    request.maxTokens = 5;
    request.hasTools = true;
    request.timeMs = 1'764'000'000'000;
    request.usage = {{SignalId("spent"), 1.25}};
    request.messages[0].images = 1;
    return toJson(policy);
}

/// Every value inside of a JSON value, the root first.
void collectPointers(const Json& json, const Json::json_pointer& at,
                     std::vector<Json::json_pointer>& out)
{
    out.push_back(at);
    if (json.is_object()) {
        for (const auto& [key, value] : json.items())
            collectPointers(value, at / key, out);
    } else if (json.is_array()) {
        for (std::size_t i = 0; i < json.size(); ++i)
            collectPointers(json[i], at / i, out);
    }
}

Json withoutMember(Json json, const Json::json_pointer& at)
{
    Json& parent = json[at.parent_pointer()];
    if (parent.is_array())
        parent.erase(std::stoul(at.back()));
    else
        parent.erase(at.back());
    return json;
}

template<class E> std::vector<std::string> namesIn()
{
    std::vector<std::string> names;
    for (const auto& entry : namesOf<E>())
        names.emplace_back(entry.name);
    std::ranges::sort(names);
    return names;
}

std::vector<std::string> enumAt(const char* pointer)
{
    auto names = schemaJson().at(Json::json_pointer(pointer)).get<std::vector<std::string>>();
    std::ranges::sort(names);
    return names;
}

/// Objects of the schema without a description, by their place.
void collectUndescribed(const Json& schema, const std::string& path, std::vector<std::string>& out)
{
    if (!schema.is_object())
        return;
    const bool isProperty = path.find("/properties/") != std::string::npos &&
                            path.rfind("/properties/") == path.rfind('/', path.size() - 1) - 11;
    if (isProperty && !schema.contains("description") && !schema.contains("$ref") &&
        !schema.contains("const") && !schema.contains("enum"))
        out.push_back(path);
    for (const auto& [key, value] : schema.items())
        collectUndescribed(value, path + '/' + key, out);
}

} // namespace

class TestPolicySchema : public QObject
{
    Q_OBJECT
private slots:
    void theProgramCarriesTheFile()
    {
        const auto file =
            readFile(std::string(SIGNALBOX_SOURCE_DIR) + "/resources/schema/policy-1.schema.json");
        QVERIFY(file.has_value());
        QCOMPARE(std::string(policySchemaText()), *file);
        QCOMPARE(schemaJson()["$schema"].get<std::string>(),
                 std::string("https://json-schema.org/draft/2020-12/schema"));
    }

    void theFileIsFormattedAsTheProgramWrites()
    {
        QCOMPARE(std::string(policySchemaText()), toJsonText(schemaJson()));
    }

    void itUsesOnlyWhatTheValidatorChecks()
    {
        std::string unknown;
        for (const std::string& keyword : JsonSchema(schemaJson()).unknownKeywords())
            unknown += keyword + '\n';
        QCOMPARE(unknown, std::string());
    }

    void everyMemberIsDescribed()
    {
        std::vector<std::string> missing;
        collectUndescribed(schemaJson(), "#", missing);
        QCOMPARE(missing, std::vector<std::string>());
    }

    void itsListsOfNamesAreTheProgramsOwn()
    {
        QCOMPARE(enumAt("/$defs/compare/properties/op/enum"), namesIn<CompareOp>());
        QCOMPARE(enumAt("/$defs/textScope/enum"), namesIn<TextScope>());
        QCOMPARE(enumAt("/$defs/valueType/enum"), namesIn<ValueType>());
        QCOMPARE(enumAt("/$defs/failure/enum"), namesIn<AttemptFailure>());
        QCOMPARE(enumAt("/$defs/chain/properties/mode/enum"), namesIn<ChainMode>());
        QCOMPARE(enumAt("/$defs/stickyUnit/enum"), namesIn<StickyUnit>());
        QCOMPARE(enumAt("/$defs/gate/properties/metric/enum"), namesIn<GateMetric>());
        QCOMPARE(enumAt("/$defs/gate/properties/per/enum"), namesIn<GateScope>());
        QCOMPARE(enumAt("/$defs/pool/properties/pick/enum"), namesIn<PoolPick>());
        QCOMPARE(enumAt("/$defs/call/properties/system/properties/mode/enum"),
                 namesIn<SystemPromptMode>());
        QCOMPARE(enumAt("/properties/decideBy/enum"), namesIn<DecisionUnit>());
    }

    void bothAcceptTheDesignsExample()
    {
        const Json policy = *parseJson(kDesignExample);
        QCOMPARE(schemaProblems(policy), std::string());
        QCOMPARE(programProblems(policy), std::string());
    }

    void bothAcceptEveryConstruct()
    {
        QCOMPARE(schemaProblems(richPolicy()), std::string());
        QCOMPARE(programProblems(richPolicy()), std::string());
    }

    void bothSayTheSameOfRandomPolicies()
    {
        for (std::uint64_t seed = 0; seed < 150; ++seed) {
            const Json policy = toJson(RandomPolicy(seed).document());
            const std::string schema = schemaProblems(policy);
            const std::string program = programProblems(policy);
            QVERIFY2(
                schema.empty() == program.empty(),
                ("seed " + std::to_string(seed) + "\nschema:\n" + schema + "program:\n" + program)
                    .c_str());
        }
    }

    /// Each single value of a valid policy, taken out or replaced by values of other kinds.
    void bothSayTheSameOfEverySingleChange()
    {
        const Json policy = richPolicy();
        std::vector<Json::json_pointer> pointers;
        collectPointers(policy, Json::json_pointer(), pointers);
        const std::vector<Json> others = {nullptr,
                                          true,
                                          -1,
                                          0,
                                          1,
                                          7,
                                          20'000,
                                          0.5,
                                          1.5,
                                          5e9,
                                          "",
                                          "x",
                                          "gpt-4",
                                          "eq",
                                          Json::array(),
                                          Json::object(),
                                          Json::array({1, 2}),
                                          Json::array({"a"})};
        std::size_t next = 0;
        int refused = 0;
        int accepted = 0;
        const auto compare = [&](const Json& changed, const std::string& what) {
            const std::string schema = schemaProblems(changed);
            const std::string program = programProblems(changed);
            (schema.empty() ? accepted : refused) += 1;
            return schema.empty() == program.empty()
                       ? std::string()
                       : what + "\nschema:\n" + schema + "program:\n" + program;
        };
        for (const Json::json_pointer& at : pointers) {
            if (!at.empty()) {
                const std::string difference =
                    compare(withoutMember(policy, at), "without " + at.to_string());
                QVERIFY2(difference.empty(), difference.c_str());
            }
            if (policy[at].is_object()) {
                Json changed = policy;
                changed[at]["surplus"] = 1;
                const std::string difference = compare(changed, "surplus in " + at.to_string());
                QVERIFY2(difference.empty(), difference.c_str());
            }
            for (int i = 0; i < 5; ++i) {
                const Json& other = others[next++ % others.size()];
                Json changed = policy;
                changed[at] = other;
                const std::string difference =
                    compare(changed, at.to_string() + " = " + other.dump());
                QVERIFY2(difference.empty(), difference.c_str());
            }
        }
        QVERIFY2(refused > 1000 && accepted > 200, qPrintable(QString::number(accepted)));
    }
};

QTEST_GUILESS_MAIN(TestPolicySchema)
#include "tst_policy_schema.moc"
