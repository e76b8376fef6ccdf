// SPDX-License-Identifier: Apache-2.0
#include "sheet_table.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace signalbox::import_detail {

namespace {

/// Which columns go on with the text of another one.
class ContinuedColumns
{
public:
    explicit ContinuedColumns(const std::vector<std::string>& heading) : m_continues(heading.size())
    {
        for (std::size_t i = 0; i < heading.size(); ++i) {
            std::size_t part = 2;
            for (auto next = std::ranges::find(heading, partColumnName(heading[i], part));
                 next != heading.end();
                 next = std::ranges::find(heading, partColumnName(heading[i], ++part)))
                m_continues[static_cast<std::size_t>(next - heading.begin())] = i;
        }
    }

    [[nodiscard]] std::vector<std::string> joined(std::vector<std::string> cells) const
    {
        std::vector<std::string> whole;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i < m_continues.size() && m_continues[i])
                cells[*m_continues[i]] += cells[i];
        }
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i >= m_continues.size() || !m_continues[i])
                whole.push_back(std::move(cells[i]));
        }
        return whole;
    }

    /// The heading says which columns there are, and continues none of them.
    [[nodiscard]] std::vector<std::string> heading(const std::vector<std::string>& cells) const
    {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!m_continues[i])
                names.push_back(cells[i]);
        }
        return names;
    }

private:
    std::vector<std::optional<std::size_t>> m_continues; ///< by column
};

} // namespace

std::string partColumnName(std::string_view column, std::size_t part)
{
    return std::string(column) + " part " + std::to_string(part);
}

Result<std::vector<CsvRecord>> readSheetTable(std::string_view bytes, const SheetChoice& choice,
                                              ImportReport& report)
{
    auto sheet = readWorkbook(bytes, choice);
    if (!sheet)
        return Unexpected(sheet.error());
    std::vector<CsvRecord> records;
    std::optional<ContinuedColumns> continued;
    std::size_t width = 0;
    for (SheetRow& row : sheet->rows) {
        if (!row.fault.empty()) {
            report.refuse(row.number, row.fault);
            continue;
        }
        if (!continued) {
            continued.emplace(row.cells);
            width = row.cells.size();
            records.push_back({row.number, continued->heading(row.cells)});
            continue;
        }
        row.cells.resize(std::max(row.cells.size(), width));
        records.push_back({row.number, continued->joined(std::move(row.cells))});
    }
    return records;
}

} // namespace signalbox::import_detail
