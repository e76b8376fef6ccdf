// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison_view.h"

#include "labelled_facts.h"
#include "length_block.h"
#include "open_questions.h"
#include "pair_view.h"
#include "style_preview.h"
#include "target_block.h"
#include "tone_block.h"

#include <core/voice/sampling_plan.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/chart_block.h>
#include <ui/kit/format.h>
#include <ui/kit/plots.h>
#include <ui/kit/scroll_fade.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kVerdictPrompts = 50;
constexpr std::size_t kAdvisedPrompts = 100;
constexpr double kSmallestShownChance = 0.001; ///< 999 swaps cannot show a smaller one

/// "p = 0.03", "p < 0.001".
QString chanceText(double chance)
{
    return chance < kSmallestShownChance + 1e-9
               ? ComparisonView::tr("p \u2264 %1").arg(format::number(kSmallestShownChance, 3))
               : ComparisonView::tr("p = %1").arg(format::number(chance, chance < 0.1 ? 3 : 2));
}

} // namespace

ComparisonView::ComparisonView(QWidget* parent) : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("Comparison of the voices"));
    auto* page = new QWidget(this);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kSection);
    layout->setSpacing(space::kSection);
    m_empty = new EmptyState(Icon::Voices, tr("Nothing to compare yet"),
                             tr("Send the prompts to at least two models."), page);
    layout->addWidget(m_empty, 1);
    m_content = new QWidget(page);
    auto* parts = new QVBoxLayout(m_content);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(space::kSection);
    m_style = new StylePreview(m_content);
    m_style->setObjectName(QStringLiteral("stylePreview"));
    parts->addWidget(m_style);
    connect(m_style, &StylePreview::heardStyleChanged, this, &ComparisonView::heardStyleChanged);
    connect(m_style, &StylePreview::adoptRequested, this, &ComparisonView::adoptStyleRequested);
    buildMatrix(parts);
    m_target = new TargetBlock(m_content);
    m_target->setObjectName(QStringLiteral("targetBlock"));
    m_lengths = new LengthBlock(m_content);
    m_tone = new ToneBlock(m_content);
    m_open = new OpenQuestions(m_content);
    for (QWidget* part : {static_cast<QWidget*>(m_target), static_cast<QWidget*>(m_lengths),
                          static_cast<QWidget*>(m_tone), static_cast<QWidget*>(m_open)})
        parts->addWidget(part);
    layout->addWidget(m_content);
    layout->addStretch(0); // what m_empty does not take
    setWidget(page);
    keepRightInset(this, space::kWide);
    ScrollFade::addTo(this, ScrollFade::Ground::Window);
    m_content->hide();
}

void ComparisonView::buildMatrix(QVBoxLayout* layout)
{
    m_block = new ChartBlock(tr("How noticeable is a switch of model?"),
                             QStringLiteral("noticeability"), m_content);
    layout->addWidget(m_block);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kSection);
    auto* map = new QVBoxLayout;
    map->setSpacing(space::kWide);
    m_matrix = new MatrixView(m_content);
    m_matrix->setTitle(tr("Noticeability of every pair of models"));
    m_matrix->setObjectName(QStringLiteral("noticeability"));
    m_matrix->setHalf(true);
    m_matrix->setLegend(tr("0: guessing"), tr("0.5: right 3 in 4 times"), tr("1: always right"));
    map->addWidget(m_matrix);
    m_meaning = new LabelledFacts(m_content);
    m_meaning->setObjectName(QStringLiteral("meaning"));
    map->addWidget(m_meaning);
    map->addStretch(1);
    row->addLayout(map, 3);
    m_pair = new PairView(m_content);
    row->addWidget(m_pair, 4);
    m_block->plotsLayout()->addLayout(row);
    m_block->setPlots({m_matrix});
    m_block->setTableSource([this] { return pairsTable(); });
    connect(m_matrix, &MatrixView::currentCellChanged, this,
            [this](int line, int column) { explainPair(line, column); });
}

void ComparisonView::setMessage(const QString& title, const QString& hint)
{
    m_empty->setTexts(title, hint);
    m_empty->show();
    m_content->hide();
}

AnswerStyle ComparisonView::heardStyle() const
{
    return m_style->heardStyle();
}

void ComparisonView::setPolicyStyle(const AnswerStyle& style)
{
    m_style->setPolicyStyle(style);
}

void ComparisonView::setProjection(const std::optional<Projection>& projection)
{
    m_open->setProjection(projection);
}

void ComparisonView::setPromptSource(PromptSource source)
{
    m_source = source;
    m_pair->setPromptSource(std::move(source));
}

