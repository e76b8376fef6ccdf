// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>

class QApplication;

namespace signalbox::ui {

/// What the user chose. System follows the desktop's light or dark look.
enum class ThemeChoice { System, Light, Dark };

/// What a badge, callout or mark means. Colour never stands alone: add a word or a shape.
enum class Tone { Neutral, Accent, Positive, Caution, Negative };

/// The one type scale. All sizes are device-independent pixels; digits are tabular in every role,
/// so right-aligned numbers line up.
enum class TextRole {
    Caption,    ///< 11 px: axis labels, units, hints
    Small,      ///< 12 px: intervals, secondary lines
    Body,       ///< 13 px: everything else; the application's font
    BodyStrong, ///< 13 px medium: labels of controls and rows that lead
    Title,      ///< 15 px semibold: section and card titles
    Heading,    ///< 20 px semibold: page titles, empty states
    Figure,     ///< 22 px semibold: the numbers of the scoreboard
    Mono,       ///< 12 px fixed pitch: source, model output, ids
};

/// Ink and soft background that carry one meaning; ink on soft and on surface is readable text.
struct ToneColors
{
    QColor ink;
    QColor soft;
    QColor line; ///< border around the soft background
};

/// Colours by meaning. Text tokens have 4.5:1 on window, surface, raised and sunken; a test says
/// so.
struct ThemeColors
{
    QColor window;     ///< behind everything
    QColor surface;    ///< cards, lists, editors
    QColor raised;     ///< menus, tooltips, popups, floating callouts
    QColor sunken;     ///< grooves, headers, code gutters
    QColor line;       ///< hairlines between parts
    QColor lineStrong; ///< outlines of controls
    QColor text;
    QColor textMuted;
    QColor textDisabled; ///< not held to 4.5:1
    QColor accent;       ///< fill of the one primary action
    QColor accentHover;
    QColor accentPressed;
    QColor accentText; ///< on accent
    QColor accentInk;  ///< accent as text or thin line on a surface; links
    QColor hover;      ///< translucent wash under the pointer
    QColor pressed;    ///< translucent wash while pressed
    QColor selection;
    QColor selectionText;
    QColor focus;  ///< keyboard focus ring, 3:1 on window and surface
    QColor marker; ///< behind passages of text that are marked, as with a pen; text stays readable
    QColor markerStrong; ///< behind the number of a mark
    QColor chartGrid;
    QColor chartAxis;
    QColor chartInk; ///< labels of charts
    QColor shade;    ///< translucent: what a gate forbids
    QColor shadeTwo; ///< translucent, laid over `shade`: what two gates forbid
    QColor scrim;    ///< translucent: behind a modal overlay
    ToneColors neutral;
    ToneColors accented;
    ToneColors positive;
    ToneColors caution;
    ToneColors negative;
};

/// The 8 px grid. Use these, not literals.
namespace space {
inline constexpr int kHair = 1;
inline constexpr int kTiny = 2;
inline constexpr int kHalf = 4;
inline constexpr int kUnit = 8;
inline constexpr int kGap = 12;  ///< between controls that do not belong together
inline constexpr int kWide = 16; ///< padding of cards and pages
inline constexpr int kSection = 24;
inline constexpr int kPage = 32;
inline constexpr int kControl = 30; ///< height of buttons, fields, combo boxes
inline constexpr int kRow = 28;     ///< height of rows in lists, tables, menus
} // namespace space

namespace radius {
inline constexpr int kSmall = 3;   ///< check boxes, badges inside rows
inline constexpr int kControl = 6; ///< buttons, fields
inline constexpr int kCard = 8;    ///< cards, popups
} // namespace radius

/// One look: tokens, palette, fonts. Two exist, light and dark; both live as long as the program.
/// Read Theme::current() while painting, never keep a colour: then a switch needs no more than the
/// repaint that Qt sends with QEvent::PaletteChange. GUI thread only.
class Theme
{
public:
    [[nodiscard]] static const Theme& light();
    [[nodiscard]] static const Theme& dark();
    [[nodiscard]] static const Theme& current();

    /// What was last given to setChoice(); System at first.
    [[nodiscard]] static ThemeChoice choice();

    /// Switches the whole program: current() and themeChanged() at once, palettes of widgets with
    /// the next events, as Qt hands them on. Cheap if nothing changes.
    static void setChoice(ThemeChoice choice);

    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] const ThemeColors& colors() const { return m_colors; }
    [[nodiscard]] const ToneColors& tone(Tone tone) const;
    [[nodiscard]] QPalette palette() const;

    /// One hue from almost surface (0) to strong (1), for matrices and density. Clamped; NaN gives
    /// the colour of "no data".
    [[nodiscard]] QColor heat(double share) const;
    /// Text that is readable on `background`: the theme's text or its inverse, whichever has more
    /// contrast.
    [[nodiscard]] QColor inkOn(const QColor& background) const;

    [[nodiscard]] static QFont font(TextRole role);

private:
    Theme(bool dark, const ThemeColors& colors);
    bool m_dark = false;
    ThemeColors m_colors;
};

/// Tells about a switch of theme. Widgets need it only for what a repaint does not cover: charts,
/// text formats, cached pictures.
class ThemeNotifier : public QObject
{
    Q_OBJECT
public:
    [[nodiscard]] static ThemeNotifier& instance();

signals:
    void themeChanged();
    void choiceChanged(); ///< perhaps to what the system has, so that the theme stays

private:
    friend class Theme;
    using QObject::QObject;
};

/// Fonts, style, palette, application icon. Call once, after the QApplication is made and before
/// the first widget.
void setUpLook(QApplication& app, ThemeChoice choice = ThemeChoice::System);

/// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
[[nodiscard]] double contrastRatio(const QColor& a, const QColor& b);

/// `top` painted over opaque `bottom`: what a translucent token looks like.
[[nodiscard]] QColor blended(const QColor& top, const QColor& bottom);

} // namespace signalbox::ui
