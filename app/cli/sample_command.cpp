// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "lab_report.h"
#include "listening.h"

#include <core/base/files.h>
#include <core/policy/edit.h>
#include <core/policy/policy_json.h>
#include <core/projection/cost_chart.h>
#include <core/projection/projection_report.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace signalbox::cli {

namespace {

/// The main job of the program without a window: listen to the sample's models, project its policy,
/// write policy, report and chart.
class SampleCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "sample"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Run the bundled sample: compare its models, project its policy, write a report";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("--out", m_folder, "Folder for policy, report and chart")
            ->capture_default_str();
        app.add_flag("--repaired", m_repaired,
                     "Take the policy after the three repairs of the README");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        std::error_code failed;
        std::filesystem::create_directories(m_folder, failed);
        if (failed)
            return report(streams,
                          Error{ErrorCode::IoError, "cannot make the folder: " + failed.message(),
                                m_folder, "choose another with --out"});
        PolicyDocument document = supportDeskPolicy();
        if (m_repaired) {
            for (const RepairStep step : kRepairSteps) {
                const Repair repair = supportDeskRepair(step, document);
                if (const auto applied = apply(document, repair.edit); !applied)
                    return report(streams, applied.error());
                streams.out << "Repair: " << repair.sentence << '\n';
            }
            // Another policy than the one that broke the product, and told apart from it.
            ++document.revision;
            document.note = "Repaired: fails over at once, stays in the conversation, and asks a "
                            "better cheap model.";
        }

        streams.err
            << "Listening: every prompt of the sample to every model, twice (simulated) ...\n";
        const auto answers = listenToAll(document, streams);
        if (!answers)
            return report(streams, answers.error());
        const Comparison comparison = compareAnswers(*answers, document.models);
        streams.out << comparison.text << '\n';

        const auto traffic = std::make_shared<const Traffic>(supportDeskTraffic());
        auto projected = project(document, traffic, *answers, true);
        if (!projected)
            return report(streams, projected.error());
        if (const auto added = addHistory(*projected, traffic, *answers); !added)
            return report(streams, added.error());
        streams.out << toText(projected->projection, document) << '\n';
        return writeAll(*projected, *traffic, comparison, streams);
    }

private:
    [[nodiscard]] Result<std::vector<Answer>> listenToAll(const PolicyDocument& document,
                                                          const Streams& streams) const
    {
        LabPlan plan;
        plan.name = document.name;
        plan.models = document.models;
        plan.prompts = samplePrompts(0);
        // What is measured of voices depends on the order of the prompts a little. The window
        // measures the sample's answers by ids; so do this run, then, and every report of it.
        std::ranges::sort(plan.prompts, {}, [](const LabPrompt& prompt) { return prompt.id; });
        plan.samples = 2;
        plan.inFlight = 64;
        const auto providers = makeProviders({});
        if (!providers)
            return Unexpected(providers.error());
        auto store = EvidenceStore::open(std::filesystem::path(m_folder) / "evidence.sqlite");
        if (!store)
            return Unexpected(store.error());
        auto heard = listen(plan, **providers, &*store, {}, streams);
        if (!heard)
            return Unexpected(heard.error());
        return std::move(heard->answers);
    }

    /// How the policy came to be what it is, for the chart.
    [[nodiscard]] Result<void> addHistory(ProjectedPolicy& projected,
                                          const std::shared_ptr<const Traffic>& traffic,
                                          const std::vector<Answer>& answers) const
    {
        std::vector<EarlierRevision> history; // none of them names a table of styles
        for (PolicyDocument& revision : supportDeskHistory())
            history.push_back({std::move(revision), {}});
        if (m_repaired)
            history.push_back({supportDeskPolicy(), {}});
        return addRevisions(projected, history, traffic,
                            [&](const PolicyDocument&) -> Result<std::vector<Answer>> {
                                return answers; // no revision has other models
                            });
    }

    [[nodiscard]] int writeAll(const ProjectedPolicy& projected, const Traffic& traffic,
                               const Comparison& comparison, const Streams& streams) const
    {
        const auto& [document, projection, points, styles] = projected;
        const std::filesystem::path folder(m_folder);
        const std::pair<const char*, std::string> files[] = {
            {"policy.json", toPolicyText(document)},
            {"requests.jsonl", toTrafficJsonLines(traffic)},
            {"comparison.json", comparison.json},
            {"report.html", toHtml(projection, document, points)},
            {"chart.svg", costConsistencySvg(points, costChartOf(projection, document))},
        };
        streams.out << "Written to "
                    << std::filesystem::absolute(folder).lexically_normal().string() << ":\n";
        for (const auto& [name, content] : files) {
            if (const auto written = writeFileAtomically(folder / name, content); !written)
                return report(streams, written.error());
            streams.out << "  " << name << '\n';
        }
        streams.out << "  evidence.sqlite\n";
        return kDone;
    }

    std::string m_folder = "signalbox-sample";
    bool m_repaired = false;
};

} // namespace

std::unique_ptr<Command> makeSampleCommand()
{
    return std::make_unique<SampleCommand>();
}

} // namespace signalbox::cli
