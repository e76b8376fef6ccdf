// SPDX-License-Identifier: GPL-3.0-or-later
#include "condition_editor.h"

#include "policy_outline_model.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <core/policy/condition_completion.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

CompareValue defaultValue(ValueType type)
{
    switch (type) {
    case ValueType::Number:
        return 0.0;
    case ValueType::Boolean:
        return true;
    case ValueType::String:
        return std::string();
    }
    return 0.0;
}

bool isOrder(CompareOp op)
{
    return op == CompareOp::Lt || op == CompareOp::Lte || op == CompareOp::Gt ||
           op == CompareOp::Gte;
}

/// The value that suits an operator, kept from the one before as far as it goes.
CompareValue valueFor(CompareOp op, const Compare& before, ValueType type)
{
    if (op == CompareOp::Exists)
        return true;
    CompareValue plain = before.op == CompareOp::Exists ? defaultValue(type) : before.value;
    if (op == CompareOp::In) {
        if (std::holds_alternative<std::vector<Scalar>>(plain))
            return plain;
        if (const auto* const byStyle = std::get_if<ByStyle>(&plain))
            return std::vector<Scalar>{byStyle->balanced};
        return std::visit(
            [](const auto& value) -> CompareValue {
                if constexpr (std::is_constructible_v<Scalar, decltype(value)>)
                    return std::vector<Scalar>{Scalar(value)};
                else
                    return std::vector<Scalar>{};
            },
            plain);
    }
    if (const auto* const list = std::get_if<std::vector<Scalar>>(&plain)) {
        if (list->empty())
            return defaultValue(type);
        return std::visit([](const auto& value) { return CompareValue(value); }, list->front());
    }
    if (const auto* const byStyle = std::get_if<ByStyle>(&plain); byStyle && !isOrder(op))
        return byStyle->balanced;
    return plain;
}

/// What decides which widgets a condition needs: its tree, not its values.
std::string shapeOf(const Condition& condition)
{
    if (std::holds_alternative<Compare>(condition.node))
        return "c";
    if (const auto* const negation = std::get_if<Not>(&condition.node))
        return "!" + shapeOf(*negation->condition);
    const auto* const all = std::get_if<All>(&condition.node);
    std::string shape = "g(";
    for (const Condition& child : all ? all->conditions : std::get<Any>(condition.node).conditions)
        shape += shapeOf(child);
    return shape + ')';
}

QToolButton* moreButton(const QString& name)
{
    auto* const button = new IconButton(Icon::More, name);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

/// The word "not" before a condition: only there while it counts. The row's menu puts it there.
QToolButton* notButton()
{
    auto* const button = new QToolButton;
    button->setText(PolicyWords::tr("not", "before a condition"));
    button->setObjectName(QStringLiteral("notChip"));
    button->setCheckable(true);
    button->setChecked(true);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleName(PolicyWords::tr("Negated"));
    button->setToolTip(
        PolicyWords::tr("True when this does not hold. Click to take the \"not\" off."));
    return button;
}

bool isNegated(const std::string& path)
{
    const std::vector<PathStep> steps = splitPath(path);
    return !steps.empty() && steps.back().member == "not";
}

/// A vertical line along a group's parts.
class GroupFrame final : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(this);
        painter.fillRect(QRect(space::kHalf, 0, 1, height()), Theme::current().colors().line);
    }
};

} // namespace

// CompareRow

CompareRow::CompareRow(QWidget* parent) : PartFrame(parent)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(space::kHalf + 2, space::kTiny, 0, space::kTiny);
    m_layout->setSpacing(space::kHalf);
    m_line = new QHBoxLayout;
    m_line->setSpacing(space::kHalf);
    m_layout->addLayout(m_line);
    m_not = notButton();
    m_signal = new SignalField(tr("Signal"));
    m_operator = new ChoiceField(tr("Operator"));
    m_menu = moreButton(tr("More for this condition"));
    m_line->addWidget(m_not);
    m_line->addWidget(m_signal, 6);
    m_line->addWidget(m_operator, 3);
    m_line->addWidget(m_menu);
    connect(m_not, &QToolButton::clicked, this, &CompareRow::negationToggled);
    connect(m_signal, &SignalField::signalChosen, this, &CompareRow::chooseSignal);
    // Behind the event that closes the list, which would close a menu with it.
    connect(m_signal, &SignalField::newSignalRequested, this, &CompareRow::askForKind,
            Qt::QueuedConnection);
    connect(m_operator, &QComboBox::activated, this,
            [this] { chooseOperator(static_cast<CompareOp>(m_operator->value())); });
}

