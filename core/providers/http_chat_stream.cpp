// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_chat_stream.h"

#include "redaction.h"
#include "stream_mailbox.h"

#include <core/base/clock.h>
#include <core/base/random.h>

#include <QTimer>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr int kFrameMs = 33;

double sinceMs(std::int64_t fromNs, std::int64_t toNs)
{
    return double(toNs - fromNs) * 1e-6;
}

/// One try at an answer, on the network thread: bytes to events, clocks, and no key gets through.
class Attempt final : public TransferReader
{
public:
    Attempt(std::unique_ptr<ChatDecoder> decoder, Secret key,
            std::shared_ptr<StreamMailbox> mailbox)
        : m_decoder(std::move(decoder)), m_text(key.reveal()), m_reasoning(key.reveal()),
          m_key(std::move(key)), m_mailbox(std::move(mailbox))
    {}

    void onSent(std::int64_t atNs, std::int64_t connectNs) override
    {
        m_sentNs = atNs;
        m_times.connectMs = double(connectNs) * 1e-6;
    }
    void onHeaders(int status, const HttpHeaders& headers, std::int64_t atNs) override
    {
        m_times.headersMs = sinceMs(m_sentNs, atNs);
        deliver(m_decoder->begin(status, headers, systemClock().unixMs()), atNs);
    }
    Verdict onBody(std::string_view bytes, std::int64_t atNs) override
    {
        deliver(m_decoder->feed(bytes), atNs);
        return m_decoder->isDone() ? Verdict::Enough : Verdict::Continue;
    }
    void onEnd(TransferEnd end, std::int64_t atNs) override
    {
        if (end != TransferEnd::Cancelled)
            deliver(m_decoder->finish(end), atNs);
    }

private:
    void deliver(std::vector<StreamEvent> events, std::int64_t atNs)
    {
        std::vector<TimedEvent> mail;
        std::optional<StreamEvent> last;
        for (StreamEvent& event : events) {
            const bool ofTheAnswer = !std::holds_alternative<StreamOpened>(event) &&
                                     !std::holds_alternative<RateLimits>(event) &&
                                     !std::holds_alternative<StreamFailed>(event);
            if (ofTheAnswer && !m_times.firstEventMs)
                m_times.firstEventMs = sinceMs(m_sentNs, atNs);
            if (std::holds_alternative<StreamFinished>(event) ||
                std::holds_alternative<StreamFailed>(event))
                last = std::move(event);
            else
                add(std::move(event), atNs, mail);
        }
        if (last) {
            addDelta(TextDelta{m_text.flush()}, m_times.firstTextMs, atNs, mail);
            addDelta(ReasoningDelta{m_reasoning.flush()}, m_times.firstReasoningMs, atNs, mail);
        }
        m_mailbox->put(std::move(mail));
        if (last)
            end(std::move(*last), atNs);
    }

    void add(StreamEvent event, std::int64_t atNs, std::vector<TimedEvent>& mail)
    {
        if (const auto* text = std::get_if<TextDelta>(&event)) {
            addDelta(TextDelta{m_text.feed(text->text)}, m_times.firstTextMs, atNs, mail);
        } else if (const auto* reasoning = std::get_if<ReasoningDelta>(&event)) {
            addDelta(ReasoningDelta{m_reasoning.feed(reasoning->text)}, m_times.firstReasoningMs,
                     atNs, mail);
        } else {
            if (auto* started = std::get_if<StreamStarted>(&event))
                *started = {clean(std::move(started->id)), clean(std::move(started->servedModel))};
            if (const auto* server = std::get_if<ServerTimes>(&event))
                m_times.loadMs = server->loadMs;
            mail.push_back({atNs, std::move(event)});
        }
    }

    template<class Delta>
    void addDelta(Delta delta, std::optional<double>& firstMs, std::int64_t atNs,
                  std::vector<TimedEvent>& mail)
    {
        if (delta.text.empty())
            return;
        if (!firstMs)
            firstMs = sinceMs(m_sentNs, atNs);
        m_anyText = true;
        mail.push_back({atNs, std::move(delta)});
    }

    void end(StreamEvent event, std::int64_t atNs)
    {
        if (m_sentNs != 0)
            m_times.endMs = sinceMs(m_sentNs, atNs);
        AttemptEnd end;
        end.failure = m_decoder->failure();
        if (auto* finished = std::get_if<StreamFinished>(&event))
            finished->raw = clean(std::move(finished->raw));
        if (auto* failed = std::get_if<StreamFailed>(&event)) {
            // The decoder quotes nothing with the key in it; this is the second lock.
            failed->error = withoutKey(std::move(failed->error), m_key);
            end.failure.failed = *failed;
        }
        end.event = {atNs, std::move(event)};
        end.anyText = m_anyText;
        end.times = m_times;
        m_mailbox->put(std::move(end));
    }

