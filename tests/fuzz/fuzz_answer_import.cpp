// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as answers from elsewhere, in every format: what the lab takes of them is a whole run.
// Every prompt is there once and asks something, every answer is of one of them, of a model of the
// run and of a sample that the run has, and no two are in one cell; what was left out says why.

#include <core/base/utf8.h>
#include <core/lab/answer_import.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>
#include <tuple>

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void check(const AnswerImport& import)
{
    std::set<PromptId> prompts;
    for (const LabPrompt& prompt : import.prompts) {
        require(prompts.insert(prompt.id).second);
        require(!prompt.messages.empty() && prompt.messages.back().role == Role::User);
    }
    const std::set<ModelId> models(import.models.begin(), import.models.end());
    require(models.size() == import.models.size());
    require(import.samples >= 1 && import.samples <= kMostSamples);
    std::set<std::tuple<PromptId, ModelId, int>> cells;
    for (const Answer& answer : import.answers) {
        require(prompts.contains(answer.prompt) && models.contains(answer.model));
        require(answer.sample >= 0 && answer.sample < import.samples);
        require(cells.emplace(answer.prompt, answer.model, answer.sample).second);
        require(answer.recordedAtMs <= 17);
    }
    for (const RefusedLine& refused : import.report.refused())
        require(!refused.message.empty() && !firstInvalidUtf8(refused.message));
    const LabPlan plan = planOf(import, "fuzz");
    require(plan.prompts.size() == import.prompts.size() && plan.samples == import.samples);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    AnswerReadOptions options;
    options.name = "fuzz";
    options.recordedAtMs = 17;
    (void)holdsAnswers(bytes);
    for (const AnswerFormat format :
         {guessAnswerFormat(bytes), AnswerFormat::JsonLines, AnswerFormat::Csv,
          AnswerFormat::Promptfoo, AnswerFormat::Report, AnswerFormat::Xlsx}) {
        if (const auto import = importAnswers(bytes, options, format))
            check(*import);
        else
            require(!import.error().message.empty());
    }
    return 0;
}
