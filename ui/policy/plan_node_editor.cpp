// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_node_editor.h"

#include "acceptance_fields.h"
#include "override_fields.h"
#include "policy_words.h"
#include "takeover_view.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr double kLongestMs = 3'600'000;
constexpr int kMostRetries = 10;

std::optional<int> whole(std::optional<double> number)
{
    return number ? std::optional<int>(static_cast<int>(std::lround(*number))) : std::nullopt;
}

std::optional<double> asNumber(std::optional<int> number)
{
    return number ? std::optional<double>(*number) : std::nullopt;
}

} // namespace

PlanNodeEditor::PlanNodeEditor(const Plan& plan, QWidget* parent) : PartFrame(parent), m_plan(plan)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(space::kHalf + 2, space::kTiny, 0, space::kTiny);
    m_layout->setSpacing(space::kHalf + 2);
    m_head = new QHBoxLayout;
    m_head->setSpacing(space::kHalf);
    m_kind = new ChoiceField(tr("Kind of plan"));
    m_kind->setObjectName(QStringLiteral("planKind"));
    m_kind->addItem(icon(Icon::Call), tr("Call"), static_cast<int>(PlanKind::Call));
    m_kind->addItem(icon(Icon::Chain), tr("Fallback chain"), static_cast<int>(PlanKind::Chain));
    m_kind->addItem(icon(Icon::Split), tr("Split"), static_cast<int>(PlanKind::Split));
    m_kind->addItem(icon(Icon::Cascade), tr("Cascade"), static_cast<int>(PlanKind::Cascade));
    m_kind->addItem(icon(Icon::Pool), tr("Pool"), static_cast<int>(PlanKind::Pool));
    m_menu = new IconButton(Icon::More, tr("More for this part of the plan"));
    m_menu->setFocusPolicy(Qt::StrongFocus);
    // A call is its model; it becomes something else by its menu.
    m_head->addWidget(m_kind);
    m_kind->setVisible(!std::holds_alternative<Call>(plan.node));
    m_layout->addLayout(m_head);
    connect(m_kind, &QComboBox::activated, this, [this] {
        const auto kind = static_cast<PlanKind>(m_kind->value());
        if (kind != kindOf(m_plan))
            emit kindChosen(kind);
    });
    switch (kindOf(plan)) {
    case PlanKind::Call:
        buildCall();
        break;
    case PlanKind::Chain:
        buildChain();
        break;
    case PlanKind::Split:
        buildSplit();
        break;
    case PlanKind::Cascade:
        buildCascade();
        break;
    case PlanKind::Pool:
        buildPool();
        break;
    }
    m_head->addWidget(m_menu);
}

void PlanNodeEditor::setBadge(QWidget* badge)
{
    m_head->insertWidget(0, badge);
}

void PlanNodeEditor::setTakeovers(const Takeovers& takeovers)
{
    if (!m_takeovers && takeovers.edges.empty())
        return;
    if (!m_takeovers) {
        m_takeovers = new TakeoverView;
        m_layout->addWidget(m_takeovers);
    }
    m_takeovers->setTakeovers(takeovers);
}

template<class Kind, class Change> void PlanNodeEditor::change(Pace pace, Change change)
{
    Plan changed = m_plan;
    change(std::get<Kind>(changed.node));
    emit edited(changed, pace);
}

