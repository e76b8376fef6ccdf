// SPDX-License-Identifier: Apache-2.0
#include "answer_writer.h"

#include "answer_collector.h"

#include <core/base/json.h>

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace signalbox {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class PromptIndex
{
public:
    explicit PromptIndex(const PromptSet& set)
    {
        for (const PromptCase& prompt : set.cases)
            m_cases.emplace(prompt.id, &prompt);
    }
    /// Null if its words are not known.
    [[nodiscard]] const PromptCase* find(const PromptId& id) const
    {
        const auto found = m_cases.find(id);
        return found == m_cases.end() ? nullptr : found->second;
    }

private:
    std::map<PromptId, const PromptCase*> m_cases;
};

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
    return json;
}

/// In quotes where it has to be.
std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field + '"';
}

std::string csvText(const std::string& text)
{
    constexpr std::string_view kFormulas = "=+-@\t\r";
    const bool isFormula = !text.empty() && kFormulas.find(text.front()) != std::string_view::npos;
    return csvField(isFormula ? '\'' + text : text);
}

template<class Number> std::string csvNumber(const std::optional<Number>& number)
{
    if (!number)
        return {};
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number);
    return {digits.data(), end.ptr};
}

std::string joined(std::span<const std::string> fields)
{
    std::string line = fields.front();
    for (const std::string& field : fields.subspan(1))
        line += ',' + field;
    return line + "\r\n";
}

constexpr std::string_view kHeader =
    "id,segment,system,prompt,model,sample,answer,state,failure,failureKind,servedModel,"
    "inputTokens,outputTokens,firstTokenMs,totalMs,costUsd,satisfied,styleGuide,simulated,"
    "reused\r\n";

std::string csvRow(const Answer& answer, const PromptCase* prompt)
{
    const std::string words = prompt && !prompt->turns.empty() ? prompt->turns.back().text : "";
    const std::vector<std::string> fields = {
        csvText(answer.prompt.value),
        csvText(answer.segment),
        csvText(prompt ? prompt->system : ""),
        csvText(words),
        csvText(answer.model.value),
        std::to_string(answer.sample),
        csvText(answer.text),
        csvField(import_detail::answerStateName(answer.state)),
        csvText(answer.failure),
        answer.failureKind ? failureKindName(*answer.failureKind) : "",
        csvText(answer.servedModel),
        csvNumber(answer.inputTokens),
        csvNumber(answer.outputTokens),
        csvNumber(answer.firstTokenMs),
        csvNumber(answer.totalMs),
        csvNumber(usdOf(answer)),
        csvNumber(answer.satisfied),
        csvText(answer.styleGuide),
        answer.simulated ? "true" : "",
        answer.reused ? "true" : "",
    };
    return joined(fields);
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
    text += kHeader;
    for (const Answer& answer : answers)
        text += csvRow(answer, index.find(answer.prompt));
    return text;
}

} // namespace signalbox
