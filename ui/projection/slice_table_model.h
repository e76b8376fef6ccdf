// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "figures_table.h"

#include <core/projection/projection.h>
#include <ui/kit/plots.h>

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace signalbox::ui {

/// Segments and tiers of a projection as a table, each group under a heading row, the worst quality
/// on top of its group. Every column has one number of places, so that its figures line up.
class SliceTableModel : public QAbstractTableModel, public FigureRoles
{
    Q_OBJECT
public:
    enum Column {
        Name,
        Requests,
        Saving,
        Latency,
        Satisfied,
        Ratio,
        Prompts,
        Verdict,
        ColumnCount
    };
    explicit SliceTableModel(QObject* parent = nullptr);
    void setProjection(const std::optional<Projection>& projection);
    /// All numbers unrounded, without headings; for CSV.
    [[nodiscard]] PlotTable table() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row
    {
        ProjectionSlice slice;
        bool isTier = false;
        bool isHeading = false;
        int verdict = 0; ///< of GateVerdict
        QString reason;
    };
    [[nodiscard]] QString text(const Row& row, int column) const;
    [[nodiscard]] QString detail(const Row& row, int column) const;
    [[nodiscard]] QString toolTip(const Row& row, int column) const;
    std::vector<Row> m_rows;
};

} // namespace signalbox::ui
