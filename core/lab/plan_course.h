// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/money.h>
#include <core/voice/answer.h>
#include <core/voice/policy_route.h>

#include <cstdint>
#include <optional>
#include <string>

namespace signalbox {

/// What carrying out a plan came to.
struct PlanCourse
{
    PolicyRoute route;
    std::string text; ///< as the user sees it: rewritten, if the policy says so
    std::optional<std::int64_t> inputTokens = {}, outputTokens = {}; ///< of the answer
    bool isEstimated = false;                                        ///< the tokens
    /// Of what was sent, by usage and list price or as the provider says; nullopt: a part is
    /// unknown.
    std::optional<Money> billed = {};
    bool isSimulated = false; ///< a simulated model wrote the answer, or was asked last

    /// The answer with all this, and the route as JSON.
    [[nodiscard]] Answer applied(Answer answer) const;
};

} // namespace signalbox