const Signal* CompareRow::signal() const
{
    const auto found = std::find_if(m_signals.begin(), m_signals.end(), [&](const Signal& each) {
        return each.id == m_compare.signal;
    });
    return found == m_signals.end() ? nullptr : &*found;
}

ValueType CompareRow::typeOfSignal() const
{
    if (const Signal* const known = signal())
        return valueTypeOf(*known);
    if (std::holds_alternative<bool>(m_compare.value) && m_compare.op != CompareOp::Exists)
        return ValueType::Boolean;
    return std::holds_alternative<std::string>(m_compare.value) ? ValueType::String
                                                                : ValueType::Number;
}

CompareRow::ValueKind CompareRow::kindOfValue() const
{
    if (m_compare.op == CompareOp::Exists)
        return ValueKind::Nothing;
    switch (m_compare.value.index()) {
    case 0:
        return ValueKind::Number;
    case 1:
        return ValueKind::YesNo;
    case 2: {
        const Signal* const known = signal();
        const bool style = known && std::holds_alternative<StyleSource>(known->source);
        const bool equality = m_compare.op == CompareOp::Eq || m_compare.op == CompareOp::Ne;
        return style && equality ? ValueKind::StyleName : ValueKind::Text;
    }
    case 3:
        return ValueKind::List;
    default:
        return ValueKind::ByStyle;
    }
}

void CompareRow::show(const Compare& compare, bool negated, const std::vector<Signal>& all)
{
    m_compare = compare;
    m_signals = all;
    setAccessibleName(negated ? tr("not %1", "a comparison").arg(PolicyWords::compare(compare))
                              : PolicyWords::compare(compare));
    m_not->setChecked(true);
    m_not->setVisible(negated);
    m_signal->setSignals(all, compare.signal);
    fillOperators();
    if (const ValueKind kind = kindOfValue();
        kind != m_kind || (!m_value && kind != ValueKind::Nothing))
        makeValueField(kind);
    showValue();
}

void CompareRow::fillOperators()
{
    const QSignalBlocker quiet(m_operator);
    m_operator->clear();
    const auto fitting = operatorsFor(typeOfSignal());
    std::vector<CompareOp> operators(fitting.begin(), fitting.end());
    if (std::find(operators.begin(), operators.end(), m_compare.op) == operators.end())
        operators.push_back(m_compare.op); // broken, but it is what the document says
    for (const CompareOp op : operators)
        m_operator->addItem(PolicyWords::op(op), static_cast<int>(op));
    m_operator->setCurrentIndex(m_operator->findData(static_cast<int>(m_compare.op)));
}

NumberField* CompareRow::styleField(const QString& caption, double ByStyle::* member)
{
    auto* const field =
        new NumberField(tr("Threshold for %1 answers").arg(caption), {-1e12, 1e12, 1, 4});
    connect(field, &NumberField::valueEdited, this, [this, member](std::optional<double> number) {
        ByStyle changed = std::get<ByStyle>(m_compare.value);
        changed.*member = number.value_or(0);
        setValue(changed, Pace::Typing);
    });
    return field;
}

void CompareRow::makeValueField(ValueKind kind)
{
    if (m_value) {
        m_value->hide();
        m_value->deleteLater();
        m_value = nullptr;
    }
    m_kind = kind;
    const auto typed = [this](const QString& text) {
        if (const auto value = compareValueFromText(m_compare.value, text))
            setValue(*value, Pace::Typing);
    };
    switch (kind) {
    case ValueKind::Nothing:
        return;
    case ValueKind::Number: {
        auto* const field = new NumberField(tr("Value"), {-1e12, 1e12, 1, 4});
        connect(field, &NumberField::valueEdited, this, [this](std::optional<double> number) {
            setValue(number.value_or(0), Pace::Typing);
        });
        m_value = field;
        break;
    }
    case ValueKind::YesNo: {
        auto* const field = new ChoiceField(tr("Value"));
        field->addItem(PolicyWords::tr("yes"), 1);
        field->addItem(PolicyWords::tr("no"), 0);
        connect(field, &QComboBox::activated, this,
                [this, field] { setValue(field->value() == 1, Pace::Once); });
        m_value = field;
        break;
    }
    case ValueKind::StyleName: {
        auto* const field = new ChoiceField(tr("Value"));
        for (const char* const name : {"concise", "balanced", "detailed"})
            field->addItem(QLatin1String(name));
        connect(field, &QComboBox::activated, this,
                [this, field] { setValue(field->currentText().toStdString(), Pace::Once); });
        m_value = field;
        break;
    }
    case ValueKind::Text:
    case ValueKind::List: {
        auto* const field = new TextField(
            kind == ValueKind::List ? tr("Values, separated by commas") : tr("Value"));
        if (kind == ValueKind::List)
            field->setPlaceholderText(tr("a, b, c"));
        connect(field, &QLineEdit::textEdited, this, typed);
        m_value = field;
        break;
    }
    case ValueKind::ByStyle: {
        m_value = new QWidget;
        auto* const line = new QHBoxLayout(m_value);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(space::kHalf);
        line->addWidget(captioned(tr("concise"), styleField(tr("concise"), &ByStyle::concise)));
        line->addWidget(captioned(tr("balanced"), styleField(tr("balanced"), &ByStyle::balanced)));
        line->addWidget(captioned(tr("detailed"), styleField(tr("detailed"), &ByStyle::detailed)));
        break;
    }
    }
    if (kind == ValueKind::ByStyle)
        m_layout->addWidget(m_value);
    else
        m_line->insertWidget(m_line->count() - 1, m_value, kind == ValueKind::Number ? 3 : 5);
    // Tab goes through the row as it is read.
    QWidget* const first =
        kind == ValueKind::ByStyle ? m_value->findChild<NumberField*>() : m_value;
    setTabOrder(m_operator, first);
}

