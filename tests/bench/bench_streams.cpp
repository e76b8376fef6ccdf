// SPDX-License-Identifier: GPL-3.0-or-later
// How the providers keep up, printed as name,metric,value:
//   lab      24 streams of 200 events a second each for 10 s: the window's thread, its longest work
//            between two ticks (processor time) and its longest pause (wall time), TTFT, signals
//   calls    800 short answers with 32 in flight: the client's own cost of a call
//   decode   bytes to events without a socket
// The server runs in this process, on a thread of its own, and needs most of the processor.

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

HttpScript steadyStream(int events, int pause)
{
    HttpScript script = {
        send(head(200, {"Content-Type: text/event-stream", "Transfer-Encoding: chunked"}))};
    for (int i = 0; i < events; ++i) {
        script.push_back(send(chunk(textEvent("word "))));
        script.push_back(pauseMs(pause));
    }
    script.push_back(send(chunk(dataEvent(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})") +
                                dataEvent("[DONE]")) +
                          chunk({})));
    return script;
}

bool isEnd(const StreamEvent& event)
{
    return std::holds_alternative<StreamFinished>(event) ||
           std::holds_alternative<StreamFailed>(event);
}

void benchLab()
{
    constexpr int kStreams = 24;
    constexpr int kEvents = 2'000;
    FaultServer server;
    server.answer(steadyStream(kEvents, 5));
    const auto provider = makeProvider();
    ChatRequest request;
    request.baseUrl = server.baseUrl();
    request.messages = {{Role::User, "Hi"}};

    QEventLoop loop;
    std::vector<std::unique_ptr<ChatStream>> streams;
    int ended = 0;
    int signalCount = 0;
    std::size_t events = 0;
    for (int i = 0; i < kStreams; ++i) {
        streams.push_back(provider->start(request));
        QObject::connect(streams.back().get(), &ChatStream::eventsArrived, &loop,
                         [&](const std::vector<TimedEvent>& batch) {
                             ++signalCount;
                             events += batch.size();
                             if (isEnd(batch.back().event) && ++ended == kStreams)
                                 loop.quit();
                         });
    }
    double longestCpu = 0;
    double longestWall = 0;
    double lastCpu = threadCpuMs();
    double lastWall = wallMs();
    int ticks = 0;
    QTimer ticker;
    ticker.setTimerType(Qt::PreciseTimer);
    QObject::connect(&ticker, &QTimer::timeout, &loop, [&] {
        longestCpu = std::max(longestCpu, threadCpuMs() - lastCpu);
        longestWall = std::max(longestWall, wallMs() - lastWall);
        lastCpu = threadCpuMs();
        lastWall = wallMs();
        ++ticks;
    });
    ticker.start(5);
    const double cpu = threadCpuMs();
    const double wall = wallMs();
    loop.exec();
    const double tookMs = wallMs() - wall;
    std::vector<double> firstText;
    for (const auto& stream : streams)
        firstText.push_back(stream->times().firstTextMs.value_or(-1));
    std::ranges::sort(firstText);
    print("lab", "streams", kStreams);
    print("lab", "events_per_second", double(events) * 1e3 / tookMs);
    print("lab", "signals_per_second", signalCount * 1e3 / tookMs);
    print("lab", "ticks", ticks);
    print("lab", "window_thread_longest_work_ms", longestCpu);
    print("lab", "window_thread_longest_pause_ms", longestWall);
    print("lab", "window_thread_cpu_share", (threadCpuMs() - cpu) / tookMs);
    print("lab", "ttft_median_ms", firstText[firstText.size() / 2]);
    print("lab", "ttft_longest_ms", firstText.back());
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
    benchLab();
    return 0;
}
