// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/random.h>
#include <tests/support/policy_builder.h>

#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

/// A policy as large organisations write them: customers by name, lengths, topics by keyword, a
/// score with limits per style, and some rules that others before them take.
inline PolicyDocument largePolicy(int rules, std::uint64_t seed = 1)
{
    Random random(seed);
    const auto below = [&](int bound) {
        return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
    };
    PolicyBuilder builder({"small", "medium", "large"});
    builder.measure("chars", TextMeasure::Chars)
        .measure("words", TextMeasure::Words)
        .measure("tokens", TextMeasure::Tokens, TextScope::All)
        .contains("asks", "?")
        .metadata("tenant")
        .metadata("spend", ValueType::Number)
        .signal("style", StyleSource{"balanced"})
        .signal("turn", FieldSource{RequestField::Turn});
    constexpr int kTopics = 40;
    for (int i = 0; i < kTopics; ++i)
        builder.keywords("topic " + std::to_string(i),
                         {"subject" + std::to_string(i), "matter" + std::to_string(i)});
    ScoreSource score = {1, 1, 20, {}};
    for (int i = 0; i < 6; ++i)
        score.terms.push_back({2, when("topic " + std::to_string(i))});
    score.terms.push_back({2, when("chars", CompareOp::Gt, 500)});
    score.terms.push_back({-1, when("asks")});
    builder.signal("complexity", score);

    const auto part = [&]() -> Condition {
        switch (below(8)) {
        case 0:
        case 1:
            return when("tenant", CompareOp::Eq, CompareValue("t" + std::to_string(below(90))));
        case 2:
            return when("chars", CompareOp::Gt, 10 * below(200));
        case 3:
            return when("words", CompareOp::Lte, 5 * below(60));
        case 4:
            return when("complexity", CompareOp::Gte,
                        CompareValue(ByStyle{4.0 + below(9), 4.0 + below(9), 4.0 + below(9)}));
        case 5:
            return when("spend", CompareOp::Lt, below(1000));
        default:
            return when("topic " + std::to_string(below(kTopics)));
        }
    };
    for (int i = 0; i < rules; ++i) {
        std::vector<Condition> parts;
        for (int p = 2 + below(3); p > 0; --p)
            parts.push_back(below(5) == 0 ? negated(part()) : part());
        if (below(4) == 0)
            parts.push_back(anyOf({part(), part()}));
        builder.rule("rule " + std::to_string(i), allOf(std::move(parts)),
                     call(below(2) == 0 ? "small" : "large"));
    }
    return builder.otherwise(call("medium"));
}

} // namespace signalbox::test
