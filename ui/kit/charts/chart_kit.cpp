// SPDX-License-Identifier: GPL-3.0-or-later
#include "chart_kit.h"

#include "chart_rim.h"

#include <ui/kit/picture_export.h>
#include <ui/kit/theme.h>

#include <QAbstractSeries>
#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QLegend>
#include <QLogValueAxis>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <QValueAxis>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kLeastWidth = 320; ///< under it QtCharts turns labels into "..."
constexpr int kLeastHeight = 220;
constexpr double kZoomStep = 1.2;
constexpr double kMostZoom = 1e6;

void styleAxis(QAbstractAxis& axis, const ThemeColors& colors)
{
    axis.setLabelsFont(Theme::font(TextRole::Caption));
    axis.setTitleFont(Theme::font(TextRole::Small));
    axis.setLabelsBrush(colors.chartInk);
    axis.setTitleBrush(colors.chartInk);
    axis.setGridLinePen(QPen(colors.chartGrid, 1));
    axis.setMinorGridLineVisible(false);
    axis.setLinePen(QPen(colors.chartAxis, 1));
    axis.setShadesVisible(false);
}

/// An axis' range as two numbers, whatever its kind.
struct Range
{
    double low = 0;
    double high = 1;
    bool log = false;
};

std::optional<Range> rangeOf(const QAbstractAxis* axis)
{
    if (const auto* value = qobject_cast<const QValueAxis*>(axis))
        return Range{value->min(), value->max(), false};
    if (const auto* log = qobject_cast<const QLogValueAxis*>(axis))
        return Range{log->min(), log->max(), true};
    return std::nullopt;
}

/// The range zoomed by `factor` about `share` (0: low end, 1: high end), then shifted by `shift` of
/// its own length.
Range changed(const Range& range, double share, double factor, double shift)
{
    const auto to = [&](double v) { return range.log ? std::log(v) : v; };
    const auto back = [&](double v) { return range.log ? std::exp(v) : v; };
    const double low = to(range.low);
    const double high = to(range.high);
    const double centre = low + share * (high - low);
    const double move = shift * (high - low) / factor;
    return {back(centre - (centre - low) / factor + move),
            back(centre + (high - centre) / factor + move), range.log};
}

QAbstractAxis* firstAxis(const QChart& chart, Qt::Orientation orientation)
{
    const auto axes = chart.axes(orientation);
    return axes.isEmpty() ? nullptr : axes.first();
}

} // namespace

void styleChart(QChart& chart)
{
    const ThemeColors& colors = Theme::current().colors();
    chart.setAnimationOptions(QChart::NoAnimation);
    chart.setBackgroundBrush(colors.surface);
    chart.setBackgroundPen(Qt::NoPen);
    chart.setBackgroundRoundness(0);
    chart.setPlotAreaBackgroundVisible(false);
    chart.setDropShadowEnabled(false);
    chart.layout()->setContentsMargins(0, 0, 0, 0);
    chart.setTitleFont(Theme::font(TextRole::Title));
    chart.setTitleBrush(colors.text);
    QLegend* legend = chart.legend();
    legend->setFont(Theme::font(TextRole::Small));
    legend->setLabelBrush(colors.text);
    legend->setMarkerShape(QLegend::MarkerShapeFromSeries);
    legend->setBackgroundVisible(false);
    for (QAbstractAxis* axis : chart.axes())
        styleAxis(*axis, colors);
}

QValueAxis* makeValueAxis(const QString& title, double low, double high, const QString& labelFormat)
{
    auto* axis = new QValueAxis;
    if (!(high > low)) {
        low -= 0.5;
        high = low + 1;
    }
    const auto ticks = niceTicks(low, high, 5);
    const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : high - low;
    axis->setRange(std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step);
    axis->setTickType(QValueAxis::TicksDynamic);
    axis->setTickAnchor(0);
    axis->setTickInterval(step);
    const int places = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
    axis->setLabelFormat(labelFormat.isEmpty() ? QStringLiteral("%.%1f").arg(places) : labelFormat);
    axis->setTitleText(title);
    styleAxis(*axis, Theme::current().colors());
    return axis;
}

void removeAxes(QChart& chart)
{
    const auto old = chart.axes();
    for (QAbstractAxis* axis : old) {
        chart.removeAxis(axis);
        delete axis;
    }
}

