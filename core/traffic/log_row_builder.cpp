// SPDX-License-Identifier: Apache-2.0
#include "log_row_builder.h"

#include "attempt_summary.h"
#include "log_units.h"

#include <core/base/ascii.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace signalbox::traffic_detail {

namespace {

constexpr std::size_t kMostMessages = 10'000; ///< that numbers in keys may ask for

bool isAnyOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::ranges::find(words, word) != words.end();
}

/// What a word says about the end of a request; Unknown for one that we do not know.
LogStatus statusNamed(std::string_view text)
{
    const std::string word = foldedAscii(std::string(text));
    if (isAnyOf(word, {"success", "succeeded", "successful", "ok", "completed", "complete", "done",
                       "true", "status_code_ok", "default"}))
        return LogStatus::Success;
    if (isAnyOf(word, {"failure", "failed", "fail", "error", "errored", "false", "timeout",
                       "status_code_error", "cancelled", "canceled"}))
        return LogStatus::Failure;
    return LogStatus::Unknown;
}

LogStatus statusOfHttp(int status)
{
    if (status < 200)
        return LogStatus::Unknown;
    return status < 400 ? LogStatus::Success : LogStatus::Failure;
}

/// 0, 1 and 2 are OpenTelemetry's; others are HTTP's.
LogStatus statusNumbered(double number)
{
    if (number == 1)
        return LogStatus::Success;
    if (number == 2)
        return LogStatus::Failure;
    return number >= 200 && number < 600 ? statusOfHttp(static_cast<int>(number))
                                         : LogStatus::Unknown;
}

/// Headers of the HTTP call, which LiteLLM puts among what its caller said of a request: they tell
/// nothing of the request, differ from one to the next, and may hold keys.
bool isHttpHeaders(std::string_view name, simdjson::dom::element member)
{
    return name == "headers" && member.is_object();
}

} // namespace

LogRowBuilder::LogRowBuilder(const CompiledMapping& mapping, TextArena& arena)
    : m_mapping(mapping), m_tests(&mapping.tests), m_arena(arena), m_reader(arena)
{
    begin();
}

void LogRowBuilder::begin()
{
    m_row = {};
    m_rank.fill(LogAction::kIsTest);
    m_passed = 0;
    m_fieldsRead = 0;
    m_startMs = m_endMs = m_firstTokenMs = m_costParts = kUnknownNumber;
    m_system = m_prompt = {};
    m_messages.clear();
    m_numbered.clear();
    m_tags.clear();
    m_metadata.clear();
    m_own = {};
    m_slots.assign(m_mapping.ownFeedback.size(), {});
    m_entryFeedback.clear();
    m_attempts.clear();
    m_unread.clear();
}

/// Whether a place goes before the one that its field was read from. Fields that add up take all.
bool LogRowBuilder::isBetter(const LogAction& action) const
{
    switch (action.field) {
    case LogField::Tags:
    case LogField::Metadata:
    case LogField::CostPart:
    case LogField::MessageRole:
    case LogField::MessageText:
    case LogField::ResponseText:
        return true;
    default:
        return action.slot >= 0 || action.rank < m_rank[static_cast<std::size_t>(action.field)];
    }
}

void LogRowBuilder::set(const LogAction& action, const LogValue& value, std::size_t index,
                        std::string_view key)
{
    if (action.rank == LogAction::kIsTest) {
        test(action, value);
        return;
    }
    if (value.isNothing() || !isBetter(action))
        return;
    if (apply(action, value, index, key)) {
        ++m_fieldsRead;
        if (action.slot < 0)
            m_rank[static_cast<std::size_t>(action.field)] = action.rank;
    } else {
        m_unread.push_back(action.place);
    }
}

void LogRowBuilder::test(const LogAction& action, const LogValue& value)
{
    if (value.isNothing())
        return;
    const LogCondition& condition = m_tests->conditions[action.test];
    const bool holds = condition.values.empty() || [&] {
        const auto text = value.text(m_scratch);
        return text && std::ranges::find(condition.values, *text) != condition.values.end();
    }();
    if (holds)
        m_passed |= 1U << action.test;
}

