// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_result_view.h"

#include "judge_block.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/picture_export.h>
#include <ui/kit/theme.h>

#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr double kMostDPrime = 4; ///< of the axis: nobody misses what is further apart
constexpr int kTextWidth = 860;

QString nameOf(const ModelId& model)
{
    return QString::fromStdString(model.value);
}

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString twoPlaces(double value)
{
    return std::isnan(value) ? QStringLiteral("\u2013") : format::number(value, 2);
}

QString percent(double share)
{
    return std::isnan(share) ? QStringLiteral("\u2013") : format::percent(share, 0);
}

/// "62 % (55 to 70 %)"
QString shareWords(const Estimate& share)
{
    return TastingResultView::tr("%1 (%2 to %3)", "value, interval")
        .arg(percent(share.value), percent(share.low), percent(share.high));
}

QString numberWords(const Estimate& number)
{
    return TastingResultView::tr("%1 (%2 to %3)", "value, interval")
        .arg(twoPlaces(number.value), twoPlaces(number.low), twoPlaces(number.high));
}

/// With full precision, for a table that programs read; empty: not known.
QString exact(double value)
{
    return std::isnan(value) ? QString() : QString::number(value, 'g', 6);
}

/// A number of such a table for people.
QString shortly(const QString& cell)
{
    const double value = cell.toDouble();
    return cell.isEmpty() ? QStringLiteral("\u2013")
                          : format::number(value, value == std::floor(value) ? 0 : 2);
}

QString number(std::size_t count)
{
    return QString::number(static_cast<qulonglong>(count));
}

QString pairName(const HeardPair& pair)
{
    return TastingResultView::tr("%1 and %2", "two models").arg(nameOf(pair.a), nameOf(pair.b));
}

const HeardPair* heardPair(const TastingResult& result, const ModelId& a, const ModelId& b)
{
    const auto found = std::ranges::find_if(result.pairs, [&](const HeardPair& pair) {
        return (pair.a == a && pair.b == b) || (pair.a == b && pair.b == a);
    });
    return found == result.pairs.end() ? nullptr : &*found;
}

QString sentences(const std::vector<std::string>& reasons, const std::vector<std::string>& doubts)
{
    QStringList lines;
    for (const std::vector<std::string>* const list : {&reasons, &doubts}) {
        for (const std::string& sentence : *list)
            lines << QString::fromStdString(sentence);
    }
    return lines.join(QLatin1Char('\n'));
}

/// "60 to 120 words; formality 0.20 to 0.45; 5 golden answers"
QString contractWords(const VoiceContract& contract)
{
    QStringList parts;
    if (contract.words)
        parts << TastingResultView::tr("%1 to %2 words")
                     .arg(format::number(contract.words->low, 0),
                          format::number(contract.words->high, 0));
    for (const VoiceContract::ToneBand& band : contract.tone) {
        const auto axis = std::ranges::find(toneAxes(), band.axis, &ToneAxis::id);
        if (axis != toneAxes().end())
            parts << TastingResultView::tr("%1 %2 to %3", "tone axis, band")
                         .arg(utf8(axis->label), twoPlaces(band.band.low),
                              twoPlaces(band.band.high));
    }
    if (!contract.golden.empty())
        parts << TastingResultView::tr("%n golden answer(s)", nullptr,
                                       static_cast<int>(contract.golden.size()));
    return parts.join(QStringLiteral("; "));
}

bool isEmpty(const VoiceContract& contract)
{
    return !contract.words && contract.tone.empty() && contract.golden.empty();
}

QString agreementWordOf(const std::optional<Estimate>& alpha)
{
    const std::string_view word = agreementWord(alpha ? std::optional(alpha->value) : std::nullopt);
    if (word == "reliable")
        return TastingResultView::tr("The raters agree well");
    if (word == "tentative")
        return TastingResultView::tr("The raters agree fairly");
    if (word == "unreliable")
        return TastingResultView::tr("The raters hardly agree");
    return TastingResultView::tr("Whether raters agree is not known");
}

} // namespace

