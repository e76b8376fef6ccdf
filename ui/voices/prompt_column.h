// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/text_views.h>

#include <QWidget>

class QAction;
class QHBoxLayout;

namespace signalbox::ui {

class Badge;
class ElidedLabel;
class IconButton;
class SegmentedControl;

/// The prompt whose whole answers are shown, in line with the table's column of prompts, and how
/// they are shown. Folded, its prompt is one line.
class PromptColumn : public QWidget
{
    Q_OBJECT
public:
    explicit PromptColumn(QWidget* parent = nullptr);

    void setText(const QString& prompt); ///< empty: none is chosen
    void setForm(TextForm form);
    void setSimulated(bool areAll); ///< says so once, of all answers
    /// Shows a button for it here and in foldedLine(); the caller owns the action.
    void setFoldAction(QAction* action);
    /// In place of the column and the answers, while they are hidden. Its parent is that of the
    /// column until somebody takes it.
    [[nodiscard]] QWidget* foldedLine() const { return m_folded; }
    void takeKeyboard(bool folded); ///< for the button that folds, or that unfolds

signals:
    void formChosen(signalbox::ui::TextForm form);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void buildFoldedLine(QWidget* parent);
    void buildForms();

    PlainTextPane* m_text = nullptr;
    QHBoxLayout* m_top = nullptr; ///< the prompt, and the button that folds
    Badge* m_simulated = nullptr;
    SegmentedControl* m_forms = nullptr;
    IconButton* m_fold = nullptr;
    IconButton* m_unfold = nullptr;
    QWidget* m_folded = nullptr;
    ElidedLabel* m_line = nullptr;
};

} // namespace signalbox::ui
