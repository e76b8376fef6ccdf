// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run.h"

#include "lab_run_parts.h"

#include <core/providers/endpoint.h>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

LabPlan withSamples(LabPlan plan)
{
    plan.samples = std::max(1, plan.samples);
    return plan;
}

} // namespace

LabRun::Impl::Impl(LabRun* owner, LabPlan asked, const ProviderRegistry& known, EvidenceStore* kept)
    : q(owner), plan(withSamples(std::move(asked))), cells(plan), providers(&known), store(kept),
      record(kept), pacing(plan, known.limiter()), lane(plan, known, laneSurroundings()),
      budget(
          plan, [this](const CellId& id) { return callsAsked(id); },
          [this](const CellId& id) { return cells.promptOf(id); })
{
    nextLook.setSingleShot(true);
    QObject::connect(&nextLook, &QTimer::timeout, q, [this] { pump(); });
}

void LabRun::Impl::enqueue(const CellId& id)
{
    cells.blank(id);
    queue.push_back(id);
    emit q->cellChanged(id);
}

LabRun::LabRun(LabPlan plan, const ProviderRegistry& providers, EvidenceStore* store,
               QObject* parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(this, std::move(plan), providers, store))
{
    for (const ModelSpec& model : m_impl->plan.models) {
        const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
        m_impl->serversHere.push_back(endpoint && endpoint->loopback ? std::optional(*endpoint)
                                                                     : std::nullopt);
    }
    for (const CellId& id : m_impl->cells.ids())
        m_impl->enqueue(id);
    m_impl->connectRecord();
}

LabRun::~LabRun()
{
    // What has finished is written by the store; the run stays open and is offered again.
    for (auto& [id, entry] : m_impl->running) {
        m_impl->record.released(id, entry.attempt.ticket());
        m_impl->pacing.noteGivenUp(entry.call);
    }
    while (!m_impl->held.empty())
        m_impl->dropHeld(m_impl->held.begin()->first);
}

const LabPlan& LabRun::plan() const
{
    return m_impl->plan;
}

const Cell& LabRun::cell(const CellId& id) const
{
    return m_impl->cells.at(id);
}

const Conversations& LabRun::conversations() const
{
    return m_impl->cells.conversations();
}

const std::optional<RunId>& LabRun::id() const
{
    return m_impl->record.id();
}

LabProgress LabRun::progress() const
{
    LabProgress progress = m_impl->cells.progress();
    progress.running = m_impl->running.size();
    return progress;
}

bool LabRun::isRunning() const
{
    return m_impl->active;
}

bool LabRun::isPaused() const
{
    return m_impl->active && m_impl->paused;
}

bool LabRun::hasUnwritten() const
{
    return m_impl->record.hasUnwritten();
}

Result<void> LabRun::writeFinished()
{
    return m_impl->record.flush();
}

void LabRun::setName(const std::string& name)
{
    m_impl->plan.name = name;
}

void LabRun::setPrices(const std::vector<ModelSpec>& models)
{
    for (ModelSpec& asked : m_impl->plan.models) {
        const auto found = std::ranges::find(models, asked.id, &ModelSpec::id);
        if (found != models.end())
            asked.price = found->price;
    }
}

void LabRun::setTokenizers(Tokenizers tokenizers)
{
    m_impl->plan.tokenizers = std::move(tokenizers);
}

bool LabRun::isPolicyCell(const CellId& id) const
{
    return m_impl->lane.has(id);
}

PolicyCalls LabRun::policyCalls(const CellId& id) const
{
    const PolicyLane::OwnCalls own = m_impl->lane.ownCalls(id);
    PolicyCalls calls;
    calls.isFirstTaken = own.isFirstTaken;
    for (const AskedCall& call : own.calls)
        calls.calls.push_back({*call.model, call.maxTokens});
    return calls;
}

void LabRun::setCaps(const RunCaps& caps)
{
    if (m_impl->plan.caps == caps)
        return;
    m_impl->plan.caps = caps;
    m_impl->recordCaps();
    if (m_impl->capReached && m_impl->active)
        start();
    else
        m_impl->pump();
}

const std::optional<CapReached>& LabRun::capReached() const
{
    return m_impl->capReached;
}

RunSpending LabRun::spending() const
{
    return m_impl->budget.spent(m_impl->pacing.nowMs());
}

Result<std::vector<CellId>> LabRun::reusable(const std::vector<CellId>& cells) const
{
    std::map<CellId, CachedAnswer> answers;
    return m_impl->knownOf(cells, answers);
}

void LabRun::setReuse(LabPlan::Reuse reuse)
{
    m_impl->plan.reuse = reuse;
}

void LabRun::start()
{
    m_impl->capReached.reset();
    m_impl->paused = true; // nothing is sent before it is known what need not be
    m_impl->isObstructed = false;
    m_impl->stopping = false;
    m_impl->active = true;
    m_impl->usedUp.clear(); // a person may have paid since
    m_impl->record.retry();
    Result<void> open = m_impl->openRecord();
    if (open)
        open = m_impl->takeKnownAnswers();
    if (!open) {
        m_impl->failStore(open.error());
        return;
    }
    m_impl->paused = false;
    m_impl->pump();
    emit progressChanged();
}

void LabRun::setInFlightHere(int calls)
{
    m_impl->plan.inFlightHere = calls;
    m_impl->pump();
}

void LabRun::setRetries(int retries)
{
    m_impl->plan.retries = retries;
}

void LabRun::pause()
{
    m_impl->paused = true;
    m_impl->isObstructed = false;
    if (m_impl->underWay().empty())
        m_impl->budget.noteIdle(m_impl->pacing.nowMs());
    m_impl->showWaiting();
    emit progressChanged();
}

void LabRun::stop()
{
    if (!m_impl->active)
        return;
    m_impl->paused = false;
    m_impl->isObstructed = false;
    m_impl->capReached.reset();
    m_impl->stopping = true;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        m_impl->cells.at(id).status.clear();
        const auto entry = m_impl->held.extract(id);
        if (!entry.empty() && entry.mapped().wasSent) {
            m_impl->finishCell(id, {AnswerState::Stopped}, entry.mapped().attempt);
            continue;
        }
        m_impl->cells.at(id).answer.state = AnswerState::Stopped;
        if (m_impl->returnToEarlier(id, {AnswerState::Stopped}))
            continue;
        m_impl->cells.setState(id, CellState::Stopped);
        emit cellChanged(id);
    }
    std::vector<ChatStream*> streams;
    for (const auto& [id, entry] : m_impl->running)
        streams.push_back(entry.stream.get());
    for (ChatStream* stream : streams)
        stream->cancel();
    emit progressChanged();
    m_impl->pump();
}

std::vector<CellId> LabRun::waiting() const
{
    return {m_impl->queue.begin(), m_impl->queue.end()};
}

} // namespace signalbox