TastingResultView::TastingResultView(QWidget* parent) : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setAccessibleName(tr("Result of the tasting"));
    m_askWhereToSave = [](QWidget* view, const QString& proposed) {
        return QFileDialog::getSaveFileName(view->window(), tr("Save the result"), proposed,
                                            tr("Pictures and tables (*.svg *.png *.csv)"));
    };
    auto* const page = new QWidget(this);
    auto* const layout = new QVBoxLayout(page);
    layout->setContentsMargins(space::kWide, space::kWide, space::kWide, space::kSection);
    layout->setSpacing(space::kWide);
    buildHead(layout);
    m_empty = new EmptyState(Icon::Users, {}, {}, page);
    m_empty->setObjectName(QStringLiteral("noResult"));
    layout->addWidget(m_empty);
    m_content = new QWidget(page);
    auto* const parts = new QVBoxLayout(m_content);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(space::kUnit);
    buildPreference(parts);
    buildHearing(parts);
    buildTone(parts);
    buildProposals(parts);
    buildJudges(parts);
    layout->addWidget(m_content);
    layout->addStretch(1);
    setWidget(page);
    setViewportMargins(0, 0, 0, space::kUnit);
    keepRightInset(this, space::kWide);
    m_content->hide();
}

void TastingResultView::buildHead(QVBoxLayout* layout)
{
    auto* const row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    auto* const back = new QPushButton(tr("Back to the tasting"), this);
    back->setObjectName(QStringLiteral("tastingReturn"));
    back->setToolTip(tr("Esc"));
    row->addWidget(back);
    row->addStretch(1);
    m_simulated = Badge::simulated(this);
    row->addWidget(m_simulated);
    layout->addLayout(row);
    connect(back, &QPushButton::clicked, this, &TastingResultView::backRequested);
}

TextLabel* TastingResultView::addText(QVBoxLayout* layout, const char* name)
{
    auto* const label = new TextLabel({}, TextRole::Body, m_content);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setMaximumWidth(kTextWidth);
    layout->addWidget(label);
    return label;
}

QTreeWidget* TastingResultView::addTable(QVBoxLayout* layout, const char* object,
                                         const QString& name)
{
    auto* const tree = new QTreeWidget(m_content);
    tree->setObjectName(QLatin1String(object));
    tree->setAccessibleName(name);
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    tree->header()->setStretchLastSection(false);
    layout->addWidget(tree);
    return tree;
}

void TastingResultView::addSaving(SectionHeader* header, const PlotView* plot,
                                  const QString& fileName)
{
    auto* const save = new IconButton(Icon::Download, tr("Save this chart"), m_content);
    header->addControl(save);
    connect(save, &QToolButton::clicked, this, [this, plot, fileName] {
        const QString path = m_askWhereToSave(this, fileName + QStringLiteral(".svg"));
        if (path.isEmpty())
            return;
        if (const auto wrong = writePlot(*plot, path))
            tellProblem(this, tr("The chart was not saved"), *wrong);
    });
}

void TastingResultView::addTableSaving(SectionHeader* header, const QString& what,
                                       const QString& fileName,
                                       const std::function<PlotTable()>& table)
{
    auto* const save = new IconButton(Icon::Table, what, m_content);
    save->setObjectName(QStringLiteral("save.") + fileName);
    header->addControl(save);
    connect(save, &QToolButton::clicked, this,
            [this, table, fileName] { saveTable(fileName, table()); });
}

void TastingResultView::buildPreference(QVBoxLayout* layout)
{
    m_preferenceHeader = new SectionHeader(tr("Which answers do readers prefer?"), m_content);
    m_preferenceHeader->setObjectName(QStringLiteral("preferenceHeader"));
    layout->addWidget(m_preferenceHeader);
    m_preference = new IntervalPlot(m_content);
    m_preference->setObjectName(QStringLiteral("preference"));
    m_preference->setTitle(tr("How often readers prefer each model"));
    m_preference->setUnit(format::Unit::Share);
    m_preference->setRange(0, 1);
    m_preference->setReference(0.5, tr("no preference"));
    m_preference->setAxisLabel(tr(
        "chance to be preferred to another model of this tasting (Bradley-Terry; 95 % interval)"));
    layout->addWidget(m_preference);
    m_agreement = addText(layout, "agreement");
    m_models = addTable(layout, "preferenceTable", tr("Models by preference"));
    addSaving(m_preferenceHeader, m_preference, QStringLiteral("preference"));
    addTableSaving(m_preferenceHeader, tr("Save the table of models (CSV)"),
                   QStringLiteral("tasting-models"), [this] { return modelTable(); });
}