void ComparisonView::setComparison(VoiceComparison comparison, std::vector<int> looks)
{
    m_comparison = std::move(comparison);
    m_looks = std::move(looks);
    if (!m_comparison.isEnough() || m_comparison.models.size() < 2) {
        setMessage(
            tr("Too little to compare"),
            tr("At least two models must have answered the same 10 prompts; %n prompt(s) so far.",
               nullptr, static_cast<int>(m_comparison.prompts.size())));
        return;
    }
    m_empty->hide();
    m_content->show();
    m_style->setResult(m_comparison);
    m_pair->setComparison(m_comparison, m_looks);
    fillMatrix();
    m_block->refreshTable();
    m_target->setVisible(!m_comparison.target.empty());
    m_target->setComparison(m_comparison, m_looks);
    m_lengths->setComparison(m_comparison, m_looks);
    m_tone->setComparison(m_comparison, m_looks);
    m_open->setComparison(m_comparison);
}

QString ComparisonView::sampleNote() const
{
    const std::size_t n = m_comparison.prompts.size();
    QStringList parts;
    int ofTable = 0;
    int ofSample = 0;
    for (std::size_t p = 0; p < n; ++p) {
        const bool isInTable = m_source.isInTable && m_source.isInTable(m_comparison.prompts[p]);
        ofSample += m_comparison.isBundled[p] ? 1 : 0;
        ofTable += !m_comparison.isBundled[p] && isInTable ? 1 : 0;
    }
    const int ofRuns = static_cast<int>(n) - ofTable - ofSample;
    if (ofTable > 0)
        parts << tr("%n sent here", nullptr, ofTable);
    if (ofRuns > 0)
        parts << tr("%n of earlier runs", nullptr, ofRuns);
    if (ofSample > 0)
        parts << tr("%n that came answered with the sample", nullptr, ofSample);
    QString note = tr("%n prompt(s)", nullptr, static_cast<int>(n));
    if (!parts.isEmpty())
        note = tr("%1: %2", "432 prompts, 60 sent here and ...")
                   .arg(note, parts.join(tr(", ", "between two counts")));
    if (m_comparison.filledIn > 0)
        note += tr("; the sample's stand in for %n answer(s) that failed", nullptr,
                   static_cast<int>(m_comparison.filledIn));
    if (n < kVerdictPrompts)
        note += tr("; too few for a verdict, %1 at least").arg(kAdvisedPrompts);
    return note;
}

/// So that the numbers of the page, of the bar above it and of the status bar join up.
QString ComparisonView::originNote() const
{
    const std::size_t runs = m_comparison.answers - m_comparison.bundled;
    QStringList lines = {
        tr("Compared is the newest answer of each model to each prompt that every model answered: "
           "%n answer(s).",
           nullptr, static_cast<int>(m_comparison.answers)),
        tr("%1 of them came with the sample, %2 were recorded by runs of this page.")
            .arg(format::count(static_cast<qint64>(m_comparison.bundled)),
                 format::count(static_cast<qint64>(runs)))};
    if (m_comparison.simulated)
        lines << tr("The models are simulated.");
    lines << tr("The status bar counts every answer there is, also the second ones to a prompt.");
    return lines.join(QLatin1Char('\n'));
}

MatrixCell ComparisonView::cellOf(std::size_t a, std::size_t b) const
{
    MatrixCell cell;
    if (const VoiceDistance* distance = m_comparison.matrix.pair(a, b)) {
        const Estimate& nu = distance->noticeability;
        const QString interval =
            tr("%1 to %2", "interval").arg(twoPlaces(nu.low), twoPlaces(nu.high));
        cell.value = nu.value;
        cell.text = twoPlaces(nu.value);
        cell.detail = interval;
        cell.toolTip = tr("AUC %1, %2").arg(twoPlaces(distance->auc.value), sampleNote());
        if (!m_comparison.asWritten.empty()) {
            cell.detail = tr("was %1", "noticeability before").arg(twoPlaces(asWritten(a, b)));
            cell.toolTip += QLatin1Char('\n') + tr("Interval %1").arg(interval);
        }
        if (const QString within = withinText(*distance); !within.isEmpty())
            cell.toolTip += QLatin1Char('\n') + within;
        return cell;
    }
    cell.value = std::numeric_limits<double>::quiet_NaN();
    cell.text = QStringLiteral("\u2013");
    if (!isOneFloor()) { // else it is told once, below
        const NoiseFloor& floor = m_comparison.floors[a];
        const QString value = twoPlaces(floor.noticeability);
        cell.detail = floor.measured ? tr("floor %1", "noise floor of a model").arg(value)
                                     : tr("floor %1, assumed", "noise floor of a model").arg(value);
    }
    cell.toolTip = floorText(a);
    return cell;
}

