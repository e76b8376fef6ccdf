// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_column.h"

#include "cell_attempt.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>
#include <core/providers/endpoint.h>
#include <core/routing/compiled_policy.h>

#include <QByteArray>
#include <QCryptographicHash>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

constexpr qsizetype kDigits = 32;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kUsualOutputTokens = 180; ///< pools compare prices of a usual request

/// How a model is asked; neither its price nor its name for people changes an answer.
Json asked(const ModelSpec& model)
{
    const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
    return Json::array({model.id.value, model.provider, model.upstreamModel,
                        endpoint ? endpoint->url : std::string(), model.styleGuide});
}

Json asked(const AnswerStyle& style)
{
    return Json::array({style.flattenMarkdown, style.trimOpeners, style.trimClosers,
                        style.maxWords ? Json(*style.maxWords) : Json(nullptr)});
}

std::string digest(const Json& json)
{
    const std::string text = toCompactJsonText(json);
    return QCryptographicHash::hash(
               QByteArrayView(text.data(), static_cast<qsizetype>(text.size())),
               QCryptographicHash::Sha256)
        .toHex()
        .left(kDigits)
        .toStdString();
}

std::vector<LiveNumbers> liveNumbersOf(const PolicyDocument& policy, std::int64_t inputTokens)
{
    std::vector<LiveNumbers> live;
    for (const ModelSpec& model : policy.models) {
        LiveNumbers numbers = {model.id.value, kUnknown, kUnknown, kUnknown};
        if (model.price)
            numbers.costUsd = (model.price->inputPerToken * inputTokens +
                               model.price->outputPerToken * kUsualOutputTokens)
                                  .usd();
        live.push_back(numbers);
    }
    return live;
}

} // namespace

struct PolicyColumn::Impl
{
    PolicyDocument document;
    Calls calls = Calls::TakeFromColumns;
    std::optional<CompiledPolicy> compiled;
    std::string problem;
};

bool isPolicyColumn(const ModelSpec& column)
{
    return column.provider == kPolicyProvider;
}

PolicyColumn::PolicyColumn(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
PolicyColumn::~PolicyColumn() = default;

std::shared_ptr<const PolicyColumn> PolicyColumn::of(const PolicyDocument& policy,
                                                     std::shared_ptr<const UserStyles> styles,
                                                     Calls calls)
{
    auto impl = std::make_unique<Impl>();
    impl->document = policy;
    impl->calls = calls;
    auto compiled = CompiledPolicy::compile(policy, nullptr, std::move(styles));
    if (compiled)
        impl->compiled = std::move(*compiled);
    else
        impl->problem = "The policy cannot route this: " + toString(compiled.error()) +
                        ". Mend the policy, then ask again.";
    return std::shared_ptr<const PolicyColumn>(new PolicyColumn(std::move(impl)));
}

const PolicyDocument& PolicyColumn::policy() const
{
    return m_impl->document;
}

PolicyColumn::Calls PolicyColumn::calls() const
{
    return m_impl->calls;
}

const std::string& PolicyColumn::problem() const
{
    return m_impl->problem;
}

PolicyColumn::Decided PolicyColumn::decide(const LabPrompt& prompt,
                                           const std::string& conversation) const
{
    Request request;
    request.messages = prompt.messages;
    request.conversationId = conversation;
    const PolicyDocument& policy = m_impl->document;
    CompiledPolicy::Scratch scratch(*m_impl->compiled);
    const auto values = m_impl->compiled->extract(request, scratch);
    RoutingKeys keys = routingKeysOf(request);
    const std::vector<LiveNumbers> live = liveNumbersOf(policy, estimatedTokens(prompt.messages));
    keys.live = live;
    const Decision decision = m_impl->compiled->route(values, keys);
    Decided decided;
    decided.plan = decision.plan;
    decided.label = "otherwise";
    if (decision.rule == Decision::kHoldout)
        decided.label = "holdout";
    else if (decision.rule >= 0) {
        const Rule& rule = policy.rules[static_cast<std::size_t>(decision.rule)];
        decided.rule = rule.id.value;
        decided.label = rule.label.empty() ? rule.id.value : rule.label;
        if (decision.isUncertain)
            decided.label += " (uncertain)";
    }
    decided.tier = tierOf(*decision.plan);
    Json models = Json::array();
    for (const ModelId& id : modelsOf(*decision.plan)) {
        if (const ModelSpec* model = policy.findModel(id))
            models.push_back(asked(*model));
    }
    Json print =
        Json::array({decided.rule, decision.rule == Decision::kHoldout, decision.isUncertain,
                     toJson(*decision.plan), std::move(models), asked(policy.answerStyle)});
    if (!conversation.empty()) {
        for (const Message& message : prompt.messages)
            print.push_back(message.text);
    }
    decided.print = digest(print);
    return decided;
}

ModelSpec PolicyColumn::specOf(const PolicyDocument& policy)
{
    ModelSpec spec;
    spec.id = policyVoice(policy.id);
    spec.provider = kPolicyProvider;
    spec.upstreamModel = policy.name;
    return spec;
}

void addPolicyColumn(LabPlan& plan, std::shared_ptr<const PolicyColumn> policy)
{
    plan.models.push_back(policy->spec());
    plan.policy = std::move(policy);
}

} // namespace signalbox
