// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/exchange/policy_release.h>
#include <core/projection/cost_chart.h>
#include <core/projection/projection_report.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <ostream>

namespace signalbox::cli {

namespace {

class ProjectCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "project"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Project cost, latency, quality and consistency over recorded traffic";
    }

    void declare(CLI::App& app) override
    {
        m_inputs.declare(app);
        app.add_flag("--json", m_json, "Print everything for machines");
        app.add_flag("--check", m_check,
                     "Exit with 1 unless every gate is met, and say which are not");
        app.add_option("--html", m_html, "Also write a self-contained report here");
        app.add_option("--svg", m_svg, "Also write the chart of cost against consistency here");
        app.add_option("--earlier", m_inputs.earlier,
                       "An earlier revision to show in that chart, and in the report's; again for "
                       "each")
            ->allow_extra_args(false);
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const bool withPoints = !m_html.empty() || !m_svg.empty();
        if (!withPoints && !m_inputs.earlier.empty())
            return reportWrongUse(streams,
                                  Error{ErrorCode::InvalidArgument,
                                        "earlier revisions are shown in a chart, and none is "
                                        "asked for",
                                        "--earlier", "add --html FILE or --svg FILE"});
        const auto projected = project(m_inputs, streams, withPoints);
        if (!projected)
            return report(streams, projected.error());
        const auto& [document, projection, points, styles] = *projected;
        streams.out << (m_json ? toJsonText(toJson(projection, document))
                               : toText(projection, document));
        if (!m_html.empty()) {
            if (const auto written =
                    writeFileAtomically(m_html, toHtml(projection, document, points));
                !written)
                return report(streams, written.error());
        }
        if (!m_svg.empty()) {
            const auto svg = costConsistencySvg(points, costChartOf(projection, document));
            if (const auto written = writeFileAtomically(m_svg, svg); !written)
                return report(streams, written.error());
        }
        if (m_inputs.traffic.empty())
            streams.err << "Replayed the bundled sample's traffic, which is synthetic; --traffic "
                           "FILE replays your own.\n";
        return m_check ? check(projection, streams) : kDone;
    }

private:
    /// Names every gate that is not met, in the words that the workbench has for it.
    static int check(const Projection& projection, const Streams& streams)
    {
        if (projection.allGatesMet())
            return kDone;
        streams.err << "Check: " << openGatesText(openGates(projection)) << '\n';
        return kFailed;
    }

    ProjectionInputs m_inputs;
    std::string m_html;
    std::string m_svg;
    bool m_json = false;
    bool m_check = false;
};

} // namespace

std::unique_ptr<Command> makeProjectCommand()
{
    return std::make_unique<ProjectCommand>();
}

} // namespace signalbox::cli