void TastingResultView::buildHearing(QVBoxLayout* layout)
{
    m_hearingHeader = new SectionHeader(tr("Do readers hear a change of model?"), m_content);
    m_hearingHeader->setObjectName(QStringLiteral("hearingHeader"));
    layout->addSpacing(space::kWide);
    layout->addWidget(m_hearingHeader);
    m_hearing = new IntervalPlot(m_content);
    m_hearing->setObjectName(QStringLiteral("hearing"));
    m_hearing->setTitle(tr("d' of the readers for each two models"));
    m_hearing->setUnit(format::Unit::Plain);
    m_hearing->setRange(0, kMostDPrime);
    m_hearing->setAxisLabel(tr("d' of the readers (0: guessing; 95 % interval, cut at %1)")
                                .arg(format::number(kMostDPrime, 0)));
    layout->addWidget(m_hearing);
    m_hearingWords = addText(layout, "hearingWords");
    m_pairs = addTable(layout, "pairTable", tr("Pairs of models in the tasting"));
    addSaving(m_hearingHeader, m_hearing, QStringLiteral("readers"));
    addTableSaving(m_hearingHeader, tr("Save the table of pairs (CSV)"),
                   QStringLiteral("tasting-pairs"), [this] { return pairTable(); });
}

void TastingResultView::buildTone(QVBoxLayout* layout)
{
    m_tone = new QWidget(m_content);
    auto* const rows = new QVBoxLayout(m_tone);
    rows->setContentsMargins(0, space::kWide, 0, 0);
    rows->setSpacing(space::kUnit);
    auto* const header = new SectionHeader(tr("What tone do readers hear?"), m_tone);
    header->setNote(tr("mean rating, 1 to 5; 95 % interval"));
    rows->addWidget(header);
    m_toneGrid = new QGridLayout;
    m_toneGrid->setHorizontalSpacing(space::kSection);
    m_toneGrid->setVerticalSpacing(space::kWide);
    m_toneGrid->setColumnStretch(0, 1);
    m_toneGrid->setColumnStretch(1, 1);
    rows->addLayout(m_toneGrid);
    layout->addWidget(m_tone);
}

void TastingResultView::buildProposals(QVBoxLayout* layout)
{
    layout->addSpacing(space::kWide);
    layout->addWidget(new SectionHeader(tr("Take it into the policy"), m_content));
    const auto addButton = [&](const QString& text, const char* name) {
        auto* const button = new QPushButton(text, m_content);
        button->setObjectName(QLatin1String(name));
        layout->addWidget(button, 0, Qt::AlignLeft);
        return button;
    };
    m_contract = addText(layout, "contract");
    m_contract->setRole(TextRole::BodyStrong);
    m_contractWords = addText(layout, "contractWords");
    m_setContract = addButton(tr("Set as the voice contract"), "setContract");
    setButtonKind(m_setContract, ButtonKind::Primary);
    layout->addSpacing(space::kUnit);
    m_gate = addText(layout, "gate");
    m_gate->setRole(TextRole::BodyStrong);
    m_gateWords = addText(layout, "gateWords");
    m_setGate = addButton(tr("Set as a gate"), "setGate");
    connect(m_setContract, &QPushButton::clicked, this, &TastingResultView::contractChosen);
    connect(m_setGate, &QPushButton::clicked, this, &TastingResultView::gateChosen);
}

void TastingResultView::buildJudges(QVBoxLayout* layout)
{
    m_judges = new JudgeBlock(m_content);
    m_judges->setObjectName(QStringLiteral("judges"));
    layout->addWidget(m_judges);
    m_judges->setSaveTable(
        [this](const QString& fileName, const PlotTable& table) { saveTable(fileName, table); });
}

void TastingResultView::saveTable(const QString& fileName, const PlotTable& table)
{
    const QString path = m_askWhereToSave(this, fileName + QStringLiteral(".csv"));
    if (path.isEmpty())
        return;
    if (const auto wrong = writeCsv(path, table))
        tellProblem(this, tr("The table was not saved"), *wrong);
}

