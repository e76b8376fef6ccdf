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

template<class E>
bool readEnum(JsonObjectReader& object, std::string_view key, E& out,
              Presence presence = Presence::Optional)
{
    return object.readEnum(key, namesOf<E>(), out, presence);
}

std::optional<Scalar> readScalar(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    if (json.is_boolean())
        return Scalar(json.get<bool>());
    if (json.is_string())
        return Scalar(json.get<std::string>());
    if (json.is_number())
        return Scalar(json.get<double>());
    problems.add(path, "expected a text, a number, true or false, got " + describeJson(json));
    return std::nullopt;
}

std::optional<CompareValue> readByStyle(const Json& json, const JsonPath& path,
                                        JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ByStyle styles;
    if (const Json* values = object.find("byStyle", Presence::Required)) {
        const JsonPath valuesPath = path.member("byStyle");
        JsonObjectReader value(*values, valuesPath, problems);
        value.readRequired("concise", styles.concise);
        value.readRequired("balanced", styles.balanced);
        value.readRequired("detailed", styles.detailed);
        value.finish();
    }
    object.finish();
    return styles;
}

std::optional<CompareValue> readCompareValue(const Json& json, const JsonPath& path,
                                             JsonProblems& problems)
{
    if (json.is_object())
        return readByStyle(json, path, problems);
    if (json.is_array()) {
        std::vector<Scalar> list;
        for (std::size_t i = 0; i < json.size() && !problems.isFull(); ++i) {
            if (auto scalar = readScalar(json[i], path.element(i), problems))
                list.push_back(std::move(*scalar));
        }
        return list;
    }
    if (json.is_null()) {
        problems.add(path, "expected a value to compare with, got null");
        return std::nullopt;
    }
    const auto scalar = readScalar(json, path, problems);
    return std::visit([](const auto& value) { return CompareValue(value); }, *scalar);
}

Condition readCompare(JsonObjectReader& object)
{
    Compare compare;
    object.readRequired("signal", compare.signal.value);
    const bool hasOp = readEnum(object, "op", compare.op, Presence::Required);
    const bool isExists = hasOp && compare.op == CompareOp::Exists;
    if (isExists)
        compare.value = true;
    const Json* value = object.find("value", isExists ? Presence::Optional : Presence::Required);
    if (value) {
        if (auto read = readCompareValue(*value, object.path().member("value"), object.problems()))
            compare.value = std::move(*read);
    }
    object.read("ignoreCase", compare.ignoreCase);
    return {std::move(compare)};
}

/// The value of a text among an enum's names; anything else is reported.
template<class E>
std::optional<E> readEnumElement(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    std::vector<std::string_view> names;
    for (const auto& entry : namesOf<E>())
        names.push_back(entry.name);
    const auto index = readName(json, path, names, problems);
    return index ? std::optional(namesOf<E>()[*index].value) : std::nullopt;
}

SystemPrompt readSystemPrompt(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    SystemPrompt system;
    readEnum(object, "mode", system.mode);
    object.readRequired("text", system.text);
    object.finish();
    return system;
}

Call readCallParts(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Call call;
    object.readRequired("model", call.model.value);
    object.read("firstTokenMs", call.firstTokenMs);
    object.read("totalMs", call.totalMs);
    if (const Json* member = object.find("retry")) {
        const JsonPath retryPath = path.member("retry");
        JsonObjectReader retry(*member, retryPath, problems);
        retry.readRequired("count", call.retry.count);
        retry.read("backoffMs", call.retry.backoffMs);
        retry.read("multiplier", call.retry.multiplier);
        retry.finish();
    }
    readPart(object, "system", call.overrides.system, readSystemPrompt);
    object.read("temperature", call.overrides.temperature);
    object.read("maxTokens", call.overrides.maxTokens);
    readPart(object, "answerStyle", call.overrides.answerStyle, readAnswerStyle);
    object.finish();
    return call;
}

Plan readCall(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    return {readCallParts(json, path, problems)};
}

Plan readChain(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Chain chain;
    object.read("deadlineMs", chain.deadlineMs);
    readEnum(object, "mode", chain.mode);
    if (object.has("on"))
        chain.on.clear();
    object.readArray("on", [&](const Json& element, const JsonPath& elementPath) {
        if (const auto failure = readEnumElement<AttemptFailure>(element, elementPath, problems))
            chain.on.push_back(*failure);
    });
    readParts(object, "steps", chain.steps, readPlan, Presence::Required);
    object.finish();
    return {std::move(chain)};
}

