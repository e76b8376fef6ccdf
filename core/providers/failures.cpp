// SPDX-License-Identifier: GPL-3.0-or-later
#include "failures.h"

#include "endpoint.h"
#include "rate_limits.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace signalbox {

namespace {

constexpr int kLongestRetryAfterMs = 120'000;

bool mentions(const std::string& text, std::string_view word)
{
    const auto isWord = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !isWord(text[at - 1])) && (end == text.size() || !isWord(text[end])))
            return true;
    }
    return false;
}

std::string refusedParameter(const Complaint& complaint, const CallContext& call)
{
    const auto named = [&](const std::string& parameter) {
        return !complaint.parameter.empty() ? complaint.parameter == parameter
                                            : mentions(complaint.message, parameter);
    };
    const auto found = std::ranges::find_if(call.optionalParameters, named);
    return found == call.optionalParameters.end() ? std::string() : *found;
}

bool speaksOf(const Complaint& complaint, std::string_view word)
{
    return complaint.code.find(word) != std::string::npos ||
           complaint.type.find(word) != std::string::npos;
}

/// Whether the account has nothing left to spend, which no waiting mends.
bool saysUsedUp(int status, const Complaint& complaint)
{
    // Sources: the vendors' API references and SDKs as of August 2026.
    constexpr std::string_view kWords[] = {"insufficient_quota", "billing_error",
                                           "billing_hard_limit_reached", "billing_not_active",
                                           "exceeded_current_quota_error"};
    constexpr int kPaymentRequired = 402;
    return status == kPaymentRequired ||
           std::ranges::any_of(kWords,
                               [&](std::string_view word) { return speaksOf(complaint, word); }) ||
           complaint.message.find("credit balance is too low") != std::string::npos; // Anthropic
}

/// `: “what the server says”`, or nothing.
std::string quoted(const Complaint& complaint, const CallContext& call)
{
    const std::string line = call.unspoken.line(complaint.message);
    return line.empty() ? std::string() : ": “" + line + "”";
}

struct Wording
{
    FailureKind kind;
    ErrorCode code;
    std::string message;
    std::string hint;
};

Wording redirectWording(const HttpHeaders* headers, const CallContext& call)
{
    // Addresses are written in small letters, in which a key would no longer be found.
    const std::string location = call.unspoken.withoutKey(
        std::string(headers ? headers->value("location") : std::string_view()));
    const std::string target = redirectOrigin(call.url, location);
    const std::string place = target.empty() ? "another address" : target;
    return {FailureKind::Redirect, ErrorCode::Refused,
            call.server + " sends requests on to " + place + "; prompts and keys do not follow.",
            "If you trust " + place + ", enter it as the base URL."};
}

Wording authWording(int status, const Complaint& complaint, const CallContext& call)
{
    if (!call.keySent)
        return {FailureKind::Auth, ErrorCode::Refused,
                call.server + " wants a key" + quoted(complaint, call) + ".",
                "Name one for this model: env:NAME for an environment variable, keychain:NAME "
                "for the keychain."};
    if (status == 403)
        return {FailureKind::Auth, ErrorCode::Refused,
                call.server + " does not allow this" + quoted(complaint, call) + ".",
                "Check what the key may do, and whether the account may use this model."};
    return {FailureKind::Auth, ErrorCode::Refused,
            call.server + " refused the key" + quoted(complaint, call) + ".",
            "Check that the key is whole, not withdrawn, and meant for this server."};
}

Wording filteredWording(const Complaint& complaint, const CallContext& call)
{
    return {FailureKind::ContentFilter, ErrorCode::Refused,
            call.server + " stopped the prompt in its content filter" + quoted(complaint, call) +
                ".",
            "Change the prompt, or ask another model."};
}

Wording badRequestWording(const Complaint& complaint, const CallContext& call)
{
    if (speaksOf(complaint, "content_filter") || speaksOf(complaint, "content_policy"))
        return filteredWording(complaint, call);
    const bool tooLong = speaksOf(complaint, "context_length");
    return {FailureKind::BadRequest, ErrorCode::Refused,
            call.server + " refused the request" + quoted(complaint, call) + ".",
            tooLong ? "Shorten the prompt, or ask a model with a longer context."
                    : "Change what it names, and try again."};
}

Wording limitWording(bool outOfCredit, const Complaint& complaint, const CallContext& call)
{
    if (outOfCredit)
        return {FailureKind::QuotaUsedUp, ErrorCode::Refused,
                call.server + " says that the account has no credit left" +
                    quoted(complaint, call) + ".",
                "Add credit at the provider, or raise the account's spending limit there; waiting "
                "does not bring it back."};
    return {FailureKind::RateLimit, ErrorCode::Refused,
            call.server + " takes no more requests for now" + quoted(complaint, call) + ".",
            "Wait, or send fewer requests at once."};
}

