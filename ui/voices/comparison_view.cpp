// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison_view.h"

#include <core/voice/sampling_plan.h>
#include <core/voice/voice_features.h>
#include <core/voice/voice_reason_words.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/plots.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QFileDialog>
#include <QFontMetricsF>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr std::size_t kVerdictPrompts = 50;
constexpr std::size_t kAdvisedPrompts = 100;
constexpr int kExampleLength = 260;
constexpr int kMarkPx = 14;
constexpr double kAverageTone = 50; ///< T score of the mean answer
constexpr double kToneAir = 0.04;   ///< beside the outermost ticks, as a share of them

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

/// "+3.2", "−0.4": points from the average.
QString signedPoints(double points)
{
    const QString text = format::number(points, 1);
    return points >= 0.05 ? QLatin1Char('+') + text : text;
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
    setViewportMargins(0, 0, 0, space::kUnit); // no text touches what is below the page
    keepRightInset(this, space::kWide);
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
    auto* map = new QVBoxLayout;
    map->setSpacing(space::kUnit);
    m_matrix = new MatrixView(m_content);
    m_matrix->setTitle(tr("Noticeability of every pair of models"));
    m_matrix->setObjectName(QStringLiteral("noticeability"));
    m_matrix->setLegend(tr("0: guessing"), tr("0.5: right 3 in 4 times"), tr("1: always right"));
    map->addWidget(m_matrix);
    m_meaning = new TextLabel({}, TextRole::Small, m_content);
    m_meaning->setObjectName(QStringLiteral("meaning"));
    m_meaning->setMuted(true);
    m_meaning->setWordWrap(true);
    map->addWidget(m_meaning);
    map->addStretch(1);
    row->addLayout(map, 3);
    connect(save, &QToolButton::clicked, this, [this] { exportPlot(*m_matrix); });

    auto* reasons = new QVBoxLayout;
    reasons->setSpacing(space::kUnit);
    buildPair(reasons);
    row->addLayout(reasons, 4);
    layout->addLayout(row);
    connect(m_matrix, &MatrixView::currentCellChanged, this,
            [this](int line, int column) { explainPair(line, column); });
}

/// What tells the selected pair apart, and one prompt to hear it on.
void ComparisonView::buildPair(QVBoxLayout* layout)
{
    m_pairTitle = new TextLabel({}, TextRole::BodyStrong, m_content);
    m_pairTitle->setWordWrap(true);
    m_pairSentence = new TextLabel({}, TextRole::Body, m_content);
    m_pairSentence->setWordWrap(true);
    m_pairReasons = new QWidget(m_content);
    m_pairReasons->setObjectName(QStringLiteral("reasons"));
    m_pairExample = new QWidget(m_content);
    m_pairExample->setObjectName(QStringLiteral("example"));
    auto* grid = new QGridLayout(m_pairExample);
    grid->setContentsMargins(0, space::kUnit, 0, 0);
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kHalf);
    m_examplePrompt = new TextLabel({}, TextRole::BodyStrong, m_pairExample);
    m_examplePrompt->setObjectName(QStringLiteral("examplePrompt"));
    m_examplePrompt->setWordWrap(true);
    grid->addWidget(m_examplePrompt, 0, 0, 1, 2);
    for (int column = 0; column < 2; ++column) {
        Quote& quote = m_quotes[static_cast<std::size_t>(column)];
        auto* head = new QHBoxLayout;
        head->setSpacing(space::kUnit);
        quote.mark = new QLabel(m_pairExample);
        quote.name = new ElidedLabel({}, TextRole::BodyStrong, m_pairExample);
        head->addWidget(quote.mark);
        head->addWidget(quote.name, 1);
        grid->addLayout(head, 1, column);
        quote.text = new TextLabel({}, TextRole::Body, m_pairExample);
        quote.text->setWordWrap(true);
        grid->addWidget(quote.text, 2, column, Qt::AlignTop);
        grid->setColumnStretch(column, 1);
    }
    for (QWidget* part : {static_cast<QWidget*>(m_pairTitle), static_cast<QWidget*>(m_pairSentence),
                          m_pairReasons, m_pairExample})
        layout->addWidget(part);
    layout->addStretch(1);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this,
            [this] { refreshMarks(); });
}

