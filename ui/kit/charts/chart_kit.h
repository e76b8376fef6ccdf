// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/plots.h>

#include <QColor>
#include <QEvent>
#include <QGraphicsObject>
#include <QImage>
#include <QLineF>
#include <QList>
#include <QPointF>
#include <QPointer>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QAbstractAxis;
class QChart;
class QChartView;
class QLogValueAxis;
class QKeyEvent;
class QMouseEvent;
class QValueAxis;
class QWheelEvent;
QT_END_NAMESPACE

/// QtCharts in our manner. Only pages with charts link signalbox::ui_chart_kit, so the others do
/// not load QtCharts.
namespace signalbox::ui {

/// Background, fonts, legend, axes, all from the current theme. Call after the series and axes are
/// in, and again at ThemeNotifier::themeChanged() (ChartView does that by itself).
void styleChart(QChart& chart);

/// A linear axis with round ticks that cover [low, high]; `title` states the unit.
[[nodiscard]] QValueAxis* makeValueAxis(const QString& title, double low, double high,
                                        const QString& labelFormat = {});
/// Takes all axes off a chart and deletes them.
void removeAxes(QChart& chart);
/// A log axis whose smallest label shows (QtCharts drops it when it is an exact power of ten).
/// 0 < low < high.
[[nodiscard]] QLogValueAxis* makeLogAxis(const QString& title, double low, double high);

/// Values to scene positions over a plot area and back; a value without a chart.
struct PlotMapping
{
    QRectF plot;
    double lowX = 0;
    double highX = 1;
    double lowY = 0;
    double highY = 1;
    bool logX = false; ///< then 0 < lowX
    bool logY = false;
    bool operator==(const PlotMapping&) const = default;

    /// On a log axis a value of 0 or less lies far outside.
    [[nodiscard]] QPointF toScene(const QPointF& value) const;
    [[nodiscard]] QPointF toValue(const QPointF& scene) const;
};

/// Shapes of what is no model: none of them is a shape of a model (model_look.h) with another
/// colour. The bullseye is the policy's, the star the oracle's; a dot stands on a curve, a disc is
/// what a search found.
enum class PlotShape { Look, Dot, Bullseye, Star, Disc };

/// Whether a mark is filled with its ink or an outline only; of a bullseye: its middle.
enum class PlotFill { Solid, Hollow };

/// Colour of a mark that belongs to no model; from the theme while painting. The policy is as dark
/// as text: no model has that.
enum class PlotInk { Text, Muted };

/// One mark of a MarkItem.
struct PlotMark
{
    QPointF value = {};
    int model = -1; ///< look; -1: `ink`
    PlotInk ink = PlotInk::Text;
    PlotShape shape = PlotShape::Look;
    PlotFill fill = PlotFill::Solid;
    qreal size = 10;
    std::optional<std::pair<double, double>> xInterval = {};
    std::optional<std::pair<double, double>> yInterval = {};
    qreal intervalDrop = 0; ///< px that the x interval hangs under the mark: off a curve through it
    QString label = {};     ///< direct label beside the mark; may be empty
    QString labelLead = {}; ///< before the label, also when it is joined: "Desk, " r2, r3
    int labelRank = 0;      ///< smaller ranks choose their place first
    bool strong = false;    ///< the label is set stronger
    bool joins = false; ///< such marks that coincide are one, the last of them: "r2, r3", "r5–r7"
    bool encloses = false; ///< where a model's mark stands, it is a ring round that
    bool quiet = false;    ///< drawn under the pointer only
    qreal opacity = 1;
};

/// A line of values that labels keep off where they can: a curve, a trail.
struct PlotCurve
{
    QList<QPointF> points = {};
    QString label = {};    ///< stands at the line; empty: none
    bool isThread = false; ///< pale: a label crosses it rather than going far away
};

/// One word of a chart's key.
struct KeyEntry
{
    PlotMark mark = {}; ///< its shape, ink, intervals (as whiskers); `value` is not used
    QString text = {};
    QString explanation = {}; ///< tooltip
};

/// A view that owns its chart, follows the theme, zooms about the pointer with Ctrl and the wheel
/// (the wheel alone once the chart has the focus: a page of charts must scroll), pans with a drag,
/// goes back with a double click or Escape, and has a minimum size under which QtCharts would drop
/// labels. + − and arrow keys do the same by keyboard.
class ChartView : public QWidget
{
    Q_OBJECT
public:
    /// `name` is the accessible name. Takes ownership of the chart.
    ChartView(QChart* chart, const QString& name, QWidget* parent = nullptr);
    ~ChartView() override;

