// SPDX-License-Identifier: Apache-2.0
#include "edit.h"

#include "document_uses.h"
#include "policy_json_parts.h"

#include <algorithm>
#include <utility>

namespace signalbox {

namespace {

Edit wholeDocument(PolicyDocument document)
{
    return ReplaceDocument{Boxed<PolicyDocument>(std::move(document))};
}

Unexpected refuse(ErrorCode code, std::string message, std::string hint = {})
{
    return fail(code, std::move(message), {}, std::move(hint));
}

template<class Item, class Id> std::size_t countOf(const std::vector<Item>& items, const Id& id)
{
    return static_cast<std::size_t>(std::ranges::count(items, id, &Item::id));
}

/// Whether edits that name the id undo each other: it is neither empty nor given twice. A file may
/// hold such ids; then the inverse is the whole document.
template<class Item, class Id> bool isPlainId(const std::vector<Item>& items, const Id& id)
{
    return !id.isEmpty() && countOf(items, id) == 1;
}

template<class Item, class Id>
Result<std::size_t> indexOf(const std::vector<Item>& items, const Id& id, const char* kind)
{
    const auto found = std::ranges::find(items, id, &Item::id);
    if (found == items.end())
        return refuse(ErrorCode::NotFound,
                      std::string("there is no ") + kind + " \"" + id.value + "\"");
    return static_cast<std::size_t>(found - items.begin());
}

template<class Item, class Id>
Result<void> checkNewId(const std::vector<Item>& items, const Id& id, const char* kind)
{
    if (id.isEmpty())
        return refuse(ErrorCode::InvalidArgument, std::string("a ") + kind + " needs an id");
    if (countOf(items, id) > 0) {
        return refuse(ErrorCode::InvalidArgument,
                      std::string("there is a ") + kind + " \"" + id.value + "\" already",
                      "Choose another id.");
    }
    return {};
}

Result<void> checkIndex(std::size_t index, std::size_t last)
{
    if (index <= last)
        return {};
    return refuse(ErrorCode::InvalidArgument,
                  "the position " + std::to_string(index) + " is behind the end of the list");
}

Result<void> checkKeyReference(const ModelSpec& model)
{
    if (model.keyRef.empty() || policyjson::isKeyReference(model.keyRef))
        return {};
    return refuse(ErrorCode::InvalidArgument,
                  "the key of model \"" + model.id.value +
                      "\" is not \"env:NAME\" or "
                      "\"keychain:NAME\"",
                  "A policy never holds a key itself: put it into an environment variable or the "
                  "keychain and name it.");
}

/// Applies one edit; every check comes before the first change.
class Applier
{
public:
    explicit Applier(PolicyDocument& document) : m_document(document) {}

    Result<Edit> operator()(const InsertRule& edit)
    {
        return insert<RemoveRule>(m_document.rules, edit.index, edit.rule, "rule");
    }
    Result<Edit> operator()(const RemoveRule& edit)
    {
        return remove<InsertRule>(m_document.rules, edit.id, "rule");
    }
    Result<Edit> operator()(const ReplaceRule& edit)
    {
        const auto forEachUse = [this](const Rule* /*except*/, const auto& visit) {
            forEachRuleUse(m_document, visit);
        };
        return replace<ReplaceRule>(m_document.rules, edit.id, edit.rule, "rule", forEachUse);
    }
    Result<Edit> operator()(const MoveRule& edit)
    {
        auto& rules = m_document.rules;
        const auto from = indexOf(rules, edit.id, "rule");
        if (!from)
            return Unexpected(from.error());
        if (auto valid = checkIndex(edit.index, rules.size() - 1); !valid)
            return Unexpected(std::move(valid.error()));
        Edit inverse =
            isPlainId(rules, edit.id) ? Edit(MoveRule{edit.id, *from}) : wholeDocument(m_document);
        const auto at = [&](std::size_t index) {
            return rules.begin() + static_cast<std::ptrdiff_t>(index);
        };
        if (*from < edit.index)
            std::rotate(at(*from), at(*from + 1), at(edit.index + 1));
        else
            std::rotate(at(edit.index), at(*from), at(*from + 1));
        return inverse;
    }

