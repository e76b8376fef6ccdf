// SPDX-License-Identifier: GPL-3.0-or-later
#include "histogram_view.h"

#include "format.h"
#include "plots.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace signalbox::ui {

namespace {

constexpr double kGrabReach = 7;  ///< px to both sides of a line
constexpr double kTopMargin = 46; ///< handles and the counts of both sides
constexpr double kSideRow = 16;   ///< one more line, for the words of both sides
constexpr double kKeySize = 8;    ///< of the square that says what a colour means
constexpr double kKeyGap = 5;
constexpr double kAxisHeight = 36; ///< numbers, and below them what they count
constexpr double kLeastBar = 3;
constexpr double kSideMargin = 16;
constexpr double kHandleHeight = 18;
constexpr double kHandleGap = 3; ///< between two rows of them

const ThemeColors& colors()
{
    return Theme::current().colors();
}

} // namespace

HistogramView::HistogramView(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    updateAccessibleText();
}

HistogramView::~HistogramView() = default;

void HistogramView::setSignal(const QString& name, const QString& unit)
{
    m_name = name;
    m_unit = unit;
    updateAccessibleText();
    update();
}

void HistogramView::setValues(std::vector<double> values)
{
    m_geometry.setValues(std::move(values));
    layOut();
    updateAccessibleText();
    update();
}

void HistogramView::setThresholds(std::vector<Threshold> thresholds)
{
    if (thresholds == m_thresholds)
        return;
    // The document may echo a preview during a drag: keep the line that is being held.
    if (m_dragging && thresholds.size() == m_thresholds.size())
        thresholds[static_cast<std::size_t>(m_current)].value =
            m_thresholds[static_cast<std::size_t>(m_current)].value;
    else
        m_dragging = false;
    const bool moreOrFewer = thresholds.size() != m_thresholds.size();
    m_thresholds = std::move(thresholds);
    if (moreOrFewer) {
        layOut();
        updateGeometry();
    }
    const int last = static_cast<int>(m_thresholds.size()) - 1;
    m_current = std::clamp(m_current, m_thresholds.empty() ? -1 : 0, last);
    updateAccessibleText();
    update();
}

void HistogramView::setCurrentThreshold(int index)
{
    if (index == m_current || index < 0 || index >= static_cast<int>(m_thresholds.size()))
        return;
    m_current = index;
    updateAccessibleText();
    announcePart(this, index);
    update();
    emit currentThresholdChanged(index);
}

void HistogramView::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    unsetCursor();
}

void HistogramView::setSides(const QString& left, const QString& right, Side holding)
{
    m_left = left;
    m_right = right;
    m_holding = holding;
    layOut();
    updateGeometry();
    update();
}

void HistogramView::setSideNotes(const QString& left, const QString& right)
{
    if (left == m_leftNote && right == m_rightNote)
        return;
    m_leftNote = left;
    m_rightNote = right;
    updateAccessibleText();
    update();
}

QSize HistogramView::sizeHint() const
{
    return {420, 158 + static_cast<int>(topMargin())};
}

QSize HistogramView::minimumSizeHint() const
{
    return {200, 98 + static_cast<int>(topMargin())};
}

/// Above the plot.
double HistogramView::topMargin() const
{
    const auto moreLines = static_cast<double>(std::max<std::size_t>(m_thresholds.size(), 1) - 1);
    return kTopMargin + sideRows() + moreLines * (kHandleHeight + kHandleGap);
}

double HistogramView::sideRows() const
{
    return m_left.isEmpty() && m_right.isEmpty() ? 0 : kSideRow;
}

void HistogramView::layOut()
{
    m_geometry.setPlotRect(
        QRectF(rect()).adjusted(kSideMargin, topMargin(), -kSideMargin, -kAxisHeight));
}

void HistogramView::resizeEvent(QResizeEvent*)
{
    layOut();
}

void HistogramView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::EnabledChange && !isEnabled())
        cancelDrag();
    QWidget::changeEvent(event);
}

void HistogramView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_geometry.isEmpty()) {
        painter.setPen(colors().textMuted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         m_geometry.missing() > 0
                             ? tr("No request of the traffic has a value for this signal.")
                             : tr("No traffic is open, so there is nothing to draw."));
        return;
    }
    paintMargin(painter);
    paintBars(painter);
    paintAxis(painter);
    paintHeight(painter);
    paintLines(painter);
    paintSides(painter);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange) && m_current < 0) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colors().focus, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius::kControl,
                                radius::kControl);
    }
}

