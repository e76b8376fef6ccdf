// SPDX-License-Identifier: Apache-2.0
#include "zip_archive.h"

#include <zip.h>

#include <array>

namespace signalbox::sheets_detail {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

struct CloseArchive
{
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct ClosePart
{
    void operator()(zip_file_t* part) const { zip_fclose(part); }
};

Unexpected damaged(const std::string& part)
{
    return fail(ErrorCode::ParseError, "the workbook is damaged or was cut off", part,
                "open it in a spreadsheet program and save it again");
}

} // namespace

struct ZipArchive::Impl
{
    std::unique_ptr<zip_t, CloseArchive> archive;
    std::size_t unpacked = 0;
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive& ZipArchive::operator=(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

Result<ZipArchive> ZipArchive::open(std::string_view bytes)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* const archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
    if (source && !archive)
        zip_source_free(source);
    zip_error_fini(&error);
    if (!archive)
        return damaged({});
    auto impl = std::make_unique<Impl>();
    impl->archive.reset(archive);
    return ZipArchive(std::move(impl));
}

bool ZipArchive::has(const std::string& part) const
{
    return zip_name_locate(m_impl->archive.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
}

Result<void> ZipArchive::unpack(const std::string& part, const Take& take)
{
    zip_t* const archive = m_impl->archive.get();
    const zip_int64_t index = zip_name_locate(archive, part.c_str(), ZIP_FL_NOCASE);
    if (index < 0)
        return fail(ErrorCode::NotFound, "the workbook has no part of that name", part);
    zip_stat_t about;
    zip_stat_init(&about);
    const auto at = static_cast<zip_uint64_t>(index);
    if (zip_stat_index(archive, at, 0, &about) == 0 && (about.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
        about.encryption_method != ZIP_EM_NONE)
        return fail(ErrorCode::Unsupported, "the file is encrypted", part,
                    "save it without a password and try again");
    const std::unique_ptr<zip_file_t, ClosePart> file(zip_fopen_index(archive, at, 0));
    if (!file)
        return damaged(part);
    std::array<char, kPieceBytes> piece{};
    while (true) {
        const zip_int64_t read = zip_fread(file.get(), piece.data(), piece.size());
        if (read < 0)
            return damaged(part);
        const auto size = static_cast<std::size_t>(read);
        m_impl->unpacked += size;
        if (m_impl->unpacked > kMostUnpacked)
            return fail(ErrorCode::TooLarge,
                        "the workbook unpacks to more than " + std::to_string(kMostUnpacked >> 20) +
                            " MB",
                        part, "take a smaller part of it, or save it as CSV");
        if (const auto taken = take({piece.data(), size}, size == 0); !taken)
            return taken;
        if (size == 0)
            return {};
    }
}

} // namespace signalbox::sheets_detail
