// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"
#include "nested_editor.h"

#include <core/policy/document.h>

#include <string>
#include <vector>

class QCheckBox;
class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace signalbox::ui {

/// A whole plan as nested parts: calls with their budgets, chains with order, deadline and mode,
/// splits with weights that always sum to the whole. Shows a value and announces the changed one.
class PlanEditor final : public NestedEditor
{
    Q_OBJECT
public:
    explicit PlanEditor(QWidget* parent = nullptr);

    /// @param document  whose models the plan may call
    void setPlan(const Plan& root, const PolicyDocument& document);

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
    [[nodiscard]] QWidget* buildChainParts(const Chain& chain, const std::string& path);
    [[nodiscard]] QWidget* buildSplitParts(const Split& split, const std::string& path);
    void fillMenu(QToolButton* button, const std::string& path);
    void replace(const std::string& path, Plan plan, Pace pace);
    void setWeight(const std::string& split, std::size_t arm, int weight);
    void addStepOrArm(const std::string& path);
    /// Runs a document gesture on this plan alone.
    template<class Gesture> void perform(const std::string& path, Gesture gesture);

    Plan m_root;
    std::vector<ModelSpec> m_models;
    ModelId m_baseline;
    std::string m_shape;
};

/// The fields of one node; parts of chains and splits are nodes of their own.
class PlanNodeEditor final : public PartFrame
{
    Q_OBJECT
public:
    explicit PlanNodeEditor(const Plan& plan, QWidget* parent = nullptr);

    void show(const Plan& plan, const std::vector<ModelSpec>& models);
    using PartFrame::show;
    void focusFirst() override;
    [[nodiscard]] QToolButton* menuButton() const { return m_menu; }
    /// Put in front of the kind: "1", or the field of an arm's weight.
    void setBadge(QWidget* badge);

signals:
    /// The node itself changed; its parts are as they were.
    void edited(const signalbox::Plan& plan, signalbox::ui::Pace pace);
    void kindChosen(std::size_t kind); ///< 0 call, 1 chain, 2 split

private:
    void buildCall();
    void buildChain();
    void buildSplit();
    void showCall(const Call& call);
    void showChain(const Chain& chain);
    void showSplit(const Split& split);
    template<class Kind, class Change> void change(Pace pace, Change change);

    Plan m_plan;
    std::vector<ModelSpec> m_models;
    QVBoxLayout* m_layout = nullptr;
    QHBoxLayout* m_head = nullptr;
    ChoiceField* m_kind = nullptr;
    QToolButton* m_menu = nullptr;
    // Of a call.
    ModelField* m_model = nullptr;
    NumberField* m_firstToken = nullptr;
    NumberField* m_total = nullptr;
    NumberField* m_retries = nullptr;
    QWidget* m_backoff = nullptr;
    NumberField* m_wait = nullptr;
    NumberField* m_multiplier = nullptr;
    // Of a chain.
    ChoiceField* m_mode = nullptr;
    NumberField* m_deadline = nullptr;
    std::vector<QCheckBox*> m_on;
    // Of a split.
    ChoiceField* m_sticky = nullptr;
    TextField* m_salt = nullptr;
};

} // namespace signalbox::ui
