// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_queue.h"

#include <core/base/files.h>
#include <core/base/json.h>

#include <nlohmann/json.hpp>

#include <utility>

namespace signalbox {

namespace {

constexpr int kSchemaVersion = 1;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

Unexpected unreadable(const std::filesystem::path& file)
{
    return fail(ErrorCode::ParseError, "the queue of runs cannot be read", file.string(),
                "move the file away to begin an empty one");
}

std::string textOf(const std::vector<QueuedRun>& runs)
{
    Json json = {{"schemaVersion", kSchemaVersion}};
    json["runs"] = Json::array();
    for (const QueuedRun& run : runs)
        json["runs"].push_back({{"name", run.name}, {"plan", run.planJson}});
    return toJsonText(json);
}

} // namespace

Result<RunQueue> RunQueue::open(const std::filesystem::path& file)
{
    RunQueue queue;
    queue.m_file = file;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return queue;
    const auto text = readFile(file, kMostBytes);
    if (!text)
        return Unexpected(text.error());
    const auto json = parseJson(*text);
    if (!json || !json->is_object() || json->value("schemaVersion", 0) != kSchemaVersion ||
        !json->contains("runs") || !(*json)["runs"].is_array())
        return unreadable(file);
    for (const Json& run : (*json)["runs"]) {
        if (!run.is_object() || !run.contains("name") || !run["name"].is_string() ||
            !run.contains("plan") || !run["plan"].is_string())
            return unreadable(file);
        queue.m_runs.push_back({run["name"].get<std::string>(), run["plan"].get<std::string>()});
    }
    return queue;
}

Result<void> RunQueue::take(std::vector<QueuedRun> runs)
{
    if (!m_file.empty()) {
        if (auto written = writeFileAtomically(m_file, textOf(runs)); !written)
            return written;
    }
    m_runs = std::move(runs);
    return {};
}

Result<void> RunQueue::add(QueuedRun run)
{
    std::vector<QueuedRun> runs = m_runs;
    runs.push_back(std::move(run));
    return take(std::move(runs));
}

Result<void> RunQueue::move(std::size_t from, std::size_t to)
{
    if (from >= m_runs.size() || to >= m_runs.size() || from == to)
        return {};
    std::vector<QueuedRun> runs = m_runs;
    QueuedRun moved = std::move(runs[from]);
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(from));
    runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(to), std::move(moved));
    return take(std::move(runs));
}

Result<void> RunQueue::remove(std::size_t place)
{
    if (place >= m_runs.size())
        return {};
    std::vector<QueuedRun> runs = m_runs;
    runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(place));
    return take(std::move(runs));
}

Result<void> RunQueue::clear()
{
    return take({});
}

} // namespace signalbox
