// SPDX-License-Identifier: Apache-2.0
#include "policy_json.h"

#include "model_address.h"
#include "names.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace signalbox {

namespace {

using namespace policyjson;

/// Members of one object, in the order in which they are added; defaults are left out.
class Members
{
public:
    Members& add(std::string_view key, Json value)
    {
        m_json[std::string(key)] = std::move(value);
        return *this;
    }
    Members& text(std::string_view key, const std::string& value, std::string_view whenNot = {})
    {
        return value == whenNot ? *this : add(key, value);
    }
    Members& number(std::string_view key, double value, double whenNot)
    {
        return value == whenNot ? *this : add(key, numberJson(value));
    }
    Members& number(std::string_view key, const std::optional<double>& value)
    {
        return value ? add(key, numberJson(*value)) : *this;
    }
    Members& number(std::string_view key, const std::optional<int>& value)
    {
        return value ? add(key, *value) : *this;
    }
    Members& number(std::string_view key, const std::optional<std::int64_t>& value)
    {
        return value ? add(key, *value) : *this;
    }
    Members& flag(std::string_view key, bool value, bool whenNot)
    {
        return value == whenNot ? *this : add(key, value);
    }
    template<class E> Members& name(std::string_view key, E value, E whenNot)
    {
        return value == whenNot ? *this : add(key, nameOf(value));
    }
    Members& texts(std::string_view key, const std::vector<std::string>& values)
    {
        return values.empty() ? *this : add(key, values);
    }
    /// Adds a value unless it is an empty object or list.
    Members& part(std::string_view key, Json value)
    {
        return value.empty() ? *this : add(key, std::move(value));
    }

    Json take() { return std::move(m_json); }

private:
    Json m_json = Json::object();
};

/// One object of one member, such as {"call": …}.
Json tagged(const char* tag, Json value)
{
    Json json = Json::object();
    json[tag] = std::move(value);
    return json;
}

template<class Item, class ToJson> Json listJson(const std::vector<Item>& items, ToJson itemJson)
{
    Json list = Json::array();
    for (const Item& item : items)
        list.push_back(itemJson(item));
    return list;
}

template<class Item> Json listJson(const std::vector<Item>& items)
{
    return listJson(items, [](const Item& item) { return toJson(item); });
}

Json bandJson(const VoiceContract::Band& band)
{
    return Json::array({numberJson(band.low), numberJson(band.high)});
}

struct ConditionWriter
{
    Json operator()(const Compare& compare) const
    {
        const bool isPlainExists =
            compare.op == CompareOp::Exists && compare.value == CompareValue(true);
        Members members;
        members.add("signal", compare.signal.value).add("op", nameOf(compare.op));
        if (!isPlainExists)
            members.add("value", compareValueJson(compare.value));
        return members.flag("ignoreCase", compare.ignoreCase, false).take();
    }
    Json operator()(const All& all) const { return tagged("all", listJson(all.conditions)); }
    Json operator()(const Any& any) const { return tagged("any", listJson(any.conditions)); }
    Json operator()(const Not& negated) const { return tagged("not", toJson(*negated.condition)); }
};

Json retryJson(const Retry& retry)
{
    const Retry none;
    if (retry == none)
        return Json::object();
    return Members()
        .add("count", retry.count)
        .number("backoffMs", retry.backoffMs, none.backoffMs)
        .number("multiplier", retry.multiplier, none.multiplier)
        .take();
}

Json systemPromptJson(const SystemPrompt& system)
{
    return Members()
        .name("mode", system.mode, SystemPromptMode::Prepend)
        .add("text", system.text)
        .take();
}

Json callJson(const Call& call)
{
    Members members;
    members.add("model", call.model.value)
        .number("firstTokenMs", call.firstTokenMs)
        .number("totalMs", call.totalMs)
        .part("retry", retryJson(call.retry));
    const CallOverrides& overrides = call.overrides;
    if (overrides.system)
        members.add("system", systemPromptJson(*overrides.system));
    members.number("temperature", overrides.temperature).number("maxTokens", overrides.maxTokens);
    if (overrides.answerStyle)
        members.add("answerStyle", answerStyleJson(*overrides.answerStyle));
    return members.take();
}

Json verifierJson(const Verifier& verifier)
{
    return Members()
        .add("model", verifier.model.value)
        .text("instruction", verifier.instruction)
        .number("catches", verifier.catches)
        .number("falseAlarms", verifier.falseAlarms)
        .take();
}

Json acceptanceJson(const Acceptance& accept)
{
    Members members;
    members.texts("refusals", accept.refusals)
        .number("minWords", accept.minWords)
        .number("maxWords", accept.maxWords)
        .number("meanLogProb", accept.meanLogProb);
    if (accept.verifier)
        members.add("verifier", verifierJson(*accept.verifier));
    return members.take();
}

struct PlanWriter
{
    Json operator()(const Call& call) const { return tagged("call", callJson(call)); }
    Json operator()(const Chain& chain) const
    {
        Members members;
        members.number("deadlineMs", chain.deadlineMs).name("mode", chain.mode, ChainMode::Cancel);
        if (chain.on != Chain().on)
            members.add("on", listJson(chain.on, [](AttemptFailure on) { return nameOf(on); }));
        return tagged("chain", members.add("steps", listJson(chain.steps)).take());
    }
    Json operator()(const Split& split) const
    {
        const auto armJson = [](const Arm& arm) {
            return Members().add("weight", arm.weight).add("plan", toJson(arm.plan)).take();
        };
        return tagged("split", Members()
                                   .name("sticky", split.sticky, StickyUnit::Conversation)
                                   .text("salt", split.salt)
                                   .add("arms", listJson(split.arms, armJson))
                                   .take());
    }
    Json operator()(const Cascade& cascade) const
    {
        return tagged("cascade", Members()
                                     .number("deadlineMs", cascade.deadlineMs)
                                     .part("accept", acceptanceJson(cascade.accept))
                                     .add("steps", listJson(cascade.steps))
                                     .take());
    }
    Json operator()(const Pool& pool) const
    {
        return tagged("pool", Members()
                                  .name("pick", pool.pick, PoolPick::Latency)
                                  .add("members", listJson(pool.members, callJson))
                                  .take());
    }
};

/// "08:05"
std::string clockText(int minuteOfDay)
{
    std::string text = "00:00";
    text[0] = static_cast<char>('0' + minuteOfDay / 600 % 10);
    text[1] = static_cast<char>('0' + minuteOfDay / 60 % 10);
    text[3] = static_cast<char>('0' + minuteOfDay % 60 / 10);
    text[4] = static_cast<char>('0' + minuteOfDay % 60 % 10);
    return text;
}

/// Writes the members of a signal's source behind its id and source name.
struct SourceWriter
{
    Members& members;

