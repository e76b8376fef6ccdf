// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_questions.h"

#include "comparison_parts.h"

#include <core/voice/sampling_plan.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/plot_table_view.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/kit/told_numbers.h>

#include <QFileDialog>
#include <QHeaderView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

using Question = OpenQuestions::Question;
using About = OpenQuestions::About;

constexpr int kMostRowsShown = 24;

Question questionOf(About about, const QString& name, const PromptsPlan& plan, std::size_t inHand)
{
    Question question;
    question.about = about;
    question.name = name;
    question.isDecided = plan.isDecided;
    question.prompts = plan.prompts.value_or(0);
    question.inHand = inHand;
    question.sentence = QString::fromStdString(plan.sentence);
    return question;
}

/// Behind its point: "66.9" has one.
int placesOf(const QString& number)
{
    const qsizetype point = number.indexOf(QLatin1Char('.'));
    return point < 0 ? 0 : static_cast<int>(number.size() - point - 1);
}

Question pairQuestion(const VoiceComparison& comparison, std::size_t a, std::size_t b)
{
    const VoiceDistance& distance = *comparison.matrix.pair(a, b);
    const double floor =
        std::max(comparison.floors[a].noticeability, comparison.floors[b].noticeability);
    Question question =
        questionOf(About::Pair,
                   OpenQuestions::tr("%1 and %2", "two models")
                       .arg(nameOf(comparison.models[a]), nameOf(comparison.models[b])),
                   promptsForNoticeability(distance, floor), distance.n);
    const Estimate& nu = distance.noticeability;
    question.now = twoPlaces(nu.value);
    question.interval =
        OpenQuestions::tr("%1 to %2", "interval").arg(twoPlaces(nu.low), twoPlaces(nu.high));
    question.limit = OpenQuestions::tr("more than %1").arg(twoPlaces(floor));
    question.answer = nu.value > floor ? OpenQuestions::tr("noticeable", "answer to a question")
                                       : OpenQuestions::tr("one voice", "answer to a question");
    return question;
}

/// Of the first model whose place on the axis is known: reliability is that of the axis.
std::optional<Question> toneQuestion(const VoiceComparison& comparison, std::size_t axis)
{
    const auto place = std::ranges::find_if(
        comparison.tone, [&](const auto& places) { return !std::isnan(places[axis].t.value); });
    if (place == comparison.tone.end() || !(*place)[axis].objection.empty())
        return std::nullopt;
    const std::string_view label = toneAxes()[axis].label;
    Question question = questionOf(
        About::Tone, QString::fromUtf8(label.data(), static_cast<qsizetype>(label.size())),
        promptsForTone((*place)[axis], comparison.prompts.size()), comparison.prompts.size());
    question.now = twoPlaces((*place)[axis].reliability);
    question.limit = OpenQuestions::tr("at least %1").arg(twoPlaces(kReliableTone));
    question.answer = (*place)[axis].reliability >= kReliableTone
                          ? OpenQuestions::tr("reliable", "answer to a question")
                          : OpenQuestions::tr("not reliable", "answer to a question");
    return question;
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

format::Unit unitOf(GateMetric metric)
{
    return metric == GateMetric::Consistency ? format::Unit::Score : format::Unit::Share;
}

/// Of a gate that answers decide, with its number as the gates tell it everywhere.
std::optional<Question> gateQuestion(const GateResult& result, const Projection& projection)
{
    const std::optional<double> limit =
        result.gate.atLeast ? result.gate.atLeast : result.gate.atMost;
    const std::size_t prompts = promptsBehind(result, projection);
    if (!restsOnAnswers(result.gate.metric) || !result.estimate || !limit || prompts == 0)
        return std::nullopt;
    const Estimate& now = *result.estimate;
    const PromptsPlan plan = promptsUntilDecided(now, prompts, {*limit});
    const QString metric = QString::fromUtf8(gateMetricLabel(result.gate.metric));
    Question question = questionOf(About::Gate,
                                   result.subject.empty()
                                       ? metric
                                       : OpenQuestions::tr("%1, %2", "metric of a gate, segment")
                                             .arg(metric, QString::fromStdString(result.subject)),
                                   plan, prompts);
    // The gate's own verdict counts: it may rest on more than the interval.
    question.isDecided = result.verdict != Verdict::NotShown;
    question.answer = result.verdict == Verdict::Met
                          ? OpenQuestions::tr("met", "answer to a question")
                          : OpenQuestions::tr("not met", "answer to a question");
    const format::Unit unit = unitOf(result.gate.metric);
    question.now = format::toldEstimate(now.value, now.low, now.high, unit);
    question.interval = format::toldInterval(now.low, now.high, unit, limit);
    question.limit =
        (result.gate.atLeast ? OpenQuestions::tr("at least %1") : OpenQuestions::tr("at most %1"))
            .arg(format::toldLimit(*limit, unit));
    return question;
}

QString aboutText(About about)
{
    switch (about) {
    case About::Pair:
        return OpenQuestions::tr("Pair of models");
    case About::Tone:
        return OpenQuestions::tr("Tone axis");
    case About::Gate:
        return OpenQuestions::tr("Gate");
    }
    return {};
}

/// Upwards to two digits.
std::size_t rounded(std::size_t prompts)
{
    std::size_t unit = 1;
    while (prompts / unit >= 100)
        unit *= 10;
    return (prompts + unit - 1) / unit * unit;
}

} // namespace

QString OpenQuestions::Question::more() const
{
    return isDecided || prompts <= inHand
               ? QString()
               : QString::number(rounded(prompts - inHand)); // the table view groups its digits
}

QString OpenQuestions::Question::state() const
{
    return isDecided      ? answer
           : prompts == 0 ? OpenQuestions::tr("out of reach", "state of a question")
                          : OpenQuestions::tr("open", "state of a question");
}