void PlanNodeEditor::buildCall()
{
    m_model = new ModelField(tr("Model"));
    m_model->setObjectName(QStringLiteral("callModel"));
    m_head->addWidget(m_model);
    connect(m_model, &ModelField::modelChosen, this, [this](const ModelId& model) {
        change<Call>(Pace::Once, [&](Call& call) { call.model = model; });
    });
    m_firstToken = new NumberField(tr("First token within"), {1, kLongestMs, 50, 0}, tr("ms"));
    m_firstToken->setObjectName(QStringLiteral("firstTokenMs"));
    m_total = new NumberField(tr("Whole answer within"), {1, kLongestMs, 500, 0}, tr("ms"));
    m_total->setObjectName(QStringLiteral("totalMs"));
    m_retries = new NumberField(tr("Retries"), {0, kMostRetries, 1, 0});
    m_retries->setObjectName(QStringLiteral("retryCount"));
    for (NumberField* const budget : {m_firstToken, m_total})
        budget->setEmptyText(tr("no limit"));
    auto* const budgets = new QHBoxLayout;
    budgets->setSpacing(space::kHalf);
    budgets->addWidget(captioned(tr("First token"), m_firstToken), 3);
    budgets->addWidget(captioned(tr("Whole answer"), m_total), 3);
    budgets->addWidget(captioned(tr("Retries"), m_retries), 2);
    m_layout->addLayout(budgets);
    connect(m_firstToken, &NumberField::valueEdited, this, [this](std::optional<double> ms) {
        change<Call>(Pace::Typing, [&](Call& call) { call.firstTokenMs = whole(ms); });
    });
    connect(m_total, &NumberField::valueEdited, this, [this](std::optional<double> ms) {
        change<Call>(Pace::Typing, [&](Call& call) { call.totalMs = whole(ms); });
    });
    connect(m_retries, &NumberField::valueEdited, this, [this](std::optional<double> count) {
        change<Call>(Pace::Typing,
                     [&](Call& call) { call.retry.count = whole(count).value_or(0); });
    });

    m_backoff = new QWidget;
    auto* const backoff = new QHBoxLayout(m_backoff);
    backoff->setContentsMargins(0, 0, 0, 0);
    backoff->setSpacing(space::kHalf);
    m_wait = new NumberField(tr("Wait before the first retry"), {0, kLongestMs, 50, 0}, tr("ms"));
    m_wait->setObjectName(QStringLiteral("backoffMs"));
    m_multiplier =
        new NumberField(tr("Each further wait times"), {1, 10, 0.5, 2}, QStringLiteral("×"));
    backoff->addWidget(captioned(tr("Wait before the first retry"), m_wait));
    backoff->addWidget(captioned(tr("Each further wait"), m_multiplier));
    m_layout->addWidget(m_backoff);
    connect(m_wait, &NumberField::valueEdited, this, [this](std::optional<double> ms) {
        change<Call>(Pace::Typing,
                     [&](Call& call) { call.retry.backoffMs = whole(ms).value_or(0); });
    });
    connect(m_multiplier, &NumberField::valueEdited, this, [this](std::optional<double> times) {
        change<Call>(Pace::Typing, [&](Call& call) { call.retry.multiplier = times.value_or(1); });
    });
    m_overrides = new OverrideFields;
    m_layout->addWidget(m_overrides);
    connect(m_overrides, &OverrideFields::edited, this,
            [this](const CallOverrides& overrides, Pace pace) {
                change<Call>(pace, [&](Call& call) { call.overrides = overrides; });
            });
}

/// Of a chain or a cascade.
void PlanNodeEditor::addDeadline(const QString& caption)
{
    m_deadline = new NumberField(caption, {1, kLongestMs, 100, 0}, tr("ms"));
    m_deadline->setObjectName(QStringLiteral("deadlineMs"));
    m_deadline->setEmptyText(tr("no limit"));
    connect(m_deadline, &NumberField::valueEdited, this,
            [this](std::optional<double> ms) { setDeadline(whole(ms)); });
}

void PlanNodeEditor::setDeadline(std::optional<int> ms)
{
    if (std::holds_alternative<Chain>(m_plan.node))
        change<Chain>(Pace::Typing, [&](Chain& chain) { chain.deadlineMs = ms; });
    else
        change<Cascade>(Pace::Typing, [&](Cascade& cascade) { cascade.deadlineMs = ms; });
}

void PlanNodeEditor::buildChain()
{
    m_mode = new ChoiceField(tr("When a step is too slow"));
    m_mode->setObjectName(QStringLiteral("chainMode"));
    m_mode->addItem(tr("stop it, start the next"), static_cast<int>(ChainMode::Cancel));
    m_mode->addItem(tr("let it run, start the next"), static_cast<int>(ChainMode::Hedge));
    m_mode->setItemData(0, PolicyWords::chainMode(ChainMode::Cancel), Qt::ToolTipRole);
    m_mode->setItemData(1, PolicyWords::chainMode(ChainMode::Hedge), Qt::ToolTipRole);
    addDeadline(tr("Whole chain within"));
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    line->addWidget(captioned(tr("When a step is too slow"), m_mode), 3);
    line->addWidget(captioned(tr("Whole chain within"), m_deadline), 2);
    m_layout->addLayout(line);
    connect(m_mode, &QComboBox::activated, this, [this] {
        change<Chain>(Pace::Once,
                      [&](Chain& chain) { chain.mode = static_cast<ChainMode>(m_mode->value()); });
    });
    auto* const caption =
        new TextLabel(tr("Go on to the next step when a model is"), TextRole::Caption);
    caption->setMuted(true);
    m_layout->addWidget(caption);
    auto* const grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kUnit);
    grid->setVerticalSpacing(space::kTiny);
    for (int i = 0; i < kAttemptFailureCount; ++i) {
        const auto failure = static_cast<AttemptFailure>(i);
        auto* const box = new QCheckBox(PolicyWords::failure(failure));
        grid->addWidget(box, i / 2, i % 2);
        m_on.push_back(box);
        connect(box, &QCheckBox::clicked, this, [this](bool) {
            change<Chain>(Pace::Once, [&](Chain& chain) {
                chain.on.clear();
                for (std::size_t each = 0; each < m_on.size(); ++each) {
                    if (m_on[each]->isChecked())
                        chain.on.push_back(static_cast<AttemptFailure>(each));
                }
            });
        });
    }
    m_layout->addLayout(grid);
}

