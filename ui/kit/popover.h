// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QPushButton>

namespace signalbox::ui {

/// A card that a button opens over the page; a click elsewhere closes it. Owned by its button.
class Popover : public QFrame
{
    Q_OBJECT
public:
    explicit Popover(QWidget* button);

    /// Under its button, with equal right edges as far as the screen allows; above it where there
    /// is no room below. Shown or not.
    void place();

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A button that says that it opens something: it wears the mark of a menu.
class PopoverButton : public QPushButton
{
    Q_OBJECT
public:
    using QPushButton::QPushButton;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void initStyleOption(QStyleOptionButton* option) const override;
};

} // namespace signalbox::ui
