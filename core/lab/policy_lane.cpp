// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_lane.h"

#include "lab_request.h"

#include <core/policy/document_uses.h>

#include <algorithm>

namespace signalbox {

namespace {

/// The call that a plan begins with. Splits and pools are drawn already.
const Call& firstCallOf(const Plan& plan)
{
    if (const auto* chain = std::get_if<Chain>(&plan.node))
        return firstCallOf(chain->steps.front());
    if (const auto* cascade = std::get_if<Cascade>(&plan.node))
        return firstCallOf(cascade->steps.front());
    return std::get<Call>(plan.node);
}

bool isSameRequest(const ChatRequest& a, const ChatRequest& b)
{
    return a.baseUrl == b.baseUrl && a.upstreamModel == b.upstreamModel &&
           a.messages == b.messages && a.styleGuide == b.styleGuide && a.maxTokens == b.maxTokens &&
           a.temperature == b.temperature && a.seed == b.seed && a.sample == b.sample;
}

} // namespace

PolicyLane::PolicyLane(const LabPlan& plan, const ProviderRegistry& providers, Surroundings run)
    : m_plan(&plan), m_providers(&providers), m_run(std::move(run))
{
    const auto place = std::ranges::find_if(plan.models, isPolicyColumn);
    if (place != plan.models.end())
        m_column = static_cast<std::size_t>(place - plan.models.begin());
    decideAnew();
}

std::vector<CellId> PolicyLane::cells() const
{
    std::vector<CellId> ids;
    for (std::size_t prompt = 0; m_column && prompt < m_plan->prompts.size(); ++prompt) {
        for (int sample = 0; sample < m_plan->samples; ++sample)
            ids.push_back({prompt, *m_column, sample});
    }
    return ids;
}

void PolicyLane::decideAnew()
{
    m_decided.clear();
    m_first.clear();
    if (!m_column || !m_plan->policy || !m_plan->policy->problem().empty())
        return;
    for (std::size_t prompt = 0; prompt < m_plan->prompts.size(); ++prompt) {
        m_decided.push_back(m_plan->policy->decide(m_plan->prompts[prompt]));
        const Call& call = firstCallOf(*m_decided.back().plan);
        First first{m_plan->policy->policy().findModel(call.model)};
        if (first.model)
            first.column =
                columnOf({prompt, *m_column, 0}, *first.model,
                         overridden(labRequest(*m_plan, *first.model, m_plan->prompts[prompt], 0),
                                    call.overrides));
        m_first.push_back(first);
    }
}

const std::string& PolicyLane::problem() const
{
    static const std::string gone = "The policy of this column is not known any more.";
    return m_plan->policy ? m_plan->policy->problem() : gone;
}

bool PolicyLane::mayStart(const CellId& id) const
{
    if (m_decided.empty())
        return true; // and says why not
    const First& first = m_first[id.prompt];
    return !first.model || leaveFor(id, *first.model, first.column, true).kind !=
                               PlanStream::Permission::Kind::Wait;
}

std::unique_ptr<PlanStream> PolicyLane::start(const CellId& id) const
{
    PlanStream::Task task;
    task.policy = m_plan->policy;
    task.decided = m_decided[id.prompt];
    task.plan = m_plan;
    task.prompt = &m_plan->prompts[id.prompt];
    task.sample = id.sample;
    task.providers = m_providers;
    task.askLeave = [this, id](const ModelSpec& model, const ChatRequest& request, bool mayWait) {
        return leaveFor(id, model, columnOf(id, model, request), mayWait);
    };
    return std::make_unique<PlanStream>(std::move(task));
}

bool PolicyLane::isPresent(const CellId& id, const Answer& answer) const
{
    const auto route = parseRoute(answer.route);
    return route && !m_decided.empty() && route->print == printOf(id);
}

const std::string& PolicyLane::printOf(const CellId& id) const
{
    static const std::string none;
    return m_decided.empty() ? none : m_decided[id.prompt].print;
}

std::optional<CellId> PolicyLane::takerOf(const CellId& id, const Answer& policys) const
{
    if (!m_column || has(id))
        return std::nullopt;
    const auto route = parseRoute(policys.route);
    const ModelId& model = m_plan->models[id.model].id;
    const bool hasTaken = route && std::ranges::any_of(route->hops, [&](const PolicyHop& hop) {
                              return hop.isReused && hop.model == model;
                          });
    return hasTaken ? std::optional(CellId{id.prompt, *m_column, id.sample}) : std::nullopt;
}

PolicyLane::OwnCalls PolicyLane::ownCalls(const CellId& id) const
{
    OwnCalls own;
    if (m_decided.empty())
        return own;
    const PolicyDocument& policy = m_plan->policy->policy();
    const bool takes = m_plan->policy->calls() == PolicyColumn::Calls::TakeFromColumns;
    const LabPrompt& prompt = m_plan->prompts[id.prompt];
    own.isFirstTaken = takes && m_first[id.prompt].column.has_value();
    const auto add = [&](const ModelId& name, const CallOverrides* overrides) {
        const ModelSpec* model = policy.findModel(name);
        if (!model)
            return;
        const ChatRequest request = labRequest(*m_plan, *model, prompt, id.sample);
        if (!takes || !overrides || !columnOf(id, *model, overridden(request, *overrides)))
            own.models.push_back(model);
    };
    forEachCall(
        *m_decided[id.prompt].plan, [&](const Call& call) { add(call.model, &call.overrides); },
        [&](const Verifier& verifier) { add(verifier.model, nullptr); });
    return own;
}

/// A call that a model's column makes too waits for that column, if it can, and takes its answer.
PlanStream::Permission PolicyLane::leaveFor(const CellId& id, const ModelSpec& model,
                                            std::optional<std::size_t> column, bool mayWait) const
{
    using Kind = PlanStream::Permission::Kind;
    const bool isOwn = m_plan->policy->calls() == PolicyColumn::Calls::Own || m_run.wantsOwn(id);
    if (column && !isOwn) {
        const CellId there{id.prompt, *column, id.sample};
        if (const Answer* answer = m_run.answerOf(there))
            return {Kind::Take, answer};
        if (mayWait && m_run.isComing(there))
            return {Kind::Wait};
    }
    return {mayWait && !m_run.hasRoom(model) ? Kind::Wait : Kind::Send};
}

/// The model's column, if it asks to the letter the same.
std::optional<std::size_t> PolicyLane::columnOf(const CellId& id, const ModelSpec& model,
                                                const ChatRequest& request) const
{
    const auto place = std::ranges::find(m_plan->models, model.id, &ModelSpec::id);
    if (place == m_plan->models.end() || place->provider != model.provider ||
        !isSameRequest(request, labRequest(*m_plan, *place, m_plan->prompts[id.prompt], id.sample)))
        return std::nullopt;
    return static_cast<std::size_t>(place - m_plan->models.begin());
}

std::ptrdiff_t callsAt(const Endpoint& server, const std::vector<const ModelSpec*>& underWay)
{
    return std::ranges::count_if(underWay, [&](const ModelSpec* model) {
        const auto other = endpointOfModel(model->provider, model->baseUrl);
        return other && other->loopback && isSameServerHere(server, *other);
    });
}

} // namespace signalbox
