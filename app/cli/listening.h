// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command.h"

#include <core/base/result.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/lab_run.h>
#include <core/lab/own_prompts.h>
#include <core/providers/provider.h>
#include <core/providers/standard_providers.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::cli {

/// The providers of the command line: the simulator as fast as it goes, and every OpenAI-compatible
/// server. Keys go only where the person said so with "REF=URL".
struct Providers
{
    ProviderRegistry registry;
    ProviderServices services;
};
[[nodiscard]] Result<std::unique_ptr<Providers>>
makeProviders(const std::vector<std::string>& allowedKeys);

/// The first `count` prompts of the bundled sample, taken in turn from its segments; 0: all.
[[nodiscard]] std::vector<LabPrompt> samplePrompts(std::size_t count);

/// What importPrompts() reads, as long as it reads all of it: nobody is asked half of what was
/// meant. ParseError with what was refused first, and for text with JSON objects among its lines
/// unless it was named to be text.
/// @param format  nullopt: a table where there is a template, else as guessPromptFormat() says
[[nodiscard]] Result<PromptImport> promptsOf(std::string_view bytes,
                                             const PromptReadOptions& options = {},
                                             std::optional<PromptFormat> format = {});

struct Heard
{
    std::vector<Answer> answers;        ///< in plan order, failed ones included
    std::optional<CapReached> cap = {}; ///< that ended it early; what was not sent is stopped
    std::string run;                    ///< its id in the store, if it is kept
};

/// Runs the plan to its end, or to the first of its caps, with a line of progress on `err`; Ctrl+C
/// ends the program, and what was answered until then is in the store. A store that refuses answers
/// makes it wait, one that refuses the run ends it.
[[nodiscard]] Result<Heard> listen(const LabPlan& plan, const Providers& providers,
                                   EvidenceStore* store, const std::string& resume,
                                   const Streams& streams);

} // namespace signalbox::cli
