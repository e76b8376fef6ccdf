// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "number_formats.h"
#include "workbook_reader.h"
#include "xml_events.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Inside of core/sheets.
namespace signalbox::sheets_detail {

/// What the cells of a sheet refer to.
struct SheetContext
{
    std::vector<std::string> sharedTexts;
    std::vector<bool> isDateStyle; ///< by the style of a cell
    DateSystem dates = DateSystem::From1900;
};

/// "AB12" is column 27 of row 12.
struct CellPlace
{
    std::size_t column = 0; ///< from 0
    std::size_t row = 0;    ///< from 1
};
[[nodiscard]] std::optional<CellPlace> cellPlaceNamed(std::string_view name);
[[nodiscard]] std::string columnName(std::size_t column); ///< 27: "AB"

inline constexpr std::size_t kMostTableBytes = std::size_t{64} << 20; ///< of all texts of a sheet

/// Hears sharedStrings.xml.
class SharedTextListener final : public XmlListener
{
public:
    void begin(std::string_view element, const XmlAttributes& attributes) override;
    void end(std::string_view element) override;
    void text(std::string_view piece) override;

    std::vector<std::string> texts = {};

private:
    bool m_isText = false;
    bool m_isSpoken = false; ///< how a text is pronounced, which is none of it
    std::string m_text{};
    std::size_t m_bytes = 0;
};

/// Hears a sheet and makes rows of it.
class SheetListener final : public XmlListener
{
public:
    explicit SheetListener(const SheetContext& context) : m_context(context) {}

    void begin(std::string_view element, const XmlAttributes& attributes) override;
    void end(std::string_view element) override;
    void text(std::string_view piece) override;

    std::vector<SheetRow> rows = {};

private:
    void beginRow(const XmlAttributes& attributes);
    void beginCell(const XmlAttributes& attributes);
    void endCell();
    void endRow();
    void put(std::string text);
    [[nodiscard]] std::string valueText() const;
    [[nodiscard]] std::string numberText() const;
    void fault(const std::string& what);

    const SheetContext& m_context;
    SheetRow m_row{};
    std::size_t m_column = 0; ///< of the cell that is read
    std::string m_type{};
    std::size_t m_style = 0;
    bool m_hasFormula = false;
    bool m_isInCell = false;
    bool m_takesText = false;
    bool m_isSpoken = false;
    std::string m_value{};
    std::size_t m_cells = 0;
    std::size_t m_bytes = 0;
};

} // namespace signalbox::sheets_detail
