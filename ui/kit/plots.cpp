// SPDX-License-Identifier: GPL-3.0-or-later
#include "plots.h"

#include "basic_widgets.h"
#include "model_look.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLinearGradient>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace signalbox::ui {

namespace {

constexpr double kRowHeight = 28;
constexpr double kAxisHeight = 22;
constexpr double kTitleHeight = 18; ///< of an axis' label
constexpr double kMarkColumn = 18;
constexpr double kMark = 9;
constexpr double kCellHeight = 44;
constexpr double kCellLeast = 56;
constexpr double kLegendHeight = 44;
constexpr double kRampHeight = 10;
constexpr double kRampLeast = 240;

const ThemeColors& colors()
{
    return Theme::current().colors();
}

QFont small()
{
    return Theme::font(TextRole::Small);
}

QFont caption()
{
    return Theme::font(TextRole::Caption);
}

double textWidth(const QString& text, const QFont& font)
{
    return QFontMetricsF(font).horizontalAdvance(text);
}

/// Widest label with room for its mark, at most two fifths of the whole.
template<class Rows> double labelColumn(const Rows& rows, double whole, int fixed)
{
    if (fixed > 0)
        return fixed;
    double width = 0;
    for (const auto& row : rows)
        width = std::max(width, textWidth(row.label, small()) + (row.model >= 0 ? kMarkColumn : 0));
    return std::min(std::ceil(width) + space::kGap, whole * 0.4);
}

void paintLabel(QPainter& painter, QRectF rect, const QString& label, int model, bool weak)
{
    if (model >= 0) {
        const ModelLook look = lookFor(model);
        paintMark(painter, QPointF(rect.left() + kMark / 2 + 1, rect.center().y()), kMark,
                  look.mark, weak ? colors().textDisabled : look.color);
        rect.setLeft(rect.left() + kMarkColumn);
    }
    painter.setFont(small());
    painter.setPen(weak ? colors().textMuted : colors().text);
    painter.drawText(rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(painter.font())
                         .elidedText(label, Qt::ElideRight, rect.width() - space::kHalf));
}

/// A horizontal axis and the vertical lines of its ticks.
class Axis
{
public:
    Axis(double low, double high, bool log, const QRectF& plot)
        : m_low(low), m_high(high), m_log(log), m_plot(plot)
    {}

    [[nodiscard]] double x(double value) const
    {
        const double share =
            m_log ? std::log(std::max(value, m_low) / m_low) / std::log(m_high / m_low)
                  : (value - m_low) / (m_high - m_low);
        return m_plot.left() + std::clamp(share, 0.0, 1.0) * m_plot.width();
    }

    void paint(QPainter& painter, format::Unit unit, const QString& label) const
    {
        painter.setFont(caption());
        auto ticks = niceTicks(m_low, m_high, std::max(2, int(m_plot.width() / 64)), m_log);
        if (unit == format::Unit::Count) // whole things: no tick between them
            std::erase_if(ticks, [](double t) { return std::abs(t - std::round(t)) > 1e-9; });
        double free = -1e9;
        for (const double tick : ticks) {
            const double at = std::round(x(tick));
            painter.fillRect(QRectF(at, m_plot.top(), 1, m_plot.height()),
                             tick == 0 ? colors().chartAxis : colors().neutral.line);
            const QString text = tickText(tick, unit, ticks);
            const double width = textWidth(text, caption());
            if (at - width / 2 < free)
                continue;
            painter.setPen(colors().chartInk);
            painter.drawText(QRectF(at - width / 2 - 2, m_plot.bottom() + 4, width + 4, 16),
                             Qt::AlignHCenter | Qt::AlignTop, text);
            free = at + width / 2 + 6;
        }
        if (label.isEmpty())
            return;
        painter.setPen(colors().chartInk);
        painter.drawText(
            QRectF(m_plot.left(), m_plot.bottom() + kAxisHeight, m_plot.width(), kTitleHeight),
            Qt::AlignHCenter | Qt::AlignVCenter, label);
    }

private:
    /// All ticks with the same number of places.
    [[nodiscard]] QString tickText(double tick, format::Unit unit,
                                   const std::vector<double>& ticks) const
    {
        const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
        const double scale = unit == format::Unit::Share || unit == format::Unit::Score ? 100 : 1;
        const int places =
            std::clamp(static_cast<int>(std::ceil(-std::log10(step * scale) - 1e-9)), 0, 6);
        switch (unit) {
        case format::Unit::Share:
            return format::percent(tick, places);
        case format::Unit::Score:
            return format::number(tick * 100, places);
        case format::Unit::Milliseconds:
            return std::abs(tick) >= 1000 ? format::brief(tick / 1000) + QStringLiteral("\u202Fs")
                                          : format::brief(tick) + QStringLiteral("\u202Fms");
        case format::Unit::Usd:
            return QStringLiteral("$") + format::brief(tick);
        case format::Unit::Count:
        case format::Unit::Plain:
            return m_log ? format::brief(tick) : format::number(tick, places);
        }
        return {};
    }

