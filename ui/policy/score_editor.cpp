// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_editor.h"

#include "policy_words.h"
#include "request_list.h"

#include <core/base/random.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <set>

namespace signalbox::ui {
namespace {

constexpr std::size_t kExamples = 6;
QString signedNumber(double value)
{
    return value < 0 ? QStringLiteral("−") + PolicyWords::number(-value)
                     : QStringLiteral("+") + PolicyWords::number(value);
}

} // namespace

std::optional<ScoreExplainer> ScoreExplainer::make(const PolicyDocument& document,
                                                   const SignalId& score)
{
    const Signal* const signal = document.findSignal(score);
    const auto* const source = signal ? std::get_if<ScoreSource>(&signal->source) : nullptr;
    if (!source)
        return std::nullopt;
    PolicyDocument probe;
    probe.id = probe.name = "probe";
    ModelSpec model;
    model.id = ModelId("none");
    model.provider = "simulator";
    model.upstreamModel = "none";
    probe.models.push_back(model);
    probe.baseline = model.id;
    probe.otherwise = Plan{Call{model.id, {}, {}, {}}};
    probe.signalList = document.signalList;
    auto compiled = CompiledPolicy::compile(probe);
    if (!compiled)
        return std::nullopt;
    return ScoreExplainer(std::move(*compiled), score);
}

ScoreBreakdown ScoreExplainer::explain(const Request& request) const
{
    const Trace trace = m_policy.explain(request);
    ScoreBreakdown breakdown;
    for (const TraceScore& score : trace.scores) {
        if (score.signal != m_score)
            continue;
        breakdown.score = score.value;
        for (std::size_t i = 0; i < score.terms.size(); ++i) {
            if (score.terms[i].holds)
                breakdown.terms.push_back(i);
        }
    }
    return breakdown;
}

ScoreEditor::ScoreEditor(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("scoreEditor"));
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(space::kUnit);
    buildRange();
    m_terms = new QVBoxLayout;
    m_terms->setSpacing(space::kHalf);
    m_layout->addLayout(m_terms);
    auto* const add = new QPushButton(icon(Icon::Add), tr("Term"));
    add->setObjectName(QStringLiteral("addTerm"));
    add->setAccessibleName(tr("Add a term"));
    setButtonKind(add, ButtonKind::Quiet);
    m_layout->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        change(Pace::Once, [this](ScoreSource& score) {
            score.terms.push_back(
                {1, Condition{m_inputs.empty() ? Compare{} : newCompare(m_inputs.front())}});
        });
    });
    buildExamples();
}

void ScoreEditor::buildRange()
{
    m_base = new NumberField(tr("Starts at"), {-1e6, 1e6, 1, 4});
    m_base->setObjectName(QStringLiteral("scoreBase"));
    m_min = new NumberField(tr("At least"), {-1e6, 1e6, 1, 4});
    m_max = new NumberField(tr("At most"), {-1e6, 1e6, 1, 4});
    for (NumberField* const limit : {m_min, m_max})
        limit->setEmptyText(tr("no limit"));
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    line->addWidget(captioned(tr("Starts at"), m_base));
    line->addWidget(captioned(tr("At least"), m_min));
    line->addWidget(captioned(tr("At most"), m_max));
    m_layout->addLayout(line);
    connect(m_base, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        change(Pace::Typing, [&](ScoreSource& score) { score.base = number.value_or(0); });
    });
    connect(m_min, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        change(Pace::Typing, [&](ScoreSource& score) { score.min = number; });
    });
    connect(m_max, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        change(Pace::Typing, [&](ScoreSource& score) { score.max = number; });
    });
}

