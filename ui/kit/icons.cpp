// SPDX-License-Identifier: GPL-3.0-or-later
#include "icons.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>
#include <memory>
#include <optional>

namespace signalbox::ui {

namespace {

constexpr std::array<const char*, kIconCount> kFiles = {
    "policy",       "voices",       "projection",    "export",     "watch",     "settings",
    "add",          "remove",       "trash",         "undo",       "redo",      "open",
    "save",         "copy",         "paste",         "edit",       "duplicate", "document",
    "code",         "outline",      "play",          "stop",       "pause",     "retry",
    "clock",        "bolt",         "search",        "filter",     "call",      "chain",
    "split",        "cascade",      "rule",          "otherwise",  "model",     "signal",
    "request",      "seam",         "gate",          "warning",    "error",     "info",
    "check",        "check-circle", "question",      "blocked",    "lock",      "key",
    "zoom-in",      "zoom-out",     "zoom-fit",      "maximize",   "up",        "down",
    "left",         "right",        "grip",          "more",       "close",     "chevron-up",
    "chevron-down", "chevron-left", "chevron-right", "light",      "dark",      "system",
    "link",         "external",     "chart",         "table",      "download",  "history",
    "star",         "panel-right",  "panel-bottom",  "compare",    "keyboard",  "server",
    "users",        "eye",          "trend-up",      "trend-down", "money",     "hash",
    "pool",         "margin",
};

/// Text of the SVG, read once; "currentColor" still in it.
const QByteArray& source(Icon icon)
{
    static std::array<QByteArray, kIconCount> sources;
    QByteArray& text = sources[static_cast<std::size_t>(icon)];
    if (text.isEmpty()) {
        QFile file(iconPath(icon));
        if (file.open(QIODevice::ReadOnly))
            text = file.readAll();
        Q_ASSERT_X(!text.isEmpty(), "icon", "an icon's file is missing");
    }
    return text;
}

QPixmap rendered(Icon icon, QSize pixels, const QColor& color)
{
    const QString key = QStringLiteral("sb-icon/%1/%2x%3/%4")
                            .arg(static_cast<int>(icon))
                            .arg(pixels.width())
                            .arg(pixels.height())
                            .arg(color.rgba(), 0, 16);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray text = source(icon);
    text.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(text);
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setOpacity(color.alphaF());
    const qreal side = std::min(pixels.width(), pixels.height());
    renderer.render(&painter,
                    QRectF((pixels.width() - side) / 2, (pixels.height() - side) / 2, side, side));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Renders at paint time in the theme of that moment, so a switch of theme needs only a repaint.
class TintedEngine final : public QIconEngine
{
public:
    explicit TintedEngine(Icon icon, std::optional<Tone> tone) : m_icon(icon), m_tone(tone) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatio() : 1;
        painter->drawPixmap(rect, rendered(m_icon, rect.size() * ratio, colorFor(mode)));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        return rendered(m_icon, size, colorFor(mode));
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        return rendered(m_icon, size, colorFor(mode)); // `size` is in device pixels
    }

    QString iconName() override { return QString(); }
    QString key() const override { return QStringLiteral("signalbox"); }
    QIconEngine* clone() const override { return new TintedEngine(m_icon, m_tone); }
    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }

private:
    [[nodiscard]] QColor colorFor(QIcon::Mode mode) const
    {
        const ThemeColors& colors = Theme::current().colors();
        if (mode == QIcon::Disabled)
            return colors.textDisabled;
        if (m_tone)
            return Theme::current().tone(*m_tone).ink;
        return mode == QIcon::Selected ? colors.selectionText : colors.text;
    }

    Icon m_icon;
    std::optional<Tone> m_tone;
};

/// The program's icon in its own colours; without the SVG image plugin, which would cost start-up.
class ColourEngine final : public QIconEngine
{
public:
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override
    {
        QSvgRenderer renderer(QStringLiteral(":/signalbox/icons/signalbox.svg"));
        renderer.render(painter, rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override
    {
        return {QSize(16, 16), QSize(32, 32), QSize(48, 48), QSize(128, 128)};
    }

    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
    QIconEngine* clone() const override { return new ColourEngine; }
};

} // namespace

QIcon icon(Icon icon)
{
    return QIcon(new TintedEngine(icon, std::nullopt));
}

QIcon icon(Icon icon, Tone tone)
{
    return QIcon(new TintedEngine(icon, tone));
}

void paintIcon(QPainter& painter, const QRectF& rect, Icon icon, const QColor& color)
{
    const qreal ratio = painter.device() ? painter.device()->devicePixelRatio() : 1;
    const QSize pixels = (rect.size() * ratio).toSize();
    if (pixels.isEmpty())
        return;
    painter.drawPixmap(rect, rendered(icon, pixels, color), QRectF(QPointF(), pixels));
}

QString iconPath(Icon icon)
{
    return QStringLiteral(":/signalbox/icons/") +
           QLatin1String(kFiles[static_cast<std::size_t>(icon)]) + QStringLiteral(".svg");
}

QIcon applicationIcon()
{
    return QIcon(new ColourEngine);
}

Icon iconFor(Tone tone)
{
    switch (tone) {
    case Tone::Positive:
        return Icon::CheckCircle;
    case Tone::Caution:
        return Icon::Warning;
    case Tone::Negative:
        return Icon::Error;
    case Tone::Neutral:
    case Tone::Accent:
        return Icon::Info;
    }
    return Icon::Info;
}

} // namespace signalbox::ui
