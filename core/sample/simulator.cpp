// SPDX-License-Identifier: Apache-2.0
// The simulated models: what they know, how long they take, when they refuse.

#include "answer_writer.h"
#include "character.h"
#include "prompt_text.h"
#include "support_desk.h"

#include <core/base/random.h>
#include <core/base/utf8.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace signalbox {

namespace {

using sample::AnswerMatter;
using sample::Character;
using sample::Effort;
using sample::Hardness;
using sample::PromptOrigin;
using sample::Slots;
using sample::Topic;

/// How likely a model does not know what a prompt asks for.
struct Ignorance
{
    double easy = 0;
    double hard = 0;     ///< short questions of hard topics
    double hardLong = 0; ///< long ones
    double tail = 0;
};

struct SimulatedModel
{
    std::string_view name;
    SimulatedTiming timing;
    Ignorance ignorance;
};

/// Cheap first token: p50 0.5 s, p95 1.2 s, so sigma = ln(1.2 / 0.5) / 1.645; premium: p50 1.5 s,
/// sigma 0.45. Both small models run on a quota that refuses 8 % of the calls.
constexpr std::array<SimulatedModel, 3> kModels = {
    {{"gpt-4", {1500, 0.45, 30, 0}, {0, 0, 0.02, 0}},
     {"gpt-3.5-turbo", {450, 0.45, 80, 0.08}, {0, 0.02, 0.04, 0}},
     {"palm-2", {500, 0.532, 70, 0.08}, {0.015, 0.08, 0.2, 0.33}}}};

constexpr SimulatedModel kUnknownModel = {"", {700, 0.5, 60, 0}, {0.01, 0.05, 0.1, 0.1}};

/// Time until a refusal is known.
constexpr double kRefusalP50Ms = 80;
constexpr double kRefusalSigma = 0.25;

const SimulatedModel& modelNamed(std::string_view name)
{
    const auto* const found = std::ranges::find(kModels, name, &SimulatedModel::name);
    return found == kModels.end() ? kUnknownModel : *found;
}

/// Numbers in [0, 1) for the sample's prompts that lie evenly however many of them one looks at, so
/// that shares and quantiles of a small evidence come out as stated rather than by luck.
/// The multiples of an irrational number, turned by a hash (Weyl 1916).
double evenlySpread(std::size_t index, double irrational, std::uint64_t hash)
{
    const double start = double(hash >> 11) * 0x1.0p-53;
    const double value = start + double(index + 1) * irrational;
    return value - std::floor(value);
}

/// What one call draws its luck from.
struct Luck
{
    double refusal = 0;    ///< refused when below the model's share
    double firstToken = 0; ///< quantile
    double knowledge = 0;  ///< the prompt is too hard when below the model's ignorance
    std::uint64_t textSeed = 0;
};

Luck luckOf(std::string_view model, const PromptOrigin* origin, std::string_view text, int drawn,
            std::uint64_t seed)
{
    const std::uint64_t modelHash = stableHash(model, seed);
    const std::uint64_t textHash = stableHash(text, modelHash);
    Random random(textHash + std::uint64_t(drawn) * 0x9e3779b97f4a7c15ULL);
    Luck luck;
    luck.textSeed = random.next();
    luck.refusal = random.uniform();
    luck.firstToken = random.uniform();
    luck.knowledge = 1;
    if (origin != nullptr) {
        const std::uint64_t sampleHash = modelHash + std::uint64_t(drawn);
        luck.refusal =
            evenlySpread(origin->index, std::numbers::phi, stableHash("refusal", sampleHash));
        luck.firstToken =
            evenlySpread(origin->index, std::numbers::sqrt2, stableHash("pace", sampleHash));
        // The same for every model and sample: what gpt-4 does not know, palm-2 does not either.
        luck.knowledge =
            evenlySpread(origin->index, std::numbers::sqrt3, stableHash("knowledge", seed));
    }
    return luck;
}

double ignoranceOf(const SimulatedModel& model, const PromptOrigin& origin)
{
    switch (origin.topic->hardness) {
    case Hardness::Easy:
        return model.ignorance.easy;
    case Hardness::Hard:
        return origin.effort == Effort::Long ? model.ignorance.hardLong : model.ignorance.hard;
    case Hardness::Tail:
        break;
    }
    return model.ignorance.tail;
}

/// The matter of a sample prompt; without one of the facts if the model does not know it.
AnswerMatter matterOf(const PromptOrigin& origin, bool knows, Random& random)
{
    const Topic& topic = *origin.topic;
    AnswerMatter matter;
    matter.title = topic.title;
    matter.about = topic.about;
    matter.steps = sample::filled(topic.steps);
    matter.cautions = sample::filled(topic.cautions);
    matter.effort = origin.effort;
    const auto details = sample::filled(topic.details);
    matter.details.assign(details.begin(), details.end());
    matter.details.insert(matter.details.end(), origin.segment->asides.begin(),
                          origin.segment->asides.end());

    const auto facts = sample::filled(topic.facts);
    std::vector<const sample::FactText*> asked;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if ((origin.ask->facts >> i & 1U) != 0)
            asked.push_back(&facts[i]);
        else
            matter.details.insert(matter.details.begin(), sample::filled(facts[i].says).front());
    }
    const std::size_t missed = knows ? asked.size() : std::size_t(random.below(asked.size()));
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto sentences =
            i == missed ? sample::filled(asked[i]->misses) : sample::filled(asked[i]->says);
        const std::size_t chosen = std::size_t(random.below(sentences.size()));
        matter.points.push_back(sentences[chosen]);
        matter.again.push_back(sentences[(chosen + 1) % sentences.size()]);
        const auto spellings = sample::filled(asked[i]->spellings);
        matter.keyWords.insert(matter.keyWords.end(), spellings.begin(), spellings.end());
    }
    return matter;
}

