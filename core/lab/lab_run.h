// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"
#include "run_cells.h"

#include <core/base/result.h>
#include <core/evidence/evidence_store.h>
#include <core/providers/provider.h>
#include <core/voice/answer.h>

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

/// The calls that a cell of a policy may have to send itself; those that it takes from a model's
/// column are not among them.
struct PolicyCalls
{
    struct Call
    {
        ModelSpec model;
        std::optional<int> maxTokens = {}; ///< of its answer
    };
    std::vector<Call> calls;   ///< the first one first
    bool isFirstTaken = false; ///< from a column: if all goes well nothing is sent
};

/// Sends every prompt to every model, side by side, and records each answer in the evidence store
/// before it calls the cell done; the text of one that is being written too, as far as it has come.
/// It never waits for the store. Lives on the GUI thread. One run per object.
class LabRun : public QObject
{
    Q_OBJECT
public:
    /// `store` may be null: nothing is kept. Both must outlive the run.
    LabRun(LabPlan plan, const ProviderRegistry& providers, EvidenceStore* store,
           QObject* parent = nullptr);
    ~LabRun() override;

    [[nodiscard]] const LabPlan& plan() const;
    [[nodiscard]] const Cell& cell(const CellId& id) const;
    /// Which of the plan's prompts are turns of one conversation. A turn is sent once the one
    /// before it is done, and stopped, unsent, if that gave nothing to go on from. When a turn has
    /// another answer than before, those that went on from the old one are asked anew; until it
    /// has, they stay.
    [[nodiscard]] const Conversations& conversations() const;
    [[nodiscard]] LabProgress progress() const;
    [[nodiscard]] bool isRunning() const; ///< from start() until finished(), pauses included
    [[nodiscard]] bool isPaused() const;

    /// What it is in the store; nullopt: it is not there, nothing was sent or nothing is kept.
    [[nodiscard]] const std::optional<RunId>& id() const;

    /// Changes LabPlan::inFlightHere, in a running run too.
    void setInFlightHere(int calls);
    /// Changes LabPlan::retries: for the failures that come from now on.
    void setRetries(int retries);
    /// Changes LabPlan::caps, also of a run that waits at one: it goes on as far as they allow.
    void setCaps(const RunCaps& caps);
    /// Why nothing more is sent although cells wait and the person did not pause; the run is
    /// paused.
    [[nodiscard]] const std::optional<CapReached>& capReached() const;
    /// With what the run had taken before it was taken over; attempts that a repeat replaced count.
    [[nodiscard]] RunSpending spending() const;
    /// Of these cells, what LabPlan::Reuse::ExactRequest would take from the store.
    [[nodiscard]] Result<std::vector<CellId>> reusable(const std::vector<CellId>& cells) const;
    /// Changes LabPlan::reuse, for what is started from now on.
    void setReuse(LabPlan::Reuse reuse);
    /// What the run is called in the store, if it has not begun there.
    void setName(const std::string& name);
    /// Finished answers that are not on disk yet: the last moments', or what the disk refused.
    [[nodiscard]] bool hasUnwritten() const;
    /// Writes them now. A run that is let go does so too, as far as the disk allows.
    [[nodiscard]] Result<void> writeFinished();
    /// Prices of these models, by id, for the answers that come from now on.
    void setPrices(const std::vector<ModelSpec>& models);
    /// Changes LabPlan::tokenizers, likewise.
    void setTokenizers(Tokenizers tokenizers);
    /// The policy was changed: of its column, cells that it would answer in another way now are
    /// as if never asked, until they are asked or the policy is as it was. Only between runs; the
    /// plan has a column of a policy with that id, or nothing happens.
    void setPolicy(std::shared_ptr<const PolicyColumn> policy);
    /// Whether the cell is the policy's, not a model's.
    [[nodiscard]] bool isPolicyCell(const CellId& id) const;
    /// What a cell of the policy may have to send; see PolicyLane::ownCalls().
    [[nodiscard]] PolicyCalls policyCalls(const CellId& id) const;
    void start(); ///< skips cells that are done already
    void pause(); ///< lets calls that are under way finish, sends no new one
    /// Cancels running cells; queued ones become stopped, and so do those whose answers the disk
    /// refuses even now: start() tries to write these again.
    void stop();
    /// With the turns before it that nobody would ask otherwise. Whatever its state; in a paused
    /// run it is the next one to be sent. An answer that was there stays, in the cell as in the
    /// store, if the repeat gives none.
    void rerun(const CellId& id);
    void rerunFailed();                                ///< asks the rest
    [[nodiscard]] std::vector<CellId> waiting() const; ///< queued: what start() sends
    /// What rerunFailed() asks: failed and stopped cells, but for answers that are only unwritten.
    [[nodiscard]] std::vector<CellId> rest() const;
    /// Before start(): what is queued becomes stopped, so that only rerun() and rerunFailed() ask
    /// it; what failed or was stopped in the run taken over says so. For a run that shows what an
    /// earlier one recorded. While cells are held back the run in the store stays as it was,
    /// finished or not.
    void holdBack();

    /// Takes over the answers an earlier, interrupted run has recorded: those cells are done.
    /// @return how many; NotFound if the store has no such run, or what mayResume() says. Nothing
    ///         is changed then.
    [[nodiscard]] Result<std::size_t> resumeFrom(const RunId& run);
    /// Whether the run asked its models as this plan does: upstream model, address, style guide and
    /// token limit. Prompts, models and samples may be others. Runs of older versions do not say.
    /// InvalidArgument with the difference otherwise; differenceOf() has it in parts.
    [[nodiscard]] Result<void> mayResume(const RunSummary& run) const;

signals:
    void cellChanged(const signalbox::CellId& id); ///< at most once a frame and cell
    void textAppended(const signalbox::CellId& id, const QString& text); ///< batched
    void progressChanged();
    /// Nothing more is sent, and nothing is under way: the run is paused until setCaps() or
    /// start().
    void capWasReached(const signalbox::CapReached& reached);
    void finished(); ///< every cell is done, failed or stopped
    /// The run is paused, and goes on by itself once the store takes answers again, if it ever does
    /// and the person did not pause it; nothing finished is lost.
    void storeFailed(const QString& message);
    void storeRecovered(); ///< what was in the way is not any more

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox
