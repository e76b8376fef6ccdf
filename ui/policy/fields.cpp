// SPDX-License-Identifier: GPL-3.0-or-later
#include "fields.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLayout>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {
namespace {

constexpr int kModelRole = Qt::UserRole + 1;
constexpr int kNewRole = Qt::UserRole + 2;
constexpr int kInset = 4; ///< of a text of several lines in its frame

QString numberText(double value, int decimals)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    QString text = locale.toString(value, 'f', decimals);
    if (!text.contains(locale.decimalPoint()))
        return text;
    while (text.endsWith(locale.zeroDigit()))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint()))
        text.chop(locale.decimalPoint().size());
    return text;
}

bool canUndo(const QLineEdit& field)
{
    return field.isUndoAvailable();
}
bool canUndo(const QPlainTextEdit& field)
{
    return field.document()->isUndoAvailable();
}
bool canRedo(const QLineEdit& field)
{
    return field.isRedoAvailable();
}
bool canRedo(const QPlainTextEdit& field)
{
    return field.document()->isRedoAvailable();
}

void forgetTypingIn(QLineEdit& field)
{
    const int cursor = field.cursorPosition();
    const bool isModified = field.isModified();
    const QSignalBlocker quiet(&field);
    field.setText(field.text());
    field.setModified(isModified);
    field.setCursorPosition(cursor);
}
void forgetTypingIn(QPlainTextEdit& field)
{
    field.document()->clearUndoRedoStacks();
}

/// Answers the undo and redo keys.
/// @return as QObject::event() does; nullopt for all other events
template<class Field>
std::optional<bool> answerUndoKey(Field& field, UndoScope scope, QEvent* event)
{
    if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress)
        return std::nullopt;
    const auto* const key = static_cast<QKeyEvent*>(event);
    const bool undo = key->matches(QKeySequence::Undo);
    // Ctrl+Y is the window's redo, too, where the system has another key for it.
    const bool redo = key->matches(QKeySequence::Redo) ||
                      (key->key() == Qt::Key_Y && key->modifiers() == Qt::ControlModifier);
    if (!undo && !redo)
        return std::nullopt;
    const bool isTyping =
        scope != UndoScope::PolicyOnly && (undo ? canUndo(field) : canRedo(field));
    if (!isTyping && scope != UndoScope::TypingOnly) {
        event->ignore(); // for the window, which has the undo list of the policy
        return false;
    }
    event->accept();
    if (isTyping && event->type() == QEvent::KeyPress)
        undo ? field.undo() : field.redo();
    return true;
}

/// Whoever comes back to a field has done something else in between: undo is the policy's then.
template<class Field> void endTyping(Field& field, UndoScope scope, const QFocusEvent& left)
{
    const bool comesBack =
        left.reason() == Qt::ActiveWindowFocusReason || left.reason() == Qt::PopupFocusReason;
    if (scope == UndoScope::TypingThenPolicy && !comesBack && (canUndo(field) || canRedo(field)))
        forgetTypingIn(field);
}

/// Is the widget in what a layout holds, at any depth?
bool holds(QLayout* layout, const QWidget* widget)
{
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem* const item = layout->itemAt(i);
        const QWidget* const each = item->widget();
        if (each ? each == widget || each->isAncestorOf(widget)
                 : item->layout() && holds(item->layout(), widget))
            return true;
    }
    return false;
}

} // namespace

void forgetTyping(QWidget* field)
{
    if (auto* const line = qobject_cast<QLineEdit*>(field))
        forgetTypingIn(*line);
    else if (auto* const note = qobject_cast<NoteField*>(field))
        forgetTypingIn(*note);
}

// NumberField

NumberField::NumberField(const QString& name, const Range& range, const QString& unit,
                         QWidget* parent)
    : QLineEdit(parent), m_range(range), m_unit(unit)
{
    setAccessibleName(unit.isEmpty() ? name
                                     : tr("%1 in %2", "name of a field, unit").arg(name, unit));
    setMinimumWidth(48);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    if (!unit.isEmpty()) {
        const int width = fontMetrics().horizontalAdvance(unit) + space::kUnit;
        setTextMargins(0, 0, width, 0);
    }
    connect(this, &QLineEdit::textEdited, this, &NumberField::read);
}

