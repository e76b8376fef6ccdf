// SPDX-License-Identifier: Apache-2.0
#include "log_mapping.h"

#include <core/base/enum_name.h>

#include <algorithm>
#include <array>

namespace signalbox {

namespace {

constexpr std::array kFieldNames = {
    EnumName<LogField>{LogField::RequestId, "requestId"},
    EnumName<LogField>{LogField::TraceId, "traceId"},
    EnumName<LogField>{LogField::ParentId, "parentId"},
    EnumName<LogField>{LogField::SessionId, "sessionId"},
    EnumName<LogField>{LogField::TurnIndex, "turnIndex"},
    EnumName<LogField>{LogField::UserId, "userId"},
    EnumName<LogField>{LogField::TenantId, "tenantId"},
    EnumName<LogField>{LogField::StartTime, "startTime"},
    EnumName<LogField>{LogField::EndTime, "endTime"},
    EnumName<LogField>{LogField::Latency, "latency"},
    EnumName<LogField>{LogField::FirstTokenTime, "firstTokenTime"},
    EnumName<LogField>{LogField::TimeToFirstToken, "timeToFirstToken"},
    EnumName<LogField>{LogField::RequestedModel, "requestedModel"},
    EnumName<LogField>{LogField::ServedModel, "servedModel"},
    EnumName<LogField>{LogField::Provider, "provider"},
    EnumName<LogField>{LogField::RouteName, "routeName"},
    EnumName<LogField>{LogField::Rule, "ruleId"},
    EnumName<LogField>{LogField::Arm, "arm"},
    EnumName<LogField>{LogField::Propensity, "propensity"},
    EnumName<LogField>{LogField::AttemptIndex, "attemptIndex"},
    EnumName<LogField>{LogField::Retries, "retries"},
    EnumName<LogField>{LogField::Status, "status"},
    EnumName<LogField>{LogField::HttpStatus, "httpStatus"},
    EnumName<LogField>{LogField::ErrorClass, "errorClass"},
    EnumName<LogField>{LogField::Outcome, "outcome"},
    EnumName<LogField>{LogField::TokensIn, "tokensIn"},
    EnumName<LogField>{LogField::TokensOut, "tokensOut"},
    EnumName<LogField>{LogField::TokensCached, "tokensCached"},
    EnumName<LogField>{LogField::TokensReasoning, "tokensReasoning"},
    EnumName<LogField>{LogField::Cost, "cost"},
    EnumName<LogField>{LogField::CostPart, "costPart"},
    EnumName<LogField>{LogField::Style, "style"},
    EnumName<LogField>{LogField::Segment, "segment"},
    EnumName<LogField>{LogField::LabPrompt, "promptId"},
    EnumName<LogField>{LogField::MaxTokens, "maxTokens"},
    EnumName<LogField>{LogField::Streamed, "streamed"},
    EnumName<LogField>{LogField::CacheHit, "cacheHit"},
    EnumName<LogField>{LogField::Synthetic, "synthetic"},
    EnumName<LogField>{LogField::Tags, "tags"},
    EnumName<LogField>{LogField::Metadata, "metadata"},
    EnumName<LogField>{LogField::System, "system"},
    EnumName<LogField>{LogField::Prompt, "prompt"},
    EnumName<LogField>{LogField::Messages, "messages"},
    EnumName<LogField>{LogField::MessageRole, "messageRole"},
    EnumName<LogField>{LogField::MessageText, "messageText"},
    EnumName<LogField>{LogField::Response, "response"},
    EnumName<LogField>{LogField::ResponseText, "responseText"},
    EnumName<LogField>{LogField::FeedbackName, "feedbackName"},
    EnumName<LogField>{LogField::FeedbackValue, "feedbackValue"},
    EnumName<LogField>{LogField::FeedbackLabel, "feedbackLabel"},
    EnumName<LogField>{LogField::FeedbackScaleMin, "feedbackScaleMin"},
    EnumName<LogField>{LogField::FeedbackScaleMax, "feedbackScaleMax"},
    EnumName<LogField>{LogField::FeedbackSource, "feedbackSource"},
    EnumName<LogField>{LogField::FeedbackWeight, "feedbackWeight"},
};
static_assert(kFieldNames.size() == static_cast<std::size_t>(LogField::FeedbackWeight) + 1,
              "every field of a log has a name");

constexpr std::array kUnitNames = {
    EnumName<LogUnit>{LogUnit::Plain, "plain"},
    EnumName<LogUnit>{LogUnit::Seconds, "seconds"},
    EnumName<LogUnit>{LogUnit::Milliseconds, "milliseconds"},
    EnumName<LogUnit>{LogUnit::Microseconds, "microseconds"},
    EnumName<LogUnit>{LogUnit::Nanoseconds, "nanoseconds"},
    EnumName<LogUnit>{LogUnit::UnixSeconds, "unixSeconds"},
    EnumName<LogUnit>{LogUnit::UnixMilliseconds, "unixMilliseconds"},
    EnumName<LogUnit>{LogUnit::UnixMicroseconds, "unixMicroseconds"},
    EnumName<LogUnit>{LogUnit::UnixNanoseconds, "unixNanoseconds"},
    EnumName<LogUnit>{LogUnit::Usd, "usd"},
    EnumName<LogUnit>{LogUnit::UsCents, "usCents"},
    EnumName<LogUnit>{LogUnit::MicroUsd, "microUsd"},
    EnumName<LogUnit>{LogUnit::OneBased, "oneBased"},
};
static_assert(kUnitNames.size() == static_cast<std::size_t>(LogUnit::OneBased) + 1,
              "every unit has a name");

/// "~1" is '/', "~0" is '~', as RFC 6901 has it; nothing for another '~'.
std::optional<std::string> unescaped(std::string_view part)
{
    std::string text;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] != '~') {
            text += part[i];
            continue;
        }
        ++i;
        if (i == part.size() || (part[i] != '0' && part[i] != '1'))
            return std::nullopt;
        text += part[i] == '1' ? '/' : '~';
    }
    return text;
}

} // namespace

