// SPDX-License-Identifier: GPL-3.0-or-later
// What keeping a run costs, printed as name,metric,value:
//   write     800 cells, 32 in flight, each with 10 pieces of text and an answer of 2,000 bytes:
//             processor time of all threads and of the window's alone, and the time until all of it
//             is on disk. Streamed: each piece is on disk before the next one comes. At once: the
//             pieces come with their answer, as from a model that needs no time. Beside it a plain
//             way that commits every piece and every answer by itself
//   open      200,000 answers (200 MB): from nothing to a matrix without texts, with the file in
//             memory (warm) and not (cold), as one run and as 250 runs; the texts of what is in
//             sight
// The store is a SQLite file in the folder for temporary files; the same on a PostgreSQL server, if
// one is installed. usage: bench_store [write|open|postgres]

#include <core/base/clock.h>
#include <core/evidence/cell_table.h>
#include <core/evidence/lab_store.h>
#include <core/evidence/run_table.h>
#include <tests/support/postgres_server.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <QTemporaryDir>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

using namespace signalbox;
using namespace signalbox::test;

namespace {

constexpr int kCells = 800;
constexpr std::size_t kInFlight = 32;
constexpr int kPieces = 10;
constexpr int kPieceBytes = 200;

void print(const std::string& name, const char* metric, double value)
{
    std::printf("%s,%s,%.3f\n", name.c_str(), metric, value);
    std::fflush(stdout);
}

double cpuMs(clockid_t clock)
{
    timespec now = {};
    ::clock_gettime(clock, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

double wallMs()
{
    return double(systemClock().monotonicNs()) * 1e-6;
}

template<class T> T checked(Result<T> result)
{
    if (!result)
        qFatal("%s", toString(result.error()).c_str());
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

RunDraft draftOf(int prompts, int lanes, int repeats)
{
    RunDraft draft;
    draft.id = newRunId();
    draft.name = "bench";
    draft.planJson = "{}";
    draft.repeats = repeats;
    for (int i = 0; i < prompts; ++i)
        draft.prompts.push_back({PromptId("p" + std::to_string(i)), "s", R"([{"role":"user"}])"});
    for (int i = 0; i < lanes; ++i)
        draft.lanes.push_back({LaneId("l" + std::to_string(i)), "{}"});
    return draft;
}

StoredAnswer answerOf(std::size_t bytes)
{
    StoredAnswer answer;
    answer.ticket = newTicket();
    answer.text = std::string(bytes, 'x');
    answer.servedModel = "gpt-4o-2024-08-06";
    answer.finishReason = "stop";
    answer.times = {10.0, 11.0, {}, 120.5, 2'345.25, 3.0};
    answer.usage = {412, 0, 0, 180, 0, false};
    answer.cost = Money{12'360'000'000};
    answer.requestKey = "1-" + std::string(24, '0') + std::to_string(answer.ticket % 90'000'000);
    answer.recordedAtMs = systemClock().unixMs();
    return answer;
}

/// Streams of a lab without a network: a piece a turn for every cell in flight.
class Streams
{
public:
    using Put = std::function<void(StoreWrite)>;
    Streams(RunId run, Put put) : m_run(std::move(run)), m_put(std::move(put)) {}

    /// @return false: everything has ended
    bool turn()
    {
        while (m_next < kCells && m_running.size() < kInFlight) {
            m_running.push_back({m_next++, newTicket(), 0});
            m_put(CellStarted{m_run, keyOf(m_running.back().cell), m_running.back().ticket});
        }
        for (Running& running : m_running) {
            m_put(TextAppended{m_run, keyOf(running.cell), running.ticket,
                               std::string(kPieceBytes, 'x'), "", running.pieces});
            if (++running.pieces == kPieces) {
                CellFinished finished{m_run, keyOf(running.cell),
                                      answerOf(std::size_t(kPieces) * kPieceBytes)};
                finished.answer.ticket = running.ticket;
                m_put(std::move(finished));
            }
        }
        std::erase_if(m_running, [](const Running& running) { return running.pieces == kPieces; });
        return !m_running.empty() || m_next < kCells;
    }

private:
    struct Running
    {
        int cell = 0;
        AttemptTicket ticket = 0;
        int pieces = 0;
    };
    static CellKey keyOf(int cell) { return {cell / 8, cell % 8, 0}; }

    RunId m_run;
    Put m_put;
    int m_next = 0;
    std::vector<Running> m_running;
};

enum class Pace { Streamed, AtOnce };

void benchWrite(const StoreAddress& address, const std::string& name, Pace pace)
{
    WriterSettings settings;
    settings.partialMs = pace == Pace::Streamed ? 0 : settings.partialMs;
    LabStore store(address, settings);
    store.writer().waitUntilTried();
    const double cpu = cpuMs(CLOCK_PROCESS_CPUTIME_ID);
    const double ownCpu = cpuMs(CLOCK_THREAD_CPUTIME_ID);
    const double wall = wallMs();
    const RunId run = store.createRun(draftOf(kCells / 8, 8, 1));
    WriteNumber last = 0;
    int batches = 0;
    QEventLoop loop;
    bool isOver = false;
    quint64 written = 0;
    QObject::connect(&store.writer(), &StoreWriter::written, &loop, [&](quint64 upTo) {
        ++batches;
        written = upTo;
    });
    Streams streams(run, [&](StoreWrite write) { last = store.writer().put(std::move(write)); });
    while (!isOver || written < last) {
        for (int i = 0; i < (pace == Pace::Streamed ? 1 : kPieces); ++i)
            isOver = isOver || !streams.turn();
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    print(name, "cells", kCells);
    print(name, "transactions", batches);
    print(name, "cpu_ms_per_cell", (cpuMs(CLOCK_PROCESS_CPUTIME_ID) - cpu) / kCells);
    print(name, "window_thread_cpu_ms_per_cell",
          (cpuMs(CLOCK_THREAD_CPUTIME_ID) - ownCpu) / kCells);
    print(name, "total_ms", wallMs() - wall);
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    print(name, "peak_memory_mb", double(usage.ru_maxrss) / 1024);
}

/// Every piece and every answer a transaction of its own, on the thread that has it.
void benchPlainWrite(const StoreAddress& address, const std::string& name)
{
    const OpenedStore opened = checked(openStore(address, {}));
    StoreConnection& store = *opened.connection;
    const double cpu = cpuMs(CLOCK_PROCESS_CPUTIME_ID);
    const double wall = wallMs();
    const RunDraft draft = draftOf(kCells / 8, 8, 1);
    checked(applyWrites(
        store, std::vector<StoreWrite>{RunWritten{std::make_shared<const RunDraft>(draft)}}, {}));
    Streams streams(
        draft.id, [&](StoreWrite write) { checked(applyWrites(store, std::span(&write, 1), {})); });
    while (streams.turn()) {
    }
    print(name, "cpu_ms_per_cell", (cpuMs(CLOCK_PROCESS_CPUTIME_ID) - cpu) / kCells);
    print(name, "total_ms", wallMs() - wall);
}

/// @return the last run
RunId fill(const StoreAddress& address, int runs, int prompts, int lanes, int repeats)
{
    const OpenedStore opened = checked(openStore(address, {}));
    RunId last;
    for (int i = 0; i < runs; ++i) {
        const RunDraft draft = draftOf(prompts, lanes, repeats);
        last = draft.id;
        std::vector<StoreWrite> writes = {RunWritten{std::make_shared<const RunDraft>(draft)}};
        for (int prompt = 0; prompt < prompts; ++prompt) {
            for (int lane = 0; lane < lanes; ++lane) {
                for (int repeat = 0; repeat < repeats; ++repeat)
                    writes.emplace_back(CellFinished{last, {prompt, lane, repeat}, answerOf(900)});
            }
        }
        checked(applyWrites(*opened.connection, writes, {}));
    }
    return last;
}

/// Has the system forget what it keeps of a file.
void forget(const StoreAddress& address)
{
    const auto* store = std::get_if<SqliteStore>(&address);
    if (!store)
        return;
    const int file = ::open(store->file.c_str(), O_RDONLY | O_CLOEXEC);
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

void benchOpenOnce(const StoreAddress& address, const RunId& run, const std::string& name)
{
    const double wall = wallMs();
    const double cpu = cpuMs(CLOCK_PROCESS_CPUTIME_ID);
    LabStore store(address);
    auto runs = store.runs();
    runs.waitForFinished();
    checked(runs.result());
    print(name, "list_ms", wallMs() - wall);
    auto loaded = store.load(run);
    loaded.waitForFinished();
    const auto contents = checked(loaded.result());
    print(name, "open_ms", wallMs() - wall);
    print(name, "open_cpu_ms", cpuMs(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    print(name, "cells", double(contents->cells.size()));
    const double before = wallMs();
    constexpr int kRows = 20;
    auto texts = store.contents(run, int(contents->draft.prompts.size()) / 2, kRows);
    texts.waitForFinished();
    print(name, "texts_in_sight", double(checked(texts.result()).size()));
    print(name, "texts_in_sight_ms", wallMs() - before);
}

void benchOpen(const StoreAddress& address, const std::string& name, int runs, int prompts,
               int lanes, int repeats)
{
    const RunId run = fill(address, runs, prompts, lanes, repeats);
    print(name, "answers", double(runs) * prompts * lanes * repeats);
    if (const auto* file = std::get_if<SqliteStore>(&address)) {
        print(name, "file_mb", double(std::filesystem::file_size(file->file)) / 1e6);
        for (int i = 0; i < 3; ++i) {
            forget(address);
            benchOpenOnce(address, run, name + "/cold");
        }
    }
    for (int i = 0; i < 3; ++i)
        benchOpenOnce(address, run, name + "/warm");
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const std::string only = argc > 1 ? argv[1] : "";
    const auto isWanted = [&](std::string_view name) { return name.starts_with(only); };
    const QTemporaryDir folder;
    const auto file = [&](const char* name) {
        return StoreAddress(SqliteStore{std::filesystem::path(folder.path().toStdString()) / name});
    };
    if (isWanted("write")) {
        benchWrite(file("streamed.sqlite"), "write/streamed", Pace::Streamed);
        benchWrite(file("at_once.sqlite"), "write/at_once", Pace::AtOnce);
        benchPlainWrite(file("plain.sqlite"), "plain/write");
    }
    if (isWanted("open")) {
        benchOpen(file("one.sqlite"), "open/one_run", 1, 2'500, 10, 8);
        benchOpen(file("many.sqlite"), "open/250_runs", 250, 100, 8, 1);
    }
    if (!isWanted("postgres"))
        return 0;
    if (const QString obstacle = PostgresServer::obstacle(); !obstacle.isEmpty()) {
        std::printf("# PostgreSQL is not measured: %s\n", qPrintable(obstacle));
        return 0;
    }
    PostgresServer server;
    benchWrite(server.newDatabase(), "postgres/write/streamed", Pace::Streamed);
    benchOpen(server.newDatabase(), "postgres/open/one_run", 1, 2'500, 10, 8);
    return 0;
}
