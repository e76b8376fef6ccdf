// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/prompts/import_report.h>
#include <core/prompts/prompt_reader.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// Prompts that a person brought: typed, or read from a file. They stand in no policy and no sample,
// so the run that sends them keeps their words.

/// A typed prompt. The id is of the text alone: the same words, typed again another day, are the
/// same question.
[[nodiscard]] LabPrompt typedPrompt(const std::string& text);
[[nodiscard]] bool isOwnPrompt(const PromptId& id);

/// A prompt of a set, without variables. Its id is of its words alone, whatever the file calls it:
/// two files have a "1" each, and an answer belongs to what was asked.
/// Of a case that asks several times it is the last turn, which follows the one before; see
/// importedTurns(). InvalidArgument as checkCase().
[[nodiscard]] Result<LabPrompt> importedPrompt(const PromptCase& prompt);
/// All turns of a case, in order: one for each user turn that the asked model answers itself. Of a
/// case that asks once it is one. Ids are those of importedPrompt() of a case that ends there, so
/// that conversations which begin alike share their beginning.
[[nodiscard]] Result<std::vector<LabPrompt>> importedTurns(const PromptCase& prompt);
/// The same as a case, for a file. The last message is the user's.
[[nodiscard]] PromptCase caseOf(const LabPrompt& prompt);

/// What a file or a pasted text gives.
struct PromptImport
{
    PromptFormat format = PromptFormat::Lines;
    /// In the order of the input, each once; a conversation's turns behind each other.
    std::vector<LabPrompt> prompts;
    std::size_t repeated = 0; ///< left out, as their words are there already
    ImportReport report;      ///< what was refused, with its line or id, and why
};

/// Reads prompts and puts their variables in; see readPrompts() and expandTemplates(). A prompt
/// whose segment is not said has none: a file's name says nothing of the traffic's segments, whose
/// shares and gates a projection weighs prompts by.
/// @param format   nullopt: as guessPromptFormat() says
/// @return         what readPrompts() says; ParseError if every prompt was refused
[[nodiscard]] Result<PromptImport> importPrompts(std::string_view bytes,
                                                 const PromptReadOptions& options = {},
                                                 std::optional<PromptFormat> format = {});

} // namespace signalbox
