// SPDX-License-Identifier: GPL-3.0-or-later
#include "basic_widgets.h"

#include "app_style.h"
#include "text_views.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QStyleOptionFocusRect>
#include <QStylePainter>
#include <QTextDocument>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kBadgeHeight = 20;
constexpr int kBadgePadding = 7;
constexpr int kBadgeIcon = 12;
constexpr int kChipHeight = 26;
constexpr int kChipPadding = 10;

const ThemeColors& colors()
{
    return Theme::current().colors();
}

/// One line without control characters that would break it.
QString singleLine(QString text)
{
    for (QChar& c : text) {
        if (c == QLatin1Char('\n') || c == QLatin1Char('\r') || c == QLatin1Char('\t') ||
            c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = QLatin1Char(' ');
    }
    return text;
}

void fillRound(QPainter& painter, const QRectF& rect, qreal radius, const QColor& fill,
               const QColor& line)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    if (line.alpha() == 0) {
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(rect, radius, radius);
    } else {
        painter.setPen(QPen(line, 1));
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    }
}

void ring(QPainter& painter, const QRectF& rect, qreal radius)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors().focus, 2));
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
}

bool focusFromKeyboard(const QWidget* widget)
{
    return widget->hasFocus() && widget->window()->testAttribute(Qt::WA_KeyboardFocusChange);
}

} // namespace

QString plainToolTip(const QString& given)
{
    const QString text = withVisibleControls(given);
    constexpr qsizetype kOneLine = 56;
    if (text.size() <= kOneLine && !Qt::mightBeRichText(text))
        return text;
    QString escaped = text.toHtmlEscaped();
    escaped.replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    return QStringLiteral("<p>%1</p>").arg(escaped);
}

QString withoutMnemonics(QString text)
{
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

void tellProblem(QWidget* parent, const QString& title, const QString& text)
{
    auto* const box = new QMessageBox(QMessageBox::Warning, title, withVisibleControls(text),
                                      QMessageBox::Ok, parent);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

// ElidedLabel

ElidedLabel::ElidedLabel(const QString& text, TextRole role, QWidget* parent)
    : QWidget(parent), m_role(role)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFont(Theme::font(role));
    setText(text);
}

void ElidedLabel::setText(const QString& text)
{
    const QString line = singleLine(withVisibleControls(text));
    if (line == m_text)
        return;
    m_text = line;
    setAccessibleName(m_text);
    updateGeometry();
    update();
}

void ElidedLabel::setRole(TextRole role)
{
    m_role = role;
    setFont(Theme::font(role));
    updateGeometry();
    update();
}

void ElidedLabel::setMuted(bool muted)
{
    m_muted = muted;
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_mode = mode;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

bool ElidedLabel::isElided() const
{
    return QFontMetricsF(font()).horizontalAdvance(m_text) > contentsRect().width() + 0.5;
}

QSize ElidedLabel::sizeHint() const
{
    const QFontMetricsF metrics(font());
    return {static_cast<int>(std::ceil(metrics.horizontalAdvance(m_text))) + 1,
            static_cast<int>(std::ceil(metrics.height()))};
}

QSize ElidedLabel::minimumSizeHint() const
{
    const QSize hint = sizeHint();
    const int least =
        static_cast<int>(QFontMetricsF(font()).horizontalAdvance(QStringLiteral("m…")));
    return {std::min(hint.width(), least), hint.height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(!isEnabled() ? colors().textDisabled
                   : m_muted    ? colors().textMuted
                                : colors().text);
    const QString shown = painter.fontMetrics().elidedText(m_text, m_mode, width());
    painter.drawText(rect(), static_cast<int>(m_alignment) | Qt::TextSingleLine, shown);
}

bool ElidedLabel::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (isElided()) {
            QToolTip::showText(help->globalPos(), plainToolTip(m_text), this);
            return true;
        }
        QToolTip::hideText(); // and the widget around this one may have something to say
    }
    return QWidget::event(event);
}

// TextLabel

TextLabel::TextLabel(const QString& text, TextRole role, QWidget* parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setText(text);
    setFont(Theme::font(role));
    applyInk();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this, &TextLabel::applyInk);
}

void TextLabel::setText(const QString& text)
{
    QLabel::setText(withVisibleControls(text));
}

