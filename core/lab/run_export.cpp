// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_export.h"

#include "answer_import.h"
#include "conversation.h"
#include "own_prompts.h"
#include "policy_column.h"
#include "sample_prompts.h"

#include <core/base/enum_name.h>
#include <core/base/json.h>
#include <core/evidence/evidence_store.h>
#include <core/prompts/answer_writer.h>
#include <core/report/report_html.h>
#include <core/report/report_tables.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace signalbox {

namespace {

constexpr std::array kFormatNames = {
    EnumName<RunFormat>{RunFormat::Html, "html"}, EnumName<RunFormat>{RunFormat::Xlsx, "xlsx"},
    EnumName<RunFormat>{RunFormat::Csv, "csv"}, EnumName<RunFormat>{RunFormat::JsonLines, "jsonl"}};

/// With its words, as far as they are known.
LabPrompt promptNamed(const PromptId& id, const RecordedPlan& plan,
                      const std::vector<LabPrompt>& bundled)
{
    if (const auto own = plan.own.find(id); own != plan.own.end())
        return own->second;
    const auto known = std::ranges::find(bundled, id, &LabPrompt::id);
    if (known != bundled.end())
        return *known;
    LabPrompt named;
    named.id = id;
    named.messages.push_back({Role::User, id.value, 0});
    return named;
}

/// As it was asked then.
ModelSpec modelNamed(const ModelId& id, const RecordedPlan& plan, const RunDraft& draft)
{
    ModelSpec model;
    model.id = id;
    model.provider = isPolicyVoice(id) ? kPolicyProvider : kElsewhere;
    const auto asked = std::ranges::find(plan.asked, id, &RecordedPlan::Asked::model);
    if (asked != plan.asked.end()) {
        model.upstreamModel = asked->upstreamModel;
        model.baseUrl = asked->baseUrl;
        model.styleGuide = asked->styleGuide;
    }
    const auto lane = std::ranges::find(draft.lanes, LaneId(id.value), &StoredLane::id);
    if (lane == draft.lanes.end())
        return model;
    const auto spec = parseJson(lane->specJson);
    if (spec && spec->is_object() && spec->contains("provider") && (*spec)["provider"].is_string())
        model.provider = (*spec)["provider"].get<std::string>();
    return model;
}

/// The newest answers of cells, and the text so far of those without one.
Result<std::vector<Answer>> allAnswers(const EvidenceStore& store, const RunId& run)
{
    auto answers = store.answers(run);
    if (!answers)
        return answers;
    auto partial = store.interrupted(run);
    if (!partial)
        return partial;
    std::ranges::move(*partial, std::back_inserter(*answers));
    return answers;
}

} // namespace

LabPlan labPlanOf(const RecordedPlan& plan, const RunDraft& draft,
                  const std::vector<SamplePrompt>& samplePrompts)
{
    LabPlan lab;
    lab.name = draft.name;
    lab.samples = plan.samples;
    lab.asking = plan.asking;
    lab.variants = plan.variants;
    const std::vector<LabPrompt> bundled = spreadPrompts(samplePrompts, samplePrompts.size());
    for (const PromptId& prompt : plan.prompts)
        lab.prompts.push_back(promptNamed(prompt, plan, bundled));
    for (const ModelId& model : plan.models)
        lab.models.push_back(modelNamed(model, plan, draft));
    return lab;
}

RunReport reportOf(const LabPlan& plan, std::vector<Answer> answers)
{
    RunReport report;
    report.name = plan.name;
    report.samples = plan.samples;
    report.maxTokens = plan.asking.maxTokens;
    for (const ModelSpec& model : plan.models)
        report.models.push_back({model.id, model.provider, model.upstreamModel, model.styleGuide,
                                 static_cast<int>(report.models.size())});
    report.prompts.name = plan.name;
    for (const LabPrompt& prompt : plan.prompts)
        report.prompts.cases.push_back(caseOf(prompt));
    report.turns = turnsBefore(plan.prompts);
    report.answers = std::move(answers);
    return report;
}

Result<RunReport> reportOfRun(const EvidenceStore& store, const RunId& run,
                              const std::vector<SamplePrompt>& samplePrompts)
{
    const auto info = store.run(run);
    if (!info)
        return Unexpected(info.error());
    const auto plan = parsePlanJson(*info);
    if (!plan)
        return Unexpected(plan.error());
    const auto draft = store.draft(run);
    if (!draft)
        return Unexpected(draft.error());
    auto answers = allAnswers(store, run);
    if (!answers)
        return Unexpected(answers.error());
    const LabPlan lab = labPlanOf(*plan, *draft, samplePrompts);
    if (!plan->isFromElsewhere)
        dropOutOfStep(*answers, lab.prompts);
    RunReport report = reportOf(lab, std::move(*answers));
    report.name = info->name;
    report.runId = run.value;
    report.startedAtMs = info->createdAtMs;
    report.isFromElsewhere = plan->isFromElsewhere;
    report.notes = reportedNotes(store, run);
    return report;
}

std::vector<ReportedNote> reportedNotes(const EvidenceStore& store, const RunId& run)
{
    const auto draft = store.draft(run);
    const auto notes = store.notes(run);
    std::vector<ReportedNote> reported;
    if (!draft || !notes)
        return reported;
    for (const auto& [cell, note] : *notes) {
        const auto prompt = static_cast<std::size_t>(cell.prompt);
        const auto lane = static_cast<std::size_t>(cell.lane);
        if (prompt >= draft->prompts.size() || lane >= draft->lanes.size())
            continue;
        reported.push_back({draft->prompts[prompt].id, ModelId(draft->lanes[lane].id.value),
                            cell.repeat, note.author, note.provenance == Provenance::Machine,
                            note.isStarred, note.text});
    }
    return reported;
}

std::string_view nameOf(RunFormat format)
{
    return std::ranges::find(kFormatNames, format, &EnumName<RunFormat>::value)->name;
}

std::optional<RunFormat> runFormatNamed(std::string_view name)
{
    const auto* const found = std::ranges::find(kFormatNames, name, &EnumName<RunFormat>::name);
    return found == kFormatNames.end() ? std::nullopt : std::optional(found->value);
}

Result<std::string> toFile(const RunReport& report, RunFormat format)
{
    switch (format) {
    case RunFormat::Html:
        return toReportHtml(report);
    case RunFormat::Xlsx:
        return toReportWorkbook(report);
    case RunFormat::Csv:
        return toAnswerCsv(report.answers, report.prompts);
    case RunFormat::JsonLines:
        return toAnswerJsonLines(report.answers, report.prompts);
    }
    return fail(ErrorCode::Internal, "there is no such format");
}

} // namespace signalbox
