// SPDX-License-Identifier: GPL-3.0-or-later
#include "evidence_store.h"

#include "cell_table.h"
#include "evidence_table.h"
#include "lab_store.h"
#include "run_owner.h"
#include "run_table.h"

#include <QTemporaryDir>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr const char* kOpening = "cannot open the evidence";

std::filesystem::path inFolder(const QTemporaryDir& folder)
{
    return std::filesystem::path(folder.path().toStdString()) / "evidence.sqlite";
}

/// A line in an error's hint.
std::string named(const RunSummary& run)
{
    return run.id.value + " (" + run.name + ", " + std::to_string(run.settled) + " answers)";
}

Result<std::unique_ptr<QTemporaryDir>> makeFolder()
{
    auto folder = std::make_unique<QTemporaryDir>();
    if (!folder->isValid())
        return fail(ErrorCode::IoError,
                    "cannot make a temporary folder: " + folder->errorString().toStdString(), {},
                    "free some disk space or check the folder's permissions");
    return folder;
}

} // namespace

struct EvidenceStore::Impl
{
    std::unique_ptr<QTemporaryDir> folder; ///< of a temporary store, or of a copy that is read
    StoreAddress address;                  ///< as it was asked for
    StoreOptions options;
    std::string notice;
    std::unique_ptr<StoreConnection> connection;
    std::unique_ptr<LabStore> background; ///< first to go: its threads use the folder

    [[nodiscard]] bool isTemporary() const
    {
        const auto* file = std::get_if<SqliteStore>(&address);
        return file && folder && file->file == inFolder(*folder);
    }
    /// Whoever reads sees what this program has put before. A server that went and came back since
    /// the last question is asked once more.
    template<class Ask> auto ask(Ask question) -> decltype(question(*connection))
    {
        if (background)
            (void)background->writer().flush(kSettleMs);
        auto answer = question(*connection);
        if (answer || answer.error().code != ErrorCode::NetworkError)
            return answer;
        if (auto opened = open(address); !opened)
            return Unexpected(opened.error());
        return question(*connection);
    }
    [[nodiscard]] std::string owner() const
    {
        return background ? background->owner() : std::string();
    }
    [[nodiscard]] Result<void> open(const StoreAddress& where);
    [[nodiscard]] Result<void> openForReading();
    [[nodiscard]] Result<void> openCopy();
};

Result<void> EvidenceStore::Impl::open(const StoreAddress& where)
{
    auto opened = openStore(where, options);
    if (!opened)
        return Unexpected(opened.error());
    notice = std::move(opened->notice);
    connection = std::move(opened->connection);
    return {};
}

Result<void> EvidenceStore::Impl::openForReading()
{
    auto found = openAsItIs(address, {});
    if (!found)
        return Unexpected(found.error());
    connection = std::move(*found);
    const auto version = storeVersion(*connection);
    if (!version)
        return Unexpected(version.error());
    if (*version == 0)
        return fail(ErrorCode::InvalidArgument, "the file holds no evidence", toString(address),
                    "name a file that the workbench or compare --evidence has written");
    if (*version < newestStoreVersion(storeMigrations())) {
        if (auto copied = openCopy(); !copied)
            return copied;
    }
    return connection->refuseWrites(kOpening);
}

/// There is one way to read: an old file is brought up to date, but not itself.
Result<void> EvidenceStore::Impl::openCopy()
{
    if (connection->backend() != StoreBackend::Sqlite)
        return fail(ErrorCode::Unsupported, "the shared store is of an older version",
                    toString(address), "open it once for writing, which brings it up to date");
    auto made = makeFolder();
    if (!made)
        return Unexpected(made.error());
    folder = std::move(*made);
    const std::filesystem::path copy = inFolder(*folder);
    if (auto copied = connection->copyTo(copy, kOpening); !copied)
        return copied;
    return open(SqliteStore{copy});
}

