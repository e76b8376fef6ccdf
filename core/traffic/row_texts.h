// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logged_request.h"

#include <core/policy/request.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/traffic: lists of a row as one text, so that rows with the same list share it.
// Reading gives what can be read of any bytes.
namespace signalbox::traffic_detail {

void writeMetadata(std::span<const MetadataEntry> entries, std::string& text);
/// Values that a log writes as JSON become numbers and booleans, the rest stay texts.
void writeMetadata(std::span<const LoggedEntry> entries, std::string& text);
void readMetadata(std::string_view text, std::vector<MetadataEntry>& entries);

void writeList(std::span<const std::string_view> list, std::string& text);
[[nodiscard]] std::vector<std::string_view> readList(std::string_view text);

/// What few requests have, as JSON; "" for most.
[[nodiscard]] std::string detailsOf(const Request& request);
void readDetails(std::string_view text, Request& request);

} // namespace signalbox::traffic_detail
