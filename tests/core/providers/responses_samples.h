// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anthropic_samples.h" // named(), which both dialects share

namespace signalbox::test {

inline std::string responsesDelta(const std::string& kind, const std::string& text)
{
    return named("response." + kind + ".delta", R"("item_id":"i","output_index":0,"delta":")" +
                                                    text +
                                                    R"(","sequence_number":4,"obfuscation":"x8f")");
}

inline std::string responsesText(const std::string& text)
{
    return responsesDelta("output_text", text);
}

/// The usual frame around `middle`; the last event is response.STATUS with `members`.
inline std::string
responsesStream(const std::string& middle, const std::string& status = "completed",
                const std::string& members = R"("error":null,"incomplete_details":null,"usage":)"
                                             R"({"input_tokens":9,"output_tokens":7})")
{
    const std::string head = R"("id":"resp_1","object":"response","model":"gpt-x","status":)";
    const std::string open =
        "\"response\":{" + head + R"("in_progress","error":null,"usage":null},"sequence_number":0)";
    return named("response.created", open) + named("response.in_progress", open) +
           named("response.output_item.added", R"("item":{"type":"message","content":[]})") +
           named("response.content_part.added", R"("part":{"type":"output_text","text":""})") +
           middle + named("response.output_text.done", R"("text":"all of it again")") +
           named("response.output_item.done",
                 R"("item":{"type":"message","content":[{"type":"output_text","text":"again"}]})") +
           named("response." + status, "\"response\":{" + head + "\"" + status + "\"," + members +
                                           R"(},"sequence_number":9)");
}

inline const std::vector<DialectSample>& responsesSamples()
{
    static const std::vector<DialectSample> samples = [] {
        std::vector<DialectSample> made;
        const auto add = [&](const char* name, const std::string& bytes, Events events) {
            made.push_back({name, bytes, std::move(events), upTo(bytes, "}")});
        };
        const StreamEvent started = StreamStarted{"resp_1", "gpt-x"};
        UsageReport plain;
        plain.inputUncached = 9;
        plain.output = 7;
        add("text; what is done is not said again",
            responsesStream(responsesText("Grü") + responsesText("ße 🚀")),
            {started, TextDelta{"Grü"}, TextDelta{"ße 🚀"}, plain,
             StreamFinished{FinishReason::Stop, "completed"}});

        UsageReport thought;
        thought.inputUncached = 70;
        thought.cacheRead = 30;
        thought.output = 40;
        thought.reasoning = 33;
        add("reasoning in both forms, cut by its limit, cache inside the input",
            responsesStream(responsesDelta("reasoning_summary_text", "Let me see") +
                                responsesDelta("reasoning_text", " more") + responsesText("4"),
                            "incomplete",
                            R"("error":null,"incomplete_details":{"reason":"max_output_tokens"},)"
                            R"("usage":{"input_tokens":100,"input_tokens_details":)"
                            R"({"cached_tokens":30},"output_tokens":40,"output_tokens_details":)"
                            R"({"reasoning_tokens":33}})"),
            {started, ReasoningDelta{"Let me see"}, ReasoningDelta{" more"}, TextDelta{"4"},
             thought, StreamFinished{FinishReason::Length, "max_output_tokens"}});

        add("a refusal", responsesStream(responsesDelta("refusal", "I cannot.")),
            {started, TextDelta{"I cannot."}, plain,
             StreamFinished{FinishReason::Refusal, "completed"}});

        add("a call of a tool",
            responsesStream(named("response.output_item.added",
                                  R"("item":{"type":"function_call","name":"f"})")),
            {started, plain, StreamFinished{FinishReason::ToolCall, "completed"}});

        add("plain JSON, because the server does not stream",
            R"({"id":"resp_1","object":"response","model":"gpt-x","status":"completed",)"
            R"("error":null,"output":[{"type":"reasoning","summary":[{"type":"summary_text",)"
            R"("text":"Hm"}]},{"type":"message","content":[{"type":"output_text",)"
            R"("text":"Whole"}]}],"usage":{"input_tokens":9,"output_tokens":7}})",
            {started, ReasoningDelta{"Hm"}, TextDelta{"Whole"}, plain,
             StreamFinished{FinishReason::Stop, "completed"}});
        return made;
    }();
    return samples;
}

} // namespace signalbox::test
