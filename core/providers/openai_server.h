// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace signalbox {

/// What differs between servers of the OpenAI family, as data. The last row of the table is any
/// server that is not named.
struct OpenAiServer
{
    enum class KeyHeader { Bearer, ApiKey };
    enum class StatedCost { None, Usd, Ticks }; ///< "cost", or "cost_in_usd_ticks" of 1e-10 USD
    enum class Reasoning { InsideOutput, BesideOutput }; ///< of completion_tokens
    enum class Usage { Asked, Unasked };                 ///< sent when asked for, or always

    std::string_view label = {};           ///< "OpenAI"
    std::string_view host = {};            ///< its host, or ".suffix" of its hosts; empty: any
    std::string_view baseUrl = {};         ///< to offer; empty if every customer has their own
    std::string_view keyVariable = {};     ///< the customary environment variable
    std::string_view implicitPath = "/v1"; ///< added to a base URL without a path
    KeyHeader keyHeader = KeyHeader::Bearer;
    std::string_view maxTokensKey = "max_tokens";
    std::string_view seedKey = "seed";
    Usage usage = Usage::Asked;
    Reasoning reasoning = Reasoning::InsideOutput;
    StatedCost statedCost = StatedCost::None;
    std::string_view reasoningField = {}; ///< of a delta; empty: either of the two customary ones
};

/// All rows, the unnamed one last.
[[nodiscard]] std::span<const OpenAiServer> openAiServers();
/// The row for a host; never fails.
[[nodiscard]] const OpenAiServer& openAiServerFor(std::string_view host);

} // namespace signalbox
