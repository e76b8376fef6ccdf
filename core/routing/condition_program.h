// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signal_slot.h"

#include <core/base/result.h>
#include <core/policy/document.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// The answer styles in the order of ByStyle's members.
enum class AnswerTone : std::uint8_t { Concise, Balanced, Detailed };

/// nullopt for any other text, the empty one included.
[[nodiscard]] std::optional<AnswerTone> answerToneOf(std::string_view style);
[[nodiscard]] double limitFor(const ByStyle& limits, AnswerTone tone);

/// Every condition of a policy as one flat list of comparisons, each of which knows where to go on
/// when it holds and when it does not. All, any and not leave nothing behind but these jumps.
class ConditionProgram
{
public:
    /// Where a condition's answer is known. Other targets are indices of comparisons.
    static constexpr std::int32_t kHolds = -1;
    static constexpr std::int32_t kHoldsNot = -2;

    /// One condition in the program. Its comparisons in document order are last, last - 1, …,
    /// first.
    struct Entry
    {
        std::int32_t start = kHolds;
        std::int32_t first = 0; ///< of its comparisons
        std::int32_t last = -1;
    };

    explicit ConditionProgram(const PolicyDocument& document);
    ~ConditionProgram();

    /// Errors: InvalidArgument with the path of a comparison that names no signal or whose value is
    /// not of the signal's type. `document` as given to the constructor, unchanged.
    [[nodiscard]] Result<Entry> add(const Condition& condition, const std::string& path);

    [[nodiscard]] bool holds(const Entry& entry, std::span<const SignalSlot> values,
                             AnswerTone tone) const;

    /// One comparison alone.
    [[nodiscard]] bool comparisonHolds(std::int32_t comparison, std::span<const SignalSlot> values,
                                       AnswerTone tone) const;

    /// Index of the signal a comparison reads.
    [[nodiscard]] std::size_t signalOf(std::int32_t comparison) const;
    [[nodiscard]] std::int32_t comparisonCount() const;

    /// The numbers a comparison holds its signal against, for every style; empty if it reads none.
    [[nodiscard]] std::vector<double> limitsOf(std::int32_t comparison) const;

private:
    enum class Test : std::uint8_t {
        Range, ///< of numbers and booleans: nearly all that a policy asks, in one way
        NumberIn,
        BooleanIn,
        TextEq,
        TextNe,
        TextIn,
        TextContains,
        TextPrefix,
        TextSuffix,
        TextMatches,
    };
    /// Of numbers, ends included.
    struct Range
    {
        double low = 0;
        double high = 0;
    };
    struct Comparison
    {
        Test test;
        bool ignoreCase = false;
        bool isOutside = false; ///< of a test of a number: it has to lie outside of its range
        std::uint16_t signal = 0;
        std::uint32_t constant = 0; ///< into the pool of the test's type
        std::int32_t onTrue = kHolds;
        std::int32_t onFalse = kHoldsNot;
        std::array<Range, 3> ranges{}; ///< of a test of a number, per style
    };
    struct Pools;

    Result<std::int32_t> emit(const Condition& condition, const std::string& path,
                              std::int32_t onTrue, std::int32_t onFalse);
    Result<std::int32_t> emitCompare(const Compare& compare, const std::string& path,
                                     std::int32_t onTrue, std::int32_t onFalse);
    static Range rangeOf(CompareOp op, double limit);
    bool test(const Comparison& comparison, const SignalSlot& slot, AnswerTone tone) const;
    bool testOther(const Comparison& comparison, const SignalSlot& slot) const;
    bool testText(const Comparison& comparison, std::string_view text) const;

    const PolicyDocument* m_document;
    std::vector<Comparison> m_comparisons;
    std::vector<std::vector<double>> m_limits; ///< per comparison, what limitsOf() says
    std::unique_ptr<Pools> m_pools;
};

// In the header because a decision is little else.

inline bool ConditionProgram::test(const Comparison& comparison, const SignalSlot& slot,
                                   AnswerTone tone) const
{
    if (comparison.test != Test::Range)
        return testOther(comparison, slot);
    // Without branches: which way a comparison goes is what nobody can foresee.
    const Range& range = comparison.ranges[static_cast<std::size_t>(tone)];
    const bool isInside = (slot.number >= range.low) & (slot.number <= range.high);
    return (slot.kind != SignalSlot::Kind::Missing) & (isInside != comparison.isOutside);
}

inline bool ConditionProgram::holds(const Entry& entry, std::span<const SignalSlot> values,
                                    AnswerTone tone) const
{
    std::int32_t at = entry.start;
    while (at >= 0) {
        const Comparison& comparison = m_comparisons[static_cast<std::size_t>(at)];
        at = test(comparison, values[comparison.signal], tone) ? comparison.onTrue
                                                               : comparison.onFalse;
    }
    return at == kHolds;
}

/// "rules[hard].when" + ".any[0]": how explanations and errors name a part of a condition.
[[nodiscard]] std::string memberPath(const std::string& path, const char* member,
                                     std::size_t index);

} // namespace signalbox
