// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_revisions.h"

#include <core/base/files.h>
#include <core/base/md5.h>
#include <core/policy/policy_json.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace signalbox::ui {

namespace {

std::string fileNameOf(const PolicyDocument& revision)
{
    return std::to_string(revision.revision) + ".json";
}

std::filesystem::path folderOf(const std::filesystem::path& root, const std::filesystem::path& file)
{
    if (root.empty() || file.empty())
        return {};
    std::error_code failed;
    const auto place = std::filesystem::weakly_canonical(file, failed);
    return root / md5Hex((failed ? file : place).string());
}

} // namespace

void KeptRevisions::setPlace(const std::filesystem::path& root, const std::filesystem::path& file)
{
    m_root = root;
    m_folder = folderOf(root, file);
}

void KeptRevisions::load(const PolicyDocument& current)
{
    m_list.clear();
    m_log.load(m_folder);
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder, failed)) {
        const auto text = readFile(entry.path());
        auto revision =
            text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
        if (revision && revision->id == current.id && revision->revision < current.revision &&
            entry.path().filename() == fileNameOf(*revision))
            m_list.push_back(std::move(*revision));
    }
    std::ranges::sort(m_list, std::ranges::greater{}, &PolicyDocument::revision);
    if (m_list.size() > kMost)
        m_list.resize(kMost);
}

Result<void> KeptRevisions::moveTo(const std::filesystem::path& file)
{
    m_folder = folderOf(m_root, file);
    std::error_code ignored; // what lies there is another policy's
    if (!m_folder.empty())
        std::filesystem::remove_all(m_folder, ignored);
    for (const PolicyDocument& revision : m_list) {
        if (auto written = write(revision); !written)
            return written;
    }
    return m_log.moveTo(m_folder);
}

Result<void> KeptRevisions::add(const PolicyDocument& before)
{
    m_list.insert(m_list.begin(), before);
    if (m_list.size() > kMost)
        m_list.resize(kMost);
    return write(m_list.front());
}

void KeptRevisions::setList(std::vector<PolicyDocument> revisions)
{
    std::ranges::sort(revisions, std::ranges::greater{}, &PolicyDocument::revision);
    m_list = std::move(revisions);
}

Result<void> KeptRevisions::write(const PolicyDocument& revision) const
{
    if (m_folder.empty())
        return {};
    std::error_code ignored; // writing the file says it better
    std::filesystem::create_directories(m_folder, ignored);
    return writeFileAtomically(m_folder / fileNameOf(revision), toPolicyText(revision));
}

} // namespace signalbox::ui
