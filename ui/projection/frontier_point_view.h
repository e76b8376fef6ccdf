// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/frontier/frontier.h>
#include <ui/models/frontier_session.h>

#include <QPushButton>
#include <QWidget>

#include <memory>

class QVBoxLayout;

namespace signalbox::ui {

class TextLabel;
class VerdictMark;
class Badge;

/// One policy of a search: what it changes, its four numbers beside those of the policy before,
/// the gates that it opens and closes, and the buttons that take it over and then compare it. Shows
/// what it is given; asks for nothing itself.
class FrontierPointView : public QWidget
{
    Q_OBJECT
public:
    explicit FrontierPointView(QWidget* parent = nullptr);

    /// @param choice  one of the finding's; null: nothing is selected
    void setChoice(const std::shared_ptr<const FrontierFinding>& finding,
                   const FrontierChoice* choice);
    /// Whether it may be taken over, and if not, why: a sentence beside the button.
    void setAdoptable(bool isAdoptable, const QString& why);
    /// Whether the policy in front is it now; then it can be compared with what was before.
    void setAdopted(bool isAdopted);

signals:
    void adoptRequested();
    void comparisonRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void buildHead(QVBoxLayout* rows);
    void addHeading(const QString& text);
    void addText(const QString& text, bool isMuted);
    void addChanges();
    void addNumbers();
    void addGates();
    void addTests();

    std::shared_ptr<const FrontierFinding> m_finding;
    const FrontierChoice* m_choice = nullptr;
    TextLabel* m_title = nullptr;
    Badge* m_badge = nullptr;
    TextLabel* m_role = nullptr;
    VerdictMark* m_verdict = nullptr;
    TextLabel* m_gates = nullptr;
    TextLabel* m_why = nullptr;
    QPushButton* m_adopt = nullptr;
    QPushButton* m_compare = nullptr;
    QVBoxLayout* m_body = nullptr; ///< of m_bodyWidget, made anew for each choice
    QWidget* m_bodyWidget = nullptr;
    QVBoxLayout* m_rows = nullptr;
};

} // namespace signalbox::ui
