// SPDX-License-Identifier: Apache-2.0
#include "model_address.h"
#include "names.h"
#include "policy_json.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

using namespace policyjson;

/// USD per million tokens up to which Money and double agree to the last digit.
constexpr double kLargestPrice = 1e9;

Price readPrice(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    const JsonRange<double> range = {-kLargestPrice, kLargestPrice};
    double input = 0;
    double output = 0;
    Price price;
    object.readRequired("inputPerMTok", input, range);
    object.readRequired("outputPerMTok", output, range);
    object.read("asOf", price.asOf);
    object.finish();
    price.inputPerToken = pricePerTokenFromUsdPerMTok(input);
    price.outputPerToken = pricePerTokenFromUsdPerMTok(output);
    return price;
}

VoiceContract::Band readBand(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    if (!json.is_array() || json.size() != 2) {
        problems.add(path, "expected a lower and an upper number, like [40, 160], got " +
                               (json.is_array() ? "a list of " + std::to_string(json.size())
                                                : describeJson(json)));
        return {};
    }
    VoiceContract::Band band;
    band.low = readNumber(json[0], path.element(0), problems).value_or(0);
    band.high = readNumber(json[1], path.element(1), problems).value_or(0);
    return band;
}

Uncertain readUncertain(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Uncertain uncertain;
    object.readRequired("signal", uncertain.signal.value);
    object.readRequired("margin", uncertain.margin);
    readPart(object, "plan", uncertain.plan, readPlan, Presence::Required);
    object.finish();
    return uncertain;
}

ReleasedGate readReleasedGate(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    static constexpr std::array<std::string_view, 3> kVerdicts = {"met", "notMet", "notShown"};
    JsonObjectReader object(json, path, problems);
    ReleasedGate gate;
    object.readRequired("name", gate.name);
    if (const auto verdict = object.readName("verdict", kVerdicts, Presence::Required))
        gate.verdict = kVerdicts[*verdict];
    object.read("value", gate.value);
    object.read("acknowledged", gate.acknowledged);
    object.finish();
    return gate;
}

/// Whether this program can go on reading a document of this version.
bool readSchemaVersion(JsonObjectReader& object)
{
    int version = kPolicySchemaVersion;
    if (!object.readRequired("schemaVersion", version) || version == kPolicySchemaVersion)
        return true;
    const JsonPath path = object.path().member("schemaVersion");
    const std::string known = std::to_string(kPolicySchemaVersion);
    if (version > kPolicySchemaVersion) {
        object.problems().add(path,
                              "the policy has schema version " + std::to_string(version) +
                                  "; this program knows versions up to " + known,
                              "Open it with a newer Signalbox, or save it there as version " +
                                  known + ".",
                              ErrorCode::Unsupported);
    } else {
        object.problems().add(path, "there is no schema version " + std::to_string(version),
                              "Write " + known + ".");
    }
    return false;
}

/// Whether somebody meant it to be a policy: it has one of the parts that make one.
bool looksLikePolicy(const Json& json)
{
    static constexpr std::array<const char*, 5> kParts = {"schemaVersion", "models", "signals",
                                                          "rules", "otherwise"};
    return json.is_object() &&
           std::ranges::any_of(kParts, [&](const char* part) { return json.contains(part); });
}

template<class Part>
Result<Part> readWhole(const Json& json, const std::string& path,
                       Part (*read)(const Json&, const JsonPath&, JsonProblems&))
{
    JsonProblems problems(1);
    Part part = read(json, JsonPath(path), problems);
    if (!problems.isEmpty())
        return Unexpected(problems.take().front());
    return part;
}

} // namespace

bool policyjson::isKeyReference(std::string_view keyRef)
{
    return std::ranges::any_of(std::initializer_list<std::string_view>{"env:", "keychain:"},
                               [&](std::string_view kind) {
                                   return keyRef.starts_with(kind) && keyRef.size() > kind.size();
                               });
}

ModelSpec policyjson::readModel(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ModelSpec model;
    object.readRequired("id", model.id.value);
    object.readRequired("provider", model.provider);
    object.read("upstreamModel", model.upstreamModel);
    object.read("baseUrl", model.baseUrl);
    if (mayHoldSecret(model.baseUrl)) {
        // Not quoted either.
        object.report(
            "baseUrl", "expected a plain address, without user name, password or query",
            "Keys stay out of the file: name the key in keyRef and keep only the address.");
        model.baseUrl = withoutSecrets(model.baseUrl);
    }
    object.read("keyRef", model.keyRef);
    if (!model.keyRef.empty() && !isKeyReference(model.keyRef)) {
        // Not quoted: it may be the key itself.
        object.report("keyRef", "expected \"env:NAME\" or \"keychain:NAME\"",
                      "Keys stay out of the file: put the key into an environment variable or the "
                      "keychain and name it here.");
        model.keyRef.clear();
    }
    readPart(object, "price", model.price, readPrice);
    object.read("contextTokens", model.contextTokens);
    object.read("styleGuide", model.styleGuide);
    object.finish();
    return model;
}

RuleGroup policyjson::readGroup(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    RuleGroup group;
    object.readRequired("id", group.id);
    object.read("label", group.label);
    object.read("note", group.note);
    object.finish();
    return group;
}

