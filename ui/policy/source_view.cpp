// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_view.h"

#include <core/base/json.h>
#include <core/policy/policy_json.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>
#include <utility>

namespace signalbox::ui {
namespace {

constexpr int kSettleMs = 250;
constexpr qint64 kThinkingMs = 1'500; ///< between two keys of one step to undo, at most

SourceMark markOf(const Error& error, const std::string& text)
{
    const TextPlace place = findTextPlace(text, error.where).value_or(TextPlace{});
    QString message = QString::fromStdString(error.message);
    if (!error.hint.empty())
        message += QStringLiteral(" – ") + QString::fromStdString(error.hint);
    return {static_cast<int>(place.line), static_cast<int>(place.column), 1, message, true};
}

} // namespace

SourceView::SourceView(PolicyEditor& editor, QWidget* parent) : QWidget(parent), m_editor(editor)
{
    setObjectName(QStringLiteral("sourceView"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_callout = new Callout(Tone::Negative);
    m_callout->setObjectName(QStringLiteral("sourceProblem"));
    m_discard = new QAction(tr("Back to the last good version"), this);
    m_discard->setObjectName(QStringLiteral("discardTyped"));
    m_callout->addAction(m_discard);
    m_callout->hide();
    m_aside = new Callout(Tone::Accent);
    m_aside->setObjectName(QStringLiteral("sourceAside"));
    m_aside->setMessage(Tone::Accent, tr("The text that could not be read was put aside."));
    m_aside->setDismissible(true);
    m_back = new QAction(tr("Bring it back"), this);
    m_back->setObjectName(QStringLiteral("bringBack"));
    m_aside->addAction(m_back);
    setAside({});
    m_text = new CodeEditor(tr("Source of the policy"));
    m_text->setObjectName(QStringLiteral("sourceText"));
    m_text->setLanguage(SourceLanguage::Json);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->installEventFilter(this);
    layout->addWidget(m_callout);
    layout->addWidget(m_aside);
    layout->addWidget(m_text, 1);
    m_settle = new QTimer(this);
    m_settle->setSingleShot(true);
    m_settle->setInterval(kSettleMs);
    connect(m_settle, &QTimer::timeout, this, &SourceView::apply);
    connect(m_text, &QPlainTextEdit::textChanged, this, &SourceView::noteTyping);
    connect(m_discard, &QAction::triggered, this, [this] {
        putAside();
        discardTyped();
        follow();
    });
    connect(m_back, &QAction::triggered, this, &SourceView::bringBack);
    connect(m_aside, &Callout::dismissed, this, [this] { setAside({}); });
    connect(&editor, &PolicyEditor::shownChanged, this, &SourceView::follow);
    connect(&editor, &PolicyEditor::commitRequested, this, &SourceView::applyNow);
    connect(&editor, &PolicyEditor::documentOpened, this, &SourceView::showAnother);
    connect(&editor, &PolicyEditor::closed, this,
            [this](quint64 number) { m_asideOfOthers.erase(number); });
    m_number = editor.current().number();
}

SourceView::~SourceView()
{
    m_editor.setUnreadable({}); // the text goes, and nothing else can be lost with it
    m_editor.setTyped({});
}

void SourceView::discardTyped()
{
    m_settle->stop();
    m_dirty = false;
    setBroken({}, {});
}

/// What a person typed and could not be read is not lost with a click, or with an edit elsewhere.
void SourceView::putAside()
{
    if (!m_broken && !m_settle->isActive()) // what can be read is applied at once
        return;
    QStringList texts = m_asideTexts;
    texts.removeAll(m_text->toPlainText());
    texts << m_text->toPlainText();
    setAside(std::move(texts));
}

/// The actions are in the command palette too: they can be chosen only where they do something.
void SourceView::setAside(QStringList texts)
{
    m_asideTexts = std::move(texts);
    m_aside->setVisible(!m_asideTexts.isEmpty());
    m_back->setEnabled(!m_asideTexts.isEmpty());
    m_back->setVisible(!m_asideTexts.isEmpty());
}

/// What cannot be read in its place now is put aside in turn.
void SourceView::bringBack()
{
    applyNow();
    if (m_asideTexts.isEmpty())
        return;
    QStringList others = m_asideTexts;
    const QString text = others.takeLast();
    setAside(std::move(others));
    putAside();
    m_text->setPlainText(text);
    applyNow();
    focusText();
}

/// Another policy has come to the front, or into the place of the one that was there: with the text
/// that was left in it, if that could not be read.
void SourceView::showAnother()
{
    const auto typed = m_editor.current().typed();
    const quint64 before = std::exchange(m_number, m_editor.current().number());
    if (before != m_number)
        m_asideOfOthers[before] = m_asideTexts;
    discardTyped();
    setAside(before == m_number ? QStringList() // the other policy's
                                : std::exchange(m_asideOfOthers[m_number], {}));
    if (!typed)
        return;
    m_followed = m_editor.document(); // which the text was typed over
    m_behind = false;
    m_setting = true;
    m_text->setPlainText(QString::fromStdString(*typed));
    m_setting = false;
    takeTyping();
    applyNow();
}

void SourceView::follow()
{
    // Its own edits come back as a change of the document; what was typed stays as it was typed.
    if (m_applying)
        return;
    // A preview that comes and goes, or an announcement of what is known: no reason to take away
    // what somebody is typing.
    const bool isKnown = m_followed == m_editor.document();
    if (m_dirty && isKnown)
        return;
    if (!isKnown) // a drag previews with every move
        m_followed = m_editor.document();
    putAside();
    if (!isVisible()) {
        // Nobody looks: the text is made when somebody does. An edit elsewhere wins over text that
        // could not be read.
        m_behind = true;
        m_settle->stop();
        m_dirty = false;
        setBroken({}, {});
        return;
    }
    m_behind = false;
    const QString text = QString::fromStdString(toPolicyText(m_editor.shownDocument()));
    m_settle->stop();
    m_dirty = false;
    m_gesture = 0;
    setBroken({}, {});
    if (text == m_text->toPlainText())
        return;
    m_setting = true;
    const int cursor = m_text->textCursor().position();
    const int scroll = m_text->verticalScrollBar()->value();
    m_text->setPlainText(text);
    QTextCursor place = m_text->textCursor();
    place.setPosition(std::min(cursor, static_cast<int>(text.size())));
    m_text->setTextCursor(place);
    m_text->verticalScrollBar()->setValue(scroll);
    m_lines = m_text->blockCount();
    m_setting = false;
}

void SourceView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_behind)
        follow();
}

void SourceView::noteTyping()
{
    // Other colours of the same text are a change of the document to Qt, too.
    QString text = m_text->toPlainText();
    const bool isSame = text == m_known;
    m_known = std::move(text);
    if (!m_setting && !isSame)
        takeTyping();
}

void SourceView::takeTyping()
{
    m_dirty = true;
    // A step to undo is a line, or what is typed without stopping to think.
    const bool isAnotherLine = std::exchange(m_lines, m_text->blockCount()) != m_text->blockCount();
    const bool wasThinking = !m_lastKey.isValid() || m_lastKey.hasExpired(kThinkingMs);
    if (m_gesture == 0 || isAnotherLine || wasThinking)
        m_gesture = PolicyEditor::newGesture();
    m_lastKey.start();
    m_settle->start();
    applyIfReadable();
}

void SourceView::applyNow()
{
    if (m_settle->isActive()) {
        m_settle->stop();
        apply();
    }
    m_gesture = 0; // the next spell of typing is another step
}

void SourceView::apply()
{
    const std::string text = m_text->toPlainText().toStdString();
    PolicyReading reading = readPolicyText(text);
    if (reading.problems.empty())
        take(std::move(reading));
    else
        setBroken(reading.problems, text);
}

/// Every key that leaves a readable text is seen everywhere at once.
void SourceView::applyIfReadable()
{
    const std::string text = m_text->toPlainText().toStdString();
    PolicyReading reading = readPolicyText(text);
    if (!reading.problems.empty())
        return m_editor.setTyped(text);
    m_settle->stop();
    take(std::move(reading));
}

void SourceView::take(PolicyReading reading)
{
    m_dirty = false;
    setBroken({}, {});
    if (reading.document == m_editor.document())
        return;
    m_applying = true;
    const auto pushed = m_editor.push(ReplaceDocument{std::move(reading.document)}, m_gesture);
    m_applying = false;
    m_followed = m_editor.document();
    if (!pushed) {
        m_dirty = true;
        setBroken({pushed.error()}, m_text->toPlainText().toStdString());
    }
}

void SourceView::setBroken(const std::vector<Error>& problems, const std::string& text)
{
    std::vector<SourceMark> marks;
    for (const Error& problem : problems)
        marks.push_back(markOf(problem, text));
    m_text->setMarks(marks);
    const bool broken = !marks.empty();
    QString sentence;
    if (broken) {
        sentence =
            tr("Line %1: %2").arg(QString::number(marks.front().line), marks.front().message);
        const int more = static_cast<int>(marks.size()) - 1;
        const QString others = more == 0   ? QString()
                               : more == 1 ? tr(" One more problem below.")
                                           : tr(" %n more problems below.", "", more);
        m_callout->setMessage(Tone::Negative,
                              tr("This text cannot be read as a policy, so nothing changes yet."),
                              sentence + others);
    }
    m_callout->setVisible(broken);
    m_discard->setEnabled(broken);
    m_discard->setVisible(broken);
    if (broken != m_broken || broken) {
        m_broken = broken;
        emit brokenChanged(broken, sentence);
    }
    m_editor.setUnreadable(broken ? std::optional(marks.front().line) : std::nullopt);
    m_editor.setTyped(broken ? std::optional(text) : std::nullopt);
}

void SourceView::focusText()
{
    m_text->setFocus(Qt::OtherFocusReason);
    if (!m_text->marks().empty())
        m_text->goTo(m_text->marks().front().line, m_text->marks().front().column);
}

void SourceView::goToPath(const std::string& path)
{
    if (const auto place = findTextPlace(m_text->toPlainText().toStdString(), path))
        m_text->goTo(static_cast<int>(place->line), static_cast<int>(place->column));
}

bool SourceView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_text)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut)
        applyNow();
    if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
        // One undo stack: what is typed and not yet in the document is undone in the text, all else
        // in the document.
        auto* const key = static_cast<QKeyEvent*>(event);
        const bool undo = key->matches(QKeySequence::Undo);
        const bool redo = key->matches(QKeySequence::Redo);
        const bool inText = m_dirty && (m_broken || m_settle->isActive());
        if ((undo || redo) && !inText) {
            if (event->type() == QEvent::KeyPress) {
                applyNow();
                undo ? m_editor.undoStack()->undo() : m_editor.undoStack()->redo();
            } else {
                event->accept();
            }
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace signalbox::ui
