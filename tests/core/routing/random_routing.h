// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/random.h>
#include <core/policy/document.h>
#include <core/policy/document_uses.h>
#include <core/policy/user_styles.h>
#include <tests/support/policy_builder.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace signalbox::test {

/// Random policies over all kinds of signals, conditions and plans, and requests near their limits.
class RandomRouting
{
public:
    explicit RandomRouting(std::uint64_t seed) : m_random(seed) {}

    PolicyDocument policy()
    {
        PolicyDocument document = PolicyBuilder({"a", "b", "c"}).document();
        document.decideBy =
            m_random.chance(0.3) ? DecisionUnit::Conversation : DecisionUnit::Request;
        m_signals = &document.signalList;
        const int count = 3 + below(8);
        for (int i = 0; i < count; ++i)
            addSignal(plainSource());
        for (int i = below(3); i > 0; --i) {
            ScoreSource score = {number(), {}, {}, {}};
            if (m_random.chance(0.5))
                score.min = number();
            if (m_random.chance(0.5))
                score.max = score.min.value_or(0) + below(10);
            for (int t = below(5); t > 0; --t)
                score.terms.push_back({number() - 3, condition(1, Use::OfPlainSignals)});
            addSignal(score);
        }
        for (int i = below(6); i >= 0; --i) {
            Rule rule;
            rule.id = RuleId("r" + std::to_string(i));
            rule.enabled = m_random.chance(0.9);
            rule.when = condition(3, Use::OfAllSignals);
            rule.plan = plan(2);
            forEachCompare(rule.when, [&](const Compare& compare) {
                const Signal* signal = document.findSignal(compare.signal);
                if (m_random.chance(0.6) && valueTypeOf(*signal) == ValueType::Number)
                    rule.uncertain = Uncertain{signal->id, 0.5 + below(4), plan(2)};
            });
            document.rules.push_back(std::move(rule));
        }
        document.otherwise = plan(2);
        if (m_random.chance(0.3))
            document.holdout = Holdout{m_random.uniform(), unit(), word(), ModelId("c")};
        return document;
    }

    Request request()
    {
        Request made;
        for (int i = below(6); i >= 0; --i)
            made.messages.push_back(
                {static_cast<Role>(below(4)), text(), m_random.chance(0.1) ? 1 : 0});
        const auto id = [&](const char* prefix) {
            return m_random.chance(0.2) ? std::string() : prefix + std::to_string(below(1000));
        };
        made.requestId = id("q");
        made.conversationId = id("c");
        made.userId = id("u");
        if (m_random.chance(0.6))
            made.style = pick<std::string>({"concise", "balanced", "detailed", "poetic"});
        for (const char* key : {"plan", "score", "beta"}) {
            if (m_random.chance(0.7))
                made.metadata.push_back({key, scalar()});
        }
        if (m_random.chance(0.7))
            made.headers.push_back(
                {pick<std::string>({"x-tier", "X-Tier"}),
                 pick<std::string>({" pro", "7", "true", "1e1", "False", "2.5x", ""})});
        if (m_random.chance(0.5))
            made.requestedModel = word();
        if (m_random.chance(0.5))
            made.maxTokens = below(12);
        made.hasTools = m_random.chance(0.5);
        if (m_random.chance(0.8)) // from 2020 to 2030, changes of the clock included
            made.timeMs =
                1'577'836'800'000 + static_cast<std::int64_t>(m_random.below(315'532'800)) * 1000;
        for (int i = 0; i < 11; ++i) {
            if (m_random.chance(0.3))
                made.usage.push_back({SignalId("s" + std::to_string(i)), number()});
        }
        return made;
    }

    /// A table for policies whose style signals name one.
    static UserStyles styles()
    {
        UserStyles table;
        for (int i = 0; i < 1000; i += 2)
            table.set("u" + std::to_string(i), i % 4 == 0 ? "concise" : "detailed");
        return table;
    }

private:
    enum class Use { OfAllSignals, OfPlainSignals };