    [[nodiscard]] QChart& chart();
    [[nodiscard]] QChartView& view();
    /// Call after series or axes have changed. A log axis at the bottom gets labels at 1, 2 and 5
    /// (QtCharts labels powers of ten only) and its title.
    void restyle();
    /// What the marks mean: a quiet line above the plot, wrapped where it is too long. Part of
    /// saved pictures.
    void setKey(std::vector<KeyEntry> entries);
    [[nodiscard]] const std::vector<KeyEntry>& key() const;
    /// The data for screen readers, CSV and the table twin.
    void setTable(PlotTable table);
    [[nodiscard]] const PlotTable& table() const;
    void resetZoom();

    /// SVG, PNG or CSV by the name's end. A sentence if it failed.
    [[nodiscard]] std::optional<QString> writeTo(const QString& path);

    /// Of the first horizontal and the first vertical axis, as they are now.
    [[nodiscard]] PlotMapping mapping() const;

signals:
    void hovered(const QPointF& scenePosition); ///< pointer inside the plot
    void left();
    void clicked(const QPointF& scenePosition);
    void zoomChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool handleWheel(const QWheelEvent& event);
    bool handleMouse(QEvent::Type type, const QMouseEvent& event);
    bool handleKey(const QKeyEvent& event);
    struct Private;
    std::unique_ptr<Private> d;
};

/// A note at a point of a chart, styled by the theme, kept inside the plot; shows in pictures.
class CalloutItem : public QGraphicsObject
{
    Q_OBJECT
public:
    explicit CalloutItem(QChart* chart);
    /// `lines` are plain text; the first is set stronger. `anchor` in scene coordinates.
    void showAt(const QPointF& anchor, const QStringList& lines);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    QChart* m_chart;
    QPointF m_anchor;
    QStringList m_lines;
    QRectF m_box;
};

class ShadeItem;

/// Up to some hundred marks with intervals and direct labels over a chart's plot area, in the
/// models' own shapes, painted in the order given. Moves with the axes.
class MarkItem : public QGraphicsObject
{
    Q_OBJECT
public:
    explicit MarkItem(ChartView* view);
    /// Takes the emphasis away.
    void setMarks(std::vector<PlotMark> marks);
    [[nodiscard]] const std::vector<PlotMark>& marks() const { return m_marks; }
    void setCurves(std::vector<PlotCurve> curves);
    /// Labels keep off the limits and words of `shade`, and its words off the marks.
    void setShade(ShadeItem* shade);
    /// Index of the mark nearest to a scene position within `reach` px, or -1. Of marks that are
    /// one, the one that is drawn.
    [[nodiscard]] int nearest(const QPointF& scenePosition, qreal reach = 14) const;
    /// The marks that are not met by the pointer because this one stands for them: those that are
    /// one with it, and those that are a ring round it.
    [[nodiscard]] std::vector<std::size_t> mergedInto(std::size_t index) const;
    [[nodiscard]] QPointF placeOf(std::size_t index) const; ///< centre, scene
    /// The model's mark that this one is a ring round.
    [[nodiscard]] std::optional<std::size_t> modelWithin(std::size_t index) const;
    [[nodiscard]] qreal radiusOf(std::size_t index) const; ///< px, as it is drawn
    void setEmphasis(int index);                           ///< ring around one mark; -1: none
    /// A lasting ring, around what is selected elsewhere too; -1: none. setMarks() takes it away.
    void setChosen(int index);
    [[nodiscard]] int chosen() const { return m_chosen; }