    double m_low;
    double m_high;
    bool m_log;
    QRectF m_plot;
};

QString csvCell(QString cell)
{
    // A spreadsheet would run these as formulas; a leading minus of a number is harmless.
    if (!cell.isEmpty()) {
        bool isNumber = false;
        cell.toDouble(&isNumber);
        const QChar first = cell[0];
        if (!isNumber && QStringLiteral("=+-@\t\r").contains(first))
            cell.prepend(QLatin1Char('\''));
    }
    const bool quoted = cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')) ||
                        cell.contains(QLatin1Char('\n')) || cell.contains(QLatin1Char('\r'));
    return quoted ? QLatin1Char('"') + cell.replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
                        QLatin1Char('"')
                  : cell;
}

QString csvLine(const QStringList& cells)
{
    QStringList line;
    for (const QString& cell : cells)
        line << csvCell(cell);
    return line.join(QLatin1Char(',')) + QStringLiteral("\r\n");
}

/// A number for a table: full precision, point as decimal sign.
QString raw(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 10) : QString();
}

} // namespace

std::pair<double, double> niceLogRange(double low, double high)
{
    constexpr std::array<double, 4> kFactors = {1, 2, 5, 10};
    const auto parts = [](double value) {
        const double power = std::pow(10, std::floor(std::log10(value)));
        return std::pair(power, value / power);
    };
    const auto [lowPower, lowFactor] = parts(low);
    const auto [highPower, highFactor] = parts(high);
    const auto below = std::find_if(kFactors.rbegin(), kFactors.rend(),
                                    [f = lowFactor](double k) { return k <= f * (1 + 1e-9); });
    const auto above = std::find_if(kFactors.begin(), kFactors.end(),
                                    [f = highFactor](double k) { return k >= f * (1 - 1e-9); });
    return {(below == kFactors.rend() ? 1 : *below) * lowPower,
            (above == kFactors.end() ? 10 : *above) * highPower};
}

std::vector<double> niceTicks(double low, double high, int wanted, bool log)
{
    std::vector<double> ticks;
    if (!(high > low) || wanted < 1)
        return ticks;
    if (log && low > 0) {
        const double decades = std::log10(high / low);
        const std::vector<double> factors = decades * 2 <= wanted     ? std::vector<double>{1, 2, 5}
                                            : decades * 1.4 <= wanted ? std::vector<double>{1, 3}
                                                                      : std::vector<double>{1};
        const double stride = std::max(1.0, std::ceil(decades / wanted));
        for (double power = std::floor(std::log10(low)); power <= std::ceil(std::log10(high));
             power += stride) {
            for (const double factor : factors) {
                const double value = factor * std::pow(10, power);
                if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                    ticks.push_back(value);
            }
        }
        if (ticks.size() >= 2)
            return ticks;
        ticks.clear(); // less than a decade: linear ticks say more
    }
    const double rough = (high - low) / wanted;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double ratio = rough / power;
    const double step = power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
    const double first = std::ceil(low / step - 1e-9);
    for (double i = first; i * step <= high + step * 1e-9; ++i)
        ticks.push_back(i == 0 ? 0 : i * step);
    return ticks;
}

QString PlotTable::toCsv() const
{
    QString text = csvLine(columns);
    for (const QStringList& row : rows)
        text += csvLine(row);
    return text;
}

