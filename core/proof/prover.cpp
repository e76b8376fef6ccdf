// SPDX-License-Identifier: Apache-2.0
#include "prover.h"

#include "proof_context.h"

#include <core/routing/compiled_policy.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace signalbox {

namespace {

/// What lint() and a proof say of the same thing in other words.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSameThings = {{
    {"unreachable-rule", "shadowed-rule"},
    {"duplicate-condition", "idle-condition"},
    {"never-true", "idle-condition"},
    {"same-model-twice", "member-never-picked"},
}};

/// `inner` lies in `outer`, or is it.
bool isWithin(std::string_view inner, std::string_view outer)
{
    return inner.starts_with(outer) && (inner.size() == outer.size() ||
                                        inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

bool saysTheSame(const Finding& finding, const Finding& proof)
{
    const bool isSameThing =
        finding.code == proof.code || std::ranges::any_of(kSameThings, [&](const auto& codes) {
            return finding.code == codes.first && proof.code == codes.second;
        });
    // A part of a rule that contradicts itself is why the rule never holds.
    return isSameThing && (finding.path == proof.path ||
                           (proof.code == "never-true" && isWithin(finding.path, proof.path)));
}

} // namespace

std::vector<Proof> prove(const PolicyDocument& document, std::span<const Request> traffic,
                         const ProofBudget& budget)
{
    const auto policy = CompiledPolicy::compile(document);
    if (!policy)
        return {};
    ProofContext context(*policy, traffic, budget);
    proveRules(context);
    proveParts(context);
    proveCoverage(context);
    provePlans(context);
    proveOverlaps(context);
    showPlanFindings(context); // last: what is known without proofs must not cost any
    return context.take();
}

std::vector<Finding> withProofs(std::vector<Finding> findings, const std::vector<Proof>& proofs)
{
    const bool isAllTaken =
        std::ranges::find(findings, "takes-everything", &Finding::code) != findings.end();
    for (const Proof& proof : proofs) {
        const Finding& proved = proof.finding;
        if (isAllTaken && proved.code == "unreachable-otherwise")
            continue;
        const auto same = std::ranges::find_if(
            findings, [&](const Finding& finding) { return saysTheSame(finding, proved); });
        if (same == findings.end()) {
            findings.push_back(proved);
            continue;
        }
        // The place and the repair that are there are at least as exact.
        same->message = proved.message;
        same->example = proved.example;
        if (!same->fix) {
            same->fix = proved.fix;
            same->fixLabel = proved.fixLabel;
        }
    }
    std::ranges::stable_sort(findings, {}, &Finding::severity);
    return findings;
}

} // namespace signalbox