/// The first words of a text, on one line, for repeating what somebody asked.
std::string beginningOf(std::string_view text)
{
    constexpr std::size_t kMaxCodePoints = 60;
    std::string beginning;
    std::size_t points = 0;
    for (std::size_t at = 0; at < text.size() && points < kMaxCodePoints; ++points) {
        const DecodedCodePoint point = decodeCodePoint(text, at);
        const bool isPlain = point.value >= U' ' && point.value != U'"' && point.value != U'{' &&
                             point.value != U'}' && point.value != 0x7f;
        appendUtf8(beginning, isPlain ? point.value : U' ');
        at += point.bytes;
        if (at < text.size() && points + 1 == kMaxCodePoints)
            beginning += "…";
    }
    return beginning;
}

/// What a simulated model has to say about a message it has never seen: that it is simulated.
constexpr std::array<std::string_view, 3> kFreePoints = {
    "This is a simulated answer: no model has read your message about {about}.",
    "You asked about {about}, and this answer is simulated, so it knows nothing of the subject.",
    "Nobody has thought about {about} here, as this answer is simulated."};
constexpr std::array<std::string_view, 3> kFreeSteps = {"Add a model of a server you can reach.",
                                                        "Send the same prompt again.",
                                                        "Listen to both answers side by side."};
constexpr std::array<std::string_view, 4> kFreeDetails = {
    "The voice is the one this character has for every question.",
    "You can see how length and tone differ between the models all the same.",
    "The prompts of the sample are answered with facts.",
    "A style guide moves this voice as well."};
constexpr std::array<std::string_view, 1> kFreeCautions = {
    "Please do not judge a real model by this text."};

AnswerMatter freeMatter(Random& random)
{
    AnswerMatter matter;
    matter.title = "A simulated answer";
    matter.points = {kFreePoints[random.below(kFreePoints.size())]};
    matter.keyWords = {"simulated"};
    matter.steps = kFreeSteps;
    matter.details.assign(kFreeDetails.begin(), kFreeDetails.end());
    matter.cautions = kFreeCautions;
    return matter;
}

const Message* lastUserMessage(const std::vector<Message>& messages)
{
    const auto found = std::find_if(messages.rbegin(), messages.rend(), [](const Message& message) {
        return message.role == Role::User;
    });
    return found == messages.rend() ? nullptr : &*found;
}

/// What the model is told about its style: by the policy and by the system messages.
std::string instructionsOf(const std::vector<Message>& messages, const std::string& styleGuide)
{
    std::string instructions = styleGuide;
    for (const Message& message : messages)
        if (message.role == Role::System)
            instructions += "\n" + message.text;
    return instructions;
}

std::int64_t tokensOf(std::string_view text)
{
    return std::int64_t((codePointCount(text) + 3) / 4);
}

double logNormalQuantile(double p50, double sigma, double quantile)
{
    const double p = std::clamp(quantile, 1e-6, 1 - 1e-6);
    return p50 * std::exp(sigma * normalQuantile(p));
}

/// Tenths of a millisecond: what the last bits of a machine's exp() say does not matter.
double rounded(double ms)
{
    return std::round(ms * 10) / 10;
}

} // namespace

