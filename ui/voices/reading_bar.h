// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/reading_rows.h>

#include <QWidget>

class QComboBox;
class QPushButton;

namespace signalbox::ui {

class ElidedLabel;
class SearchField;
class TextLabel;

/// Which prompts of the matrix are read: words, what became of the answers, stars, a segment,
/// a tag, and in which order; and how many that are. It says what is wanted and shows what came of
/// it.
class ReadingBar : public QWidget
{
    Q_OBJECT
public:
    explicit ReadingBar(QWidget* parent = nullptr);

    [[nodiscard]] ReadingCriteria criteria() const;
    void clear();     ///< all prompts, as they were sent
    void takeFocus(); ///< to the words
    void setSegments(const QStringList& segments);
    void setTags(const QStringList& tags); ///< no choice is shown where there are none
    /// @param shown, total  prompts
    /// @param hits          prompts and answers that have the words
    /// @param hit           which of them is the current one, from 1; 0: none
    void setCounts(int shown, int total, int hits, int hit, bool isSearching);

    /// "12 of 200 prompts".
    [[nodiscard]] static QString promptsText(int shown, int total);

signals:
    void criteriaChanged();
    void stepRequested(bool forward); ///< to the next hit, or to the one before
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QPushButton* makeChip(const char* name, const QString& text,
                                        const QString& meaning);
    void buildWords();
    void buildGroups();
    void buildOrder();
    static void fill(QComboBox* box, const QString& all, const QStringList& names);
    void say();

    SearchField* m_words = nullptr;
    TextLabel* m_hits = nullptr;
    QWidget* m_steps = nullptr;
    QPushButton* m_differs = nullptr;
    QPushButton* m_failed = nullptr;
    QPushButton* m_refused = nullptr;
    QPushButton* m_starred = nullptr;
    QComboBox* m_segment = nullptr;
    QComboBox* m_tag = nullptr;
    QComboBox* m_order = nullptr;
    ElidedLabel* m_count = nullptr;
};

} // namespace signalbox::ui
