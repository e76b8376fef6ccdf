// SPDX-License-Identifier: GPL-3.0-or-later
#include "chat_dialect.h"

#include "wire_json.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

using nlohmann::json;

std::string nameOf(std::string_view place)
{
    return std::string(place.substr(place.rfind('/') + 1));
}

} // namespace

std::optional<RequestShape> shapeWithout(const std::string& parameter, const RequestShape& shape)
{
    if (std::ranges::find(shape.refused, parameter) != shape.refused.end())
        return std::nullopt;
    RequestShape next = shape;
    next.refused.push_back(parameter);
    return next;
}

HttpRequest chatHttpRequest(const ChatDialect& dialect, const ChatRequest& request,
                            const Endpoint& endpoint, std::string body, const Secret& key,
                            std::int64_t nowUnixMs)
{
    HttpRequest http;
    http.url = dialect.chatUrl(endpoint, request.upstreamModel);
    http.body = std::move(body);
    http.headers = {{"Content-Type", "application/json"}, {"Accept", dialect.contentType()}};
    http.connectTimeoutMs = request.connectTimeoutMs;
    http.idleTimeoutMs = request.idleTimeoutMs;
    http.totalTimeoutMs = request.totalTimeoutMs;
    dialect.sign(http, endpoint, key, nowUnixMs);
    return http;
}

HttpRequest modelsHttpRequest(const ChatDialect& dialect, const Endpoint& endpoint,
                              const Secret& key, const std::string& page, std::int64_t nowUnixMs)
{
    HttpRequest request;
    request.url = modelsUrl(dialect.models(endpoint), page);
    request.headers = {{"Accept", "application/json"}};
    request.idleTimeoutMs = 15'000;
    request.totalTimeoutMs = 30'000;
    request.bodyLimitBytes = std::size_t{16} << 20;
    dialect.sign(request, endpoint, key, nowUnixMs);
    return request;
}

void addParameter(json& body, std::string_view place, const json& value, const RequestShape& shape,
                  RequestBody& result)
{
    std::string name = nameOf(place);
    if (std::ranges::find(shape.refused, name) != shape.refused.end())
        return;
    body[json::json_pointer(std::string(place))] = value;
    result.optional.push_back(std::move(name));
}

void addParameters(json& body, const ChatRequest& request, const ParameterPlaces& places,
                   const RequestShape& shape, RequestBody& result)
{
    const auto add = [&](const auto& value, std::string_view place, const char* name) {
        if (value && place.empty())
            result.adjusted.push_back(
                {name, std::string("No ") + name + " was sent, for this model takes none."});
        else if (value)
            addParameter(body, place, *value, shape, result);
    };
    add(request.maxTokens, places.maxTokens, "max_tokens");
    add(request.temperature, places.temperature, "temperature");
    add(request.seed, places.seed, "seed");
}

void signBearer(HttpRequest& request, const Secret& key)
{
    if (!key.isEmpty())
        request.headers.push_back({"Authorization", "Bearer " + key.reveal()});
}

std::string basePath(const Endpoint& endpoint, std::string_view implicitPath)
{
    return endpoint.url == endpoint.origin ? endpoint.url + std::string(implicitPath)
                                           : endpoint.url;
}

std::string withPath(std::string base, std::string_view path)
{
    return base.ends_with(path) ? base : base + std::string(path);
}

std::string withoutPath(std::string base, std::string_view path)
{
    if (base.ends_with(path))
        base.resize(base.size() - path.size());
    return base;
}

std::string percentEncoded(std::string_view text, std::string_view also)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos ||
                           also.find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
            continue;
        }
        encoded += '%';
        encoded += kHex[byte >> 4];
        encoded += kHex[byte & 0xF];
    }
    return encoded;
}

} // namespace signalbox