void ComparisonView::showMark(QLabel* label, std::size_t model)
{
    std::erase_if(m_marks, [&](const auto& mark) { return !mark.first || mark.first == label; });
    m_marks.emplace_back(label, model);
    label->setPixmap(modelIcon(m_looks[model]).pixmap(kMarkPx, kMarkPx));
    label->setAccessibleName(nameOf(m_comparison.models[model]));
}

void ComparisonView::refreshMarks()
{
    for (const auto& [label, model] : m_marks) {
        if (label && model < m_looks.size())
            label->setPixmap(modelIcon(m_looks[model]).pixmap(kMarkPx, kMarkPx));
    }
}

void ComparisonView::buildVerbosity(QVBoxLayout* layout)
{
    m_verbosityHeader = new SectionHeader(tr("How long are the answers?"), m_content);
    m_verbosityHeader->setNote(tr("words, log scale; box: middle half, line: 5 to 95 %"));
    auto* save = new IconButton(Icon::Download, tr("Save this chart"), m_content);
    m_verbosityHeader->addControl(save);
    layout->addWidget(m_verbosityHeader);
    m_lengths = new BoxPlotView(m_content);
    m_lengths->setTitle(tr("Words per answer"));
    m_lengths->setObjectName(QStringLiteral("lengths"));
    m_lengths->setAxisLabel(
        format::unbroken(tr("words per answer (log scale; box: middle half, line: 5 to 95 %)")));
    layout->addWidget(m_lengths);
    m_ratios = new TextLabel({}, TextRole::Small, m_content);
    m_ratios->setObjectName(QStringLiteral("lengthRatios"));
    m_ratios->setWordWrap(true);
    m_ratios->setMuted(true);
    layout->addWidget(m_ratios);
    connect(save, &QToolButton::clicked, this, [this] { exportPlot(*m_lengths); });
}

void ComparisonView::buildTone(QVBoxLayout* layout)
{
    m_toneHeader = new SectionHeader(tr("What tone do they take?"), m_content);
    layout->addWidget(m_toneHeader);
    m_toneObjection = new TextLabel({}, TextRole::Small, m_content);
    m_toneObjection->setObjectName(QStringLiteral("toneObjection"));
    m_toneObjection->setMuted(true);
    m_toneObjection->setWordWrap(true);
    layout->addWidget(m_toneObjection);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kWide);
    grid->setColumnStretch(0, 1); // plots side by side are equally wide: one scale for all
    grid->setColumnStretch(1, 1);
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
        plot->setReference(0, tr("average", "mean of all answers"));
        plot->setUnit(format::Unit::Count); // ticks at whole points
        plot->setObjectName(
            QStringLiteral("tone.") +
            QString::fromUtf8(tone.id.data(), static_cast<qsizetype>(tone.id.size())));
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
        parts << tr("%n of this table", nullptr, ofTable);
    if (ofRuns > 0)
        parts << tr("%n of earlier runs", nullptr, ofRuns);
    if (ofSample > 0)
        parts << tr("%n that came answered with the sample", nullptr, ofSample);
    QString note = tr("%n prompt(s)", nullptr, static_cast<int>(n));
    if (!parts.isEmpty())
        note = tr("%1: %2", "432 prompts, 60 of this table and ...")
                   .arg(note, parts.join(tr(", ", "between two counts")));
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
        cell.value = nu.value;
        cell.text = twoPlaces(nu.value);
        cell.detail = tr("%1 to %2", "interval").arg(twoPlaces(nu.low), twoPlaces(nu.high));
        cell.toolTip = tr("AUC %1, %2").arg(twoPlaces(distance->auc.value), sampleNote());
        return cell;
    }
    cell.value = std::numeric_limits<double>::quiet_NaN();
    cell.text = QStringLiteral("\u2013");
    cell.toolTip = floorText(a);
    return cell;
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
    m_matrixHeader->setNote(sampleNote());
    m_matrixHeader->setToolTip(plainToolTip(originNote()));
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
    if (m_matrix->currentRow() < 0)
        m_matrix->setCurrentCell(0, 1);
    explainPair(m_matrix->currentRow(), m_matrix->currentColumn());
}

