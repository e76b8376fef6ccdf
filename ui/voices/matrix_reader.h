// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/text_views.h>
#include <ui/models/reading_rows.h>

#include <QObject>
#include <QPointer>

#include <optional>

class QAction;
class QMenu;
class QTableView;

namespace signalbox::ui {

class AnswerDelegate;
class Callout;
class CellMenu;
class EmptyState;
class FocusView;
class NoteEditor;
class NoticeList;
class ReadingBar;

/// How a person reads the matrix and the whole answers below it: finding, filtering, starring,
/// noting, comparing, copying, each by a key and by the mouse. Owned by the page, as are the views.
class MatrixReader : public QObject
{
    Q_OBJECT
public:
    struct Views
    {
        QTableView* table = nullptr; ///< shows `rows`
        AnswerDelegate* delegate = nullptr;
        FocusView* focus = nullptr;
        NoticeList* notices = nullptr;
        QWidget* keys = nullptr; ///< the parent of both: keys work in it
        QAction* find = nullptr; ///< makeFindAction()
    };
    MatrixReader(LabSession& session, ReadingRows& rows, CellRemarks& remarks, const Views& views,
                 QWidget* page);
    ~MatrixReader() override;

    [[nodiscard]] ReadingBar* bar() const { return m_bar; } ///< hidden until it is wanted
    /// Shows and hides the bar.
    [[nodiscard]] static QAction* makeFindAction(QWidget* page);
    /// Puts what can be done with one answer, with its keys, into its menu.
    void addTo(CellMenu& menu);
    void showAll(); ///< every prompt, as they were sent
    /// Goes to a cell of the session's table; if its row is out of sight all rows come back.
    void goTo(const QModelIndex& tableIndex);

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    void told(const QString& sentence); ///< for the status bar
    void unfoldRequested();             ///< a whole answer is to be seen
    void wanted();                      ///< the matrix is to be seen

private:
    void buildFinding(QWidget* page);
    void buildKeys();
    void buildEmpty();
    void buildRemarks();
    QAction* addKey(const QString& text, const QList<QKeySequence>& keys, QWidget* owner,
                    Qt::ShortcutContext context, void (MatrixReader::*run)());
    void setOpen(bool open);
    void openBar();
    void takeCriteria();
    void showReading();
    void keepPlace();
    void restorePlace();
    void step(bool forward);
    void stepOn() { step(true); }
    void stepBack() { step(false); }
    void toggleStar();
    void starCell(const CellId& id);
    void writeNote();
    void noteCell(const CellId& id);
    void toggleReference();
    void toggleAlone();
    void leaveAlone();
    void setForm(TextForm form);
    void chooseForm(TextForm form);
    void toggleForm();
    void fillMenu(QMenu& menu, const CellId& id);
    void copyAnswer();
    void copyQuote();
    void copyText(const CellId& id);
    void copyAsQuote(const CellId& id);
    void readWhole();
    void copyRow();
    void copyTable();
    [[nodiscard]] std::optional<CellId> cellAtHand() const;
    [[nodiscard]] QString titleOf(const CellId& id) const;
    [[nodiscard]] QRect placeOf(const CellId& id) const;
    void showProblem();

    LabSession& m_session;
    ReadingRows& m_rows;
    CellRemarks& m_remarks;
    Views m_views;
    ReadingBar* m_bar = nullptr;
    NoteEditor* m_note = nullptr;
    EmptyState* m_empty = nullptr; ///< over the matrix, when nothing is left
    QPointer<Callout> m_notice;    ///< while notes are not on disk
    QAction* m_escape = nullptr;   ///< while an answer is shown alone
    int m_placeRow = -1;           ///< of the session's table: what was current
    int m_placeColumn = 0;
    bool m_isNewTable = false;
    bool m_stepsWhenFound = false;
    TextForm m_form = TextForm::Rendered;
};

} // namespace signalbox::ui
