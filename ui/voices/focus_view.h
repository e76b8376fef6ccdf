// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/models/lab_session.h>

#include <QWidget>

#include <vector>

class QAction;
class QHBoxLayout;
class QScrollArea;
class QLabel;
class QPushButton;

namespace signalbox::ui {

class ElidedLabel;
class FactsLine;
class PlainTextPane;

/// One prompt with every model's whole answer in a column of its own, streaming. Texts are shown as
/// plain text; nothing in them loads or navigates.
class FocusView : public QWidget
{
    Q_OBJECT
public:
    explicit FocusView(LabSession& session, QWidget* parent = nullptr);

    void showPrompt(int row); ///< -1: nothing
    [[nodiscard]] int prompt() const { return m_row; }

    /// Shows a button for it beside the prompt; the caller owns the action.
    void setFoldAction(QAction* action);
    /// Folded, the prompt alone is left.
    void setFolded(bool folded);
    [[nodiscard]] bool isFolded() const;

private:
    struct Column
    {
        QWidget* frame = nullptr;
        QLabel* mark = nullptr;
        FactsLine* facts = nullptr;
        PlainTextPane* text = nullptr;
        QPushButton* retry = nullptr;
    };
    void rebuild();
    void refill();
    void refreshFacts(std::size_t model);
    void showFromTop(std::size_t model);
    void refreshMark(std::size_t model);
    void refreshText(const CellId& id);
    [[nodiscard]] Column makeColumn(std::size_t model);
    [[nodiscard]] CellId cellOf(std::size_t model) const;

    LabSession& m_session;
    ElidedLabel* m_prompt = nullptr;
    QHBoxLayout* m_head = nullptr;
    QScrollArea* m_scroll = nullptr; ///< sideways, where many models are shown
    QWidget* m_answers = nullptr;    ///< all below the prompt
    QHBoxLayout* m_columns = nullptr;
    std::vector<Column> m_shown;
    int m_row = -1;
};

} // namespace signalbox::ui
