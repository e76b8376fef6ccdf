// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/voice/answer.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

struct RunInfo
{
    RunId id;
    std::string name;
    std::int64_t startedAtMs = 0;
    std::int64_t finishedAtMs = 0; ///< 0: not finished; such a run can be resumed
    std::string planJson;          ///< what was asked for: prompts, models, samples
    std::size_t answers = 0;
};

/// The durable store of runs and answers: one SQLite file in WAL mode. Every call is on disk when
/// it returns. A row that cannot be understood is an error, never a guess. One instance per thread;
/// several processes may share the file. Never holds keys.
class EvidenceStore
{
public:
    /// Creates the file or migrates it (after a copy beside it) to the newest schema. Unsupported
    /// if a newer program wrote it; the file is then left alone.
    [[nodiscard]] static Result<EvidenceStore> open(const std::filesystem::path& path);
    /// Opens a file for reading, of this or an older version, and changes nothing about it: what is
    /// written into the store fails. NotFound if there is no file, so that a mistyped path is no
    /// empty evidence.
    [[nodiscard]] static Result<EvidenceStore> openExisting(const std::filesystem::path& path);
    /// A private store in memory, for tests and for read-only places.
    [[nodiscard]] static Result<EvidenceStore> openInMemory();

    EvidenceStore(EvidenceStore&&) noexcept;
    EvidenceStore& operator=(EvidenceStore&&) noexcept;
    ~EvidenceStore();

    [[nodiscard]] Result<RunId> beginRun(const std::string& name, const std::string& planJson);
    [[nodiscard]] Result<void> finishRun(const RunId& run);
    /// The run asks more, or again: from now on it has this plan, and is unfinished.
    [[nodiscard]] Result<void> reopenRun(const RunId& run, const std::string& planJson);
    /// Ordered by when they last began, asked more or were answered, the latest first.
    [[nodiscard]] Result<std::vector<RunInfo>> runs() const;
    /// NotFound with a hint that names the latest runs.
    [[nodiscard]] Result<RunInfo> run(const RunId& id) const;

    /// Adds or replaces the answer of (run, prompt, model, sample). An answer that was paid for is
    /// never replaced by an attempt without one, nor any attempt by a stopped one: then the older
    /// row stays.
    [[nodiscard]] Result<void> record(const RunId& run, const Answer& answer);
    [[nodiscard]] Result<void> recordAll(const RunId& run, const std::vector<Answer>& answers);

    [[nodiscard]] Result<std::vector<Answer>> answers(const RunId& run) const;
    /// The newest per (prompt, model, sample, style guide); a stopped one only if there is no
    /// other.
    [[nodiscard]] Result<std::vector<Answer>> allAnswers() const;

    [[nodiscard]] std::filesystem::path path() const; ///< empty in memory

private:
    struct Impl;
    explicit EvidenceStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox
