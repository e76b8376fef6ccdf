// SPDX-License-Identifier: GPL-3.0-or-later
#include "matrix_splitter.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kFewestRows = 4;
constexpr double kMatrixShare = 0.55; ///< of the height, where that is more than the fewest rows

class Handle : public QSplitterHandle
{
public:
    explicit Handle(MatrixSplitter* parent) : QSplitterHandle(Qt::Vertical, parent) {}

protected:
    void mouseDoubleClickEvent(QMouseEvent*) override
    {
        emit static_cast<MatrixSplitter*>(splitter())->handleDoubleClicked();
    }
};

} // namespace

MatrixSplitter::MatrixSplitter(QWidget* parent) : QSplitter(Qt::Vertical, parent)
{
    setChildrenCollapsible(false);
    connect(this, &QSplitter::splitterMoved, this, [this] { m_isByHand = true; });
}

void MatrixSplitter::setViews(QTableView* matrix, QWidget* below)
{
    m_matrix = matrix;
    m_below = below;
    addWidget(matrix);
    addWidget(below);
    handle(1)->setToolTip(tr("Drag to give either part more room; double click to show or hide "
                             "the whole answers."));
    connect(matrix->model(), &QAbstractItemModel::modelReset, this, [this] { arrange(); });
}

void MatrixSplitter::snap()
{
    m_isByHand = false;
    arrange();
}

QSplitterHandle* MatrixSplitter::createHandle()
{
    return new Handle(this);
}

void MatrixSplitter::resizeEvent(QResizeEvent* event)
{
    QSplitter::resizeEvent(event);
    arrange();
}

void MatrixSplitter::arrange()
{
    if (!m_matrix || m_isByHand)
        return;
    const int all = height() - handleWidth();
    const int header = m_matrix->horizontalHeader()->height();
    const int row = m_matrix->verticalHeader()->defaultSectionSize();
    const int most = (all - m_below->minimumSizeHint().height() - header) / row;
    const int share = static_cast<int>(kMatrixShare * all - header) / row;
    const int present = std::max(1, m_matrix->model()->rowCount());
    const int rows = std::clamp(std::max(share, kFewestRows), 1, std::max(1, most));
    const int above = header + std::min(rows, present) * row;
    setSizes({above, all - above}); // no more for the lower part than it takes
}

} // namespace signalbox::ui