QColor HistogramView::barColor(Side side) const
{
    const bool isDark = Theme::current().isDark();
    QColor color = side != m_holding          ? colors().textMuted
                   : m_holdingColor.isValid() ? m_holdingColor
                   : isDark                   ? colors().accentInk
                                              : colors().accent;
    color.setAlphaF(side == m_holding ? 0.95F : 0.75F); // 3:1 and more
    return color;
}

void HistogramView::setHoldingColor(const QColor& color)
{
    if (color == m_holdingColor)
        return;
    m_holdingColor = color;
    update();
}

void HistogramView::setMargin(double margin)
{
    if (margin == m_margin)
        return;
    m_margin = margin;
    update();
}

/// Behind the bars: what is near a line, on both sides of it.
void HistogramView::paintMargin(QPainter& painter) const
{
    if (!(m_margin > 0))
        return;
    const QRectF& plot = m_geometry.plotRect();
    for (const Threshold& line : m_thresholds) {
        const double left = std::max(plot.left(), m_geometry.mapValueToX(line.value - m_margin));
        const double right = std::min(plot.right(), m_geometry.mapValueToX(line.value + m_margin));
        if (right <= left)
            continue;
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), colors().hover);
        painter.setPen(QPen(colors().textMuted, 1, Qt::DashLine));
        for (const double x : {left, right})
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    }
}

/// Bars; those on the side where the condition holds are inked stronger.
void HistogramView::paintBars(QPainter& painter) const
{
    const bool split = m_current >= 0;
    const double at =
        split ? m_geometry.mapValueToX(m_thresholds[static_cast<std::size_t>(m_current)].value) : 0;
    const QColor left = barColor(Side::Left);
    const QColor right = barColor(Side::Right);
    // On a discrete signal the line stands at the number; the bar belongs to one side as a whole.
    const Threshold* line = split ? &m_thresholds[static_cast<std::size_t>(m_current)] : nullptr;
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < m_geometry.bins().size(); ++i) {
        QRectF bar = m_geometry.barRect(i);
        if (bar.isEmpty())
            continue;
        bar.setTop(std::min(bar.top(), bar.bottom() - kLeastBar)); // a few are seen, too
        if (!line) {
            painter.fillRect(bar, barColor(m_holding));
        } else if (m_geometry.isDiscrete()) {
            const double value =
                std::round((m_geometry.bins()[i].low + m_geometry.bins()[i].high) / 2);
            const bool onRight =
                line->rightIncludesEqual ? value >= line->value : value > line->value;
            painter.fillRect(bar, onRight ? right : left);
        } else if (at <= bar.left()) {
            painter.fillRect(bar, right);
        } else if (at >= bar.right()) {
            painter.fillRect(bar, left);
        } else {
            painter.fillRect(QRectF(bar.left(), bar.top(), at - bar.left(), bar.height()), left);
            painter.fillRect(QRectF(at, bar.top(), bar.right() - at, bar.height()), right);
        }
    }
}

void HistogramView::paintAxis(QPainter& painter) const
{
    const QRectF& plot = m_geometry.plotRect();
    painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), colors().chartAxis);
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setPen(colors().chartInk);
    const QFontMetricsF metrics(painter.font());
    double free = -1e9;
    // A bar for each number has room for its number below it.
    const double room = m_geometry.isDiscrete() ? 20 : 40;
    for (const double tick : m_geometry.ticks(std::max(2, int(plot.width() / room)))) {
        const double x = m_geometry.mapValueToX(tick);
        const QString text = format::brief(tick, 4);
        const double width = metrics.horizontalAdvance(text);
        if (x - width / 2 < free)
            continue;
        painter.fillRect(QRectF(x - 0.5, plot.bottom() + 1, 1, 3), colors().chartAxis);
        painter.drawText(QRectF(x - width / 2 - 2, plot.bottom() + 5, width + 4, 16),
                         Qt::AlignHCenter | Qt::AlignTop, text);
        free = x + width / 2 + 8;
    }
    painter.drawText(QRectF(plot.left(), plot.bottom() + 19, plot.width(), 16),
                     Qt::AlignHCenter | Qt::AlignTop, m_unit);
}

QString HistogramView::tallestText() const
{
    std::size_t most = 0;
    for (const HistogramGeometry::Bin& bin : m_geometry.bins())
        most = std::max(most, bin.count);
    return most == 1 ? tr("1 request") : tr("%1 requests").arg(format::count(most));
}

