// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/ids.h>
#include <core/base/result.h>
#include <core/policy/request.h>

#include <map>
#include <vector>

namespace signalbox {

class EvidenceStore;

/// What the bundled prompts ask, by id.
[[nodiscard]] std::map<PromptId, std::vector<Message>> samplePromptMessages();

/// The same of a store's prompts, the bundled ones among them: what its runs sent, the newest of
/// several. Without those of which only answers are there. A list that cannot be understood is
/// passed over: it was for a person to read.
[[nodiscard]] Result<std::map<PromptId, std::vector<Message>>>
recordedPromptMessages(const EvidenceStore& store);

} // namespace signalbox
