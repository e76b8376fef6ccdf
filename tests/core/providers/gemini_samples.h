// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect_probe.h"

namespace signalbox::test {

inline std::string geminiEvent(const std::string& parts, const std::string& finish = {},
                               const std::string& usage = R"({"promptTokenCount":9})")
{
    return R"(data: {"candidates":[{"content":{"parts":[)" + parts + R"(],"role":"model"})" +
           (finish.empty() ? "" : R"(,"finishReason":")" + finish + "\"") + R"(,"index":0}],)" +
           (usage.empty() ? "" : "\"usageMetadata\":" + usage + ",") +
           R"("modelVersion":"gemini-x","responseId":"r1"})" + "\r\n\r\n";
}

inline std::string geminiText(const std::string& text)
{
    return R"({"text":")" + text + "\"}";
}

inline const std::vector<DialectSample>& geminiSamples()
{
    static const std::vector<DialectSample> samples = [] {
        std::vector<DialectSample> made;
        const auto add = [&](const char* name, const std::string& bytes, Events events) {
            made.push_back({name, bytes, std::move(events), upTo(bytes, "}")});
        };
        const StreamEvent started = StreamStarted{"r1", "gemini-x"};
        const StreamEvent stopped = StreamFinished{FinishReason::Stop, "STOP"};
        UsageReport plain;
        plain.inputUncached = 9;
        plain.output = 3;
        add("text, usage with every event, the last one counts",
            geminiEvent(geminiText("Grü")) + geminiEvent(geminiText("ße 🚀")) +
                geminiEvent(geminiText(""), "STOP",
                            R"({"promptTokenCount":9,"candidatesTokenCount":3})"),
            {started, TextDelta{"Grü"}, TextDelta{"ße 🚀"}, plain, stopped});

        UsageReport thought;
        thought.inputUncached = 7; // 9 of the prompt, 2 of tools, 4 of them cached
        thought.cacheRead = 4;
        thought.output = 23;
        thought.reasoning = 20;
        add("thoughts, a signature at the end, cache and tools in the input",
            geminiEvent(R"({"text":"Let me see","thought":true})") + geminiEvent(geminiText("42")) +
                geminiEvent(R"({"text":"","thoughtSignature":"CiQB"})", "STOP",
                            R"({"promptTokenCount":9,"toolUsePromptTokenCount":2,)"
                            R"("cachedContentTokenCount":4,"candidatesTokenCount":3,)"
                            R"("thoughtsTokenCount":20,"totalTokenCount":34})"),
            {started, ReasoningDelta{"Let me see"}, TextDelta{"42"}, thought, stopped});

        UsageReport onlyThought;
        onlyThought.inputUncached = 9;
        onlyThought.output = 16;
        onlyThought.reasoning = 16;
        add("a limit so small that only thinking fits",
            geminiEvent("", "MAX_TOKENS", R"({"promptTokenCount":9,"thoughtsTokenCount":16})"),
            {started, onlyThought, StreamFinished{FinishReason::Length, "MAX_TOKENS"}});

        add("a call of a tool",
            geminiEvent(R"({"functionCall":{"name":"f","args":{}}})", "STOP",
                        R"({"promptTokenCount":9,"candidatesTokenCount":3})"),
            {started, plain, StreamFinished{FinishReason::ToolCall, "STOP"}});

        std::string list = "[" + geminiEvent(geminiText("A")) + "," +
                           geminiEvent(geminiText("B"), "STOP",
                                       R"({"promptTokenCount":9,"candidatesTokenCount":3})") +
                           "]";
        for (std::size_t at = list.find("data: "); at != std::string::npos;
             at = list.find("data: "))
            list.erase(at, 6);
        made.push_back({"a growing list, for a proxy that drops alt=sse",
                        list,
                        {started, TextDelta{"A"}, TextDelta{"B"}, plain, stopped},
                        list.size()});
        return made;
    }();
    return samples;
}

} // namespace signalbox::test