Wording serverErrorWording(int status, const Complaint& complaint, const CallContext& call)
{
    if (mentions(complaint.message, "loading") || mentions(complaint.message, "Loading"))
        return {FailureKind::ServerError, ErrorCode::NetworkError,
                call.server + " is still loading its model" + quoted(complaint, call) + ".",
                "Try again in a moment."};
    return {FailureKind::ServerError, ErrorCode::NetworkError,
            call.server + " failed with status " + std::to_string(status) +
                quoted(complaint, call) + ".",
            "Try again; if it stays, look at the server's log or status page."};
}

Wording statusWording(int status, bool outOfCredit, const Complaint& complaint,
                      const HttpHeaders* headers, const CallContext& call)
{
    if (outOfCredit || status == 429)
        return limitWording(outOfCredit, complaint, call);
    if (status >= 300 && status < 400)
        return redirectWording(headers, call);
    switch (status) {
    case 400:
    case 413:
    case 422:
        return badRequestWording(complaint, call);
    case 401:
    case 403:
        return authWording(status, complaint, call);
    case 404:
    case 405:
    case 410:
        return {FailureKind::NotFound, ErrorCode::NotFound,
                call.server + " has " +
                    (call.model.empty() ? std::string("nothing")
                                        : "no model “" + oneLine(call.model, 120) + "”") +
                    " at " + call.url + quoted(complaint, call) + ".",
                "Fetch the list of its models, and check the path of the base URL."};
    case 424: // Bedrock: the model failed, not the service
        return serverErrorWording(status, complaint, call);
    case 498: // Cohere: a word that is denied, in the prompt or in the answer
        return filteredWording(complaint, call);
    case 408:
        return {FailureKind::Timeout, ErrorCode::NetworkError,
                call.server + " gave up waiting" + quoted(complaint, call) + ".", "Try again."};
    default:
        break;
    }
    if (status >= 500)
        return serverErrorWording(status, complaint, call);
    return {FailureKind::Protocol, ErrorCode::NetworkError,
            call.server + " answered with status " + std::to_string(status) +
                quoted(complaint, call) + ", which is no answer to a chat.",
            "Check the base URL."};
}

} // namespace

Failure plainFailure(FailureKind kind, ErrorCode code, std::string message, std::string hint,
                     const CallContext& call)
{
    Failure failure;
    failure.failed.kind = kind;
    failure.failed.error = {code, std::move(message), call.server, std::move(hint)};
    return failure;
}

Failure failureOfStatus(int status, const Complaint& complaint, const HttpHeaders* headers,
                        std::int64_t nowUnixMs, const CallContext& call)
{
    const bool outOfCredit = saysUsedUp(status, complaint);
    Wording wording = statusWording(status, outOfCredit, complaint, headers, call);
    Failure failure = plainFailure(wording.kind, wording.code, std::move(wording.message),
                                   std::move(wording.hint), call);
    failure.failed.httpStatus = status;
    failure.outOfCredit = outOfCredit;
    if (status == 400 || status == 422)
        failure.refusedParameter = refusedParameter(complaint, call);
    failure.failed.retryAfterMs = complaint.retryAfterMs;
    if (!headers)
        return failure;
    if (const auto wait = retryAfterMs(*headers, nowUnixMs))
        failure.failed.retryAfterMs = wait;
    if (const auto says = headers->value("x-should-retry"); says == "true" || says == "false")
        failure.serverSaysRetry = says == "true";
    return failure;
}

