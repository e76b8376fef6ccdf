// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_view.h"

#include "judge_block.h"
#include "judge_sheet.h"
#include "tasting_result_view.h"
#include "tasting_sheet.h"
#include "tasting_start.h"

#include <core/evidence/stored_answer.h>
#include <core/lab/policy_column.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>
#include <ui/models/background.h>
#include <ui/models/evidence_answers.h>
#include <ui/models/lab_session.h>
#include <ui/models/tasting_result.h>
#include <ui/models/voice_comparison.h>
#include <ui/models/workbench.h>

#include <QAction>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

TastedAnswer blind(const Tasting& tasting, const PromptId& prompt, const ModelId& model)
{
    return {QString::fromStdString(tasting.blindText(prompt, model)),
            QString::fromStdString(tasting.blindBefore(prompt, model))};
}

QString promptText(const Tasting& tasting, const PromptId& id)
{
    const TastedPrompt* const prompt = tasting.prompt(id);
    if (!prompt)
        return {};
    // What was said before it stands above each answer, as it went there.
    return QString::fromStdString(prompt->before.empty() ? prompt->text : prompt->question);
}

/// How many models have a finished answer in the table.
std::size_t modelsWithAnswers(const LabSession& lab)
{
    std::size_t count = 0;
    for (std::size_t m = 0; m < lab.models().size(); ++m) {
        if (isPolicyColumn(lab.models()[m]))
            continue;
        for (std::size_t p = 0; p < lab.prompts().size(); ++p) {
            if (lab.run().cell({p, m, 0}).state == CellState::Done) {
                ++count;
                break;
            }
        }
    }
    return count;
}

} // namespace

