// SPDX-License-Identifier: Apache-2.0
#include "traffic_file.h"

#include "traffic_sections.h"

#include <core/base/crc32c.h>
#include <core/base/files.h>
#include <core/base/json.h>
#include <core/base/json_reader.h>
#include <core/base/utf8.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace signalbox {

static_assert(std::endian::native == std::endian::little, "columns are mapped as they are");

using namespace traffic_detail;

namespace {

constexpr std::string_view kMagic = "\x89SBT\r\n\x1a\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kNameBytes = 32;
constexpr std::size_t kMostSections = 65536;
constexpr std::size_t kMostAboutBytes = std::size_t{256} << 20;

struct Header
{
    std::array<char, 8> magic{};
    std::uint32_t version = kVersion;
    std::uint32_t headerBytes = 64;
    std::uint64_t fileBytes = 0;
    std::uint64_t rows = 0;
    std::uint64_t directoryOffset = 0;
    std::uint64_t directoryBytes = 0;
    std::uint32_t directorySum = 0;
    std::uint32_t nothing = 0;
    std::uint32_t headerSum = 0;
    std::uint32_t end = 0;
};
static_assert(sizeof(Header) == 64);
constexpr std::size_t kSummedHeaderBytes = 56;

struct Section
{
    std::array<char, kNameBytes> name{};
    std::uint32_t elementBytes = 1;
    std::uint32_t sum = 0;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t nothing = 0;