bool LogRowBuilder::apply(const LogAction& action, const LogValue& value, std::size_t index,
                          std::string_view key)
{
    switch (action.field) {
    case LogField::RequestId:
        return setText(m_row.requestId, value);
    case LogField::TraceId:
        return setText(m_row.traceId, value);
    case LogField::ParentId:
        return setText(m_row.parentId, value);
    case LogField::SessionId:
        return setText(m_row.sessionId, value);
    case LogField::TurnIndex:
        return setInteger(m_row.turnIndex, value, action.unit);
    case LogField::UserId:
        return setText(m_row.userId, value);
    case LogField::TenantId:
        return setText(m_row.tenantId, value);
    case LogField::StartTime:
        return setTime(m_startMs, value, action.unit);
    case LogField::EndTime:
        return setTime(m_endMs, value, action.unit);
    case LogField::Latency:
        return setSpan(m_row.latencyMs, value, action.unit);
    case LogField::FirstTokenTime:
        return setTime(m_firstTokenMs, value, action.unit);
    case LogField::TimeToFirstToken:
        return setSpan(m_row.ttftMs, value, action.unit);
    case LogField::RequestedModel:
        return setText(m_row.requestedModel, value);
    case LogField::ServedModel:
        return setText(m_row.servedModel, value);
    case LogField::Provider:
        return setText(m_row.provider, value);
    case LogField::RouteName:
        return setText(m_row.routeName, value);
    case LogField::Rule:
        return setText(m_row.ruleId, value);
    case LogField::Arm:
        return setText(m_row.arm, value);
    case LogField::Propensity:
        return setNumber(m_row.propensity, value);
    case LogField::AttemptIndex:
        return setInteger(m_row.attemptIndex, value, action.unit);
    case LogField::Retries:
        return setInteger(m_row.retries, value);
    case LogField::Status:
        return setStatus(value);
    case LogField::HttpStatus:
        return setInteger(m_row.httpStatus, value);
    case LogField::ErrorClass:
        return setText(m_row.errorClass, value);
    case LogField::Outcome:
        return setText(m_row.outcome, value);
    case LogField::TokensIn:
        return setInteger(m_row.tokensIn, value);
    case LogField::TokensOut:
        return setInteger(m_row.tokensOut, value);
    case LogField::TokensCached:
        return setInteger(m_row.tokensCached, value);
    case LogField::TokensReasoning:
        return setInteger(m_row.tokensReasoning, value);
    case LogField::Cost:
        if (!setNumber(m_row.costUsd, value))
            return false;
        m_row.costUsd = usdOf(m_row.costUsd, action.unit);
        return true;
    case LogField::CostPart:
        return addCostPart(value, action.unit);
    case LogField::Style:
        return setText(m_row.style, value);
    case LogField::Segment:
        return setText(m_row.segment, value);
    case LogField::LabPrompt:
        return setText(m_row.promptId, value);
    case LogField::MaxTokens:
        return setInteger(m_row.maxTokens, value);
    case LogField::Streamed:
        return setFlag(m_row.streamed, value);
    case LogField::CacheHit:
        return setFlag(m_row.cacheHit, value);
    case LogField::Synthetic:
        return setFlag(m_row.synthetic, value);
    case LogField::Tags:
        return addTags(value);
    case LogField::Metadata:
        return addMetadata(value, key);
    case LogField::System:
        return setSystem(value);
    case LogField::Prompt:
        return setText(m_prompt, value);
    case LogField::Messages:
        return setMessages(value);
    case LogField::MessageRole:
    case LogField::MessageText:
        return setMessagePart(action.field, value, index);
    case LogField::Response:
        return setResponse(value);
    case LogField::ResponseText:
        return m_rank[static_cast<std::size_t>(LogField::Response)] != LogAction::kIsTest ||
               setResponse(value);
    case LogField::FeedbackName:
    case LogField::FeedbackValue:
    case LogField::FeedbackLabel:
    case LogField::FeedbackScaleMin:
    case LogField::FeedbackScaleMax:
    case LogField::FeedbackSource:
    case LogField::FeedbackWeight:
        return setFeedback(feedbackAt(action), action, value);
    }
    return false;
}

