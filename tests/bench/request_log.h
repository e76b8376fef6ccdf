// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Request logs as a gateway writes them, made up: flat, some 550 bytes a row, the same for a seed.

#include <core/base/random.h>
#include <core/traffic/log_mapping.h>

#include <cstddef>
#include <cstdio>
#include <iterator>
#include <string>

namespace signalbox::bench {

inline std::string prose(Random& random)
{
    constexpr const char* kWords[] = {"order", "please", "the",  "where",   "is",      "my",
                                      "and",   "refund", "with", "account", "change",  "I",
                                      "need",  "to",     "a",    "payment", "invoice", "help"};
    std::string text;
    const std::size_t words = 10 + random.below(80);
    for (std::size_t i = 0; i < words; ++i) {
        text += kWords[random.below(std::size(kWords))];
        text += i % 12 == 11 ? ".\\n" : " ";
    }
    return text;
}

/// One request after the other, as a line of JSON and as a record of a table.
class RequestLog
{
public:
    static constexpr const char* kHeader =
        "id,ts,user,model,prompt,prompt_tokens,completion_tokens,latency_ms,ttft_ms,"
        "cost_usd,status,cached,tags,meta\n";

    explicit RequestLog(std::uint64_t seed) : m_random(seed) {}

    void next()
    {
        const auto number = [this](std::size_t below) {
            return static_cast<unsigned>(m_random.below(below));
        };
        m_prompt = prose(m_random);
        m_in = 10 + number(900);
        m_out = 5 + number(700);
        m_latency = 150 + number(9000);
        m_time = 1.7e9 + 0.05 * static_cast<double>(m_count);
        m_cost = 1e-6 * m_in + 3e-6 * m_out;
        m_user = number(5000);
        m_model = number(5);
        m_status = number(50) ? 200 : 429;
        m_tag = number(20);
        ++m_count;
    }

    [[nodiscard]] std::string line()
    {
        return print("{\"id\":\"req_%08zx\",\"ts\":%.3f,\"user\":\"u%u\",\"model\":\"model-%u\","
                     "\"prompt\":\"%s\",\"prompt_tokens\":%u,\"completion_tokens\":%u,"
                     "\"latency_ms\":%u.5,\"ttft_ms\":%u,\"cost_usd\":%.7f,\"status\":%d,"
                     "\"cached\":false,\"tags\":[\"web\",\"t%u\"],"
                     "\"meta\":{\"region\":\"eu\",\"attempt\":%u,\"fallback\":null}}\n");
    }

    [[nodiscard]] std::string record()
    {
        return print("req_%08zx,%.3f,u%u,model-%u,\"%s\",%u,%u,%u.5,%u,%.7f,%d,false,\"web,t%u\","
                     "\"{\"\"region\"\":\"\"eu\"\",\"\"attempt\"\":%u,\"\"fallback\"\":null}\"\n");
    }

private:
    std::string print(const char* format)
    {
        const int size = std::snprintf(m_line.data(), m_line.size(), format, m_count - 1, m_time,
                                       m_user, m_model, m_prompt.c_str(), m_in, m_out, m_latency,
                                       m_latency / 5, m_cost, m_status, m_tag, 1 + m_tag % 2);
        return m_line.substr(0, static_cast<std::size_t>(size));
    }

    Random m_random;
    std::string m_line = std::string(8192, '\0');
    std::string m_prompt;
    std::size_t m_count = 0;
    double m_time = 0;
    double m_cost = 0;
    unsigned m_in = 0;
    unsigned m_out = 0;
    unsigned m_latency = 0;
    unsigned m_user = 0;
    unsigned m_model = 0;
    unsigned m_tag = 0;
    int m_status = 0;
};

/// What the fourteen fields of such a log are.
inline LogMapping requestLogMapping()
{
    using F = LogField;
    LogMapping log;
    log.places = {{F::RequestId, "/id"},
                  {F::StartTime, "/ts", LogUnit::UnixSeconds},
                  {F::UserId, "/user"},
                  {F::ServedModel, "/model"},
                  {F::Prompt, "/prompt"},
                  {F::TokensIn, "/prompt_tokens"},
                  {F::TokensOut, "/completion_tokens"},
                  {F::Latency, "/latency_ms"},
                  {F::TimeToFirstToken, "/ttft_ms"},
                  {F::Cost, "/cost_usd"},
                  {F::HttpStatus, "/status"},
                  {F::CacheHit, "/cached"},
                  {F::Tags, "/tags"},
                  {F::Metadata, "/meta"}};
    return log;
}

} // namespace signalbox::bench
