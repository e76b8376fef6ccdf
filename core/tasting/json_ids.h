// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/json.h>
#include <core/base/json_reader.h>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace signalbox {

/// Ids as a list of texts.
template<class Id> [[nodiscard]] Json idsJson(const std::vector<Id>& ids)
{
    Json list = Json::array();
    for (const Id& id : ids)
        list.push_back(id.value);
    return list;
}

/// Adds what idsJson() wrote under a key, which has to be there.
template<class Id>
void readIds(JsonObjectReader& object, std::string_view key, std::vector<Id>& ids)
{
    std::vector<std::string> texts;
    object.read(key, texts, Presence::Required);
    for (std::string& text : texts)
        ids.emplace_back(std::move(text));
}

} // namespace signalbox