void TextLabel::setRole(TextRole role)
{
    setFont(Theme::font(role));
}

void TextLabel::setMuted(bool muted)
{
    m_ink = muted ? Ink::Muted : Ink::Text;
    applyInk();
}

void TextLabel::setTone(Tone tone)
{
    m_ink = Ink::Toned;
    m_tone = tone;
    applyInk();
}

void TextLabel::applyInk()
{
    QPalette inked;
    const QColor ink = m_ink == Ink::Toned   ? Theme::current().tone(m_tone).ink
                       : m_ink == Ink::Muted ? colors().textMuted
                                             : colors().text;
    inked.setColor(QPalette::WindowText, ink);
    inked.setColor(QPalette::Disabled, QPalette::WindowText, colors().textDisabled);
    setPalette(inked);
}

// Badge

QSizeF badgeSize(const QString& text, bool withIcon)
{
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    const qreal icon = withIcon ? kBadgeIcon + 3 : 0;
    return {std::ceil(metrics.horizontalAdvance(text) + icon + 2 * kBadgePadding), kBadgeHeight};
}

void paintBadge(QPainter& painter, const QRectF& rect, const QString& text, Tone tone, int icon)
{
    painter.save();
    const ToneColors& ink = Theme::current().tone(tone);
    fillRound(painter, rect, std::min<qreal>(rect.height() / 2, 5), ink.soft, ink.line);
    QRectF inside = rect.adjusted(kBadgePadding, 0, -kBadgePadding, 0);
    if (icon >= 0) {
        const QRectF place(inside.left() - 1, inside.center().y() - kBadgeIcon / 2.0, kBadgeIcon,
                           kBadgeIcon);
        paintIcon(painter, place, static_cast<Icon>(icon), ink.ink);
        inside.setLeft(place.right() + 4);
    }
    QFont font = Theme::font(TextRole::Caption);
    font.setWeight(QFont::Medium);
    painter.setFont(font);
    painter.setPen(ink.ink);
    painter.drawText(inside.adjusted(0, 0, 6, 0),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
    painter.restore();
}

Badge::Badge(const QString& text, Tone tone, QWidget* parent) : QWidget(parent), m_tone(tone)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setText(text);
}

Badge* Badge::simulated(QWidget* parent)
{
    auto* badge = new Badge(tr("simulated"), Tone::Caution, parent);
    badge->setToolTip(tr("These answers come from the built-in simulator, not from a real model."));
    return badge;
}

void Badge::setText(const QString& text)
{
    m_text = singleLine(text);
    setAccessibleName(m_text);
    updateGeometry();
    update();
}

void Badge::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void Badge::setIcon(Icon icon)
{
    m_icon = static_cast<int>(icon);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return badgeSize(m_text, m_icon >= 0).toSize() + QSize(2, 0);
}

void Badge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintBadge(painter, rect(), m_text, m_tone, m_icon);
}

// Chip

Chip::Chip(const QString& text, QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    setText(text);
}

void Chip::setText(const QString& text)
{
    m_text = singleLine(text);
    setAccessibleName(m_prefix.isEmpty() ? m_text : m_prefix + QLatin1Char(' ') + m_text);
    updateGeometry();
    update();
}

void Chip::setPrefix(const QString& prefix)
{
    m_prefix = singleLine(prefix);
    setText(m_text);
}

void Chip::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void Chip::setRemovable(bool removable)
{
    m_removable = removable;
    setAccessibleDescription(removable ? tr("Press Delete to remove.") : QString());
    updateGeometry();
    update();
}

void Chip::setSelected(bool selected)
{
    m_selected = selected;
    update();
}

QRect Chip::crossRect() const
{
    if (!m_removable)
        return {};
    const QRect cross(width() - kChipHeight, 0, kChipHeight, height());
    return QStyle::visualRect(layoutDirection(), rect(), cross);
}

QSize Chip::sizeHint() const
{
    const QFontMetricsF metrics(Theme::font(TextRole::Small));
    qreal width = metrics.horizontalAdvance(m_text) + 2 * kChipPadding + 1;
    if (!m_prefix.isEmpty())
        width += metrics.horizontalAdvance(m_prefix) + space::kHalf;
    if (m_removable)
        width += kChipHeight - kChipPadding;
    return {static_cast<int>(std::ceil(width)), kChipHeight};
}

