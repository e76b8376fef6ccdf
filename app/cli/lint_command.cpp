// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"

#include <core/base/clock.h>
#include <core/base/json.h>
#include <core/policy/lint.h>
#include <core/policy/policy_json.h>
#include <core/projection/fallback_edges.h>
#include <core/proof/prover.h>
#include <core/providers/key_findings.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
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

constexpr std::int64_t kDayMs = 86'400'000;

/// What is asked about a policy beside lint().
struct Questions
{
    bool prove = false;
    std::vector<Request> traffic;
    std::string evidence; ///< see loadEvidence(); empty: nothing is said of answers
    bool keys = false;
};

/// The list of the workbench: the worst first, whoever says it.
Result<std::vector<Finding>> meaningOf(const PolicyDocument& document, const Questions& asked)
{
    std::vector<Finding> findings = lint(document);
    if (asked.prove)
        findings = withProofs(std::move(findings), prove(document, asked.traffic));
    if (!asked.evidence.empty()) {
        const auto evidence = loadEvidence(asked.evidence, document);
        if (!evidence)
            return Unexpected(evidence.error());
        std::ranges::move(evidenceFindings(document, *evidence, systemClock().unixMs() / kDayMs),
                          std::back_inserter(findings));
    }
    if (asked.keys)
        std::ranges::move(keyFindings(document), std::back_inserter(findings));
    std::ranges::stable_sort(findings, {}, &Finding::severity);
    return findings;
}

/// A policy's problems, of reading and of meaning, in one list.
Result<std::vector<Finding>> problemsOf(const std::string& source, const Streams& streams,
                                        const Questions& asked)
{
    if (source == "sample") {
        const auto document = loadPolicy(source, streams);
        return meaningOf(*document, asked);
    }
    const auto text = readInput(source, streams, kPolicyJsonLimits.bytes);
    if (!text)
        return Unexpected(text.error());
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
    return findings.empty() ? meaningOf(reading.document, asked) : findings;
}

Json jsonOf(const Finding& finding, const std::string& file)
{
    Json json = {{"file", file},
                 {"severity", severityName(finding.severity)},
                 {"code", finding.code},
                 {"path", finding.path},
                 {"message", finding.message},
                 {"fix", finding.fixLabel}};
    if (finding.example)
        json["example"] = {{"request", toJson(finding.example->request)},
                           {"says", finding.example->says}};
    return json;
}

void print(std::ostream& out, const Finding& finding, const std::string& file)
{
    out << file << ": " << severityName(finding.severity) << ": "
        << (finding.path.empty() ? "" : finding.path + ": ") << finding.message << " ["
        << finding.code << "]\n";
    if (!finding.example)
        return;
    out << "    example: " << toCompactJsonText(toJson(finding.example->request)) << '\n';
    if (!finding.example->says.empty())
        out << "    " << finding.example->says << '\n';
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
        CLI::Option* const prove =
            app.add_flag("--prove", m_asked.prove,
                         "Prove what rules can never do, with a request that shows each finding");
        app.add_option("--traffic", m_traffic,
                       "Requests to take examples from: a table of \"traffic import\", or JSON "
                       "lines")
            ->needs(prove);
        app.add_option("--evidence", m_asked.evidence,
                       "Also say what recorded answers (a workbench's evidence.sqlite, or "
                       "\"sample\" for simulated ones) say against it: limits and tests that stop "
                       "good answers, changes of voice that users hear, models nobody has heard, "
                       "old prices");
        app.add_flag("--keys", m_asked.keys,
                     "Also say which models' keys are not set on this computer");
        app.add_flag("--strict", m_strict, "Exit with 1 for warnings too");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        Json all = Json::array();
        int code = kDone;
        if (const auto read = readTraffic(streams); !read)
            return report(streams, read.error());
        for (const std::string& policy : m_policies) {
            const auto findings = problemsOf(policy, streams, m_asked);
            if (!findings) {
                code = report(streams, findings.error());
                continue;
            }
            for (const Finding& finding : *findings) {
                const bool counts = finding.severity == Severity::Error ||
                                    (m_strict && finding.severity == Severity::Warning);
                code = counts ? kFailed : code;
                if (m_json)
                    all.push_back(jsonOf(finding, policy));
                else
                    print(streams.out, finding, policy);
            }
            if (findings->empty() && !m_json)
                streams.out << policy << ": no problems\n";
        }
        if (m_json)
            streams.out << toJsonText(all);
        return code;
    }

private:
    Result<void> readTraffic(const Streams& streams)
    {
        if (m_traffic.empty())
            return {};
        if (m_traffic != "-") {
            const auto traffic = loadTraffic(m_traffic, streams);
            if (!traffic)
                return Unexpected(traffic.error());
            m_asked.traffic = (*traffic)->sample(kMostProofExamples);
            return {};
        }
        const auto text = readInput(m_traffic, streams);
        if (!text)
            return Unexpected(text.error());
        const auto reading = readTrafficJsonLines(*text, m_traffic);
        if (!reading)
            return Unexpected(reading.error());
        m_asked.traffic = reading->traffic.sample(kMostProofExamples);
        return {};
    }

    std::vector<std::string> m_policies;
    std::string m_traffic;
    Questions m_asked;
    bool m_json = false;
    bool m_strict = false;
};

} // namespace

std::unique_ptr<Command> makeLintCommand()
{
    return std::make_unique<LintCommand>();
}

} // namespace signalbox::cli
