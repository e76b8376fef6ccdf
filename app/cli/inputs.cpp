// SPDX-License-Identifier: GPL-3.0-or-later
#include "inputs.h"

#include "segment_inputs.h"

#include <core/base/files.h>
#include <core/evidence/evidence_store.h>
#include <core/lab/sample_prompts.h>
#include <core/policy/policy_json.h>
#include <core/policy/policy_styles.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic_file.h>

#include <CLI/CLI.hpp>
#include <QDateTime>
#include <QStandardPaths>

#include <algorithm>
#include <array>
#include <fstream>
#include <istream>
#include <iterator>
#include <ostream>

namespace signalbox::cli {

namespace {

constexpr auto kSample = "sample";

/// A table as it is in its file, of which every byte was checked.
Result<std::shared_ptr<const Traffic>> loadTable(const std::string& path)
{
    const auto file = TrafficFile::open(path);
    if (!file)
        return Unexpected(file.error());
    if (const auto checked = file->verify(); !checked)
        return Unexpected(checked.error());
    return file->traffic();
}

bool isTable(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::array<char, 8> begin{};
    file.read(begin.data(), begin.size());
    return isTrafficFile({begin.data(), static_cast<std::size_t>(file.gcount())});
}

std::vector<ModelSpec> simulatedModels(const PolicyDocument& document)
{
    std::vector<ModelSpec> simulated;
    std::ranges::copy_if(
        document.models, std::back_inserter(simulated), [](const ModelSpec& model) {
            return model.provider == "simulator" && isSimulatedModel(model.upstreamModel);
        });
    return simulated;
}

/// Recorded answers where a file is given, else the simulator's for the models it plays.
Result<std::vector<Answer>> loadAnswers(const std::string& path, const PolicyDocument& document)
{
    if (!path.empty()) {
        // Reading: a mistyped path makes no file, and an old file stays as it is.
        const auto address = parseStoreAddress(path);
        if (!address)
            return Unexpected(address.error());
        auto store = EvidenceStore::openExisting(*address);
        if (!store)
            return Unexpected(store.error());
        return store->allAnswers();
    }
    return supportDeskEvidence(simulatedModels(document));
}

/// Where the policy stands; what is no file stands where the command is run.
std::filesystem::path folderOf(const std::string& source)
{
    return source == kSample || source == "-" ? std::filesystem::path()
                                              : std::filesystem::path(source).parent_path();
}

} // namespace

Result<std::shared_ptr<const UserStyles>>
loadStyles(const PolicyDocument& document, const std::string& source, const std::string& styles)
{
    if (styles.empty())
        return readStylesOf(document, folderOf(source));
    auto table = UserStyles::read(styles);
    if (!table)
        return Unexpected(table.error());
    return std::make_shared<const UserStyles>(std::move(*table));
}

namespace {

/// An earlier revision with its own table of styles. That it has none where the policy has one is
/// said, since users then have another style in it.
Result<EarlierRevision> loadEarlier(const std::string& source, const PolicyDocument& policy,
                                    const Streams& streams)
{
    auto revision = loadPolicy(source, streams);
    if (!revision)
        return Unexpected(revision.error());
    auto styles = loadStyles(*revision, source, {});
    if (!styles)
        return Unexpected(styles.error());
    if (!*styles && !styleTableOf(policy).empty())
        streams.err << source << ": names no table of answer styles, so that users who name none "
                    << "have its default in it\n";
    return EarlierRevision{std::move(*revision), std::move(*styles)};
}

EvidenceTable measured(const PolicyDocument& document, const std::vector<Answer>& answers)
{
    EvidenceOptions options;
    options.style = document.answerStyle;
    options.outcome = outcomeOfSamplePrompt;
    options.models = document.models;
    return buildEvidenceTable(answers, options);
}

Projector projectorFor(const PolicyDocument& document, std::shared_ptr<const Traffic> traffic,
                       const std::vector<Answer>& answers)
{
    return {std::move(traffic), std::make_shared<const EvidenceTable>(measured(document, answers))};
}

} // namespace

Result<std::shared_ptr<const Traffic>> loadTraffic(const std::string& path, const Streams& streams)
{
    if (path.empty() || path == kSample)
        return std::make_shared<const Traffic>(supportDeskTraffic());
    if (isTable(path))
        return loadTable(path);
    const auto text = readFile(path);
    if (!text)
        return Unexpected(text.error());
    auto reading = readTrafficJsonLines(*text, path);
    if (!reading)
        return Unexpected(reading.error());
    if (reading->badLines > 0) {
        const TrafficProblem& first = reading->problems.front();
        streams.err << path << ": "
                    << (reading->badLines == 1
                            ? std::string("1 line could not be read and is left out: ")
                            : std::to_string(reading->badLines) +
                                  " lines could not be read and are left out; the first is ")
                    << "line " << first.line << ": " << first.message << '\n';
    }
    return std::make_shared<const Traffic>(std::move(reading->traffic));
}

int report(const Streams& streams, const Error& error)
{
    streams.err << toString(error) << '\n';
    return kFailed;
}

int reportWrongUse(const Streams& streams, const Error& error)
{
    report(streams, error);
    return kUsedWrongly;
}

Result<std::string> readInput(const std::string& source, const Streams& streams,
                              std::size_t limitBytes)
{
    if (source != "-")
        return readFile(source, limitBytes);
    std::string text;
    std::array<char, 65536> block{};
    for (;;) {
        streams.in.read(block.data(), std::ssize(block));
        const auto count = static_cast<std::size_t>(streams.in.gcount());
        if (count == 0)
            return text;
        if (count > limitBytes - text.size())
            return fail(ErrorCode::TooLarge, "standard input is larger than the limit of " +
                                                 std::to_string(limitBytes) + " bytes");
        text.append(block.data(), count);
    }
}

namespace {

/// All that is wrong in a file, as far as a line holds it.
Error policyError(const std::string& source, const std::vector<Error>& problems)
{
    constexpr std::size_t kMostTold = 5;
    Error error = problems.front();
    if (problems.size() == 1) {
        error.where = source + (error.where.empty() ? "" : ": " + error.where);
        return error;
    }
    error.where = source;
    error.hint = "lint lists all of them";
    error.message = std::to_string(problems.size()) + " problems: ";
    for (std::size_t i = 0; i < std::min(kMostTold, problems.size()); ++i)
        error.message += (i == 0 ? "" : "; ") + toString(problems[i]);
    if (problems.size() > kMostTold)
        error.message += "; and " + std::to_string(problems.size() - kMostTold) + " more";
    return error;
}

} // namespace

Result<PolicyDocument> loadPolicy(const std::string& source, const Streams& streams)
{
    if (source == kSample)
        return supportDeskPolicy();
    const auto text = readInput(source, streams, kPolicyJsonLimits.bytes);
    if (!text)
        return Unexpected(text.error());
    PolicyReading reading = readPolicyText(*text);
    if (!reading.problems.empty())
        return Unexpected(policyError(source, reading.problems));
    return std::move(reading.document);
}

Result<ModelSpec> addedModel(const std::string& text, const std::string& keyRef,
                             const std::string& option)
{
    const std::size_t at = text.find("@http");
    if (at == std::string::npos || at == 0)
        return fail(ErrorCode::InvalidArgument, "an added model is MODEL@URL", option,
                    "for example " + option + " smollm2@http://127.0.0.1:8080/v1");
    ModelSpec model;
    model.id = ModelId(text.substr(0, at));
    model.provider = "openai";
    model.upstreamModel = text.substr(0, at);
    model.baseUrl = text.substr(at + 1);
    model.keyRef = keyRef;
    return model;
}

Result<CompiledPolicy> compilePolicy(const std::string& source, const std::string& styles,
                                     const Streams& streams)
{
    const auto document = loadPolicy(source, streams);
    if (!document)
        return Unexpected(document.error());
    auto table = loadStyles(*document, source, styles);
    if (!table)
        return Unexpected(table.error());
    return CompiledPolicy::compile(*document, nullptr, std::move(*table));
}

Result<EvidenceTable> loadEvidence(const std::string& source, const PolicyDocument& document)
{
    auto answers = loadAnswers(source == kSample ? std::string() : source, document);
    if (!answers)
        return Unexpected(answers.error());
    std::vector<ModelSpec> unheard = simulatedModels(document); // those play here, too
    std::erase_if(unheard, [&](const ModelSpec& model) {
        return std::ranges::find(*answers, model.id, &Answer::model) != answers->end();
    });
    if (!unheard.empty())
        std::ranges::move(supportDeskEvidence(unheard), std::back_inserter(*answers));
    return measured(document, *answers);
}

Result<EvidenceTable> loadProjectedEvidence(const std::string& path, const PolicyDocument& document)
{
    const auto answers = loadAnswers(path, document);
    if (!answers)
        return Unexpected(answers.error());
    return measured(document, *answers);
}

void ProjectionInputs::declare(CLI::App& app)
{
    app.add_option("policy", policy, "Policy file, - for standard input, or \"sample\"")
        ->required();
    app.add_option(
        "--traffic", traffic,
        "Requests to replay: a table of \"traffic import\", or one JSON object a line; without it "
        "the bundled sample");
    app.add_option(
        "--evidence", evidence,
        "Recorded answers (a workbench's evidence.sqlite, or postgresql://...); without it "
        "simulated ones");
    declareSegments(app, segments);
}

Result<ProjectedPolicy> project(const ProjectionInputs& inputs, const Streams& streams,
                                bool withPoints)
{
    auto document = loadPolicy(inputs.policy, streams);
    if (!document)
        return Unexpected(document.error());
    auto traffic = loadTraffic(inputs.traffic, streams);
    if (!traffic)
        return Unexpected(traffic.error());
    auto styles = loadStyles(*document, inputs.policy, {});
    if (!styles)
        return Unexpected(styles.error());
    const auto divided = SegmentedInputs::load(inputs.segments, std::move(*traffic),
                                               inputs.evidence, *styles, streams);
    if (!divided)
        return Unexpected(divided.error());
    const auto answersOf = [&](const PolicyDocument& of) -> Result<std::vector<Answer>> {
        auto answers = loadAnswers(inputs.evidence, of);
        if (!answers)
            return answers;
        if (auto done = divided->divide(*answers); !done)
            return Unexpected(done.error());
        return answers;
    };
    const auto answers = answersOf(*document);
    if (!answers)
        return Unexpected(answers.error());
    auto projected =
        project(*document, divided->traffic(), *answers, withPoints, std::move(*styles));
    if (!projected || !withPoints)
        return projected;
    std::vector<EarlierRevision> revisions;
    for (const std::string& source : inputs.earlier) {
        auto revision = loadEarlier(source, *document, streams);
        if (!revision)
            return Unexpected(revision.error());
        revisions.push_back(std::move(*revision));
    }
    if (const auto added = addRevisions(*projected, revisions, divided->traffic(), answersOf);
        !added)
        return Unexpected(added.error());
    return projected;
}

Result<ProjectedPolicy> project(const PolicyDocument& document,
                                std::shared_ptr<const Traffic> traffic,
                                const std::vector<Answer>& answers, bool withPoints,
                                std::shared_ptr<const UserStyles> styles)
{
    Projector projector = projectorFor(document, std::move(traffic), answers);
    ProjectionOptions options;
    options.styles = std::move(styles);
    auto projection = projector.project(document, options);
    if (!projection)
        return Unexpected(projection.error());
    ProjectedPolicy result{document, std::move(*projection), {}, options.styles};
    if (withPoints) {
        result.points = projector.baselines(document);
        result.points.push_back(frontierPointOf(result.projection, document.name));
    }
    return result;
}

Result<void> addRevisions(ProjectedPolicy& projected, const std::vector<EarlierRevision>& revisions,
                          const std::shared_ptr<const Traffic>& traffic, const AnswersOf& answersOf)
{
    struct Measured
    {
        AnswerStyle style;
        std::vector<ModelSpec> models;
        Projector projector;
    };
    std::vector<Measured> measured;
    for (const EarlierRevision& revision : revisions) {
        PolicyDocument judged = revision.document;
        judged.gates = projected.document.gates;
        auto known = std::ranges::find_if(measured, [&](const Measured& each) {
            return each.style == judged.answerStyle && each.models == judged.models;
        });
        if (known == measured.end()) {
            const auto answers = answersOf(judged);
            if (!answers)
                return Unexpected(answers.error());
            measured.push_back(
                {judged.answerStyle, judged.models, projectorFor(judged, traffic, *answers)});
            known = std::prev(measured.end());
        }
        ProjectionOptions options;
        options.styles = revision.styles;
        const auto projection = known->projector.project(judged, options);
        if (!projection)
            return Unexpected(projection.error());
        projected.points.push_back(frontierPointOf(
            *projection, "r" + std::to_string(judged.revision), FrontierPoint::Kind::Revision));
    }
    return {};
}

Result<BehaviourDiff> compareBehaviour(const BehaviourInputs& inputs, const PolicyDocument& before,
                                       const PolicyDocument& after, const Streams& streams)
{
    auto traffic = loadTraffic(inputs.traffic, streams);
    if (!traffic)
        return Unexpected(traffic.error());
    const auto stylesBefore = loadStyles(before, inputs.before, {});
    if (!stylesBefore)
        return Unexpected(stylesBefore.error());
    const auto stylesAfter = loadStyles(after, inputs.after, {});
    if (!stylesAfter)
        return Unexpected(stylesAfter.error());
    const auto divided = SegmentedInputs::load(inputs.segments, std::move(*traffic),
                                               inputs.evidence, *stylesAfter, streams);
    if (!divided)
        return Unexpected(divided.error());
    const auto projectorOf = [&](const PolicyDocument& document) -> Result<Projector> {
        auto answers = loadAnswers(inputs.evidence, document);
        if (!answers)
            return Unexpected(answers.error());
        if (auto done = divided->divide(*answers); !done)
            return Unexpected(done.error());
        return projectorFor(document, divided->traffic(), *answers);
    };
    // One table where it can be: then requests that go the same way differ in nothing.
    const auto common = commonEvidenceModels(before, after);
    PolicyDocument both = after;
    if (common)
        both.models = *common;
    auto later = projectorOf(both);
    if (!later)
        return Unexpected(later.error());
    if (common)
        return behaviourDiff({before, *later, *stylesBefore}, {after, *later, *stylesAfter});
    auto earlier = projectorOf(before);
    if (!earlier)
        return Unexpected(earlier.error());
    return behaviourDiff({before, *earlier, *stylesBefore}, {after, *later, *stylesAfter});
}

BookInUse priceBookInUse(const Streams& streams)
{
    const std::filesystem::path folder =
        QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString();
    BookInUse used = bookInUse(folder / kAcceptedBookFile);
    if (used.problem)
        streams.err << "The price book accepted in the window cannot be read, so the program's own "
                       "counts: "
                    << toString(*used.problem) << '\n';
    return used;
}

std::string isoNow()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
}

} // namespace signalbox::cli
