// SPDX-License-Identifier: GPL-3.0-or-later
// Promise: a store's file is readable by its owner only; one that is damaged is kept and said, one
// of another program or a newer version is left exactly as it was; a full disk or a lock is a
// sentence that says what to do.

#include <core/base/files.h>
#include <core/evidence/run_table.h>
#include <core/evidence/store_failure.h>
#include <tests/support/store_places.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <sys/resource.h>

#include <csignal>

using namespace signalbox;
using namespace signalbox::test;

namespace {

std::unique_ptr<StoreConnection> opened(const StoreAddress& address,
                                        const StoreOptions& options = {})
{
    auto store = openStore(address, options);
    if (!store)
        qFatal("%s", toString(store.error()).c_str());
    return std::move(store->connection);
}

Result<void> record(StoreConnection& store, const RunId& run, const CellKey& cell,
                    const StoredAnswer& answer)
{
    return store.inTransaction("cannot record an answer",
                               [&] { return finishCell(store, run, cell, answer); });
}

} // namespace

class TestStoreFile : public QObject
{
    Q_OBJECT

    StorePlaces m_places;
    [[nodiscard]] std::filesystem::path file() const
    {
        return std::get<SqliteStore>(m_places.address()).file;
    }
    [[nodiscard]] QStringList filesThere() const
    {
        return QDir(QString::fromStdString(file().parent_path().string()))
            .entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

private slots:
    void init() { QVERIFY(m_places.makeFresh(true).isEmpty()); }

    void onlyItsOwnerReadsAStore()
    {
        const auto store = opened(m_places.address());
        SIGNALBOX_VERIFY(writeRun(*store, smallDraft(1, 1), {}));
        for (const char* part : {"", "-wal", "-shm"}) {
            const QFileInfo info(QString::fromStdString(file().string()) + QLatin1String(part));
            QVERIFY2(info.exists(), part);
            QVERIFY2(!(info.permissions() & (QFile::ReadGroup | QFile::ReadOther)), part);
        }
    }

    void aFileThatIsNoStoreIsKeptAside()
    {
        const std::string content(8192, '#');
        QVERIFY(writeFileAtomically(file(), content).has_value());
        const auto refused = openStore(m_places.address(), {});
        QVERIFY(!refused);
        QVERIFY(isDamage(refused.error()));
        QVERIFY(*readFile(file()) == content);

        const auto store = openStore(m_places.address(), {{}, OnDamage::SetAside});
        SIGNALBOX_VERIFY(store);
        QVERIFY(store->notice.find("runs.sqlite.damaged-") != std::string::npos);
        QVERIFY(listRuns(*store->connection, {})->empty());
        const QStringList aside = filesThere().filter(QStringLiteral("damaged-"));
        QCOMPARE(aside.size(), 1);
        QVERIFY(*readFile(file().parent_path() / aside.front().toStdString()) == content);
    }

    void aDamagedPageIsFoundAndSaid()
    {
        RunId run;
        {
            const auto store = opened(m_places.address());
            const RunDraft draft = smallDraft(900, 4);
            run = draft.id;
            SIGNALBOX_VERIFY(writeRun(*store, draft, {}));
            SIGNALBOX_VERIFY(store->run(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"), "t"));
        }
        QFile raw(QString::fromStdString(file().string()));
        QVERIFY(raw.open(QIODevice::ReadWrite));
        const qint64 tables = qint64(32) * 4096; // what the store begins with
        QVERIFY(raw.size() > 2 * tables);
        for (qint64 at = tables; at < raw.size(); at += 4096) { // whatever they hold
            QVERIFY(raw.seek(at));
            QCOMPARE(raw.write(QByteArray(4096, '\xEE')), 4096);
        }
        raw.close();
        const auto store = opened(m_places.address());
        RunContents contents;
        const auto cells = readCells(*store, run, contents);
        QVERIFY(!cells);
        QVERIFY(isDamage(cells.error()));
        QVERIFY(!cells.error().hint.empty());
        QVERIFY(!checkStore(*store));
    }

    void aHealthyStoreIsNotSetAside()
    {
        {
            const auto store = opened(m_places.address());
            SIGNALBOX_VERIFY(checkStore(*store));
        }
        const auto aside = setStoreAside({file()}, {});
        SIGNALBOX_VERIFY(aside);
        QVERIFY(aside->empty());
        QVERIFY(filesThere().filter(QStringLiteral("damaged-")).isEmpty());
    }

    void aFileOfAnotherProgramIsLeftAlone()
    {
        {
            auto other = StoreConnection::connect(m_places.address(), {});
            SIGNALBOX_VERIFY(other);
            SIGNALBOX_VERIFY((*other)->run(QStringLiteral("CREATE TABLE theirs (a)"), "t"));
            SIGNALBOX_VERIFY((*other)->run(QStringLiteral("PRAGMA user_version = 7"), "t"));
        }
        const std::string before = *readFile(file());
        const auto store = openStore(m_places.address(), {});
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::InvalidArgument);
        QVERIFY(*readFile(file()) == before);
        QCOMPARE(filesThere(), QStringList{QStringLiteral("runs.sqlite")});
    }

    void aNewerFileIsLeftAlone()
    {
        {
            const auto store = opened(m_places.address());
            SIGNALBOX_VERIFY(store->run(QStringLiteral("PRAGMA user_version = 999"), "t"));
            SIGNALBOX_VERIFY(store->run(QStringLiteral("PRAGMA journal_mode = DELETE"), "t"));
        }
        const std::string before = *readFile(file());
        QVERIFY(!openStore(m_places.address(), {}));
        QVERIFY(*readFile(file()) == before);
    }

    void aLockedStoreIsASentence()
    {
        const auto first = opened(m_places.address());
        StoreOptions impatient;
        impatient.patience.lockMs = 1;
        const auto second = opened(m_places.address(), impatient);
        SIGNALBOX_VERIFY(first->run(QStringLiteral("BEGIN IMMEDIATE"), "t"));
        const auto refused =
            second->inTransaction("cannot record an answer", [] { return Result<void>(); });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Refused);
        QCOMPARE(refused.error().message,
                 std::string("cannot record an answer: another window or program keeps the store "
                             "locked"));
        QVERIFY(mayPass(refused.error()));
        SIGNALBOX_VERIFY(listRuns(*second, {})); // reading goes on
        SIGNALBOX_VERIFY(first->run(QStringLiteral("COMMIT"), "t"));
        SIGNALBOX_VERIFY(second->inTransaction("t", [] { return Result<void>(); }));
    }

    /// SQLite's own limit stands for the disk: the same code path and result code.
    void aFullDiskIsASentenceAndLosesNothing()
    {
        const auto store = opened(m_places.address());
        const RunDraft draft = smallDraft(2, 1);
        SIGNALBOX_VERIFY(writeRun(*store, draft, {}));
        SIGNALBOX_VERIFY(record(*store, draft.id, {0, 0, 0}, fullAnswer()));
        SIGNALBOX_VERIFY(store->run(QStringLiteral("PRAGMA max_page_count = 1"), "t")); // as it is
        const StoredAnswer large = fullAnswer(std::string(100'000, 'x'));
        const auto refused = record(*store, draft.id, {1, 0, 0}, large);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::IoError);
        QVERIFY2(refused.error().message.find("the disk is full") != std::string::npos,
                 refused.error().message.c_str());
        QVERIFY(mayPass(refused.error()));
        QCOMPARE(readSummary(*store, draft.id, {})->settled, std::size_t(1));
        SIGNALBOX_VERIFY(store->run(QStringLiteral("PRAGMA max_page_count = 1000000"), "t"));
        SIGNALBOX_VERIFY(record(*store, draft.id, {1, 0, 0}, large));
        QCOMPARE(readSummary(*store, draft.id, {})->settled, std::size_t(2));
    }

    void aLimitOfTheFileIsAFullDiskToo()
    {
        const auto store = opened(m_places.address());
        const RunDraft draft = smallDraft(1, 1);
        SIGNALBOX_VERIFY(writeRun(*store, draft, {}));
        rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit tight = before;
        tight.rlim_cur = 200'000;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        const StoredAnswer large = fullAnswer(std::string(400'000, 'x'));
        const auto refused = record(*store, draft.id, {0, 0, 0}, large);
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("full") != std::string::npos,
                 refused.error().message.c_str());
        SIGNALBOX_VERIFY(record(*store, draft.id, {0, 0, 0}, large));
    }

    void anOldStoreIsCopiedAndBroughtUpToDate()
    {
        SIGNALBOX_VERIFY(writeRun(*opened(m_places.address()), smallDraft(1, 1), {}));
        StoreOptions later;
        later.migrations.push_back({QStringLiteral("ALTER TABLE run ADD COLUMN more TEXT")});
        const auto store = opened(m_places.address(), later);
        QCOMPARE(*storeVersion(*store), newestStoreVersion(later.migrations));
        QCOMPARE(listRuns(*store, {})->size(), std::size_t(1));
        const std::string copy =
            file().string() + ".v" + std::to_string(newestStoreVersion(storeMigrations())) + ".bak";
        const auto before = opened(SqliteStore{copy});
        QCOMPARE(*storeVersion(*before), newestStoreVersion(storeMigrations()));
        QCOMPARE(listRuns(*before, {})->size(), std::size_t(1));
        QVERIFY(!openStore(m_places.address(), {})); // to the older program it is a newer store
    }

    void anImpossibleFolderIsASentence()
    {
        const auto store = openStore(SqliteStore{"/proc/nowhere/runs.sqlite"}, {});
        QVERIFY(!store);
        QCOMPARE(store.error().code, ErrorCode::IoError);
        QVERIFY(!store.error().hint.empty());
    }

    void aFolderIsNoStore()
    {
        const auto store = openStore(SqliteStore{file().parent_path()}, {});
        QVERIFY(!store);
        QVERIFY(!store.error().message.empty());
    }
};

QTEST_GUILESS_MAIN(TestStoreFile)
#include "tst_store_file.moc"