EvidenceStore::EvidenceStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
EvidenceStore::EvidenceStore(EvidenceStore&&) noexcept = default;
EvidenceStore& EvidenceStore::operator=(EvidenceStore&&) noexcept = default;
EvidenceStore::~EvidenceStore() = default;

Result<EvidenceStore> EvidenceStore::open(const StoreAddress& address, StoreOptions options)
{
    auto impl = std::make_unique<Impl>();
    impl->address = address;
    impl->options = std::move(options);
    if (auto opened = impl->open(address); !opened)
        return Unexpected(opened.error());
    return EvidenceStore(std::move(impl));
}

Result<EvidenceStore> EvidenceStore::open(const std::filesystem::path& path)
{
    return open(StoreAddress(SqliteStore{path}));
}

Result<EvidenceStore> EvidenceStore::openExisting(const StoreAddress& address)
{
    std::error_code ignored;
    const auto* file = std::get_if<SqliteStore>(&address);
    if (file && !std::filesystem::exists(file->file, ignored))
        return fail(ErrorCode::NotFound, "there is no such evidence file", file->file.string(),
                    "check the path; the workbench keeps its answers in a file named "
                    "evidence.sqlite");
    auto impl = std::make_unique<Impl>();
    impl->address = address;
    if (auto opened = impl->openForReading(); !opened)
        return Unexpected(opened.error());
    return EvidenceStore(std::move(impl));
}

Result<EvidenceStore> EvidenceStore::openExisting(const std::filesystem::path& path)
{
    return openExisting(StoreAddress(SqliteStore{path}));
}

Result<EvidenceStore> EvidenceStore::openTemporary()
{
    auto folder = makeFolder();
    if (!folder)
        return Unexpected(folder.error());
    auto impl = std::make_unique<Impl>();
    impl->folder = std::move(*folder);
    impl->address = SqliteStore{inFolder(*impl->folder)};
    if (auto opened = impl->open(impl->address); !opened)
        return Unexpected(opened.error());
    return EvidenceStore(std::move(impl));
}

LabStore& EvidenceStore::background()
{
    if (!m_impl->background) {
        WriterSettings settings;
        settings.open = m_impl->options;
        settings.open.onDamage = OnDamage::Refuse; // it was seen to when this object was made
        m_impl->background = std::make_unique<LabStore>(m_impl->address, std::move(settings));
    }
    return *m_impl->background;
}

Result<void> EvidenceStore::settle(int waitMs) const
{
    return m_impl->background ? m_impl->background->writer().flush(waitMs) : Result<void>();
}

Result<RunId> EvidenceStore::beginRun(const std::string& name, const std::string& planJson)
{
    RunDraft draft;
    draft.id = newRunId();
    draft.name = name;
    draft.planJson = planJson;
    const auto written = m_impl->ask([&](StoreConnection& store) {
        return store.inTransaction("cannot begin a run",
                                   [&] { return writeRun(store, draft, {}); });
    });
    return written ? Result<RunId>(draft.id) : Unexpected(written.error());
}

Result<void> EvidenceStore::finishRun(const RunId& run)
{
    return m_impl->ask([&](StoreConnection& store) {
        return store.inTransaction("cannot close the run",
                                   [&] { return setRunState(store, run, RunState::Done); });
    });
}

Result<void> EvidenceStore::claim(const RunId& run)
{
    const std::string owner = background().owner();
    if (auto written = settle(); !written)
        return written; // what was put of the run is to be in it
    return m_impl->ask([&](StoreConnection& store) { return claimRun(store, run, owner); });
}

Result<std::vector<RunSummary>> EvidenceStore::runs() const
{
    return m_impl->ask([&](StoreConnection& store) { return listRuns(store, m_impl->owner()); });
}

Result<std::vector<RunSummary>> EvidenceStore::latestRuns(int most) const
{
    return m_impl->ask(
        [&](StoreConnection& store) { return listLatestRuns(store, m_impl->owner(), most); });
}