void ComparisonView::explainPair(int row, int column)
{
    const auto a = static_cast<std::size_t>(std::min(row, column));
    const auto b = static_cast<std::size_t>(std::max(row, column));
    const bool isPair = row >= 0 && column >= 0 && row != column && b < m_comparison.models.size();
    const VoiceDistance* distance = isPair ? m_comparison.matrix.pair(a, b) : nullptr;
    if (!distance) {
        m_pairTitle->setText(tr("One model, asked twice"));
        m_pairReasons->hide();
        m_pairExample->hide();
        m_pairSentence->show();
        m_pairSentence->setText(tr("Two answers of one model differ by chance. A pair of models is "
                                   "noticeable as far as it lies above this floor."));
        m_meaning->setText(row >= 0 && a < m_comparison.floors.size() ? floorText(a) : QString());
        return;
    }
    const QString nameA = nameOf(m_comparison.models[a]);
    const QString nameB = nameOf(m_comparison.models[b]);
    m_pairTitle->setText(tr("%1 and %2: what gives it away").arg(nameA, nameB));
    // nu = 2 AUC_sd - 1, and AUC_sd is the share of right choices (measures.md section 2).
    const double nu = distance->noticeability.value;
    m_meaning->setText(tr("%1 means: shown two turns with this switch of model and two without, a "
                          "trained classifier tells them apart %2 times in 100; guessing gives 50. "
                          "Readers notice less.")
                           .arg(twoPlaces(nu))
                           .arg(std::lround((1 + nu) / 2 * 100)) +
                       QLatin1Char(' ') + againstFloor(a, b));
    const bool isTold = !distance->reasons.empty();
    m_pairSentence->setVisible(!isTold);
    m_pairSentence->setText(tr("Nothing that is measured tells them apart."));
    m_pairReasons->setVisible(isTold);
    m_pairExample->setVisible(isTold);
    if (!isTold)
        return;
    showReasons(a, b);
    showExample(a, b, std::min(distance->tellingPrompt, m_comparison.prompts.size() - 1));
}

/// Whether the pair is told apart by more than chance, and if that is open, what decides it.
QString ComparisonView::againstFloor(std::size_t a, std::size_t b) const
{
    const VoiceDistance& distance = *m_comparison.matrix.pair(a, b);
    const double floor =
        std::max(m_comparison.floors[a].noticeability, m_comparison.floors[b].noticeability);
    const PromptsPlan plan = promptsForNoticeability(distance, floor);
    if (!plan.isDecided)
        return tr("Whether it is more than the noise floor of %1 is open.").arg(twoPlaces(floor)) +
               QLatin1Char(' ') + QString::fromStdString(plan.sentence);
    return distance.noticeability.value > floor
               ? tr("It is more than the noise floor of %1.").arg(twoPlaces(floor))
               : tr("It is no more than the noise floor of %1: one voice.").arg(twoPlaces(floor));
}

