// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/workbench.h>

#include <QWidget>

#include <map>

class QScrollArea;
class QStackedWidget;

namespace signalbox::ui {

class ElidedLabel;
class InspectorPane;
class IconLabel;
class TextLabel;

/// The right side of the Policy page: the selected thing with everything that can be set on it; the
/// policy itself while nothing is selected.
/// Panes are made when first needed.
class Inspector final : public QWidget
{
    Q_OBJECT
public:
    explicit Inspector(Workbench& workbench, QWidget* parent = nullptr);
    ~Inspector() override;

    /// Gives the keyboard to what the selection points at.
    void focusPart();
    /// Gives the keyboard to the name of the selected thing.
    void focusName();
    /// Gives the keyboard to the text of the selected rule's condition.
    void focusFormula();

signals:
    void requestChosen(std::size_t row);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void scrollToPart();
    [[nodiscard]] QScrollArea* scrollOf(const InspectorPane* pane) const;
    void refreshHeader(const PolicyDocument& document, const PolicySelection& selection);
    [[nodiscard]] InspectorPane* paneFor(PolicySelection::Kind kind);
    [[nodiscard]] InspectorPane* makePane(PolicySelection::Kind kind);

    Workbench& m_workbench;
    IconLabel* m_icon = nullptr;
    ElidedLabel* m_title = nullptr;
    TextLabel* m_place = nullptr;
    QStackedWidget* m_stack = nullptr;
    std::map<PolicySelection::Kind, InspectorPane*> m_panes;
};

} // namespace signalbox::ui
