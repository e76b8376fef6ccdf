// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QAbstractScrollArea;
class QScrollArea;

namespace signalbox::ui {

/// A rounded surface around a text: answers, source. What is in it has the ground of the card and
/// its scroll bars within.
class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(QWidget* parent = nullptr);
    /// Takes ownership.
    void setContent(QAbstractScrollArea* content);

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// Keeps the contents of a page that scrolls at the same distance from its right edge, whether the
/// scroll bar shows or not. `area` has its widget, and that its layout.
/// @param inset  px from the edge of the area to its contents
void keepRightInset(QScrollArea* area, int inset);

} // namespace signalbox::ui
