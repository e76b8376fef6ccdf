// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "result.h"

#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <utility>

// Inside of core/base, and of those beside it that open files themselves.
namespace signalbox::base_detail {

/// What the operating system said of a file.
[[nodiscard]] Error osError(std::string_view action, const std::filesystem::path& path, int number);

/// Closes on destruction; a failed close of a written file is reported by close().
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd = -1) : m_fd(fd) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    FileDescriptor(FileDescriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept
    {
        if (this != &other) {
            close();
            m_fd = std::exchange(other.m_fd, -1);
        }
        return *this;
    }
    ~FileDescriptor() { close(); }

    [[nodiscard]] int get() const { return m_fd; }
    int close() { return m_fd < 0 ? 0 : ::close(std::exchange(m_fd, -1)); }

private:
    int m_fd;
};

/// A file that can be read.
struct OpenFile
{
    FileDescriptor file;
    std::size_t size = 0; ///< bytes when it was opened; 0 where that is not known beforehand
    bool isPlain = true;  ///< no pipe, terminal or device
};
/// The errors name the path; a folder is one.
[[nodiscard]] Result<OpenFile> openToRead(const std::filesystem::path& path);

} // namespace signalbox::base_detail