Arm readArm(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Arm arm;
    object.readRequired("weight", arm.weight);
    readPart(object, "plan", arm.plan, readPlan, Presence::Required);
    object.finish();
    return arm;
}

Plan readSplit(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Split split;
    readEnum(object, "sticky", split.sticky);
    object.read("salt", split.salt);
    readParts(object, "arms", split.arms, readArm, Presence::Required);
    object.finish();
    return {std::move(split)};
}

Verifier readVerifier(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Verifier verifier;
    object.readRequired("model", verifier.model.value);
    object.read("instruction", verifier.instruction);
    object.read("catches", verifier.catches);
    object.read("falseAlarms", verifier.falseAlarms);
    object.finish();
    return verifier;
}

Acceptance readAcceptance(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Acceptance accept;
    object.read("refusals", accept.refusals);
    object.read("minWords", accept.minWords);
    object.read("maxWords", accept.maxWords);
    object.read("meanLogProb", accept.meanLogProb);
    readPart(object, "verifier", accept.verifier, readVerifier);
    object.finish();
    return accept;
}

Plan readCascade(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Cascade cascade;
    object.read("deadlineMs", cascade.deadlineMs);
    readPart(object, "accept", cascade.accept, readAcceptance);
    readParts(object, "steps", cascade.steps, readPlan, Presence::Required);
    object.finish();
    return {std::move(cascade)};
}

Plan readPool(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Pool pool;
    readEnum(object, "pick", pool.pick);
    readParts(object, "members", pool.members, readCallParts, Presence::Required);
    object.finish();
    return {std::move(pool)};
}

/// A time of day such as "08:30", in minutes.
void readClock(JsonObjectReader& object, std::string_view key, int& minuteOfDay)
{
    std::string text;
    if (!object.readRequired(key, text))
        return;
    const auto digit = [&text](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 1000;
    };
    int hour = 1000;
    int minute = 1000;
    if (text.size() == 5 && text[2] == ':') {
        hour = 10 * digit(0) + digit(1);
        minute = 10 * digit(3) + digit(4);
    }
    if (hour > 23 || minute > 59)
        object.report(key, "expected a time of day from \"00:00\" to \"23:59\"");
    else
        minuteOfDay = 60 * hour + minute;
}

ScoreTerm readTerm(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    ScoreTerm term;
    object.readRequired("add", term.add);
    readPart(object, "when", term.when, readCondition, Presence::Required);
    object.finish();
    return term;
}

/// Reads the members that belong to a source, behind "source" itself.
struct SourceReader
{
    JsonObjectReader& object;

    void scope(TextScope& scope) const { readEnum(object, "scope", scope); }

    void operator()(ScoreSource& source) const
    {
        // Files of the seed team state a scope here; only the default changes nothing.
        TextScope ignored = TextScope::LastUser;
        scope(ignored);
        if (ignored != TextScope::LastUser)
            object.report("scope", "a score has no scope of its own",
                          "Give the scope to the signals that its terms use.");
        object.read("base", source.base);
        object.read("min", source.min);
        object.read("max", source.max);
        readParts(object, "terms", source.terms, readTerm);
    }
    void operator()(MeasureSource& source) const { scope(source.scope); }
    void operator()(KeywordsSource& source) const
    {
        scope(source.scope);
        object.read("anyOf", source.anyOf, Presence::Required);
        readEnum(object, "match", source.match);
    }
    void operator()(ContainsSource& source) const
    {
        scope(source.scope);
        object.readRequired("text", source.text);
    }
    void operator()(RegexSource& source) const
    {
        scope(source.scope);
        object.readRequired("pattern", source.pattern);
        object.read("ignoreCase", source.ignoreCase);
    }
    void operator()(ScriptSource& source) const { scope(source.scope); }
    void operator()(StyleSource& source) const
    {
        object.read("default", source.fallback);
        object.read("table", source.table);
    }
    void operator()(MetadataSource& source) const
    {
        object.readRequired("key", source.key);
        readEnum(object, "type", source.type);
    }
    void operator()(HeaderSource& source) const
    {
        object.readRequired("name", source.name);
        readEnum(object, "type", source.type);
    }
    void operator()(FieldSource& source) const
    {
        if (Role role{}; source.field == RequestField::Messages && readEnum(object, "role", role))
            source.role = role;
    }
    void operator()(TimeWindowSource& source) const
    {
        object.readRequired("zone", source.zone);
        object.readArray("days", [&](const Json& element, const JsonPath& path) {
            if (const auto day = readEnumElement<Weekday>(element, path, object.problems()))
                source.days.push_back(*day);
        });
        readClock(object, "from", source.fromMinute);
        readClock(object, "until", source.untilMinute);
    }
    void operator()(UsageSource& source) const
    {
        readEnum(object, "per", source.per);
        object.readRequired("windowSeconds", source.windowSeconds);
    }
};

