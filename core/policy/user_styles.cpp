// SPDX-License-Identifier: Apache-2.0
#include "user_styles.h"

#include <core/base/files.h>
#include <core/base/json_reader.h>

#include <nlohmann/json.hpp>

#include <array>
#include <map>
#include <utility>

namespace signalbox {

namespace {

constexpr int kSchemaVersion = 1;
constexpr std::size_t kLargestTable = std::size_t{64} << 20;
constexpr std::array<std::string_view, 3> kStyles = {"concise", "balanced", "detailed"};

} // namespace

Result<UserStyles> UserStyles::parse(std::string_view text)
{
    const Result<Json> json = parseJson(text, {kLargestTable, 8});
    if (!json)
        return Unexpected(json.error());
    JsonProblems problems(1);
    const JsonPath root;
    JsonObjectReader object(*json, root, problems);
    int version = kSchemaVersion;
    if (object.readRequired("schemaVersion", version) && version != kSchemaVersion)
        return fail(ErrorCode::Unsupported,
                    "the table of styles has schema version " + std::to_string(version) +
                        "; this program knows version " + std::to_string(kSchemaVersion),
                    "schemaVersion", "Open it with a newer Signalbox.");
    UserStyles table;
    if (const Json* member = object.find("styles", Presence::Required)) {
        const JsonPath path = root.member("styles");
        JsonObjectReader styles(*member, path, problems);
        for (const std::string_view user : styles.keys()) {
            const auto style = styles.readName(user, kStyles);
            if (!style)
                break;
            table.set(std::string(user), std::string(kStyles[*style]));
        }
    }
    object.finish();
    if (!problems.isEmpty())
        return Unexpected(problems.take().front());
    return table;
}

Result<UserStyles> UserStyles::read(const std::filesystem::path& file)
{
    const auto text = readFile(file, kLargestTable);
    if (!text)
        return Unexpected(text.error());
    Result<UserStyles> table = parse(*text);
    if (!table)
        table.error().where =
            file.string() + (table.error().where.empty() ? "" : ", " + table.error().where);
    return table;
}

std::string_view UserStyles::styleOf(std::string_view user) const
{
    const auto found = m_styles.find(user);
    return found == m_styles.end() ? std::string_view() : found->second;
}

std::string UserStyles::toText() const
{
    Json styles = Json::object();
    for (const auto& [user, style] : std::map(m_styles.begin(), m_styles.end()))
        styles[user] = style;
    Json json = Json::object();
    json["schemaVersion"] = kSchemaVersion;
    json["styles"] = std::move(styles);
    return toJsonText(json);
}

} // namespace signalbox
