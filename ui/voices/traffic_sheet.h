// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/traffic_prompts.h>

#include <QDialog>

#include <memory>

class QLabel;
class QPushButton;
class QSpinBox;
class QTreeWidget;

namespace signalbox::ui {

class SegmentedControl;
class TextLabel;

/// Chooses conversations of the traffic as prompts: how many, in which shares of the segments.
/// Nothing is taken until the person says so. GUI thread.
class TrafficSheet final : public QDialog
{
    Q_OBJECT
public:
    explicit TrafficSheet(std::shared_ptr<const Traffic> traffic, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<LabPrompt>& prompts() const { return m_drawn.prompts; }

signals:
    /// The person takes prompts(). The sheet is closed by then.
    void taken();

private:
    void build();
    [[nodiscard]] QWidget* makeChoices();
    void buildLists();
    void draw();
    void showSegments();
    void showPrompts();
    [[nodiscard]] QString summary() const;

    std::shared_ptr<const Traffic> m_traffic;
    TrafficPrompts m_drawn;
    TextLabel* m_summary = nullptr;
    QSpinBox* m_count = nullptr;
    SegmentedControl* m_shares = nullptr;
    SegmentedControl* m_turns = nullptr;
    QLabel* m_unit = nullptr;
    QTreeWidget* m_segments = nullptr;
    QTreeWidget* m_prompts = nullptr;
    QPushButton* m_take = nullptr;
};

} // namespace signalbox::ui