/// Whether all models' floors are told alike.
bool ComparisonView::isOneFloor() const
{
    return std::ranges::all_of(m_comparison.floors, [this](const NoiseFloor& floor) {
        const NoiseFloor& first = m_comparison.floors.front();
        return floor.measured == first.measured &&
               twoPlaces(floor.noticeability) == twoPlaces(first.noticeability);
    });
}

std::size_t ComparisonView::pairIndex(std::size_t a, std::size_t b) const
{
    const VoiceMatrix& matrix = m_comparison.matrix;
    return static_cast<std::size_t>(matrix.pair(a, b) - matrix.pairs.data());
}

double ComparisonView::asWritten(std::size_t a, std::size_t b) const
{
    return m_comparison.asWritten[pairIndex(a, b)];
}

QString ComparisonView::floorText(std::size_t model) const
{
    const NoiseFloor& floor = m_comparison.floors[model];
    const QString value = twoPlaces(floor.noticeability);
    return floor.measured
               ? tr("The same model. Two of its answers differ by chance: its noise floor is %1, "
                    "measured on %n prompt(s) that it answered twice.",
                    nullptr, static_cast<int>(floor.n))
                     .arg(value)
               : tr("The same model. Two of its answers differ by chance: its noise floor is taken "
                    "to be %1. Ask each prompt twice to measure it.")
                     .arg(value);
}

void ComparisonView::fillMatrix()
{
    m_block->header()->setNote(sampleNote());
    m_block->header()->setToolTip(plainToolTip(originNote()));
    const std::size_t count = m_comparison.models.size();
    QStringList labels;
    for (const ModelId& model : m_comparison.models)
        labels << nameOf(model);
    std::vector<MatrixCell> cells;
    for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = 0; b < count; ++b)
            cells.push_back(cellOf(a, b));
    }
    m_matrix->setMatrix(labels, labels, std::move(cells), m_looks, m_looks);
    if (m_matrix->currentRow() < 0) {
        const auto [a, b] = mostNoticeablePair();
        m_matrix->setCurrentCell(a, b);
    }
    explainPair(m_matrix->currentRow(), m_matrix->currentColumn());
}

/// What a person came to see: where a switch would show most.
std::pair<int, int> ComparisonView::mostNoticeablePair() const
{
    std::pair<int, int> most{0, 1};
    double mostNu = -1;
    for (std::size_t a = 0; a < m_comparison.models.size(); ++a) {
        for (std::size_t b = a + 1; b < m_comparison.models.size(); ++b) {
            const VoiceDistance* const distance = m_comparison.matrix.pair(a, b);
            if (!distance || distance->noticeability.value <= mostNu)
                continue;
            mostNu = distance->noticeability.value;
            most = {static_cast<int>(a), static_cast<int>(b)};
        }
    }
    return most;
}

void ComparisonView::explainPair(int row, int column)
{
    const auto a = static_cast<std::size_t>(std::min(row, column));
    const auto b = static_cast<std::size_t>(std::max(row, column));
    const bool isPair = row >= 0 && column >= 0 && row != column && b < m_comparison.models.size();
    const VoiceDistance* distance = isPair ? m_comparison.matrix.pair(a, b) : nullptr;
    if (!distance) {
        m_pair->showOneModel();
        m_meaning->setFacts(row >= 0 && a < m_comparison.floors.size()
                                ? std::vector<LabelledFact>{{tr("Noise floor"), floorText(a)}}
                                : std::vector<LabelledFact>{});
        return;
    }
    m_meaning->setFacts(factsOf(a, b));
    m_meaning->setToolTip(plainToolTip(
        tr("p: energy distance of the two voices, 999 swaps of the authors within each prompt, "
           "adjusted for the number of pairs (Benjamini and Hochberg).")));
    m_pair->showPair(a, b);
}

/// What the number of a pair says, a fact a line.
std::vector<LabelledFact> ComparisonView::factsOf(std::size_t a, std::size_t b) const
{
    // nu = 2 AUC_sd - 1, and AUC_sd is the share of right choices (measures.md section 2).
    const VoiceDistance& distance = *m_comparison.matrix.pair(a, b);
    const double nu = distance.noticeability.value;
    std::vector<LabelledFact> facts = {
        {tr("%1 means", "a noticeability").arg(twoPlaces(nu)),
         tr("Shown two turns with this switch of model and two without, a trained classifier tells "
            "them apart %1 times in 100; guessing gives 50. Readers notice less.")
             .arg(std::lround((1 + nu) / 2 * 100))},
        {tr("Noise floor"), againstFloor(a, b)}};
    if (distance.n > 0)
        facts.push_back(
            {tr("Side by side"), tr("Of two answers to one prompt the classifier names the author "
                                    "%1 times in 100. That is easier: both are there at once.")
                                     .arg(std::lround(distance.twoAfc * 100))});
    if (const double chance = m_comparison.anyDifference[pairIndex(a, b)]; !std::isnan(chance))
        facts.push_back({tr("Any difference"), (chance < 0.05 ? tr("Shown: %1.", "a p-value")
                                                              : tr("Not shown: %1.", "a p-value"))
                                                   .arg(chanceText(chance))});
    if (const QString within = withinText(distance); !within.isEmpty())
        facts.push_back({tr("In conversation"), within});
    return facts;
}

