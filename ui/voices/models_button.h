// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/popover.h>
#include <ui/models/lab_session.h>

#include <vector>

class QAction;
class QCheckBox;
class QScrollArea;
class QVBoxLayout;

namespace signalbox::ui {

/// Which models of the policy, and whether the policy itself, have a column of the table: a box for
/// each, and below them what else can be done about models.
class ModelsPopover : public Popover
{
    Q_OBJECT
public:
    ModelsPopover(LabSession& session, Workbench& workbench, QWidget* parent);
    void refresh();
    /// A button below the boxes; the caller owns the action. It closes the popover.
    void addWay(QAction* action);

protected:
    void showEvent(QShowEvent* event) override;

private:
    [[nodiscard]] QCheckBox* makeBox(const ModelId& id, int place);
    static void describePolicy(QCheckBox* box);

    LabSession& m_session;
    Workbench& m_workbench;
    QScrollArea* m_scroll = nullptr; ///< of many
    QVBoxLayout* m_boxes = nullptr;
    QVBoxLayout* m_ways = nullptr;
    std::vector<ModelId> m_shown; ///< whose boxes there are
};

/// "3 models + policy"; a press shows which, to be chosen.
class ModelsButton : public PopoverButton
{
    Q_OBJECT
public:
    ModelsButton(LabSession& session, Workbench& workbench, QWidget* parent = nullptr);
    void refresh();
    void open();
    [[nodiscard]] ModelsPopover* popover() const { return m_popover; }

private:
    [[nodiscard]] QString summary() const;

    LabSession& m_session;
    Workbench& m_workbench;
    ModelsPopover* m_popover = nullptr;
};

} // namespace signalbox::ui
