// SPDX-License-Identifier: Apache-2.0
#include "answer_collector.h"
#include "import_json.h"

#include <core/base/json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::import_detail {

namespace {

constexpr std::size_t kLongestFailure = 300;

/// A member of an object; null if it is no object or has none, or null.
const Json* memberOf(const Json* json, const char* key)
{
    if (!json || !json->is_object())
        return nullptr;
    const auto found = json->find(key);
    return found == json->end() || found->is_null() ? nullptr : &*found;
}

std::string textIn(const Json* json, const char* key)
{
    const Json* const member = memberOf(json, key);
    return member && member->is_string() ? member->get<std::string>() : std::string();
}

std::optional<double> numberIn(const Json* json, const char* key)
{
    const Json* const member = memberOf(json, key);
    if (!member || !member->is_number())
        return std::nullopt;
    return member->get<double>();
}

std::optional<std::int64_t> tokensIn(const Json* usage, const char* key)
{
    const auto count = numberIn(usage, key);
    if (!count || !(*count >= 0) || *count > 1e9)
        return std::nullopt;
    return std::llround(*count);
}

bool isTrue(const Json* json)
{
    return json && json->is_boolean() && json->get<bool>();
}

/// The results, wherever this version has them.
const Json* resultsIn(const Json& file)
{
    const Json* results = memberOf(&file, "results");
    if (results && results->is_object())
        results = memberOf(results, "results");
    return results && results->is_array() ? results : nullptr;
}

/// Who answered: the label that the person gave, else the provider's id.
std::string modelOf(const Json& result)
{
    const Json* const provider = memberOf(&result, "provider");
    if (provider && provider->is_string())
        return provider->get<std::string>();
    const std::string label = textIn(provider, "label");
    return label.empty() ? textIn(provider, "id") : label;
}

std::string outputOf(const Json& result)
{
    const Json* const output = memberOf(memberOf(&result, "response"), "output");
    if (!output)
        return {};
    return output->is_string() ? output->get<std::string>() : toCompactJsonText(*output);
}

/// The prompt as it was sent: plain text, or a list of messages in JSON.
PromptCase promptOf(const Json& result)
{
    PromptCase prompt;
    const Json* const sent = memberOf(&result, "prompt");
    const std::string raw =
        sent && sent->is_string() ? sent->get<std::string>() : textIn(sent, "raw");
    if (trimmedText(raw).starts_with('[')) {
        JsonProblems problems(1);
        const JsonPath root;
        const auto messages = parseJson(raw);
        if (messages)
            readTurns(*messages, root, prompt, problems);
        if (messages && problems.isEmpty() && !prompt.turns.empty())
            return prompt;
        prompt = PromptCase();
    }
    prompt.turns.push_back({Role::User, raw, 0});
    return prompt;
}

AnswerState stateOf(const Json& result, const Answer& answer)
{
    const Json* const response = memberOf(&result, "response");
    const std::string finish = textIn(response, "finishReason");
    if (isTrue(memberOf(response, "isRefusal")))
        return AnswerState::Refused;
    if (finish == "content_filter")
        return AnswerState::Filtered;
    // The result's own error may be that of an assertion; the call's stands with its response.
    if (isBlankText(answer.text) || !textIn(response, "error").empty())
        return AnswerState::Failed;
    return finish == "length" ? AnswerState::Truncated : AnswerState::Done;
}

/// The score, where something was asserted: without assertions it is 1 and means nothing.
std::optional<double> satisfactionOf(const Json& result)
{
    const Json* const grading = memberOf(&result, "gradingResult");
    const Json* const parts = memberOf(grading, "componentResults");
    const auto score = numberIn(&result, "score");
    if (!parts || !parts->is_array() || parts->empty() || !score)
        return std::nullopt;
    return std::clamp(*score, 0.0, 1.0);
}

/// Measures of a call that was really made.
void readMeasures(const Json& result, Answer& answer)
{
    const Json* const response = memberOf(&result, "response");
    if (isTrue(memberOf(response, "cached")))
        return;
    const Json* usage = memberOf(response, "tokenUsage");
    if (!usage)
        usage = memberOf(&result, "tokenUsage");
    answer.inputTokens = tokensIn(usage, "prompt");
    answer.outputTokens = tokensIn(usage, "completion");
    const auto ms = numberIn(&result, "latencyMs");
    if (ms && *ms > 0)
        answer.totalMs = ms;
    const auto ownCost = numberIn(&result, "cost");
    const auto cost = ownCost ? ownCost : numberIn(response, "cost");
    if (cost && *cost > 0 && *cost < 1e6)
        answer.cost = Money::fromUsd(*cost);
}

std::string failureOf(const Json& result)
{
    std::string text = textIn(memberOf(&result, "response"), "error");
    if (text.empty())
        text = textIn(&result, "error");
    text = text.substr(0, text.find_first_of("\r\n"));
    if (text.size() <= kLongestFailure)
        return text;
    std::size_t end = kLongestFailure;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end; // not in the middle of a character
    return text.substr(0, end);
}

ReadAnswer readResult(const Json& result)
{
    ReadAnswer read;
    read.prompt = promptOf(result);
    read.prompt.segment = textIn(memberOf(memberOf(&result, "testCase"), "metadata"), "segment");
    Answer& answer = read.answer;
    answer.model = ModelId(modelOf(result));
    answer.text = outputOf(result);
    answer.state = stateOf(result, answer);
    if (answer.state == AnswerState::Failed || answer.state == AnswerState::Filtered) {
        answer.failure = failureOf(result);
        if (answer.failure.empty())
            answer.failure = "promptfoo has no output and no reason";
    }
    if (answer.state != AnswerState::Failed)
        answer.satisfied = satisfactionOf(result);
    readMeasures(result, answer);
    return read;
}

} // namespace

void readPromptfoo(std::string_view text, AnswerCollector& collector, ImportReport& report)
{
    const auto file = parseJson(text);
    if (!file) {
        report.refuseAt(text, file.error());
        return;
    }
    const Json* const results = resultsIn(*file);
    if (!results) {
        report.refuse(0, "it has no list \"results\", as promptfoo writes it");
        return;
    }
    for (const Json& result : *results) {
        if (result.is_object())
            collector.add(readResult(result), 0);
        else
            report.refuse(0, "a result that is no object: " + describeJson(result));
    }
}

} // namespace signalbox::import_detail
