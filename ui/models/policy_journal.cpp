// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_journal.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/base/json.h>
#include <core/policy/policy_json.h>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kJournalVersion = 3; ///< 1 had no steps of several edits, 2 no typed text
/// A line holds a whole policy inside an edit, perhaps one of several.
constexpr JsonLimits kLineLimits = {kPolicyJsonLimits.bytes + (std::size_t{1} << 20),
                                    kPolicyJsonLimits.depth + 8};
constexpr const char* kContinues = "continuesLast";
constexpr const char* kTyped = "typed";
constexpr const char* kSuffix = ".journal";
constexpr const char* kFreshSuffix = ".new"; ///< behind it, while a restart is being written

Unexpected journalError(const char* action, const std::filesystem::path& path, int number)
{
    return fail(ErrorCode::IoError, std::string(action) + ": " + std::strerror(number),
                path.string(), "the policy itself is safe; save it to be sure of your last edits");
}

Result<void> writeAll(int fd, std::string_view text, const std::filesystem::path& path)
{
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return journalError("cannot write the autosave journal", path, errno);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(fd) != 0)
        return journalError("cannot write the autosave journal", path, errno);
    return {};
}

/// Locks the open file unless another program holds it. False, too, if the path leads to another
/// file by now: then the program that replaced it lives.
bool takeAlone(int fd, const std::filesystem::path& path)
{
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return false;
    struct stat opened = {};
    struct stat named = {};
    return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

std::string headerOf(const PolicyDocument& document, const std::filesystem::path& documentPath)
{
    Json header;
    header["journal"] = kJournalVersion;
    header["startedAtMs"] = systemClock().unixMs();
    header["path"] = documentPath.string();
    header["document"] = toJson(document);
    return toCompactJsonText(header) + '\n';
}

/// 0 if there is none.
std::int64_t numberIn(const Json& json, const char* member)
{
    const auto found = json.find(member);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// The rename itself reaches the disk with the folder; a failure here loses nothing already seen.
void syncFolder(const std::filesystem::path& folder)
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)::fsync(fd);
    ::close(fd);
}

} // namespace