void CompareRow::showValue()
{
    switch (m_kind) {
    case ValueKind::Nothing:
        break;
    case ValueKind::Number:
        static_cast<NumberField*>(m_value)->setValue(std::get<double>(m_compare.value));
        break;
    case ValueKind::YesNo:
        static_cast<ChoiceField*>(m_value)->setValue(std::get<bool>(m_compare.value) ? 1 : 0);
        break;
    case ValueKind::StyleName:
        static_cast<ChoiceField*>(m_value)->setCurrentText(
            QString::fromStdString(std::get<std::string>(m_compare.value)));
        break;
    case ValueKind::Text:
    case ValueKind::List: {
        auto* const field = static_cast<TextField*>(m_value);
        // While a list is typed, "a, " already means [a]: its text is left alone.
        if (!field->hasFocus() ||
            compareValueFromText(m_compare.value, field->text()) != m_compare.value)
            field->setValue(textFromCompareValue(m_compare.value).toStdString());
        break;
    }
    case ValueKind::ByStyle: {
        const auto fields = m_value->findChildren<NumberField*>();
        const ByStyle& byStyle = std::get<ByStyle>(m_compare.value);
        fields[0]->setValue(byStyle.concise);
        fields[1]->setValue(byStyle.balanced);
        fields[2]->setValue(byStyle.detailed);
        break;
    }
    }
}

void CompareRow::chooseSignal(const SignalId& id)
{
    const ValueType before = typeOfSignal();
    Compare changed = m_compare;
    changed.signal = id;
    const auto chosen = std::find_if(m_signals.begin(), m_signals.end(),
                                     [&](const Signal& each) { return each.id == id; });
    if (chosen != m_signals.end() && (valueTypeOf(*chosen) != before || m_compare.signal.isEmpty()))
        changed = newCompare(*chosen);
    emit edited(changed, Pace::Once);
}

