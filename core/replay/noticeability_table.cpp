// SPDX-License-Identifier: Apache-2.0
#include "noticeability_table.h"

#include <algorithm>
#include <cmath>

namespace signalbox {

void NoticeabilityTable::set(std::size_t a, std::size_t b, double noticeability)
{
    const auto value =
        static_cast<std::int32_t>(std::lround(std::clamp(noticeability, 0.0, 1.0) * kOne));
    if (a != b)
        m_values[a * m_voices + b] = m_values[b * m_voices + a] = value;
}

} // namespace signalbox
