// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_choices.h"

#include <core/lab/lab_plan.h>
#include <core/lab/policy_column.h>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

class Workbench;

/// The policy that is open, as a table of the lab sees it: its models as columns, at the prices
/// that are known, and itself as one more. Keeps nothing: each question is answered by what the
/// workbench has at that moment. GUI thread; the workbench outlives it.
class PresentPolicy
{
public:
    explicit PresentPolicy(Workbench& workbench) : m_workbench(&workbench) {}

    [[nodiscard]] const std::vector<ModelSpec>& models() const; ///< without a column of its own
    [[nodiscard]] ModelId columnId() const;
    /// What stands behind that column.
    [[nodiscard]] std::shared_ptr<const PolicyColumn> column() const;

    /// What is asked by these choices: models, variants, and last the policy's own column.
    [[nodiscard]] std::vector<ModelSpec> columnsOf(const LastChoices& choices) const;
    [[nodiscard]] LabPlan planOf(const LastChoices& choices, const RunTerms& terms) const;

    /// A column of the plan as it would be asked now; nullopt: its model is gone.
    [[nodiscard]] std::optional<ModelSpec> present(const LabPlan& plan, const ModelId& id) const;
    /// Those that still answer alike, at the present prices.
    [[nodiscard]] std::vector<ModelSpec> pricedAnew(const LabPlan& plan) const;

    /// Place of a model among those of the policy. Columns that are not, but for the policy's, come
    /// after them, in the order of the table; -1: neither has it.
    [[nodiscard]] int indexOf(const ModelId& id, const std::vector<ModelSpec>& table) const;
    [[nodiscard]] bool isAllSimulated() const; ///< and there is a model

private:
    Workbench* m_workbench;
};

/// Whether two models answer alike: the price and the room for text change nothing about that.
/// Of a policy each answer says itself how it came about.
[[nodiscard]] bool answersAlike(ModelSpec a, const ModelSpec& b);
/// All of them, in the same order.
[[nodiscard]] bool answerAlike(const std::vector<ModelSpec>& a, const std::vector<ModelSpec>& b);

} // namespace signalbox::ui