void NumberField::setEmptyText(const QString& text)
{
    m_mayBeEmpty = true;
    setPlaceholderText(text);
}

void NumberField::setValue(std::optional<double> value)
{
    if (value == m_value && (hasFocus() || !text().isEmpty() || !value))
        return; // "7." and "7" are the same number: leave what is being typed alone
    m_value = value;
    show(value);
    setBroken(false);
}

void NumberField::show(std::optional<double> value)
{
    const QSignalBlocker quiet(this);
    setText(value ? numberText(*value, m_range.decimals) : QString());
}

void NumberField::read(const QString& text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty()) {
        setBroken(!m_mayBeEmpty);
        if (m_mayBeEmpty && m_value) {
            m_value.reset();
            emit valueEdited(m_value);
        }
        return;
    }
    bool ok = false;
    const double number = QLocale().toDouble(trimmed, &ok);
    const bool whole = m_range.decimals > 0 || number == std::floor(number);
    if (!ok || !std::isfinite(number) || !whole || number < m_range.low || number > m_range.high) {
        setBroken(true);
        return;
    }
    setBroken(false);
    if (m_value == number)
        return;
    m_value = number;
    emit valueEdited(m_value);
}

void NumberField::setBroken(bool broken)
{
    if (broken == m_broken)
        return;
    m_broken = broken;
    setToolTip(broken ? tr("Expected a number from %1 to %2.")
                            .arg(numberText(m_range.low, m_range.decimals),
                                 numberText(m_range.high, m_range.decimals))
                      : QString());
    update();
}

void NumberField::step(double steps)
{
    const double from = m_value.value_or(std::max(0.0, m_range.low));
    const double next = std::clamp(from + steps * m_range.step, m_range.low, m_range.high);
    if (m_value == next)
        return;
    m_value = next;
    show(next);
    setBroken(false);
    emit valueEdited(m_value);
}

bool NumberField::event(QEvent* event)
{
    const auto answered = answerUndoKey(*this, m_undoScope, event);
    return answered ? *answered : QLineEdit::event(event);
}

void NumberField::keyPressEvent(QKeyEvent* event)
{
    if (event->modifiers() & Qt::AltModifier) {
        event->ignore(); // Alt+Up and Alt+Down move the row that the field is in
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        step(1);
        return;
    case Qt::Key_Down:
        step(-1);
        return;
    case Qt::Key_PageUp:
        step(10);
        return;
    case Qt::Key_PageDown:
        step(-10);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        // What counts is shown; the next digit begins anew, Escape goes back.
        QLineEdit::keyPressEvent(event);
        show(m_value);
        setBroken(false);
        selectAll();
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void NumberField::focusOutEvent(QFocusEvent* event)
{
    show(m_value);
    setBroken(false);
    QLineEdit::focusOutEvent(event);
    endTyping(*this, m_undoScope, *event);
}

void NumberField::paintEvent(QPaintEvent* event)
{
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    if (!m_unit.isEmpty() && !(text().isEmpty() && m_mayBeEmpty)) {
        painter.setFont(font());
        painter.setPen(colors.textMuted);
        painter.drawText(rect().adjusted(0, 0, -space::kUnit, 0), Qt::AlignRight | Qt::AlignVCenter,
                         m_unit);
    }
    if (m_broken) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(colors.negative.ink, 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::kControl,
                                radius::kControl);
    }
}

// TextField

TextField::TextField(const QString& name, QWidget* parent) : QLineEdit(parent)
{
    setAccessibleName(name);
    setMinimumWidth(48);
}

void TextField::setValue(const std::string& text)
{
    const QString wanted = QString::fromStdString(text);
    if (wanted == this->text())
        return;
    const int cursor = cursorPosition();
    const QSignalBlocker quiet(this);
    setText(wanted);
    setCursorPosition(std::min(cursor, static_cast<int>(wanted.size())));
}

void TextField::setList(const std::vector<std::string>& items)
{
    if (listFromText(this->text()) == items)
        return;
    std::string text;
    for (const std::string& item : items)
        text += (text.empty() ? "" : ", ") + item;
    setValue(text);
}

std::vector<std::string> listFromText(const QString& text)
{
    std::vector<std::string> items;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (const QString item = part.trimmed(); !item.isEmpty())
            items.push_back(item.toStdString());
    }
    return items;
}

