// SPDX-License-Identifier: GPL-3.0-or-later
#include "spoken_parts.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAccessibleWidget>
#include <QComboBox>
#include <QCoreApplication>
#include <QKeySequence>
#include <QLineEdit>
#include <QRadioButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QVariant>
#include <QWidget>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr const char* kRoleProperty = "spokenRole";

/// The widget, with its painted parts before its child widgets.
class PartedFace final : public QAccessibleWidget
{
public:
    PartedFace(QWidget* widget, SpokenParts* parts)
        : QAccessibleWidget(widget, parts->spokenRole()), m_parts(parts),
          m_hasWidgets(!qobject_cast<QAbstractScrollArea*>(widget))
    {}
    ~PartedFace() override
    {
        for (const QAccessible::Id id : m_ids)
            QAccessible::deleteAccessibleInterface(id);
    }

    [[nodiscard]] const std::vector<SpokenPart>& parts() const
    {
        const_cast<PartedFace*>(this)->refresh();
        return m_shown;
    }
    [[nodiscard]] QWidget* ownWidget() const { return widget(); }
    [[nodiscard]] const std::vector<int>& partsIn(int part) const
    {
        const_cast<PartedFace*>(this)->refresh();
        return m_children[static_cast<std::size_t>(part) + 1];
    }
    [[nodiscard]] QAccessibleInterface* faceOf(int part) const
    {
        const_cast<PartedFace*>(this)->refresh();
        return part >= 0 && part < static_cast<int>(m_shown.size())
                   ? QAccessible::accessibleInterface(m_ids[static_cast<std::size_t>(part)])
                   : nullptr;
    }
    /// The innermost part at a place.
    [[nodiscard]] int partAt(QPoint position) const
    {
        const auto& all = parts();
        for (std::size_t i = all.size(); i-- > 0;) {
            if (all[i].rect.contains(position))
                return static_cast<int>(i);
        }
        return -1;
    }
    void press(int part)
    {
        if (part < 0 || !parts()[static_cast<std::size_t>(part)].isDisabled)
            m_parts->pressPart(part);
    }

    int childCount() const override
    {
        return static_cast<int>(partsIn(-1).size()) +
               (m_hasWidgets ? QAccessibleWidget::childCount() : 0);
    }
    QAccessibleInterface* child(int index) const override
    {
        const auto& own = partsIn(-1);
        const int count = static_cast<int>(own.size());
        return index < 0       ? nullptr
               : index < count ? faceOf(own[static_cast<std::size_t>(index)])
               : m_hasWidgets  ? QAccessibleWidget::child(index - count)
                               : nullptr;
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const auto& own = partsIn(-1);
        for (std::size_t i = 0; i < own.size(); ++i) {
            if (faceOf(own[i]) == child)
                return static_cast<int>(i);
        }
        const int index = QAccessibleWidget::indexOfChild(child);
        return index < 0 ? index : index + static_cast<int>(own.size());
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        if (QAccessibleInterface* const inner =
                m_hasWidgets ? QAccessibleWidget::childAt(x, y) : nullptr)
            return inner;
        return faceOf(partAt(widget()->mapFromGlobal(QPoint(x, y))));
    }
    QAccessibleInterface* focusChild() const override
    {
        if (!widget()->hasFocus())
            return QAccessibleWidget::focusChild();
        const auto& all = parts();
        const auto current = std::ranges::find_if(all, &SpokenPart::isCurrent);
        return current == all.end() ? const_cast<PartedFace*>(this)
                                    : faceOf(static_cast<int>(current - all.begin()));
    }
    QStringList actionNames() const override
    {
        QStringList names = QAccessibleWidget::actionNames();
        if (role() == QAccessible::Button)
            names.prepend(pressAction());
        return names;
    }
    void doAction(const QString& name) override
    {
        if (name == pressAction())
            press(-1);
        else
            QAccessibleWidget::doAction(name);
    }

private:
    void refresh();

    SpokenParts* m_parts;
    bool m_hasWidgets; ///< those of a scroll area are its frame, which the parts stand for
    std::vector<SpokenPart> m_shown;
    std::vector<std::vector<int>> m_children; ///< by part, one on; those of the widget come first
    std::vector<QAccessible::Id> m_ids;       ///< as many as there ever were parts
    unsigned m_version = ~0U;
};

/// One painted part. It is a place in the list: what stands there may change.
class PartFace final : public QAccessibleInterface, public QAccessibleActionInterface
{
public:
    PartFace(PartedFace* owner, int index) : m_owner(owner), m_index(index) {}

