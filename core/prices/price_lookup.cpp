// SPDX-License-Identifier: Apache-2.0
#include "price_lookup.h"

#include <core/base/ascii.h>
#include <core/policy/document.h>
#include <core/policy/model_address.h>

#include <algorithm>
#include <array>
#include <optional>

namespace signalbox {

namespace {

std::string quotedId(std::string_view id)
{
    return '"' + std::string(id) + '"';
}

/// The id without "-2024-08-06", "-20240806" or "@20240806" at its end; nothing if it has none.
std::optional<std::string_view> withoutDate(std::string_view id)
{
    const auto isDay = [](const std::string& text) { return parseDay(text).has_value(); };
    const auto tail = [&id](std::size_t length) {
        return id.size() > length ? id.substr(id.size() - length) : std::string_view();
    };
    if (const auto text = tail(11); text.starts_with('-') && isDay(std::string(text.substr(1))))
        return id.substr(0, id.size() - 11);
    const std::string_view text = tail(9);
    if (!text.starts_with('-') && !text.starts_with('@'))
        return std::nullopt;
    const std::string digits(text.substr(1));
    if (!isDay(digits.substr(0, 4) + '-' + digits.substr(4, 2) + '-' + digits.substr(6)))
        return std::nullopt;
    return id.substr(0, id.size() - 9);
}

/// The prefixes of Bedrock's inference profiles.
constexpr std::array<std::string_view, 9> kRegions = {"us",   "us-gov", "eu", "apac", "global",
                                                      "amer", "jp",     "au", "ca"};

struct Regional
{
    std::string_view region;
    std::string_view id;
};

std::optional<Regional> withoutRegion(std::string_view id)
{
    const std::size_t dot = id.find('.');
    if (dot == std::string_view::npos ||
        std::ranges::find(kRegions, id.substr(0, dot)) == kRegions.end())
        return std::nullopt;
    return Regional{id.substr(0, dot), id.substr(dot + 1)};
}

/// Looks among the entries of one provider.
class EntrySearch
{
public:
    EntrySearch(const PriceBook& book, const PriceProvider& provider, std::string_view id)
        : m_book(book), m_provider(provider), m_id(id)
    {}

    [[nodiscard]] PriceLookup run()
    {
        take(m_id, PriceMatch::Exact);
        if (m_found.empty())
            takeTransformed(m_id, PriceMatch::Exact);
        if (m_found.empty()) {
            for (const std::string& prefix : m_provider.idPrefixes) {
                if (!prefix.empty() && m_id.starts_with(prefix)) {
                    take(m_id.substr(prefix.size()), PriceMatch::Prefix);
                    takeTransformed(m_id.substr(prefix.size()), PriceMatch::Prefix);
                }
            }
        }
        if (m_found.size() == 1)
            return m_found.front();
        if (m_found.size() > 1)
            return none(quotedId(m_id) + " could be " + quotedId(m_found[0].entry->model) + " or " +
                        quotedId(m_found[1].entry->model) + " of " + m_provider.name + '.');
        return none(m_near.empty()
                        ? "The price book has no " + quotedId(m_id) + " of " + m_provider.name + '.'
                        : m_near);
    }

private:
    static PriceLookup none(std::string reason)
    {
        return {nullptr, PriceMatch::Exact, std::move(reason)};
    }

    /// Every entry that has the id as its own or as an alias.
    void take(std::string_view id, PriceMatch match)
    {
        forEntries([&](const ModelPrices& entry) {
            if (entry.model == id)
                add(entry, match);
            else if (std::ranges::find(entry.aliases, id) != entry.aliases.end())
                add(entry, match == PriceMatch::Exact ? PriceMatch::Alias : match);
        });
    }

    /// The entries whose id is this one without region, date or both, if they allow it.
    void takeTransformed(std::string_view id, PriceMatch match)
    {
        if (const auto undated = withoutDate(id))
            takeIf(*undated, strongest(match, PriceMatch::Dated), {}, true);
        const auto regional = withoutRegion(id);
        if (!regional)
            return;
        takeIf(regional->id, strongest(match, PriceMatch::Region), regional->region, false);
        if (const auto undated = withoutDate(regional->id))
            takeIf(*undated, PriceMatch::Dated, regional->region, true);
    }

