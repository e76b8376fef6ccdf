// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge_run.h"

#include "cell_attempt.h"
#include "exact_request.h"
#include "lab_request.h"
#include "lab_run.h"
#include "run_budget.h"

#include <core/base/clock.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/lab_store.h>

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox {

namespace {

JudgeRecord recordOf(const Answer& answer, std::string requestKey)
{
    JudgeRecord record;
    record.cost = answer.cost;
    record.inputTokens = answer.inputTokens;
    record.outputTokens = answer.outputTokens;
    record.areTokensEstimated = answer.tokensEstimated;
    record.firstTokenMs = answer.firstTokenMs;
    record.totalMs = answer.totalMs;
    if (hasAnswer(answer)) {
        record.state = JudgeRecord::State::Said;
        record.text = answer.text;
        record.requestKey = std::move(requestKey);
        record.servedModel = answer.servedModel;
        return record;
    }
    record.state = JudgeRecord::State::Failed;
    record.failure = answer.failure;
    record.isBilled = answer.cost || !answer.text.empty() || !answer.failureKind ||
                      !isTurnedAway(*answer.failureKind);
    return record;
}

/// Whether a record may be on a bill that it does not tell the amount of.
bool isUntold(const JudgeRecord& record)
{
    return !record.isReused && !record.cost &&
           (record.state != JudgeRecord::State::Failed || record.isBilled);
}

} // namespace

struct JudgeRun::Private
{
    JudgeRun* q;
    JudgeTask task;
    const ProviderRegistry& providers;
    EvidenceStore* store;
    std::vector<std::size_t> calls; ///< of the lab run: places in the plan, by prompt
    std::unique_ptr<LabRun> lab;
    std::set<std::size_t> sent; ///< marked as such
    RunSpending before;         ///< of earlier runs of the judging
    std::optional<CapReached> capReached;
    std::string lastFailure;

    void put(StoreWrite write) const
    {
        if (store)
            store->background().writer().put(std::move(write));
    }
    void putJudging() const;
    void note(std::size_t call, JudgeRecord record);
    void takeKnown();
    void begin();
    [[nodiscard]] std::string requestKeyOf(std::size_t prompt) const;
    void take(const CellId& id);
    void writeOffOpen();
    [[nodiscard]] RunSpending spentBefore() const;
    [[nodiscard]] RunCaps capsLeft() const;
    [[nodiscard]] CapReached inFull(CapReached reached) const;
};

void JudgeRun::Private::putJudging() const
{
    put(JudgingSet{task.run, task.tasting,
                   std::make_shared<const StoredJudging>(toStored(task.judging))});
}

void JudgeRun::Private::note(std::size_t call, JudgeRecord record)
{
    put(JudgeCallSet{task.run, task.tasting, task.judging.number,
                     toStored(call, record, systemClock().unixMs())});
    task.judging.records.insert_or_assign(call, std::move(record));
}

std::string JudgeRun::Private::requestKeyOf(std::size_t prompt) const
{
    const LabPlan& plan = lab->plan();
    return exactRequestKey(plan.models.front().provider,
                           labRequest(plan, plan.models.front(), plan.prompts[prompt], 0));
}

void JudgeRun::Private::takeKnown()
{
    for (auto& [call, record] : knownReplies(task.judging, task.others, task.sheet, task.model))
        note(call, std::move(record));
}

/// Of calls that are to be asked again, what the last time took: known, or at worst. They are as if
/// never sent.
void JudgeRun::Private::writeOffOpen()
{
    std::vector<std::size_t> open = task.judging.open();
    std::erase_if(open, [this](std::size_t call) { return !task.judging.records.contains(call); });
    if (open.empty())
        return;
    const LabPlan plan = labPlanOf(task.judging.plan, open, task.sheet, task.model);
    const RunBudget budget(plan);
    for (std::size_t prompt = 0; prompt < open.size(); ++prompt) {
        const auto entry = task.judging.records.extract(open[prompt]);
        const JudgeRecord& record = entry.mapped();
        const WorstCase worst = isUntold(record) ? budget.worstOf({prompt, 0, 0}) : WorstCase();
        task.judging.lost.cost += record.cost.value_or(worst.cost.value_or(Money()));
        task.judging.lost.tokens +=
            worst.tokens.value_or(record.inputTokens.value_or(0) + record.outputTokens.value_or(0));
        put(JudgeCallSet{
            task.run, task.tasting, task.judging.number, {static_cast<int>(open[prompt]), {}, 0}});
    }
    putJudging();
}

/// Of what was said, known or at worst, and what is lost.
RunSpending JudgeRun::Private::spentBefore() const
{
    RunSpending sum = task.judging.lost;
    std::vector<std::size_t> untold;
    for (const auto& [call, record] : task.judging.records) {
        if (record.isReused)
            continue;
        sum.cost += record.cost.value_or(Money());
        sum.tokens += record.inputTokens.value_or(0) + record.outputTokens.value_or(0);
        if (isUntold(record))
            untold.push_back(call);
    }
    const LabPlan plan = labPlanOf(task.judging.plan, untold, task.sheet, task.model);
    const RunBudget budget(plan);
    for (std::size_t prompt = 0; prompt < untold.size(); ++prompt)
        sum.cost += budget.worstOf({prompt, 0, 0}).cost.value_or(Money());
    sum.countedAtWorst = untold.size();
    return sum;
}

RunCaps JudgeRun::Private::capsLeft() const
{
    RunCaps left = task.judging.caps;
    if (left.cost)
        left.cost = std::max(Money(), *left.cost - before.cost);
    if (left.tokens)
        left.tokens = std::max<std::int64_t>(0, *left.tokens - before.tokens);
    return left;
}

/// As a person set the caps: with what earlier runs of the judging took.
CapReached JudgeRun::Private::inFull(CapReached reached) const
{
    reached.caps = task.judging.caps;
    reached.spent.cost += before.cost;
    reached.spent.tokens += before.tokens;
    reached.spent.countedAtWorst += before.countedAtWorst;
    return reached;
}

void JudgeRun::Private::begin()
{
    if (task.judging.number == 0) {
        task.judging.number = newTicket();
        for (const Judging& other : task.others)
            task.judging.begunAtMs = std::max(task.judging.begunAtMs, other.begunAtMs + 1);
        task.judging.begunAtMs = std::max(task.judging.begunAtMs, systemClock().unixMs());
        putJudging();
    }
    writeOffOpen();
    takeKnown();
    before = spentBefore();
    calls = task.judging.open();
    LabPlan plan = labPlanOf(task.judging.plan, calls, task.sheet, task.model);
    plan.inFlightHere = task.inFlightHere;
    plan.caps = capsLeft();
    lab = std::make_unique<LabRun>(std::move(plan), providers, nullptr);
    QObject::connect(lab.get(), &LabRun::cellChanged, q, [this](const CellId& id) { take(id); });
    QObject::connect(lab.get(), &LabRun::capWasReached, q, [this](const CapReached& reached) {
        capReached = inFull(reached);
        emit q->changed();
        emit q->capWasReached(*capReached);
    });
    QObject::connect(lab.get(), &LabRun::finished, q, [this] {
        emit q->changed();
        emit q->finished();
    });
}

void JudgeRun::Private::take(const CellId& id)
{
    const Cell& cell = lab->cell(id);
    const std::size_t call = calls[id.prompt];
    switch (cell.state) {
    case CellState::Queued:
        return;
    case CellState::Waiting:
    case CellState::Writing:
        if (!sent.insert(call).second)
            return;
        note(call, {});
        break;
    case CellState::Done:
    case CellState::Failed:
        if (cell.state == CellState::Failed)
            lastFailure = cell.answer.failure;
        note(call, recordOf(cell.answer, requestKeyOf(id.prompt)));
        break;
    case CellState::Stopped:
        // One that was under way may be on the bill: it stays marked as sent.
        break;
    }
    emit q->changed();
}

JudgeRun::JudgeRun(JudgeTask task, const ProviderRegistry& providers, EvidenceStore* store,
                   QObject* parent)
    : QObject(parent),
      d(new Private{this, std::move(task), providers, store, {}, {}, {}, {}, {}, {}})
{}

JudgeRun::~JudgeRun() = default;

void JudgeRun::start()
{
    if (!d->lab)
        d->begin();
    d->capReached.reset();
    if (d->calls.empty()) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                emit changed();
                emit finished();
            },
            Qt::QueuedConnection);
        return;
    }
    d->lab->start();
    emit changed();
}