Rule policyjson::readRule(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Rule rule;
    object.readRequired("id", rule.id.value);
    object.read("label", rule.label);
    object.read("enabled", rule.enabled);
    object.read("note", rule.note);
    object.read("group", rule.group);
    readPart(object, "when", rule.when, readCondition, Presence::Required);
    readPart(object, "plan", rule.plan, readPlan, Presence::Required);
    readPart(object, "uncertain", rule.uncertain, readUncertain);
    object.finish();
    return rule;
}

Holdout policyjson::readHoldout(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Holdout holdout;
    object.readRequired("share", holdout.share);
    readEnum(object, "unit", holdout.unit);
    object.read("salt", holdout.salt);
    object.readRequired("model", holdout.model.value);
    object.finish();
    return holdout;
}

AnswerStyle policyjson::readAnswerStyle(const Json& json, const JsonPath& path,
                                        JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    AnswerStyle style;
    object.read("flattenMarkdown", style.flattenMarkdown);
    object.read("trimOpeners", style.trimOpeners);
    object.read("trimClosers", style.trimClosers);
    object.read("maxWords", style.maxWords);
    object.finish();
    return style;
}

VoiceContract policyjson::readVoice(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    VoiceContract voice;
    readPart(object, "words", voice.words, readBand);
    if (const Json* member = object.find("tone")) {
        const JsonPath tonePath = path.member("tone");
        JsonObjectReader tone(*member, tonePath, problems);
        for (const std::string_view axis : tone.keys()) {
            if (problems.isFull())
                break;
            voice.tone.push_back(
                {std::string(axis), readBand(*tone.find(axis), tonePath.member(axis), problems)});
        }
    }
    object.read("golden", voice.golden);
    object.finish();
    return voice;
}

Gate policyjson::readGate(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Gate gate;
    readEnum(object, "metric", gate.metric, Presence::Required);
    object.read("atLeast", gate.atLeast);
    object.read("atMost", gate.atMost);
    readEnum(object, "per", gate.per);
    object.finish();
    return gate;
}

Monitoring policyjson::readMonitoring(const Json& json, const JsonPath& path,
                                      JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Monitoring monitoring;
    object.read("outcomes", monitoring.outcomes);
    object.read("alpha", monitoring.alpha);
    object.read("detectWithinDays", monitoring.detectWithinDays);
    object.finish();
    return monitoring;
}

Release policyjson::readRelease(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Release release;
    object.readRequired("at", release.at);
    object.read("simulated", release.simulated);
    object.read("requests", release.requests, {0, std::numeric_limits<int>::max()});
    object.read("answers", release.answers, {0, std::numeric_limits<int>::max()});
    object.read("reason", release.reason);
    readParts(object, "gates", release.gates, readReleasedGate);
    object.finish();
    return release;
}

PolicyDocument policyjson::readDocument(const Json& json, const JsonPath& path,
                                        JsonProblems& problems)
{
    PolicyDocument document;
    if (!looksLikePolicy(json)) {
        problems.add(path, "this is JSON, but no policy: nothing in it says which model answers",
                     "A policy begins with \"schemaVersion\".");
        return document;
    }
    JsonObjectReader object(json, path, problems);
    if (!readSchemaVersion(object))
        return document;
    object.readRequired("id", document.id);
    object.read("name", document.name);
    object.read("revision", document.revision);
    object.read("note", document.note);
    readParts(object, "models", document.models, readModel, Presence::Required);
    object.read("baseline", document.baseline.value);
    readEnum(object, "decideBy", document.decideBy);
    readParts(object, "signals", document.signalList, readSignal);
    readParts(object, "groups", document.groups, readGroup);
    readParts(object, "rules", document.rules, readRule);
    readPart(object, "otherwise", document.otherwise, readPlan, Presence::Required);
    readPart(object, "holdout", document.holdout, readHoldout);
    readPart(object, "answerStyle", document.answerStyle, readAnswerStyle);
    readPart(object, "voice", document.voice, readVoice);
    readParts(object, "gates", document.gates, readGate);
    readPart(object, "monitoring", document.monitoring, readMonitoring);
    readParts(object, "tests", document.tests, readTest);
    readPart(object, "release", document.release, readRelease);
    object.finish();
    return document;
}

PolicyReading readPolicyJson(const Json& json)
{
    JsonProblems problems;
    PolicyReading reading;
    reading.document = readDocument(json, JsonPath(), problems);
    const bool isFull = problems.isFull();
    const std::size_t found = problems.count();
    reading.problems = problems.take();
    if (isFull) {
        const std::size_t more = found - reading.problems.size();
        const std::string count = more > 0 ? "at least " + std::to_string(more) : "perhaps some";
        reading.problems.push_back({ErrorCode::ParseError,
                                    "and " + count +
                                        " more problems, which show once these are "
                                        "mended",
                                    {},
                                    {}});
    }
    return reading;
}

PolicyReading readPolicyText(std::string_view text)
{
    const Result<Json> json = parseJson(text, kPolicyJsonLimits);
    if (!json)
        return {{}, {json.error()}};
    return readPolicyJson(*json);
}

Result<PolicyDocument> parsePolicy(std::string_view text)
{
    PolicyReading reading = readPolicyText(text);
    if (!reading.problems.empty())
        return Unexpected(std::move(reading.problems.front()));
    return std::move(reading.document);
}

Result<Condition> conditionFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readCondition);
}

Result<Plan> planFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readPlan);
}

Result<Signal> signalFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readSignal);
}

Result<Rule> ruleFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readRule);
}

Result<Request> requestFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readRequest);
}

} // namespace signalbox
