// SPDX-License-Identifier: GPL-3.0-or-later
#include "exported_revisions.h"

#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/md5.h>
#include <core/policy/policy_json.h>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

void ExportedRevisions::setFolder(const std::filesystem::path& folder)
{
    m_folder = folder;
    m_left.clear();
}

Result<void> ExportedRevisions::add(const PolicyDocument& exported)
{
    std::vector<Left>& list = known(exported.id);
    const Left left{exported.revision, digestOf(exported)};
    if (std::ranges::find(list, left) == list.end())
        list.push_back(left);
    if (m_folder.empty())
        return {};
    std::error_code ignored; // writing the file says it better
    std::filesystem::create_directories(m_folder, ignored);
    Json json = Json::array();
    for (const Left& each : list)
        json.push_back({{"revision", each.revision}, {"digest", each.digest}});
    auto written = writeFileAtomically(
        fileOf(exported.id), toJsonText(Json{{"policy", exported.id}, {"exported", json}}));
    m_left[exported.id].readAt = stampOf(exported.id);
    return written;
}

int ExportedRevisions::highest(const std::string& policyId) const
{
    int number = 0;
    for (const Left& left : known(policyId))
        number = std::max(number, left.revision);
    return number;
}

std::optional<int> ExportedRevisions::numberOf(const PolicyDocument& document) const
{
    const std::vector<Left>& list = known(document.id);
    if (list.empty())
        return std::nullopt;
    const std::string digest = digestOf(document);
    std::optional<int> number;
    for (const Left& left : list) {
        if (left.digest == digest)
            number = std::max(number.value_or(0), left.revision);
    }
    return number;
}

bool ExportedRevisions::has(const PolicyDocument& document) const
{
    const std::vector<Left>& list = known(document.id);
    return std::ranges::count(list, document.revision, &Left::revision) > 0 &&
           std::ranges::count(list, Left{document.revision, digestOf(document)}) > 0;
}

bool ExportedRevisions::isTaken(const PolicyDocument& document) const
{
    const std::vector<Left>& list = known(document.id);
    return std::ranges::count(list, document.revision, &Left::revision) > 0 && !has(document);
}

std::filesystem::path ExportedRevisions::fileOf(const std::string& policyId) const
{
    return m_folder / (md5Hex(policyId) + ".json");
}

/// What cannot be read, or is of another policy, counts as nothing.
std::vector<ExportedRevisions::Left> ExportedRevisions::stored(const std::string& policyId) const
{
    std::vector<Left> list;
    if (m_folder.empty())
        return list;
    const auto text = readFile(fileOf(policyId));
    const auto json = text ? parseJson(*text) : Result<Json>(Unexpected(text.error()));
    if (!json || !json->is_object() || json->value("policy", Json()) != policyId)
        return list;
    for (const Json& entry : json->value("exported", Json::array())) {
        if (!entry.is_object() || !entry.value("revision", Json()).is_number_integer() ||
            !entry.value("digest", Json()).is_string())
            continue;
        list.push_back({entry["revision"].get<int>(), entry["digest"].get<std::string>()});
    }
    return list;
}

ExportedRevisions::Stamp ExportedRevisions::stampOf(const std::string& policyId) const
{
    struct stat info = {};
    if (m_folder.empty() || ::stat(fileOf(policyId).c_str(), &info) != 0)
        return {};
    return {info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

/// What this program gave out and could not write down stays known.
std::vector<ExportedRevisions::Left>& ExportedRevisions::known(const std::string& policyId) const
{
    Known& entry = m_left[policyId];
    const Stamp now = stampOf(policyId);
    if (entry.readAt != now) {
        entry.readAt = now;
        std::vector<Left> all = stored(policyId);
        for (Left& left : entry.list) {
            if (std::ranges::find(all, left) == all.end())
                all.push_back(std::move(left));
        }
        entry.list = std::move(all);
    }
    return entry.list;
}

std::string ExportedRevisions::digestOf(PolicyDocument document)
{
    document.revision = 0;
    document.release.reset();
    return md5Hex(toPolicyText(document));
}

} // namespace signalbox::ui
