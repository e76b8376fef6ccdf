// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a workbook, as the sheet of one, and as its shared texts: reading never crashes and
// is bounded; every row has a number and, once it is read, texts of well-formed UTF-8; prompts and
// answers are read of it or not, in a sentence.

#include <core/base/utf8.h>
#include <core/prompts/answer_reader.h>
#include <core/prompts/prompt_reader.h>
#include <core/sheets/workbook_reader.h>

#include <zip.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

constexpr std::string_view kBook =
    "<workbook><sheets><sheet name='A' id='a'/><sheet name='B' id='b'/></sheets></workbook>";
constexpr std::string_view kRelations =
    "<Relationships><Relationship Id='a' Type='worksheet' Target='a.xml'/><Relationship Id='b' "
    "Type='worksheet' Target='b.xml'/><Relationship Id='s' Type='sharedStrings' Target='s.xml'/>"
    "<Relationship Id='f' Type='styles' Target='f.xml'/></Relationships>";
constexpr std::string_view kStyles =
    "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>";

void addPart(zip_t* archive, const char* name, std::string_view text)
{
    const zip_int64_t index = zip_file_add(
        archive, name, zip_source_buffer(archive, text.data(), text.size(), 0), ZIP_FL_ENC_UTF_8);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
}

/// A workbook with any bytes for two of its parts.
std::string workbookOf(std::string_view sheet, std::string_view texts)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(target);
    zip_t* const archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    addPart(archive, "xl/workbook.xml", kBook);
    addPart(archive, "xl/_rels/workbook.xml.rels", kRelations);
    addPart(archive, "xl/f.xml", kStyles);
    addPart(archive, "xl/s.xml", texts);
    addPart(archive, "xl/a.xml", sheet);
    addPart(archive, "xl/b.xml", "<worksheet/>");
    zip_close(archive);
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&error);
    return bytes;
}

void check(std::string_view bytes)
{
    const auto names = sheetNamesOf(bytes);
    require(names || !names.error().message.empty());
    const auto read = readWorkbook(bytes);
    if (!read) {
        require(!read.error().message.empty());
    } else {
        for (const SheetRow& row : read->rows) {
            require(row.number >= 1 && row.number <= 1'048'576);
            require(!row.cells.empty() || !row.fault.empty());
            for (const std::string& cell : row.cells)
                require(!firstInvalidUtf8(cell));
        }
    }
    if (const auto prompts = readPrompts(bytes, PromptFormat::Xlsx)) {
        for (const PromptCase& prompt : prompts->set.cases)
            require(checkCase(prompt).has_value());
    }
    if (const auto answers = readAnswers(bytes, AnswerFormat::Xlsx)) {
        for (const Answer& answer : answers->answers)
            require(!answer.model.isEmpty() && !answer.prompt.isEmpty());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check(bytes);
    const std::size_t half = std::min(bytes.find('\0'), bytes.size());
    check(workbookOf(bytes.substr(0, half), bytes.substr(std::min(half + 1, bytes.size()))));
    return 0;
}