    [[nodiscard]] std::string_view nameText() const
    {
        const std::string_view all(name.data(), name.size());
        return all.substr(0, all.find('\0'));
    }
};
static_assert(sizeof(Section) == 64);

template<class T> std::string_view bytesOf(const T& value)
{
    return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

template<class T> std::string_view bytesOf(const Column<T>& column)
{
    return {reinterpret_cast<const char*>(column.data()), column.size() * sizeof(T)};
}

std::string aboutText(const Traffic& traffic)
{
    Json prompts = Json::array();
    for (const PromptId& id : traffic.prompts)
        prompts.push_back(id.value);
    Json signalsKept = Json::array();
    for (const KeptSignal& signal : traffic.signalValues)
        signalsKept.push_back(signal.definition);
    return toCompactJsonText({{"name", traffic.name},
                              {"synthetic", traffic.synthetic},
                              {"firstMs", traffic.firstMs},
                              {"lastMs", traffic.lastMs},
                              {"promptsLeftOut", traffic.promptsLeftOut},
                              {"segments", traffic.segments},
                              {"prompts", std::move(prompts)},
                              {"signals", std::move(signalsKept)}});
}

/// What a section of the file to be holds.
struct Part
{
    Section section;
    std::string_view bytes;
};

class PartList
{
public:
    void add(const std::string& name, std::size_t elementBytes, std::string_view bytes)
    {
        if (bytes.empty())
            return;
        Part part;
        std::copy_n(name.begin(), std::min(name.size(), kNameBytes), part.section.name.begin());
        part.section.elementBytes = static_cast<std::uint32_t>(elementBytes);
        part.section.bytes = bytes.size();
        part.bytes = bytes;
        m_parts.push_back(part);
    }
    template<class T> void add(const std::string& name, const Column<T>& column)
    {
        add(name, sizeof(T), bytesOf(column));
    }
    void add(const std::string& name, const CodeColumn& column)
    {
        std::visit([&](const auto& narrow) { add(name, narrow); }, column.codes);
    }
    std::vector<Part>& parts() { return m_parts; }

private:
    std::vector<Part> m_parts;
};

constexpr std::size_t kBlockBytes = std::size_t{4} << 20; ///< between two looks at the stop

class Writer
{
public:
    Writer(AtomicFile& file, const TrafficSaveOptions& options) : m_file(file), m_options(options)
    {}

    Result<void> write(const Traffic& traffic)
    {
        PartList list;
        const std::string about = aboutText(traffic);
        list.add("about", 1, about);
        trafficColumns(traffic, [&list](const std::string& name, const auto& column) {
            list.add(name, column);
        });
        Header header;
        std::ranges::copy(kMagic, header.magic.begin());
        header.rows = traffic.rowCount();
        for (const Part& part : list.parts())
            m_inAll += part.bytes.size();
        auto done = append(std::string(sizeof(Header), '\0'));
        std::string directory;
        for (Part& part : list.parts()) {
            if (done)
                done = writePart(part);
            directory += bytesOf(part.section);
        }
        if (done)
            done = pad();
        header.directoryOffset = m_offset;
        header.directoryBytes = directory.size();
        header.directorySum = crc32c(directory);
        header.fileBytes = m_offset + directory.size();
        header.headerSum = crc32c(bytesOf(header).substr(0, kSummedHeaderBytes));
        if (done)
            done = append(directory);
        if (done)
            done = m_file.overwrite(0, bytesOf(header));
        return done;
    }

private:
    Result<void> append(std::string_view bytes)
    {
        m_offset += bytes.size();
        return m_file.append(bytes);
    }

    Result<void> pad()
    {
        const std::size_t over = m_offset % kAlignment;
        return over == 0 ? Result<void>() : append(std::string(kAlignment - over, '\0'));
    }

    Result<void> writePart(Part& part)
    {
        if (auto padded = pad(); !padded)
            return padded;
        part.section.offset = m_offset;
        for (std::string_view rest = part.bytes; !rest.empty();) {
            if (m_options.stop && m_options.stop->load())
                return fail(ErrorCode::Cancelled, "the saving of the table was stopped");
            const std::string_view block = rest.substr(0, kBlockBytes);
            part.section.sum = crc32c(block, part.section.sum);
            if (auto written = append(block); !written)
                return written;
            rest.remove_prefix(block.size());
            m_written += block.size();
            if (m_options.progress)
                m_options.progress(m_written, m_inAll);
        }
        return {};
    }

    AtomicFile& m_file;
    const TrafficSaveOptions& m_options;
    std::size_t m_offset = 0;
    std::size_t m_written = 0;
    std::size_t m_inAll = 0;
};

Unexpected damaged(const std::string& what)
{
    return fail(ErrorCode::ParseError, "the traffic table is damaged: " + what, {},
                "import the log again");
}

/// The header, if the file is what it says.
Result<Header> headerOf(std::string_view bytes)
{
    if (!isTrafficFile(bytes))
        return fail(ErrorCode::ParseError, "this is no traffic table", {},
                    "make one of a log with: signalbox-cli traffic import");
    if (bytes.size() < sizeof(Header))
        return damaged("it ends inside its header");
    Header header;
    std::memcpy(&header, bytes.data(), sizeof(Header));
    if (header.version > kVersion)
        return fail(ErrorCode::Unsupported, "the traffic table is of a newer version than this "
                                            "program reads (" +
                                                std::to_string(header.version) + ", not " +
                                                std::to_string(kVersion) + ")");
    if (header.headerSum != crc32c(bytes.substr(0, kSummedHeaderBytes)) ||
        header.headerBytes != sizeof(Header) || header.version == 0)
        return damaged("its header is not what was written");
    if (header.fileBytes != bytes.size())
        return damaged("it is " + std::to_string(bytes.size()) + " bytes long instead of " +
                       std::to_string(header.fileBytes));
    return header;
}

Result<std::vector<Section>> directoryOf(std::string_view bytes, const Header& header)
{
    if (header.directoryOffset > bytes.size() ||
        header.directoryBytes > bytes.size() - header.directoryOffset ||
        header.directoryBytes % sizeof(Section) != 0 ||
        header.directoryBytes / sizeof(Section) > kMostSections)
        return damaged("its directory is not inside of it");
    const std::string_view text = bytes.substr(header.directoryOffset, header.directoryBytes);
    if (crc32c(text) != header.directorySum)
        return damaged("its directory is not what was written");
    std::vector<Section> sections(text.size() / sizeof(Section));
    if (!sections.empty())
        std::memcpy(sections.data(), text.data(), text.size());
    for (const Section& section : sections) {
        const std::uint32_t size = section.elementBytes;
        if (section.offset > bytes.size() || section.bytes > bytes.size() - section.offset ||
            section.offset % kAlignment != 0 ||
            (size != 1 && size != 2 && size != 4 && size != 8) || section.bytes % size != 0)
            return damaged("one of its sections is not inside of it");
    }
    return sections;
}

/// Gives a table's columns their views.
class Views
{
public:
    Views(std::string_view bytes, const std::vector<Section>& sections,
          std::shared_ptr<const void> keeper)
        : m_bytes(bytes), m_keeper(std::move(keeper))
    {
        for (const Section& section : sections)
            m_sections.emplace(section.nameText(), &section);
    }

    [[nodiscard]] std::string_view bytesOf(std::string_view name) const
    {
        const Section* const section = find(name);
        return section ? m_bytes.substr(section->offset, section->bytes) : std::string_view();
    }

    template<class T> void give(const std::string& name, Column<T>& column)
    {
        const Section* const section = find(name);
        if (!section)
            return;
        if (section->elementBytes != sizeof(T)) {
            m_wrong = name;
            return;
        }
        // Aligned: the file is mapped at a page, and the section is at a multiple of 64.
        const auto* const values = reinterpret_cast<const T*>(m_bytes.data() + section->offset);
        column = Column<T>(std::span(values, section->bytes / sizeof(T)), m_keeper);
    }
    void give(const std::string& name, CodeColumn& column)
    {
        const Section* const section = find(name);
        if (!section)
            return;
        if (section->elementBytes == 1)
            give(name, column.codes.emplace<Column<std::uint8_t>>());
        else if (section->elementBytes == 2)
            give(name, column.codes.emplace<Column<std::uint16_t>>());
        else
            give(name, column.codes.emplace<Column<std::uint32_t>>());
    }

    /// A column whose elements are of another size than it has.
    [[nodiscard]] const std::string& wrong() const { return m_wrong; }

private:
    [[nodiscard]] const Section* find(std::string_view name) const
    {
        const auto found = m_sections.find(name.substr(0, kNameBytes));
        return found == m_sections.end() ? nullptr : found->second;
    }

    std::string_view m_bytes;
    std::shared_ptr<const void> m_keeper;
    std::unordered_map<std::string_view, const Section*> m_sections;
    std::string m_wrong;
};

/// Texts of a list that is given as JSON; nothing if it is another thing.
std::optional<std::vector<std::string>> textsOf(const Json& about, const char* key)
{
    const auto found = about.find(key);
    if (found == about.end() || !found->is_array())
        return std::nullopt;
    std::vector<std::string> texts;
    for (const Json& text : *found) {
        if (!text.is_string())
            return std::nullopt;
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

bool readAbout(std::string_view text, Traffic& traffic)
{
    const auto about = parseJson(text, {kMostAboutBytes, 16});
    if (!about || !about->is_object())
        return false;
    const auto segments = textsOf(*about, "segments");
    const auto prompts = textsOf(*about, "prompts");
    const auto kept = textsOf(*about, "signals");
    const auto flag = [&about](const char* key) {
        const auto found = about->find(key);
        return found != about->end() && found->is_boolean() && found->get<bool>();
    };
    const auto time = [&about](const char* key) {
        const auto found = about->find(key);
        return found != about->end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
    };
    if (!segments || !prompts || !kept)
        return false;
    if (const auto name = about->find("name"); name != about->end() && name->is_string())
        traffic.name = name->get<std::string>();
    traffic.synthetic = flag("synthetic");
    traffic.promptsLeftOut = flag("promptsLeftOut");
    traffic.firstMs = time("firstMs");
    traffic.lastMs = time("lastMs");
    traffic.segments = *segments;
    for (const std::string& id : *prompts)
        traffic.prompts.emplace_back(id);
    for (const std::string& definition : *kept)
        traffic.signalValues.push_back({definition, {}});
    return true;
}

/// Whether the columns by which others are looked up can be: callers count and index by them
/// without looking.
bool fitsTogether(const Traffic& traffic, std::uint64_t rows)
{
    if (traffic.conversationOf.size() != rows || traffic.turnOf.size() != rows ||
        traffic.segmentOf.size() != rows || traffic.promptOf.size() != rows ||
        traffic.inputTokens.size() != rows || traffic.timeMs.size() != rows ||
        rows >= Traffic::kNone)
        return false;
    std::uint32_t next = 0;
    for (const std::uint32_t conversation : traffic.conversationOf) {
        if (conversation != next && conversation + 1 != next)
            return false;
        next = conversation + 1;
    }
    const std::size_t segments = traffic.segments.size();
    const std::size_t prompts = traffic.prompts.size();
    return std::ranges::all_of(traffic.segmentOf,
                               [segments](std::uint16_t segment) { return segment < segments; }) &&
           std::ranges::all_of(traffic.promptOf, [prompts](std::uint32_t prompt) {
               return prompt < prompts || prompt == Traffic::kNone;
           });
}

/// Columns may be left out, but not be cut off.
bool areWhole(const Traffic& traffic)
{
    const std::size_t rows = traffic.rowCount();
    const std::size_t feedback = traffic.feedback.size();
    const std::size_t attempts = traffic.attempts.size();
    bool isWhole = true;
    trafficColumns(traffic, [&](const std::string& name, const auto& column) {
        const bool isText = name.ends_with(".starts") || name.ends_with(".ends") ||
                            name.ends_with(".bytes") || name.starts_with("message.");
        const std::size_t expected = name.starts_with("feedback.")  ? feedback
                                     : name.starts_with("attempt.") ? attempts
                                                                    : rows;
        if (!isText && column.size() != 0 && column.size() != expected)
            isWhole = false;
    });
    const MessageColumns& messages = traffic.messages;
    return isWhole && (messages.begins.empty() || messages.begins.size() == rows + 1) &&
           (messages.parents.empty() || messages.parents.size() == rows) &&
           messages.texts.size() == messages.count();
}

Result<std::shared_ptr<const Traffic>> tableOf(std::string_view bytes,
                                               std::shared_ptr<const void> keeper)
{
    const auto header = headerOf(bytes);
    if (!header)
        return Unexpected(header.error());
    const auto sections = directoryOf(bytes, *header);
    if (!sections)
        return Unexpected(sections.error());
    auto traffic = std::make_shared<Traffic>();
    Views views(bytes, *sections, std::move(keeper));
    if (!readAbout(views.bytesOf("about"), *traffic))
        return damaged("what it says about itself cannot be read");
    trafficColumns(*traffic,
                   [&views](const std::string& name, auto& column) { views.give(name, column); });
    if (!views.wrong().empty())
        return damaged("its column \"" + toValidUtf8(views.wrong()) + "\" has other numbers");
    if (!fitsTogether(*traffic, header->rows) || !areWhole(*traffic))
        return damaged("its columns do not fit together");
    return std::shared_ptr<const Traffic>(std::move(traffic));
}

Error at(Error error, const std::filesystem::path& path)
{
    error.where = path.string();
    return error;
}

} // namespace

bool isTrafficFile(std::string_view begin)
{
    return begin.starts_with(kMagic);
}

Result<void> saveTraffic(const Traffic& traffic, const std::filesystem::path& path,
                         const TrafficSaveOptions& options)
{
    auto file = AtomicFile::create(path);
    if (!file)
        return Unexpected(file.error());
    if (auto written = Writer(*file, options).write(traffic); !written)
        return written;
    return file->commit();
}

Result<TrafficFile> TrafficFile::open(const std::filesystem::path& path)
{
    auto mapped = MappedFile::open(path);
    if (!mapped)
        return Unexpected(mapped.error());
    auto table = tableOf((*mapped)->bytes(), *mapped);
    if (!table)
        return Unexpected(at(table.error(), path));
    TrafficFile file;
    file.m_bytes = (*mapped)->bytes();
    file.m_keeper = std::move(*mapped);
    file.m_path = path;
    file.m_traffic = std::move(*table);
    return file;
}

Result<TrafficFile> TrafficFile::read(std::string_view bytes)
{
    // Nobody keeps these bytes but the caller; the columns only have to know that they are views.
    auto table = tableOf(bytes, std::make_shared<char>());
    if (!table)
        return Unexpected(table.error());
    TrafficFile file;
    file.m_bytes = bytes;
    file.m_traffic = std::move(*table);
    return file;
}

Result<void> TrafficFile::verify(const std::atomic<bool>* stop) const
{
    const auto header = headerOf(m_bytes);
    if (!header)
        return Unexpected(at(header.error(), m_path));
    const auto sections = directoryOf(m_bytes, *header);
    if (!sections)
        return Unexpected(at(sections.error(), m_path));
    for (const Section& section : *sections) {
        std::uint32_t sum = 0;
        for (std::string_view rest = m_bytes.substr(section.offset, section.bytes);
             !rest.empty();) {
            if (stop && stop->load())
                return fail(ErrorCode::Cancelled, "the check of the table was stopped");
            const std::string_view block = rest.substr(0, kBlockBytes);
            sum = crc32c(block, sum);
            rest.remove_prefix(block.size());
        }
        if (sum != section.sum)
            return Unexpected(at(damaged("its column \"" + toValidUtf8(section.nameText()) +
                                         "\" is not what was written")
                                     .value(),
                                 m_path));
    }
    return {};
}

} // namespace signalbox
