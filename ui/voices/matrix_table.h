// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace signalbox::ui {

/// The table of prompts and answers. Its first column stays in sight while the others are scrolled
/// sideways below it: whatever answer is read, its prompt stands beside it. The header has to do
/// so as well (ModelHeader).
class MatrixTable : public QTableView
{
    Q_OBJECT
public:
    explicit MatrixTable(QWidget* parent = nullptr);

    [[nodiscard]] QModelIndex indexAt(const QPoint& point) const override;
    [[nodiscard]] QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    [[nodiscard]] bool isScrolled() const; ///< sideways
    [[nodiscard]] QRect firstColumn() const;
    void paintShadow(QPainter& painter) const;
    void paintFirst(QPainter& painter, int row);
};

} // namespace signalbox::ui
