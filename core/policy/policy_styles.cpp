// SPDX-License-Identifier: Apache-2.0
#include "policy_styles.h"

namespace signalbox {

namespace {

bool isPlainName(const std::string& name)
{
    return name != "." && name != ".." && name.find_first_of("/\\:") == std::string::npos;
}

} // namespace

std::string styleTableOf(const PolicyDocument& document)
{
    for (const Signal& signal : document.signalList) {
        const auto* style = std::get_if<StyleSource>(&signal.source);
        if (style && !style->table.empty())
            return style->table;
    }
    return {};
}

Result<std::shared_ptr<const UserStyles>> readStylesOf(const PolicyDocument& document,
                                                       const std::filesystem::path& folder)
{
    const std::string name = styleTableOf(document);
    if (name.empty())
        return std::shared_ptr<const UserStyles>();
    if (!isPlainName(name))
        return fail(ErrorCode::InvalidArgument,
                    "the table of answer styles must stand beside the policy", name,
                    "Name the file without a folder.");
    auto table = UserStyles::read(folder / name);
    if (!table)
        return Unexpected(table.error());
    return std::make_shared<const UserStyles>(std::move(*table));
}

} // namespace signalbox
