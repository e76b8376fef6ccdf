// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeView>

namespace signalbox::ui {

class PolicyActions;
class PolicyEditor;
class PolicyOutlineModel;

/// The outline of the policy: the canvas's twin, complete by keyboard. Same selection, same
/// actions; labels, values and models can be edited in place with F2.
class OutlineView final : public QTreeView
{
    Q_OBJECT
public:
    OutlineView(PolicyEditor& editor, PolicyActions& actions, PolicyOutlineModel& model,
                QWidget* parent = nullptr);

signals:
    void openRequested();   ///< Enter: edit what is selected in the inspector
    void renameRequested(); ///< what is selected cannot be named in its row
    void menuRequested(const QPoint& globalPosition);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void followSelection();

    PolicyEditor& m_editor;
    PolicyOutlineModel& m_model;
    bool m_following = false;
};

} // namespace signalbox::ui
