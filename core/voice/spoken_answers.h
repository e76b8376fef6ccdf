// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer.h"
#include "tone.h"
#include "voice_distance.h"

#include <array>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// Fewer prompts than this are not compared: a fold of the classifier would hold less than two.
inline constexpr std::size_t kFewestCommonPrompts = 10;

/// The part of an answer's text that is voice (measures.md section 1): all of a finished one, the
/// whole sentences of one that was cut off, nothing of one that was refused, withheld or stopped.
[[nodiscard]] std::string_view voicedPart(AnswerState state, std::string_view text);

/// Of turns of conversations, by id: the prompt that is the turn before.
using TurnsBefore = std::map<PromptId, PromptId>;

/// What several models said to several prompts, as far as it is voice: the two lowest samples that
/// say something. Whoever compares voices starts here, so that all of them compare the same.
/// Refers to the texts and answers it was made from, which must outlive it.
class SpokenAnswers
{
public:
    struct Utterance
    {
        std::size_t model = 0;
        std::size_t prompt = 0;
        std::string_view text;          ///< a voicedPart(); empty ones are passed over
        const Answer* source = nullptr; ///< what said it, if it was recorded
    };

    /// @param prompts     ids; neighbours share the folds of the classifier, so what is measured
    ///                    depends on the order a little: it is to be the same every time
    /// @param utterances  of one model and prompt in the order of their samples
    SpokenAnswers(std::vector<std::string> models, std::vector<std::string> prompts,
                  std::span<const Utterance> utterances);

    /// Of recorded answers; of equal (model, prompt, sample) the newest counts.
    /// @param order  prompts that come first, as they stand in a table, say; all others follow in
    ///               byte order of their ids
    /// @param turns  which prompts go on from which; none: all stand alone
    [[nodiscard]] static SpokenAnswers of(const std::vector<Answer>& answers,
                                          const std::vector<ModelId>& models,
                                          std::span<const PromptId> order = {},
                                          const TurnsBefore& turns = {});

    [[nodiscard]] const std::vector<std::string>& models() const { return m_models; }
    [[nodiscard]] const std::vector<std::string>& prompts() const { return m_prompts; }

    [[nodiscard]] bool has(std::size_t model, std::size_t prompt, std::size_t sample = 0) const
    {
        return m_slots[model][prompt][sample] >= 0;
    }
    [[nodiscard]] std::string_view text(std::size_t model, std::size_t prompt) const;
    /// What text() is of; nullptr if the model says nothing or it was not made of answers.
    [[nodiscard]] const Answer* source(std::size_t model, std::size_t prompt) const;
    [[nodiscard]] const AnswerStats& stats(std::size_t model, std::size_t prompt,
                                           std::size_t sample = 0) const;
    [[nodiscard]] std::size_t promptCount(std::size_t model) const;

    /// Prompts that all of these models answered.
    [[nodiscard]] std::vector<std::size_t> commonPrompts(std::span<const std::size_t> models) const;

    /// The models that one panel can hold: those with at least half the prompts of the fullest one.
    /// A thinner one would take most prompts away from all others.
    [[nodiscard]] std::vector<std::size_t> fullySampled() const;

    /// Of these prompts, which are turns of one conversation.
    [[nodiscard]] TurnGroups turnsOf(std::span<const std::size_t> prompts) const;

    [[nodiscard]] VoicePanel panel(std::span<const std::size_t> models,
                                   std::span<const std::size_t> prompts) const;

    /// What two samples of one model differ by; not measured under kFewestCommonPrompts resamples.
    [[nodiscard]] NoiseFloor noiseFloorOf(std::size_t model) const;

    /// Whether most texts that are long enough to tell read like English.
    [[nodiscard]] bool isEnglish() const { return m_isEnglish; }

private:
    std::vector<std::string> m_models;
    std::vector<std::string> m_prompts;
    std::vector<std::vector<std::array<int, 2>>> m_slots; ///< [model][prompt][sample], -1: silent
    std::vector<std::string_view> m_texts;                ///< by slot
    std::vector<const Answer*> m_sources;                 ///< by slot
    std::vector<AnswerStats> m_stats;
    bool m_isEnglish = true;
    TurnsBefore m_turns;
};

/// Every pair of models compared on the prompts that fit it.
struct ComparedVoices
{
    std::vector<std::size_t> models;  ///< the fully sampled ones, which one panel compares
    std::vector<std::size_t> prompts; ///< common to those
    VoicePanel panel;                 ///< of those
    VoiceMatrix matrix;               ///< of all models; a pair that cannot be compared has n = 0
    std::vector<std::vector<std::size_t>> promptsOfPair; ///< by pair of `matrix`

    /// Whether the panel is enough for tone and distance.
    [[nodiscard]] bool isEnough() const { return prompts.size() >= kFewestCommonPrompts; }
};

/// The fully sampled models are compared on the prompts common to all of them, so that their
/// distances belong together; every other pair on the prompts common to the two.
[[nodiscard]] ComparedVoices compareVoices(const SpokenAnswers& spoken,
                                           const VoiceDistanceOptions& options = {});

} // namespace signalbox