void TastingResultView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        emit backRequested();
    else
        QScrollArea::keyPressEvent(event);
}

void TastingResultView::setMessage(const QString& title, const QString& hint)
{
    m_empty->setTexts(title, hint);
    m_empty->show();
    m_content->hide();
    m_simulated->hide();
}

void TastingResultView::setResult(TastingResult result, std::vector<int> looks)
{
    m_result = std::move(result);
    m_looks = std::move(looks);
    m_empty->hide();
    m_simulated->setVisible(m_result.isSimulated);
    fillPreference();
    fillHearing();
    fillTone();
    fillProposals();
    m_judges->setResults(m_result.judges, m_result.models, m_looks);
    m_content->show();
}

int TastingResultView::lookOf(const ModelId& model) const
{
    const auto found = std::ranges::find(m_result.models, model);
    const auto place = static_cast<std::size_t>(found - m_result.models.begin());
    return place < m_looks.size() ? m_looks[place] : -1;
}

void TastingResultView::fillPreference()
{
    const PreferenceResult& result = m_result.preferences;
    m_preferenceHeader->setNote(
        tr("%1 by %2 on %3", "120 rankings by 3 people on 40 prompts")
            .arg(tr("%n ranking(s)", nullptr, static_cast<int>(result.rankings)),
                 tr("%n person(s)", nullptr, static_cast<int>(result.raters)),
                 tr("%n prompt(s)", nullptr, static_cast<int>(result.prompts))));
    std::vector<IntervalRow> rows;
    for (const std::size_t m : result.order()) {
        const ModelPreference& model = result.models[m];
        IntervalRow row;
        row.label = nameOf(model.model);
        row.value = model.winShare.value;
        row.low = model.winShare.low;
        row.high = model.winShare.high;
        row.model = lookOf(model.model);
        row.note = std::isnan(row.value)
                       ? tr("not compared with all others")
                       : tr("%1, n = %2", "value with interval, sample size")
                             .arg(shareWords(model.winShare),
                                  format::count(static_cast<qint64>(model.winShare.n)));
        rows.push_back(std::move(row));
    }
    m_preference->setVisible(!rows.empty());
    m_preference->setRows(std::move(rows));
    QStringList lines;
    if (result.rankings == 0)
        lines << tr("Nobody has put answers in an order yet.");
    else
        lines << agreementWords() << orderWords();
    if (result.groups.size() > 1)
        lines << tr("Some models were preferred in every vote that decides between them and the "
                    "others: how far apart they are takes more votes.");
    lines.removeAll(QString());
    m_agreement->setText(lines.join(QLatin1Char('\n')));
    fillTable(m_models, modelTable(), 1);
}

QString TastingResultView::agreementWords() const
{
    const std::optional<Estimate>& alpha = m_result.agreement.pairs;
    if (m_result.preferences.raters < 2)
        return tr("One person alone has voted, so this is their taste; agreement takes two.");
    if (!alpha)
        return tr("%1: no two people have judged the same answers differently enough to tell.")
            .arg(agreementWordOf(alpha));
    return tr("%1 on which of two answers is better: Krippendorff's alpha %2, n = %3 pairs that "
              "two or more have judged.")
        .arg(agreementWordOf(alpha), numberWords(*alpha),
             format::count(static_cast<qint64>(alpha->n)));
}

QString TastingResultView::orderWords() const
{
    const Estimate& first = m_result.preferences.shownFirst;
    if (first.n == 0 || std::isnan(first.value))
        return {};
    return tr("The answer further left was preferred in %1 of %2 pairs; 50 % means that the order "
              "on screen does not matter.")
        .arg(shareWords(first), format::count(static_cast<qint64>(first.n)));
}

PlotTable TastingResultView::modelTable() const
{
    PlotTable table;
    table.columns = {tr("Model"), tr("Chance to be preferred"), tr("From"),
                     tr("To"),    tr("Bradley-Terry strength"), tr("Rankings")};
    const PreferenceResult& result = m_result.preferences;
    for (const std::size_t m : result.order()) {
        const ModelPreference& model = result.models[m];
        table.rows.push_back({nameOf(model.model), exact(model.winShare.value),
                              exact(model.winShare.low), exact(model.winShare.high),
                              exact(model.strength), number(model.winShare.n)});
    }
    return table;
}

