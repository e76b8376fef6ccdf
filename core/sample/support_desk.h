// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/ids.h>
#include <core/policy/document.h>
#include <core/policy/edit.h>
#include <core/traffic/traffic.h>
#include <core/voice/answer.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

// "Support desk": the bundled sample. Everything here is synthetic, the project's own work, and
// made by seeded generators: the same on every machine.

/// A prompt of the lab's sample set with a check of its outcome: an answer satisfies the user when
/// it names every fact (one of each group's spellings, ASCII case ignored).
struct SamplePrompt
{
    PromptId id;
    std::string segment;
    std::string systemPrompt;
    std::string text;
    std::vector<std::vector<std::string>> facts;
};

[[nodiscard]] const std::vector<SamplePrompt>& supportDeskPrompts();

/// 1 if the answer names every fact of the prompt, else 0.
[[nodiscard]] double outcomeOf(const SamplePrompt& prompt, std::string_view answer);

/// The policy that broke the product: revision 7.
[[nodiscard]] PolicyDocument supportDeskPolicy();

/// The revisions before it, 1 to 6, each a step that made sense at the time.
[[nodiscard]] std::vector<PolicyDocument> supportDeskHistory();

/// The three edits that repair it. Each is needed: no two of them meet every gate.
enum class RepairStep { FailOverAtOnce, StayInConversation, BetterCheapModel };
inline constexpr std::array kRepairSteps = {
    RepairStep::FailOverAtOnce, RepairStep::StayInConversation, RepairStep::BetterCheapModel};
struct Repair
{
    RepairStep step = RepairStep::FailOverAtOnce;
    std::string sentence; ///< what it does and why, in one sentence
    Edit edit;
};

/// One step as an edit of `document`: revision 7 with any of the other steps taken or not.
[[nodiscard]] Repair supportDeskRepair(RepairStep step, const PolicyDocument& document);

/// All three as edits to apply to revision 7 in this order.
[[nodiscard]] std::vector<Edit> supportDeskRepair();

/// At least 1,500 conversations, 5,000 requests; users, styles, plans, segments, turns.
[[nodiscard]] Traffic supportDeskTraffic();

// The simulator: three characters of the account, played without a network.

/// How a simulated model behaves on the wire.
struct SimulatedTiming
{
    double firstTokenP50Ms = 500;
    double firstTokenSigma = 0.5; ///< of the logarithm
    double tokensPerSecond = 60;
    double rateLimitShare = 0; ///< requests that fail with 429, retries included
};

/// Timing of a simulated model by its upstream name; unknown names get a middling one.
[[nodiscard]] SimulatedTiming simulatedTiming(std::string_view upstreamModel);

[[nodiscard]] bool isSimulatedModel(std::string_view upstreamModel);
[[nodiscard]] std::vector<std::string> simulatedModels();

/// One answer of a simulated model: text in its voice, with the facts it knows, tokens (estimated
/// as characters / 4), times and refusals. Deterministic in all its arguments. Looks at the last
/// user message: a sample prompt is answered with facts, any other text in the same voice with the
/// statement that the answer is simulated.
///
/// The style guide, and the system messages, move the voice: sentence and word limits, "no
/// markdown", "no emoji", "no greeting", "no closing offers", plain, formal, casual, warm, brief,
/// detailed; character.h lists what is understood.
struct SimulatedAnswer
{
    std::string text;
    bool rateLimited = false;
    double firstTokenMs = 0; ///< when rate limited: until the refusal is known
    double totalMs = 0;      ///< likewise
    std::int64_t inputTokens = 0;
    std::int64_t outputTokens = 0;
};
[[nodiscard]] SimulatedAnswer simulateAnswer(std::string_view upstreamModel,
                                             const std::vector<Message>& messages,
                                             const std::string& styleGuide, int sample,
                                             std::uint64_t seed = 1);

/// When the sample's evidence was recorded, Unix time: the Sunday after its traffic, noon UTC. Tells
/// it from what a run records.
inline constexpr std::int64_t kSampleEvidenceAtMs = 1'695'513'600'000 + 43'200'000;

/// The evidence the sample opens with: every sample prompt at every simulated model of the policy,
/// `samples` times, as the lab would record it. Refused calls are Failed answers without text or
/// tokens whose totalMs is the time until the refusal was known. Well under 100 ms on one core for
/// the default.
[[nodiscard]] std::vector<Answer> supportDeskEvidence(const std::vector<ModelSpec>& models,
                                                      int samples = 2);

} // namespace signalbox