OpenQuestions::OpenQuestions(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_header = new SectionHeader(tr("What would more prompts decide?"), this);
    auto* saveButton = new IconButton(Icon::Download, tr("Save this table"), this);
    saveButton->setObjectName(QStringLiteral("save"));
    m_header->addControl(saveButton);
    connect(saveButton, &QToolButton::clicked, this, [this] { save(); });
    layout->addWidget(m_header);
    m_summary = new TextLabel({}, TextRole::Body, this);
    m_summary->setObjectName(QStringLiteral("openSummary"));
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);
    m_table = new PlotTableView(this);
    m_table->setObjectName(QStringLiteral("openQuestions"));
    m_table->setMostRows(kMostRowsShown);
    layout->addWidget(m_table);
    m_explanation = new TextLabel({}, TextRole::Small, this);
    m_explanation->setObjectName(QStringLiteral("openExplanation"));
    m_explanation->setMuted(true);
    m_explanation->setWordWrap(true);
    layout->addWidget(m_explanation);
}

void OpenQuestions::setComparison(const VoiceComparison& comparison)
{
    m_ofVoices.clear();
    m_prompts = comparison.prompts.size();
    const std::size_t models = comparison.models.size();
    for (std::size_t a = 0; a < models; ++a) {
        for (std::size_t b = a + 1; b < models; ++b) {
            const VoiceDistance* distance = comparison.matrix.pair(a, b);
            if (distance && distance->n > 0)
                m_ofVoices.push_back(pairQuestion(comparison, a, b));
        }
    }
    for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
        if (const auto question = toneQuestion(comparison, axis))
            m_ofVoices.push_back(*question);
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
    m_open.clear();
    m_decided.clear();
    for (const auto* questions : {&m_ofVoices, &m_ofGates}) {
        for (const Question& question : *questions)
            (question.isDecided ? m_decided : m_open).push_back(question);
    }
    // What is nearest first; what is out of reach last.
    std::ranges::stable_sort(m_open, {}, [](const Question& question) {
        return question.prompts == 0 ? kMostPromptsNeeded + 1 : question.prompts - question.inHand;
    });
    m_header->setNote(tr("%n prompt(s) so far; so many more decide in 4 of 5 cases", nullptr,
                         static_cast<int>(m_prompts)));
    m_table->setVisible(!m_open.empty() || !m_decided.empty());
    m_explanation->setText(explanation());
    if (m_open.empty())
        m_summary->setText(tr("Every pair, every tone axis and every gate on answers is decided by "
                              "these prompts."));
    else
        m_summary->setText(
            tr("%n question(s) are open,", nullptr, static_cast<int>(m_open.size())) +
            QLatin1Char(' ') +
            tr("%n are decided by these prompts.", nullptr, static_cast<int>(m_decided.size())));
    m_table->setTable(table(), m_header->title());
    m_table->horizontalHeader()->setStretchLastSection(false); // numbers stay by their neighbours
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->resizeColumnToContents(m_table->columnCount() - 1);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto i = static_cast<std::size_t>(row);
        const Question& question = i < m_open.size() ? m_open[i] : m_decided[i - m_open.size()];
        for (int column = 0; column < m_table->columnCount(); ++column)
            m_table->item(row, column)->setToolTip(plainToolTip(question.sentence));
    }
}

PlotTable OpenQuestions::table() const
{
    PlotTable table{{tr("Question"), tr("About"), tr("Now"), tr("95 % interval"), tr("Asked"),
                     tr("Answer"), tr("Prompts in hand"), tr("More prompts")},
                    {},
                    {-1, -1, 2, -1, -1, -1, -1, -1},
                    {}};
    for (const auto* questions : {&m_open, &m_decided}) {
        for (const Question& question : *questions) {
            table.rows.push_back({question.name, aboutText(question.about), question.now,
                                  question.interval, question.limit, question.state(),
                                  QString::number(question.inHand), question.more()});
            table.rowPlaces.push_back(placesOf(question.now)); // as it is told elsewhere
        }
    }
    return table;
}

/// Of the columns, as far as they hold anything of the kind.
QString OpenQuestions::explanation() const
{
    const auto isAny = [this](auto&& predicate) {
        return std::ranges::any_of(m_open, predicate) || std::ranges::any_of(m_decided, predicate);
    };
    const auto isAbout = [](About about) {
        return [about](const Question& question) { return question.about == about; };
    };
    QStringList lines;
    if (isAny(isAbout(About::Pair)))
        lines << tr("Pair of models: is a switch more noticeable than the noise floor? Under 100 "
                    "prompts a plan is a first guess, for voices seem nearer than they are.");
    if (isAny(isAbout(About::Tone)))
        lines << tr(
            "Tone axis: do the models differ in it reliably? The number is its reliability, 0 to "
            "1; it has no interval.");
    if (isAny(isAbout(About::Gate)))
        lines << tr("Gate: is the limit shown to be met or missed? A plan is at best, for what the "
                    "conversations of the traffic differ by stays.");
    if (std::ranges::any_of(m_open, [](const Question& question) { return question.prompts == 0; }))
        lines << tr("Out of reach: not decided within %1 prompts.")
                     .arg(format::count(static_cast<qint64>(kMostPromptsNeeded)));
    return lines.join(QLatin1Char('\n'));
}

void OpenQuestions::save()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save the table"), QStringLiteral("questions.csv"), tr("Tables (*.csv)"));
    if (path.isEmpty())
        return;
    if (const auto wrong = writeCsv(path, table()))
        tellProblem(this, tr("The table was not saved"), *wrong);
}

} // namespace signalbox::ui
