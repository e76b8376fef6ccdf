// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>

namespace signalbox {

/// How much work proofs may do. A step looks at one condition, so that a budget costs the same
/// everywhere and twice the same document gets twice the same answer.
struct ProofBudget
{
    std::int64_t steps = 4'000'000;  ///< of all questions
    std::int64_t stepsEach = 40'000; ///< of one question
    int candidatesEach = 12;         ///< regions tried until one has a request
    std::stop_token stop = {};       ///< asks to give up
};

} // namespace signalbox
