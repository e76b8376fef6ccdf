// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect_probe.h"

#include <core/providers/aws_event_parser.h>

#include <utility>
#include <vector>

namespace signalbox::test {

inline std::string bigEndian(std::uint32_t number, int bytes)
{
    std::string text;
    for (int i = bytes - 1; i >= 0; --i)
        text += static_cast<char>((number >> (8 * i)) & 0xFF);
    return text;
}

/// A header whose value is text.
inline std::string awsHeader(const std::string& name, const std::string& value)
{
    return bigEndian(std::uint32_t(name.size()), 1) + name + '\x07' +
           bigEndian(std::uint32_t(value.size()), 2) + value;
}

/// A frame with valid lengths and checksums around raw headers.
inline std::string awsFrame(const std::string& headers, const std::string& payload)
{
    constexpr std::size_t kAround = 16;
    const std::string lengths =
        bigEndian(std::uint32_t(kAround + headers.size() + payload.size()), 4) +
        bigEndian(std::uint32_t(headers.size()), 4);
    const std::string before = lengths + bigEndian(crc32(lengths), 4) + headers + payload;
    return before + bigEndian(crc32(before), 4);
}

inline std::string awsEvent(const std::string& type, const std::string& payload)
{
    return awsFrame(awsHeader(":event-type", type) +
                        awsHeader(":content-type", "application/json") +
                        awsHeader(":message-type", "event"),
                    payload);
}

inline std::string awsException(const std::string& type, const std::string& payload)
{
    return awsFrame(awsHeader(":exception-type", type) +
                        awsHeader(":content-type", "application/json") +
                        awsHeader(":message-type", "exception"),
                    payload);
}

inline std::string bedrockDelta(const std::string& delta)
{
    return awsEvent("contentBlockDelta",
                    R"({"contentBlockIndex":0,"delta":)" + delta + R"(,"p":"abcdefgh"})");
}

inline std::string bedrockText(const std::string& text)
{
    return bedrockDelta("{\"text\":\"" + text + "\"}");
}

inline std::string bedrockStream(const std::string& middle,
                                 const std::string& stopReason = "end_turn",
                                 const std::string& usage = R"({"inputTokens":9,"outputTokens":7})")
{
    return awsEvent("messageStart", R"({"role":"assistant"})") + middle +
           awsEvent("contentBlockStop", R"({"contentBlockIndex":0})") +
           awsEvent("messageStop", R"({"stopReason":")" + stopReason + "\"}") +
           awsEvent("metadata", R"({"metrics":{"latencyMs":350},"usage":)" + usage + "}");
}

inline const std::vector<DialectSample>& bedrockSamples()
{
    static const std::vector<DialectSample> samples = [] {
        std::vector<DialectSample> made;
        const auto add = [&](const char* name, const std::string& bytes, Events events) {
            made.push_back({name, bytes, std::move(events), bytes.size()});
        };
        UsageReport plain;
        plain.inputUncached = 9;
        plain.output = 7;
        add("text", bedrockStream(bedrockText("Grü") + bedrockText("ße 🚀")),
            {TextDelta{"Grü"}, TextDelta{"ße 🚀"}, plain,
             StreamFinished{FinishReason::Stop, "end_turn"}});
        UsageReport cached = plain;
        cached.cacheRead = 100;
        cached.cacheWrite = 50;
        add("reasoning, a signature, cache beside the input, events and headers unheard of",
            bedrockStream(
                bedrockDelta(R"({"reasoningContent":{"text":"Let me see"}})") +
                    bedrockDelta(R"({"reasoningContent":{"signature":"EqQB"}})") +
                    awsEvent("contentBlockStart", R"({"start":{},"contentBlockIndex":1})") +
                    awsEvent("weather", R"({"delta":{"text":"rain"}})") +
                    awsFrame(std::string("\x01t\x00\x01"
                                         "f\x01\x01"
                                         "b\x02\x09\x01"
                                         "s\x03\x01\x02",
                                         15) +
                                 awsHeader(":event-type", "contentBlockDelta") +
                                 awsHeader(":message-type", "event"),
                             R"({"delta":{"text":"42"}})"),
                "max_tokens",
                R"({"inputTokens":9,"cacheReadInputTokens":100,"cacheWriteInputTokens":50,)"
                R"("outputTokens":7,"totalTokens":166})"),
            {ReasoningDelta{"Let me see"}, TextDelta{"42"}, cached,
             StreamFinished{FinishReason::Length, "max_tokens"}});
        return made;
    }();
    return samples;
}

} // namespace signalbox::test