using Source = decltype(Signal::source);

/// Every source a signal may have, under its name.
const std::vector<std::pair<std::string_view, Source>>& knownSources()
{
    static const auto sources = [] {
        std::vector<std::pair<std::string_view, Source>> list = {{"score", ScoreSource{}}};
        for (const auto& measure : namesOf<TextMeasure>())
            list.emplace_back(measure.name, MeasureSource{measure.value, TextScope::LastUser});
        for (const Source& source :
             {Source(KeywordsSource{}), Source(ContainsSource{}), Source(RegexSource{}),
              Source(ScriptSource{}), Source(StyleSource{}), Source(MetadataSource{}),
              Source(HeaderSource{}), Source(TimeWindowSource{})}) {
            const Signal signal = {SignalId(), source, {}};
            list.emplace_back(sourceNameOf(signal), source);
        }
        for (const auto& field : namesOf<RequestField>())
            list.emplace_back(field.name, FieldSource{field.value, {}});
        for (const auto& measure : namesOf<UsageMeasure>())
            list.emplace_back(measure.name, UsageSource{measure.value, UsageUnit::User, 60});
        return list;
    }();
    return sources;
}

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

Message readMessage(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Message message;
    readEnum(object, "role", message.role, Presence::Required);
    object.readRequired("content", message.text);
    object.read("images", message.images, {0, std::numeric_limits<int>::max()});
    object.finish();
    return message;
}

void readMetadata(JsonObjectReader& request, std::vector<MetadataEntry>& metadata)
{
    const Json* json = request.find("metadata");
    if (!json)
        return;
    const JsonPath path = request.path().member("metadata");
    JsonObjectReader object(*json, path, request.problems());
    for (const std::string_view key : object.keys()) {
        if (request.problems().isFull())
            return;
        if (auto value = readScalar(*object.find(key), path.member(key), request.problems()))
            metadata.push_back({std::string(key), std::move(*value)});
    }
}

void readHeaders(JsonObjectReader& request, std::vector<HeaderEntry>& headers)
{
    const Json* json = request.find("headers");
    if (!json)
        return;
    const JsonPath path = request.path().member("headers");
    JsonObjectReader object(*json, path, request.problems());
    for (const std::string_view key : object.keys()) {
        if (request.problems().isFull())
            return;
        std::string value;
        if (object.read(key, value))
            headers.push_back({std::string(key), std::move(value)});
    }
}

void readExpectation(const Json& json, const JsonPath& path, JsonProblems& problems,
                     PolicyTest& test)
{
    JsonObjectReader object(json, path, problems);
    const Json* rule = object.find("rule");
    if (rule && rule->is_null())
        test.expectOtherwise = true;
    else if (std::string id; rule && object.read("rule", id))
        test.rule = RuleId(std::move(id));
    if (std::string id; object.read("model", id))
        test.model = ModelId(std::move(id));
    const Json* servedBy = object.find("servedBy");
    if (servedBy && servedBy->is_null())
        test.expectUnanswered = true;
    else if (std::string id; servedBy && object.read("servedBy", id))
        test.servedBy = ModelId(std::move(id));
    object.finish();
}

void readOutcomes(JsonObjectReader& test, std::vector<ForcedOutcome>& outcomes)
{
    const Json* json = test.find("outcomes");
    if (!json)
        return;
    const JsonPath path = test.path().member("outcomes");
    JsonObjectReader object(*json, path, test.problems());
    std::vector<std::string_view> names = {kAnsweringOutcome, kRejectedOutcome};
    for (const auto& entry : namesOf<AttemptFailure>())
        names.push_back(entry.name);
    for (const std::string_view model : object.keys()) {
        if (test.problems().isFull())
            return;
        const auto index = object.readName(model, names);
        if (!index)
            continue;
        ForcedOutcome outcome = {ModelId(std::string(model)),
                                 valueNamed<AttemptFailure>(names[*index]),
                                 names[*index] == kRejectedOutcome};
        outcomes.push_back(std::move(outcome));
    }
}

