// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run.h"

#include <core/base/clock.h>
#include <core/base/json.h>
#include <core/base/utf8.h>

#include <QTimer>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr int kFlushMs = 25;     ///< finished answers are written in groups, one transaction each
constexpr int kPartialMs = 1000; ///< how much of a running answer a crash may cost

bool isTerminal(CellState state)
{
    return state == CellState::Done || state == CellState::Stopped || state == CellState::Failed;
}

/// What was asked for, so that an interrupted run can be recognised and resumed.
std::string toJsonPlan(const LabPlan& plan)
{
    Json json;
    json["samples"] = plan.samples;
    json["prompts"] = Json::array();
    for (const LabPrompt& prompt : plan.prompts)
        json["prompts"].push_back(prompt.id.value);
    json["models"] = Json::array();
    for (const ModelSpec& model : plan.models)
        json["models"].push_back(model.id.value);
    return json.dump();
}

ChatRequest requestFor(const LabPlan& plan, const CellId& id)
{
    const ModelSpec& model = plan.models[id.model];
    ChatRequest request;
    request.baseUrl = model.baseUrl;
    request.keyRef = model.keyRef;
    request.upstreamModel = model.upstreamModel;
    request.messages = plan.prompts[id.prompt].messages;
    request.styleGuide = model.styleGuide;
    request.maxTokens = plan.maxTokens;
    request.temperature = plan.temperature;
    request.sample = id.sample;
    request.retries = plan.retries;
    return request;
}

AnswerState stateOf(FinishReason reason)
{
    switch (reason) {
    case FinishReason::Stop:
    case FinishReason::ToolCall:
        return AnswerState::Done;
    case FinishReason::Length:
    case FinishReason::Unknown:
        return AnswerState::Truncated;
    case FinishReason::Filtered:
        return AnswerState::Filtered;
    case FinishReason::Refusal:
        return AnswerState::Refused;
    }
    return AnswerState::Truncated;
}

/// Deletes a stream outside its own signals; one that still runs is cancelled by that.
void letGo(std::unique_ptr<ChatStream> stream)
{
    stream->disconnect();
    stream.release()->deleteLater();
}

/// Adds what is known; unknown parts leave the sum unknown only if nothing is known.
std::optional<std::int64_t> sumOfKnown(std::initializer_list<std::optional<std::int64_t>> parts)
{
    std::optional<std::int64_t> sum;
    for (const auto& part : parts) {
        if (part)
            sum = sum.value_or(0) + *part;
    }
    return sum;
}

} // namespace

std::optional<Money> costOf(const Answer& answer, const ModelSpec& model)
{
    if (!model.price || !answer.inputTokens || !answer.outputTokens)
        return std::nullopt;
    return model.price->inputPerToken * *answer.inputTokens +
           model.price->outputPerToken * *answer.outputTokens;
}

struct LabRun::Impl
{
    /// A cell whose answer is being written.
    struct Running
    {
        std::unique_ptr<ChatStream> stream;
        UsageReport usage;
        bool textChanged = false; ///< since the last partial was kept
    };

    LabRun* q = nullptr;
    LabPlan plan;
    const ProviderRegistry* providers = nullptr;
    EvidenceStore* store = nullptr;
    std::optional<RunId> run;
    std::vector<Cell> cells;
    std::deque<CellId> queue;
    std::map<CellId, Running> running;
    std::vector<CellId> unwritten; ///< finished, not on disk yet
    std::size_t settled = 0;
    bool active = false;
    bool paused = false;
    QTimer flushTimer;
    QTimer partialTimer;

    [[nodiscard]] std::size_t indexOf(const CellId& id) const
    {
        return (id.prompt * plan.models.size() + id.model) *
                   static_cast<std::size_t>(plan.samples) +
               static_cast<std::size_t>(id.sample);
    }
    Cell& at(const CellId& id) { return cells[indexOf(id)]; }
    [[nodiscard]] std::vector<CellId> allCells() const;

    void setState(const CellId& id, CellState state);
    void enqueue(const CellId& id);
    bool ensureRun();
    void pump();
    void startCell(const CellId& id);
    void handleEvents(const CellId& id, const std::vector<TimedEvent>& events);
    void finishCell(const CellId& id, AnswerState state, const std::string& failure);
    void flush();
    void keepPartials();
    void settle(const CellId& id);
    void failStore(const Error& error);
};

