// SPDX-License-Identifier: GPL-3.0-or-later
#include "hanging_layout.h"

#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace signalbox::ui {

namespace {

double rowStart(const QTextBlock& block, int row)
{
    const QTextBlockFormat format = block.blockFormat();
    return block.document()->documentMargin() + format.leftMargin() +
           (row == 0 ? format.textIndent() : 0);
}

/// The base class lays out by itself what has changed, and knows of no margins.
bool hasItsPlace(const QTextBlock& block)
{
    const QTextLayout& layout = *block.layout();
    for (int row = 0; row < layout.lineCount(); ++row) {
        if (layout.lineAt(row).x() != rowStart(block, row))
            return false;
    }
    return layout.lineCount() > 0;
}

} // namespace

QRectF HangingLayout::blockBoundingRect(const QTextBlock& block) const
{
    if (!block.isValid())
        return QPlainTextDocumentLayout::blockBoundingRect(block);
    // Else every painting would shape the text once more, which is most of its time.
    block.layout()->setCacheEnabled(true);
    const bool hangs = block.blockFormat().leftMargin() > 0;
    if (hangs && !hasItsPlace(block))
        const_cast<HangingLayout*>(this)->layOut(block);
    const QRectF rect = QPlainTextDocumentLayout::blockBoundingRect(block);
    if (!hangs && block.layout()->lineCount() > 0)
        m_width = block.layout()->lineAt(0).width();
    return rect;
}

/// The base class alone knows how wide the view is, and says so by what it lays out: a block that
/// it has not laid out since has the width of the last one.
void HangingLayout::layOut(QTextBlock block)
{
    QTextLayout& layout = *block.layout();
    const int laidOut = layout.lineCount();
    if (laidOut > 0 && layout.lineAt(0).x() == document()->documentMargin())
        m_width = layout.lineAt(0).width();
    if (m_width <= 0) {
        layout.clearLayout();
        ensureBlockLayout(block);
        m_width = layout.lineAt(0).width();
    }
    layout.clearLayout();
    layout.setTextOption(document()->defaultTextOption()); // as the base class does
    const double end = document()->documentMargin() + m_width;
    double y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        const double x = rowStart(block, line.lineNumber());
        line.setLeadingIncluded(true);
        line.setLineWidth(std::max(1.0, end - x));
        line.setPosition(QPointF(x, y));
        y += line.height() + std::min(0.0, std::ceil(line.leading()));
    }
    layout.endLayout();
    const int before = document()->lineCount();
    block.setLineCount(block.isVisible() ? layout.lineCount() : 0);
    if (document()->lineCount() != before)
        emit documentSizeChanged(documentSize());
}

} // namespace signalbox::ui
