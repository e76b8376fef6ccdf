// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_forecast.h"

#include "cell_attempt.h"
#include "conversation.h"
#include "lab_run.h"
#include "list_prices.h"
#include "policy_column.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace signalbox {

namespace {

void addPolicyCalls(CallsToForecast& out, const CellId& id, const PolicyCalls& asked,
                    const PriceBook& book, Day day)
{
    const std::vector<Message>& messages = out.plan.prompts[id.prompt].messages;
    const std::optional<int> usual = out.plan.asking.maxTokens;
    bool isSent = !asked.isFirstTaken;
    for (const PolicyCalls::Call& call : asked.calls) {
        ModelSpec model = call.model;
        model.price = knownPriceOf(model, book, day).price;
        const auto longest = call.maxTokens ? call.maxTokens : usual;
        if (std::exchange(isSent, false)) {
            const auto column = std::ranges::find(out.plan.models, model.id, &ModelSpec::id);
            out.calls.push_back(
                {id.prompt, static_cast<std::size_t>(column - out.plan.models.begin()), id.sample});
            // The forecast knows the run's own limit alone.
            if (model.price && out.perhaps && longest && usual)
                *out.perhaps += model.price->outputPerToken * std::max(0, *longest - *usual);
            if (column == out.plan.models.end())
                out.plan.models.push_back(std::move(model));
        } else if (!model.price || !longest) {
            out.perhaps.reset();
        } else if (out.perhaps) {
            const auto replies = static_cast<std::int64_t>(repliesNeeded(messages));
            *out.perhaps += model.price->inputPerToken *
                                (estimatedTokens(messages) + replies * usual.value_or(*longest)) +
                            model.price->outputPerToken * *longest;
        }
    }
}

} // namespace

CallsToForecast callsToForecast(const LabRun& run, LabPlan plan, const std::vector<CellId>& cells,
                                const PriceBook& book, Day day)
{
    CallsToForecast out;
    out.plan = std::move(plan);
    for (const CellId& id : cells) {
        if (!isPolicyColumn(out.plan.models[id.model]))
            out.calls.push_back(id);
        else if (run.isPolicyCell(id))
            addPolicyCalls(out, id, run.policyCalls(id), book, day);
    }
    return out;
}

} // namespace signalbox
