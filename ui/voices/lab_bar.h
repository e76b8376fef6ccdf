// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/lab_session.h>

#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace signalbox::ui {

class ElidedLabel;
class ProgressStrip;
class TextLabel;

/// Above the matrix: which prompts and models, what it would cost, start, pause, stop, retry, and
/// how far it is.
class LabBar : public QWidget
{
    Q_OBJECT
public:
    explicit LabBar(LabSession& session, Workbench& workbench, QWidget* parent = nullptr);

private:
    void buildChoices();
    void buildRun();
    void rebuildModels();
    void refresh();
    void refreshProgress();
    void refreshPreflight();
    [[nodiscard]] QString preflightText() const;
    [[nodiscard]] QString progressText() const;

    LabSession& m_session;
    Workbench& m_workbench;
    QSpinBox* m_prompts = nullptr;
    QSpinBox* m_samples = nullptr;
    QLineEdit* m_typed = nullptr;
    QWidget* m_choices = nullptr;
    QHBoxLayout* m_models = nullptr;
    TextLabel* m_preflight = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_retry = nullptr;
    ProgressStrip* m_progress = nullptr;
};

} // namespace signalbox::ui
