// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab_session.h"

#include <core/evidence/evidence_store.h>
#include <core/evidence/remark_table.h>

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace signalbox::ui {

/// What was said of a cell.
struct CellRemark
{
    bool isStarred = false;         ///< by the person
    QString note = {};              ///< the person's
    std::vector<CellNote> others{}; ///< of other people, and of machines
    /// Under which names the person's own stand in the store: noteAuthor(), or none in a store of
    /// their own from a version that did not sign them.
    std::vector<std::string> signedAs{};
    [[nodiscard]] bool isEmpty() const { return !isStarred && note.isEmpty() && others.empty(); }
};

/// The stars and notes on the cells of a session's table. They belong to the run in the store, so
/// they come back with it whenever it is shown; what is said goes to the store at once, and stays
/// here until it is there, whatever is in the way. They are signed with noteAuthor(); in a store
/// that several people share everybody's are told with their names. Nothing here waits for the
/// store. GUI thread.
class CellRemarks : public QObject
{
    Q_OBJECT
public:
    /// @param store  null: nothing is kept, and nothing can be said
    CellRemarks(LabSession& session, EvidenceStore* store, QObject* parent = nullptr);
    ~CellRemarks() override;

    /// Null: nothing was said of it.
    [[nodiscard]] const CellRemark* of(const CellId& id) const;
    /// Everything in words, one a line, with who says it: "Note: too long", "A machine (judge):
    /// too long". Empty: nothing.
    [[nodiscard]] QString textOf(const CellId& id) const;

    /// Refused for a cell that no run in the store has: it was never sent.
    [[nodiscard]] Result<void> setStarred(const CellId& id, bool starred);
    /// Without outer spaces; an empty one is taken away.
    [[nodiscard]] Result<void> setNote(const CellId& id, const QString& note);

    /// Why something could not be read, or is not on disk yet: a sentence, or empty.
    [[nodiscard]] const QString& problem() const;
    [[nodiscard]] bool isLoading() const;

signals:
    void changed(const signalbox::CellId& id);
    void wasReset(); ///< all of them, of another run or read anew
    void problemChanged();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