// PlotView

PlotView::PlotView(QWidget* parent) : QWidget(parent) {}

void PlotView::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(title);
}

void PlotView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    render(painter, QRectF(rect()));
}

/// The first rows as text: enough to know the plot by ear, the table twin has the rest.
void PlotView::dataChanged()
{
    constexpr std::size_t kSpokenRows = 12;
    const PlotTable content = table();
    QStringList lines;
    for (std::size_t i = 0; i < std::min(kSpokenRows, content.rows.size()); ++i) {
        QStringList cells;
        for (qsizetype c = 0; c < content.rows[i].size(); ++c) {
            if (!content.rows[i][c].isEmpty())
                cells << (c == 0
                              ? content.rows[i][c]
                              : content.columns.value(c) + QLatin1Char(' ') + content.rows[i][c]);
        }
        lines << cells.join(QStringLiteral(", "));
    }
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

// IntervalPlot

IntervalPlot::IntervalPlot(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void IntervalPlot::setRows(std::vector<IntervalRow> rows)
{
    m_rows = std::move(rows);
    dataChanged();
}

void IntervalPlot::setRange(double low, double high)
{
    m_range = std::pair(low, high);
    update();
}

void IntervalPlot::setReference(double value, const QString& label)
{
    m_reference = std::pair(value, label);
    update();
}

void IntervalPlot::setUnit(format::Unit unit)
{
    m_unit = unit;
    dataChanged();
}

void IntervalPlot::setAxisLabel(const QString& label)
{
    m_axisLabel = label;
    updateGeometry();
    update();
}

void IntervalPlot::setLabelWidth(int width)
{
    m_labelWidth = width;
    update();
}

void IntervalPlot::setNoteWidth(int width)
{
    m_noteWidth = width;
    update();
}

PlotTable IntervalPlot::table() const
{
    PlotTable table{{tr("Name"), tr("Value"), tr("Low"), tr("High"), tr("Note")}, {}};
    for (const IntervalRow& row : m_rows)
        table.rows.push_back({row.label, raw(row.value), raw(row.low), raw(row.high), row.note});
    return table;
}

std::pair<double, double> IntervalPlot::axisRange() const
{
    if (m_range && m_range->second > m_range->first)
        return *m_range;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto include = [&](double v) {
        if (std::isfinite(v)) {
            low = std::min(low, v);
            high = std::max(high, v);
        }
    };
    for (const IntervalRow& row : m_rows) {
        include(row.low);
        include(row.value);
        include(row.high);
    }
    if (m_reference)
        include(m_reference->first);
    if (!(high > low))
        return std::isfinite(low) ? std::pair(low - 1, low + 1) : std::pair(0.0, 1.0);
    const double air = (high - low) * 0.06;
    return {low - air, high + air};
}

void IntervalPlot::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double labels = labelColumn(m_rows, rect.width(), m_labelWidth);
    double notes = 0;
    for (const IntervalRow& row : m_rows)
        notes = std::max(notes, textWidth(row.note, caption()));
    notes = m_noteWidth > 0 ? m_noteWidth
            : notes > 0     ? std::min(notes + space::kGap, rect.width() * 0.3)
                            : space::kGap;
    const double top = m_reference ? 16 : 0;
    const double bottom = kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight);
    const QRectF plot = rect.adjusted(labels, top, -notes, -bottom);
    const auto [low, high] = axisRange();
    const Axis axis(low, high, false, plot);
    axis.paint(painter, m_unit, m_axisLabel);
    if (m_reference) {
        const double at = axis.x(m_reference->first);
        painter.setPen(QPen(colors().textMuted, 1, Qt::DashLine));
        painter.drawLine(QPointF(at, plot.top() - 2), QPointF(at, plot.bottom()));
        painter.setFont(caption());
        painter.setPen(colors().textMuted);
        const double width = textWidth(m_reference->second, caption());
        const double left = std::clamp(at - width / 2, rect.left(), rect.right() - width);
        painter.drawText(QRectF(left, rect.top(), width + 2, 14), Qt::AlignLeft | Qt::AlignVCenter,
                         m_reference->second);
    }
    const double step = m_rows.empty() ? 0 : plot.height() / double(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const IntervalRow& row = m_rows[i];
        const double y = plot.top() + step * (double(i) + 0.5);
        paintLabel(painter, QRectF(rect.left(), y - kRowHeight / 2, labels, kRowHeight), row.label,
                   row.model, row.weak);
        const ModelLook look = lookFor(row.model);
        const QColor ink = row.weak ? colors().textDisabled : look.color;
        if (std::isfinite(row.low) && std::isfinite(row.high)) {
            painter.setPen(QPen(ink, 2, Qt::SolidLine, Qt::RoundCap));
            painter.drawLine(QPointF(axis.x(row.low), y), QPointF(axis.x(row.high), y));
        }
        if (std::isfinite(row.value)) {
            ModelLook mark = look;
            mark.color = ink;
            paintMark(painter, QPointF(axis.x(row.value), y), kMark, mark);
        }
        painter.setFont(caption());
        painter.setPen(colors().textMuted);
        painter.drawText(
            QRectF(plot.right() + space::kUnit, y - 8, notes - space::kUnit, 16),
            Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetricsF(caption()).elidedText(row.note, Qt::ElideRight, notes - space::kUnit));
    }
    painter.restore();
}

