// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison_view.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/plots.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kVerdictPrompts = 50;
constexpr std::size_t kAdvisedPrompts = 100;
constexpr int kExampleLength = 260;

QString nameOf(const ModelId& model)
{
    return QString::fromStdString(model.value);
}

QString excerpt(const std::string& text)
{
    const QString whole = withVisibleControls(QString::fromStdString(text)).simplified();
    return whole.size() <= kExampleLength ? whole
                                          : whole.left(kExampleLength) + QStringLiteral("\u2026");
}

QString twoPlaces(double value)
{
    return format::number(value, 2);
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
    layout->addWidget(m_empty);
    m_content = new QWidget(page);
    auto* parts = new QVBoxLayout(m_content);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(space::kSection);
    buildMatrix(parts);
    buildVerbosity(parts);
    buildTone(parts);
    layout->addWidget(m_content);
    layout->addStretch(1);
    setWidget(page);
    m_content->hide();
}

void ComparisonView::buildMatrix(QVBoxLayout* layout)
{
    m_matrixHeader = new SectionHeader(tr("How noticeable is a switch of model?"), m_content);
    auto* save = new IconButton(Icon::Download, tr("Save this chart"), m_content);
    m_matrixHeader->addControl(save);
    layout->addWidget(m_matrixHeader);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kSection);
    m_matrix = new MatrixView(m_content);
    m_matrix->setTitle(tr("Noticeability of every pair of models"));
    m_matrix->setObjectName(QStringLiteral("noticeability"));
    row->addWidget(m_matrix, 3);
    connect(save, &QToolButton::clicked, this, [this] { exportPlot(*m_matrix); });

    auto* reasons = new QVBoxLayout;
    reasons->setSpacing(space::kUnit);
    m_pairTitle = new TextLabel({}, TextRole::BodyStrong, m_content);
    m_pairReasons = new TextLabel({}, TextRole::Body, m_content);
    m_pairExample = new TextLabel({}, TextRole::Small, m_content);
    m_pairExample->setMuted(true);
    for (TextLabel* label : {m_pairTitle, m_pairReasons, m_pairExample}) {
        label->setWordWrap(true);
        reasons->addWidget(label);
    }
    m_pairReasons->setObjectName(QStringLiteral("reasons"));
    reasons->addStretch(1);
    row->addLayout(reasons, 4);
    layout->addLayout(row);
    connect(m_matrix, &MatrixView::currentCellChanged, this,
            [this](int line, int column) { explainPair(line, column); });
}

void ComparisonView::buildVerbosity(QVBoxLayout* layout)
{
    m_verbosityHeader = new SectionHeader(tr("How long are the answers?"), m_content);
    auto* save = new IconButton(Icon::Download, tr("Save this chart"), m_content);
    m_verbosityHeader->addControl(save);
    layout->addWidget(m_verbosityHeader);
    m_lengths = new BoxPlotView(m_content);
    m_lengths->setTitle(tr("Words per answer"));
    m_lengths->setAxisLabel(tr("words per answer (box: middle half, line: 5 to 95 %)"));
    layout->addWidget(m_lengths);
    m_ratios = new TextLabel({}, TextRole::Small, m_content);
    m_ratios->setWordWrap(true);
    m_ratios->setMuted(true);
    layout->addWidget(m_ratios);
    connect(save, &QToolButton::clicked, this, [this] { exportPlot(*m_lengths); });
}

void ComparisonView::buildTone(QVBoxLayout* layout)
{
    m_toneHeader = new SectionHeader(tr("What tone do they take?"), m_content);
    layout->addWidget(m_toneHeader);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kWide);
    for (std::size_t axis = 0; axis < toneAxes().size(); ++axis) {
        const ToneAxis& tone = toneAxes()[axis];
        auto* plot = new IntervalPlot(m_content);
        const QString label =
            QString::fromUtf8(tone.label.data(), static_cast<qsizetype>(tone.label.size()));
        plot->setTitle(label);
        plot->setAxisLabel(
            tr("%1 \u2192 %2", "low end of a tone axis, high end")
                .arg(
                    QString::fromUtf8(tone.low.data(), static_cast<qsizetype>(tone.low.size())),
                    QString::fromUtf8(tone.high.data(), static_cast<qsizetype>(tone.high.size()))));
        plot->setReference(50, {});
        auto* cell = new QVBoxLayout;
        cell->setSpacing(space::kHalf);
        cell->addWidget(new TextLabel(label, TextRole::BodyStrong, m_content));
        cell->addWidget(plot);
        const int place = static_cast<int>(axis);
        grid->addLayout(cell, place / 2, place % 2);
        m_axes.push_back(plot);
    }
    layout->addLayout(grid);
}

void ComparisonView::setMessage(const QString& title, const QString& hint)
{
    m_empty->setTexts(title, hint);
    m_empty->show();
    m_content->hide();
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
    fillMatrix();
    fillVerbosity();
    fillTone();
}

QString ComparisonView::sampleNote() const
{
    const std::size_t n = m_comparison.prompts.size();
    QString note = format::sampleSize(static_cast<qint64>(n));
    if (n < kVerdictPrompts)
        note += tr(", too few for a verdict; %1 at least").arg(kAdvisedPrompts);
    if (m_comparison.simulated)
        note += tr(", simulated");
    return note;
}

