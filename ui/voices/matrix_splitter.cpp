// SPDX-License-Identifier: GPL-3.0-or-later
#include "matrix_splitter.h"

#include <QAbstractProxyModel>
#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>

#include <algorithm>

namespace signalbox::ui {

namespace {

constexpr int kFewestRows = 3;
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
    matrix->horizontalScrollBar()->installEventFilter(this);
}

/// The bar takes the room of a row, or gives it back.
bool MatrixSplitter::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide)
        QMetaObject::invokeMethod(this, &MatrixSplitter::arrange, Qt::QueuedConnection);
    return QSplitter::eventFilter(watched, event);
}

/// Of all prompts: what is not read for now leaves its room free, so that nothing jumps.
int MatrixSplitter::rowsOfMatrix() const
{
    const auto* reduced = qobject_cast<const QAbstractProxyModel*>(m_matrix->model());
    return reduced ? reduced->sourceModel()->rowCount() : m_matrix->model()->rowCount();
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
    const QScrollBar* const sideways = m_matrix->horizontalScrollBar();
    const bool hasBar = sideways->isVisibleTo(m_matrix) && sideways->maximum() > 0;
    const int header =
        m_matrix->horizontalHeader()->height() + (hasBar ? sideways->sizeHint().height() : 0);
    const int row = m_matrix->verticalHeader()->defaultSectionSize();
    const int most = (all - m_below->minimumSizeHint().height() - header) / row;
    const int share = static_cast<int>(kMatrixShare * all - header) / row;
    const int present = std::max(1, rowsOfMatrix());
    const int rows = std::clamp(std::max(share, kFewestRows), 1, std::max(1, most));
    const int above = header + std::min(rows, present) * row;
    setSizes({above, all - above}); // no more for the lower part than it takes
}

} // namespace signalbox::ui
