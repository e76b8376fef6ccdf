// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace signalbox::ui {

/// Header of the matrix: "Prompt", then each model's mark, its name and how many of its answers
/// failed, in line with the texts of the cells below. The models share what the prompts leave them.
class ModelHeader : public QHeaderView
{
    Q_OBJECT
public:
    static constexpr int kPromptWidthPx = 240; ///< of the first column

    explicit ModelHeader(QWidget* parent = nullptr);
    void setModel(QAbstractItemModel* model) override;

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void paintFailed(QPainter& painter, QRect& rest, int nameWidth, int section) const;
    [[nodiscard]] QRect turned(const QRect& place, int section) const;
    void shareWidth();
};

} // namespace signalbox::ui
