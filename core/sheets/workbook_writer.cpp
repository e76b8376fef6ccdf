// SPDX-License-Identifier: Apache-2.0
#include "workbook_writer.h"

#include "cell_text.h"
#include "workbook_reader.h"

#include <core/base/files.h>

#include <xlsxwriter.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

constexpr std::size_t kMostRows = 1'048'576;
constexpr std::size_t kMostColumns = 16'384;
constexpr std::size_t kMostSheetBytes = std::size_t{1} << 30;
constexpr double kMostWidth = 255;

/// A folder that goes with the object.
class ScratchFolder
{
public:
    static Result<ScratchFolder> make()
    {
        std::error_code error;
        std::string path =
            (std::filesystem::temp_directory_path(error) / "signalbox-XXXXXX").string();
        if (error || !mkdtemp(path.data()))
            return fail(ErrorCode::IoError, "there is no folder for temporary files",
                        error ? std::string() : path, "set TMPDIR to one that can be written");
        return ScratchFolder(path);
    }
    ScratchFolder(ScratchFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder()
    {
        std::error_code ignored;
        if (!m_path.empty())
            std::filesystem::remove_all(m_path, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    explicit ScratchFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

Unexpected notWritten(lxw_error error)
{
    return fail(ErrorCode::IoError,
                std::string("the workbook could not be made: ") + lxw_strerror(error), {},
                "make room on the disk, or set TMPDIR to a folder that has some");
}

/// Writes into one workbook of the library and remembers the first thing that went wrong.
class WorkbookPen
{
public:
    WorkbookPen(lxw_workbook* book, const std::string& title) : m_book(book)
    {
        std::string shown = toCellText(title);
        lxw_doc_properties properties{};
        properties.title = shown.data();
        workbook_set_properties(m_book, &properties);
        m_heading = workbook_add_format(m_book);
        format_set_bold(m_heading);
        format_set_bottom(m_heading, LXW_BORDER_THIN);
        format_set_num_format(m_heading, "@");
        m_text = workbook_add_format(m_book);
        format_set_num_format(m_text, "@"); // "=1+1" stays what it is when the cell is edited
        format_set_align(m_text, LXW_ALIGN_VERTICAL_TOP);
    }

    [[nodiscard]] std::optional<Error> write(const SheetDraft& draft)
    {
        if (draft.rows.size() >= kMostRows || draft.columns.size() > kMostColumns)
            return Error{ErrorCode::TooLarge, "a sheet holds no more than 1,048,576 rows",
                         draft.name, "export it as JSON lines"};
        if (workbook_validate_sheet_name(m_book, draft.name.c_str()) != LXW_NO_ERROR)
            return Error{ErrorCode::InvalidArgument, "this is no name for a sheet", draft.name, {}};
        m_sheet = workbook_add_worksheet(m_book, draft.name.c_str());
        if (!m_sheet)
            return Error{ErrorCode::Internal, "the sheet could not be made", draft.name, {}};
        m_name = draft.name;
        writeHead(draft);
        for (std::size_t row = 0; row < draft.rows.size(); ++row)
            writeRow(draft.rows[row], static_cast<lxw_row_t>(row + 1));
        return m_error;
    }

private:
    void writeHead(const SheetDraft& draft)
    {
        m_numbers.clear();
        for (std::size_t i = 0; i < draft.columns.size(); ++i) {
            const SheetColumn& column = draft.columns[i];
            const auto at = static_cast<lxw_col_t>(i);
            worksheet_set_column(m_sheet, at, at, std::min(column.width, kMostWidth), nullptr);
            writeText(0, at, column.name, m_heading);
            m_numbers.push_back(numberFormat(column.format));
        }
        worksheet_freeze_panes(m_sheet, 1, 0);
        if (!draft.rows.empty() && !draft.columns.empty())
            worksheet_autofilter(m_sheet, 0, 0, static_cast<lxw_row_t>(draft.rows.size()),
                                 static_cast<lxw_col_t>(draft.columns.size() - 1));
    }

    void writeRow(const std::vector<SheetCell>& cells, lxw_row_t row)
    {
        for (std::size_t i = 0; i < cells.size() && i < m_numbers.size(); ++i) {
            const auto at = static_cast<lxw_col_t>(i);
            if (const auto* const text = std::get_if<std::string>(&cells[i]))
                writeText(row, at, *text, m_text);
            else if (const auto* const number = std::get_if<double>(&cells[i]))
                note(worksheet_write_number(m_sheet, row, at, *number, m_numbers[i]));
        }
    }

    void writeText(lxw_row_t row, lxw_col_t column, const std::string& text, lxw_format* format)
    {
        if (text.empty())
            return;
        if (cellParts(text).size() > 1)
            return setError(
                {ErrorCode::InvalidArgument, "a text is longer than a cell", m_name, {}});
        note(worksheet_write_string(m_sheet, row, column, toCellText(text).c_str(), format));
    }

    lxw_format* numberFormat(const std::string& code)
    {
        const auto [found, isNew] = m_formats.try_emplace(code, nullptr);
        if (isNew) {
            found->second = workbook_add_format(m_book);
            format_set_align(found->second, LXW_ALIGN_VERTICAL_TOP);
            if (!code.empty())
                format_set_num_format(found->second, code.c_str());
        }
        return found->second;
    }

    void note(lxw_error error)
    {
        if (error != LXW_NO_ERROR)
            setError({ErrorCode::Internal, lxw_strerror(error), m_name, {}});
    }

    void setError(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
    }

    lxw_workbook* m_book;
    lxw_worksheet* m_sheet = nullptr;
    std::string m_name{};
    lxw_format* m_heading = nullptr;
    lxw_format* m_text = nullptr;
    std::map<std::string, lxw_format*> m_formats{};
    std::vector<lxw_format*> m_numbers{}; ///< by column
    std::optional<Error> m_error{};
};

std::size_t rowsWithContent(const SheetDraft& draft)
{
    return draft.columns.empty() ? 0 : draft.rows.size() + 1;
}

/// What was written is what is read: not a byte was lost on a full disk.
Result<void> checkWritten(const std::string& bytes, std::span<const SheetDraft> sheets)
{
    for (const SheetDraft& draft : sheets) {
        SheetChoice choice;
        choice.name = draft.name;
        const auto read = readWorkbook(bytes, choice);
        // What is merely too much for the reader was written whole.
        if (!read && read.error().code == ErrorCode::TooLarge)
            continue;
        if (!read || read->rows.size() > rowsWithContent(draft))
            return fail(ErrorCode::IoError, "the workbook could not be written whole", draft.name,
                        "make room on the disk, or set TMPDIR to a folder that has some");
    }
    return {};
}

} // namespace

Result<std::string> toWorkbook(std::span<const SheetDraft> sheets, const std::string& title)
{
    auto folder = ScratchFolder::make();
    if (!folder)
        return Unexpected(folder.error());
    std::string scratch = folder->path().string();
    const std::filesystem::path file = folder->path() / "workbook.xlsx";
    lxw_workbook_options options{};
    options.tmpdir = scratch.data();
    lxw_workbook* const book = workbook_new_opt(file.c_str(), &options);
    if (!book)
        return notWritten(LXW_ERROR_MEMORY_MALLOC_FAILED);
    std::optional<Error> wrong;
    {
        WorkbookPen pen(book, title);
        for (const SheetDraft& sheet : sheets) {
            if (!wrong)
                wrong = pen.write(sheet);
        }
    }
    const lxw_error closed = workbook_close(book); // frees it, too
    if (wrong)
        return Unexpected(std::move(*wrong));
    if (closed != LXW_NO_ERROR)
        return notWritten(closed);
    auto bytes = readFile(file, kMostSheetBytes);
    if (!bytes)
        return bytes;
    if (const auto whole = checkWritten(*bytes, sheets); !whole)
        return Unexpected(whole.error());
    return bytes;
}

} // namespace signalbox