void PlanNodeEditor::buildSplit()
{
    m_sticky = new ChoiceField(tr("Stays the same for"));
    m_sticky->setObjectName(QStringLiteral("splitSticky"));
    for (const StickyUnit unit : {StickyUnit::Request, StickyUnit::Conversation, StickyUnit::User})
        m_sticky->addItem(PolicyWords::stickyUnit(unit), static_cast<int>(unit));
    m_salt = new TextField(tr("Salt"));
    m_salt->setToolTip(
        tr("Another salt draws anew; the same salt draws the same arms everywhere."));
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    line->addWidget(captioned(tr("Drawn once for"), m_sticky), 3);
    line->addWidget(captioned(tr("Salt"), m_salt), 2);
    m_layout->addLayout(line);
    connect(m_sticky, &QComboBox::activated, this, [this] {
        change<Split>(Pace::Once, [&](Split& split) {
            split.sticky = static_cast<StickyUnit>(m_sticky->value());
        });
    });
    connect(m_salt, &QLineEdit::textEdited, this, [this](const QString& text) {
        change<Split>(Pace::Typing, [&](Split& split) { split.salt = text.toStdString(); });
    });
}

void PlanNodeEditor::buildCascade()
{
    addDeadline(tr("Answer begins within"));
    m_layout->addWidget(captioned(tr("Answer begins within"), m_deadline));
    m_accept = new AcceptanceFields;
    m_layout->addWidget(m_accept);
    connect(m_accept, &AcceptanceFields::edited, this, [this](const Acceptance& accept, Pace pace) {
        change<Cascade>(pace, [&](Cascade& cascade) { cascade.accept = accept; });
    });
}

void PlanNodeEditor::buildPool()
{
    m_pick = new ChoiceField(tr("Picks"));
    m_pick->setObjectName(QStringLiteral("poolPick"));
    for (const PoolPick pick : {PoolPick::Latency, PoolPick::Cost, PoolPick::Load})
        m_pick->addItem(PolicyWords::poolPick(pick), static_cast<int>(pick));
    m_pick->setToolTip(tr("By numbers that the router has at that moment; without them the first. "
                          "A pick that fails has failed the pool."));
    m_layout->addWidget(captioned(tr("Picks, by what the router knows at that moment"), m_pick));
    connect(m_pick, &QComboBox::activated, this, [this] {
        change<Pool>(Pace::Once,
                     [&](Pool& pool) { pool.pick = static_cast<PoolPick>(m_pick->value()); });
    });
}

void PlanNodeEditor::show(const Plan& plan, const std::vector<ModelSpec>& models)
{
    m_plan = plan;
    m_models = models;
    m_kind->setValue(static_cast<int>(plan.node.index()));
    if (const auto* const call = std::get_if<Call>(&plan.node))
        showCall(*call);
    else if (const auto* const chain = std::get_if<Chain>(&plan.node))
        showChain(*chain);
    else if (const auto* const split = std::get_if<Split>(&plan.node))
        showSplit(*split);
    else if (const auto* const cascade = std::get_if<Cascade>(&plan.node))
        showCascade(*cascade);
    else
        showPool(std::get<Pool>(plan.node));
}

void PlanNodeEditor::showCall(const Call& call)
{
    m_model->setModels(m_models, call.model);
    m_firstToken->setValue(asNumber(call.firstTokenMs));
    m_total->setValue(asNumber(call.totalMs));
    m_retries->setValue(call.retry.count);
    m_backoff->setVisible(call.retry.count > 0);
    m_wait->setValue(call.retry.backoffMs);
    m_multiplier->setValue(call.retry.multiplier);
    m_overrides->setOverrides(call.overrides);
}

void PlanNodeEditor::showChain(const Chain& chain)
{
    m_mode->setValue(static_cast<int>(chain.mode));
    m_deadline->setValue(asNumber(chain.deadlineMs));
    for (std::size_t i = 0; i < m_on.size(); ++i) {
        const QSignalBlocker quiet(m_on[i]);
        m_on[i]->setChecked(std::find(chain.on.begin(), chain.on.end(),
                                      static_cast<AttemptFailure>(i)) != chain.on.end());
    }
}

void PlanNodeEditor::showSplit(const Split& split)
{
    m_sticky->setValue(static_cast<int>(split.sticky));
    m_salt->setValue(split.salt);
}

void PlanNodeEditor::showCascade(const Cascade& cascade)
{
    m_deadline->setValue(asNumber(cascade.deadlineMs));
    m_accept->setAcceptance(cascade.accept, m_models);
}

void PlanNodeEditor::showPool(const Pool& pool)
{
    m_pick->setValue(static_cast<int>(pool.pick));
}

void PlanNodeEditor::focusFirst()
{
    QWidget* const first = m_model ? static_cast<QWidget*>(m_model) : m_kind;
    first->setFocus(Qt::OtherFocusReason);
}

} // namespace signalbox::ui
