// SPDX-License-Identifier: Apache-2.0
#include "mapped_file.h"

#include "file_descriptor.h"

#include <sys/mman.h>

#include <cerrno>

namespace signalbox {

using namespace base_detail;

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path)
{
    const auto opened = openToRead(path);
    if (!opened)
        return Unexpected(opened.error());
    if (!opened->isPlain)
        return fail(ErrorCode::InvalidArgument, "this is no plain file", path.string(),
                    "write it to a file first");
    const std::size_t size = opened->size;
    if (size == 0)
        return std::shared_ptr<const MappedFile>(new MappedFile(nullptr, 0));
    void* const data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, opened->file.get(), 0);
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