/// How noticeable the switch is between two turns of one conversation; nothing without any.
QString ComparisonView::withinText(const VoiceDistance& distance) const
{
    const WithinConversation& within = distance.within;
    if (within.pairs == 0)
        return {};
    const QString pairs =
        tr("%n pair(s) of consecutive turns", nullptr, static_cast<int>(within.pairs));
    if (!within.isMeasured())
        return tr("All that is between two prompts (\u03c1 0). Within a conversation it is not "
                  "measured: there are %1, and %2.",
                  "\u03c1: correlation; \"7 pairs of consecutive turns\", \"23 more are needed\"")
            .arg(pairs, tr("%n more are needed", "pairs of consecutive turns",
                           static_cast<int>(within.missing())));
    return tr("All that is between two prompts (\u03c1 0). Within a conversation, where topics "
              "repeat "
              "and a jump stands out more, it is %1 (%2 to %3): over %4 one model's answers "
              "correlate by \u03c1 %5 (%6 to %7).",
              "\u03c1: correlation; numbers, and \"90 pairs of consecutive turns\"")
        .arg(twoPlaces(within.noticeability.value), twoPlaces(within.noticeability.low),
             twoPlaces(within.noticeability.high), pairs, twoPlaces(within.rho.value),
             twoPlaces(within.rho.low), twoPlaces(within.rho.high));
}

/// Whether the pair is told apart by more than chance, and if that is open, what decides it.
QString ComparisonView::againstFloor(std::size_t a, std::size_t b) const
{
    const VoiceDistance& distance = *m_comparison.matrix.pair(a, b);
    const NoiseFloor& higher = std::ranges::max(m_comparison.floors[a], m_comparison.floors[b], {},
                                                &NoiseFloor::noticeability);
    const double floor = higher.noticeability;
    const QString told =
        higher.measured ? twoPlaces(floor) : tr("%1, assumed", "noise floor").arg(twoPlaces(floor));
    const PromptsPlan plan = promptsForNoticeability(distance, floor);
    if (!plan.isDecided)
        return tr("%1. Whether the switch is more than that is open.").arg(told) +
               QLatin1Char(' ') + QString::fromStdString(plan.sentence);
    return distance.noticeability.value > floor
               ? tr("%1. The switch is more than that.").arg(told)
               : tr("%1. The switch is no more than that: one voice.").arg(told);
}

/// What is known of every pair.
PlotTable ComparisonView::pairsTable() const
{
    PlotTable table{{tr("Model"), tr("Other model"), tr("Noticeability"), tr("Low"), tr("High"),
                     tr("As written"), tr("Floor"), tr("AUC"), tr("Author named side by side"),
                     tr("Any difference, p"), tr("Prompts"), tr("Pairs of turns"),
                     tr("Correlation of turns"), tr("Noticeability within a conversation")},
                    {},
                    {-1, -1, 2, 2, 2, 2, 2, 2, 2, 3, 0, 0, 2, 2}};
    const auto number = [](double value) { return QString::number(value, 'g', 10); };
    for (std::size_t a = 0; a < m_comparison.models.size(); ++a) {
        for (std::size_t b = a + 1; b < m_comparison.models.size(); ++b) {
            const VoiceDistance& distance = *m_comparison.matrix.pair(a, b);
            const Estimate& nu = distance.noticeability;
            table.rows.push_back(
                {nameOf(m_comparison.models[a]), nameOf(m_comparison.models[b]), number(nu.value),
                 number(nu.low), number(nu.high),
                 number(m_comparison.asWritten.empty() ? nu.value : asWritten(a, b)),
                 number(std::max(m_comparison.floors[a].noticeability,
                                 m_comparison.floors[b].noticeability)),
                 number(distance.auc.value), number(distance.twoAfc),
                 number(m_comparison.anyDifference[pairIndex(a, b)]), QString::number(distance.n),
                 QString::number(distance.within.pairs),
                 distance.within.isMeasured() ? number(distance.within.rho.value) : QString(),
                 distance.within.isMeasured() ? number(distance.within.noticeability.value)
                                              : QString()});
        }
    }
    return table;
}

} // namespace signalbox::ui
