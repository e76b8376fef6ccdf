// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect_probe.h"

namespace signalbox::test {

/// "event: NAME" and its data, which repeats the name as "type".
inline std::string named(const std::string& name, const std::string& members)
{
    return "event: " + name + "\ndata: {\"type\":\"" + name + "\"" +
           (members.empty() ? "" : "," + members) + "}\n\n";
}

/// The usual frame around `middle`.
inline std::string anthropicStream(const std::string& middle,
                                   const std::string& stopReason = "end_turn",
                                   const std::string& usage = R"({"output_tokens":7})")
{
    return named("message_start",
                 R"("message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
                 R"("model":"claude-x","stop_reason":null,)"
                 R"("usage":{"input_tokens":9,"output_tokens":1}})") +
           middle +
           named("message_delta", R"("delta":{"stop_reason":")" + stopReason +
                                      R"(","stop_sequence":null},"usage":)" + usage) +
           named("message_stop", {});
}

inline std::string anthropicText(const std::string& text)
{
    return named("content_block_delta",
                 R"("index":0,"delta":{"type":"text_delta","text":")" + text + "\"}");
}

inline const std::vector<DialectSample>& anthropicSamples()
{
    static const std::vector<DialectSample> samples = [] {
        std::vector<DialectSample> made;
        const auto add = [&](const char* name, const std::string& bytes, Events events,
                             std::string_view last) {
            made.push_back({name, bytes, std::move(events), upTo(bytes, last)});
        };
        UsageReport plain;
        plain.inputUncached = 9;
        plain.output = 7;
        add("text, with pings between",
            anthropicStream(named("ping", {}) +
                            named("content_block_start",
                                  R"("index":0,"content_block":{"type":"text","text":""})") +
                            anthropicText("Grü") + named("ping", {}) + anthropicText("ße 🚀") +
                            named("content_block_stop", "\"index\":0")),
            {StreamStarted{"msg_1", "claude-x"}, TextDelta{"Grü"}, TextDelta{"ße 🚀"}, plain,
             StreamFinished{FinishReason::Stop, "end_turn"}},
            "message_stop\"}");

        UsageReport thought;
        thought.inputUncached = 9;
        thought.cacheRead = 100;
        thought.cacheWrite = 50;
        thought.cacheWriteHour = 20;
        thought.output = 40;
        thought.reasoning = 30;
        add("thinking, a signature, a tool, events unheard of, cached input",
            anthropicStream(
                named("content_block_start",
                      R"("index":0,"content_block":{"type":"thinking","thinking":""})") +
                    named(
                        "content_block_delta",
                        R"("index":0,"delta":{"type":"thinking_delta","thinking":"Let me see"})") +
                    named("content_block_delta",
                          R"("index":0,"delta":{"type":"signature_delta","signature":"EqQB"})") +
                    named("content_block_stop", "\"index\":0") +
                    named("weather_report", R"("text":"rain","delta":{"text":"rain"})") +
                    anthropicText("42") +
                    named(
                        "content_block_start",
                        R"("index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}})") +
                    named(
                        "content_block_delta",
                        R"("index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\""})"),
                "tool_use",
                R"({"input_tokens":9,"cache_read_input_tokens":100,)"
                R"("cache_creation_input_tokens":50,"cache_creation":)"
                R"({"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":20},)"
                R"("output_tokens":40,"output_tokens_details":{"thinking_tokens":30}})"),
            {StreamStarted{"msg_1", "claude-x"}, ReasoningDelta{"Let me see"}, TextDelta{"42"},
             thought, StreamFinished{FinishReason::ToolCall, "tool_use"}},
            "message_stop\"}");

        const std::string twice = anthropicStream(anthropicText("Once"), "end_turn",
                                                  R"({"input_tokens":0,"output_tokens":7})");
        const std::string start = twice.substr(0, twice.find("\n\n") + 2);
        add("a proxy that sends the beginning twice, and no input at the end", start + twice,
            {StreamStarted{"msg_1", "claude-x"}, TextDelta{"Once"}, plain,
             StreamFinished{FinishReason::Stop, "end_turn"}},
            "message_stop\"}");

        std::string crlf = anthropicStream(anthropicText("Ja"));
        for (std::size_t at = crlf.find('\n'); at != std::string::npos;
             at = crlf.find('\n', at + 2))
            crlf.replace(at, 1, "\r\n");
        add("CRLF line ends", crlf,
            {StreamStarted{"msg_1", "claude-x"}, TextDelta{"Ja"}, plain,
             StreamFinished{FinishReason::Stop, "end_turn"}},
            "message_stop\"}");

        add("plain JSON, because the proxy does not stream",
            R"({"id":"msg_2","type":"message","model":"claude-y","content":[)"
            R"({"type":"thinking","thinking":"Hm"},{"type":"text","text":"Whole"}],)"
            R"("stop_reason":"max_tokens","usage":{"input_tokens":9,"output_tokens":7}})",
            {StreamStarted{"msg_2", "claude-y"}, ReasoningDelta{"Hm"}, TextDelta{"Whole"}, plain,
             StreamFinished{FinishReason::Length, "max_tokens"}},
            "}");
        return made;
    }();
    return samples;
}

} // namespace signalbox::test
