// SPDX-License-Identifier: GPL-3.0-or-later
#include "frontier_table_model.h"

#include "frontier_words.h"

#include <core/projection/gates.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/charts/chart_kit.h>
#include <ui/kit/format.h>
#include <ui/kit/text_views.h>

#include <QGuiApplication>
#include <QIcon>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kMarkPx = 18;
constexpr std::array kFigures = {FrontierTableModel::Saving, FrontierTableModel::Latency,
                                 FrontierTableModel::Quality, FrontierTableModel::Consistency};

/// Of a column with one of the four numbers.
std::optional<GateMetric> metricIn(int column)
{
    const auto found = std::ranges::find(kFigures, column);
    return found == kFigures.end()
               ? std::nullopt
               : std::optional(
                     kFrontierMetrics[static_cast<std::size_t>(found - kFigures.begin())]);
}

QString explanationOf(int column)
{
    switch (column) {
    case FrontierTableModel::Name:
        return FrontierTableModel::tr("The numbers of the points are those in the chart, the "
                                      "cheapest first.");
    case FrontierTableModel::Changes:
        return FrontierTableModel::tr(
            "The rules with settings that stand otherwise than in the policy before.");
    case FrontierTableModel::Saving:
        return FrontierTableModel::tr("What it costs less than if the baseline model answered "
                                      "everything; in grey the 95 % interval.");
    case FrontierTableModel::Latency:
        return FrontierTableModel::tr("95 % of the answers have begun by this time, retries and "
                                      "fallbacks included; in grey the 95 % interval.");
    case FrontierTableModel::Quality:
        return FrontierTableModel::tr("Satisfied requests relative to the baseline answering the "
                                      "same ones; in grey the 95 % interval.");
    case FrontierTableModel::Consistency:
        return FrontierTableModel::tr("Of 100: how little of a change of voice there is within "
                                      "conversations; in grey the 95 % interval.");
    case FrontierTableModel::Gates:
        return FrontierTableModel::tr("Gates that are shown to be met, of all that there are: one "
                                      "for each segment or tier that a gate is about.");
    case FrontierTableModel::Probability:
        return FrontierTableModel::tr("Share of the resamples in which every gate holds at once.");
    case FrontierTableModel::Verdict:
        return FrontierTableModel::tr("Of all gates together: met if every one is shown to be.");
    default:
        return {};
    }
}

/// The disc of a point, the policy's bullseye, or the model's mark, as in the chart.
PlotMark plotMarkOf(const FrontierChoice& choice, const PolicyDocument& policy)
{
    PlotMark mark;
    mark.fill = openGatesOffTheAxes(frontierPointOf(choice.report, choice.name)).empty()
                    ? PlotFill::Solid
                    : PlotFill::Hollow;
    switch (choice.kind) {
    case FrontierChoice::Kind::Found:
        mark.shape = PlotShape::Disc;
        break;
    case FrontierChoice::Kind::Present:
        mark.shape = PlotShape::Bullseye;
        break;
    case FrontierChoice::Kind::SingleModel: {
        const auto found = std::ranges::find(policy.models, ModelId(choice.name), &ModelSpec::id);
        mark.model = static_cast<int>(found - policy.models.begin());
        break;
    }
    }
    return mark;
}

QString raw(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 10) : QString();
}

} // namespace

FrontierTableModel::FrontierTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void FrontierTableModel::setFinding(std::shared_ptr<const FrontierFinding> finding)
{
    if (finding == m_finding)
        return;
    beginResetModel();
    m_finding = std::move(finding);
    m_adopted.reset();
    m_rows.clear();
    if (m_finding) {
        const Frontier& frontier = m_finding->frontier;
        m_rows.push_back({nullptr, tr("Found by the search")});
        for (const FrontierChoice& point : frontier.points)
            m_rows.push_back({&point, {}});
        m_rows.push_back({nullptr, tr("For comparison")});
        m_rows.push_back({&frontier.present, {}});
        for (const FrontierChoice& model : frontier.models)
            m_rows.push_back({&model, {}});
    }
    endResetModel();
}

