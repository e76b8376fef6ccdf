// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anthropic_samples.h" // named(), which both dialects share

namespace signalbox::test {

inline std::string cohereContent(const std::string& member, const std::string& text)
{
    return named("content-delta", R"("index":0,"delta":{"message":{"content":{")" + member +
                                      "\":\"" + text + "\"}}}");
}

inline std::string cohereText(const std::string& text)
{
    return cohereContent("text", text);
}

inline std::string cohereEnd(const std::string& usage, const std::string& reason)
{
    return named("message-end", R"("id":"c1","delta":{"finish_reason":")" + reason + "\"" +
                                    (usage.empty() ? "" : ",\"usage\":" + usage) + "}");
}

inline std::string
cohereStream(const std::string& middle, const std::string& reason = "COMPLETE",
             const std::string& usage = R"({"billed_units":{"input_tokens":8,"output_tokens":7},)"
                                        R"("tokens":{"input_tokens":1394,"output_tokens":9}})")
{
    return named("message-start",
                 R"("id":"c1","delta":{"message":{"role":"assistant","content":[]}})") +
           named("content-start",
                 R"("index":0,"delta":{"message":{"content":{"type":"text","text":""}}})") +
           middle + named("content-end", "\"index\":0") + cohereEnd(usage, reason);
}

inline const std::vector<DialectSample>& cohereSamples()
{
    static const std::vector<DialectSample> samples = [] {
        std::vector<DialectSample> made;
        const auto add = [&](const char* name, const std::string& bytes, Events events) {
            made.push_back({name, bytes, std::move(events), upTo(bytes, "}")});
        };
        const StreamEvent started = StreamStarted{"c1", ""};
        UsageReport billed;
        billed.inputUncached = 8;
        billed.output = 7;
        billed.processedInput = 1394;
        billed.processedOutput = 9;
        add("text, billed for less than what ran",
            cohereStream(cohereText("Grü") + cohereText("ße 🚀")),
            {started, TextDelta{"Grü"}, TextDelta{"ße 🚀"}, billed,
             StreamFinished{FinishReason::Stop, "COMPLETE"}});
        UsageReport ran;
        ran.inputUncached = 60;
        ran.cacheRead = 40;
        ran.output = 9;
        ran.processedInput = 100;
        ran.processedOutput = 9;
        add("thinking, citations, a plan for tools; nothing said of the bill",
            cohereStream(
                cohereContent("thinking", "Let me see") +
                    named("tool-plan-delta", R"("delta":{"message":{"tool_plan":"I will"}})") +
                    cohereText("42") +
                    named("citation-start",
                          R"("delta":{"message":{"citations":{"start":0,"text":"42"}}})"),
                "MAX_TOKENS",
                R"({"tokens":{"input_tokens":100,"output_tokens":9},"cached_tokens":40})"),
            {started, ReasoningDelta{"Let me see"}, TextDelta{"42"}, ran,
             StreamFinished{FinishReason::Length, "MAX_TOKENS"}});
        add("plain JSON, because the proxy does not stream",
            R"({"id":"c1","finish_reason":"COMPLETE","message":{"role":"assistant","content":[)"
            R"({"type":"thinking","thinking":"Hm"},{"type":"text","text":"Whole"}]},"usage":)"
            R"({"billed_units":{"input_tokens":8,"output_tokens":7},)"
            R"("tokens":{"input_tokens":1394,"output_tokens":9}}})",
            {started, ReasoningDelta{"Hm"}, TextDelta{"Whole"}, billed,
             StreamFinished{FinishReason::Stop, "COMPLETE"}});
        return made;
    }();
    return samples;
}

} // namespace signalbox::test
