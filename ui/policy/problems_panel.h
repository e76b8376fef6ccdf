// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/policy_editor.h>

#include <QWidget>

class QHBoxLayout;
class QToolButton;
class QScrollArea;
class QVBoxLayout;

namespace signalbox::ui {

/// What is wrong or doubtful in the policy, one a line: severity, sentence, the place it is about,
/// a quick fix. A single line while there is nothing to say.
class ProblemsPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit ProblemsPanel(PolicyEditor& editor, QWidget* parent = nullptr);

    void setExpanded(bool expanded);
    [[nodiscard]] bool isExpanded() const { return m_expanded; }

signals:
    /// Somebody wants to see the place of a finding; the selection is there already.
    void placeRequested(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void rebuild();
    void refreshSummary();
    [[nodiscard]] QWidget* buildRow(const Finding& finding);
    void show(const Finding& finding);
    void fix(const Finding& finding);

    PolicyEditor& m_editor;
    bool m_expanded = false;
    QToolButton* m_toggle = nullptr;
    QHBoxLayout* m_summary = nullptr; ///< a sign and a count per severity
    QScrollArea* m_scroll = nullptr;
    QVBoxLayout* m_rows = nullptr;
    std::vector<Finding> m_findings;
};

} // namespace signalbox::ui