QLogValueAxis* makeLogAxis(const QString& title, double low, double high)
{
    Q_ASSERT_X(low > 0 && high > low, "makeLogAxis", "0 < low < high");
    auto* axis = new QLogValueAxis;
    axis->setBase(10);
    axis->setMinorTickCount(-1);
    axis->setLabelFormat(QStringLiteral("%g"));
    // QtCharts leaves out the label of a minimum that is an exact power of the base.
    axis->setRange(low * (1 - 1e-9), high * (1 + 1e-9));
    axis->setTitleText(title);
    styleAxis(*axis, Theme::current().colors());
    return axis;
}

QPointF PlotMapping::toScene(const QPointF& value) const
{
    constexpr double kFarOutside = -1e6;
    const auto share = [](double v, double low, double high, bool log) {
        if (!log)
            return (v - low) / (high - low);
        return v > 0 ? std::log(v / low) / std::log(high / low) : kFarOutside;
    };
    return {plot.left() + share(value.x(), lowX, highX, logX) * plot.width(),
            plot.bottom() - share(value.y(), lowY, highY, logY) * plot.height()};
}

QPointF PlotMapping::toValue(const QPointF& scene) const
{
    const auto value = [](double share, double low, double high, bool log) {
        return log ? low * std::pow(high / low, share) : low + share * (high - low);
    };
    return {value((scene.x() - plot.left()) / plot.width(), lowX, highX, logX),
            value((plot.bottom() - scene.y()) / plot.height(), lowY, highY, logY)};
}

/// Qt's view, which tells the chart's data to screen readers.
class SpokenChart final : public QChartView, public SpokenParts
{
public:
    using QChartView::QChartView;

    void setTable(const PlotTable* table)
    {
        m_table = table;
        partsChanged();
    }
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::Chart; }
    [[nodiscard]] std::vector<SpokenPart> spokenParts() const override
    {
        return m_table ? m_table->spokenRows() : std::vector<SpokenPart>();
    }
    void pressPart(int /*part*/) override {}

private:
    const PlotTable* m_table = nullptr;
};

struct ChartView::Private
{
    SpokenChart* view = nullptr;
    KeyItem* key = nullptr;
    LogTicksItem* ticks = nullptr;
    PlotTable table;
    Range homeX;
    Range homeY;
    bool zoomed = false;
    bool dragging = false;
    bool moved = false;
    QPointF dragFrom;

    [[nodiscard]] QChart& chart() const { return *view->chart(); }

    /// Margins around the plot for the key above it and the words of a log axis below.
    void makeRoom() const
    {
        const QMargins quiet(space::kHalf, space::kHalf, space::kWide, space::kHalf);
        const bool log = qobject_cast<QLogValueAxis*>(firstAxis(chart(), Qt::Horizontal));
        const QMargins wanted = quiet + QMargins(0, key->heightFor(chart().size().width()), 0,
                                                 log ? LogTicksItem::heightPx() : 0);
        if (wanted != chart().margins())
            chart().setMargins(wanted);
    }

    void apply(Qt::Orientation orientation, const Range& range) const
    {
        if (QAbstractAxis* axis = firstAxis(chart(), orientation))
            axis->setRange(range.low, range.high);
    }

    /// Remembers the ranges that a reset goes back to.
    void keepHome()
    {
        if (zoomed)
            return;
        if (const auto x = rangeOf(firstAxis(chart(), Qt::Horizontal)))
            homeX = *x;
        if (const auto y = rangeOf(firstAxis(chart(), Qt::Vertical)))
            homeY = *y;
        zoomed = true;
    }

    bool change(double shareX, double shareY, double factor, double shiftX, double shiftY)
    {
        keepHome();
        const auto x = rangeOf(firstAxis(chart(), Qt::Horizontal));
        const auto y = rangeOf(firstAxis(chart(), Qt::Vertical));
        if (!x || !y)
            return false;
        const Range nextX = changed(*x, shareX, factor, shiftX);
        const Range nextY = changed(*y, shareY, factor, shiftY);
        const double home = homeX.log ? std::log(homeX.high / homeX.low) : homeX.high - homeX.low;
        const double now = nextX.log ? std::log(nextX.high / nextX.low) : nextX.high - nextX.low;
        if (!(now > home / kMostZoom) || !(now < home * kMostZoom))
            return false;
        apply(Qt::Horizontal, nextX);
        apply(Qt::Vertical, nextY);
        return true;
    }
};

