// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_words.h"

#include <ui/kit/format.h>
#include <ui/kit/spreadsheet_text.h>
#include <ui/kit/text_views.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

namespace signalbox::ui {

namespace {

using F = LogField;
using U = LogUnit;

QString tr(const char* text, const char* about = nullptr)
{
    return QCoreApplication::translate("LogWords", text, about);
}

QString count(std::size_t value)
{
    return format::count(static_cast<qint64>(value));
}

QString day(std::int64_t ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::utc()).date().toString(Qt::ISODate);
}

/// A missing field is told with its share where it is missing in part.
void tell(QStringList& sentences, std::size_t with, std::size_t all, const QString& none,
          const QString& some)
{
    if (with == 0)
        sentences << none;
    else if (with < all && !some.isEmpty())
        sentences << some.arg(count(all - with), count(all));
}

} // namespace

const std::vector<LogField>& assignableFields()
{
    static const std::vector<LogField> fields = {F::Messages,
                                                 F::Prompt,
                                                 F::System,
                                                 F::Response,
                                                 F::SessionId,
                                                 F::UserId,
                                                 F::StartTime,
                                                 F::ServedModel,
                                                 F::Segment,
                                                 F::TokensIn,
                                                 F::TokensOut,
                                                 F::Cost,
                                                 F::Latency,
                                                 F::TimeToFirstToken,
                                                 F::Outcome,
                                                 F::Status,
                                                 F::RequestedModel,
                                                 F::Provider,
                                                 F::RouteName,
                                                 F::Rule,
                                                 F::Arm,
                                                 F::Propensity,
                                                 F::Style,
                                                 F::TenantId,
                                                 F::Metadata,
                                                 F::Tags,
                                                 F::RequestId,
                                                 F::TurnIndex,
                                                 F::LabPrompt,
                                                 F::EndTime,
                                                 F::FirstTokenTime,
                                                 F::HttpStatus,
                                                 F::ErrorClass,
                                                 F::TokensCached,
                                                 F::TokensReasoning,
                                                 F::CostPart,
                                                 F::MaxTokens,
                                                 F::Streamed,
                                                 F::CacheHit,
                                                 F::Synthetic,
                                                 F::TraceId,
                                                 F::ParentId,
                                                 F::AttemptIndex,
                                                 F::Retries};
    return fields;
}

QString fieldWords(LogField field)
{
    switch (field) {
    case F::RequestId:
        return tr("Request id");
    case F::TraceId:
        return tr("Trace id");
    case F::ParentId:
        return tr("Id of the request it repeats");
    case F::SessionId:
        return tr("Conversation");
    case F::TurnIndex:
        return tr("Turn in the conversation");
    case F::UserId:
        return tr("User");
    case F::TenantId:
        return tr("Team or customer");
    case F::StartTime:
        return tr("Time");
    case F::EndTime:
        return tr("End time");
    case F::Latency:
        return tr("Latency");
    case F::FirstTokenTime:
        return tr("Time of the first token");
    case F::TimeToFirstToken:
        return tr("Time to first token");
    case F::RequestedModel:
        return tr("Model asked for");
    case F::ServedModel:
        return tr("Model that answered");
    case F::Provider:
        return tr("Provider");
    case F::RouteName:
        return tr("Route or tier");
    case F::Rule:
        return tr("Rule");
    case F::Arm:
        return tr("Arm of an experiment");
    case F::Propensity:
        return tr("Chance of the model");
    case F::AttemptIndex:
        return tr("Attempt");
    case F::Retries:
        return tr("Retries");
    case F::Status:
        return tr("Status");
    case F::HttpStatus:
        return tr("HTTP status");
    case F::ErrorClass:
        return tr("Error");
    case F::Outcome:
        return tr("Outcome");
    case F::TokensIn:
        return tr("Input tokens");
    case F::TokensOut:
        return tr("Output tokens");
    case F::TokensCached:
        return tr("Cached tokens");
    case F::TokensReasoning:
        return tr("Reasoning tokens");
    case F::Cost:
        return tr("Cost");
    case F::CostPart:
        return tr("Part of the cost");
    case F::Style:
        return tr("Answer style");
    case F::Segment:
        return tr("Segment");
    case F::LabPrompt:
        return tr("Prompt of the lab");
    case F::MaxTokens:
        return tr("Most output tokens");
    case F::Streamed:
        return tr("Streamed");
    case F::CacheHit:
        return tr("Answered from a cache");
    case F::Synthetic:
        return tr("Made by a generator");
    case F::Tags:
        return tr("Tags");
    case F::Metadata:
        return tr("Metadata");
    case F::System:
        return tr("System prompt");
    case F::Prompt:
        return tr("Prompt");
    case F::Messages:
        return tr("Messages");
    case F::MessageRole:
        return tr("Role of a message");
    case F::MessageText:
        return tr("Text of a message");
    case F::Response:
        return tr("Answer");
    case F::ResponseText:
        return tr("Text of an answer");
    case F::FeedbackName:
    case F::FeedbackValue:
    case F::FeedbackLabel:
    case F::FeedbackScaleMin:
    case F::FeedbackScaleMax:
    case F::FeedbackSource:
    case F::FeedbackWeight:
        return tr("Feedback");
    }
    return {};
}

