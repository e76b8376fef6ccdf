// SPDX-License-Identifier: GPL-3.0-or-later
#include "slice_table_model.h"

#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/scoreboard.h>

#include <algorithm>

namespace signalbox::ui {

namespace {

using format::Unit;

QString estimateText(const std::optional<Estimate>& estimate, Unit unit)
{
    if (!estimate)
        return SliceTableModel::tr("unknown");
    const QString value = format::estimate(estimate->value, estimate->low, estimate->high, unit);
    const QString interval = format::interval(estimate->low, estimate->high, unit);
    return interval.isEmpty()
               ? value
               : SliceTableModel::tr("%1 (%2)", "value, interval").arg(value, interval);
}

/// The value alone; its interval is in the tooltip, where the table would grow too wide.
QString valueText(const std::optional<Estimate>& estimate, Unit unit)
{
    return estimate ? format::estimate(estimate->value, estimate->low, estimate->high, unit)
                    : SliceTableModel::tr("unknown");
}

GateVerdict gateVerdictOf(signalbox::Verdict verdict)
{
    switch (verdict) {
    case signalbox::Verdict::Met:
        return GateVerdict::Met;
    case signalbox::Verdict::NotMet:
        return GateVerdict::NotMet;
    case signalbox::Verdict::NotShown:
        return GateVerdict::NotShown;
    }
    return GateVerdict::NotShown;
}

bool isGraver(GateVerdict a, GateVerdict b)
{
    const auto rank = [](GateVerdict verdict) {
        return verdict == GateVerdict::NotMet     ? 3
               : verdict == GateVerdict::NotShown ? 2
               : verdict == GateVerdict::Met      ? 1
                                                  : 0;
    };
    return rank(a) > rank(b);
}

} // namespace

SliceTableModel::SliceTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void SliceTableModel::setProjection(const std::optional<Projection>& projection)
{
    beginResetModel();
    m_rows.clear();
    if (projection) {
        const auto add = [&](const ProjectionSlice& slice, bool isTier) {
            Row row{slice, isTier, static_cast<int>(GateVerdict::None), {}};
            for (const GateResult& gate : projection->gates) {
                const GateScope scope = isTier ? GateScope::Tier : GateScope::Segment;
                if (gate.gate.per != scope || gate.subject != slice.name)
                    continue;
                const GateVerdict verdict = gateVerdictOf(gate.verdict);
                if (isGraver(verdict, static_cast<GateVerdict>(row.verdict))) {
                    row.verdict = static_cast<int>(verdict);
                    row.reason = QString::fromStdString(gate.reason);
                }
            }
            m_rows.push_back(std::move(row));
        };
        for (const ProjectionSlice& segment : projection->segments)
            add(segment, false);
        for (const ProjectionSlice& tier : projection->tiers)
            add(tier, true);
        std::ranges::stable_sort(m_rows, [](const Row& a, const Row& b) {
            if (a.isTier != b.isTier)
                return !a.isTier;
            const auto ratio = [](const Row& row) {
                return row.slice.satisfactionRatio ? row.slice.satisfactionRatio->value : 2.0;
            };
            return ratio(a) < ratio(b);
        });
    }
    endResetModel();
}

int SliceTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SliceTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString SliceTableModel::text(const Row& row, int column) const
{
    const ProjectionSlice& slice = row.slice;
    switch (column) {
    case Name:
        return (row.isTier ? tr("Tier %1") : tr("Segment %1"))
            .arg(QString::fromStdString(slice.name));
    case Requests:
        return tr("%1 (%2)", "requests, share")
            .arg(format::count(static_cast<qint64>(slice.requests)), format::percent(slice.share));
    case Saving:
        return valueText(slice.costSaving, Unit::Share);
    case Latency:
        return valueText(slice.latencyP95Ms, Unit::Milliseconds);
    case Satisfied:
        return valueText(slice.satisfaction, Unit::Share);
    case Ratio:
        return estimateText(slice.satisfactionRatio, Unit::Share);
    case Prompts:
        return format::count(static_cast<qint64>(slice.prompts));
    case Verdict:
        return row.verdict == static_cast<int>(GateVerdict::None)
                   ? tr("no gate")
                   : verdictText(static_cast<GateVerdict>(row.verdict));
    default:
        return {};
    }
}

QString SliceTableModel::toolTip(const Row& row, int column) const
{
    switch (column) {
    case Saving:
        return estimateText(row.slice.costSaving, Unit::Share);
    case Latency:
        return estimateText(row.slice.latencyP95Ms, Unit::Milliseconds);
    case Satisfied:
        return estimateText(row.slice.satisfaction, Unit::Share);
    case Verdict:
        return row.reason;
    default:
        return text(row, column);
    }
}

QVariant SliceTableModel::data(const QModelIndex& index, int role) const
{
    if (!hasIndex(index.row(), index.column(), index.parent()))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return toolTip(row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Name || index.column() == Verdict
                   ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::DecorationRole:
        if (index.column() != Verdict || row.verdict == static_cast<int>(GateVerdict::None))
            return {};
        return icon(iconFor(verdictTone(static_cast<GateVerdict>(row.verdict))),
                    verdictTone(static_cast<GateVerdict>(row.verdict)));
    case VerdictRole:
        return index.column() == Verdict ? QVariant(row.verdict) : QVariant();
    default:
        return {};
    }
}

QVariant SliceTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Name || section == Verdict ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                                     : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Part of the traffic");
    case Requests:
        return tr("Requests");
    case Saving:
        return tr("Cost saving");
    case Latency:
        return tr("p95 latency");
    case Satisfied:
        return tr("Satisfied");
    case Ratio:
        return tr("Against baseline");
    case Prompts:
        return tr("Lab prompts");
    case Verdict:
        return tr("Gate");
    default:
        return {};
    }
}

} // namespace signalbox::ui
