// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect_probe.h"

namespace signalbox::test {

inline std::string ollamaLine(const std::string& members)
{
    return R"({"model":"qwen:x","created_at":"2026-08-21T10:00:00.1Z",)" + members + "}\n";
}

inline std::string ollamaText(const std::string& text)
{
    return ollamaLine(R"("message":{"role":"assistant","content":")" + text + R"("},"done":false)");
}

inline std::string ollamaEnd(const std::string& members = R"("prompt_eval_count":9,"eval_count":7)",
                             const std::string& reason = "stop")
{
    return ollamaLine(R"("message":{"role":"assistant","content":""},"done":true,"done_reason":")" +
                      reason + "\"" + (members.empty() ? "" : "," + members));
}

inline const std::vector<DialectSample>& ollamaSamples()
{
    static const std::vector<DialectSample> samples = [] {
        std::vector<DialectSample> made;
        const auto add = [&](const char* name, const std::string& bytes, Events events) {
            made.push_back({name, bytes, std::move(events), upTo(bytes, "}")});
        };
        const StreamEvent started = StreamStarted{"", "qwen:x"};
        const StreamEvent stopped = StreamFinished{FinishReason::Stop, "stop"};
        UsageReport plain;
        plain.inputUncached = 9;
        plain.output = 7;
        add("text", ollamaText("Grü") + ollamaText("ße 🚀") + ollamaEnd(),
            {started, TextDelta{"Grü"}, TextDelta{"ße 🚀"}, plain, stopped});
        add("thinking, times of the server, CRLF, blank lines",
            ollamaLine(
                R"("message":{"role":"assistant","content":"","thinking":"Let me see"},"done":false)") +
                "\r\n\n" + ollamaText("42") +
                ollamaEnd(R"("total_duration":9000000000,"load_duration":2500000000,)"
                          R"("prompt_eval_count":9,"prompt_eval_duration":125000000,)"
                          R"("eval_count":7,"eval_duration":500000000)"),
            {started, ReasoningDelta{"Let me see"}, TextDelta{"42"}, ServerTimes{2500, 125, 500},
             plain, stopped});
        UsageReport cached;
        cached.output = 7;
        std::string noLf = ollamaText("a") + ollamaEnd("\"eval_count\":7", "length");
        noLf.pop_back();
        add("the last line without its end, the prompt's count absent", noLf,
            {started, TextDelta{"a"}, cached, StreamFinished{FinishReason::Length, "length"}});
        add("a call of a tool",
            ollamaLine(R"("message":{"role":"assistant","content":"","tool_calls":[{"function":)"
                       R"({"name":"f","arguments":{}}}]},"done":false)") +
                ollamaEnd(),
            {started, plain, StreamFinished{FinishReason::ToolCall, "stop"}});
        return made;
    }();
    return samples;
}

} // namespace signalbox::test
