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
/// it returns. One instance per thread; several processes may share the file. Never holds keys.
class EvidenceStore
{
public:
    /// Creates the file or migrates it (after a copy beside it) to the newest schema. Unsupported
    /// if a newer program wrote it; the file is then left alone.
    [[nodiscard]] static Result<EvidenceStore> open(const std::filesystem::path& path);
    /// A private store in memory, for tests and for read-only places.
    [[nodiscard]] static Result<EvidenceStore> openInMemory();

    EvidenceStore(EvidenceStore&&) noexcept;
    EvidenceStore& operator=(EvidenceStore&&) noexcept;
    ~EvidenceStore();

    [[nodiscard]] Result<RunId> beginRun(const std::string& name, const std::string& planJson);
    [[nodiscard]] Result<void> finishRun(const RunId& run);
    [[nodiscard]] Result<std::vector<RunInfo>> runs() const; ///< newest first

    /// Adds or replaces the answer of (run, prompt, model, sample).
    [[nodiscard]] Result<void> record(const RunId& run, const Answer& answer);
    [[nodiscard]] Result<void> recordAll(const RunId& run, const std::vector<Answer>& answers);
    /// Text so far of an answer in progress; replaced by record().
    [[nodiscard]] Result<void> recordPartial(const RunId& run, const PromptId& prompt,
                                             const ModelId& model, int sample,
                                             const std::string& text);

    [[nodiscard]] Result<std::vector<Answer>> answers(const RunId& run) const;
    [[nodiscard]] Result<std::vector<Answer>>
    allAnswers() const; ///< newest per (prompt, model, sample, style guide)
    [[nodiscard]] Result<std::vector<Answer>> partials(const RunId& run) const; ///< state Stopped

    [[nodiscard]] std::filesystem::path path() const; ///< empty in memory

private:
    struct Impl;
    explicit EvidenceStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox
