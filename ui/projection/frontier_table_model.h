// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "figures_table.h"

#include <core/frontier/frontier.h>
#include <ui/kit/plots.h>
#include <ui/models/frontier_session.h>

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// What a search found as a table, cheapest first, and under it the policy before and each model
/// alone, all on the half of the conversations that had no say in the choice.
class FrontierTableModel : public QAbstractTableModel, public FigureRoles
{
    Q_OBJECT
public:
    enum Column {
        Name,
        Changes,
        Saving,
        Latency,
        Quality,
        Consistency,
        Gates,
        Probability,
        Verdict,
        ColumnCount
    };

    explicit FrontierTableModel(QObject* parent = nullptr);
    void setFinding(std::shared_ptr<const FrontierFinding> finding);
    /// Which point the policy in front is; nullopt: none.
    void setAdopted(std::optional<std::size_t> point);

    /// Of a row; null for a heading.
    [[nodiscard]] const FrontierChoice* choiceAt(int row) const;
    [[nodiscard]] int rowOf(const FrontierChoice* choice) const; ///< -1: none
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
        const FrontierChoice* choice = nullptr; ///< null: a heading
        QString heading;
    };
    [[nodiscard]] QString text(const FrontierChoice& choice, int column) const;
    [[nodiscard]] QString toolTip(const FrontierChoice& choice, int column) const;
    [[nodiscard]] QVariant badge(const FrontierChoice& choice, int role) const;
    [[nodiscard]] QVariant mark(const FrontierChoice& choice) const;

    std::shared_ptr<const FrontierFinding> m_finding;
    std::optional<std::size_t> m_adopted;
    std::vector<Row> m_rows;
};

} // namespace signalbox::ui
