// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Policies in three lines, for tests of every room:
//
//     const PolicyDocument policy = PolicyBuilder({"cheap", "dear"})
//                                       .measure("length", TextMeasure::Chars)
//                                       .rule("long", when("length", CompareOp::Gt, 200),
//                                       call("dear"));

#include <core/policy/document.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

struct CallOptions
{
    std::optional<int> firstTokenMs = {};
    std::optional<int> totalMs = {};
    Retry retry = {};
};

inline Plan call(const std::string& model, const CallOptions& options = {})
{
    return {Call{ModelId(model), options.firstTokenMs, options.totalMs, options.retry}};
}

inline Plan chain(std::vector<Plan> steps, std::optional<int> deadlineMs = {},
                  ChainMode mode = ChainMode::Cancel)
{
    Chain made;
    made.steps = std::move(steps);
    made.deadlineMs = deadlineMs;
    made.mode = mode;
    return {std::move(made)};
}

inline Plan split(std::vector<Arm> arms, const std::string& salt = "salt",
                  StickyUnit sticky = StickyUnit::Conversation)
{
    return {Split{sticky, salt, std::move(arms)}};
}

/// A comparison. A text literal is a text, a number a number, a bool a bool.
inline Condition when(const std::string& signal, CompareOp op, CompareValue value)
{
    return {Compare{SignalId(signal), op, std::move(value), false}};
}
inline Condition when(const std::string& signal, CompareOp op, int value)
{
    return when(signal, op, CompareValue(static_cast<double>(value)));
}
inline Condition when(const std::string& signal, CompareOp op, const char* value)
{
    return when(signal, op, CompareValue(std::string(value)));
}
/// The boolean signal is true.
inline Condition when(const std::string& signal)
{
    return when(signal, CompareOp::Eq, CompareValue(true));
}

inline Condition allOf(std::vector<Condition> conditions)
{
    return {All{std::move(conditions)}};
}

inline Condition anyOf(std::vector<Condition> conditions)
{
    return {Any{std::move(conditions)}};
}

inline Condition negated(Condition condition)
{
    return {Not{std::move(condition)}};
}

/// A request of one user message.
inline Request ask(const std::string& text)
{
    Request request;
    request.messages.push_back({Role::User, text});
    return request;
}

/// A valid policy by default: simulated models with a price, the last one the baseline, everything
/// to the first one.
class PolicyBuilder
{
public:
    explicit PolicyBuilder(std::initializer_list<const char*> models = {"cheap", "dear"})
    {
        m_document.id = "test";
        m_document.name = "Test";
        double usd = 1;
        for (const char* id : models) {
            model(id, usd, 2 * usd);
            usd *= 10;
        }
        if (!m_document.models.empty()) {
            m_document.baseline = m_document.models.back().id;
            otherwise(call(m_document.models.front().id.value));
        }
    }

    PolicyBuilder& model(const std::string& id, double inputUsdPerMTok, double outputUsdPerMTok)
    {
        ModelSpec spec;
        spec.id = ModelId(id);
        spec.provider = "simulator";
        spec.upstreamModel = id;
        spec.price = Price{pricePerTokenFromUsdPerMTok(inputUsdPerMTok),
                           pricePerTokenFromUsdPerMTok(outputUsdPerMTok), "2023-06-13"};
        return model(std::move(spec));
    }
    PolicyBuilder& model(ModelSpec spec)
    {
        m_document.models.push_back(std::move(spec));
        return *this;
    }

    template<class Source> PolicyBuilder& signal(const std::string& id, Source source)
    {
        Signal made;
        made.id = SignalId(id);
        made.source = std::move(source);
        m_document.signalList.push_back(std::move(made));
        return *this;
    }
    PolicyBuilder& measure(const std::string& id, TextMeasure measure,
                           TextScope scope = TextScope::LastUser)
    {
        return signal(id, MeasureSource{measure, scope});
    }
    PolicyBuilder& keywords(const std::string& id, std::vector<std::string> anyOfWords,
                            KeywordMatch match = KeywordMatch::Substring)
    {
        return signal(id, KeywordsSource{TextScope::LastUser, std::move(anyOfWords), match});
    }
    PolicyBuilder& contains(const std::string& id, const std::string& text)
    {
        return signal(id, ContainsSource{TextScope::LastUser, text});
    }
    PolicyBuilder& regex(const std::string& id, const std::string& pattern)
    {
        return signal(id, RegexSource{TextScope::LastUser, pattern, false});
    }
    PolicyBuilder& metadata(const std::string& id, ValueType type = ValueType::String)
    {
        return signal(id, MetadataSource{id, type});
    }

    PolicyBuilder& rule(const std::string& id, Condition condition, Plan plan)
    {
        Rule made;
        made.id = RuleId(id);
        made.label = id;
        made.when = std::move(condition);
        made.plan = std::move(plan);
        m_document.rules.push_back(std::move(made));
        return *this;
    }
    PolicyBuilder& otherwise(Plan plan)
    {
        m_document.otherwise = std::move(plan);
        return *this;
    }
    PolicyBuilder& holdout(double share, const std::string& modelId)
    {
        m_document.holdout = Holdout{share, StickyUnit::Conversation, "h1", ModelId(modelId)};
        return *this;
    }
    PolicyBuilder& baseline(const std::string& modelId)
    {
        m_document.baseline = ModelId(modelId);
        return *this;
    }

    /// Any other change, e.g. `.with([](PolicyDocument& p) { p.gates = {…}; })`.
    template<class Change> PolicyBuilder& with(Change change)
    {
        change(m_document);
        return *this;
    }

    [[nodiscard]] PolicyDocument document() const { return m_document; }
    operator PolicyDocument() const { return m_document; } // NOLINT: that is what it is for

private:
    PolicyDocument m_document;
};

} // namespace signalbox::test
