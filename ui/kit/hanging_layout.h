// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextDocumentLayout>

namespace signalbox::ui {

/// Lays out plain paragraphs, and those of a block format with a left margin as items of a list:
/// the rows behind the first begin at the margin, the first one at its text indent (negative: the
/// bullet hangs in the margin). Belongs to its document.
class HangingLayout final : public QPlainTextDocumentLayout
{
public:
    using QPlainTextDocumentLayout::QPlainTextDocumentLayout;

    [[nodiscard]] QRectF blockBoundingRect(const QTextBlock& block) const override;

    void forgetWidth() { m_width = 0; } ///< the view is about to have another one

private:
    void layOut(QTextBlock block);

    mutable double m_width = 0; ///< px of a whole line, as the base class laid one out last
};

} // namespace signalbox::ui
