// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_questions.h"

#include "comparison_parts.h"

#include <core/voice/sampling_plan.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/plot_table_view.h>
#include <ui/kit/theme.h>

#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

OpenQuestions::Question questionOf(const QString& name, const QString& open,
                                   const PromptsPlan& plan)
{
    return {name, open, plan.prompts.value_or(0), plan.chance,
            QString::fromStdString(plan.sentence)};
}

/// Gates that rest on what the models answered, so that more answers narrow them.
bool restsOnAnswers(GateMetric metric)
{
    return metric == GateMetric::Satisfaction || metric == GateMetric::SatisfactionRatio ||
           metric == GateMetric::Consistency;
}

/// Lab prompts behind a gate: of its segment or tier, or of all.
std::size_t promptsBehind(const GateResult& result, const Projection& projection)
{
    for (const auto* slices : {&projection.segments, &projection.tiers}) {
        for (const ProjectionSlice& slice : *slices) {
            if (slice.name == result.subject)
                return slice.prompts;
        }
    }
    std::size_t all = 0;
    for (const ProjectionSlice& segment : projection.segments)
        all += segment.prompts;
    return all;
}

/// Of a gate that the data do not show to be met or not; nothing of any other.
std::optional<OpenQuestions::Question> gateQuestion(const GateResult& result,
                                                    const Projection& projection)
{
    const std::optional<double> limit =
        result.gate.atLeast ? result.gate.atLeast : result.gate.atMost;
    const std::size_t prompts = promptsBehind(result, projection);
    if (!restsOnAnswers(result.gate.metric) || !result.estimate || !limit || prompts == 0 ||
        result.verdict != Verdict::NotShown)
        return std::nullopt;
    const PromptsPlan plan = promptsUntilDecided(*result.estimate, prompts, {*limit});
    const QString metric = QString::fromUtf8(gateMetricLabel(result.gate.metric));
    OpenQuestions::Question question = questionOf(
        result.subject.empty()
            ? OpenQuestions::tr("Gate: %1").arg(metric)
            : OpenQuestions::tr("Gate: %1, %2").arg(metric, QString::fromStdString(result.subject)),
        QString::fromStdString(result.detail), plan);
    question.sentence += QLatin1Char(' ') +
                         OpenQuestions::tr("At best: what the conversations of the traffic differ "
                                           "by stays.");
    return question;
}

} // namespace

OpenQuestions::OpenQuestions(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_header = new SectionHeader(tr("What would more prompts decide?"), this);
    layout->addWidget(m_header);
    m_summary = new TextLabel({}, TextRole::Body, this);
    m_summary->setObjectName(QStringLiteral("openSummary"));
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);
    m_table = new PlotTableView(this);
    m_table->setObjectName(QStringLiteral("openQuestions"));
    layout->addWidget(m_table);
}

void OpenQuestions::setComparison(const VoiceComparison& comparison)
{
    m_ofVoices.clear();
    m_prompts = comparison.prompts.size();
    m_decided = 0;
    const std::size_t models = comparison.models.size();
    for (std::size_t a = 0; a < models; ++a) {
        for (std::size_t b = a + 1; b < models; ++b) {
            const VoiceDistance* distance = comparison.matrix.pair(a, b);
            if (!distance || distance->n == 0)
                continue;
            const double floor =
                std::max(comparison.floors[a].noticeability, comparison.floors[b].noticeability);
            const PromptsPlan plan = promptsForNoticeability(*distance, floor);
            if (plan.isDecided)
                ++m_decided;
            else
                m_ofVoices.push_back(questionOf(
                    tr("%1 and %2", "two models")
                        .arg(nameOf(comparison.models[a]), nameOf(comparison.models[b])),
                    tr("Is a switch more noticeable than chance (%1)?").arg(twoPlaces(floor)),
                    plan));
        }
    }
    for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
        const TonePlace* place = nullptr;
        for (const std::vector<TonePlace>& places : comparison.tone) {
            if (!std::isnan(places[axis].t.value)) {
                place = &places[axis];
                break;
            }
        }
        if (!place || !place->objection.empty())
            continue;
        const PromptsPlan plan = promptsForTone(*place, m_prompts);
        if (plan.isDecided)
            ++m_decided;
        else
            m_ofVoices.push_back(
                questionOf(QString::fromUtf8(toneAxes()[axis].label.data(),
                                             static_cast<qsizetype>(toneAxes()[axis].label.size())),
                           tr("Do the models differ in it reliably?"), plan));
    }
    refresh();
}

void OpenQuestions::setProjection(const std::optional<Projection>& projection)
{
    m_ofGates.clear();
    if (projection) {
        for (const GateResult& result : projection->gates) {
            if (const auto question = gateQuestion(result, *projection))
                m_ofGates.push_back(*question);
        }
    }
    refresh();
}

void OpenQuestions::refresh()
{
    m_shown = m_ofVoices;
    m_shown.insert(m_shown.end(), m_ofGates.begin(), m_ofGates.end());
    // What is nearest first; what is out of reach last.
    std::ranges::stable_sort(m_shown, {}, [](const Question& question) {
        return question.prompts == 0 ? kMostPromptsNeeded + 1 : question.prompts;
    });
    m_header->setNote(tr("%n prompt(s) so far; a plan decides 4 times in 5", nullptr,
                         static_cast<int>(m_prompts)));
    m_table->setVisible(!m_shown.empty());
    if (m_shown.empty()) {
        m_summary->setText(tr("Every pair and every tone axis is decided by these prompts."));
        return;
    }
    m_summary->setText(tr("%n question(s) are open,", nullptr, static_cast<int>(m_shown.size())) +
                       QLatin1Char(' ') +
                       tr("%n are decided by these prompts.", nullptr, m_decided));
    PlotTable table{{tr("Of what"), tr("Prompts in all"), tr("What is open, and what decides it")},
                    {}};
    for (const Question& question : m_shown)
        table.rows.push_back(
            {question.name, question.open,
             question.prompts > 0 ? QString::number(question.prompts) : tr("out of reach"),
             question.sentence});
    m_table->setTable(table, m_header->title());
}

} // namespace signalbox::ui
