// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QButtonGroup;
class QHBoxLayout;

namespace signalbox::ui {

/// Numbers from 1 on side by side, at most one of them chosen: a place, a rating.
class StepButtons : public QWidget
{
    Q_OBJECT
public:
    /// @param name  of one of them, for screen readers: "Answer A: place 2"
    StepButtons(int steps, const std::function<QString(int)>& name, QWidget* parent = nullptr);

    [[nodiscard]] int steps() const { return m_steps; }
    [[nodiscard]] int value() const; ///< 0: none is chosen
    void setValue(int value);        ///< says nothing
    /// Whether Tab stops here; else the numbers are keys of what is around.
    void setReachedByTab(bool reached);

signals:
    void chosen(int value); ///< by the person

private:
    QButtonGroup* m_group = nullptr;
    int m_steps;
};

} // namespace signalbox::ui