bool TextField::event(QEvent* event)
{
    const auto answered = answerUndoKey(*this, m_undoScope, event);
    return answered ? *answered : QLineEdit::event(event);
}

void TextField::focusOutEvent(QFocusEvent* event)
{
    QLineEdit::focusOutEvent(event);
    endTyping(*this, m_undoScope, *event);
}

// NoteField

NoteField::NoteField(const QString& name, int mostLines, QWidget* parent)
    : QPlainTextEdit(parent), m_mostLines(mostLines)
{
    setAccessibleName(name);
    setTabChangesFocus(true);
    // The text keeps clear of the rounded corners.
    setViewportMargins(kInset, kInset, kInset, kInset);
    document()->setDocumentMargin(2);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // lines are wrapped, but see below
    // A bar below lines that are not wrapped would lie on the last one.
    connect(horizontalScrollBar(), &QScrollBar::rangeChanged, this, [this] { updateGeometry(); });
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        updateGeometry();
        if (!m_setting)
            emit textEdited(toPlainText());
    });
}

void NoteField::setLeastLines(int lines)
{
    m_leastLines = lines;
    updateGeometry();
}

void NoteField::setValue(const std::string& text)
{
    const QString wanted = QString::fromStdString(text);
    if (wanted == toPlainText())
        return;
    m_setting = true;
    setPlainText(wanted);
    m_setting = false;
}

QSize NoteField::sizeHint() const
{
    // Lines are as high as they were laid out, which is more than the font says: one pixel too few
    // and the last one has to be scrolled to.
    qreal text = 0;
    int lines = 0;
    for (QTextBlock block = document()->firstBlock(); block.isValid(); block = block.next()) {
        text += blockBoundingRect(block).height();
        lines += std::max(1, block.layout()->lineCount());
    }
    const qreal line = std::max<qreal>(fontMetrics().lineSpacing(), text / lines);
    qreal shown = std::max(text, m_leastLines * line);
    if (lines > m_mostLines) // up to a line's end: no tips of the next one
        shown = m_mostLines * text / lines - document()->documentMargin();
    const qreal around = 2 * (document()->documentMargin() + frameWidth() + kInset);
    const bool hasBar = horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff &&
                        horizontalScrollBar()->maximum() > 0;
    const int bar = hasBar ? horizontalScrollBar()->sizeHint().height() : 0;
    return {200, static_cast<int>(std::ceil(shown + around)) + bar};
}

QSize NoteField::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

bool NoteField::event(QEvent* event)
{
    const auto answered = answerUndoKey(*this, m_undoScope, event);
    return answered ? *answered : QPlainTextEdit::event(event);
}

void NoteField::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    endTyping(*this, m_undoScope, *event);
}

void NoteField::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    updateGeometry();
}

// Choices

ChoiceField::ChoiceField(const QString& name, QWidget* parent) : QComboBox(parent)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::StrongFocus);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(4);
    setMinimumWidth(48);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ChoiceField::setValue(int wanted)
{
    const int index = findData(wanted);
    if (index != currentIndex()) {
        const QSignalBlocker quiet(this);
        setCurrentIndex(index);
    }
}

void ChoiceField::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

ModelField::ModelField(const QString& name, QWidget* parent) : ChoiceField(name, parent)
{
    connect(this, &QComboBox::activated, this, [this] { emit modelChosen(model()); });
}