    bool isValid() const override
    {
        return m_owner->isValid() && m_index < static_cast<int>(m_owner->parts().size());
    }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override { return m_owner->window(); }
    QAccessibleInterface* parent() const override
    {
        const int within = isValid() ? part().within : -1;
        return within < 0 ? m_owner : m_owner->faceOf(within);
    }
    int childCount() const override
    {
        return isValid() ? static_cast<int>(m_owner->partsIn(m_index).size()) : 0;
    }
    QAccessibleInterface* child(int index) const override
    {
        return index >= 0 && index < childCount()
                   ? m_owner->faceOf(m_owner->partsIn(m_index)[static_cast<std::size_t>(index)])
                   : nullptr;
    }
    int indexOfChild(const QAccessibleInterface* wanted) const override
    {
        for (int i = 0; i < childCount(); ++i) {
            if (child(i) == wanted)
                return i;
        }
        return -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        for (int i = 0; i < childCount(); ++i) {
            if (child(i)->rect().contains(x, y))
                return child(i);
        }
        return nullptr;
    }
    QString text(QAccessible::Text text) const override
    {
        if (!isValid())
            return {};
        return text == QAccessible::Name          ? part().name
               : text == QAccessible::Description ? part().description
                                                  : QString();
    }
    void setText(QAccessible::Text /*text*/, const QString& /*value*/) override {}
    QRect rect() const override
    {
        const QRect place = isValid() ? part().rect : QRect();
        return {m_owner->ownWidget()->mapToGlobal(place.topLeft()), place.size()};
    }
    QAccessible::Role role() const override
    {
        return isValid() ? part().role : QAccessible::NoRole;
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        const QWidget* const widget = m_owner->ownWidget();
        const SpokenPart& shown = part();
        state.invisible = !widget->isVisible();
        state.offscreen = !widget->rect().intersects(shown.rect);
        state.disabled = shown.isDisabled || !widget->isEnabled();
        if (widget->focusPolicy() != Qt::NoFocus && isPressable()) {
            state.focusable = true;
            state.focused = shown.isCurrent && widget->hasFocus();
            state.selectable = true;
            state.selected = shown.isCurrent;
        }
        if (shown.role == QAccessible::RadioButton) {
            state.checkable = true;
            state.checked = shown.isCurrent;
        }
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }
    QStringList actionNames() const override
    {
        return isValid() && isPressable() ? QStringList{pressAction()} : QStringList();
    }
    void doAction(const QString& name) override
    {
        if (name == pressAction() && isValid())
            m_owner->press(m_index);
    }
    QStringList keyBindingsForAction(const QString& /*name*/) const override { return {}; }

private:
    [[nodiscard]] const SpokenPart& part() const
    {
        return m_owner->parts()[static_cast<std::size_t>(m_index)];
    }
    /// Rows of a chart are to be read only.
    [[nodiscard]] bool isPressable() const
    {
        return m_owner->role() != QAccessible::Chart || part().role != QAccessible::ListItem;
    }

    PartedFace* m_owner;
    int m_index;
};

void PartedFace::refresh()
{
    if (m_version == m_parts->partsVersion())
        return;
    m_version = m_parts->partsVersion();
    m_shown = m_parts->spokenParts();
    m_children.assign(m_shown.size() + 1, {});
    for (std::size_t i = 0; i < m_shown.size(); ++i)
        m_children[static_cast<std::size_t>(m_shown[i].within) + 1].push_back(static_cast<int>(i));
    while (m_ids.size() < m_shown.size()) {
        const int index = static_cast<int>(m_ids.size());
        m_ids.push_back(QAccessible::registerAccessibleInterface(new PartFace(this, index)));
    }
}

/// Qt names a combo box by its value and leaves its name to a label beside it, which not all have:
/// here it is both, "Metric of gate 1: Cost saving".
class ComboFace final : public QAccessibleWidget
{
public:
    explicit ComboFace(QComboBox* box) : QAccessibleWidget(box, QAccessible::ComboBox) {}

    QString text(QAccessible::Text text) const override
    {
        QString value = box()->currentText();
        if (text == QAccessible::Value)
            return value;
        QString own = QAccessibleWidget::text(text);
        if (text != QAccessible::Name || own.isEmpty() || value.isEmpty())
            return own;
        return QCoreApplication::translate("SpokenParts", "%1: %2", "a choice and its value")
            .arg(own, value);
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.expandable = true;
        state.expanded = isOpen();
        state.editable = box()->isEditable();
        return state;
    }
    int childCount() const override { return box()->isEditable() ? 2 : 1; }
    QAccessibleInterface* child(int index) const override
    {
        // The list of the choices goes by the name of its box.
        if (index == 0 && box()->view()->accessibleName().isEmpty())
            box()->view()->setAccessibleName(QAccessibleWidget::text(QAccessible::Name));
        return index == 0 ? QAccessible::queryAccessibleInterface(box()->view())
               : index == 1 && box()->isEditable()
                   ? QAccessible::queryAccessibleInterface(box()->lineEdit())
                   : nullptr;
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        return child->object() == box()->view() ? 0 : child->object() == box()->lineEdit() ? 1 : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        return box()->isEditable() && box()->lineEdit()->rect().contains(
                                          box()->lineEdit()->mapFromGlobal(QPoint(x, y)))
                   ? child(1)
                   : nullptr;
    }
    QStringList actionNames() const override { return {showMenuAction(), setFocusAction()}; }
    QString localizedActionDescription(const QString& name) const override
    {
        return name == showMenuAction()
                   ? QCoreApplication::translate("SpokenParts", "Shows the choices.")
                   : QAccessibleWidget::localizedActionDescription(name);
    }
    void doAction(const QString& name) override
    {
        if (name != showMenuAction() && name != pressAction())
            QAccessibleWidget::doAction(name);
        else if (isOpen())
            box()->hidePopup();
        else if (box()->isEnabled())
            box()->showPopup();
    }

private:
    [[nodiscard]] QComboBox* box() const { return static_cast<QComboBox*>(widget()); }
    [[nodiscard]] bool isOpen() const { return box()->view()->isVisible(); }
};

