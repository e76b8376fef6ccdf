// SPDX-License-Identifier: GPL-3.0-or-later
#include "edit_merging.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace signalbox::ui {

namespace {

void appendTo(EditBatch& batch, Edit edit)
{
    if (auto* several = std::get_if<Boxed<EditBatch>>(&edit))
        std::ranges::move((*several)->edits, std::back_inserter(batch.edits));
    else
        batch.edits.push_back(std::move(edit));
}

} // namespace

bool replacesSameThing(const Edit& earlier, const Edit& later)
{
    if (earlier.index() != later.index())
        return false;
    static_assert(std::variant_size_v<Edit> == 23,
                  "say whether the new edit replaces a whole thing");
    const auto keepsId = [&]<class Replace>(const Replace& a, const Replace& b, auto idOf) {
        return a.id == b.id && idOf(a) == a.id && idOf(b) == b.id;
    };
    if (const auto* rule = std::get_if<ReplaceRule>(&later))
        return keepsId(std::get<ReplaceRule>(earlier), *rule,
                       [](const ReplaceRule& edit) { return edit.rule.id; });
    if (const auto* signal = std::get_if<ReplaceSignal>(&later))
        return keepsId(std::get<ReplaceSignal>(earlier), *signal,
                       [](const ReplaceSignal& edit) { return edit.signal.id; });
    if (const auto* model = std::get_if<ReplaceModel>(&later))
        return keepsId(std::get<ReplaceModel>(earlier), *model,
                       [](const ReplaceModel& edit) { return edit.model.id; });
    if (const auto* move = std::get_if<MoveRule>(&later))
        return std::get<MoveRule>(earlier).id == move->id;
    return std::holds_alternative<SetOtherwise>(later) ||
           std::holds_alternative<SetBaseline>(later) ||
           std::holds_alternative<SetDecideBy>(later) ||
           std::holds_alternative<SetHoldout>(later) ||
           std::holds_alternative<SetAnswerStyle>(later) ||
           std::holds_alternative<SetVoice>(later) || std::holds_alternative<SetGates>(later) ||
           std::holds_alternative<SetGroups>(later) ||
           std::holds_alternative<SetMonitoring>(later) ||
           std::holds_alternative<SetTests>(later) || std::holds_alternative<SetTitle>(later) ||
           std::holds_alternative<ReplaceDocument>(later);
}

Edit batchOf(Edit first, Edit second)
{
    if (auto* several = std::get_if<Boxed<EditBatch>>(&first)) {
        appendTo(**several, std::move(second));
        return first;
    }
    EditBatch batch;
    batch.edits.push_back(std::move(first));
    appendTo(batch, std::move(second));
    return Boxed<EditBatch>(std::move(batch));
}

} // namespace signalbox::ui
