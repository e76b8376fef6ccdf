// SPDX-License-Identifier: GPL-3.0-or-later
#include "repricing.h"

#include <core/base/json.h>
#include <core/prices/cost.h>
#include <core/prices/price_lookup.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

std::string textOf(const Json& json, const char* key)
{
    const auto found = json.is_object() ? json.find(key) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// How a lane's model was asked; see RunRecord. A policy as a lane, and answers from elsewhere,
/// name none.
ModelSpec specOf(const StoredLane& lane)
{
    ModelSpec spec;
    spec.id = ModelId(lane.id.value);
    const auto json = parseJson(lane.specJson);
    if (!json)
        return spec;
    spec.provider = textOf(*json, "provider");
    spec.upstreamModel = textOf(*json, "upstreamModel");
    spec.baseUrl = textOf(*json, "baseUrl");
    return spec;
}

UsageReport reportOf(const AnswerUsage& usage)
{
    UsageReport report;
    report.inputUncached = usage.inputUncached;
    report.cacheRead = usage.cacheRead;
    report.cacheWrite = usage.cacheWrite;
    report.output = usage.output;
    report.reasoning = usage.reasoning;
    return report;
}

void add(std::optional<Money>& sum, std::size_t& unknown, const std::optional<Money>& cost)
{
    if (cost)
        sum = sum.value_or(Money()) + *cost;
    else
        ++unknown;
}

} // namespace

Repricer::Repricer(const RunDraft& run, const PriceBook& book, std::int64_t unixMs,
                   std::vector<ModelSpec> policy)
    : m_book(&book), m_unixMs(unixMs), m_policy(std::move(policy))
{
    for (const StoredLane& stored : run.lanes) {
        Lane lane;
        lane.asked = specOf(stored);
        lane.sum.model = lane.asked.id;
        const auto present = std::ranges::find_if(m_policy, [&](const ModelSpec& model) {
            return model.id == lane.asked.id && model.provider == lane.asked.provider &&
                   model.upstreamModel == lane.asked.upstreamModel;
        });
        if (present != m_policy.end())
            lane.present = &*present;
        m_lanes.push_back(std::move(lane));
    }
}

std::optional<Money> Repricer::byPolicy(Lane& lane, const PricedUsage& usage) const
{
    const auto input = usage.usage.input();
    if (!lane.present || !lane.present->price || !input || !usage.usage.output)
        return std::nullopt;
    const Price& price = *lane.present->price;
    if (lane.sum.from.empty())
        lane.sum.from = price.asOf.empty() ? "the policy" : "the policy, " + price.asOf;
    return price.inputPerToken * *input + price.outputPerToken * *usage.usage.output;
}

std::optional<Money> Repricer::priceOf(const PricedUsage& usage)
{
    const auto lane = std::ranges::find_if(
        m_lanes, [&](const Lane& each) { return each.asked.id.value == usage.lane.value; });
    if (lane == m_lanes.end())
        return std::nullopt;
    const Repricing repriced =
        reprice(reportOf(usage.usage), usage.cost, billedModelOf(lane->asked), m_unixMs, *m_book);
    std::optional<Money> now = repriced.cost.amount;
    if (now && repriced.cost.prices && lane->sum.from.empty())
        lane->sum.from = repriced.cost.prices->key + ", " + toText(repriced.cost.prices->asOf);
    if (!now)
        now = byPolicy(*lane, usage);
    if (!now && lane->sum.reason.empty())
        lane->sum.reason = repriced.cost.reason;
    ++lane->sum.answers;
    add(lane->sum.recorded, lane->sum.unknownBefore, usage.cost);
    add(lane->sum.now, lane->sum.unknownNow, now);
    lane->sum.changed += now != usage.cost;
    return now;
}

std::vector<RepricedModel> Repricer::models() const
{
    std::vector<RepricedModel> models;
    for (const Lane& lane : m_lanes)
        models.push_back(lane.sum);
    return models;
}

std::string Repricer::name() const
{
    return m_book->version + ", " + toText(dayOf(m_unixMs));
}

} // namespace signalbox
