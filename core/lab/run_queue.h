// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/ids.h>
#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// A run that is to be sent when those before it are over.
struct QueuedRun
{
    std::string name;           ///< of the policy, for people
    std::string planJson;       ///< toPlanJson(): which prompts, models, repeats, caps
    RunId id = {};              ///< that it will have in the store; RunQueue::add() gives it one
    std::string owner = {};     ///< newRunOwner() of the window that begins it, if one does
    std::int64_t begunAtMs = 0; ///< when that one said so, Unix time
    bool operator==(const QueuedRun&) const = default;
};

/// Runs that wait for their turn, in a file of their own that all windows share: each change is
/// made to what the file holds by then, under a lock, and is on disk before it is seen. So no
/// window takes away what another one added, no two begin the same run, and a crash loses none.
class RunQueue
{
public:
    RunQueue() = default; ///< kept nowhere
    /// What the file holds; an absent one holds nothing. ParseError if it is no queue; the file is
    /// left alone then.
    [[nodiscard]] static Result<RunQueue> open(const std::filesystem::path& file);

    /// As they were when this object last looked.
    [[nodiscard]] const std::vector<QueuedRun>& runs() const { return m_runs; }
    /// Looks again. @return whether something is different now
    [[nodiscard]] Result<bool> refresh();

    // Each leaves the queue as it was if it cannot be kept. Places from 0, in runs(); others are
    // passed over, and so is what another window has taken out meanwhile.
    [[nodiscard]] Result<void> add(QueuedRun run);
    [[nodiscard]] Result<void> move(std::size_t from, std::size_t to);
    [[nodiscard]] Result<void> remove(std::size_t place);
    [[nodiscard]] Result<void> remove(const RunId& id);
    [[nodiscard]] Result<void> clear(); ///< of runs(); what was added since stays
    /// Marks the first run that no living window begins as begun by `owner`. It stays in the queue
    /// until it is removed: a program that dies before the run is in the store leaves it here.
    /// @param nowMs  Unix time
    /// @return nullopt: there is none
    [[nodiscard]] Result<std::optional<QueuedRun>> begin(const std::string& owner,
                                                         std::int64_t nowMs);

private:
    using Change = std::function<void(std::vector<QueuedRun>& runs)>;
    [[nodiscard]] Result<std::vector<QueuedRun>> read() const;
    [[nodiscard]] Result<void> change(const Change& change);

    std::filesystem::path m_file;
    std::vector<QueuedRun> m_runs;
};

} // namespace signalbox
