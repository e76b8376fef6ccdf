// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_selection.h"

#include <core/policy/renames.h>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

using Kind = PolicySelection::Kind;

Kind kindOf(Rename::Kind kind)
{
    switch (kind) {
    case Rename::Kind::Model:
        return Kind::Model;
    case Rename::Kind::Signal:
        return Kind::Signal;
    case Rename::Kind::Rule:
        break;
    }
    return Kind::Rule;
}

/// The thing under its new id, where one edit gives it one.
class Follower
{
public:
    explicit Follower(PolicySelection selection) : m_selection(std::move(selection)) {}

    void operator()(const ReplaceModel& edit) { follow(Kind::Model, edit.id, edit.model.id); }
    void operator()(const ReplaceSignal& edit) { follow(Kind::Signal, edit.id, edit.signal.id); }
    void operator()(const ReplaceRule& edit) { follow(Kind::Rule, edit.id, edit.rule.id); }
    template<class Other> void operator()(const Other& /*edit*/)
    {
        static_assert(std::variant_size_v<Edit> == 23, "say whether the new edit renames a thing");
    }

    [[nodiscard]] PolicySelection result() && { return std::move(m_selection); }

private:
    template<class Id> void follow(Kind kind, const Id& before, const Id& after)
    {
        if (m_selection.kind == kind && m_selection.id == before.value)
            m_selection.id = after.value;
    }

    PolicySelection m_selection;
};

PolicySelection afterReplacement(PolicySelection selection, const PolicyDocument& before,
                                 const PolicyDocument& now)
{
    const std::vector<Rename> renames = renamesBetween(before, now);
    const auto found = std::ranges::find_if(renames, [&](const Rename& rename) {
        return kindOf(rename.kind) == selection.kind && rename.before == selection.id;
    });
    if (found != renames.end())
        selection.id = found->after;
    return selection;
}

} // namespace

PolicySelection selectionAfter(PolicySelection selection, const Edit& edit, const Edit& inverse)
{
    const auto* const batch = std::get_if<Boxed<EditBatch>>(&edit);
    const auto* const back = std::get_if<Boxed<EditBatch>>(&inverse);
    if (batch && back) { // the last edit is taken back first
        const std::vector<Edit>& edits = (*batch)->edits;
        const std::vector<Edit>& inverses = (*back)->edits;
        for (std::size_t i = 0; i < std::min(edits.size(), inverses.size()); ++i)
            selection =
                selectionAfter(std::move(selection), edits[i], inverses[inverses.size() - 1 - i]);
        return selection;
    }
    const auto* const now = std::get_if<ReplaceDocument>(&edit);
    const auto* const before = std::get_if<ReplaceDocument>(&inverse);
    if (now && before)
        return afterReplacement(std::move(selection), *before->document, *now->document);
    Follower follower(std::move(selection));
    std::visit(follower, edit);
    return std::move(follower).result();
}

} // namespace signalbox::ui
