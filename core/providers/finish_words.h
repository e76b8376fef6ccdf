// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "provider.h"

#include <string_view>

namespace signalbox {

/// What a server's word for the end of an answer means.
struct FinishMeaning
{
    FinishReason reason = FinishReason::Unknown;
    bool isError = false; ///< the answer failed; `reason` says nothing
};

/// One table for all dialects, for no word means two things. A word that is not in it is Unknown.
[[nodiscard]] FinishMeaning finishMeaning(std::string_view word);

} // namespace signalbox
