// SPDX-License-Identifier: GPL-3.0-or-later
#include "kept_revisions.h"

#include <core/base/files.h>
#include <core/base/md5.h>
#include <core/policy/policy_json.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>

namespace signalbox::ui {

namespace {

/// Equal as policies: the record of an export is no part of what was saved.
bool isSame(const PolicyDocument& a, PolicyDocument b)
{
    b.release = a.release;
    return a == b;
}

/// "7.json", or "7-4be2….json" for another policy of that number.
std::string plainName(const PolicyDocument& revision)
{
    return std::to_string(revision.revision) + ".json";
}
std::string nameByContent(const PolicyDocument& revision)
{
    constexpr std::size_t kDigits = 12;
    return std::to_string(revision.revision) + '-' +
           md5Hex(toPolicyText(revision)).substr(0, kDigits) + ".json";
}

/// The number in the name of a revision's file; nullopt: it is none.
std::optional<int> numberOf(const std::filesystem::path& file)
{
    const std::string name = file.stem().string();
    int number = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool isWhole = read.ptr == name.data() + name.size() || *read.ptr == '-';
    if (file.extension() != ".json" || read.ec != std::errc() || !isWhole)
        return std::nullopt;
    return number;
}

/// A revision as it lies in a folder.
struct Found
{
    PolicyDocument document;
    std::filesystem::file_time_type writtenAt;
};

std::optional<Found> readRevision(const std::filesystem::path& file)
{
    const auto text = readFile(file);
    auto document = text ? parsePolicy(*text) : Result<PolicyDocument>(Unexpected(text.error()));
    if (!document || numberOf(file) != document->revision)
        return std::nullopt;
    std::error_code unknown; // then it counts as the oldest
    const auto writtenAt = std::filesystem::last_write_time(file, unknown);
    return Found{std::move(*document),
                 unknown ? std::filesystem::file_time_type::min() : writtenAt};
}

/// What lies in a folder and may be a revision, the highest numbers first. One that was changed by
/// other programs again and again has many files: no more are read than can matter.
std::vector<std::filesystem::path> revisionFiles(const std::filesystem::path& folder)
{
    constexpr std::size_t kMostRead = 8 * KeptRevisions::kMost;
    std::vector<std::pair<int, std::filesystem::path>> files;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (const auto number = numberOf(entry.path()))
            files.emplace_back(*number, entry.path());
    }
    std::ranges::sort(files, std::ranges::greater());
    std::vector<std::filesystem::path> paths;
    for (auto& [number, path] : files) {
        if (paths.size() < kMostRead)
            paths.push_back(std::move(path));
    }
    return paths;
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
    std::vector<Found> found;
    for (const std::filesystem::path& file : revisionFiles(m_folder)) {
        auto revision = readRevision(file);
        if (revision && revision->document.id == current.id && !isSame(revision->document, current))
            found.push_back(std::move(*revision));
    }
    const auto order = [this](const Found& each) {
        return std::tuple(each.document.revision, m_log.of(each.document).savedAtMs,
                          each.writtenAt);
    };
    std::ranges::sort(found, std::ranges::greater(), order);
    for (Found& each : found)
        m_list.push_back(std::move(each.document));
    keepMost();
}

/// What other programs wrote in passing goes before what was saved here or noted.
void KeptRevisions::keepMost()
{
    for (std::size_t i = m_list.size(); i-- > 0 && m_list.size() > kMost;) {
        const RevisionRecord record = m_log.of(m_list[i]);
        if (record.isForeign && record.note.empty())
            m_list.erase(m_list.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (m_list.size() > kMost)
        m_list.resize(kMost);
}

void KeptRevisions::setCurrent(const PolicyDocument& current)
{
    if (!m_folder.empty())
        return load(current);
    std::erase_if(m_list, [&](const PolicyDocument& revision) {
        return revision.id != current.id || isSame(revision, current);
    });
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
    for (auto revision = m_list.rbegin(); revision != m_list.rend(); ++revision) {
        if (auto written = keep(*revision); !written)
            return written;
    }
    return {};
}

Result<void> KeptRevisions::add(const PolicyDocument& before)
{
    std::erase_if(m_list, [&](const PolicyDocument& other) { return isSame(other, before); });
    const auto place = std::ranges::find_if(
        m_list, [&](const PolicyDocument& other) { return other.revision <= before.revision; });
    m_list.insert(place, before);
    keepMost();
    return keep(before);
}

int KeptRevisions::highest() const
{
    return m_list.empty() ? 0 : m_list.front().revision;
}

void KeptRevisions::setList(std::vector<PolicyDocument> revisions)
{
    std::ranges::sort(revisions, std::ranges::greater{}, &PolicyDocument::revision);
    m_list = std::move(revisions);
}

/// Under a name of its own wherever another policy lies under the plain one.
Result<void> KeptRevisions::keep(const PolicyDocument& saved) const
{
    if (m_folder.empty())
        return {};
    std::error_code ignored; // writing the file says it better
    std::filesystem::create_directories(m_folder, ignored);
    const auto plain = m_folder / plainName(saved);
    const auto lies = readRevision(plain);
    if (lies && isSame(lies->document, saved))
        return {};
    const bool isTaken = std::filesystem::exists(plain, ignored);
    return writeFileAtomically(isTaken ? m_folder / nameByContent(saved) : plain,
                               toPolicyText(saved));
}

} // namespace signalbox::ui
