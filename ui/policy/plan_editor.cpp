// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_editor.h"

#include "plan_edits.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr double kLongestMs = 3'600'000;
constexpr int kMostRetries = 10;
constexpr int kIndent = 14;

std::string shapeOf(const Plan& plan)
{
    if (const auto* const chain = std::get_if<Chain>(&plan.node)) {
        std::string shape = "n(";
        for (const Plan& step : chain->steps)
            shape += shapeOf(step);
        return shape + ')';
    }
    if (const auto* const split = std::get_if<Split>(&plan.node)) {
        std::string shape = "s(";
        for (const Arm& arm : split->arms)
            shape += shapeOf(arm.plan);
        return shape + ')';
    }
    return "c";
}

std::optional<int> whole(std::optional<double> number)
{
    return number ? std::optional<int>(static_cast<int>(std::lround(*number))) : std::nullopt;
}

std::optional<double> asNumber(std::optional<int> number)
{
    return number ? std::optional<double>(*number) : std::nullopt;
}

/// Indented parts of a node.
QWidget* partsBox(QVBoxLayout*& layout)
{
    auto* const box = new QWidget;
    layout = new QVBoxLayout(box);
    layout->setContentsMargins(kIndent, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    return box;
}

} // namespace

// PlanNodeEditor

PlanNodeEditor::PlanNodeEditor(const Plan& plan, QWidget* parent) : PartFrame(parent), m_plan(plan)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(space::kHalf + 2, space::kTiny, 0, space::kTiny);
    m_layout->setSpacing(space::kHalf + 2);
    m_head = new QHBoxLayout;
    m_head->setSpacing(space::kHalf);
    m_kind = new ChoiceField(tr("Kind of plan"));
    m_kind->setObjectName(QStringLiteral("planKind"));
    m_kind->addItem(icon(Icon::Call), tr("Call"), 0);
    m_kind->addItem(icon(Icon::Chain), tr("Fallback chain"), 1);
    m_kind->addItem(icon(Icon::Split), tr("Split"), 2);
    m_menu = new IconButton(Icon::More, tr("More for this part of the plan"));
    m_menu->setFocusPolicy(Qt::StrongFocus);
    // A call is its model; it becomes a chain or a split by its menu.
    m_head->addWidget(m_kind);
    m_kind->setVisible(!std::holds_alternative<Call>(plan.node));
    m_layout->addLayout(m_head);
    connect(m_kind, &QComboBox::activated, this, [this] {
        const auto kind = static_cast<std::size_t>(m_kind->value());
        if (kind != m_plan.node.index())
            emit kindChosen(kind);
    });
    switch (plan.node.index()) {
    case 0:
        buildCall();
        break;
    case 1:
        buildChain();
        break;
    default:
        buildSplit();
        break;
    }
    m_head->addWidget(m_menu);
}

void PlanNodeEditor::setBadge(QWidget* badge)
{
    m_head->insertWidget(0, badge);
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
}

