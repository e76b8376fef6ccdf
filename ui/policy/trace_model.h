// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/routing/compiled_policy.h>

#include <QAbstractItemModel>

#include <memory>
#include <optional>

namespace signalbox::ui {

/// The way of one request as a tree: holdout, every rule with every comparison, the value that it
/// saw and what it asked for, otherwise; the scores with their terms behind. Read-only; owned by
/// its view.
class TraceModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Step, Saw, Asked, Result, ColumnCount };
    enum class Outcome {
        Holds,     ///< a comparison or term that is true
        Fails,     ///< one that is not
        Taken,     ///< the lane that won
        Passed,    ///< a rule that was asked and did not match
        NotAsked,  ///< a rule behind the one that won
        WouldHold, ///< a comparison of such a rule, or of one that is disabled
        WouldFail,
        Off, ///< a disabled rule
    };
    enum Role {
        OutcomeRole = Qt::UserRole + 1, ///< int(Outcome), or nothing for headings
        PathRole,                       ///< QString: JSON path of the row's thing; may be empty
        DetailRole,                     ///< QString: "needs at most 280"; of a comparison only
    };

    explicit TraceModel(QObject* parent = nullptr);
    ~TraceModel() override;

    void setTrace(const PolicyDocument& document, const Trace& trace);
    void clear();

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

    /// The row of the lane that won; invalid without a trace.
    [[nodiscard]] QModelIndex takenIndex() const;

    struct Node;

private:
    std::unique_ptr<Node> m_root;
};

} // namespace signalbox::ui
