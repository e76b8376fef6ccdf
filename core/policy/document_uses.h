// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the engine's own use: every place where a document names a signal, a model or a rule.
// Renames, traces and the search for unused or unknown names go through these, so a new place is
// added once.

#include "document.h"

#include <core/base/json_path.h>

#include <type_traits>

namespace signalbox {

/// Calls `visit(Compare&, const JsonPath&)` for each comparison of a condition, in document order
/// (const for a const condition). `path` is where the condition stands.
template<class ConditionType, class Visit>
void forEachCompare(ConditionType& condition, const JsonPath& path, const Visit& visit)
{
    static_assert(std::variant_size_v<decltype(Condition::node)> == 4, "visit the new condition");
    const auto visitParts = [&](auto& parts, const char* name) {
        const JsonPath list = path.member(name);
        for (std::size_t i = 0; i < parts.size(); ++i)
            forEachCompare(parts[i], list.element(i), visit);
    };
    if (auto* compare = std::get_if<Compare>(&condition.node))
        visit(*compare, path);
    else if (auto* all = std::get_if<All>(&condition.node))
        visitParts(all->conditions, "all");
    else if (auto* any = std::get_if<Any>(&condition.node))
        visitParts(any->conditions, "any");
    else
        forEachCompare(*std::get_if<Not>(&condition.node)->condition, path.member("not"), visit);
}

/// The same where nobody asks for the place: `visit(Compare&)`.
template<class ConditionType, class Visit>
void forEachCompare(ConditionType& condition, const Visit& visit)
{
    forEachCompare(condition, JsonPath(),
                   [&](auto& compare, const JsonPath& /*path*/) { visit(compare); });
}

/// Calls `visit(Call&)` for each call of a plan, and `visitVerifier(Verifier&)` for each verifier,
/// in the order of the document.
template<class PlanType, class Visit, class VisitVerifier>
void forEachCall(PlanType& plan, const Visit& visit, const VisitVerifier& visitVerifier)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "visit the new plan");
    if (auto* call = std::get_if<Call>(&plan.node)) {
        visit(*call);
    } else if (auto* chain = std::get_if<Chain>(&plan.node)) {
        for (auto& step : chain->steps)
            forEachCall(step, visit, visitVerifier);
    } else if (auto* split = std::get_if<Split>(&plan.node)) {
        for (auto& arm : split->arms)
            forEachCall(arm.plan, visit, visitVerifier);
    } else if (auto* pool = std::get_if<Pool>(&plan.node)) {
        for (auto& member : pool->members)
            visit(member);
    } else {
        auto* cascade = std::get_if<Cascade>(&plan.node);
        for (auto& step : cascade->steps)
            forEachCall(step, visit, visitVerifier);
        if (cascade->accept.verifier)
            visitVerifier(*cascade->accept.verifier);
    }
}

/// The same where verifiers do not matter.
template<class PlanType, class Visit> void forEachCall(PlanType& plan, const Visit& visit)
{
    forEachCall(plan, visit, [](const Verifier& /*verifier*/) {});
}

/// Calls `visit(Plan&)` for a plan and for each plan inside of it; a pool's members are calls.
template<class PlanType, class Visit> void forEachPlanNode(PlanType& plan, const Visit& visit)
{
    visit(plan);
    if (auto* chain = std::get_if<Chain>(&plan.node)) {
        for (auto& step : chain->steps)
            forEachPlanNode(step, visit);
    } else if (auto* split = std::get_if<Split>(&plan.node)) {
        for (auto& arm : split->arms)
            forEachPlanNode(arm.plan, visit);
    } else if (auto* cascade = std::get_if<Cascade>(&plan.node)) {
        for (auto& step : cascade->steps)
            forEachPlanNode(step, visit);
    }
}

/// Calls `visit(Plan&)` for each plan of a document but for the holdout's.
template<class Document, class Visit> void forEachPlan(Document& document, const Visit& visit)
{
    for (auto& rule : document.rules) {
        if (rule.uncertain)
            visit(rule.uncertain->plan);
        visit(rule.plan);
    }
    visit(document.otherwise);
}

/// Calls `visit(SignalId&)` for each use of a signal, but for those of the signal `except`.
template<class Document, class Visit>
void forEachSignalUse(Document& document, const Signal* except, const Visit& visit)
{
    const auto visitCompare = [&](auto& compare) { visit(compare.signal); };
    for (auto& signal : document.signalList) {
        auto* score = std::get_if<ScoreSource>(&signal.source);
        if (!score || &signal == except)
            continue;
        for (auto& term : score->terms)
            forEachCompare(term.when, visitCompare);
    }
    for (auto& rule : document.rules) {
        forEachCompare(rule.when, visitCompare);
        if (rule.uncertain)
            visit(rule.uncertain->signal);
    }
    for (auto& test : document.tests) {
        for (auto& reading : test.request.usage)
            visit(reading.signal);
    }
}

/// Calls `visit(ModelId&)` for each use of a model. The baseline counts, even when it is empty.
template<class Document, class Visit> void forEachModelUse(Document& document, const Visit& visit)
{
    const auto visitCall = [&](auto& call) { visit(call.model); };
    visit(document.baseline);
    forEachPlan(document, [&](auto& plan) { forEachCall(plan, visitCall, visitCall); });
    if (document.holdout)
        visit(document.holdout->model);
    for (auto& test : document.tests) {
        for (auto& outcome : test.outcomes)
            visit(outcome.model);
        if (test.model)
            visit(*test.model);
        if (test.servedBy)
            visit(*test.servedBy);
    }
}

/// Calls `visit(RuleId&)` for each use of a rule.
template<class Document, class Visit> void forEachRuleUse(Document& document, const Visit& visit)
{
    for (auto& test : document.tests) {
        if (test.rule)
            visit(*test.rule);
    }
}

} // namespace signalbox