void FrontierTableModel::setAdopted(std::optional<std::size_t> point)
{
    if (point == m_adopted || m_rows.empty())
        return;
    m_adopted = point;
    emit dataChanged(index(0, Name), index(rowCount() - 1, Name), {BadgeRole, BadgeToneRole});
}

const FrontierChoice* FrontierTableModel::choiceAt(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : m_rows[static_cast<std::size_t>(row)].choice;
}

int FrontierTableModel::rowOf(const FrontierChoice* choice) const
{
    const auto found = choice ? std::ranges::find(m_rows, choice, &Row::choice) : m_rows.end();
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

PlotTable FrontierTableModel::table() const
{
    PlotTable table{{tr("Point"), tr("Changes")}, {}};
    for (const Column column : kFigures) {
        QString name = headerData(column, Qt::Horizontal).toString();
        if (column == Latency)
            name = tr("%1, s", "column in seconds").arg(name);
        table.columns << name << tr("%1, low").arg(name) << tr("%1, high").arg(name);
    }
    table.columns << tr("Gates met") << tr("Gates") << tr("All gates hold");
    for (const Row& row : m_rows) {
        if (!row.choice)
            continue;
        const Projection& report = row.choice->report;
        QStringList cells{
            frontier_words::name(*row.choice),
            frontier_words::changes(m_finding->frontier, *row.choice).join(QStringLiteral("; "))};
        for (const Column column : kFigures) {
            const auto estimate = metricOf(report, *metricIn(column));
            const double scale = column == Latency ? 0.001 : 1;
            cells << (estimate ? raw(estimate->value * scale) : QString())
                  << (estimate ? raw(estimate->low * scale) : QString())
                  << (estimate ? raw(estimate->high * scale) : QString());
        }
        cells << QString::number(std::ranges::count(report.gates, signalbox::Verdict::Met,
                                                    &GateResult::verdict))
              << QString::number(report.gates.size()) << raw(report.allGatesProbability);
        table.rows.push_back(cells);
    }
    return table;
}

int FrontierTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FrontierTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString FrontierTableModel::text(const FrontierChoice& choice, int column) const
{
    if (const auto metric = metricIn(column))
        return frontier_words::number(metricOf(choice.report, *metric), *metric);
    switch (column) {
    case Name:
        return frontier_words::name(choice);
    case Changes:
        return frontier_words::changedRules(m_finding->frontier, choice);
    case Gates:
        return choice.report.gates.empty() ? tr("none") : frontier_words::gatesMet(choice.report);
    case Probability:
        return choice.report.gates.empty() ? QString()
                                           : format::percent(choice.report.allGatesProbability, 0);
    case Verdict:
        return choice.report.gates.empty() ? tr("no gate")
                                           : verdictText(frontier_words::verdictOf(choice.report));
    default:
        return {};
    }
}

QString FrontierTableModel::toolTip(const FrontierChoice& choice, int column) const
{
    if (const auto metric = metricIn(column)) {
        const QString value = text(choice, column);
        const QString interval =
            frontier_words::interval(metricOf(choice.report, *metric), *metric);
        if (*metric == GateMetric::LatencyP95Ms && interval.isEmpty() &&
            choice.report.latencyP95Ms && !std::isfinite(choice.report.latencyP95Ms->value))
            return tr("More than 5 % of the requests get no answer at all.");
        return interval.isEmpty()
                   ? QString()
                   : tr("%1, 95 % interval %2", "value, low to high").arg(value, interval);
    }
    switch (column) {
    case Name:
        return frontier_words::role(m_finding->frontier, choice);
    case Changes:
        return frontier_words::changes(m_finding->frontier, choice).join(QLatin1Char('\n'));
    case Gates:
    case Verdict: {
        QStringList open;
        for (const GateResult& result : choice.report.gates) {
            if (result.verdict != signalbox::Verdict::Met)
                open << QString::fromStdString(result.reason);
        }
        return open.isEmpty() ? verdictMeaning(frontier_words::verdictOf(choice.report))
                              : open.join(QLatin1Char('\n'));
    }
    default:
        return {};
    }
}

/// One badge at most: what it is now comes before what it was found to be.
QVariant FrontierTableModel::badge(const FrontierChoice& choice, int role) const
{
    const auto say = [role](const QString& words, Tone tone) {
        return role == BadgeRole ? QVariant(words) : QVariant(static_cast<int>(tone));
    };
    if (choice.kind != FrontierChoice::Kind::Found)
        return {};
    const auto place = static_cast<std::size_t>(&choice - m_finding->frontier.points.data());
    if (m_adopted == place)
        return say(choice.turned.empty() ? tr("as it is") : tr("adopted"), Tone::Accent);
    if (m_finding->frontier.best() == &choice)
        return say(tr("best"), Tone::Positive);
    return choice.isStillPareto ? QVariant() : say(tr("beaten"), Tone::Neutral);
}

QVariant FrontierTableModel::mark(const FrontierChoice& choice) const
{
    const qreal ratio = qGuiApp->devicePixelRatio();
    QPixmap picture(QSize(kMarkPx, kMarkPx) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    const PlotMark shape = plotMarkOf(choice, m_finding->frontier.present.policy);
    paintPlotMark(painter, QPointF(kMarkPx, kMarkPx) / 2,
                  choice.kind == FrontierChoice::Kind::Present ? 16 : 12, shape);
    painter.end();
    QIcon whole(picture);
    whole.addPixmap(picture, QIcon::Selected); // or it would be tinted there
    return whole;
}

Qt::ItemFlags FrontierTableModel::flags(const QModelIndex& index) const
{
    return index.isValid() && !choiceAt(index.row()) ? Qt::NoItemFlags // keys pass it by
                                                     : QAbstractTableModel::flags(index);
}

QVariant FrontierTableModel::data(const QModelIndex& index, int role) const
{
    if (!hasIndex(index.row(), index.column(), index.parent()))
        return {};
    const int column = index.column();
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (!row.choice)
        return role == HeadingRole                         ? QVariant(true)
               : role == Qt::DisplayRole && column == Name ? QVariant(row.heading)
               : role == Qt::TextAlignmentRole && column == Name
                   ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                   : QVariant();
    const FrontierChoice& choice = *row.choice;
    const auto metric = metricIn(column);
    const bool isFigure = metric || column == Gates || column == Probability;
    switch (role) {
    case Qt::DisplayRole:
        return withVisibleControls(text(choice, column));
    case Qt::ToolTipRole:
        return plainToolTip(toolTip(choice, column));
    case Qt::TextAlignmentRole:
        return isFigure ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                        : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return column == Name ? mark(choice) : QVariant();
    case VerdictRole:
        return column == Verdict
                   ? QVariant(static_cast<int>(frontier_words::verdictOf(choice.report)))
                   : QVariant();
    case DetailRole:
        return metric ? frontier_words::interval(metricOf(choice.report, *metric), *metric)
                      : QVariant();
    case FigureRole:
        return isFigure;
    case BadgeRole:
    case BadgeToneRole:
        return column == Name ? badge(choice, role) : QVariant();
    default:
        return {};
    }
}

QVariant FrontierTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == StretchRole)
        return section == Changes;
    if (role == Qt::TextAlignmentRole)
        return section == Name || section == Changes || section == Verdict
                   ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return plainToolTip(explanationOf(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Policy");
    case Changes:
        return tr("What it changes");
    case Saving:
        return tr("Cost saving");
    case Latency:
        return tr("p95 latency");
    case Quality:
        return tr("Quality");
    case Consistency:
        return tr("Consistency");
    case Gates:
        return tr("Gates met");
    case Probability:
        return tr("All hold", "share of resamples in which all gates hold");
    case Verdict:
        return tr("All gates");
    default:
        return {};
    }
}

} // namespace signalbox::ui