void PlanNodeEditor::buildChain()
{
    m_mode = new ChoiceField(tr("When a step is too slow"));
    m_mode->setObjectName(QStringLiteral("chainMode"));
    m_mode->addItem(tr("stop it, start the next"), static_cast<int>(ChainMode::Cancel));
    m_mode->addItem(tr("let it run, start the next"), static_cast<int>(ChainMode::Hedge));
    m_mode->setItemData(0, PolicyWords::chainMode(ChainMode::Cancel), Qt::ToolTipRole);
    m_mode->setItemData(1, PolicyWords::chainMode(ChainMode::Hedge), Qt::ToolTipRole);
    m_deadline = new NumberField(tr("Whole chain within"), {1, kLongestMs, 100, 0}, tr("ms"));
    m_deadline->setObjectName(QStringLiteral("deadlineMs"));
    m_deadline->setEmptyText(tr("no limit"));
    auto* const line = new QHBoxLayout;
    line->setSpacing(space::kHalf);
    line->addWidget(captioned(tr("When a step is too slow"), m_mode), 3);
    line->addWidget(captioned(tr("Whole chain within"), m_deadline), 2);
    m_layout->addLayout(line);
    connect(m_mode, &QComboBox::activated, this, [this] {
        change<Chain>(Pace::Once,
                      [&](Chain& chain) { chain.mode = static_cast<ChainMode>(m_mode->value()); });
    });
    connect(m_deadline, &NumberField::valueEdited, this, [this](std::optional<double> ms) {
        change<Chain>(Pace::Typing, [&](Chain& chain) { chain.deadlineMs = whole(ms); });
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

void PlanNodeEditor::show(const Plan& plan, const std::vector<ModelSpec>& models)
{
    m_plan = plan;
    m_models = models;
    setAccessibleName(PolicyWords::planTitle(plan));
    m_kind->setValue(static_cast<int>(plan.node.index()));
    if (const auto* const call = std::get_if<Call>(&plan.node))
        showCall(*call);
    else if (const auto* const chain = std::get_if<Chain>(&plan.node))
        showChain(*chain);
    else
        showSplit(std::get<Split>(plan.node));
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

void PlanNodeEditor::focusFirst()
{
    QWidget* const first = m_model ? static_cast<QWidget*>(m_model) : m_kind;
    first->setFocus(Qt::OtherFocusReason);
}

// PlanEditor

PlanEditor::PlanEditor(QWidget* parent) : NestedEditor(parent)
{
    setObjectName(QStringLiteral("planEditor"));
}

void PlanEditor::setPlan(const Plan& root, const PolicyDocument& document)
{
    m_root = root;
    m_models = document.models;
    m_baseline = document.baseline;
    if (isRemaking())
        return;
    if (shapeOf(root) != m_shape)
        rebuild();
    else
        refreshNodes();
}

void PlanEditor::rebuild()
{
    remakeParts([this] {
        m_shape = shapeOf(m_root);
        partsLayout()->addWidget(build(m_root, {}));
        refreshNodes();
    });
}

void PlanEditor::refreshNodes()
{
    for (const auto& [path, part] : parts()) {
        auto* const node = static_cast<PlanNodeEditor*>(part);
        node->show(*planAt(m_root, path), m_models);
        if (const auto place = placeOfPlan(path)) {
            const auto* const split = std::get_if<Split>(&planAt(m_root, place->parent)->node);
            auto* const weight = node->findChild<NumberField*>(QStringLiteral("armWeight"));
            if (split && weight)
                weight->setValue(split->arms[place->index].weight / 100.0);
        }
    }
    markCurrent();
}

QWidget* PlanEditor::build(const Plan& plan, const std::string& path)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const node = new PlanNodeEditor(plan);
    node->setObjectName(QStringLiteral("planNode"));
    addPart(path, node);
    layout->addWidget(node);
    connect(node, &PlanNodeEditor::edited, this,
            [this, path](const Plan& changed, Pace pace) { replace(path, changed, pace); });
    connect(node, &PlanNodeEditor::kindChosen, this, [this, path](std::size_t kind) {
        const Plan* const now = planAt(m_root, path);
        if (kind == 0)
            perform(path, ui::unwrapSelected);
        else if (std::holds_alternative<Call>(now->node))
            perform(path, kind == 1 ? ui::addFallback : ui::makeSplit);
        else if (const auto* const chain = std::get_if<Chain>(&now->node); chain && kind == 2)
            replace(path,
                    Plan{Split{
                        StickyUnit::Conversation, "split-1", {Arm{10'000, chain->steps.front()}}}},
                    Pace::Once);
        else if (const auto* const split = std::get_if<Split>(&now->node)) {
            Chain made;
            for (const Arm& arm : split->arms)
                made.steps.push_back(arm.plan);
            replace(path, Plan{std::move(made)}, Pace::Once);
        }
    });
    fillMenu(node->menuButton(), path);
    watch(node, path);
    if (const auto* const chain = std::get_if<Chain>(&plan.node))
        layout->addWidget(buildChainParts(*chain, path));
    else if (const auto* const split = std::get_if<Split>(&plan.node))
        layout->addWidget(buildSplitParts(*split, path));
    return box;
}

QWidget* PlanEditor::buildChainParts(const Chain& chain, const std::string& path)
{
    QVBoxLayout* layout = nullptr;
    QWidget* const box = partsBox(layout);
    for (std::size_t i = 0; i < chain.steps.size(); ++i) {
        const std::string step = stepPath(path, i);
        layout->addWidget(build(chain.steps[i], step));
        auto* const badge =
            new TextLabel(tr("%1.", "number of a step").arg(i + 1), TextRole::BodyStrong);
        badge->setMuted(true);
        static_cast<PlanNodeEditor*>(partAt(step))->setBadge(badge);
    }
    auto* const add =
        quietAddButton(tr("Step"), QStringLiteral("addStep"), tr("Add fallback step"));
    connect(add, &QPushButton::clicked, this, [this, path] { addStepOrArm(path); });
    layout->addWidget(add, 0, Qt::AlignLeft);
    return box;
}

QWidget* PlanEditor::buildSplitParts(const Split& split, const std::string& path)
{
    QVBoxLayout* layout = nullptr;
    QWidget* const box = partsBox(layout);
    for (std::size_t i = 0; i < split.arms.size(); ++i) {
        const std::string arm = armPath(path, i);
        layout->addWidget(build(split.arms[i].plan, arm));
        auto* const weight =
            new NumberField(tr("Share of arm %1").arg(i + 1), {0, 100, 1, 2}, QStringLiteral("%"));
        weight->setObjectName(QStringLiteral("armWeight"));
        weight->setFixedWidth(72);
        connect(weight, &NumberField::valueEdited, this,
                [this, path, i](std::optional<double> percent) {
                    setWeight(path, i, static_cast<int>(std::lround(percent.value_or(0) * 100)));
                });
        static_cast<PlanNodeEditor*>(partAt(arm))->setBadge(weight);
        watch(weight, arm);
    }
    auto* const add = quietAddButton(tr("Arm"), QStringLiteral("addArm"), tr("Add an arm"));
    connect(add, &QPushButton::clicked, this, [this, path] { addStepOrArm(path); });
    layout->addWidget(add, 0, Qt::AlignLeft);
    return box;
}

void PlanEditor::fillMenu(QToolButton* button, const std::string& path)
{
    auto* const menu = new QMenu(button);
    popUpFrom(button, menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, path] {
        menu->clear();
        const Plan* const plan = planAt(m_root, path);
        if (!plan)
            return;
        menu->addAction(icon(Icon::Chain), tr("Add fallback step"), this,
                        [this, path] { perform(path, ui::addFallback); });
        menu->addAction(icon(Icon::Split), tr("Split off a tenth"), this,
                        [this, path] { perform(path, ui::makeSplit); });
        menu->addAction(tr("Wrap in a chain"), this,
                        [this, path] { perform(path, ui::wrapInChain); });
        if (!std::holds_alternative<Call>(plan->node))
            menu->addAction(tr("Keep only the first part"), this,
                            [this, path] { perform(path, ui::unwrapSelected); });
        if (path.empty())
            return;
        menu->addSeparator();
        menu->addAction(icon(Icon::Up), tr("Move up"), this, [this, path] { move(path, -1); });
        menu->addAction(icon(Icon::Down), tr("Move down"), this, [this, path] { move(path, +1); });
        menu->addAction(icon(Icon::Trash), tr("Delete"), this, [this, path] { remove(path); });
    });
}

bool PlanEditor::hasPath(const std::string& path) const
{
    return planAt(m_root, path) != nullptr;
}

void PlanEditor::replace(const std::string& path, Plan plan, Pace pace)
{
    Plan root = m_root;
    Plan* const target = planAt(root, path);
    if (!target)
        return;
    *target = std::move(plan);
    emit edited(root, path, pace);
}

void PlanEditor::setWeight(const std::string& path, std::size_t arm, int weight)
{
    Plan root = m_root;
    setArmWeight(std::get<Split>(planAt(root, path)->node), arm, weight);
    emit edited(root, armPath(path, arm), Pace::Typing);
}

template<class Gesture> void PlanEditor::perform(const std::string& path, Gesture gesture)
{
    // A document with nothing but this plan, so that the inspector means the same as the canvas.
    PolicyDocument document;
    document.models = m_models;
    document.baseline = m_baseline;
    document.otherwise = m_root;
    const MaybeGesture made = gesture(document, selectOtherwise(path));
    if (!made)
        return;
    m_current = made->after.path;
    emit edited(std::get<SetOtherwise>(made->edit).plan, made->after.path, Pace::Once);
}

void PlanEditor::move(const std::string& path, int delta)
{
    perform(path, [delta](const PolicyDocument& document, const PolicySelection& selection) {
        return moveSelected(document, selection, delta);
    });
}

void PlanEditor::remove(const std::string& path)
{
    perform(path, [](const PolicyDocument& document, const PolicySelection& selection) {
        return removeSelected(document, selection);
    });
}

void PlanEditor::addStepOrArm(const std::string& path)
{
    const Plan* const plan = planAt(m_root, path);
    if (plan)
        perform(path, std::holds_alternative<Split>(plan->node) ? ui::makeSplit : ui::addFallback);
}

} // namespace signalbox::ui
