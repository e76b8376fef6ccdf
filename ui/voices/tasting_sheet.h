// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <cstddef>
#include <string>
#include <vector>

class QHBoxLayout;
class QKeyEvent;
class QPushButton;

namespace signalbox::ui {

class PlainTextPane;

/// What a taster sees of one answer.
struct TastedAnswer
{
    QString text;
    QString before = {}; ///< the conversation that it goes on from, as it went there; may be empty
};
class StepButtons;
class TextLabel;

/// Answers without names side by side, which scroll together: to be put in an order, or two of them
/// and a third, X, that is by one of both. Knows texts only, so that it cannot tell who wrote them.
/// Keys work wherever the focus is: numbers are places, Enter goes on, Backspace takes back, S
/// skips, Escape leaves.
class TastingSheet : public QWidget
{
    Q_OBJECT
public:
    explicit TastingSheet(QWidget* parent = nullptr);

    /// Asks for an order of two to six answers.
    /// @param axes  ids of tone axes that may be rated
    void askOrder(const QString& prompt, const std::vector<TastedAnswer>& answers,
                  const std::vector<std::string>& axes);
    /// Asks which of two answers to `prompt` is by the writer of the third, to another prompt.
    void askX(const QString& prompt, const TastedAnswer& first, const TastedAnswer& second,
              const QString& xPrompt, const TastedAnswer& x);
    /// What can be done beside answering.
    void setPossible(bool takeBack, bool skip);

    void takeFocus();                              ///< where the next key is a place
    [[nodiscard]] std::vector<int> places() const; ///< by column; 0: none yet

signals:
    /// @param places   columns, best first, see rankingOf()
    /// @param ratings  by column and axis; 0: not rated
    void ordered(const std::vector<std::vector<std::size_t>>& places,
                 const std::vector<std::vector<int>>& ratings);
    void saidX(bool isFirst);
    void skipRequested();
    void takeBackRequested();
    void leaveRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Mode { Nothing, Order, X };
    struct Column
    {
        QWidget* frame = nullptr;
        QString letter;
        StepButtons* place = nullptr;    ///< null in an ABX test
        TextLabel* asked = nullptr;      ///< that its place is asked for now
        PlainTextPane* before = nullptr; ///< of a later turn: the conversation so far
        PlainTextPane* text = nullptr;
        std::vector<StepButtons*> ratings; ///< by axis
    };

    void buildFoot();
    void rebuild(Mode mode, std::size_t columns, const std::vector<std::string>& axes);
    void addColumn(const QString& letter, int places);
    void addRatings(Column& column);
    void watch(QWidget* widget);
    void fill(const std::vector<TastedAnswer>& answers);
    void fitPrompts();
    void scrollTogether(const PlainTextPane* moved);
    [[nodiscard]] bool handleKey(const QKeyEvent& event);
    [[nodiscard]] bool handleNumber(int number);
    [[nodiscard]] int currentColumn() const;
    [[nodiscard]] StepButtons* focusedRating() const;
    void markCurrent();
    void setPlace(std::size_t column, int place);
    void goTo(int column);
    void goToNextOpen(std::size_t column);
    void goOn();
    void takeBack();
    void refresh();
    [[nodiscard]] QString whatIsMissing() const; ///< empty: nothing

    Mode m_mode = Mode::Nothing;
    std::vector<std::string> m_axes;
    PlainTextPane* m_prompt = nullptr;
    PlainTextPane* m_xPrompt = nullptr;
    QHBoxLayout* m_prompts = nullptr;
    QHBoxLayout* m_layout = nullptr; ///< of the columns
    std::vector<Column> m_columns;
    std::vector<std::size_t> m_given; ///< columns in the order in which they got their place
    bool m_isScrolling = false;
    TextLabel* m_hint = nullptr;
    QPushButton* m_back = nullptr;
    QPushButton* m_skip = nullptr;
    QPushButton* m_next = nullptr;
    QPushButton* m_isFirst = nullptr;
    QPushButton* m_isSecond = nullptr;
};

} // namespace signalbox::ui
