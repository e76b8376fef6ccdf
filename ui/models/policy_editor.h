// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "open_policy.h"

#include <QObject>
#include <QString>
#include <QUndoGroup>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// Where a policy is opened.
enum class Place {
    Here,   ///< instead of the one in front
    Beside, ///< in a tab of its own, which comes to the front
};

/// What views know of the open policies: the one in front with its document, undo stack, file and
/// journal, and the list of all. Another one in front announces itself as if it had been opened.
/// Lives on the GUI thread; owned by the Workbench. Every change of every view goes through push().
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

    [[nodiscard]] QUndoStack* undoStack();                      ///< of the policy in front
    [[nodiscard]] QUndoGroup* undoGroup();                      ///< follows what is in front
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

    // The open policies, in the order of their tabs. There is always one.
    [[nodiscard]] int count() const;
    [[nodiscard]] int currentIndex() const;
    [[nodiscard]] const OpenPolicy& policyAt(int index) const;
    /// The one in front; its number() is a key for what a view keeps of it.
    [[nodiscard]] OpenPolicy& current();
    [[nodiscard]] const OpenPolicy& current() const;
    /// Where the file is open, whatever way leads to it; -1: nowhere.
    [[nodiscard]] int indexOf(const std::filesystem::path& path) const;
    /// Has what is being typed put into the document in front first.
    void setCurrentIndex(int index);
    void move(int from, int to);
    /// Closes it, saved or not: ask first. Its neighbour comes to the front. The last one cannot be
    /// closed.
    void close(int index);

    // Files.
    [[nodiscard]] const std::filesystem::path& filePath() const; ///< empty: never saved
    /// Whether something would be lost with the policy: edits that are not saved, a text that
    /// cannot be read, or all of it, because its file is gone.
    [[nodiscard]] bool isModified() const;
    /// Has the views put what is typed and not yet applied into the document. Saving does it by
    /// itself; ask for it before isModified() decides whether the document may be left.
    void commitPending();
    /// A view shows text of the policy that cannot be read, so that the document lags behind it:
    /// the line it fails at, from 1. Counts as modified, and cannot be saved.
    void setUnreadable(std::optional<int> line);
    /// Text of the policy in a view that is not in the document because it cannot be read: what a
    /// crash must not take. Nothing: there is none. After recover() it is in current().typed(), to
    /// be shown again.
    void setTyped(const std::optional<std::string>& text);
    /// Says why save() would fail before it touches a file.
    [[nodiscard]] Result<void> mayBeSaved() const;
    [[nodiscard]] QString displayName() const;
    void setDocument(const PolicyDocument& document, const std::filesystem::path& path = {},
                     Place place = Place::Here);
    /// On failure everything stays as it is.
    Result<void> open(const std::filesystem::path& path, Place place = Place::Here);
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
    /// Raises the revision if something changed since the last save. Refused if somebody else has
    /// changed the file since: see OpenPolicy::diskNews().
    Result<void> save();
    /// Whoever chose the place was asked about what lies there, unless it is the policy's own.
    /// What lies there is kept aside, a policy with its earlier revisions; putAside() says where.
    Result<void> saveAs(const std::filesystem::path& path);

    /// Where the autosave journals live; every committed edit is on disk when push() returns, but
    /// keys in the source a quarter of a second later.
    /// Beside it lie revisions, numbers of exports, and what other windows are told. Set before the
    /// first edit. Empty: nothing is kept.
    void setJournalFolder(const std::filesystem::path& folder);
    /// Why edits are not safe from a crash at the moment; empty: they are.
    [[nodiscard]] const QString& journalProblem() const;
    /// A journal left behind by a killed program; recover() replays it and goes on in it, so that
    /// it lasts until the document is saved or left. discardRecovery() deletes it.
    using Recoverable = OpenPolicy::Recoverable;
    [[nodiscard]] static std::vector<Recoverable> recoverable(const std::filesystem::path& folder);
    /// In the place of the open document, whose journal goes, ask first; or beside it. If an edit
    /// cannot be replayed, those before it are kept and the journal stays for another try.
    Result<void> recover(const Recoverable& journal, Place place = Place::Here);
    /// Journals of which not all can be read are kept beside the folder, with what is in them: of
    /// each what it is, where it is and what to do. Those of another version stay for that.
    [[nodiscard]] static std::vector<Error> unreadable(const std::filesystem::path& folder);
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
    void recordsChanged();       ///< when a revision was saved, or why; also of the next one
    void diskNewsChanged();      ///< of current()
    void openElsewhereChanged(); ///< of current()
    void editRefused(const QString& sentence);
    void putAside(const QString& sentence); ///< see OpenPolicy::putAside()
    void listChanged(); ///< which policies are open, their order, which is in front
    /// Name, file or modified state of one of them, or what its file has become.
    void entryChanged(int index);
    void closed(quint64 number); ///< see OpenPolicy::number()

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
