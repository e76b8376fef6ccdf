// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/projection/projection.h>

#include <cstddef>
#include <string>
#include <vector>

namespace signalbox {

/// Longest reason of an acknowledgement, in code points: one sentence, not a report.
inline constexpr std::size_t kMostReasonLength = 300;

/// A gate that stands between a policy and its export. A policy without any gate has one such, too,
/// by the name kNoGates: that nothing is asked of it is a thing to know before it leaves.
struct OpenGate
{
    std::string name;   ///< "satisfactionRatio:billing"; what a person acknowledges
    std::string metric; ///< "satisfactionRatio": acknowledges all its subjects at once
    Verdict verdict = Verdict::NotShown;
    std::string reason; ///< one sentence
    bool acknowledged = false;
    bool operator==(const OpenGate&) const = default;
};

/// Every gate that is not met, in the order of the projection.
/// @param acknowledged  names or metrics that a person has accepted
[[nodiscard]] std::vector<OpenGate> openGates(const Projection& projection,
                                              const std::vector<std::string>& acknowledged = {});

/// The policy file as production routers load it: the document with a record of its release (when,
/// on what evidence, every gate with its verdict and whether it was acknowledged).
/// @param at      ISO 8601 time of the release
/// @param reason  why what is acknowledged may pass; may be empty, white space counts as one blank
/// @return Refused, naming every open gate that was not acknowledged; InvalidArgument when the
///         policy has lint errors, an acknowledgement names no open gate, or the reason is too long
///         or has nothing to be the reason of
[[nodiscard]] Result<std::string> releasePolicy(const PolicyDocument& document,
                                                const Projection& projection,
                                                const std::vector<std::string>& acknowledged,
                                                const std::string& at,
                                                const std::string& reason = {});

/// "not met: consistency; not shown by the data: satisfactionRatio:billing": what is open and not
/// acknowledged, by verdict. Empty if nothing is.
[[nodiscard]] std::string openGatesText(const std::vector<OpenGate>& open);

} // namespace signalbox
