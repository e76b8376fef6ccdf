// SPDX-License-Identifier: Apache-2.0
#include "price_diff.h"

#include "entry_steps.h"
#include "price_book_json.h"

#include <core/base/md5.h>

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox {

namespace {

/// An entry without what says how sure it is: who told it, and when.
ModelPrices contentOf(ModelPrices prices)
{
    prices.sources.clear();
    prices.asOf.reset();
    prices.note.clear();
    prices.confirmed.clear();
    return prices;
}

std::string amountText(const PriceStep& step, Money amount)
{
    return step.isPerRequest ? toDecimalUsd(amount) + " USD per request" : perMTokText(amount);
}

/// Whether there is nothing to decide: the same prices, and no doubt that only the update settles.
bool isSame(const ModelPrices& before, const ModelPrices& after)
{
    const bool isNewlyConfirmed =
        before.confirmed.empty() && !after.confirmed.empty() && !doubtsOf(after).empty();
    return !isNewlyConfirmed && contentOf(before) == contentOf(after);
}

/// The doubts about what an update brings: those of the entry, and its jumps.
std::vector<PriceDoubt> doubtsOfUpdate(const ModelPrices& after,
                                       const std::vector<PriceStep>& steps)
{
    std::vector<PriceDoubt> doubts = doubtsOf(after);
    for (const PriceStep& step : steps) {
        if (step.before && step.after && isJump(*step.before, *step.after))
            doubts.push_back({step.where, "It goes from " + amountText(step, *step.before) +
                                              " to " + amountText(step, *step.after) + '.'});
    }
    return doubts;
}

EntryUpdate updateOf(const ModelPrices* before, const ModelPrices* after)
{
    EntryUpdate update;
    update.key = (before ? *before : *after).key();
    update.kind = !before ? UpdateKind::Added : !after ? UpdateKind::Removed : UpdateKind::Changed;
    pricebook::EntrySteps steps =
        pricebook::stepsBetween(before ? *before : ModelPrices(), after ? *after : ModelPrices());
    update.prices = std::move(steps.prices);
    if (before)
        update.before = *before;
    if (after) {
        update.after = *after;
        update.doubts = doubtsOfUpdate(*after, update.prices);
    }
    if (before && after)
        update.others = std::move(steps.others);
    return update;
}

template<class Part> const Part* findById(const std::vector<Part>& parts, const std::string& id)
{
    const auto found = std::ranges::find(parts, id, &Part::id);
    return found == parts.end() ? nullptr : &*found;
}

void diffProviders(BookDiff& diff)
{
    const auto add = [&diff](UpdateKind kind, const PriceProvider* before,
                             const PriceProvider* after) {
        ProviderUpdate update;
        update.key = "provider " + (before ? before : after)->id;
        update.kind = kind;
        if (before)
            update.before = *before;
        if (after)
            update.after = *after;
        diff.providers.push_back(std::move(update));
    };
    for (const PriceProvider& before : diff.before.providers) {
        const PriceProvider* after = findById(diff.after.providers, before.id);
        if (!after)
            add(UpdateKind::Removed, &before, nullptr);
        else if (*after != before)
            add(UpdateKind::Changed, &before, after);
    }
    for (const PriceProvider& after : diff.after.providers) {
        if (!findById(diff.before.providers, after.id))
            add(UpdateKind::Added, nullptr, &after);
    }
}

/// Puts a person's decisions together.
class Acceptance
{
public:
    Acceptance(const BookDiff& diff, std::span<const std::string> accepted)
        : m_diff(diff), m_accepted(accepted.begin(), accepted.end()),
          m_takesAll(std::ranges::all_of(
              diff.keys(), [this](const std::string& key) { return m_accepted.contains(key); }))
    {}

    [[nodiscard]] Result<PriceBook> run()
    {
        const auto keys = m_diff.keys();
        for (const std::string& key : m_accepted) {
            if (std::ranges::find(keys, key) == keys.end())
                return fail(ErrorCode::InvalidArgument, "the update has no line \"" + key + '"');
        }
        PriceBook book = m_diff.after;
        takeProviders(book);
        takeModels(book);
        keepConfirmations(book);
        keepSources(book);
        JsonProblems problems(1);
        pricebook::checkBook(book, problems);
        if (!problems.isEmpty()) {
            Error error = problems.take().front();
            error.code = ErrorCode::InvalidArgument;
            error.hint = "Accept what belongs together, or neither.";
            return Unexpected(std::move(error));
        }
        if (!m_takesAll)
            book.version += '-' + md5Hex(toPriceBookText(book)).substr(0, 8);
        return book;
    }

private:
    void takeProviders(PriceBook& book) const
    {
        for (const ProviderUpdate& update : m_diff.providers) {
            if (m_accepted.contains(update.key))
                continue;
            std::erase_if(book.providers, [&](const PriceProvider& each) {
                return update.key == "provider " + each.id;
            });
            if (update.before)
                book.providers.push_back(*update.before);
        }
    }

    void takeModels(PriceBook& book) const
    {
        for (const EntryUpdate& update : m_diff.entries) {
            const auto place = std::ranges::find(book.models, update.key, &ModelPrices::key);
            if (m_accepted.contains(update.key)) {
                if (place != book.models.end() && place->confirmed.empty() &&
                    !doubtsOf(*place).empty())
                    place->confirmed = "accepted with the update to " + m_diff.after.version;
                continue;
            }
            if (!update.before) {
                book.models.erase(place);
                continue;
            }
            ModelPrices kept = *update.before;
            kept.asOf = kept.asOf.value_or(m_diff.before.asOf);
            if (place == book.models.end())
                book.models.push_back(std::move(kept));
            else
                *place = std::move(kept);
        }
    }

    /// What a person confirmed once stays so while the prices are the same.
    void keepConfirmations(PriceBook& book) const
    {
        for (ModelPrices& prices : book.models) {
            const ModelPrices* old = m_diff.before.find(prices.provider, prices.model);
            if (old && prices.confirmed.empty() && contentOf(*old) == contentOf(prices))
                prices.confirmed = old->confirmed;
        }
    }

    /// What was kept may name sources that the update no longer has.
    void keepSources(PriceBook& book) const
    {
        for (const PriceSource& source : m_diff.before.sources) {
            const bool isNamed = std::ranges::any_of(book.models, [&](const ModelPrices& each) {
                return std::ranges::find(each.sources, source.id) != each.sources.end();
            });
            if (isNamed && !findById(book.sources, source.id))
                book.sources.push_back(source);
        }
    }

    const BookDiff& m_diff;
    std::set<std::string> m_accepted;
    bool m_takesAll;
};

} // namespace

std::string_view nameOf(UpdateKind kind)
{
    switch (kind) {
    case UpdateKind::Added:
        return "added";
    case UpdateKind::Removed:
        return "removed";
    case UpdateKind::Changed:
        return "changed";
    }
    return "changed";
}

std::optional<double> PriceStep::relativeChange() const
{
    if (!before || !after || before->pico == 0)
        return std::nullopt;
    return static_cast<double>(after->pico) / static_cast<double>(before->pico) - 1;
}

std::vector<std::string> BookDiff::keys() const
{
    std::vector<std::string> all;
    for (const ProviderUpdate& update : providers)
        all.push_back(update.key);
    for (const EntryUpdate& update : entries)
        all.push_back(update.key);
    return all;
}

BookDiff diffBooks(const PriceBook& before, const PriceBook& after)
{
    BookDiff diff{before, after, {}, {}, 0};
    diffProviders(diff);
    for (const ModelPrices& old : before.models) {
        const ModelPrices* now = after.find(old.provider, old.model);
        if (now && isSame(old, *now))
            ++diff.unchanged;
        else
            diff.entries.push_back(updateOf(&old, now));
    }
    for (const ModelPrices& now : after.models) {
        if (!before.find(now.provider, now.model))
            diff.entries.push_back(updateOf(nullptr, &now));
    }
    return diff;
}

Result<PriceBook> applyAccepted(const BookDiff& diff, std::span<const std::string> accepted)
{
    return Acceptance(diff, accepted).run();
}

} // namespace signalbox
