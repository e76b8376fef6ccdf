// SPDX-License-Identifier: Apache-2.0
#include "policy_release.h"

#include <core/base/utf8.h>
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

/// One line without white space at its ends.
std::string inOneLine(const std::string& text)
{
    std::string line;
    for (const char c : text) {
        const bool isBlank = static_cast<unsigned char>(c) <= ' ';
        if (!isBlank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (line.ends_with(' '))
        line.pop_back();
    return line;
}

Result<std::string> checkedReason(const std::string& reason,
                                  const std::vector<std::string>& acknowledged)
{
    std::string line = inOneLine(reason);
    if (!line.empty() && acknowledged.empty())
        return fail(ErrorCode::InvalidArgument, "there is a reason, but nothing is acknowledged",
                    {}, "acknowledge a gate by its name, or leave the reason out");
    if (codePointCount(line) > kMostReasonLength)
        return fail(ErrorCode::InvalidArgument,
                    "the reason has " + std::to_string(codePointCount(line)) + " characters", {},
                    "say it in " + std::to_string(kMostReasonLength));
    return line;
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
    if (projection.gates.empty())
        release.gates.push_back({kNoGates, verdictName(Verdict::NotShown), {}, true});
    return release;
}

} // namespace

std::vector<OpenGate> openGates(const Projection& projection,
                                const std::vector<std::string>& acknowledged)
{
    std::vector<OpenGate> open;
    if (projection.gates.empty()) {
        OpenGate none;
        none.name = kNoGates;
        none.metric = kNoGates;
        none.reason = "No gates are set: nothing is asked of the policy before it leaves.";
        none.acknowledged = isAcknowledged(none, acknowledged);
        open.push_back(std::move(none));
    }
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

std::string openGatesText(const std::vector<OpenGate>& open)
{
    std::string text;
    for (const Verdict verdict : {Verdict::NotMet, Verdict::NotShown}) {
        std::string names;
        for (const OpenGate& gate : open) {
            if (gate.acknowledged || gate.verdict != verdict)
                continue;
            if (gate.name == kNoGates)
                return "no gates are set";
            names += (names.empty() ? "" : ", ") + gate.name;
        }
        if (!names.empty())
            text += (text.empty() ? "" : "; ") + std::string(verdictLabel(verdict)) + ": " + names;
    }
    return text;
}

Result<std::string> releasePolicy(const PolicyDocument& document, const Projection& projection,
                                  const std::vector<std::string>& acknowledged,
                                  const std::string& at, const std::string& reason)
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
    auto said = checkedReason(reason, acknowledged);
    if (!said)
        return Unexpected(said.error());
    if (const std::string missing = openGatesText(open); !missing.empty())
        return fail(ErrorCode::Refused, missing, {},
                    projection.gates.empty()
                        ? "set gates, or acknowledge by the name noGates that there are none"
                        : "repair the policy, or acknowledge each by its name");

    PolicyDocument released = document;
    released.release = recordOf(projection, acknowledged, at);
    released.release->reason = std::move(*said);
    return toPolicyText(released);
}

} // namespace signalbox
