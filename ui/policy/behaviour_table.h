// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/behaviour_diff.h>

#include <QAbstractTableModel>
#include <QTableView>

#include <vector>

namespace signalbox::ui {

/// What changes, by part of the traffic: all of it first, then the segments, the most changed one
/// on top. Requests, money, seconds, quality, voice, seams; each number with its interval.
class BehaviourTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Requests, Cost, Latency, Satisfied, Consistency, Seams, ColumnCount };
    enum Role {
        DetailRole = Qt::UserRole + 1, ///< QString: the line beneath, e.g. the interval
        SenseRole,                     ///< int: BehaviourWords::Difference::Sense
        TotalRole,                     ///< bool: the row of the whole traffic
    };
    using QAbstractTableModel::QAbstractTableModel;

    void setDiff(const BehaviourDiff* diff);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(const BehaviourSlice& slice, int column) const;
    [[nodiscard]] QString detail(const BehaviourSlice& slice, int column) const;
    [[nodiscard]] static QString toolTip(const BehaviourSlice& slice, int column);
    std::vector<BehaviourSlice> m_rows;
    bool m_isQuick = false; ///< intervals are being worked out: nothing is called shown yet
};

/// The table of it, as high as its rows.
class BehaviourTable : public QTableView
{
    Q_OBJECT
public:
    explicit BehaviourTable(BehaviourTableModel& model, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitColumns();
};

} // namespace signalbox::ui
