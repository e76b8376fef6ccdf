// SPDX-License-Identifier: Apache-2.0
#pragma once

// Inside of the library: the parts of the policy file that more than one of its readers and writers
// need. The public functions are in policy_json.h.

#include "document.h"
#include "names.h"

#include <core/base/json_reader.h>

#include <optional>
#include <string_view>
#include <vector>

namespace signalbox::policyjson {

[[nodiscard]] Json scalarJson(const Scalar& scalar);
[[nodiscard]] Json compareValueJson(const CompareValue& value);
[[nodiscard]] Json holdoutJson(const Holdout& holdout);
[[nodiscard]] Json answerStyleJson(const AnswerStyle& style);
[[nodiscard]] Json voiceJson(const VoiceContract& voice);
[[nodiscard]] Json monitoringJson(const Monitoring& monitoring);
[[nodiscard]] Json releaseJson(const Release& release);
[[nodiscard]] Json priceJson(const Price& price);
[[nodiscard]] Json uncertainJson(const Uncertain& uncertain);

/// What a forced outcome is called besides the names of failures.
inline constexpr std::string_view kAnsweringOutcome = "answers";
inline constexpr std::string_view kRejectedOutcome = "rejected";
[[nodiscard]] std::string_view outcomeName(const ForcedOutcome& outcome);

/// A text, a number or a boolean; anything else is reported.
[[nodiscard]] std::optional<Scalar> readScalar(const Json& json, const JsonPath& path,
                                               JsonProblems& problems);

// Each reads what it can; the rest keeps its default and is reported.
[[nodiscard]] ModelSpec readModel(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] Signal readSignal(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] Condition readCondition(const Json& json, const JsonPath& path,
                                      JsonProblems& problems);
[[nodiscard]] Plan readPlan(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] RuleGroup readGroup(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] Rule readRule(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] Holdout readHoldout(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] AnswerStyle readAnswerStyle(const Json& json, const JsonPath& path,
                                          JsonProblems& problems);
[[nodiscard]] VoiceContract readVoice(const Json& json, const JsonPath& path,
                                      JsonProblems& problems);
[[nodiscard]] Gate readGate(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] Monitoring readMonitoring(const Json& json, const JsonPath& path,
                                        JsonProblems& problems);
[[nodiscard]] Release readRelease(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] PolicyTest readTest(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] Request readRequest(const Json& json, const JsonPath& path, JsonProblems& problems);
[[nodiscard]] PolicyDocument readDocument(const Json& json, const JsonPath& path,
                                          JsonProblems& problems);

/// Reads a member that is one of an enum's names.
template<class E>
bool readEnum(JsonObjectReader& object, std::string_view key, E& out,
              Presence presence = Presence::Optional)
{
    return object.readEnum(key, namesOf<E>(), out, presence);
}

/// The value of a text among an enum's names; anything else is reported.
template<class E>
std::optional<E> readEnumElement(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    std::vector<std::string_view> names;
    for (const auto& entry : namesOf<E>())
        names.push_back(entry.name);
    const auto index = readName(json, path, names, problems);
    return index ? std::optional(namesOf<E>()[*index].value) : std::nullopt;
}

/// Reads a member that is a list of parts.
template<class Part>
void readParts(JsonObjectReader& object, std::string_view key, std::vector<Part>& out,
               Part (*readPart)(const Json&, const JsonPath&, JsonProblems&),
               Presence presence = Presence::Optional)
{
    out.clear();
    object.readArray(
        key,
        [&](const Json& json, const JsonPath& path) {
            out.push_back(readPart(json, path, object.problems()));
        },
        presence);
}

/// Reads a member that is one part; `out` keeps its value if there is none.
template<class Part, class Target>
bool readPart(JsonObjectReader& object, std::string_view key, Target& out,
              Part (*read)(const Json&, const JsonPath&, JsonProblems&),
              Presence presence = Presence::Optional)
{
    const Json* json = object.find(key, presence);
    if (json)
        out = read(*json, object.path().member(key), object.problems());
    return json != nullptr;
}

/// Whether a key reference is one, and not a key that somebody pasted.
[[nodiscard]] bool isKeyReference(std::string_view keyRef);

} // namespace signalbox::policyjson