/// The scale of the bars: a line at the height of the tallest, with its number.
void HistogramView::paintHeight(QPainter& painter) const
{
    const QRectF& plot = m_geometry.plotRect();
    painter.setFont(Theme::font(TextRole::Caption));
    const QString text = tallestText();
    const QFontMetricsF metrics(painter.font());
    // At the side away from the tallest bar, which would stand behind the words.
    const double width = metrics.horizontalAdvance(text) + 4;
    const auto tallest =
        std::ranges::max_element(m_geometry.bins(), {}, &HistogramGeometry::Bin::count);
    const bool isLeft = tallest != m_geometry.bins().end() &&
                        m_geometry
                                .barRect(static_cast<std::size_t>(
                                    std::distance(m_geometry.bins().begin(), tallest)))
                                .center()
                                .x() < plot.center().x();
    const QRectF words(isLeft ? plot.right() - width : plot.left(), plot.top() + 1, width,
                       metrics.height());
    painter.fillRect(QRectF(plot.left(), plot.top(), plot.width(), 1), colors().line);
    QColor behind = colors().surface;
    behind.setAlphaF(0.8F);
    painter.fillRect(words, behind);
    painter.setPen(colors().chartInk);
    painter.drawText(words, (isLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop, text);
}

/// What the condition asks for, before its number: the line stands between two bars.
QString HistogramView::signOf(const Threshold& line) const
{
    if (m_left.isEmpty() && m_right.isEmpty())
        return {};
    if (m_holding == Side::Left)
        return line.rightIncludesEqual ? QStringLiteral("< ") : QStringLiteral("\u2264 ");
    return line.rightIncludesEqual ? QStringLiteral("\u2265 ") : QStringLiteral("> ");
}

/// Handles from left to right; one that would cover its neighbour gets a row of its own.
std::vector<HistogramView::Handle> HistogramView::handles() const
{
    QFont font = Theme::font(TextRole::Caption);
    font.setWeight(QFont::Medium);
    const QFontMetricsF metrics(font);
    std::vector<Handle> all;
    for (const Threshold& line : m_thresholds) {
        Handle handle;
        handle.x = std::round(m_geometry.lineX(line.value, line.rightIncludesEqual)) + 0.5;
        handle.text = signOf(line) + format::brief(line.value);
        if (!line.label.isEmpty())
            handle.text = line.label + QLatin1Char(' ') + handle.text;
        const double wide = metrics.horizontalAdvance(handle.text) + 14;
        const double left = std::clamp(handle.x - wide / 2, 2.0, std::max(2.0, width() - wide - 2));
        handle.box =
            QRectF(left, m_geometry.plotRect().top() - 4 - kHandleHeight, wide, kHandleHeight);
        all.push_back(handle);
    }
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(all[a].box.left(), a) < std::pair(all[b].box.left(), b);
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
        QRectF& box = all[order[i]].box;
        const auto covered = [&](std::size_t other) {
            return all[other].box.adjusted(-3, 0, 3, 0).intersects(box);
        };
        while (std::any_of(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(i), covered))
            box.translate(0, kHandleHeight + kHandleGap);
    }
    // However many rows they take, the last one stands on the plot and none hides a bar.
    double lowest = 0;
    for (const Handle& handle : all)
        lowest = std::max(lowest, handle.box.bottom() - (m_geometry.plotRect().top() - 4));
    for (Handle& handle : all)
        handle.box.translate(0, -lowest);
    return all;
}

void HistogramView::paintLines(QPainter& painter) const
{
    const QRectF& plot = m_geometry.plotRect();
    const std::vector<Handle> all = handles();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool current = static_cast<int>(i) == m_current;
        painter.setPen(QPen(current ? colors().text : colors().textMuted, current ? 2 : 1.25,
                            current ? Qt::SolidLine : Qt::DashLine));
        painter.drawLine(QPointF(all[i].x, all[i].box.bottom()),
                         QPointF(all[i].x, plot.bottom() + 3));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool current = static_cast<int>(i) == m_current;
        painter.setPen(current ? QPen(Qt::NoPen) : QPen(colors().lineStrong, 1));
        painter.setBrush(current ? colors().text : colors().raised);
        painter.drawRoundedRect(all[i].box, 5, 5);
        QFont font = Theme::font(TextRole::Caption);
        font.setWeight(QFont::Medium);
        painter.setFont(font);
        painter.setPen(current ? Theme::current().inkOn(colors().text) : colors().text);
        painter.drawText(all[i].box, Qt::AlignCenter, all[i].text);
        if (current && hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(colors().focus, 2));
            painter.drawRoundedRect(all[i].box.adjusted(-3, -3, 3, 3), 7, 7);
        }
    }
}