QSize IntervalPlot::sizeHint() const
{
    const double height = double(std::max<std::size_t>(1, m_rows.size())) * kRowHeight +
                          kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight) +
                          (m_reference ? 16 : 0);
    return {420, static_cast<int>(height)};
}

QSize IntervalPlot::minimumSizeHint() const
{
    return {220, sizeHint().height()};
}

// BoxPlotView

namespace {

QString noteOf(const BoxRow& row)
{
    return row.note.isEmpty() ? format::sampleSize(qint64(row.samples)) : row.note;
}

} // namespace

BoxPlotView::BoxPlotView(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

std::array<double, 5> BoxPlotView::quantilesOf(std::vector<double> samples)
{
    std::erase_if(samples, [](double v) { return !std::isfinite(v); });
    std::sort(samples.begin(), samples.end());
    std::array<double, 5> result{};
    if (samples.empty())
        return result;
    constexpr std::array<double, 5> kShares = {0.05, 0.25, 0.5, 0.75, 0.95};
    for (std::size_t i = 0; i < kShares.size(); ++i) {
        const double place = kShares[i] * double(samples.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, samples.size() - 1);
        result[i] = samples[below] + (place - double(below)) * (samples[above] - samples[below]);
    }
    return result;
}

void BoxPlotView::setRows(std::vector<BoxRow> rows)
{
    m_rows = std::move(rows);
    dataChanged();
}

void BoxPlotView::setLogAxis(bool log)
{
    m_log = log;
    update();
}

void BoxPlotView::setUnit(format::Unit unit)
{
    m_unit = unit;
    update();
}

void BoxPlotView::setAxisLabel(const QString& label)
{
    m_axisLabel = label;
    updateGeometry();
    update();
}

PlotTable BoxPlotView::table() const
{
    PlotTable table{{tr("Name"), QStringLiteral("5 %"), QStringLiteral("25 %"),
                     QStringLiteral("50 %"), QStringLiteral("75 %"), QStringLiteral("95 %"),
                     tr("Samples")},
                    {}};
    for (const BoxRow& row : m_rows) {
        QStringList cells{row.label};
        for (const double quantile : row.quantiles)
            cells << raw(quantile);
        cells << QString::number(row.samples);
        table.rows.push_back(cells);
    }
    return table;
}

void BoxPlotView::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    double notes = 0;
    for (const BoxRow& row : m_rows) {
        if (row.samples == 0)
            continue;
        low = std::min(low, row.quantiles.front());
        high = std::max(high, row.quantiles.back());
    }
    for (const BoxRow& row : m_rows)
        notes = std::max(notes, textWidth(noteOf(row), small()));
    const bool log = m_log && low > 0 && high > low;
    if (!(high > low)) {
        high = std::isfinite(low) ? low + 1 : 1;
        low = std::isfinite(low) ? low - 1 : 0;
    } else if (log) {
        std::tie(low, high) = niceLogRange(low, high);
    } else {
        low = std::min(0.0, low); // lengths are compared: the axis starts at zero
        high += (high - low) * 0.05;
    }
    const double labels = labelColumn(m_rows, rect.width(), 0);
    const double right = notes + 2 * space::kGap;
    const double bottom = kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight);
    const QRectF plot = rect.adjusted(labels, 0, -right, -bottom);
    const Axis axis(low, high, log, plot);
    axis.paint(painter, m_unit, m_axisLabel);
    const double step = m_rows.empty() ? 0 : plot.height() / double(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const BoxRow& row = m_rows[i];
        const double y = plot.top() + step * (double(i) + 0.5);
        paintLabel(painter, QRectF(rect.left(), y - kRowHeight / 2, labels, kRowHeight), row.label,
                   row.model, row.samples == 0);
        painter.setFont(small());
        painter.setPen(colors().textMuted);
        painter.drawText(QRectF(plot.right() + space::kGap, y - 8, notes + space::kTiny, 16),
                         Qt::AlignRight | Qt::AlignVCenter, noteOf(row));
        if (row.samples == 0)
            continue;
        const ModelLook look = lookFor(row.model);
        const auto& q = row.quantiles;
        painter.setPen(QPen(look.color, 1.5));
        painter.drawLine(QPointF(axis.x(q[0]), y), QPointF(axis.x(q[4]), y));
        for (const double end : {q[0], q[4]})
            painter.drawLine(QPointF(axis.x(end), y - 4), QPointF(axis.x(end), y + 4));
        const QRectF box(axis.x(q[1]), y - 7, std::max(1.0, axis.x(q[3]) - axis.x(q[1])), 14);
        painter.setBrush(look.soft);
        painter.drawRoundedRect(box, 2, 2);
        painter.setPen(QPen(look.color, 3, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(axis.x(q[2]), y - 7), QPointF(axis.x(q[2]), y + 7));
    }
    painter.restore();
}

