// SPDX-License-Identifier: GPL-3.0-or-later
#include "simulator_provider.h"

#include <core/base/clock.h>
#include <core/base/utf8.h>

#include <QTimer>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox {

namespace {

constexpr int kFrameMs = 33;

/// The text in pieces of one word with the blanks before it.
std::vector<std::string> wordsOf(const std::string& text)
{
    std::vector<std::string> words;
    const auto isBlank = [](char c) { return c == ' ' || c == '\n' || c == '\t'; };
    std::size_t begin = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (isBlank(text[i]) && !isBlank(text[i - 1])) {
            words.push_back(text.substr(begin, i - begin));
            begin = i;
        }
    }
    if (begin < text.size())
        words.push_back(text.substr(begin));
    return words;
}

StreamFailed rateLimited()
{
    StreamFailed failed;
    failed.kind = FailureKind::RateLimit;
    failed.httpStatus = 429;
    failed.error = {ErrorCode::Refused, "The simulated provider takes no more requests for now.",
                    "simulator", "Try again, or let the policy fail over."};
    return failed;
}

/// The answer with another text, in the time that its tokens take.
SimulatedAnswer saying(SimulatedAnswer answer, std::string text)
{
    const auto tokens = static_cast<std::int64_t>((codePointCount(text) + 3) / 4);
    const double perTokenMs = answer.outputTokens > 0 ? (answer.totalMs - answer.firstTokenMs) /
                                                            double(answer.outputTokens)
                                                      : 0;
    answer.text = std::move(text);
    answer.outputTokens = tokens;
    answer.totalMs = answer.firstTokenMs + double(tokens) * perTokenMs;
    return answer;
}

/// Plays a script by its times over a speed.
class SimulatedStream final : public ChatStream
{
public:
    SimulatedStream(std::vector<SimulatedEvent> script, double speed, const Clock& clock)
        : m_script(std::move(script)), m_speed(speed), m_clock(&clock),
          m_startNs(clock.monotonicNs())
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, &SimulatedStream::play);
        schedule(0);
    }

    void cancel() override
    {
        if (m_next == m_script.size())
            return;
        StreamFailed failed;
        failed.kind = FailureKind::Cancelled;
        failed.error = {ErrorCode::Cancelled, "The answer was stopped.", {}, {}};
        m_script.resize(m_next);
        m_script.push_back({playedMs(), std::move(failed)});
        schedule(0);
    }

    [[nodiscard]] StreamTimes times() const override { return m_times; }

private:
    [[nodiscard]] bool isAtOnce() const { return m_speed == 0; }
    /// Simulated time that has passed.
    [[nodiscard]] double playedMs() const
    {
        return double(m_clock->monotonicNs() - m_startNs) * 1e-6 * m_speed;
    }

    /// Waits for the next event, and at least `leastMs`.
    void schedule(int leastMs)
    {
        const double dueMs =
            isAtOnce() ? 0 : std::ceil((m_script[m_next].atMs - playedMs()) / m_speed);
        m_timer.start(int(std::clamp(dueMs, double(leastMs), 1e9)));
    }

    void play()
    {
        const double nowMs = playedMs();
        std::vector<TimedEvent> batch;
        while (m_next < m_script.size() && (isAtOnce() || m_script[m_next].atMs <= nowMs)) {
            SimulatedEvent& event = m_script[m_next++];
            note(event);
            batch.push_back({m_startNs + std::int64_t(event.atMs * 1e6), std::move(event.event)});
        }
        if (m_next < m_script.size())
            schedule(batch.empty() ? 1 : kFrameMs);
        if (!batch.empty())
            emit eventsArrived(batch); // the receiver may delete this stream
    }

    void note(const SimulatedEvent& event)
    {
        if (std::holds_alternative<StreamOpened>(event.event))
            m_times.headersMs = event.atMs;
        else if (!m_times.firstEventMs)
            m_times.firstEventMs = event.atMs;
        if (std::holds_alternative<TextDelta>(event.event) && !m_times.firstTextMs)
            m_times.firstTextMs = event.atMs;
        if (std::holds_alternative<StreamFinished>(event.event) ||
            std::holds_alternative<StreamFailed>(event.event))
            m_times.endMs = event.atMs;
    }

    std::vector<SimulatedEvent> m_script;
    std::size_t m_next = 0;
    double m_speed;
    const Clock* m_clock;
    std::int64_t m_startNs;
    StreamTimes m_times;
    QTimer m_timer;
};

} // namespace

