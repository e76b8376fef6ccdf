// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_run.h"

#include "recorded_plan.h"

#include <core/base/clock.h>
#include <core/base/utf8.h>
#include <core/providers/endpoint.h>

#include <QTimer>

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace signalbox {

namespace {

constexpr int kFlushMs = 25; ///< finished answers are written in groups, one transaction each

bool isTerminal(CellState state)
{
    return state == CellState::Done || state == CellState::Stopped || state == CellState::Failed;
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
    request.contextTokens = model.contextTokens;
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

/// Whether a model was paid for this answer: no later attempt without one may take its place.
bool isAnswered(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated ||
           answer.state == AnswerState::Refused;
}

/// Whether there is anything but an attempt.
bool hasAnswer(const Answer& answer)
{
    return answer.state != AnswerState::Failed && answer.state != AnswerState::Stopped;
}

/// How a stream ended.
struct AnswerEnd
{
    AnswerState state = AnswerState::Done;
    std::string failure = {}; ///< a sentence
    std::optional<FailureKind> kind = {};
};

AnswerEnd endOf(const StreamFinished& finished)
{
    const AnswerState state = stateOf(finished.reason);
    if (state == AnswerState::Filtered)
        return {state, {}, FailureKind::ContentFilter};
    return {state};
}

AnswerEnd endOf(const StreamFailed& failed)
{
    switch (failed.kind) {
    case FailureKind::Cancelled:
        return {AnswerState::Stopped};
    case FailureKind::ContentFilter:
        return {AnswerState::Filtered, toString(failed.error), failed.kind};
    default:
        return {AnswerState::Failed, toString(failed.error), failed.kind};
    }
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
    };

    LabRun* q = nullptr;
    LabPlan plan;
    const ProviderRegistry* providers = nullptr;
    EvidenceStore* store = nullptr;
    std::optional<RunId> run;
    std::vector<Cell> cells;
    std::vector<std::optional<Endpoint>> serversHere; ///< per model: its server if on this computer
    std::deque<CellId> queue;
    std::map<CellId, Running> running;
    std::map<CellId, Answer> earlier;  ///< answers of cells that are asked again
    std::map<CellId, Answer> attempts; ///< without an answer, in the run taken over
    bool takenOver = false;            ///< the run in the store may have another plan
    RecordedPlan planBefore;           ///< of the run taken over
    bool closed = false;               ///< the run in the store is finished
    bool reopened = false;             ///< it was, before something was asked again
    std::vector<CellId> unwritten;     ///< finished, not on disk yet
    std::size_t settled = 0;
    bool active = false;
    bool paused = false;
    bool stopping = false; ///< the end is wanted, and nothing waited for, not even the disk
    QTimer flushTimer;

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
    [[nodiscard]] Result<void> ensureRun();
    [[nodiscard]] Result<void> reopen();
    void close();
    void pump();
    [[nodiscard]] bool hasRoom(std::size_t model) const;
    void startCell(const CellId& id);
    void handleEvents(const CellId& id, const std::vector<TimedEvent>& events);
    void finishCell(const CellId& id, const AnswerEnd& end);
    bool returnToEarlier(const CellId& id, const AnswerEnd& end);
    [[nodiscard]] Result<void> write();
    void flush();
    void settleWritten();
    void leaveUnwritten(const Error& error);
    [[nodiscard]] bool isUnwritten(const CellId& id) const;
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
    cell.heldBack = false;
    setState(id, CellState::Queued);
    queue.push_back(id);
    emit q->cellChanged(id);
}

Result<void> LabRun::Impl::ensureRun()
{
    if (run || !store)
        return {};
    auto begun = store->beginRun(plan.name, toPlanJson(recordedPlanOf(plan)));
    if (!begun)
        return Unexpected(begun.error());
    run = *begun;
    return {};
}

/// A run that is finished or was taken over and asks again has the present plan, and is unfinished
/// until that is answered: a crash must not hide it.
Result<void> LabRun::Impl::reopen()
{
    if (!store || !run || queue.empty() || (!closed && !takenOver))
        return {};
    RecordedPlan asks = recordedPlanOf(plan);
    keepWhatWasAsked(asks, planBefore);
    if (auto open = store->reopenRun(*run, toPlanJson(asks)); !open)
        return open;
    reopened = reopened || closed;
    closed = false;
    takenOver = false;
    return {};
}

void LabRun::Impl::close()
{
    const bool isWhole = std::ranges::none_of(cells, &Cell::heldBack);
    if (!store || !run || closed || !unwritten.empty() || (!isWhole && !reopened))
        return;
    if (const auto done = store->finishRun(*run); !done)
        emit q->storeFailed(QString::fromStdString(toString(done.error())));
    else
        closed = true;
}

void LabRun::Impl::failStore(const Error& error)
{
    paused = true;
    emit q->storeFailed(QString::fromStdString(toString(error)));
    emit q->progressChanged();
}

void LabRun::Impl::pump()
{
    while (active && !paused &&
           running.size() < static_cast<std::size_t>(std::max(1, plan.inFlight))) {
        const auto next =
            std::ranges::find_if(queue, [this](const CellId& id) { return hasRoom(id.model); });
        if (next == queue.end())
            break;
        const CellId id = *next;
        queue.erase(next);
        startCell(id);
    }
    const bool written = unwritten.empty() || stopping;
    if (active && running.empty() && written && settled == cells.size()) {
        active = false;
        close();
        emit q->progressChanged();
        emit q->finished();
    }
}

/// May the server of a model get one call more?
bool LabRun::Impl::hasRoom(std::size_t model) const
{
    const std::optional<Endpoint>& server = serversHere[model];
    if (!server)
        return true;
    const auto calls = std::ranges::count_if(running, [&](const auto& entry) {
        const std::optional<Endpoint>& other = serversHere[entry.first.model];
        return other && isSameServerHere(*server, *other);
    });
    return calls < std::max(1, plan.inFlightHere);
}

void LabRun::Impl::startCell(const CellId& id)
{
    const ModelSpec& model = plan.models[id.model];
    ChatProvider* provider = providers->find(model.provider);
    if (!provider) {
        finishCell(id,
                   {AnswerState::Failed,
                    "no provider named \"" + model.provider +
                        "\" is known; set the model's provider to one of those that are, such as "
                        "\"openai\"",
                    FailureKind::NotFound});
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
    std::optional<AnswerEnd> end;
    // Rate limits, server times and adjusted parameters are no part of a cell.
    static_assert(std::variant_size_v<StreamEvent> == 11,
                  "say what a cell does with the new event");
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
            end = endOf(*finished);
        } else if (const auto* failed = std::get_if<StreamFailed>(&timed.event)) {
            end = endOf(*failed);
        }
    }
    if (!appended.empty()) {
        if (cell.state != CellState::Writing) {
            setState(id, CellState::Writing);
            cell.status.clear();
        }
        cell.answer.text += appended;
        emit q->textAppended(id, QString::fromStdString(appended));
    }
    if (end)
        finishCell(id, *end);
    else
        emit q->cellChanged(id);
}

void LabRun::Impl::finishCell(const CellId& id, const AnswerEnd& end)
{
    Answer& answer = at(id).answer;
    answer.state = end.state;
    answer.failure = end.failure;
    answer.failureKind = end.kind;
    answer.recordedAtMs = systemClock().unixMs();
    if (const auto entry = running.find(id); entry != running.end()) {
        const StreamTimes times = entry->second.stream->times();
        answer.firstTokenMs = times.firstTextMs;
        answer.totalMs = times.endMs;
        const UsageReport& usage = entry->second.usage;
        answer.inputTokens = sumOfKnown({usage.inputUncached, usage.cacheRead, usage.cacheWrite});
        answer.outputTokens = usage.output;
        answer.cost = usage.statedCost;
        answer.costStated = usage.statedCost.has_value();
        letGo(std::move(entry->second.stream));
        running.erase(entry);
    }
    if (returnToEarlier(id, end))
        return;
    const bool isText = hasAnswer(answer);
    if (isText && !answer.outputTokens) {
        // Four characters a token: the usual rule of thumb for English, marked as an estimate.
        answer.outputTokens = static_cast<std::int64_t>((codePointCount(answer.text) + 3) / 4);
        answer.tokensEstimated = true;
    }
    if (isText && !answer.inputTokens) {
        std::size_t characters = 0;
        for (const Message& message : plan.prompts[id.prompt].messages)
            characters += codePointCount(message.text);
        answer.inputTokens = static_cast<std::int64_t>((characters + 3) / 4);
        answer.tokensEstimated = true;
    }
    if (!answer.cost)
        answer.cost = costOf(answer, plan.models[id.model]);
    if (isText && plan.prompts[id.prompt].outcome)
        answer.satisfied = plan.prompts[id.prompt].outcome(answer.text);
    unwritten.push_back(id);
    if (!flushTimer.isActive())
        flushTimer.start();
}

/// A repeat that gave no answer leaves the cell with the answer it had, as it leaves the store.
bool LabRun::Impl::returnToEarlier(const CellId& id, const AnswerEnd& end)
{
    const auto kept = earlier.find(id);
    if (kept == earlier.end() || isAnswered(at(id).answer))
        return false;
    at(id).answer = std::move(kept->second);
    settle(id);
    at(id).status = end.failure.empty()
                        ? "the repeat was stopped; the earlier answer stays"
                        : "the repeat failed, the earlier answer stays: " + end.failure;
    emit q->cellChanged(id);
    flushTimer.start();
    return true;
}

bool LabRun::Impl::isUnwritten(const CellId& id) const
{
    return std::ranges::find(unwritten, id) != unwritten.end();
}

Result<void> LabRun::Impl::write()
{
    if (!store || unwritten.empty())
        return {};
    if (auto begun = ensureRun(); !begun)
        return begun;
    std::vector<Answer> answers;
    for (const CellId& id : unwritten)
        answers.push_back(at(id).answer);
    return store->recordAll(*run, answers);
}

/// Writes what has finished; only then do its cells say done.
void LabRun::Impl::flush()
{
    if (const auto recorded = write(); !recorded) {
        leaveUnwritten(recorded.error());
        return;
    }
    settleWritten();
}

void LabRun::Impl::settleWritten()
{
    for (const CellId& id : std::exchange(unwritten, {}))
        settle(id);
    emit q->progressChanged();
    pump();
}

/// Answers that the disk refuses are kept in memory, and start() tries to write them again. A run
/// that is to stop does not wait for that.
void LabRun::Impl::leaveUnwritten(const Error& error)
{
    if (stopping) {
        for (const CellId& id : unwritten) {
            setState(id, CellState::Stopped);
            at(id).status = "not recorded: " + error.message;
            emit q->cellChanged(id);
        }
    }
    failStore(error);
    if (stopping)
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
    earlier.erase(id);
    emit q->cellChanged(id);
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
    for (const ModelSpec& model : m_impl->plan.models) {
        const auto endpoint = endpointOfModel(model.provider, model.baseUrl);
        m_impl->serversHere.push_back(endpoint && endpoint->loopback ? std::optional(*endpoint)
                                                                     : std::nullopt);
    }
    m_impl->cells.resize(m_impl->plan.prompts.size() * m_impl->plan.models.size() *
                         static_cast<std::size_t>(m_impl->plan.samples));
    for (const CellId& id : m_impl->allCells())
        m_impl->enqueue(id);
    m_impl->flushTimer.setSingleShot(true);
    m_impl->flushTimer.setInterval(kFlushMs);
    connect(&m_impl->flushTimer, &QTimer::timeout, this, [this] { m_impl->flush(); });
}

LabRun::~LabRun()
{
    (void)m_impl->write(); // nobody is left to tell; the run stays open and is offered again
}

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
        progress.stopped += cell.state == CellState::Stopped;
        progress.heldBack += cell.heldBack;
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

bool LabRun::hasUnwritten() const
{
    return m_impl->store && !m_impl->unwritten.empty();
}

Result<void> LabRun::writeFinished()
{
    if (auto written = m_impl->write(); !written)
        return written;
    m_impl->settleWritten();
    if (!m_impl->active && m_impl->settled == m_impl->cells.size())
        m_impl->close(); // it was stopped while the disk refused
    return {};
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

void LabRun::start()
{
    m_impl->paused = false;
    m_impl->stopping = false;
    m_impl->active = true;
    if (const auto begun = m_impl->ensureRun(); !begun) {
        m_impl->failStore(begun.error());
        return;
    }
    if (const auto open = m_impl->reopen(); !open) {
        m_impl->failStore(open.error());
        return;
    }
    if (!m_impl->unwritten.empty())
        m_impl->flushTimer.start();
    m_impl->pump();
    emit progressChanged();
}

void LabRun::setInFlightHere(int calls)
{
    m_impl->plan.inFlightHere = calls;
    m_impl->pump();
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
    m_impl->stopping = true;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        m_impl->at(id).answer.state = AnswerState::Stopped;
        if (m_impl->returnToEarlier(id, {AnswerState::Stopped}))
            continue;
        m_impl->setState(id, CellState::Stopped);
        emit cellChanged(id);
    }
    std::vector<ChatStream*> streams;
    for (const auto& [id, entry] : m_impl->running)
        streams.push_back(entry.stream.get());
    for (ChatStream* stream : streams)
        stream->cancel();
    emit progressChanged();
    if (!m_impl->unwritten.empty())
        m_impl->flushTimer.start();
    m_impl->pump();
}

void LabRun::rerun(const CellId& id)
{
    // What was paid for is on disk before it is asked for again.
    if (m_impl->isUnwritten(id)) {
        m_impl->flush();
        if (m_impl->isUnwritten(id))
            return;
    }
    if (const auto entry = m_impl->running.find(id); entry != m_impl->running.end()) {
        letGo(std::move(entry->second.stream));
        m_impl->running.erase(entry);
    }
    std::erase(m_impl->queue, id);
    const Cell& before = m_impl->at(id);
    if (before.state == CellState::Done && isAnswered(before.answer))
        m_impl->earlier[id] = before.answer;
    m_impl->enqueue(id);
    if (!isPaused()) {
        start();
        return;
    }
    m_impl->queue.pop_back();
    m_impl->queue.push_front(id);
    emit progressChanged();
}

void LabRun::rerunFailed()
{
    for (const CellId& id : rest()) {
        std::erase(m_impl->unwritten, id);
        m_impl->enqueue(id);
    }
    start();
}

std::vector<CellId> LabRun::rest() const
{
    std::vector<CellId> ids = m_impl->allCells();
    std::erase_if(ids, [this](const CellId& id) {
        const Cell& cell = m_impl->at(id);
        if (cell.state != CellState::Failed && cell.state != CellState::Stopped)
            return true;
        return m_impl->isUnwritten(id) && isAnswered(cell.answer); // about to be written
    });
    return ids;
}

void LabRun::holdBack()
{
    if (m_impl->active)
        return;
    for (const CellId& id : std::exchange(m_impl->queue, {})) {
        if (const auto attempt = m_impl->attempts.find(id); attempt != m_impl->attempts.end()) {
            m_impl->at(id).answer = std::move(attempt->second);
            m_impl->settle(id);
            continue;
        }
        m_impl->at(id).heldBack = true;
        m_impl->setState(id, CellState::Stopped);
        emit cellChanged(id);
    }
    m_impl->attempts.clear();
    emit progressChanged();
}

Result<void> LabRun::mayResume(const RunInfo& run) const
{
    const auto recorded = parsePlanJson(run);
    if (!recorded)
        return Unexpected(recorded.error());
    if (const auto difference = differenceOf(*recorded, recordedPlanOf(m_impl->plan)))
        return fail(ErrorCode::InvalidArgument,
                    "this run was asked otherwise: " + toString(*difference) +
                        " is not the same now",
                    run.id.value, "start a new run, or go back to how it was asked");
    return {};
}

Result<std::size_t> LabRun::resumeFrom(const RunId& run)
{
    if (!m_impl->store)
        return fail(ErrorCode::InvalidArgument, "there is no evidence store to resume from");
    const auto info = m_impl->store->run(run);
    if (!info)
        return Unexpected(info.error());
    if (const auto same = mayResume(*info); !same)
        return Unexpected(same.error());
    auto answers = m_impl->store->answers(run);
    if (!answers)
        return Unexpected(answers.error());
    std::map<std::tuple<PromptId, ModelId, int>, Answer*> recorded;
    for (Answer& answer : *answers)
        recorded[{answer.prompt, answer.model, answer.sample}] = &answer;
    m_impl->takenOver = true;
    if (auto plan = parsePlanJson(*info))
        m_impl->planBefore = std::move(*plan);
    m_impl->closed = info->finishedAtMs != 0;
    std::size_t taken = 0;
    for (const CellId& id : m_impl->allCells()) {
        const auto found = recorded.find(
            {m_impl->plan.prompts[id.prompt].id, m_impl->plan.models[id.model].id, id.sample});
        if (found == recorded.end())
            continue;
        if (!hasAnswer(*found->second)) {
            m_impl->attempts[id] = std::move(*found->second);
            continue;
        }
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
