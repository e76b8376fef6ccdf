// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox {

/// A part of an input that could not be read, kept aside rather than dropped.
struct RefusedLine
{
    std::size_t line = 0; ///< 1-based, where it begins; 0 if the input is not read by lines
    std::string message;  ///< one sentence with its place in the line, if there is one
    bool operator==(const RefusedLine&) const = default;
};

/// What became of an input beside what was read of it.
class ImportReport
{
public:
    static constexpr std::size_t kShown = 100;

    /// The first kShown, input order; refusedCount() has them all.
    [[nodiscard]] const std::vector<RefusedLine>& refused() const { return m_refused; }
    [[nodiscard]] std::size_t refusedCount() const { return m_refusedCount; }
    /// What was passed over on purpose, a sentence each: columns that mean nothing here.
    [[nodiscard]] std::vector<std::string> notes() const;

    void refuse(std::size_t line, std::string message);
    /// The error of one line's own text, without the "line 1" that its reader saw.
    void refuse(std::size_t line, const Error& error);
    /// The error of a whole text, at the line where its JSON stops being JSON.
    void refuseAt(std::string_view text, const Error& error);
    /// What is there already, word for word, and so counts once.
    void repeat() { ++m_repeatedCount; }
    [[nodiscard]] std::size_t repeatedCount() const { return m_repeatedCount; }
    /// A member or column that is not read, here once more.
    void passOver(const std::string& name) { ++m_passedOver[name]; }

    bool operator==(const ImportReport&) const = default;

private:
    std::vector<RefusedLine> m_refused{};
    std::size_t m_refusedCount = 0;
    std::size_t m_repeatedCount = 0;
    std::map<std::string, std::size_t> m_passedOver{};
};

/// "nothing could be read", with the first reason and its line.
[[nodiscard]] Error nothingRead(const ImportReport& report, const std::string& whatIsWanted);

inline constexpr std::size_t kMostImportBytes = std::size_t{64} << 20;

/// The UTF-8 of a file as spreadsheets and editors write it: without a UTF-8 byte order mark; from
/// UTF-16 if it has a mark of that. TooLarge over kMostImportBytes; ParseError for half of a
/// surrogate pair or of a unit. Bytes that are no UTF-8 stay: their lines are refused one by one.
[[nodiscard]] Result<std::string> decodedText(std::string_view bytes);

/// A line of a text; a line ends with LF, CR LF or CR.
struct TextLine
{
    std::size_t number = 0; ///< 1-based
    std::string_view text;  ///< without its end
};
[[nodiscard]] std::vector<TextLine> linesOf(std::string_view text);

[[nodiscard]] bool isBlankText(std::string_view text);
/// Without ASCII white space at both ends.
[[nodiscard]] std::string_view trimmedText(std::string_view text);

} // namespace signalbox
