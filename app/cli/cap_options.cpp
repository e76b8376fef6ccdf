// SPDX-License-Identifier: GPL-3.0-or-later
#include "cap_options.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace signalbox::cli {

void CapOptions::declare(CLI::App& app)
{
    app.add_option("--max-cost", m_maxCostUsd,
                   "Send nothing that could take the run past this many US dollars")
        ->check(CLI::PositiveNumber);
    app.add_option("--max-total-tokens", m_maxTotalTokens,
                   "Likewise, tokens of prompts and answers together")
        ->check(CLI::PositiveNumber);
    app.add_option("--max-time", m_maxTimeS,
                   "Send nothing after so long: seconds, or 90s, 10min, 2h")
        ->transform(
            CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"min", 60}, {"h", 3600}},
                                  CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"));
}

RunCaps CapOptions::caps() const
{
    constexpr double kSecondMs = 1000;
    RunCaps caps;
    if (m_maxCostUsd)
        caps.cost = Money::fromUsd(*m_maxCostUsd);
    caps.tokens = m_maxTotalTokens;
    if (m_maxTimeS)
        caps.timeMs = std::max<std::int64_t>(1, std::llround(*m_maxTimeS * kSecondMs));
    return caps;
}

} // namespace signalbox::cli
