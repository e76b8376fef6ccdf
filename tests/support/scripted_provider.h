// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/provider.h>

#include <QPointer>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

/// A stream that does what the test says, when it says so.
class ScriptedStream : public ChatStream
{
public:
    ScriptedStream(ChatRequest asked) : request(std::move(asked)) {}

    void cancel() override { failWith(FailureKind::Cancelled, "cancelled"); }
    [[nodiscard]] StreamTimes times() const override
    {
        StreamTimes result;
        result.firstTextMs = firstTextMs;
        result.endMs = 480;
        return result;
    }
    void say(const std::string& text) { send(TextDelta{text}); }
    void finish()
    {
        UsageReport usage;
        usage.inputUncached = 100;
        usage.output = 50;
        isOver = true;
        emit eventsArrived({{0, usage}, {0, StreamFinished{}}});
    }
    /// What a server answers that another try may find in a better mood.
    void refuse(int status, std::optional<int> retryAfterMs = {})
    {
        isOver = true;
        StreamFailed failed;
        failed.kind = status == 429 ? FailureKind::RateLimit : FailureKind::ServerError;
        failed.httpStatus = status;
        failed.error = {ErrorCode::NetworkError, "no, says " + std::to_string(status), {}, {}};
        failed.retryAfterMs = retryAfterMs;
        failed.isWorthRetrying = true;
        send(failed);
    }
    void failWith(FailureKind kind, const std::string& sentence)
    {
        isOver = true;
        StreamFailed failed;
        failed.kind = kind;
        failed.error = {ErrorCode::NetworkError, sentence, {}, {}};
        send(failed);
    }
    void send(StreamEvent event) { emit eventsArrived({{0, std::move(event)}}); }

    ChatRequest request;
    double firstTextMs = 120;
    bool isOver = false; ///< said its last event; deleted a little later
};

class ScriptedProvider : public ChatProvider
{
public:
    [[nodiscard]] std::string name() const override { return "scripted"; }
    [[nodiscard]] std::unique_ptr<ChatStream> start(const ChatRequest& request) override
    {
        auto stream = std::make_unique<ScriptedStream>(request);
        streams.push_back(stream.get());
        return stream;
    }
    void listModels(const std::string&, const std::string&, QObject*,
                    std::function<void(Result<std::vector<ModelListing>>)>) override
    {}

    [[nodiscard]] std::vector<ScriptedStream*> live() const
    {
        std::vector<ScriptedStream*> result;
        for (const auto& stream : streams) {
            if (stream && !stream->isOver)
                result.push_back(stream);
        }
        return result;
    }
    std::vector<QPointer<ScriptedStream>> streams;
};

} // namespace signalbox::test
