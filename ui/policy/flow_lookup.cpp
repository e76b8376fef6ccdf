// SPDX-License-Identifier: GPL-3.0-or-later
// What of a laid out flow stands for which selection.

#include "flow_layout.h"
#include "policy_paths.h"

namespace signalbox::ui {

PolicySelection FlowLane::selection() const
{
    switch (kind) {
    case Kind::Holdout:
        return selectDocument("holdout");
    case Kind::Rule:
        return selectRule(RuleId(id));
    case Kind::Otherwise:
        return selectOtherwise();
    }
    return {};
}

PolicySelection FlowLane::selectionOf(const FlowNode& node) const
{
    switch (kind) {
    case Kind::Holdout:
        return selection();
    case Kind::Rule:
        return node.isOfMargin ? selectUncertainPlan(RuleId(id), node.path)
                               : selectRule(RuleId(id), joinPath("plan", node.path));
    case Kind::Otherwise:
        return selectOtherwise(node.path);
    }
    return {};
}

PolicySelection FlowLane::selectionOf(const FlowChip& chip) const
{
    if (chip.isMargin)
        return selectUncertain(RuleId(id));
    return kind == Kind::Rule ? selectRule(RuleId(id), joinPath("when", chip.path)) : selection();
}

int FlowLayout::laneIndexOf(const RuleId& rule) const
{
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (lanes[i].kind == FlowLane::Kind::Rule && lanes[i].id == rule.value)
            return static_cast<int>(i);
    }
    return -1;
}

int FlowLayout::laneIndexOf(const PolicySelection& selection) const
{
    if (selection.kind == PolicySelection::Kind::Rule)
        return laneIndexOf(RuleId(selection.id));
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const bool otherwise = selection.kind == PolicySelection::Kind::Otherwise &&
                               lanes[i].kind == FlowLane::Kind::Otherwise;
        if (otherwise ||
            (lanes[i].kind == FlowLane::Kind::Holdout && lanes[i].selection() == selection))
            return static_cast<int>(i);
    }
    return -1;
}

int FlowLayout::stationIndexOf(const ModelId& model) const
{
    for (std::size_t i = 0; i < stations.size(); ++i) {
        if (stations[i].id == model)
            return static_cast<int>(i);
    }
    return -1;
}

const FlowHeading* FlowLayout::headingOf(const PolicySelection& selection) const
{
    const auto group = groupOf(selection);
    for (const FlowHeading& heading : headings) {
        if (group && heading.group == *group)
            return &heading;
    }
    return nullptr;
}

const FlowHeading* FlowLayout::headingAbove(int lane) const
{
    for (const FlowHeading& heading : headings) {
        if (heading.firstLane == lane)
            return &heading;
    }
    return nullptr;
}

QRectF FlowLayout::rectOf(const PolicySelection& selection) const
{
    if (const FlowHeading* const heading = headingOf(selection))
        return heading->rect;
    if (selection.kind == PolicySelection::Kind::Model) {
        const int index = stationIndexOf(ModelId(selection.id));
        return index < 0 ? QRectF() : stations[static_cast<std::size_t>(index)].rect;
    }
    const int index = laneIndexOf(selection);
    if (index < 0)
        return selection.kind == PolicySelection::Kind::Document ? source : QRectF();
    const FlowLane& lane = lanes[static_cast<std::size_t>(index)];
    if (selection == lane.selection())
        return lane.rect;
    for (const FlowNode& node : lane.nodes) {
        if (lane.selectionOf(node) == selection)
            return node.pill;
    }
    for (const FlowChip& chip : lane.chips) {
        if (chip.kind != ConditionChip::Kind::Word && lane.selectionOf(chip) == selection)
            return chip.rect;
    }
    return lane.rect;
}

} // namespace signalbox::ui
