// SPDX-License-Identifier: Apache-2.0
#include "proof_context.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace signalbox {

namespace {

constexpr std::uint64_t kAllBuckets = std::uint64_t{1} << 32;
constexpr std::uint64_t kBasisPoints = 10'000;

/// Buckets from `first` to before `end`.
struct Buckets
{
    std::uint64_t first = 0;
    std::uint64_t end = kAllBuckets;
    [[nodiscard]] bool isEmpty() const { return first >= end; }
};

/// Splits that share salt and key with the holdout or with a split around them draw the same
/// bucket again, and may leave arms that no bucket falls into.
class ArmProver
{
public:
    ArmProver(ProofContext& context, std::optional<std::size_t> rule)
        : m_context(context), m_rule(rule)
    {
        if (const auto& holdout = context.document().holdout)
            m_drawn[{holdout->salt, holdout->unit}] = {
                static_cast<std::uint64_t>(holdout->share * 0x1.0p32), kAllBuckets};
    }

    void prove(const Plan& plan, const std::string& path)
    {
        if (const auto* chain = std::get_if<Chain>(&plan.node)) {
            for (std::size_t i = 0; i < chain->steps.size(); ++i)
                prove(chain->steps[i], path + ".chain.steps[" + std::to_string(i) + ']');
        } else if (const auto* split = std::get_if<Split>(&plan.node)) {
            proveSplit(*split, path + ".split");
        }
    }

private:
    void proveSplit(const Split& split, const std::string& path)
    {
        const auto key = std::pair(split.salt, split.sticky);
        const auto known = m_drawn.find(key);
        const Buckets around = known == m_drawn.end() ? Buckets{} : known->second;
        std::uint64_t cumulative = 0;
        for (std::size_t i = 0; i < split.arms.size(); ++i) {
            const std::uint64_t first = (cumulative << 32) / kBasisPoints;
            cumulative += static_cast<std::uint64_t>(std::max(split.arms[i].weight, 0));
            const Buckets arm = {std::max(first, around.first),
                                 std::min((cumulative << 32) / kBasisPoints, around.end)};
            if (split.arms[i].weight == 0)
                continue; // switched off on purpose
            const std::string armPath = path + ".arms[" + std::to_string(i) + ']';
            if (arm.isEmpty()) {
                tell(split, i, armPath);
                continue;
            }
            m_drawn[key] = arm;
            prove(split.arms[i].plan, armPath + ".plan");
        }
        if (known == m_drawn.end())
            m_drawn.erase(key);
        else
            m_drawn[key] = around;
    }

    void tell(const Split& split, std::size_t arm, const std::string& path)
    {
        ProofContext::Report report;
        report.code = "arm-never-drawn";
        report.path = path;
        report.rule = m_rule;
        if (m_rule)
            report.rules = {*m_rule};
        report.message = "Arm " + std::to_string(arm + 1) +
                         " can never be drawn: the split repeats the draw of the split around it "
                         "or of the holdout, which share its salt " +
                         quotedText(split.salt) + '.';
        report.example = example();
        m_context.add(std::move(report));
    }

    /// A request that gets the plan, and another arm of it.
    [[nodiscard]] std::optional<FindingExample> example()
    {
        const int wanted = m_rule ? static_cast<int>(*m_rule) : Decision::kOtherwise;
        std::vector<Goal> goals;
        for (const std::size_t rule : m_context.enabled) {
            const bool wins = m_rule && *m_rule == rule;
            goals.push_back({m_context.space().nodeOfRule(rule), wins});
            if (wins)
                break;
        }
        auto answer = m_context.ask(goals, [&](const Request& request) {
            return m_context.decide(request).rule == wanted;
        });
        if (!answer.request)
            return std::nullopt;
        return m_context.exampleOf(std::move(*answer.request));
    }

    ProofContext& m_context;
    std::optional<std::size_t> m_rule;
    std::map<std::pair<std::string, StickyUnit>, Buckets> m_drawn;
};

void proveHoldout(ProofContext& context)
{
    const auto& holdout = context.document().holdout;
    if (!holdout || holdout->share < 1)
        return;
    ProofContext::Report report;
    report.code = "holdout-takes-everything";
    report.path = "holdout.share";
    report.message = "The holdout takes every request, so no rule ever decides.";
    Request request;
    request.messages.push_back({Role::User, "Hello, my order came late."});
    report.example = context.exampleOf(std::move(request));
    context.add(std::move(report));
}

} // namespace

void provePlans(ProofContext& context)
{
    proveHoldout(context);
    const PolicyDocument& document = context.document();
    for (const std::size_t rule : context.enabled) {
        if (!context.neverWins[rule])
            ArmProver(context, rule)
                .prove(document.rules[rule].plan, "rules[" + std::to_string(rule) + "].plan");
    }
    if (!context.nothingIsLeft)
        ArmProver(context, std::nullopt).prove(document.otherwise, "otherwise");
}

} // namespace signalbox
