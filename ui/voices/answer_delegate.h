// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_preview.h"

#include <ui/kit/text_views.h>

#include <QRect>
#include <QStringList>
#include <QStyledItemDelegate>

namespace signalbox::ui {

/// Where the parts of a cell of the matrix lie. A plain value, so that it can be tested.
struct AnswerCellGeometry
{
    QRect text;
    QRect footer;
    QRect star; ///< at the end of the first line
    QRect note; ///< the last line of the text, where there is a note
    static AnswerCellGeometry of(const QRect& cell, int column);
    [[nodiscard]] static int rowHeight(); ///< three lines of text and one of facts
};

/// The first lines of a text as a box of this size shows them: breaks stay breaks, empty lines are
/// left out, and where more follows the last line ends with whole words and an ellipsis.
[[nodiscard]] QStringList previewLines(const QString& text, const QFont& font, const QSize& box);

/// A star of five points, full or hollow.
void paintStar(QPainter& painter, const QRectF& place, bool isFull);

/// Draws a cell of the lab: the answer as it grows, rendered or as written, with what is sought in
/// it marked, its star and its note; below it words, cost, time and tokens, in columns that can be
/// compared down the table, or its state. Reads the roles of ReadingRows and LabTableModel only.
class AnswerDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit AnswerDelegate(QObject* parent = nullptr);

    void setForm(TextForm form) { m_form = form; } ///< of answers; at first rendered

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const override;

    /// What the cell shows of a text: nothing in it acts, hides or reorders.
    [[nodiscard]] static QString shownText(const QModelIndex& index);

    /// A click on the star, and nothing else.
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;

    /// "84 words", "$6.1 per 1,000", "TTFT 1.4 s", "132 tokens" of a done cell, else its state and
    /// why.
    [[nodiscard]] static QStringList footerFacts(const QModelIndex& index);
    /// Of a done cell, what a footer of this width shows: in narrow columns the same in fewer
    /// letters, and only then fewer facts.
    [[nodiscard]] static QStringList shownFacts(const QModelIndex& index, int width);
    /// "words", "cost": what they are, as many as a column of this width shows; nothing where they
    /// say it themselves.
    [[nodiscard]] static QStringList namesOfShortFacts(int columnWidth);
    /// What these mean, in whole sentences; empty for a prompt.
    [[nodiscard]] static QString meaningOf(const QModelIndex& index);

    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

signals:
    void starClicked(const QModelIndex& index);

private:
    void paintText(QPainter& painter, const QStyleOptionViewItem& option,
                   const QModelIndex& index) const;
    static void paintStar(QPainter& painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index);
    static void paintGround(QPainter& painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index);
    /// The policy's way to its answer, above the text.
    /// @return the room that is left for that
    static QRect paintRoute(QPainter& painter, const QRect& text, const QModelIndex& index);
    static void paintFooter(QPainter& painter, const QRect& footer, const QModelIndex& index);

    TextForm m_form = TextForm::Rendered;
    mutable AnswerPreviews m_previews; ///< nothing but time depends on it
};

} // namespace signalbox::ui