bool LogRowBuilder::setText(std::string_view& out, const LogValue& value)
{
    const auto text = value.text(m_scratch);
    if (!text)
        return false;
    out = m_arena.copy(*text);
    return true;
}

bool LogRowBuilder::setNumber(double& out, const LogValue& value)
{
    const auto number = value.number();
    if (number)
        out = *number;
    return number.has_value();
}

template<class Integer>
bool LogRowBuilder::setInteger(Integer& out, const LogValue& value, LogUnit unit)
{
    const auto number = value.number();
    constexpr double kMax = static_cast<double>(
        std::min<std::int64_t>(std::numeric_limits<Integer>::max(), std::int64_t{1} << 53));
    if (!number || *number < 0 || *number > kMax || *number != std::floor(*number))
        return false;
    const auto whole = static_cast<Integer>(*number);
    if (unit == LogUnit::OneBased && whole == 0)
        return false;
    out = unit == LogUnit::OneBased ? whole - 1 : whole;
    return true;
}

bool LogRowBuilder::setTime(double& out, const LogValue& value, LogUnit unit)
{
    constexpr double kLatest = 253'402'300'800'000; // the year 10000
    double ms = kUnknownNumber;
    if (value.isText()) {
        if (const auto time = timeMsIn(value.text(m_scratch).value_or("")))
            ms = *time;
    }
    if (std::isnan(ms)) {
        if (const auto number = value.number())
            ms = timeMsOf(*number, unit);
    }
    const bool isTime = ms > 0 && ms < kLatest;
    if (isTime)
        out = ms;
    return isTime;
}

bool LogRowBuilder::setSpan(double& out, const LogValue& value, LogUnit unit)
{
    std::optional<double> ms;
    if (value.isText())
        ms = spanMsIn(value.text(m_scratch).value_or(""), unit);
    else if (const auto number = value.number())
        ms = spanMsOf(*number, unit);
    const bool isSpan = ms && *ms >= 0;
    if (isSpan)
        out = *ms;
    return isSpan;
}

bool LogRowBuilder::setFlag(std::optional<bool>& out, const LogValue& value)
{
    const auto flag = value.flag();
    if (flag)
        out = flag;
    return flag.has_value();
}

bool LogRowBuilder::setStatus(const LogValue& value)
{
    const auto number = value.number();
    if (number) {
        m_row.status = statusNumbered(*number);
        if (*number >= 100 && m_row.httpStatus == 0)
            m_row.httpStatus = static_cast<int>(std::min(*number, 999.0));
        return true;
    }
    const auto text = value.text(m_scratch);
    if (text)
        m_row.status = statusNamed(*text);
    return text.has_value();
}

bool LogRowBuilder::addCostPart(const LogValue& value, LogUnit unit)
{
    const auto number = value.number();
    if (number)
        m_costParts = (std::isnan(m_costParts) ? 0 : m_costParts) + usdOf(*number, unit);
    return number.has_value();
}

bool LogRowBuilder::setSystem(const LogValue& value)
{
    const auto text = m_reader.readResponse(value); // a text, or parts of one
    if (text)
        m_system = *text;
    return text.has_value();
}

bool LogRowBuilder::setMessages(const LogValue& value)
{
    m_messages.clear();
    return m_reader.readMessages(value, m_messages);
}

bool LogRowBuilder::setMessagePart(LogField field, const LogValue& value, std::size_t index)
{
    if (index >= kMostMessages)
        return false;
    if (index >= m_numbered.size())
        m_numbered.resize(index + 1);
    LoggedMessage& message = m_numbered[index];
    if (field == LogField::MessageText) {
        std::string_view text;
        if (!setText(text, value))
            return false;
        // Several parts of one message come one after the other.
        message.text = message.text.empty()
                           ? text
                           : m_arena.copy(std::string(message.text) + '\n' + std::string(text));
        return true;
    }
    const auto role = roleNamed(value.text(m_scratch).value_or(""));
    message.role = role.value_or(Role::User);
    return role.has_value();
}