    Members& scope(TextScope scope) const
    {
        return members.name("scope", scope, TextScope::LastUser);
    }

    void operator()(const ScoreSource& source) const
    {
        const auto termJson = [](const ScoreTerm& term) {
            return Members().add("add", numberJson(term.add)).add("when", toJson(term.when)).take();
        };
        members.number("base", source.base, 0)
            .number("min", source.min)
            .number("max", source.max)
            .part("terms", listJson(source.terms, termJson));
    }
    void operator()(const MeasureSource& source) const { scope(source.scope); }
    void operator()(const KeywordsSource& source) const
    {
        scope(source.scope).add("anyOf", source.anyOf);
        members.name("match", source.match, KeywordMatch::Substring);
    }
    void operator()(const ContainsSource& source) const
    {
        scope(source.scope).add("text", source.text);
    }
    void operator()(const RegexSource& source) const
    {
        scope(source.scope).add("pattern", source.pattern);
        members.flag("ignoreCase", source.ignoreCase, false);
    }
    void operator()(const ScriptSource& source) const { scope(source.scope); }
    void operator()(const StyleSource& source) const
    {
        members.text("default", source.fallback, StyleSource().fallback)
            .text("table", source.table);
    }
    void operator()(const MetadataSource& source) const
    {
        members.add("key", source.key).name("type", source.type, ValueType::String);
    }
    void operator()(const HeaderSource& source) const
    {
        members.add("name", source.name).name("type", source.type, ValueType::String);
    }
    void operator()(const FieldSource& source) const
    {
        if (source.role)
            members.add("role", nameOf(*source.role));
    }
    void operator()(const TimeWindowSource& source) const
    {
        members.add("zone", source.zone)
            .part("days", listJson(source.days, [](Weekday day) { return nameOf(day); }))
            .add("from", clockText(source.fromMinute))
            .add("until", clockText(source.untilMinute));
    }
    void operator()(const UsageSource& source) const
    {
        members.name("per", source.per, UsageUnit::User).add("windowSeconds", source.windowSeconds);
    }
};

Json messageJson(const Message& message)
{
    return Members()
        .add("role", nameOf(message.role))
        .add("content", message.text)
        .number("images", message.images, 0)
        .take();
}

/// An object of entries; of two with one name the first counts, as it does for a reader.
template<class Entry, class ToKey, class ToValue>
Json entriesJson(const std::vector<Entry>& entries, ToKey key, ToValue value)
{
    Json json = Json::object();
    for (const Entry& entry : entries) {
        if (!json.contains(key(entry)))
            json[key(entry)] = value(entry);
    }
    return json;
}

} // namespace

