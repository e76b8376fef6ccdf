// SPDX-License-Identifier: GPL-3.0-or-later
#include "listening.h"

#include <core/base/json.h>
#include <core/base/md5.h>
#include <core/base/utf8.h>
#include <core/lab/sample_prompts.h>
#include <core/providers/endpoint.h>
#include <core/providers/standard_providers.h>

#include <QEventLoop>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

PromptId idOf(const std::string& system, const std::string& text)
{
    std::string id = "prompt-";
    for (const std::uint8_t byte : md5(system + '\0' + text)) {
        id += "0123456789abcdef"[byte >> 4];
        id += "0123456789abcdef"[byte & 15];
    }
    return PromptId(id);
}

Result<LabPrompt> promptOf(const std::string& line, std::size_t number)
{
    const std::string place = "line " + std::to_string(number);
    if (firstInvalidUtf8(line))
        return fail(ErrorCode::ParseError, "the line is not valid UTF-8", place,
                    "save the file as UTF-8");
    LabPrompt prompt;
    if (line.front() != '{') {
        prompt.id = idOf({}, line);
        prompt.messages.push_back({Role::User, line, 0});
        return prompt;
    }
    const auto json = parseJson(line);
    const auto text = [&](const char* key) {
        const auto found = json->find(key);
        return found != json->end() && found->is_string() ? found->get<std::string>()
                                                          : std::string();
    };
    if (!json || text("text").empty())
        return fail(ErrorCode::ParseError,
                    json ? "the object has no \"text\"" : json.error().message, place,
                    "write one prompt a line, or {\"text\": \"...\"}");
    prompt.id = text("id").empty() ? idOf(text("system"), text("text")) : PromptId(text("id"));
    prompt.segment = text("segment");
    if (!text("system").empty())
        prompt.messages.push_back({Role::System, text("system"), 0});
    prompt.messages.push_back({Role::User, text("text"), 0});
    return prompt;
}

} // namespace

Result<std::unique_ptr<Providers>> makeProviders(const std::vector<std::string>& allowedKeys)
{
    auto providers = std::make_unique<Providers>();
    providers->services = addStandardProviders(providers->registry);
    providers->services.simulator->setSpeed(0);
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

Result<std::vector<LabPrompt>> promptsFromLines(const std::string& text)
{
    std::vector<LabPrompt> prompts;
    std::map<PromptId, std::size_t> lineOf;
    std::size_t number = 0;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        if (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (line.find_first_not_of(" \t") == std::string::npos)
            continue;
        auto prompt = promptOf(line, number);
        if (!prompt)
            return Unexpected(prompt.error());
        const auto [first, isNew] = lineOf.emplace(prompt->id, number);
        if (!isNew)
            return fail(ErrorCode::InvalidArgument,
                        "the prompt is that of line " + std::to_string(first->second),
                        "line " + std::to_string(number),
                        "leave one of them out; --samples asks a prompt several times");
        prompts.push_back(std::move(*prompt));
    }
    if (prompts.empty())
        return fail(ErrorCode::InvalidArgument, "there is no prompt in the file");
    return prompts;
}

Result<std::vector<Answer>> listen(const LabPlan& plan, const Providers& providers,
                                   EvidenceStore* store, const std::string& resume,
                                   const Streams& streams)
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
        streams.err << progress.finished << " of " << progress.total << " answers, "
                    << progress.failed << " failed\n"
                    << std::flush;
    });
    run.start();
    // A store may refuse within start(), before there is a loop that could be told to end.
    if (run.isRunning() && !storeError)
        loop.exec();
    if (storeError)
        return Unexpected(*storeError);
    std::vector<Answer> answers;
    for (std::size_t prompt = 0; prompt < plan.prompts.size(); ++prompt) {
        for (std::size_t model = 0; model < plan.models.size(); ++model) {
            for (int sample = 0; sample < plan.samples; ++sample)
                answers.push_back(run.cell({prompt, model, sample}).answer);
        }
    }
    return answers;
}

} // namespace signalbox::cli