/// Readings of meters, in their order.
void readUsage(JsonObjectReader& request, std::vector<UsageReading>& usage)
{
    const Json* json = request.find("usage");
    if (!json)
        return;
    const JsonPath path = request.path().member("usage");
    JsonObjectReader object(*json, path, request.problems());
    for (const std::string_view signal : object.keys()) {
        if (request.problems().isFull())
            return;
        double value = 0;
        if (object.read(signal, value))
            usage.push_back({SignalId(std::string(signal)), value});
    }
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

Signal policyjson::readSignal(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Signal signal;
    object.readRequired("id", signal.id.value);
    object.read("note", signal.note);
    std::vector<std::string_view> names;
    for (const auto& [name, source] : knownSources())
        names.push_back(name);
    const auto index = object.readName("source", names, Presence::Required);
    if (!index)
        return signal; // which members it may have is unknown
    signal.source = knownSources()[*index].second;
    std::visit(SourceReader{object}, signal.source);
    object.finish();
    return signal;
}

Condition policyjson::readCondition(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    static constexpr std::string_view kKinds[] = {"signal", "all", "any", "not"};
    JsonObjectReader object(json, path, problems);
    const auto kind = object.pickOne(kKinds, "a condition");
    if (!kind)
        return {};
    Condition condition;
    if (*kind == "signal") {
        condition = readCompare(object);
    } else if (*kind == "not") {
        Not negated;
        readPart(object, "not", *negated.condition, readCondition);
        condition.node = std::move(negated);
    } else if (*kind == "all") {
        readParts(object, "all", condition.node.emplace<All>().conditions, readCondition);
    } else {
        readParts(object, "any", condition.node.emplace<Any>().conditions, readCondition);
    }
    object.finish();
    return condition;
}

Plan policyjson::readPlan(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "read the new plan");
    using Reader = Plan (*)(const Json&, const JsonPath&, JsonProblems&);
    static constexpr std::array<std::string_view, 5> kKinds = {"call", "chain", "split", "cascade",
                                                               "pool"};
    static constexpr std::array<Reader, 5> kReaders = {readCall, readChain, readSplit, readCascade,
                                                       readPool};
    JsonObjectReader object(json, path, problems);
    const auto kind = object.pickOne(kKinds, "a plan");
    if (!kind)
        return {};
    Plan plan;
    const auto index = static_cast<std::size_t>(std::ranges::find(kKinds, *kind) - kKinds.begin());
    readPart(object, *kind, plan, kReaders[index]);
    object.finish();
    return plan;
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

Request policyjson::readRequest(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Request request;
    object.read("requestId", request.requestId);
    object.read("conversationId", request.conversationId);
    object.read("userId", request.userId);
    object.read("style", request.style);
    readMetadata(object, request.metadata);
    readHeaders(object, request.headers);
    object.read("requestedModel", request.requestedModel);
    object.read("maxTokens", request.maxTokens);
    object.read("hasTools", request.hasTools);
    if (std::int64_t timeMs = 0; object.read("timeMs", timeMs))
        request.timeMs = timeMs;
    readUsage(object, request.usage);
    readParts(object, "messages", request.messages, readMessage, Presence::Required);
    object.finish();
    return request;
}

PolicyTest policyjson::readTest(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PolicyTest test;
    readPart(object, "request", test.request, readRequest, Presence::Required);
    readOutcomes(object, test.outcomes);
    if (const Json* expect = object.find("expect", Presence::Required))
        readExpectation(*expect, path.member("expect"), problems, test);
    object.finish();
    return test;
}

PolicyDocument policyjson::readDocument(const Json& json, const JsonPath& path,
                                        JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PolicyDocument document;
    if (!object.isObject() || !readSchemaVersion(object))
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

Result<Rule> ruleFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readRule);
}

Result<Request> requestFromJson(const Json& json, const std::string& path)
{
    return readWhole(json, path, readRequest);
}

} // namespace signalbox
