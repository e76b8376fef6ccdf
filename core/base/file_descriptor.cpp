// SPDX-License-Identifier: Apache-2.0
#include "file_descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace signalbox::base_detail {

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

Result<OpenFile> openToRead(const std::filesystem::path& path)
{
    OpenFile opened{FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC))};
    if (opened.file.get() < 0)
        return Unexpected(osError("cannot open the file", path, errno));
    struct stat info = {};
    if (::fstat(opened.file.get(), &info) != 0)
        return Unexpected(osError("cannot read the file", path, errno));
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::InvalidArgument, "this is a folder, not a file", path.string());
    opened.size = static_cast<std::size_t>(info.st_size);
    opened.isPlain = S_ISREG(info.st_mode);
    return opened;
}

} // namespace signalbox::base_detail
