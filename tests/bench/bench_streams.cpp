// SPDX-License-Identifier: GPL-3.0-or-later
// How the providers keep up, printed as name,metric,value:
//   lab N    N streams of 200 events a second each for 5 s, all from one host: how many are written
//            at once at most, the window's thread, its longest work between two ticks (processor
//            time) and its longest pause (wall time), signals
//   ttft N   N streams at once, ten times: by how much our time to the first text is beside that of
//            the server, which says in its first word how long it took by its own clock
//   calls    800 short answers with 32 in flight: the client's own cost of a call
//   decode   bytes to events without a socket
// The server is a process of its own (bench_upstream), but of "calls", where it is a thread.

#include "upstream_process.h"

#include <core/base/clock.h>
#include <core/providers/curl_transport.h>
#include <core/providers/http_provider.h>
#include <core/providers/openai_chat.h>
#include <tests/support/fault_server.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;

namespace {

void print(const char* name, const char* metric, double value)
{
    std::printf("%s,%s,%.3f\n", name, metric, value);
    std::fflush(stdout);
}

double threadCpuMs()
{
    timespec now = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

double wallMs()
{
    return double(systemClock().monotonicNs()) * 1e-6;
}

/// No key is asked for here.
class NoKeychain final : public Keychain
{
public:
    void read(const std::string&, QObject*, std::function<void(Result<Secret>)>) override {}
    void write(const std::string&, const Secret&, QObject*,
               std::function<void(Result<void>)>) override
    {}
    void remove(const std::string&, QObject*, std::function<void(Result<void>)>) override {}
};

std::unique_ptr<HttpProvider> makeProvider()
{
    return std::make_unique<HttpProvider>(
        openAiChatDialect(), std::make_shared<CurlTransport>(),
        std::make_shared<KeyStore>(std::make_unique<NoKeychain>()));
}

bool isEnd(const StreamEvent& event)
{
    return std::holds_alternative<StreamFinished>(event) ||
           std::holds_alternative<StreamFailed>(event);
}

/// What the window's thread does meanwhile.
class Ticker
{
public:
    Ticker()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            longestWork = std::max(longestWork, threadCpuMs() - m_lastCpu);
            longestPause = std::max(longestPause, wallMs() - m_lastWall);
            m_lastCpu = threadCpuMs();
            m_lastWall = wallMs();
        });
        m_timer.start(5);
    }
    double longestWork = 0;  ///< ms of processor time between two ticks
    double longestPause = 0; ///< ms of wall time

private:
    QTimer m_timer;
    double m_lastCpu = threadCpuMs();
    double m_lastWall = wallMs();
};

void benchLab(int count)
{
    constexpr int kEvents = 1'000;
    constexpr int kDelayMs = 300; // so that all are asked before the first is answered
    const std::string name = "lab " + std::to_string(count);
    const bench::UpstreamProcess server(
        {QString::number(kDelayMs), QString::number(kEvents), QStringLiteral("5")});
    const auto provider = makeProvider();
    ChatRequest request;
    request.baseUrl = server.baseUrl();
    request.messages = {{Role::User, "Hi"}};

    QEventLoop loop;
    std::vector<std::unique_ptr<ChatStream>> streams;
    std::vector<bool> isWriting(static_cast<std::size_t>(count));
    int ended = 0;
    int signalCount = 0;
    std::ptrdiff_t mostAtOnce = 0;
    std::size_t events = 0;
    for (std::size_t i = 0; i < isWriting.size(); ++i) {
        streams.push_back(provider->start(request));
        QObject::connect(streams.back().get(), &ChatStream::eventsArrived, &loop,
                         [&, i](const std::vector<TimedEvent>& batch) {
                             ++signalCount;
                             events += batch.size();
                             isWriting[i] = !isEnd(batch.back().event);
                             mostAtOnce = std::max(mostAtOnce, std::ranges::count(isWriting, true));
                             if (!isWriting[i] && ++ended == count)
                                 loop.quit();
                         });
    }
    const Ticker ticker;
    const double cpu = threadCpuMs();
    const double wall = wallMs();
    loop.exec();
    const double tookMs = wallMs() - wall;
    print(name.c_str(), "streams", count);
    print(name.c_str(), "streams_at_once", double(mostAtOnce));
    print(name.c_str(), "events_per_second", double(events) * 1e3 / tookMs);
    print(name.c_str(), "signals_per_second", signalCount * 1e3 / tookMs);
    print(name.c_str(), "window_thread_longest_work_ms", ticker.longestWork);
    print(name.c_str(), "window_thread_longest_pause_ms", ticker.longestPause);
    print(name.c_str(), "window_thread_cpu_share", (threadCpuMs() - cpu) / tookMs);
}

