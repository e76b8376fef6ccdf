// SPDX-License-Identifier: GPL-3.0-or-later
#include "judge_block.h"

#include "spending_words.h"

#include <core/lab/judge_run.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kTextWidth = 860; ///< as the texts above

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString nameOf(const ModelId& model)
{
    return QString::fromStdString(model.value);
}

QString count(std::size_t number)
{
    return format::count(static_cast<qint64>(number));
}

/// "66 % (58 to 74 %)"
QString shareWords(const Estimate& share)
{
    return JudgeBlock::tr("%1 (%2 to %3)", "value, interval")
        .arg(format::percent(share.value, 0), format::percent(share.low, 0),
             format::percent(share.high, 0));
}

/// "0.43 (0.31 to 0.55)"; a dash where it is not known.
QString numberWords(const Estimate& number)
{
    if (std::isnan(number.value))
        return QStringLiteral("\u2013");
    return JudgeBlock::tr("%1 (%2 to %3)", "value, interval")
        .arg(format::number(number.value, 2), format::number(number.low, 2),
             format::number(number.high, 2));
}

QString numberWords(const std::optional<Estimate>& number)
{
    return number ? numberWords(*number) : QStringLiteral("\u2013");
}

QString verdictWord(const std::optional<PairVerdict>& verdict)
{
    if (!verdict)
        return JudgeBlock::tr("no verdict");
    switch (*verdict) {
    case PairVerdict::First:
        return JudgeBlock::tr("first", "a verdict");
    case PairVerdict::Second:
        return JudgeBlock::tr("second", "a verdict");
    case PairVerdict::Tie:
        return JudgeBlock::tr("tie", "a verdict");
    }
    return {};
}

/// What was asked, and what is missing of it.
QStringList callWords(const JudgeResult& judge)
{
    const Judgement& said = judge.judgement;
    QStringList words;
    words << JudgeBlock::tr("%1 of %2 calls are answered; %3.", "counts, a cost")
                 .arg(count(said.replies), count(said.calls),
                      judge.plan.isSimulated ? JudgeBlock::tr("nobody bills them")
                                             : JudgeBlock::tr("cost %1", "a sum of money")
                                                   .arg(spending::money(judge.cost)));
    if (said.unreadable > 0)
        words << JudgeBlock::tr(
            "%n reply(s) held no verdict that can be read; nothing is made of that.", nullptr,
            static_cast<int>(said.unreadable));
    return words;
}

/// What it said of pairs, and how far it can be believed by itself.
QStringList pairWords(const JudgeResult& judge)
{
    const Judgement& said = judge.judgement;
    QStringList words;
    if (said.whole == 0)
        return words;
    const std::size_t preferred = said.whole - said.ties - said.flipped - said.unsteady;
    words << JudgeBlock::tr(
                 "Of %1 pairs with a verdict in both orders it preferred one answer in %2 and "
                 "found both as good in %3. In %4 the order turned its verdict round, in %5 it "
                 "preferred one in one order only: these count as ties.")
                 .arg(count(said.whole), count(preferred), count(said.ties), count(said.flipped),
                      count(said.unsteady));
    words << JudgeBlock::tr("It prefers what it reads first: %1 of %2 pairs, ties half; 50 % means "
                            "that the order does not matter to it.")
                 .arg(shareWords(said.readsFirst), count(said.readsFirst.n));
    if (said.longer.n > 0)
        words << JudgeBlock::tr("Of its preferences %1 (n = %2) go to the longer answer.")
                     .arg(shareWords(said.longer), count(said.longer.n));
    return words;
}

/// Why no number is shown.
QString missingWords(const JudgeCalibration& found)
{
    return JudgeBlock::tr("Whether it judges as your readers do is not shown by the data: it takes "
                          "%1 pairs that both have judged, and there are %2.")
               .arg(count(kFewestCommon), count(found.common)) +
           QLatin1Char(' ') +
           JudgeBlock::tr("Votes on %n more pair(s) are needed.", nullptr,
                          static_cast<int>(found.missing));
}

