// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <ui/models/policy_editor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::ui {

// Parts of a policy are named by their JSON path, so that canvas, outline, inspector, problems and
// traces can point at the same thing without sharing pointers. A plan node is named inside its root
// plan ("" for the root, "chain.steps[0].split.arms[1].plan"), a condition inside its root
// condition ("", "any[0].not"). A rule has up to two root plans: its own, and that of its margin.

/// One step of a path: a member, or a member and an index into it.
struct PathStep
{
    std::string member;
    std::optional<std::size_t> index;
    bool operator==(const PathStep&) const = default;
};

/// "chain.steps[0]" as {chain}, {steps, 0}. Empty for a path that is none.
[[nodiscard]] std::vector<PathStep> splitPath(std::string_view path);

/// Both joined by a dot, or the other one if one is empty.
[[nodiscard]] std::string joinPath(std::string_view base, std::string_view rest);

/// "rest" of a path that is `base` or starts with "base."; nothing otherwise. An empty base fits
/// all.
[[nodiscard]] std::optional<std::string> pathBelow(std::string_view base, std::string_view path);

[[nodiscard]] Plan* planAt(Plan& root, std::string_view path);
[[nodiscard]] const Plan* planAt(const Plan& root, std::string_view path);
/// The call there: a node that is one, or a member of a pool. Null if there is none.
[[nodiscard]] Call* callAt(Plan& root, std::string_view path);
[[nodiscard]] const Call* callAt(const Plan& root, std::string_view path);
/// What is there as a plan of its own: a node, or a member of a pool, which can only be a call.
[[nodiscard]] std::optional<Plan> planPartAt(const Plan& root, std::string_view path);
/// Puts a plan there; whether it could: a pool takes nothing but calls.
bool setPlanPart(Plan& root, std::string_view path, Plan part);
/// The node itself, or the pool of a member: what a chain or a split can be made of.
[[nodiscard]] std::string nodePathOf(const Plan& root, std::string_view path);
[[nodiscard]] Condition* conditionAt(Condition& root, std::string_view path);
[[nodiscard]] const Condition* conditionAt(const Condition& root, std::string_view path);

[[nodiscard]] std::string stepPath(std::string_view chain, std::size_t step);
[[nodiscard]] std::string armPath(std::string_view split, std::size_t arm);

/// Steps, arms or members in their order, as plans; none of a call.
[[nodiscard]] std::vector<Plan> partsOf(const Plan& node);
/// Path of a part of a chain, split, cascade or pool, given the node itself.
[[nodiscard]] std::string partPath(const Plan& node, std::string_view path, std::size_t part);

/// Path of a child of a group or of a `not`, given the group itself.
[[nodiscard]] std::string childPath(const Condition& group, std::string_view path,
                                    std::size_t child);

/// A plan node's or a condition's place in what holds it.
struct PathPlace
{
    std::string parent;    ///< path of the chain, split, cascade, pool, group or `not`
    std::size_t index = 0; ///< position in it
    bool operator==(const PathPlace&) const = default;
};
/// Nothing for the root, which has no parent.
[[nodiscard]] std::optional<PathPlace> placeOfPlan(std::string_view path);
[[nodiscard]] std::optional<PathPlace> placeOfCondition(std::string_view path);

// What a selection means.

/// The root plan that a selection is about: of its rule, of the rule's margin, or `otherwise`.
[[nodiscard]] const Plan* rootPlanOf(const PolicyDocument& document,
                                     const PolicySelection& selection);
/// Where in the root plan the selection points, if it points into a plan.
[[nodiscard]] std::optional<std::string> planPathOf(const PolicySelection& selection);
/// The same root plan, another place in it.
[[nodiscard]] PolicySelection withPlanPath(const PolicySelection& selection,
                                           std::string_view planPath);
/// Whether it is the margin of a rule, or its plan.
[[nodiscard]] bool isInUncertain(const PolicySelection& selection);
/// Where in the rule's condition the selection points, if it points into one.
[[nodiscard]] std::optional<std::string> conditionPathOf(const PolicySelection& selection);

[[nodiscard]] PolicySelection selectRule(const RuleId& id, std::string path = {});
[[nodiscard]] PolicySelection selectOtherwise(std::string planPath = {});
[[nodiscard]] PolicySelection selectModel(const ModelId& id);
[[nodiscard]] PolicySelection selectSignal(const SignalId& id, std::string path = {});
[[nodiscard]] PolicySelection selectDocument(std::string path = {});
/// The margin of a rule, or a node of its plan.
[[nodiscard]] PolicySelection selectUncertain(const RuleId& id);
[[nodiscard]] PolicySelection selectUncertainPlan(const RuleId& id, std::string_view planPath);
/// The heading at an index of PolicyDocument::groups.
[[nodiscard]] PolicySelection selectGroup(std::size_t index);
[[nodiscard]] std::optional<std::size_t> groupOf(const PolicySelection& selection);

/// The selection of a plan node of a rule (or of `otherwise`, without a rule).
[[nodiscard]] PolicySelection selectPlanNode(const std::optional<RuleId>& rule,
                                             std::string_view planPath);

/// What a finding's or a trace's path is about: "rules[2].plan.chain.steps[1]",
/// "rules[hard].when.any[0]", "models[0].price", "gates[1]". The document for anything unknown.
[[nodiscard]] PolicySelection selectionFromPath(const PolicyDocument& document,
                                                std::string_view path);

/// The selection if what it names still exists, else the nearest thing that holds it.
[[nodiscard]] PolicySelection validSelection(const PolicyDocument& document,
                                             const PolicySelection& selection);

} // namespace signalbox::ui