bool LogRowBuilder::setResponse(const LogValue& value)
{
    const auto text = m_reader.readResponse(value);
    if (text)
        m_row.response = *text;
    // An object without a text is an answer that only calls tools, or an error.
    return text || value.isTree();
}

bool LogRowBuilder::addTags(const LogValue& value)
{
    if (value.isTree()) {
        simdjson::dom::array list;
        if (value.element().get_array().get(list) != simdjson::SUCCESS)
            return addMetadata(value, {});
        for (const simdjson::dom::element tag : list) {
            std::string_view text;
            if (!setText(text, LogValue(unwrapped(tag))))
                return false;
            m_tags.push_back(text);
        }
        return true;
    }
    std::string_view rest;
    if (!setText(rest, value))
        return false;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        std::string_view tag = rest.substr(0, end);
        tag.remove_prefix(std::min(tag.find_first_not_of(' '), tag.size()));
        if (!tag.empty())
            m_tags.push_back(tag);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return true;
}

void LogRowBuilder::addEntry(std::string_view key, const LogValue& value)
{
    if (value.isNothing())
        return;
    if (value.isTree()) {
        m_metadata.push_back({m_arena.copy(key),
                              m_arena.copy(std::string(simdjson::minify(value.element()))), true});
        return;
    }
    m_metadata.push_back(
        {m_arena.copy(key), m_arena.copy(value.text(m_scratch).value_or("")), !value.isText()});
}

/// The members of an object, or one value under the name of its place.
bool LogRowBuilder::addMetadata(const LogValue& value, std::string_view key)
{
    simdjson::dom::object object;
    if (value.isTree() && value.element().get_object().get(object) == simdjson::SUCCESS) {
        for (const auto [name, member] : object) {
            if (!isHttpHeaders(name, member))
                addEntry(name, LogValue(member));
        }
        return true;
    }
    simdjson::dom::array list;
    if (value.isTree() && value.element().get_array().get(list) == simdjson::SUCCESS &&
        isAttributeList(list)) {
        for (const simdjson::dom::element entry : list) {
            std::string_view name;
            simdjson::dom::element held;
            if (entry["key"].get(name) == simdjson::SUCCESS &&
                entry["value"].get(held) == simdjson::SUCCESS)
                addEntry(name, LogValue(unwrapped(held)));
        }
        return true;
    }
    addEntry(key, value);
    return true;
}

LoggedFeedback& LogRowBuilder::feedbackAt(const LogAction& action)
{
    return action.slot < 0 ? m_own : m_slots[static_cast<std::size_t>(action.slot)];
}

bool LogRowBuilder::setFeedback(LoggedFeedback& feedback, const LogAction& action,
                                const LogValue& value)
{
    switch (action.field) {
    case LogField::FeedbackName:
        return setText(feedback.name, value);
    case LogField::FeedbackLabel:
        return setText(feedback.label, value);
    case LogField::FeedbackSource:
        return setText(feedback.source, value);
    case LogField::FeedbackScaleMin:
        return setNumber(feedback.scaleMin, value);
    case LogField::FeedbackScaleMax:
        return setNumber(feedback.scaleMax, value);
    case LogField::FeedbackWeight:
        return setNumber(feedback.weight, value) && feedback.weight >= 0 && feedback.weight <= 1;
    default:
        break;
    }
    if (setNumber(feedback.value, value))
        return true;
    if (const auto flag = value.flag()) {
        feedback.value = *flag ? 1 : 0;
        feedback.scaleMin = 0;
        feedback.scaleMax = 1;
        return true;
    }
    return setText(feedback.label, value); // a word where numbers were expected
}

