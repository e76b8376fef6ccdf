// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "import_report.h"
#include "prompt_set.h"

#include <core/base/result.h>

#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

enum class PromptFormat {
    JsonLines,  ///< one object, or text in quotes, a line
    JsonList,   ///< one list of those
    Csv,        ///< a table with a header, see csv.h
    Lines,      ///< every line that is not blank is a prompt
    Paragraphs, ///< what stands between blank lines is a prompt
    Xlsx,       ///< a table with a header in a sheet of a workbook, see workbook_reader.h
};
/// "jsonLines", "jsonList", "csv", "lines", "paragraphs", "xlsx": for programs.
[[nodiscard]] std::string_view nameOf(PromptFormat format);

/// What a pasted or dropped text most likely is: a workbook or JSON by how it begins, a table if
/// its first record names a column for prompts and something else too (or that alone, with quotes
/// below), or each of its columns in one word and all lines have as many fields; paragraphs if
/// blank lines part blocks of which one has several lines, else lines.
/// @param file  what it is called, if it has a name: *.csv and *.tsv are tables
[[nodiscard]] PromptFormat guessPromptFormat(std::string_view text, std::string_view file = {});

/// The message about a table that says nowhere what to ask.
inline constexpr std::string_view kNoPromptColumn = "the table has no column of prompts";

struct PromptReadOptions
{
    std::string name = {};                        ///< of the set
    std::string promptTemplate = {};              ///< the prompt of table rows that have none
    std::optional<char> separator = std::nullopt; ///< of a table; else found out
    std::string sheet = {}; ///< of a workbook; empty: "Prompts" if there is one, else the first
    std::string file = {};  ///< name of the file, for guessPromptFormat()
};

struct PromptReading
{
    PromptFormat format = PromptFormat::Lines;
    PromptSet set;
    ImportReport report;
};

/// Reads prompts. Nothing is dropped without a word: every line, record or list element that is not
/// a prompt is refused with its line and reason, and all others are kept. A prompt without an id
/// gets contentId(), and the same words once more count once (ImportReport::repeatedCount()); one
/// that states the id of an earlier one is refused.
///
/// A JSON object has "prompt", or "turns": a list of texts (the user's) or of {"role", "content"},
/// of which a first one may be the system prompt and one of the assistant without content says what
/// two user turns in a row do: that the asked model answers there (see PromptCase::turns);
/// {"user": "…"} is short for a turn; and optionally "id" (a text or whole number),
/// "segment", "tags" (a list, or a text with commas), "system", "variables" ({name: text, number,
/// or list of them}). Columns of a table are called the same; "turn 1", "turn 2", … are user turns,
/// of which the empty ones at the end do not count; in a table with a column "conversation id",
/// rows of one name are the turns of one case, by their "turn" if there is that column and else as
/// they come, the user's but where a column "role" says "assistant"; tags are parted by commas,
/// semicolons or bars; a column of any other name is a variable of its row if it has a variable's
/// name and is not empty. See field_names.h for what else they may be called. Members of JSON that
/// mean nothing here are noted.
/// @param bytes  as the file has them, see decodedText()
/// @return       TooLarge; ParseError if nothing at all could be read, or of a table without a
///               column of prompts and without a template
[[nodiscard]] Result<PromptReading> readPrompts(std::string_view bytes, PromptFormat format,
                                                const PromptReadOptions& options = {});

/// The same in the format that guessPromptFormat() says; with a template a text is a table.
[[nodiscard]] Result<PromptReading> readPrompts(std::string_view bytes,
                                                const PromptReadOptions& options = {});

} // namespace signalbox
