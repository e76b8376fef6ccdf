// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logged_request.h"
#include "traffic.h"

#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox {

/// What is known of a request beside itself.
struct RequestNote
{
    std::string_view segment = Traffic::kUnlabelled;
    std::optional<std::string_view> promptId = {}; ///< of the lab prompt that it repeats
    std::int32_t inputTokens = -1;
    std::int64_t timeMs = 0;
};

struct TrafficBuilderOptions
{
    /// Where texts go that are too many for memory; empty: they stay there.
    std::filesystem::path scratchFolder = {};
    std::size_t memoryBytes = std::size_t{256} << 20; ///< of texts that stay in memory
    /// Whether rows without a conversation that repeat what was said in an earlier row, the same
    /// user's, go on with its conversation; else each stands alone.
    enum class Unnamed { Alone, ByHistory };
    Unnamed unnamed = Unnamed::Alone;
};

/// Makes traffic of requests that come in any order. Memory is some 100 bytes a row, and every
/// name, id and list of tags and metadata once; texts may go to disk.
class TrafficBuilder
{
public:
    explicit TrafficBuilder(const TrafficBuilderOptions& options = {});
    ~TrafficBuilder();
    TrafficBuilder(TrafficBuilder&&) noexcept;
    TrafficBuilder& operator=(TrafficBuilder&&) noexcept;

    /// Fails with TooLarge for the segment that is one too many and then leaves the row out; for
    /// want of disk space, and then nothing more can be added.
    [[nodiscard]] Result<void> add(const Request& request, const RequestNote& note = {});
    [[nodiscard]] Result<void> add(const LoggedRequest& row);

    [[nodiscard]] std::size_t rowCount() const;
    /// Rows that found their conversation by what was said in it.
    [[nodiscard]] std::size_t joinedByHistory() const;

    /// All rows, grouped by conversation in order of appearance and, within one, ordered by turn
    /// as the log states it or by the number of the user's messages, then by time, then as they
    /// came. Once, at the end. O(n log n), O(n) if they came in order.
    [[nodiscard]] Result<Traffic> take(std::string name);

private:
    struct Rows;
    std::unique_ptr<Rows> m_rows;
};

} // namespace signalbox
