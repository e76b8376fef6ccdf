// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "condition_edits.h"
#include "fields.h"
#include "nested_editor.h"

#include <core/policy/document.h>

#include <functional>
#include <string>
#include <vector>

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace signalbox::ui {

/// One comparison as a row: not, signal, operator, value, more. The operators fit the signal's
/// type, the value's field fits both.
class CompareRow final : public PartFrame
{
    Q_OBJECT
public:
    explicit CompareRow(QWidget* parent = nullptr);

    void show(const Compare& compare, bool negated, const std::vector<Signal>& all);
    using PartFrame::show;
    [[nodiscard]] const Compare& compare() const { return m_compare; }
    [[nodiscard]] QToolButton* menuButton() const { return m_menu; }
    void focusFirst() override;
    void setOffersNewSignals(bool offers) { m_signal->setOffersNew(offers); }

signals:
    /// A signal that is still to be made, of this kind: an index of Signal::source.
    void newSignalChosen(std::size_t kind);
    void edited(const signalbox::Compare& compare, signalbox::ui::Pace pace);
    void negationToggled();

private:
    enum class ValueKind { Number, ByStyle, YesNo, Text, List, StyleName, Nothing };
    [[nodiscard]] ValueKind kindOfValue() const;
    [[nodiscard]] ValueType typeOfSignal() const;
    [[nodiscard]] const Signal* signal() const;
    void fillOperators();
    void makeValueField(ValueKind kind);
    void showValue();
    void chooseSignal(const SignalId& id);
    void askForKind();
    void chooseOperator(CompareOp op);
    void setValue(CompareValue value, Pace pace);
    [[nodiscard]] NumberField* styleField(const QString& caption, double ByStyle::* member);

    Compare m_compare;
    std::vector<Signal> m_signals;
    QToolButton* m_not = nullptr;
    SignalField* m_signal = nullptr;
    ChoiceField* m_operator = nullptr;
    QToolButton* m_menu = nullptr;
    QHBoxLayout* m_line = nullptr;
    QVBoxLayout* m_layout = nullptr;
    QWidget* m_value = nullptr;
    ValueKind m_kind = ValueKind::Nothing;
};

/// A whole condition as nested rows and groups, complete by keyboard. Shows a value and announces
/// the changed one; it holds no truth.
class ConditionEditor final : public NestedEditor
{
    Q_OBJECT
public:
    explicit ConditionEditor(QWidget* parent = nullptr);

    void setCondition(const Condition& root, const std::vector<Signal>& all);
    /// Without the row of buttons below a lone comparison; its menu offers the same.
    void setCompact(bool compact) { m_compact = compact; }
    /// Comparisons offer to make a signal; see newSignalChosen().
    void setOffersNewSignals(bool offers) { m_offersNewSignals = offers; }

signals:
    /// The comparison at `path` is to compare a new signal of this kind.
    void newSignalChosen(const std::string& path, std::size_t kind);
    /// @param path  of the part that should be current now
    void edited(const signalbox::Condition& root, const std::string& path,
                signalbox::ui::Pace pace);

protected:
    [[nodiscard]] bool hasPath(const std::string& path) const override;
    void move(const std::string& path, int delta) override;
    void remove(const std::string& path) override;
    void focusEmpty() override;

private:
    void rebuild();
    void refreshRows();
    [[nodiscard]] QWidget* build(const Condition& condition, const std::string& path, bool negated);
    [[nodiscard]] QWidget* buildGroup(const Condition& group, const std::string& path,
                                      bool negated);
    [[nodiscard]] QWidget* buildAddRow(const std::string& path);
    void fillMenu(QToolButton* button, const std::string& path);
    void replace(const std::string& path, Condition condition, Pace pace);
    void perform(const std::optional<ConditionGesture>& gesture);
    void setGroupKind(const std::string& path, bool all);
    [[nodiscard]] Compare freshCompare() const;

    Condition m_root;
    std::vector<Signal> m_signals;
    std::string m_shape; ///< of what the widgets were built for
    bool m_compact = false;
    bool m_offersNewSignals = false;
};

} // namespace signalbox::ui
