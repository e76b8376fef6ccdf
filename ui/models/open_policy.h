// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "open_record.h"
#include "policy_selection.h"
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

class ExportedRevisions;

/// One open policy: document, undo stack, file, autosave journal, revisions, selection. Views know
/// the PolicyEditor, which owns these, shows one of them and says what each function is for. Lives
/// on the GUI thread.
class OpenPolicy : public QObject
{
    Q_OBJECT
public:
    /// @param journals  where its journal goes, and beside it what else is kept of it; empty:
    /// nowhere
    /// @param exported  of all policies of the program; not null
    OpenPolicy(const std::filesystem::path& journals, std::shared_ptr<ExportedRevisions> exported,
               QObject* parent = nullptr);
    ~OpenPolicy() override;

    /// Of all policies that were ever open in this program: a key for what views keep of it.
    [[nodiscard]] quint64 number() const;

    [[nodiscard]] const PolicyDocument& document() const;
    [[nodiscard]] const PolicyDocument& savedDocument() const;
    [[nodiscard]] const PolicyDocument& shownDocument() const;
    [[nodiscard]] bool isPreviewing() const;
    [[nodiscard]] QUndoStack* undoStack();
    [[nodiscard]] const std::vector<Finding>& findings() const;
    Result<void> push(const Edit& edit, quint64 gesture = 0);
    void preview(const Edit& edit);
    void cancelPreview();
    [[nodiscard]] static quint64 newGesture();
    [[nodiscard]] const PolicySelection& selection() const;
    void setSelection(const PolicySelection& selection);

    [[nodiscard]] const std::filesystem::path& filePath() const; ///< empty: never saved
    /// Whether something would be lost with the window: edits that are not saved, a text that
    /// cannot be read, or a policy whose file is gone.
    [[nodiscard]] bool isModified() const;
    /// Whether nothing of a person is in it: no file, and never edited.
    [[nodiscard]] bool isUntouched() const;
    void commitPending();
    void setUnreadable(std::optional<int> line);
    void setTyped(const std::optional<std::string>& text);
    /// What setTyped() said last, or what a crash left of it.
    [[nodiscard]] const std::optional<std::string>& typed() const;
    [[nodiscard]] Result<void> mayBeSaved() const;
    [[nodiscard]] QString displayName() const;
    void setDocument(const PolicyDocument& document, const std::filesystem::path& path = {});
    Result<void> open(const std::filesystem::path& path);
    [[nodiscard]] int nextRevision() const;
    void noteExported(const PolicyDocument& exported);
    Result<void> save();
    Result<void> saveAs(const std::filesystem::path& path);

    /// What has become of the file in other hands, as far as the person has not heard of it.
    enum class DiskNews {
        None,
        Reloaded,   ///< it changed, and was read again: nothing here was unsaved
        Changed,    ///< documentOnDisk() lies there, and here are unsaved edits
        Unreadable, ///< what lies there is no policy: diskProblem()
        Gone,       ///< nothing lies there; the next save writes it anew
    };
    [[nodiscard]] DiskNews diskNews() const;
    [[nodiscard]] const PolicyDocument& documentOnDisk() const;
    [[nodiscard]] QString diskProblem() const;
    /// Looks at the file now, and at who else has it open.
    void lookAround();
    /// Takes what lies on the disk, as one step that can be undone.
    void reload();
    /// What lies on the disk may be replaced by the next save; its policy is then an earlier
    /// revision.
    void keepMine();
    void dismissDiskNews(); ///< of a reload; the others last as long as they are true

    /// Windows that have had the file open for longer.
    [[nodiscard]] const std::vector<OpenRecord::Other>& openElsewhere() const;

    void setJournalFolder(const std::filesystem::path& folder);
    [[nodiscard]] const QString& journalProblem() const;
    struct Recoverable
    {
        std::filesystem::path journal;
        std::filesystem::path file; ///< of the policy; empty: never saved
        QString name;
        int edits = 0; ///< undo steps: what a person did, not how many keys it took; and one for
                       ///< text of the source that could not be read
        qint64 savedAtMs = 0;
    };
    [[nodiscard]] static std::vector<Recoverable> recoverable(const std::filesystem::path& folder);
    Result<void> recover(const Recoverable& journal);

    [[nodiscard]] const std::vector<PolicyDocument>& revisions() const;
    void setRevisions(std::vector<PolicyDocument> revisions); ///< in any order
    [[nodiscard]] RevisionRecord recordOf(const PolicyDocument& revision) const;
    void setRevisionNote(const PolicyDocument& revision, const std::string& note);
    [[nodiscard]] const std::string& nextNote() const;
    void setNextNote(const std::string& note);
    [[nodiscard]] bool wasExported(const PolicyDocument& revision) const;

signals:
    void commitRequested();
    void documentOpened();
    void journalProblemChanged();
    void documentChanged();
    void shownChanged();
    void selectionChanged();
    void fileChanged();
    void revisionsChanged();
    void recordsChanged();
    void diskNewsChanged();
    void openElsewhereChanged();
    void editRefused(const QString& sentence);
    /// A save took the place of another file, which is kept: where, in a sentence.
    void putAside(const QString& sentence);

private:
    friend class PolicyEditor;
    /// Says all that a view has to hear when this policy takes the place of another.
    void announce();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
