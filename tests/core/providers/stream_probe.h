// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/provider.h>

#include <QTest>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace signalbox::test {

/// Owns a stream and keeps what it gives out.
class StreamProbe
{
public:
    explicit StreamProbe(std::unique_ptr<ChatStream> stream) : m_stream(std::move(stream))
    {
        QObject::connect(m_stream.get(), &ChatStream::eventsArrived, m_stream.get(),
                         [this](const std::vector<TimedEvent>& batch) {
                             ++batches;
                             events.insert(events.end(), batch.begin(), batch.end());
                         });
    }

    std::vector<TimedEvent> events;
    int batches = 0;

    [[nodiscard]] ChatStream& stream() { return *m_stream; }
    void deleteStream() { m_stream.reset(); }

    [[nodiscard]] bool hasEnded() const
    {
        return !events.empty() && (std::holds_alternative<StreamFinished>(events.back().event) ||
                                   std::holds_alternative<StreamFailed>(events.back().event));
    }
    /// Runs the event loop until the end; generous, for loaded machines.
    [[nodiscard]] bool waitForEnd()
    {
        return QTest::qWaitFor([this] { return hasEnded(); }, 60'000);
    }
    [[nodiscard]] bool waitForText(const std::string& expected)
    {
        return QTest::qWaitFor([&] { return text() == expected; }, 60'000);
    }

    template<class Event> [[nodiscard]] std::vector<Event> all() const
    {
        std::vector<Event> found;
        for (const TimedEvent& timed : events)
            if (const auto* event = std::get_if<Event>(&timed.event))
                found.push_back(*event);
        return found;
    }
    [[nodiscard]] std::string text() const
    {
        std::string text;
        for (const TextDelta& delta : all<TextDelta>())
            text += delta.text;
        return text;
    }
    [[nodiscard]] bool hasFinished() const { return all<StreamFinished>().size() == 1; }
    /// The failure; a made-up one of kind Cancelled if the stream did not fail.
    [[nodiscard]] StreamFailed failure() const
    {
        const auto failures = all<StreamFailed>();
        if (failures.size() == 1)
            return failures.front();
        StreamFailed none;
        none.kind = FailureKind::Cancelled;
        none.error.message = "did not fail";
        return none;
    }
    /// Everything a person or a log could ever see.
    [[nodiscard]] std::string everything() const
    {
        std::string text;
        for (const StreamFailed& failed : all<StreamFailed>())
            text += toString(failed.error) + "\n";
        for (const StreamRetrying& retrying : all<StreamRetrying>())
            text += retrying.reason + "\n";
        for (const StreamStarted& started : all<StreamStarted>())
            text += started.id + started.servedModel + "\n";
        for (const StreamFinished& finished : all<StreamFinished>())
            text += finished.raw + "\n";
        for (const ReasoningDelta& delta : all<ReasoningDelta>())
            text += delta.text;
        return text + this->text();
    }

private:
    std::unique_ptr<ChatStream> m_stream;
};

} // namespace signalbox::test
