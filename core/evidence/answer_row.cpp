// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_row.h"

#include "store_connection.h"
#include "store_text.h"

#include <core/base/json.h>

#include <nlohmann/json.hpp>

namespace signalbox {

namespace {

std::string retriesText(const std::vector<AttemptRetry>& retries)
{
    if (retries.empty())
        return {};
    Json list = Json::array();
    for (const AttemptRetry& retry : retries) {
        list.push_back({{"waitMs", retry.waitMs}, {"reason", retry.reason}});
        if (retry.isBeforeFirst)
            list.back()["beforeFirst"] = true;
    }
    return toCompactJsonText(list);
}

std::string listText(const std::vector<std::string>& texts)
{
    return texts.empty() ? std::string() : toCompactJsonText(Json(texts));
}

Unexpected unreadable(const char* what)
{
    return fail(ErrorCode::ParseError,
                std::string("an answer in the store has ") + what +
                    " that this version cannot read",
                {}, "update Signalbox; the store was not touched");
}

Result<std::vector<AttemptRetry>> readRetries(const std::string& text)
{
    std::vector<AttemptRetry> retries;
    if (text.empty())
        return retries;
    const auto list = parseJson(text);
    if (!list || !list->is_array())
        return unreadable("retries");
    for (const Json& retry : *list) {
        if (!retry.is_object() || !retry.contains("waitMs") || !retry.contains("reason") ||
            !retry["waitMs"].is_number_integer() || !retry["reason"].is_string())
            return unreadable("retries");
        retries.push_back({retry["waitMs"].get<int>(), retry["reason"].get<std::string>(),
                           retry.value("beforeFirst", Json(false)) == true});
    }
    return retries;
}

Result<std::vector<std::string>> readTexts(const std::string& text)
{
    std::vector<std::string> texts;
    if (text.empty())
        return texts;
    const auto list = parseJson(text);
    if (!list || !list->is_array())
        return unreadable("dropped parameters");
    for (const Json& entry : *list) {
        if (!entry.is_string())
            return unreadable("dropped parameters");
        texts.push_back(entry.get<std::string>());
    }
    return texts;
}

void bindNumbers(const StoredAnswer& answer, QVariantList& values)
{
    values << boundOrNull(answer.times.headersMs) << boundOrNull(answer.times.firstEventMs)
           << boundOrNull(answer.times.firstReasoningMs) << boundOrNull(answer.times.firstTextMs)
           << boundOrNull(answer.times.totalMs) << boundOrNull(answer.times.connectMs)
           << boundOrNull(answer.usage.inputUncached) << boundOrNull(answer.usage.cacheRead)
           << boundOrNull(answer.usage.cacheWrite) << boundOrNull(answer.usage.output)
           << boundOrNull(answer.usage.reasoning) << int(answer.usage.isEstimated)
           << boundOrNull(answer.cost) << int(answer.isCostStated);
}

/// Reads columns one after the other.
class Columns
{
public:
    Columns(const StoreRows& row, int column) : m_row(row), m_column(column) {}
    std::string text() { return m_row.text(m_column++); }
    std::int64_t integer() { return m_row.integer(m_column++); }
    bool truth() { return integer() != 0; }
    std::optional<std::int64_t> maybeInteger() { return m_row.optionalInteger(m_column++); }
    std::optional<double> maybeDouble() { return m_row.optionalDouble(m_column++); }
    QVariant value() { return m_row.value(m_column++); }

private:
    const StoreRows& m_row;
    int m_column;
};

void readNumbers(Columns& next, StoredAnswer& answer)
{
    answer.times.headersMs = next.maybeDouble();
    answer.times.firstEventMs = next.maybeDouble();
    answer.times.firstReasoningMs = next.maybeDouble();
    answer.times.firstTextMs = next.maybeDouble();
    answer.times.totalMs = next.maybeDouble();
    answer.times.connectMs = next.maybeDouble();
    answer.usage.inputUncached = next.maybeInteger();
    answer.usage.cacheRead = next.maybeInteger();
    answer.usage.cacheWrite = next.maybeInteger();
    answer.usage.output = next.maybeInteger();
    answer.usage.reasoning = next.maybeInteger();
    answer.usage.isEstimated = next.truth();
    if (const auto pico = next.maybeInteger())
        answer.cost = Money{*pico};
    answer.isCostStated = next.truth();
}

} // namespace

QVariant boundOrNull(const std::optional<double>& value)
{
    return value ? QVariant(*value) : QVariant();
}

QVariant boundOrNull(const std::optional<std::int64_t>& value)
{
    return value ? QVariant(static_cast<qlonglong>(*value)) : QVariant();
}

QVariant boundOrNull(const std::optional<Money>& value)
{
    return value ? QVariant(static_cast<qlonglong>(value->pico)) : QVariant();
}

QVariant boundOrNull(const std::optional<FailureKind>& value)
{
    return value ? QVariant(QString::fromLatin1(failureKindName(*value))) : QVariant();
}

std::string answerColumnsOfA()
{
    std::string columns = "a.";
    for (const char* c = kAnswerColumns; *c != 0; ++c) {
        columns += *c;
        if (*c == ' ')
            columns += "a.";
    }
    return columns;
}

void bindAnswer(const StoredAnswer& answer, QVariantList& values)
{
    const std::string_view state = storedStateName(answer.state);
    values << static_cast<qlonglong>(answer.ticket)
           << QString::fromLatin1(state.data(), static_cast<qsizetype>(state.size()))
           << toStoredText(answer.styleGuide) << toStoredText(answer.text)
           << toStoredText(answer.reasoning) << toStoredText(answer.servedModel)
           << toStoredText(answer.finishReason) << boundOrNull(answer.failureKind)
           << toStoredText(answer.failure);
    bindNumbers(answer, values);
    values << toStoredText(retriesText(answer.retries))
           << toStoredText(listText(answer.droppedParameters)) << toStoredText(answer.cachedFrom)
           << toStoredText(answer.requestKey) << toStoredText(answer.routeJson)
           << boundOrNull(answer.satisfied) << int(answer.isSimulated)
           << static_cast<qlonglong>(answer.recordedAtMs);
}

Result<StoredAnswer> readAnswer(const StoreRows& row, int column)
{
    Columns next(row, column);
    StoredAnswer answer;
    answer.ticket = next.integer();
    const auto state = readState(next.text());
    if (!state)
        return Unexpected(state.error());
    answer.state = *state;
    answer.styleGuide = next.text();
    answer.text = next.text();
    answer.reasoning = next.text();
    answer.servedModel = next.text();
    answer.finishReason = next.text();
    const auto kind = readFailureKind(next.value());
    if (!kind)
        return Unexpected(kind.error());
    answer.failureKind = *kind;
    answer.failure = next.text();
    readNumbers(next, answer);
    auto retries = readRetries(next.text());
    if (!retries)
        return Unexpected(retries.error());
    answer.retries = std::move(*retries);
    auto dropped = readTexts(next.text());
    if (!dropped)
        return Unexpected(dropped.error());
    answer.droppedParameters = std::move(*dropped);
    answer.cachedFrom = next.text();
    answer.requestKey = next.text();
    answer.routeJson = next.text();
    answer.satisfied = next.maybeDouble();
    answer.isSimulated = next.truth();
    answer.recordedAtMs = next.integer();
    return answer;
}

Result<StoredState> readState(const std::string& name)
{
    const auto state = storedStateNamed(name);
    return state ? Result<StoredState>(*state) : unreadable("a state");
}

Result<std::optional<FailureKind>> readFailureKind(const QVariant& value)
{
    if (value.isNull())
        return std::optional<FailureKind>();
    const auto kind = failureKindNamed(value.toString().toStdString());
    return kind ? Result<std::optional<FailureKind>>(kind) : unreadable("a kind of failure");
}

} // namespace signalbox