void ModelField::setModels(const std::vector<ModelSpec>& models, const ModelId& current)
{
    const QSignalBlocker quiet(this);
    clear();
    int chosen = -1;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const QString id = QString::fromStdString(models[i].id.value);
        addItem(modelIcon(static_cast<int>(i)), withVisibleControls(id));
        setItemData(static_cast<int>(i), id, kModelRole);
        if (models[i].id == current)
            chosen = static_cast<int>(i);
    }
    if (chosen < 0 && !current.isEmpty()) {
        const QString id = QString::fromStdString(current.value);
        chosen = count();
        addItem(icon(Icon::Error, Tone::Negative),
                tr("%1 (missing)", "a model").arg(withVisibleControls(id)));
        setItemData(chosen, id, kModelRole);
    }
    setPlaceholderText(tr("Choose a model"));
    setCurrentIndex(chosen);
}

ModelId ModelField::model() const
{
    return ModelId(currentData(kModelRole).toString().toStdString());
}

SignalField::SignalField(const QString& name, QWidget* parent) : ChoiceField(name, parent)
{
    connect(this, &QComboBox::activated, this, &SignalField::choose);
}

void SignalField::choose()
{
    if (!currentData(kNewRole).toBool()) {
        emit signalChosen(SignalId(currentData(kModelRole).toString().toStdString()));
        return;
    }
    {
        const QSignalBlocker quiet(this);
        setCurrentIndex(findData(QString::fromStdString(m_current.value), kModelRole));
    }
    emit newSignalRequested();
}

void SignalField::setSignals(const std::vector<Signal>& all, const SignalId& current)
{
    const QSignalBlocker quiet(this);
    m_current = current;
    clear();
    int chosen = -1;
    for (const Signal& signal : all) {
        const QString id = QString::fromStdString(signal.id.value);
        addItem(withVisibleControls(id));
        setItemData(count() - 1, id, kModelRole);
        if (signal.id == current)
            chosen = count() - 1;
    }
    if (chosen < 0 && !current.isEmpty()) {
        const QString id = QString::fromStdString(current.value);
        chosen = count();
        addItem(icon(Icon::Error, Tone::Negative),
                tr("%1 (missing)", "a signal").arg(withVisibleControls(id)));
        setItemData(chosen, id, kModelRole);
    }
    if (m_offersNew) {
        if (count() > 0)
            insertSeparator(count());
        addItem(icon(Icon::Add), tr("New signal..."));
        setItemData(count() - 1, true, kNewRole);
    }
    setPlaceholderText(tr("Choose a signal"));
    setCurrentIndex(chosen);
}

QWidget* captioned(const QString& caption, QWidget* field)
{
    auto* const box = new QWidget;
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kTiny);
    auto* const label = new TextLabel(caption, TextRole::Caption);
    label->setMuted(true);
    label->setBuddy(field);
    layout->addWidget(label);
    layout->addWidget(field);
    return box;
}

void popUpFrom(QToolButton* button, QMenu* menu)
{
    QObject::connect(button, &QToolButton::clicked, menu, [button, menu] {
        menu->popup(button->mapToGlobal(QPoint(0, button->height())));
    });
}

QPushButton* quietAddButton(const QString& text, const QString& objectName, const QString& name)
{
    auto* const button = new QPushButton(icon(Icon::Add), text);
    button->setObjectName(objectName);
    button->setAccessibleName(name);
    setButtonKind(button, ButtonKind::Quiet);
    return button;
}

QLayout* besideEachOther(std::initializer_list<QWidget*> fields)
{
    auto* const line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kHalf);
    for (QWidget* const field : fields)
        line->addWidget(field, 1);
    return line;
}

void clearLayout(QLayout* layout)
{
    // Qt would hand the keyboard on to the next widget, one that may go in a moment and that takes
    // it as a person's wish. Where all this stood is the place to go on from.
    QWidget* const place = layout->parentWidget();
    if (const QWidget* const focused = place ? place->window()->focusWidget() : nullptr;
        focused && holds(layout, focused))
        place->setFocus(Qt::OtherFocusReason);
    while (QLayoutItem* const item = layout->takeAt(0)) {
        if (QWidget* const widget = item->widget()) {
            // Out of the tree at once: nobody finds it any more, though its own signal may still
            // run.
            widget->hide();
            widget->setParent(nullptr);
            widget->deleteLater();
        } else if (QLayout* const inner = item->layout()) {
            clearLayout(inner);
        }
        delete item;
    }
}

} // namespace signalbox::ui