void CompareRow::askForKind()
{
    auto* const menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("newSignalKinds"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (std::size_t kind = 0; kind < std::variant_size_v<decltype(Signal::source)>; ++kind) {
        menu->addAction(icon(Icon::Signal), PolicyWords::sourceName(kind), this,
                        [this, kind] { emit newSignalChosen(kind); });
    }
    menu->popup(m_signal->mapToGlobal(QPoint(0, m_signal->height())));
}

void CompareRow::chooseOperator(CompareOp op)
{
    Compare changed = m_compare;
    changed.op = op;
    changed.value = valueFor(op, m_compare, typeOfSignal());
    emit edited(changed, Pace::Once);
}

void CompareRow::setValue(CompareValue value, Pace pace)
{
    Compare changed = m_compare;
    changed.value = std::move(value);
    emit edited(changed, pace);
}

void CompareRow::focusFirst()
{
    QWidget* const field = !m_value                       ? m_operator
                           : m_kind == ValueKind::ByStyle ? m_value->findChild<NumberField*>()
                                                          : m_value;
    field->setFocus(Qt::OtherFocusReason);
}

// ConditionEditor

ConditionEditor::ConditionEditor(QWidget* parent) : NestedEditor(parent)
{
    setObjectName(QStringLiteral("conditionEditor"));
    partsLayout()->setSpacing(space::kHalf);
}

void ConditionEditor::setCondition(const Condition& root, const std::vector<Signal>& all)
{
    m_root = root;
    m_signals = all;
    if (isRemaking())
        return;
    if (shapeOf(root) != m_shape)
        rebuild();
    else
        refreshRows();
}

void ConditionEditor::rebuild()
{
    remakeParts([this] {
        m_shape = shapeOf(m_root);
        partsLayout()->addWidget(build(m_root, {}, false));
        const bool lone = std::holds_alternative<Compare>(m_root.node) ||
                          std::holds_alternative<Not>(m_root.node);
        if (lone && !m_compact)
            partsLayout()->addWidget(buildAddRow({}));
        refreshRows();
    });
}

void ConditionEditor::refreshRows()
{
    for (const auto& [path, part] : parts()) {
        const Condition* const condition = conditionAt(m_root, path);
        const auto place = placeOfCondition(path);
        const Condition* const parent = place ? conditionAt(m_root, place->parent) : nullptr;
        static_cast<CompareRow*>(part)->show(std::get<Compare>(condition->node),
                                             parent && std::holds_alternative<Not>(parent->node),
                                             m_signals);
    }
    markCurrent();
    for (ChoiceField* const kind : findChildren<ChoiceField*>(QStringLiteral("groupKind"))) {
        const Condition* const group = conditionAt(m_root, pathOf(kind));
        if (group && !kind->isHidden())
            kind->setValue(std::holds_alternative<All>(group->node) ? 1 : 0);
    }
}

QWidget* ConditionEditor::build(const Condition& condition, const std::string& path, bool negated)
{
    if (const auto* const negation = std::get_if<Not>(&condition.node))
        return build(*negation->condition, childPath(condition, path, 0), !negated);
    if (!std::holds_alternative<Compare>(condition.node))
        return buildGroup(condition, path, negated);
    auto* const row = new CompareRow;
    row->setObjectName(QStringLiteral("compareRow"));
    row->setOffersNewSignals(m_offersNewSignals);
    addPart(path, row);
    connect(row, &CompareRow::newSignalChosen, this,
            [this, path](std::size_t kind) { emit newSignalChosen(path, kind); });
    connect(row, &CompareRow::edited, this, [this, path](const Compare& compare, Pace pace) {
        replace(path, Condition{compare}, pace);
    });
    connect(row, &CompareRow::negationToggled, this,
            [this, path] { perform(negateCondition(m_root, path)); });
    fillMenu(row->menuButton(), path);
    watch(row, path);
    return row;
}

QWidget* ConditionEditor::buildGroup(const Condition& group, const std::string& path, bool negated)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const head = new QHBoxLayout;
    head->setSpacing(space::kHalf);
    head->setContentsMargins(space::kHalf + 2, 0, 0, 0);
    auto* const negate = notButton();
    negate->setVisible(negated);
    connect(negate, &QToolButton::clicked, this,
            [this, path] { perform(negateCondition(m_root, path)); });
    auto* const kind = new ChoiceField(tr("Kind of group"));
    kind->setObjectName(QStringLiteral("groupKind"));
    kind->addItem(tr("All of these hold"), 1);
    kind->addItem(tr("Any of these holds"), 0);
    connect(kind, &QComboBox::activated, this,
            [this, path, kind] { setGroupKind(path, kind->value() == 1); });
    auto* const menu = moreButton(tr("More for this group"));
    fillMenu(menu, path);
    head->addWidget(negate);
    head->addWidget(kind, 1);
    head->addWidget(menu);
    layout->addLayout(head);

    auto* const parts = new GroupFrame;
    auto* const partsLayout = new QVBoxLayout(parts);
    partsLayout->setContentsMargins(space::kGap, 0, 0, 0);
    partsLayout->setSpacing(space::kHalf);
    const auto* const all = std::get_if<All>(&group.node);
    const auto& children = all ? all->conditions : std::get<Any>(group.node).conditions;
    for (std::size_t i = 0; i < children.size(); ++i)
        partsLayout->addWidget(build(children[i], childPath(group, path, i), false));
    partsLayout->addWidget(buildAddRow(path));
    layout->addWidget(parts);
    watch(box, path);
    return box;
}