std::vector<SimulatedEvent> scriptOf(const SimulatedAnswer& answer,
                                     const std::string& upstreamModel, std::optional<int> maxTokens)
{
    if (answer.rateLimited)
        return {{std::max(answer.firstTokenMs, answer.totalMs), rateLimited()}};
    std::vector<std::string> words = wordsOf(answer.text);
    std::int64_t outputTokens = answer.outputTokens;
    double totalMs = std::max(answer.totalMs, answer.firstTokenMs);
    FinishReason reason = FinishReason::Stop;
    if (maxTokens && *maxTokens < outputTokens) {
        const double share = double(std::max(*maxTokens, 0)) / double(outputTokens);
        words.resize(std::size_t(double(words.size()) * share));
        totalMs = answer.firstTokenMs + (totalMs - answer.firstTokenMs) * share;
        outputTokens = *maxTokens;
        reason = FinishReason::Length;
    }
    std::vector<SimulatedEvent> script;
    script.push_back({answer.firstTokenMs, StreamOpened{200}});
    script.push_back({answer.firstTokenMs, StreamStarted{"simulated", upstreamModel}});
    const double stepMs =
        words.empty() ? 0 : (totalMs - answer.firstTokenMs) / double(words.size());
    for (std::size_t i = 0; i < words.size(); ++i)
        script.push_back(
            {answer.firstTokenMs + double(i) * stepMs, TextDelta{std::move(words[i])}});
    UsageReport usage;
    usage.inputUncached = answer.inputTokens;
    usage.output = outputTokens;
    script.push_back({totalMs, usage});
    script.push_back(
        {totalMs, StreamFinished{reason, reason == FinishReason::Stop ? "stop" : "length"}});
    return script;
}

SimulatorProvider::SimulatorProvider(QObject* parent) : SimulatorProvider(systemClock(), parent) {}
SimulatorProvider::SimulatorProvider(const Clock& clock, QObject* parent)
    : ChatProvider(parent), m_clock(&clock)
{}

SimulatorProvider::~SimulatorProvider() = default;

void SimulatorProvider::setSpeed(double speed)
{
    m_speed = std::isfinite(speed) && speed > 0 ? speed : 0;
}

std::unique_ptr<ChatStream> SimulatorProvider::start(const ChatRequest& request)
{
    SimulatedAnswer answer =
        simulateAnswer(request.upstreamModel, request.messages, request.styleGuide, request.sample,
                       std::uint64_t(request.seed.value_or(1)));
    auto other = m_otherReply ? m_otherReply(request.messages) : std::nullopt;
    if (other && !answer.rateLimited)
        answer = saying(std::move(answer), std::move(*other));
    return std::make_unique<SimulatedStream>(
        scriptOf(answer, request.upstreamModel, request.maxTokens), m_speed, *m_clock);
}

void SimulatorProvider::listModels(const std::string&, const std::string&, QObject* context,
                                   std::function<void(Result<std::vector<ModelListing>>)> done)
{
    std::vector<ModelListing> models;
    for (std::string& id : simulatedModels())
        models.push_back({std::move(id), std::nullopt});
    QMetaObject::invokeMethod(
        context, [done = std::move(done), models = std::move(models)] { done(models); },
        Qt::QueuedConnection);
}

} // namespace signalbox
