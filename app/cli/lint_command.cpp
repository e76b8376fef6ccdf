// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"

#include <core/base/json.h>
#include <core/policy/lint.h>
#include <core/policy/policy_json.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace signalbox::cli {

namespace {

const char* severityName(Severity severity)
{
    switch (severity) {
    case Severity::Error:
        return "error";
    case Severity::Warning:
        return "warning";
    case Severity::Info:
        return "info";
    }
    return "error";
}

/// A policy's problems, of reading and of meaning, in one list.
std::vector<Finding> problemsOf(const std::string& source, const Streams& streams,
                                Result<void>& opened)
{
    if (source == "sample") {
        const auto document = loadPolicy(source, streams);
        return lint(*document);
    }
    const auto text = readInput(source, streams);
    if (!text) {
        opened = Unexpected(text.error());
        return {};
    }
    const PolicyReading reading = readPolicyText(*text);
    std::vector<Finding> findings;
    for (const Error& problem : reading.problems) {
        Finding finding;
        finding.severity = Severity::Error;
        finding.code = errorCodeName(problem.code);
        finding.message =
            problem.hint.empty() ? problem.message : problem.message + " (" + problem.hint + ")";
        finding.path = problem.where;
        findings.push_back(std::move(finding));
    }
    if (findings.empty())
        findings = lint(reading.document);
    return findings;
}

class LintCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "lint"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Check policies: what cannot work, what is doubtful, and what to do";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("policy", m_policies, "Policy files, - for standard input, or \"sample\"")
            ->required();
        app.add_flag("--json", m_json, "Print the findings for machines");
        app.add_flag("--strict", m_strict, "Exit with 1 for warnings too");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        Json all = Json::array();
        int code = kDone;
        for (const std::string& policy : m_policies) {
            Result<void> opened;
            const std::vector<Finding> findings = problemsOf(policy, streams, opened);
            if (!opened) {
                code = report(streams, opened.error());
                continue;
            }
            for (const Finding& finding : findings) {
                const bool counts = finding.severity == Severity::Error ||
                                    (m_strict && finding.severity == Severity::Warning);
                code = counts ? kFailed : code;
                if (m_json)
                    all.push_back({{"file", policy},
                                   {"severity", severityName(finding.severity)},
                                   {"code", finding.code},
                                   {"path", finding.path},
                                   {"message", finding.message},
                                   {"fix", finding.fixLabel}});
                else
                    streams.out << policy << ": " << severityName(finding.severity) << ": "
                                << (finding.path.empty() ? "" : finding.path + ": ")
                                << finding.message << " [" << finding.code << "]\n";
            }
            if (findings.empty() && !m_json)
                streams.out << policy << ": no problems\n";
        }
        if (m_json)
            streams.out << toJsonText(all);
        return code;
    }

private:
    std::vector<std::string> m_policies;
    bool m_json = false;
    bool m_strict = false;
};

} // namespace

std::unique_ptr<Command> makeLintCommand()
{
    return std::make_unique<LintCommand>();
}

} // namespace signalbox::cli
