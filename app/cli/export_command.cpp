// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/exchange/policy_release.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <ostream>

namespace signalbox::cli {

namespace {

class ExportCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "export"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Write the policy file for production; refused while a gate is not met, or not "
               "shown by the data, and nobody has acknowledged it";
    }

    void declare(CLI::App& app) override
    {
        m_inputs.declare(app);
        app.add_option("--out", m_out, "Where to write the file; without it, standard output");
        app.add_option(
               "--acknowledge", m_acknowledged,
               "Accept an open gate by its name, e.g. consistency or satisfactionRatio:Billing, or "
               "noGates where the policy has none; may be repeated. The file records it")
            ->allow_extra_args(false);
        app.add_option("--reason", m_reason,
                       "Why what is acknowledged may pass, in a sentence. The file records it");
        app.add_flag("--json", m_json,
                     "Print for machines what was written, or on refusal the open gates");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const auto projected = project(m_inputs, streams, false);
        if (!projected)
            return report(streams, projected.error());
        const auto text = releasePolicy(projected->document, projected->projection, m_acknowledged,
                                        isoNow(), m_reason);
        if (!text)
            return refuse(streams, text.error(), projected->projection);
        if (m_out.empty()) {
            streams.out << *text;
            return kDone;
        }
        if (const auto written = writeFileAtomically(m_out, *text); !written)
            return report(streams, written.error());
        if (m_json)
            streams.out << toJsonText(Json{{"exported", true},
                                           {"file", m_out},
                                           {"policy", projected->document.name},
                                           {"revision", projected->document.revision},
                                           {"acknowledged", m_acknowledged}});
        else
            streams.out << "Exported to " << m_out << '\n';
        return kDone;
    }

private:
    int refuse(const Streams& streams, const Error& error, const Projection& projection) const
    {
        const auto open = openGates(projection, m_acknowledged);
        if (m_json) {
            Json gates = Json::array();
            for (const OpenGate& gate : open)
                gates.push_back({{"name", gate.name},
                                 {"verdict", verdictName(gate.verdict)},
                                 {"reason", gate.reason},
                                 {"acknowledged", gate.acknowledged}});
            streams.out << toJsonText(
                Json{{"exported", false}, {"error", toString(error)}, {"openGates", gates}});
            return kFailed;
        }
        streams.err << "Not exported: " << toString(error) << '\n';
        for (const OpenGate& gate : open) {
            if (!gate.acknowledged && gate.name != kNoGates) // the error has said all of that
                streams.err << "  " << gate.name << " (" << verdictLabel(gate.verdict)
                            << "): " << gate.reason << '\n';
        }
        return kFailed;
    }

    ProjectionInputs m_inputs;
    std::string m_out;
    std::vector<std::string> m_acknowledged;
    std::string m_reason;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeExportCommand()
{
    return std::make_unique<ExportCommand>();
}

} // namespace signalbox::cli