TastingView::TastingView(Workbench& workbench, LabSession& lab, QAction* send, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_lab(lab), m_session(workbench.evidenceStore()),
      m_judge(workbench, m_session)
{
    setAccessibleName(tr("Blind tasting"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_problem = new Callout(Tone::Negative, this);
    m_problem->setObjectName(QStringLiteral("tastingProblem"));
    m_problem->hide();
    layout->addWidget(m_problem);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack, 1);
    m_nothing = new EmptyState(Icon::Users, {}, {}, m_stack);
    m_nothing->setObjectName(QStringLiteral("nothingToTaste"));
    m_noAnswers = new EmptyState(
        Icon::Users, tr("Nothing to taste yet"),
        tr("Send the prompts to at least two models; then you judge their answers without names."),
        m_stack);
    m_noAnswers->setObjectName(QStringLiteral("noAnswersToTaste"));
    m_noAnswers->setAction(send);
    m_start = new TastingStart(m_stack);
    m_start->setObjectName(QStringLiteral("tastingStart"));
    buildSheet();
    m_result = new TastingResultView(m_stack);
    m_result->setObjectName(QStringLiteral("tastingResult"));
    for (QWidget* const page :
         {static_cast<QWidget*>(m_nothing), static_cast<QWidget*>(m_noAnswers),
          static_cast<QWidget*>(m_start), m_tasting, static_cast<QWidget*>(m_result)})
        m_stack->addWidget(page);
    connectSession();
    connectJudge();
}

void TastingView::buildSheet()
{
    m_tasting = new QWidget(m_stack);
    auto* const layout = new QVBoxLayout(m_tasting);
    layout->setContentsMargins(space::kWide, space::kUnit, space::kWide, space::kUnit);
    layout->setSpacing(space::kUnit);
    auto* const head = new QHBoxLayout;
    head->setSpacing(space::kGap);
    m_parts = new SegmentedControl(tr("What to judge"), m_tasting);
    m_parts->setObjectName(QStringLiteral("tastingParts"));
    m_parts->addSegment(tr("Which is better?"));
    m_parts->addSegment(tr("Who wrote X?"), tr("An ABX test: can the two be told apart?"));
    head->addWidget(m_parts);
    m_progress = new TextLabel({}, TextRole::BodyStrong, m_tasting);
    m_progress->setObjectName(QStringLiteral("tastingProgress"));
    head->addWidget(m_progress);
    head->addStretch(1);
    auto* const out = new QPushButton(tr("Leave"), m_tasting);
    out->setObjectName(QStringLiteral("tastingLeave"));
    out->setToolTip(tr("Esc: everything that was voted is kept"));
    head->addWidget(out);
    layout->addLayout(head);
    m_asked = new QStackedWidget(m_tasting);
    m_sheet = new TastingSheet(m_asked);
    m_asked->addWidget(m_sheet);
    buildDone();
    m_asked->addWidget(m_done);
    layout->addWidget(m_asked, 1);
    connect(out, &QPushButton::clicked, this, [this] { leave(); });
    connect(m_parts, &SegmentedControl::currentChanged, this, [this] { ask(); });
}

void TastingView::buildDone()
{
    m_done = new QWidget(m_asked);
    auto* const layout = new QVBoxLayout(m_done);
    layout->setSpacing(space::kWide);
    layout->addStretch(1);
    m_doneTitle = new TextLabel({}, TextRole::Heading, m_done);
    m_doneTitle->setObjectName(QStringLiteral("tastingDone"));
    m_doneTitle->setAlignment(Qt::AlignCenter);
    m_doneHint = new TextLabel({}, TextRole::Body, m_done);
    m_doneHint->setMuted(true);
    m_doneHint->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_doneTitle);
    layout->addWidget(m_doneHint);
    auto* const row = new QHBoxLayout;
    row->setSpacing(space::kUnit);
    row->addStretch(1);
    const auto add = [&](const QString& text, const char* name) {
        auto* const button = new QPushButton(text, m_done);
        button->setObjectName(QLatin1String(name));
        row->addWidget(button);
        return button;
    };
    m_otherPart = add({}, "tastingOtherPart");
    setButtonKind(m_otherPart, ButtonKind::Primary);
    m_seeResult = add(tr("See the result"), "tastingSeeResult");
    m_nextPerson = add(tr("Let somebody else taste"), "tastingNextPerson");
    row->addStretch(1);
    layout->addLayout(row);
    layout->addStretch(2);
    connect(m_otherPart, &QPushButton::clicked, this,
            [this] { m_parts->setCurrentIndex(1 - m_parts->currentIndex()); });
    connect(m_seeResult, &QPushButton::clicked, this, [this] { look(); });
    connect(m_nextPerson, &QPushButton::clicked, this, [this] { leave(); });
}

void TastingView::connectSession()
{
    connect(&m_session, &TastingSession::changed, this, [this] { refresh(); });
    connect(&m_session, &TastingSession::reloaded, this, [this] {
        if (m_isLooking && m_session.tasting())
            measure();
    });
    connect(&m_session, &TastingSession::problemChanged, this, [this] {
        m_problem->setMessage(Tone::Negative, m_session.problem());
        m_problem->setVisible(!m_session.problem().isEmpty());
    });
    connect(m_start, &TastingStart::goRequested, this, [this] { go(); });
    connect(m_start, &TastingStart::lookRequested, this, [this] { look(); });
    connect(m_start, &TastingStart::lookConfirmed, this, [this] { lookNow(); });
    connect(m_start, &TastingStart::anotherRequested, this, [this] {
        m_session.forget();
        m_start->focusName();
    });
    connect(m_start, &TastingStart::earlierChosen, this, [this](TastingNumber number) {
        m_start->setMessage({});
        m_wantsFocus = true;
        m_session.choose(number);
    });
    connect(m_sheet, &TastingSheet::ordered, this, [this](const auto& places, const auto& ratings) {
        if (const auto voted = m_session.putInOrder(places, ratings); !voted)
            tellFailure(voted.error());
    });
    connect(m_sheet, &TastingSheet::saidX, this, [this](bool isFirst) {
        if (const auto voted = m_session.sayX(isFirst); !voted)
            tellFailure(voted.error());
    });
    connect(m_sheet, &TastingSheet::skipRequested, this, [this] { m_session.skip(part()); });
    connect(m_sheet, &TastingSheet::takeBackRequested, this,
            [this] { m_session.takeBack(part()); });
    connect(m_sheet, &TastingSheet::leaveRequested, this, [this] { leave(); });
    connect(m_result, &TastingResultView::backRequested, this, [this] {
        m_isLooking = false;
        refresh();
        m_start->focusName();
    });
    connect(m_result, &TastingResultView::contractChosen, this, [this] { applyContract(); });
    connect(m_result, &TastingResultView::gateChosen, this, [this] { applyGate(); });
    connect(&m_workbench.editor(), &PolicyEditor::documentChanged, this,
            [this] { refreshApplied(); });
}

void TastingView::connectJudge()
{
    JudgeBlock& block = m_result->judges();
    connect(&m_judge, &JudgeSession::changed, this, [this] { refreshJudge(); });
    connect(&m_judge, &JudgeSession::finished, this, [this] {
        refreshJudge();
        if (m_isLooking && m_session.tasting() && m_judge.run())
            measure();
    });
    connect(&block, &JudgeBlock::askRequested, this, [this] { askJudge(); });
    connect(&block, &JudgeBlock::restRequested, this, [this](const ModelId& judge) {
        if (const auto begun = m_judge.goOn(judge); !begun)
            tellProblem(this, tr("The judge was not asked"),
                        QString::fromStdString(toString(begun.error())));
    });
    connect(&block, &JudgeBlock::pauseRequested, &m_judge, &JudgeSession::pauseOrGoOn);
    connect(&block, &JudgeBlock::stopRequested, &m_judge, &JudgeSession::stop);
    connect(&block, &JudgeBlock::raiseRequested, this, [this] { m_judge.setCaps({}); });
}

void TastingView::askJudge()
{
    if (!m_session.tasting() || m_judge.models().empty())
        return;
    auto* const sheet = new JudgeSheet(m_judge, *m_session.tasting(), window());
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &JudgeSheet::judgeChosen, this, [this, sheet] {
        const auto begun = m_judge.begin(sheet->judge(), sheet->choices(), sheet->caps());
        if (!begun)
            tellProblem(this, tr("The judge was not asked"),
                        QString::fromStdString(toString(begun.error())));
    });
    sheet->open();
}

