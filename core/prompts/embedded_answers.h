// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "prompt_set.h"

#include <core/base/result.h>
#include <core/voice/answer.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace signalbox {

// The data of a report, inside of its HTML. They stand in a <template>: no browser shows it, reads
// it aloud or prints it; it is no script, which the report has none of and mail filters take out
// (a script of JSON is one to them); and a page that a browser saves has it as it was. Inside are
// JSON lines without a character that means something in HTML, so that nothing needs to be decoded.

/// The element, as toAnswerJsonLines() has the answers.
[[nodiscard]] std::string embeddedAnswers(std::span<const Answer> answers,
                                          const PromptSet& prompts);

struct EmbeddedLines
{
    std::string_view lines;    ///< JSON lines
    std::size_t firstLine = 1; ///< of them, in the file; from 1
    std::size_t stated = 0;    ///< answers that there should be
    bool isCut = false;        ///< the element does not end
};
/// ParseError if the text is no report of this program.
[[nodiscard]] Result<EmbeddedLines> embeddedAnswersIn(std::string_view html);

} // namespace signalbox