    int below(int bound)
    {
        return static_cast<int>(m_random.below(static_cast<std::uint64_t>(bound)));
    }
    template<class T> T pick(std::vector<T> of) { return of[m_random.below(of.size())]; }
    double number() { return below(16) + (m_random.chance(0.1) ? 0.5 : 0); }
    StickyUnit unit() { return static_cast<StickyUnit>(below(3)); }
    std::string word()
    {
        return pick<std::string>({"code", "Legal", "math", "pro", "Enterprise", "a", "c++",
                                  "\u043f\u0440\u043e", "gr\u00fc\u00df", "a_b", "?", "it's"});
    }
    Scalar scalar()
    {
        switch (below(3)) {
        case 0:
            return number();
        case 1:
            return m_random.chance(0.5);
        default:
            return word();
        }
    }
    std::string text()
    {
        std::string made;
        for (int i = below(9); i > 0; --i) {
            made += m_random.chance(0.6)
                        ? word()
                        : pick<std::string>({"```", "~~~", "\n", "2\u2019s", "\u6f22\u5b57",
                                             "\U0001F680", "CODES", "x1", "illegal", "\xC2\xBD"});
            made += pick<std::string>({" ", "", "\n", ", ", "\n\n"});
        }
        return made;
    }
    decltype(Signal::source) plainSource()
    {
        const auto scope = static_cast<TextScope>(below(4));
        const auto type = static_cast<ValueType>(below(3));
        switch (below(11)) {
        case 8:
            return ScriptSource{scope};
        case 9: {
            TimeWindowSource window = {
                pick<std::string>({"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"}),
                {},
                below(1440),
                below(1440)};
            for (int day = m_random.chance(0.5) ? 7 : 0; day < 7; ++day) {
                if (m_random.chance(0.5))
                    window.days.push_back(static_cast<Weekday>(day));
            }
            return window;
        }
        case 10:
            return UsageSource{static_cast<UsageMeasure>(below(3)),
                               static_cast<UsageUnit>(below(3)), 60};
        case 0:
            return MeasureSource{static_cast<TextMeasure>(below(5)), scope};
        case 1: {
            KeywordsSource source = {
                scope, {}, m_random.chance(0.5) ? KeywordMatch::Word : KeywordMatch::Substring};
            for (int i = below(m_random.chance(0.1) ? 60 : 4); i >= 0; --i)
                source.anyOf.push_back(m_random.chance(0.5) ? word() : word() + word());
            return source;
        }
        case 2:
            return ContainsSource{scope, word()};
        case 3:
            return RegexSource{scope,
                               pick<std::string>({"co(?:de|al)", "[0-9]+", "^[a-m]", "a+_?b", "s$",
                                                  "x{1,2}|l{1,3}e"}),
                               m_random.chance(0.5)};
        case 4:
            return StyleSource{pick<std::string>({"concise", "balanced", "detailed"}),
                               m_random.chance(0.3) ? "styles.json" : ""};
        case 5:
            return MetadataSource{pick<std::string>({"plan", "score", "beta", "none"}), type};
        case 6:
            return HeaderSource{pick<std::string>({"X-Tier", "X-None"}), type};
        default:
            if (m_random.chance(0.2))
                return FieldSource{RequestField::Messages, static_cast<Role>(below(4))};
            return FieldSource{static_cast<RequestField>(below(7)), {}};
        }
    }
    template<class Source> void addSignal(Source source)
    {
        Signal signal;
        signal.id = SignalId("s" + std::to_string(m_signals->size()));
        signal.source = std::move(source);
        m_signals->push_back(std::move(signal));
    }
    Condition condition(int depth, Use use)
    {
        const int kind = depth > 0 ? below(6) : 5;
        if (kind == 0)
            return negated(condition(depth - 1, use));
        if (kind <= 2) {
            std::vector<Condition> parts;
            for (int i = below(4); i > 0; --i)
                parts.push_back(condition(depth - 1, use));
            return kind == 1 ? allOf(std::move(parts)) : anyOf(std::move(parts));
        }
        const Signal* signal = &(*m_signals)[m_random.below(m_signals->size())];
        while (use == Use::OfPlainSignals && std::holds_alternative<ScoreSource>(signal->source))
            signal = &(*m_signals)[m_random.below(m_signals->size())];
        Compare compare;
        compare.signal = signal->id;
        if (m_random.chance(0.1)) {
            compare.op = CompareOp::Exists;
            compare.value = true;
            return {compare};
        }
        const bool isList = m_random.chance(0.15);
        std::vector<Scalar> list;
        switch (valueTypeOf(*signal)) {
        case ValueType::Number:
            compare.op = static_cast<CompareOp>(below(6));
            compare.value = number();
            if (m_random.chance(0.2))
                compare.value = ByStyle{number(), number(), number()};
            list = {number(), number(), number()};
            break;
        case ValueType::Boolean:
            compare.op = m_random.chance(0.5) ? CompareOp::Eq : CompareOp::Ne;
            compare.value = m_random.chance(0.5);
            list = {m_random.chance(0.5), m_random.chance(0.5)};
            break;
        case ValueType::String:
            compare.op =
                pick<CompareOp>({CompareOp::Eq, CompareOp::Ne, CompareOp::Contains,
                                 CompareOp::Prefix, CompareOp::Suffix, CompareOp::Matches});
            compare.value = compare.op == CompareOp::Matches ? std::string("^[a-e]|o$") : word();
            compare.ignoreCase = m_random.chance(0.5);
            list = {word(), std::string("concise")};
            break;
        }
        if (isList) {
            compare.op = CompareOp::In;
            compare.value = list;
        }
        return {compare};
    }
    Plan plan(int depth)
    {
        const int kind = depth > 0 ? below(6) : 0;
        const auto model = [&] { return call(pick<std::string>({"a", "b", "c"})); };
        if (kind <= 1)
            return model();
        if (kind == 2) {
            std::vector<Plan> steps;
            for (int i = below(3); i >= 0; --i)
                steps.push_back(plan(depth - 1));
            return chain(std::move(steps));
        }
        if (kind == 4) {
            Pool pool;
            for (int i = below(3); i >= 0; --i)
                pool.members.push_back(std::get<Call>(model().node));
            return {pool};
        }
        if (kind == 5 && !m_isInCascade) {
            Cascade cascade;
            m_isInCascade = true;
            for (int i = 1 + below(2); i >= 0; --i)
                cascade.steps.push_back(plan(depth - 1));
            m_isInCascade = false;
            cascade.accept.minWords = 1;
            return {cascade};
        }
        const int first = below(10'001);
        const int second = below(10'001 - first);
        return split({{first, plan(depth - 1)},
                      {second, plan(depth - 1)},
                      {10'000 - first - second, plan(depth - 1)}},
                     word(), unit());
    }

    Random m_random;
    std::vector<Signal>* m_signals = nullptr;
    bool m_isInCascade = false;
};

} // namespace signalbox::test
