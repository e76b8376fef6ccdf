// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Seeded random policies and edits that use every construct of the document, valid or not: for
// properties that must hold of anything a person can make.

#include <core/base/random.h>
#include <core/policy/document.h>
#include <core/policy/edit.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace signalbox::test {

class RandomPolicy
{
public:
    explicit RandomPolicy(std::uint64_t seed) : m_random(seed) {}

    PolicyDocument document()
    {
        PolicyDocument document;
        document.id = text();
        document.name = text();
        document.revision = number(1, 1000);
        document.note = text();
        for (int i = number(0, 4); i > 0; --i)
            document.models.push_back(model(freshId("m")));
        document.baseline = modelId();
        document.decideBy = chance() ? DecisionUnit::Request : DecisionUnit::Conversation;
        for (int i = number(0, 6); i > 0; --i)
            document.signalList.push_back(signal(freshId("s")));
        for (int i = number(0, 6); i > 0; --i)
            document.rules.push_back(rule(freshId("r")));
        document.groups = groups();
        document.otherwise = plan(3);
        if (chance())
            document.holdout = holdout();
        document.answerStyle = answerStyle();
        document.voice = voice();
        document.gates = gates();
        document.monitoring = monitoring();
        document.tests = tests();
        if (chance())
            document.release = release();
        return document;
    }

    /// An edit that may or may not apply: ids are mostly those of the document.
    Edit edit(const PolicyDocument& document, int depth = 1)
    {
        switch (number(0, depth > 0 ? 22 : 21)) {
        case 0:
            return InsertRule{index(document.rules), rule(newId("r"))};
        case 1:
            return RemoveRule{RuleId(idOf(document.rules, "r"))};
        case 2:
            return ReplaceRule{RuleId(idOf(document.rules, "r")),
                               rule(sameOrNew(document.rules, "r"))};
        case 3:
            return MoveRule{RuleId(idOf(document.rules, "r")), index(document.rules)};
        case 4:
            return InsertSignal{index(document.signalList), signal(newId("s"))};
        case 5:
            return RemoveSignal{SignalId(idOf(document.signalList, "s"))};
        case 6:
            return replaceSignal(document);
        case 7:
            return InsertModel{index(document.models), model(newId("m"))};
        case 8:
            return RemoveModel{ModelId(idOf(document.models, "m"))};
        case 9:
            return replaceModel(document);
        case 10:
            return SetOtherwise{plan(3)};
        case 11:
            return SetBaseline{modelId()};
        case 12:
            return SetDecideBy{chance() ? DecisionUnit::Request : DecisionUnit::Conversation};
        case 13:
            return SetHoldout{chance() ? std::optional(holdout()) : std::nullopt};
        case 14:
            return SetAnswerStyle{answerStyle()};
        case 15:
            return SetVoice{voice()};
        case 16:
            return SetGates{gates()};
        case 17:
            return SetMonitoring{monitoring()};
        case 18:
            return SetTests{tests()};
        case 21:
            return SetGroups{groups()};
        case 19:
            return SetTitle{text(), text(), number(1, 99), text()};
        case 20:
            if (chance())
                return ReplaceDocument{
                    Boxed<PolicyDocument>(RandomPolicy(m_random.next()).document())};
            return SetOtherwise{plan(2)};
        default:
            break;
        }
        EditBatch batch;
        for (int i = number(0, 4); i > 0; --i)
            batch.edits.push_back(edit(document, depth - 1));
        return Boxed<EditBatch>(std::move(batch));
    }

    Condition condition(int depth)
    {
        switch (depth > 0 ? number(0, 5) : 0) {
        case 3:
            return {All{conditions(depth - 1)}};
        case 4:
            return {Any{conditions(depth - 1)}};
        case 5:
            return {Not{condition(depth - 1)}};
        default:
            break;
        }
        Compare compare;
        compare.signal = SignalId("s" + std::to_string(number(0, 7)));
        compare.op = static_cast<CompareOp>(number(0, 11));
        compare.value = compareValue();
        compare.ignoreCase = chance();
        return {std::move(compare)};
    }