/// The sentence to read first, and what stands behind it.
QStringList agreementWords(const JudgeCalibration& found)
{
    QStringList words;
    if (found.peopleSame.n > 0)
        words << JudgeBlock::tr("Your readers agree with each other in %1 of the votes on these "
                                "pairs, the judge with them in %2.")
                     .arg(format::percent(found.peopleSame.value, 0),
                          format::percent(found.same.value, 0));
    else
        words << JudgeBlock::tr(
                     "The judge agrees with %1 of the votes. No two people have voted on "
                     "the same of these pairs, so how far readers agree with each other "
                     "is not known.")
                     .arg(format::percent(found.same.value, 0));
    words << JudgeBlock::tr("A tie agrees with a tie only, whether the judge said it or only the "
                            "order made it. Where both prefer one, they prefer the same in %1 (n = "
                            "%2).")
                 .arg(shareWords(found.sameDecided), count(found.sameDecided.n));
    words << JudgeBlock::tr(
                 "Cohen's kappa %1; Krippendorff's alpha %2, of readers among themselves "
                 "%3.")
                 .arg(numberWords(found.kappa), numberWords(found.alpha),
                      numberWords(found.peopleAlpha));
    if (found.judgeLonger.n > 0 && found.peopleLonger.n > 0)
        words << JudgeBlock::tr(
                     "On these pairs the longer answer wins %1 of its preferences and %2 "
                     "of your readers'.")
                     .arg(shareWords(found.judgeLonger), shareWords(found.peopleLonger));
    return words;
}

IntervalRow shareRow(const QString& label, const Estimate& share)
{
    IntervalRow row;
    row.label = label;
    row.value = share.value;
    row.low = share.low;
    row.high = share.high;
    row.note = JudgeBlock::tr("%1, n = %2", "value with interval, sample size")
                   .arg(shareWords(share), count(share.n));
    return row;
}

void clear(QVBoxLayout* layout)
{
    while (QLayoutItem* const item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

/// The size hint of wrapped text knows no width, and is too low within a widget of a widget.
void keepWhole(TextLabel* label)
{
    label->setMinimumHeight(label->heightForWidth(kTextWidth));
}

QString progressWords(const JudgeRun& run)
{
    const JudgeProgress now = run.progress();
    QStringList words = {
        JudgeBlock::tr("%1: %2 of %3 calls", "a judge, done, all")
            .arg(nameOf(run.judging().plan.judge), count(now.said), count(now.total))};
    if (now.failed > 0)
        words << JudgeBlock::tr("%1 failed", "calls").arg(count(now.failed));
    if (now.spent && !run.judging().plan.isSimulated)
        words << spending::money(now.spent);
    if (run.isPaused())
        words << JudgeBlock::tr("paused");
    return words.join(QStringLiteral(", "));
}

} // namespace

JudgeBlock::JudgeBlock(QWidget* parent) : QWidget(parent)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kWide, 0, 0);
    layout->setSpacing(space::kUnit);
    auto* const header = new SectionHeader(tr("A model as a judge"), this);
    header->setObjectName(QStringLiteral("judgeHeader"));
    header->setNote(tr("said by a machine; in none of the numbers above"));
    layout->addWidget(header);
    m_about = new TextLabel(tr("Any model of the policy can read these answers without names, each "
                               "pair in both orders, and say which is better or how it sounds. "
                               "How far it judges as your readers do is shown beside it."),
                            TextRole::Body, this);
    m_about->setWordWrap(true);
    m_about->setMaximumWidth(kTextWidth);
    keepWhole(m_about);
    layout->addWidget(m_about);
    buildRun(layout);
    m_judges = new QVBoxLayout;
    m_judges->setSpacing(space::kSection);
    layout->addLayout(m_judges);
    m_ask = new QPushButton(tr("Ask a model\u2026"), this);
    m_ask->setObjectName(QStringLiteral("askJudge"));
    layout->addWidget(m_ask, 0, Qt::AlignLeft);
    connect(m_ask, &QPushButton::clicked, this, &JudgeBlock::askRequested);
}