void TastingView::refreshJudge()
{
    m_result->judges().showRun(m_judge.run(), m_judge.isRunning() && !m_judge.run());
}

TastingPart TastingView::part() const
{
    return m_parts->currentIndex() == 0 ? TastingPart::Order : TastingPart::Abx;
}

std::size_t TastingView::left(TastingPart part) const
{
    return m_session.total(part) - m_session.done(part);
}

void TastingView::takeFocus()
{
    m_wantsFocus = m_session.isLoading(); // of what is shown then
    if (m_stack->currentWidget() == m_start)
        m_start->focusName();
    else if (m_stack->currentWidget() == m_tasting && m_asked->currentWidget() == m_sheet)
        m_sheet->takeFocus();
    else
        m_stack->currentWidget()->setFocus(Qt::OtherFocusReason);
}

void TastingView::enter()
{
    const auto& run = m_lab.run().id(); // whoever votes stays where they are while it is the same
    if (run != m_session.run()) {
        m_isLooking = false;
        m_session.setRun(run); // says that it changed
        return;
    }
    if (!m_session.hasTaster() && !m_isLooking)
        refresh();
}

void TastingView::refresh()
{
    if (m_isLooking && m_session.tasting()) {
        m_stack->setCurrentWidget(m_result);
        return;
    }
    m_isLooking = false;
    if (m_session.hasTaster()) {
        m_stack->setCurrentWidget(m_tasting);
        ask();
        return;
    }
    if (!showObstacle())
        showStart();
}

bool TastingView::showObstacle()
{
    const auto tell = [&](const QString& title, const QString& hint) {
        m_nothing->setTexts(title, hint);
        m_stack->setCurrentWidget(m_nothing);
        return true;
    };
    if (!m_workbench.evidenceStore())
        return tell(tr("Votes cannot be kept"),
                    tr("The store of answers could not be opened. Mend that in the settings, then "
                       "start again."));
    if (m_session.isLoading())
        return tell(tr("Reading the votes so far \u2026"), {});
    if (m_session.tasting())
        return false;
    if (m_lab.isRunning())
        return tell(tr("The answers are still being written"),
                    tr("A tasting takes them as they are when it begins. Wait until all are there, "
                       "or stop sending."));
    if (!m_lab.hasAnswers() || !m_lab.run().id()) {
        m_stack->setCurrentWidget(m_noAnswers);
        return true;
    }
    if (modelsWithAnswers(m_lab) < 2)
        return tell(tr("Only one model has answered"),
                    tr("Choose at least one more model above and send the prompts."));
    if (tasteable(m_lab).prompts.empty())
        return tell(tr("No prompt has two finished answers"),
                    tr("Ask again what failed, then come back."));
    return false;
}

