// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/traffic/log_reader.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::test {

inline std::string numberText(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.10g", value);
    return text;
}

inline std::string statusText(LogStatus status)
{
    return status == LogStatus::Success ? "success" : status == LogStatus::Failure ? "failure" : "";
}

inline std::string feedbackText(const LoggedFeedback& feedback)
{
    std::string text(feedback.name);
    if (!feedback.source.empty())
        text += "/" + std::string(feedback.source);
    text += "=";
    text += feedback.label.empty() ? numberText(feedback.value) : std::string(feedback.label);
    if (!std::isnan(feedback.scaleMin))
        text += "[" + numberText(feedback.scaleMin) + ".." + numberText(feedback.scaleMax) + "]";
    if (feedback.weight != 1)
        text += "*" + numberText(feedback.weight);
    return text;
}

inline std::string attemptText(const LoggedAttempt& attempt)
{
    std::string text = std::string(attempt.provider) + "/" + std::string(attempt.model) + ":" +
                       statusText(attempt.status);
    if (!std::isnan(attempt.latencyMs))
        text += " " + numberText(attempt.latencyMs) + "ms";
    if (!std::isnan(attempt.costUsd))
        text += " $" + numberText(attempt.costUsd);
    return text;
}

inline std::string messageText(const LoggedMessage& message)
{
    constexpr const char* kRoles[] = {"system", "user", "assistant", "tool"};
    std::string text = kRoles[static_cast<int>(message.role)];
    text += ":" + std::string(message.text);
    if (message.images > 0)
        text += "+" + std::to_string(message.images) + " images";
    return text;
}

/// Collects "name=value" of what a row says; nothing of what it does not.
class RowText
{
public:
    explicit RowText(const LoggedRequest& row)
    {
        add("id", row.requestId);
        add("trace", row.traceId);
        add("parent", row.parentId);
        add("session", row.sessionId);
        addCount("turn", row.turnIndex);
        add("user", row.userId);
        add("tenant", row.tenantId);
        if (row.startMs != 0)
            add("start", std::to_string(row.startMs));
        addNumber("latency", row.latencyMs);
        addNumber("ttft", row.ttftMs);
        add("asked", row.requestedModel);
        add("served", row.servedModel);
        add("provider", row.provider);
        add("route", row.routeName);
        add("rule", row.ruleId);
        add("arm", row.arm);
        addNumber("propensity", row.propensity);
        addCount("attempt", row.attemptIndex);
        addCount("retries", row.retries);
        add("status", statusText(row.status));
        if (row.httpStatus != 0)
            add("http", std::to_string(row.httpStatus));
        add("error", row.errorClass);
        add("outcome", row.outcome);
        addCount("in", row.tokensIn);
        addCount("out", row.tokensOut);
        addCount("cached", row.tokensCached);
        addCount("reasoning", row.tokensReasoning);
        addNumber("cost", row.costUsd);
        add("style", row.style);
        add("segment", row.segment);
        add("prompt", row.promptId);
        addCount("max", row.maxTokens);
        addFlag("streamed", row.streamed);
        addFlag("hit", row.cacheHit);
        for (const LoggedMessage& message : row.messages)
            add("says", messageText(message));
        add("answer", row.response);
        for (const LoggedFeedback& feedback : row.feedback)
            add("feedback", feedbackText(feedback));
        for (const std::string_view tag : row.tags)
            add("tag", tag);
        for (const LoggedEntry& entry : row.metadata)
            add("meta", std::string(entry.key) + ":" + std::string(entry.value));
        for (const LoggedAttempt& attempt : row.attempts)
            add("try", attemptText(attempt));
    }

    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    void add(std::string_view name, std::string_view value)
    {
        if (value.empty())
            return;
        m_text += (m_text.empty() ? "" : " | ") + std::string(name) + "=" + std::string(value);
    }
    void addNumber(std::string_view name, double value)
    {
        if (!std::isnan(value))
            add(name, numberText(value));
    }
    void addCount(std::string_view name, std::int64_t value)
    {
        if (value >= 0)
            add(name, std::to_string(value));
    }
    void addFlag(std::string_view name, std::optional<bool> value)
    {
        if (value)
            add(name, *value ? "yes" : "no");
    }

    std::string m_text = {};
};

/// The rows of a reading as texts, and what it reports.
struct ReadRows
{
    std::vector<std::string> rows;
    std::vector<std::string> feedback; ///< of rows of their own, "on REQUEST/TRACE/SESSION: …"
    LogReport report;
};

inline ReadRows readRows(std::string_view text, const LogMapping& mapping,
                         const LogReadOptions& options = {})
{
    ReadRows read;
    auto report = readLog(
        text, mapping,
        [&read](std::span<const LoggedRequest> rows) {
            for (const LoggedRequest& row : rows)
                read.rows.push_back(RowText(row).text());
        },
        options,
        [&read](std::span<const FeedbackRow> rows) {
            for (const FeedbackRow& row : rows)
                read.feedback.push_back(
                    "on " + std::string(row.requestId) + "/" + std::string(row.traceId) + "/" +
                    std::string(row.sessionId) + ": " + feedbackText(row.feedback));
        });
    if (report)
        read.report = std::move(*report);
    else
        read.rows.push_back("failed: " + toString(report.error()));
    return read;
}

} // namespace signalbox::test
