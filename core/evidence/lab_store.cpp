// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab_store.h"

#include "cell_table.h"
#include "run_owner.h"
#include "run_table.h"
#include "store_reader.h"

#include <QPromise>

#include <utility>

namespace signalbox {

namespace {

using LoadedRun = LabStore::LoadedRun;

Result<LoadedRun> loadRun(StoreConnection& store, const RunId& run, const std::string& owner)
{
    auto contents = std::make_shared<RunContents>();
    const auto read = store.inSnapshot("cannot read the run", [&]() -> Result<void> {
        auto summary = readSummary(store, run, owner);
        if (!summary)
            return Unexpected(summary.error());
        contents->summary = std::move(*summary);
        auto draft = readDraft(store, run);
        if (!draft)
            return Unexpected(draft.error());
        contents->draft = std::move(*draft);
        return readCells(store, run, *contents);
    });
    if (!read)
        return Unexpected(read.error());
    return LoadedRun(std::move(contents));
}

} // namespace

LabStore::LabStore(StoreAddress address, WriterSettings settings, QObject* parent)
    : QObject(parent), m_address(std::move(address)), m_owner(newRunOwner())
{
    StoreOptions options = settings.open;
    options.onDamage = OnDamage::Refuse; // the writer sees to that, and says so
    m_writer = std::make_unique<StoreWriter>(m_address, std::move(settings), m_owner);
    m_reader = std::make_unique<StoreReader>(
        m_address, std::move(options), [writer = m_writer.get()] { writer->waitUntilTried(); });
}

LabStore::~LabStore() = default;

const StoreAddress& LabStore::address() const
{
    return m_address;
}

StoreWriter& LabStore::writer()
{
    return *m_writer;
}

RunId LabStore::createRun(RunDraft draft)
{
    if (draft.id.isEmpty())
        draft.id = newRunId();
    RunId id = draft.id;
    m_writer->put(RunWritten{std::make_shared<const RunDraft>(std::move(draft))});
    return id;
}

const std::string& LabStore::owner() const
{
    return m_owner;
}

/// Has a job done between the writes.
template<class T, class Job> QFuture<Result<T>> LabStore::order(Job job)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    m_writer->run([promise, job = std::move(job)](const Result<StoreConnection*>& store) {
        promise->addResult(store ? job(**store) : Result<T>(Unexpected(store.error())));
        promise->finish();
    });
    return future;
}

QFuture<Result<std::vector<RunSummary>>> LabStore::runs()
{
    return m_reader->ask<std::vector<RunSummary>>(
        [owner = m_owner](StoreConnection& store) { return listRuns(store, owner); });
}

QFuture<Result<LoadedRun>> LabStore::load(const RunId& run)
{
    return m_reader->ask<LoadedRun>(
        [run, owner = m_owner](StoreConnection& store) { return loadRun(store, run, owner); });
}

QFuture<Result<LoadedRun>> LabStore::resume(const RunId& run)
{
    return order<LoadedRun>([run, owner = m_owner](StoreConnection& store) -> Result<LoadedRun> {
        if (const auto claimed = claimRun(store, run, owner); !claimed)
            return Unexpected(claimed.error());
        return loadRun(store, run, owner);
    });
}

QFuture<Result<std::vector<CellContent>>> LabStore::contents(const RunId& run, int firstPrompt,
                                                             int count)
{
    return m_reader->ask<std::vector<CellContent>>(
        [=](StoreConnection& store) { return readContents(store, run, firstPrompt, count); });
}

QFuture<Result<std::vector<StoredAnswer>>> LabStore::attempts(const RunId& run, const CellKey& cell)
{
    return m_reader->ask<std::vector<StoredAnswer>>(
        [=](StoreConnection& store) { return readAttempts(store, run, cell); });
}

QFuture<Result<std::multimap<CellKey, CellNote>>> LabStore::notes(const RunId& run)
{
    return m_reader->ask<std::multimap<CellKey, CellNote>>(
        [=](StoreConnection& store) { return readNotes(store, run); });
}

QFuture<Result<RunRemarks>> LabStore::remarks(const RunId& run)
{
    return order<RunRemarks>([run](StoreConnection& store) {
        Result<RunRemarks> read;
        const auto seen = store.inSnapshot("cannot read the notes", [&]() -> Result<void> {
            auto draft = readDraft(store, run);
            if (!draft)
                return Unexpected(draft.error());
            auto notes = readNotes(store, run);
            if (!notes)
                return Unexpected(notes.error());
            read = RunRemarks{std::move(*draft), std::move(*notes)};
            return {};
        });
        return seen ? read : Unexpected(seen.error());
    });
}

QFuture<Result<std::map<std::string, CachedAnswer>>> LabStore::cached(std::vector<std::string> keys)
{
    return m_reader->ask<std::map<std::string, CachedAnswer>>(
        [keys = std::move(keys)](StoreConnection& store) { return findCached(store, keys); });
}

QFuture<Result<std::vector<StoredTasting>>> LabStore::tastings(const RunId& run)
{
    return order<std::vector<StoredTasting>>([run](StoreConnection& store) {
        Result<std::vector<StoredTasting>> read;
        const auto seen = store.inSnapshot("cannot read the tastings", [&]() -> Result<void> {
            read = readTastings(store, run);
            return read ? Result<void>() : Unexpected(read.error());
        });
        return seen ? read : Unexpected(seen.error());
    });
}

QFuture<Result<RunPricing>> LabStore::reprice(const RunId& run, const std::string& name,
                                              PriceOf priceOf)
{
    return order<RunPricing>([=, priceOf = std::move(priceOf)](StoreConnection& store) {
        return repriceRun(store, run, name, priceOf);
    });
}

QFuture<Result<RunPricing>> LabStore::pricing(const RunId& run, const std::string& name)
{
    return m_reader->ask<RunPricing>(
        [=](StoreConnection& store) { return readPricing(store, run, name); });
}

QFuture<Result<std::vector<std::string>>> LabStore::pricings(const RunId& run)
{
    return m_reader->ask<std::vector<std::string>>(
        [=](StoreConnection& store) { return listPricings(store, run); });
}

QFuture<Result<std::size_t>> LabStore::exportRows(const RunId& run,
                                                  std::function<bool(const ExportRow&)> take)
{
    return m_reader->ask<std::size_t>([=, take = std::move(take)](StoreConnection& store) {
        bool hasGiven = false;
        auto rows = exportRun(store, run, [&](const ExportRow& row) {
            hasGiven = true;
            return take(row);
        });
        if (!rows && hasGiven)
            rows.error().code = ErrorCode::IoError; // no row is given twice
        return rows;
    });
}

QFuture<Result<void>> LabStore::remove(const RunId& run)
{
    return order<void>(
        [run, owner = m_owner](StoreConnection& store) { return removeRun(store, run, owner); });
}

} // namespace signalbox
