// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/condition_completion.h>
#include <core/policy/document.h>

#include <QPointer>
#include <QWidget>

#include <optional>
#include <string>

namespace signalbox::ui {

class CompletionPopup;
class TextLabel;

/// The text of a formula. Enter, Escape, Tab and the arrows are the owner's while it wants them.
class FormulaText final : public NoteField
{
    Q_OBJECT
public:
    explicit FormulaText(QWidget* parent = nullptr);

signals:
    void left(); ///< the keyboard went elsewhere in the window

protected:
    void focusOutEvent(QFocusEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
};

/// A condition as one line of text (core/policy/condition_text.h), with what could come next in a
/// list below the cursor and what is wrong below the field. What can be read is announced at every
/// key, and becomes the condition with Enter or by going elsewhere; Escape leaves it as it was.
class ConditionFormula final : public QWidget
{
    Q_OBJECT
public:
    explicit ConditionFormula(QWidget* parent = nullptr);
    ~ConditionFormula() override;

    /// Shows a condition, unless somebody is typing another one in its place.
    /// @param shown  as it looks now, with a preview that may be running
    /// @param kept   as it is in the document
    /// @param owner  whose condition it is: another owner's typing is not kept
    void setCondition(const Condition& shown, const Condition& kept, const std::string& owner,
                      const PolicyDocument& document);

    /// Gives it the keyboard, with the comparison at a path of the condition selected, or all of
    /// it.
    void focusText(const std::string& path);
    /// Takes over what was typed, if it can be read.
    void commit();

signals:
    void previewed(const signalbox::Condition& condition);
    void previewEnded();
    void committed(const signalbox::Condition& condition);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    [[nodiscard]] bool handleKey(int key, Qt::KeyboardModifiers modifiers);
    void noteTyped();
    void read();
    void revert();
    void leave();
    void showMistake(const ConditionMistake& mistake, bool isWhole);
    void showHint();
    void offer(bool wanted);
    void closeOffers();
    void take(int item);
    void describe();
    [[nodiscard]] QRect cursorLine() const;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::size_t cursorByte() const;

    FormulaText* m_text = nullptr;
    TextLabel* m_say = nullptr;
    QPointer<CompletionPopup> m_popup; ///< its window may go first
    ConditionCompletions m_offers;
    PolicyDocument m_document; ///< for names and types
    Condition m_kept;
    std::string m_owner;
    std::optional<Condition> m_typed; ///< what the text means, if it can be read
    std::optional<ConditionMistake> m_mistake;
    bool m_isTyping = false; ///< the text is not the document's
    bool m_isPreviewing = false;
};

} // namespace signalbox::ui
