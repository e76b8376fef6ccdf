// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/policy/document.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace signalbox {

/// Sums over one part of the requests under one policy. NaN is unknown, and whatever is made of it.
struct SliceNumbers
{
    std::size_t requests = 0;
    std::size_t elsewhere = 0; ///< requests that the baseline model did not answer
    std::size_t seams = 0;     ///< answers after another one of the same conversation
    double costPico = 0;       ///< 1e-12 USD, whole
    double baselineCostPico = 0;
    double satisfied = 0;
    double baselineSatisfied = 0;
    double loss = 0; ///< noticeability summed over the seams
    double latencyP95Ms = std::numeric_limits<double>::quiet_NaN();

    [[nodiscard]] double costPer1k() const { return costPico * 1e-9 / count(); }
    [[nodiscard]] double saving() const { return 1 - costPico / baselineCostPico; }
    [[nodiscard]] double satisfaction() const { return satisfied / count(); }
    [[nodiscard]] double satisfactionRatio() const { return satisfied / baselineSatisfied; }
    /// C of measures.md section 3, 0 to 1; 1 without any seam.
    [[nodiscard]] double consistency() const
    {
        return seams == 0 ? 1 : 1 - loss / static_cast<double>(seams);
    }
    [[nodiscard]] double value(GateMetric metric) const; ///< NaN if unknown

    SliceNumbers& operator+=(const SliceNumbers& other); ///< all but p95
    bool operator==(const SliceNumbers&) const = default;

private:
    [[nodiscard]] double count() const { return static_cast<double>(requests); }
};

/// What a candidate policy does to the requests that count: point values, of everything and of
/// every part that gates may ask about.
struct CandidateNumbers
{
    bool isPossible = false; ///< false: the policy cannot be compiled, and nothing else is known
    SliceNumbers total;
    std::vector<SliceNumbers> segments; ///< per segment of the traffic
    std::vector<SliceNumbers> tiers;    ///< per model of the document
    bool operator==(const CandidateNumbers&) const = default;
};

/// The parts that a gate is about, those without a request left out.
[[nodiscard]] std::vector<const SliceNumbers*> slicesUnder(const Gate& gate,
                                                           const CandidateNumbers& numbers);

} // namespace signalbox
