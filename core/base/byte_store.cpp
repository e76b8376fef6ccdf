// SPDX-License-Identifier: Apache-2.0
#include "byte_store.h"

#include "file_descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

namespace signalbox {

using namespace base_detail;

namespace {

constexpr std::size_t kFirstBytes = std::size_t{64} << 10;
constexpr std::size_t kMostGrowth = std::size_t{256} << 20; ///< at a time

/// A file that is gone when it is closed.
FileDescriptor namelessFile(const std::filesystem::path& folder)
{
    const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return FileDescriptor(fd);
    std::string name = (folder / "signalbox.XXXXXX").string();
    FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (file.get() >= 0)
        ::unlink(name.c_str());
    return file;
}

} // namespace

/// The bytes' place: pages of the program, or of a file.
struct ByteStore::Memory
{
    Memory() = default;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory()
    {
        if (data)
            ::munmap(data, capacity);
    }

    /// 0, or the system's number of what went wrong.
    int resize(std::size_t bytes)
    {
        if (file.get() >= 0) {
            if (const int number = ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)))
                return number;
        }
        void* const place =
            data
                ? ::mremap(data, capacity, bytes, MREMAP_MAYMOVE)
                : ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                         file.get() >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, file.get(), 0);
        if (place == MAP_FAILED)
            return errno;
        data = static_cast<char*>(place);
        capacity = bytes;
        if (file.get() < 0)
            ::madvise(data, capacity, MADV_HUGEPAGE); // fewer faults; it does not matter if not
        return 0;
    }

    FileDescriptor file;
    char* data = nullptr;
    std::size_t capacity = 0;
};

ByteStore::ByteStore(std::filesystem::path folder, std::size_t memoryBytes)
    : m_memory(std::make_shared<Memory>()), m_folder(std::move(folder)), m_memoryBytes(memoryBytes)
{}

bool ByteStore::grow(std::size_t more)
{
    if (m_hasFailed)
        return false;
    const std::size_t needed = m_size + more;
    const std::size_t doubled = m_capacity + std::min(m_capacity, kMostGrowth);
    constexpr std::size_t kPage = 4096;
    const std::size_t capacity =
        (std::max({needed, doubled, kFirstBytes}) + kPage - 1) / kPage * kPage;
    const auto failed = [this](int number) {
        m_hasFailed = true;
        m_error = osError("cannot keep the data in a temporary file", m_folder, number);
        return false;
    };
    int number = 0;
    if (m_memory->file.get() < 0 && !m_folder.empty() && capacity > m_memoryBytes) {
        auto onDisk = std::make_shared<Memory>();
        onDisk->file = namelessFile(m_folder);
        if (onDisk->file.get() < 0)
            return failed(errno);
        number = onDisk->resize(capacity);
        if (number == 0 && m_size > 0)
            std::memcpy(onDisk->data, m_data, m_size);
        if (number == 0)
            m_memory = std::move(onDisk);
    } else {
        number = m_memory->resize(capacity);
    }
    if (number != 0)
        return failed(number);
    m_data = m_memory->data;
    m_capacity = m_memory->capacity;
    return true;
}

} // namespace signalbox
