// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_answer.h"

#include <core/voice/answer.h>

namespace signalbox {

/// A stored attempt as evidence.
/// @param cell  an answer with the place: prompt, segment, model and sample
[[nodiscard]] Answer answerOf(Answer cell, const StoredAnswer& stored);

/// The inverse, without the place. Has no ticket; what evidence does not know (retries, the parts
/// of the input) is absent.
[[nodiscard]] StoredAnswer storedAnswerOf(const Answer& answer);

} // namespace signalbox
