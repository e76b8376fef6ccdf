// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/policy/user_styles.h>
#include <core/voice/answer.h>

#include <memory>
#include <string>

namespace signalbox {

/// The name of what stands behind the column of a policy, where a model has its provider.
inline constexpr const char* kPolicyProvider = "policy";
[[nodiscard]] bool isPolicyColumn(const ModelSpec& column);

/// A policy as a column of a run: where it sends each prompt, decided by the very function that
/// routers, trace and projection use. Immutable; may be shared.
///
/// A prompt is a request with nothing but its messages, as "try a request" makes one of a text: no
/// metadata, no headers, no time of day, so signals that read them are missing. Splits are drawn by
/// the text; of a later turn, those that stick to a conversation by the words that it begins with,
/// as for its first one. Of what pools pick by, only prices are known.
class PolicyColumn
{
public:
    /// What becomes of a call that is to the letter the one that a model's own column makes in the
    /// same run, for the same prompt and repeat.
    enum class Calls {
        /// The answer there is the answer here, with its times, so that budgets hold it to account:
        /// it is sent and billed once, and the two columns differ by nothing but routing. The
        /// usual way, and cheap: what is left to send are fallbacks to models that are not in the
        /// run, calls that are asked otherwise, and verifiers.
        TakeFromColumns,
        Own, ///< it is sent all the same, as a second sample of the model
    };

    /// Of a policy that cannot decide, too: problem() says why.
    /// @param policy  with the prices that its calls are counted at; see withKnownPrices()
    [[nodiscard]] static std::shared_ptr<const PolicyColumn>
    of(const PolicyDocument& policy, std::shared_ptr<const UserStyles> styles = {},
       Calls calls = Calls::TakeFromColumns);
    ~PolicyColumn();
    PolicyColumn(const PolicyColumn&) = delete;
    PolicyColumn& operator=(const PolicyColumn&) = delete;

    [[nodiscard]] const PolicyDocument& policy() const;
    [[nodiscard]] Calls calls() const;
    /// Why it cannot decide anything: a sentence with what to do; empty: it can.
    [[nodiscard]] const std::string& problem() const;

    struct Decided
    {
        const Plan* plan = nullptr; ///< without splits and pools; lives as long as the column
        std::string rule;           ///< id; empty: none, see `label`
        std::string label;          ///< of the rule; or "otherwise", "holdout"
        ModelId tier;
        std::string print; ///< PolicyRoute::print
    };
    /// Not if there is a problem().
    /// @param conversation  of a later turn: what draws that stick to a conversation go by. Such
    ///                      a turn is decided with all that was said before, and what was said
    ///                      counts in Decided::print.
    [[nodiscard]] Decided decide(const LabPrompt& prompt,
                                 const std::string& conversation = {}) const;

    /// The entry in LabPlan::models: named policyVoice(), with the policy's name as its model's.
    [[nodiscard]] static ModelSpec specOf(const PolicyDocument& policy);
    [[nodiscard]] ModelSpec spec() const { return specOf(policy()); }

private:
    struct Impl;
    explicit PolicyColumn(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Makes the policy the last column of the plan.
void addPolicyColumn(LabPlan& plan, std::shared_ptr<const PolicyColumn> policy);

} // namespace signalbox
