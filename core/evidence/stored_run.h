// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stored_answer.h"

#include <core/base/result.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// A column of a run: a model with its parameters, or a policy.
using LaneId = StrongId<struct LaneTag>;

enum class RunState {
    Running,
    Paused,  ///< by the person, or because something is in the way
    Stopped, ///< by the person, before everything was asked
    Done,
};
[[nodiscard]] std::string_view runStateName(RunState state);
[[nodiscard]] std::optional<RunState> runStateNamed(std::string_view name);

/// A cell by its place in the run: row, column, and which repeat. All from 0.
struct CellKey
{
    int prompt = 0;
    int lane = 0;
    int repeat = 0;
    auto operator<=>(const CellKey&) const = default;
    bool operator==(const CellKey&) const = default;
};

struct StoredPrompt
{
    PromptId id; ///< once per run
    std::string segment;
    std::string messagesJson; ///< what is sent: [{"role": …, "text": …}, …]
    bool operator==(const StoredPrompt&) const = default;
};

struct StoredLane
{
    LaneId id; ///< once per run
    std::string
        specJson; ///< how it is asked: model, address, parameters; the name of a key, no key
    bool operator==(const StoredLane&) const = default;
};

/// A run as it is planned: every prompt is asked of every lane, `repeats` times.
struct RunDraft
{
    RunId id; ///< newRunId(), or one that came with imported answers
    std::string name;
    std::string planJson; ///< what is not in prompts and lanes: seeds, caps, parameters; an object
    std::vector<StoredPrompt> prompts;
    std::vector<StoredLane> lanes;
    int repeats = 1; ///< at least 1
    bool operator==(const RunDraft&) const = default;
};
[[nodiscard]] RunId newRunId();

/// Whether a draft may be written: ids are there and differ, JSON is JSON, and nothing in it looks
/// like a secret (a member named apiKey, password and the like with a text, or an address with a
/// password in it). InvalidArgument that names the place.
[[nodiscard]] Result<void> checkDraft(const RunDraft& draft);

/// Who works on a run.
enum class RunHolder {
    Nobody,    ///< free, or whoever held it is gone
    ThisStore, ///< the very object that was asked
    Another,   ///< another window or another computer, alive as far as can be seen
};

/// A run in the list of runs.
struct RunSummary
{
    RunId id;
    std::string name;
    std::string planJson;          ///< RunDraft::planJson
    std::int64_t createdAtMs = 0;  ///< Unix time
    std::int64_t lastAtMs = 0;     ///< when it last did something
    std::int64_t finishedAtMs = 0; ///< when it was stopped or done; 0: it is neither
    RunState state = RunState::Running;
    RunHolder holder = RunHolder::Nobody;
    std::size_t cells = 0;
    std::size_t settled = 0; ///< of these, with a finished attempt
    std::size_t failed = 0;  ///< of the settled ones, without an answer

    [[nodiscard]] bool isOver() const
    {
        return state == RunState::Stopped || state == RunState::Done;
    }
    /// Its program died, or lost it: resume it to go on.
    [[nodiscard]] bool isInterrupted() const { return holder == RunHolder::Nobody && !isOver(); }
};

/// What a matrix shows of a cell without its text.
struct CellColumns
{
    CellKey key;
    StoredState state = StoredState::Queued;
    bool isSettled = false;    ///< has a finished attempt: never sent again by resuming
    bool isCostStated = false; ///< by the provider
    bool isEstimated = false;  ///< the tokens
    bool isSimulated = false;
    int attempts = 0;    ///< finished ones
    int servedModel = 0; ///< index into RunContents::servedModels
    std::optional<FailureKind> failureKind = {};
    std::optional<double> firstTextMs = {};
    std::optional<double> totalMs = {};
    std::optional<std::int64_t> inputTokens = {};
    std::optional<std::int64_t> outputTokens = {};
    std::optional<Money> cost = {};
    std::optional<double> satisfied = {}; ///< in [0, 1]
    std::int64_t characters = 0;          ///< code points of the text
    std::int64_t settledAtMs = 0;         ///< Unix time; 0 if not settled
};

/// A run without the texts of its answers.
struct RunContents
{
    RunSummary summary;
    RunDraft draft;
    std::vector<std::string> servedModels; ///< each once; the first is the empty one
    std::vector<CellColumns> cells;        ///< ordered by key

    /// Those that resuming has to send: exactly the ones that are not settled.
    [[nodiscard]] std::vector<CellKey> unfinished() const;
};

/// The text behind a cell.
struct CellContent
{
    CellKey key;
    std::optional<StoredAnswer> answer = {}; ///< the attempt that is shown
    std::string partialText; ///< of a running or interrupted attempt, as far as it came
    std::string partialReasoning;
};

} // namespace signalbox