QSize BoxPlotView::sizeHint() const
{
    const double height = double(std::max<std::size_t>(1, m_rows.size())) * (kRowHeight + 2) +
                          kAxisHeight + (m_axisLabel.isEmpty() ? 0 : kTitleHeight);
    return {420, static_cast<int>(height)};
}

QSize BoxPlotView::minimumSizeHint() const
{
    return {260, sizeHint().height()};
}

// MatrixView

MatrixView::MatrixView(QWidget* parent) : PlotView(parent)
{
    setFocusPolicy(Qt::StrongFocus);
}

void MatrixView::setMatrix(QStringList rowLabels, QStringList columnLabels,
                           std::vector<MatrixCell> cells, std::vector<int> rowModels,
                           std::vector<int> columnModels)
{
    Q_ASSERT(cells.size() == static_cast<std::size_t>(rowLabels.size() * columnLabels.size()));
    m_rowLabels = std::move(rowLabels);
    m_columnLabels = std::move(columnLabels);
    m_cells = std::move(cells);
    m_rowModels = std::move(rowModels);
    m_columnModels = std::move(columnModels);
    m_rowModels.resize(static_cast<std::size_t>(m_rowLabels.size()), -1);
    m_columnModels.resize(static_cast<std::size_t>(m_columnLabels.size()), -1);
    if (m_row >= m_rowLabels.size() || m_column >= m_columnLabels.size())
        m_row = m_column = -1;
    dataChanged();
}

void MatrixView::setLegend(const QString& low, const QString& middle, const QString& high)
{
    m_legend = {low, middle, high};
    updateGeometry();
    update();
}

double MatrixView::legendHeight() const
{
    return m_legend.isEmpty() ? 0 : kLegendHeight;
}

const MatrixCell* MatrixView::cellAt(int row, int column) const
{
    if (row < 0 || column < 0 || row >= m_rowLabels.size() || column >= m_columnLabels.size())
        return nullptr;
    return &m_cells[static_cast<std::size_t>(row * m_columnLabels.size() + column)];
}

