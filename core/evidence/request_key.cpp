// SPDX-License-Identifier: GPL-3.0-or-later
#include "request_key.h"

#include <core/base/json_reader.h>

#include <QByteArray>
#include <QCryptographicHash>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace signalbox {

namespace {

constexpr qsizetype kDigits = 32;

/// A value in the one way to write it: whole numbers without a fraction, members by name.
Json normalised(const Json& value)
{
    if (value.is_number_float())
        return numberJson(value.get<double>());
    if (value.is_array()) {
        Json list = Json::array();
        for (const Json& element : value)
            list.push_back(normalised(element));
        return list;
    }
    if (!value.is_object())
        return value;
    std::vector<std::pair<std::string, Json>> members;
    for (const auto& [name, member] : value.items())
        members.emplace_back(name, normalised(member));
    std::ranges::sort(members, {}, &std::pair<std::string, Json>::first);
    Json object = Json::object();
    for (auto& [name, member] : members)
        object[name] = std::move(member);
    return object;
}

/// What is no JSON stands for itself, as a text.
Json valueOf(const std::string& text)
{
    const auto json = parseJson(text);
    return json ? normalised(*json) : Json(text);
}

} // namespace

std::string requestKey(const ExactRequest& request)
{
    auto sorted = request.parameters;
    std::ranges::stable_sort(sorted, {}, &std::pair<std::string, std::string>::first);
    Json parameters = Json::array();
    for (const auto& [name, value] : sorted)
        parameters.push_back(Json::array({name, valueOf(value)}));
    Json messages = Json::array();
    for (const auto& [role, text] : request.messages)
        messages.push_back(Json::array({role, text}));
    const std::string exact = toCompactJsonText(
        Json::array({"signalbox-request-1", request.dialect, request.server, request.model,
                     std::move(parameters), std::move(messages), request.repeat}));
    const QByteArray hash =
        QCryptographicHash::hash(QByteArrayView(exact.data(), static_cast<qsizetype>(exact.size())),
                                 QCryptographicHash::Sha256);
    return "1-" + hash.toHex().left(kDigits).toStdString();
}

} // namespace signalbox