PolicyJournal::PolicyJournal(PolicyJournal&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_path(std::move(other.m_path)),
      m_length(other.m_length), m_whole(other.m_whole)
{}

PolicyJournal& PolicyJournal::operator=(PolicyJournal&& other) noexcept
{
    if (this != &other) {
        release();
        m_fd = std::exchange(other.m_fd, -1);
        m_path = std::move(other.m_path);
        m_length = other.m_length;
        m_whole = other.m_whole;
    }
    return *this;
}

PolicyJournal::~PolicyJournal()
{
    release();
}

void PolicyJournal::release()
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

Result<PolicyJournal> PolicyJournal::adopt(const std::filesystem::path& journal)
{
    PolicyJournal taken;
    taken.m_fd = ::open(journal.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
    if (taken.m_fd < 0)
        return journalError("cannot open what was left", journal, errno);
    if (!takeAlone(taken.m_fd, journal))
        return fail(ErrorCode::Refused, "another window has taken it over", journal.string());
    const auto content = read(journal);
    if (!content)
        return Unexpected(content.error());
    taken.m_path = journal;
    taken.m_length = content->bytes;
    taken.m_whole = ::ftruncate(taken.m_fd, static_cast<off_t>(content->bytes)) == 0;
    return taken;
}

Result<void> PolicyJournal::restart(const PolicyDocument& saved,
                                    const std::filesystem::path& documentPath,
                                    const PolicyDocument& now)
{
    if (!isOpen())
        return {};
    m_whole = false;
    std::string text = headerOf(saved, documentPath);
    if (!(now == saved))
        text += toCompactJsonText(toJson(Edit(ReplaceDocument{now}))) + '\n';
    const std::string fresh = m_path.string() + kFreshSuffix;
    PolicyJournal next;
    next.m_fd = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (next.m_fd < 0)
        return journalError("cannot write the autosave journal", m_path, errno);
    Result<void> written =
        ::flock(next.m_fd, LOCK_EX | LOCK_NB) != 0
            ? Result<void>(journalError("cannot lock the autosave journal", m_path, errno))
            : writeAll(next.m_fd, text, m_path);
    if (written && ::rename(fresh.c_str(), m_path.c_str()) != 0)
        written = journalError("cannot write the autosave journal", m_path, errno);
    if (!written) {
        ::unlink(fresh.c_str());
        return written;
    }
    syncFolder(m_path.parent_path());
    std::swap(m_fd, next.m_fd);
    m_length = text.size();
    m_whole = true;
    return {};
}

Result<void> PolicyJournal::append(const Step& step)
{
    if (!isOpen())
        return {};
    Json json = toJson(step.edit);
    if (step.continuesLast)
        json[kContinues] = true;
    return appendLine(toCompactJsonText(json) + '\n');
}

Result<void> PolicyJournal::appendTyped(const std::optional<std::string>& text)
{
    if (!isOpen())
        return {};
    const std::string line = toCompactJsonText({{kTyped, text ? Json(*text) : Json()}}) + '\n';
    if (line.size() > kLineLimits.bytes) // read() would stop here, and lose what follows
        return fail(ErrorCode::TooLarge, "the text in the source is too large to be kept",
                    m_path.string());
    return appendLine(line);
}

Result<void> PolicyJournal::appendLine(const std::string& line)
{
    if (auto written = writeAll(m_fd, line, m_path); !written) {
        m_whole = false;
        (void)::ftruncate(m_fd, static_cast<off_t>(m_length)); // a half line would end the reading
        return written;
    }
    m_length += line.size();
    return {};
}

void PolicyJournal::discard()
{
    if (isOpen())
        ::unlink(m_path.c_str());
    release();
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
        auto line = parseJson(std::string_view(*text).substr(begin, end - begin), kLineLimits);
        begin = end + 1;
        content.isWhole = false; // until the line makes sense
        if (!line)
            break;
        if (hasHeader && line->is_object() && line->contains(kTyped)) {
            const Json& typed = (*line)[kTyped];
            if (!typed.is_string() && !typed.is_null())
                break;
            content.typed = typed.is_string() ? std::optional(typed.get<std::string>())
                                              : std::optional<std::string>();
            content.bytes = begin;
            content.isWhole = true;
            continue;
        }
        if (hasHeader) {
            const bool continues = line->is_object() && line->erase(kContinues) > 0;
            auto edit = editFromJson(*line);
            if (!edit)
                break;
            content.steps.push_back({std::move(*edit), continues});
            content.bytes = begin;
            content.isWhole = true;
            continue;
        }
        const auto version = numberIn(*line, "journal");
        if (version < 1 || version > kJournalVersion)
            return fail(ErrorCode::Unsupported, "this journal was written by another version",
                        journal.string(), "open it with the version that wrote it");
        const auto policy = line->find("document");
        if (policy == line->end())
            break;
        auto document = parsePolicy(toCompactJsonText(*policy));
        if (!document)
            return Unexpected(document.error());
        content.document = std::move(*document);
        if (const auto path = line->find("path"); path != line->end() && path->is_string())
            content.documentPath = path->get<std::string>();
        content.startedAtMs = numberIn(*line, "startedAtMs");
        content.bytes = begin;
        content.isWhole = true;
        hasHeader = true;
    }
    if (!hasHeader)
        return fail(ErrorCode::ParseError, "the journal has no document in it", journal.string());
    return content;
}

namespace {

/// Nothing was done in it: it is empty, or ends behind its document. What is neither, and no
/// journal, may have been one.
bool isIdle(const std::string& text, const std::filesystem::path& path)
{
    if (text.empty())
        return true;
    if (std::ranges::count(text, '\n') != 1)
        return false;
    const auto content = PolicyJournal::read(path);
    return content || content.error().code == ErrorCode::Unsupported;
}

/// Moves or copies a journal out of the way; nothing happens to one that somebody holds.
Result<std::filesystem::path> putAside(const std::filesystem::path& journal, bool isMoved)
{
    const auto folder = journal.parent_path().parent_path() / "unreadable-journals";
    auto target = folder / journal.filename();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (!failed && isMoved)
        std::filesystem::rename(journal, target, failed);
    else if (!failed)
        std::filesystem::copy_file(journal, target,
                                   std::filesystem::copy_options::overwrite_existing, failed);
    if (failed)
        return fail(ErrorCode::IoError, failed.message(), journal.string());
    return target;
}

} // namespace

std::vector<Error> PolicyJournal::putAsideUnreadable(const std::filesystem::path& folder)
{
    std::vector<Error> said;
    for (const auto& path : abandoned(folder)) {
        const auto content = read(path);
        if (content && content->isWhole)
            continue;
        if (!content && content.error().code == ErrorCode::Unsupported) {
            said.push_back({content.error().code,
                            "unsaved edits of a crash were written by another version of Signalbox",
                            path.string(), "open them with the version that wrote them"});
            continue;
        }
        const auto kept = putAside(path, !content);
        Error error;
        error.code = ErrorCode::ParseError;
        error.message =
            content ? "the journal of unsaved edits of \"" + content->document.name +
                          "\" is damaged, so only the edits before the damage can be restored"
                    : "a journal of unsaved edits is damaged, so nothing in it can be restored";
        error.where = (kept ? *kept : path).string();
        error.hint =
            "the saved policies are as they were; the damaged file is kept for whoever can "
            "mend it, and may be deleted";
        said.push_back(std::move(error));
    }
    return said;
}

std::vector<std::filesystem::path> PolicyJournal::abandoned(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        const std::filesystem::path& path = entry.path();
        const bool halfWritten = path.extension() == kFreshSuffix;
        if (path.extension() != kSuffix && !halfWritten)
            continue;
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        if (takeAlone(fd, path)) {
            const auto text = readFile(path);
            if (!halfWritten && text && !isIdle(*text, path))
                found.push_back(path);
            else if (text)
                ::unlink(path.c_str());
        }
        ::close(fd);
    }
    std::ranges::sort(found);
    return found;
}

void PolicyJournal::remove(const std::filesystem::path& journal)
{
    const int fd = ::open(journal.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (takeAlone(fd, journal))
        ::unlink(journal.c_str());
    ::close(fd);
}

} // namespace signalbox::ui
