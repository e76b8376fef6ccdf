// SPDX-License-Identifier: GPL-3.0-or-later
#include "revision_log.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/md5.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kLogVersion = 1;
constexpr std::size_t kKeptEntries = 256; ///< more than are listed: undo brings some back
constexpr auto kFileName = "saved.json";

std::string digestOf(PolicyDocument revision)
{
    revision.release.reset();
    return md5Hex(toPolicyText(revision));
}

} // namespace

void RevisionLog::load(const std::filesystem::path& folder)
{
    m_folder = folder;
    m_entries.clear();
    if (folder.empty())
        return;
    const auto text = readFile(folder / kFileName);
    const auto json = text ? parseJson(*text) : Result<Json>(Unexpected(text.error()));
    if (!json || !json->is_object() || json->value("schemaVersion", Json()) != kLogVersion)
        return;
    const Json entries = json->value("saved", Json::array());
    for (const Json& entry : entries) {
        const auto isText = [&](const char* key) {
            return entry.value(key, Json(std::string())).is_string();
        };
        if (!entry.is_object() || !entry.value("revision", Json()).is_number_integer() ||
            !entry.value("atMs", Json()).is_number_integer() || !isText("digest") ||
            !isText("note"))
            continue;
        m_entries.push_back({entry["revision"].get<int>(),
                             entry.value("digest", std::string()),
                             {entry["atMs"].get<std::int64_t>(), entry.value("note", std::string()),
                              entry.value("foreign", Json(false)) == true}});
    }
}

Result<void> RevisionLog::moveTo(const std::filesystem::path& folder)
{
    m_folder = folder;
    return write();
}

RevisionRecord RevisionLog::of(const PolicyDocument& revision) const
{
    const bool isNumbered =
        std::ranges::find(m_entries, revision.revision, &Entry::revision) != m_entries.end();
    if (!isNumbered)
        return {};
    const std::string digest = digestOf(revision);
    const auto found = std::ranges::find_if(m_entries, [&](const Entry& entry) {
        return entry.revision == revision.revision && entry.digest == digest;
    });
    return found == m_entries.end() ? RevisionRecord() : found->record;
}

Result<void> RevisionLog::set(const PolicyDocument& revision, RevisionRecord record)
{
    const std::string digest = digestOf(revision);
    std::erase_if(m_entries, [&](const Entry& entry) {
        return entry.revision == revision.revision && entry.digest == digest;
    });
    m_entries.push_back({revision.revision, digest, std::move(record)});
    if (m_entries.size() > kKeptEntries)
        m_entries.erase(m_entries.begin());
    return write();
}

Result<void> RevisionLog::write() const
{
    if (m_folder.empty())
        return {};
    std::error_code ignored; // writing the file says it better
    std::filesystem::create_directories(m_folder, ignored);
    Json saved = Json::array();
    for (const Entry& entry : m_entries)
        saved.push_back({{"revision", entry.revision},
                         {"digest", entry.digest},
                         {"atMs", entry.record.savedAtMs},
                         {"note", entry.record.note},
                         {"foreign", entry.record.isForeign}});
    return writeFileAtomically(m_folder / kFileName,
                               toJsonText(Json{{"schemaVersion", kLogVersion}, {"saved", saved}}));
}

} // namespace signalbox::ui