    Result<Edit> operator()(const InsertSignal& edit)
    {
        return insert<RemoveSignal>(m_document.signalList, edit.index, edit.signal, "signal");
    }
    Result<Edit> operator()(const RemoveSignal& edit)
    {
        return remove<InsertSignal>(m_document.signalList, edit.id, "signal");
    }
    Result<Edit> operator()(const ReplaceSignal& edit)
    {
        const auto forEachUse = [this](const Signal* except, const auto& visit) {
            forEachSignalUse(m_document, except, visit);
        };
        return replace<ReplaceSignal>(m_document.signalList, edit.id, edit.signal, "signal",
                                      forEachUse);
    }

    Result<Edit> operator()(const InsertModel& edit)
    {
        if (auto valid = checkKeyReference(edit.model); !valid)
            return Unexpected(std::move(valid.error()));
        return insert<RemoveModel>(m_document.models, edit.index, edit.model, "model");
    }
    Result<Edit> operator()(const RemoveModel& edit)
    {
        return remove<InsertModel>(m_document.models, edit.id, "model");
    }
    Result<Edit> operator()(const ReplaceModel& edit)
    {
        if (auto valid = checkKeyReference(edit.model); !valid)
            return Unexpected(std::move(valid.error()));
        const auto forEachUse = [this](const ModelSpec* /*except*/, const auto& visit) {
            forEachModelUse(m_document, visit);
        };
        return replace<ReplaceModel>(m_document.models, edit.id, edit.model, "model", forEachUse);
    }

    Result<Edit> operator()(const SetOtherwise& edit)
    {
        return SetOtherwise{std::exchange(m_document.otherwise, edit.plan)};
    }
    Result<Edit> operator()(const SetBaseline& edit)
    {
        return SetBaseline{std::exchange(m_document.baseline, edit.model)};
    }
    Result<Edit> operator()(const SetDecideBy& edit)
    {
        return SetDecideBy{std::exchange(m_document.decideBy, edit.unit)};
    }
    Result<Edit> operator()(const SetHoldout& edit)
    {
        return SetHoldout{std::exchange(m_document.holdout, edit.holdout)};
    }
    Result<Edit> operator()(const SetAnswerStyle& edit)
    {
        return SetAnswerStyle{std::exchange(m_document.answerStyle, edit.style)};
    }
    Result<Edit> operator()(const SetVoice& edit)
    {
        return SetVoice{std::exchange(m_document.voice, edit.voice)};
    }
    Result<Edit> operator()(const SetGates& edit)
    {
        return SetGates{std::exchange(m_document.gates, edit.gates)};
    }
    Result<Edit> operator()(const SetGroups& edit)
    {
        return SetGroups{std::exchange(m_document.groups, edit.groups)};
    }
    Result<Edit> operator()(const SetMonitoring& edit)
    {
        return SetMonitoring{std::exchange(m_document.monitoring, edit.monitoring)};
    }
    Result<Edit> operator()(const SetTests& edit)
    {
        return SetTests{std::exchange(m_document.tests, edit.tests)};
    }
    Result<Edit> operator()(const SetTitle& edit)
    {
        return SetTitle{std::exchange(m_document.id, edit.id),
                        std::exchange(m_document.name, edit.name),
                        std::exchange(m_document.revision, edit.revision),
                        std::exchange(m_document.note, edit.note)};
    }
    Result<Edit> operator()(const ReplaceDocument& edit)
    {
        return wholeDocument(std::exchange(m_document, *edit.document));
    }
    Result<Edit> operator()(const Boxed<EditBatch>& edit)
    {
        const PolicyDocument before = m_document;
        EditBatch inverse;
        for (const Edit& part : edit->edits) {
            Result<Edit> undo = apply(m_document, part);
            if (!undo) {
                m_document = before;
                return undo;
            }
            inverse.edits.push_back(std::move(*undo));
        }
        std::ranges::reverse(inverse.edits);
        return Boxed<EditBatch>(std::move(inverse));
    }

private:
    template<class Remove, class Item>
    Result<Edit> insert(std::vector<Item>& items, std::size_t index, const Item& item,
                        const char* kind)
    {
        if (auto valid = checkNewId(items, item.id, kind); !valid)
            return Unexpected(std::move(valid.error()));
        if (auto valid = checkIndex(index, items.size()); !valid)
            return Unexpected(std::move(valid.error()));
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(index), item);
        return Remove{item.id};
    }

