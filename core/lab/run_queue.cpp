// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_queue.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/evidence/run_owner.h>
#include <core/evidence/stored_run.h>

#include <QLockFile>
#include <QUuid>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

constexpr int kSchemaVersion = 1;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr int kPatienceMs = 2'000; ///< a change takes some milliseconds

Unexpected unreadable(const std::filesystem::path& file)
{
    return fail(ErrorCode::ParseError, "the queue of runs cannot be read", file.string(),
                "move the file away to begin an empty one");
}

std::string textOf(const std::vector<QueuedRun>& runs)
{
    Json json = {{"schemaVersion", kSchemaVersion}};
    json["runs"] = Json::array();
    for (const QueuedRun& run : runs) {
        Json entry = {{"id", run.id.value}, {"name", run.name}, {"plan", run.planJson}};
        if (!run.owner.empty()) {
            entry["owner"] = run.owner;
            entry["begunAtMs"] = run.begunAtMs;
        }
        json["runs"].push_back(std::move(entry));
    }
    return toJsonText(json);
}

bool hasText(const Json& entry, const char* member)
{
    return entry.contains(member) && entry[member].is_string();
}

std::optional<QueuedRun> runOf(const Json& entry)
{
    if (!entry.is_object() || !hasText(entry, "name") || !hasText(entry, "plan"))
        return std::nullopt;
    QueuedRun run;
    run.name = entry["name"].get<std::string>();
    run.planJson = entry["plan"].get<std::string>();
    if (hasText(entry, "id"))
        run.id = RunId(entry["id"].get<std::string>());
    if (hasText(entry, "owner"))
        run.owner = entry["owner"].get<std::string>();
    if (entry.contains("begunAtMs") && entry["begunAtMs"].is_number_integer())
        run.begunAtMs = entry["begunAtMs"].get<std::int64_t>();
    return run;
}

/// Of one that an earlier program wrote without: the same until the next change writes it.
RunId idOfPlace(std::size_t place, const QueuedRun& run)
{
    const std::string text = std::to_string(place) + run.name + run.planJson;
    return RunId(QUuid::createUuidV5(QUuid(), QByteArray::fromStdString(text))
                     .toString(QUuid::WithoutBraces)
                     .toStdString());
}

std::vector<QueuedRun>::iterator placeOf(std::vector<QueuedRun>& runs, const RunId& id)
{
    return std::ranges::find(runs, id, &QueuedRun::id);
}

Unexpected notLocked(QLockFile::LockError why, const std::filesystem::path& file)
{
    if (why == QLockFile::LockFailedError)
        return fail(ErrorCode::Refused, "another window is changing the queue of runs",
                    file.string(), "wait a moment and try again");
    return fail(ErrorCode::IoError, "the queue of runs cannot be written", file.string(),
                "free some disk space or check the folder's permissions");
}

} // namespace

Result<std::vector<QueuedRun>> RunQueue::read() const
{
    std::error_code ignored;
    if (!std::filesystem::exists(m_file, ignored))
        return std::vector<QueuedRun>();
    const auto text = readFile(m_file, kMostBytes);
    if (!text)
        return Unexpected(text.error());
    const auto json = parseJson(*text);
    if (!json || !json->is_object() || json->value("schemaVersion", 0) != kSchemaVersion ||
        !json->contains("runs") || !(*json)["runs"].is_array())
        return unreadable(m_file);
    std::vector<QueuedRun> runs;
    for (const Json& entry : (*json)["runs"]) {
        auto run = runOf(entry);
        if (!run)
            return unreadable(m_file);
        if (run->id.isEmpty())
            run->id = idOfPlace(runs.size(), *run);
        runs.push_back(std::move(*run));
    }
    return runs;
}

Result<RunQueue> RunQueue::open(const std::filesystem::path& file)
{
    RunQueue queue;
    queue.m_file = file;
    auto runs = queue.read();
    if (!runs)
        return Unexpected(runs.error());
    queue.m_runs = std::move(*runs);
    return queue;
}

Result<bool> RunQueue::refresh()
{
    if (m_file.empty())
        return false;
    auto runs = read();
    if (!runs)
        return Unexpected(runs.error());
    const bool isChanged = *runs != m_runs;
    m_runs = std::move(*runs);
    return isChanged;
}

/// What the file holds by now is changed, not what this object has seen of it.
Result<void> RunQueue::change(const Change& change)
{
    if (m_file.empty()) {
        change(m_runs);
        return {};
    }
    QLockFile lock(QString::fromStdString(m_file.string()) + QStringLiteral(".lock"));
    if (!lock.tryLock(kPatienceMs))
        return notLocked(lock.error(), m_file);
    auto runs = read();
    if (!runs)
        return Unexpected(runs.error());
    const std::vector<QueuedRun> before = *runs;
    change(*runs);
    if (*runs != before) {
        if (auto written = writeFileAtomically(m_file, textOf(*runs)); !written)
            return written;
    }
    m_runs = std::move(*runs);
    return {};
}

Result<void> RunQueue::add(QueuedRun run)
{
    if (run.id.isEmpty())
        run.id = newRunId();
    return change([&run](std::vector<QueuedRun>& runs) { runs.push_back(std::move(run)); });
}

/// To where the run stands that this object saw there.
Result<void> RunQueue::move(std::size_t from, std::size_t to)
{
    if (from >= m_runs.size() || to >= m_runs.size() || from == to)
        return {};
    return change([moved = m_runs[from].id, target = m_runs[to].id](std::vector<QueuedRun>& runs) {
        const auto run = placeOf(runs, moved);
        const auto place = placeOf(runs, target);
        if (run == runs.end() || place == runs.end())
            return;
        if (run < place)
            std::rotate(run, run + 1, place + 1);
        else
            std::rotate(place, run, run + 1);
    });
}

Result<void> RunQueue::remove(std::size_t place)
{
    return place < m_runs.size() ? remove(RunId(m_runs[place].id)) : Result<void>();
}

Result<void> RunQueue::remove(const RunId& id)
{
    return change([&id](std::vector<QueuedRun>& runs) {
        std::erase_if(runs, [&](const QueuedRun& run) { return run.id == id; });
    });
}

Result<void> RunQueue::clear()
{
    return change([seen = m_runs](std::vector<QueuedRun>& runs) {
        std::erase_if(runs, [&](const QueuedRun& run) {
            return std::ranges::find(seen, run.id, &QueuedRun::id) != seen.end();
        });
    });
}

Result<std::optional<QueuedRun>> RunQueue::begin(const std::string& owner, std::int64_t nowMs)
{
    std::optional<QueuedRun> begun;
    const auto done = change([&](std::vector<QueuedRun>& runs) {
        const auto next = std::ranges::find_if(runs, [&](const QueuedRun& run) {
            return run.owner == owner || !isOwnerAlive(run.owner, run.begunAtMs, nowMs);
        });
        if (next == runs.end())
            return;
        next->owner = owner;
        next->begunAtMs = nowMs;
        begun = *next;
    });
    if (!done)
        return Unexpected(done.error());
    return begun;
}

} // namespace signalbox
