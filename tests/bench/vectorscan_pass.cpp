// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectorscan_pass.h"

#include <hs/hs.h>

#include <cstdio>
#include <cstdlib>

namespace signalbox::bench {

struct VectorscanPass::State
{
    hs_database_t* database = nullptr;
    hs_scratch_t* scratch = nullptr;
    unsigned keywords = 0;
    bool stopsAtKeyword = false;
};

VectorscanPass::VectorscanPass(const std::vector<std::string>& keywords,
                               const std::vector<std::string>& expressions)
    : m_state(std::make_unique<State>())
{
    std::vector<const char*> patterns;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    const auto add = [&](const std::string& pattern, unsigned flag) {
        ids.push_back(static_cast<unsigned>(patterns.size()));
        patterns.push_back(pattern.c_str());
        flags.push_back(flag | HS_FLAG_SINGLEMATCH);
    };
    for (const std::string& keyword : keywords)
        add(keyword, HS_FLAG_CASELESS);
    for (const std::string& expression : expressions)
        add(expression, 0);
    m_state->keywords = static_cast<unsigned>(keywords.size());
    m_state->stopsAtKeyword = expressions.empty();
    hs_compile_error_t* problem = nullptr;
    if (hs_compile_multi(patterns.data(), flags.data(), ids.data(),
                         static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK, nullptr,
                         &m_state->database, &problem) != HS_SUCCESS ||
        hs_alloc_scratch(m_state->database, &m_state->scratch) != HS_SUCCESS) {
        std::fprintf(stderr, "%s\n", problem ? problem->message : "no scratch");
        std::abort();
    }
}

VectorscanPass::~VectorscanPass()
{
    hs_free_scratch(m_state->scratch);
    hs_free_database(m_state->database);
}

VectorscanPass::Found VectorscanPass::scan(std::string_view text) const
{
    struct Seen
    {
        const State& state;
        Found found;
    } seen{*m_state, {}};
    const auto onMatch = [](unsigned id, unsigned long long, unsigned long long, unsigned,
                            void* context) -> int {
        auto& now = *static_cast<Seen*>(context);
        (id < now.state.keywords ? now.found.keyword : now.found.expression) = true;
        return now.found.expression || (now.found.keyword && now.state.stopsAtKeyword);
    };
    hs_scan(m_state->database, text.data(), static_cast<unsigned>(text.size()), 0, m_state->scratch,
            onMatch, &seen);
    return seen.found;
}

} // namespace signalbox::bench
