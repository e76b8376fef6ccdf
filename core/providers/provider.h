// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "rate_limits.h"

#include <core/base/failure_kind.h>
#include <core/base/money.h>
#include <core/base/result.h>
#include <core/base/usage_report.h>
#include <core/policy/document.h>

#include <QObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace signalbox {

class Clock;
class RateLimiter;

/// What to ask of which model.
struct ChatRequest
{
    std::string baseUrl; ///< "http://127.0.0.1:8080/v1"; empty: the vendor's own, if there is one
    std::string keyRef;  ///< resolved by the provider's KeyStore; never a key
    std::string upstreamModel;
    std::vector<Message> messages;
    std::string styleGuide; ///< put in front of the system prompt
    std::optional<int> maxTokens;
    std::optional<double> temperature;
    std::optional<int> seed;
    std::optional<int> contextTokens; ///< the model's longest; local servers make room for it
    int sample = 0;                   ///< which repeat this is; the simulator draws by it
    int connectTimeoutMs = 5'000;
    int idleTimeoutMs = 60'000;   ///< no byte for so long
    int totalTimeoutMs = 600'000; ///< the whole answer
    /// Before the first delta only; 0 switches them off. Whoever sends many calls does better to
    /// repeat them itself, so that one that waits is in the way of no other.
    int retries = 2;
};

// The normal form every dialect is turned into. Times are nanoseconds of the monotonic clock.

/// The server accepted the request. Not a token: some servers say so at once, others with the
/// first.
struct StreamOpened
{
    int httpStatus = 0;
    bool operator==(const StreamOpened&) const = default;
};
struct StreamStarted
{
    std::string id;
    std::string servedModel; ///< what the server says it runs
    bool operator==(const StreamStarted&) const = default;
};
struct ReasoningDelta
{
    std::string text; ///< UTF-8, never empty
    bool operator==(const ReasoningDelta&) const = default;
};
struct TextDelta
{
    std::string text; ///< UTF-8, never empty; a delta is not a token
    bool operator==(const TextDelta&) const = default;
};
enum class FinishReason { Stop, Length, Filtered, ToolCall, Refusal, Unknown };
struct StreamFinished
{
    FinishReason reason = FinishReason::Stop;
    std::string raw; ///< the server's own word
    bool operator==(const StreamFinished&) const = default;
};
struct StreamFailed
{
    FailureKind kind = FailureKind::Protocol;
    int httpStatus = 0; ///< 0: no answer came
    Error error;        ///< a sentence for people with what to do; no key, no answer text
    std::optional<int> retryAfterMs;
    bool isWorthRetrying = false; ///< nothing was said yet, and another try can help
    bool operator==(const StreamFailed&) const = default;
};
/// A wait before another try; shown, and no part of TTFT.
struct StreamRetrying
{
    int attempt = 0; ///< 2 for the first repetition
    int waitMs = 0;
    std::string reason; ///< one phrase
    /// Not empty: the server refused this parameter and is asked again without it. To be kept with
    /// the answer, for it was not made under the settings that were asked for.
    std::string droppedParameter = {};
    bool operator==(const StreamRetrying&) const = default;
};
/// The request that goes out is not quite the one that was asked for, because the dialect or the
/// model has no room for it. To be kept with the answer, as a dropped parameter is.
struct StreamAdjusted
{
    std::string parameter; ///< as the dialect calls it: "seed"
    std::string note;      ///< a sentence
    bool operator==(const StreamAdjusted&) const = default;
};
/// What a server says of its own time. Our clocks know nothing of it.
struct ServerTimes
{
    std::optional<double> loadMs;   ///< reading the model into memory; 0 when it was there
    std::optional<double> promptMs; ///< reading the prompt
    std::optional<double> outputMs; ///< writing the answer
    bool operator==(const ServerTimes&) const = default;
};

using StreamEvent = std::variant<StreamOpened, StreamStarted, ReasoningDelta, TextDelta,
                                 UsageReport, StreamFinished, StreamFailed, StreamRetrying,
                                 StreamAdjusted, ServerTimes, RateLimits>;

struct TimedEvent
{
    std::int64_t atNs = 0; ///< monotonic; when its last byte was read, not when it was delivered
    StreamEvent event;
    bool operator==(const TimedEvent&) const = default;
};

/// Clocks of one answer, in milliseconds after the request was handed to the socket, so that
/// queueing, connecting, TLS and earlier attempts are no part of them. Of the last attempt.
struct StreamTimes
{
    std::optional<double> headersMs;        ///< status line and headers complete
    std::optional<double> firstEventMs;     ///< first event of any kind
    std::optional<double> firstReasoningMs; ///< first reasoning text
    std::optional<double> firstTextMs;      ///< first visible text: TTFT
    std::optional<double> endMs;            ///< the end marker, or the failure
    std::optional<double> connectMs;        ///< before all these: name, connection, TLS
    /// Inside all these: loading the model, where the server says so. A warm server would have been
    /// faster by it.
    std::optional<double> loadMs;
};

/// One answer in progress. Lives on the thread that started it; deleting it cancels. Emits events
/// in batches of at most one signal per 33 ms, and always a last batch that ends with
/// StreamFinished or StreamFailed, exactly once.
class ChatStream : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    virtual void cancel() = 0; ///< a last batch with StreamFailed{Cancelled} follows, not at once
    [[nodiscard]] virtual StreamTimes times() const = 0;

signals:
    void eventsArrived(const std::vector<signalbox::TimedEvent>& events);
};

struct ModelListing
{
    std::string id;
    std::optional<int> contextTokens;
};

/// One family of model servers behind one interface. Lives on the GUI thread; never blocks it.
class ChatProvider : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    /// The name in a policy's "provider" member: "openai", "anthropic", "simulator".
    [[nodiscard]] virtual std::string name() const = 0;
    /// Never fails: errors come as events, none before this returns. The caller owns the stream;
    /// the provider must outlive it.
    [[nodiscard]] virtual std::unique_ptr<ChatStream> start(const ChatRequest& request) = 0;
    /// The models a server offers; `done` is called once, on this thread, unless `context` dies
    /// first.
    virtual void listModels(const std::string& baseUrl, const std::string& keyRef, QObject* context,
                            std::function<void(Result<std::vector<ModelListing>>)> done) = 0;
};

/// Finds the provider of a model. Owns them, and what is known of their servers' limits, which
/// outlives every run.
class ProviderRegistry
{
public:
    ProviderRegistry();
    /// @param clock  of the limiter; outlives the registry
    explicit ProviderRegistry(const Clock& clock);
    ~ProviderRegistry();
    void add(std::unique_ptr<ChatProvider> provider);
    [[nodiscard]] ChatProvider* find(const std::string& name) const; ///< null if unknown
    /// To be asked before a call, and told of it, by everything that sends many.
    [[nodiscard]] RateLimiter& limiter() const { return *m_limiter; }

private:
    std::vector<std::unique_ptr<ChatProvider>> m_providers;
    std::unique_ptr<RateLimiter> m_limiter;
};

} // namespace signalbox

Q_DECLARE_METATYPE(signalbox::TimedEvent)