    static PriceMatch strongest(PriceMatch a, PriceMatch b) { return std::max(a, b); }

    void takeIf(std::string_view id, PriceMatch match, std::string_view region, bool isDated)
    {
        forEntries([&](const ModelPrices& entry) {
            if (entry.model != id && std::ranges::find(entry.aliases, id) == entry.aliases.end())
                return;
            const bool isRegionAllowed =
                region.empty() || std::ranges::find(entry.regions, region) != entry.regions.end();
            if (isRegionAllowed && (!isDated || entry.datedIds))
                add(entry, match);
            else
                m_near = "The price book has " + quotedId(entry.model) + " of " + m_provider.name +
                         ", but does not say that " + quotedId(m_id) + " costs the same.";
        });
    }

    template<class Visit> void forEntries(Visit visit) const
    {
        for (const ModelPrices& entry : m_book.models) {
            if (entry.provider == m_provider.id)
                visit(entry);
        }
    }

    void add(const ModelPrices& entry, PriceMatch match)
    {
        if (std::ranges::find(m_found, &entry, &PriceLookup::entry) == m_found.end())
            m_found.push_back({&entry, match, {}});
    }

    const PriceBook& m_book;
    const PriceProvider& m_provider;
    std::string_view m_id;
    std::vector<PriceLookup> m_found;
    std::string m_near;
};

/// ", although … at OpenAI" for a model that the book knows from others.
std::string knownElsewhere(const PriceBook& book, const PriceProvider& biller, std::string_view id)
{
    const std::size_t slash = id.rfind('/');
    const std::string_view bare = slash == std::string_view::npos ? id : id.substr(slash + 1);
    const auto found = std::ranges::find_if(book.models, [&](const ModelPrices& entry) {
        return entry.provider != biller.id && (entry.model == id || entry.model == bare);
    });
    if (found == book.models.end())
        return {};
    const PriceProvider* other = book.findProvider(found->provider);
    return " What " + std::string(other ? other->name : found->provider) + " asks for " +
           quotedId(found->model) + " need not be what " + biller.name + " does.";
}

} // namespace

BilledModel billedModelOf(const ModelSpec& model)
{
    return {model.provider, model.baseUrl, model.upstreamModel};
}

std::string_view nameOf(PriceMatch match)
{
    switch (match) {
    case PriceMatch::Exact:
        return "exact";
    case PriceMatch::Alias:
        return "alias";
    case PriceMatch::Prefix:
        return "prefix";
    case PriceMatch::Region:
        return "region";
    case PriceMatch::Dated:
        return "dated";
    }
    return "exact";
}

BillerLookup findBiller(const PriceBook& book, const BilledModel& model)
{
    const std::string host = foldedAscii(std::string(hostOf(model.baseUrl)));
    if (!model.baseUrl.empty()) {
        for (const PriceProvider& provider : book.providers) {
            if (std::ranges::find(provider.hosts, host) != provider.hosts.end())
                return {&provider, {}};
        }
        return {nullptr, "The price book does not know who bills for answers from " +
                             (host.empty() ? "this address" : quotedId(host)) + '.'};
    }
    for (const PriceProvider& provider : book.providers) {
        if (provider.id == model.provider ||
            std::ranges::find(provider.otherNames, model.provider) != provider.otherNames.end())
            return {&provider, {}};
    }
    return {nullptr, "The price book has no provider " + quotedId(model.provider) + '.'};
}

PriceLookup findPrices(const PriceBook& book, const BilledModel& model)
{
    const BillerLookup biller = findBiller(book, model);
    if (!biller.provider)
        return {nullptr, PriceMatch::Exact, biller.reason};
    PriceLookup lookup = EntrySearch(book, *biller.provider, model.upstreamModel).run();
    if (!lookup.entry)
        lookup.reason += knownElsewhere(book, *biller.provider, model.upstreamModel);
    return lookup;
}

} // namespace signalbox
