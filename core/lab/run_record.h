// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_plan.h"

#include <core/evidence/stored_answer.h>
#include <core/evidence/stored_run.h>
#include <core/evidence/write_queue.h>

#include <QObject>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

class EvidenceStore;
class StoreWriter;

/// What a lab run leaves in the evidence store while it goes: that a cell was sent, its text as far
/// as it came, its answer. It is put into the store's background writer, so that nothing here
/// waits for a disk or a server but begin(), goOn() and flush(), and these not for long. What is in
/// the way is told once, kept, and written as soon as it can be. Owned by its LabRun, on its
/// thread; the store outlives it.
class RunRecord : public QObject
{
    Q_OBJECT
public:
    /// @param store  null: nothing is kept, and everything counts as written a moment later
    explicit RunRecord(EvidenceStore* store, QObject* parent = nullptr);

    [[nodiscard]] const std::optional<RunId>& id() const; ///< once it is begun or taken over
    [[nodiscard]] bool isOpen() const;                    ///< begin() or goOn() was called

    /// A new run.
    void begin(const LabPlan& plan, const std::string& planJson);
    /// An earlier run, of which nothing is written yet: goOn() comes before anything is sent.
    void takeOver(const RunId& run);
    /// The run that was begun or taken over asks this plan, and is not over. Cells that it has not
    /// are added.
    /// @return Refused if another window works on it
    [[nodiscard]] Result<void> goOn(const LabPlan& plan, const std::string& planJson);
    /// Whether something may be sent: the run is in the store, which keeps up, and nothing is in
    /// the way.
    [[nodiscard]] bool isReady() const;

    void started(const CellId& cell, AttemptTicket ticket);
    void wrote(const CellId& cell, AttemptTicket ticket, const std::string& text,
               const std::string& reasoning);
    void finished(const CellId& cell, const StoredAnswer& answer);
    /// The attempt is given up and has no result.
    void released(const CellId& cell, AttemptTicket ticket);
    void over(RunState state);

    /// finished() attempts that are not on disk yet.
    [[nodiscard]] bool hasUnwritten() const;
    [[nodiscard]] std::size_t unwrittenCount() const;
    [[nodiscard]] bool isUnwritten(const CellId& cell) const;
    [[nodiscard]] std::vector<CellId> unwritten() const;
    /// Nobody wants to hear any more that what is there of the cell was written. It will be.
    void forget(const CellId& cell);

    /// What is in the way, if something is.
    [[nodiscard]] const std::optional<Error>& obstacle() const;
    void retry(); ///< now; if that fails too it is told again
    /// Waits a little until everything is on disk, and tells written() before it returns.
    [[nodiscard]] Result<void> flush();

signals:
    void ready(); ///< isReady() now, and was not
    void written(const std::vector<signalbox::CellId>& cells);
    /// Never will be: the store holds no such run any more.
    void refused(const signalbox::CellId& cell, const signalbox::Error& error);
    void troubled(const signalbox::Error& error); ///< once, until recovered() or retry()
    void recovered();

private:
    void extend(RunDraft draft, const LabPlan& plan);
    void noteWritten();
    void noteRefused(WriteNumber number, const Error& error);
    [[nodiscard]] CellKey keyOf(const CellId& cell) const;
    [[nodiscard]] StoreWriter& writer() const;

    EvidenceStore* m_store;
    std::optional<RunId> m_id;
    std::vector<int> m_rows;    ///< of the run in the store, by prompt of the plan
    std::vector<int> m_columns; ///< likewise, by model
    WriteNumber m_begun = 0;    ///< of the run itself, as it asks now; 0: not put
    bool m_wasBegun = false;    ///< it is in the store, as it asks now
    bool m_isNew = false;       ///< it was never in the store
    std::map<WriteNumber, CellId> m_unwritten;
    WriteNumber m_kept = 0; ///< counts where there is no store
    std::optional<Error> m_obstacle;
    bool m_isTold = false; ///< the obstacle was
};

} // namespace signalbox
