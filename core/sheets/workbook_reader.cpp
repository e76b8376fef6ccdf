// SPDX-License-Identifier: Apache-2.0
#include "workbook_reader.h"

#include "number_formats.h"
#include "sheet_reader.h"
#include "xml_events.h"
#include "zip_archive.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace signalbox {

namespace {

using sheets_detail::SheetContext;
using sheets_detail::XmlAttributes;
using sheets_detail::XmlListener;
using sheets_detail::XmlParser;
using sheets_detail::ZipArchive;

constexpr std::size_t kMostWorkbookBytes = std::size_t{64} << 20;
constexpr std::size_t kMostSheets = 10'000;
constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kCompoundFile("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);

/// The relations of a part: what its ids stand for.
class RelationListener final : public XmlListener
{
public:
    void begin(std::string_view element, const XmlAttributes& attributes) override
    {
        if (element != "Relationship" || targets.size() > kMostSheets)
            return;
        const std::string_view type = attributes.text("Type");
        const std::string target(attributes.text("Target"));
        targets[std::string(attributes.text("Id"))] = target;
        byType.try_emplace(std::string(type.substr(type.rfind('/') + 1)), target);
    }
    void end(std::string_view) override {}

    std::map<std::string, std::string> targets = {}; ///< by id
    std::map<std::string, std::string> byType = {};  ///< by the last word of the type
};

struct NamedSheet
{
    std::string name;
    std::string relation;
};

class WorkbookListener final : public XmlListener
{
public:
    void begin(std::string_view element, const XmlAttributes& attributes) override
    {
        if (element == "workbookPr") {
            const std::string_view flag = attributes.text("date1904");
            if (flag == "1" || flag == "true")
                dates = sheets_detail::DateSystem::From1904;
        } else if (element == "sheet" && sheets.size() < kMostSheets) {
            sheets.push_back(
                {std::string(attributes.text("name")), std::string(attributes.text("id"))});
        }
    }
    void end(std::string_view) override {}

    std::vector<NamedSheet> sheets = {};
    sheets_detail::DateSystem dates = sheets_detail::DateSystem::From1900;
};

std::int64_t integerOf(std::string_view text)
{
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Which styles of cells show a date.
class StyleListener final : public XmlListener
{
public:
    void begin(std::string_view element, const XmlAttributes& attributes) override
    {
        if (element == "numFmt") {
            m_isDate[integerOf(attributes.text("numFmtId"))] =
                sheets_detail::isDateFormat(attributes.text("formatCode"));
        } else if (element == "cellXfs") {
            m_isInCells = true;
        } else if (element == "xf" && m_isInCells) {
            const std::int64_t format = integerOf(attributes.text("numFmtId"));
            const auto own = m_isDate.find(format);
            isDate.push_back(own == m_isDate.end() ? sheets_detail::isDateFormat(format)
                                                   : own->second);
        }
    }
    void end(std::string_view element) override
    {
        if (element == "cellXfs")
            m_isInCells = false;
    }

    std::vector<bool> isDate = {};

private:
    std::map<std::int64_t, bool> m_isDate{};
    bool m_isInCells = false;
};

Result<void> hear(ZipArchive& archive, const std::string& part, XmlListener& listener)
{
    XmlParser parser(listener, part);
    return archive.unpack(
        part, [&](std::string_view piece, bool isLast) { return parser.feed(piece, isLast); });
}

/// "xl/worksheets/sheet1.xml" for "worksheets/sheet1.xml" or "/xl/worksheets/sheet1.xml" of
/// "xl/workbook.xml".
std::string partNamed(const std::string& target, const std::string& from)
{
    std::string path = target.starts_with('/')
                           ? target.substr(1)
                           : from.substr(0, from.rfind('/') + 1) + target; // npos + 1 is 0
    for (std::size_t up = path.find("/../"); up != std::string::npos; up = path.find("/../")) {
        const std::size_t folder = up == 0 ? std::string::npos : path.rfind('/', up - 1);
        path.erase(folder == std::string::npos ? 0 : folder + 1,
                   up + 4 - (folder == std::string::npos ? 0 : folder + 1));
    }
    return path;
}

std::string relationsOf(const std::string& part)
{
    const std::size_t name = part.rfind('/') + 1;
    return part.substr(0, name) + "_rels/" + part.substr(name) + ".rels";
}

bool holdsUtf16(std::string_view bytes, std::string_view ascii)
{
    std::string wide;
    for (const char c : ascii)
        wide += {c, '\0'};
    return bytes.find(wide) != std::string_view::npos;
}

Unexpected olderOrLocked(std::string_view bytes)
{
    if (holdsUtf16(bytes, "EncryptedPackage"))
        return fail(ErrorCode::Unsupported, "the workbook is protected by a password", {},
                    "open it in a spreadsheet program, take the password away and save it again");
    return fail(ErrorCode::Unsupported, "this is the older format of Excel (.xls)", {},
                "open it in a spreadsheet program and save it as .xlsx or CSV");
}

/// One workbook while it is read.
class WorkbookFile
{
public:
    explicit WorkbookFile(ZipArchive archive) : m_archive(std::move(archive)) {}

    Result<SheetReading> read(const SheetChoice& choice)
    {
        WorkbookListener workbook;
        if (const auto read = readSheets(workbook); !read)
            return Unexpected(read.error());
        RelationListener relations;
        if (const auto heard = hear(m_archive, relationsOf(m_part), relations); !heard)
            return Unexpected(heard.error());
        SheetReading reading;
        const auto sheet = chosen(workbook.sheets, choice);
        if (!sheet)
            return Unexpected(sheet.error());
        SheetContext context;
        context.dates = workbook.dates;
        if (const auto read = readContext(relations, context); !read)
            return Unexpected(read.error());
        const auto target = relations.targets.find((*sheet)->relation);
        if (target == relations.targets.end())
            return fail(ErrorCode::ParseError, "the workbook does not say where the sheet is",
                        (*sheet)->name);
        sheets_detail::SheetListener listener(context);
        if (const auto heard = hear(m_archive, partNamed(target->second, m_part), listener); !heard)
            return Unexpected(heard.error());
        reading.sheet = (*sheet)->name;
        reading.rows = std::move(listener.rows);
        return reading;
    }

    Result<std::vector<std::string>> sheetNames()
    {
        WorkbookListener workbook;
        if (const auto read = readSheets(workbook); !read)
            return Unexpected(read.error());
        std::vector<std::string> names;
        for (const NamedSheet& sheet : workbook.sheets)
            names.push_back(sheet.name);
        return names;
    }

private:
    Result<void> readSheets(WorkbookListener& workbook)
    {
        if (const auto found = findWorkbook(); !found)
            return found;
        return hear(m_archive, m_part, workbook);
    }

    Result<void> findWorkbook()
    {
        RelationListener relations;
        if (m_archive.has("_rels/.rels")) {
            if (const auto heard = hear(m_archive, "_rels/.rels", relations); !heard)
                return heard;
        }
        if (const auto main = relations.byType.find("officeDocument");
            main != relations.byType.end())
            m_part = partNamed(main->second, {});
        if (m_archive.has(m_part) && m_part.ends_with(".xml"))
            return {};
        return fail(ErrorCode::Unsupported, "the file is no .xlsx workbook", {},
                    "open it in a spreadsheet program and save it as .xlsx or CSV");
    }

    static Result<const NamedSheet*> chosen(const std::vector<NamedSheet>& sheets,
                                            const SheetChoice& choice)
    {
        if (sheets.empty())
            return fail(ErrorCode::ParseError, "the workbook has no sheet");
        const std::string& wanted = choice.name.empty() ? choice.likely : choice.name;
        const auto found = std::ranges::find(sheets, wanted, &NamedSheet::name);
        if (found != sheets.end())
            return &*found;
        if (choice.name.empty())
            return &sheets.front();
        std::string names;
        for (const NamedSheet& sheet : sheets)
            names += (names.empty() ? "it has " : ", ") + sheet.name;
        return fail(ErrorCode::NotFound, "the workbook has no sheet \"" + choice.name + "\"", {},
                    names);
    }

    Result<void> readContext(const RelationListener& relations, SheetContext& context)
    {
        if (const auto texts = relations.byType.find("sharedStrings");
            texts != relations.byType.end()) {
            sheets_detail::SharedTextListener listener;
            if (const auto heard = hear(m_archive, partNamed(texts->second, m_part), listener);
                !heard)
                return heard;
            context.sharedTexts = std::move(listener.texts);
        }
        if (const auto styles = relations.byType.find("styles"); styles != relations.byType.end()) {
            StyleListener listener;
            if (const auto heard = hear(m_archive, partNamed(styles->second, m_part), listener);
                !heard)
                return heard;
            context.isDateStyle = std::move(listener.isDate);
        }
        return {};
    }

    ZipArchive m_archive;
    std::string m_part = "xl/workbook.xml";
};

Result<WorkbookFile> openWorkbook(std::string_view bytes)
{
    if (bytes.size() > kMostWorkbookBytes)
        return fail(ErrorCode::TooLarge,
                    "the workbook has more than " + std::to_string(kMostWorkbookBytes >> 20) +
                        " MB",
                    {}, "take a smaller part of it");
    if (bytes.starts_with(kCompoundFile))
        return olderOrLocked(bytes);
    if (!bytes.starts_with(kZip))
        return fail(ErrorCode::ParseError, "the file is no .xlsx workbook", {},
                    "choose how it is to be read");
    auto archive = ZipArchive::open(bytes);
    if (!archive)
        return Unexpected(archive.error());
    return WorkbookFile(std::move(*archive));
}

} // namespace

bool isWorkbook(std::string_view bytes)
{
    return bytes.starts_with(kZip) || bytes.starts_with(kCompoundFile);
}

Result<std::vector<std::string>> sheetNamesOf(std::string_view bytes)
{
    auto file = openWorkbook(bytes);
    if (!file)
        return Unexpected(file.error());
    return file->sheetNames();
}

Result<SheetReading> readWorkbook(std::string_view bytes, const SheetChoice& choice)
{
    auto file = openWorkbook(bytes);
    if (!file)
        return Unexpected(file.error());
    return file->read(choice);
}

} // namespace signalbox
