// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAccessible>
#include <QRect>
#include <QString>

#include <vector>

class QWidget;

namespace signalbox::ui {

/// A part of a widget that paints its parts itself, as assistive technology is told of it.
struct SpokenPart
{
    QAccessible::Role role = QAccessible::ListItem;
    QString name = {};
    QString description = {};
    QRect rect = {};        ///< in the widget
    bool isCurrent = false; ///< selected, or the choice that is made
    bool isDisabled = false;
    int within = -1; ///< index of the part that holds it and stands before it; -1: the widget
};

/// What a widget that paints its own parts inherits beside QWidget, so that it is no blank picture
/// to a screen reader: its parts are found by name and place, have a state, and can be pressed.
/// Name and description of the widget are those of QWidget.
class SpokenParts
{
public:
    virtual ~SpokenParts();
    SpokenParts(const SpokenParts&) = delete;
    SpokenParts& operator=(const SpokenParts&) = delete;

    [[nodiscard]] virtual QAccessible::Role spokenRole() const = 0;
    /// Asked again after partsChanged(), and only if somebody listens.
    [[nodiscard]] virtual std::vector<SpokenPart> spokenParts() const { return {}; }
    /// Does what a click on the part does; -1: on the widget as a whole.
    virtual void pressPart(int part) = 0;
    [[nodiscard]] unsigned partsVersion() const { return m_version; }

protected:
    SpokenParts() = default;
    void partsChanged() { ++m_version; }
    /// Another part is current: whoever reads along with the keyboard hears of it.
    void announcePart(QWidget* widget, int part);

private:
    unsigned m_version = 0;
};

/// For a painted widget without parts of its own: a line of text, a picture, a bar.
void setSpokenRole(QWidget* widget, QAccessible::Role role);

/// Has Qt ask here about such widgets; about combo boxes, which Qt calls by their value alone;
/// about buttons that can be checked, which Qt checks without doing what they do; and about widgets
/// of no kind of their own, which are panels if they have a name.
void installSpokenParts();

} // namespace signalbox::ui