/// Qt checks a button without a click if assistive technology wants it checked, but what a button
/// does is done at its click.
class CheckFace final : public QAccessibleWidget
{
public:
    explicit CheckFace(QAbstractButton* button) : QAccessibleWidget(button, roleOf(button)) {}

    QString text(QAccessible::Text text) const override
    {
        const QString own = QAccessibleWidget::text(text);
        return text == QAccessible::Name && own.isEmpty() ? label() : own;
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.checkable = true;
        state.checked = button()->isChecked();
        state.pressed = button()->isDown();
        return state;
    }
    QStringList actionNames() const override
    {
        return button()->isEnabled() ? QStringList{toggleAction(), pressAction(), setFocusAction()}
                                     : QStringList();
    }
    void doAction(const QString& name) override
    {
        if (name == toggleAction() || name == pressAction())
            button()->click();
        else
            QAccessibleWidget::doAction(name);
    }
    QStringList keyBindingsForAction(const QString& /*name*/) const override
    {
        const QKeySequence keys = button()->shortcut();
        return keys.isEmpty() ? QStringList() : QStringList{keys.toString()};
    }

private:
    /// Without the mark of the mnemonic; two marks are one character.
    [[nodiscard]] QString label() const
    {
        static const QRegularExpression mark(QStringLiteral("&(.)"));
        return button()->text().replace(mark, QStringLiteral("\\1"));
    }
    static QAccessible::Role roleOf(const QAbstractButton* button)
    {
        return qobject_cast<const QRadioButton*>(button) ? QAccessible::RadioButton
                                                         : QAccessible::CheckBox;
    }
    [[nodiscard]] QAbstractButton* button() const
    {
        return static_cast<QAbstractButton*>(widget());
    }
};

/// Of a widget that is nothing special to Qt. Its role is looked up each time: Qt makes the face as
/// soon as the widget is given a name, and keeps it. With a name it is a panel, else a filler,
/// which readers pass by.
class PlainFace final : public QAccessibleWidget
{
public:
    using QAccessibleWidget::QAccessibleWidget;

    QAccessible::Role role() const override
    {
        const QVariant given = widget()->property(kRoleProperty);
        return given.isValid()                     ? static_cast<QAccessible::Role>(given.toInt())
               : text(QAccessible::Name).isEmpty() ? QAccessible::Client
                                                   : QAccessible::Pane;
    }
};

QAccessibleInterface* faceOf(const QString& className, QObject* object)
{
    auto* const widget = qobject_cast<QWidget*>(object);
    if (!widget)
        return nullptr;
    if (auto* const parts = dynamic_cast<SpokenParts*>(object))
        return new PartedFace(widget, parts);
    if (auto* const box = qobject_cast<QComboBox*>(object))
        return new ComboFace(box);
    if (auto* const button = qobject_cast<QAbstractButton*>(object);
        button && button->isCheckable())
        return new CheckFace(button);
    if (qobject_cast<QScrollArea*>(object))
        return new QAccessibleWidget(widget, QAccessible::Pane);
    // Qt asks about the widget's class first, then about those that it inherits.
    if (className == QLatin1String("QWidget") || className == QLatin1String("QFrame") ||
        widget->property(kRoleProperty).isValid())
        return new PlainFace(widget);
    return nullptr;
}

} // namespace

SpokenParts::~SpokenParts() = default;

void SpokenParts::announcePart(QWidget* widget, int part)
{
    if (!QAccessible::isActive() || !widget->hasFocus())
        return;
    auto* const face = dynamic_cast<PartedFace*>(QAccessible::queryAccessibleInterface(widget));
    if (QAccessibleInterface* const spoken = face ? face->faceOf(part) : nullptr) {
        QAccessibleEvent event(spoken, QAccessible::Focus);
        QAccessible::updateAccessibility(&event);
    }
}

void setSpokenRole(QWidget* widget, QAccessible::Role role)
{
    widget->setProperty(kRoleProperty, static_cast<int>(role));
}

void installSpokenParts()
{
    QAccessible::installFactory(faceOf);
}

} // namespace signalbox::ui