QWidget* ConditionEditor::buildAddRow(const std::string& path)
{
    auto* const row = new QWidget;
    auto* const layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const condition =
        quietAddButton(tr("Condition"), QStringLiteral("addCondition"), tr("Add condition"));
    auto* const group =
        quietAddButton(tr("Group"), QStringLiteral("addGroup"), tr("Add group of conditions"));
    for (QPushButton* const button : {condition, group}) {
        layout->addWidget(button);
        watch(button, path);
    }
    layout->addStretch(1);
    connect(condition, &QPushButton::clicked, this,
            [this, path] { perform(insertCondition(m_root, path, Condition{freshCompare()})); });
    connect(group, &QPushButton::clicked, this, [this, path] {
        perform(insertCondition(m_root, path, Condition{All{{Condition{freshCompare()}}}}));
    });
    return row;
}

void ConditionEditor::fillMenu(QToolButton* button, const std::string& path)
{
    auto* const menu = new QMenu(button);
    popUpFrom(button, menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, path] {
        menu->clear();
        const Condition* const condition = conditionAt(m_root, path);
        if (!condition)
            return;
        const auto* const compare = std::get_if<Compare>(&condition->node);
        if (compare && isOrder(compare->op)) {
            QAction* const byStyle = menu->addAction(tr("A threshold per answer style"));
            byStyle->setCheckable(true);
            byStyle->setChecked(std::holds_alternative<ByStyle>(compare->value));
            connect(byStyle, &QAction::triggered, this,
                    [this, path, changed = *compare](bool on) mutable {
                        if (const auto* const one = std::get_if<double>(&changed.value); on && one)
                            changed.value = ByStyle{*one, *one, *one};
                        else if (const auto* const three = std::get_if<ByStyle>(&changed.value))
                            changed.value = three->balanced;
                        replace(path, Condition{changed}, Pace::Once);
                    });
        }
        if (compare && (std::holds_alternative<std::string>(compare->value) ||
                        compare->op == CompareOp::Matches)) {
            QAction* const fold = menu->addAction(tr("Ignore case"));
            fold->setCheckable(true);
            fold->setChecked(compare->ignoreCase);
            connect(fold, &QAction::triggered, this,
                    [this, path, changed = *compare](bool on) mutable {
                        changed.ignoreCase = on;
                        replace(path, Condition{changed}, Pace::Once);
                    });
        }
        menu->addAction(icon(Icon::Add), tr("Add condition"), this, [this, path] {
            perform(insertCondition(m_root, path, Condition{freshCompare()}));
        });
        QAction* const negation =
            menu->addAction(tr("Negate: when this does not hold"), this,
                            [this, path] { perform(negateCondition(m_root, path)); });
        negation->setCheckable(true);
        negation->setChecked(isNegated(path));
        menu->addAction(tr("Put in a group"), this,
                        [this, path] { perform(wrapCondition(m_root, path)); });
        menu->addAction(tr("Move up"), this, [this, path] { move(path, -1); });
        menu->addAction(tr("Move down"), this, [this, path] { move(path, +1); });
        menu->addSeparator();
        QAction* const deletion =
            menu->addAction(icon(Icon::Trash), tr("Delete"), this, [this, path] { remove(path); });
        deletion->setEnabled(removeCondition(m_root, path).has_value());
    });
}

bool ConditionEditor::hasPath(const std::string& path) const
{
    return conditionAt(m_root, path) != nullptr;
}

void ConditionEditor::move(const std::string& path, int delta)
{
    perform(moveCondition(m_root, path, delta));
}

void ConditionEditor::remove(const std::string& path)
{
    perform(removeCondition(m_root, path));
}

void ConditionEditor::focusEmpty()
{
    if (auto* const add = findChild<QPushButton*>(QStringLiteral("addCondition")))
        add->setFocus(Qt::OtherFocusReason);
}

void ConditionEditor::replace(const std::string& path, Condition condition, Pace pace)
{
    Condition root = m_root;
    Condition* const target = conditionAt(root, path);
    if (!target)
        return;
    *target = std::move(condition);
    emit edited(root, path, pace);
}

void ConditionEditor::perform(const std::optional<ConditionGesture>& gesture)
{
    if (!gesture)
        return;
    m_current = gesture->after;
    emit edited(gesture->root, gesture->after, Pace::Once);
}

void ConditionEditor::setGroupKind(const std::string& path, bool all)
{
    const Condition* const group = conditionAt(m_root, path);
    if (!group || std::holds_alternative<All>(group->node) == all)
        return;
    if (all)
        replace(path, Condition{All{std::get<Any>(group->node).conditions}}, Pace::Once);
    else
        replace(path, Condition{Any{std::get<All>(group->node).conditions}}, Pace::Once);
}

Compare ConditionEditor::freshCompare() const
{
    return m_signals.empty() ? Compare{} : newCompare(m_signals.front());
}

} // namespace signalbox::ui
