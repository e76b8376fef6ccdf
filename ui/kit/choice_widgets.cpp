// SPDX-License-Identifier: GPL-3.0-or-later
#include "choice_widgets.h"

#include "basic_widgets.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QTimer>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kSegmentPadding = 12;
constexpr int kRailWidth = 76;
constexpr int kRailEntry = 60;
constexpr int kSettleMs = 180;

const ThemeColors& colors()
{
    return Theme::current().colors();
}

bool focusFromKeyboard(const QWidget* widget)
{
    return widget->hasFocus() && widget->window()->testAttribute(Qt::WA_KeyboardFocusChange);
}

void ring(QPainter& painter, const QRectF& rect, qreal radius)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors().focus, 2));
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
}

} // namespace

// SegmentedControl

SegmentedControl::SegmentedControl(const QString& name, QWidget* parent)
    : QWidget(parent), m_name(name)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(name);
}

int SegmentedControl::addSegment(const QString& text, const QString& toolTip)
{
    m_segments.push_back({text, toolTip, -1, true});
    if (m_current < 0)
        m_current = 0;
    updateAccessibleText();
    updateGeometry();
    return count() - 1;
}

int SegmentedControl::addSegment(Icon icon, const QString& name)
{
    m_segments.push_back({name, name, static_cast<int>(icon), true});
    if (m_current < 0)
        m_current = 0;
    updateAccessibleText();
    updateGeometry();
    return count() - 1;
}

void SegmentedControl::setCurrentIndex(int index)
{
    if (index == m_current || index < 0 || index >= count())
        return;
    m_current = index;
    updateAccessibleText();
    announcePart(this, index);
    update();
    emit currentChanged(index);
}

void SegmentedControl::setSegmentEnabled(int index, bool enabled)
{
    if (index < 0 || index >= count())
        return;
    m_segments[static_cast<std::size_t>(index)].enabled = enabled;
    partsChanged();
    update();
}

std::vector<SpokenPart> SegmentedControl::spokenParts() const
{
    std::vector<SpokenPart> parts;
    for (int i = 0; i < count(); ++i) {
        const Segment& segment = m_segments[static_cast<std::size_t>(i)];
        parts.push_back({QAccessible::RadioButton, segment.text, segment.toolTip, segmentRect(i),
                         i == m_current, !segment.enabled});
    }
    return parts;
}

void SegmentedControl::pressPart(int part)
{
    if (part >= 0 && part < count() && m_segments[static_cast<std::size_t>(part)].enabled)
        setCurrentIndex(part);
}

void SegmentedControl::updateAccessibleText()
{
    partsChanged();
    QStringList choices;
    for (const Segment& segment : m_segments)
        choices << segment.text;
    if (m_current >= 0)
        setAccessibleName(tr("%1: %2", "a choice and its value").arg(m_name, choices[m_current]));
    setAccessibleDescription(tr("One of: %1").arg(choices.join(QStringLiteral(", "))));
}

int SegmentedControl::segmentWidth(const Segment& segment) const
{
    if (segment.icon >= 0)
        return space::kControl + 4;
    const QFontMetricsF metrics(Theme::font(TextRole::BodyStrong));
    return static_cast<int>(std::ceil(metrics.horizontalAdvance(segment.text))) +
           2 * kSegmentPadding;
}

QRect SegmentedControl::segmentRect(int index) const
{
    int x = 2;
    for (int i = 0; i < index; ++i)
        x += segmentWidth(m_segments[static_cast<std::size_t>(i)]);
    const QRect rect(x, 2, segmentWidth(m_segments[static_cast<std::size_t>(index)]), height() - 4);
    return QStyle::visualRect(layoutDirection(), this->rect(), rect);
}

int SegmentedControl::segmentAt(QPoint position) const
{
    for (int i = 0; i < count(); ++i) {
        if (segmentRect(i).contains(position))
            return i;
    }
    return -1;
}

QSize SegmentedControl::sizeHint() const
{
    int width = 4;
    for (const Segment& segment : m_segments)
        width += segmentWidth(segment);
    return {width, space::kControl};
}