Json policyjson::scalarJson(const Scalar& scalar)
{
    if (const auto* number = std::get_if<double>(&scalar))
        return numberJson(*number);
    if (const auto* truth = std::get_if<bool>(&scalar))
        return Json(*truth);
    return Json(std::get<std::string>(scalar));
}

Json policyjson::compareValueJson(const CompareValue& value)
{
    struct Writer
    {
        Json operator()(double number) const { return numberJson(number); }
        Json operator()(bool truth) const { return Json(truth); }
        Json operator()(const std::string& text) const { return Json(text); }
        Json operator()(const std::vector<Scalar>& list) const
        {
            return listJson(list, scalarJson);
        }
        Json operator()(const ByStyle& styles) const
        {
            return tagged("byStyle", Members()
                                         .add("concise", numberJson(styles.concise))
                                         .add("balanced", numberJson(styles.balanced))
                                         .add("detailed", numberJson(styles.detailed))
                                         .take());
        }
    };
    return std::visit(Writer{}, value);
}

Json policyjson::priceJson(const Price& price)
{
    return Members()
        .add("inputPerMTok", numberJson(usdPerMTok(price.inputPerToken)))
        .add("outputPerMTok", numberJson(usdPerMTok(price.outputPerToken)))
        .text("asOf", price.asOf)
        .take();
}

Json policyjson::holdoutJson(const Holdout& holdout)
{
    return Members()
        .add("share", numberJson(holdout.share))
        .name("unit", holdout.unit, StickyUnit::Conversation)
        .text("salt", holdout.salt)
        .add("model", holdout.model.value)
        .take();
}

Json policyjson::answerStyleJson(const AnswerStyle& style)
{
    return Members()
        .flag("flattenMarkdown", style.flattenMarkdown, false)
        .flag("trimOpeners", style.trimOpeners, false)
        .flag("trimClosers", style.trimClosers, false)
        .number("maxWords", style.maxWords)
        .take();
}

Json policyjson::voiceJson(const VoiceContract& voice)
{
    Members members;
    if (voice.words)
        members.add("words", bandJson(*voice.words));
    return members
        .part("tone", entriesJson(
                          voice.tone, [](const auto& tone) { return tone.axis; },
                          [](const auto& tone) { return bandJson(tone.band); }))
        .texts("golden", voice.golden)
        .take();
}

std::string_view policyjson::outcomeName(const ForcedOutcome& outcome)
{
    if (outcome.failure)
        return nameOf(*outcome.failure);
    return outcome.isRejected ? kRejectedOutcome : kAnsweringOutcome;
}

Json policyjson::releaseJson(const Release& release)
{
    Json gates = Json::array();
    for (const ReleasedGate& gate : release.gates) {
        Members members;
        members.add("name", gate.name).add("verdict", gate.verdict).number("value", gate.value);
        if (gate.acknowledged)
            members.add("acknowledged", true);
        gates.push_back(members.take());
    }
    Members members;
    members.add("at", release.at);
    if (release.simulated)
        members.add("simulated", true);
    return members.add("requests", release.requests)
        .add("answers", release.answers)
        .text("reason", release.reason)
        .part("gates", std::move(gates))
        .take();
}

Json policyjson::monitoringJson(const Monitoring& monitoring)
{
    const Monitoring standard;
    return Members()
        .texts("outcomes", monitoring.outcomes)
        .number("alpha", monitoring.alpha, standard.alpha)
        .number("detectWithinDays", monitoring.detectWithinDays, standard.detectWithinDays)
        .take();
}

Json toJson(const Condition& condition)
{
    return std::visit(ConditionWriter{}, condition.node);
}

Json toJson(const Plan& plan)
{
    return std::visit(PlanWriter{}, plan.node);
}

Json policyjson::uncertainJson(const Uncertain& uncertain)
{
    return Members()
        .add("signal", uncertain.signal.value)
        .add("margin", numberJson(uncertain.margin))
        .add("plan", toJson(uncertain.plan))
        .take();
}

