// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <functional>

class QPlainTextEdit;

namespace signalbox::ui {

class ElidedLabel;

/// A note on one answer, written in a small popover. Enter keeps it, and so does a click elsewhere:
/// what was written is never lost by accident. Escape leaves everything as it was.
class NoteEditor : public QFrame
{
    Q_OBJECT
public:
    using Keep = std::function<void(const QString&)>;
    explicit NoteEditor(QWidget* parent);

    /// @param place  of the answer on the screen; the popover stands below
    /// @param keep   called once, if the text is another one than it was
    void open(const QString& title, const QString& note, const QRect& place, Keep keep);

    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void hideEvent(QHideEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void leave();

    ElidedLabel* m_title = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QString m_before;
    Keep m_keep;
};

} // namespace signalbox::ui
