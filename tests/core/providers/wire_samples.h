// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/providers/openai_chat.h>

#include <string>
#include <string_view>
#include <vector>

namespace signalbox::test {

/// A stream as one server of the family sends it, written after its documented shape, with what it
/// means. Texts, ids and counts are our own.
struct WireSample
{
    const char* name;
    std::string_view host; ///< whose row of the table applies
    std::string_view bytes;
    std::vector<StreamEvent> events; ///< after StreamOpened
};

inline UsageReport usage(std::int64_t input, std::int64_t output)
{
    UsageReport report;
    report.inputUncached = input;
    report.output = output;
    return report;
}

/// With cached and reasoning tokens.
inline UsageReport usage(std::int64_t input, std::int64_t cacheRead, std::int64_t output,
                         std::int64_t reasoning)
{
    UsageReport report = usage(input, output);
    report.cacheRead = cacheRead;
    report.reasoning = reasoning;
    return report;
}

inline UsageReport withCost(UsageReport report, Money cost)
{
    report.statedCost = cost;
    return report;
}

inline const std::vector<WireSample>& wireSamples()
{
    static const std::vector<WireSample> samples = {
        {"OpenAI: role first, padding, usage in a chunk without choices",
         "api.openai.com",
         "data: {\"id\":\"c1\",\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"delta\":"
         "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"finish_reason\":null}],"
         "\"usage\":null,\"obfuscation\":\"qq\"}\n\n"
         "data: "
         "{\"id\":\"c1\",\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
         "\"Grü\"},\"finish_reason\":null}],\"usage\":null}\n\n"
         "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ße 🚀\"}}]}\n\n"
         "data: "
         "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
         "data: "
         "{\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":7,"
         "\"prompt_tokens_details\":{\"cached_tokens\":10},"
         "\"completion_tokens_details\":{\"reasoning_tokens\":4}}}\n\n"
         "data: [DONE]\n\n",
         {StreamStarted{"c1", "gpt-x"}, TextDelta{"Grü"}, TextDelta{"ße 🚀"}, usage(20, 10, 7, 4),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"Azure: an empty chunk with filter results comes first",
         "res.openai.azure.com",
         "data: {\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[{}]}\r\n\r\n"
         "data: {\"id\":\"c2\",\"model\":\"gpt-y\",\"choices\":[{\"index\":0,\"delta\":"
         "{\"content\":\"Yes\"},\"content_filter_results\":{}}]}\r\n\r\n"
         "data: {\"id\":\"c2\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
         "\"length\"}]}\r\n\r\ndata: [DONE]\r\n\r\n",
         {StreamStarted{"c2", "gpt-y"}, TextDelta{"Yes"},
          StreamFinished{FinishReason::Length, "length"}}},
        {"Mistral: content in parts, everything in the last chunk",
         "api.mistral.ai",
         "data: {\"id\":\"m\",\"model\":\"magi\",\"choices\":[{\"index\":0,\"delta\":{\"content\":["
         "{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Let me "
         "see\"}]}]}}]}\n\n"
         "data: {\"id\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"text\","
         "\"text\":\"42\"}]},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,"
         "\"completion_tokens\":9,\"num_cached_tokens\":2}}\n\ndata: [DONE]\n\n",
         {StreamStarted{"m", "magi"}, ReasoningDelta{"Let me see"}, TextDelta{"42"},
          [] {
              UsageReport report = usage(3, 9);
              report.cacheRead = 2;
              return report;
          }(),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"DeepSeek: reasoning beside content null, keep-alive comments, cache counts",
         "api.deepseek.com",
         ": keep-alive\n\n: keep-alive\n\n"
         "data: {\"id\":\"d\",\"model\":\"ds\",\"choices\":[{\"index\":0,\"delta\":{\"role\":"
         "\"assistant\",\"content\":null,\"reasoning_content\":\"Hm\"}}]}\n\n"
         "data: {\"id\":\"d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Ok\","
         "\"reasoning_content\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,"
         "\"prompt_cache_hit_tokens\":8,\"prompt_cache_miss_tokens\":4,\"completion_tokens\":6,"
         "\"completion_tokens_details\":{\"reasoning_tokens\":5}}}\n\ndata: [DONE]\n\n",
         {StreamStarted{"d", "ds"}, ReasoningDelta{"Hm"}, TextDelta{"Ok"}, usage(4, 8, 6, 5),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"xAI: reasoning tokens beside the completion, cost in ticks",
         "api.x.ai",
         "data: {\"id\":\"x\",\"model\":\"gk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
         "\"No\"},\"finish_reason\":\"stop\"}]}\n\n"
         "data: "
         "{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":2,"
         "\"completion_tokens_details\":{\"reasoning_tokens\":340},\"prompt_tokens_details\":"
         "{\"cached_tokens\":0},\"cost_in_usd_ticks\":1730000}}\n\ndata: [DONE]\n\n",
         {StreamStarted{"x", "gk"}, TextDelta{"No"},
          withCost(usage(12, 0, 342, 340), Money{173'000'000}),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"Groq: reasoning, usage in its own member",
         "api.groq.com",
         "data: {\"id\":\"g\",\"model\":\"ll\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":"
         "\"So\"}}],\"x_groq\":{\"id\":\"r\"}}\n\n"
         "data: {\"id\":\"g\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Fine\"}}]}\n\n"
         "data: {\"id\":\"g\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
         "\"x_groq\":{\"usage\":{\"queue_time\":0.01,\"prompt_tokens\":3,\"completion_tokens\":4}}}"
         "\n\ndata: [DONE]\n\n",
         {StreamStarted{"g", "ll"}, ReasoningDelta{"So"}, TextDelta{"Fine"}, usage(3, 4),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"OpenRouter: comments, both reasoning members, stated cost",
         "openrouter.ai",
         ": OPENROUTER PROCESSING\n\n"
         "data: {\"id\":\"o\",\"model\":\"v/m\",\"provider\":\"P\",\"choices\":[{\"index\":0,"
         "\"delta\":{\"content\":\"\",\"reasoning\":\"A\",\"reasoning_details\":[{\"text\":\"A\"}]}"
         "}]}"
         "\n\n: OPENROUTER PROCESSING\n\n"
         "data: {\"id\":\"o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"B\"},"
         "\"finish_reason\":\"stop\",\"native_finish_reason\":\"STOP\"}]}\n\n"
         "data: "
         "{\"id\":\"o\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,"
         "\"cost\":0.000125}}\n\ndata: [DONE]\n\n",
         {StreamStarted{"o", "v/m"}, ReasoningDelta{"A"}, TextDelta{"B"},
          withCost(usage(1, 2), Money{125'000'000}), StreamFinished{FinishReason::Stop, "stop"}}},
        {"vLLM: usage on every chunk, CR line ends, byte order mark",
         "localhost",
         "\xEF\xBB\xBF"
         "data: {\"id\":\"v\",\"model\":\"q\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
         "\"a\"}}],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":1}}\r\r"
         "data: {\"id\":\"v\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"},"
         "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":2}}\r\r"
         "data: [DONE]\r\r",
         {StreamStarted{"v", "q"}, TextDelta{"a"}, TextDelta{"b"}, usage(2, 2),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"llama.cpp: timings, data over two lines, no blank after the colon",
         "127.0.0.1",
         "data:{\"id\":\"l\",\"model\":\"smol\",\n"
         "data:\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"}}]}\n\n"
         "data:{\"id\":\"l\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
         "\"timings\":{\"prompt_ms\":3.5,\"predicted_per_second\":55.2},\"usage\":"
         "{\"prompt_tokens\":8,\"completion_tokens\":1}}\n\ndata:[DONE]\n\n",
         {StreamStarted{"l", "smol"}, TextDelta{"ok"}, usage(8, 1),
          StreamFinished{FinishReason::Stop, "stop"}}},
        {"a refusal",
         "api.openai.com",
         "data: {\"id\":\"r\",\"model\":\"gpt\",\"choices\":[{\"index\":0,\"delta\":{\"refusal\":"
         "\"I cannot help with that.\"}}]}\n\n"
         "data: "
         "{\"id\":\"r\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
         "data: [DONE]\n\n",
         {StreamStarted{"r", "gpt"}, TextDelta{"I cannot help with that."},
          StreamFinished{FinishReason::Refusal, "stop"}}},
        {"plain JSON, because the server does not stream",
         "localhost",
         "\n {\"id\":\"p\",\"model\":\"slow\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
         "\"assistant\",\"content\":\"Whole\",\"reasoning_content\":\"R\"},\"finish_reason\":"
         "\"stop\"}],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":3}}\n",
         {StreamStarted{"p", "slow"}, ReasoningDelta{"R"}, TextDelta{"Whole"}, usage(4, 3),
          StreamFinished{FinishReason::Stop, "stop"}}},
    };
    return samples;
}

} // namespace signalbox::test
