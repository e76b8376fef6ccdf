// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <ui/models/workbench.h>

#include <QWidget>

#include <string>

class QVBoxLayout;

namespace signalbox::ui {

/// One kind of thing in the inspector: shows the selected one of the shown document and pushes
/// edits. Edits typed into one field without leaving it are one undo step.
class InspectorPane : public QWidget
{
    Q_OBJECT
public:
    explicit InspectorPane(Workbench& workbench, QWidget* parent = nullptr);
    ~InspectorPane() override;

    /// Shows what is selected; called at every change of document or selection.
    virtual void refresh(const PolicyDocument& document, const PolicySelection& selection) = 0;
    /// Gives the keyboard to what the selection's path names, or to the first field.
    virtual void focusPart(const PolicySelection& selection) = 0;
    /// Gives the keyboard to the name of the thing.
    virtual void focusName() = 0;
    /// What shows the part that the selection's path names, to be scrolled into view; may be null.
    [[nodiscard]] virtual QWidget* partOf(const PolicySelection& /*selection*/) { return nullptr; }

signals:
    /// A row of the traffic that somebody wants to try.
    void requestChosen(std::size_t row);

protected:
    [[nodiscard]] Workbench& workbench() { return m_workbench; }
    [[nodiscard]] PolicyEditor& editor() { return m_workbench.editor(); }
    void push(const Edit& edit, Pace pace);
    [[nodiscard]] QVBoxLayout* body() { return m_body; }
    /// A section's title above what follows, with a few muted words about it.
    void addSection(const QString& title, const QString& note = {});
    /// A field with its caption above; returns the box of both.
    QWidget* addField(const QString& caption, QWidget* field);

    bool event(QEvent* event) override;

private:
    void orderTabs();

    Workbench& m_workbench;
    QVBoxLayout* m_body = nullptr;
    const QWidget* m_typingIn = nullptr;
    bool m_isTyping = false; ///< what changes now is what is typed
    quint64 m_gesture = 0;
};

} // namespace signalbox::ui
