// SPDX-License-Identifier: Apache-2.0
#include "report_figures.h"

#include <core/base/median.h>
#include <core/projection/number_text.h>
#include <core/voice/answer_stats.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace signalbox {

namespace {

std::optional<double> knownMedian(std::vector<double> values)
{
    const double median = medianOf(std::move(values));
    return std::isfinite(median) ? std::optional(median) : std::nullopt;
}

std::optional<double> meanOf(const std::vector<double>& values)
{
    if (values.empty())
        return std::nullopt;
    double sum = 0;
    for (const double value : values)
        sum += value;
    return sum / static_cast<double>(values.size());
}

/// What is collected of one model.
struct Tally
{
    ModelFigures figures;
    std::vector<double> words, firstTokenMs, totalMs, outputTokens, satisfied;

    void add(const Answer& answer)
    {
        if (!answer.servedModel.empty() &&
            std::ranges::count(figures.servedModels, answer.servedModel) == 0)
            figures.servedModels.push_back(answer.servedModel);
        addCost(answer);
        if (!hasText(answer)) {
            ++figures.failed;
            return;
        }
        ++figures.answers;
        figures.reused += answer.reused ? 1 : 0;
        words.push_back(static_cast<double>(wordsOf(answer)));
        if (answer.firstTokenMs)
            firstTokenMs.push_back(*answer.firstTokenMs);
        if (answer.totalMs)
            totalMs.push_back(*answer.totalMs);
        if (answer.outputTokens)
            outputTokens.push_back(static_cast<double>(*answer.outputTokens));
        if (answer.satisfied)
            satisfied.push_back(*answer.satisfied);
    }

    void addCost(const Answer& answer)
    {
        if (answer.cost)
            figures.cost = Money{figures.cost.value_or(Money{}).pico + answer.cost->pico};
        else if (hasText(answer) && !answer.reused)
            ++figures.unpriced;
    }

    ModelFigures close() &&
    {
        figures.words = knownMedian(std::move(words));
        figures.firstTokenMs = knownMedian(std::move(firstTokenMs));
        figures.totalMs = knownMedian(std::move(totalMs));
        figures.outputTokens = meanOf(outputTokens);
        figures.satisfied = meanOf(satisfied);
        return std::move(figures);
    }
};

} // namespace

std::vector<ModelFigures> figuresOf(const RunReport& report)
{
    std::map<ModelId, std::size_t> places;
    for (std::size_t i = 0; i < report.models.size(); ++i)
        places.emplace(report.models[i].id, i);
    std::vector<Tally> tallies(report.models.size());
    for (const Answer& answer : report.answers) {
        if (const auto place = places.find(answer.model); place != places.end())
            tallies[place->second].add(answer);
    }
    std::vector<ModelFigures> figures;
    for (Tally& tally : tallies)
        figures.push_back(std::move(tally).close());
    return figures;
}

std::size_t wordsOf(const Answer& answer)
{
    return static_cast<std::size_t>(measureAnswer(answer.text).words);
}

bool hasText(const Answer& answer)
{
    return answer.state == AnswerState::Done || answer.state == AnswerState::Truncated;
}

std::string answersText(const std::vector<Answer>& records)
{
    const auto answers = static_cast<std::size_t>(std::ranges::count_if(records, hasText));
    const std::string text = countOf(answers, "answer", "answers");
    const std::size_t rest = records.size() - answers;
    return rest == 0 ? text : text + " (and " + countOf(rest, "call", "calls") + " without one)";
}

CellIndex::CellIndex(const RunReport& report)
{
    for (const Answer& answer : report.answers)
        m_answers.insert_or_assign({answer.prompt, answer.model, answer.sample}, &answer);
    for (const ReportedNote& note : report.notes)
        m_notes.emplace(Cell{note.prompt, note.model, note.sample}, &note);
}

std::vector<const Answer*> CellIndex::answers(const PromptId& prompt, const ModelId& model) const
{
    std::vector<const Answer*> found;
    const Cell first{prompt, model, std::numeric_limits<int>::min()};
    for (auto at = m_answers.lower_bound(first);
         at != m_answers.end() && std::get<0>(at->first) == prompt &&
         std::get<1>(at->first) == model;
         ++at)
        found.push_back(at->second);
    return found;
}

std::vector<const ReportedNote*> CellIndex::notes(const Answer& answer) const
{
    std::vector<const ReportedNote*> found;
    const auto [begin, end] = m_notes.equal_range({answer.prompt, answer.model, answer.sample});
    for (auto at = begin; at != end; ++at)
        found.push_back(at->second);
    return found;
}

} // namespace signalbox