    template<class Insert, class Item, class Id>
    Result<Edit> remove(std::vector<Item>& items, const Id& id, const char* kind)
    {
        const auto index = indexOf(items, id, kind);
        if (!index)
            return Unexpected(index.error());
        const auto at = items.begin() + static_cast<std::ptrdiff_t>(*index);
        Edit inverse = isPlainId(items, id) ? Edit(Insert{*index, *at}) : wholeDocument(m_document);
        items.erase(at);
        return inverse;
    }

    /// @param forEachUse  (const Item* except, visit): each use of such an id outside of the item
    template<class Replace, class Item, class Id, class ForEachUse>
    Result<Edit> replace(std::vector<Item>& items, const Id& id, const Item& item, const char* kind,
                         const ForEachUse& forEachUse)
    {
        const auto index = indexOf(items, id, kind);
        if (!index)
            return Unexpected(index.error());
        Item& target = items[*index];
        if (item.id == id)
            return Replace{id, std::exchange(target, item)};
        if (auto valid = checkNewId(items, item.id, kind); !valid)
            return Unexpected(std::move(valid.error()));

        // A use of the new id that found nothing so far would be renamed back with the others.
        bool isExact = isPlainId(items, id);
        forEachUse(&target, [&](const Id& use) { isExact = isExact && use != item.id; });
        Edit inverse = isExact ? Edit(Replace{item.id, target}) : wholeDocument(m_document);
        forEachUse(&target, [old = Id(id), &item](Id& use) {
            if (use == old)
                use = item.id;
        });
        target = item;
        return inverse;
    }

    PolicyDocument& m_document;
};

std::string quote(const std::string& text)
{
    return '"' + text + '"';
}

std::string nameOf(const Rule& rule)
{
    return quote(rule.label.empty() ? rule.id.value : rule.label);
}

std::string nameOf(const RuleId& id, const PolicyDocument& document)
{
    const Rule* rule = document.findRule(id);
    return rule ? nameOf(*rule) : quote(id.value);
}

/// Whether two values differ in nothing but one member.
template<class T, class Member>
bool differOnlyIn(const T& before, const T& after, Member T::* member)
{
    T same = before;
    same.*member = after.*member;
    return before != after && same == after;
}

std::string describeChange(const Rule& before, const Rule& after)
{
    if (differOnlyIn(before, after, &Rule::enabled))
        return (after.enabled ? "Enable rule " : "Disable rule ") + nameOf(after);
    if (differOnlyIn(before, after, &Rule::label))
        return "Rename rule " + nameOf(before) + " to " + nameOf(after);
    if (differOnlyIn(before, after, &Rule::when))
        return "Change the condition of rule " + nameOf(after);
    if (differOnlyIn(before, after, &Rule::plan))
        return "Change the plan of rule " + nameOf(after);
    if (differOnlyIn(before, after, &Rule::note))
        return "Change the note of rule " + nameOf(after);
    if (differOnlyIn(before, after, &Rule::group))
        return (after.group.empty() ? "Take out of its group: rule " : "Group rule ") +
               nameOf(after);
    if (differOnlyIn(before, after, &Rule::uncertain))
        return "Change what rule " + nameOf(after) + " does when it is uncertain";
    return "Change rule " + nameOf(before);
}

std::string describeChange(const Signal& before, const Signal& after)
{
    if (differOnlyIn(before, after, &Signal::id))
        return "Rename signal " + quote(before.id.value) + " to " + quote(after.id.value);
    return "Change signal " + quote(after.id.value);
}

std::string describeChange(const ModelSpec& before, const ModelSpec& after)
{
    if (differOnlyIn(before, after, &ModelSpec::id))
        return "Rename model " + quote(before.id.value) + " to " + quote(after.id.value);
    if (differOnlyIn(before, after, &ModelSpec::price))
        return "Change the price of model " + quote(after.id.value);
    if (differOnlyIn(before, after, &ModelSpec::styleGuide))
        return "Change the style guide of model " + quote(after.id.value);
    return "Change model " + quote(after.id.value);
}

struct Describer
{
    const PolicyDocument& before;

