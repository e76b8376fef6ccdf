// SPDX-License-Identifier: Apache-2.0
// Reading requests, and the policy's tests that are made of them.

#include "names.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace signalbox {

namespace {

using namespace policyjson;

Message readMessage(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Message message;
    readEnum(object, "role", message.role, Presence::Required);
    object.readRequired("content", message.text);
    object.read("images", message.images, {0, std::numeric_limits<int>::max()});
    object.finish();
    return message;
}

void readMetadata(JsonObjectReader& request, std::vector<MetadataEntry>& metadata)
{
    const Json* json = request.find("metadata");
    if (!json)
        return;
    const JsonPath path = request.path().member("metadata");
    JsonObjectReader object(*json, path, request.problems());
    for (const std::string_view key : object.keys()) {
        if (request.problems().isFull())
            return;
        if (auto value = readScalar(*object.find(key), path.member(key), request.problems()))
            metadata.push_back({std::string(key), std::move(*value)});
    }
}

void readHeaders(JsonObjectReader& request, std::vector<HeaderEntry>& headers)
{
    const Json* json = request.find("headers");
    if (!json)
        return;
    const JsonPath path = request.path().member("headers");
    JsonObjectReader object(*json, path, request.problems());
    for (const std::string_view key : object.keys()) {
        if (request.problems().isFull())
            return;
        std::string value;
        if (object.read(key, value))
            headers.push_back({std::string(key), std::move(value)});
    }
}

void readExpectation(const Json& json, const JsonPath& path, JsonProblems& problems,
                     PolicyTest& test)
{
    JsonObjectReader object(json, path, problems);
    const Json* rule = object.find("rule");
    if (rule && rule->is_null())
        test.expectOtherwise = true;
    else if (std::string id; rule && object.read("rule", id))
        test.rule = RuleId(std::move(id));
    if (std::string id; object.read("model", id))
        test.model = ModelId(std::move(id));
    const Json* servedBy = object.find("servedBy");
    if (servedBy && servedBy->is_null())
        test.expectUnanswered = true;
    else if (std::string id; servedBy && object.read("servedBy", id))
        test.servedBy = ModelId(std::move(id));
    object.finish();
}

void readOutcomes(JsonObjectReader& test, std::vector<ForcedOutcome>& outcomes)
{
    const Json* json = test.find("outcomes");
    if (!json)
        return;
    const JsonPath path = test.path().member("outcomes");
    JsonObjectReader object(*json, path, test.problems());
    std::vector<std::string_view> names = {kAnsweringOutcome, kRejectedOutcome};
    for (const auto& entry : namesOf<AttemptFailure>())
        names.push_back(entry.name);
    for (const std::string_view model : object.keys()) {
        if (test.problems().isFull())
            return;
        const auto index = object.readName(model, names);
        if (!index)
            continue;
        ForcedOutcome outcome = {ModelId(std::string(model)),
                                 valueNamed<AttemptFailure>(names[*index]),
                                 names[*index] == kRejectedOutcome};
        outcomes.push_back(std::move(outcome));
    }
}

/// Readings of meters, in their order.
void readUsage(JsonObjectReader& request, std::vector<UsageReading>& usage)
{
    const Json* json = request.find("usage");
    if (!json)
        return;
    const JsonPath path = request.path().member("usage");
    JsonObjectReader object(*json, path, request.problems());
    for (const std::string_view signal : object.keys()) {
        if (request.problems().isFull())
            return;
        double value = 0;
        if (object.read(signal, value))
            usage.push_back({SignalId(std::string(signal)), value});
    }
}

} // namespace

Request policyjson::readRequest(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    Request request;
    object.read("requestId", request.requestId);
    object.read("conversationId", request.conversationId);
    object.read("userId", request.userId);
    object.read("style", request.style);
    readMetadata(object, request.metadata);
    readHeaders(object, request.headers);
    object.read("requestedModel", request.requestedModel);
    object.read("maxTokens", request.maxTokens);
    object.read("hasTools", request.hasTools);
    if (std::int64_t timeMs = 0; object.read("timeMs", timeMs))
        request.timeMs = timeMs;
    readUsage(object, request.usage);
    readParts(object, "messages", request.messages, readMessage, Presence::Required);
    object.finish();
    return request;
}

PolicyTest policyjson::readTest(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    PolicyTest test;
    readPart(object, "request", test.request, readRequest, Presence::Required);
    readOutcomes(object, test.outcomes);
    if (const Json* expect = object.find("expect", Presence::Required))
        readExpectation(*expect, path.member("expect"), problems, test);
    object.finish();
    return test;
}

} // namespace signalbox
