// SPDX-License-Identifier: GPL-3.0-or-later
#include "condition_formula.h"

#include "completion_popup.h"
#include "policy_paths.h"
#include "policy_words.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QAccessible>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {
namespace {

constexpr int kMostLines = 6;

qsizetype toPosition(const std::string& text, std::size_t byte)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(byte, text.size())))
        .size();
}

/// The comparisons below a condition, by their paths, in the order in which they are written.
void collectPaths(const Condition& condition, const std::string& path,
                  std::vector<std::string>& paths)
{
    if (std::holds_alternative<Compare>(condition.node)) {
        paths.push_back(path);
        return;
    }
    const auto* const all = std::get_if<All>(&condition.node);
    const auto* const any = std::get_if<Any>(&condition.node);
    const std::size_t count = all ? all->conditions.size() : any ? any->conditions.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string child = childPath(condition, path, i);
        collectPaths(*conditionAt(condition, child.substr(path.empty() ? 0 : path.size() + 1)),
                     child, paths);
    }
}

QString detailOf(const ConditionCompletion& item, const PolicyDocument& document)
{
    if (item.kind != ConditionCompletion::Kind::Signal)
        return {};
    const Signal* const signal = document.findSignal(item.signal);
    return signal ? PolicyWords::sourceName(signal->source.index()) : QString();
}

/// Words have a blank behind them; values and parentheses do not.
bool wantsBlank(const ConditionCompletion& item)
{
    using Kind = ConditionCompletion::Kind;
    return item.kind == Kind::Signal || item.kind == Kind::Operator ||
           (item.kind == Kind::Word && !item.text.ends_with(' ') && item.text != "(" &&
            item.text != ")");
}

} // namespace

// FormulaText

FormulaText::FormulaText(QWidget* parent) : NoteField(tr("Condition as text"), kMostLines, parent)
{
    setObjectName(QStringLiteral("formulaText"));
    setLeastLines(1);
    setFont(Theme::font(TextRole::Mono));
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setPlaceholderText(tr("for example: complexity >= 7 and asks"));
    setUndoScope(UndoScope::PolicyOnly);
}

void FormulaText::focusOutEvent(QFocusEvent* event)
{
    NoteField::focusOutEvent(event);
    if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
        emit left();
}

/// A formula is one line, however many it is shown in.
void FormulaText::insertFromMimeData(const QMimeData* source)
{
    insertPlainText(source->text().simplified());
}

// ConditionFormula

ConditionFormula::ConditionFormula(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("conditionFormula"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    m_text = new FormulaText;
    m_say = new TextLabel({}, TextRole::Small);
    m_say->setObjectName(QStringLiteral("formulaSays"));
    m_say->setWordWrap(true);
    m_say->hide();
    layout->addWidget(m_text);
    layout->addWidget(m_say);
    m_text->installEventFilter(this);
    connect(m_text, &NoteField::textEdited, this, &ConditionFormula::noteTyped);
    connect(m_text, &FormulaText::left, this, &ConditionFormula::leave);
}

ConditionFormula::~ConditionFormula()
{
    delete m_popup;
}

std::string ConditionFormula::text() const
{
    return m_text->toPlainText().toStdString();
}

std::size_t ConditionFormula::cursorByte() const
{
    return m_text->toPlainText().left(m_text->textCursor().position()).toStdString().size();
}

void ConditionFormula::setCondition(const Condition& shown, const Condition& kept,
                                    const std::string& owner, const PolicyDocument& document)
{
    m_document = document;
    // A preview that comes back is the one of what is being typed.
    if (m_isTyping && owner == m_owner && kept == m_kept)
        return;
    m_owner = owner;
    m_kept = kept;
    m_isTyping = false;
    m_isPreviewing = false;
    m_text->setUndoScope(UndoScope::PolicyOnly);
    m_mistake.reset();
    m_typed.reset();
    m_text->setExtraSelections({});
    m_text->setValue(toConditionText(shown));
    closeOffers();
    showHint();
}

void ConditionFormula::focusText(const std::string& path)
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    QTextCursor cursor = m_text->textCursor();
    cursor.select(QTextCursor::Document);
    const std::string written = text();
    const auto reading = readConditionText(written);
    std::vector<std::string> paths;
    collectPaths(m_kept, {}, paths);
    const auto found = std::find(paths.begin(), paths.end(), path);
    const auto index = static_cast<std::size_t>(found - paths.begin());
    if (!m_isTyping && reading && paths.size() > 1 && index < reading->compares.size()) {
        const CompareSpan& span = reading->compares[index];
        cursor.setPosition(static_cast<int>(toPosition(written, span.signal)));
        cursor.setPosition(
            static_cast<int>(toPosition(written, std::max(span.signalEnd, span.valueEnd))),
            QTextCursor::KeepAnchor);
    }
    m_text->setTextCursor(cursor);
    showHint();
}

