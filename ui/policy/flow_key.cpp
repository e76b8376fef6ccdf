// SPDX-License-Identifier: GPL-3.0-or-later
#include "flow_key.h"

#include "flow_edges.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/spoken_parts.h>
#include <ui/kit/theme.h>

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr int kSample = 28; ///< width of a line; two dashes and more
constexpr int kRow = 18;
constexpr qreal kLine = 1.5;
constexpr qreal kThin = 1;
constexpr qreal kWide = 9;

QString wordsOf(FlowEdge::Kind kind)
{
    switch (kind) {
    case FlowEdge::Kind::Fallback:
        return FlowKey::tr("fallback", "key to a dashed line");
    case FlowEdge::Kind::Verify:
        return FlowKey::tr("check", "key to a dotted line");
    case FlowEdge::Kind::Intake:
    case FlowEdge::Kind::Serve:
        break;
    }
    return FlowKey::tr("first attempt", "key to a solid line");
}

QString sentenceOf(FlowEdge::Kind kind)
{
    switch (kind) {
    case FlowEdge::Kind::Fallback:
        return FlowKey::tr("Dashed lines: asked only after an earlier step failed or its answer "
                           "was rejected.");
    case FlowEdge::Kind::Verify:
        return FlowKey::tr("Dotted lines: the model that checks the answers of others.");
    case FlowEdge::Kind::Intake:
    case FlowEdge::Kind::Serve:
        break;
    }
    return FlowKey::tr("Solid lines: asked first.");
}

QString widthWords()
{
    return FlowKey::tr("share of requests", "key to the width of a line");
}

/// From thin to wide, on one line with words.
void drawWidths(QPainter& painter, const QRectF& place, const QColor& ink)
{
    const qreal y = place.center().y();
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawPolygon(
        QPolygonF({QPointF(place.left(), y - kThin / 2), QPointF(place.right(), y - kWide / 2),
                   QPointF(place.right(), y + kWide / 2), QPointF(place.left(), y + kThin / 2)}));
}

} // namespace

std::vector<FlowEdge::Kind> stylesOf(const FlowLayout& layout)
{
    std::vector<FlowEdge::Kind> kinds;
    for (const FlowEdge::Kind kind :
         {FlowEdge::Kind::Serve, FlowEdge::Kind::Fallback, FlowEdge::Kind::Verify}) {
        if (std::ranges::find(layout.edges, kind, &FlowEdge::kind) != layout.edges.end())
            kinds.push_back(kind);
    }
    const bool isPlain = kinds.empty() || kinds == std::vector{FlowEdge::Kind::Serve};
    return isPlain ? std::vector<FlowEdge::Kind>() : kinds;
}

FlowKey::FlowKey(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("flowKey"));
    setAccessibleName(tr("Key to the lines"));
    setSpokenRole(this, QAccessible::Graphic);
    hide();
}

void FlowKey::setFlow(const FlowLayout& layout)
{
    std::vector<FlowEdge::Kind> kinds = stylesOf(layout);
    const bool hasWidths =
        std::ranges::any_of(layout.edges, [](const FlowEdge& edge) { return edge.share > 0; });
    if (kinds == m_kinds && hasWidths == m_hasWidths)
        return;
    m_kinds = std::move(kinds);
    m_hasWidths = hasWidths;
    fitWords();
}

int FlowKey::rows() const
{
    return static_cast<int>(m_kinds.size()) + (m_hasWidths ? 1 : 0);
}

void FlowKey::fitWords()
{
    const QFontMetrics metrics(Theme::font(TextRole::Caption));
    int widest = 0;
    QStringList sentences;
    for (const FlowEdge::Kind kind : m_kinds) {
        widest = std::max(widest, metrics.horizontalAdvance(wordsOf(kind)));
        sentences << sentenceOf(kind);
    }
    if (m_hasWidths) {
        widest = std::max(widest, metrics.horizontalAdvance(widthWords()));
        sentences << tr("The wider a line, the more of the requests take it.");
    }
    setFixedSize(3 * space::kUnit + kSample + widest, space::kUnit + kRow * rows());
    setAccessibleDescription(sentences.join(QLatin1Char(' ')));
    setToolTip(plainToolTip(sentences.join(QLatin1Char('\n'))));
    update();
}

void FlowKey::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::StyleChange)
        fitWords();
    QWidget::changeEvent(event);
}

void FlowKey::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ThemeColors& colors = Theme::current().colors();
    painter.setPen(QPen(colors.line, 1));
    painter.setBrush(colors.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kControl,
                            radius::kControl);
    painter.setFont(Theme::font(TextRole::Caption));
    QRect row(space::kUnit, space::kHalf, width() - 2 * space::kUnit, kRow);
    const auto write = [&](const QString& words) {
        painter.setPen(colors.textMuted);
        painter.drawText(row.adjusted(kSample + space::kUnit, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, words);
        row.translate(0, kRow);
    };
    for (const FlowEdge::Kind kind : m_kinds) {
        painter.setPen(edgePen(kind, colors.textMuted, kLine));
        // On a row of pixels, not half on two of them.
        const qreal y = std::floor(QRectF(row).center().y()) + 0.5;
        painter.drawLine(QPointF(row.left(), y), QPointF(row.left() + kSample, y));
        write(wordsOf(kind));
    }
    if (m_hasWidths) {
        drawWidths(painter, QRectF(row.left(), row.top(), kSample, kRow), colors.textMuted);
        write(widthWords());
    }
}

} // namespace signalbox::ui
