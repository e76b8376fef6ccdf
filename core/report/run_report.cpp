// SPDX-License-Identifier: Apache-2.0
#include "run_report.h"

#include <core/voice/spoken_answers.h>

#include <algorithm>

namespace signalbox {

bool RunReport::isSimulated() const
{
    return std::ranges::any_of(answers, &Answer::simulated);
}

std::optional<ReportedVoices> measuredVoices(const RunReport& report)
{
    std::vector<ModelId> models;
    for (const ReportedModel& model : report.models)
        models.push_back(model.id);
    std::vector<PromptId> order;
    for (const PromptCase& prompt : report.prompts.cases)
        order.push_back(prompt.id);
    if (models.size() < 2)
        return std::nullopt;
    const SpokenAnswers spoken = SpokenAnswers::of(report.answers, models, order, report.turns);
    VoiceDistanceOptions options;
    options.draws = kShownVoiceDraws;
    const ComparedVoices compared = compareVoices(spoken, options);
    if (!compared.isEnough())
        return std::nullopt;
    ReportedVoices voices;
    std::size_t next = 0;
    for (std::size_t a = 0; a < models.size(); ++a) {
        voices.floors.push_back(spoken.noiseFloorOf(a));
        for (std::size_t b = a + 1; b < models.size(); ++b, ++next) {
            const VoiceDistance& distance = compared.matrix.pairs[next];
            if (distance.n > 0)
                voices.pairs.push_back(
                    {a, b, distance.n, distance.noticeability, distance.auc.value,
                     distance.reasons.empty() ? std::string() : distance.reasons.front().sentence});
        }
    }
    return voices;
}

} // namespace signalbox
