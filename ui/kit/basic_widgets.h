// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "icons.h"
#include "theme.h"

#include <QFrame>
#include <QIcon>
#include <QLabel>
#include <QToolButton>
#include <QWidget>

class QAction;
class QHBoxLayout;
class QVBoxLayout;

/// The small parts that every page is made of. All react to the theme by themselves, show text as
/// plain text only, and have an accessible name.
namespace signalbox::ui {

/// A label that is always plain text and gives way with "…" when space is short; the whole text is
/// then the tooltip. Its minimum width is small, so it never pushes a layout apart.
class ElidedLabel : public QWidget
{
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, TextRole role = TextRole::Body,
                         QWidget* parent = nullptr);

    [[nodiscard]] const QString& text() const { return m_text; }
    /// Line breaks become spaces; characters that hide or reorder others are seen.
    void setText(const QString& text);
    void setRole(TextRole role);
    void setMuted(bool muted);
    void setElideMode(Qt::TextElideMode mode);
    void setAlignment(Qt::Alignment alignment);
    [[nodiscard]] bool isElided() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QString m_text;
    TextRole m_role;
    bool m_muted = false;
    Qt::TextElideMode m_mode = Qt::ElideRight;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

/// A picture that follows the theme: its icon is drawn anew in the colours of another one.
class IconLabel : public QLabel
{
    Q_OBJECT
public:
    /// @param size  of its side, in pixels
    explicit IconLabel(int size, const QIcon& icon = {}, QWidget* parent = nullptr);
    void setIcon(const QIcon& icon); ///< a null one: nothing is shown, and takes no room

private:
    void draw();
    int m_size;
    QIcon m_icon;
};

/// A plain-text QLabel in a role of the type scale. `wrap` breaks long text over lines.
class TextLabel : public QLabel
{
    Q_OBJECT
public:
    explicit TextLabel(const QString& text = {}, TextRole role = TextRole::Body,
                       QWidget* parent = nullptr);
    /// Characters that hide or reorder others are seen.
    void setText(const QString& text);
    void setRole(TextRole role);
    void setMuted(bool muted);
    /// Ink of a tone instead of the text colour.
    void setTone(Tone tone);

private:
    enum class Ink { Text, Muted, Toned };
    void applyInk();
    Ink m_ink = Ink::Text;
    Tone m_tone = Tone::Neutral;
};

/// A word in a soft rounded box: "simulated", "draft", "3 problems". Not interactive.
class Badge : public QWidget
{
    Q_OBJECT
public:
    explicit Badge(const QString& text, Tone tone = Tone::Neutral, QWidget* parent = nullptr);

    /// The badge that everything from the built-in simulator wears.
    [[nodiscard]] static Badge* simulated(QWidget* parent = nullptr);

    [[nodiscard]] const QString& text() const { return m_text; }
    void setText(const QString& text);
    void setTone(Tone tone);
    /// An icon before the word.
    void setIcon(Icon icon);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Tone m_tone;
    int m_icon = -1;
};

/// For delegates and scenes: a badge without a widget. Returns the width it takes; height is 20 px
/// (18 px inside rows).
[[nodiscard]] QSizeF badgeSize(const QString& text, bool withIcon = false);
void paintBadge(QPainter& painter, const QRectF& rect, const QString& text, Tone tone,
                int icon = -1);

/// A message in the page where the work is: what happened, what to do, and a button that does it.
class Callout : public QFrame
{
    Q_OBJECT
public:
    explicit Callout(Tone tone = Tone::Accent, QWidget* parent = nullptr);

