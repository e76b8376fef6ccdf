// SPDX-License-Identifier: GPL-3.0-or-later
#include "model_list.h"

#include "chat_dialect.h"
#include "wire_json.h"

#include <algorithm>

namespace signalbox {

namespace {

using nlohmann::json;

constexpr std::size_t kMostModels = 20'000;

const json* listOf(const json& body, const ModelListShape& shape)
{
    if (body.is_array())
        return &body;
    for (const std::string_view key : shape.lists)
        if (const json* found = memberOf(body, std::string(key).c_str());
            found && found->is_array())
            return found;
    return nullptr;
}

std::string idOf(const json& entry, const ModelListShape& shape)
{
    if (entry.is_string())
        return entry.get<std::string>();
    std::string id;
    for (const std::string_view key : shape.ids)
        if (id.empty())
            id = textOf(entry, std::string(key).c_str());
    if (id.starts_with(shape.idPrefix))
        id.erase(0, shape.idPrefix.size());
    return id;
}

std::optional<int> contextOf(const json& entry, const ModelListShape& shape)
{
    for (const std::string_view place : shape.contexts) {
        const json::json_pointer pointer{std::string(place)};
        if (!entry.is_object() || !entry.contains(pointer))
            continue;
        if (const auto count = countOf(&entry.at(pointer)))
            return int(*count);
    }
    return std::nullopt;
}

bool isOffered(const json& entry, const ModelListShape& shape)
{
    const json* list =
        shape.mustHold.empty() ? nullptr : memberOf(entry, std::string(shape.mustHold).c_str());
    return !list || !list->is_array() || std::ranges::any_of(*list, [&](const json& word) {
        return word.is_string() && word.get_ref<const std::string&>() == shape.mustHoldWord;
    });
}

std::string nextOf(const json& body, const ModelListShape& shape)
{
    if (shape.next.empty())
        return {};
    const json* guard =
        shape.nextGuard.empty() ? nullptr : memberOf(body, std::string(shape.nextGuard).c_str());
    const bool isMore = shape.nextGuard.empty() || (guard && *guard == json(true));
    return isMore ? textOf(body, std::string(shape.next).c_str()) : std::string();
}

} // namespace

std::string modelsUrl(const ModelList& list, const std::string& page)
{
    if (page.empty())
        return list.url;
    const char* const sign = list.url.find('?') == std::string::npos ? "?" : "&";
    return list.url + sign + std::string(list.shape->pageParameter) + "=" + percentEncoded(page);
}

Result<ModelPage> readModelPage(std::string_view body, const ModelListShape& shape)
{
    const std::optional<json> parsed = parseWireJson(body);
    const json* list = parsed ? listOf(*parsed, shape) : nullptr;
    if (!list)
        return fail(ErrorCode::ParseError, "The server sent no list of models.", {},
                    "Check that the base URL is " + std::string(shape.expected) + ".");
    ModelPage page;
    page.next = nextOf(*parsed, shape);
    for (const json& entry : *list) {
        std::string id = idOf(entry, shape);
        if (!id.empty() && isOffered(entry, shape) && page.models.size() < kMostModels)
            page.models.push_back({std::move(id), contextOf(entry, shape)});
    }
    return page;
}

} // namespace signalbox