void ConditionFormula::noteTyped()
{
    m_isTyping = true;
    m_text->setUndoScope(UndoScope::TypingOnly); // it is not taken over yet
    read();
    offer(false);
}

void ConditionFormula::read()
{
    m_typed.reset();
    m_mistake.reset();
    m_text->setExtraSelections({});
    auto reading = readConditionText(text());
    if (!reading)
        m_mistake = reading.error();
    else
        m_mistake = mistakeOfMeaning(*reading, m_document, &m_kept);
    if (m_mistake) {
        // While the next word is being typed, what is missing at the end is no mistake yet.
        const std::size_t end = m_mistake->offset + m_mistake->length;
        const std::string before = text().substr(0, cursorByte());
        showMistake(*m_mistake, before.find_first_not_of(' ', end) != std::string::npos);
        return;
    }
    m_typed = std::move(reading->condition);
    showHint();
    m_isPreviewing = true;
    emit previewed(*m_typed);
}

void ConditionFormula::showMistake(const ConditionMistake& mistake, bool isWhole)
{
    const std::string written = text();
    const auto start = static_cast<int>(toPosition(written, mistake.offset));
    const auto end = static_cast<int>(toPosition(written, mistake.offset + mistake.length));
    if (isWhole && end > start) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = m_text->textCursor();
        mark.cursor.setPosition(start);
        mark.cursor.setPosition(end, QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(Theme::current().colors().negative.ink);
        m_text->setExtraSelections({mark});
    }
    m_say->setText(QString::fromStdString(mistake.message));
    if (isWhole)
        m_say->setTone(Tone::Negative);
    else
        m_say->setMuted(true);
    m_say->show();
    describe();
}

void ConditionFormula::showHint()
{
    m_say->setMuted(true);
    m_say->setText(tr("Enter applies it, Escape leaves it as it was, Ctrl+Space shows what fits."));
    m_say->setVisible(m_text->hasFocus() || m_isTyping);
    describe();
}

