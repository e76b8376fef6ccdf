// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer.h"

#include <optional>
#include <string_view>

namespace signalbox {

/// The part of an answer whose voice is measured: a cut-off answer without its unfinished last
/// sentence; nothing of refused, withheld and failed ones, whose voice would be the provider's.
/// A view into the answer.
[[nodiscard]] std::optional<std::string_view> textForVoice(const Answer& answer);

/// Without a last sentence that does not end. Fenced code at the end stays.
[[nodiscard]] std::string_view withoutUnfinishedSentence(std::string_view text);

} // namespace signalbox
