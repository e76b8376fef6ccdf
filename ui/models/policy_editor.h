// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "revision_log.h"

#include <core/base/result.h>
#include <core/policy/document.h>
#include <core/policy/edit.h>
#include <core/policy/lint.h>

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// What is selected in the policy, shared by canvas, outline and inspector.
struct PolicySelection
{
    enum class Kind { Nothing, Rule, Otherwise, Model, Signal, Document };
    Kind kind = Kind::Nothing;
    std::string id; ///< of the rule, model or signal
    std::string
        path; ///< JSON path inside it, e.g. "plan.chain.steps[0]" or "when.any[1]"; may be empty
    bool operator==(const PolicySelection&) const = default;
};

/// The open policy: document, undo stack, file and autosave journal. Lives on the GUI thread; owned
/// by the Workbench. Every change of every view goes through push().
class PolicyEditor : public QObject
{
    Q_OBJECT
public:
    explicit PolicyEditor(QObject* parent = nullptr);
    ~PolicyEditor() override;

    /// The committed document.
    [[nodiscard]] const PolicyDocument& document() const;
    /// As it was last opened or saved.
    [[nodiscard]] const PolicyDocument& savedDocument() const;
    /// The document as it looks now: with the preview of a running gesture applied, if any.
    [[nodiscard]] const PolicyDocument& shownDocument() const;
    [[nodiscard]] bool isPreviewing() const;

    [[nodiscard]] QUndoStack* undoStack();
    [[nodiscard]] const std::vector<Finding>& findings() const; ///< lint of document()

    /// Applies an edit as one undo step. Edits with the same non-zero gesture merge into one step.
    /// On failure nothing changes.
    Result<void> push(const Edit& edit, quint64 gesture = 0);

    /// Shows an edit without committing it, e.g. at every move of a drag. Each preview replaces the
    /// one before. End with push() of the final edit or with cancelPreview().
    void preview(const Edit& edit);
    void cancelPreview();
    [[nodiscard]] static quint64 newGesture();

    [[nodiscard]] const PolicySelection& selection() const;
    void setSelection(const PolicySelection& selection);

    // Files.
    [[nodiscard]] const std::filesystem::path& filePath() const; ///< empty: never saved
    /// Whether something would be lost with the window: edits that are not saved, or a text that
    /// cannot be read.
    [[nodiscard]] bool isModified() const;
    /// Has the views put what is typed and not yet applied into the document. Saving does it by
    /// itself; ask for it before isModified() decides whether the document may be left.
    void commitPending();
    /// A view shows text of the policy that cannot be read, so that the document lags behind it:
    /// the line it fails at, from 1. Counts as modified, and cannot be saved.
    void setUnreadable(std::optional<int> line);
    /// Says why save() would fail before it touches a file.
    [[nodiscard]] Result<void> mayBeSaved() const;
    [[nodiscard]] QString displayName() const;
    void setDocument(const PolicyDocument& document, const std::filesystem::path& path = {});
    Result<void> open(const std::filesystem::path& path);
    /// The number under which document() leaves the program next, by a save or an export. A number
    /// is used up once a policy has left under it; any other policy gets a higher one:
    /// - as it was saved, or the first revision of a policy that has no file: its own number,
    /// - as it was exported since the last save: the number that it was exported under,
    /// - else the number that it carries if that is above all that are used up, or one more.
    /// Numbers of exports are kept by the policy's id (see ExportedRevisions), those of saves are
    /// known for the open file.
    [[nodiscard]] int nextRevision() const;
    /// The policy left the program under the number that it carries.
    void noteExported(const PolicyDocument& exported);
    Result<void> save(); ///< raises the revision if something changed since the last save
    Result<void> saveAs(const std::filesystem::path& path);

    /// Where the autosave journal lives; every committed edit is on disk when push() returns. Set
    /// before the first edit. Empty: no journal.
    void setJournalFolder(const std::filesystem::path& folder);
    /// Why edits are not safe from a crash at the moment; empty: they are.
    [[nodiscard]] const QString& journalProblem() const;
    /// A journal left behind by a killed program; recover() replays it and goes on in it, so that
    /// it lasts until the document is saved or left. discardRecovery() deletes it.
    struct Recoverable
    {
        std::filesystem::path journal;
        QString name;
        int edits = 0; ///< undo steps: what a person did, not how many keys it took
        qint64 savedAtMs = 0;
    };
    [[nodiscard]] static std::vector<Recoverable> recoverable(const std::filesystem::path& folder);
    /// Replaces the open document, whose journal goes: ask first. If an edit cannot be replayed,
    /// those before it are kept and the journal stays for another try.
    Result<void> recover(const Recoverable& journal);
    static void discardRecovery(const Recoverable& journal);

    /// Documents of the last saved revisions, newest first (at most 10). They are kept by the place
    /// of the file, so that two policies of one id, e.g. a copy, each have their own.
    [[nodiscard]] const std::vector<PolicyDocument>& revisions() const;
    void setRevisions(std::vector<PolicyDocument> revisions); ///< in any order
    /// When savedDocument() or one of revisions() was saved, and why, as far as it was noted.
    [[nodiscard]] RevisionRecord recordOf(const PolicyDocument& revision) const;
    /// Says afterwards why a revision was made. The document is not touched.
    void setRevisionNote(const PolicyDocument& revision, const std::string& note);
    /// Why the next revision is made: goes with it when it is saved. Kept as long as the document
    /// is open.
    [[nodiscard]] const std::string& nextNote() const;
    void setNextNote(const std::string& note);
    /// Whether the policy left the program under the number that it carries.
    [[nodiscard]] bool wasExported(const PolicyDocument& revision) const;

    /// Asks for a comparison of document() with another one, e.g. with what lies on the disk.
    /// @param title  what the other one is: "support-desk.json as it is on the disk"
    /// @return whether anybody is there to show it
    bool requestComparison(const PolicyDocument& other, const QString& title);

signals:
    void comparisonRequested(const signalbox::PolicyDocument& other, const QString& title);
    void commitRequested(); ///< see commitPending()
    void documentOpened();  ///< another document took the place of the old one, text and all
    void journalProblemChanged();
    void documentChanged(); ///< committed document (and so the shown one) changed
    void shownChanged();    ///< shown document changed: by a commit or by a preview
    void selectionChanged();
    void fileChanged(); ///< path, name or modified state
    void revisionsChanged();
    void recordsChanged(); ///< when a revision was saved, or why; also of the next one
    void editRefused(const QString& sentence);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