void TastingView::showStart()
{
    m_start->show(tasteable(m_lab), m_session);
    m_stack->setCurrentWidget(m_start);
    if (std::exchange(m_wantsFocus, false))
        m_start->focusName();
}

void TastingView::go()
{
    if (m_start->name().isEmpty()) {
        m_start->setMessage(tr("Who tastes?"), tr("Votes are kept by name; initials will do."));
        m_start->focusName();
        return;
    }
    if (!m_session.tasting()) {
        const auto seed = static_cast<std::uint64_t>(newTicket());
        const auto begun = m_session.begin(tastingOf(tasteable(m_lab), m_start->choices(), seed));
        if (!begun) {
            tellFailure(begun.error());
            return;
        }
    }
    m_start->setMessage({});
    const QString name = m_start->name();
    if (const auto joined = m_session.join(name); !joined) {
        tellFailure(joined.error());
        return;
    }
    const bool isXLeft = left(TastingPart::Order) == 0 && left(TastingPart::Abx) > 0;
    m_parts->setCurrentIndex(isXLeft ? 1 : 0);
    m_parts->setSegmentEnabled(1, m_session.total(TastingPart::Abx) > 0);
    ask();
}

void TastingView::leave()
{
    m_session.leave();
    m_start->focusName();
}

void TastingView::ask()
{
    if (!m_session.hasTaster())
        return;
    const TastingPart now = part();
    m_progress->setText(tr("%1 of %2", "votes done, all of them")
                            .arg(format::count(static_cast<qint64>(m_session.done(now))),
                                 format::count(static_cast<qint64>(m_session.total(now)))));
    if (left(now) == 0) {
        showDone();
        return;
    }
    m_asked->setCurrentWidget(m_sheet);
    m_sheet->setPossible(m_session.done(now) > 0, left(now) > 1);
    if (now == TastingPart::Order)
        askOrder(*m_session.task());
    else
        askX(*m_session.trial());
}

void TastingView::askOrder(const BlindTask& task)
{
    const Tasting& tasting = *m_session.tasting();
    std::vector<TastedAnswer> answers;
    for (const ModelId& model : task.shown)
        answers.push_back(blind(tasting, task.prompt, model));
    m_sheet->askOrder(promptText(tasting, task.prompt), answers, tasting.axes);
}

void TastingView::askX(const AbxTask& task)
{
    const Tasting& tasting = *m_session.tasting();
    m_sheet->askX(promptText(tasting, task.prompt), blind(tasting, task.prompt, task.first),
                  blind(tasting, task.prompt, task.second), promptText(tasting, task.xPrompt),
                  blind(tasting, task.xPrompt, task.isFirst ? task.first : task.second));
}

void TastingView::showDone()
{
    const TastingPart other = part() == TastingPart::Order ? TastingPart::Abx : TastingPart::Order;
    const bool isMore = left(other) > 0;
    m_doneTitle->setText(tr("That was the last one"));
    m_doneHint->setText(
        isMore
            ? tr("%1 is left. Who sees the names cannot go on.")
                  .arg(other == TastingPart::Abx ? tr("\u201cWho wrote X?\u201d")
                                                 : tr("\u201cWhich is better?\u201d"))
            : tr("Your votes are kept. The result shows the names, to you and whoever looks on."));
    m_otherPart->setText(other == TastingPart::Abx ? tr("Who wrote X?") : tr("Which is better?"));
    m_otherPart->setVisible(isMore);
    setButtonKind(m_seeResult, isMore ? ButtonKind::Normal : ButtonKind::Primary);
    m_asked->setCurrentWidget(m_done);
    (isMore ? m_otherPart : m_seeResult)->setFocus(Qt::OtherFocusReason);
}

