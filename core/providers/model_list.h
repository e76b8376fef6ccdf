// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "provider.h"

#include <core/base/result.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// How a dialect lists its models, as data. Every list of names is tried in its order.
struct ModelListShape
{
    std::span<const std::string_view> lists = {};    ///< members that hold the list; or it is bare
    std::span<const std::string_view> ids = {};      ///< members of an entry with its name
    std::string_view idPrefix = {};                  ///< taken off the name: "models/"
    std::span<const std::string_view> contexts = {}; ///< JSON pointers to the longest context
    std::string_view mustHold = {};     ///< a list of an entry, such as what the model can do …
    std::string_view mustHoldWord = {}; ///< … and what stands in it; an entry without list passes
    std::string_view next = {};         ///< member that names the next page
    std::string_view nextGuard = {}; ///< member that is true if there is one; empty: `next` says it
    std::string_view pageParameter = {}; ///< query parameter that asks for that page
    std::string_view expected = {};      ///< what the address should have been, for people
};

/// Where models are listed.
struct ModelList
{
    std::string url; ///< of the first page; may hold a query
    const ModelListShape* shape = nullptr;
};

[[nodiscard]] std::string modelsUrl(const ModelList& list, const std::string& page);

struct ModelPage
{
    std::vector<ModelListing> models;
    std::string next; ///< empty: that was the last page
};
/// Odd entries are left out; what is no list at all is an error. At most 20,000 models.
[[nodiscard]] Result<ModelPage> readModelPage(std::string_view body, const ModelListShape& shape);

} // namespace signalbox
