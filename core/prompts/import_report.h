// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <cstddef>
#include <map>
#include <span>
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

/// What is wrong with several parts of an input in the same way.
struct RefusedKind
{
    RefusedLine first;
    std::size_t count = 0; ///< of the parts
    std::string key;       ///< the message without what differs from part to part
    bool operator==(const RefusedKind&) const = default;
};
/// "it has no prompt (3 times, first in line 2)"; of one part "it has no prompt (line 2)".
[[nodiscard]] std::string toString(const RefusedKind& kind);

/// What became of an input beside what was read of it.
class ImportReport
{
public:
    static constexpr std::size_t kShown = 100;

    /// The first kShown, input order; refusedCount() has them all.
    [[nodiscard]] const std::vector<RefusedLine>& refused() const { return m_refused; }
    [[nodiscard]] std::size_t refusedCount() const { return m_refusedCount; }
    /// All that is wrong, each thing once, in the order in which it turned up; the first kKinds. A
    /// part may have several things wrong, so that their counts add up to more than refusedCount().
    [[nodiscard]] const std::vector<RefusedKind>& kinds() const { return m_kinds; }
    static constexpr std::size_t kKinds = 20;
    /// What was passed over on purpose, a sentence each: columns that mean nothing here.
    [[nodiscard]] std::vector<std::string> notes() const;

    /// @param kind  what the same problem of other parts says, too; empty: the message without
    ///              numbers and what stands in quotes
    void refuse(std::size_t line, std::string message, std::string kind = {});
    /// One part for several reasons, of which there is at least one.
    void refuse(std::size_t line, std::span<const std::string> messages);
    void refuse(std::size_t line, std::span<const Error> errors);
    /// What another report of the same input refused.
    void refuseAllOf(const ImportReport& other);
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
    void countKind(std::size_t line, const std::string& message, std::string kind);

    std::vector<RefusedLine> m_refused{};
    std::vector<RefusedKind> m_kinds{};
    std::size_t m_refusedCount = 0;
    std::size_t m_repeatedCount = 0;
    std::map<std::string, std::size_t> m_passedOver{};
};

/// All that is wrong, "A (3 times, first in line 2); B (line 7)", at most so many kinds.
[[nodiscard]] std::string refusedText(const ImportReport& report, std::size_t mostKinds = 5);

/// "none of 4 could be read: …", with the reasons and their lines.
[[nodiscard]] Error nothingRead(const ImportReport& report, const std::string& whatIsWanted);
/// "2 parts cannot be read: …", for whoever takes all or nothing. @param hint  what to do about it
[[nodiscard]] Error partlyRead(const ImportReport& report, const std::string& hint);

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
