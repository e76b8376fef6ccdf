// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <core/base/result.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace signalbox {

/// Which answer style each user prefers: a table beside the policy, in a file of its own, because
/// it names people and changes daily while the policy does neither. Schema:
/// resources/schema/user-styles-1.schema.json.
///
///     {"schemaVersion": 1, "styles": {"u-17": "concise", "u-21": "detailed"}}
class UserStyles
{
public:
    /// Errors: ParseError with the place; Unsupported for a newer schema; TooLarge above 64 MB. A
    /// style that is none is an error, never a quiet default.
    [[nodiscard]] static Result<UserStyles> parse(std::string_view text);
    [[nodiscard]] static Result<UserStyles> read(const std::filesystem::path& file);

    /// "concise", "balanced", "detailed", or empty for a user that the table does not name.
    [[nodiscard]] std::string_view styleOf(std::string_view user) const;
    [[nodiscard]] std::size_t size() const { return m_styles.size(); }

    void set(std::string user, std::string style) { m_styles[std::move(user)] = std::move(style); }
    [[nodiscard]] std::string toText() const; ///< users in alphabetical order

    bool operator==(const UserStyles&) const = default;

private:
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>()(text);
        }
    };
    std::unordered_map<std::string, std::string, Hash, std::equal_to<>> m_styles;
};

/// The text of the table's schema, as it was when the program was built.
[[nodiscard]] std::string_view userStylesSchemaText();

} // namespace signalbox
