// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/policy_comparison.h>

#include <QWidget>

#include <memory>

namespace signalbox::ui {

/// Two policies side by side: what the change does to the requests in one sentence, by part of the
/// traffic, from model to model with the requests that show it, and what was changed. Shows what
/// the comparison has; asks for nothing itself. GUI thread; the comparison must outlive it.
class CompareView final : public QWidget
{
    Q_OBJECT
public:
    CompareView(Workbench& workbench, PolicyComparison& comparison, QWidget* parent = nullptr);
    ~CompareView() override;

signals:
    /// A request of the traffic that somebody wants to try.
    void requestChosen(std::size_t row);
    /// The part of the shown policy that a change is about; it is selected already.
    void placeRequested();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void buildHead();
    void buildTable();
    void buildFlows();
    void buildPair();
    void buildStructure();
    void refresh();
    void refreshState();
    void refreshBehaviour();
    void refreshFlows();
    void refreshPair();
    void refreshStructure();
    void chooseFlow(int flow);
    void tryChosen();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