void JudgeBlock::buildRun(QVBoxLayout* layout)
{
    m_problem = new TextLabel({}, TextRole::Body, this);
    m_problem->setObjectName(QStringLiteral("judgeProblem"));
    m_problem->setWordWrap(true);
    m_problem->setMaximumWidth(kTextWidth);
    m_problem->setTone(Tone::Negative);
    m_problem->hide();
    layout->addWidget(m_problem);
    m_running = new QWidget(this);
    m_running->setMaximumWidth(kTextWidth);
    auto* const row = new QHBoxLayout(m_running);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    m_progress = new ProgressStrip(m_running);
    m_progress->setObjectName(QStringLiteral("judgeProgress"));
    m_progress->setCancellable(true);
    row->addWidget(m_progress, 1);
    const auto add = [&](const char* name) {
        auto* const button = new QPushButton(m_running);
        button->setObjectName(QLatin1String(name));
        row->addWidget(button);
        return button;
    };
    m_pause = add("judgePause");
    m_raise = add("judgeRaise");
    m_raise->setText(tr("Go on without the cap"));
    m_running->hide();
    layout->addWidget(m_running);
    connect(m_progress, &ProgressStrip::cancelRequested, this, &JudgeBlock::stopRequested);
    connect(m_pause, &QPushButton::clicked, this, &JudgeBlock::pauseRequested);
    connect(m_raise, &QPushButton::clicked, this, &JudgeBlock::raiseRequested);
}

