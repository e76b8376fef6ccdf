// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "condition.h"

#include <core/base/ids.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

enum class Role { System, User, Assistant, Tool };

struct Message
{
    Role role = Role::User;
    std::string text;
    int images = 0;
    bool operator==(const Message&) const = default;
};

/// A metadata entry of a request.
struct MetadataEntry
{
    std::string key;
    Scalar value;
    bool operator==(const MetadataEntry&) const = default;
};

struct HeaderEntry
{
    std::string name;
    std::string value;
    bool operator==(const HeaderEntry&) const = default;
};

/// What a meter of the router showed when the request came in; see UsageSource.
struct UsageReading
{
    SignalId signal;
    double value = 0; ///< in the unit of the signal's measure
    bool operator==(const UsageReading&) const = default;
};

/// A request as a router sees it: the whole conversation so far, the last message being the one to
/// answer, and what the caller says about it.
struct Request
{
    std::vector<Message> messages;
    std::string requestId;
    std::string conversationId;
    std::string userId;
    std::optional<std::string> style; ///< concise, balanced or detailed
    std::vector<MetadataEntry> metadata;
    std::vector<HeaderEntry> headers;
    std::string requestedModel;
    std::optional<int> maxTokens;
    bool hasTools = false;
    std::optional<std::int64_t> timeMs; ///< when it came in, Unix time
    std::vector<UsageReading> usage;    ///< what the router's meters showed at that time
    bool operator==(const Request&) const = default;
};

} // namespace signalbox
