// SPDX-License-Identifier: Apache-2.0
#include "files.h"

#include "file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace signalbox {

using namespace base_detail;

namespace {

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
    const auto opened = openToRead(path);
    if (!opened)
        return Unexpected(opened.error());
    const auto tooLarge = [&] {
        return fail(ErrorCode::TooLarge,
                    "the file is larger than the limit of " + std::to_string(limitBytes) + " bytes",
                    path.string());
    };
    if (opened->size > limitBytes)
        return tooLarge();

    std::string content(opened->size, '\0');
    std::size_t used = 0;
    for (;;) {
        if (used == content.size())
            content.resize(content.size() + 4096); // it grew, or its size is not known beforehand
        const ssize_t count =
            ::read(opened->file.get(), content.data() + used, content.size() - used);
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

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& path)
{
    AtomicFile made;
    made.m_path = path;
    made.m_target = path;
    // A link is followed, so that saving through it changes the file and not the link.
    std::error_code ignored;
    if (std::filesystem::is_symlink(path, ignored)) {
        if (auto real = std::filesystem::weakly_canonical(path, ignored); !ignored)
            made.m_target = std::move(real);
    }
    struct stat old = {};
    const bool isThere = ::stat(made.m_target.c_str(), &old) == 0;
    *made.m_file = createBeside(made.m_target.string(), isThere ? 0600 : 0666, made.m_temporary);
    if (made.m_file->get() < 0) {
        const int number = errno;
        made.m_temporary.clear();
        return Unexpected(osError("cannot write the file", path, number));
    }
    if (isThere && ::fchmod(made.m_file->get(), old.st_mode & 07777) != 0)
        return Unexpected(osError("cannot write the file", path, errno));
    return made;
}

AtomicFile::AtomicFile() : m_file(std::make_unique<FileDescriptor>()) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_path(std::move(other.m_path)), m_target(std::move(other.m_target)),
      m_temporary(std::exchange(other.m_temporary, {})), m_file(std::move(other.m_file))
{}

AtomicFile::~AtomicFile()
{
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Result<void> AtomicFile::append(std::string_view bytes)
{
    if (const int number = writeAll(m_file->get(), bytes))
        return Unexpected(osError("cannot write the file", m_path, number));
    return {};
}

Result<void> AtomicFile::overwrite(std::size_t offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(m_file->get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return Unexpected(osError("cannot write the file", m_path, errno));
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::size_t>(written);
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_file->get()) != 0 || m_file->close() != 0 ||
        ::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return Unexpected(osError("cannot write the file", m_path, errno));
    m_temporary.clear();

    // The rename itself reaches the disk with the folder; a failure here loses nothing already
    // seen.
    const FileDescriptor folder(
        ::open(m_target.parent_path().empty() ? "." : m_target.parent_path().c_str(),
               O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0)
        (void)::fsync(folder.get());
    return {};
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return Unexpected(file.error());
    if (const Result<void> written = file->append(content); !written)
        return written;
    return file->commit();
}

} // namespace signalbox