    [[nodiscard]] std::string clean(std::string text) const
    {
        return withoutSecrets(std::move(text), {m_key.reveal()});
    }

    std::unique_ptr<ChatDecoder> m_decoder;
    StreamRedactor m_text;
    StreamRedactor m_reasoning;
    Secret m_key;
    std::shared_ptr<StreamMailbox> m_mailbox;
    StreamTimes m_times;
    std::int64_t m_sentNs = 0;
    bool m_anyText = false;
};

/// One answer from key to last event: a chain of attempts on the caller's thread.
class HttpChatStream final : public ChatStream
{
public:
    HttpChatStream(const ChatDialect& dialect, ChatRequest request,
                   std::shared_ptr<HttpTransport> transport, std::shared_ptr<KeyStore> keys,
                   const HttpProvider::Options& options);
    ~HttpChatStream() override;
    void cancel() override;
    [[nodiscard]] StreamTimes times() const override { return m_times; }

private:
    void begin();
    void ask();
    void ring(StreamMailbox::Ring why);
    void deliver();
    void finishAttempt(AttemptEnd end);
    void repeat(const Failure& failure, int waitMs, const std::string& droppedParameter);
    [[nodiscard]] int statedWaitMs() const;
    void giveOut(TimedEvent last);
    void endWith(Error error, FailureKind kind);

    const ChatDialect& m_dialect;
    ChatRequest m_request;
    std::shared_ptr<HttpTransport> m_transport;
    std::shared_ptr<KeyStore> m_keys;
    HttpProvider::Options m_options;
    Random m_jitter;
    Endpoint m_endpoint;
    Secret m_key;
    RequestShape m_shape;
    std::shared_ptr<StreamMailbox> m_mailbox;
    std::optional<TransferId> m_transfer;
    std::vector<TimedEvent> m_batch;
    StreamTimes m_times;
    RateLimits m_limits; ///< that the last attempt was told
    QTimer m_frame;      ///< until the next signal may be sent
    QTimer m_repeat;     ///< until the next attempt
    std::int64_t m_lastSignalNs = 0;
    int m_attempt = 1;
    int m_repetitions = 0;
    bool m_ended = false;
};

HttpChatStream::HttpChatStream(const ChatDialect& dialect, ChatRequest request,
                               std::shared_ptr<HttpTransport> transport,
                               std::shared_ptr<KeyStore> keys, const HttpProvider::Options& options)
    : m_dialect(dialect), m_request(std::move(request)), m_transport(std::move(transport)),
      m_keys(std::move(keys)), m_options(options), m_jitter(options.jitterSeed),
      m_mailbox(std::make_shared<StreamMailbox>(this, [this](StreamMailbox::Ring why) { ring(why); }))
{
    for (QTimer* timer : {&m_frame, &m_repeat}) {
        timer->setSingleShot(true);
        timer->setTimerType(Qt::PreciseTimer);
    }
    connect(&m_frame, &QTimer::timeout, this, &HttpChatStream::deliver);
    connect(&m_repeat, &QTimer::timeout, this, &HttpChatStream::ask);
    QMetaObject::invokeMethod(this, &HttpChatStream::begin, Qt::QueuedConnection);
}

HttpChatStream::~HttpChatStream()
{
    m_mailbox->close();
    if (m_transfer)
        m_transport->cancel(*m_transfer);
}

void HttpChatStream::cancel()
{
    if (m_ended)
        return;
    // What was read until now is still given out, before the end.
    Mail mail = m_mailbox->take();
    m_mailbox->close();
    m_repeat.stop();
    if (m_transfer)
        m_transport->cancel(*std::exchange(m_transfer, std::nullopt));
    std::ranges::move(mail.events, std::back_inserter(m_batch));
    endWith({ErrorCode::Cancelled, "The answer was stopped.", {}, {}}, FailureKind::Cancelled);
}

void HttpChatStream::begin()
{
    if (m_ended)
        return;
    auto endpoint = endpointOfModel(m_dialect.name(), m_request.baseUrl);
    if (!endpoint) {
        endWith(endpoint.error(), FailureKind::BadRequest);
        return;
    }
    m_endpoint = std::move(*endpoint);
    m_keys->resolve(m_request.keyRef, m_endpoint, this, [this](const Result<Secret>& key) {
        if (m_ended)
            return;
        if (!key) {
            endWith(key.error(), FailureKind::KeyMissing);
            return;
        }
        m_key = *key;
        ask();
    });
}

