// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox {

enum class LineKind : std::uint8_t { Plain, Header, OrderedItem, UnorderedItem, Quote };

/// Where the text of a line starts behind its block marker ("## ", "3. ", "- ", "> ").
struct LineMarker
{
    LineKind kind = LineKind::Plain;
    std::size_t length = 0; ///< bytes, white space around the marker included
};
[[nodiscard]] LineMarker lineMarker(std::string_view line);

/// The fence that a line opens or closes: '`', '~', or 0 if it is no fence.
[[nodiscard]] char fenceOf(std::string_view line);

/// Whether two or more | part the line into cells. The marks of a chat template that a server lets
/// through ("<|im_end|>") part nothing.
[[nodiscard]] bool isTableRow(std::string_view line);

/// Passages in ** or __ on one line.
[[nodiscard]] int boldPassages(std::string_view line);

/// Without link targets, bold, code and emphasis marks, as voice-1 strips them. `out` is replaced.
void stripInlineMarks(std::string_view line, std::string& out);

/// One line outside fenced code. Views live until the reader's next line, or longer if they point
/// into its text.
struct ProseLine
{
    std::string_view raw;  ///< quotes and spaces made plain, markdown as written
    std::string_view text; ///< without block marker and inline marks
    LineMarker marker;
    int bold = 0;
    bool tableRow = false;
    bool blank = false; ///< `raw` is white space only
};

/// Reads a text line by line as the first steps of voice-1 say: line ends, quotes and spaces made
/// plain, fenced code set apart, block markers recognised, inline marks stripped. O(length) in all.
class ProseReader
{
public:
    /// @param text  well-formed UTF-8; outlives the reader
    explicit ProseReader(std::string_view text) : m_text(text) {}

    /// Moves to the next line of prose; false at the end.
    [[nodiscard]] bool next(ProseLine& line);

    /// The line that `next` gave last, as it stands in the text.
    [[nodiscard]] std::string_view sourceLine() const { return m_source; }
    /// Cleans one line of the text again, apart from all others.
    void clean(std::string_view sourceLine, ProseLine& line);

    /// Characters of fenced code so far, line ends included, after plain spaces replaced tabs.
    [[nodiscard]] std::size_t codeCharacters() const { return m_codeCharacters; }
    /// Characters that normalisation added (tabs) or removed (CR before LF) so far.
    [[nodiscard]] std::ptrdiff_t addedCharacters() const { return m_addedCharacters; }

private:
    struct Scan
    {
        std::string_view raw; ///< into the text, or into m_normalized
        std::size_t tabs = 0;
        bool hasInlineMarks = false; ///< * _ ` or [
        bool isTableRow = false;
    };

    [[nodiscard]] bool takeSourceLine();
    [[nodiscard]] Scan normalize(std::string_view sourceLine);
    void finish(const Scan& scan, ProseLine& line);

    std::string_view m_text;
    std::size_t m_position = 0;
    bool m_atEnd = false;
    char m_fence = 0;
    std::string_view m_source;
    std::size_t m_codeCharacters = 0;
    std::ptrdiff_t m_addedCharacters = 0;
    std::string m_normalized;
    std::string m_table;
    std::string m_stripped;
};

} // namespace signalbox
