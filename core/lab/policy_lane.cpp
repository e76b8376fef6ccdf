// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_lane.h"

#include "conversation.h"
#include "lab_request.h"

#include <core/prices/token_counter.h>

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

/// How a plan comes to a call.
struct Coming
{
    bool isBeside = false; ///< perhaps while another call is under way: then it cannot wait
    bool isHedged = false; ///< its repetitions perhaps so
};

/// Splits and pools are drawn already. A verifier is visited for each answer that it may read.
template<class Visit, class VisitVerifier>
void visitCalls(const Plan& plan, Coming how, const Visit& visit,
                const VisitVerifier& visitVerifier)
{
    if (const auto* call = std::get_if<Call>(&plan.node)) {
        visit(*call, how);
    } else if (const auto* chain = std::get_if<Chain>(&plan.node)) {
        how.isHedged = how.isHedged || chain->mode == ChainMode::Hedge;
        for (const Plan& step : chain->steps) {
            visitCalls(step, how, visit, visitVerifier);
            how.isBeside = how.isBeside || chain->mode == ChainMode::Hedge;
        }
    } else if (const auto* cascade = std::get_if<Cascade>(&plan.node)) {
        for (const Plan& step : cascade->steps)
            visitCalls(step, how, visit, visitVerifier);
        for (std::size_t read = 1; cascade->accept.verifier && read < cascade->steps.size(); ++read)
            visitVerifier(*cascade->accept.verifier);
    }
}

/// o200k tokens of what a verifier is told around question and answer, generously.
constexpr std::int64_t kAroundVerifier = 100;

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

bool PolicyLane::canDecide() const
{
    return m_column && m_plan->policy && m_plan->policy->problem().empty();
}

bool PolicyLane::isLaterTurn(const CellId& id) const
{
    return !m_plan->prompts[id.prompt].follows.isEmpty();
}

PolicyLane::Way PolicyLane::wayOf(const CellId& id, const LabPrompt& prompt) const
{
    Way way;
    way.decided = m_plan->policy->decide(
        prompt, isLaterTurn(id) ? openingOf(m_plan->prompts[id.prompt].messages) : std::string());
    way.first = m_plan->policy->policy().findModel(firstCallOf(*way.decided.plan).model);
    return way;
}

void PolicyLane::decideAnew()
{
    m_ways.clear();
    m_turns.clear();
    if (!canDecide())
        return;
    const Conversations conversations(m_plan->prompts);
    for (std::size_t row = 0; row < m_plan->prompts.size(); ++row) {
        const CellId id{row, *m_column, 0};
        const LabPrompt& prompt = m_plan->prompts[row];
        Way way = wayOf(id, prompt);
        if (way.first)
            way.column = columnThatAsks(*way.first,
                                        callRequest(*m_plan, *way.first, prompt, 0,
                                                    firstCallOf(*way.decided.plan).overrides),
                                        [&](std::size_t) { return &prompt; });
        // A later turn as if nothing had been answered before it: a guess, for forecasts. A column
        // goes on with its own answers, so that it makes this call only if it made those before.
        const auto before = conversations.before(row);
        if (isLaterTurn(id) && (!before || m_ways[*before].column != way.column))
            way.column.reset();
        m_ways.push_back(std::move(way));
    }
}

/// The way of the cell; null while what it goes on from is not there, or if nothing can be decided.
const PolicyLane::Way* PolicyLane::wayOf(const CellId& id) const
{
    if (m_ways.empty())
        return nullptr;
    if (!isLaterTurn(id))
        return &m_ways[id.prompt];
    auto prompt = m_run.promptOf(id);
    if (!prompt)
        return nullptr;
    Way& way = m_turns[id];
    if (way.prompt.messages != prompt->messages) {
        way = wayOf(id, *prompt);
        way.prompt = std::move(*prompt);
    }
    way.column = firstColumn(id, way); // it may have come to ask the same since
    return &way;
}

/// The column that makes the first call of a way.
std::optional<std::size_t> PolicyLane::firstColumn(const CellId& id, const Way& way) const
{
    if (!way.first)
        return std::nullopt;
    const LabPrompt& prompt = isLaterTurn(id) ? way.prompt : m_plan->prompts[id.prompt];
    return columnOf(id, *way.first,
                    callRequest(*m_plan, *way.first, prompt, id.sample,
                                firstCallOf(*way.decided.plan).overrides));
}

