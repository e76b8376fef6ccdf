// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

class QLayout;
class QMenu;
class QPushButton;
class QToolButton;

namespace signalbox::ui {

/// How fast edits follow each other: those typed into one field are one undo step.
enum class Pace { Once, Typing };

// Fields of the inspector. They show a value without disturbing whoever is typing in them: setting
// the value that is already there changes neither cursor nor text. Only what a person does is
// announced.

/// What the undo and redo keys mean while a field has the keyboard.
enum class UndoScope {
    TypingThenPolicy, ///< what was typed since one came to the field, then the policy's edits
    TypingOnly,       ///< the text is no part of the policy
    PolicyOnly,
};

/// A number that may be absent. Up and Down step it.
class NumberField final : public QLineEdit
{
    Q_OBJECT
public:
    struct Range
    {
        double low = 0;
        double high = 1e12;
        double step = 1;
        int decimals = 0;
    };
    /// `name` is the accessible name. @param unit  shown at the right, may be empty
    NumberField(const QString& name, const Range& range, const QString& unit = {},
                QWidget* parent = nullptr);

    /// What stands there when there is no number, e.g. "no limit". A field without such words must
    /// hold a number and goes back to the last one when left empty.
    void setEmptyText(const QString& text);
    void setValue(std::optional<double> value);
    [[nodiscard]] std::optional<double> value() const { return m_value; }
    void setUndoScope(UndoScope scope) { m_undoScope = scope; }

signals:
    /// At every keystroke that makes a number within the range, or none.
    void valueEdited(std::optional<double> value);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void read(const QString& text);
    void step(double steps);
    void show(std::optional<double> value);
    void setBroken(bool broken);

    Range m_range;
    QString m_unit;
    bool m_mayBeEmpty = false;
    bool m_broken = false;
    std::optional<double> m_value;
    UndoScope m_undoScope = UndoScope::TypingThenPolicy;
};

/// One line of text.
class TextField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit TextField(const QString& name, QWidget* parent = nullptr);
    void setValue(const std::string& text);
    /// Items with commas between them. Text that already means them is left alone.
    void setList(const std::vector<std::string>& items);
    /// Whether something was typed that counts only when the field is left: whoever shows values
    /// leaves it alone, and whoever takes it over says so.
    [[nodiscard]] bool isPending() const { return isModified(); }
    void setPending(bool pending) { setModified(pending); }
    void setUndoScope(UndoScope scope) { m_undoScope = scope; }

protected:
    bool event(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    UndoScope m_undoScope = UndoScope::TypingThenPolicy;
};
/// What stands between the commas, without blanks around it.
[[nodiscard]] std::vector<std::string> listFromText(const QString& text);

/// A combo box that takes the wheel only while it has the focus, so that scrolling the inspector
/// changes nothing, and that may be narrower than its texts.
class ChoiceField : public QComboBox
{
    Q_OBJECT
public:
    explicit ChoiceField(const QString& name, QWidget* parent = nullptr);
    /// Selects the entry with this data; adds nothing.
    void setValue(int wanted);
    [[nodiscard]] int value() const { return currentData().toInt(); }

protected:
    void wheelEvent(QWheelEvent* event) override;
};

/// The models of the document with their marks. An id that the document does not know stays, marked
/// as missing.
class ModelField final : public ChoiceField
{
    Q_OBJECT
public:
    explicit ModelField(const QString& name, QWidget* parent = nullptr);
    void setModels(const std::vector<ModelSpec>& models, const ModelId& current);
    [[nodiscard]] ModelId model() const;

signals:
    void modelChosen(const signalbox::ModelId& model);
};

/// The signals of the document.
class SignalField final : public ChoiceField
{
    Q_OBJECT
public:
    explicit SignalField(const QString& name, QWidget* parent = nullptr);
    void setSignals(const std::vector<Signal>& all, const SignalId& current);
    /// Offers a signal that is not there yet, behind the others.
    void setOffersNew(bool offers) { m_offersNew = offers; }

signals:
    void signalChosen(const signalbox::SignalId& signal);
    void newSignalRequested();

private:
    void choose();

    SignalId m_current;
    bool m_offersNew = false;
};

/// A text of several lines that grows with its content up to a few of them. Tab leaves it.
class NoteField : public QPlainTextEdit
{
    Q_OBJECT
public:
    NoteField(const QString& name, int mostLines, QWidget* parent = nullptr);
    /// How high it is when it is empty; two lines unless set.
    void setLeastLines(int lines);
    void setValue(const std::string& text);
    void setUndoScope(UndoScope scope) { m_undoScope = scope; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void textEdited(const QString& text); ///< by a person

protected:
    bool event(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int m_mostLines;
    int m_leastLines = 2;
    bool m_setting = false;
    UndoScope m_undoScope = UndoScope::TypingThenPolicy;
};

/// What was typed in a field is no longer undone there. Nothing where it is no field of text.
void forgetTyping(QWidget* field);

/// Fields of equal width in one line.
[[nodiscard]] QLayout* besideEachOther(std::initializer_list<QWidget*> fields);

/// Small muted words above a field.
[[nodiscard]] QWidget* captioned(const QString& caption, QWidget* field);

/// "+ Text" without a frame. @param name  what it adds, for screen readers
[[nodiscard]] QPushButton* quietAddButton(const QString& text, const QString& objectName,
                                          const QString& name);

/// Opens a menu below a button when it is pressed, without the arrow that Qt would draw.
void popUpFrom(QToolButton* button, QMenu* menu);

/// Removes and deletes everything in a layout. Had it the keyboard, the widget of the layout gets
/// it.
/// A field that loses it may end its edit, and what was shown may be shown anew while this runs:
/// forget pointers into the layout afterwards, not before.
void clearLayout(QLayout* layout);

} // namespace signalbox::ui
