// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"

namespace signalbox {

std::size_t Traffic::conversationCount() const
{
    return conversationOf.empty() ? 0 : std::size_t(conversationOf.back()) + 1;
}

std::vector<std::size_t> Traffic::conversationStarts() const
{
    std::vector<std::size_t> starts;
    starts.reserve(conversationCount() + 1);
    for (std::size_t row = 0; row < rowCount(); ++row)
        if (row == 0 || conversationOf[row] != conversationOf[row - 1])
            starts.push_back(row);
    starts.push_back(rowCount());
    return starts;
}

} // namespace signalbox