QSize Chip::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), 64), kChipHeight};
}

void Chip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ToneColors& ink = Theme::current().tone(m_selected ? Tone::Accent : m_tone);
    QColor fill = ink.soft;
    if (isEnabled() && underMouse())
        fill = blended(m_pressed ? colors().pressed : colors().hover, fill);
    fillRound(painter, rect(), kChipHeight / 2.0, fill, m_selected ? colors().accentInk : ink.line);
    if (focusFromKeyboard(this))
        ring(painter, rect(), kChipHeight / 2.0);
    painter.setFont(Theme::font(TextRole::Small));
    QRect inside = rect().adjusted(kChipPadding, 0, -kChipPadding, 0);
    if (m_removable) {
        const QRect cross = crossRect();
        paintIcon(painter, QRectF(QRectF(cross).center() - QPointF(6, 6), QSizeF(12, 12)),
                  Icon::Close, ink.ink);
        layoutDirection() == Qt::RightToLeft ? inside.setLeft(cross.right())
                                             : inside.setRight(cross.left());
    }
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::AlignLeft;
    if (!m_prefix.isEmpty()) {
        painter.setPen(colors().textMuted);
        painter.drawText(inside, flags, m_prefix);
        inside.setLeft(inside.left() + painter.fontMetrics().horizontalAdvance(m_prefix) +
                       space::kHalf);
    }
    painter.setPen(isEnabled() ? (m_tone == Tone::Neutral && !m_selected ? colors().text : ink.ink)
                               : colors().textDisabled);
    painter.drawText(inside, flags,
                     painter.fontMetrics().elidedText(m_text, Qt::ElideRight, inside.width() + 1));
}

void Chip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return QWidget::mousePressEvent(event);
    m_pressed = true;
    update();
}

void Chip::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressed)
        return QWidget::mouseReleaseEvent(event);
    m_pressed = false;
    update();
    const QPoint position = event->position().toPoint();
    if (!rect().contains(position))
        return;
    if (m_removable && crossRect().contains(position))
        emit removeRequested();
    else
        emit activated();
}

void Chip::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        emit activated();
        return;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        if (m_removable) {
            emit removeRequested();
            return;
        }
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

bool Chip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && width() < sizeHint().width()) {
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), plainToolTip(m_text),
                           this);
        return true;
    }
    return QWidget::event(event);
}

// Callout

Callout::Callout(Tone tone, QWidget* parent) : QFrame(parent), m_tone(tone)
{
    setFrameShape(QFrame::NoFrame);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::kGap + 24, space::kUnit + 1, space::kUnit, space::kUnit + 1);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(space::kTiny);
    m_title = new TextLabel({}, TextRole::BodyStrong);
    m_title->setWordWrap(true);
    m_detail = new TextLabel;
    m_detail->setWordWrap(true);
    m_detail->setMuted(true);
    m_detail->hide();
    texts->addWidget(m_title);
    texts->addWidget(m_detail);
    row->addLayout(texts, 1);
    m_actions = new QHBoxLayout;
    m_actions->setSpacing(space::kHalf);
    row->addLayout(m_actions);
    m_close = new IconButton(Icon::Close, tr("Dismiss"));
    m_close->hide();
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        emit dismissed();
    });
    row->addWidget(m_close, 0, Qt::AlignTop);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void Callout::setMessage(Tone tone, const QString& title, const QString& detail)
{
    m_tone = tone;
    m_title->setText(title);
    m_detail->setText(detail);
    m_detail->setVisible(!detail.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(detail);
    update();
}

QString Callout::title() const
{
    return m_title->text();
}

QString Callout::detail() const
{
    return m_detail->text();
}

void Callout::addAction(QAction* action)
{
    QFrame::addAction(action);
    auto* button = new QPushButton(action->text());
    button->setEnabled(action->isEnabled());
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, button, [button, action] {
        button->setText(action->text());
        button->setEnabled(action->isEnabled());
    });
    connect(action, &QObject::destroyed, button, &QObject::deleteLater);
    m_actions->addWidget(button, 0, Qt::AlignVCenter);
}

