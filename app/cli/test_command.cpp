// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "rule_name.h"

#include <core/base/json.h>
#include <core/routing/policy_test_run.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace signalbox::cli {

namespace {

/// The message that is to be answered, in one line of bearable length.
std::string titleOf(const Request& request)
{
    constexpr std::size_t kMost = 60;
    std::string text = request.messages.empty() ? std::string() : request.messages.back().text;
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (text.size() <= kMost)
        return text;
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end; // not inside of a character
    return text.substr(0, end) + "...";
}

class TestCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "test"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Run the tests of a policy: requests whose way must not change";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("policy", m_policy, "Policy file, - for standard input, or \"sample\"")
            ->required();
        app.add_option("--styles", m_styles,
                       "The table of users' answer styles; without it the one that the policy "
                       "names, beside it");
        app.add_flag("--json", m_json, "Print the runs for machines");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const auto policy = compilePolicy(m_policy, m_styles, streams);
        if (!policy)
            return report(streams, policy.error());
        const std::vector<PolicyTestRun> runs = runPolicyTests(*policy);
        const auto failed =
            std::ranges::count_if(runs, [](const auto& each) { return !each.holds(); });
        if (m_json)
            streams.out << toJsonText(toJson(runs, policy->document()));
        else
            print(streams.out, runs, policy->document());
        return failed > 0 ? kFailed : kDone;
    }

private:
    [[nodiscard]] static Json toJson(const std::vector<PolicyTestRun>& runs,
                                     const PolicyDocument& document)
    {
        Json all = Json::array();
        for (const PolicyTestRun& run : runs) {
            Json attempts = Json::array();
            for (const ModelId& model : run.attempts)
                attempts.push_back(model.value);
            all.push_back({{"holds", run.holds()},
                           {"problem", run.sentence},
                           {"rule", ruleName(run.rule, document)},
                           {"uncertain", run.isUncertain},
                           {"model", run.asked.value},
                           {"attempts", std::move(attempts)},
                           {"servedBy", run.servedBy ? Json(run.servedBy->value) : Json()}});
        }
        return all;
    }

    static void print(std::ostream& out, const std::vector<PolicyTestRun>& runs,
                      const PolicyDocument& document)
    {
        if (runs.empty()) {
            out << "The policy has no tests.\n";
            return;
        }
        std::size_t held = 0;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const PolicyTestRun& run = runs[i];
            held += run.holds() ? 1 : 0;
            out << (run.holds() ? "holds  " : "fails  ") << i + 1 << "  "
                << titleOf(document.tests[i].request) << "\n         "
                << (run.holds() ? wayOf(run, document) : run.sentence) << '\n';
        }
        out << held << " of " << runs.size()
            << (runs.size() == 1 ? " test holds\n" : " tests hold\n");
    }

    std::string m_policy;
    std::string m_styles;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeTestCommand()
{
    return std::make_unique<TestCommand>();
}

} // namespace signalbox::cli
