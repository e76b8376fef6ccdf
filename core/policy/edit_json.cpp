// SPDX-License-Identifier: Apache-2.0
#include "names.h"
#include "policy_json.h"
#include "policy_json_parts.h"

#include <nlohmann/json.hpp>

#include <iterator>
#include <utility>

namespace signalbox {

namespace {

using namespace policyjson;

constexpr std::string_view kEditNames[] = {
    "insertRule",   "removeRule",      "replaceRule", "moveRule",      "insertSignal",
    "removeSignal", "replaceSignal",   "insertModel", "removeModel",   "replaceModel",
    "setOtherwise", "setBaseline",     "setDecideBy", "setHoldout",    "setAnswerStyle",
    "setVoice",     "setGates",        "setGroups",   "setMonitoring", "setTests",
    "setTitle",     "replaceDocument", "batch"};
static_assert(std::size(kEditNames) == std::variant_size_v<Edit>,
              "name the new edit and extend EditWriter and EditReader");

template<class Item> Json listOf(const std::vector<Item>& items)
{
    Json list = Json::array();
    for (const Item& item : items)
        list.push_back(toJson(item));
    return list;
}

/// Adds the members of an edit behind its name.
struct EditWriter
{
    Json& json;

    void operator()(const InsertRule& edit) const
    {
        json["index"] = edit.index;
        json["rule"] = toJson(edit.rule);
    }
    void operator()(const RemoveRule& edit) const { json["id"] = edit.id.value; }
    void operator()(const ReplaceRule& edit) const
    {
        json["id"] = edit.id.value;
        json["rule"] = toJson(edit.rule);
    }
    void operator()(const MoveRule& edit) const
    {
        json["id"] = edit.id.value;
        json["index"] = edit.index;
    }
    void operator()(const InsertSignal& edit) const
    {
        json["index"] = edit.index;
        json["signal"] = toJson(edit.signal);
    }
    void operator()(const RemoveSignal& edit) const { json["id"] = edit.id.value; }
    void operator()(const ReplaceSignal& edit) const
    {
        json["id"] = edit.id.value;
        json["signal"] = toJson(edit.signal);
    }
    void operator()(const InsertModel& edit) const
    {
        json["index"] = edit.index;
        json["model"] = toJson(edit.model);
    }
    void operator()(const RemoveModel& edit) const { json["id"] = edit.id.value; }
    void operator()(const ReplaceModel& edit) const
    {
        json["id"] = edit.id.value;
        json["model"] = toJson(edit.model);
    }
    void operator()(const SetOtherwise& edit) const { json["plan"] = toJson(edit.plan); }
    void operator()(const SetBaseline& edit) const { json["model"] = edit.model.value; }
    void operator()(const SetDecideBy& edit) const { json["unit"] = nameOf(edit.unit); }
    void operator()(const SetHoldout& edit) const
    {
        if (edit.holdout)
            json["holdout"] = holdoutJson(*edit.holdout);
    }
    void operator()(const SetAnswerStyle& edit) const
    {
        json["style"] = answerStyleJson(edit.style);
    }
    void operator()(const SetVoice& edit) const { json["voice"] = voiceJson(edit.voice); }
    void operator()(const SetGates& edit) const { json["gates"] = listOf(edit.gates); }
    void operator()(const SetGroups& edit) const { json["groups"] = listOf(edit.groups); }
    void operator()(const SetMonitoring& edit) const
    {
        json["monitoring"] = monitoringJson(edit.monitoring);
    }
    void operator()(const SetTests& edit) const { json["tests"] = listOf(edit.tests); }
    void operator()(const SetTitle& edit) const
    {
        json["id"] = edit.id;
        json["name"] = edit.name;
        json["revision"] = edit.revision;
        json["note"] = edit.note;
    }
    void operator()(const ReplaceDocument& edit) const
    {
        json["document"] = toJson(*edit.document);
    }
    void operator()(const Boxed<EditBatch>& edit) const { json["edits"] = listOf(edit->edits); }
};

Edit readEdit(const Json& json, const JsonPath& path, JsonProblems& problems);

/// Fills an edit of the kind that its name says.
struct EditReader
{
    JsonObjectReader& object;