void Callout::clearActions()
{
    while (QLayoutItem* item = m_actions->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    for (QAction* action : actions())
        removeAction(action);
}

void Callout::setDismissible(bool dismissible)
{
    m_close->setVisible(dismissible);
}

void Callout::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ToneColors& ink = Theme::current().tone(m_tone);
    fillRound(painter, rect(), radius::kControl, ink.soft, ink.line);
    const int top = m_title->y() + (std::min(m_title->height(), 18) - 16) / 2;
    const QRect place =
        QStyle::visualRect(layoutDirection(), rect(), QRect(space::kGap, top, 16, 16));
    paintIcon(painter, place, iconFor(m_tone), ink.ink);
}

// EmptyState

EmptyState::EmptyState(Icon icon, const QString& title, const QString& hint, QWidget* parent)
    : QWidget(parent), m_icon(icon)
{
    m_layout = new QVBoxLayout(this);
    m_layout->setSpacing(space::kUnit);
    m_layout->addStretch(2);
    m_layout->addSpacing(56);
    m_title = new TextLabel(title, TextRole::Title);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_hint = new TextLabel(hint);
    m_hint->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_hint->setMuted(true);
    m_hint->setWordWrap(true);
    m_hint->setMaximumWidth(440);
    m_hint->setMinimumWidth(200);
    m_layout->addWidget(m_title);
    auto* centred = new QHBoxLayout;
    centred->addStretch(1);
    centred->addWidget(m_hint, 100);
    centred->addStretch(1);
    m_layout->addLayout(centred);
    m_layout->addStretch(3);
    setTexts(title, hint);
}

void EmptyState::setTexts(const QString& title, const QString& hint)
{
    m_title->setText(title);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(hint);
}

void EmptyState::setAction(QAction* action)
{
    delete m_button;
    auto* button = new QPushButton(action->text());
    setButtonKind(button, ButtonKind::Primary);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    m_button = button;
    m_layout->insertSpacing(m_layout->count() - 1, space::kUnit);
    m_layout->insertWidget(m_layout->count() - 1, button, 0, Qt::AlignHCenter);
}

void EmptyState::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF disc(width() / 2.0 - 24, m_title->y() - 48 - space::kGap, 48, 48);
    fillRound(painter, disc, 24, colors().neutral.soft, Qt::transparent);
    paintIcon(painter, disc.adjusted(13, 13, -13, -13), m_icon, colors().textMuted);
}

// SectionHeader

SectionHeader::SectionHeader(const QString& title, QWidget* parent) : QWidget(parent)
{
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(space::kUnit);
    m_title = new TextLabel(title, TextRole::Title);
    m_note = new ElidedLabel({}, TextRole::Small);
    m_note->setMuted(true);
    m_layout->addWidget(m_title, 0, Qt::AlignVCenter);
    m_layout->addWidget(m_note, 1, Qt::AlignVCenter);
    setMinimumHeight(space::kRow);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void SectionHeader::setTitle(const QString& title)
{
    m_title->setText(title);
}

QString SectionHeader::title() const
{
    return m_title->text();
}

void SectionHeader::setNote(const QString& note)
{
    m_note->setText(note);
}

void SectionHeader::addControl(QWidget* control)
{
    m_layout->addWidget(control, 0, Qt::AlignVCenter);
}

// Card

Card::Card(QWidget* parent) : QFrame(parent)
{
    setFrameShape(QFrame::NoFrame);
}

QVBoxLayout* Card::body()
{
    if (!m_body) {
        m_body = new QVBoxLayout(this);
        m_body->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kWide);
        m_body->setSpacing(space::kUnit);
    }
    return m_body;
}

void Card::setHighlighted(bool highlighted)
{
    m_highlighted = highlighted;
    update();
}

void Card::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRound(painter, rect(), radius::kCard, colors().surface,
              m_highlighted ? colors().accentInk : colors().line);
}

// IconButton

IconButton::IconButton(Icon icon, const QString& name, QWidget* parent) : QToolButton(parent)
{
    setIcon(ui::icon(icon));
    setAutoRaise(true);
    setToolTip(plainToolTip(name));
    setAccessibleName(name);
    setFocusPolicy(Qt::TabFocus);
}

IconButton::IconButton(QAction* action, QWidget* parent) : QToolButton(parent)
{
    setDefaultAction(action);
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    const auto rename = [this, action] {
        QString name = action->text();
        name.remove(QLatin1Char('&'));
        if (name.endsWith(QStringLiteral("…")))
            name.chop(1);
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        setAccessibleName(name);
        setToolTip(plainToolTip(keys.isEmpty() ? name : name + QStringLiteral("  ") + keys));
    };
    rename();
    connect(action, &QAction::changed, this, rename);
}

