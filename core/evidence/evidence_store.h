// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_table.h"
#include "ledger_table.h"
#include "remark_table.h"
#include "store_open.h"
#include "stored_run.h"

#include <core/base/result.h>
#include <core/voice/answer.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

class LabStore;

/// The durable store of runs, answers and notes, as whoever has no time to wait for futures asks
/// it: the command line, tests, and the window before it has anything to draw. How the room is
/// made:
///
///   EvidenceStore   synchronous: what it is asked it answers at once, over a connection of its own
///   LabStore        the same store without blocking anybody: a StoreWriter and a StoreReader, each
///                   on a thread of its own. A lab run writes by this one; background() is it
///   *_table.h       the statements, which both of them use; there are no others
///   StoreConnection one connection to SQLite or PostgreSQL; store_schema.h the tables,
///                   store_open.h how a store is opened and brought up to date, old_evidence.h the
///                   form that files of earlier programs have
///
/// A row that cannot be understood is an error, never a guess. What background() was told before is
/// written before anything is read here, unless something is in the way. One instance per thread;
/// several programs may share a store. Never holds keys.
class EvidenceStore
{
public:
    /// Creates the store or brings it up to date, a file after a copy beside it. Unsupported if a
    /// newer program wrote it; it is then left alone.
    /// @param options  of background() too
    [[nodiscard]] static Result<EvidenceStore> open(const StoreAddress& address,
                                                    StoreOptions options = {});
    [[nodiscard]] static Result<EvidenceStore> open(const std::filesystem::path& path);
    /// Opens a store for reading, of this or an older version, and changes nothing about it: what
    /// is written into it fails. An old file is read from a copy that goes with the object.
    /// NotFound if there is no file, so that a mistyped path is no empty evidence.
    [[nodiscard]] static Result<EvidenceStore> openExisting(const StoreAddress& address);
    [[nodiscard]] static Result<EvidenceStore> openExisting(const std::filesystem::path& path);
    /// A private store that goes with the object, for tests and for whoever keeps nothing.
    [[nodiscard]] static Result<EvidenceStore> openTemporary();

    EvidenceStore(EvidenceStore&&) noexcept;
    EvidenceStore& operator=(EvidenceStore&&) noexcept;
    ~EvidenceStore();

    /// Of the same store, made when it is first asked for; not of one that was opened for reading.
    /// Lives on the thread that calls, and as long as this object.
    [[nodiscard]] LabStore& background();
    /// Writes what background() was told, and returns when that is done, when something is in the
    /// way, or after waitMs.
    /// @return why something is not on disk yet
    [[nodiscard]] Result<void> settle(int waitMs = kSettleMs) const;

    [[nodiscard]] Result<RunId> beginRun(const std::string& name, const std::string& planJson);
    [[nodiscard]] Result<void> finishRun(const RunId& run);
    /// background() goes on with a run that another program left or this one finished; see
    /// claimRun().
    [[nodiscard]] Result<void> claim(const RunId& run);

    /// Ordered by when they last began, asked more or were answered, the latest first.
    [[nodiscard]] Result<std::vector<RunSummary>> runs() const;
    /// The first `most` of these, without a look at the cells of the others.
    [[nodiscard]] Result<std::vector<RunSummary>> latestRuns(int most) const;
    /// NotFound with a hint that names the latest runs.
    [[nodiscard]] Result<RunSummary> run(const RunId& id) const;
    /// What a run was to ask, and where its cells are.
    [[nodiscard]] Result<RunDraft> draft(const RunId& run) const;

    /// What was sent under the ids of prompts, each once; see readPrompts().
    [[nodiscard]] Result<std::vector<StoredPrompt>> prompts() const;

    /// Adds an attempt to the cell (prompt, model, sample) of a run, which need not have it yet.
    /// The answer that counts is the newest, but one that was paid for is never replaced by an
    /// attempt without one, nor any attempt by a stopped one.
    [[nodiscard]] Result<void> record(const RunId& run, const Answer& answer);
    [[nodiscard]] Result<void> recordAll(const RunId& run, const std::vector<Answer>& answers);

    /// Those that count, ordered by prompt, model and sample.
    [[nodiscard]] Result<std::vector<Answer>> answers(const RunId& run) const;
    /// Of cells without any: the text as far as it had come when their program died, as stopped
    /// answers. Of a run that goes on in another program, the text so far.
    [[nodiscard]] Result<std::vector<Answer>> interrupted(const RunId& run) const;
    /// By cell; see readNotes().
    [[nodiscard]] Result<std::multimap<CellKey, CellNote>> notes(const RunId& run) const;
    /// Of all runs the newest per (prompt, model, sample, style guide); a stopped one only if there
    /// is no other. Without those that were taken from an earlier answer: that is among them; and
    /// without those of policies: see policyVoice().
    [[nodiscard]] Result<std::vector<Answer>> allAnswers() const;

    /// The newest whole answers to these requests, by key; see findCached().
    [[nodiscard]] Result<std::map<std::string, CachedAnswer>>
    known(const std::vector<std::string>& requestKeys) const;

    /// Every finished attempt at a cell, oldest first; the newest that is worth as much is shown.
    [[nodiscard]] Result<std::vector<StoredAnswer>> attempts(const RunId& run,
                                                             const CellKey& cell) const;
    /// What a run has asked and what that took, replaced attempts too.
    [[nodiscard]] Result<RunLedger> ledger(const RunId& run) const;
    /// See repriceRun(), readPricing() and listPricings(); what was recorded stays as it is.
    [[nodiscard]] Result<RunPricing> reprice(const RunId& run, const std::string& name,
                                             const PriceOf& priceOf);
    [[nodiscard]] Result<RunPricing> pricing(const RunId& run, const std::string& name) const;
    [[nodiscard]] Result<std::vector<std::string>> pricings(const RunId& run) const;

    /// Where it is: see toString(); empty if it is temporary.
    [[nodiscard]] std::string where() const;
    /// Its file; empty if it is temporary or no file.
    [[nodiscard]] std::filesystem::path path() const;
    /// A sentence, if a damaged file was set aside.
    [[nodiscard]] const std::string& notice() const;

    static constexpr int kSettleMs = 2'000; ///< enough for a disk, little for a person

private:
    struct Impl;
    explicit EvidenceStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox
