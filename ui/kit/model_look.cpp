// SPDX-License-Identifier: GPL-3.0-or-later
#include "model_look.h"

#include "theme.h"

#include <QCoreApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>
#include <numbers>

namespace signalbox::ui {

namespace {

// Found by a search that maximised the smallest CIE Lab distance of any two colours as seen with
// normal vision and with simulated protanopia, deuteranopia and tritanopia (Machado 2009), first
// four weighted most, under a contrast of 3:1 on the surfaces of the theme.
constexpr std::array<QRgb, kSeriesColorCount> kLight = {
    0xff1d62cc, 0xffa8480f, 0xff2a9a74, 0xff662a8c, 0xff938f16, 0xff6b1f3b, 0xff56617a, 0xffcc66b2};
constexpr std::array<QRgb, kSeriesColorCount> kDark = {
    0xff7aaefa, 0xffd9822b, 0xff63e6b9, 0xffa552e6, 0xffefe391, 0xffe2547b, 0xff6c7a98, 0xfff0b3de};

QPainterPath polygon(int corners, qreal radius, qreal startDegrees)
{
    QPainterPath path;
    for (int i = 0; i < corners; ++i) {
        const qreal angle = (startDegrees + 360.0 * i / corners) * std::numbers::pi / 180;
        const QPointF corner(radius * std::cos(angle), radius * std::sin(angle));
        i == 0 ? path.moveTo(corner) : path.lineTo(corner);
    }
    path.closeSubpath();
    return path;
}

/// A plus sign with arms of the given width, turned by 45° for a cross.
QPainterPath plus(qreal reach, qreal arm)
{
    QPainterPath path;
    path.moveTo(-arm, -reach);
    for (const auto& [x, y] : {std::pair{arm, -reach},
                               {arm, -arm},
                               {reach, -arm},
                               {reach, arm},
                               {arm, arm},
                               {arm, reach},
                               {-arm, reach},
                               {-arm, arm},
                               {-reach, arm},
                               {-reach, -arm},
                               {-arm, -arm}})
        path.lineTo(x, y);
    path.closeSubpath();
    return path;
}

/// Shape around the origin; all have about the area of the circle of diameter `size`.
QPainterPath shapeOf(Mark mark, qreal size)
{
    const qreal r = size / 2;
    QPainterPath path;
    switch (mark) {
    case Mark::Circle:
        path.addEllipse(QPointF(), r, r);
        return path;
    case Mark::Square:
        path.addRect(-0.886 * r, -0.886 * r, 1.772 * r, 1.772 * r);
        return path;
    case Mark::Triangle:
        return polygon(3, 1.42 * r, -90).translated(0, 0.2 * r);
    case Mark::Diamond:
        return polygon(4, 1.25 * r, -90);
    case Mark::Cross: {
        QTransform turn;
        turn.rotate(45);
        return turn.map(plus(1.22 * r, 0.4 * r));
    }
    case Mark::Pentagon:
        return polygon(5, 1.15 * r, -90);
    case Mark::Plus:
        return plus(1.15 * r, 0.42 * r);
    case Mark::Hexagon:
        return polygon(6, 1.1 * r, 0);
    }
    return path;
}

class MarkEngine final : public QIconEngine
{
public:
    explicit MarkEngine(int model) : m_model(model) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        ModelLook look = lookFor(m_model);
        if (mode == QIcon::Disabled)
            look.color = Theme::current().colors().textDisabled;
        const qreal side = std::min(rect.width(), rect.height());
        paintMark(*painter, QRectF(rect).center(), side * 0.66, look.mark, look.color);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        return pixmap(size, mode, state);
    }

    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
    QIconEngine* clone() const override { return new MarkEngine(m_model); }

private:
    int m_model;
};

} // namespace

ModelLook lookFor(int modelIndex)
{
    return lookFor(modelIndex, Theme::current());
}

ModelLook lookFor(int modelIndex, const Theme& theme)
{
    ModelLook look;
    if (modelIndex < 0) {
        look.color = theme.colors().textMuted;
        look.soft = theme.colors().neutral.soft;
        return look;
    }
    const auto color = static_cast<std::size_t>(modelIndex) % kSeriesColorCount;
    const int round = modelIndex / kSeriesColorCount;
    look.color = QColor::fromRgb(theme.isDark() ? kDark[color] : kLight[color]);
    look.mark = static_cast<Mark>((modelIndex + round) % kMarkCount);
    QColor wash = look.color;
    wash.setAlphaF(theme.isDark() ? 0.22F : 0.14F);
    look.soft = blended(wash, theme.colors().surface);
    return look;
}

QString markName(Mark mark)
{
    const auto name = [](const char* text) { return QCoreApplication::translate("Mark", text); };
    switch (mark) {
    case Mark::Circle:
        return name("circle");
    case Mark::Square:
        return name("square");
    case Mark::Triangle:
        return name("triangle");
    case Mark::Diamond:
        return name("diamond");
    case Mark::Cross:
        return name("cross");
    case Mark::Pentagon:
        return name("pentagon");
    case Mark::Plus:
        return name("plus");
    case Mark::Hexagon:
        return name("hexagon");
    }
    return QString();
}

void paintMark(QPainter& painter, QPointF center, qreal size, Mark mark, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.translate(center);
    painter.drawPath(shapeOf(mark, size));
    painter.restore();
}

void paintMark(QPainter& painter, QPointF center, qreal size, const ModelLook& look)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        QPen(Theme::current().colors().surface, 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.translate(center);
    painter.drawPath(shapeOf(look.mark, size));
    painter.restore();
    paintMark(painter, center, size, look.mark, look.color);
}

QIcon modelIcon(int modelIndex)
{
    return QIcon(new MarkEngine(modelIndex));
}

} // namespace signalbox::ui
