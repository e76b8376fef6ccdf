// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_session.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace signalbox::ui {

/// The lab as a table: prompts down, models across; column 0 is the prompt. With several samples a
/// cell shows the first. Lives on the GUI thread beside its session.
class LabTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        TextRole = Qt::UserRole +
                   1,     ///< QString: the prompt, or the answer so far (at most 1,000 characters)
        SegmentRole,      ///< QString, column 0
        TagsRole,         ///< QStringList, column 0
        StateRole,        ///< int of CellState
        StateTextRole,    ///< QString: the state in words
        StatusRole,       ///< QString: why it failed, what it waits for; may be empty
        WordsRole,        ///< int, done cells that have been counted
        FirstTokenMsRole, ///< double, done cells that have it
        ReusedRole,       ///< bool: an earlier answer to exactly the same request
        CostRole,         ///< double USD, done cells of known cost, at the policy's present price
        TokensRole,       ///< qlonglong output tokens; see TokensEstimatedRole
        TokensEstimatedRole, ///< bool
        SatisfiedRole,       ///< double 0 to 1, where an outcome is measured
        ModelIndexRole,      ///< int into the policy's models, for the look
        SimulatedRole,       ///< bool
        FailedSampleRole,    ///< QString: see failedSampleText()
        FailedCountRole,     ///< int, of a model's header: its failed answers
        OddEndRole,          ///< QString: see oddEndText()
        OddEndMeaningRole,   ///< QString: see oddEndMeaning()
        RouteRole,           ///< QString, the policy's cells: see routeText(); and of its header,
                             ///< true
        RouteMeaningRole,    ///< QString: see routeMeaning()
        FallbackRole,        ///< bool: see PolicyRoute::hasFallenBack()
        ConversationRole,    ///< int, column 0 of a turn of a conversation: equal for all its turns
        TurnRole,            ///< QString, likewise: "turn 2 of 3"
    };

    explicit LabTableModel(LabSession& session, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

    /// The first failed cell after this one, row by row and then from the top; invalid: none.
    [[nodiscard]] QModelIndex nextFailed(const QModelIndex& after) const;
    [[nodiscard]] static CellId cellIdOf(const QModelIndex& index); ///< of a model column

private:
    [[nodiscard]] bool anyFailed(const CellId& id) const;
    [[nodiscard]] int failedCount(std::size_t model) const;
    [[nodiscard]] int countFailed(std::size_t model) const;
    [[nodiscard]] QVariant promptData(int row, int role) const;
    [[nodiscard]] QVariant answerData(const QModelIndex& index, int role) const;
    void updateCell(const CellId& id);
    void updateAll(Role role);

    LabSession& m_session;
    mutable std::vector<std::optional<int>> m_failed; ///< per model, counted when asked for
};

/// What a cell does not show: "answer 2 of 2 failed: …", of those that its model was asked for
/// besides the shown one. Empty if none failed.
[[nodiscard]] QString failedSampleText(const LabRun& run, const CellId& shown);

/// "turn 2 of 3"; empty of a prompt that stands alone.
[[nodiscard]] QString turnText(const Conversations& conversations, std::size_t prompt);

/// "queued", "waiting", "writing", "done", "cut short", "refused", "withheld", "stopped",
/// "not asked", "not kept", "failed (rate limit)", translated.
[[nodiscard]] QString cellStateText(const Cell& cell);

/// Of an answer that is there and not what was hoped for: "cut short", "refused", "withheld". Empty
/// for all others.
[[nodiscard]] QString oddEndText(const Cell& cell);
/// The same in sentences: what happened, and what to do next.
[[nodiscard]] QString oddEndMeaning(const Cell& cell);

} // namespace signalbox::ui
