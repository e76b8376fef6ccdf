// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the store that a session looks at, or goes on with.
#include "lab_session_parts.h"

#include <core/lab/recorded_plan.h>

#include <utility>

namespace signalbox::ui {

/// A run that shows what this one recorded, and asks nothing by itself.
Result<FilledRun> LabSession::Private::heldRun(const LabPlan& plan, const RunSummary& info) const
{
    FilledRun held{makeRun(plan), {}, {}};
    const auto taken = held.run->resumeFrom(info.id);
    if (!taken)
        return Unexpected(taken.error());
    held.run->holdBack();
    held.stored = StoredAnswers{info, *taken};
    return held;
}

std::optional<LastChoices> LabSession::Private::choicesOf(const std::string& planJson) const
{
    return choicesOfPlan(planJson, policy.models(), workbench.prompts());
}

QString LabSession::Private::obstacleTo(const ShownRun& earlier) const
{
    if (earlier.isFromElsewhere)
        return LabSession::tr(
            "These answers were recorded elsewhere: nobody can be asked further.");
    if (earlier.info.holder == RunHolder::Another)
        return LabSession::tr("Another window works on this run.");
    const auto chosen = choicesOf(earlier.info.planJson);
    if (!chosen)
        return LabSession::tr("The policy has none of its models any more.");
    return signalbox::ui::obstacleTo(earlier.info, policy.planOf(*chosen, terms));
}

// Looking

Result<void> LabSession::show(const RunId& id)
{
    EvidenceStore* const store = d->workbench.evidenceStore();
    if (!store)
        return fail(ErrorCode::IoError, "there is no store of answers");
    if (isRunning())
        return fail(ErrorCode::Refused, "answers are being written", {},
                    "wait for them, or stop the run");
    if (!d->letGoOfRun())
        return {}; // keepFailed() said why
    auto shown = signalbox::ui::shownRun(*store, id, d->workbench.prompts());
    if (!shown)
        return Unexpected(shown.error());
    auto held = d->heldRun(shown->plan, shown->info);
    if (!held)
        return Unexpected(held.error());
    d->shown = std::move(*shown);
    d->isChosen = true;
    d->showRun(std::move(*held));
    return {};
}

void LabSession::showPresent()
{
    if (!d->shown)
        return;
    d->shown.reset();
    d->rebuild(Private::Fill::FromStore);
}

const std::optional<ShownRun>& LabSession::shownRun() const
{
    return d->shown;
}

Result<void> LabSession::takeAnswers(const AnswerImport& import, const QString& name)
{
    EvidenceStore* const store = d->workbench.evidenceStore();
    if (!store)
        return fail(ErrorCode::IoError, "there is no store of answers");
    const auto run = keepAnswers(*store, import, name.toStdString());
    if (!run)
        return Unexpected(run.error());
    d->workbench.addAnswers(import.answers);
    return show(*run);
}

const std::optional<StoredAnswers>& LabSession::stored() const
{
    return d->stored;
}

const QString& LabSession::storedObstacle() const
{
    return d->storedObstacle;
}

// Going on

QString LabSession::goOnObstacle() const
{
    return d->shown ? d->obstacleTo(*d->shown) : QString();
}

Result<void> LabSession::goOnWithShown()
{
    if (!d->shown || !d->letGoOfRun())
        return {}; // keepFailed() said why
    if (const QString obstacle = goOnObstacle(); !obstacle.isEmpty())
        return fail(ErrorCode::Refused, obstacle.toStdString());
    const RunSummary info = d->shown->info;
    const auto chosen = d->choicesOf(info.planJson);
    auto held = d->heldRun(d->policy.planOf(*chosen, d->terms), info);
    if (!held)
        return Unexpected(held.error());
    d->shown.reset();
    d->choices = LabChoices::after(*chosen);
    d->areCapsChosen = false; // its own count
    d->isChosen = true;
    d->showRun(std::move(*held));
    return {};
}

std::optional<InterruptedRun> LabSession::interruptedRun() const
{
    if (d->started || d->shown)
        return std::nullopt;
    const std::vector<RunSummary> runs = newestRuns(d->workbench.evidenceStore(), 1);
    if (runs.empty() || runs.front().isOver() || runs.front().holder == RunHolder::Another ||
        runs.front().settled == 0 || !asksAnyOf(runs.front(), d->policy.models()))
        return std::nullopt;
    return InterruptedRun{runs.front(), obstacleTo(runs.front(), d->run->plan())};
}

void LabSession::resume(const RunSummary& interrupted)
{
    if (isRunning() || !d->letGoOfRun())
        return;
    const LabPlan plan = d->chosenPlan();
    if (const QString obstacle = obstacleTo(interrupted, plan); !obstacle.isEmpty()) {
        emit resumeFailed(obstacle);
        return;
    }
    FilledRun next{d->makeRun(plan), {}, {}};
    if (const auto taken = next.run->resumeFrom(interrupted.id); !taken) {
        emit resumeFailed(QString::fromStdString(toString(taken.error())));
        return;
    }
    d->showRun(std::move(next));
    d->noteSent();
    d->run->start();
}

} // namespace signalbox::ui
