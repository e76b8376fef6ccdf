// SPDX-License-Identifier: Apache-2.0
#include "known_logs.h"

namespace signalbox::traffic_detail {

namespace {

using F = LogField;
using U = LogUnit;

LogMapping signalboxLines()
{
    LogMapping log;
    log.name = "Signalbox traffic";
    log.signs = {"/messages", "/conversationId"};
    log.places = {{F::RequestId, "/requestId"},
                  {F::SessionId, "/conversationId"},
                  {F::UserId, "/userId"},
                  {F::Style, "/style"},
                  {F::Segment, "/segment"},
                  {F::LabPrompt, "/promptId"},
                  {F::StartTime, "/timeMs", U::UnixMilliseconds},
                  {F::TokensIn, "/inputTokens"},
                  {F::RequestedModel, "/requestedModel"},
                  {F::MaxTokens, "/maxTokens"},
                  {F::Metadata, "/metadata"},
                  {F::Synthetic, "/synthetic"},
                  {F::Messages, "/messages"}};
    return log;
}

/// What a chat request says, wherever it stands.
void addChatRequest(LogMapping& log, const std::string& at)
{
    const std::vector<LogPlace> places = {{F::RequestedModel, at + "/model"},
                                          {F::Messages, at + "/messages"},
                                          {F::Messages, at + "/input"},
                                          {F::Prompt, at + "/prompt"},
                                          {F::System, at + "/instructions"},
                                          {F::UserId, at + "/user"},
                                          {F::UserId, at + "/safety_identifier"},
                                          {F::Streamed, at + "/stream"},
                                          {F::MaxTokens, at + "/max_completion_tokens"},
                                          {F::MaxTokens, at + "/max_tokens"},
                                          {F::MaxTokens, at + "/max_output_tokens"},
                                          {F::Metadata, at + "/metadata"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
}

/// What a chat response says: of chats, of completions and of the Responses API.
void addChatResponse(LogMapping& log, const std::string& at)
{
    const std::vector<LogPlace> places = {
        {F::Response, at},
        {F::RequestId, at + "/id"},
        {F::ServedModel, at + "/model"},
        {F::StartTime, at + "/created", U::UnixSeconds},
        {F::StartTime, at + "/created_at", U::UnixSeconds},
        {F::TokensIn, at + "/usage/prompt_tokens"},
        {F::TokensIn, at + "/usage/input_tokens"},
        {F::TokensOut, at + "/usage/completion_tokens"},
        {F::TokensOut, at + "/usage/output_tokens"},
        {F::TokensCached, at + "/usage/prompt_tokens_details/cached_tokens"},
        {F::TokensCached, at + "/usage/input_tokens_details/cached_tokens"},
        {F::TokensReasoning, at + "/usage/completion_tokens_details/reasoning_tokens"},
        {F::TokensReasoning, at + "/usage/output_tokens_details/reasoning_tokens"},
        {F::ErrorClass, at + "/error/type"},
        {F::ErrorClass, at + "/error/code"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
}

/// What people's own logs put beside a request and its response.
void addUsualEnvelope(LogMapping& log)
{
    const std::vector<LogPlace> places = {{F::RequestId, "/request_id"},
                                          {F::RequestId, "/id"},
                                          {F::SessionId, "/session_id"},
                                          {F::SessionId, "/conversation_id"},
                                          {F::UserId, "/user_id"},
                                          {F::StartTime, "/timestamp"},
                                          {F::StartTime, "/ts"},
                                          {F::StartTime, "/created_at"},
                                          {F::Latency, "/latency_ms", U::Milliseconds},
                                          {F::Latency, "/duration_ms", U::Milliseconds},
                                          {F::TimeToFirstToken, "/ttft_ms", U::Milliseconds},
                                          {F::Cost, "/cost_usd", U::Usd},
                                          {F::Cost, "/cost", U::Usd},
                                          {F::Provider, "/provider"},
                                          {F::HttpStatus, "/status_code"},
                                          {F::Status, "/status"},
                                          {F::Tags, "/tags"}};
    log.places.insert(log.places.end(), places.begin(), places.end());
}

LogMapping openAiPairs()
{
    LogMapping log;
    log.name = "OpenAI requests and responses";
    log.signs = {"/request", "/response"};
    log.jsonTexts = {"/request", "/response"};
    log.when = {};
    for (const char* at : {"/request", "/request/body"})
        addChatRequest(log, at);
    addUsualEnvelope(log);
    for (const char* at : {"/response/body", "/response"})
        addChatResponse(log, at);
    log.places.push_back({F::HttpStatus, "/response/status_code"});
    return log;
}

LogMapping openAiBatchInput()
{
    LogMapping log;
    log.name = "OpenAI batch input";
    log.signs = {"/custom_id", "/method", "/url", "/body"};
    log.places = {{F::RequestId, "/custom_id"}};
    addChatRequest(log, "/body");
    return log;
}

LogMapping openAiBatchOutput()
{
    LogMapping log;
    log.name = "OpenAI batch output";
    log.signs = {"/custom_id", "/response/status_code", "/response/body"};
    log.places = {{F::RequestId, "/custom_id"},
                  {F::TraceId, "/response/request_id"},
                  {F::HttpStatus, "/response/status_code"},
                  {F::ErrorClass, "/error/code"}};
    addChatResponse(log, "/response/body");
    return log;
}

LogMapping openAiLines()
{
    LogMapping log;
    log.name = "OpenAI chat lines";
    log.signs = {"/messages", "/model"};
    addUsualEnvelope(log);
    addChatRequest(log, "");
    log.places.push_back({F::Response, "/response"});
    log.places.push_back({F::Response, "/choices"});
    log.places.push_back({F::TokensIn, "/usage/prompt_tokens"});
    log.places.push_back({F::TokensOut, "/usage/completion_tokens"});
    log.places.push_back({F::TokensCached, "/usage/prompt_tokens_details/cached_tokens"});
    log.places.push_back({F::TokensReasoning, "/usage/completion_tokens_details/reasoning_tokens"});
    return log;
}

} // namespace

std::vector<LogMapping> knownChatLogs()
{
    return {signalboxLines(), openAiBatchInput(), openAiBatchOutput(), openAiPairs(),
            openAiLines()};
}

} // namespace signalbox::traffic_detail
