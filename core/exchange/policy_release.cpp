// SPDX-License-Identifier: Apache-2.0
#include "policy_release.h"

#include <core/policy/lint.h>
#include <core/policy/names.h>
#include <core/policy/policy_json.h>

#include <algorithm>

namespace signalbox {

namespace {

std::string gateName(const GateResult& result)
{
    std::string name(nameOf(result.gate.metric));
    return result.subject.empty() ? name : name + ':' + result.subject;
}

bool isAcknowledged(const OpenGate& gate, const std::vector<std::string>& acknowledged)
{
    return std::ranges::any_of(acknowledged, [&](const std::string& name) {
        return name == gate.name || name == gate.metric;
    });
}

Release recordOf(const Projection& projection, const std::vector<std::string>& acknowledged,
                 const std::string& at)
{
    Release release;
    release.at = at;
    release.simulated = projection.simulated;
    release.requests = static_cast<int>(projection.requests);
    release.answers = static_cast<int>(projection.answers);
    for (const GateResult& result : projection.gates) {
        ReleasedGate gate;
        gate.name = gateName(result);
        gate.verdict = verdictName(result.verdict);
        if (result.estimate)
            gate.value = result.estimate->value;
        OpenGate open;
        open.name = gate.name;
        open.metric = std::string(nameOf(result.gate.metric));
        gate.acknowledged = result.verdict != Verdict::Met && isAcknowledged(open, acknowledged);
        release.gates.push_back(std::move(gate));
    }
    return release;
}

} // namespace

std::vector<OpenGate> openGates(const Projection& projection,
                                const std::vector<std::string>& acknowledged)
{
    std::vector<OpenGate> open;
    for (const GateResult& result : projection.gates) {
        if (result.verdict == Verdict::Met)
            continue;
        OpenGate gate;
        gate.name = gateName(result);
        gate.metric = std::string(nameOf(result.gate.metric));
        gate.verdict = result.verdict;
        gate.reason = result.reason;
        gate.acknowledged = isAcknowledged(gate, acknowledged);
        open.push_back(std::move(gate));
    }
    return open;
}

Result<std::string> releasePolicy(const PolicyDocument& document, const Projection& projection,
                                  const std::vector<std::string>& acknowledged,
                                  const std::string& at)
{
    for (const Finding& finding : lint(document)) {
        if (finding.severity == Severity::Error)
            return fail(ErrorCode::InvalidArgument, finding.message, finding.path,
                        "mend the policy first; a router could not load it");
    }
    const std::vector<OpenGate> open = openGates(projection, acknowledged);
    for (const std::string& name : acknowledged) {
        const bool known = std::ranges::any_of(
            open, [&](const OpenGate& gate) { return gate.name == name || gate.metric == name; });
        if (!known)
            return fail(ErrorCode::InvalidArgument, "\"" + name + "\" is no gate that is open", {},
                        "acknowledge only what the projection does not show as met");
    }
    std::string missing;
    for (const OpenGate& gate : open) {
        if (!gate.acknowledged)
            missing += (missing.empty() ? "" : ", ") + gate.name;
    }
    if (!missing.empty())
        return fail(ErrorCode::Refused, "these gates are not met: " + missing, {},
                    "repair the policy, or acknowledge each by its name");

    PolicyDocument released = document;
    released.release = recordOf(projection, acknowledged, at);
    return toPolicyText(released);
}

} // namespace signalbox
