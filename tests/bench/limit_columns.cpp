// SPDX-License-Identifier: GPL-3.0-or-later
#include "limit_columns.h"

namespace signalbox::bench {

void takeWhereAbove(std::uint8_t* __restrict models, const std::uint8_t* __restrict a,
                    std::uint8_t aboveA, const std::uint8_t* __restrict b, std::uint8_t aboveB,
                    std::uint8_t model, std::size_t rows)
{
    for (std::size_t i = 0; i < rows; ++i)
        models[i] = (a[i] > aboveA) & (b[i] > aboveB) ? model : models[i];
}

} // namespace signalbox::bench
