// SPDX-License-Identifier: GPL-3.0-or-later
#include "open_record.h"

#include <core/base/clock.h>
#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/md5.h>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr const char* kSuffix = ".open";
constexpr const char* kFreshSuffix = ".new"; ///< until it is locked
constexpr const char* kSavingLock = "saving.lock";
constexpr std::size_t kMostBytes = 65536; ///< of a record; anything larger is none

std::string hostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data())
                                                            : std::string();
}

/// One name for a file, whatever way leads to it.
std::string placeOf(const std::filesystem::path& policyFile)
{
    std::error_code failed;
    const auto place = std::filesystem::weakly_canonical(policyFile, failed);
    return md5Hex((failed ? policyFile : place).string());
}

std::int64_t numberIn(const Json& json, const char* member)
{
    const auto found = json.find(member);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string textIn(const Json& json, const char* member)
{
    const auto found = json.find(member);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Unexpected recordError(const char* action, const std::filesystem::path& path, int number)
{
    return fail(ErrorCode::IoError, std::string(action) + ": " + std::strerror(number),
                path.string());
}

} // namespace

FileLock::FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept
{
    if (this != &other) {
        release();
        m_fd = std::exchange(other.m_fd, -1);
    }
    return *this;
}

FileLock::~FileLock()
{
    release();
}

void FileLock::release()
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

OpenRecord& OpenRecord::operator=(OpenRecord&& other) noexcept
{
    if (this != &other) {
        discard();
        m_path = std::move(other.m_path);
        m_place = std::move(other.m_place);
        m_sinceMs = other.m_sinceMs;
        m_lock = std::move(other.m_lock);
    }
    return *this;
}

OpenRecord::~OpenRecord()
{
    discard();
}

Result<OpenRecord> OpenRecord::create(const std::filesystem::path& folder,
                                      const std::filesystem::path& policyFile)
{
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        return recordError("cannot make the folder for open files", folder, failed.value());
    OpenRecord record;
    record.m_place = placeOf(policyFile);
    record.m_sinceMs = systemClock().unixMs();
    const std::string suffix = std::string(kSuffix) + kFreshSuffix;
    std::string fresh = (folder / (record.m_place + "-XXXXXX")).string() + suffix;
    const int fd = ::mkostemps(fresh.data(), static_cast<int>(suffix.size()), O_CLOEXEC);
    if (fd < 0)
        return recordError("cannot tell other windows what is open here", folder, errno);
    FileLock lock(fd);
    const std::string text = toCompactJsonText(Json{{"path", policyFile.string()},
                                                    {"sinceMs", record.m_sinceMs},
                                                    {"process", ::getpid()},
                                                    {"host", hostName()}});
    const std::string name = fresh.substr(0, fresh.size() - std::strlen(kFreshSuffix));
    // Named only when it is locked: until then it would look like one that was left behind.
    if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::flock(fd, LOCK_EX | LOCK_NB) != 0 || ::rename(fresh.c_str(), name.c_str()) != 0) {
        const int number = errno;
        ::unlink(fresh.c_str());
        return recordError("cannot tell other windows what is open here", folder, number);
    }
    record.m_path = name;
    record.m_lock = std::move(lock);
    return record;
}

void OpenRecord::discard()
{
    if (m_lock.isHeld())
        ::unlink(m_path.c_str());
    m_lock.release();
}

std::vector<OpenRecord::Other> OpenRecord::earlier() const
{
    std::vector<Other> found;
    if (!isOpen())
        return found;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(m_path.parent_path(), failed)) {
        const std::filesystem::path& path = entry.path();
        if (path == m_path || path.extension() != kSuffix ||
            path.filename().string().rfind(m_place, 0) != 0)
            continue;
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const FileLock probe(fd);
        if (!probe.isHeld())
            continue; // taken back this very moment
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
            ::unlink(path.c_str());
            continue;
        }
        const auto text = readFile(path, kMostBytes);
        const auto json = text ? parseJson(*text) : Result<Json>(Unexpected(text.error()));
        if (!json)
            continue;
        Other other;
        other.sinceMs = numberIn(*json, "sinceMs");
        other.process = static_cast<int>(numberIn(*json, "process"));
        other.host = textIn(*json, "host");
        if (other.host == hostName())
            other.host.clear();
        const bool isEarlier = other.sinceMs != m_sinceMs ? other.sinceMs < m_sinceMs
                                                          : path.filename() < m_path.filename();
        if (isEarlier)
            found.push_back(std::move(other));
    }
    std::ranges::sort(found, {}, &Other::sinceMs);
    return found;
}

Result<FileLock> OpenRecord::lockForSaving(const std::filesystem::path& folder)
{
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const auto path = folder / kSavingLock;
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    FileLock lock(fd);
    if (lock.isHeld() && ::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return fail(ErrorCode::Refused, "another window is saving at this moment", {},
                        "try again");
        lock.release();
    }
    return lock;
}

} // namespace signalbox::ui