void ScoreEditor::buildExamples()
{
    m_exampleBox = new QWidget;
    auto* const layout = new QVBoxLayout(m_exampleBox);
    layout->setContentsMargins(0, space::kUnit, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const head = new SectionHeader(tr("Live examples"));
    auto* const others = new IconButton(Icon::Retry, tr("Other examples"));
    others->setObjectName(QStringLiteral("otherExamples"));
    head->addControl(others);
    m_examples = new RequestList(tr("Requests with their score"));
    m_examples->setObjectName(QStringLiteral("scoreExamples"));
    m_examples->setHeads(tr("Score"), tr("Made of", "the terms of a score"));
    layout->addWidget(head);
    layout->addWidget(m_examples);
    m_layout->addWidget(m_exampleBox);
    connect(m_examples, &RequestList::requestChosen, this, &ScoreEditor::requestChosen);
    connect(others, &IconButton::clicked, this, [this] {
        ++m_exampleSeed;
        refreshExamples();
    });
}

template<class Change> void ScoreEditor::change(Pace pace, Change change)
{
    ScoreSource changed = m_score;
    change(changed);
    emit edited(changed, pace);
}

void ScoreEditor::setScore(const PolicyDocument& document, const SignalId& id,
                           std::shared_ptr<const Traffic> traffic)
{
    const Signal* const signal = document.findSignal(id);
    const auto* const score = signal ? std::get_if<ScoreSource>(&signal->source) : nullptr;
    if (!score)
        return;
    const bool sameRows = m_rows.size() == score->terms.size();
    m_id = id;
    m_score = *score;
    m_document = document;
    m_traffic = std::move(traffic);
    m_inputs.clear();
    for (const Signal& each : document.signalList) {
        if (!std::holds_alternative<ScoreSource>(each.source))
            m_inputs.push_back(each);
    }
    m_base->setValue(m_score.base);
    m_min->setValue(m_score.min);
    m_max->setValue(m_score.max);
    if (!sameRows)
        rebuildTerms();
    refreshTerms();
    refreshExamples();
}

void ScoreEditor::rebuildTerms()
{
    clearLayout(m_terms);
    m_rows.clear();
    for (std::size_t i = 0; i < m_score.terms.size(); ++i)
        m_terms->addWidget(buildTerm(i));
}

QWidget* ScoreEditor::buildTerm(std::size_t index)
{
    auto* const row = new QWidget;
    auto* const layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const add = new NumberField(tr("Term %1 adds").arg(index + 1), {-1e6, 1e6, 1, 4});
    add->setObjectName(QStringLiteral("termAdd"));
    add->setFixedWidth(52);
    auto* const when = new ConditionEditor;
    when->setCompact(true);
    auto* const remove = new IconButton(Icon::Close, tr("Remove term %1").arg(index + 1));
    layout->addWidget(add, 0, Qt::AlignTop);
    layout->addWidget(when, 1);
    layout->addWidget(remove, 0, Qt::AlignTop);
    m_rows.emplace_back(add, when);
    connect(add, &NumberField::valueEdited, this, [this, index](std::optional<double> number) {
        change(Pace::Typing,
               [&](ScoreSource& score) { score.terms[index].add = number.value_or(0); });
    });
    connect(when, &ConditionEditor::edited, this,
            [this, index](const Condition& root, const std::string&, Pace pace) {
                change(pace, [&](ScoreSource& score) { score.terms[index].when = root; });
            });
    connect(remove, &IconButton::clicked, this, [this, index] {
        change(Pace::Once, [&](ScoreSource& score) {
            score.terms.erase(score.terms.begin() + static_cast<std::ptrdiff_t>(index));
        });
    });
    return row;
}

void ScoreEditor::refreshTerms()
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i].first->setValue(m_score.terms[i].add);
        m_rows[i].second->setCondition(m_score.terms[i].when, m_inputs);
        m_rows[i].second->setCurrentPath("-");
    }
}

void ScoreEditor::refreshExamples()
{
    const auto explainer = m_traffic && m_traffic->rowCount() > 0
                               ? ScoreExplainer::make(m_document, m_id)
                               : std::nullopt;
    m_exampleBox->setVisible(explainer.has_value());
    if (!explainer)
        return;
    // The same few requests while the score is edited, so that one sees what an edit does to them.
    Random random(m_exampleSeed, "score examples");
    std::set<std::size_t> rows;
    for (std::size_t tries = 0;
         rows.size() < std::min(kExamples, m_traffic->rowCount()) && tries < 100; ++tries)
        rows.insert(random.below(m_traffic->rowCount()));
    std::vector<std::pair<double, RequestList::Line>> lines;
    for (const std::size_t row : rows) {
        const ScoreBreakdown breakdown = explainer->explain(m_traffic->request(row));
        QStringList parts{PolicyWords::number(m_score.base)};
        for (const std::size_t term : breakdown.terms)
            parts << signedNumber(m_score.terms[term].add);
        lines.push_back(
            {breakdown.score,
             {row, PolicyWords::number(breakdown.score), parts.join(QLatin1Char(' '))}});
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<RequestList::Line> sorted;
    for (auto& [score, line] : lines)
        sorted.push_back(std::move(line));
    m_examples->setLines(*m_traffic, sorted);
}

void ScoreEditor::focusFirst()
{
    m_base->setFocus(Qt::OtherFocusReason);
}

} // namespace signalbox::ui
