// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/judge_session.h>
#include <ui/models/tasting_session.h>

#include <QWidget>

class QAction;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace signalbox::ui {

class Callout;
class EmptyState;
class LabSession;
class SegmentedControl;
class TastingResultView;
class TastingSheet;
class TastingStart;
class TextLabel;
class Workbench;

/// The blind tasting of what the table of answers shows: begin or come to it, judge, see the result
/// and take it into the policy. Owns the session of it.
class TastingView : public QWidget
{
    Q_OBJECT
public:
    /// @param send  sends the prompts, for a table without answers; owned by the caller
    TastingView(Workbench& workbench, LabSession& lab, QAction* send, QWidget* parent = nullptr);

    void enter();     ///< the view is shown, or what the table shows has changed
    void takeFocus(); ///< the person came by keyboard

    [[nodiscard]] TastingSession& session() { return m_session; }
    [[nodiscard]] JudgeSession& judge() { return m_judge; }
    [[nodiscard]] TastingResultView& resultView() { return *m_result; }

private:
    void buildSheet();
    void buildDone();
    void connectSession();
    void refresh();
    void showStart();
    [[nodiscard]] bool showObstacle(); ///< why nothing can be tasted, if so
    void ask();
    void askOrder(const BlindTask& task);
    void askX(const AbxTask& task);
    void showDone();
    void go();
    void leave();
    void look();
    void lookNow();
    void showResult();
    void measure();
    void applyContract();
    void applyGate();
    void refreshApplied();
    void connectJudge();
    void askJudge();
    void refreshJudge();
    void tellFailure(const Error& error);
    [[nodiscard]] TastingPart part() const;
    [[nodiscard]] std::size_t left(TastingPart part) const;

    Workbench& m_workbench;
    LabSession& m_lab;
    TastingSession m_session;
    JudgeSession m_judge;      ///< of m_session
    bool m_isLooking = false;  ///< the result is shown
    bool m_wantsFocus = false; ///< once the votes so far are read
    quint64 m_measurement = 0; ///< the newest; a late older one is dropped
    Callout* m_problem = nullptr;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_nothing = nullptr;
    EmptyState* m_noAnswers = nullptr; ///< with the one next step
    TastingStart* m_start = nullptr;
    QWidget* m_tasting = nullptr; ///< the sheet with its head
    SegmentedControl* m_parts = nullptr;
    TextLabel* m_progress = nullptr;
    QStackedWidget* m_asked = nullptr; ///< the sheet, or that it is done
    TastingSheet* m_sheet = nullptr;
    QWidget* m_done = nullptr;
    TextLabel* m_doneTitle = nullptr;
    TextLabel* m_doneHint = nullptr;
    QPushButton* m_otherPart = nullptr;
    QPushButton* m_seeResult = nullptr;
    QPushButton* m_nextPerson = nullptr;
    TastingResultView* m_result = nullptr;
};

} // namespace signalbox::ui