ChartView::ChartView(QChart* chart, const QString& name, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>())
{
    d->view = new SpokenChart(chart);
    d->view->setRenderHint(QPainter::Antialiasing);
    d->view->setFrameShape(QFrame::NoFrame);
    // Our items lie over the plot and depend on the axes, of which the scene does not know.
    d->view->setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    d->view->setMinimumSize(kLeastWidth, kLeastHeight);
    d->view->setAccessibleName(name);
    d->view->setMouseTracking(true);
    d->view->viewport()->setMouseTracking(true);
    d->view->viewport()->installEventFilter(this);
    d->view->installEventFilter(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->view);
    setFocusProxy(d->view);
    d->view->setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(name);
    d->key = new KeyItem(this);
    d->ticks = new LogTicksItem(this);
    connect(chart, &QChart::geometryChanged, this, [this] { d->makeRoom(); });
    restyle();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this, [this] { restyle(); });
}

ChartView::~ChartView() = default;

QChart& ChartView::chart()
{
    return d->chart();
}

QChartView& ChartView::view()
{
    return *d->view;
}

void ChartView::restyle()
{
    styleChart(d->chart());
    if (auto* log = qobject_cast<QLogValueAxis*>(firstAxis(d->chart(), Qt::Horizontal))) {
        log->setLabelsVisible(false);
        log->setTitleVisible(false);
        log->setGridLineVisible(false);
    }
    d->makeRoom();
}

void ChartView::setKey(std::vector<KeyEntry> entries)
{
    d->key->setEntries(std::move(entries));
    d->makeRoom();
}

const std::vector<KeyEntry>& ChartView::key() const
{
    return d->key->entries();
}

void ChartView::setTable(PlotTable table)
{
    d->table = std::move(table);
    d->view->setTable(&d->table);
    QStringList lines;
    for (const QStringList& row : d->table.rows) {
        if (lines.size() == 12)
            break;
        lines << row.join(QStringLiteral(", "));
    }
    d->view->setAccessibleDescription(lines.join(QStringLiteral("; ")));
}

const PlotTable& ChartView::table() const
{
    return d->table;
}

void ChartView::resetZoom()
{
    if (!d->zoomed)
        return;
    d->zoomed = false;
    d->apply(Qt::Horizontal, d->homeX);
    d->apply(Qt::Vertical, d->homeY);
    emit zoomChanged();
}

std::optional<QString> ChartView::writeTo(const QString& path)
{
    if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        return writeCsv(path, d->table);
    return writePicture(path, d->view->size(), accessibleName(),
                        [this](QPainter& painter, const QRectF& rect) {
                            d->view->scene()->render(&painter, rect, d->view->sceneRect());
                        });
}

/// Not QChart::mapToPosition: that needs a series.
PlotMapping ChartView::mapping() const
{
    PlotMapping mapping;
    mapping.plot = d->chart().plotArea();
    if (const auto x = rangeOf(firstAxis(d->chart(), Qt::Horizontal))) {
        mapping.lowX = x->low;
        mapping.highX = x->high;
        mapping.logX = x->log;
    }
    if (const auto y = rangeOf(firstAxis(d->chart(), Qt::Vertical))) {
        mapping.lowY = y->low;
        mapping.highY = y->high;
        mapping.logY = y->log;
    }
    return mapping;
}

bool ChartView::handleWheel(const QWheelEvent& event)
{
    const QRectF plot = d->chart().plotArea();
    const QPointF at = d->view->mapToScene(event.position().toPoint());
    if (!plot.contains(at) || event.angleDelta().y() == 0)
        return false;
    if (!event.modifiers().testFlag(Qt::ControlModifier) && !d->view->hasFocus())
        return false; // the page scrolls
    const double factor = std::pow(kZoomStep, event.angleDelta().y() / 120.0);
    const QPointF under = mapping().toValue(at);
    if (d->change((at.x() - plot.left()) / plot.width(), (plot.bottom() - at.y()) / plot.height(),
                  factor, 0, 0)) {
        // Narrower labels of the other axis move the plot: what was under the pointer stays there.
        const QPointF miss = mapping().toScene(under) - at;
        d->change(0.5, 0.5, 1, miss.x() / plot.width(), -miss.y() / plot.height());
        emit zoomChanged();
    }
    return true;
}

