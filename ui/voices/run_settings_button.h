// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/popover.h>
#include <ui/models/lab_session.h>

class QCheckBox;
class QSpinBox;
class QVBoxLayout;

namespace signalbox::ui {

/// How a run is sent: how often each prompt, what is sent again, what is taken from the store, and
/// the way to temperature, length and seed. Remembers what it can for the next start.
class RunSettingsPopover : public Popover
{
    Q_OBJECT
public:
    RunSettingsPopover(LabSession& session, QWidget* parent);
    void refresh();

signals:
    void changed(); ///< what the person may have set is with the session
    void lineUpRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void buildTimes(QVBoxLayout* rows);
    void buildTriesAgain(QVBoxLayout* rows);
    void buildReuse(QVBoxLayout* rows);
    void buildAsking(QVBoxLayout* rows);

    LabSession& m_session;
    QSpinBox* m_samples = nullptr;
    QCheckBox* m_triesAgain = nullptr;
    QCheckBox* m_reuse = nullptr;
};

/// "Run settings: once, retries on"; a press shows all of it.
class RunSettingsButton : public PopoverButton
{
    Q_OBJECT
public:
    explicit RunSettingsButton(LabSession& session, QWidget* parent = nullptr);
    void refresh();
    void open();
    void setBrief(bool brief); ///< without what they are, where there is little room
    [[nodiscard]] RunSettingsPopover* popover() const { return m_popover; }
    [[nodiscard]] QString summary() const; ///< "2 times, no retries"

private:
    LabSession& m_session;
    RunSettingsPopover* m_popover = nullptr;
    bool m_isBrief = false;
};

} // namespace signalbox::ui