void SegmentedControl::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors().line, 1));
    painter.setBrush(colors().sunken);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                            radius::kControl);
    for (int i = 0; i < count(); ++i) {
        const Segment& segment = m_segments[static_cast<std::size_t>(i)];
        const QRectF place(segmentRect(i));
        const bool current = i == m_current;
        if (current) {
            painter.setPen(QPen(colors().lineStrong, 1));
            painter.setBrush(Theme::current().isDark() ? colors().raised : colors().surface);
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl - 2,
                                    radius::kControl - 2);
        }
        const bool live = isEnabled() && segment.enabled;
        const QColor ink = !live     ? colors().textDisabled
                           : current ? colors().text
                                     : colors().textMuted;
        if (segment.icon >= 0) {
            paintIcon(painter, QRectF(place.center() - QPointF(8, 8), QSizeF(16, 16)),
                      static_cast<Icon>(segment.icon), ink);
        } else {
            painter.setFont(Theme::font(current ? TextRole::BodyStrong : TextRole::Body));
            painter.setPen(ink);
            painter.drawText(place, Qt::AlignCenter | Qt::TextSingleLine, segment.text);
        }
    }
    if (focusFromKeyboard(this))
        ring(painter, rect(), radius::kControl);
}

void SegmentedControl::mousePressEvent(QMouseEvent* event)
{
    const int hit = segmentAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && hit >= 0 &&
        m_segments[static_cast<std::size_t>(hit)].enabled)
        setCurrentIndex(hit);
}

void SegmentedControl::keyPressEvent(QKeyEvent* event)
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    int step = 0;
    switch (event->key()) {
    case Qt::Key_Left:
        step = mirrored ? 1 : -1;
        break;
    case Qt::Key_Right:
        step = mirrored ? -1 : 1;
        break;
    case Qt::Key_Up:
        step = -1;
        break;
    case Qt::Key_Down:
        step = 1;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    int next = m_current + step;
    while (next >= 0 && next < count() && !m_segments[static_cast<std::size_t>(next)].enabled)
        next += step;
    setCurrentIndex(next);
}

bool SegmentedControl::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int hit = segmentAt(help->pos());
        if (hit >= 0 && !m_segments[static_cast<std::size_t>(hit)].toolTip.isEmpty())
            QToolTip::showText(help->globalPos(),
                               plainToolTip(m_segments[static_cast<std::size_t>(hit)].toolTip),
                               this, segmentRect(hit));
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

// SearchField

SearchField::SearchField(const QString& placeholder, QWidget* parent) : QLineEdit(parent)
{
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    setClearButtonEnabled(true);
    addAction(icon(Icon::Search), QLineEdit::LeadingPosition);
    for (QToolButton* const button : findChildren<QToolButton*>())
        button->setAccessibleName(button->actions().isEmpty() ? tr("Clear the field")
                                                              : placeholder);
    auto* settle = new QTimer(this);
    settle->setSingleShot(true);
    settle->setInterval(kSettleMs);
    connect(this, &QLineEdit::textChanged, settle, qOverload<>(&QTimer::start));
    connect(this, &QLineEdit::returnPressed, settle, [settle] { settle->start(0); });
    connect(settle, &QTimer::timeout, this, [this] { emit textSettled(text()); });
}