    std::string operator()(const InsertRule& edit) const { return "Add rule " + nameOf(edit.rule); }
    std::string operator()(const RemoveRule& edit) const
    {
        return "Remove rule " + nameOf(edit.id, before);
    }
    std::string operator()(const ReplaceRule& edit) const
    {
        const Rule* rule = before.findRule(edit.id);
        return rule ? describeChange(*rule, edit.rule) : "Change rule " + nameOf(edit.rule);
    }
    std::string operator()(const MoveRule& edit) const
    {
        return "Move rule " + nameOf(edit.id, before);
    }
    std::string operator()(const InsertSignal& edit) const
    {
        return "Add signal " + quote(edit.signal.id.value);
    }
    std::string operator()(const RemoveSignal& edit) const
    {
        return "Remove signal " + quote(edit.id.value);
    }
    std::string operator()(const ReplaceSignal& edit) const
    {
        const Signal* signal = before.findSignal(edit.id);
        return signal ? describeChange(*signal, edit.signal)
                      : "Change signal " + quote(edit.id.value);
    }
    std::string operator()(const InsertModel& edit) const
    {
        return "Add model " + quote(edit.model.id.value);
    }
    std::string operator()(const RemoveModel& edit) const
    {
        return "Remove model " + quote(edit.id.value);
    }
    std::string operator()(const ReplaceModel& edit) const
    {
        const ModelSpec* model = before.findModel(edit.id);
        return model ? describeChange(*model, edit.model) : "Change model " + quote(edit.id.value);
    }
    std::string operator()(const SetOtherwise& /*edit*/) const
    {
        return "Change what happens otherwise";
    }
    std::string operator()(const SetBaseline& edit) const
    {
        return edit.model.isEmpty() ? "Clear the baseline"
                                    : "Make " + quote(edit.model.value) + " the baseline";
    }
    std::string operator()(const SetDecideBy& edit) const
    {
        return edit.unit == DecisionUnit::Conversation ? "Decide once per conversation"
                                                       : "Decide each request on its own";
    }
    std::string operator()(const SetHoldout& edit) const
    {
        if (!edit.holdout)
            return "Remove the holdout";
        return before.holdout ? "Change the holdout" : "Add a holdout";
    }
    std::string operator()(const SetAnswerStyle& edit) const
    {
        return edit.style.isNeutral() ? "Leave answers as they are" : "Change the answer style";
    }
    std::string operator()(const SetVoice& /*edit*/) const { return "Change the voice contract"; }
    std::string operator()(const SetGates& /*edit*/) const { return "Change the gates"; }
    std::string operator()(const SetGroups& /*edit*/) const { return "Change the groups of rules"; }
    std::string operator()(const SetMonitoring& /*edit*/) const { return "Change the monitoring"; }
    std::string operator()(const SetTests& /*edit*/) const { return "Change the tests"; }
    std::string operator()(const SetTitle& edit) const
    {
        if (edit.name != before.name)
            return "Rename the policy to " + quote(edit.name);
        return "Change the title of the policy";
    }
    std::string operator()(const ReplaceDocument& /*edit*/) const
    {
        return "Replace the whole policy";
    }
    std::string operator()(const Boxed<EditBatch>& edit) const
    {
        if (edit->edits.empty())
            return "Change nothing";
        const std::string first = describe(edit->edits.front(), before);
        const std::size_t rest = edit->edits.size() - 1;
        return rest == 0 ? first : first + " and " + std::to_string(rest) + " more";
    }
};

} // namespace

Result<Edit> apply(PolicyDocument& document, const Edit& edit)
{
    return std::visit(Applier(document), edit);
}

std::string describe(const Edit& edit, const PolicyDocument& before)
{
    return std::visit(Describer{before}, edit);
}

} // namespace signalbox
