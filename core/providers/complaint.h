// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// What a server says about an error, in whichever dialect. Raw: nothing is taken out
/// and nothing is cut.
struct Complaint
{
    int status = 0; ///< its own code, if it is an HTTP status
    std::string message = {};
    std::string type = {};
    std::string code = {};
    std::string parameter = {};
    std::optional<int> retryAfterMs = {}; ///< where the body says it, and not a header
};

/// Reads the body of an error answer: JSON in any of the dialects' forms, a web page, plain text.
[[nodiscard]] Complaint complaintOfBody(std::string_view body);
/// The same for the "error" member of an event, or for a whole error object. Wrappings ("error"
/// inside "error", a list around it) are opened up to four times.
[[nodiscard]] Complaint complaintOf(const nlohmann::json& error);
/// The title of a web page, raw; empty if it has none.
[[nodiscard]] std::string pageTitle(std::string_view html);

} // namespace signalbox
