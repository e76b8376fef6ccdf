// SPDX-License-Identifier: GPL-3.0-or-later
#include "part_palette.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QApplication>
#include <QDrag>
#include <QHBoxLayout>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace signalbox::ui {
namespace {

QString mimeType()
{
    return QStringLiteral("application/x-signalbox-part");
}

} // namespace

PartButton::PartButton(FlowPart part, QAction* action, const QString& word, QWidget* parent)
    : QToolButton(parent), m_part(part)
{
    QString name = action->text();
    name.remove(QLatin1Char('&'));
    setIcon(action->icon());
    setText(word);
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(name);
    setAccessibleDescription(tr("Can be dragged to a place on the canvas."));
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    setToolTip(plainToolTip((keys.isEmpty() ? name : name + QStringLiteral("  ") + keys) +
                            QStringLiteral("\n") + accessibleDescription()));
    connect(this, &QToolButton::clicked, this, [this, action, name] {
        if (action->isEnabled())
            action->trigger();
        else
            emit placeWanted(
                tr("“%1” needs a place: drag it there, or select it first.").arg(name));
    });
}

void PartButton::setWord(Word place)
{
    setToolButtonStyle(place == Word::Beside  ? Qt::ToolButtonTextBesideIcon
                       : place == Word::Below ? Qt::ToolButtonTextUnderIcon
                                              : Qt::ToolButtonIconOnly);
    setFont(Theme::font(place == Word::Below ? TextRole::Caption : TextRole::Small));
}

/// With a word below it a sign needs less around it than the style gives to a button.
QSize PartButton::sizeHint() const
{
    if (toolButtonStyle() != Qt::ToolButtonTextUnderIcon)
        return QToolButton::sizeHint();
    const int word = fontMetrics().horizontalAdvance(text());
    return {std::max(space::kRow, word + space::kUnit),
            iconSize().height() + fontMetrics().height() + space::kHalf};
}

QMimeData* PartButton::mimeOf(FlowPart part)
{
    auto* const mime = new QMimeData;
    mime->setData(mimeType(), QByteArray::number(static_cast<int>(part)));
    return mime;
}

std::optional<FlowPart> PartButton::partOf(const QMimeData* mime)
{
    if (!mime || !mime->hasFormat(mimeType()))
        return std::nullopt;
    bool isNumber = false;
    const int part = mime->data(mimeType()).toInt(&isNumber);
    if (!isNumber || part < 0 || part >= kFlowParts)
        return std::nullopt;
    return static_cast<FlowPart>(part);
}

/// What is carried: its sign and its name.
QPixmap PartButton::label() const
{
    const ThemeColors& colors = Theme::current().colors();
    const QFont font = Theme::font(TextRole::Small);
    const int sign = iconSize().width();
    const QSize size(sign + 3 * space::kUnit +
                         QFontMetrics(font).horizontalAdvance(accessibleName()),
                     sign + 2 * space::kUnit);
    QPixmap pixmap(size * devicePixelRatio());
    pixmap.setDevicePixelRatio(devicePixelRatio());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.focus, 1));
    painter.setBrush(colors.surface);
    painter.drawRoundedRect(QRectF(QPointF(), QSizeF(size)).adjusted(0.5, 0.5, -0.5, -0.5),
                            radius::kControl, radius::kControl);
    painter.drawPixmap(space::kUnit, space::kUnit, icon().pixmap(iconSize()));
    painter.setFont(font);
    painter.setPen(colors.text);
    painter.drawText(QRect(sign + 2 * space::kUnit, 0, size.width(), size.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, accessibleName());
    return pixmap;
}

void PartButton::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    QToolButton::mousePressEvent(event);
}

void PartButton::mouseMoveEvent(QMouseEvent* event)
{
    const bool isDrag =
        event->buttons() & Qt::LeftButton &&
        (event->pos() - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (!isDrag)
        return QToolButton::mouseMoveEvent(event);
    setDown(false); // what is carried away is not pressed
    auto* const drag = new QDrag(this);
    drag->setMimeData(mimeOf(m_part));
    drag->setPixmap(label());
    drag->setHotSpot(QPoint(-space::kGap, -space::kGap)); // beside what is under the pointer
    drag->exec(Qt::CopyAction);
}

PartBar::PartBar(QWidget* parent) : QWidget(parent)
{
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

PartButton* PartBar::add(FlowPart part, QAction* action, const QString& word)
{
    auto* const button = new PartButton(part, action, word);
    m_buttons.push_back(button);
    layout()->addWidget(button);
    measure();
    return button;
}

void PartBar::addLast(QWidget* widget)
{
    m_last = widget;
    auto* const line = static_cast<QHBoxLayout*>(layout());
    line->addWidget(widget);
    line->addStretch(1); // room for words that are not there yet
    measure();
}

int PartBar::widthFor(PartButton::Word word) const
{
    return m_widths.at(static_cast<std::size_t>(word));
}

QSize PartBar::sizeHint() const
{
    return {widthFor(PartButton::Word::Beside), layout()->sizeHint().height()};
}

QSize PartBar::minimumSizeHint() const
{
    return {widthFor(PartButton::Word::Nowhere), layout()->minimumSize().height()};
}

void PartBar::measure()
{
    for (const auto word :
         {PartButton::Word::Beside, PartButton::Word::Below, PartButton::Word::Nowhere}) {
        int& width = m_widths.at(static_cast<std::size_t>(word));
        width = m_last ? m_last->sizeHint().width() : 0;
        for (PartButton* const button : m_buttons) {
            button->setWord(word);
            width += button->sizeHint().width();
        }
    }
    setWord(fitting());
}

PartButton::Word PartBar::fitting() const
{
    const auto fits = [&](PartButton::Word word) { return widthFor(word) <= width(); };
    return fits(PartButton::Word::Beside)  ? PartButton::Word::Beside
           : fits(PartButton::Word::Below) ? PartButton::Word::Below
                                           : PartButton::Word::Nowhere;
}

void PartBar::setWord(PartButton::Word word)
{
    m_word = word;
    for (PartButton* const button : m_buttons)
        button->setWord(word);
    updateGeometry();
}

void PartBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (const PartButton::Word word = fitting(); word != m_word)
        setWord(word);
}

void PartBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::StyleChange)
        measure();
    QWidget::changeEvent(event);
}

} // namespace signalbox::ui