/// The first word is the number of microseconds that the server waited before it.
std::optional<double> serversMs(const std::vector<TimedEvent>& batch)
{
    for (const TimedEvent& timed : batch) {
        if (const auto* text = std::get_if<TextDelta>(&timed.event))
            return std::stod(text->text) / 1e3;
    }
    return std::nullopt;
}

void benchFirstText(int count)
{
    constexpr int kRounds = 10;
    const std::string name = "ttft " + std::to_string(count);
    const bench::UpstreamProcess server(
        {QStringLiteral("100"), QStringLiteral("20"), QStringLiteral("5")});
    const auto provider = makeProvider();
    ChatRequest request;
    request.baseUrl = server.baseUrl();
    request.messages = {{Role::User, "Hi"}};
    std::vector<double> errors;
    for (int round = 0; round < kRounds; ++round) {
        QEventLoop loop;
        std::vector<std::unique_ptr<ChatStream>> streams;
        std::vector<std::optional<double>> theirs(static_cast<std::size_t>(count));
        int ended = 0;
        for (std::size_t i = 0; i < theirs.size(); ++i) {
            streams.push_back(provider->start(request));
            QObject::connect(streams.back().get(), &ChatStream::eventsArrived, &loop,
                             [&, i](const std::vector<TimedEvent>& batch) {
                                 if (!theirs[i])
                                     theirs[i] = serversMs(batch);
                                 if (isEnd(batch.back().event) && ++ended == count)
                                     loop.quit();
                             });
        }
        loop.exec();
        for (std::size_t i = 0; i < theirs.size(); ++i)
            errors.push_back(streams[i]->times().firstTextMs.value_or(1e9) - theirs[i].value_or(0));
    }
    std::ranges::sort(errors);
    print(name.c_str(), "error_median_ms", errors[errors.size() / 2]);
    print(name.c_str(), "error_p95_ms", errors[errors.size() * 95 / 100]);
    print(name.c_str(), "error_longest_ms", errors.back());
}

void benchCalls()
{
    constexpr int kCalls = 800;
    constexpr int kInFlight = 32;
    FaultServer server;
    server.answer(goodAnswer());
    const auto provider = makeProvider();
    ChatRequest request;
    request.baseUrl = server.baseUrl();
    request.messages = {{Role::User, "Hi"}};
    QEventLoop loop;
    std::vector<std::unique_ptr<ChatStream>> streams;
    int ended = 0;
    const std::function<void()> startOne = [&] {
        streams.push_back(provider->start(request));
        QObject::connect(streams.back().get(), &ChatStream::eventsArrived, &loop,
                         [&](const std::vector<TimedEvent>& batch) {
                             if (!isEnd(batch.back().event))
                                 return;
                             if (++ended == kCalls)
                                 loop.quit();
                             else if (streams.size() < kCalls)
                                 startOne();
                         });
    };
    const double wall = wallMs();
    for (int i = 0; i < kInFlight; ++i)
        startOne();
    loop.exec();
    print("calls", "count", kCalls);
    print("calls", "in_flight", kInFlight);
    print("calls", "total_ms", wallMs() - wall);
}

void benchDecode()
{
    QByteArray bytes;
    for (int i = 0; i < 100'000; ++i)
        bytes += textEvent("some words ");
    bytes += dataEvent("[DONE]");
    constexpr std::size_t kPiece = 16 << 10;
    const std::string_view text(bytes.constData(), std::size_t(bytes.size()));
    OpenAiChatDecoder decoder(openAiServerFor("localhost"), {});
    const double wall = wallMs();
    std::size_t events = decoder.begin(200, {}, 0).size();
    for (std::size_t at = 0; at < text.size(); at += kPiece)
        events += decoder.feed(text.substr(at, kPiece)).size();
    const double tookMs = wallMs() - wall;
    print("decode", "events", double(events));
    print("decode", "ns_per_event", tookMs * 1e6 / double(events));
    print("decode", "mb_per_second", double(text.size()) / tookMs / 1e3);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    benchDecode();
    benchCalls();
    for (const int streams : {24, 64})
        benchLab(streams);
    benchFirstText(24);
    return 0;
}