void MatrixView::setCurrentCell(int row, int column)
{
    const MatrixCell* cell = cellAt(row, column);
    if (!cell || (row == m_row && column == m_column))
        return;
    m_row = row;
    m_column = column;
    setAccessibleDescription(
        tr("%1 against %2: %3 %4", "row, column, value, interval")
            .arg(m_rowLabels[row], m_columnLabels[column], cell->text, cell->detail));
    update();
    emit currentCellChanged(row, column);
}

QRectF MatrixView::cellRect(int row, int column) const
{
    return cellRectIn(QRectF(rect()), row, column);
}

QRectF MatrixView::cellRectIn(const QRectF& rect, int row, int column) const
{
    if (m_columnLabels.isEmpty() || m_rowLabels.isEmpty())
        return {};
    double labels = 0;
    for (qsizetype i = 0; i < m_rowLabels.size(); ++i)
        labels =
            std::max(labels, textWidth(m_rowLabels[i], small()) +
                                 (m_rowModels[static_cast<std::size_t>(i)] >= 0 ? kMarkColumn : 0));
    labels = std::min(std::ceil(labels) + space::kGap, rect.width() * 0.35);
    const double width = std::min((rect.width() - labels) / double(m_columnLabels.size()), 140.0);
    const double height =
        std::min((rect.height() - kRowHeight - legendHeight()) / double(m_rowLabels.size()), 64.0);
    return {rect.left() + labels + width * column, rect.top() + kRowHeight + height * row, width,
            height};
}

PlotTable MatrixView::table() const
{
    PlotTable table;
    table.columns << QString();
    table.columns += m_columnLabels;
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        QStringList cells{m_rowLabels[row]};
        for (int column = 0; column < m_columnLabels.size(); ++column) {
            const MatrixCell* cell = cellAt(row, column);
            cells << (cell->detail.isEmpty()
                          ? cell->text
                          : cell->text + QStringLiteral(" (") + cell->detail + QLatin1Char(')'));
        }
        table.rows.push_back(cells);
    }
    return table;
}

void MatrixView::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (int column = 0; column < m_columnLabels.size(); ++column) {
        const QRectF cell = cellRectIn(rect, 0, column);
        const int model = m_columnModels[static_cast<std::size_t>(column)];
        const double wide = std::min(textWidth(m_columnLabels[column], small()) +
                                         (model >= 0 ? kMarkColumn : 0) + 6,
                                     cell.width());
        paintLabel(painter,
                   QRectF(cell.center().x() - wide / 2, rect.top(), wide + 2, kRowHeight - 2),
                   m_columnLabels[column], model, false);
    }
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        const QRectF first = cellRectIn(rect, row, 0);
        paintLabel(painter,
                   QRectF(rect.left(), first.top(), first.left() - rect.left(), first.height()),
                   m_rowLabels[row], m_rowModels[static_cast<std::size_t>(row)], false);
        for (int column = 0; column < m_columnLabels.size(); ++column) {
            const MatrixCell* cell = cellAt(row, column);
            const QRectF place = cellRectIn(rect, row, column).adjusted(1, 1, -1, -1);
            const bool known = !std::isnan(cell->value);
            const QColor fill = Theme::current().heat(cell->value);
            painter.setPen(Qt::NoPen);
            painter.setBrush(fill);
            painter.drawRoundedRect(place, 4, 4);
            painter.setPen(known ? colors().text : colors().textMuted);
            const bool two = !cell->detail.isEmpty() && place.height() > 34;
            painter.setFont(Theme::font(TextRole::BodyStrong));
            painter.drawText(two ? place.adjusted(0, 4, 0, -place.height() / 2 + 2) : place,
                             Qt::AlignCenter, cell->text);
            if (two) {
                painter.setFont(caption());
                painter.drawText(place.adjusted(2, place.height() / 2 - 1, -2, -3),
                                 Qt::AlignHCenter | Qt::AlignTop,
                                 QFontMetricsF(caption()).elidedText(cell->detail, Qt::ElideRight,
                                                                     place.width() - 4));
            }
        }
    }
    if (!m_legend.isEmpty())
        paintLegend(painter, rect);
    painter.restore();
}

