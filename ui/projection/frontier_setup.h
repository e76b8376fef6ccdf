// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/popover.h>
#include <ui/models/frontier_session.h>

class QHBoxLayout;
class QSpinBox;
class QVBoxLayout;

namespace signalbox::ui {

class TextLabel;

/// Asks how far to search for better policies, and says what the search may turn and on what.
/// Return begins it. GUI thread; the session must outlive it.
class FrontierSetup final : public Popover
{
    Q_OBJECT
public:
    FrontierSetup(FrontierSession& session, QWidget* button);

    /// For the policy in front.
    void open(const QString& policy);

signals:
    void searchRequested(const signalbox::ui::FrontierSession::Settings& settings);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildNumbers(QVBoxLayout* rows);
    void buildButtons(QVBoxLayout* rows);
    QSpinBox* addNumber(QVBoxLayout* rows, const QString& label, const QString& meaning);
    void refresh();
    void request();

    FrontierSession& m_session;
    TextLabel* m_intro = nullptr;
    TextLabel* m_settings = nullptr; ///< what is turned, or why nothing can be
    TextLabel* m_halves = nullptr;
    QSpinBox* m_most = nullptr;
    QSpinBox* m_seed = nullptr;
    QPushButton* m_search = nullptr;
};

} // namespace signalbox::ui
