// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/policy/plan.h>
#include <core/policy/request.h>

#include <string>
#include <vector>

namespace signalbox {

// A model that is asked whether an answer will do.

/// What it is told; it is to answer with one word.
[[nodiscard]] std::vector<Message>
verifierMessages(const Verifier& verifier, const LabPrompt& prompt, const std::string& answer);
/// Whether its reply is consent: YES is the first of the two words that stands in it.
[[nodiscard]] bool consents(std::string reply);
/// A simulated one can only write about the sample's subject: what it would say is what the sample
/// knows of the answer.
[[nodiscard]] bool simulatedConsent(const LabPrompt& prompt, const std::string& answer);

} // namespace signalbox
