// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "document.h"

#include <array>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace signalbox {

/// An interval of numbers whose ends may be left out.
struct NumberRange
{
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool isLowOpen = false;
    bool isHighOpen = false;

    [[nodiscard]] bool isEmpty() const
    {
        return low > high || (low == high && (isLowOpen || isHighOpen));
    }
    [[nodiscard]] bool isInside(const NumberRange& other) const;
    void intersect(const NumberRange& other);
};

/// The numbers that a signal can yield; every number for one that yields something else.
struct NumberDomain
{
    NumberRange values;
    bool isWhole = false; ///< no number between two whole ones
};
[[nodiscard]] NumberDomain numberDomainOf(const Signal& signal);

/// Whether a signal has a value for every request, and not only for those that bring one.
[[nodiscard]] bool isAlwaysThere(const Signal& signal);

/// What can be said of a condition without a request.
enum class Truth { Never, Always, Depends };

/// Proofs about conditions: intervals for numbers, sets for texts and booleans, and the structure
/// of all, any and not. Sound, not complete: Depends and "does not imply" may also mean "not
/// found". Refers to the document, which must not change meanwhile. Comparisons whose types do not
/// fit say nothing. Stops finding anything after a fixed number of steps, so that a hostile
/// document costs no more than a large one.
class ConditionLogic
{
public:
    explicit ConditionLogic(const PolicyDocument& document);

    [[nodiscard]] Truth truthOf(const Condition& condition) const;

    /// Whether `second` holds for every request for which `first` holds.
    [[nodiscard]] bool implies(const Condition& first, const Condition& second) const;

    /// Whether two comparisons can never hold together.
    [[nodiscard]] bool exclude(const Compare& first, const Compare& second) const;

    [[nodiscard]] const Signal* findSignal(const SignalId& id) const;

    /// Whether there is work left that proofs may do; without, they find nothing more.
    [[nodiscard]] bool canProve() const { return m_stepsLeft > 0; }

private:
    struct KnownSignal
    {
        const Signal* signal = nullptr;
        NumberRange domain; ///< of its values, if it is a number
    };

    [[nodiscard]] bool spendStep() const;
    /// The signal of a comparison whose types fit, else null.
    [[nodiscard]] const KnownSignal* usableSignal(const Compare& compare) const;
    void collectFacts(const Condition& condition, std::vector<const Compare*>& facts) const;
    [[nodiscard]] Truth truthOfCompare(const Compare& compare) const;
    [[nodiscard]] Truth truthOfAll(const All& all) const;
    [[nodiscard]] Truth truthOfAny(const Any& any) const;
    /// @param facts  comparisons that all hold
    [[nodiscard]] bool implyCompare(const std::vector<const Compare*>& facts,
                                    const Compare& second) const;
    [[nodiscard]] bool contradict(const std::vector<const Compare*>& facts) const;

    std::unordered_map<SignalId, KnownSignal> m_signals;
    mutable int m_stepsLeft = 200'000;
};

/// Whether operator, value and signal fit together; empty, or a sentence that says why not.
[[nodiscard]] std::string compareProblem(const Compare& compare, const Signal& signal);

/// "complexity > 6", for messages.
[[nodiscard]] std::string compareText(const Compare& compare);

} // namespace signalbox
