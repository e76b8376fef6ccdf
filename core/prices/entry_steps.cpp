// SPDX-License-Identifier: Apache-2.0
#include "entry_steps.h"

#include <core/policy/names.h>

#include <algorithm>
#include <set>

namespace signalbox {

namespace {

const TokenPrices kNoPrices;
const PriceSheet kNoSheet;

std::string joined(const std::string& place, const std::string& part)
{
    return place.empty() ? part : place + ", " + part;
}

std::string clockText(int minute)
{
    const auto twoDigits = [](int number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return twoDigits(minute / 60) + ':' + twoDigits(minute % 60);
}

std::string titleOf(const PricePeriod& period)
{
    std::string title;
    if (period.from)
        title = "from " + toText(*period.from);
    if (period.until)
        title += (title.empty() ? "until " : " until ") + toText(*period.until);
    return title;
}

std::string titleOf(const PriceWindow& window)
{
    std::string title;
    for (const Weekday day : window.days)
        title += (title.empty() ? "" : "/") + std::string(nameOf(day));
    return title + (title.empty() ? "" : " ") + clockText(window.fromMinute) + " to " +
           clockText(window.untilMinute) + ' ' + window.zone;
}

std::string titleOf(const PriceTier& tier)
{
    return "above " + std::to_string(tier.abovePromptTokens) + " tokens of prompt";
}

/// "always", or the titles of all parts.
template<class Part> std::string titlesOf(const std::vector<Part>& parts, const char* ofNone)
{
    std::string titles;
    for (const Part& part : parts) {
        const std::string title = titleOf(part);
        titles += (titles.empty() ? "" : "; ") + (title.empty() ? std::string("always") : title);
    }
    return titles.empty() ? ofNone : titles;
}

std::string listOf(const std::vector<std::string>& texts)
{
    std::string list;
    for (const std::string& text : texts)
        list += (list.empty() ? "" : ", ") + text;
    return list.empty() ? "none" : list;
}

class Comparison
{
public:
    void compareEntries(const ModelPrices& before, const ModelPrices& after)
    {
        note("Periods", titlesOf(before.periods, "none"), titlesOf(after.periods, "none"));
        note("Other names", listOf(before.aliases), listOf(after.aliases));
        note("Regions at the same price", listOf(before.regions), listOf(after.regions));
        note("Dated ids at the same price", before.datedIds ? "yes" : "no",
             after.datedIds ? "yes" : "no");
        note("Confirmed", before.confirmed.empty() ? "no" : before.confirmed,
             after.confirmed.empty() ? "no" : after.confirmed);
        std::set<const PricePeriod*> met;
        for (const PricePeriod& period : after.periods) {
            const PricePeriod* counterpart = counterpartOf(period, before);
            met.insert(counterpart);
            comparePeriods(counterpart, &period, titleOf(period));
        }
        for (const PricePeriod& period : before.periods) {
            if (!met.contains(&period))
                comparePeriods(&period, nullptr, titleOf(period));
        }
    }

    [[nodiscard]] pricebook::EntrySteps take() { return std::move(m_steps); }

private:
    static const PricePeriod* counterpartOf(const PricePeriod& period, const ModelPrices& before)
    {
        const auto same = std::ranges::find_if(before.periods, [&](const PricePeriod& each) {
            return each.from == period.from && each.until == period.until;
        });
        if (same != before.periods.end())
            return &*same;
        if (period.from)
            return periodAt(before, *period.from);
        return period.until ? periodAt(before, *period.until - std::chrono::days(1))
                            : periodAt(before, Day());
    }

    void comparePeriods(const PricePeriod* before, const PricePeriod* after,
                        const std::string& place)
    {
        compareSheets(before ? &before->sheet : nullptr, after ? &after->sheet : nullptr, place);
        static const std::vector<PriceWindow> none;
        const auto& old = before ? before->windows : none;
        const auto& now = after ? after->windows : none;
        if (before && after)
            note(joined(place, "hours"), titlesOf(old, "none"), titlesOf(now, "none"));
        for (const PriceWindow& window : now) {
            const auto found = std::ranges::find(old, titleOf(window),
                                                 [](const PriceWindow& w) { return titleOf(w); });
            compareSheets(found == old.end() ? nullptr : &found->sheet, &window.sheet,
                          joined(place, titleOf(window)));
        }
        for (const PriceWindow& window : old) {
            if (std::ranges::find(now, titleOf(window),
                                  [](const PriceWindow& w) { return titleOf(w); }) == now.end())
                compareSheets(&window.sheet, nullptr, joined(place, titleOf(window)));
        }
    }

    void compareSheets(const PriceSheet* before, const PriceSheet* after, const std::string& place)
    {
        const PriceSheet& old = before ? *before : kNoSheet;
        const PriceSheet& now = after ? *after : kNoSheet;
        compareRates(&old.rates, &now.rates, place);
        if (before && after)
            note(joined(place, "tiers"), titlesOf(old.tiers, "none"), titlesOf(now.tiers, "none"));
        std::set<std::int64_t> limits;
        for (const auto* sheet : {&old, &now}) {
            for (const PriceTier& tier : sheet->tiers)
                limits.insert(tier.abovePromptTokens);
        }
        const auto ratesAbove = [](const PriceSheet& sheet, std::int64_t limit) {
            const auto found = std::ranges::find(sheet.tiers, limit, &PriceTier::abovePromptTokens);
            return found == sheet.tiers.end() ? nullptr : &found->rates;
        };
        for (const std::int64_t limit : limits) {
            PriceTier named;
            named.abovePromptTokens = limit;
            compareRates(ratesAbove(old, limit), ratesAbove(now, limit),
                         joined(place, titleOf(named)));
        }
        compareFees(old.perRequest, now.perRequest, place);
    }

    void compareRates(const RateSet* before, const RateSet* after, const std::string& place)
    {
        const auto batchOf = [](const RateSet* rates) -> const TokenPrices& {
            return rates && rates->batch ? *rates->batch : kNoPrices;
        };
        compareTokens(before ? before->tokens : kNoPrices, after ? after->tokens : kNoPrices, place,
                      {});
        compareTokens(batchOf(before), batchOf(after), place, "batch ");
    }

    void compareTokens(const TokenPrices& before, const TokenPrices& after,
                       const std::string& place, const std::string& prefix)
    {
        for (const auto& [kind, name] : tokenKindNames())
            addStep(joined(place, prefix + std::string(name)), before.of(kind), after.of(kind),
                    false);
    }

    void compareFees(const std::vector<RequestFee>& before, const std::vector<RequestFee>& after,
                     const std::string& place)
    {
        std::set<std::string> levels;
        for (const auto* fees : {&before, &after}) {
            for (const RequestFee& fee : *fees)
                levels.insert(fee.level);
        }
        const auto amountOf = [](const std::vector<RequestFee>& fees, const std::string& level) {
            const auto found = std::ranges::find(fees, level, &RequestFee::level);
            return found == fees.end() ? std::nullopt : std::optional(found->amount);
        };
        for (const std::string& level : levels)
            addStep(joined(place, level.empty() ? "fee" : "fee " + level), amountOf(before, level),
                    amountOf(after, level), true);
    }

    void addStep(std::string where, std::optional<Money> before, std::optional<Money> after,
                 bool isPerRequest)
    {
        if (before != after)
            m_steps.prices.push_back({std::move(where), before, after, isPerRequest});
    }

    void note(const std::string& what, const std::string& before, const std::string& after)
    {
        if (before != after)
            m_steps.others.push_back(what + ": " + before + " -> " + after);
    }

    pricebook::EntrySteps m_steps;
};

} // namespace

pricebook::EntrySteps pricebook::stepsBetween(const ModelPrices& before, const ModelPrices& after)
{
    Comparison comparison;
    comparison.compareEntries(before, after);
    return comparison.take();
}

} // namespace signalbox
