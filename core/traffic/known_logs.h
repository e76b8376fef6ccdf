// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "log_mapping.h"

#include <string_view>
#include <vector>

namespace signalbox {

/// The logs that Signalbox reads without being told how: its own lines, request logs and batch
/// files of OpenAI's format, LiteLLM (spend logs, logging payload), Portkey (export, log stream,
/// feedback), Bifrost, Cloudflare AI Gateway, Langfuse (traces, observations, scores), and spans by
/// OpenTelemetry's GenAI conventions or OpenInference, in OTLP or one a line. In the order in which
/// they are offered. Built at each call.
[[nodiscard]] std::vector<LogMapping> knownLogs();

/// The one of that name, or an empty mapping.
[[nodiscard]] LogMapping knownLogNamed(std::string_view name);

namespace traffic_detail {

[[nodiscard]] std::vector<LogMapping> knownChatLogs();    ///< Signalbox's and OpenAI's
[[nodiscard]] std::vector<LogMapping> knownGatewayLogs(); ///< of routers and gateways
[[nodiscard]] std::vector<LogMapping> knownTraceLogs();   ///< of observability

} // namespace traffic_detail

} // namespace signalbox