Failure failureOfTransfer(TransferEnd end, const CallContext& call, Begun begun)
{
    const auto connect = [&](FailureKind kind, std::string message, std::string hint) {
        return plainFailure(kind, ErrorCode::NetworkError, call.server + std::move(message),
                            std::move(hint), call);
    };
    switch (end) {
    case TransferEnd::NameUnknown:
        return connect(FailureKind::NameUnknown, " has no address.",
                       "Check the name in the base URL and the network.");
    case TransferEnd::Refused:
        return connect(FailureKind::Connect, " cannot be reached.",
                       "Start the server, or correct the base URL.");
    case TransferEnd::ConnectTimedOut:
        return connect(FailureKind::ConnectTimeout, " did not take the connection in time.",
                       "Check the network, or correct the base URL.");
    case TransferEnd::Untrusted:
        return connect(FailureKind::Untrusted,
                       " could not show a certificate that this computer trusts.",
                       "Check https or http in the base URL, and the server's certificate.");
    case TransferEnd::NoAnswer:
        return connect(FailureKind::Connect, " closed the connection without an answer.",
                       "Try again; if it stays, look at the server's log.");
    case TransferEnd::TimedOut:
        return plainFailure(FailureKind::Timeout, ErrorCode::NetworkError,
                            call.server + " did not finish the answer in time.",
                            "Try again, allow more time, or ask for a shorter answer.", call);
    case TransferEnd::Stalled:
        if (begun == Begun::No)
            return plainFailure(
                FailureKind::NoBeginning, ErrorCode::NetworkError,
                call.server + " took the request, and did not begin to answer in time.",
                "Try again; a model that is still loading may need more time.", call);
        return plainFailure(FailureKind::Stalled, ErrorCode::NetworkError,
                            call.server +
                                " began to answer, and then sent nothing more for too long.",
                            "Try again; what came until then is kept.", call);
    case TransferEnd::LostInSleep:
        return connect(begun == Begun::No ? FailureKind::Connect : FailureKind::Truncated,
                       ": the connection was lost while this computer slept.",
                       begun == Begun::No ? "Try again."
                                          : "Try again; what came until then is kept.");
    case TransferEnd::TooLarge:
        return plainFailure(FailureKind::TooLarge, ErrorCode::TooLarge,
                            call.server + " sent more than an answer may hold.",
                            "Ask for a shorter answer, or check what runs at the base URL.", call);
    case TransferEnd::Encoded:
        return plainFailure(FailureKind::Protocol, ErrorCode::NetworkError,
                            call.server + " compressed its answer, though it was asked not to.",
                            "Switch compression off at the server or at the proxy before it.",
                            call);
    case TransferEnd::NotHttp:
        return plainFailure(FailureKind::Protocol, ErrorCode::NetworkError,
                            call.server + " does not speak HTTP.",
                            "Check https or http, and the port, in the base URL.", call);
    case TransferEnd::BadUrl:
        return plainFailure(FailureKind::BadRequest, ErrorCode::InvalidArgument,
                            "The base URL cannot be used.", "Correct it.", call);
    case TransferEnd::Cancelled:
        return plainFailure(FailureKind::Cancelled, ErrorCode::Cancelled, "The answer was stopped.",
                            {}, call);
    case TransferEnd::Whole:
    case TransferEnd::Closed:
    case TransferEnd::Cut:
        break;
    }
    return plainFailure(FailureKind::Truncated, ErrorCode::NetworkError,
                        call.server + " closed the stream before the end of the answer.",
                        "Try again; what came until then is kept.", call);
}

std::optional<int> retryAfterMs(const HttpHeaders& headers, std::int64_t nowUnixMs)
{
    const auto bounded = [](double ms) { return int(std::clamp(std::ceil(ms), 0.0, 1e9)); };
    const auto number = [](std::string_view text) -> std::optional<double> {
        double value = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
            !std::isfinite(value))
            return std::nullopt;
        return value;
    };
    if (const auto ms = number(headers.value("retry-after-ms")))
        return bounded(*ms);
    const std::string after(headers.value("retry-after"));
    if (const auto seconds = number(after))
        return bounded(*seconds * 1000);
    const std::time_t date = after.empty() ? -1 : curl_getdate(after.c_str(), nullptr);
    if (date < 0)
        return std::nullopt;
    return bounded(double(date) * 1000 - double(serverUnixMs(headers, nowUnixMs)));
}

bool isWorthRetrying(const Failure& failure)
{
    if (failure.outOfCredit || failure.failed.retryAfterMs.value_or(0) > kLongestRetryAfterMs)
        return false;
    if (failure.serverSaysRetry)
        return *failure.serverSaysRetry;
    const FailureKind kind = failure.failed.kind;
    if (kind == FailureKind::Connect || kind == FailureKind::NameUnknown ||
        kind == FailureKind::ConnectTimeout)
        return true;
    const int status = failure.failed.httpStatus;
    return status == 408 || status == 409 || status == 429 || status >= 500;
}

std::string retryReason(const StreamFailed& failed)
{
    switch (failed.kind) {
    case FailureKind::RateLimit:
        return "rate limit";
    case FailureKind::Connect:
        return "no connection";
    case FailureKind::NameUnknown:
        return "no address";
    case FailureKind::ConnectTimeout:
        return "no connection in time";
    case FailureKind::Timeout:
        return "timeout";
    default:
        return "server error " + std::to_string(failed.httpStatus);
    }
}

int retryWaitMs(const StreamFailed& failed, int attempt, int firstMs, double jitter)
{
    const int doublings = std::clamp(attempt - 2, 0, 4);
    const int ours = int(double(firstMs << doublings) * jitter);
    return std::max(ours, failed.retryAfterMs.value_or(0));
}

} // namespace signalbox
