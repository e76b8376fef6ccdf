// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_lines.h"

#include <core/base/iso_time.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace signalbox::cli {

namespace {

constexpr std::size_t kShownProblems = 5;
constexpr std::size_t kShownNames = 8;

/// What needs the words themselves and therefore cannot be done without them.
constexpr const char* kNeedsPrompts[] = {
    "signals that were not kept, and changes of those that were, such as another keyword or length",
    "searching requests and trying one with its words", "drawing lab prompts from the traffic",
    "examples of this traffic in proofs of a policy", "redacting what is left out"};

std::string countText(std::size_t count)
{
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string countOf(std::size_t count, const char* one, const char* many)
{
    return countText(count) + ' ' + (count == 1 ? one : many);
}

std::string sizeText(std::size_t bytes)
{
    char text[32];
    const double size = static_cast<double>(bytes);
    if (bytes < 1'000'000)
        std::snprintf(text, sizeof text, "%.1f kB", size / 1e3);
    else
        std::snprintf(text, sizeof text, "%.1f MB", size / 1e6);
    return text;
}

std::string shareText(std::size_t part, std::size_t all)
{
    char text[16];
    std::snprintf(text, sizeof text, "%.1f %%",
                  all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all));
    return text;
}

std::string numberText(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string countsText(const std::vector<RedactionCount>& counts)
{
    std::string text;
    for (const RedactionCount& count : counts)
        text += (text.empty() ? "" : ", ") + countText(count.count) + " [" + count.kind + ']';
    return text.empty() ? "nothing" : text;
}

Json countsJson(const std::vector<RedactionCount>& counts)
{
    Json json = Json::object();
    for (const RedactionCount& count : counts)
        json[count.kind] = count.count;
    return json;
}

std::string logLines(const ImportedLog& log)
{
    const LogReport& report = log.report;
    std::string text =
        log.path.string() + ": " + countOf(report.rows, "request", "requests") + " in " +
        countOf(report.lines, "line", "lines") + ", read as " +
        (log.mapping.name.empty() ? std::string("the mapping says") : log.mapping.name) + '\n';
    if (!log.why.empty())
        text += "  " + log.why + '\n';
    if (log.foldedAttempts > 0)
        text += "  " + countOf(log.foldedAttempts, "further attempt is", "further attempts are") +
                " part of the request before it\n";
    if (log.lateAttempts > 0)
        text += "  " +
                countOf(log.lateAttempts, "attempt that came too late is a request of its own",
                        "attempts that came too late are requests of their own") +
                '\n';
    if (report.feedbackJoined > 0)
        text += "  " +
                countOf(report.feedbackJoined, "feedback found its request",
                        "feedbacks found their requests") +
                '\n';
    if (report.otherRows > 0)
        text += "  " + countOf(report.otherRows, "row is", "rows are") + " no request\n";
    if (report.badLines > 0)
        text += "  " +
                countOf(report.badLines, "line that could not be read is",
                        "lines that could not be read are") +
                " kept aside\n";
    if (report.partlyRead > 0)
        text += "  " + countOf(report.partlyRead, "row was", "rows were") + " read only in part\n";
    const std::size_t shown = std::min(report.problems.size(), kShownProblems);
    for (std::size_t i = 0; i < shown; ++i)
        text += "    line " + std::to_string(report.problems[i].line) + ": " +
                toValidUtf8(report.problems[i].message) + '\n';
    if (report.badLines + report.partlyRead > shown)
        text += "    and " + countText(report.badLines + report.partlyRead - shown) + " more\n";
    return text;
}

Json logJson(const ImportedLog& log)
{
    const LogReport& report = log.report;
    Json problems = Json::array();
    for (const LogProblem& problem : report.problems)
        problems.push_back(
            {{"line", problem.line},
             {"byte", problem.byteBegin},
             {"bytes", problem.byteCount},
             {"kind", problem.kind == LogProblem::Kind::SetAside ? "setAside" : "partlyRead"},
             {"message", toValidUtf8(problem.message)}});
    return {{"log", log.path.string()},
            {"readAs", log.mapping.name},
            {"sureness", log.sureness},
            {"why", log.why},
            {"lines", report.lines},
            {"requests", report.rows},
            {"otherRows", report.otherRows},
            {"emptyLines", report.emptyLines},
            {"badLines", report.badLines},
            {"partlyRead", report.partlyRead},
            {"feedbackRows", report.feedbackRows},
            {"feedbackJoined", report.feedbackJoined},
            {"foldedAttempts", log.foldedAttempts},
            {"lateAttempts", log.lateAttempts},
            {"problems", std::move(problems)}};
}

std::string sharesLine(const char* head, const std::vector<TrafficSummary::Share>& shares,
                       std::size_t rows)
{
    if (shares.empty())
        return {};
    std::string text = std::string(head) + ": ";
    for (std::size_t i = 0; i < std::min(shares.size(), kShownNames); ++i)
        text += (i == 0 ? "" : ", ") + toValidUtf8(shares[i].name) + ' ' +
                shareText(shares[i].rows, rows);
    if (shares.size() > kShownNames)
        text += " and " + countText(shares.size() - kShownNames) + " more";
    return text + '\n';
}

std::string timesLine(const char* head, const TrafficSummary::Times& times)
{
    return times.rows == 0 ? std::string()
                           : std::string(head) + ": p50 " + numberText(times.p50Ms) + " ms, p95 " +
                                 numberText(times.p95Ms) + " ms of " +
                                 countOf(times.rows, "request", "requests") + '\n';
}

Json sharesJson(const std::vector<TrafficSummary::Share>& shares)
{
    Json json = Json::array();
    for (const TrafficSummary::Share& share : shares)
        json.push_back({{"name", toValidUtf8(share.name)}, {"requests", share.rows}});
    return json;
}

Json timesJson(const TrafficSummary::Times& times)
{
    return times.rows == 0
               ? Json({{"requests", 0}})
               : Json({{"requests", times.rows}, {"p50Ms", times.p50Ms}, {"p95Ms", times.p95Ms}});
}

} // namespace

std::string importLines(const ImportOutcome& outcome)
{
    std::string text;
    for (const ImportedLog& log : outcome.import.logs)
        text += logLines(log);
    if (outcome.import.joinedByHistory > 0)
        text += countOf(outcome.import.joinedByHistory, "request names", "requests name") +
                " no conversation and found it by what was said before\n";
    if (!outcome.import.redactions.empty())
        text += "Taken out: " + countsText(outcome.import.redactions) + '\n';
    if (!outcome.aside.empty())
        text += "What could not be read is kept in " + outcome.aside + '\n';
    text += "Wrote " + outcome.table + ": " + countOf(outcome.summary.rows, "request", "requests") +
            " in " + countOf(outcome.summary.conversations, "conversation", "conversations") +
            ", " + sizeText(outcome.bytes) + '\n';
    if (!outcome.promptsLeftOut)
        return text;
    text += "The prompts and answers are left out. ";
    text += outcome.keptSignals.empty() ? "No signal was kept; give --policy to keep its signals.\n"
                                        : "Kept are the signals ";
    for (std::size_t i = 0; i < outcome.keptSignals.size(); ++i)
        text += (i == 0 ? "" : ", ") + outcome.keptSignals[i];
    text += outcome.keptSignals.empty() ? "" : ".\n";
    text += "With this table one can no longer do:\n";
    for (const char* what : kNeedsPrompts)
        text += std::string("  - ") + what + '\n';
    return text;
}

Json importJson(const ImportOutcome& outcome)
{
    Json logs = Json::array();
    for (const ImportedLog& log : outcome.import.logs)
        logs.push_back(logJson(log));
    Json json = {{"table", outcome.table},
                 {"bytes", outcome.bytes},
                 {"requests", outcome.summary.rows},
                 {"conversations", outcome.summary.conversations},
                 {"joinedByHistory", outcome.import.joinedByHistory},
                 {"logs", std::move(logs)},
                 {"redacted", countsJson(outcome.import.redactions)},
                 {"linesAside", outcome.linesAside},
                 {"promptsLeftOut", outcome.promptsLeftOut}};
    if (!outcome.aside.empty())
        json["aside"] = outcome.aside;
    if (outcome.promptsLeftOut) {
        json["keptSignals"] = outcome.keptSignals;
        json["noLongerPossible"] = Json(kNeedsPrompts);
    }
    return json;
}

std::string summaryLines(const Traffic& traffic, const TrafficSummary& summary,
                         std::size_t fileBytes)
{
    std::string text = toValidUtf8(traffic.name) + ": " +
                       countOf(summary.rows, "request", "requests") + " in " +
                       countOf(summary.conversations, "conversation", "conversations") +
                       (traffic.synthetic ? ", synthetic" : "") + ", " + sizeText(fileBytes) +
                       "; every byte is as it was written\n";
    if (traffic.firstMs != 0)
        text += "Time: " + isoTime(traffic.firstMs) + " to " + isoTime(traffic.lastMs) + '\n';
    text += "Conversations: the longest has " +
            countOf(summary.longestConversation, "request", "requests") + "; " +
            countOf(summary.users, "user is", "users are") + " named\n";
    text += traffic.promptsLeftOut
                ? "Prompts: left out; " +
                      countOf(traffic.signalValues.size(), "signal is", "signals are") + " kept\n"
                : "Prompts: " + countOf(summary.prompts, "request has", "requests have") +
                      " theirs, " + countOf(summary.answers, "its answer", "their answers") + '\n';
    text += sharesLine("Served by", summary.servedModels, summary.rows);
    text += sharesLine("Asked for", summary.askedModels, summary.rows);
    text += sharesLine("Providers", summary.providers, summary.rows);
    text += sharesLine("Segments", summary.segments, summary.rows);
    text += sharesLine("Outcomes", summary.outcomes, summary.rows);
    text += sharesLine("Errors", summary.errors, summary.rows);
    if (summary.succeeded + summary.failed > 0)
        text += "Status: " + countText(summary.succeeded) + " succeeded, " +
                countText(summary.failed) + " failed\n";
    text += timesLine("First token", summary.firstTokenMs);
    text += timesLine("Whole answer", summary.totalMs);
    if (summary.inputTokens.rows + summary.outputTokens.rows > 0)
        text += "Tokens: " + countText(static_cast<std::size_t>(summary.inputTokens.total)) +
                " in, " + countText(static_cast<std::size_t>(summary.outputTokens.total)) +
                " out\n";
    if (summary.costRows > 0)
        text +=
            "Cost: " + (summary.cost ? '$' + toDecimalUsd(*summary.cost) : std::string("unknown")) +
            " of " + countOf(summary.costRows, "request", "requests") + '\n';
    for (const TrafficSummary::Feedback& feedback : summary.feedback)
        text +=
            "Feedback " + toValidUtf8(feedback.name) +
            (feedback.source.empty() ? "" : " of " + toValidUtf8(feedback.source)) + ": " +
            countText(feedback.count) +
            (feedback.scaled == 0 ? std::string()
                                  : ", mean " + numberText(feedback.mean) + " of 0 to 1 (scale " +
                                        std::string(scaleOriginName(feedback.scale)) + ')') +
            '\n';
    if (summary.propensities > 0)
        text += "Propensities: of " + countOf(summary.propensities, "request", "requests") + '\n';
    return text;
}

Json summaryJson(const Traffic& traffic, const TrafficSummary& summary, std::size_t fileBytes)
{
    Json feedback = Json::array();
    for (const TrafficSummary::Feedback& each : summary.feedback)
        feedback.push_back({{"name", toValidUtf8(each.name)},
                            {"source", toValidUtf8(each.source)},
                            {"count", each.count},
                            {"scaled", each.scaled},
                            {"mean", std::isnan(each.mean) ? Json(nullptr) : Json(each.mean)},
                            {"scale", scaleOriginName(each.scale)}});
    Json columns = Json::object();
    for (const TrafficSummary::Part& part : summary.parts)
        columns[part.name] = part.bytes;
    Json signalsKept = Json::array();
    for (const KeptSignal& kept : traffic.signalValues) {
        const auto definition = parseJson(kept.definition);
        signalsKept.push_back(definition ? *definition : Json(nullptr));
    }
    return {{"name", toValidUtf8(traffic.name)},
            {"requests", summary.rows},
            {"conversations", summary.conversations},
            {"longestConversation", summary.longestConversation},
            {"synthetic", traffic.synthetic},
            {"bytes", fileBytes},
            {"firstMs", traffic.firstMs},
            {"lastMs", traffic.lastMs},
            {"users", summary.users},
            {"promptsLeftOut", traffic.promptsLeftOut},
            {"prompts", summary.prompts},
            {"answers", summary.answers},
            {"keptSignals", std::move(signalsKept)},
            {"servedModels", sharesJson(summary.servedModels)},
            {"askedModels", sharesJson(summary.askedModels)},
            {"providers", sharesJson(summary.providers)},
            {"segments", sharesJson(summary.segments)},
            {"outcomes", sharesJson(summary.outcomes)},
            {"errors", sharesJson(summary.errors)},
            {"succeeded", summary.succeeded},
            {"failed", summary.failed},
            {"attempts", summary.attempts},
            {"firstToken", timesJson(summary.firstTokenMs)},
            {"wholeAnswer", timesJson(summary.totalMs)},
            {"inputTokens",
             {{"requests", summary.inputTokens.rows}, {"total", summary.inputTokens.total}}},
            {"outputTokens",
             {{"requests", summary.outputTokens.rows}, {"total", summary.outputTokens.total}}},
            {"cost",
             {{"requests", summary.costRows},
              {"usd", summary.cost ? Json(summary.cost->usd()) : Json(nullptr)}}},
            {"propensities", summary.propensities},
            {"feedback", std::move(feedback)},
            {"columns", std::move(columns)}};
}

std::string redactionLines(const LogRedaction& redaction, const std::string& out)
{
    std::string text = "Wrote " + out + ": " + countOf(redaction.lines, "line", "lines") + ", " +
                       countText(redaction.changedLines) +
                       " of them changed\nTaken out: " + countsText(redaction.counts) + '\n';
    if (redaction.plainLines > 0)
        text += countOf(redaction.plainLines, "line that could not be read was",
                        "lines that could not be read were") +
                " redacted as plain text\n";
    text += "Numbers and the names of fields stay, and so do names and addresses of people in "
            "words.\n";
    return text;
}

Json redactionJson(const LogRedaction& redaction, const std::string& out)
{
    return {{"out", out},
            {"lines", redaction.lines},
            {"changedLines", redaction.changedLines},
            {"plainLines", redaction.plainLines},
            {"redacted", countsJson(redaction.counts)}};
}

} // namespace signalbox::cli
