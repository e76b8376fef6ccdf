// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/popover.h>
#include <ui/models/queued_runs.h>

#include <QPushButton>

class QVBoxLayout;

namespace signalbox::ui {

class TextLabel;

/// The runs that wait: in their order, to be moved, taken out, added to and sent.
class QueuePopover : public Popover
{
    Q_OBJECT
public:
    QueuePopover(QueuedRuns& queue, QWidget* parent);
    void refresh();

private:
    [[nodiscard]] QWidget* makeRow(std::size_t place);

    QueuedRuns& m_queue;
    QWidget* m_rows = nullptr;
    TextLabel* m_hint = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_clear = nullptr;
};

/// "Queue", or "Queue (2)"; a press shows it.
class QueueButton : public QPushButton
{
    Q_OBJECT
public:
    explicit QueueButton(QueuedRuns& queue, QWidget* parent = nullptr);
    void setWordy(bool wordy); ///< a word beside the icon, also where nothing waits
    [[nodiscard]] QueuePopover* popover() const { return m_popover; }

private:
    void refresh();
    void open();

    QueuedRuns& m_queue;
    QueuePopover* m_popover = nullptr;
    bool m_isWordy = false;
};

} // namespace signalbox::ui
