// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

// Inside of core/sheets.
namespace signalbox::sheets_detail {

/// A zip file in memory, whose parts are unpacked piece by piece: what a part would grow to is
/// never believed, only counted.
class ZipArchive
{
public:
    /// All parts together may unpack to no more. A workbook of 64 MB of texts has about this.
    static constexpr std::size_t kMostUnpacked = std::size_t{512} << 20;

    /// @param bytes  outlive the object
    /// @return       ParseError if it is no zip file, or its end is missing
    [[nodiscard]] static Result<ZipArchive> open(std::string_view bytes);

    ZipArchive(ZipArchive&&) noexcept;
    ZipArchive& operator=(ZipArchive&&) noexcept;
    ~ZipArchive();

    [[nodiscard]] bool has(const std::string& part) const;

    using Take = std::function<Result<void>(std::string_view piece, bool isLast)>;
    /// Unpacks a part and gives its pieces to `take` until that fails. Names differ by more than
    /// the case of letters.
    /// @return NotFound; Unsupported if it is encrypted; TooLarge over kMostUnpacked; ParseError if
    ///         it is damaged; what `take` said
    [[nodiscard]] Result<void> unpack(const std::string& part, const Take& take);

private:
    struct Impl;
    explicit ZipArchive(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace signalbox::sheets_detail