bool SearchField::event(QEvent* event)
{
    // Escape clears the words first; only in an empty field it is for what is around it.
    if (event->type() == QEvent::ShortcutOverride && !text().isEmpty() &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void SearchField::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

// NavRail

NavRail::NavRail(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setAccessibleName(tr("Pages"));
}

int NavRail::addEntry(Icon icon, const QString& label, const QString& toolTip)
{
    return add({icon, label, toolTip, false});
}

int NavRail::addFooterEntry(Icon icon, const QString& label, const QString& toolTip)
{
    return add({icon, label, toolTip, true});
}

int NavRail::add(Entry entry)
{
    m_entries.push_back(std::move(entry));
    partsChanged();
    updateGeometry();
    if (m_current < 0)
        setCurrentIndex(0);
    update();
    return count() - 1;
}

void NavRail::setCurrentIndex(int index)
{
    if (index == m_current || index < 0 || index >= count())
        return;
    m_current = index;
    setAccessibleDescription(
        tr("Current page: %1").arg(m_entries[static_cast<std::size_t>(index)].label));
    partsChanged();
    announcePart(this, index);
    update();
    emit currentChanged(index);
}

std::vector<SpokenPart> NavRail::spokenParts() const
{
    std::vector<SpokenPart> parts;
    for (int i = 0; i < count(); ++i) {
        const Entry& entry = m_entries[static_cast<std::size_t>(i)];
        parts.push_back(
            {QAccessible::PageTab, entry.label, entry.toolTip, entryRect(i), i == m_current});
    }
    return parts;
}

QRect NavRail::entryRect(int index) const
{
    const Entry& entry = m_entries[static_cast<std::size_t>(index)];
    const auto before = std::count_if(m_entries.begin(), m_entries.begin() + index,
                                      [&](const Entry& e) { return e.footer == entry.footer; });
    int top = space::kUnit + static_cast<int>(before) * kRailEntry;
    if (entry.footer) {
        const auto all = std::count_if(m_entries.begin(), m_entries.end(),
                                       [](const Entry& e) { return e.footer; });
        top = height() - space::kUnit - static_cast<int>(all - before) * kRailEntry;
    }
    return {0, top, width(), kRailEntry};
}

int NavRail::entryAt(QPoint position) const
{
    for (int i = 0; i < count(); ++i) {
        if (entryRect(i).contains(position))
            return i;
    }
    return -1;
}

QSize NavRail::sizeHint() const
{
    return {kRailWidth, count() * kRailEntry + 3 * space::kUnit};
}

QSize NavRail::minimumSizeHint() const
{
    return sizeHint();
}

void NavRail::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), colors().window);
    const int edge = layoutDirection() == Qt::RightToLeft ? 0 : width() - 1;
    painter.fillRect(QRect(edge, 0, 1, height()), colors().line);
    for (int i = 0; i < count(); ++i)
        paintEntry(painter, i);
}

void NavRail::paintEntry(QPainter& painter, int index) const
{
    const Entry& entry = m_entries[static_cast<std::size_t>(index)];
    const QRectF place = QRectF(entryRect(index)).adjusted(6, 2, -7, -2);
    const bool current = index == m_current;
    painter.setPen(Qt::NoPen);
    if (current) {
        painter.setBrush(colors().accented.soft);
        painter.drawRoundedRect(place, radius::kCard, radius::kCard);
    } else if (index == m_hovered) {
        painter.setBrush(colors().hover);
        painter.drawRoundedRect(place, radius::kCard, radius::kCard);
    }
    const QColor ink = current ? colors().accented.ink : colors().textMuted;
    const QRectF iconRect(place.center().x() - 10, place.top() + 8, 20, 20);
    paintIcon(painter, iconRect, entry.icon, ink);
    QFont font = Theme::font(TextRole::Caption);
    font.setWeight(current ? QFont::DemiBold : QFont::Medium);
    painter.setFont(font);
    painter.setPen(ink);
    const QRectF text(place.left(), iconRect.bottom() + 4, place.width(), 16);
    painter.drawText(text, Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine,
                     QFontMetricsF(font).elidedText(entry.label, Qt::ElideRight, text.width()));
    if (current && focusFromKeyboard(this))
        ring(painter, place, radius::kCard);
}

void NavRail::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        setCurrentIndex(entryAt(event->position().toPoint()));
}

void NavRail::mouseMoveEvent(QMouseEvent* event)
{
    const int hit = entryAt(event->position().toPoint());
    if (hit == m_hovered)
        return;
    m_hovered = hit;
    update();
}

void NavRail::leaveEvent(QEvent*)
{
    m_hovered = -1;
    update();
}

void NavRail::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        setCurrentIndex(m_current - 1);
        return;
    case Qt::Key_Down:
        setCurrentIndex(m_current + 1);
        return;
    case Qt::Key_Home:
        setCurrentIndex(0);
        return;
    case Qt::Key_End:
        setCurrentIndex(count() - 1);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool NavRail::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int hit = entryAt(help->pos());
        if (hit >= 0 && !m_entries[static_cast<std::size_t>(hit)].toolTip.isEmpty())
            QToolTip::showText(help->globalPos(),
                               plainToolTip(m_entries[static_cast<std::size_t>(hit)].toolTip), this,
                               entryRect(hit));
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace signalbox::ui
