// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_answers.h"

#include <core/sample/support_desk.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

namespace signalbox::ui {

std::vector<Answer> answersFor(const PolicyDocument& document, const std::vector<Answer>& all)
{
    std::vector<ModelSpec> simulated;
    std::ranges::copy_if(
        document.models, std::back_inserter(simulated), [](const ModelSpec& model) {
            return model.provider == "simulator" && isSimulatedModel(model.upstreamModel);
        });
    std::vector<Answer> chosen;
    if (!simulated.empty())
        chosen = supportDeskEvidence(simulated);
    for (const ModelSpec& model : document.models) {
        std::ranges::copy_if(all, std::back_inserter(chosen), [&](const Answer& answer) {
            return answer.model == model.id && answer.styleGuide == model.styleGuide;
        });
    }
    return chosen;
}

double outcomeOfSamplePrompt(const PromptId& id, const std::string& text)
{
    static const auto byId = [] {
        std::map<PromptId, const SamplePrompt*> index;
        for (const SamplePrompt& prompt : supportDeskPrompts())
            index.emplace(prompt.id, &prompt);
        return index;
    }();
    const auto found = byId.find(id);
    return found == byId.end() ? std::numeric_limits<double>::quiet_NaN()
                               : outcomeOf(*found->second, text);
}

} // namespace signalbox::ui
