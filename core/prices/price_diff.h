// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "price_book.h"
#include "price_doubts.h"

#include <core/base/result.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace signalbox {

enum class UpdateKind { Added, Removed, Changed };
/// "added", "removed", "changed": for programs.
[[nodiscard]] std::string_view nameOf(UpdateKind kind);

/// One price before and after an update. Absent: not known, or not there.
struct PriceStep
{
    std::string where; ///< "input", "from 2026-09-01, above 200000 tokens of prompt, batch output"
    std::optional<Money> before;
    std::optional<Money> after;
    bool isPerRequest = false; ///< else per token
    bool operator==(const PriceStep&) const = default;

    /// after / before - 1, e.g. 0.5 for half as much again; nothing without both, or from 0.
    [[nodiscard]] std::optional<double> relativeChange() const;
};

/// What an update does to one model: a line that a person accepts or not.
struct EntryUpdate
{
    std::string key; ///< "openai/gpt-4o": names the line when it is accepted
    UpdateKind kind = UpdateKind::Changed;
    std::optional<ModelPrices> before;
    std::optional<ModelPrices> after;
    std::vector<PriceStep> prices; ///< that differ
    std::vector<std::string>
        others; ///< what else differs, a sentence each: tiers, days, hours, names
    std::vector<PriceDoubt> doubts; ///< of `after`, jumps of more than ten times included
    bool operator==(const EntryUpdate&) const = default;
};

/// What an update does to who bills for which addresses.
struct ProviderUpdate
{
    std::string key; ///< "provider openai"
    UpdateKind kind = UpdateKind::Changed;
    std::optional<PriceProvider> before;
    std::optional<PriceProvider> after;
    bool operator==(const ProviderUpdate&) const = default;
};

/// An update as a list of lines. Models whose prices are the same are not listed: there is nothing
/// to decide about them.
struct BookDiff
{
    PriceBook before;
    PriceBook after;
    std::vector<ProviderUpdate> providers;
    std::vector<EntryUpdate> entries; ///< changed and removed in the order of `before`, then added
    std::size_t unchanged = 0;        ///< models with the same prices in both

    [[nodiscard]] bool isEmpty() const { return providers.empty() && entries.empty(); }
    [[nodiscard]] std::vector<std::string> keys() const; ///< of all lines
};

[[nodiscard]] BookDiff diffBooks(const PriceBook& before, const PriceBook& after);

/// The book with the lines that a person accepted. Models whose prices are the same take the day of
/// the update, which says that they still hold; what was not accepted keeps its own day. Doubtful
/// prices that were accepted count as confirmed. If all is accepted, version and day are those of
/// the update; else the version ends with a hash of what the book holds, so that two different
/// books have different names. A source has the day of its newest state.
/// Errors: InvalidArgument for a key that is no line of the update, or if what was accepted does
/// not make a whole book (a model without its provider, an id claimed twice), with what to do.
[[nodiscard]] Result<PriceBook> applyAccepted(const BookDiff& diff,
                                              std::span<const std::string> accepted);

} // namespace signalbox