QString fieldPurpose(LogField field)
{
    switch (field) {
    case F::Messages:
        return tr("The whole conversation up to the message to answer, as chat interfaces write "
                  "it.");
    case F::Prompt:
        return tr("The one message of the user, where the log has no list of messages.");
    case F::SessionId:
        return tr("Requests of one conversation share it; without it they are put together by what "
                  "was said before.");
    case F::UserId:
        return tr("Splits and answer styles that go by user need it.");
    case F::Segment:
        return tr("A named part of the traffic; gates can be asked of each.");
    case F::Outcome:
        return tr("How the conversation ended: completed, abandoned, handed over.");
    default:
        return {};
    }
}

QString unitWords(LogUnit unit)
{
    switch (unit) {
    case U::Plain:
        return tr("as it looks", "the unit of a column");
    case U::Seconds:
        return tr("seconds");
    case U::Milliseconds:
        return tr("milliseconds");
    case U::Microseconds:
        return tr("microseconds");
    case U::Nanoseconds:
        return tr("nanoseconds");
    case U::UnixSeconds:
        return tr("seconds since 1970");
    case U::UnixMilliseconds:
        return tr("milliseconds since 1970");
    case U::UnixMicroseconds:
        return tr("microseconds since 1970");
    case U::UnixNanoseconds:
        return tr("nanoseconds since 1970");
    case U::Usd:
        return tr("US dollars");
    case U::UsCents:
        return tr("US cents");
    case U::MicroUsd:
        return tr("millionths of a dollar");
    case U::OneBased:
        return tr("counted from 1");
    }
    return {};
}

QString columnWords(const std::string& path)
{
    const auto parts = pathParts(path);
    if (!parts || parts->empty())
        return withVisibleControls(QString::fromStdString(path));
    QStringList names;
    for (const std::string& part : *parts)
        names << withVisibleControls(QString::fromStdString(part));
    return names.join(QStringLiteral(" \u203a "));
}

QString scanWords(const LogScan& scan)
{
    if (scan.requests == 0)
        return tr("No request was found.");
    const std::size_t grouped = scan.unnamed;
    QString text = grouped == 0 ? tr("%1 requests in %2 conversations")
                                      .arg(count(scan.requests), count(scan.conversations))
                   : scan.conversations == 0
                       ? tr("%1 requests that name no conversation").arg(count(scan.requests))
                       : tr("%1 requests in %2 named conversations; %3 name none")
                             .arg(count(scan.requests), count(scan.conversations), count(grouped));
    if (scan.firstMs > 0)
        text += tr(", %1 to %2").arg(day(scan.firstMs), day(scan.lastMs));
    if (scan.report.badLines > 0)
        text += tr("; lines that cannot be read: %1").arg(count(scan.report.badLines));
    if (scan.report.partlyRead > 0)
        text += tr("; read in part: %1").arg(count(scan.report.partlyRead));
    return text + QLatin1Char('.');
}

QStringList missingWords(const LogScan& scan)
{
    QStringList sentences;
    const std::size_t all = scan.requests;
    if (all == 0)
        return sentences;
    tell(sentences, scan.withPrompt, all,
         tr("No prompts: signals that read what was said show nothing, and no prompts can be drawn "
            "from it."),
         tr("%1 of %2 requests have no prompt: signals that read what was said show nothing "
            "there."));
    tell(sentences, all - scan.unnamed, all,
         tr("No conversations: they are put together by what was said before; where that cannot be "
            "told, each request stands alone and has no seam."),
         {});
    tell(sentences, scan.withUser, all,
         tr("No users: splits and answer styles that go by user cannot be followed."),
         tr("%1 of %2 requests name no user."));
    tell(sentences, scan.withTime, all,
         tr("No times: the period is unknown, and signals of time, rates and spend show nothing."),
         tr("%1 of %2 requests have no time."));
    tell(sentences, scan.withTokens, all,
         tr("No token counts: input tokens are estimated from the length of the text."), {});
    tell(sentences, scan.withSegment, all,
         tr("No segments: everything is one part, \"unlabelled\", and recorded answers cannot "
            "stand in by segment."),
         {});
    return sentences;
}

QString problemKindWords(LogProblem::Kind kind)
{
    return kind == LogProblem::Kind::SetAside ? tr("kept aside", "a line of a log")
                                              : tr("read in part", "a line of a log");
}

std::string problemsCsv(const LogReport& report)
{
    QString text = tr("line") + QLatin1Char(',') + tr("what became of it") + QLatin1Char(',') +
                   tr("reason") + QStringLiteral("\r\n");
    for (const LogProblem& problem : report.problems)
        text += QString::number(problem.line) + QLatin1Char(',') +
                csvCell(problemKindWords(problem.kind)) + QLatin1Char(',') +
                csvCell(QString::fromStdString(problem.message)) + QStringLiteral("\r\n");
    return text.toStdString();
}

} // namespace signalbox::ui
