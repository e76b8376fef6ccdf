// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

class QScrollBar;

namespace signalbox::ui {

/// Header of the matrix: "Prompt", then each model's mark, its name and how many of its answers
/// failed, in line with the texts of the cells below; where the facts in these have no names of
/// their own, it names them. The models share what the prompts leave them, whose section stays in
/// sight.
class ModelHeader : public QHeaderView
{
    Q_OBJECT
public:
    static constexpr int kPromptWidthPx = 240; ///< of the first column
    static constexpr int kLeastWidthPx = 156;  ///< of a model's; more of them are scrolled to

    explicit ModelHeader(QWidget* parent = nullptr);
    void setModel(QAbstractItemModel* model) override;
    void followSideways(QScrollBar* bar); ///< by which the table is scrolled

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paintLegend(QPainter& painter, const QRect& rest) const;
    void paintFailed(QPainter& painter, const QRect& inner, QRect& rest, int nameWidth,
                     int section) const;
    [[nodiscard]] QRect turned(const QRect& place, const QRect& inner) const;
    [[nodiscard]] int hiddenPx(const QRect& rect, int section) const;
    void shareWidth();
};

} // namespace signalbox::ui
