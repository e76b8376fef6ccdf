// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/routing/compiled_policy.h>

#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class Badge;
class TextLabel;

/// The tests of the policy in the inspector: requests whose way must not change, each with whether
/// it still holds and, if not, where the request goes now. What a person said last and what is
/// expected are edited here; whole conversations come from "Try a request". Many tests are run a
/// moment after a change, all changes until then at once; what the last run said stays until then.
class TestList final : public QWidget
{
    Q_OBJECT
public:
    explicit TestList(QWidget* parent = nullptr);

    /// @param styles  the table that the policy names; may be null
    void show(const PolicyDocument& document, std::shared_ptr<const UserStyles> styles);
    using QWidget::show;

signals:
    void edited(const std::vector<signalbox::PolicyTest>& tests, signalbox::ui::Pace pace);

private:
    using Choices = std::vector<std::pair<QString, int>>; ///< words, and the value behind them
    struct Row
    {
        Badge* badge = nullptr;
        NoteField* message = nullptr;
        ChoiceField* lane = nullptr;
        ChoiceField* model = nullptr;
        TextLabel* outcomes = nullptr; ///< what models are made to do, and who answers then
        TextLabel* reason = nullptr;
    };
    void rebuild(std::size_t count);
    [[nodiscard]] QWidget* buildRow(std::size_t index);
    void connectRow(std::size_t index);
    void showRow(const Row& row, const PolicyTest& test, bool hasNewLanes, bool hasNewModels);
    void runTests();
    [[nodiscard]] Choices laneChoices() const;
    [[nodiscard]] Choices modelChoices() const;
    void expectLane(PolicyTest& test, int lane) const;
    template<class Change> void change(Pace pace, Change change);

    QVBoxLayout* m_rowsLayout = nullptr;
    std::vector<Row> m_rows;
    QTimer m_runSoon;
    std::optional<CompiledPolicy> m_policy; ///< the last one that could decide, to be reused
    // What the rows show.
    PolicyDocument m_shown;
    std::shared_ptr<const UserStyles> m_styles;
    Choices m_lanes;
    Choices m_models;
};

} // namespace signalbox::ui
