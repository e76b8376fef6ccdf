// SPDX-License-Identifier: Apache-2.0
#include "price_book_json.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace signalbox {

namespace {

/// What only the whole book can show to be wrong.
class BookCheck
{
public:
    BookCheck(const PriceBook& book, JsonProblems& problems) : m_book(book), m_problems(problems) {}

    void run()
    {
        checkProviders();
        checkUnique(m_book.sources, "sources", "source");
        for (std::size_t i = 0; i < m_book.models.size(); ++i) {
            const JsonPath path = m_models.element(i);
            const ModelPrices& prices = m_book.models[i];
            checkReferences(prices, path);
            claimIds(prices, path);
            checkPeriods(prices, path);
        }
    }

private:
    /// Names and hosts say who sends the bill, so no two providers may have the same.
    void checkProviders()
    {
        checkUnique(m_book.providers, "providers", "provider");
        std::map<std::string, std::size_t> owners;
        for (std::size_t i = 0; i < m_book.providers.size(); ++i) {
            const PriceProvider& provider = m_book.providers[i];
            const JsonPath path = m_providers.element(i);
            const auto claim = [&](const std::string& name, const char* member) {
                const auto [owner, isNew] = owners.emplace(name, i);
                if (!isNew && owner->second != i)
                    m_problems.add(path.member(member),
                                   '"' + name + "\" belongs to the provider \"" +
                                       m_book.providers[owner->second].id + "\" already");
            };
            claim(provider.id, "id");
            if (provider.id.find('/') != std::string::npos)
                m_problems.add(path.member("id"), "the id of a provider cannot have a slash");
            for (const std::string& name : provider.otherNames)
                claim(name, "otherNames");
            for (const std::string& host : provider.hosts)
                claim("host " + host, "hosts");
        }
    }

    template<class Part>
    void checkUnique(const std::vector<Part>& parts, std::string_view member, const char* what)
    {
        const JsonPath root;
        const JsonPath list = root.member(member);
        std::set<std::string> seen;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const JsonPath path = list.element(i);
            if (!seen.insert(parts[i].id).second)
                m_problems.add(path.member("id"), std::string("there is a ") + what + " \"" +
                                                      parts[i].id + "\" already");
        }
    }

    void checkReferences(const ModelPrices& prices, const JsonPath& path)
    {
        if (!prices.provider.empty() && !m_book.findProvider(prices.provider))
            m_problems.add(path.member("provider"),
                           "the book has no provider \"" + prices.provider + '"');
        for (std::size_t i = 0; i < prices.sources.size(); ++i) {
            const JsonPath sources = path.member("sources");
            if (std::ranges::find(m_book.sources, prices.sources[i], &PriceSource::id) ==
                m_book.sources.end())
                m_problems.add(sources.element(i),
                               "the book has no source \"" + prices.sources[i] + '"');
        }
    }

    void claimIds(const ModelPrices& prices, const JsonPath& path)
    {
        const auto claim = [&](const std::string& id, const JsonPath& place) {
            if (!m_claimed.emplace(prices.provider, id).second)
                m_problems.add(place, "two entries of the provider \"" + prices.provider +
                                          "\" claim the id \"" + id + '"');
        };
        claim(prices.model, path.member("model"));
        const JsonPath aliases = path.member("aliases");
        for (std::size_t i = 0; i < prices.aliases.size(); ++i)
            claim(prices.aliases[i], aliases.element(i));
    }

    void checkPeriods(const ModelPrices& prices, const JsonPath& path)
    {
        const JsonPath list = path.member("periods");
        if (prices.periods.empty())
            m_problems.add(list, "an entry needs at least one period");
        std::vector<std::size_t> order(prices.periods.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::stable_sort(
            order, {}, [&](std::size_t i) { return prices.periods[i].from.value_or(Day::min()); });
        for (std::size_t i = 1; i < order.size(); ++i) {
            const PricePeriod& earlier = prices.periods[order[i - 1]];
            const PricePeriod& later = prices.periods[order[i]];
            if (!earlier.until || !later.from || *later.from < *earlier.until)
                m_problems.add(list.element(order[i]), "the period overlaps another one");
        }
    }

    const PriceBook& m_book;
    JsonProblems& m_problems;
    JsonPath m_root;
    JsonPath m_models = m_root.member("models");
    JsonPath m_providers = m_root.member("providers");
    std::set<std::pair<std::string, std::string>> m_claimed; ///< provider, id
};

} // namespace

void pricebook::checkBook(const PriceBook& book, JsonProblems& problems)
{
    BookCheck(book, problems).run();
}

} // namespace signalbox