/// A ramp as wide as the matrix with ticks and words at both ends and in the middle.
void MatrixView::paintLegend(QPainter& painter, const QRectF& rect) const
{
    const QRectF below = cellRectIn(rect, static_cast<int>(m_rowLabels.size()), 0);
    const double wide = std::max(kRampLeast, below.width() * double(m_columnLabels.size()));
    const QRectF ramp(below.left() + 1, below.top() + space::kUnit,
                      std::min(wide, rect.right() - below.left()) - 2, kRampHeight);
    QLinearGradient colorsOfRamp(ramp.topLeft(), ramp.topRight());
    colorsOfRamp.setColorAt(0, Theme::current().heat(0));
    colorsOfRamp.setColorAt(1, Theme::current().heat(1));
    painter.setBrush(colorsOfRamp);
    painter.setPen(QPen(colors().lineStrong, 1));
    painter.drawRect(ramp.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setFont(caption());
    constexpr std::array<Qt::AlignmentFlag, 3> kSides = {Qt::AlignLeft, Qt::AlignHCenter,
                                                         Qt::AlignRight};
    for (std::size_t i = 0; i < kSides.size(); ++i) {
        const double at = ramp.left() + double(i) / 2 * (ramp.width() - 1);
        painter.fillRect(QRectF(at, ramp.bottom(), 1, space::kHalf), colors().lineStrong);
        painter.setPen(colors().chartInk);
        painter.drawText(ramp.translated(0, kRampHeight + space::kHalf).adjusted(0, 0, 0, 6),
                         kSides[i] | Qt::AlignTop, m_legend[static_cast<qsizetype>(i)]);
    }
}

void MatrixView::paintEvent(QPaintEvent* event)
{
    PlotView::paintEvent(event);
    if (m_row < 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(hasFocus() ? colors().focus : colors().text, 2));
    painter.drawRoundedRect(cellRect(m_row, m_column).adjusted(1, 1, -1, -1), 5, 5);
}

QSize MatrixView::sizeHint() const
{
    return {
        static_cast<int>(130 + 92 * m_columnLabels.size()),
        static_cast<int>(kRowHeight + kCellHeight * double(m_rowLabels.size()) + legendHeight())};
}

QSize MatrixView::minimumSizeHint() const
{
    return {static_cast<int>(90 + kCellLeast * double(m_columnLabels.size())),
            static_cast<int>(kRowHeight + 30 * double(m_rowLabels.size()) + legendHeight())};
}

void MatrixView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return PlotView::mousePressEvent(event);
    for (int row = 0; row < m_rowLabels.size(); ++row) {
        for (int column = 0; column < m_columnLabels.size(); ++column) {
            if (cellRect(row, column).contains(event->position())) {
                setCurrentCell(row, column);
                emit cellActivated(row, column);
                return;
            }
        }
    }
}

void MatrixView::keyPressEvent(QKeyEvent* event)
{
    const int row = std::max(0, m_row);
    const int column = std::max(0, m_column);
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrentCell(row, column - 1);
        return;
    case Qt::Key_Right:
        setCurrentCell(row, m_column < 0 ? 0 : column + 1);
        return;
    case Qt::Key_Up:
        setCurrentCell(row - 1, column);
        return;
    case Qt::Key_Down:
        setCurrentCell(m_row < 0 ? 0 : row + 1, column);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_row >= 0)
            emit cellActivated(m_row, m_column);
        return;
    default:
        PlotView::keyPressEvent(event);
    }
}

