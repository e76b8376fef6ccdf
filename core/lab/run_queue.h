// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace signalbox {

/// A run that is to be sent when those before it are over.
struct QueuedRun
{
    std::string name;     ///< of the policy, for people
    std::string planJson; ///< toPlanJson(): which prompts, models, repeats, caps
    bool operator==(const QueuedRun&) const = default;
};

/// Runs that wait for their turn, in a file of their own: each change is on disk before it is seen,
/// so that a crash loses none. Several programs may not share a file.
class RunQueue
{
public:
    RunQueue() = default; ///< kept nowhere
    /// What the file holds; an absent one holds nothing. ParseError if it is no queue; the file is
    /// left alone then.
    [[nodiscard]] static Result<RunQueue> open(const std::filesystem::path& file);

    [[nodiscard]] const std::vector<QueuedRun>& runs() const { return m_runs; }
    // Each leaves the queue as it was if it cannot be kept. Places from 0; others are passed over.
    [[nodiscard]] Result<void> add(QueuedRun run);
    [[nodiscard]] Result<void> move(std::size_t from, std::size_t to);
    [[nodiscard]] Result<void> remove(std::size_t place);
    [[nodiscard]] Result<void> clear();

private:
    [[nodiscard]] Result<void> take(std::vector<QueuedRun> runs);

    std::filesystem::path m_file;
    std::vector<QueuedRun> m_runs;
};

} // namespace signalbox
