// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A policy with every construct beyond calls, chains and splits, for tests of what shows them.

#include <tests/support/policy_builder.h>

namespace signalbox::test {

/// cheap, checked for refusals and length and by `verifier`, then dear.
inline Plan checkedCascade()
{
    Acceptance accept;
    accept.refusals = {"sorry"};
    accept.minWords = 20;
    accept.verifier = Verifier{ModelId("judge"), {}, 0.8, 0.05};
    return {Cascade{{call("cheap"), call("dear")}, accept, 6'000}};
}

inline Plan fastestOf(const std::vector<std::string>& models)
{
    Pool pool;
    for (const std::string& model : models)
        pool.members.push_back(std::get<Call>(call(model).node));
    return {pool};
}

/// Two rules under a heading, the first with a margin of a plan of its own; otherwise a pool.
inline PolicyDocument languagePolicy()
{
    PolicyDocument document =
        PolicyBuilder({"cheap", "dear", "judge"})
            .measure("length", TextMeasure::Chars)
            .rule("long", when("length", CompareOp::Gt, 100), call("dear"))
            .rule("middling", when("length", CompareOp::Gt, 50), checkedCascade())
            .rule("short", when("length", CompareOp::Lt, 10), call("cheap"))
            .otherwise(fastestOf({"cheap", "dear"}));
    document.rules[0].uncertain = Uncertain{SignalId("length"), 10, checkedCascade()};
    document.groups = {{"size", "By size", "Long ones cost more."}};
    document.rules[0].group = "size";
    document.rules[1].group = "size";
    std::get<Call>(document.rules[2].plan.node).overrides.temperature = 0.2;
    return document;
}

} // namespace signalbox::test