void LogRowBuilder::finishTimes()
{
    if (!std::isnan(m_startMs))
        m_row.startMs = static_cast<std::int64_t>(std::floor(m_startMs));
    if (std::isnan(m_row.latencyMs) && m_endMs >= m_startMs)
        m_row.latencyMs = m_endMs - m_startMs;
    if (m_row.startMs == 0 && m_endMs > m_row.latencyMs)
        m_row.startMs = static_cast<std::int64_t>(std::floor(m_endMs - m_row.latencyMs));
    if (std::isnan(m_row.ttftMs) && m_firstTokenMs >= m_startMs)
        m_row.ttftMs = m_firstTokenMs - m_startMs;
}

void LogRowBuilder::finishStatus()
{
    if (m_row.status == LogStatus::Unknown)
        m_row.status = statusOfHttp(m_row.httpStatus);
    if (m_row.status == LogStatus::Unknown && !m_row.errorClass.empty())
        m_row.status = LogStatus::Failure;
    if (std::isnan(m_row.costUsd))
        m_row.costUsd = m_costParts;
    if (!std::isnan(m_row.costUsd))
        m_row.costOrigin = CostOrigin::Reported;
}

/// A request always says something: where 0 tokens went in, the call failed before they were
/// counted, and routers write 0 for that.
void LogRowBuilder::finishTokens()
{
    if (m_row.tokensIn == 0)
        m_row.tokensIn = -1;
}

void LogRowBuilder::finishMessages()
{
    m_finished.clear();
    const std::vector<LoggedMessage>& said = m_messages.empty() ? m_numbered : m_messages;
    const bool hasSystem = !said.empty() && said.front().role == Role::System;
    if (!m_system.empty() && !hasSystem)
        m_finished.push_back({Role::System, m_system, 0});
    m_finished.insert(m_finished.end(), said.begin(), said.end());
    if (said.empty() && !m_prompt.empty())
        m_finished.push_back({Role::User, m_prompt, 0});
    m_row.messages = m_arena.copy(m_finished);
}

/// Names and scales that the mapping states for all feedback of a list.
LoggedFeedback LogRowBuilder::withDefaults(LoggedFeedback feedback, const LogList& list)
{
    if (feedback.name.empty())
        feedback.name = list.name; // of the mapping, which outlives the rows
    if (feedback.source.empty())
        feedback.source = list.source;
    if (std::isnan(feedback.scaleMin) && std::isnan(feedback.scaleMax)) {
        feedback.scaleMin = list.scaleMin.value_or(kUnknownNumber);
        feedback.scaleMax = list.scaleMax.value_or(kUnknownNumber);
    }
    return feedback;
}

void LogRowBuilder::finishFeedbackList()
{
    m_feedback.clear();
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        const LoggedFeedback& feedback = m_slots[slot];
        if (!std::isnan(feedback.value) || !feedback.label.empty())
            m_feedback.push_back(withDefaults(feedback, m_mapping.ownFeedback[slot]));
    }
    for (const EntryFeedback& entry : m_entryFeedback) {
        if (entry.on.empty() || entry.on == m_row.requestId)
            m_feedback.push_back(entry.feedback);
    }
    m_row.feedback = m_arena.copy(m_feedback);
}

LoggedRequest LogRowBuilder::finish()
{
    finishTimes();
    finishStatus();
    finishTokens();
    finishMessages();
    finishFeedbackList();
    m_row.tags = m_arena.copy(m_tags);
    m_row.metadata = m_arena.copy(m_metadata);
    m_row.attempts = m_arena.copy(m_attempts);
    if (!m_attempts.empty())
        fillFromAttempts(m_row);
    return m_row;
}

LoggedFeedback LogRowBuilder::finishFeedback(const LogList& list)
{
    return withDefaults(m_own, list);
}

LoggedAttempt LogRowBuilder::finishAttempt()
{
    finishTimes();
    finishStatus();
    finishTokens();
    return attemptOf(m_row);
}

} // namespace signalbox::traffic_detail
