// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

#include <memory>

namespace signalbox::ui {

/// The engineer's page: the policy as a flow, as an outline and as text, the inspector for what is
/// selected, problems, and a request to try. Shows the workbench's policy; every change goes
/// through its editor. GUI thread; the workbench must outlive it.
class PolicyPage final : public QWidget
{
    Q_OBJECT
public:
    explicit PolicyPage(Workbench& workbench, QWidget* parent = nullptr);
    ~PolicyPage() override;

    enum class View { Canvas, Outline, Source, Compare };
    void showView(View view);
    [[nodiscard]] View currentView() const;

    /// Opens the panel for trying a request and gives it the keyboard.
    void openTryPanel();
    /// Takes a row of the traffic into that panel.
    void tryTrafficRow(std::size_t row);
    /// Opens the revisions and what the last change of the policy does.
    void openHistory();

signals:
    /// A sentence for the status bar, e.g. why something cannot be pasted.
    void notice(const QString& sentence);

protected:
    void focusInEvent(QFocusEvent* event) override;

private:
    void buildActions();
    void buildToolBar();
    void buildViews();
    void buildSide();
    void buildSplitter();
    void connectEditor();
    void connectCanvas();
    void connectOutline();
    void connectSource();
    void connectFinding();
    void connectHistory();
    void refreshTraffic();
    void keepSelectionValid();
    void openInspector();
    void renameSelected();
    void showSide(int index);
    void focusView();
    void goToView(View view);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
