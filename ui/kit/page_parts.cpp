// SPDX-License-Identifier: GPL-3.0-or-later
// What tells the state of a part of a page: callout, empty state, section header, progress.
#include "app_style.h"
#include "basic_widgets.h"
#include "fill_round.h"
#include "spoken_parts.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

namespace {

const ThemeColors& colors()
{
    return Theme::current().colors();
}

} // namespace

QVBoxLayout* rowsFromTop(QWidget* widget, const QMargins& margins, int spacing)
{
    auto* whole = new QVBoxLayout(widget);
    whole->setContentsMargins(margins);
    auto* rows = new QVBoxLayout;
    rows->setSpacing(spacing);
    whole->addLayout(rows);
    whole->addStretch(1);
    return rows;
}

// Callout

Callout::Callout(Tone tone, QWidget* parent) : QFrame(parent), m_tone(tone)
{
    setFrameShape(QFrame::NoFrame);
    setSpokenRole(this, QAccessible::Notification); // read out when it comes
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
    for (QAction* action : actions()) {
        removeAction(action);
        if (action->parent() == this)
            action->deleteLater(); // it may be what is handled now
    }
}

void Callout::setDismissible(bool dismissible)
{
    m_close->setVisible(dismissible);
}

// NoticeList

NoticeList::NoticeList(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(space::kWide, 0, space::kWide, 0);
    m_layout->setSpacing(space::kUnit);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

Callout* NoticeList::add(Tone tone, const QString& title, const QString& detail)
{
    auto* callout = new Callout(tone, this);
    callout->setMessage(tone, title, detail);
    callout->setDismissible(true);
    connect(callout, &Callout::dismissed, callout, &QObject::deleteLater);
    m_layout->addWidget(callout);
    return callout;
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

// ProgressStrip

ProgressStrip::ProgressStrip(QWidget* parent) : QWidget(parent)
{
    setSpokenRole(this, QAccessible::ProgressBar);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, space::kUnit);
    m_text = new ElidedLabel({}, TextRole::Small);
    m_text->setMuted(true);
    m_cancel = new IconButton(Icon::Stop, tr("Stop"));
    m_cancel->setWord(tr("Stop")); // what ends work says so
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
        for (int x = -8; x < width() + 8; x += 12)
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

} // namespace signalbox::ui
