// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_result_view.h"

#include "chart_save_button.h"
#include "fold.h"
#include "frontier_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

/// Sentences over a part of the width: longer lines lose the eye. (A largest width would not do,
/// for layouts ask how high a text is at the whole width.)
void addSentence(QVBoxLayout* rows, QWidget* sentence)
{
    auto* line = new QHBoxLayout;
    line->addWidget(sentence, 3);
    line->addStretch(1);
    rows->addLayout(line);
}

} // namespace

FrontierResultView::FrontierResultView(QAction* again, QAction* close, QWidget* parent)
    : QWidget(parent), m_again(again)
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(space::kUnit);
    m_header = new SectionHeader(tr("Better policies"), this);
    m_simulated = Badge::simulated(this);
    m_header->addControl(m_simulated);
    auto* retry = new IconButton(again);
    retry->setWord(again->text());
    m_header->addControl(retry);
    m_header->addControl(new ChartSaveButton(
        tr("the points"), QStringLiteral("frontier"),
        [this](const QString& path) { return writeCsv(path, m_model.table()); },
        ChartSaveButton::Formats::TableOnly));
    m_header->addControl(new IconButton(close));
    m_verdict = new Callout(Tone::Neutral, this);
    m_verdict->setObjectName(QStringLiteral("frontierVerdict"));
    m_doubt = new Callout(Tone::Caution, this);
    m_doubt->setObjectName(QStringLiteral("frontierDoubt"));
    m_doubt->hide();
    rows->addWidget(m_header);
    rows->addWidget(m_verdict);
    rows->addWidget(m_doubt);
    buildTable();
    rows->addWidget(m_table);
    m_trust = new TextLabel({}, TextRole::Body, this);
    m_trust->setObjectName(QStringLiteral("frontierTrust"));
    m_trust->setWordWrap(true);
    m_trust->setMuted(true);
    rows->addSpacing(space::kHalf);
    rows->addWidget(new TextLabel(tr("How far the search can be trusted"), TextRole::BodyStrong));
    addSentence(rows, m_trust);
    m_measures = new Fold(tr("In the measures of the literature"), this);
    m_notes = new Fold(tr("What is assumed"), this);
    rows->addWidget(m_measures);
    rows->addWidget(m_notes);
}

FrontierResultView::~FrontierResultView()
{
    delete m_table; // before its model
}

void FrontierResultView::buildTable()
{
    m_table = new FiguresTable(m_model, tr("Points of the search"), this);
    m_table->setObjectName(QStringLiteral("frontierTable"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                const FrontierChoice* choice = m_model.choiceAt(current.row());
                if (!choice)
                    return;
                showTrust(choice);
                emit chosen(choice);
            });
}

void FrontierResultView::setFinding(const std::shared_ptr<const FrontierFinding>& finding)
{
    if (finding == m_finding)
        return;
    const QSignalBlocker quiet(m_table->selectionModel());
    m_finding = finding;
    m_model.setFinding(finding);
    if (!finding)
        return;
    const Frontier& frontier = finding->frontier;
    const auto verdict = frontier_words::verdict(frontier);
    m_verdict->setMessage(verdict.tone, verdict.title, verdict.detail);
    m_header->setNote(frontier_words::effort(frontier));
    m_simulated->setVisible(frontier.present.report.simulated);
    m_measures->setContent(makeMeasures());
    m_measures->setVisible(frontier.measures.has_value());
    m_notes->setContent(makeNotes());
}

void FrontierResultView::choose(const FrontierChoice* choice)
{
    const int row = m_model.rowOf(choice);
    if (row < 0 || m_table->currentIndex().row() == row)
        return;
    m_table->setCurrentIndex(m_model.index(row, 0));
    showTrust(choice);
}

/// How optimistic the search was, about what is selected.
void FrontierResultView::showTrust(const FrontierChoice* choice)
{
    const QString halves = frontier_words::halvesDone(m_finding->frontier.halves);
    const QString optimism = frontier_words::optimism(m_finding->frontier, *choice);
    m_trust->setText(optimism.isEmpty() ? halves : halves + QLatin1Char(' ') + optimism);
}

void FrontierResultView::setAdopted(std::optional<std::size_t> point)
{
    m_model.setAdopted(point);
}

void FrontierResultView::setDoubt(const frontier_words::Message& doubt)
{
    m_doubt->setVisible(!doubt.title.isEmpty());
    if (doubt.title.isEmpty())
        return;
    m_doubt->setMessage(doubt.tone, doubt.title, doubt.detail);
    if (m_doubt->QWidget::actions().isEmpty())
        m_doubt->addAction(m_again);
}

QWidget* FrontierResultView::makeMeasures() const
{
    auto* content = new QWidget;
    auto* grid = new QGridLayout(content);
    grid->setContentsMargins(space::kSection, 0, 0, space::kHalf);
    grid->setHorizontalSpacing(space::kWide);
    grid->setVerticalSpacing(space::kHalf);
    int row = 0;
    for (const auto& measure : frontier_words::measures(m_finding->frontier)) {
        auto* value = new TextLabel(measure.value, TextRole::BodyStrong, content);
        value->setAlignment(Qt::AlignRight | Qt::AlignTop);
        auto* meaning = new TextLabel(measure.meaning, TextRole::Body, content);
        meaning->setWordWrap(true);
        meaning->setMuted(true);
        grid->addWidget(new TextLabel(measure.name, TextRole::Body, content), row, 0, Qt::AlignTop);
        grid->addWidget(value, row, 1);
        grid->addWidget(meaning, row, 2);
        ++row;
    }
    grid->setColumnStretch(2, 1);
    return content;
}

QWidget* FrontierResultView::makeNotes() const
{
    auto* content = new QWidget;
    auto* rows = new QVBoxLayout(content);
    rows->setContentsMargins(space::kSection, 0, 0, space::kHalf);
    rows->setSpacing(space::kHalf);
    for (const std::string& note : m_finding->frontier.notes) {
        auto* line =
            new TextLabel(format::unbroken(QString::fromStdString(note)), TextRole::Body, content);
        line->setWordWrap(true);
        line->setMuted(true);
        addSentence(rows, line);
    }
    return content;
}

} // namespace signalbox::ui