Json toJson(const RuleGroup& group)
{
    return Members().add("id", group.id).text("label", group.label).text("note", group.note).take();
}

Json toJson(const Rule& rule)
{
    return Members()
        .add("id", rule.id.value)
        .text("label", rule.label)
        .flag("enabled", rule.enabled, true)
        .text("note", rule.note)
        .text("group", rule.group)
        .add("when", toJson(rule.when))
        .add("plan", toJson(rule.plan))
        .part("uncertain", rule.uncertain ? uncertainJson(*rule.uncertain) : Json::object())
        .take();
}

Json toJson(const Signal& signal)
{
    Members members;
    members.add("id", signal.id.value).add("source", sourceNameOf(signal));
    std::visit(SourceWriter{members}, signal.source);
    return members.text("note", signal.note).take();
}

Json toJson(const ModelSpec& model)
{
    return Members()
        .add("id", model.id.value)
        .add("provider", model.provider)
        .text("upstreamModel", model.upstreamModel)
        .text("baseUrl", withoutSecrets(model.baseUrl)) // lint tells of it
        .text("keyRef", model.keyRef)
        .part("price", model.price ? priceJson(*model.price) : Json::object())
        .number("contextTokens", model.contextTokens)
        .text("styleGuide", model.styleGuide)
        .take();
}

Json toJson(const Gate& gate)
{
    return Members()
        .add("metric", nameOf(gate.metric))
        .number("atLeast", gate.atLeast)
        .number("atMost", gate.atMost)
        .name("per", gate.per, GateScope::Total)
        .take();
}

Json toJson(const Request& request)
{
    Members members;
    members.text("requestId", request.requestId)
        .text("conversationId", request.conversationId)
        .text("userId", request.userId);
    if (request.style)
        members.add("style", *request.style);
    return members
        .part("metadata", entriesJson(
                              request.metadata, [](const auto& entry) { return entry.key; },
                              [](const auto& entry) { return scalarJson(entry.value); }))
        .part("headers", entriesJson(
                             request.headers, [](const auto& entry) { return entry.name; },
                             [](const auto& entry) { return Json(entry.value); }))
        .text("requestedModel", request.requestedModel)
        .number("maxTokens", request.maxTokens)
        .flag("hasTools", request.hasTools, false)
        .number("timeMs", request.timeMs)
        .part("usage", entriesJson(
                           request.usage, [](const auto& entry) { return entry.signal.value; },
                           [](const auto& entry) { return numberJson(entry.value); }))
        .add("messages", listJson(request.messages, messageJson))
        .take();
}

Json toJson(const PolicyTest& test)
{
    Members expect;
    if (test.rule)
        expect.add("rule", test.rule->value);
    else if (test.expectOtherwise)
        expect.add("rule", nullptr);
    if (test.model)
        expect.add("model", test.model->value);
    if (test.servedBy)
        expect.add("servedBy", test.servedBy->value);
    else if (test.expectUnanswered)
        expect.add("servedBy", nullptr);
    return Members()
        .add("request", toJson(test.request))
        .part("outcomes", entriesJson(
                              test.outcomes, [](const auto& entry) { return entry.model.value; },
                              [](const auto& entry) { return Json(outcomeName(entry)); }))
        .add("expect", expect.take())
        .take();
}

Json toJson(const PolicyDocument& document)
{
    return Members()
        .add("schemaVersion", kPolicySchemaVersion)
        .add("id", document.id)
        .add("name", document.name)
        .add("revision", document.revision)
        .text("note", document.note)
        .add("models", listJson(document.models))
        .text("baseline", document.baseline.value)
        .name("decideBy", document.decideBy, DecisionUnit::Request)
        .add("signals", listJson(document.signalList))
        .part("groups", listJson(document.groups))
        .add("rules", listJson(document.rules))
        .add("otherwise", toJson(document.otherwise))
        .part("holdout", document.holdout ? holdoutJson(*document.holdout) : Json::object())
        .part("answerStyle", answerStyleJson(document.answerStyle))
        .part("voice", voiceJson(document.voice))
        .part("gates", listJson(document.gates))
        .part("monitoring", monitoringJson(document.monitoring))
        .part("tests", listJson(document.tests))
        .part("release", document.release ? releaseJson(*document.release) : Json::object())
        .take();
}

std::string toPolicyText(const PolicyDocument& document)
{
    return toJsonText(toJson(document));
}

} // namespace signalbox
