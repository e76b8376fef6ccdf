// SPDX-License-Identifier: Apache-2.0
#include "guide_tokens.h"

#include <core/base/utf8.h>

namespace signalbox {

std::int64_t estimatedTokens(std::string_view text)
{
    return static_cast<std::int64_t>((codePointCount(text) + 3) / 4);
}

std::int64_t guideTokens(std::int64_t ofStyleGuide, const Call& call)
{
    const std::optional<SystemPrompt>& system = call.overrides.system;
    if (!system)
        return ofStyleGuide;
    const bool replaces = system->mode == SystemPromptMode::Replace;
    return estimatedTokens(system->text) + (replaces ? 0 : ofStyleGuide);
}

} // namespace signalbox
