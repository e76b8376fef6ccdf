// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "csv.h"

#include <core/base/result.h>
#include <core/sheets/workbook_reader.h>

#include <string>
#include <string_view>
#include <vector>

// Inside of core/prompts.
namespace signalbox::import_detail {

/// A sheet of a workbook as the records of a table: each as wide as the first one, the heading,
/// unless it has more. Rows with a fault are refused. Columns "answer part 2", "answer part 3" …
/// go on with the text of "answer", as the export writes what no cell can hold.
/// @return as readWorkbook()
[[nodiscard]] Result<std::vector<CsvRecord>>
readSheetTable(std::string_view bytes, const SheetChoice& choice, ImportReport& report);

/// "answer part 2".
[[nodiscard]] std::string partColumnName(std::string_view column, std::size_t part);

} // namespace signalbox::import_detail