/// Seeing the names ends the tasting for whoever looks, so who has not finished is asked first.
void TastingView::look()
{
    const QString name = m_session.hasTaster() ? m_session.taster() : m_start->name();
    if (name.isEmpty()) {
        m_start->setMessage(tr("Who looks?"),
                            tr("Whoever has seen the names cannot taste these answers any more, so "
                               "it is kept who has; initials will do."));
        m_start->focusName();
        return;
    }
    std::size_t open = 0;
    bool isTaster = false;
    for (const TasterProgress& one : m_session.tasters()) {
        if (one.name.compare(name, Qt::CaseInsensitive) != 0)
            continue;
        isTaster = true;
        open = one.total - one.done;
    }
    if (m_session.hasLooked(name) || (isTaster && open == 0)) {
        lookNow();
        return;
    }
    m_session.leave();
    m_start->askToLook(
        isTaster ? tr("%1 has %n vote(s) left.", nullptr, static_cast<int>(open)).arg(name)
                 : tr("%1 has not voted yet.").arg(name));
}

void TastingView::lookNow()
{
    const QString name = m_session.hasTaster() ? m_session.taster() : m_start->name();
    m_start->setMessage({});
    m_isLooking = true;
    if (const auto looked = m_session.look(name); !looked) {
        m_isLooking = false;
        tellFailure(looked.error());
        refresh();
        return;
    }
    showResult();
}

void TastingView::showResult()
{
    m_result->setMessage(tr("Counting the votes \u2026"),
                         tr("With intervals, and against the measured voices."));
    m_stack->setCurrentWidget(m_result);
    m_result->setFocus(Qt::OtherFocusReason);
    m_session.reload(); // with what others have said; then it is measured
}

/// Off this thread: the votes as they are now, beside the voices as the comparison measures them.
void TastingView::measure()
{
    TastingGround ground;
    ground.tasting = *m_session.tasting();
    ground.rankings = m_session.rankings();
    ground.trials = m_session.trials();
    ground.ratings = m_session.ratings();
    ground.judgings = m_judge.judgings();
    if (const auto& projection = m_workbench.projection();
        projection && projection->consistency && m_workbench.evidence()) {
        ground.seams = projection->seams;
        ground.seamModels = m_workbench.evidence()->models;
    }
    const PolicyDocument document = m_workbench.editor().document();
    std::vector<ModelId> models;
    for (const ModelSpec& model : document.models)
        models.push_back(model.id);
    std::vector<int> looks;
    for (const ModelId& model : ground.tasting.models) {
        looks.push_back(m_lab.policyIndexOf(model));
        if (std::ranges::find(models, model) == models.end())
            models.push_back(model);
    }
    const quint64 measurement = ++m_measurement;
    inBackground(
        this,
        [ground, document, models, all = m_workbench.sharedAnswers()]() mutable {
            ground.voices = compareVoices(answersFor(document, all), models);
            return tastingResult(ground);
        },
        [this, looks, measurement](TastingResult result) {
            if (measurement != m_measurement)
                return;
            m_result->setResult(std::move(result), looks);
            refreshApplied();
            refreshJudge();
        });
}

/// One edit, which one undo takes back.
void TastingView::applyContract()
{
    PolicyEditor& editor = m_workbench.editor();
    const VoiceContract contract =
        contractWith(editor.document().voice, m_result->result().contract.contract);
    if (const auto pushed = editor.push(SetVoice{contract}); pushed)
        emit m_workbench.notice(tr("The voice contract is set. Undo takes it back."));
}

void TastingView::applyGate()
{
    PolicyEditor& editor = m_workbench.editor();
    const auto& gate = m_result->result().gate.gate;
    if (!gate)
        return;
    if (const auto pushed = editor.push(SetGates{gatesWith(editor.document().gates, *gate)});
        pushed)
        emit m_workbench.notice(tr("The gate is set. Undo takes it back."));
}

void TastingView::refreshApplied()
{
    const PolicyDocument& document = m_workbench.editor().document();
    const TastingResult& result = m_result->result();
    m_result->setApplied(contractWith(document.voice, result.contract.contract) == document.voice,
                         result.gate.gate &&
                             gatesWith(document.gates, *result.gate.gate) == document.gates);
}

void TastingView::tellFailure(const Error& error)
{
    m_start->setMessage(QString::fromStdString(error.message), QString::fromStdString(error.hint));
}

} // namespace signalbox::ui