Result<RunSummary> EvidenceStore::run(const RunId& id) const
{
    constexpr int kMostNamed = 5;
    auto found = m_impl->ask(
        [&](StoreConnection& store) { return readSummary(store, id, m_impl->owner()); });
    if (found || found.error().code != ErrorCode::NotFound)
        return found;
    const auto others = latestRuns(kMostNamed);
    if (!others)
        return Unexpected(others.error());
    std::string latest;
    for (const RunSummary& other : *others)
        latest += (latest.empty() ? "" : ", ") + named(other);
    found.error().hint =
        latest.empty() ? "no run was recorded in this store" : "the latest are " + latest;
    return found;
}

Result<RunDraft> EvidenceStore::draft(const RunId& run) const
{
    return m_impl->ask([&](StoreConnection& store) { return readDraft(store, run); });
}

Result<std::vector<StoredPrompt>> EvidenceStore::prompts() const
{
    return m_impl->ask([](StoreConnection& store) { return readPrompts(store); });
}

Result<void> EvidenceStore::record(const RunId& run, const Answer& answer)
{
    return recordAll(run, {answer});
}

Result<void> EvidenceStore::recordAll(const RunId& run, const std::vector<Answer>& answers)
{
    return m_impl->ask([&](StoreConnection& store) { return writeEvidence(store, run, answers); });
}

Result<std::vector<Answer>> EvidenceStore::answers(const RunId& run) const
{
    return m_impl->ask([&](StoreConnection& store) { return readEvidence(store, run); });
}

Result<std::vector<Answer>> EvidenceStore::interrupted(const RunId& run) const
{
    return m_impl->ask([&](StoreConnection& store) { return readInterrupted(store, run); });
}

Result<std::multimap<CellKey, CellNote>> EvidenceStore::notes(const RunId& run) const
{
    return m_impl->ask([&](StoreConnection& store) { return readNotes(store, run); });
}

Result<std::vector<Answer>> EvidenceStore::allAnswers() const
{
    auto answers = m_impl->ask([](StoreConnection& store) { return readAllEvidence(store); });
    if (answers)
        std::erase_if(*answers, [](const Answer& answer) { return isPolicyVoice(answer.model); });
    return answers;
}

Result<std::map<std::string, CachedAnswer>>
EvidenceStore::known(const std::vector<std::string>& requestKeys) const
{
    return m_impl->ask([&](StoreConnection& store) { return findCached(store, requestKeys); });
}

Result<std::vector<StoredAnswer>> EvidenceStore::attempts(const RunId& run,
                                                          const CellKey& cell) const
{
    return m_impl->ask([&](StoreConnection& store) { return readAttempts(store, run, cell); });
}

Result<RunLedger> EvidenceStore::ledger(const RunId& run) const
{
    return m_impl->ask([&](StoreConnection& store) { return readLedger(store, run); });
}

Result<RunPricing> EvidenceStore::reprice(const RunId& run, const std::string& name,
                                          const PriceOf& priceOf)
{
    return m_impl->ask(
        [&](StoreConnection& store) { return repriceRun(store, run, name, priceOf); });
}

Result<RunPricing> EvidenceStore::pricing(const RunId& run, const std::string& name) const
{
    return m_impl->ask([&](StoreConnection& store) { return readPricing(store, run, name); });
}

Result<std::vector<std::string>> EvidenceStore::pricings(const RunId& run) const
{
    return m_impl->ask([&](StoreConnection& store) { return listPricings(store, run); });
}

std::string EvidenceStore::where() const
{
    return m_impl->isTemporary() ? std::string() : toString(m_impl->address);
}

std::filesystem::path EvidenceStore::path() const
{
    const auto* file = std::get_if<SqliteStore>(&m_impl->address);
    return file && !m_impl->isTemporary() ? file->file : std::filesystem::path();
}

const std::string& EvidenceStore::notice() const
{
    return m_impl->notice;
}

} // namespace signalbox
