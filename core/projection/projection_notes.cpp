// SPDX-License-Identifier: Apache-2.0
// What a reader has to know about a projection: what is missing, thin or simulated.
#include "number_text.h"
#include "projection_builder.h"

#include <core/policy/document_uses.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox {

void ProjectionBuilder::addModelNotes(Projection& projection) const
{
    const EvidenceTable& evidence = m_ground.evidence();
    for (std::size_t m = 0; m < m_document.models.size(); ++m) {
        const ModelSpec& model = m_document.models[m];
        const bool isBaseline = model.id == m_document.baseline;
        bool asked = false;
        for (std::size_t plan = 0; plan < m_replayed.modelOf.size() && !asked; ++plan)
            asked = m_replayed.replays[plan] && std::ranges::find(m_replayed.modelOf[plan], m) !=
                                                    m_replayed.modelOf[plan].end();
        if (!asked && !isBaseline)
            continue;
        const std::string name = '"' + model.id.value + '"';
        if (!model.price)
            projection.notes.push_back("The price of " + name + " is unknown, so " +
                                       (asked ? "no cost is shown." : "no saving is shown."));
        const int known = evidence.modelIndex(model.id);
        if (known < 0) {
            projection.notes.push_back("No answers of " + name +
                                       " are recorded: its latency, cost and quality are unknown.");
            continue;
        }
        const auto& columns = evidence.columns[static_cast<std::size_t>(known)];
        const auto allMissing = [](const std::vector<double>& column) {
            return std::ranges::all_of(column, [](double value) { return std::isnan(value); });
        };
        if (allMissing(columns.satisfied))
            projection.notes.push_back("No outcome was measured for the answers of " + name + ".");
        if (allMissing(columns.outputTokens) && model.price)
            projection.notes.push_back("No token counts are recorded for " + name +
                                       ", so its cost is unknown.");
    }
}

void ProjectionBuilder::addVoiceNotes(Projection& projection) const
{
    const EvidenceTable& evidence = m_ground.evidence();
    for (std::size_t pair = 1; pair < m_rows.noticeability.size(); ++pair) {
        const std::size_t known = m_rows.evidencePair[pair];
        if (known == MeasuredRows::kNoPair) {
            projection.notes.push_back("Some models that answer in one conversation have too few "
                                       "answers to common prompts to compare their voices.");
            continue;
        }
        if (evidence.voices.pairs[known].n >= kVerdictPrompts)
            continue;
        for (std::size_t a = 0; a < evidence.models.size(); ++a) {
            for (std::size_t b = a + 1; b < evidence.models.size(); ++b) {
                if (evidence.pairIndex(a, b) == known)
                    projection.notes.push_back(
                        "The voices of \"" + evidence.models[a].value + "\" and \"" +
                        evidence.models[b].value + "\" were compared on " +
                        countText(evidence.voices.pairs[known].n) +
                        " prompts only; small samples look falsely consistent.");
            }
        }
    }
}

/// What the plans do that the evidence cannot show, or that is assumed.
void ProjectionBuilder::addPlanNotes(Projection& projection) const
{
    std::size_t otherwise = 0;
    for (std::size_t row = 0; row < m_rows.rowCount(); ++row)
        otherwise += m_replayed.row(m_source[row]).overriding >= 0;
    if (otherwise > 0)
        projection.notes.push_back(countOf(otherwise, "answer is", "answers are") +
                                   " asked for otherwise than the recorded ones were (system "
                                   "prompt, temperature, length or answer style of the call): "
                                   "their quality and voice are unknown.");
    if (m_replayed.meterMisses > 0)
        projection.notes.push_back("Meters of rates and spend show nothing on " +
                                   countOf(m_replayed.meterMisses, "request", "requests") +
                                   ": the traffic names no time, user or cost there.");
    bool picksByLoad = false;
    bool verifiesUnmeasured = false;
    bool wantsLogProbs = false;
    forEachPlan(m_document, [&](const Plan& plan) {
        forEachPlanNode(plan, [&](const Plan& node) {
            if (const auto* pool = std::get_if<Pool>(&node.node))
                picksByLoad |= pool->pick == PoolPick::Load;
            if (const auto* cascade = std::get_if<Cascade>(&node.node)) {
                wantsLogProbs |= cascade->accept.meanLogProb.has_value();
                const auto& verifier = cascade->accept.verifier;
                verifiesUnmeasured |= verifier && !(verifier->catches && verifier->falseAlarms);
            }
        });
    });
    if (picksByLoad)
        projection.notes.push_back("A pool picks by load, which traffic does not tell: its first "
                                   "member answers here.");
    if (verifiesUnmeasured)
        projection.notes.push_back("Nothing says how often the verifier of a cascade is right, so "
                                   "it is taken to accept every answer. State what it catches and "
                                   "its false alarms.");
    if (wantsLogProbs)
        projection.notes.push_back("Log-probabilities of tokens are not recorded with answers, so "
                                   "that part of a cascade's test is taken to hold.");
}

void ProjectionBuilder::addNotes(Projection& projection) const
{
    addModelNotes(projection);
    addPlanNotes(projection);
    addVoiceNotes(projection);
    if (const std::size_t lost = projection.latency.unanswered; lost > 0)
        projection.notes.push_back(countOf(lost, "request gets", "requests get") +
                                   " no answer: every attempt of the plan fails. Give the plan a "
                                   "fallback step.");
    const std::string rows = countText(m_ground.traffic().rowCount());
    const EvidenceCover& cover = m_ground.cover();
    if (!m_ground.evidence().prompts.empty() && cover.bySegment > 0)
        projection.notes.push_back(countText(cover.bySegment) + " of " + rows +
                                   " requests have no lab prompt of their own; each takes the "
                                   "place of one of its segment's in turn.");
    if (!m_ground.evidence().prompts.empty() && cover.borrowed() > 0)
        projection.notes.push_back(countText(cover.borrowed()) + " of " + rows +
                                   " requests are in segments of which no answer was recorded; "
                                   "prompts of other segments stand in for them, and count as no "
                                   "evidence.");
    if (m_ground.estimatedInputs() > 0)
        projection.notes.push_back("Input tokens of " + countText(m_ground.estimatedInputs()) +
                                   " of " + rows + " requests are estimated from their length.");
    if (const std::size_t cut = m_ground.evidence().unremeasuredOutcomes; cut > 0)
        projection.notes.push_back("The answer style cuts " + countOf(cut, "answer", "answers") +
                                   " whose outcome is known for the whole text only.");
}

} // namespace signalbox
