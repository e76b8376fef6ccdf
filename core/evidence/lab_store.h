// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_table.h"
#include "remark_table.h"
#include "store_address.h"
#include "store_writer.h"
#include "stored_run.h"
#include "tasting_table.h"

#include <QFuture>
#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace signalbox {

class StoreReader;

/// The durable store of lab runs as the program uses it: writes by a StoreWriter, reads by a
/// StoreReader, both on threads of their own, so that nothing here blocks. Lives on the thread of
/// whoever owns it. Reading sees what is on disk, which may be a moment behind what was put.
///
///     LabStore store(*parseStoreAddress(setting));
///     const RunId run = store.createRun(draft);         // this store holds it
///     const AttemptTicket ticket = newTicket();
///     store.writer().put(CellStarted{run, cell, ticket});
///     store.writer().put(TextAppended{run, cell, ticket, delta, ""});
///     const WriteNumber number = store.writer().put(CellFinished{run, cell, answer});
///     connect(&store.writer(), &StoreWriter::written, …);   // from `number` on the cell is done
///     store.load(run).then(this, [](const Result<LoadedRun>& loaded) { … });
///
/// After a crash: runs() says which isInterrupted(), resume() gives it with unfinished().
class LabStore : public QObject
{
    Q_OBJECT
public:
    using LoadedRun = std::shared_ptr<const RunContents>;

    explicit LabStore(StoreAddress address, WriterSettings settings = {},
                      QObject* parent = nullptr);
    /// Writes what waits, as far as it can be written at once; StoreWriter::close() before that
    /// says what cannot.
    ~LabStore() override;

    [[nodiscard]] const StoreAddress& address() const;
    [[nodiscard]] StoreWriter& writer();
    [[nodiscard]] const std::string& owner() const; ///< holds the runs that are written here

    /// Puts a new run, or an extension of one that this store holds; see writeRun(). An empty id is
    /// replaced by a new one.
    RunId createRun(RunDraft draft);

    [[nodiscard]] QFuture<Result<std::vector<RunSummary>>> runs();
    [[nodiscard]] QFuture<Result<LoadedRun>> load(const RunId& run);
    /// Takes an interrupted or stopped run over and loads it; see claimRun(). After everything that
    /// was put before.
    [[nodiscard]] QFuture<Result<LoadedRun>> resume(const RunId& run);
    /// Texts of rows; see readContents().
    [[nodiscard]] QFuture<Result<std::vector<CellContent>>> contents(const RunId& run,
                                                                     int firstPrompt, int count);
    [[nodiscard]] QFuture<Result<std::vector<StoredAnswer>>> attempts(const RunId& run,
                                                                      const CellKey& cell);
    [[nodiscard]] QFuture<Result<std::multimap<CellKey, CellNote>>> notes(const RunId& run);
    /// With everything that was put before.
    [[nodiscard]] QFuture<Result<RunRemarks>> remarks(const RunId& run);
    [[nodiscard]] QFuture<Result<std::map<std::string, CachedAnswer>>>
    cached(std::vector<std::string> keys);
    /// With everything that was put before.
    [[nodiscard]] QFuture<Result<std::vector<StoredTasting>>> tastings(const RunId& run);
    /// @param priceOf  is called on the writer's thread
    [[nodiscard]] QFuture<Result<RunPricing>> reprice(const RunId& run, const std::string& name,
                                                      PriceOf priceOf);
    [[nodiscard]] QFuture<Result<RunPricing>> pricing(const RunId& run, const std::string& name);
    [[nodiscard]] QFuture<Result<std::vector<std::string>>> pricings(const RunId& run);
    /// @param take  is called on the reader's thread; see exportRun()
    [[nodiscard]] QFuture<Result<std::size_t>>
    exportRows(const RunId& run, std::function<bool(const ExportRow&)> take);
    [[nodiscard]] QFuture<Result<void>> remove(const RunId& run);

private:
    template<class T, class Job> [[nodiscard]] QFuture<Result<T>> order(Job job);

    StoreAddress m_address;
    std::string m_owner;
    std::unique_ptr<StoreWriter> m_writer;
    std::unique_ptr<StoreReader> m_reader;
};

} // namespace signalbox
