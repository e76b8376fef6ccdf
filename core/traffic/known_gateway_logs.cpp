// SPDX-License-Identifier: Apache-2.0
#include "known_logs.h"

namespace signalbox::traffic_detail {

namespace {

using F = LogField;
using U = LogUnit;
using Holds = LogList::Holds;

LogMapping liteLlmSpendLogs()
{
    LogMapping log;
    log.name = "LiteLLM spend logs";
    log.signs = {"/request_id", "/spend", "/call_type", "/model_group"};
    log.jsonTexts = {"/metadata", "/messages", "/response", "/request_tags",
                     "/proxy_server_request"};
    log.places = {
        {F::RequestId, "/request_id"},
        {F::SessionId, "/session_id"},
        {F::UserId, "/end_user"},
        {F::UserId, "/user"},
        {F::TenantId, "/team_id"},
        {F::TenantId, "/organization_id"},
        {F::StartTime, "/startTime"},
        {F::EndTime, "/endTime"},
        {F::FirstTokenTime, "/completionStartTime"},
        {F::Latency, "/request_duration_ms", U::Milliseconds},
        {F::RequestedModel, "/metadata/routing_decision/router_model_name"},
        {F::RequestedModel, "/model_group"},
        {F::ServedModel, "/metadata/routing_decision/routed_model"},
        {F::ServedModel, "/model"},
        {F::Provider, "/custom_llm_provider"},
        {F::RouteName, "/metadata/routing_decision/tier_label"},
        {F::RouteName, "/metadata/routing_decision/tier"},
        {F::Rule, "/metadata/routing_decision/cause"},
        {F::Status, "/status"},
        {F::TokensIn, "/prompt_tokens"},
        {F::TokensOut, "/completion_tokens"},
        {F::TokensCached, "/metadata/usage_object/prompt_tokens_details/cached_tokens"},
        {F::TokensReasoning, "/metadata/usage_object/completion_tokens_details/reasoning_tokens"},
        {F::Cost, "/spend", U::Usd},
        {F::CacheHit, "/cache_hit"},
        {F::Tags, "/request_tags"},
        {F::Metadata, "/metadata/requester_metadata"},
        {F::Metadata, "/metadata/spend_logs_metadata"},
        {F::ErrorClass, "/metadata/error_information/error_class"},
        {F::Streamed, "/proxy_server_request/stream"},
        {F::Messages, "/messages"},
        {F::Messages, "/proxy_server_request/messages"},
        {F::Response, "/response"}};
    return log;
}

LogMapping liteLlmPayload()
{
    LogMapping log;
    log.name = "LiteLLM logging payload";
    log.signs = {"/id", "/response_cost", "/model_group", "/call_type", "/startTime"};
    // Each retry and each fallback is a row, with an id of its own once it was answered.
    log.attempts = AttemptKey::ParentId;
    log.places = {
        {F::RequestId, "/id"},
        {F::ParentId, "/litellm_call_id"},
        {F::TraceId, "/trace_id"},
        {F::SessionId, "/metadata/requester_metadata/session_id"},
        {F::UserId, "/end_user"},
        {F::UserId, "/metadata/user_api_key_user_id"},
        {F::TenantId, "/metadata/user_api_key_team_id"},
        {F::TenantId, "/metadata/user_api_key_org_id"},
        {F::StartTime, "/startTime", U::UnixSeconds},
        {F::EndTime, "/endTime", U::UnixSeconds},
        {F::FirstTokenTime, "/completionStartTime", U::UnixSeconds},
        {F::Latency, "/response_time", U::Seconds},
        {F::RequestedModel, "/model_group"},
        {F::ServedModel, "/model"},
        {F::Provider, "/custom_llm_provider"},
        {F::Provider, "/error_information/llm_provider"},
        {F::Status, "/status"},
        {F::HttpStatus, "/error_information/error_code"},
        {F::ErrorClass, "/error_information/error_class"},
        {F::TokensIn, "/prompt_tokens"},
        {F::TokensOut, "/completion_tokens"},
        {F::TokensCached, "/metadata/usage_object/prompt_tokens_details/cached_tokens"},
        {F::TokensReasoning, "/metadata/usage_object/completion_tokens_details/reasoning_tokens"},
        {F::Cost, "/response_cost", U::Usd},
        {F::Cost, "/cost_breakdown/total_cost", U::Usd},
        {F::CacheHit, "/cache_hit"},
        {F::Tags, "/request_tags"},
        {F::Metadata, "/metadata/requester_metadata"},
        {F::Metadata, "/metadata/spend_logs_metadata"},
        {F::Streamed, "/model_parameters/stream"},
        {F::MaxTokens, "/model_parameters/max_tokens"},
        {F::Messages, "/messages"},
        {F::Response, "/response"}};
    return log;
}

LogMapping portkeyExport()
{
    LogMapping log;
    log.name = "Portkey export";
    log.signs = {"/ai_org", "/ai_model", "/res_units", "/is_success"};
    log.jsonTexts = {"/request", "/response", "/metadata"};
    log.places = {{F::RequestId, "/id"},
                  {F::TraceId, "/trace_id"},
                  {F::UserId, "/metadata/_user"},
                  {F::TenantId, "/metadata/_organisation"},
                  {F::LabPrompt, "/prompt_slug"},
                  {F::StartTime, "/created_at"},
                  {F::Latency, "/response_time", U::Milliseconds},
                  {F::RequestedModel, "/request/model"},
                  {F::RequestedModel, "/request/body/model"},
                  {F::ServedModel, "/ai_model"},
                  {F::Provider, "/ai_org"},
                  {F::RouteName, "/config"},
                  {F::Arm, "/mode"},
                  {F::HttpStatus, "/response_status_code"},
                  {F::Status, "/is_success"},
                  {F::TokensIn, "/req_units"},
                  {F::TokensOut, "/res_units"},
                  {F::Cost, "/cost", U::Usd},
                  {F::Metadata, "/metadata"},
                  {F::Streamed, "/request/stream"},
                  {F::Messages, "/request/messages"},
                  {F::Messages, "/request/body/messages"},
                  {F::Messages, "/request/prompt"},
                  {F::Response, "/response"}};
    return log;
}

LogMapping portkeyFeedback()
{
    LogMapping log;
    log.name = "Portkey feedback";
    log.signs = {"/trace_id", "/value", "/weight"};
    log.feedbackWhen = {{"/trace_id", {}}, {"/value", {}}};
    log.onlyFeedback = true;
    log.places = {{F::TraceId, "/trace_id"}};
    LogList score;
    score.name = "feedback";
    score.scaleMin = -10;
    score.scaleMax = 10;
    score.places = {{F::FeedbackValue, "/value"}, {F::FeedbackWeight, "/weight"}};
    log.lists = {score};
    return log;
}

LogMapping portkeyStream()
{
    LogMapping log;
    log.name = "Portkey log stream";
    log.signs = {"/requestOptions", "/endpoint", "/duration", "/time"};
    log.places = {{F::StartTime, "/time"},
                  {F::Latency, "/duration", U::Milliseconds},
                  {F::HttpStatus, "/status"},
                  {F::RequestedModel, "/requestOptions/0/requestParams/model"},
                  {F::Messages, "/requestOptions/0/requestParams/messages"},
                  {F::Streamed, "/requestOptions/0/requestParams/stream"},
                  {F::Messages, "/requestOptions/0/requestParams/prompt"}};
    LogList attempts;
    attempts.holds = Holds::Attempts;
    attempts.path = "/requestOptions/*";
    attempts.places = {{F::Provider, "/providerOptions/provider"},
                       {F::ServedModel, "/response/model"},
                       {F::ServedModel, "/originalResponse/body/model"},
                       {F::ServedModel, "/providerOptions/overrideParams/model"},
                       {F::ServedModel, "/requestParams/model"},
                       {F::StartTime, "/createdAt"},
                       {F::Latency, "/executionTime", U::Milliseconds},
                       {F::HttpStatus, "/response/status"},
                       {F::HttpStatus, "/originalResponse/status"},
                       {F::TokensIn, "/response/usage/prompt_tokens"},
                       {F::TokensIn, "/originalResponse/body/usage/prompt_tokens"},
                       {F::TokensOut, "/response/usage/completion_tokens"},
                       {F::TokensOut, "/originalResponse/body/usage/completion_tokens"}};
    log.lists = {attempts};
    return log;
}

LogMapping bifrostLogs()
{
    LogMapping log;
    log.name = "Bifrost";
    log.signs = {"/fallback_index", "/object_type", "/number_of_retries", "/provider"};
    log.jsonTexts = {"/input_history", "/output_message", "/token_usage",
                     "/error_details", "/metadata",       "/params"};
    log.attempts = AttemptKey::ParentId;
    log.places = {{F::RequestId, "/id"},
                  {F::ParentId, "/parent_request_id"},
                  {F::SessionId, "/metadata/session_id"},
                  {F::SessionId, "/metadata/x-session-id"},
                  {F::UserId, "/metadata/user_id"},
                  {F::UserId, "/metadata/x-user-id"},
                  {F::TenantId, "/virtual_key_name"},
                  {F::TenantId, "/virtual_key_id"},
                  {F::StartTime, "/timestamp"},
                  {F::StartTime, "/created_at"},
                  {F::Latency, "/latency", U::Milliseconds},
                  {F::ServedModel, "/model"},
                  {F::Provider, "/provider"},
                  {F::RouteName, "/routing_rule_name"},
                  {F::Rule, "/routing_rule_id"},
                  {F::AttemptIndex, "/fallback_index"},
                  {F::Retries, "/number_of_retries"},
                  {F::Status, "/status"},
                  {F::HttpStatus, "/error_details/status_code"},
                  {F::ErrorClass, "/error_details/error/type"},
                  {F::ErrorClass, "/error_details/type"},
                  {F::TokensIn, "/prompt_tokens"},
                  {F::TokensIn, "/token_usage/prompt_tokens"},
                  {F::TokensOut, "/completion_tokens"},
                  {F::TokensOut, "/token_usage/completion_tokens"},
                  {F::TokensCached, "/token_usage/prompt_tokens_details/cached_tokens"},
                  {F::TokensReasoning, "/token_usage/completion_tokens_details/reasoning_tokens"},
                  {F::Cost, "/cost", U::Usd},
                  {F::Streamed, "/stream"},
                  {F::MaxTokens, "/params/max_tokens"},
                  {F::Metadata, "/metadata"},
                  {F::Messages, "/input_history"},
                  {F::Response, "/output_message"}};
    return log;
}

LogMapping cloudflareLogs()
{
    LogMapping log;
    log.name = "Cloudflare AI Gateway";
    log.signs = {"/tokens_in", "/tokens_out", "/cached", "/duration"};
    log.jsonTexts = {"/metadata", "/request_head", "/response_head"};
    log.attempts = AttemptKey::TraceId;
    log.places = {{F::RequestId, "/id"},
                  {F::TraceId, "/metadata/trace_id"},
                  {F::TraceId, "/metadata/request_id"},
                  {F::SessionId, "/metadata/session_id"},
                  {F::SessionId, "/metadata/conversation_id"},
                  {F::UserId, "/metadata/user_id"},
                  {F::UserId, "/metadata/user"},
                  {F::StartTime, "/created_at"},
                  {F::Latency, "/duration", U::Milliseconds},
                  {F::RequestedModel, "/request_head/model"},
                  {F::ServedModel, "/model"},
                  {F::Provider, "/provider"},
                  {F::AttemptIndex, "/step"},
                  {F::Status, "/success"},
                  {F::HttpStatus, "/status_code"},
                  {F::TokensIn, "/tokens_in"},
                  {F::TokensOut, "/tokens_out"},
                  {F::Cost, "/cost", U::Usd},
                  {F::CacheHit, "/cached"},
                  {F::Metadata, "/metadata"},
                  {F::Messages, "/request_head/messages"},
                  {F::Messages, "/request_head/prompt"},
                  {F::Response, "/response_head"}};
    LogList thumbs;
    thumbs.name = "feedback";
    thumbs.source = "user";
    thumbs.scaleMin = -1;
    thumbs.scaleMax = 1;
    thumbs.places = {{F::FeedbackValue, "/feedback"}};
    LogList score;
    score.name = "score";
    score.scaleMin = 0;
    score.scaleMax = 100;
    score.places = {{F::FeedbackValue, "/score"}};
    log.lists = {thumbs, score};
    return log;
}

} // namespace

std::vector<LogMapping> knownGatewayLogs()
{
    return {liteLlmSpendLogs(), liteLlmPayload(), portkeyExport(), portkeyFeedback(),
            portkeyStream(),    bifrostLogs(),    cloudflareLogs()};
}

} // namespace signalbox::traffic_detail
