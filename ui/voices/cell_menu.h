// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/lab_session.h>

#include <QObject>

#include <functional>
#include <utility>

class QAction;
class QMenu;
class QModelIndex;
class QTableView;

namespace signalbox::ui {

class LabTableModel;

/// What can be done with one answer of the matrix, by its menu and by keys: what others add, ask
/// its model again, and read what it answered before; a repeat never takes an answer away. Owned by
/// the page.
class CellMenu : public QObject
{
    Q_OBJECT
public:
    CellMenu(LabSession& session, LabTableModel& model, QTableView& table, QObject* parent);

    /// What else can be done with a cell: its actions come first in the menu, and go with it.
    using Fill = std::function<void(QMenu& menu, const CellId& cell)>;
    void setFirst(Fill fill) { m_first = std::move(fill); }

    /// Of the cell at `index`, filled anew; owned by this.
    [[nodiscard]] CellId cellOf(const QModelIndex& index) const;
    [[nodiscard]] QMenu* menuFor(const QModelIndex& index);

private:
    void fill(const QModelIndex& index);
    void addEarlier(const CellId& cell);
    void showAnswer(const CellId& cell, const StoredAnswer& answer);
    void askAgain(const QModelIndex& index);
    [[nodiscard]] bool canAskAgain(const QModelIndex& index) const;

    LabSession& m_session;
    LabTableModel& m_model;
    QTableView& m_table;
    Fill m_first;
    QMenu* m_menu = nullptr;
    QAction* m_again = nullptr; ///< of the current cell
};

} // namespace signalbox::ui