SimulatedTiming simulatedTiming(std::string_view upstreamModel)
{
    return modelNamed(upstreamModel).timing;
}

bool isSimulatedModel(std::string_view upstreamModel)
{
    return std::ranges::find(kModels, upstreamModel, &SimulatedModel::name) != kModels.end();
}

std::vector<std::string> simulatedModels()
{
    std::vector<std::string> names;
    for (const SimulatedModel& model : kModels)
        names.emplace_back(model.name);
    return names;
}

SimulatedAnswer simulateAnswer(std::string_view upstreamModel, const std::vector<Message>& messages,
                               const std::string& styleGuide, int drawn, std::uint64_t seed)
{
    const SimulatedModel& model = modelNamed(upstreamModel);
    const Message* const question = lastUserMessage(messages);
    const std::string_view text = question != nullptr ? std::string_view(question->text) : "";
    const PromptOrigin* const origin = sample::findPromptByText(text);
    const Luck luck = luckOf(upstreamModel, origin, text, drawn, seed);

    SimulatedAnswer answer;
    if (luck.refusal < model.timing.rateLimitShare) {
        answer.rateLimited = true;
        answer.firstTokenMs =
            rounded(logNormalQuantile(kRefusalP50Ms, kRefusalSigma, luck.firstToken));
        answer.totalMs = answer.firstTokenMs;
        return answer;
    }

    Random random(luck.textSeed);
    const std::string instructions = instructionsOf(messages, styleGuide);
    const Character character =
        sample::underStyleGuide(sample::characterOf(upstreamModel), instructions);
    if (origin != nullptr) {
        const bool knows = luck.knowledge >= ignoranceOf(model, *origin);
        answer.text =
            sample::writeAnswer(matterOf(*origin, knows, random), character, origin->slots, random);
    } else {
        Slots slots;
        slots.about = text.empty() ? "nothing" : "\"" + beginningOf(text) + "\"";
        answer.text = sample::writeAnswer(freeMatter(random), character, slots, random);
    }

    answer.inputTokens = styleGuide.empty() ? 0 : tokensOf(styleGuide);
    for (const Message& message : messages)
        answer.inputTokens += tokensOf(message.text);
    answer.outputTokens = tokensOf(answer.text);
    answer.firstTokenMs = rounded(logNormalQuantile(model.timing.firstTokenP50Ms,
                                                    model.timing.firstTokenSigma, luck.firstToken));
    const double pace = 0.85 + 0.3 * random.uniform();
    answer.totalMs = rounded(answer.firstTokenMs + double(answer.outputTokens) * 1000 /
                                                       (model.timing.tokensPerSecond * pace));
    return answer;
}

namespace {

Answer recordedAnswer(const SamplePrompt& prompt, const ModelSpec& model, int drawn)
{
    const std::vector<Message> messages = {{Role::System, prompt.systemPrompt},
                                           {Role::User, prompt.text}};
    SimulatedAnswer simulated =
        simulateAnswer(model.upstreamModel, messages, model.styleGuide, drawn);
    Answer answer;
    answer.prompt = prompt.id;
    answer.model = model.id;
    answer.sample = drawn;
    answer.servedModel = model.upstreamModel;
    answer.segment = prompt.segment;
    answer.styleGuide = model.styleGuide;
    answer.simulated = true;
    answer.recordedAtMs = kSampleEvidenceAtMs;
    answer.totalMs = simulated.totalMs;
    if (simulated.rateLimited) {
        answer.state = AnswerState::Failed;
        answer.failureKind = FailureKind::RateLimit;
        answer.failure = "The simulated model refused the call: rate limit (429).";
        return answer;
    }
    answer.satisfied = outcomeOf(prompt, simulated.text);
    answer.text = std::move(simulated.text);
    answer.firstTokenMs = simulated.firstTokenMs;
    answer.inputTokens = simulated.inputTokens;
    answer.outputTokens = simulated.outputTokens;
    if (model.price)
        answer.cost = model.price->inputPerToken * simulated.inputTokens +
                      model.price->outputPerToken * simulated.outputTokens;
    return answer;
}

} // namespace

std::vector<Answer> supportDeskEvidence(const std::vector<ModelSpec>& models, int samples)
{
    std::vector<Answer> answers;
    for (const ModelSpec& model : models) {
        if (!isSimulatedModel(model.upstreamModel))
            continue;
        for (const SamplePrompt& prompt : supportDeskPrompts())
            for (int drawn = 0; drawn < samples; ++drawn)
                answers.push_back(recordedAnswer(prompt, model, drawn));
    }
    return answers;
}

} // namespace signalbox
