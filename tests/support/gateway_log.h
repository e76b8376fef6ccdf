// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/json.h>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace signalbox::test {

/// Lines of a gateway's spend log as LiteLLM writes it, two a conversation, a second apart. The
/// user's words hold an e-mail address.
inline std::string spendLog(std::size_t requests, const std::string& user = "ann")
{
    std::string log;
    for (std::size_t i = 0; i < requests; ++i) {
        const std::string id = std::to_string(i);
        const Json said = Json::array(
            {{{"role", "user"}, {"content", "Where is order " + id + "? I am ann@example.org"}}});
        Json line = {{"request_id", "r" + id},
                     {"call_type", "acompletion"},
                     {"spend", 0.0125},
                     {"prompt_tokens", 100 + i},
                     {"completion_tokens", 20},
                     {"startTime", static_cast<double>(1'793'785'600 + i)},
                     {"request_duration_ms", 700},
                     {"model", "small-1"},
                     {"model_group", "auto"},
                     {"custom_llm_provider", "acme"},
                     {"end_user", user},
                     {"desk", i % 4 == 0 ? "billing" : "orders"},
                     {"session_id", "s" + std::to_string(i / 2)},
                     {"status", "success"},
                     {"messages", said}};
        log += toCompactJsonText(line) + '\n';
    }
    return log;
}

} // namespace signalbox::test
