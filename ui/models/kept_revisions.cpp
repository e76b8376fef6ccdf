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

/// A new folder named after the file: "desk", or "desk-2" if there is one already.
Result<std::filesystem::path> newFolderFor(const std::filesystem::path& file,
                                           const std::filesystem::path& in)
{
    std::error_code failed;
    std::filesystem::create_directories(in, failed);
    for (int i = 1; !failed; ++i) {
        auto folder =
            in / (file.stem().string() + (i == 1 ? std::string() : '-' + std::to_string(i)));
        if (std::filesystem::create_directory(folder, failed))
            return folder;
    }
    return fail(ErrorCode::IoError, "cannot make a folder: " + failed.message(), in.string());
}

/// Another name for the file, which outlives its being replaced at once and at any size; a copy
/// where there can be none, e.g. on another file system.
Result<void> keepAs(const std::filesystem::path& kept, const std::filesystem::path& file)
{
    std::error_code failed;
    const auto real = std::filesystem::canonical(file, failed); // not a link that leads to it
    std::filesystem::create_hard_link(failed ? file : real, kept, failed);
    if (!failed)
        return {};
    const auto content = readFile(file);
    if (!content)
        return Unexpected(content.error());
    return writeFileAtomically(kept, *content);
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

Result<std::filesystem::path> KeptRevisions::makeRoomAt(const std::filesystem::path& file)
{
    const auto there = folderOf(m_root, file);
    if (there.empty() || there == m_folder) // the same file by another way
        return std::filesystem::path();
    std::error_code failed;
    const bool isTaken = std::filesystem::exists(file, failed);
    const bool hasPast = std::filesystem::exists(there, failed);
    if (!isTaken && !hasPast)
        return std::filesystem::path();
    auto aside = newFolderFor(file, m_root / "replaced");
    if (!aside)
        return aside;
    const auto refuse = [&](Error error) {
        std::filesystem::remove_all(*aside, failed);
        error.hint = "save under another name";
        return Unexpected(std::move(error));
    };
    if (isTaken) {
        if (auto kept = keepAs(*aside / file.filename(), file); !kept)
            return refuse(std::move(kept.error()));
    }
    if (hasPast) // a copy: the file may yet refuse to be written
        std::filesystem::copy(there, *aside / "revisions", std::filesystem::copy_options::recursive,
                              failed);
    if (failed)
        return refuse({ErrorCode::IoError,
                       "cannot keep the earlier revisions of what lies there: " + failed.message(),
                       file.string(),
                       {}});
    return aside;
}

Result<void> KeptRevisions::moveTo(const std::filesystem::path& file)
{
    const std::filesystem::path folder = folderOf(m_root, file);
    if (folder == m_folder) // the same file by another way
        return {};
    m_folder = folder;
    std::error_code ignored; // what lies there was another policy's, and is kept
    if (!m_folder.empty())
        std::filesystem::remove_all(m_folder, ignored);
    // The log first: were it left behind, the next save would write into the other policy's past.
    if (auto moved = m_log.moveTo(m_folder); !moved)
        return moved;
    for (const PolicyDocument& revision : m_list) {
        if (auto written = write(revision); !written)
            return written;
    }
    return {};
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