void ComparisonView::fillMatrix()
{
    m_matrixHeader->setNote(sampleNote());
    const std::size_t count = m_comparison.models.size();
    QStringList labels;
    for (const ModelId& model : m_comparison.models)
        labels << nameOf(model);
    std::vector<MatrixCell> cells;
    double floor = 0;
    for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = 0; b < count; ++b) {
            MatrixCell cell;
            if (const VoiceDistance* distance = m_comparison.matrix.pair(a, b)) {
                const Estimate& nu = distance->noticeability;
                cell.value = nu.value;
                cell.text = twoPlaces(nu.value);
                cell.detail = tr("%1 to %2", "interval").arg(twoPlaces(nu.low), twoPlaces(nu.high));
                cell.toolTip = tr("AUC %1, %2").arg(twoPlaces(distance->auc.value), sampleNote());
            } else {
                const NoiseFloor& own = m_comparison.floors[a];
                floor = std::max(floor, own.noticeability);
                cell.value = own.noticeability;
                cell.text = twoPlaces(own.noticeability);
                cell.detail = own.measured ? tr("floor") : tr("floor, assumed");
                cell.toolTip =
                    own.measured ? tr("The same model asked twice: what no difference looks like.")
                                 : tr("Ask each model twice to measure this floor.");
            }
            cells.push_back(std::move(cell));
        }
    }
    m_matrix->setMatrix(labels, labels, std::move(cells), m_looks, m_looks);
    m_matrix->setLegend(tr("not noticeable (floor %1)").arg(twoPlaces(floor)),
                        tr("noticed every time"));
    m_matrix->setCurrentCell(0, 1);
    explainPair(0, 1);
}

void ComparisonView::explainPair(int row, int column)
{
    const auto a = static_cast<std::size_t>(std::min(row, column));
    const auto b = static_cast<std::size_t>(std::max(row, column));
    const bool isPair = row >= 0 && column >= 0 && row != column && b < m_comparison.models.size();
    const VoiceDistance* distance = isPair ? m_comparison.matrix.pair(a, b) : nullptr;
    if (!distance) {
        m_pairTitle->setText(tr("One model, asked twice"));
        m_pairReasons->setText(tr("Two answers of one model differ by chance. A pair of models is "
                                  "noticeable as far as it lies above this floor."));
        m_pairExample->clear();
        return;
    }
    const QString nameA = nameOf(m_comparison.models[a]);
    const QString nameB = nameOf(m_comparison.models[b]);
    m_pairTitle->setText(tr("%1 and %2: what gives it away").arg(nameA, nameB));
    QStringList lines;
    for (const VoiceReason& reason : distance->reasons)
        lines << QStringLiteral("\u2022 ") + QString::fromStdString(reason.sentence);
    m_pairReasons->setText(lines.join(QLatin1Char('\n')));
    if (distance->reasons.empty()) {
        m_pairExample->clear();
        return;
    }
    const std::size_t telling =
        std::min(distance->reasons.front().tellingPrompt, m_comparison.prompts.size() - 1);
    m_pairExample->setText(tr("The most telling pair, prompt %1\n%2: %3\n%4: %5")
                               .arg(QString::fromStdString(m_comparison.prompts[telling].value),
                                    nameA, excerpt(m_comparison.texts[a][telling]), nameB,
                                    excerpt(m_comparison.texts[b][telling])));
}

void ComparisonView::fillVerbosity()
{
    m_verbosityHeader->setNote(sampleNote());
    std::vector<BoxRow> rows;
    QStringList ratios;
    for (std::size_t m = 0; m < m_comparison.models.size(); ++m) {
        BoxRow row;
        row.label = nameOf(m_comparison.models[m]);
        row.quantiles = BoxPlotView::quantilesOf(m_comparison.words[m]);
        row.samples = m_comparison.words[m].size();
        row.model = m_looks[m];
        rows.push_back(std::move(row));
        if (m == 0)
            continue;
        const VerbosityComparison& against = m_comparison.verbosity[m];
        ratios << tr("%1 writes %2 times as much as %3 on the same prompts (%4 to %5); longer in "
                     "%6 of them.")
                      .arg(nameOf(m_comparison.models[m]), twoPlaces(against.pairedRatio.value),
                           nameOf(m_comparison.models[0]), twoPlaces(against.pairedRatio.low),
                           twoPlaces(against.pairedRatio.high),
                           format::percent(against.shareALonger.value, 0));
    }
    m_lengths->setRows(std::move(rows));
    m_ratios->setText(ratios.join(QLatin1Char('\n')));
}

void ComparisonView::fillTone()
{
    m_toneHeader->setNote(
        tr("T score: 50 is the mean of all answers, 10 one standard deviation; %1")
            .arg(sampleNote()));
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        std::vector<IntervalRow> rows;
        for (std::size_t m = 0; m < m_comparison.models.size(); ++m) {
            const TonePlace& place = m_comparison.tone[m][axis];
            IntervalRow row;
            row.label = nameOf(m_comparison.models[m]);
            row.value = place.t.value;
            row.low = place.t.low;
            row.high = place.t.high;
            row.model = m_looks[m];
            row.weak = place.isWeak();
            if (place.isWeak() && place.promptsNeeded > 0)
                row.note = tr("needs %1 prompts").arg(place.promptsNeeded);
            rows.push_back(std::move(row));
        }
        m_axes[axis]->setRows(std::move(rows));
    }
}

void ComparisonView::exportPlot(const PlotView& plot)
{
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save the chart"), QStringLiteral("voices.svg"),
                                     tr("Pictures and tables (*.svg *.png *.csv)"));
    if (path.isEmpty())
        return;
    if (const auto wrong = writePlot(plot, path))
        QMessageBox::warning(this, tr("The chart was not saved"), *wrong);
}

} // namespace signalbox::ui