/// Words and counts of both sides of the current line below each other, in the corners above the
/// plot: side by side they would not fit into a narrow panel.
void HistogramView::paintSides(QPainter& painter) const
{
    painter.setFont(Theme::font(TextRole::Small));
    const QRectF row(kSideMargin, 2, width() - 2 * kSideMargin, 18);
    const auto all = static_cast<double>(m_geometry.count());
    if (m_current < 0) {
        painter.setPen(colors().textMuted);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                         tr("%n request(s)", nullptr, static_cast<int>(m_geometry.count())));
        return;
    }
    const Threshold& line = m_thresholds[static_cast<std::size_t>(m_current)];
    const std::size_t left = line.rightIncludesEqual ? m_geometry.countBelow(line.value)
                                                     : m_geometry.countAtMost(line.value);
    const std::size_t right = m_geometry.count() - left;
    const auto side = [&](std::size_t count, const QString& words, const QString& note,
                          Side which) {
        const Qt::Alignment align = which == Side::Left ? Qt::AlignLeft : Qt::AlignRight;
        const double gap = space::kHalf;
        QRectF half = align & Qt::AlignLeft ? row.adjusted(0, 0, -row.width() / 2 - gap, 0)
                                            : row.adjusted(row.width() / 2 + gap, 0, 0, 0);
        painter.setPen(which == m_holding ? colors().accentInk : colors().textMuted);
        const QFontMetricsF metrics(painter.font());
        if (sideRows() > 0) {
            const double key = kKeySize + kKeyGap;
            const QString text = metrics.elidedText(words, Qt::ElideRight, half.width() - key);
            const double wide = key + metrics.horizontalAdvance(text);
            const double x = which == Side::Left ? half.left() : half.right() - wide;
            painter.fillRect(
                QRectF(x, half.center().y() - kKeySize / 2, kKeySize, kKeySize).toRect(),
                barColor(which));
            painter.drawText(QRectF(x + key, half.top(), wide - key + 1, half.height()),
                             Qt::AlignLeft | Qt::AlignVCenter, text);
            half.translate(0, kSideRow);
        }
        // What does not fit is left out as a whole: a number that is cut is another number.
        const QString total = format::count(static_cast<qint64>(count));
        const QString withShare =
            tr("%1 (%2)", "count and share").arg(total, format::percent(double(count) / all));
        const QString dot = QStringLiteral(" \u00b7 ");
        QStringList fitting{withShare, total};
        if (!note.isEmpty())
            fitting = QStringList{withShare + dot + note, total + dot + note} + fitting;
        const auto text = std::ranges::find_if(fitting, [&](const QString& told) {
            return metrics.horizontalAdvance(told) <= half.width();
        });
        painter.drawText(half, static_cast<int>(align | Qt::AlignVCenter),
                         text == fitting.end() ? fitting.last() : *text);
    };
    side(left, m_left, m_leftNote, Side::Left);
    side(right, m_right, m_rightNote, Side::Right);
}

/// A handle anywhere, else the nearest line; of equals the current one.
int HistogramView::thresholdAt(QPointF position) const
{
    const std::vector<Handle> all = handles();
    int best = -1;
    double bestDistance = kGrabReach;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].box.contains(position))
            return static_cast<int>(i);
        const bool current = static_cast<int>(i) == m_current;
        const double distance = std::abs(all[i].x - position.x()) - (current ? 0.5 : 0);
        if (distance <= bestDistance) {
            bestDistance = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

void HistogramView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_geometry.isEmpty())
        return QWidget::mousePressEvent(event);
    const int hit = thresholdAt(event->position());
    if (hit < 0)
        return;
    setCurrentThreshold(hit);
    if (m_readOnly)
        return;
    const Threshold& line = m_thresholds[static_cast<std::size_t>(m_current)];
    emit gestureBegan();
    m_dragging = true;
    m_dragStart = line.value;
    m_dragOffset = m_geometry.mapValueToX(line.value) - event->position().x();
}

void HistogramView::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_dragging) {
        const bool over = !m_readOnly && thresholdAt(event->position()) >= 0;
        over ? setCursor(Qt::SizeHorCursor) : unsetCursor();
        return;
    }
    moveCurrent(m_geometry.snapped(m_geometry.mapXToValue(event->position().x() + m_dragOffset)));
}

