// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>
#include <core/policy/plan.h>

#include <memory>
#include <optional>
#include <string_view>

namespace signalbox {

/// The part of a cascade's acceptance that needs no other model: refusals, the band of words (as
/// the "words" signal counts them), and the mean log-probability where the provider says one.
/// Immutable; shared between threads.
class AnswerCheck
{
public:
    /// Errors: InvalidArgument with the place of an expression that is not portable.
    [[nodiscard]] static Result<AnswerCheck> compile(const Acceptance& accept);
    ~AnswerCheck();
    AnswerCheck(AnswerCheck&&) noexcept;
    AnswerCheck& operator=(AnswerCheck&&) noexcept;

    /// @param meanLogProb  of the answer's tokens, natural logarithm; nullopt if it was not said
    [[nodiscard]] bool passes(std::string_view answer,
                              std::optional<double> meanLogProb = std::nullopt) const;

private:
    struct Impl;
    explicit AnswerCheck(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox
