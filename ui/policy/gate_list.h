// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <ui/models/workbench.h>

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class TextLabel;
class VerdictMark;

/// The gates of the policy in the inspector: metric, bound, limit and scope of each, with its
/// verdict by the workbench's projection.
class GateList final : public QWidget
{
    Q_OBJECT
public:
    explicit GateList(Workbench& workbench, QWidget* parent = nullptr);

    void show(const PolicyDocument& document);
    using QWidget::show;
    /// Gives the keyboard to the first gate. False if there is none.
    bool focusFirst();

signals:
    void edited(const std::vector<signalbox::Gate>& gates, signalbox::ui::Pace pace);

private:
    struct Row
    {
        ChoiceField* metric = nullptr;
        ChoiceField* bound = nullptr;
        NumberField* limit = nullptr;
        TextLabel* unit = nullptr;
        ChoiceField* scope = nullptr;
        VerdictMark* verdict = nullptr;
        TextLabel* reason = nullptr;
    };
    void rebuild(std::size_t count);
    [[nodiscard]] QWidget* buildRow(std::size_t index);
    template<class Change> void change(Pace pace, Change change);

    Workbench& m_workbench;
    QVBoxLayout* m_rowsLayout = nullptr;
    std::vector<Row> m_rows;
};

} // namespace signalbox::ui