void IconButton::setIconShape(Icon icon)
{
    setIcon(ui::icon(icon));
}

// KeyHint

KeyHint::KeyHint(const QKeySequence& keys, QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setKeys(keys);
}

void KeyHint::setKeys(const QKeySequence& keys)
{
    m_text = keys.toString(QKeySequence::NativeText);
    setAccessibleName(m_text);
    updateGeometry();
    update();
}

QSize KeyHint::sizeHint() const
{
    const QFontMetricsF metrics(Theme::font(TextRole::Caption));
    return {std::max(20, static_cast<int>(std::ceil(metrics.horizontalAdvance(m_text))) + 12), 20};
}

void KeyHint::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    fillRound(painter, rect(), 4, colors().surface, colors().lineStrong);
    painter.setFont(Theme::font(TextRole::Caption));
    painter.setPen(colors().textMuted);
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

// ProgressStrip

ProgressStrip::ProgressStrip(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, space::kUnit);
    m_text = new ElidedLabel({}, TextRole::Small);
    m_text->setMuted(true);
    m_cancel = new IconButton(Icon::Close, tr("Stop"));
    m_cancel->hide();
    connect(m_cancel, &QToolButton::clicked, this, &ProgressStrip::cancelRequested);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_cancel);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ProgressStrip::setText(const QString& text)
{
    m_text->setText(text);
    setAccessibleName(text);
}

void ProgressStrip::setProgress(int done, int total)
{
    m_total = std::max(0, total);
    m_done = std::clamp(done, 0, std::max(m_total, 0));
    setAccessibleDescription(m_total > 0 ? tr("%1 of %2").arg(m_done).arg(m_total) : QString());
    update();
}

void ProgressStrip::setCancellable(bool cancellable)
{
    m_cancel->setVisible(cancellable);
}

void ProgressStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRectF groove(0, height() - 4, width(), 4);
    fillRound(painter, groove, 2, blended(colors().pressed, colors().sunken), Qt::transparent);
    const ToneColors& ink = Theme::current().tone(Tone::Accent);
    if (m_total <= 0) {
        painter.setClipRect(groove);
        painter.setPen(QPen(ink.line, 3));
        for (qreal x = -8; x < width() + 8; x += 12)
            painter.drawLine(QPointF(x, groove.bottom() + 2), QPointF(x + 8, groove.top() - 2));
        return;
    }
    QRectF done = groove;
    done.setWidth(groove.width() * m_done / m_total);
    if (layoutDirection() == Qt::RightToLeft)
        done.moveRight(groove.right());
    if (m_done > 0)
        fillRound(painter, done, 2, colors().accent, Qt::transparent);
}

// PathCrumb

PathCrumb::PathCrumb(QWidget* parent) : QWidget(parent)
{
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Path"));
}

void PathCrumb::setParts(const QStringList& parts)
{
    if (parts == m_parts)
        return;
    m_parts = parts;
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    for (int i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            auto* between = new QLabel(QStringLiteral("›"));
            between->setForegroundRole(QPalette::PlaceholderText);
            m_layout->addWidget(between);
        }
        auto* part = new QToolButton;
        part->setAutoRaise(true);
        part->setFocusPolicy(Qt::TabFocus);
        QString text = singleLine(parts[i]);
        part->setAccessibleName(text);
        part->setText(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
        part->setObjectName(QStringLiteral("part%1").arg(i));
        part->setFont(Theme::font(i + 1 == parts.size() ? TextRole::BodyStrong : TextRole::Body));
        connect(part, &QToolButton::clicked, this, [this, i] { emit partActivated(i); });
        m_layout->addWidget(part);
    }
    m_layout->addStretch(1);
}

QWidget* makeLine(Qt::Orientation orientation, QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setFrameShape(orientation == Qt::Horizontal ? QFrame::HLine : QFrame::VLine);
    line->setFrameShadow(QFrame::Plain);
    orientation == Qt::Horizontal ? line->setFixedHeight(1) : line->setFixedWidth(1);
    return line;
}

} // namespace signalbox::ui
