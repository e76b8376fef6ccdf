// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_journal.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/base/json.h>
#include <core/policy/policy_json.h>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kJournalVersion = 1;
constexpr const char* kSuffix = ".journal";

Unexpected journalError(const char* action, const std::filesystem::path& path, int number)
{
    return fail(ErrorCode::IoError, std::string(action) + ": " + std::strerror(number),
                path.string(), "the policy itself is safe; save it to be sure of your last edits");
}

Result<void> writeLine(int fd, std::string line, const std::filesystem::path& path)
{
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t written = ::write(fd, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return journalError("cannot write the autosave journal", path, errno);
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(fd) != 0)
        return journalError("cannot write the autosave journal", path, errno);
    return {};
}

} // namespace

PolicyJournal::PolicyJournal(PolicyJournal&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_path(std::move(other.m_path)), m_edits(other.m_edits)
{}

PolicyJournal& PolicyJournal::operator=(PolicyJournal&& other) noexcept
{
    if (this != &other) {
        close();
        m_fd = std::exchange(other.m_fd, -1);
        m_path = std::move(other.m_path);
        m_edits = other.m_edits;
    }
    return *this;
}

PolicyJournal::~PolicyJournal()
{
    close();
}

void PolicyJournal::close()
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

Result<PolicyJournal> PolicyJournal::create(const std::filesystem::path& folder)
{
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return journalError("cannot make the folder for autosave journals", folder, failed.value());
    std::string path = (folder / "policy-XXXXXX").string() + kSuffix;
    PolicyJournal journal;
    journal.m_fd =
        ::mkostemps(path.data(), static_cast<int>(std::strlen(kSuffix)), O_CLOEXEC | O_APPEND);
    if (journal.m_fd < 0)
        return journalError("cannot make an autosave journal", folder, errno);
    journal.m_path = path;
    if (::flock(journal.m_fd, LOCK_EX | LOCK_NB) != 0)
        return journalError("cannot lock the autosave journal", journal.m_path, errno);
    return journal;
}

Result<void> PolicyJournal::restart(const PolicyDocument& document,
                                    const std::filesystem::path& documentPath)
{
    if (!isOpen())
        return {};
    if (::ftruncate(m_fd, 0) != 0)
        return journalError("cannot write the autosave journal", m_path, errno);
    m_edits = 0;
    Json header;
    header["journal"] = kJournalVersion;
    header["startedAtMs"] = systemClock().unixMs();
    header["path"] = documentPath.string();
    header["document"] = toJson(document);
    return writeLine(m_fd, header.dump(), m_path);
}

Result<void> PolicyJournal::append(const Edit& edit)
{
    if (!isOpen())
        return {};
    ++m_edits;
    return writeLine(m_fd, toJson(edit).dump(), m_path);
}

void PolicyJournal::discard()
{
    if (isOpen())
        ::unlink(m_path.c_str());
    close();
}

Result<PolicyJournal::Content> PolicyJournal::read(const std::filesystem::path& journal)
{
    const auto text = readFile(journal);
    if (!text)
        return Unexpected(text.error());
    Content content;
    bool hasHeader = false;
    std::size_t begin = 0;
    while (begin < text->size()) {
        const std::size_t end = text->find('\n', begin);
        if (end == std::string::npos)
            break; // cut off while being written
        const auto line =
            parseJson(std::string_view(*text).substr(begin, end - begin), kPolicyJsonLimits);
        begin = end + 1;
        if (!line)
            break;
        if (hasHeader) {
            auto edit = editFromJson(*line);
            if (!edit)
                break;
            content.edits.push_back(std::move(*edit));
            continue;
        }
        if (!line->is_object() || line->value("journal", 0) != kJournalVersion)
            return fail(ErrorCode::Unsupported, "this journal was written by another version",
                        journal.string(), "open it with the version that wrote it");
        auto document = parsePolicy((*line)["document"].dump());
        if (!document)
            return Unexpected(document.error());
        content.document = std::move(*document);
        content.documentPath = line->value("path", std::string());
        content.startedAtMs = line->value("startedAtMs", std::int64_t{0});
        hasHeader = true;
    }
    if (!hasHeader)
        return fail(ErrorCode::ParseError, "the journal has no document in it", journal.string());
    return content;
}

std::vector<std::filesystem::path> PolicyJournal::abandoned(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        if (entry.path().extension() != kSuffix)
            continue;
        const int fd = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        const bool held = ::flock(fd, LOCK_EX | LOCK_NB) != 0;
        ::close(fd);
        if (held)
            continue;
        const auto text = readFile(entry.path());
        if (text && std::ranges::count(*text, '\n') >= 2)
            found.push_back(entry.path());
        else if (text)
            std::filesystem::remove(entry.path(), failed);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace signalbox::ui
