// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme.h"

#include <QIcon>
#include <QString>

namespace signalbox::ui {

/// Our own icons (resources/icons, 20 px grid, 1.5 px strokes). The name is the file's, in
/// PascalCase.
enum class Icon {
    // pages
    Policy,
    Voices,
    Projection,
    Export,
    Watch,
    Settings,
    // editing
    Add,
    Remove,
    Trash,
    Undo,
    Redo,
    Open,
    Save,
    Copy,
    Paste,
    Edit,
    Duplicate,
    Document,
    Code,
    Outline,
    // running
    Play,
    Stop,
    Pause,
    Retry,
    Clock,
    Bolt,
    // finding
    Search,
    Filter,
    // routing
    Call,
    Chain,
    Split,
    Cascade,
    Rule,
    Otherwise,
    Model,
    Signal,
    Request,
    Seam,
    Gate,
    // states
    Warning,
    Error,
    Info,
    Check,
    CheckCircle,
    Question,
    Blocked,
    Lock,
    Key,
    // looking
    ZoomIn,
    ZoomOut,
    ZoomFit,
    Maximize,
    Up,
    Down,
    Left,
    Right,
    Grip,
    More,
    Close,
    ChevronUp,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Light,
    Dark,
    System,
    Link,
    External,
    Chart,
    Table,
    Download,
    History,
    Star,
    PanelRight,
    PanelBottom,
    Compare,
    Keyboard,
    Server,
    Users,
    Eye,
    TrendUp,
    TrendDown,
    Money,
    Hash,
    Pool,
    Margin,
};
inline constexpr int kIconCount = static_cast<int>(Icon::Margin) + 1;

/// An icon in the colour of the text around it; disabled, selected and theme follow by themselves.
/// Cheap to make; pictures are rendered when painted, at the screen's resolution, and cached.
[[nodiscard]] QIcon icon(Icon icon);
/// The same in the ink of a tone, for states.
[[nodiscard]] QIcon icon(Icon icon, Tone tone);

/// Paints an icon into `rect` in `color`; for painter-drawn widgets and delegates.
void paintIcon(QPainter& painter, const QRectF& rect, Icon icon, const QColor& color);

/// Resource path of the SVG, for tests and for the rare <img>.
[[nodiscard]] QString iconPath(Icon icon);

/// The program's own icon.
[[nodiscard]] QIcon applicationIcon();

/// The icon that goes with a tone: info, check, warning, error.
[[nodiscard]] Icon iconFor(Tone tone);

} // namespace signalbox::ui
