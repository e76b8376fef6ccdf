// SPDX-License-Identifier: GPL-3.0-or-later
#include "listening.h"

#include <core/base/clock.h>
#include <core/base/json.h>
#include <core/lab/sample_prompts.h>
#include <core/providers/endpoint.h>
#include <core/providers/standard_providers.h>
#include <core/tasting/judge_question.h>

#include <QEventLoop>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

bool isJsonObject(const LabPrompt& prompt)
{
    const std::string& text = prompt.messages.back().text;
    if (!text.starts_with('{'))
        return false;
    const auto json = parseJson(text);
    return json && json->is_object();
}

} // namespace

Result<std::unique_ptr<Providers>> makeProviders(const std::vector<std::string>& allowedKeys)
{
    auto providers = std::make_unique<Providers>();
    providers->services = addStandardProviders(providers->registry);
    providers->services.simulator->setSpeed(0);
    providers->services.simulator->setOtherReply(simulatedVerdict);
    for (const std::string& entry : allowedKeys) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos)
            return fail(ErrorCode::InvalidArgument, "an allowed key is REFERENCE=URL",
                        "--allow-key", "for example env:MY_KEY=https://models.example/v1");
        const auto endpoint = parseEndpoint(entry.substr(equals + 1));
        if (!endpoint)
            return Unexpected(endpoint.error());
        providers->services.keys->allow(entry.substr(0, equals), *endpoint);
    }
    return providers;
}

std::vector<LabPrompt> samplePrompts(std::size_t count)
{
    const std::vector<SamplePrompt>& all = supportDeskPrompts();
    return spreadPrompts(all, count == 0 ? all.size() : count);
}

Result<PromptImport> promptsOf(std::string_view bytes, const PromptReadOptions& options,
                               std::optional<PromptFormat> format)
{
    const bool isNamed = format.has_value();
    auto import = importPrompts(bytes, options, format);
    if (!import) {
        Error error = import.error();
        if (error.message == kNoPromptColumn)
            error.hint += " --prompt-template says it; --prompts-format lines sends each line as "
                          "it is.";
        return Unexpected(std::move(error));
    }
    if (import->report.refusedCount() > 0)
        return Unexpected(partlyRead(import->report, "mend what cannot be read or take it out; "
                                                     "nothing was sent"));
    const bool isText =
        import->format == PromptFormat::Lines || import->format == PromptFormat::Paragraphs;
    if (isText && !isNamed && std::ranges::any_of(import->prompts, isJsonObject))
        return fail(ErrorCode::ParseError, "JSON objects stand among lines of text", {},
                    "make all lines JSON, or name the format with --prompts-format");
    return import;
}

Result<Heard> listen(const LabPlan& plan, const Providers& providers, EvidenceStore* store,
                     const std::string& resume, const Streams& streams)
{
    LabRun run(plan, providers.registry, store);
    if (!resume.empty()) {
        const auto taken = run.resumeFrom(RunId(resume));
        if (!taken)
            return Unexpected(taken.error());
        streams.err << *taken << " answers were recorded already and are not sent again\n";
    }
    QEventLoop loop;
    std::optional<Error> storeError;
    std::size_t shown = 0;
    QObject::connect(&run, &LabRun::finished, &loop, &QEventLoop::quit);
    QObject::connect(&run, &LabRun::storeFailed, &loop, [&](const QString& message) {
        if (run.hasUnwritten() || run.progress().running > 0) {
            streams.err << message.toStdString()
                        << "\nThe run waits until its answers can be kept; none is lost unless the "
                           "program is ended.\n"
                        << std::flush;
            return;
        }
        storeError = Error{ErrorCode::IoError, message.toStdString(), {}, {}};
        loop.quit();
    });
    QObject::connect(&run, &LabRun::storeRecovered, &loop,
                     [&] { streams.err << "Answers are kept again; the run goes on.\n"; });
    QObject::connect(&run, &LabRun::progressChanged, &loop, [&] {
        const LabProgress progress = run.progress();
        if (progress.total == 0 || progress.finished * 10 / progress.total == shown)
            return;
        shown = progress.finished * 10 / progress.total;
        streams.err << progress.finished << " of " << progress.total << " calls, "
                    << progress.failed << " failed\n"
                    << std::flush;
    });
    // One line for a reason, not one for every cell and second.
    std::map<std::string, std::int64_t> toldAtMs;
    QObject::connect(&run, &LabRun::cellChanged, &loop, [&](const CellId& id) {
        constexpr std::int64_t kAgainMs = 60'000;
        const Cell& cell = run.cell(id);
        const std::size_t colon = cell.status.find(": ");
        if (cell.state != CellState::Waiting || !cell.status.starts_with("waiting ") ||
            colon == std::string::npos)
            return;
        const std::int64_t nowMs = systemClock().monotonicNs() / 1'000'000;
        const auto [told, isNew] = toldAtMs.try_emplace(cell.status.substr(colon), nowMs);
        if (!isNew && nowMs - told->second < kAgainMs)
            return;
        told->second = nowMs;
        streams.err << cell.status << '\n' << std::flush;
    });
    Heard heard;
    QObject::connect(&run, &LabRun::capWasReached, &loop, [&](const CapReached& reached) {
        heard.cap = reached;
        run.stop(); // nobody is here who could raise it
    });
    run.start();
    // A store may refuse within start(), before there is a loop that could be told to end.
    if (run.isRunning() && !storeError)
        loop.exec();
    if (storeError)
        return Unexpected(*storeError);
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample)
                heard.answers.push_back(run.cell({prompt, model, sample}).answer);
        }
    }
    if (run.id())
        heard.run = run.id()->value;
    return heard;
}

} // namespace signalbox::cli
