// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cell_remarks.h"
#include "lab_table_model.h"

#include <QAbstractProxyModel>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// In which order prompts are read.
enum class ReadingOrder {
    AsSent,
    Longest,        ///< by the longest answer to the prompt, in words, the longest first
    MostNoticeable, ///< by rowSpreads(), the furthest apart first
};

/// Which prompts are read. Everything that is set narrows them further.
struct ReadingCriteria
{
    QString words;        ///< without regard to case, in the prompt or in an answer; empty: any
    bool differs = false; ///< the models part: see ReadingRows::differs()
    bool failed = false;  ///< an answer failed
    bool refused = false; ///< an answer was refused by its model, or withheld by its provider
    bool starred = false; ///< an answer is starred
    std::optional<QString> segment = {}; ///< as LabTableModel::SegmentRole says it
    std::optional<QString> tag = {};     ///< one of LabTableModel::TagsRole
    ReadingOrder order = ReadingOrder::AsSent;
    bool operator==(const ReadingCriteria&) const = default;
    [[nodiscard]] bool narrows() const
    {
        return !words.isEmpty() || differs || failed || refused || starred || segment || tag;
    }
};

/// The rows of the lab's table that a person wants to read, in the order in which they want it, and
/// what was said of the cells. What is looked for is looked for on a worker, in texts that were
/// folded when they came; measures are taken from the session. So a change of criteria takes a
/// frame at most; the rows follow as soon as they are known, and a running run's cells at most
/// four times a second. Columns and all other roles are those of the table. GUI thread.
class ReadingRows : public QAbstractProxyModel
{
    Q_OBJECT
public:
    enum Role {
        StarRole = Qt::UserRole + 500, ///< bool, of an answer
        NoteRole,                      ///< QString: the person's note, else the first other one
        RemarkRole,                    ///< QString: CellRemarks::textOf()
        HitRole,                       ///< QString: the words that are sought, if they are in it
    };

    /// All three outlive it.
    ReadingRows(LabSession& session, LabTableModel& table, CellRemarks& remarks,
                QObject* parent = nullptr);
    ~ReadingRows() override;

    void setCriteria(const ReadingCriteria& criteria);
    [[nodiscard]] const ReadingCriteria& criteria() const;
    /// What was asked for is not known yet.
    [[nodiscard]] bool isSearching() const;
    [[nodiscard]] int total() const; ///< prompts
    /// Segments of the prompts, each once, in order of appearance.
    [[nodiscard]] QStringList segments() const;
    [[nodiscard]] QStringList tags() const; ///< likewise

    /// Whether the models part on a prompt: one answers where another fails, refuses or is
    /// withheld, or one satisfies the request where another does not.
    [[nodiscard]] static bool differs(const LabSession& session, std::size_t prompt);

    [[nodiscard]] int hitCount() const; ///< prompts and answers in sight that have the words
    /// From a cell on, round the ends; invalid: there are none.
    [[nodiscard]] QModelIndex nextHit(const QModelIndex& from, bool forward) const;
    [[nodiscard]] int hitNumber(const QModelIndex& index) const; ///< from 1; 0: it is none

    /// nullopt for a prompt, and for a column that is no model's.
    [[nodiscard]] std::optional<CellId> cellIdOf(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const CellId& id) const; ///< invalid: it is out of sight

    /// The table as it is read, tab-separated, a header first: per model its answer and what was
    /// said of it. Texts are quoted as spreadsheets read them, and none is taken for a formula.
    [[nodiscard]] QString asText() const;
    [[nodiscard]] QString asText(int row) const; ///< the header and one row

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex mapToSource(const QModelIndex& index) const override;
    [[nodiscard]] QModelIndex mapFromSource(const QModelIndex& index) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

signals:
    /// Rows, hits or isSearching() changed; after the model's own signals.
    void readingChanged();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A copy in which capitals are small, of UTF-8; what is ill-formed stays.
[[nodiscard]] std::string foldedText(const std::string& text);

} // namespace signalbox::ui