    void index(std::size_t& out) const
    {
        std::int64_t value = 0;
        object.read("index", value, {0, std::numeric_limits<std::int64_t>::max()},
                    Presence::Required);
        out = static_cast<std::size_t>(value);
    }
    template<class Id> void id(Id& out) const { object.readRequired("id", out.value); }
    template<class Part, class Target>
    void part(std::string_view key, Target& out,
              Part (*read)(const Json&, const JsonPath&, JsonProblems&)) const
    {
        readPart(object, key, out, read, Presence::Required);
    }

    void operator()(InsertRule& edit) const
    {
        index(edit.index);
        part("rule", edit.rule, readRule);
    }
    void operator()(RemoveRule& edit) const { id(edit.id); }
    void operator()(ReplaceRule& edit) const
    {
        id(edit.id);
        part("rule", edit.rule, readRule);
    }
    void operator()(MoveRule& edit) const
    {
        id(edit.id);
        index(edit.index);
    }
    void operator()(InsertSignal& edit) const
    {
        index(edit.index);
        part("signal", edit.signal, readSignal);
    }
    void operator()(RemoveSignal& edit) const { id(edit.id); }
    void operator()(ReplaceSignal& edit) const
    {
        id(edit.id);
        part("signal", edit.signal, readSignal);
    }
    void operator()(InsertModel& edit) const
    {
        index(edit.index);
        part("model", edit.model, readModel);
    }
    void operator()(RemoveModel& edit) const { id(edit.id); }
    void operator()(ReplaceModel& edit) const
    {
        id(edit.id);
        part("model", edit.model, readModel);
    }
    void operator()(SetOtherwise& edit) const { part("plan", edit.plan, readPlan); }
    void operator()(SetBaseline& edit) const { object.readRequired("model", edit.model.value); }
    void operator()(SetDecideBy& edit) const
    {
        object.readEnum("unit", namesOf<DecisionUnit>(), edit.unit, Presence::Required);
    }
    void operator()(SetHoldout& edit) const
    {
        readPart(object, "holdout", edit.holdout, readHoldout);
    }
    void operator()(SetAnswerStyle& edit) const { part("style", edit.style, readAnswerStyle); }
    void operator()(SetVoice& edit) const { part("voice", edit.voice, readVoice); }
    void operator()(SetGates& edit) const
    {
        readParts(object, "gates", edit.gates, readGate, Presence::Required);
    }
    void operator()(SetGroups& edit) const
    {
        readParts(object, "groups", edit.groups, readGroup, Presence::Required);
    }
    void operator()(SetMonitoring& edit) const
    {
        part("monitoring", edit.monitoring, readMonitoring);
    }
    void operator()(SetTests& edit) const
    {
        readParts(object, "tests", edit.tests, readTest, Presence::Required);
    }
    void operator()(SetTitle& edit) const
    {
        object.readRequired("id", edit.id);
        object.readRequired("name", edit.name);
        object.readRequired("revision", edit.revision);
        object.readRequired("note", edit.note);
    }
    void operator()(ReplaceDocument& edit) const { part("document", *edit.document, readDocument); }
    void operator()(Boxed<EditBatch>& edit) const
    {
        readParts(object, "edits", edit->edits, readEdit, Presence::Required);
    }
};

/// A default edit of the alternative with this index.
template<std::size_t... Is> Edit editOfKind(std::size_t kind, std::index_sequence<Is...> /*kinds*/)
{
    Edit edit;
    static_cast<void>(((kind == Is && (edit.emplace<Is>(), true)) || ...));
    return edit;
}

Edit readEdit(const Json& json, const JsonPath& path, JsonProblems& problems)
{
    JsonObjectReader object(json, path, problems);
    const auto kind = object.readName("edit", kEditNames, Presence::Required);
    if (!kind)
        return {};
    Edit edit = editOfKind(*kind, std::make_index_sequence<std::variant_size_v<Edit>>());
    std::visit(EditReader{object}, edit);
    object.finish();
    return edit;
}

} // namespace

Json toJson(const Edit& edit)
{
    Json json = Json::object();
    json["edit"] = kEditNames[edit.index()];
    std::visit(EditWriter{json}, edit);
    return json;
}

Result<Edit> editFromJson(const Json& json)
{
    JsonProblems problems(1);
    Edit edit = readEdit(json, JsonPath(), problems);
    if (!problems.isEmpty())
        return Unexpected(problems.take().front());
    return edit;
}

} // namespace signalbox