const std::string& PolicyLane::problem() const
{
    static const std::string gone = "The policy of this column is not known any more.";
    return m_plan->policy ? m_plan->policy->problem() : gone;
}

bool PolicyLane::mayStart(const CellId& id) const
{
    if (m_ways.empty())
        return true; // and says why not
    const Way* const way = wayOf(id);
    return way && (!way->first || leaveFor(id, *way->first, way->column, true).kind !=
                                      PlanStream::Permission::Kind::Wait);
}

std::unique_ptr<PlanStream> PolicyLane::start(const CellId& id) const
{
    const Way& way = *wayOf(id);
    PlanStream::Task task;
    task.policy = m_plan->policy;
    task.decided = way.decided;
    task.plan = m_plan;
    task.prompt = isLaterTurn(id) ? way.prompt : m_plan->prompts[id.prompt];
    task.sample = id.sample;
    task.providers = m_providers;
    // What caps have counted for the cell; everything else asks them when it comes.
    const auto counted = std::make_shared<std::vector<AskedCall>>(ownCalls(id).calls);
    task.askLeave = [this, id, counted](const ModelSpec& model, const ChatRequest& request,
                                        bool mayWait) {
        auto leave = leaveFor(id, model, columnOf(id, model, request), mayWait);
        if (leave.kind == PlanStream::Permission::Kind::Send) {
            const AskedCall call{&model, request.maxTokens, request.styleGuide, 0};
            const auto place = std::ranges::find_if(*counted, [&](const AskedCall& other) {
                return other.model == &model && other.maxTokens == call.maxTokens &&
                       other.styleGuide == call.styleGuide;
            });
            const bool isMore = place == counted->end();
            if (!m_run.maySend(id, isMore ? &call : nullptr))
                leave = {PlanStream::Permission::Kind::Wait, nullptr,
                         PlanStream::Permission::For::Caps};
            else if (!isMore)
                counted->erase(place);
        }
        if (leave.kind == PlanStream::Permission::Kind::Wait)
            m_run.noteHeld();
        return leave;
    };
    return std::make_unique<PlanStream>(std::move(task));
}

bool PolicyLane::isPresent(const CellId& id, const Answer& answer) const
{
    const auto route = parseRoute(answer.route);
    const Way* const way = wayOf(id);
    return route && way && route->print == way->decided.print;
}

const std::string& PolicyLane::printOf(const CellId& id) const
{
    static const std::string none;
    const Way* const way = wayOf(id);
    return way ? way->decided.print : none;
}

std::optional<CellId> PolicyLane::besides(const CellId& id) const
{
    return m_column && !has(id) ? std::optional(CellId{id.prompt, *m_column, id.sample})
                                : std::nullopt;
}

bool PolicyLane::hasTaken(const PolicyRoute& route, const CellId& id) const
{
    const ModelId& column = m_plan->models[id.model].id;
    return std::ranges::any_of(route.hops, [&](const PolicyHop& hop) {
        return hop.isReused && (hop.takenFrom.isEmpty() ? hop.model : hop.takenFrom) == column;
    });
}

/// Of a turn that goes on from answers that are not there yet, a guess: that all turns are answered
/// by the models that would answer this one if it stood alone.
PolicyLane::OwnCalls PolicyLane::ownCalls(const CellId& id) const
{
    OwnCalls own;
    if (m_ways.empty())
        return own;
    const Way* const known = wayOf(id);
    const Way& way = known ? *known : m_ways[id.prompt];
    const PolicyDocument& policy = m_plan->policy->policy();
    const bool takes = !isOwn(id);
    const LabPrompt& prompt = known && isLaterTurn(id) ? way.prompt : m_plan->prompts[id.prompt];
    const auto columnFor = [&](const ModelSpec& model, const ChatRequest& request) {
        if (known)
            return columnOf(id, model, request);
        const auto column = columnThatAsks(model, request, [&](std::size_t) { return &prompt; });
        return column == way.column ? column : std::nullopt;
    };
    const auto isTaken = [&](const ModelSpec& model, const ChatRequest& request, bool mayWait) {
        const auto column = takes ? columnFor(model, request) : std::nullopt;
        return column && gives({id.prompt, *column, id.sample}, mayWait);
    };
    own.isFirstTaken = takes && way.column && gives({id.prompt, *way.column, id.sample}, true);
    std::int64_t longest = 0; // of the answers that a verifier may have to read
    const auto addCall = [&](const Call& call, Coming how) {
        const ModelSpec* model = policy.findModel(call.model);
        if (!model)
            return;
        const ChatRequest request = callRequest(*m_plan, *model, prompt, id.sample, call.overrides);
        longest = std::max<std::int64_t>(
            longest, request.maxTokens.value_or(model->contextTokens.value_or(0)));
        const int tries = 1 + (how.isHedged ? call.retry.count : 0);
        if (!isTaken(*model, request, !how.isBeside))
            own.calls.insert(own.calls.end(), static_cast<std::size_t>(tries),
                             {model, request.maxTokens, request.styleGuide, 0});
    };
    const auto addVerifier = [&](const Verifier& verifier) {
        if (const ModelSpec* model = policy.findModel(verifier.model))
            own.calls.push_back(
                {model, m_plan->asking.maxTokens, std::string(),
                 longest + countO200kTokens(verifier.instruction) + kAroundVerifier});
    };
    visitCalls(*way.decided.plan, {}, addCall, addVerifier);
    return own;
}

