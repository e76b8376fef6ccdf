// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_import.h"

#include "conversation.h"
#include "own_prompts.h"
#include "policy_column.h"
#include "recorded_plan.h"
#include "recorded_prompts.h"

#include <core/evidence/evidence_store.h>
#include <core/prompts/csv.h>
#include <core/prompts/field_names.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace signalbox {

namespace {

/// Whether the lab itself calls these words so: they were typed, or are the sample's. Then the
/// answers of a run that was exported stand beside those that the run has.
bool isOwnNameOf(const PromptId& id, const LabPrompt& prompt)
{
    static const auto samples = samplePromptMessages();
    if (const auto sample = samples.find(id); sample != samples.end())
        return sample->second == prompt.messages;
    return prompt.messages.size() == 1 && typedPrompt(prompt.messages.front().text).id == id;
}

/// Puts answers that a file calls by its own names under the lab's.
class Renamer
{
public:
    explicit Renamer(AnswerReading reading) : m_reading(std::move(reading))
    {
        m_import.format = m_reading.format;
        m_import.report = std::move(m_reading.report);
        for (const PromptCase& each : m_reading.prompts.cases)
            m_words[each.id] = &each;
    }

    AnswerImport rename() &&
    {
        for (Answer& answer : m_reading.answers) {
            if (answer.sample >= kMostSamples) {
                refuse(answer, "there are more than " + std::to_string(kMostSamples) +
                                   " answers of one model to this prompt");
                continue;
            }
            if (const LabPrompt* const prompt = promptOf(answer))
                take(std::move(answer), *prompt);
        }
        m_import.prompts = withTurnsTogether(std::move(m_import.prompts));
        return std::move(m_import);
    }

private:
    void refuse(const Answer& answer, const std::string& why)
    {
        m_import.report.refuse(0, answer.prompt.value + ", " + answer.model.value + ": " + why,
                               why);
    }

    /// Null if it cannot be shown: said.
    const LabPrompt* promptOf(const Answer& answer)
    {
        const auto known = m_prompts.find(answer.prompt);
        if (known != m_prompts.end())
            return &known->second;
        auto made = importedPrompt(caseOf(answer));
        if (!made) {
            refuse(answer, made.error().message);
            return nullptr;
        }
        if (isOwnNameOf(answer.prompt, *made))
            made->id = answer.prompt;
        if (made->segment.empty())
            made->segment = answer.segment;
        return &m_prompts.emplace(answer.prompt, std::move(*made)).first->second;
    }

    [[nodiscard]] PromptCase caseOf(const Answer& answer) const
    {
        if (const auto words = m_words.find(answer.prompt); words != m_words.end())
            return *words->second;
        PromptCase named;
        named.id = answer.prompt;
        named.turns.push_back({Role::User, answer.prompt.value, 0});
        return named;
    }

    void take(Answer answer, const LabPrompt& prompt)
    {
        // Two names of the same words: further samples of one prompt.
        answer.sample = m_places.take(prompt.id, answer.model, answer.sample);
        if (answer.sample >= kMostSamples)
            return refuse(answer, "the same words were answered too often");
        if (m_shown.insert(prompt.id).second)
            m_import.prompts.push_back(prompt);
        if (std::ranges::find(m_import.models, answer.model) == m_import.models.end())
            m_import.models.push_back(answer.model);
        m_import.samples = std::max(m_import.samples, answer.sample + 1);
        answer.prompt = prompt.id;
        answer.segment = prompt.segment;
        m_import.answers.push_back(std::move(answer));
    }

    AnswerReading m_reading;
    AnswerImport m_import;
    std::map<PromptId, const PromptCase*> m_words; ///< by the file's name
    std::map<PromptId, LabPrompt> m_prompts;       ///< by the file's name
    std::set<PromptId> m_shown;
    SamplePlaces m_places;
};

/// Whether a table has a column of answers. One with a column for every model cannot be told from
/// prompts with variables.
bool namesAnswers(std::string_view bytes)
{
    const auto text = decodedText(bytes);
    if (!text)
        return false;
    ImportReport unread;
    const CsvReading table = readCsv(text->substr(0, text->find_first_of("\r\n")), unread);
    return !table.records.empty() &&
           std::ranges::any_of(table.records.front().fields, [](const std::string& name) {
               return importFieldNamed(name) == ImportField::Answer;
           });
}

} // namespace

int SamplePlaces::take(const PromptId& prompt, const ModelId& model, int wanted)
{
    while (!m_taken.insert({prompt, model, wanted}).second)
        ++wanted;
    return wanted;
}

Result<AnswerImport> importAnswers(std::string_view bytes, const AnswerReadOptions& options,
                                   std::optional<AnswerFormat> format)
{
    auto read = readAnswers(bytes, format.value_or(guessAnswerFormat(bytes)), options);
    if (!read)
        return Unexpected(std::move(read.error()));
    AnswerImport import = Renamer(std::move(*read)).rename();
    if (import.answers.empty())
        return Unexpected(nothingRead(import.report, "an answer"));
    return import;
}

bool holdsAnswers(std::string_view bytes)
{
    const AnswerFormat format = guessAnswerFormat(bytes);
    if (format == AnswerFormat::Csv && !namesAnswers(bytes))
        return false;
    AnswerReadOptions options;
    options.model = "of any name";
    return readAnswers(bytes, format, options).has_value();
}

LabPlan planOf(const AnswerImport& import, const std::string& name)
{
    LabPlan plan;
    plan.name = name;
    plan.prompts = import.prompts;
    for (const ModelId& id : import.models) {
        ModelSpec model;
        model.id = id;
        model.provider = isPolicyVoice(id) ? kPolicyProvider : kElsewhere;
        model.upstreamModel =
            isPolicyVoice(id) ? id.value.substr(id.value.find(':') + 1) : id.value;
        plan.models.push_back(std::move(model));
    }
    plan.samples = import.samples;
    plan.asking.maxTokens.reset();
    return plan;
}

Result<RunId> keepAnswers(EvidenceStore& store, const AnswerImport& import, const std::string& name)
{
    RecordedPlan plan = recordedPlanOf(planOf(import, name));
    plan.isFromElsewhere = true;
    auto run = store.beginRun(name, toPlanJson(plan));
    if (!run)
        return run;
    if (const auto kept = store.recordAll(*run, import.answers); !kept)
        return Unexpected(kept.error());
    if (const auto over = store.finishRun(*run); !over)
        return Unexpected(over.error());
    return run;
}

} // namespace signalbox
