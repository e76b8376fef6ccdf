// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/run_caps.h>

#include <cstdint>
#include <optional>

namespace CLI {
class App;
}

namespace signalbox::cli {

/// --max-cost, --max-total-tokens and --max-time of whatever sends something.
class CapOptions
{
public:
    void declare(CLI::App& app); ///< outlives the parsing
    [[nodiscard]] RunCaps caps() const;

private:
    std::optional<double> m_maxCostUsd;
    std::optional<std::int64_t> m_maxTotalTokens;
    std::optional<double> m_maxTimeS;
};

} // namespace signalbox::cli