bool PolicyLane::isOwn(const CellId& id) const
{
    return m_plan->policy->calls() == PolicyColumn::Calls::Own || m_run.wantsOwn(id);
}

/// Whether a model's cell has an answer to take, or will have one.
bool PolicyLane::gives(const CellId& there, bool mayWait) const
{
    return m_run.answerOf(there) || (mayWait && m_run.isComing(there));
}

/// A call that a model's column makes too waits for that column, if it can, and takes its answer.
PlanStream::Permission PolicyLane::leaveFor(const CellId& id, const ModelSpec& model,
                                            std::optional<std::size_t> column, bool mayWait) const
{
    using Kind = PlanStream::Permission::Kind;
    if (column && !isOwn(id)) {
        const CellId there{id.prompt, *column, id.sample};
        if (const Answer* answer = m_run.answerOf(there))
            return {Kind::Take, answer};
        if (mayWait && m_run.isComing(there))
            return {Kind::Wait, nullptr, PlanStream::Permission::For::Column};
    }
    return {mayWait && !m_run.hasRoom(model) ? Kind::Wait : Kind::Send};
}

/// A column of the model that asks to the letter the same; of a later turn as that column goes on
/// in the same conversation.
std::optional<std::size_t> PolicyLane::columnOf(const CellId& id, const ModelSpec& model,
                                                const ChatRequest& request) const
{
    if (!isLaterTurn(id))
        return columnThatAsks(model, request,
                              [&](std::size_t) { return &m_plan->prompts[id.prompt]; });
    return columnThatAsks(model, request, [&](std::size_t column) {
        return m_run.promptOf({id.prompt, column, id.sample});
    });
}

/// A column of the model, its own or one that asks it otherwise, if what it sends is the request.
/// @param promptOf  the prompt as a column is asked it; it may have none
template<class PromptOf>
std::optional<std::size_t> PolicyLane::columnThatAsks(const ModelSpec& model,
                                                      const ChatRequest& request,
                                                      const PromptOf& promptOf) const
{
    for (std::size_t column = 0; column < m_plan->models.size(); ++column) {
        const ModelSpec& asked = m_plan->models[column];
        const auto variant = m_plan->variants.find(asked.id);
        const ModelId& id = variant == m_plan->variants.end() ? asked.id : variant->second.of;
        if (id != model.id || asked.provider != model.provider)
            continue;
        const auto prompt = promptOf(column);
        if (prompt && isSameRequest(request, labRequest(*m_plan, asked, *prompt, request.sample)))
            return column;
    }
    return std::nullopt;
}

std::ptrdiff_t callsAt(const Endpoint& server, const std::vector<const ModelSpec*>& underWay)
{
    const ModelSpec* last = nullptr; // most are at the address of the one before
    bool isThere = false;
    return std::ranges::count_if(underWay, [&](const ModelSpec* model) {
        if (!last || last->baseUrl != model->baseUrl || last->provider != model->provider) {
            const auto other = endpointOfModel(model->provider, model->baseUrl);
            isThere = other && other->loopback && isSameServerHere(server, *other);
            last = model;
        }
        return isThere;
    });
}

} // namespace signalbox
