// SPDX-License-Identifier: Apache-2.0
#include "known_logs.h"

namespace signalbox::traffic_detail {

namespace {

using F = LogField;
using U = LogUnit;
using Holds = LogList::Holds;

constexpr const char* kOtlpRows = "/resourceSpans/*/scopeSpans/*/spans/*";
constexpr const char* kOtlpResource = "/resourceSpans/*/resource/attributes/";

/// What an observation of Langfuse says, without what its trace says.
void addObservation(LogMapping& log)
{
    const std::vector<LogPlace> places = {
        {F::RequestId, "/id"},
        {F::TraceId, "/traceId"},
        {F::StartTime, "/startTime"},
        {F::EndTime, "/endTime"},
        {F::FirstTokenTime, "/completionStartTime"},
        {F::Latency, "/latency", U::Seconds},
        {F::TimeToFirstToken, "/timeToFirstToken", U::Seconds},
        {F::ServedModel, "/model"},
        {F::RouteName, "/name"},
        {F::Status, "/level"},
        {F::TokensIn, "/usageDetails/input"},
        {F::TokensIn, "/usage/input"},
        {F::TokensOut, "/usageDetails/output"},
        {F::TokensOut, "/usage/output"},
        {F::TokensCached, "/usageDetails/input_cached_tokens"},
        {F::TokensCached, "/usageDetails/cache_read_input_tokens"},
        {F::TokensReasoning, "/usageDetails/output_reasoning_tokens"},
        {F::Cost, "/costDetails/total", U::Usd},
        {F::Cost, "/calculatedTotalCost", U::Usd},
        {F::CostPart, "/costDetails/input", U::Usd},
        {F::CostPart, "/costDetails/output", U::Usd},
        {F::MaxTokens, "/modelParameters/max_tokens"},
        {F::LabPrompt, "/promptName"},
        {F::Metadata, "/metadata"},
        {F::Messages, "/input"},
        {F::Response, "/output"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
    log.jsonTexts = {"/input",           "/output",       "/metadata",
                     "/modelParameters", "/usageDetails", "/costDetails"};
}

/// What a score says, wherever it stands.
std::vector<LogPlace> scorePlaces()
{
    return {{F::RequestId, "/observationId"},
            {F::FeedbackName, "/name"},
            {F::FeedbackValue, "/value"},
            {F::FeedbackLabel, "/stringValue"},
            {F::FeedbackSource, "/source"},
            {F::FeedbackScaleMin, "/config/minValue"},
            {F::FeedbackScaleMax, "/config/maxValue"}};
}

LogMapping langfuseTraces()
{
    LogMapping log;
    log.name = "Langfuse traces";
    log.rows = "/observations/*";
    log.signs = {"/traceId", "/type", "/startTime"};
    log.when = {{"/type", {"GENERATION"}}};
    addObservation(log);
    const std::vector<LogPlace> ofTrace = {{F::TraceId, "/id", U::Plain, LogOrigin::Line},
                                           {F::SessionId, "/sessionId", U::Plain, LogOrigin::Line},
                                           {F::UserId, "/userId", U::Plain, LogOrigin::Line},
                                           {F::Tags, "/tags", U::Plain, LogOrigin::Line}};
    log.places.insert(log.places.end(), ofTrace.begin(), ofTrace.end());
    LogList scores;
    scores.holds = Holds::Feedback;
    scores.path = "/scores/*";
    scores.from = LogOrigin::Line;
    scores.places = scorePlaces();
    log.lists = {scores};
    return log;
}

LogMapping langfuseObservations()
{
    LogMapping log;
    log.name = "Langfuse observations";
    log.signs = {"/traceId", "/type", "/startTime", "/usageDetails"};
    log.when = {{"/type", {"GENERATION"}}};
    addObservation(log);
    log.places.push_back({F::SessionId, "/sessionId"});
    log.places.push_back({F::UserId, "/userId"});
    log.places.push_back({F::Tags, "/tags"});
    return log;
}

LogMapping langfuseScores()
{
    LogMapping log;
    log.name = "Langfuse scores";
    log.signs = {"/name", "/traceId", "/dataType", "/source"};
    log.feedbackWhen = {{"/name", {}}};
    log.onlyFeedback = true;
    log.places = {{F::TraceId, "/traceId"}, {F::SessionId, "/sessionId"}};
    LogList score;
    score.places = scorePlaces();
    log.lists = {score};
    return log;
}

/// Attributes of OpenTelemetry's GenAI conventions, with their former names.
void addGenAi(LogMapping& log, const std::string& at)
{
    const std::vector<LogPlace> places = {
        {F::RequestId, at + "gen_ai.response.id"},
        {F::SessionId, at + "gen_ai.conversation.id"},
        {F::SessionId, at + "session.id"},
        {F::UserId, at + "user.id"},
        {F::UserId, at + "enduser.id"},
        {F::RequestedModel, at + "gen_ai.request.model"},
        {F::ServedModel, at + "gen_ai.response.model"},
        {F::ServedModel, at + "gen_ai.request.model"},
        {F::Provider, at + "gen_ai.provider.name"},
        {F::Provider, at + "gen_ai.system"},
        {F::RouteName, at + "gen_ai.agent.name"},
        {F::LabPrompt, at + "gen_ai.prompt.name"},
        {F::TimeToFirstToken, at + "gen_ai.response.time_to_first_chunk", U::Seconds},
        {F::TokensIn, at + "gen_ai.usage.input_tokens"},
        {F::TokensIn, at + "gen_ai.usage.prompt_tokens"},
        {F::TokensOut, at + "gen_ai.usage.output_tokens"},
        {F::TokensOut, at + "gen_ai.usage.completion_tokens"},
        {F::TokensCached, at + "gen_ai.usage.cache_read.input_tokens"},
        {F::TokensReasoning, at + "gen_ai.usage.reasoning.output_tokens"},
        {F::Cost, at + "gen_ai.usage.cost", U::Usd},
        {F::MaxTokens, at + "gen_ai.request.max_tokens"},
        {F::Streamed, at + "gen_ai.request.stream"},
        {F::ErrorClass, at + "error.type"},
        {F::System, at + "gen_ai.system_instructions"},
        {F::Messages, at + "gen_ai.input.messages"},
        {F::MessageRole, at + "gen_ai.prompt.*.role"},
        {F::MessageText, at + "gen_ai.prompt.*.content"},
        {F::Response, at + "gen_ai.output.messages"},
        {F::ResponseText, at + "gen_ai.completion.*.content"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
    for (const char* text :
         {"gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions"})
        log.jsonTexts.push_back(at + text);
}

/// Attributes of OpenInference.
void addOpenInference(LogMapping& log, const std::string& at)
{
    const std::vector<LogPlace> places = {
        {F::SessionId, at + "session.id"},
        {F::UserId, at + "user.id"},
        {F::RequestedModel, at + "llm.request.model_name"},
        {F::RequestedModel, at + "llm.model_name"},
        {F::ServedModel, at + "llm.response.model_name"},
        {F::ServedModel, at + "llm.model_name"},
        {F::Provider, at + "llm.provider"},
        {F::Provider, at + "llm.system"},
        {F::TokensIn, at + "llm.token_count.prompt"},
        {F::TokensOut, at + "llm.token_count.completion"},
        {F::TokensCached, at + "llm.token_count.prompt_details.cache_read"},
        {F::TokensReasoning, at + "llm.token_count.completion_details.reasoning"},
        {F::Cost, at + "llm.cost.total", U::Usd},
        {F::CostPart, at + "llm.cost.prompt", U::Usd},
        {F::CostPart, at + "llm.cost.completion", U::Usd},
        {F::MaxTokens, at + "llm.invocation_parameters/max_tokens"},
        {F::Tags, at + "tag.tags"},
        {F::Metadata, at + "metadata"},
        {F::MessageRole, at + "llm.input_messages.*.message.role"},
        {F::MessageText, at + "llm.input_messages.*.message.content"},
        {F::Messages, at + "llm.input_messages"},
        {F::Messages, at + "input.value"},
        {F::ResponseText, at + "llm.output_messages.*.message.content"},
        {F::Response, at + "llm.output_messages"},
        {F::Response, at + "output.value"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
    for (const char* text : {"llm.invocation_parameters", "metadata", "llm.input_messages",
                             "llm.output_messages", "input.value", "output.value"})
        log.jsonTexts.push_back(at + text);
}

/// What every span of OTLP's JSON has.
void addOtlpSpan(LogMapping& log)
{
    const std::vector<LogPlace> places = {{F::TraceId, "/traceId"},
                                          {F::RequestId, "/spanId"},
                                          {F::StartTime, "/startTimeUnixNano", U::UnixNanoseconds},
                                          {F::EndTime, "/endTimeUnixNano", U::UnixNanoseconds},
                                          {F::Status, "/status/code"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
}

/// The same of spans that exporters write one a line, each in its own spelling.
void addLooseSpan(LogMapping& log)
{
    const std::vector<LogPlace> places = {{F::TraceId, "/context/trace_id"},
                                          {F::TraceId, "/trace_id"},
                                          {F::TraceId, "/traceId"},
                                          {F::RequestId, "/context/span_id"},
                                          {F::RequestId, "/span_id"},
                                          {F::RequestId, "/spanId"},
                                          {F::StartTime, "/start_time"},
                                          {F::StartTime, "/startTime"},
                                          {F::StartTime, "/startTimeUnixNano", U::UnixNanoseconds},
                                          {F::EndTime, "/end_time"},
                                          {F::EndTime, "/endTime"},
                                          {F::EndTime, "/endTimeUnixNano", U::UnixNanoseconds},
                                          {F::Status, "/status/status_code"},
                                          {F::Status, "/status/code"},
                                          {F::Status, "/status_code"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
}

std::vector<LogPlace> evaluationPlaces()
{
    return {{F::FeedbackName, "/attributes/gen_ai.evaluation.name"},
            {F::FeedbackValue, "/attributes/gen_ai.evaluation.score.value"},
            {F::FeedbackLabel, "/attributes/gen_ai.evaluation.score.label"}};
}

/// Feedback that a span carries as events.
void addEvaluations(LogMapping& log)
{
    LogList results;
    results.holds = Holds::Feedback;
    results.path = "/events/*";
    results.when = {{"/name", {"gen_ai.evaluation.result"}}};
    results.places = evaluationPlaces();
    log.lists.push_back(results);
}

/// The same as records of a log beside the spans.
LogMapping genAiEvaluations()
{
    LogMapping log;
    log.name = "OpenTelemetry GenAI evaluations (OTLP)";
    log.rows = "/resourceLogs/*/scopeLogs/*/logRecords/*";
    log.signs = {"/traceId", "/attributes/gen_ai.evaluation.name"};
    log.feedbackWhen = {{"/attributes/gen_ai.evaluation.name", {}}};
    log.onlyFeedback = true;
    log.places = {{F::TraceId, "/traceId"}, {F::SessionId, "/attributes/gen_ai.conversation.id"}};
    LogList result;
    result.places = evaluationPlaces();
    log.lists = {result};
    return log;
}

void addResource(LogMapping& log)
{
    log.places.push_back(
        {F::TenantId, kOtlpResource + std::string("service.name"), U::Plain, LogOrigin::Line});
    log.places.push_back(
        {F::SessionId, kOtlpResource + std::string("session.id"), U::Plain, LogOrigin::Line});
    log.places.push_back(
        {F::UserId, kOtlpResource + std::string("user.id"), U::Plain, LogOrigin::Line});
}

const std::vector<std::string>& modelOperations()
{
    static const std::vector<std::string> names = {"chat", "text_completion", "generate_content"};
    return names;
}

LogMapping genAiOtlp()
{
    LogMapping log;
    log.name = "OpenTelemetry GenAI (OTLP)";
    log.rows = kOtlpRows;
    log.signs = {"/startTimeUnixNano", "/attributes/gen_ai.operation.name",
                 "/attributes/gen_ai.request.model"};
    log.when = {{"/attributes/gen_ai.operation.name", modelOperations()}};
    addOtlpSpan(log);
    addGenAi(log, "/attributes/");
    addResource(log);
    addEvaluations(log);
    return log;
}

LogMapping genAiSpans()
{
    LogMapping log;
    log.name = "OpenTelemetry GenAI (a span a line)";
    log.signs = {"/attributes/gen_ai.operation.name", "/attributes/gen_ai.request.model"};
    log.when = {{"/attributes/gen_ai.operation.name", modelOperations()}};
    addLooseSpan(log);
    addGenAi(log, "/attributes/");
    addEvaluations(log);
    return log;
}

LogMapping openInferenceOtlp()
{
    LogMapping log;
    log.name = "OpenInference (OTLP)";
    log.rows = kOtlpRows;
    log.signs = {"/startTimeUnixNano", "/attributes/openinference.span.kind"};
    log.when = {{"/attributes/openinference.span.kind", {"LLM"}}};
    addOtlpSpan(log);
    addOpenInference(log, "/attributes/");
    addResource(log);
    return log;
}

LogMapping openInferenceSpans()
{
    LogMapping log;
    log.name = "OpenInference (a span a line)";
    log.signs = {"/attributes/openinference.span.kind"};
    log.when = {{"/attributes/openinference.span.kind", {"LLM"}}};
    addLooseSpan(log);
    addOpenInference(log, "/attributes/");
    return log;
}

} // namespace

std::vector<LogMapping> knownTraceLogs()
{
    return {langfuseTraces(), langfuseObservations(), langfuseScores(),    genAiOtlp(),
            genAiSpans(),     genAiEvaluations(),     openInferenceOtlp(), openInferenceSpans()};
}

} // namespace signalbox::traffic_detail