std::vector<CellId> LabRun::Impl::allCells() const
{
    std::vector<CellId> ids;
    ids.reserve(cells.size());
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (int sample = 0; sample < plan.samples; ++sample) {
            for (std::size_t model = 0; model < plan.models.size(); ++model)
                ids.push_back({prompt, model, sample});
        }
    }
    return ids;
}

void LabRun::Impl::setState(const CellId& id, CellState state)
{
    Cell& cell = at(id);
    const bool was = isTerminal(cell.state);
    const bool is = isTerminal(state);
    if (was != is)
        settled = is ? settled + 1 : settled - 1;
    cell.state = state;
}

void LabRun::Impl::enqueue(const CellId& id)
{
    Cell& cell = at(id);
    cell.answer = {};
    cell.answer.prompt = plan.prompts[id.prompt].id;
    cell.answer.segment = plan.prompts[id.prompt].segment;
    cell.answer.model = plan.models[id.model].id;
    cell.answer.sample = id.sample;
    cell.answer.styleGuide = plan.models[id.model].styleGuide;
    cell.answer.simulated = plan.models[id.model].provider == "simulator";
    cell.status.clear();
    setState(id, CellState::Queued);
    queue.push_back(id);
    emit q->cellChanged(id);
}

bool LabRun::Impl::ensureRun()
{
    if (run || !store)
        return true;
    auto begun = store->beginRun(plan.name, toJsonPlan(plan));
    if (!begun) {
        failStore(begun.error());
        return false;
    }
    run = *begun;
    return true;
}

void LabRun::Impl::failStore(const Error& error)
{
    paused = true;
    emit q->storeFailed(QString::fromStdString(toString(error)));
    emit q->progressChanged();
}

void LabRun::Impl::pump()
{
    while (active && !paused && !queue.empty() &&
           running.size() < static_cast<std::size_t>(std::max(1, plan.inFlight))) {
        const CellId id = queue.front();
        queue.pop_front();
        startCell(id);
    }
    if (active && running.empty() && unwritten.empty() && settled == cells.size()) {
        active = false;
        partialTimer.stop();
        if (store && run) {
            if (const auto closed = store->finishRun(*run); !closed)
                emit q->storeFailed(QString::fromStdString(toString(closed.error())));
        }
        emit q->progressChanged();
        emit q->finished();
    }
}

void LabRun::Impl::startCell(const CellId& id)
{
    const ModelSpec& model = plan.models[id.model];
    ChatProvider* provider = providers->find(model.provider);
    if (!provider) {
        finishCell(id, AnswerState::Failed,
                   "no provider named \"" + model.provider +
                       "\" is known; set the model's provider to \"openai\" or \"simulator\"");
        return;
    }
    setState(id, CellState::Waiting);
    Running& entry = running[id];
    entry.stream = provider->start(requestFor(plan, id));
    QObject::connect(
        entry.stream.get(), &ChatStream::eventsArrived, q,
        [this, id](const std::vector<TimedEvent>& events) { handleEvents(id, events); });
    emit q->cellChanged(id);
}

void LabRun::Impl::handleEvents(const CellId& id, const std::vector<TimedEvent>& events)
{
    const auto entry = running.find(id);
    if (entry == running.end())
        return;
    Cell& cell = at(id);
    std::string appended;
    std::optional<std::pair<AnswerState, std::string>> end;
    static_assert(std::variant_size_v<StreamEvent> == 8, "say what a cell does with the new event");
    for (const TimedEvent& timed : events) {
        if (const auto* started = std::get_if<StreamStarted>(&timed.event)) {
            cell.answer.servedModel = started->servedModel;
        } else if (const auto* delta = std::get_if<TextDelta>(&timed.event)) {
            appended += delta->text;
        } else if (const auto* reasoning = std::get_if<ReasoningDelta>(&timed.event)) {
            cell.answer.reasoning += reasoning->text;
            cell.status = "thinking";
        } else if (const auto* usage = std::get_if<UsageReport>(&timed.event)) {
            entry->second.usage = *usage;
        } else if (const auto* retry = std::get_if<StreamRetrying>(&timed.event)) {
            cell.status = "trying again in " + std::to_string((retry->waitMs + 500) / 1000) +
                          " s: " + retry->reason;
        } else if (const auto* finished = std::get_if<StreamFinished>(&timed.event)) {
            end.emplace(stateOf(finished->reason), std::string());
        } else if (const auto* failed = std::get_if<StreamFailed>(&timed.event)) {
            const bool stopped = failed->kind == FailureKind::Cancelled;
            const bool filtered = failed->kind == FailureKind::ContentFilter;
            end.emplace(stopped    ? AnswerState::Stopped
                        : filtered ? AnswerState::Filtered
                                   : AnswerState::Failed,
                        stopped ? std::string() : toString(failed->error));
        }
    }
    if (!appended.empty()) {
        if (cell.state != CellState::Writing) {
            setState(id, CellState::Writing);
            cell.status.clear();
        }
        cell.answer.text += appended;
        entry->second.textChanged = true;
        emit q->textAppended(id, QString::fromStdString(appended));
    }
    if (end)
        finishCell(id, end->first, end->second);
    else
        emit q->cellChanged(id);
}

