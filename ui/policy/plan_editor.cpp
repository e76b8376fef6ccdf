// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_editor.h"

#include "plan_edits.h"
#include "plan_node_editor.h"
#include "policy_paths.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStringList>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr int kIndent = 14;
constexpr int kRail = 6; ///< the line beside nested parts

std::string shapeOf(const Plan& plan)
{
    std::string shape(1, "cnsap"[plan.node.index()]);
    const std::vector<Plan> parts = partsOf(plan);
    if (parts.empty() && std::holds_alternative<Call>(plan.node))
        return shape;
    shape += '(';
    for (const Plan& part : parts)
        shape += shapeOf(part);
    return shape + ')';
}

/// Where a part stands in the whole plan, as in an outline: "2.1" is the first part of the second.
QString outlineNumber(const std::string& path)
{
    QStringList numbers;
    for (auto place = placeOfPlan(path); place; place = placeOfPlan(place->parent))
        numbers.prepend(QString::number(place->index + 1));
    return numbers.join(QLatin1Char('.'));
}

/// The parts of a node hang on a line, so that one sees where they end.
class PartsBox final : public QWidget
{
protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        const int x = layoutDirection() == Qt::RightToLeft ? width() - 1 - kRail : kRail;
        painter.fillRect(QRect(x, 0, 1, height()), Theme::current().colors().lineStrong);
    }
};

/// Indented parts of a node.
QWidget* partsBox(QVBoxLayout*& layout)
{
    auto* const box = new PartsBox;
    layout = new QVBoxLayout(box);
    layout->setContentsMargins(kIndent, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    return box;
}

} // namespace

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

void PlanEditor::setTakeovers(Takeovers takeovers)
{
    if (takeovers == m_takeovers)
        return;
    m_takeovers = std::move(takeovers);
    for (const auto& [path, part] : parts())
        static_cast<PlanNodeEditor*>(part)->setTakeovers(takeoversInto(m_takeovers, path));
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
        node->show(*planPartAt(m_root, path), m_models);
        node->setTakeovers(takeoversInto(m_takeovers, path));
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
    connect(node, &PlanNodeEditor::kindChosen, this, [this, path](PlanKind kind) {
        perform(path, [kind](const PolicyDocument& document, const PolicySelection& selection) {
            return changePlanKind(document, selection, kind);
        });
    });
    fillMenu(node->menuButton(), path);
    watch(node, path);
    if (!std::holds_alternative<Call>(plan.node))
        layout->addWidget(buildParts(plan, path));
    return box;
}

QWidget* PlanEditor::buildParts(const Plan& plan, const std::string& path)
{
    QVBoxLayout* layout = nullptr;
    QWidget* const box = partsBox(layout);
    const std::vector<Plan> parts = partsOf(plan);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        layout->addWidget(build(parts[i], partPath(plan, path, i)));
        addBadge(plan, path, i);
    }
    const auto addButton = [&]() -> QPushButton* {
        switch (kindOf(plan)) {
        case PlanKind::Split:
            return quietAddButton(tr("Arm"), QStringLiteral("addArm"), tr("Add an arm"));
        case PlanKind::Pool:
            return quietAddButton(tr("Member"), QStringLiteral("addMember"), tr("Add a member"));
        case PlanKind::Cascade:
            return quietAddButton(tr("Step"), QStringLiteral("addStep"),
                                  tr("Add a step that answers if those before it are rejected"));
        default:
            return quietAddButton(tr("Step"), QStringLiteral("addStep"), tr("Add fallback step"));
        }
    };
    QPushButton* const add = addButton();
    connect(add, &QPushButton::clicked, this, [this, path] { perform(path, ui::addPart); });
    layout->addWidget(add, 0, Qt::AlignLeft);
    return box;
}

/// What stands in front of a part: its number in the whole plan, and the weight of an arm.
void PlanEditor::addBadge(const Plan& plan, const std::string& path, std::size_t part)
{
    const std::string own = partPath(plan, path, part);
    auto* const node = static_cast<PlanNodeEditor*>(partAt(own));
    const QString number = outlineNumber(own);
    if (std::holds_alternative<Split>(plan.node)) {
        node->setAccessibleName(tr("Arm %1", "number in an outline").arg(number));
        auto* const weight =
            new NumberField(tr("Share of arm %1").arg(number), {0, 100, 1, 2}, QStringLiteral("%"));
        weight->setObjectName(QStringLiteral("armWeight"));
        weight->setFixedWidth(72);
        connect(weight, &NumberField::valueEdited, this,
                [this, path, part](std::optional<double> percent) {
                    setWeight(path, part, static_cast<int>(std::lround(percent.value_or(0) * 100)));
                });
        node->setBadge(weight);
        watch(weight, own);
    } else if (std::holds_alternative<Pool>(plan.node)) {
        return; // no order, no shares
    } else {
        node->setAccessibleName(tr("Step %1", "number in an outline").arg(number));
    }
    auto* const badge = new TextLabel(number, TextRole::BodyStrong);
    badge->setObjectName(QStringLiteral("outlineNumber"));
    badge->setMuted(true);
    node->setBadge(badge);
}

void PlanEditor::fillMenu(QToolButton* button, const std::string& path)
{
    auto* const menu = new QMenu(button);
    popUpFrom(button, menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, path] {
        menu->clear();
        const auto plan = planPartAt(m_root, path);
        if (!plan)
            return;
        const auto add = [&](Icon sign, const QString& text, auto gesture) {
            menu->addAction(icon(sign), text, this,
                            [this, path, gesture] { perform(path, gesture); });
        };
        // A member is a call: what is made of it is made of its pool.
        if (nodePathOf(m_root, path) == path) {
            add(Icon::Chain, tr("Add fallback step"), ui::addFallback);
            add(Icon::Split, tr("Split off a tenth"), ui::makeSplit);
            add(Icon::Cascade, tr("Check its answers"), ui::makeCascade);
            add(Icon::Pool, tr("Pick between models"), ui::makePool);
            menu->addAction(tr("Wrap in a chain"), this,
                            [this, path] { perform(path, ui::wrapInChain); });
        }
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
    return planPartAt(m_root, path).has_value();
}

void PlanEditor::replace(const std::string& path, Plan plan, Pace pace)
{
    Plan root = m_root;
    if (setPlanPart(root, path, std::move(plan)))
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

} // namespace signalbox::ui
