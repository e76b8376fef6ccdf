// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/voice/phrase_difference.h>
#include <ui/kit/text_views.h>
#include <ui/models/cell_remarks.h>
#include <ui/models/lab_session.h>

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <map>
#include <utility>
#include <vector>

class QAction;
class QHBoxLayout;
class QScrollArea;
class QLabel;
class QAbstractButton;
class QTableView;

namespace signalbox::ui {

class Badge;
class ElidedLabel;
class FactsLine;
class IconButton;
class PromptColumn;
class StarButton;

/// One prompt with every model's whole answer in a column of its own, that of the table's,
/// streaming, rendered or as written; nothing in them loads or navigates. One that is scrolled
/// takes the others along to the paragraphs that say the same. One of them can be the reference:
/// the others then show in phrases what they say otherwise. One can be shown alone.
class FocusView : public QWidget
{
    Q_OBJECT
public:
    explicit FocusView(LabSession& session, QWidget* parent = nullptr);

    void showPrompt(int row); ///< -1: nothing
    [[nodiscard]] int prompt() const { return m_row; }

    /// From then on each answer stands below its model's column, as wide as it, and both scroll
    /// sideways together. The table outlives the view, or goes with it.
    void standBelow(QTableView* table);
    bool eventFilter(QObject* watched, QEvent* event) override;
    /// Shows a button for it beside the prompt; the caller owns the action.
    void setFoldAction(QAction* action);
    /// Folded, a line with the prompt alone is left.
    void setFolded(bool folded);
    [[nodiscard]] bool isFolded() const;

    /// Stars and notes are shown from then on; it outlives the view.
    void setRemarks(const CellRemarks* remarks);
    void setForm(TextForm form);          ///< of all answers; at first rendered
    void setSought(const QString& words); ///< marked in every answer; empty: nothing is
    /// Compares the others with this model's answers; -1, or the same again: with none.
    void setReference(int model);
    [[nodiscard]] int reference() const { return m_reference; } ///< -1: none
    /// Shows one model's answers alone; -1, or the same again: all of them.
    void setAlone(int model);
    [[nodiscard]] int alone() const { return m_alone; } ///< -1: none
    /// The model whose column has the keyboard; -1: none.
    [[nodiscard]] int modelWithFocus() const;
    void showHit(int model); ///< scrolls its answer to the first words that are sought
    void focusOn(int model); ///< gives its answer the keyboard
    [[nodiscard]] QRect placeOf(int model) const; ///< of its answer, on the screen

signals:
    void starRequested(const signalbox::CellId& id);
    void noteRequested(const signalbox::CellId& id);
    void aloneChanged();
    void formChosen(signalbox::ui::TextForm form);

private:
    struct Column
    {
        QWidget* frame = nullptr;
        QWidget* head = nullptr;        ///< name, facts and what can be done
        QHBoxLayout* headRow = nullptr; ///< its first line
        QLabel* mark = nullptr;
        StarButton* star = nullptr;
        Badge* reference = nullptr;
        FactsLine* facts = nullptr;
        ElidedLabel* note = nullptr;
        PlainTextPane* before = nullptr; ///< of a later turn: the conversation so far
        PlainTextPane* text = nullptr;
        QAbstractButton* retry = nullptr;
        IconButton* more = nullptr;
        bool isCompared = false; ///< shows `difference`
        PhraseDifference difference;
    };
    [[nodiscard]] bool areAllSimulated() const;
    void alignColumns();
    void keepHeadsInSight();
    void rebuild();
    void refill();
    [[nodiscard]] QString questionText() const;
    void refreshFacts(std::size_t model);
    void showFromTop(std::size_t model);
    void refreshMark(std::size_t model);
    void refreshText(const CellId& id);
    void refreshRemarks(std::size_t model);
    [[nodiscard]] bool isComparable(std::size_t model) const;
    void fillText(std::size_t model);
    void fillBefore(std::size_t model);
    void noteEarlierTurn(const CellId& id);
    [[nodiscard]] bool isInSight(std::size_t model) const;
    void fillColumn(std::size_t model);
    void fillNext();
    void fillAll();
    void compareAll();
    void scrollOthers(std::size_t model);
    [[nodiscard]] const std::vector<std::size_t>& besideOf(std::size_t from, std::size_t to);
    void openMenu(std::size_t model);
    [[nodiscard]] QWidget* makeHead(Column& column, std::size_t model);
    [[nodiscard]] Column makeColumn(std::size_t model);
    [[nodiscard]] CellId cellOf(std::size_t model) const;

    LabSession& m_session;
    PromptColumn* m_prompt = nullptr;
    TextForm m_form = TextForm::Rendered;
    QPointer<QTableView> m_table;    ///< whose columns these stand below
    QScrollArea* m_scroll = nullptr; ///< sideways, where many models are shown
    QWidget* m_answers = nullptr;    ///< all columns
    QHBoxLayout* m_columns = nullptr;
    std::vector<Column> m_shown;
    std::vector<std::size_t> m_unfilled; ///< out of sight, and show the prompt before
    QTimer m_fill;                       ///< fills these, one at a time
    const CellRemarks* m_remarks = nullptr;
    QString m_sought;
    int m_row = -1;
    int m_reference = -1;
    int m_alone = -1;
    bool m_isFilling = false; ///< what scrolls now, nobody scrolled
    /// Paragraphs of one model beside those of another, as they are shown.
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> m_beside;
};

} // namespace signalbox::ui
