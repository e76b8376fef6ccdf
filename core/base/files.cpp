// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace signalbox {

namespace {

Error osError(std::string_view action, const std::filesystem::path& path, int number)
{
    Error error;
    error.code = number == ENOENT ? ErrorCode::NotFound : ErrorCode::IoError;
    error.message = std::string(action) + ": " + std::strerror(number);
    error.where = path.string();
    switch (number) {
    case ENOSPC:
        error.hint = "free some space and try again; the old file is untouched";
        break;
    case EROFS:
    case EACCES:
    case EPERM:
        error.hint = "choose another folder, or change the folder's permissions";
        break;
    default:
        break;
    }
    return error;
}

/// Closes on destruction; a failed close of a written file is reported by close().
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd) : m_fd(fd) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { close(); }

    [[nodiscard]] int get() const { return m_fd; }
    int close() { return m_fd < 0 ? 0 : ::close(std::exchange(m_fd, -1)); }

private:
    int m_fd;
};

/// A new file beside `target`, for this process only. Its mode is what the umask leaves of `mode`.
FileDescriptor createBeside(const std::string& target, mode_t mode, std::string& name)
{
    static std::atomic<unsigned> next{0};
    constexpr int kTries = 100; // names may be left from a process that had this number before
    for (int i = 0; i < kTries; ++i) {
        name = target + '.' + std::to_string(::getpid()) + '-' + std::to_string(next++);
        const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EEXIST)
            return FileDescriptor(fd);
    }
    return FileDescriptor(-1);
}

int writeAll(int fd, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return errno;
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

} // namespace

Result<std::string> readFile(const std::filesystem::path& path, std::size_t limitBytes)
{
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return Unexpected(osError("cannot open the file", path, errno));
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0)
        return Unexpected(osError("cannot read the file", path, errno));
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::InvalidArgument, "this is a folder, not a file", path.string());
    const auto tooLarge = [&] {
        return fail(ErrorCode::TooLarge,
                    "the file is larger than the limit of " + std::to_string(limitBytes) + " bytes",
                    path.string());
    };
    if (static_cast<std::size_t>(info.st_size) > limitBytes)
        return tooLarge();

    std::string content(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t used = 0;
    for (;;) {
        if (used == content.size())
            content.resize(content.size() + 4096); // it grew, or its size is not known beforehand
        const ssize_t count = ::read(file.get(), content.data() + used, content.size() - used);
        if (count < 0) {
            if (errno == EINTR)
                continue;
            return Unexpected(osError("cannot read the file", path, errno));
        }
        if (count == 0)
            break;
        used += static_cast<std::size_t>(count);
        if (used > limitBytes)
            return tooLarge();
    }
    content.resize(used);
    return content;
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content)
{
    // A link is followed, so that saving through it changes the file and not the link.
    std::error_code ignored;
    std::filesystem::path target = path;
    if (std::filesystem::is_symlink(path, ignored)) {
        if (auto real = std::filesystem::weakly_canonical(path, ignored); !ignored)
            target = std::move(real);
    }
    struct stat old = {};
    const bool isThere = ::stat(target.c_str(), &old) == 0;
    std::string temporary;
    FileDescriptor file = createBeside(target.string(), isThere ? 0600 : 0666, temporary);
    if (file.get() < 0)
        return Unexpected(osError("cannot write the file", path, errno));

    const auto abandon = [&](int number) {
        ::unlink(temporary.c_str());
        return Unexpected(osError("cannot write the file", path, number));
    };
    if (isThere && ::fchmod(file.get(), old.st_mode & 07777) != 0)
        return abandon(errno);
    if (const int number = writeAll(file.get(), content))
        return abandon(number);
    if (::fsync(file.get()) != 0 || file.close() != 0)
        return abandon(errno);
    if (::rename(temporary.c_str(), target.c_str()) != 0)
        return abandon(errno);

    // The rename itself reaches the disk with the folder; a failure here loses nothing already
    // seen.
    const FileDescriptor folder(
        ::open(target.parent_path().empty() ? "." : target.parent_path().c_str(),
               O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0)
        (void)::fsync(folder.get());
    return {};
}

} // namespace signalbox