void LabRun::Impl::finishCell(const CellId& id, AnswerState state, const std::string& failure)
{
    Answer& answer = at(id).answer;
    answer.state = state;
    answer.failure = failure;
    answer.recordedAtMs = systemClock().unixMs();
    if (const auto entry = running.find(id); entry != running.end()) {
        const StreamTimes times = entry->second.stream->times();
        answer.firstTokenMs = times.firstTextMs;
        answer.totalMs = times.endMs;
        const UsageReport& usage = entry->second.usage;
        answer.inputTokens = sumOfKnown({usage.inputUncached, usage.cacheRead, usage.cacheWrite});
        answer.outputTokens = usage.output;
        answer.cost = usage.statedCost;
        letGo(std::move(entry->second.stream));
        running.erase(entry);
    }
    const bool hasAnswer = state != AnswerState::Failed && state != AnswerState::Stopped;
    if (hasAnswer && !answer.outputTokens) {
        // Four characters a token: the usual rule of thumb for English, marked as an estimate.
        answer.outputTokens = static_cast<std::int64_t>((codePointCount(answer.text) + 3) / 4);
        answer.tokensEstimated = true;
    }
    if (hasAnswer && !answer.inputTokens) {
        std::size_t characters = 0;
        for (const Message& message : plan.prompts[id.prompt].messages)
            characters += codePointCount(message.text);
        answer.inputTokens = static_cast<std::int64_t>((characters + 3) / 4);
        answer.tokensEstimated = true;
    }
    if (!answer.cost)
        answer.cost = costOf(answer, plan.models[id.model]);
    if (hasAnswer && plan.prompts[id.prompt].outcome)
        answer.satisfied = plan.prompts[id.prompt].outcome(answer.text);
    unwritten.push_back(id);
    if (!flushTimer.isActive())
        flushTimer.start();
}

/// Writes what has finished; only then do its cells say done.
void LabRun::Impl::flush()
{
    if (unwritten.empty())
        return;
    if (store) {
        if (!ensureRun())
            return;
        std::vector<Answer> answers;
        for (const CellId& id : unwritten)
            answers.push_back(at(id).answer);
        if (const auto recorded = store->recordAll(*run, answers); !recorded) {
            failStore(recorded.error());
            return; // kept in memory; start() tries again
        }
    }
    for (const CellId& id : std::exchange(unwritten, {}))
        settle(id);
    emit q->progressChanged();
    pump();
}

void LabRun::Impl::settle(const CellId& id)
{
    Cell& cell = at(id);
    switch (cell.answer.state) {
    case AnswerState::Stopped:
        setState(id, CellState::Stopped);
        break;
    case AnswerState::Failed:
        setState(id, CellState::Failed);
        break;
    default:
        setState(id, CellState::Done);
        break;
    }
    cell.status = cell.answer.failure;
    emit q->cellChanged(id);
}

void LabRun::Impl::keepPartials()
{
    if (!store || !run)
        return;
    for (auto& [id, entry] : running) {
        if (!std::exchange(entry.textChanged, false))
            continue;
        const Answer& answer = at(id).answer;
        if (const auto kept =
                store->recordPartial(*run, answer.prompt, answer.model, answer.sample, answer.text);
            !kept) {
            failStore(kept.error());
            return;
        }
    }
}

