// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>
#include <ui/models/frontier_session.h>

#include <QObject>

#include <memory>
#include <string>

class QAction;
class QWidget;

namespace signalbox::ui {

class FrontierPointView;
class FrontierResultView;
class Workbench;

/// The search for better policies on the Projection page: its button, its progress, what it found,
/// which of that is selected, and taking it over. The page puts the widgets where they belong; they
/// are its children. GUI thread; the workbench must outlive it.
class FrontierDesk : public QObject
{
    Q_OBJECT
public:
    FrontierDesk(Workbench& workbench, QWidget* page);
    ~FrontierDesk() override;

    [[nodiscard]] FrontierSession& session();
    [[nodiscard]] QWidget* button();     ///< asks for a search
    [[nodiscard]] QWidget* notices();    ///< progress of what runs; why nothing came of it
    [[nodiscard]] QWidget* pointView();  ///< what is selected
    [[nodiscard]] QWidget* resultView(); ///< all of it

    [[nodiscard]] bool isShown() const; ///< there is something to show
    /// Null: nothing is shown.
    [[nodiscard]] const FrontierChoice* chosen() const;
    void choose(FrontierPoint::Kind kind, const std::string& name); ///< by its mark in the chart

signals:
    void shownChanged();
    void chosenChanged();

private:
    void makeActions(QWidget* page);
    void refresh();
    void refreshProgress();
    void refreshNotice();
    void refreshAdoption();
    void choose(const FrontierChoice* choice);
    void openSetup();
    void searchAgain();
    void adoptChosen();
    void compareWithBefore();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
