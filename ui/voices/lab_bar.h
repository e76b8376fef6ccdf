// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/lab_session.h>

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <utility>
#include <vector>

class QCheckBox;
class QHBoxLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace signalbox::ui {

class ElidedLabel;
class LimitsButton;
class ProgressStrip;
class SpendingButton;
class SegmentedControl;
class TextLabel;

/// Above the matrix: which prompts and models, what it would cost, start, pause, stop, retry, and
/// how far it is.
class LabBar : public QWidget
{
    Q_OBJECT
public:
    explicit LabBar(LabSession& session, Workbench& workbench, QWidget* parent = nullptr);

    /// As the primary button does: what is being typed counts, and a paused run goes on. While some
    /// answers are there, only the rest is sent.
    void send();
    void pauseOrGoOn();
    void showCaps();   ///< what a run may take at most, to be set
    void showLineUp(); ///< which models are asked, how and how often, to be set
    /// Whether there is room for words beside icons at the end of the row of buttons.
    [[nodiscard]] bool doWordsFit() const;
    void addAtEnd(QWidget* widget); ///< of the row of buttons; takes ownership
    /// Shows what a file, or a text, holds of prompts, and adds them if the person says so.
    void importFile(const QString& path);
    void importText(const QString& text);
    void importTraffic(); ///< a choice of its conversations; nothing without traffic
    using AskForFile = std::function<QString(QWidget*)>;
    void setAskForFile(AskForFile ask) { m_ask = std::move(ask); }

signals:
    void nextFailedRequested();
    void repriceRequested(); ///< the run that is shown, at today's prices
    void wordsFitChanged(bool fit);
    void importFailed(const QString& title, const QString& detail);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildChoices();
    void buildShown();
    void refreshShown();
    void buildYours();
    [[nodiscard]] QPushButton* makeImport();
    [[nodiscard]] QPushButton* makeModels();
    void showImport(const QByteArray& bytes, const QString& from);
    void buildRun();
    void refreshModels();
    void describePolicy(QCheckBox* box);
    void refreshYours();
    void refresh();
    void refreshChoices();
    void refreshButtons();
    void keepTheKeyboard(QWidget* focused);
    bool takeTyped();
    [[nodiscard]] QWidget* makeYours(const LabPrompt& prompt, int turns);
    void buildTriesAgain(QHBoxLayout* row);
    void refreshLimits();
    void refreshProgress();
    void refreshPreflight();
    void sendAgain();
    bool takeWhatIsTyped();
    [[nodiscard]] QString preflightText() const;
    [[nodiscard]] QString askingText() const;
    [[nodiscard]] QString progressText() const;
    [[nodiscard]] QString shownText() const;
    [[nodiscard]] QString storedText() const;
    [[nodiscard]] QString nextText() const;
    [[nodiscard]] QString restText() const;

    LabSession& m_session;
    Workbench& m_workbench;
    QSpinBox* m_prompts = nullptr;
    QSpinBox* m_samples = nullptr;
    QLineEdit* m_typed = nullptr;
    QPushButton* m_import = nullptr;
    AskForFile m_ask;
    QWidget* m_choices = nullptr;
    QWidget* m_shown = nullptr;
    ElidedLabel* m_shownTitle = nullptr;
    QPushButton* m_goOn = nullptr;
    QPushButton* m_back = nullptr;
    QHBoxLayout* m_models = nullptr;
    std::vector<ModelId> m_shownModels; ///< whose check boxes there are
    QWidget* m_yours = nullptr;         ///< the typed prompts, before they are sent
    QVBoxLayout* m_yourRows = nullptr;
    std::vector<PromptId> m_shownPrompts;
    SegmentedControl* m_which = nullptr;
    int m_resets = 0;                ///< of the table, so far
    int m_refusals = 0;              ///< to change the table, so far
    QPointer<QWidget> m_focusBefore; ///< in the choices, before a run disabled them
    TextLabel* m_preflight = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_retry = nullptr;
    QPushButton* m_failed = nullptr; ///< how many, and the way there
    QHBoxLayout* m_runRow = nullptr;
    ProgressStrip* m_progress = nullptr;
    LimitsButton* m_limits = nullptr;
    SpendingButton* m_spending = nullptr;
    QTimer m_nextLimits; ///< they pass by themselves
};

} // namespace signalbox::ui