    Plan plan(int depth)
    {
        switch (depth > 0 ? number(0, 5) : 0) {
        case 4: {
            Cascade cascade;
            for (int i = number(0, 3); i > 0; --i)
                cascade.steps.push_back(plan(depth - 1));
            cascade.accept = acceptance();
            cascade.deadlineMs = maybe(1, 9000);
            return {std::move(cascade)};
        }
        case 5: {
            Pool pool;
            pool.pick = static_cast<PoolPick>(number(0, 2));
            for (int i = number(0, 3); i > 0; --i)
                pool.members.push_back(call());
            return {std::move(pool)};
        }
        case 2: {
            Chain chain;
            for (int i = number(0, 3); i > 0; --i)
                chain.steps.push_back(plan(depth - 1));
            chain.deadlineMs = maybe(1, 9000);
            chain.mode = chance() ? ChainMode::Cancel : ChainMode::Hedge;
            if (chance()) {
                chain.on.clear();
                for (int failure = 0; failure < kAttemptFailureCount; ++failure) {
                    if (chance())
                        chain.on.push_back(static_cast<AttemptFailure>(failure));
                }
            }
            return {std::move(chain)};
        }
        case 3: {
            Split split;
            split.sticky = static_cast<StickyUnit>(number(0, 2));
            split.salt = text();
            for (int i = number(0, 3); i > 0; --i)
                split.arms.push_back({number(0, 10'000), plan(depth - 1)});
            return {std::move(split)};
        }
        default:
            break;
        }
        return {call()};
    }

    Call call()
    {
        Call call;
        call.model = modelId();
        call.firstTokenMs = maybe(1, 5000);
        call.totalMs = maybe(1, 60'000);
        if (chance())
            call.retry = {number(0, 10), number(0, 2000), real()};
        if (chance())
            call.overrides.system = SystemPrompt{
                chance() ? SystemPromptMode::Prepend : SystemPromptMode::Replace, text()};
        if (chance())
            call.overrides.temperature = real();
        call.overrides.maxTokens = maybe(1, 4000);
        if (chance())
            call.overrides.answerStyle = answerStyle();
        return call;
    }

    Acceptance acceptance()
    {
        Acceptance accept;
        accept.refusals = texts();
        accept.minWords = maybe(1, 50);
        accept.maxWords = maybe(50, 400);
        if (chance())
            accept.meanLogProb = -real();
        if (chance()) {
            accept.verifier = Verifier{modelId(), text(), {}, {}};
            if (chance())
                accept.verifier->catches = real();
            if (chance())
                accept.verifier->falseAlarms = real();
        }
        return accept;
    }

    Rule rule(const std::string& id)
    {
        Rule rule = {RuleId(id), text(), chance(), condition(3), plan(3), {}, {}, text()};
        if (chance())
            rule.uncertain =
                Uncertain{SignalId("s" + std::to_string(number(0, 7))), real(), plan(2)};
        if (chance())
            rule.group = "g" + std::to_string(number(0, 3));
        return rule;
    }

    Signal signal(const std::string& id)
    {
        Signal signal;
        signal.id = SignalId(id);
        signal.note = text();
        const auto scope = static_cast<TextScope>(number(0, 3));
        const auto type = static_cast<ValueType>(number(0, 2));
        switch (number(0, 11)) {
        case 9:
            signal.source = ScriptSource{scope};
            break;
        case 10: {
            TimeWindowSource window = {text(), {}, number(0, 1439), number(0, 1439)};
            for (int day = 0; day < 7; ++day) {
                if (chance())
                    window.days.push_back(static_cast<Weekday>(day));
            }
            signal.source = std::move(window);
            break;
        }
        case 11:
            signal.source = UsageSource{static_cast<UsageMeasure>(number(0, 2)),
                                        static_cast<UsageUnit>(number(0, 2)), number(1, 90'000)};
            break;
        case 0: {
            ScoreSource score;
            score.base = real();
            if (chance())
                score.min = real();
            if (chance())
                score.max = real();
            for (int i = number(0, 3); i > 0; --i)
                score.terms.push_back({real(), condition(2)});
            signal.source = std::move(score);
            break;
        }
        case 1:
            signal.source = MeasureSource{static_cast<TextMeasure>(number(0, 4)), scope};
            break;
        case 2:
            signal.source = KeywordsSource{scope, texts(),
                                           chance() ? KeywordMatch::Substring : KeywordMatch::Word};
            break;
        case 3:
            signal.source = ContainsSource{scope, text()};
            break;
        case 4:
            signal.source = RegexSource{scope, text(), chance()};
            break;
        case 5:
            signal.source = StyleSource{text(), chance() ? text() : std::string()};
            break;
        case 6:
            signal.source = MetadataSource{text(), type};
            break;
        case 7:
            signal.source = HeaderSource{text(), type};
            break;
        default:
            signal.source = FieldSource{static_cast<RequestField>(number(0, 6)), {}};
            if (auto& field = std::get<FieldSource>(signal.source);
                field.field == RequestField::Messages && chance())
                field.role = static_cast<Role>(number(0, 3));
            break;
        }
        return signal;
    }

    ModelSpec model(const std::string& id)
    {
        ModelSpec model;
        model.id = ModelId(id);
        model.provider = text();
        model.upstreamModel = text();
        model.baseUrl = text();
        model.keyRef = chance() ? std::string() : "env:" + freshId("KEY_");
        if (chance())
            model.price =
                Price{Money{static_cast<std::int64_t>(m_random.below(100'000'000))},
                      Money{static_cast<std::int64_t>(m_random.below(100'000'000))}, text()};
        model.contextTokens = maybe(1, 200'000);
        model.styleGuide = text();
        return model;
    }

    Request request()
    {
        Request request;
        for (int i = number(0, 3); i > 0; --i)
            request.messages.push_back({static_cast<Role>(number(0, 3)), text(), number(0, 2)});
        request.requestId = text();
        request.conversationId = text();
        request.userId = text();
        if (chance())
            request.style = text();
        for (int i = number(0, 2); i > 0; --i)
            request.metadata.push_back({freshId("key "), scalar()});
        for (int i = number(0, 2); i > 0; --i)
            request.headers.push_back({freshId("X-"), text()});
        request.requestedModel = text();
        request.maxTokens = maybe(1, 4000);
        request.hasTools = chance();
        if (chance())
            request.timeMs = number(0, 2'000'000'000);
        for (int i = number(0, 2); i > 0; --i)
            request.usage.push_back({SignalId(freshId("meter ")), real()});
        return request;
    }

private:
    bool chance() { return m_random.chance(0.5); }
    int number(int low, int high)
    {
        return low + static_cast<int>(m_random.below(static_cast<std::uint64_t>(high - low) + 1));
    }
    double real()
    {
        return chance() ? number(-20, 20)
                        : (m_random.uniform() - 0.5) * std::pow(10, number(-8, 12));
    }
    std::optional<int> maybe(int low, int high)
    {
        return chance() ? std::optional(number(low, high)) : std::nullopt;
    }
    std::string text()
    {
        static const std::vector<std::string> pieces = {"",
                                                        "x",
                                                        "legal",
                                                        "Grüße",
                                                        "漢字",
                                                        "🚀",
                                                        "\"quoted\"",
                                                        "back\\slash",
                                                        "line\nend",
                                                        "\t",
                                                        std::string("nul\0l", 5),
                                                        "a b",
                                                        "{\"json\": 1}"};
        std::string made;
        for (int i = number(0, 2); i > 0; --i)
            made += pieces[m_random.below(pieces.size())];
        return made;
    }
    std::vector<std::string> texts()
    {
        std::vector<std::string> made;
        for (int i = number(0, 3); i > 0; --i)
            made.push_back(text());
        return made;
    }
    Scalar scalar()
    {
        switch (number(0, 2)) {
        case 0:
            return real();
        case 1:
            return chance();
        default:
            return text();
        }
    }
    CompareValue compareValue()
    {
        switch (number(0, 4)) {
        case 0:
            return real();
        case 1:
            return chance();
        case 2:
            return text();
        case 3:
            return ByStyle{real(), real(), real()};
        default:
            break;
        }
        std::vector<Scalar> list;
        for (int i = number(0, 3); i > 0; --i)
            list.push_back(scalar());
        return list;
    }
    std::vector<Condition> conditions(int depth)
    {
        std::vector<Condition> made;
        for (int i = number(0, 3); i > 0; --i)
            made.push_back(condition(depth));
        return made;
    }
    ModelId modelId() { return ModelId("m" + std::to_string(number(0, 6))); }
    Holdout holdout()
    {
        return {m_random.uniform(), static_cast<StickyUnit>(number(0, 2)), text(), modelId()};
    }
    AnswerStyle answerStyle() { return {chance(), chance(), chance(), maybe(1, 500)}; }
    VoiceContract voice()
    {
        VoiceContract voice;
        if (chance())
            voice.words = VoiceContract::Band{real(), real()};
        for (int i = number(0, 2); i > 0; --i)
            voice.tone.push_back({freshId("axis "), {real(), real()}});
        voice.golden = texts();
        return voice;
    }
    std::vector<Gate> gates()
    {
        std::vector<Gate> made;
        for (int i = number(0, 3); i > 0; --i) {
            made.push_back({static_cast<GateMetric>(number(0, 5)),
                            chance() ? std::optional(real()) : std::nullopt,
                            chance() ? std::optional(real()) : std::nullopt,
                            static_cast<GateScope>(number(0, 2))});
        }
        return made;
    }
    std::vector<RuleGroup> groups()
    {
        std::vector<RuleGroup> made;
        for (int i = number(0, 3); i > 0; --i)
            made.push_back({"g" + std::to_string(i), text(), text()});
        return made;
    }
    Monitoring monitoring() { return {texts(), m_random.uniform(), number(1, 30)}; }
    std::vector<PolicyTest> tests()
    {
        std::vector<PolicyTest> made;
        for (int i = number(0, 2); i > 0; --i) {
            PolicyTest test;
            test.request = request();
            const int expected = number(0, 2);
            if (expected == 0)
                test.rule = RuleId("r" + std::to_string(number(0, 7)));
            test.expectOtherwise = expected == 1;
            if (chance())
                test.model = modelId();
            for (int model = number(0, 2); model > 0; --model) {
                ForcedOutcome outcome = {ModelId("m" + std::to_string(model)), {}, chance()};
                if (!outcome.isRejected && chance())
                    outcome.failure = static_cast<AttemptFailure>(number(0, 5));
                test.outcomes.push_back(std::move(outcome));
            }
            test.expectUnanswered = chance();
            if (!test.expectUnanswered && chance())
                test.servedBy = modelId();
            made.push_back(std::move(test));
        }
        return made;
    }

    Release release()
    {
        static const std::vector<std::string> verdicts = {"met", "notMet", "notShown"};
        Release release = {text(), chance(), number(0, 9000), number(0, 900), text(), {}};
        for (int i = number(0, 2); i > 0; --i) {
            release.gates.push_back({text(), verdicts[m_random.below(verdicts.size())],
                                     chance() ? std::optional(real()) : std::nullopt, chance()});
        }
        return release;
    }

    /// Ids are taken from a small range, so that edits meet each other.
    std::string newId(const char* prefix) { return prefix + std::to_string(number(0, 9)); }
    std::string freshId(const char* prefix) { return prefix + std::to_string(m_next++); }
    template<class Item> std::string idOf(const std::vector<Item>& items, const char* prefix)
    {
        return items.empty() || m_random.chance(0.1) ? newId(prefix)
                                                     : items[m_random.below(items.size())].id.value;
    }
    template<class Item> std::string sameOrNew(const std::vector<Item>& items, const char* prefix)
    {
        return chance() ? idOf(items, prefix) : newId(prefix);
    }
    template<class Item> std::size_t index(const std::vector<Item>& items)
    {
        return m_random.below(items.size() + 2);
    }
    Edit replaceSignal(const PolicyDocument& document)
    {
        const std::string id = idOf(document.signalList, "s");
        return ReplaceSignal{SignalId(id), signal(chance() ? id : newId("s"))};
    }
    Edit replaceModel(const PolicyDocument& document)
    {
        const std::string id = idOf(document.models, "m");
        return ReplaceModel{ModelId(id), model(chance() ? id : newId("m"))};
    }

    Random m_random;
    int m_next = 0;
};

} // namespace signalbox::test
