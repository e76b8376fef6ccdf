// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/document.h>

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

/// The headings over rules in the inspector, each with its name and note.
class GroupList final : public QWidget
{
    Q_OBJECT
public:
    explicit GroupList(QWidget* parent = nullptr);

    void show(const std::vector<RuleGroup>& groups);
    using QWidget::show;
    /// Gives the keyboard to the name of a heading; whether there is one.
    bool focusGroup(std::size_t index);
    [[nodiscard]] QWidget* rowOf(std::size_t index) const; ///< null if none

signals:
    void edited(const std::vector<signalbox::RuleGroup>& groups, signalbox::ui::Pace pace);
    void removeRequested(std::size_t index);

private:
    struct Row
    {
        QWidget* box = nullptr;
        TextField* label = nullptr;
        NoteField* note = nullptr;
    };
    [[nodiscard]] Row makeRow(std::size_t index);

    std::vector<RuleGroup> m_groups;
    std::vector<Row> m_list;
    QVBoxLayout* m_rows = nullptr;
};

} // namespace signalbox::ui