void JudgeBlock::showRun(const JudgeRun* run, bool isElsewhere)
{
    const bool isRunning = run && run->isRunning();
    m_running->setVisible(isRunning);
    m_ask->setEnabled(!isRunning && !isElsewhere);
    m_ask->setToolTip(isElsewhere ? tr("A judge is at work on another tasting") : QString());
    for (QPushButton* const rest : m_rest)
        rest->setEnabled(m_ask->isEnabled());
    QString problem;
    if (isRunning) {
        const JudgeProgress now = run->progress();
        const bool isHeld = run->capReached().has_value();
        m_progress->setText(progressWords(*run));
        m_progress->setProgress(static_cast<int>(now.said), static_cast<int>(now.total));
        m_pause->setText(run->isPaused() ? tr("Go on") : tr("Pause"));
        m_pause->setVisible(!isHeld);
        m_raise->setVisible(isHeld);
        if (isHeld)
            problem = QString::fromStdString(toString(*run->capReached()));
    }
    if (problem.isEmpty() && run && !run->lastFailure().empty())
        problem =
            tr("Calls of the judge failed: %1").arg(QString::fromStdString(run->lastFailure()));
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void JudgeBlock::setResults(const std::vector<JudgeResult>& judges, std::vector<ModelId> models,
                            std::vector<int> looks)
{
    m_models = std::move(models);
    m_looks = std::move(looks);
    m_rest.clear();
    clear(m_judges);
    for (const JudgeResult& judge : judges)
        addJudge(judge);
    m_about->setVisible(judges.empty());
    m_ask->setText(judges.empty() ? tr("Ask a model\u2026") : tr("Ask another model\u2026"));
}

void JudgeBlock::addJudge(const JudgeResult& judge)
{
    auto* const box = new QWidget(this);
    box->setObjectName(QStringLiteral("judge.") + nameOf(judge.plan.judge));
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_judges->addWidget(box);
    addHead(judge, layout);
    if (judge.plan.isSimulated)
        addText(tr("The simulator does not read the answers: it prefers the one with fewer words, "
                   "else the first. It shows how a judge works, and is no judgement."),
                "judgeSimulated", layout);
    addAgreement(judge, layout);
    QStringList words = callWords(judge);
    if (judge.judgesItself)
        words << tr("Its own answers are among those that it judged, and models tend to prefer "
                    "their own.");
    addText((QStringList(pairWords(judge)) << words.join(QLatin1Char(' '))).join(QLatin1Char('\n')),
            "judgeWords", layout);
    addPreference(judge, layout);
    addTones(judge, layout);
    if (judge.open == 0)
        return;
    auto* const rest =
        new QPushButton(tr("Ask the rest: %n call(s)", nullptr, static_cast<int>(judge.open)), box);
    rest->setObjectName(QStringLiteral("judgeRest"));
    layout->addWidget(rest, 0, Qt::AlignLeft);
    m_rest.push_back(rest);
    connect(rest, &QPushButton::clicked, this,
            [this, id = judge.plan.judge] { emit restRequested(id); });
}

void JudgeBlock::addHead(const JudgeResult& judge, QVBoxLayout* layout)
{
    QWidget* const box = layout->parentWidget();
    auto* const row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    auto* const title =
        new TextLabel(tr("Judge (%1)").arg(nameOf(judge.plan.judge)), TextRole::BodyStrong, box);
    title->setObjectName(QStringLiteral("judgeTitle"));
    row->addWidget(title);
    row->addWidget(new Badge(tr("machine"), Tone::Neutral, box));
    if (judge.plan.isSimulated)
        row->addWidget(Badge::simulated(box));
    row->addStretch(1);
    auto* const save = new IconButton(Icon::Table, tr("Save what the judge said (CSV)"), box);
    save->setObjectName(QStringLiteral("saveJudge"));
    row->addWidget(save);
    layout->addLayout(row);
    connect(save, &QToolButton::clicked, this, [this, judge] {
        if (m_saveTable)
            m_saveTable(QStringLiteral("judge-verdicts"), verdictTable(judge));
    });
}

void JudgeBlock::addText(const QString& text, const char* name, QVBoxLayout* layout)
{
    auto* const label = new TextLabel(text, TextRole::Body, layout->parentWidget());
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setMaximumWidth(kTextWidth);
    keepWhole(label);
    layout->addWidget(label);
}

void JudgeBlock::addAgreement(const JudgeResult& judge, QVBoxLayout* layout)
{
    if (judge.judgement.pairs.empty())
        return;
    const JudgeCalibration& found = judge.calibration;
    if (!found.isShown()) {
        addText(missingWords(found), "judgeAgreement", layout);
        return;
    }
    auto* const plot = new IntervalPlot(layout->parentWidget());
    plot->setObjectName(QStringLiteral("judgeAgreementPlot"));
    plot->setTitle(tr("How far the judge and your readers say the same"));
    plot->setUnit(format::Unit::Share);
    plot->setRange(0, 1);
    plot->setAxisLabel(tr("same verdict on a pair that both have judged (95 % interval)"));
    std::vector<IntervalRow> rows;
    if (found.peopleSame.n > 0)
        rows.push_back(shareRow(tr("readers with each other"), found.peopleSame));
    rows.push_back(shareRow(tr("judge with readers"), found.same));
    plot->setRows(std::move(rows));
    plot->setMinimumHeight(plot->sizeHint().height());
    layout->addWidget(plot);
    addText(agreementWords(found).join(QLatin1Char('\n')), "judgeAgreement", layout);
}

void JudgeBlock::addPreference(const JudgeResult& judge, QVBoxLayout* layout)
{
    const PreferenceResult& result = judge.judgement.preferences;
    if (result.rankings == 0)
        return;
    auto* const plot = new IntervalPlot(layout->parentWidget());
    plot->setObjectName(QStringLiteral("judgePreferencePlot"));
    plot->setTitle(tr("How often the judge prefers each model"));
    plot->setUnit(format::Unit::Share);
    plot->setRange(0, 1);
    plot->setReference(0.5, tr("no preference"));
    plot->setAxisLabel(tr("chance that the judge prefers it to another model of this tasting "
                          "(Bradley-Terry; 95 % interval)"));
    std::vector<IntervalRow> rows;
    for (const std::size_t m : result.order()) {
        const ModelPreference& model = result.models[m];
        IntervalRow row = shareRow(nameOf(model.model), model.winShare);
        row.model = lookOf(model.model);
        if (std::isnan(row.value))
            row.note = tr("not compared with all others");
        rows.push_back(std::move(row));
    }
    plot->setRows(std::move(rows));
    plot->setMinimumHeight(plot->sizeHint().height());
    layout->addWidget(plot);
}

/// Per axis: mean rating of each model, how steady the judge is, and with whom it goes.
void JudgeBlock::addTones(const JudgeResult& judge, QVBoxLayout* layout)
{
    if (judge.judgement.axes.empty())
        return;
    auto* const tree = new QTreeWidget(layout->parentWidget());
    tree->setObjectName(QStringLiteral("judgeTones"));
    tree->setAccessibleName(tr("Tone as the judge hears it"));
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QStringList header = {tr("Tone, 1 to 5")};
    for (const ModelId& model : m_models)
        header << nameOf(model);
    header << tr("Steadiness") << tr("With the measure") << tr("With readers");
    tree->setHeaderLabels(header);
    for (std::size_t a = 0; a < judge.judgement.axes.size(); ++a) {
        const JudgedAxis& axis = judge.judgement.axes[a];
        const auto known = std::ranges::find(toneAxes(), axis.axis, &ToneAxis::id);
        auto* const item = new QTreeWidgetItem(tree);
        QStringList cells = {known == toneAxes().end() ? QString::fromStdString(axis.axis)
                                                       : utf8(known->label)};
        for (const Estimate& mean : axis.means)
            cells << numberWords(mean);
        cells << numberWords(axis.steadiness);
        for (const Estimate* const other : {&judge.tones[a].measured, &judge.tones[a].people})
            cells << (other->n < kFewestCommon ? tr("n = %1, needs %2", "too few answers")
                                                     .arg(count(other->n), count(kFewestCommon))
                                               : numberWords(*other));
        for (int column = 0; column < static_cast<int>(cells.size()); ++column) {
            item->setText(column, cells[column]);
            if (column > 0)
                item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        }
    }
    tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    tree->header()->setStretchLastSection(false);
    const auto rows = static_cast<int>(judge.judgement.axes.size());
    tree->setFixedHeight(tree->header()->sizeHint().height() + rows * space::kRow + space::kWide);
    layout->addWidget(tree);
    addText(
        tr("Each answer was rated alone and twice, the second time with the scale turned round; "
           "a rating is the mean of both. Steadiness is Krippendorff's alpha of the two. The "
           "last two columns are correlations, within prompts, with the measured axis and with "
           "the mean of your readers' ratings."),
        "judgeToneWords", layout);
}

int JudgeBlock::lookOf(const ModelId& model) const
{
    const auto found = std::ranges::find(m_models, model);
    const auto place = static_cast<std::size_t>(found - m_models.begin());
    return place < m_looks.size() ? m_looks[place] : -1;
}

PlotTable JudgeBlock::verdictTable(const JudgeResult& judge)
{
    PlotTable table;
    table.columns = {tr("Provenance"), tr("Judge"),        tr("Prompt"),       tr("Model A"),
                     tr("Model B"),    tr("With A first"), tr("With B first"), tr("Counts as")};
    const QString provenance = judge.plan.isSimulated ? tr("machine, simulated") : tr("machine");
    for (const JudgedPair& pair : judge.judgement.pairs) {
        const int verdict = pair.verdict();
        table.rows.push_back({provenance, nameOf(judge.plan.judge),
                              QString::fromStdString(pair.prompt.value), nameOf(pair.a),
                              nameOf(pair.b), verdictWord(pair.aFirst), verdictWord(pair.bFirst),
                              !pair.isWhole() ? tr("nothing", "a verdict")
                              : verdict > 0   ? nameOf(pair.a)
                              : verdict < 0   ? nameOf(pair.b)
                                              : tr("tie", "a verdict")});
    }
    return table;
}

} // namespace signalbox::ui
