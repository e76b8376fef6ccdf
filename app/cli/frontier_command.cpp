// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"
#include "inputs.h"
#include "long_work.h"
#include "segment_inputs.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/frontier/frontier_report.h>
#include <core/policy/edit.h>
#include <core/policy/policy_json.h>
#include <core/projection/number_text.h>
#include <core/routing/policy_test_run.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace signalbox::cli {

namespace {

constexpr auto kBest = "best";

class FrontierCommand final : public Command
{
public:
    [[nodiscard]] std::string name() const override { return "frontier"; }
    [[nodiscard]] std::string summary() const override
    {
        return "Search for policies that nothing beats under the gates, on one half of the "
               "conversations, and report them on the other";
    }

    void declare(CLI::App& app) override
    {
        m_inputs.declare(app);
        app.add_option(
               "--limit", m_options.most,
               "Candidates that the search scores; a smaller space is tried whole, and setting "
               "back what changes nothing takes a few more")
            ->check(CLI::Range(std::size_t{4}, std::size_t{100'000}))
            ->capture_default_str();
        app.add_option("--points", m_options.points, "Points of the frontier to show at most")
            ->check(CLI::Range(std::size_t{1}, std::size_t{100}))
            ->capture_default_str();
        app.add_option("--seed", m_options.seed,
                       "Of the halves and the search: equal seeds, equal results")
            ->capture_default_str();
        app.add_option("--draws", m_options.draws, "Resamples behind each interval")
            ->check(CLI::Range(std::size_t{100}, std::size_t{100'000}))
            ->capture_default_str();
        app.add_flag("--json", m_json, "Print everything for machines");
        auto* const out = app.add_option("--out", m_out, "Where --adopt writes the policy");
        app.add_option("--adopt", m_adopted,
                       "Take this point of the frontier, or \"best\": the one that saves most of "
                       "those that meet every gate. Writes its policy, and says what it changes")
            ->needs(out);
        out->needs("--adopt");
        app.footer("Exit codes: 0 a point meets every gate on the report half (with --adopt: that "
                   "point); 1 none does as far as the data show, or the work failed; 2 used "
                   "wrongly.");
    }

    [[nodiscard]] int run(const Streams& streams) override
    {
        const auto document = loadPolicy(m_inputs.policy, streams);
        if (!document)
            return report(streams, document.error());
        const auto frontier = find(*document, streams);
        if (!frontier)
            return report(streams, frontier.error());
        streams.out << (m_json ? toJsonText(toJson(*frontier)) : toText(*frontier));
        if (m_inputs.traffic.empty())
            streams.err << "Replayed the bundled sample's traffic, which is synthetic; --traffic "
                           "FILE replays your own.\n";
        if (!m_adopted.empty())
            return adopt(*frontier, streams);
        return verdict(*frontier, streams);
    }

private:
    [[nodiscard]] Result<Frontier> find(const PolicyDocument& document, const Streams& streams)
    {
        auto traffic = loadTraffic(m_inputs.traffic, streams);
        if (!traffic)
            return Unexpected(traffic.error());
        auto evidence = loadProjectedEvidence(m_inputs.evidence, document);
        if (!evidence)
            return Unexpected(evidence.error());
        auto styles = loadStyles(document, m_inputs.policy, {});
        if (!styles)
            return Unexpected(styles.error());
        m_options.styles = std::move(*styles);
        const auto divided = SegmentedInputs::load(m_inputs.segments, std::move(*traffic),
                                                   m_inputs.evidence, m_options.styles, streams);
        if (!divided)
            return Unexpected(divided.error());
        if (const auto done = divided->divide(*evidence); !done)
            return Unexpected(done.error());
        FrontierOptions options = m_options;
        const StopRequest stop;
        options.stop = stop.flag();
        TenthsOfWork searched(streams, "the search");
        options.progress = [&searched](FrontierStep step, std::size_t done, std::size_t most) {
            if (step == FrontierStep::Searching)
                searched.tell(done, most, countText(done) + " policies scored");
        };
        return findFrontier(document, divided->traffic(),
                            std::make_shared<const EvidenceTable>(std::move(*evidence)), options);
    }

    static int verdict(const Frontier& frontier, const Streams& streams)
    {
        if (frontier.best())
            return kDone;
        streams.err << "No point of the frontier shows that it meets every gate.\n";
        return kFailed;
    }

    int adopt(const Frontier& frontier, const Streams& streams) const
    {
        if (m_adopted == kBest && !frontier.best())
            return verdict(frontier, streams);
        const std::string name = m_adopted == kBest ? frontier.best()->name : m_adopted;
        const auto found = std::ranges::find(frontier.points, name, &FrontierChoice::name);
        if (found == frontier.points.end())
            return reportWrongUse(
                streams, Error{ErrorCode::NotFound, "the frontier has no point \"" + name + "\"",
                               "--adopt", "it has 1 to " + std::to_string(frontier.points.size())});
        PolicyDocument adopted = frontier.present.policy;
        if (const auto undo = apply(adopted, adoptionOf(frontier.present.policy, *found)); !undo)
            return report(streams, undo.error());
        ++adopted.revision;
        adopted.note = noteOf(frontier, *found);
        if (const auto written = writeFileAtomically(m_out, toPolicyText(adopted)); !written)
            return report(streams, written.error());
        if (!m_json)
            streams.out << "\nPoint " << found->name << " is written to " << m_out << ", revision "
                        << adopted.revision << ":\n"
                        << adoptionText(frontier, *found);
        reportTests(adopted, streams);
        if (found->report.allGatesMet())
            return kDone;
        streams.err << "Point " << found->name << " does not show that it meets every gate.\n";
        return kFailed;
    }

    /// Why the revision is as it is, for its reader.
    static std::string noteOf(const Frontier& frontier, const FrontierChoice& choice)
    {
        std::string note =
            "Point " + choice.name + " of a frontier (seed " + std::to_string(frontier.seed) + "):";
        const auto turned = turnedBy(frontier, choice);
        for (const TurnedKnob& knob : turned)
            note += (knob == turned.front() ? " " : "; ") + textOf(knob);
        return note + '.';
    }

    /// Stored tests say where requests must go; a search does not ask them.
    void reportTests(const PolicyDocument& adopted, const Streams& streams) const
    {
        const auto compiled = CompiledPolicy::compile(adopted, nullptr, m_options.styles);
        if (!compiled)
            return;
        const auto runs = runPolicyTests(*compiled);
        const auto broken =
            std::ranges::count_if(runs, [](const PolicyTestRun& test) { return !test.holds(); });
        if (broken > 0)
            streams.err << broken << " of " << runs.size()
                        << " stored tests expect another way: signalbox-cli test " << m_out << '\n';
    }

    ProjectionInputs m_inputs;
    FrontierOptions m_options;
    std::string m_adopted;
    std::string m_out;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Command> makeFrontierCommand()
{
    return std::make_unique<FrontierCommand>();
}

} // namespace signalbox::cli
