// SPDX-License-Identifier: Apache-2.0
#include "answer_text.h"

#include "answer_stats.h"
#include "character_class.h"
#include "sentences.h"

namespace signalbox {

std::optional<std::string_view> textForVoice(const Answer& answer)
{
    std::string_view text = answer.text;
    switch (answer.state) {
    case AnswerState::Refused:
    case AnswerState::Filtered:
    case AnswerState::Failed:
        return std::nullopt;
    case AnswerState::Truncated:
    case AnswerState::Stopped:
        text = withoutUnfinishedSentence(text);
        break;
    case AnswerState::Done:
        break;
    }
    if (isBlank(text))
        return std::nullopt;
    return text;
}

std::string_view withoutUnfinishedSentence(std::string_view text)
{
    if (endsInCode(text))
        return text;
    const std::string_view whole = trimmedEnd(text);
    const std::size_t lineStart = whole.rfind('\n') + 1; // 0 if there is one line
    const std::string_view line = whole.substr(lineStart);
    std::size_t finished = 0;
    for (std::size_t i = 0; i < line.size();) {
        if (!isSentencePunctuation(line[i])) {
            ++i;
            continue;
        }
        const SentenceEnd found = sentenceEndAt(line, i, builtInLexicons(), kClosingMarks);
        if (found.ends)
            finished = found.end;
        i = found.next;
    }
    return trimmedEnd(whole.substr(0, lineStart + finished));
}

} // namespace signalbox
