// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.h"

#include "file_descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>

namespace signalbox {

using namespace base_detail;

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path)
{
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return Unexpected(osError("cannot open the file", path, errno));
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0)
        return Unexpected(osError("cannot read the file", path, errno));
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::InvalidArgument, "this is a folder, not a file", path.string());
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::InvalidArgument, "this is no plain file", path.string(),
                    "write it to a file first");
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size == 0)
        return std::shared_ptr<const MappedFile>(new MappedFile(nullptr, 0));
    void* const data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (data == MAP_FAILED)
        return Unexpected(osError("cannot read the file", path, errno));
    return std::shared_ptr<const MappedFile>(new MappedFile(static_cast<const char*>(data), size));
}

MappedFile::~MappedFile()
{
    if (m_data)
        ::munmap(const_cast<char*>(m_data), m_size); // NOLINT: the system's interface
}

} // namespace signalbox