    /// `title` is one short sentence; `detail` may be empty and is wrapped.
    void setMessage(Tone tone, const QString& title, const QString& detail = {});
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString detail() const;
    /// Adds a quiet button that triggers `action`; its text is shown. The caller owns the action.
    void addAction(QAction* action);
    using QFrame::addAction;
    void clearActions(); ///< those whose parent is the callout are deleted
    /// A cross that hides the callout and says dismissed().
    void setDismissible(bool dismissible);

signals:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone;
    TextLabel* m_title = nullptr;
    TextLabel* m_detail = nullptr;
    QHBoxLayout* m_actions = nullptr;
    QToolButton* m_close = nullptr;
};

/// The notices of a page, the newest below; each goes when it is dismissed. Takes no room without.
class NoticeList : public QWidget
{
    Q_OBJECT
public:
    explicit NoticeList(QWidget* parent = nullptr);
    Callout* add(Tone tone, const QString& title, const QString& detail = {});

private:
    QVBoxLayout* m_layout = nullptr;
};

/// What a view shows when it has nothing: an icon, what is missing, what to do next.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(Icon icon, const QString& title, const QString& hint, QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& hint);
    /// The one next step as a primary button; the caller owns the action.
    void setAction(QAction* action);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Icon m_icon;
    TextLabel* m_title = nullptr;
    TextLabel* m_hint = nullptr;
    QVBoxLayout* m_layout = nullptr;
    QWidget* m_button = nullptr;
};

/// Title of a part of a page, with room for a count, a note and controls on the right.
class SectionHeader : public QWidget
{
    Q_OBJECT
public:
    explicit SectionHeader(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    [[nodiscard]] QString title() const;
    /// Muted text behind the title: a sample size, a unit, a count.
    void setNote(const QString& note);
    /// Puts a control at the right end; takes ownership.
    void addControl(QWidget* control);

private:
    TextLabel* m_title = nullptr;
    ElidedLabel* m_note = nullptr;
    QHBoxLayout* m_layout = nullptr;
};

/// A flat button with an icon, and a word where there is room. `name` is its tooltip and accessible
/// name and therefore required.
class IconButton : public QToolButton
{
    Q_OBJECT
public:
    IconButton(Icon icon, const QString& name, QWidget* parent = nullptr);
    /// Follows an action: icon, enabled and checked state; text becomes the name, the shortcut is
    /// added to the tooltip.
    explicit IconButton(QAction* action, QWidget* parent = nullptr);
    void setIconShape(Icon icon);
    /// Beside the icon, where there is room for one; empty: the icon alone, as at first.
    void setWord(const QString& word);
};

/// A thin bar with a sentence above and a stop button: long work that can be cancelled.
class ProgressStrip : public QWidget
{
    Q_OBJECT
public:
    explicit ProgressStrip(QWidget* parent = nullptr);
    /// `text`, e.g. "12 of 80 prompts, about 2 min left".
    void setText(const QString& text);
    /// done of total; total 0 shows work of unknown length (a still pattern: nothing moves).
    void setProgress(int done, int total);
    [[nodiscard]] int done() const { return m_done; }
    void setCancellable(bool cancellable);

signals:
    void cancelRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ElidedLabel* m_text = nullptr;
    IconButton* m_cancel = nullptr;
    int m_done = 0;
    int m_total = 0;
};

/// Text for setToolTip() and QToolTip::showText() that is shown to the letter and wrapped: tooltips
/// guess rich text from their content, and untrusted text must not be guessed at.
[[nodiscard]] QString plainToolTip(const QString& text);

/// Rows at the top of a widget, with room for wrapped sentences below them. (A layout that is
/// aligned to the top gives its rows no more height than the size hint, which knows no width.)
/// @return the layout to put rows into
[[nodiscard]] QVBoxLayout* rowsFromTop(QWidget* widget, const QMargins& margins, int spacing);

/// The text of an action without the mark of its key: "Open policy…", "Save & close".
[[nodiscard]] QString plainText(const QAction& action);
/// What it is called, without the mark of a dialog that follows either: "Open policy".
[[nodiscard]] QString nameOf(const QAction& action);
/// What an action is called in a list of all of them where its text says what it would do just now.
void setLastingName(QAction& action, const QString& name);
[[nodiscard]] QString lastingNameOf(const QAction& action); ///< nameOf() where none was set

/// Text for a button or a menu that keeps its ampersands.
[[nodiscard]] QString withoutMnemonics(QString text);

/// Says in a box of its own, to the letter, what did not work. Returns at once.
void tellProblem(QWidget* parent, const QString& title, const QString& text);

/// A hairline, horizontal or vertical.
[[nodiscard]] QWidget* makeLine(Qt::Orientation orientation, QWidget* parent = nullptr);

} // namespace signalbox::ui