bool MatrixView::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (int row = 0; row < m_rowLabels.size(); ++row) {
            for (int column = 0; column < m_columnLabels.size(); ++column) {
                const QRectF place = cellRect(row, column);
                if (!place.contains(help->pos()))
                    continue;
                const QString text = cellAt(row, column)->toolTip;
                QToolTip::showText(help->globalPos(), plainToolTip(text), this, place.toRect());
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return PlotView::event(event);
}

// ShareBar

ShareBar::ShareBar(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ShareBar::setParts(std::vector<SharePart> parts)
{
    m_parts = std::move(parts);
    dataChanged();
}

PlotTable ShareBar::table() const
{
    PlotTable table{{tr("Name"), tr("Share")}, {}};
    for (const SharePart& part : m_parts)
        table.rows.push_back({part.label, raw(part.share)});
    return table;
}

void ShareBar::render(QPainter& painter, const QRectF& rect) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    double all = 0;
    for (const SharePart& part : m_parts)
        all += std::max(0.0, part.share);
    const QRectF bar(rect.left(), rect.top(), rect.width(), 14);
    QPainterPath clip;
    clip.addRoundedRect(bar, 4, 4);
    painter.setClipPath(clip);
    painter.fillRect(bar, colors().sunken);
    double x = bar.left();
    struct Label
    {
        double left;
        double width;
        const SharePart* part;
    };
    std::vector<Label> labels;
    for (const SharePart& part : m_parts) {
        if (all <= 0 || part.share <= 0)
            continue;
        const double width = bar.width() * part.share / std::max(all, 1.0);
        painter.fillRect(QRectF(x, bar.top(), std::max(1.0, width - 1), bar.height()),
                         lookFor(part.model).color);
        labels.push_back({x, width, &part});
        x += width;
    }
    painter.setClipping(false);
    for (const Label& label : labels) {
        const ModelLook look = lookFor(label.part->model);
        const QString share =
            format::percent(label.part->share, label.part->share < 0.0995 ? 1 : 0);
        const QString full = label.part->label + QLatin1Char(' ') + share;
        const double room = label.width - kMark - 10;
        const QString text = textWidth(full, caption()) <= room    ? full
                             : textWidth(share, caption()) <= room ? share
                                                                   : QString();
        if (text.isEmpty())
            continue;
        paintMark(painter, QPointF(label.left + kMark / 2 + 1, bar.bottom() + 12), kMark - 1,
                  look.mark, look.color);
        painter.setFont(caption());
        painter.setPen(colors().text);
        painter.drawText(QRectF(label.left + kMark + 5, bar.bottom() + 4, room + 6, 16),
                         Qt::AlignVCenter | Qt::AlignLeft, text);
    }
    painter.restore();
}

QSize ShareBar::sizeHint() const
{
    return {320, 36};
}

QSize ShareBar::minimumSizeHint() const
{
    return {80, 36};
}

bool ShareBar::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        QStringList lines;
        for (const SharePart& part : m_parts)
            lines << part.label + QStringLiteral("  ") + format::percent(part.share);
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           plainToolTip(lines.join(QLatin1Char('\n'))), this);
        return true;
    }
    return PlotView::event(event);
}

// Sparkline

Sparkline::Sparkline(QWidget* parent) : PlotView(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Sparkline::setValues(std::vector<double> values, format::Unit unit)
{
    m_values = std::move(values);
    m_unit = unit;
    dataChanged();
}

void Sparkline::setModel(int model)
{
    m_model = model;
    update();
}

PlotTable Sparkline::table() const
{
    PlotTable table{{tr("Position"), tr("Value")}, {}};
    for (std::size_t i = 0; i < m_values.size(); ++i)
        table.rows.push_back({QString::number(i + 1), raw(m_values[i])});
    return table;
}

void Sparkline::render(QPainter& painter, const QRectF& rect) const
{
    std::vector<double> known;
    std::copy_if(m_values.begin(), m_values.end(), std::back_inserter(known),
                 [](double v) { return std::isfinite(v); });
    if (known.empty())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const auto [low, high] = std::minmax_element(known.begin(), known.end());
    const QRectF plot = rect.adjusted(3, 4, -5, -4);
    const double span = *high > *low ? *high - *low : 1;
    const double last = std::max<double>(1, double(m_values.size()) - 1);
    QPolygonF line;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        if (std::isfinite(m_values[i]))
            line << QPointF(plot.left() + plot.width() * double(i) / last,
                            plot.bottom() - plot.height() * (m_values[i] - *low) / span);
    }
    const QColor ink = m_model >= 0 ? lookFor(m_model).color : colors().accentInk;
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawEllipse(line.back(), 2.5, 2.5);
    painter.restore();
}

QSize Sparkline::sizeHint() const
{
    return {96, 28};
}

QSize Sparkline::minimumSizeHint() const
{
    return {40, 20};
}

} // namespace signalbox::ui