PlotTable TastingResultView::pairTable() const
{
    PlotTable table;
    table.columns = {
        tr("Model A"), tr("Model B"),     tr("A preferred"),   tr("B preferred"),
        tr("Ties"),    tr("Chance of A"), tr("Chance from"),   tr("Chance to"),
        tr("Trials"),  tr("Right"),       tr("Readers' d'"),   tr("d' from"),
        tr("d' to"),   tr("Trained d"),   tr("Noticeability"), tr("As readers notice")};
    const auto addRow = [&](const ModelId& a, const ModelId& b, const PairPreference* votes) {
        QStringList row = {nameOf(a), nameOf(b)};
        for (const double value : {votes ? votes->aPreferred : 0, votes ? votes->bPreferred : 0,
                                   votes ? votes->ties : 0})
            row << exact(value);
        for (const double value :
             {votes ? votes->chance.value : std::nan(""), votes ? votes->chance.low : std::nan(""),
              votes ? votes->chance.high : std::nan("")})
            row << exact(value);
        if (const HeardPair* const heard = heardPair(m_result, a, b))
            row << number(heard->trials) << number(heard->right) << exact(heard->sensitivity.value)
                << exact(heard->sensitivity.low) << exact(heard->sensitivity.high)
                << (heard->isMeasured ? exact(heard->observerSensitivity) : QString())
                << exact(heard->noticeability.value) << exact(heard->asRead);
        else
            row << QStringLiteral("0") << QStringLiteral("0") << QStringList(6, QString());
        table.rows.push_back(row);
    };
    const PreferenceResult& result = m_result.preferences;
    for (const PairPreference& pair : result.pairs)
        addRow(result.models[pair.a].model, result.models[pair.b].model, &pair);
    for (const HeardPair& heard : m_result.pairs) {
        const auto isKnown = [&](const ModelId& model) {
            return std::ranges::find(result.models, model, &ModelPreference::model) !=
                   result.models.end();
        };
        if (!isKnown(heard.a) || !isKnown(heard.b))
            addRow(heard.a, heard.b, nullptr);
    }
    return table;
}

/// The same data for people: shorter numbers. As high as its rows: the page scrolls.
/// @param names  how many columns are names
void TastingResultView::fillTable(QTreeWidget* tree, const PlotTable& table, int names)
{
    tree->clear();
    tree->setHeaderLabels(table.columns);
    for (const QStringList& cells : table.rows) {
        auto* const item = new QTreeWidgetItem(tree);
        for (int column = 0; column < cells.size(); ++column) {
            const QString& cell = cells[column];
            item->setText(column, column < names ? cell : shortly(cell));
            if (column >= names)
                item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
            else if (const int look = lookOf(ModelId(cell.toStdString())); look >= 0)
                item->setIcon(column, modelIcon(look));
        }
    }
    const auto rows = static_cast<int>(table.rows.size());
    tree->setFixedHeight(tree->header()->sizeHint().height() + rows * space::kRow + space::kWide);
    tree->setVisible(rows > 0);
}

void TastingResultView::fillHearing()
{
    std::size_t trials = 0;
    std::vector<IntervalRow> rows;
    for (const HeardPair& pair : m_result.pairs) {
        trials += pair.trials;
        IntervalRow row;
        row.label = pairName(pair);
        row.value = std::min(pair.sensitivity.value, kMostDPrime);
        row.low = std::min(pair.sensitivity.low, kMostDPrime);
        row.high = std::min(pair.sensitivity.high, kMostDPrime);
        const QString heard = tr("%1 of %2 right", "trials")
                                  .arg(format::count(static_cast<qint64>(pair.right)),
                                       format::count(static_cast<qint64>(pair.trials)));
        row.note = pair.isMeasured ? tr("%1; measured noticeability %2, to readers %3")
                                         .arg(heard, twoPlaces(pair.noticeability.value),
                                              twoPlaces(pair.asRead))
                                   : tr("%1; noticeability not measured").arg(heard);
        rows.push_back(std::move(row));
    }
    m_hearingHeader->setNote(
        tr("%1 by %2", "48 trials by 3 people")
            .arg(tr("%n trial(s)", nullptr, static_cast<int>(trials)),
                 tr("%n person(s)", nullptr, static_cast<int>(m_result.listeners))));
    m_hearing->setVisible(!rows.empty());
    m_hearing->setRows(std::move(rows));
    const Estimate& efficiency = m_result.efficiency;
    m_hearingWords->setText(
        trials == 0 ? tr("Nobody has guessed yet who wrote an answer.")
        : std::isnan(efficiency.value)
            ? tr("How well readers hear cannot be told: it takes pairs that the measure tells "
                 "apart, from at least 10 prompts that all models answered.")
            : tr("Readers hear %1 of what a trained observer could (efficiency, n = %2 trials).")
                  .arg(shareWords(efficiency), format::count(static_cast<qint64>(efficiency.n))));
    fillTable(m_pairs, pairTable(), 2);
}

