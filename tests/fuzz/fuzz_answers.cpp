// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as answers that were recorded elsewhere: reading never crashes; every line that could
// not be read has a number and a sentence; every answer says who wrote it to which prompt and why
// it has no text, and no two are the same one; numbers are in their range.

#include <core/base/utf8.h>
#include <core/prompts/answer_reader.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkAnswer(const Answer& answer)
{
    require(!answer.prompt.isEmpty() && !answer.model.isEmpty() && answer.sample >= 0);
    const bool isRead = answer.state == AnswerState::Done || answer.state == AnswerState::Truncated;
    require(!isRead || !isBlankText(answer.text));
    require(!firstInvalidUtf8(answer.text) && !firstInvalidUtf8(answer.failure));
    require(!answer.inputTokens || *answer.inputTokens >= 0);
    require(!answer.outputTokens || *answer.outputTokens >= 0);
    require(!answer.satisfied || (*answer.satisfied >= 0 && *answer.satisfied <= 1));
    require(!answer.totalMs || *answer.totalMs >= 0);
    require(!answer.cost || answer.cost->pico >= 0);
    require(answer.recordedAtMs <= 17);
}

void checkReading(const AnswerReading& reading, std::size_t lines)
{
    std::set<std::tuple<PromptId, ModelId, int>> seen;
    for (const Answer& answer : reading.answers) {
        checkAnswer(answer);
        require(seen.emplace(answer.prompt, answer.model, answer.sample).second);
    }
    std::set<PromptId> prompts;
    for (const PromptCase& prompt : reading.prompts.cases)
        require(checkCase(prompt).has_value() && prompts.insert(prompt.id).second);
    for (const RefusedLine& refused : reading.report.refused()) {
        require(refused.line <= lines);
        require(!refused.message.empty() && !firstInvalidUtf8(refused.message));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto text = decodedText(bytes);
    const std::size_t lines = text ? linesOf(*text).size() : 0;
    AnswerReadOptions options;
    options.recordedAtMs = 17;
    for (const AnswerFormat format :
         {guessAnswerFormat(bytes), AnswerFormat::JsonLines, AnswerFormat::Csv,
          AnswerFormat::Promptfoo, AnswerFormat::Report, AnswerFormat::Xlsx}) {
        for (const char* model : {"", "someone"}) {
            options.model = model;
            if (const auto reading = readAnswers(bytes, format, options))
                checkReading(*reading, lines);
            else
                require(!reading.error().message.empty());
        }
    }
    return 0;
}
