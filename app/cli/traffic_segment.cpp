// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic_segment.h"

#include "inputs.h"
#include "segment_inputs.h"
#include "segment_lines.h"

#include <core/base/files.h>
#include <core/sample/support_desk.h>
#include <core/segments/condition_segments.h>
#include <core/traffic/traffic_file.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <charconv>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

constexpr auto kChosen = "auto";
constexpr auto kSample = "sample";

/// "Legal=`expert words` and chars > 200": up to the first equals sign it is the name.
Result<std::vector<WrittenSegment>> writtenSegments(const std::vector<std::string>& texts)
{
    std::vector<WrittenSegment> written;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return fail(ErrorCode::InvalidArgument, "a segment is NAME=CONDITION",
                        "--by-expression", "for example --by-expression \"Long=chars > 500\"");
        written.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    return written;
}

/// A value on the command line that cannot be, rather than work that failed.
bool isWrongUse(const Error& error)
{
    return error.where.starts_with("--");
}

Error atOption(Error error, const char* option)
{
    error.where = option + (error.where.empty() ? "" : ": " + error.where);
    return error;
}

} // namespace

void TrafficSegment::declare(CLI::App& traffic)
{
    m_app = traffic.add_subcommand("segment", "Divide the requests of a table into segments");
    m_app
        ->add_option("table", m_table,
                     "A table of \"traffic import\", one JSON object a line, or \"sample\"")
        ->required();
    m_app->add_option("--out", m_out,
                      "The same table with these segments; without it they are "
                      "only shown");
    m_app
        ->add_option("--by-expression", m_expressions,
                     "A segment as NAME=CONDITION over the policy's signals, e.g. \"Long=chars > "
                     "500\"; again for each, the first that holds counts, the rest is \"Other\"")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    m_app->add_option("--by-tag", m_tag, "By the values of this metadata entry of the requests");
    m_app->add_option("--most", m_most, "Segments of --by-tag at most; the rest is \"Other\"")
        ->check(CLI::Range(std::size_t{1}, kMostSegments))
        ->default_val(kUsualTagSegments);
    m_kMeans = m_app
                   ->add_option("--k-means", m_clusters,
                                "By k-means over the policy's signals, into K segments; without K "
                                "as many of 2 to 8 as tell the requests apart best")
                   ->type_name("[K]")
                   ->expected(0, 1);
    m_app->add_option("--seed", m_seed, "Of k-means: equal seeds, equal segments")
        ->capture_default_str();
    m_app->add_option("--apply", m_applied, "By a file that --save wrote, e.g. last month's");
    m_app->add_option("--save", m_saved, "Where to write the segments themselves, as JSON");
    m_app->add_option("--policy", m_policy,
                      "Whose signals are read: a policy file, or \"sample\"; its models are those "
                      "that coverage asks about");
    m_app->add_option("--evidence", m_evidence,
                      "Also say how far recorded answers (a workbench's evidence.sqlite, "
                      "postgresql://..., or \"sample\" for simulated ones) cover each segment");
    m_app->add_flag("--json", m_json, "Print the result for machines");
    m_app->footer("Exit codes: 0 done; 1 the work failed; 2 used wrongly.");
}

bool TrafficSegment::isParsed() const
{
    return m_app->parsed();
}

int TrafficSegment::run(const Streams& streams)
{
    if (const auto checked = checkUse(); !checked)
        return reportWrongUse(streams, checked.error());
    const auto outcome = work(streams);
    if (!outcome)
        return isWrongUse(outcome.error()) ? reportWrongUse(streams, outcome.error())
                                           : report(streams, outcome.error());
    streams.out << (m_json ? toJsonText(segmentJson(*outcome)) : segmentLines(*outcome));
    return kDone;
}

Result<void> TrafficSegment::checkUse() const
{
    const bool isClustered = m_kMeans->count() > 0;
    const int ways = static_cast<int>(!m_expressions.empty()) + static_cast<int>(!m_tag.empty()) +
                     static_cast<int>(isClustered) + static_cast<int>(!m_applied.empty());
    if (ways != 1)
        return fail(ErrorCode::InvalidArgument,
                    ways == 0 ? "it is not said how to divide the requests"
                              : "requests can be divided in one way at a time",
                    "traffic segment",
                    "give one of --by-expression, --by-tag, --k-means and --apply");
    if ((!m_expressions.empty() || isClustered) && m_policy.empty())
        return fail(ErrorCode::InvalidArgument, "it is not said whose signals are read", "--policy",
                    "give a policy file, or \"sample\"");
    if (const auto written = writtenSegments(m_expressions); !written)
        return Unexpected(written.error());
    const auto count = clusterCount();
    return count ? Result<void>() : Unexpected(count.error());
}

