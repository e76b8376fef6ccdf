// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"
#include "nested_editor.h"
#include "plan_kinds.h"

#include <core/policy/document.h>

#include <vector>

class QCheckBox;
class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace signalbox::ui {

class AcceptanceFields;
class OverrideFields;
class TakeoverView;
struct Takeovers;

/// The fields of one node; its parts are nodes of their own.
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
    /// What the recorded answers say of this step when it takes over from another; see TakeoverView.
    void setTakeovers(const Takeovers& takeovers);

signals:
    /// The node itself changed; its parts are as they were.
    void edited(const signalbox::Plan& plan, signalbox::ui::Pace pace);
    void kindChosen(signalbox::ui::PlanKind kind);

private:
    void buildCall();
    void buildChain();
    void buildSplit();
    void buildCascade();
    void buildPool();
    void addDeadline(const QString& caption);
    void setDeadline(std::optional<int> ms);
    void showCall(const Call& call);
    void showChain(const Chain& chain);
    void showSplit(const Split& split);
    void showCascade(const Cascade& cascade);
    void showPool(const Pool& pool);
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
    OverrideFields* m_overrides = nullptr;
    // Of a chain or cascade.
    NumberField* m_deadline = nullptr;
    ChoiceField* m_mode = nullptr;
    std::vector<QCheckBox*> m_on;
    // Of a split.
    ChoiceField* m_sticky = nullptr;
    TextField* m_salt = nullptr;
    AcceptanceFields* m_accept = nullptr; ///< of a cascade
    ChoiceField* m_pick = nullptr;        ///< of a pool
    TakeoverView* m_takeovers = nullptr;  ///< once there is something to say
};

} // namespace signalbox::ui