    /// What the labels say and where, as they are drawn.
    struct PlacedLabel
    {
        QString text;
        QRectF box;                           ///< scene
        std::optional<std::size_t> mark = {}; ///< none: of a curve
        bool strong = false;
    };
    [[nodiscard]] std::vector<PlacedLabel> placedLabels() const;
    /// Marks that are always drawn, scene.
    [[nodiscard]] std::vector<QRectF> markBoxes() const;
    /// Intervals with their caps, scene.
    [[nodiscard]] std::vector<QLineF> intervalLines() const;
    /// The curves to be avoided, scene.
    [[nodiscard]] std::vector<QLineF> curveLines() const;

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    /// Per mark, the one that is drawn in its place.
    [[nodiscard]] std::vector<std::optional<std::size_t>> merges() const;
    [[nodiscard]] std::optional<std::size_t> mergedWith(std::size_t index) const;
    [[nodiscard]] std::vector<PlacedLabel> labelsToPlace() const;
    [[nodiscard]] qreal outerRadiusOf(std::size_t index) const;
    void paintOne(QPainter& painter, std::size_t index) const;
    void paintIntervals(QPainter& painter, const PlotMark& mark) const;
    void paintLabel(QPainter& painter, const PlacedLabel& label) const;
    ChartView* m_view;
    QPointer<ShadeItem> m_shade;
    std::vector<PlotMark> m_marks;
    std::vector<PlotCurve> m_curves;
    int m_emphasis = -1;
    int m_chosen = -1;
};

/// A way from mark to mark, fading with age, arrows in its direction, with a halo of the ground's
/// colour. It ends at the rims of the marks as they are drawn.
class TrailItem : public QGraphicsObject
{
    Q_OBJECT
public:
    TrailItem(ChartView* view, const MarkItem* marks);
    void setMarks(std::vector<std::size_t> oldestFirst); ///< indices
    /// What is drawn, oldest first, scene.
    [[nodiscard]] std::vector<QLineF> steps() const;

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    ChartView* m_view;
    QPointer<const MarkItem> m_marks;
    std::vector<std::size_t> m_way;
};

/// The region of the plot that gates forbid: a tint, deeper where two of them do, with a line over
/// the grid at each limit and words beside it.
class ShadeItem : public QGraphicsObject
{
    Q_OBJECT
public:
    explicit ShadeItem(ChartView* view);
    /// Forbidden: y below `value` / x above `value`. nullopt: no gate.
    void setForbiddenBelowY(std::optional<double> value, const QString& label);
    void setForbiddenAboveX(std::optional<double> value, const QString& label);
    void setAvoided(const MarkItem* marks); ///< words keep off these

    [[nodiscard]] std::vector<QLineF> limits() const;     ///< scene
    [[nodiscard]] std::vector<QRectF> labelBoxes() const; ///< scene

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    struct Limit
    {
        QLineF line;
        QString label;
        std::vector<QRectF> places;
    };
    [[nodiscard]] std::vector<Limit> shownLimits() const;
    [[nodiscard]] std::vector<std::optional<QRectF>> placesOf(const std::vector<Limit>&) const;
    ChartView* m_view;
    QPointer<const MarkItem> m_marks;
    std::optional<double> m_belowY;
    std::optional<double> m_aboveX;
    QString m_belowLabel;
    QString m_aboveLabel;
};

/// Colour of a mark from the current theme, with its opacity.
[[nodiscard]] QColor inkOf(const PlotMark& mark);
/// The mark's shape alone, `size` px wide.
void paintPlotMark(QPainter& painter, const QPointF& at, qreal size, const PlotMark& mark);
/// A line with end caps.
void paintInterval(QPainter& painter, const QLineF& line, const QColor& ink);
/// Ties a label or a mark to its place: dotted and pale, so that nobody takes it for data.
void paintTie(QPainter& painter, const QLineF& line);
/// Text with a halo of the surface's colour, so that a line behind it does not strike it through.
void paintHaloText(QPainter& painter, const QRectF& box, const QString& text, const QFont& font,
                   const QColor& ink);

/// Keeps at most a lowest and a highest value per pixel column; call before replace() of a line.
[[nodiscard]] std::vector<QPointF> thinned(const std::vector<QPointF>& line, int pixelColumns);

} // namespace signalbox::ui
