// SPDX-License-Identifier: GPL-3.0-or-later
#include "slice_table_model.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/text_views.h>
#include <ui/kit/verdict_mark.h>

#include <algorithm>
#include <array>

namespace signalbox::ui {

namespace {

/// How a column writes its numbers: one place behind the point, whatever the interval would allow.
QString shareText(double share)
{
    return format::percent(share, 1);
}

QString secondsText(double ms)
{
    return SliceTableModel::tr("%1\u202Fs", "seconds").arg(format::number(ms / 1000, 1));
}

QString valueText(const std::optional<Estimate>& estimate, QString (*textOf)(double))
{
    return estimate ? textOf(estimate->value) : SliceTableModel::tr("unknown");
}

/// "92.1 to 101.7", the unit stands with the value; empty for an interval of no width.
QString intervalText(const std::optional<Estimate>& estimate, double scale)
{
    if (!estimate || !(estimate->high > estimate->low))
        return {};
    return SliceTableModel::tr("%1 to %2", "an interval")
        .arg(format::number(estimate->low * scale, 1), format::number(estimate->high * scale, 1));
}

const std::optional<Estimate>& estimateOf(const ProjectionSlice& slice, int column)
{
    static const std::optional<Estimate> kNone;
    switch (column) {
    case SliceTableModel::Saving:
        return slice.costSaving;
    case SliceTableModel::Latency:
        return slice.latencyP95Ms;
    case SliceTableModel::Satisfied:
        return slice.satisfaction;
    case SliceTableModel::Ratio:
        return slice.satisfactionRatio;
    default:
        return kNone;
    }
}

QString explanationOf(int column)
{
    switch (column) {
    case SliceTableModel::Requests:
        return SliceTableModel::tr("Requests of the sample, and their share of all.");
    case SliceTableModel::Saving:
        return SliceTableModel::tr("What this part costs less than if the baseline model answered "
                                   "all of it; in grey the 95 % interval.");
    case SliceTableModel::Latency:
        return SliceTableModel::tr("95 % of the answers have begun by this time, retries and "
                                   "fallbacks included; in grey the 95 % interval.");
    case SliceTableModel::Satisfied:
        return SliceTableModel::tr("Share of requests with an outcome that satisfies; in grey the "
                                   "95 % interval.");
    case SliceTableModel::Ratio:
        return SliceTableModel::tr("Satisfied requests relative to the baseline answering the "
                                   "same ones. Over 100 % the policy does better than the "
                                   "baseline; in grey the 95 % interval.");
    case SliceTableModel::Prompts:
        return SliceTableModel::tr("Prompts of the lab whose recorded answers stand behind the "
                                   "numbers: the fewer, the wider the intervals.");
    case SliceTableModel::Verdict:
        return SliceTableModel::tr("The gravest verdict of the gates on this part; hold the "
                                   "pointer over it for the reason.");
    default:
        return {};
    }
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
            Row row{slice, isTier, false, static_cast<int>(GateVerdict::None), {}};
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
        const auto addHeading = [this](bool isTier) {
            const auto first = std::ranges::find(m_rows, isTier, &Row::isTier);
            if (first == m_rows.end())
                return;
            Row heading;
            heading.isTier = isTier;
            heading.isHeading = true;
            m_rows.insert(first, std::move(heading));
        };
        addHeading(false);
        addHeading(true);
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
    if (row.isHeading) {
        return column != Name ? QString()
               : row.isTier   ? tr("Tiers, by the model asked first")
                              : tr("Segments");
    }
    switch (column) {
    case Name:
        return QString::fromStdString(slice.name);
    case Requests:
        return format::count(static_cast<qint64>(slice.requests));
    case Saving:
    case Satisfied:
    case Ratio:
        return valueText(estimateOf(slice, column), shareText);
    case Latency:
        return valueText(slice.latencyP95Ms, secondsText);
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

QString SliceTableModel::detail(const Row& row, int column) const
{
    if (row.isHeading)
        return {};
    if (column == Requests)
        return shareText(row.slice.share);
    return intervalText(estimateOf(row.slice, column), column == Latency ? 1e-3 : 100);
}

QString SliceTableModel::toolTip(const Row& row, int column) const
{
    if (column == Verdict)
        return row.reason.isEmpty() ? verdictMeaning(static_cast<GateVerdict>(row.verdict))
                                    : row.reason;
    const QString more = detail(row, column);
    if (more.isEmpty())
        return {};
    return column == Requests
               ? tr("%1 requests, %2 of all").arg(text(row, column), more)
               : tr("%1, 95 % interval %2", "value, low to high").arg(text(row, column), more);
}

PlotTable SliceTableModel::table() const
{
    PlotTable table{{tr("Kind"), tr("Name"), tr("Requests"), tr("Share of requests")}, {}};
    constexpr std::array<Column, 4> kEstimated = {Saving, Latency, Satisfied, Ratio};
    for (const Column column : kEstimated) {
        QString name = headerData(column, Qt::Horizontal).toString();
        if (column == Latency)
            name = tr("%1, s", "column in seconds").arg(name);
        table.columns << name << tr("%1, low").arg(name) << tr("%1, high").arg(name);
    }
    table.columns << headerData(Prompts, Qt::Horizontal).toString()
                  << headerData(Verdict, Qt::Horizontal).toString();
    const auto raw = [](double value) { return QString::number(value, 'g', 10); };
    for (const Row& row : m_rows) {
        if (row.isHeading)
            continue;
        QStringList cells{row.isTier ? tr("tier") : tr("segment"), text(row, Name),
                          QString::number(row.slice.requests), raw(row.slice.share)};
        for (const Column column : kEstimated) {
            const std::optional<Estimate>& estimate = estimateOf(row.slice, column);
            const double scale = column == Latency ? 0.001 : 1;
            cells << (estimate ? raw(estimate->value * scale) : QString())
                  << (estimate ? raw(estimate->low * scale) : QString())
                  << (estimate ? raw(estimate->high * scale) : QString());
        }
        cells << QString::number(row.slice.prompts) << text(row, Verdict);
        table.rows.push_back(cells);
    }
    return table;
}

Qt::ItemFlags SliceTableModel::flags(const QModelIndex& index) const
{
    const bool heading = index.isValid() && m_rows[static_cast<std::size_t>(index.row())].isHeading;
    return heading ? Qt::ItemIsEnabled : QAbstractTableModel::flags(index);
}

QVariant SliceTableModel::data(const QModelIndex& index, int role) const
{
    if (!hasIndex(index.row(), index.column(), index.parent()))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return withVisibleControls(text(row, index.column()));
    case Qt::ToolTipRole:
        return plainToolTip(toolTip(row, index.column()));
    case Qt::TextAlignmentRole:
        return index.column() == Name || index.column() == Verdict
                   ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case VerdictRole:
        return index.column() == Verdict ? QVariant(row.verdict) : QVariant();
    case DetailRole:
        return detail(row, index.column());
    case HeadingRole:
        return row.isHeading;
    case FigureRole:
        return !row.isHeading && index.column() != Name && index.column() != Verdict;
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
    if (role == Qt::ToolTipRole) {
        const QString words = explanationOf(section);
        return words.isEmpty() ? QVariant() : plainToolTip(words);
    }
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
        return tr("Quality");
    case Prompts:
        return tr("Lab prompts");
    case Verdict:
        return tr("Gate");
    default:
        return {};
    }
}

} // namespace signalbox::ui
