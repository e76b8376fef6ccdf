// SPDX-License-Identifier: Apache-2.0
#include "proof_context.h"

#include <core/base/md5.h>
#include <core/routing/plan_draws.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace signalbox {

namespace {

constexpr int kMostDraws = 50'000; ///< ids that are tried to be drawn into an arm

/// What the proofs find out by themselves.
constexpr std::array<std::string_view, 2> kProved = {"accepts-everything", "same-model-twice"};

bool isWithin(std::string_view path, const std::string& outer)
{
    return path.starts_with(outer) &&
           (path.size() == outer.size() || path[outer.size()] == '.' || path[outer.size()] == '[');
}

/// Whether the draws of splits around the place lead there.
bool leadsTo(std::string_view place, const Plan& plan, const std::string& path,
             const RoutingKeys& keys)
{
    static_assert(std::variant_size_v<decltype(Plan::node)> == 5, "look into the new plan");
    const auto stepsLead = [&](const std::vector<Plan>& steps, const char* name) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const std::string step = path + name + std::to_string(i) + ']';
            if (isWithin(place, step))
                return leadsTo(place, steps[i], step, keys);
        }
        return true; // it is about the chain or cascade
    };
    if (const auto* chain = std::get_if<Chain>(&plan.node))
        return stepsLead(chain->steps, ".chain.steps[");
    if (const auto* cascade = std::get_if<Cascade>(&plan.node))
        return stepsLead(cascade->steps, ".cascade.steps[");
    const auto* split = std::get_if<Split>(&plan.node);
    if (!split || !place.starts_with(path + ".split.arms["))
        return true;
    const std::size_t drawn = armOf(*split, splitBucket(split->salt, keyFor(split->sticky, keys)));
    const std::string arm = path + ".split.arms[" + std::to_string(drawn) + ']';
    return isWithin(place, arm) && leadsTo(place, split->arms[drawn].plan, arm + ".plan", keys);
}

/// The request under a name that the splits draw to the place, if one is found; as it is else.
Request drawnTo(const std::string& place, const PlanSubject& subject, Request request,
                ProofContext& context)
{
    const Plan& plan = subject.planIn(context.document());
    const auto isRight = [&](const Request& each) {
        return leadsTo(place, plan, subject.path(), routingKeysOf(each)) &&
               context.gets(each, subject);
    };
    if (isRight(request))
        return request;
    Request named = request;
    for (int i = 1; i <= kMostDraws; ++i) {
        named.requestId = "example-" + std::to_string(i);
        named.conversationId = named.requestId;
        named.userId = named.requestId;
        if (isRight(named))
            return named;
    }
    return request;
}

} // namespace

void showPlanFindings(ProofContext& context)
{
    std::vector<Finding> findings = lintPlans(context.document());
    std::erase_if(findings, [](const Finding& finding) {
        return std::ranges::find(kProved, finding.code) != kProved.end();
    });
    for (const PlanSubject& subject : context.subjects()) {
        const std::string path = subject.path();
        std::optional<Request> request;
        for (const Finding& finding : findings) {
            if (!isWithin(finding.path, path))
                continue;
            if (context.isOver())
                return;
            if (!request)
                request = context.requestFor(subject);
            if (!request)
                break;
            ProofContext::Report report;
            report.severity = finding.severity;
            report.code = finding.code.c_str();
            report.path = finding.path;
            report.message = finding.message;
            report.rule = subject.rule;
            if (subject.rule)
                report.rules = {*subject.rule};
            report.fixLabel = finding.fixLabel;
            report.fix = finding.fix;
            report.example = {drawnTo(finding.path, subject, *request, context), {}};
            context.add(std::move(report));
        }
    }
}

} // namespace signalbox
