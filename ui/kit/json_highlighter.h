// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSyntaxHighlighter>

namespace signalbox::ui {

/// Colours JSON by token: member names, texts, numbers, words. Works line by line (JSON strings do
/// not span lines) and colours broken text as far as it can be read. Owned by its document.
class JsonHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString& text) override;
};

} // namespace signalbox::ui