/// For those who hear the field: the choice in the list, else what is said below.
void ConditionFormula::describe()
{
    QString words = m_say->isHidden() ? QString() : m_say->text();
    if (m_popup && m_popup->isVisible()) {
        const int item = m_popup->current();
        words = item < 0
                    ? tr("%n completions; the down arrow goes through them.", "", m_popup->count())
                    : tr("Completion %1 of %2: %3")
                          .arg(item + 1)
                          .arg(m_popup->count())
                          .arg(m_popup->texts().at(item));
    }
    if (words == m_text->accessibleDescription())
        return;
    m_text->setAccessibleDescription(words);
    QAccessibleEvent changed(m_text, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
}

void ConditionFormula::commit()
{
    if (!m_isTyping || !m_typed)
        return;
    const Condition typed = *m_typed;
    closeOffers();
    m_isTyping = false;
    m_isPreviewing = false;
    m_text->setUndoScope(UndoScope::PolicyOnly);
    if (typed == m_kept) {
        m_text->setValue(toConditionText(m_kept));
        emit previewEnded();
    } else {
        emit committed(typed);
    }
    showHint();
}

void ConditionFormula::revert()
{
    closeOffers();
    m_isTyping = false;
    m_text->setUndoScope(UndoScope::PolicyOnly);
    m_mistake.reset();
    m_typed.reset();
    m_text->setExtraSelections({});
    m_text->setValue(toConditionText(m_kept));
    if (m_isPreviewing)
        emit previewEnded();
    m_isPreviewing = false;
    showHint();
}

/// Going elsewhere takes over what can be read; what cannot stays as it was typed, and is said.
void ConditionFormula::leave()
{
    closeOffers();
    commit();
    if (m_isPreviewing)
        emit previewEnded();
    m_isPreviewing = false;
    if (m_mistake)
        showMistake(*m_mistake, true);
    else
        showHint();
}

// Completion

QRect ConditionFormula::cursorLine() const
{
    const QRect cursor = m_text->cursorRect();
    return {m_text->viewport()->mapTo(window(), cursor.topLeft()), cursor.size()};
}

/// @param wanted  somebody asked for it; else it comes by itself where it says more than "and"
void ConditionFormula::offer(bool wanted)
{
    m_offers = completeCondition(text(), cursorByte(), m_document);
    const bool isTyped = m_offers.from < cursorByte();
    const bool helps = !m_offers.items.empty() &&
                       (isTyped || m_offers.items.front().kind != ConditionCompletion::Kind::Word);
    if (m_offers.items.empty() || !(wanted || helps)) {
        closeOffers();
        return;
    }
    std::vector<CompletionPopup::Item> items;
    for (const ConditionCompletion& item : m_offers.items)
        items.push_back({QString::fromStdString(item.text), detailOf(item, m_document)});
    if (!m_popup) {
        m_popup = new CompletionPopup(window());
        connect(m_popup, &CompletionPopup::taken, this, &ConditionFormula::take);
    }
    m_popup->showItems(items, cursorLine());
    describe();
}

void ConditionFormula::closeOffers()
{
    if (m_popup && m_popup->isVisible()) {
        m_popup->hide();
        describe();
    }
}

void ConditionFormula::take(int item)
{
    if (item < 0 || item >= static_cast<int>(m_offers.items.size()))
        return;
    const ConditionCompletion& taken = m_offers.items[static_cast<std::size_t>(item)];
    const std::string written = text();
    QTextCursor cursor = m_text->textCursor();
    cursor.setPosition(static_cast<int>(toPosition(written, m_offers.from)));
    cursor.setPosition(static_cast<int>(toPosition(written, m_offers.to)), QTextCursor::KeepAnchor);
    const bool blank = wantsBlank(taken);
    const bool hasBlank = m_offers.to < written.size() && written[m_offers.to] == ' ';
    cursor.insertText(QString::fromStdString(taken.text) +
                      (blank && !hasBlank ? QStringLiteral(" ") : QString()));
    if (blank && hasBlank)
        cursor.movePosition(QTextCursor::NextCharacter);
    m_text->setTextCursor(cursor);
    offer(false);
}

// Keys

bool ConditionFormula::handleKey(int key, Qt::KeyboardModifiers modifiers)
{
    const bool open = m_popup && m_popup->isVisible();
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (open && m_popup->current() >= 0) {
            take(m_popup->current());
        } else if (m_mistake) {
            closeOffers();
            showMistake(*m_mistake, true);
            QTextCursor cursor = m_text->textCursor();
            cursor.setPosition(static_cast<int>(toPosition(text(), m_mistake->offset)));
            m_text->setTextCursor(cursor);
        } else {
            closeOffers();
            commit();
        }
        return true;
    case Qt::Key_Tab:
        // Where nothing is typed and nothing chosen, Tab goes on to the next field.
        if (!open || modifiers != Qt::NoModifier ||
            (m_popup->current() < 0 && m_offers.from == cursorByte()))
            return false;
        take(std::max(m_popup->current(), 0));
        return true;
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (!open)
            return false;
        m_popup->step(key == Qt::Key_Down ? 1 : -1);
        describe();
        return true;
    case Qt::Key_Space:
        if (!(modifiers & Qt::ControlModifier))
            return false;
        offer(true);
        return true;
    case Qt::Key_Escape:
        closeOffers();
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End:
        closeOffers();
        return false;
    default:
        return false;
    }
}

bool ConditionFormula::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_text)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Escape) {
            // The first one closes the list. Else the text is as it was before whoever takes the
            // key takes the keyboard, which would take the text over.
            if (m_popup && m_popup->isVisible()) {
                event->accept();
                return true;
            }
            revert();
        }
    } else if (event->type() == QEvent::KeyPress) {
        const auto* const key = static_cast<QKeyEvent*>(event);
        if (handleKey(key->key(), key->modifiers()))
            return true;
    } else if (event->type() == QEvent::FocusIn) {
        showHint();
    }
    return QWidget::eventFilter(watched, event);
}

void ConditionFormula::hideEvent(QHideEvent* event)
{
    closeOffers();
    QWidget::hideEvent(event);
}

} // namespace signalbox::ui
