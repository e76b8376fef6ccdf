// SPDX-License-Identifier: Apache-2.0
#include "row_texts.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <cstring>

namespace signalbox::traffic_detail {

namespace {

// What a value is, in front of it.
constexpr char kNumber = 'n';
constexpr char kBoolean = 'b';
constexpr char kText = 't';

template<class T> void put(T value, std::string& text)
{
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    text.append(bytes, sizeof(T));
}

void putText(std::string_view value, std::string& text)
{
    put(static_cast<std::uint32_t>(value.size()), text);
    text += value;
}

void putNumber(double value, std::string& text)
{
    text += kNumber;
    put(value, text);
}

void putBoolean(bool value, std::string& text)
{
    text += kBoolean;
    text += value ? '\1' : '\0';
}

template<class T> std::optional<T> take(std::string_view& text)
{
    if (text.size() < sizeof(T))
        return std::nullopt;
    T value;
    text.copy(reinterpret_cast<char*>(&value), sizeof(T));
    text.remove_prefix(sizeof(T));
    return value;
}

std::optional<std::string_view> takeText(std::string_view& text)
{
    const auto size = take<std::uint32_t>(text);
    if (!size || *size > text.size())
        return std::nullopt;
    const std::string_view value = text.substr(0, *size);
    text.remove_prefix(*size);
    return value;
}

std::optional<Scalar> takeValue(std::string_view& text)
{
    const auto kind = take<char>(text);
    if (kind == kNumber) {
        const auto number = take<double>(text);
        return number ? std::optional<Scalar>(*number) : std::nullopt;
    }
    if (kind == kBoolean) {
        const auto flag = take<char>(text);
        return flag ? std::optional<Scalar>(*flag != '\0') : std::nullopt;
    }
    const auto words = kind == kText ? takeText(text) : std::nullopt;
    return words ? std::optional<Scalar>(std::string(*words)) : std::nullopt;
}

} // namespace

void writeMetadata(std::span<const MetadataEntry> entries, std::string& text)
{
    text.clear();
    for (const MetadataEntry& entry : entries) {
        putText(entry.key, text);
        if (const auto* const number = std::get_if<double>(&entry.value)) {
            putNumber(*number, text);
        } else if (const auto* const flag = std::get_if<bool>(&entry.value)) {
            putBoolean(*flag, text);
        } else {
            text += kText;
            putText(std::get<std::string>(entry.value), text);
        }
    }
}

void writeMetadata(std::span<const LoggedEntry> entries, std::string& text)
{
    text.clear();
    for (const LoggedEntry& entry : entries) {
        putText(entry.key, text);
        const char* const begin = entry.value.data();
        const char* const end = begin + entry.value.size();
        double number = 0;
        if (entry.isJson && (entry.value == "true" || entry.value == "false")) {
            putBoolean(entry.value == "true", text);
        } else if (entry.isJson && std::from_chars(begin, end, number).ptr == end &&
                   !entry.value.empty()) {
            putNumber(number, text);
        } else {
            text += kText;
            putText(entry.value, text);
        }
    }
}

void readMetadata(std::string_view text, std::vector<MetadataEntry>& entries)
{
    entries.clear();
    while (const auto key = takeText(text)) {
        auto value = takeValue(text);
        if (!value)
            return;
        entries.push_back({std::string(*key), std::move(*value)});
    }
}

void writeList(std::span<const std::string_view> list, std::string& text)
{
    text.clear();
    for (const std::string_view entry : list)
        putText(entry, text);
}

std::vector<std::string_view> readList(std::string_view text)
{
    std::vector<std::string_view> list;
    while (const auto entry = takeText(text))
        list.push_back(*entry);
    return list;
}

std::string detailsOf(const Request& request)
{
    const bool namesNoStyle = request.style && request.style->empty();
    if (request.headers.empty() && request.usage.empty() && !request.timeMs && !namesNoStyle)
        return {};
    Request rare;
    rare.headers = request.headers;
    rare.usage = request.usage;
    rare.timeMs = request.timeMs;
    if (namesNoStyle)
        rare.style = "";
    return toCompactJsonText(toJson(rare));
}

void readDetails(std::string_view text, Request& request)
{
    const auto json = parseJson(text);
    auto rare = json ? requestFromJson(*json) : Result<Request>(Unexpected(json.error()));
    if (!rare)
        return; // only in a file that somebody forged
    request.headers = std::move(rare->headers);
    request.usage = std::move(rare->usage);
    request.timeMs = rare->timeMs;
    if (rare->style)
        request.style = std::move(rare->style);
}

} // namespace signalbox::traffic_detail
