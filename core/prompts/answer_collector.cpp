// SPDX-License-Identifier: Apache-2.0
#include "answer_collector.h"

#include <core/base/enum_name.h>

#include <algorithm>
#include <array>

namespace signalbox::import_detail {

namespace {

constexpr std::array kStateNames = {EnumName<AnswerState>{AnswerState::Done, "done"},
                                    EnumName<AnswerState>{AnswerState::Truncated, "truncated"},
                                    EnumName<AnswerState>{AnswerState::Refused, "refused"},
                                    EnumName<AnswerState>{AnswerState::Filtered, "filtered"},
                                    EnumName<AnswerState>{AnswerState::Failed, "failed"},
                                    EnumName<AnswerState>{AnswerState::Stopped, "stopped"}};

Unexpected wrong(std::string message)
{
    return fail(ErrorCode::InvalidArgument, std::move(message));
}

bool needsText(AnswerState state)
{
    return state == AnswerState::Done || state == AnswerState::Truncated;
}

} // namespace

std::optional<AnswerState> answerStateNamed(std::string_view name)
{
    const auto* const found = std::ranges::find(kStateNames, name, &EnumName<AnswerState>::name);
    return found == kStateNames.end() ? std::nullopt : std::optional(found->value);
}

std::string_view answerStateName(AnswerState state)
{
    return std::ranges::find(kStateNames, state, &EnumName<AnswerState>::value)->name;
}

void AnswerCollector::add(ReadAnswer read, std::size_t line)
{
    ImportReport& report = m_reading.report;
    if (read.answer.model.isEmpty())
        read.answer.model = ModelId(m_options.model);
    std::vector<std::string> missing;
    if (read.prompt.turns.empty() && read.prompt.id.isEmpty())
        missing.emplace_back("it does not say which prompt was answered");
    if (read.answer.model.isEmpty())
        missing.emplace_back("it does not say which model answered");
    if (needsText(read.answer.state) && isBlankText(read.answer.text))
        missing.push_back(read.answer.model.isEmpty()
                              ? std::string("the answer is empty")
                              : "the answer of " + read.answer.model.value + " is empty");
    if (!missing.empty()) {
        report.refuse(line, missing);
        return;
    }
    if (const auto found = findPrompt(read.prompt, line); !found) {
        report.refuse(line, found.error());
        return;
    }
    if (const auto found = findSample(read); !found) {
        report.refuse(line, found.error());
        return;
    }
    read.answer.prompt = read.prompt.id;
    read.answer.segment = read.prompt.segment;
    read.answer.recordedAtMs =
        std::min(read.recordedAtMs.value_or(m_options.recordedAtMs), m_options.recordedAtMs);
    m_reading.answers.push_back(std::move(read.answer));
}

/// Sets the id; adds the prompt to the set if its words are new.
Result<void> AnswerCollector::findPrompt(PromptCase& prompt, std::size_t line)
{
    if (prompt.turns.empty())
        return {};
    const PromptId words = contentId(prompt);
    if (prompt.id.isEmpty())
        prompt.id = words;
    if (const auto checked = checkCase(prompt); !checked)
        return checked;
    const auto [found, isNew] = m_words.try_emplace(prompt.id, line, words);
    if (isNew)
        m_reading.prompts.cases.push_back(prompt);
    else if (found->second.second != words)
        return wrong("the prompt \"" + prompt.id.value + "\" has other words than " +
                     (found->second.first == 0 ? std::string("before")
                                               : "in line " + std::to_string(found->second.first)));
    return {};
}

Result<void> AnswerCollector::findSample(ReadAnswer& read)
{
    const PromptId& prompt = read.prompt.id;
    const ModelId& model = read.answer.model;
    int& next = m_next[{prompt, model}];
    if (!read.sample) {
        while (m_taken.contains({prompt, model, next}))
            ++next;
    }
    read.answer.sample = read.sample.value_or(next);
    if (!m_taken.try_emplace({prompt, model, read.answer.sample}, true).second)
        return wrong("there is a sample " + std::to_string(read.answer.sample) + " of " +
                     model.value + " for the prompt \"" + prompt.value + "\" already");
    return {};
}

} // namespace signalbox::import_detail
