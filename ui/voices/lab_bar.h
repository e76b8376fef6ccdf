// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/lab_session.h>

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

class QHBoxLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace signalbox::ui {

class ElidedLabel;
class FactsLine;
class LimitsButton;
class ModelsButton;
class ProgressStrip;
class RunSettingsButton;
class SegmentedControl;
class SpendingButton;

/// The two rows above a view of the lab. The first is that of the page: which view, what is there
/// and what it would cost, tools, models. The second sends: which prompts, how, start and retry; in
/// their place pause and stop while a run goes on, and what is shown while that is an earlier run.
class LabBar : public QWidget
{
    Q_OBJECT
public:
    explicit LabBar(LabSession& session, Workbench& workbench, QWidget* parent = nullptr);

    /// What the view below is for. Where nothing is sent the second row is there only while a run
    /// goes on or an earlier one is shown.
    enum class Purpose { Sending, Reading };
    void setPurpose(Purpose purpose);

    /// As the primary button does: what is being typed counts, and a paused run goes on. While some
    /// answers are there, only the rest is sent.
    void send();
    void pauseOrGoOn();
    void showCaps();                      ///< what a run may take at most, to be set
    [[nodiscard]] bool mayChoose() const; ///< nothing is being sent, no earlier run is shown
    void showSettings(); ///< how often and how is sent, to be set; while that is in sight
    void showModels();   ///< which have a column, to be chosen; while that is in sight
    void showLineUp();   ///< which models are asked, how and how often, to be set
    /// Whether there is room for words beside icons.
    // Each takes ownership.
    void addAtStart(QWidget* widget); ///< of the first row
    void addTool(QWidget* widget);    ///< to the first row, behind those that were added before
    void addAtEnd(QWidget* widget);   ///< of the first row
    void addToRun(QWidget* widget);   ///< to the second row: what belongs to sending
    /// Shows what a file, or a text, holds of prompts, and adds them if the person says so.
    void importFile(const QString& path);
    void importText(const QString& text);
    void importTraffic(); ///< a choice of its conversations; nothing without traffic
    using AskForFile = std::function<QString(QWidget*)>;
    void setAskForFile(AskForFile ask) { m_ask = std::move(ask); }

signals:
    void nextFailedRequested();
    void repriceRequested();           ///< the run that is shown, at today's prices
    void wordsFitChanged(bool fit);    ///< beside the icons of the first row
    void runWordsFitChanged(bool fit); ///< beside those of the second
    void keyboardReturned(); ///< it was with the run, and what had it before is out of sight
    void importFailed(const QString& title, const QString& detail);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead();
    void addModelActions();
    void buildChoices();
    void buildShown();
    void refreshShown();
    void showPromptCount();
    void buildYours();
    [[nodiscard]] QPushButton* makeImport();
    void showImport(const QByteArray& bytes, const QString& from);
    void buildRun();
    void refreshYours();
    void refresh();
    void refreshChoices();
    void refreshRows();
    void refreshButtons();
    void keepTheKeyboard(QWidget* focused);
    bool takeTyped();
    [[nodiscard]] QWidget* makeYours(const LabPrompt& prompt, int turns);
    void refreshLimits();
    void refreshProgress();
    void refreshPreflight();
    void sendAgain();
    bool takeWhatIsTyped();
    [[nodiscard]] QStringList preflightFacts() const;
    [[nodiscard]] QString askingText() const;
    [[nodiscard]] QStringList progressFacts() const;
    [[nodiscard]] QStringList shownFacts() const;
    [[nodiscard]] QStringList storedFacts() const;
    [[nodiscard]] QString nextText() const;
    [[nodiscard]] QString restText() const;

    LabSession& m_session;
    Workbench& m_workbench;
    Purpose m_purpose = Purpose::Sending;
    QHBoxLayout* m_head = nullptr; ///< the first row
    FactsLine* m_status = nullptr;
    ModelsButton* m_models = nullptr;
    QWidget* m_lastTool = nullptr; ///< before the models
    QWidget* m_second = nullptr;
    QHBoxLayout* m_row = nullptr;  ///< of m_second
    std::vector<QWidget*> m_ofRun; ///< others' in it
    QWidget* m_choices = nullptr;
    QSpinBox* m_prompts = nullptr;
    QLineEdit* m_typed = nullptr;
    QPushButton* m_import = nullptr;
    RunSettingsButton* m_settings = nullptr;
    AskForFile m_ask;
    QWidget* m_shown = nullptr;
    ElidedLabel* m_shownTitle = nullptr;
    QPushButton* m_reprice = nullptr;
    QPushButton* m_goOn = nullptr;
    QPushButton* m_back = nullptr;
    QWidget* m_yours = nullptr; ///< the typed prompts, before they are sent
    QVBoxLayout* m_yourRows = nullptr;
    std::vector<PromptId> m_shownPrompts;
    SegmentedControl* m_which = nullptr;
    std::optional<int> m_shownCount; ///< of the sample's prompts, not what is being typed
    int m_resets = 0;                ///< of the table, so far
    int m_refusals = 0;              ///< to change the table, so far
    QPointer<QWidget> m_focusBefore; ///< in the choices, before a run disabled them
    QPushButton* m_start = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_retry = nullptr;
    QPushButton* m_failed = nullptr; ///< how many, and the way there
    ProgressStrip* m_progress = nullptr;
    LimitsButton* m_limits = nullptr;
    SpendingButton* m_spending = nullptr;
    QTimer m_nextLimits; ///< they pass by themselves
};

} // namespace signalbox::ui