/// One line a reason: the mark of the model that does it more, what it does, how much more.
void ComparisonView::showReasons(std::size_t a, std::size_t b)
{
    qDeleteAll(m_pairReasons->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    delete m_pairReasons->layout();
    auto* grid = new QGridLayout(m_pairReasons);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(space::kHalf);
    grid->setColumnStretch(2, 1);
    int row = 0;
    for (const VoiceReason& reason : m_comparison.matrix.pair(a, b)->reasons) {
        const VoiceReasonWords words = voiceReasonWords(reason.feature, reason.meanA, reason.meanB);
        auto* mark = new QLabel(m_pairReasons);
        showMark(mark, reason.isMoreInA ? a : b);
        mark->setToolTip(plainToolTip(format::unbroken(QString::fromStdString(reason.sentence))));
        auto* trait =
            new TextLabel(QString::fromStdString(words.trait), TextRole::Body, m_pairReasons);
        trait->setToolTip(mark->toolTip());
        trait->setAccessibleName(QString::fromStdString(reason.sentence));
        auto* amount = new TextLabel(amountOf(reason, a, b), TextRole::Body, m_pairReasons);
        grid->addWidget(mark, row, 0);
        grid->addWidget(trait, row, 1);
        grid->addWidget(amount, row, 2);
        for (QWidget* part : {static_cast<QWidget*>(mark), static_cast<QWidget*>(trait),
                              static_cast<QWidget*>(amount)})
            part->show();
        ++row;
    }
    grid->setHorizontalSpacing(space::kGap);
}

/// "46 % more often"; of the length of answers, which is compared prompt by prompt, with the
/// interval: "1.55 times as long (1.44 to 1.67)".
QString ComparisonView::amountOf(const VoiceReason& reason, std::size_t a, std::size_t b) const
{
    if (reason.feature != feature::LogWords)
        return format::unbroken(QString::fromStdString(
            voiceReasonWords(reason.feature, reason.meanA, reason.meanB).amount));
    // Of three voices on the same prompts the ratios multiply.
    const Estimate& ofA = m_comparison.verbosity[a].pairedRatio;
    const Estimate& ofB = m_comparison.verbosity[b].pairedRatio;
    const double ratio = ofA.value / ofB.value;
    if (!std::isfinite(ratio))
        return format::unbroken(QString::fromStdString(
            voiceReasonWords(reason.feature, reason.meanA, reason.meanB).amount));
    const QString text = QString::fromStdString(voiceReasonWords(reason.feature, ratio, 1).amount);
    if (a != 0)
        return format::unbroken(text);
    const double low = ofB.value >= 1 ? ofB.low : 1 / ofB.high;
    const double high = ofB.value >= 1 ? ofB.high : 1 / ofB.low;
    return format::unbroken(
        tr("%1 times as long (%2 to %3), prompt by prompt")
            .arg(twoPlaces(std::max(ratio, 1 / ratio)), twoPlaces(low), twoPlaces(high)));
}

void ComparisonView::showExample(std::size_t a, std::size_t b, std::size_t prompt)
{
    const PromptId& id = m_comparison.prompts[prompt];
    QString text = m_source.text ? m_source.text(id).simplified() : QString();
    if (text.isEmpty())
        text = QString::fromStdString(id.value);
    m_examplePrompt->setText(
        tr("Hear it on one prompt: \u201c%1\u201d").arg(excerpt(text.toStdString())));
    m_examplePrompt->setToolTip(
        plainToolTip(tr("Prompt %1, the pair of answers that shows most of these reasons.")
                         .arg(QString::fromStdString(id.value))));
    const std::array<std::size_t, 2> models = {a, b};
    for (std::size_t i = 0; i < models.size(); ++i) {
        showMark(m_quotes[i].mark, models[i]);
        m_quotes[i].name->setText(nameOf(m_comparison.models[models[i]]));
        m_quotes[i].text->setText(excerpt(m_comparison.texts[models[i]][prompt]));
    }
}

void ComparisonView::setPromptSource(PromptSource source)
{
    m_source = std::move(source);
}

/// The longer writer first, in the very words of the reason for the pair.
QString ComparisonView::lengthNote(std::size_t model) const
{
    const VerbosityComparison& verbosity = m_comparison.verbosity[model];
    const Estimate& ratio = verbosity.pairedRatio;
    const bool isLonger = ratio.value >= 1;
    const std::string& name = m_comparison.models[model].value;
    const std::string& first = m_comparison.models.front().value;
    const double longer = verbosity.shareALonger.value;
    return tr("%1: typically %2 times as many words (%3 to %4), longer on %5 of them.",
              "sentence on the length of two models' answers, ratio, interval, share")
        .arg(format::unbroken(QString::fromStdString(lengthSentence(name, first, ratio.value))),
             twoPlaces(isLonger ? ratio.value : 1 / ratio.value),
             twoPlaces(isLonger ? ratio.low : 1 / ratio.high),
             twoPlaces(isLonger ? ratio.high : 1 / ratio.low),
             format::percent(isLonger ? longer : 1 - longer, 0));
}

void ComparisonView::fillVerbosity()
{
    std::vector<BoxRow> rows;
    QStringList ratios;
    for (std::size_t m = 0; m < m_comparison.models.size(); ++m) {
        BoxRow row;
        row.label = nameOf(m_comparison.models[m]);
        row.quantiles = BoxPlotView::quantilesOf(m_comparison.words[m]);
        row.samples = m_comparison.words[m].size();
        row.model = m_looks[m];
        row.note = tr("%n answer(s)", nullptr, static_cast<int>(row.samples));
        row.median = tr("median %1 words").arg(format::number(row.quantiles[2], 0));
        rows.push_back(std::move(row));
        if (m > 0)
            ratios << lengthNote(m);
    }
    m_lengths->setRows(std::move(rows));
    if (m_comparison.models.size() > 1)
        ratios << tr(
            "These compare answers to the same prompt; the medians in the chart are of all "
            "answers of a model, and their ratio may be another.");
    m_ratios->setText(ratios.join(QLatin1Char('\n')));
}

IntervalRow ComparisonView::toneRow(std::size_t model, std::size_t axis) const
{
    const TonePlace& place = m_comparison.tone[model][axis];
    IntervalRow row;
    row.label = nameOf(m_comparison.models[model]);
    row.value = place.t.value - kAverageTone;
    row.low = place.t.low - kAverageTone;
    row.high = place.t.high - kAverageTone;
    row.model = m_looks[model];
    row.weak = place.isWeak();
    row.note =
        !place.objection.empty() ? tr("not for these texts", "a tone axis does not apply")
        : place.isWeak() && place.promptsNeeded > 0
            ? tr("needs %n prompt(s)", nullptr, static_cast<int>(place.promptsNeeded))
            : tr("%1 (%2 to %3)", "value, interval")
                  .arg(signedPoints(row.value), signedPoints(row.low), signedPoints(row.high));
    return row;
}

/// All axes on one scale with the average in its middle, so that equal distances are equal
/// differences.
void ComparisonView::fillTone()
{
    m_toneHeader->setNote(
        tr("points from the mean of all answers; 10 points are one standard deviation"));
    const std::vector<TonePlace>& places = m_comparison.tone.front();
    const auto greyed = std::ranges::count_if(
        places, [](const TonePlace& place) { return !place.objection.empty(); });
    m_toneObjection->setVisible(greyed > 0);
    m_toneObjection->setText(tr("%n axis(es) are grey: these answers do not read like English, and "
                                "what these axes count is English words.",
                                nullptr, static_cast<int>(greyed)));
    double furthest = 0;
    double noteWidth = 0;
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        std::vector<IntervalRow> rows;
        for (std::size_t m = 0; m < m_comparison.models.size(); ++m) {
            rows.push_back(toneRow(m, axis));
            for (const double end : {rows.back().low, rows.back().high})
                furthest = std::isfinite(end) ? std::max(furthest, std::abs(end)) : furthest;
            noteWidth = std::max(noteWidth, metrics.horizontalAdvance(rows.back().note));
        }
        m_axes[axis]->setRows(std::move(rows));
    }
    const std::vector<double> ticks = ticksAboutZero(furthest);
    for (IntervalPlot* plot : m_axes) {
        plot->setTicks(ticks);
        plot->setRange(ticks.front() * (1 + kToneAir), ticks.back() * (1 + kToneAir));
        plot->setNoteWidth(static_cast<int>(std::ceil(noteWidth)) + space::kWide);
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
        tellProblem(this, tr("The chart was not saved"), *wrong);
}

} // namespace signalbox::ui
