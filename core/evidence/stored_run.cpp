// SPDX-License-Identifier: GPL-3.0-or-later
#include "stored_run.h"

#include <core/base/ascii.h>
#include <core/base/enum_name.h>
#include <core/base/json.h>

#include <QUuid>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace signalbox {

namespace {

constexpr std::array<EnumName<RunState>, 4> kRunStateNames = {{
    {RunState::Running, "running"},
    {RunState::Paused, "paused"},
    {RunState::Stopped, "stopped"},
    {RunState::Done, "done"},
}};

/// Letters and digits in small letters: "X-Api-Key" and "apiKey" are the same name.
std::string folded(std::string_view name)
{
    std::string letters;
    for (const char c : name) {
        const char small = foldAscii(c);
        if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9'))
            letters += small;
    }
    return letters;
}

bool namesASecret(std::string_view member)
{
    constexpr std::array<std::string_view, 10> kNames = {
        "key",    "apikey",      "xapikey",     "authorization", "password",
        "secret", "accesstoken", "bearertoken", "secretkey",     "accesskey"};
    return std::ranges::find(kNames, folded(member)) != kNames.end();
}

/// "https://user:password@host".
bool isAddressWithPassword(std::string_view text)
{
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos || scheme > 20)
        return false;
    const std::string_view rest = text.substr(scheme + 3);
    const std::string_view server = rest.substr(0, rest.find_first_of("/?# \n"));
    const std::size_t at = server.rfind('@');
    return at != std::string_view::npos && server.substr(0, at).find(':') != std::string_view::npos;
}

Result<void> checkNoSecret(const Json& json, const std::string& where)
{
    if (json.is_string() && isAddressWithPassword(json.get_ref<const std::string&>()))
        return fail(ErrorCode::InvalidArgument, "an address with a password is not stored", where,
                    "put the password into a key of the keychain");
    if (json.is_object()) {
        for (const auto& [name, value] : json.items()) {
            if (value.is_string() && namesASecret(name) &&
                !value.get_ref<const std::string&>().empty())
                return fail(ErrorCode::InvalidArgument, "keys and passwords are not stored",
                            where + "." + name, "store the name of the key instead");
        }
    }
    if (json.is_structured()) {
        for (const auto& [name, value] : json.items()) {
            if (auto checked = checkNoSecret(value, where + "." + name); !checked)
                return checked;
        }
    }
    return {};
}

enum class Secrets { Allowed, Refused }; ///< a prompt may speak of passwords

Result<void> checkJson(const std::string& text, const std::string& where, Secrets secrets)
{
    const auto json = parseJson(text);
    if (!json)
        return fail(ErrorCode::InvalidArgument, "this is no JSON: " + json.error().message, where);
    return secrets == Secrets::Refused ? checkNoSecret(*json, where) : Result<void>();
}

/// A plan may hold what a person typed: that is a prompt, and may speak of passwords.
Result<void> checkPlan(const std::string& text)
{
    auto json = parseJson(text);
    if (!json)
        return fail(ErrorCode::InvalidArgument, "this is no JSON: " + json.error().message, "plan");
    if (json->is_object())
        json->erase("typed");
    return checkNoSecret(*json, "plan");
}

std::string placed(const char* list, std::size_t index)
{
    return std::string(list) + "[" + std::to_string(index) + "]";
}

} // namespace

std::string_view runStateName(RunState state)
{
    const auto* const found = std::ranges::find(kRunStateNames, state, &EnumName<RunState>::value);
    return found == kRunStateNames.end() ? std::string_view("stopped") : found->name;
}

std::optional<RunState> runStateNamed(std::string_view name)
{
    const auto* const found = std::ranges::find(kRunStateNames, name, &EnumName<RunState>::name);
    return found == kRunStateNames.end() ? std::nullopt : std::optional(found->value);
}

RunId newRunId()
{
    return RunId(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
}

Result<void> checkDraft(const RunDraft& draft)
{
    if (draft.id.isEmpty())
        return fail(ErrorCode::InvalidArgument, "a run needs an id", "id");
    if (draft.repeats < 1)
        return fail(ErrorCode::InvalidArgument, "a run asks at least once", "repeats");
    if (auto checked = checkPlan(draft.planJson); !checked)
        return checked;
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < draft.prompts.size(); ++i) {
        const StoredPrompt& prompt = draft.prompts[i];
        if (prompt.id.isEmpty() || !seen.insert(prompt.id.value).second)
            return fail(ErrorCode::InvalidArgument, "every prompt needs an id of its own",
                        placed("prompts", i));
        if (auto checked = checkJson(prompt.messagesJson, placed("prompts", i), Secrets::Allowed);
            !checked)
            return checked;
    }
    seen.clear();
    for (std::size_t i = 0; i < draft.lanes.size(); ++i) {
        const StoredLane& lane = draft.lanes[i];
        if (lane.id.isEmpty() || !seen.insert(lane.id.value).second)
            return fail(ErrorCode::InvalidArgument, "every lane needs an id of its own",
                        placed("lanes", i));
        if (auto checked = checkJson(lane.specJson, placed("lanes", i), Secrets::Refused); !checked)
            return checked;
    }
    return {};
}

std::vector<CellKey> RunContents::unfinished() const
{
    std::vector<CellKey> keys;
    for (const CellColumns& cell : cells) {
        if (!cell.isSettled)
            keys.push_back(cell.key);
    }
    return keys;
}

} // namespace signalbox