void TastingResultView::fillTone()
{
    qDeleteAll(m_tone->findChildren<IntervalPlot*>());
    qDeleteAll(m_tone->findChildren<TextLabel*>(QStringLiteral("ratedAxis")));
    int place = 0;
    for (const RatedAxis& rated : m_result.tones) {
        const auto axis = std::ranges::find(toneAxes(), rated.axis, &ToneAxis::id);
        auto* const title = new TextLabel({}, TextRole::BodyStrong, m_tone);
        title->setObjectName(QStringLiteral("ratedAxis"));
        title->setWordWrap(true);
        title->setText(rated.agreement ? tr("%1 (agreement: alpha %2, n = %3)")
                                             .arg(utf8(axis->label), numberWords(*rated.agreement),
                                                  format::count(qint64(rated.agreement->n)))
                                       : utf8(axis->label));
        auto* const plot = new IntervalPlot(m_tone);
        plot->setObjectName(QStringLiteral("rated.") + utf8(axis->id));
        plot->setTitle(utf8(axis->label));
        plot->setRange(kLowestRating, kHighestRating);
        plot->setUnit(format::Unit::Plain);
        plot->setAxisLabel(tr("%1 \u2192 %2", "low end of a tone axis, high end")
                               .arg(utf8(axis->low), utf8(axis->high)));
        std::vector<IntervalRow> rows;
        for (std::size_t m = 0; m < m_result.models.size(); ++m) {
            const Estimate& mean = rated.means[m];
            if (mean.n == 0)
                continue;
            rows.push_back({nameOf(m_result.models[m]), mean.value, mean.low, mean.high,
                            lookOf(m_result.models[m]), false,
                            tr("%1, n = %2", "value with interval, sample size")
                                .arg(numberWords(mean), format::count(qint64(mean.n)))});
        }
        plot->setRows(std::move(rows));
        auto* const cell = new QVBoxLayout;
        cell->setSpacing(space::kHalf);
        cell->addWidget(title);
        cell->addWidget(plot);
        m_toneGrid->addLayout(cell, place / 2, place % 2);
        ++place;
    }
    m_tone->setVisible(place > 0);
}

void TastingResultView::fillProposals()
{
    const ContractProposal& contract = m_result.contract;
    m_contract->setText(isEmpty(contract.contract)
                            ? tr("The votes do not speak for a voice contract yet.")
                            : tr("Voice contract: %1.").arg(contractWords(contract.contract)));
    m_contractWords->setText(sentences(contract.reasons, contract.doubts));
    const GateProposal& gate = m_result.gate;
    m_gate->setText(gate.gate ? tr("Gate: consistency at least %1.")
                                    .arg(format::value(*gate.gate->atLeast, format::Unit::Score))
                              : tr("There is no gate to propose yet."));
    m_gateWords->setText(sentences(gate.reasons, gate.doubts));
    setApplied(false, false);
}

void TastingResultView::setApplied(bool contract, bool gate)
{
    m_setContract->setEnabled(!contract && !isEmpty(m_result.contract.contract));
    m_setContract->setText(contract ? tr("The contract is in the policy")
                                    : tr("Set as the voice contract"));
    m_setGate->setEnabled(!gate && m_result.gate.gate);
    m_setGate->setText(gate ? tr("The gate is in the policy") : tr("Set as a gate"));
}

} // namespace signalbox::ui
