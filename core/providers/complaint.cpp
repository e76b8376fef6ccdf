// SPDX-License-Identifier: GPL-3.0-or-later
#include "complaint.h"

#include "rate_limits.h"
#include "wire_json.h"

#include <algorithm>
#include <charconv>

namespace signalbox {

namespace {

using nlohmann::json;

std::string textOrNumber(const json& object, const char* key)
{
    const auto found = object.find(key);
    if (found == object.end())
        return {};
    if (found->is_string())
        return found->get<std::string>();
    return found->is_number_integer() ? std::to_string(found->get<std::int64_t>()) : std::string();
}

int statusOf(const std::string& code)
{
    int status = 0;
    const auto parsed = std::from_chars(code.data(), code.data() + code.size(), status);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == code.data() + code.size();
    return whole && status >= 400 && status < 600 ? status : 0;
}

/// The form of web frameworks: {"detail": "text"} or {"detail": [{"loc": […], "msg": "…"}]}. The
/// request that they repeat beside it is left out.
Complaint readDetail(const json& detail)
{
    Complaint complaint;
    if (detail.is_string())
        complaint.message = detail.get<std::string>();
    if (!detail.is_array() || detail.empty() || !detail.front().is_object())
        return complaint;
    complaint.message = textOrNumber(detail.front(), "msg");
    const auto place = detail.front().find("loc");
    if (place != detail.front().end() && place->is_array() && !place->empty() &&
        place->back().is_string())
        complaint.parameter = place->back().get<std::string>();
    return complaint;
}

/// Google's RetryInfo among the details of an error: {"retryDelay": "17s"}.
std::optional<int> retryDelayOf(const json& error)
{
    constexpr std::int64_t kLongestMs = 1'000'000'000;
    const json* details = memberOf(error, "details");
    if (!details || !details->is_array())
        return std::nullopt;
    for (const json& detail : *details)
        if (const auto ms = durationMs(textOf(detail, "retryDelay")))
            return int(std::min(*ms, kLongestMs));
    return std::nullopt;
}

/// An error object without wrappings around it, or a bare sentence.
Complaint readComplaint(const json& error)
{
    Complaint complaint;
    if (error.is_string())
        complaint.message = error.get<std::string>();
    if (!error.is_object())
        return complaint;
    if (const auto detail = error.find("detail"); detail != error.end())
        return readDetail(*detail);
    complaint.message = textOrNumber(error, "message");
    complaint.type = textOrNumber(error, "type");
    if (complaint.type.empty())
        complaint.type = textOrNumber(error, "status"); // Google's word for the kind
    complaint.code = textOrNumber(error, "code");
    complaint.parameter = textOrNumber(error, "param");
    complaint.status = statusOf(complaint.code);
    complaint.retryAfterMs = retryDelayOf(error);
    return complaint;
}

} // namespace

std::string pageTitle(std::string_view html)
{
    const auto begin = html.find("<title>");
    if (begin == std::string_view::npos)
        return {};
    const std::string_view rest = html.substr(begin + 7);
    return std::string(rest.substr(0, rest.find('<')));
}

Complaint complaintOf(const json& error)
{
    constexpr int kMostWrappings = 4;
    const json* inner = &error;
    for (int i = 0; i < kMostWrappings; ++i) {
        if (inner->is_array() && !inner->empty())
            inner = &inner->front();
        else if (inner->is_object() && inner->contains("error") && !(*inner)["error"].is_null())
            inner = &(*inner)["error"];
        else
            break;
    }
    return readComplaint(*inner);
}

Complaint complaintOfBody(std::string_view body)
{
    if (const auto parsed = parseWireJson(body))
        return complaintOf(*parsed);
    Complaint complaint;
    complaint.message =
        body.find('<') != std::string_view::npos ? pageTitle(body) : std::string(body);
    return complaint;
}

} // namespace signalbox
