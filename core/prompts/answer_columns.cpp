// SPDX-License-Identifier: Apache-2.0
#include "answer_columns.h"

#include "answer_collector.h"

#include <core/base/iso_time.h>
#include <core/voice/policy_route.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace signalbox {

namespace {

constexpr std::array<std::string_view, 31> kColumns = {
    "id",          "segment",     "system",          "prompt",       "model",
    "sample",      "answer",      "state",           "failure",      "failureKind",
    "servedModel", "inputTokens", "outputTokens",    "firstTokenMs", "totalMs",
    "costUsd",     "satisfied",   "styleGuide",      "simulated",    "reused",
    "turns",       "reasoning",   "tokensEstimated", "costStated",   "recordedAt",
    "tags",        "routeRule",   "routeServedBy",   "routeCalls",   "routeFallback",
    "route"};
/// Those of tables of versions that knew no tags and no routes.
constexpr std::size_t kOldColumns = 25;

AnswerCell textCell(std::string text)
{
    return text.empty() ? AnswerCell() : AnswerCell(std::move(text));
}

template<class Number> AnswerCell numberCell(const std::optional<Number>& number)
{
    return number ? AnswerCell(*number) : AnswerCell();
}

AnswerCell flagCell(bool flag)
{
    return flag ? AnswerCell(std::string("true")) : AnswerCell();
}

/// How a policy came to its answer, in words; the last cell has all of it.
void addRouteCells(const Answer& answer, std::vector<AnswerCell>& cells)
{
    const auto route = parseRoute(answer.route);
    if (!route) {
        cells.resize(cells.size() + 5);
        return;
    }
    const PolicyHop* const served = route->served();
    cells.push_back(textCell(route->label));
    cells.push_back(textCell(served ? served->model.value : std::string()));
    cells.push_back(textCell(callsText(*route)));
    cells.push_back(flagCell(route->hasFallenBack()));
    cells.push_back(textCell(answer.route));
}

AnswerCell turnsCell(const PromptCase* prompt)
{
    if (!prompt || prompt->turns.size() < 2)
        return {};
    return toCompactJsonText(toJson(*prompt)["turns"]);
}

} // namespace

std::span<const std::string_view> answerColumns()
{
    return kColumns;
}

std::vector<AnswerCell> answerCells(const Answer& answer, const PromptCase* prompt)
{
    const std::string words = prompt && !prompt->turns.empty() ? prompt->turns.back().text : "";
    std::vector<AnswerCell> cells = {
        textCell(answer.prompt.value),
        textCell(answer.segment),
        textCell(prompt ? prompt->system : ""),
        textCell(words),
        textCell(answer.model.value),
        std::int64_t(answer.sample),
        textCell(answer.text),
        std::string(import_detail::answerStateName(answer.state)),
        textCell(answer.failure),
        textCell(answer.failureKind ? failureKindName(*answer.failureKind) : ""),
        textCell(answer.servedModel),
        numberCell(answer.inputTokens),
        numberCell(answer.outputTokens),
        numberCell(answer.firstTokenMs),
        numberCell(answer.totalMs),
        answer.cost ? AnswerCell(answer.cost->usd()) : AnswerCell(),
        numberCell(answer.satisfied),
        textCell(answer.styleGuide),
        flagCell(answer.simulated),
        flagCell(answer.reused),
        turnsCell(prompt),
        textCell(answer.reasoning),
        flagCell(answer.tokensEstimated),
        flagCell(answer.costStated),
        textCell(answer.recordedAtMs == 0 ? std::string() : isoTime(answer.recordedAtMs)),
        textCell(prompt ? joinedTags(*prompt) : ""),
    };
    addRouteCells(answer, cells);
    return cells;
}

bool isOwnTable(std::span<const std::string> heading)
{
    const std::span<const std::string_view> columns(kColumns);
    return std::ranges::equal(heading, columns) ||
           std::ranges::equal(heading, columns.first(kOldColumns));
}

PromptIndex::PromptIndex(const PromptSet& set)
{
    for (const PromptCase& prompt : set.cases)
        m_cases.emplace(prompt.id, &prompt);
}

const PromptCase* PromptIndex::find(const PromptId& id) const
{
    const auto found = m_cases.find(id);
    return found == m_cases.end() ? nullptr : found->second;
}

} // namespace signalbox
