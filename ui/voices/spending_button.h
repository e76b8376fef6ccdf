// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/popover.h>
#include <ui/models/lab_session.h>

#include <QPushButton>

class QAbstractSpinBox;
class QDoubleSpinBox;
class QGridLayout;
class QSpinBox;

namespace signalbox::ui {

class TextLabel;

/// What a run would take, model by model with what that rests on, and what it may take at most.
/// Opened from its button; follows the session while it is open.
class SpendingPopover : public Popover
{
    Q_OBJECT
public:
    SpendingPopover(LabSession& session, QWidget* parent);
    void refresh();

signals:
    void resized(); ///< its content has another size now

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildForecast();
    void buildCaps();
    void fillForecast();
    void addHeads(int row);
    void addModelRow(const ModelForecast& model, int row);
    [[nodiscard]] static bool isBeingTyped(const QAbstractSpinBox& box);
    void takeCaps();

    LabSession& m_session;
    TextLabel* m_title = nullptr;
    QWidget* m_models = nullptr;
    QGridLayout* m_grid = nullptr;
    TextLabel* m_time = nullptr;
    TextLabel* m_worst = nullptr;
    TextLabel* m_spent = nullptr;
    QDoubleSpinBox* m_cost = nullptr;
    QSpinBox* m_tokens = nullptr;
    QSpinBox* m_minutes = nullptr;
    bool m_isFilling = false; ///< the fields show what holds, and nobody changes them
};

/// "Costs and caps", "Cap $5", of a running run "$0.12 of $5"; a press shows all of it.
class SpendingButton : public QPushButton
{
    Q_OBJECT
public:
    explicit SpendingButton(LabSession& session, QWidget* parent = nullptr);
    void refresh();
    void open();
    void setWordy(bool wordy); ///< a word beside the icon, also where there is nothing to tell
    [[nodiscard]] SpendingPopover* popover() const { return m_popover; }

private:
    LabSession& m_session;
    SpendingPopover* m_popover = nullptr;
    bool m_isWordy = false;
};

} // namespace signalbox::ui
