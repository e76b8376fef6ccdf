// SPDX-License-Identifier: GPL-3.0-or-later
// What a session asks, and of whom: prompts, models, how and how often.
#include "lab_session_parts.h"

#include <core/lab/own_prompts.h>
#include <core/lab/recorded_plan.h>

#include <utility>

namespace signalbox::ui {

/// The table begins where the last run over the policy's models left it, with the prompts that
/// were typed then.
void LabSession::Private::beginAsLastTime()
{
    isAnother = false;
    areCapsChosen = false;
    terms.caps = {};
    shown.reset();
    choices = LabChoices::after(
        lastChoices(workbench.evidenceStore(), policy.models(), workbench.prompts()));
}

/// One choice of the person; it stays as it was while a run has to keep its table.
/// @return false: it stayed, and keepFailed() said why unless a run is running
bool LabSession::Private::change(LabChoices next)
{
    if (shown || q->isRunning() || !letGoOfRun())
        return false;
    isChosen = true;
    choices = std::move(next);
    rebuild(Fill::FromStore);
    return true;
}

template<class Choice>
void LabSession::Private::choose(Choice LabChoices::* choice, const Choice& to)
{
    if (choices.*choice == to)
        return;
    LabChoices next = choices;
    next.*choice = to;
    change(std::move(next));
}

/// What a new table would ask.
std::vector<ModelSpec> LabSession::Private::chosenModels() const
{
    return shown ? shown->plan.models : policy.columnsOf(choices.recorded());
}

LabPlan LabSession::Private::chosenPlan() const
{
    return shown ? shown->plan : policy.planOf(choices.recorded(), terms);
}

// Prompts

void LabSession::setSamplePromptCount(std::size_t count)
{
    d->choose(&LabChoices::sampleCount, count);
}

std::size_t LabSession::samplePromptCount() const
{
    return d->choices.sampleCount;
}

bool LabSession::addPrompt(const QString& text)
{
    if (text.trimmed().isEmpty())
        return true;
    return addPrompts({typedPrompt(text.trimmed().toStdString())});
}

bool LabSession::addPrompts(std::vector<LabPrompt> prompts)
{
    if (prompts.empty())
        return true;
    showPresent();
    return d->change(d->choices.withPrompts(std::move(prompts)));
}

void LabSession::removePrompt(const PromptId& id)
{
    d->change(d->choices.withoutPrompt(id));
}

void LabSession::removeOwnPrompts()
{
    if (d->choices.own.empty())
        return;
    LabChoices next = d->choices;
    next.own.clear();
    d->change(std::move(next));
}

const std::vector<LabPrompt>& LabSession::ownPrompts() const
{
    return d->choices.own;
}

bool LabSession::sendsOnlyOwn() const
{
    return d->choices.sendsOnlyOwn();
}

void LabSession::setSendsOnlyOwn(bool only)
{
    d->choose(&LabChoices::onlyOwn, only);
}

// Models

ModelId LabSession::policyColumn() const
{
    return d->policy.columnId();
}

bool LabSession::isModelChosen(const ModelId& id) const
{
    return d->choices.left.count(id) == 0;
}

void LabSession::chooseModel(const ModelId& id, bool chosen)
{
    if (chosen != isModelChosen(id))
        d->change(d->choices.withModel(id, chosen));
}

const std::vector<Variant>& LabSession::variants() const
{
    return d->choices.variants;
}

void LabSession::addVariant(const Variant& variant)
{
    d->change(d->choices.withVariant(variant, d->policy.models()));
}

void LabSession::removeVariant(const ModelId& column)
{
    d->change(d->choices.withoutVariant(column));
}

int LabSession::samples() const
{
    return d->choices.samples;
}

void LabSession::setSamples(int samples)
{
    if (samples >= 1)
        d->choose(&LabChoices::samples, samples);
}

const Asking& LabSession::asking() const
{
    return d->choices.asking;
}

void LabSession::setAsking(const Asking& asking)
{
    d->choose(&LabChoices::asking, asking);
}

LineUp LabSession::lineUp() const
{
    return d->choices.lineUp();
}

void LabSession::setLineUp(const LineUp& lineUp)
{
    d->change(d->choices.withLineUp(lineUp, d->policy.models()));
}

// How a run goes about it

bool LabSession::triesAgain() const
{
    return d->terms.triesAgain;
}

void LabSession::setTriesAgain(bool again)
{
    d->terms.triesAgain = again;
    d->run->setRetries(d->terms.retries());
}

const RunCaps& LabSession::caps() const
{
    return d->terms.caps;
}

void LabSession::setCaps(const RunCaps& caps)
{
    if (caps == d->terms.caps)
        return;
    d->terms.caps = caps;
    d->areCapsChosen = true;
    if (!d->shown)
        d->run->setCaps(caps);
    emit forecastChanged();
}

bool LabSession::reusesAnswers() const
{
    return d->terms.reuses;
}

void LabSession::setReusesAnswers(bool reuses)
{
    if (reuses == d->terms.reuses)
        return;
    d->terms.reuses = reuses;
    d->forecast.forgetReusable();
    d->run->setReuse(d->terms.reuse());
    emit forecastChanged();
}

// All of it, for a run later

std::string LabSession::chosenPlanJson() const
{
    return toPlanJson(recordedPlanOf(d->chosenPlan()));
}

Result<void> LabSession::choosePlan(const std::string& planJson, const RunId& id)
{
    const auto choices = d->choicesOf(planJson);
    if (!choices)
        return fail(ErrorCode::NotFound, "the policy has none of the models that it was to ask");
    if (isRunning() || !d->letGoOfRun())
        return fail(ErrorCode::Refused, "the table has to stay as it is");
    d->shown.reset();
    d->isChosen = true;
    d->choices = LabChoices::after(*choices);
    RunSummary plan;
    plan.planJson = planJson;
    if (const auto recorded = parsePlanJson(plan))
        d->terms.caps = recorded->caps;
    d->areCapsChosen = true;
    d->rebuild(Private::Fill::Nothing, id);
    return {};
}

} // namespace signalbox::ui