bool ChartView::handleMouse(QEvent::Type type, const QMouseEvent& event)
{
    const QPointF at = d->view->mapToScene(event.position().toPoint());
    const QRectF plot = d->chart().plotArea();
    if (type == QEvent::MouseButtonDblClick) {
        resetZoom();
        return true;
    }
    if (type == QEvent::MouseButtonPress && event.button() == Qt::LeftButton && plot.contains(at)) {
        d->dragging = true;
        d->moved = false;
        d->dragFrom = at;
        return true;
    }
    if (type == QEvent::MouseMove && d->dragging) {
        const QPointF by = at - d->dragFrom;
        if (!d->moved && by.manhattanLength() < QApplication::startDragDistance())
            return true;
        d->moved = true;
        d->dragFrom = at;
        d->view->viewport()->setCursor(Qt::ClosedHandCursor);
        if (d->change(0.5, 0.5, 1, -by.x() / plot.width(), by.y() / plot.height()))
            emit zoomChanged();
        return true;
    }
    if (type == QEvent::MouseMove) {
        plot.contains(at) ? emit hovered(at) : emit left();
        return false;
    }
    if (type == QEvent::MouseButtonRelease && d->dragging) {
        d->dragging = false;
        d->view->viewport()->unsetCursor();
        if (!d->moved)
            emit clicked(at);
        return true;
    }
    return false;
}

bool ChartView::handleKey(const QKeyEvent& event)
{
    constexpr double kShift = 0.1;
    bool done = false;
    switch (event.key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        done = d->change(0.5, 0.5, kZoomStep, 0, 0);
        break;
    case Qt::Key_Minus:
        done = d->change(0.5, 0.5, 1 / kZoomStep, 0, 0);
        break;
    case Qt::Key_Left:
        done = d->change(0.5, 0.5, 1, -kShift, 0);
        break;
    case Qt::Key_Right:
        done = d->change(0.5, 0.5, 1, kShift, 0);
        break;
    case Qt::Key_Up:
        done = d->change(0.5, 0.5, 1, 0, kShift);
        break;
    case Qt::Key_Down:
        done = d->change(0.5, 0.5, 1, 0, -kShift);
        break;
    case Qt::Key_Escape:
        if (!d->zoomed)
            return false;
        resetZoom();
        return true;
    default:
        return false;
    }
    if (done)
        emit zoomChanged();
    return done;
}

bool ChartView::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::Wheel:
        if (watched == d->view->viewport()) {
            // What is not ours goes on to the page, not into the scene.
            event->setAccepted(handleWheel(*static_cast<QWheelEvent*>(event)));
            return true;
        }
        break;
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseMove:
        if (watched == d->view->viewport())
            return handleMouse(event->type(), *static_cast<QMouseEvent*>(event));
        break;
    case QEvent::Leave:
        emit left();
        break;
    case QEvent::KeyPress:
        if (watched == d->view)
            return handleKey(*static_cast<QKeyEvent*>(event));
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

std::vector<QPointF> thinned(const std::vector<QPointF>& line, int pixelColumns)
{
    if (pixelColumns < 1 || line.size() <= static_cast<std::size_t>(pixelColumns) * 4)
        return line;
    const auto [leftmost, rightmost] = std::minmax_element(
        line.begin(), line.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); });
    const double from = leftmost->x();
    const double width = std::max(rightmost->x() - from, 1e-300);
    const auto columnOf = [&](QPointF p) {
        return std::min(pixelColumns - 1, int((p.x() - from) / width * pixelColumns));
    };
    std::vector<QPointF> thin;
    for (std::size_t i = 0; i < line.size();) {
        const int column = columnOf(line[i]);
        std::size_t low = i;
        std::size_t high = i;
        std::size_t end = i;
        for (; end < line.size() && columnOf(line[end]) == column; ++end) {
            if (line[end].y() < line[low].y())
                low = end;
            if (line[end].y() > line[high].y())
                high = end;
        }
        // First, lowest, highest and last of the column, in their order, each once.
        std::vector<std::size_t> kept = {i, low, high, end - 1};
        std::sort(kept.begin(), kept.end());
        kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
        for (const std::size_t k : kept)
            thin.push_back(line[k]);
        i = end;
    }
    return thin;
}

} // namespace signalbox::ui