void HistogramView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_dragging)
        return QWidget::mouseReleaseEvent(event);
    m_dragging = false;
    const Threshold line = m_thresholds[static_cast<std::size_t>(m_current)];
    if (line.value != m_dragStart)
        emit thresholdCommitted(line.id, line.value);
    emit gestureBegan();
}

void HistogramView::focusInEvent(QFocusEvent* event)
{
    emit gestureBegan();
    QWidget::focusInEvent(event);
}

void HistogramView::moveCurrent(double value)
{
    Threshold& line = m_thresholds[static_cast<std::size_t>(m_current)];
    if (value == line.value)
        return;
    line.value = value;
    updateAccessibleText();
    update();
    const QString id = line.id; // the slot may set new thresholds
    emit thresholdMoved(id, value);
}

void HistogramView::cancelDrag()
{
    if (!m_dragging)
        return;
    m_dragging = false;
    Threshold& line = m_thresholds[static_cast<std::size_t>(m_current)];
    line.value = m_dragStart;
    updateAccessibleText();
    update();
    const QString id = line.id;
    emit thresholdCancelled(id);
}

void HistogramView::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_dragging) {
        cancelDrag();
        return;
    }
    if (m_readOnly || m_current < 0 || m_geometry.isEmpty() || m_dragging)
        return QWidget::keyPressEvent(event);
    const double before = m_thresholds[static_cast<std::size_t>(m_current)].value;
    const int steps = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
    double after = 0;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        after = m_geometry.stepped(before, -steps);
        break;
    case Qt::Key_Right:
    case Qt::Key_Up:
        after = m_geometry.stepped(before, steps);
        break;
    case Qt::Key_Home:
        after = m_geometry.snapped(m_geometry.minimum());
        break;
    case Qt::Key_End:
        after = m_geometry.snapped(m_geometry.maximum());
        break;
    default:
        return QWidget::keyPressEvent(event);
    }
    if (after == before)
        return;
    const QString id = m_thresholds[static_cast<std::size_t>(m_current)].id;
    moveCurrent(after);
    emit thresholdCommitted(id, after);
}

bool HistogramView::focusNextPrevChild(bool next)
{
    const int to = m_current + (next ? 1 : -1);
    if (to >= 0 && to < static_cast<int>(m_thresholds.size())) {
        setCurrentThreshold(to);
        return true;
    }
    return QWidget::focusNextPrevChild(next);
}

bool HistogramView::event(QEvent* event)
{
    if (event->type() == QEvent::UngrabMouse)
        cancelDrag();
    // While a line is held, Escape is for the line and for nothing around it.
    if (event->type() == QEvent::ShortcutOverride && m_dragging &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

std::vector<SpokenPart> HistogramView::spokenParts() const
{
    std::vector<SpokenPart> parts;
    const std::vector<Handle> boxes = handles();
    for (std::size_t i = 0; i < m_thresholds.size(); ++i) {
        const Threshold& line = m_thresholds[i];
        const QRect box = i < boxes.size() ? boxes[i].box.toRect() : QRect();
        parts.push_back({QAccessible::Slider,
                         tr("Threshold %1: %2").arg(line.label, format::brief(line.value, 4)),
                         {},
                         box,
                         static_cast<int>(i) == m_current,
                         m_readOnly});
    }
    return parts;
}

void HistogramView::updateAccessibleText()
{
    partsChanged();
    setAccessibleName(m_name.isEmpty() ? tr("Histogram") : tr("Histogram of %1").arg(m_name));
    if (m_current < 0 || m_geometry.isEmpty()) {
        setAccessibleDescription(m_geometry.isEmpty() ? tr("No values.") : QString());
        return;
    }
    const Threshold& line = m_thresholds[static_cast<std::size_t>(m_current)];
    const std::size_t left = line.rightIncludesEqual ? m_geometry.countBelow(line.value)
                                                     : m_geometry.countAtMost(line.value);
    const auto told = [](std::size_t count, const QString& note) {
        const QString requests =
            count == 1 ? tr("1 request")
                       : tr("%1 requests").arg(format::count(static_cast<qint64>(count)));
        return note.isEmpty() ? requests
                              : tr("%1 (%2)", "requests, their cost").arg(requests, note);
    };
    setAccessibleDescription(tr("Threshold %1: %2. %3 left of it, %4 right of it.")
                                 .arg(line.label, format::brief(line.value, 4),
                                      told(left, m_leftNote),
                                      told(m_geometry.count() - left, m_rightNote)));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

} // namespace signalbox::ui
