// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "noticeability_table.h"

#include <cstdint>
#include <limits>

namespace signalbox {

/// Quality is summed in whole parts of this. It divides by 1 to 10, 12 to 16, 20 and more, so that
/// the share of satisfied answers among up to ten samples is exact; anything else is off by at most
/// 7.6e-6 a request.
inline constexpr std::uint32_t kQualityScale = 65520;

/// The four numbers of a replay as sums of integers, so that two ways to the same policy agree to
/// the last digit.
struct ReplayTotals
{
    std::uint64_t requests = 0;
    std::int64_t costPico = 0; ///< 1e-12 USD
    std::uint64_t quality = 0; ///< parts of kQualityScale
    std::uint64_t seams = 0; ///< consecutive answers of one conversation; first turns do not count
    std::int64_t loss = 0;   ///< sum of nu over the seams, parts of NoticeabilityTable::kOne
    /// NaN if there is no request, or the latency of any is unknown.
    float latencyP95Ms = std::numeric_limits<float>::quiet_NaN();

    [[nodiscard]] double meanCostUsd() const
    {
        return static_cast<double>(costPico) * 1e-12 / static_cast<double>(requests);
    }
    [[nodiscard]] double meanQuality() const
    {
        return static_cast<double>(quality) / kQualityScale / static_cast<double>(requests);
    }
    /// C of measures.md section 3, 0 to 1; 1 without any seam.
    [[nodiscard]] double consistency() const
    {
        return seams == 0 ? 1
                          : 1 - static_cast<double>(loss) / NoticeabilityTable::kOne /
                                    static_cast<double>(seams);
    }
    /// All but the latency, for which the caller says how exact it is.
    [[nodiscard]] bool hasSumsOf(const ReplayTotals& other) const
    {
        return requests == other.requests && costPico == other.costPico &&
               quality == other.quality && seams == other.seams && loss == other.loss;
    }
};

} // namespace signalbox