void HttpChatStream::ask()
{
    RequestBody body = m_dialect.body(m_request, m_endpoint, m_shape);
    if (m_attempt == 1)
        for (StreamAdjusted& adjusted : body.adjusted)
            m_batch.push_back({systemClock().monotonicNs(), std::move(adjusted)});
    HttpRequest http = chatHttpRequest(m_dialect, m_request, m_endpoint, std::move(body.json),
                                       m_key, systemClock().unixMs());
    http.bodyLimitBytes = m_options.answerLimitBytes;
    std::vector<std::string> prompts = {m_request.styleGuide};
    for (const Message& message : m_request.messages)
        prompts.push_back(message.text);
    const Secret sent = m_dialect.sentPart(m_key);
    CallContext call{m_endpoint.server,        http.url,
                     m_request.upstreamModel,  !m_key.isEmpty(),
                     std::move(body.optional), Redaction(sent.reveal(), prompts)};
    m_transfer = m_transport->start(
        std::move(http),
        std::make_shared<Attempt>(m_dialect.decoder(m_endpoint, std::move(call)), sent, m_mailbox));
}

/// At most one signal per frame; the first one and the last one at once.
void HttpChatStream::ring(StreamMailbox::Ring why)
{
    if (why == StreamMailbox::Ring::End) {
        m_frame.start(0);
        return;
    }
    if (m_frame.isActive())
        return;
    const auto sinceLast = std::int64_t(sinceMs(m_lastSignalNs, systemClock().monotonicNs()));
    m_frame.start(int(std::clamp<std::int64_t>(kFrameMs - sinceLast, 0, kFrameMs)));
}

void HttpChatStream::deliver()
{
    Mail mail = m_mailbox->take();
    for (const TimedEvent& timed : mail.events)
        if (const auto* limits = std::get_if<RateLimits>(&timed.event))
            m_limits = *limits;
    std::ranges::move(mail.events, std::back_inserter(m_batch));
    if (mail.end)
        finishAttempt(std::move(*mail.end));
    if (m_batch.empty())
        return;
    m_lastSignalNs = systemClock().monotonicNs();
    // The receiver may delete this stream.
    const std::vector<TimedEvent> batch = std::exchange(m_batch, {});
    emit eventsArrived(batch);
}

void HttpChatStream::finishAttempt(AttemptEnd end)
{
    m_transfer.reset();
    m_times = end.times;
    const Failure& failure = end.failure;
    auto* const failed = std::get_if<StreamFailed>(&end.event.event);
    if (failed && !end.anyText) {
        const auto shape = failure.refusedParameter.empty()
                               ? std::nullopt
                               : shapeWithout(failure.refusedParameter, m_shape);
        if (shape) {
            m_shape = *shape;
            repeat(failure, statedWaitMs(), failure.refusedParameter);
            return;
        }
        if (m_repetitions < m_request.retries && isWorthRetrying(failure)) {
            ++m_repetitions;
            repeat(failure,
                   retryWaitMs(failure.failed, m_repetitions + 1, m_options.firstBackoffMs,
                               m_jitter.uniform()),
                   {});
            return;
        }
        failed->isWorthRetrying = isWorthRetrying(failure);
    }
    giveOut(std::move(end.event));
}

/// Until the reset of a limit that the last answer says is used up.
int HttpChatStream::statedWaitMs() const
{
    std::int64_t waitMs = 0;
    for (const RateLimit& limit : m_limits.limits)
        if (limit.remaining == 0)
            waitMs = std::max(waitMs, limit.resetInMs.value_or(0));
    return int(std::min<std::int64_t>(waitMs, 1'000'000'000));
}

void HttpChatStream::repeat(const Failure& failure, int waitMs, const std::string& droppedParameter)
{
    const std::string reason = droppedParameter.empty()
                                   ? retryReason(failure.failed)
                                   : m_endpoint.server + " does not take " + droppedParameter;
    m_batch.push_back({systemClock().monotonicNs(),
                       StreamRetrying{++m_attempt, waitMs, reason, droppedParameter}});
    m_repeat.start(waitMs);
}

void HttpChatStream::giveOut(TimedEvent last)
{
    m_batch.push_back(std::move(last));
    m_ended = true;
}

void HttpChatStream::endWith(Error error, FailureKind kind)
{
    StreamFailed failed;
    failed.kind = kind;
    failed.error = std::move(error);
    giveOut({systemClock().monotonicNs(), std::move(failed)});
    ring(StreamMailbox::Ring::End);
}

} // namespace

Error withoutKey(Error error, const Secret& key)
{
    for (std::string* text : {&error.message, &error.where, &error.hint})
        *text = withoutSecrets(std::move(*text), {key.reveal()});
    return error;
}

std::unique_ptr<ChatStream> makeHttpChatStream(const ChatDialect& dialect, ChatRequest request,
                                               std::shared_ptr<HttpTransport> transport,
                                               std::shared_ptr<KeyStore> keys,
                                               const HttpProvider::Options& options)
{
    return std::make_unique<HttpChatStream>(dialect, std::move(request), std::move(transport),
                                            std::move(keys), options);
}

} // namespace signalbox
