// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QPushButton;
class QToolButton;
class QScrollArea;
class QTimer;
class QVBoxLayout;

namespace signalbox::ui {

/// What is wrong or doubtful in the policy, by itself, by the recorded answers, or on this computer,
/// one a row: severity, the place it is about, sentence, a quick fix; of what was proved a request
/// that shows it, which can be tried. A single line while there is nothing to say.
class ProblemsPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit ProblemsPanel(Workbench& workbench, QWidget* parent = nullptr);

    void setExpanded(bool expanded);
    [[nodiscard]] bool isExpanded() const { return m_expanded; }

signals:
    /// Somebody wants to see the place of a finding; the selection is there already.
    void placeRequested(const QString& path);
    /// Somebody wants to see what becomes of the request of a finding.
    void tryRequested(const signalbox::Request& request);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();
    void rebuild();
    [[nodiscard]] std::vector<Finding> present() const;
    [[nodiscard]] bool isLooking() const;
    void refreshRows(const std::vector<Finding>& findings);
    void refreshPlace(int index);
    void refreshExample(int index, const Finding& finding);
    void removeRow(int index);
    void refreshSummary();
    [[nodiscard]] QWidget* buildRow(const Finding& finding);
    [[nodiscard]] QPushButton* buildPlace(const Finding& finding);
    void addExample(QGridLayout* grid, const Finding& finding);
    void fitList();
    void show(const Finding& finding);
    void fix(const Finding& finding);

    PolicyEditor& m_editor;
    PolicyProver& m_prover;
    PlanEvidence& m_evidence;
    bool m_expanded = false;
    QTimer* m_patience = nullptr;
    QToolButton* m_toggle = nullptr;
    QHBoxLayout* m_summary = nullptr; ///< a sign and a count per severity
    QScrollArea* m_scroll = nullptr;
    QVBoxLayout* m_rows = nullptr;
    std::vector<Finding> m_findings;
};

} // namespace signalbox::ui
