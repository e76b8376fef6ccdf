// SPDX-License-Identifier: GPL-3.0-or-later
#include "note_editor.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QKeyEvent>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kWidthPx = 320;
constexpr int kTextLines = 4;

} // namespace

NoteEditor::NoteEditor(QWidget* parent) : QFrame(parent, Qt::Popup)
{
    setObjectName(QStringLiteral("noteEditor"));
    setAccessibleName(tr("Note on an answer"));
    setFixedWidth(kWidthPx);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(space::kWide, space::kGap, space::kWide, space::kGap);
    rows->setSpacing(space::kUnit);
    m_title = new ElidedLabel({}, TextRole::BodyStrong, this);
    rows->addWidget(m_title);
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("note"));
    m_text->setPlaceholderText(tr("What is to be remembered of it"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(kTextLines * m_text->fontMetrics().lineSpacing() + space::kWide);
    m_text->installEventFilter(this);
    rows->addWidget(m_text);
    auto* keys =
        new TextLabel(tr("Enter keeps it, Shift+Enter begins a line, Escape leaves it as it was."),
                      TextRole::Caption, this);
    keys->setMuted(true);
    keys->setWordWrap(true);
    keys->setFixedHeight(keys->heightForWidth(kWidthPx - 2 * space::kWide));
    rows->addWidget(keys);
    hide();
}

void NoteEditor::open(const QString& title, const QString& note, const QRect& place, Keep keep)
{
    m_keep = std::move(keep);
    m_before = note;
    m_title->setText(title);
    m_text->setAccessibleName(title);
    m_text->setPlainText(note);
    m_text->moveCursor(QTextCursor::End);
    adjustSize();
    const QRect room = screen()->availableGeometry();
    QPoint corner = place.bottomLeft() + QPoint(0, space::kHalf);
    corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - width())));
    corner.setY(std::clamp(corner.y(), room.top(), std::max(room.top(), room.bottom() - height())));
    move(corner);
    show();
    m_text->setFocus(Qt::PopupFocusReason);
}

bool NoteEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (isEnter && !key->modifiers().testFlag(Qt::ShiftModifier)) {
        hide();
        return true;
    }
    if (key->key() == Qt::Key_Escape) {
        leave();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

void NoteEditor::leave()
{
    m_keep = {};
    hide();
}

void NoteEditor::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    const Keep keep = std::exchange(m_keep, {});
    if (keep && m_text->toPlainText().trimmed() != m_before)
        keep(m_text->toPlainText());
}

void NoteEditor::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& colors = Theme::current().colors();
    painter.fillRect(rect(), colors.raised);
    painter.setPen(colors.lineStrong);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace signalbox::ui