void JudgeRun::pause()
{
    if (d->lab)
        d->lab->pause();
    emit changed();
}

void JudgeRun::stop()
{
    if (d->lab)
        d->lab->stop();
}

void JudgeRun::setCaps(const RunCaps& caps)
{
    d->task.judging.caps = caps;
    if (!d->lab)
        return;
    d->putJudging();
    d->capReached.reset();
    d->lab->setCaps(d->capsLeft());
    emit changed();
}

bool JudgeRun::isRunning() const
{
    return d->lab && d->lab->isRunning();
}

bool JudgeRun::isPaused() const
{
    return d->lab && d->lab->isPaused();
}

const std::optional<CapReached>& JudgeRun::capReached() const
{
    return d->capReached;
}

JudgeProgress JudgeRun::progress() const
{
    JudgeProgress progress;
    if (d->task.judging.lost.cost > Money())
        progress.spent = d->task.judging.lost.cost;
    progress.total = d->task.judging.plan.calls.size();
    progress.running = d->lab ? d->lab->progress().running : 0;
    for (const auto& [call, record] : d->task.judging.records) {
        progress.said += record.state == JudgeRecord::State::Said;
        progress.failed += record.state == JudgeRecord::State::Failed;
        if (record.cost)
            progress.spent = progress.spent.value_or(Money()) + *record.cost;
    }
    return progress;
}

const Judging& JudgeRun::judging() const
{
    return d->task.judging;
}

const std::string& JudgeRun::lastFailure() const
{
    return d->lastFailure;
}

} // namespace signalbox
