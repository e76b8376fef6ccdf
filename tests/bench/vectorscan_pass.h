// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::bench {

/// Keywords (any case) and expressions in one Vectorscan database: the peer, not a dependency of
/// the program. Reports no more than whether a keyword and whether an expression was found.
class VectorscanPass
{
public:
    VectorscanPass(const std::vector<std::string>& keywords,
                   const std::vector<std::string>& expressions);
    ~VectorscanPass();
    VectorscanPass(const VectorscanPass&) = delete;
    VectorscanPass& operator=(const VectorscanPass&) = delete;

    struct Found
    {
        bool keyword = false;
        bool expression = false;
    };
    [[nodiscard]] Found scan(std::string_view text) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace signalbox::bench
