// SPDX-License-Identifier: GPL-3.0-or-later
#include "basic_widgets.h"

#include "fill_round.h"
#include "spoken_parts.h"
#include "text_views.h"

#include <QAction>
#include <QHelpEvent>
#include <QMessageBox>
#include <QPainter>
#include <QTextDocument>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

constexpr int kBadgeHeight = 20;
constexpr int kBadgePadding = 7;
constexpr int kBadgeIcon = 12;
constexpr const char* kLastingName = "lastingName";

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

} // namespace

QString plainToolTip(const QString& given)
{
    QString text = withVisibleControls(given);
    constexpr qsizetype kOneLine = 56;
    if (text.size() <= kOneLine && !Qt::mightBeRichText(text))
        return text;
    QString escaped = text.toHtmlEscaped();
    escaped.replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    return QStringLiteral("<p>%1</p>").arg(escaped);
}

QString plainText(const QAction& action)
{
    QString text = action.text();
    text.replace(QStringLiteral("&&"), QStringLiteral("\x01"));
    text.remove(QLatin1Char('&'));
    return text.replace(QLatin1Char('\x01'), QLatin1Char('&'));
}

void setLastingName(QAction& action, const QString& name)
{
    action.setProperty(kLastingName, name);
}

QString lastingNameOf(const QAction& action)
{
    const QString name = action.property(kLastingName).toString();
    return name.isEmpty() ? nameOf(action) : name;
}

QString nameOf(const QAction& action)
{
    QString name = plainText(action);
    while (name.endsWith(QChar(0x2026)) || name.endsWith(QLatin1Char('.')))
        name.chop(1);
    return name;
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
    setSpokenRole(this, QAccessible::StaticText);
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

IconLabel::IconLabel(int size, const QIcon& icon, QWidget* parent)
    : QLabel(parent), m_size(size), m_icon(icon)
{
    draw();
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this, &IconLabel::draw);
}

void IconLabel::setIcon(const QIcon& icon)
{
    m_icon = icon;
    draw();
    setVisible(!icon.isNull());
}

void IconLabel::draw()
{
    setPixmap(m_icon.pixmap(m_size, m_size));
}

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
    setSpokenRole(this, QAccessible::StaticText);
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
        const QString name = nameOf(*action);
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        setAccessibleName(name);
        setToolTip(plainToolTip(keys.isEmpty() ? name : name + QStringLiteral("  ") + keys));
    };
    rename();
    connect(action, &QAction::changed, this, rename);
}

/// The style leaves no room between icon and word, and an action hands its own words on.
void IconButton::setWord(const QString& word)
{
    const QString text = QLatin1Char(' ') + word;
    setFont(Theme::font(TextRole::BodyStrong));
    defaultAction() ? defaultAction()->setIconText(text) : setText(text);
    setToolButtonStyle(word.isEmpty() ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
}

void IconButton::setIconShape(Icon icon)
{
    setIcon(ui::icon(icon));
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
