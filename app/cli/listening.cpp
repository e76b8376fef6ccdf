// SPDX-License-Identifier: GPL-3.0-or-later
#include "listening.h"

#include <core/base/json.h>
#include <core/providers/endpoint.h>
#include <core/providers/standard_providers.h>
#include <core/sample/support_desk.h>

#include <QEventLoop>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <ostream>
#include <utility>

namespace signalbox::cli {

namespace {

LabPrompt labPromptOf(const SamplePrompt& prompt)
{
    LabPrompt lab;
    lab.id = prompt.id;
    lab.segment = prompt.segment;
    if (!prompt.systemPrompt.empty())
        lab.messages.push_back({Role::System, prompt.systemPrompt, 0});
    lab.messages.push_back({Role::User, prompt.text, 0});
    lab.outcome = [&prompt](const std::string& text) { return outcomeOf(prompt, text); };
    return lab;
}

Result<LabPrompt> promptOf(const std::string& line, std::size_t number)
{
    LabPrompt prompt;
    prompt.id = PromptId("line-" + std::to_string(number));
    if (line.front() != '{') {
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
        return fail(
            ErrorCode::ParseError, json ? "the object has no \"text\"" : json.error().message,
            "line " + std::to_string(number), "write one prompt a line, or {\"text\": \"...\"}");
    if (!text("id").empty())
        prompt.id = PromptId(text("id"));
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
            return fail(ErrorCode::InvalidArgument, "an allowed key is REFERENCE=URL", entry,
                        "for example env:MY_KEY=https://models.example/v1");
        const auto endpoint = parseEndpoint(entry.substr(equals + 1));
        if (!endpoint)
            return Unexpected(endpoint.error());
        providers->services.keys->allow(entry.substr(0, equals), *endpoint);
    }
    return providers;
}

std::vector<LabPrompt> samplePrompts(std::size_t count)
{
    std::map<std::string, std::vector<const SamplePrompt*>> bySegment;
    for (const SamplePrompt& prompt : supportDeskPrompts())
        bySegment[prompt.segment].push_back(&prompt);
    std::vector<LabPrompt> prompts;
    const std::size_t wanted =
        count == 0 ? supportDeskPrompts().size() : std::min(count, supportDeskPrompts().size());
    for (std::size_t place = 0; prompts.size() < wanted; ++place) {
        for (const auto& [segment, list] : bySegment) {
            if (place < list.size() && prompts.size() < wanted)
                prompts.push_back(labPromptOf(*list[place]));
        }
    }
    return prompts;
}

Result<std::vector<LabPrompt>> promptsFromLines(const std::string& text)
{
    std::vector<LabPrompt> prompts;
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
        storeError = Error{ErrorCode::IoError, message.toStdString(), {}, {}};
        loop.quit();
    });
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
    if (run.isRunning())
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
