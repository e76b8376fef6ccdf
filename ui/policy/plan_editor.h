// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"
#include "nested_editor.h"
#include "takeover_view.h"

#include <core/policy/document.h>

#include <string>
#include <vector>

class QToolButton;
class QVBoxLayout;

namespace signalbox::ui {

class PlanNodeEditor;

/// A whole plan as nested parts: calls with their budgets, chains with order, deadline and mode,
/// splits with weights that always sum to the whole, cascades with what they accept, pools with
/// what they pick by. Shows a value and announces the changed one.
class PlanEditor final : public NestedEditor
{
    Q_OBJECT
public:
    explicit PlanEditor(QWidget* parent = nullptr);

    /// @param document  whose models the plan may call
    void setPlan(const Plan& root, const PolicyDocument& document);
    /// What is shown with the steps that take over from another.
    void setTakeovers(Takeovers takeovers);

signals:
    /// @param path  of the node that should be current now
    void edited(const signalbox::Plan& root, const std::string& path, signalbox::ui::Pace pace);

protected:
    [[nodiscard]] bool hasPath(const std::string& path) const override;
    void move(const std::string& path, int delta) override;
    void remove(const std::string& path) override;

private:
    void rebuild();
    void refreshNodes();
    [[nodiscard]] QWidget* build(const Plan& plan, const std::string& path);
    [[nodiscard]] QWidget* buildParts(const Plan& plan, const std::string& path);
    void addBadge(const Plan& plan, const std::string& path, std::size_t part);
    void fillMenu(QToolButton* button, const std::string& path);
    void replace(const std::string& path, Plan plan, Pace pace);
    void setWeight(const std::string& split, std::size_t arm, int weight);
    /// Runs a document gesture on this plan alone.
    template<class Gesture> void perform(const std::string& path, Gesture gesture);

    Plan m_root;
    std::vector<ModelSpec> m_models;
    ModelId m_baseline;
    std::string m_shape;
    Takeovers m_takeovers;
};

} // namespace signalbox::ui
