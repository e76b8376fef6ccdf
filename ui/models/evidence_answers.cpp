// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_answers.h"

#include <core/sample/support_desk.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

namespace signalbox::ui {

namespace {

const Answer* answerIn(const Answer& answer)
{
    return &answer;
}

const Answer* answerIn(const std::shared_ptr<const Answer>& answer)
{
    return answer.get();
}

template<class Answers>
std::vector<Answer> chooseAnswers(const PolicyDocument& document, const Answers& all)
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
        for (const auto& item : all) {
            if (const Answer* answer = answerIn(item); countsFor(model, *answer))
                chosen.push_back(*answer);
        }
    }
    return chosen;
}

} // namespace

bool countsFor(const ModelSpec& model, const Answer& answer)
{
    const bool isOther = model.provider == "simulator" && !answer.simulated;
    return !isOther && answer.model == model.id && answer.styleGuide == model.styleGuide;
}

std::vector<Answer> answersFor(const PolicyDocument& document, const std::vector<Answer>& all)
{
    return chooseAnswers(document, all);
}

std::vector<Answer> answersFor(const PolicyDocument& document, const SharedAnswers& all)
{
    return chooseAnswers(document, all);
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
