// SPDX-License-Identifier: Apache-2.0
#include "answer_writer.h"

#include "answer_collector.h"
#include "answer_columns.h"

#include <core/base/formula_guard.h>
#include <core/base/iso_time.h>
#include <core/base/json.h>
#include <core/voice/policy_route.h>

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace signalbox {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Members and columns are called as field_names.h reads them.

void addText(Json& json, const char* name, const std::string& text)
{
    if (!text.empty())
        json[name] = text;
}

template<class Number>
void addNumber(Json& json, const char* name, const std::optional<Number>& number)
{
    if (number)
        json[name] = *number;
}

std::optional<double> usdOf(const Answer& answer)
{
    return answer.cost ? std::optional(answer.cost->usd()) : std::nullopt;
}

Json answerJson(const Answer& answer, const PromptCase* prompt)
{
    Json json = prompt ? toJson(*prompt) : Json::object();
    json["id"] = answer.prompt.value;
    addText(json, "segment", answer.segment);
    json["model"] = answer.model.value;
    json["sample"] = answer.sample;
    addText(json, "answer", answer.text);
    addText(json, "reasoning", answer.reasoning);
    json["state"] = std::string(import_detail::answerStateName(answer.state));
    addText(json, "failure", answer.failure);
    if (answer.failureKind)
        json["failureKind"] = failureKindName(*answer.failureKind);
    addText(json, "servedModel", answer.servedModel);
    addText(json, "styleGuide", answer.styleGuide);
    addNumber(json, "inputTokens", answer.inputTokens);
    addNumber(json, "outputTokens", answer.outputTokens);
    addNumber(json, "firstTokenMs", answer.firstTokenMs);
    addNumber(json, "totalMs", answer.totalMs);
    addNumber(json, "costUsd", usdOf(answer));
    addNumber(json, "satisfied", answer.satisfied);
    if (answer.simulated)
        json["simulated"] = true;
    if (answer.reused)
        json["reused"] = true;
    if (answer.tokensEstimated)
        json["tokensEstimated"] = true;
    if (answer.costStated)
        json["costStated"] = true;
    if (answer.recordedAtMs != 0)
        addText(json, "recordedAt", isoTime(answer.recordedAtMs));
    if (parseRoute(answer.route))
        json["route"] = *parseJson(answer.route);
    return json;
}

template<class Number> std::string numberText(Number number)
{
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return {digits.data(), end.ptr};
}

std::string csvCell(const AnswerCell& cell)
{
    if (const auto* const text = std::get_if<std::string>(&cell))
        return csvField(*text);
    if (const auto* const number = std::get_if<std::int64_t>(&cell))
        return numberText(*number);
    const auto* const number = std::get_if<double>(&cell);
    return number ? numberText(*number) : std::string();
}

template<class Fields, class ToText> std::string joined(const Fields& fields, ToText toText)
{
    std::string line;
    bool isFirst = true;
    for (const auto& field : fields) {
        if (!std::exchange(isFirst, false))
            line += ',';
        line += toText(field);
    }
    return line + "\r\n";
}

} // namespace

std::string toAnswerJsonLines(std::span<const Answer> answers, const PromptSet& prompts)
{
    const PromptIndex index(prompts);
    std::string text;
    for (const Answer& answer : answers)
        text += toCompactJsonText(answerJson(answer, index.find(answer.prompt))) + '\n';
    return text;
}

std::string toAnswerCsv(std::span<const Answer> answers, const PromptSet& prompts)
{
    const PromptIndex index(prompts);
    std::string text(kByteOrderMark);
    text += joined(answerColumns(), csvField);
    for (const Answer& answer : answers)
        text += joined(answerCells(answer, index.find(answer.prompt)), csvCell);
    return text;
}

} // namespace signalbox
