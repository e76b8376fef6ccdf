// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTabBar>
#include <QWidget>

namespace signalbox::ui {

class PolicyEditor;

/// The open policies as a strip of tabs; takes no room while there is only one. A click shows a
/// policy, the middle button or the cross asks to close it, a drag moves it. A dot in the place of
/// the cross, and words for screen readers, say that it is not saved. GUI thread; the editor must
/// outlive it.
class PolicyTabs final : public QWidget
{
    Q_OBJECT
public:
    explicit PolicyTabs(PolicyEditor& editor, QWidget* parent = nullptr);

    [[nodiscard]] QTabBar* bar() const { return m_bar; }

signals:
    void closeRequested(int index);
    void newRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void sync();
    void syncEntry(int index);
    [[nodiscard]] QString labelOf(int index) const;

    PolicyEditor& m_editor;
    QTabBar* m_bar = nullptr;
    bool m_syncing = false;
};

} // namespace signalbox::ui
