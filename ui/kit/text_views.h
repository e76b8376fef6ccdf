// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_markup.h"

#include <QPlainTextEdit>
#include <QString>

#include <memory>
#include <vector>

class QSyntaxHighlighter;
class QTimer;

namespace signalbox::ui {

class HangingLayout;

/// Text as it may be shown: control characters and bidi overrides become visible marks ("⟨RLO⟩"),
/// tabs and line breaks stay, CR LF and lone CR become LF. Nothing is lost or reordered.
[[nodiscard]] QString withVisibleControls(const QString& text);

/// Part of a text that is compared with another.
struct TextPiece
{
    enum class Mark {
        Plain,
        Added,   ///< underlined, on a ground of its own
        Removed, ///< struck out; it is shown and is not copied
    };
    QString text;
    Mark mark = Mark::Plain;
};

/// How a text with marks of Markdown is shown.
enum class TextForm {
    AsWritten, ///< to the letter
    Rendered,  ///< as MarkupReader reads it
};

/// Shows untrusted model output: no links, no tags, nothing loads. Whichever way it is shown, words
/// are sought and text is copied as it was written. append() may be called per token; text reaches
/// the view at most every 33 ms. Lines are cut at kLineLimit characters and
/// the whole at kTextLimit, both with a visible sentence; "Show more" (context menu, button, or
/// showMore()) extends the limits. Follows the end while scrolled to the end.
class PlainTextPane : public QPlainTextEdit
{
    Q_OBJECT
public:
    static constexpr int kLineLimit = 4'000;
    static constexpr int kTextLimit = 200'000;

    /// `name` is the accessible name.
    explicit PlainTextPane(const QString& name, QWidget* parent = nullptr);
    ~PlainTextPane() override;

    void append(const QString& text);
    void setWholeText(const QString& text);
    /// A text with marks, which stay until another one is set.
    void setPieces(std::vector<TextPiece> pieces);
    void clearText();
    void setForm(TextForm form); ///< at first as written
    [[nodiscard]] TextForm form() const { return m_form; }
    /// Marks these words wherever they are shown, without regard to case; empty: none.
    void setSought(const QString& words);
    [[nodiscard]] QTextCursor firstSought() const; ///< null: what is sought is not in it
    /// Everything that was given, as given, shown or not; of pieces, all of them.
    [[nodiscard]] const QString& wholeText() const { return m_whole; }
    [[nodiscard]] bool isCut() const { return m_cut; }
    /// Shows ten times as much as before.
    void showMore();
    /// Puts waiting text into the view now.
    void flush();
    /// Nobody has scrolled away from the end while text was appended. A new width moves the end,
    /// and does not count.
    [[nodiscard]] bool followsEnd() const { return m_followsEnd; }

signals:
    void cutChanged(bool cut);

protected:
    [[nodiscard]] QMimeData* createMimeDataFromSelection() const override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void take(QStringView text);
    void takeOne(QChar c);
    void rebuild();
    void rebuildFromTop();
    void showPending();
    void forget(); ///< what was given, and what it changed
    void insertPending(TextPiece::Mark mark);
    void renderTaken();
    [[nodiscard]] std::vector<QTextCursor> soughtPlaces(std::size_t most) const;
    [[nodiscard]] QTextCursor shownPlace(qsizetype from, qsizetype to) const;
    [[nodiscard]] QString selectedAsWritten() const;
    void markSought();
    void setCut(bool cut);
    void placeButton();
    void notePlace(); ///< the person moved

    HangingLayout* m_layout = nullptr;
    QString m_whole;
    std::vector<TextPiece> m_pieces; ///< m_whole, if it has marks
    QString m_sought;
    QString m_pending; ///< made visible, within the limits, not yet in the view
    QTimer* m_timer = nullptr;
    QWidget* m_more = nullptr;
    qsizetype m_taken = 0;  ///< characters of m_whole already looked at
    int m_lineLength = 0;   ///< of the last line in the view and pending
    bool m_lineCut = false; ///< the last line ended early
    bool m_endCut = false;  ///< the text ended early
    qsizetype m_shown = 0;
    int m_lineLimit = kLineLimit;
    int m_textLimit = kTextLimit;
    bool m_cut = false;
    bool m_followsEnd = true;
    TextForm m_form = TextForm::AsWritten;

    // Of a rendered text. Its last line may go on, and is shown anew then.
    std::vector<qsizetype> m_writtenAt; ///< of each character in the view: its place in m_whole
    bool m_isBehind = false;            ///< something was appended that is not shown
    MarkupReader m_reader;              ///< before the last line
    qsizetype m_lineStart = 0;          ///< of the last line, in m_whole
    int m_lineShownAt = 0;              ///< of the last line, in the view
};

/// A place in the source that is wrong.
struct SourceMark
{
    int line = 1;   ///< from 1
    int column = 1; ///< from 1; 0: the whole line
    int length = 1;
    QString message = {};
    bool error = true; ///< else a warning
    bool operator==(const SourceMark&) const = default;
};

enum class SourceLanguage { Plain, Json };

/// Source with line numbers, JSON colours and marks at errors (wave, gutter dot, tooltip; F8 goes
/// to the next). Read-only it is a preview.
class CodeEditor : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit CodeEditor(const QString& name, QWidget* parent = nullptr);
    ~CodeEditor() override;

    void setLanguage(SourceLanguage language);
    void setMarks(std::vector<SourceMark> marks);
    [[nodiscard]] const std::vector<SourceMark>& marks() const { return m_marks; }
    void goTo(int line, int column = 1);
    /// Moves to the next mark behind the cursor, round the end. False if there is none.
    bool goToNextMark();

    [[nodiscard]] int gutterWidth() const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    class Gutter;
    void paintGutter(QPaintEvent* event);
    void refreshSelections();
    void applyTheme();
    void layOutGutter();
    [[nodiscard]] const SourceMark* markAt(QPoint viewportPosition) const;

    Gutter* m_gutter = nullptr;
    QSyntaxHighlighter* m_highlighter = nullptr;
    std::vector<SourceMark> m_marks;
};

} // namespace signalbox::ui
