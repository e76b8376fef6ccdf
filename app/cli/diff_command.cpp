// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "segment_inputs.h"

#include <core/base/json.h>
#include <core/policy/diff.h>
#include <core/projection/behaviour_report.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace signalbox::cli {

namespace {

const char* kindName(Change::Kind kind)
{
    switch (kind) {
    case Change::Kind::Added:
        return "added";
    case Change::Kind::Removed:
        return "removed";
    case Change::Kind::Changed:
        return "changed";
    case Change::Kind::Moved:
        return "moved";
    }
    return "changed";
}

/// "changed rules[hard].plan: {…} -> {…}"
std::string lineOf(const Change& change)
{
    std::string line = std::string(kindName(change.kind)) + ' ' + change.path;
    if (!change.before.empty() && !change.after.empty())
        return line + ": " + change.before + " -> " + change.after;
    return line + ": " + change.before + change.after;
}

class DiffCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "diff"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Compare two policies: what was changed, and what that does to recorded traffic";
    }

    void declare(CLI::App& app) override
    {
        app.add_option("before", m_inputs.before,
                       "Earlier policy file, - for standard input, or \"sample\"")
            ->required();
        app.add_option("after", m_inputs.after, "Later policy file, or \"sample\"")->required();
        app.add_option("--traffic", m_inputs.traffic,
                       "Requests to replay under both, one JSON object a line; \"sample\" is the "
                       "bundled sample's");
        app.add_option("--evidence", m_inputs.evidence,
                       "Recorded answers (a workbench's evidence.sqlite); without it simulated "
                       "ones");
        declareSegments(app, m_inputs.segments);
        app.add_flag("--json", m_json, "Print everything for machines");
        app.footer("Exit codes: 0 the policies are the same; 1 they differ, or one cannot be read; "
                   "2 used wrongly.");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        if (m_inputs.traffic.empty() && !m_inputs.evidence.empty())
            return reportWrongUse(streams,
                                  Error{ErrorCode::InvalidArgument,
                                        "recorded answers say nothing without requests to replay",
                                        "--evidence", "add --traffic FILE, or --traffic sample"});
        if (m_inputs.traffic.empty() && !m_inputs.segments.empty())
            return reportWrongUse(streams, Error{ErrorCode::InvalidArgument,
                                                 "there are no requests to divide", "--segments",
                                                 "add --traffic FILE, or --traffic sample"});
        const auto before = loadPolicy(m_inputs.before, streams);
        if (!before)
            return report(streams, before.error());
        const auto after = loadPolicy(m_inputs.after, streams);
        if (!after)
            return report(streams, after.error());
        std::vector<Change> changes = signalbox::diff(*before, *after);
        std::erase_if(changes, isNoise);
        Json json;
        if (!m_inputs.traffic.empty()) {
            const auto behaviour = compareBehaviour(m_inputs, *before, *after, streams);
            if (!behaviour)
                return report(streams, behaviour.error());
            if (m_json)
                json["behaviour"] = toJson(*behaviour);
            else
                streams.out << toText(*behaviour) << '\n';
        }
        if (m_json) {
            Json list = Json::array();
            for (const Change& change : changes)
                list.push_back(toJson(change));
            json["changes"] = std::move(list);
            streams.out << toJsonText(json);
        } else {
            for (const Change& change : changes)
                streams.out << lineOf(change) << '\n';
            if (changes.empty())
                streams.out << "The policies are the same.\n";
        }
        return changes.empty() ? kDone : kFailed;
    }

private:
    /// Before and after are values of their own, not their text.
    static Json toJson(const Change& change)
    {
        const auto valueOf = [](const std::string& text) {
            const auto value = parseJson(text);
            return text.empty() || !value ? Json() : *value;
        };
        return {{"kind", kindName(change.kind)},
                {"path", change.path},
                {"before", valueOf(change.before)},
                {"after", valueOf(change.after)}};
    }
    static Json toJson(const BehaviourDiff& behaviour) { return signalbox::toJson(behaviour); }

    BehaviourInputs m_inputs;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeDiffCommand()
{
    return std::make_unique<DiffCommand>();
}

} // namespace signalbox::cli
