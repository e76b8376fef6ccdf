// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSplitter>

class QTableView;

namespace signalbox::ui {

/// The matrix above, the whole answers below. Until somebody drags the handle the matrix shows
/// whole rows: four at least where they fit, and on a larger window its share of the height.
class MatrixSplitter : public QSplitter
{
    Q_OBJECT
public:
    explicit MatrixSplitter(QWidget* parent = nullptr);

    /// Takes ownership of both.
    void setViews(QTableView* matrix, QWidget* below);
    /// Whole rows again, whatever was dragged.
    void snap();
    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void handleDoubleClicked();

protected:
    QSplitterHandle* createHandle() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    [[nodiscard]] int rowsOfMatrix() const;
    QTableView* m_matrix = nullptr;
    QWidget* m_below = nullptr;
    bool m_isByHand = false;
};

} // namespace signalbox::ui