Result<std::optional<std::size_t>> TrafficSegment::clusterCount() const
{
    const std::string text = m_clusters.empty() ? std::string() : m_clusters.front();
    if (text.empty() || text == kChosen)
        return std::optional<std::size_t>();
    std::size_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, count);
    if (failure != std::errc() || stopped != end || count < kFewestClusters ||
        count > kMostClusters)
        return fail(ErrorCode::InvalidArgument,
                    "K is a number from " + std::to_string(kFewestClusters) + " to " +
                        std::to_string(kMostClusters) + ", not \"" + text + "\"",
                    "--k-means");
    return std::optional<std::size_t>(count);
}

Result<void> TrafficSegment::loadPolicyInUse(const Streams& streams)
{
    if (m_policy.empty())
        return {};
    auto policy = loadPolicy(m_policy, streams);
    if (!policy)
        return Unexpected(policy.error());
    auto styles = loadStyles(*policy, m_policy, {});
    if (!styles)
        return Unexpected(styles.error());
    m_document = std::move(*policy);
    m_styles = std::move(*styles);
    return {};
}

Result<Segmentation> TrafficSegment::make(const std::shared_ptr<const Traffic>& traffic,
                                          SegmentOutcome& outcome, const Streams& streams) const
{
    if (!m_applied.empty())
        return loadSegmentation(m_applied, streams);
    if (!m_expressions.empty()) {
        const auto written = writtenSegments(m_expressions);
        auto made = segmentsByCondition(*written, *m_document);
        return made ? made : Unexpected(atOption(made.error(), "--by-expression"));
    }
    if (!m_tag.empty()) {
        auto found = segmentsByTag(*traffic, m_tag, m_most);
        if (!found)
            return Unexpected(found.error());
        outcome.tag = std::move(*found);
        return outcome.tag->segmentation;
    }
    ClusterOptions options;
    options.clusters = *clusterCount();
    options.seed = m_seed;
    auto found = segmentsByCluster(traffic, *m_document, options, m_styles);
    if (!found)
        return Unexpected(found.error());
    outcome.clusters = std::move(*found);
    return outcome.clusters->segmentation;
}

Result<SegmentOutcome> TrafficSegment::work(const Streams& streams)
{
    if (auto loaded = loadPolicyInUse(streams); !loaded)
        return Unexpected(loaded.error());
    const auto traffic = loadTraffic(m_table, streams);
    if (!traffic)
        return Unexpected(traffic.error());
    SegmentOutcome outcome;
    outcome.traffic = (*traffic)->name;
    auto made = make(*traffic, outcome, streams);
    if (!made)
        return Unexpected(made.error());
    outcome.segmentation = *made;
    const auto inputs =
        m_applied.empty()
            ? SegmentedInputs::make(std::move(*made), *traffic, m_evidence, m_styles)
            : SegmentedInputs::make(std::move(*made), m_applied, *traffic, m_evidence, m_styles);
    if (!inputs)
        return Unexpected(inputs.error());
    outcome.rows = inputs->rows();
    if (!m_evidence.empty()) {
        // Without a policy: whatever models the answers are of.
        const PolicyDocument whose = m_document              ? *m_document
                                     : m_evidence == kSample ? supportDeskPolicy()
                                                             : PolicyDocument();
        auto evidence = loadEvidence(m_evidence, whose);
        if (!evidence)
            return Unexpected(evidence.error());
        auto prompts = inputs->divide(*evidence);
        if (!prompts)
            return Unexpected(prompts.error());
        outcome.prompts = std::move(*prompts);
        outcome.cover = coverOf(*inputs->traffic(), *evidence);
    }
    if (!m_saved.empty()) {
        const std::string text = toSegmentationText(outcome.segmentation);
        if (const auto written = writeFileAtomically(m_saved, text); !written)
            return Unexpected(written.error());
        outcome.saved = m_saved;
    }
    if (!m_out.empty()) {
        if (const auto saved = saveTraffic(*inputs->traffic(), m_out); !saved)
            return Unexpected(saved.error());
        outcome.table = m_out;
    }
    return outcome;
}

} // namespace signalbox::cli