std::string_view logFieldName(LogField field)
{
    return kFieldNames.at(static_cast<std::size_t>(field)).name;
}

std::string_view logUnitName(LogUnit unit)
{
    return kUnitNames.at(static_cast<std::size_t>(unit)).name;
}

std::vector<LogField> logFields()
{
    std::vector<LogField> fields;
    for (const EnumName<LogField>& entry : kFieldNames)
        fields.push_back(entry.value);
    return fields;
}

bool fits(LogUnit unit, LogField field)
{
    switch (unit) {
    case LogUnit::Plain:
        return true;
    case LogUnit::Seconds:
    case LogUnit::Milliseconds:
    case LogUnit::Microseconds:
    case LogUnit::Nanoseconds:
        return field == LogField::Latency || field == LogField::TimeToFirstToken;
    case LogUnit::UnixSeconds:
    case LogUnit::UnixMilliseconds:
    case LogUnit::UnixMicroseconds:
    case LogUnit::UnixNanoseconds:
        return field == LogField::StartTime || field == LogField::EndTime ||
               field == LogField::FirstTokenTime;
    case LogUnit::Usd:
    case LogUnit::UsCents:
    case LogUnit::MicroUsd:
        return field == LogField::Cost || field == LogField::CostPart;
    case LogUnit::OneBased:
        return field == LogField::TurnIndex || field == LogField::AttemptIndex;
    }
    return false;
}

std::optional<std::vector<std::string>> pathParts(std::string_view path)
{
    std::vector<std::string> parts;
    while (!path.empty()) {
        if (path.front() != '/')
            return std::nullopt;
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        auto part = unescaped(path.substr(0, end));
        if (!part)
            return std::nullopt;
        parts.push_back(std::move(*part));
        path.remove_prefix(end);
    }
    return parts;
}

std::string pathOf(const std::vector<std::string>& parts)
{
    std::string path;
    for (const std::string& part : parts) {
        path += '/';
        for (const char c : part)
            path += c == '/' ? "~1" : c == '~' ? "~0" : std::string(1, c);
    }
    return path;
}

} // namespace signalbox