LabRun::LabRun(LabPlan plan, const ProviderRegistry& providers, EvidenceStore* store,
               QObject* parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    m_impl->q = this;
    m_impl->plan = std::move(plan);
    m_impl->plan.samples = std::max(1, m_impl->plan.samples);
    m_impl->providers = &providers;
    m_impl->store = store;
    m_impl->cells.resize(m_impl->plan.prompts.size() * m_impl->plan.models.size() *
                         static_cast<std::size_t>(m_impl->plan.samples));
    for (const CellId& id : m_impl->allCells())
        m_impl->enqueue(id);
    m_impl->flushTimer.setSingleShot(true);
    m_impl->flushTimer.setInterval(kFlushMs);
    connect(&m_impl->flushTimer, &QTimer::timeout, this, [this] { m_impl->flush(); });
    m_impl->partialTimer.setInterval(kPartialMs);
    connect(&m_impl->partialTimer, &QTimer::timeout, this, [this] { m_impl->keepPartials(); });
}

LabRun::~LabRun() = default;

const LabPlan& LabRun::plan() const
{
    return m_impl->plan;
}

const Cell& LabRun::cell(const CellId& id) const
{
    return m_impl->cells[m_impl->indexOf(id)];
}

LabProgress LabRun::progress() const
{
    LabProgress progress;
    progress.total = m_impl->cells.size();
    progress.running = m_impl->running.size();
    for (const Cell& cell : m_impl->cells) {
        progress.finished += isTerminal(cell.state);
        progress.failed += cell.state == CellState::Failed;
        if (!isTerminal(cell.state))
            continue;
        if (cell.answer.cost)
            progress.spent = progress.spent.value_or(Money{}) + *cell.answer.cost;
        else
            ++progress.unpriced;
    }
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

void LabRun::start()
{
    m_impl->paused = false;
    m_impl->active = true;
    if (!m_impl->ensureRun())
        return;
    m_impl->partialTimer.start();
    if (!m_impl->unwritten.empty())
        m_impl->flushTimer.start();
    m_impl->pump();
    emit progressChanged();
}

void LabRun::pause()
{
    m_impl->paused = true;
    emit progressChanged();
}

void LabRun::stop()
{
    if (!m_impl->active)
        return;
    m_impl->paused = false;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        m_impl->setState(id, CellState::Stopped);
        m_impl->at(id).answer.state = AnswerState::Stopped;
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

void LabRun::rerun(const CellId& id)
{
    if (const auto entry = m_impl->running.find(id); entry != m_impl->running.end()) {
        letGo(std::move(entry->second.stream));
        m_impl->running.erase(entry);
    }
    std::erase(m_impl->queue, id);
    std::erase(m_impl->unwritten, id);
    m_impl->enqueue(id);
    start();
}

void LabRun::rerunFailed()
{
    for (const CellId& id : m_impl->allCells()) {
        const CellState state = m_impl->at(id).state;
        if (state == CellState::Failed || state == CellState::Stopped)
            m_impl->enqueue(id);
    }
    start();
}

Result<std::size_t> LabRun::resumeFrom(const RunId& run)
{
    if (!m_impl->store)
        return fail(ErrorCode::InvalidArgument, "there is no evidence store to resume from");
    auto answers = m_impl->store->answers(run);
    if (!answers)
        return Unexpected(answers.error());
    std::map<std::tuple<PromptId, ModelId, int>, Answer*> recorded;
    for (Answer& answer : *answers)
        recorded[{answer.prompt, answer.model, answer.sample}] = &answer;
    std::size_t taken = 0;
    for (const CellId& id : m_impl->allCells()) {
        const auto found = recorded.find(
            {m_impl->plan.prompts[id.prompt].id, m_impl->plan.models[id.model].id, id.sample});
        if (found == recorded.end() || found->second->state == AnswerState::Failed ||
            found->second->state == AnswerState::Stopped)
            continue;
        std::erase(m_impl->queue, id);
        m_impl->at(id).answer = std::move(*found->second);
        m_impl->settle(id);
        ++taken;
    }
    m_impl->run = run;
    emit progressChanged();
    return taken;
}

} // namespace signalbox
