// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_spoken.h"

#include "policy_paths.h"

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

class Narrator
{
public:
    Narrator(const FlowLayout& flow, const PolicyDocument& document, const QTransform& view)
        : m_flow(flow), m_document(document), m_view(view)
    {}

    SpokenFlow tell()
    {
        add({m_flow.sourceTitle, m_flow.sourceDetail}, m_flow.source, selectDocument());
        for (std::size_t i = 0; i < m_flow.lanes.size(); ++i) {
            if (const FlowHeading* const heading = m_flow.headingAbove(static_cast<int>(i)))
                add({PolicyWords::tr("Heading"), heading->text}, heading->rect,
                    selectGroup(heading->group));
            tellLane(m_flow.lanes[i]);
        }
        for (const FlowStation& station : m_flow.stations)
            tellStation(station);
        return std::move(m_told);
    }

private:
    /// Empty words are left out.
    int add(QStringList words, const QRectF& place, PolicySelection selection, int within = -1)
    {
        words.removeAll(QString());
        SpokenPart part;
        part.name = words.join(QStringLiteral(", "));
        part.rect = m_view.mapRect(place).toAlignedRect();
        part.within = within;
        m_told.parts.push_back(std::move(part));
        m_told.selections.push_back(std::move(selection));
        return static_cast<int>(m_told.parts.size()) - 1;
    }

    void tellLane(const FlowLane& lane)
    {
        const int index = add({lane.labelText, contentOf(lane),
                               lane.enabled ? QString() : PolicyWords::tr("off"), lane.statsText},
                              lane.rect, lane.selection());
        m_told.parts.back().description = lane.lossText;
        for (const FlowChip& chip : lane.chips) {
            if (chip.kind == ConditionChip::Kind::Word)
                continue;
            add({chip.isMargin ? PolicyWords::tr("But", "before a margin") : PolicyWords::tr("If"),
                 chip.text},
                chip.rect, lane.selectionOf(chip), index);
        }
        for (const FlowNode& node : lane.nodes)
            add({PolicyWords::tr("Then"), node.badgeText, node.leadText, node.title, node.detail,
                 node.hint, node.shareText},
                node.pill, lane.selectionOf(node), index);
    }

    QString contentOf(const FlowLane& lane) const
    {
        if (lane.kind == FlowLane::Kind::Otherwise)
            return PolicyWords::plan(m_document.otherwise);
        if (lane.kind == FlowLane::Kind::Holdout)
            return m_document.holdout ? PolicyWords::text(m_document.holdout->model.value)
                                      : QString();
        const Rule* const rule = m_document.findRule(RuleId(lane.id));
        if (!rule)
            return {};
        QString content =
            PolicyWords::tr("%1 → %2", "condition, then plan")
                .arg(PolicyWords::condition(rule->when), PolicyWords::plan(rule->plan));
        if (!rule->uncertain)
            return content;
        return PolicyWords::tr("%1, but %2 → %3", "rule, margin, its plan")
            .arg(content, PolicyWords::margin(*rule->uncertain),
                 PolicyWords::plan(rule->uncertain->plan));
    }

    void tellStation(const FlowStation& station)
    {
        PolicySelection selection;
        selection.kind = PolicySelection::Kind::Model;
        selection.id = station.id.value;
        add({PolicyWords::tr("Model %1").arg(station.title),
             QStringList{station.price, station.priceUnit}.join(QLatin1Char(' ')).trimmed(),
             station.baseline ? PolicyWords::tr("baseline") : QString(), station.shareText,
             station.spendText},
            station.rect, std::move(selection));
        m_told.parts.back().isDisabled = station.model < 0;
    }

    const FlowLayout& m_flow;
    const PolicyDocument& m_document;
    const QTransform& m_view;
    SpokenFlow m_told;
};

} // namespace

int SpokenFlow::partOf(const PolicySelection& selection) const
{
    const auto find = [this](const PolicySelection& wanted) {
        const auto found = std::ranges::find(selections, wanted);
        return found == selections.end() ? -1 : static_cast<int>(found - selections.begin());
    };
    if (const int exact = find(selection); exact >= 0)
        return exact;
    PolicySelection lane = selection;
    lane.path.clear();
    return selection.kind == PolicySelection::Kind::Nothing ? -1 : find(lane);
}

SpokenFlow spokenFlow(const FlowLayout& flow, const PolicyDocument& document,
                      const PolicySelection& current, const QTransform& view)
{
    SpokenFlow told = Narrator(flow, document, view).tell();
    if (const int index = told.partOf(current); index >= 0)
        told.parts[static_cast<std::size_t>(index)].isCurrent = true;
    return told;
}

} // namespace signalbox::ui
