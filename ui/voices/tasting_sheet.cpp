// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasting_sheet.h"

#include "step_buttons.h"

#include <core/tasting/tone_rating.h>
#include <core/voice/tone.h>
#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace signalbox::ui {

namespace {

constexpr int kMostPromptLines = 4;
constexpr int kFewestLines = 3; ///< of an answer
constexpr int kLinesBefore = 6; ///< of a conversation so far; the rest is scrolled to

QString letterOf(std::size_t column)
{
    return QString(QChar(u'A' + static_cast<char16_t>(column)));
}

QString utf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

const ToneAxis* axisOf(const std::string& id)
{
    const auto found = std::ranges::find(toneAxes(), id, &ToneAxis::id);
    return found == toneAxes().end() ? nullptr : &*found;
}

/// Places as they were typed, with or without gaps, as columns from best to worst.
std::vector<std::vector<std::size_t>> orderOf(const std::vector<int>& places)
{
    std::map<int, std::vector<std::size_t>> byPlace;
    for (std::size_t column = 0; column < places.size(); ++column)
        byPlace[places[column]].push_back(column);
    std::vector<std::vector<std::size_t>> order;
    for (const auto& [place, columns] : byPlace)
        order.push_back(columns);
    return order;
}

PlainTextPane* promptPane(const QString& name, QWidget* parent)
{
    auto* const pane = new PlainTextPane(name, parent);
    pane->setFrameShape(QFrame::NoFrame);
    pane->setFont(Theme::font(TextRole::BodyStrong));
    pane->viewport()->setAutoFillBackground(false);
    pane->document()->setDocumentMargin(0); // in line with the answers
    return pane;
}

/// As high as its text, up to some lines, behind which it scrolls.
void fitHeight(PlainTextPane* pane)
{
    const QFontMetrics metrics(pane->font());
    const int width = std::max(1, pane->viewport()->width() - space::kWide);
    const int height =
        metrics
            .boundingRect(QRect(0, 0, width, QWIDGETSIZE_MAX), Qt::TextWordWrap, pane->wholeText())
            .height();
    const int lines = std::clamp((height + metrics.lineSpacing() - 1) / metrics.lineSpacing(), 1,
                                 kMostPromptLines);
    pane->setFixedHeight(lines * metrics.lineSpacing() + space::kWide);
}

} // namespace

TastingSheet::TastingSheet(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Answers without names"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_prompts = new QHBoxLayout;
    m_prompts->setSpacing(space::kWide);
    m_prompt = promptPane(tr("Prompt"), this);
    m_prompt->setObjectName(QStringLiteral("tastingPrompt"));
    m_xPrompt = promptPane(tr("Prompt of X"), this);
    m_xPrompt->setObjectName(QStringLiteral("tastingXPrompt"));
    m_prompts->addWidget(m_prompt, 2);
    m_prompts->addWidget(m_xPrompt, 1);
    layout->addLayout(m_prompts);
    m_layout = new QHBoxLayout;
    m_layout->setSpacing(space::kWide);
    layout->addLayout(m_layout, 1);
    buildFoot();
    watch(m_prompt);
    watch(m_xPrompt);
}

void TastingSheet::buildFoot()
{
    auto* const foot = new QHBoxLayout;
    foot->setSpacing(space::kUnit);
    m_hint = new TextLabel({}, TextRole::Small, this);
    m_hint->setObjectName(QStringLiteral("tastingHint"));
    m_hint->setMuted(true);
    m_hint->setWordWrap(true);
    foot->addWidget(m_hint, 1);
    const auto add = [&](const QString& text, const QString& name, const QString& keys) {
        auto* const button = new QPushButton(text, this);
        button->setObjectName(name);
        button->setToolTip(keys);
        foot->addWidget(button);
        watch(button);
        return button;
    };
    m_back = add(tr("Take back"), QStringLiteral("tastingBack"), tr("Backspace"));
    m_skip = add(tr("Skip"), QStringLiteral("tastingSkip"), tr("S: it comes again at the end"));
    m_isFirst = add(tr("X is by A"), QStringLiteral("tastingIsFirst"), tr("1 or A"));
    m_isSecond = add(tr("X is by B"), QStringLiteral("tastingIsSecond"), tr("2 or B"));
    m_next = add(tr("Next"), QStringLiteral("tastingNext"), tr("Enter"));
    setButtonKind(m_next, ButtonKind::Primary);
    static_cast<QVBoxLayout*>(layout())->addLayout(foot);
    connect(m_back, &QPushButton::clicked, this, [this] { takeBack(); });
    connect(m_skip, &QPushButton::clicked, this, &TastingSheet::skipRequested);
    connect(m_next, &QPushButton::clicked, this, [this] { goOn(); });
    connect(m_isFirst, &QPushButton::clicked, this, [this] { emit saidX(true); });
    connect(m_isSecond, &QPushButton::clicked, this, [this] { emit saidX(false); });
}

void TastingSheet::watch(QWidget* widget)
{
    widget->installEventFilter(this);
}

/// @param places  0: they are not asked for
void TastingSheet::addColumn(const QString& letter, int places)
{
    Column column;
    column.letter = letter;
    column.frame = new QWidget(this);
    auto* const layout = new QVBoxLayout(column.frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* const head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    head->addWidget(new TextLabel(letter, TextRole::Heading, column.frame));
    column.asked = new TextLabel(tr("which place?", "of an answer"), TextRole::Small, column.frame);
    column.asked->setTone(Tone::Accent);
    head->addWidget(column.asked);
    head->addStretch(1);
    if (places > 0) {
        column.place = new StepButtons(
            places, [&](int place) { return tr("Answer %1: place %2").arg(letter).arg(place); },
            column.frame);
        column.place->setObjectName(QStringLiteral("place.") + letter);
        column.place->setReachedByTab(false);
        head->addWidget(column.place);
    }
    layout->addLayout(head);
    column.before =
        new PlainTextPane(tr("Conversation before answer %1").arg(letter), column.frame);
    column.before->setObjectName(QStringLiteral("before.") + letter);
    column.before->setForm(TextForm::Rendered);
    column.before->setFont(Theme::font(TextRole::Small));
    column.before->setFixedHeight(kLinesBefore * column.before->fontMetrics().lineSpacing() +
                                  space::kUnit);
    column.before->viewport()->setAutoFillBackground(false); // it is no answer: no card
    column.before->hide();
    watch(column.before);
    layout->addWidget(column.before);
    column.text = new PlainTextPane(tr("Answer %1").arg(letter), column.frame);
    column.text->setForm(TextForm::Rendered);
    column.text->setObjectName(QStringLiteral("tasted.") + letter);
    column.text->setCursorWidth(0); // nothing is typed into it, digits are places
    column.text->setMinimumHeight(kFewestLines * column.text->fontMetrics().lineSpacing());
    auto* const card = new Card(column.frame);
    card->setContent(column.text);
    layout->addWidget(card, 1);
    addRatings(column);
    m_layout->addWidget(column.frame, 1);
    watch(column.text);
    connect(column.text->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this, pane = column.text] { scrollTogether(pane); });
    if (column.place)
        connect(column.place, &StepButtons::chosen, this,
                [this, index = m_columns.size()](int place) { setPlace(index, place); });
    m_columns.push_back(column);
}

void TastingSheet::addRatings(Column& column)
{
    for (const std::string& id : m_axes) {
        const ToneAxis* const axis = axisOf(id);
        if (!axis)
            continue;
        auto* const line = new QHBoxLayout;
        line->setSpacing(space::kHalf);
        const auto end = [&](std::string_view word, Qt::Alignment alignment) {
            auto* const label = new ElidedLabel(utf8(word), TextRole::Small, column.frame);
            label->setMuted(true);
            label->setAlignment(alignment | Qt::AlignVCenter);
            line->addWidget(label, 1);
        };
        end(axis->low, Qt::AlignRight);
        auto* const steps = new StepButtons(
            kHighestRating,
            [&](int step) {
                return tr("Answer %1, %2 to %3: %4 of %5")
                    .arg(column.letter, utf8(axis->low), utf8(axis->high))
                    .arg(step)
                    .arg(kHighestRating);
            },
            column.frame);
        steps->setObjectName(QStringLiteral("rating.%1.%2").arg(column.letter, utf8(axis->id)));
        steps->setReachedByTab(true);
        line->addWidget(steps);
        end(axis->high, Qt::AlignLeft);
        static_cast<QVBoxLayout*>(column.frame->layout())->addLayout(line);
        for (QWidget* const button : steps->findChildren<QWidget*>())
            watch(button);
        column.ratings.push_back(steps);
    }
}

void TastingSheet::rebuild(Mode mode, std::size_t columns, const std::vector<std::string>& axes)
{
    if (mode == m_mode && columns == m_columns.size() && axes == m_axes)
        return;
    for (const Column& column : m_columns)
        delete column.frame;
    m_columns.clear();
    m_mode = mode;
    m_axes = axes;
    const bool isOrder = mode == Mode::Order;
    for (std::size_t column = 0; column < columns; ++column)
        addColumn(!isOrder && column == 2 ? tr("X", "the answer that is asked about")
                                          : letterOf(column),
                  isOrder ? static_cast<int>(columns) : 0);
    m_xPrompt->setVisible(!isOrder);
    m_next->setVisible(isOrder);
    m_isFirst->setVisible(!isOrder);
    m_isSecond->setVisible(!isOrder);
    QWidget* before = m_xPrompt;
    for (const Column& column : m_columns) {
        setTabOrder(before, column.text);
        before = column.text;
    }
}

void TastingSheet::askOrder(const QString& prompt, const std::vector<TastedAnswer>& answers,
                            const std::vector<std::string>& axes)
{
    rebuild(Mode::Order, answers.size(), axes);
    m_prompt->setWholeText(prompt);
    fill(answers);
}

void TastingSheet::askX(const QString& prompt, const TastedAnswer& first,
                        const TastedAnswer& second, const QString& xPrompt, const TastedAnswer& x)
{
    rebuild(Mode::X, 3, {});
    m_prompt->setWholeText(prompt);
    m_xPrompt->setWholeText(xPrompt);
    fill({first, second, x});
}

void TastingSheet::fill(const std::vector<TastedAnswer>& answers)
{
    m_given.clear();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        Column& column = m_columns[i];
        column.before->setWholeText(answers[i].before);
        column.before->setVisible(!answers[i].before.isEmpty());
        column.before->verticalScrollBar()->setValue(column.before->verticalScrollBar()->maximum());
        column.text->setWholeText(answers[i].text);
        column.text->flush();
        column.text->moveCursor(QTextCursor::Start);
        column.text->verticalScrollBar()->setValue(0);
        if (column.place)
            column.place->setValue(0);
        for (StepButtons* const rating : column.ratings)
            rating->setValue(0);
    }
    fitPrompts();
    refresh();
    goTo(0);
}

void TastingSheet::fitPrompts()
{
    fitHeight(m_prompt);
    fitHeight(m_xPrompt);
}

void TastingSheet::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitPrompts();
}

/// By the share that was scrolled, so that all of them are at their ends together.
void TastingSheet::scrollTogether(const PlainTextPane* moved)
{
    if (std::exchange(m_isScrolling, true))
        return;
    const QScrollBar* const from = moved->verticalScrollBar();
    const double share =
        from->maximum() > 0 ? double(from->value()) / static_cast<double>(from->maximum()) : 0;
    for (const Column& column : m_columns) {
        QScrollBar* const bar = column.text->verticalScrollBar();
        if (column.text != moved && from->maximum() > 0)
            bar->setValue(static_cast<int>(std::lround(share * bar->maximum())));
    }
    m_isScrolling = false;
}

void TastingSheet::setPossible(bool takeBack, bool skip)
{
    m_back->setProperty("votes", takeBack);
    m_skip->setEnabled(skip);
    refresh();
}

std::vector<int> TastingSheet::places() const
{
    std::vector<int> places;
    for (const Column& column : m_columns)
        places.push_back(column.place ? column.place->value() : 0);
    return places;
}

void TastingSheet::takeFocus()
{
    goTo(currentColumn());
}

bool TastingSheet::eventFilter(QObject* watched, QEvent* event)
{
    const bool isOverride = event->type() == QEvent::ShortcutOverride;
    if (event->type() == QEvent::FocusIn)
        markCurrent();
    if (isOverride || event->type() == QEvent::KeyPress) {
        const auto& key = *static_cast<const QKeyEvent*>(event);
        const bool isPlain = (key.modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
        if (isOverride && isPlain && key.key() == Qt::Key_Escape) {
            event->accept(); // leaving is meant, not what the window may do with the key
            return true;
        }
        if (!isOverride && isPlain && handleKey(key))
            return true;
    }
    return QWidget::eventFilter(watched, event);
}

void TastingSheet::keyPressEvent(QKeyEvent* event)
{
    const bool isPlain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (!isPlain || !handleKey(*event))
        QWidget::keyPressEvent(event);
}

bool TastingSheet::handleKey(const QKeyEvent& event)
{
    const int key = event.key();
    const bool isButton = qobject_cast<QPushButton*>(focusWidget()) != nullptr;
    if (key >= Qt::Key_0 && key <= Qt::Key_9)
        return handleNumber(key - Qt::Key_0);
    switch (key) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (focusedRating() || isButton)
            return false;
        goTo(currentColumn() + (key == Qt::Key_Left ? -1 : 1));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (isButton || m_mode != Mode::Order)
            return false;
        goOn();
        return true;
    case Qt::Key_Backspace:
        takeBack();
        return true;
    case Qt::Key_S:
        if (m_skip->isEnabled())
            emit skipRequested();
        return true;
    case Qt::Key_Escape:
        emit leaveRequested();
        return true;
    default:
        break;
    }
    const int column = key - Qt::Key_A;
    if (column < 0 || column >= static_cast<int>(m_mode == Mode::X ? 2 : m_columns.size()))
        return false;
    if (m_mode == Mode::X)
        emit saidX(column == 0);
    else
        goTo(column);
    return true;
}

bool TastingSheet::handleNumber(int number)
{
    if (m_mode == Mode::X) {
        if (number == 1 || number == 2)
            emit saidX(number == 1);
        return true;
    }
    if (StepButtons* const rating = focusedRating()) {
        if (number <= kHighestRating)
            rating->setValue(number);
        return true;
    }
    if (number > static_cast<int>(m_columns.size())) {
        m_hint->setText(tr("The places here are 1 to %1.").arg(m_columns.size()));
        return true;
    }
    setPlace(static_cast<std::size_t>(currentColumn()), number);
    return true;
}

/// That of the pane that has the focus; else the first one without a place.
int TastingSheet::currentColumn() const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_columns[i].text->hasFocus())
            return static_cast<int>(i);
    }
    const std::vector<int> given = places();
    const auto open = std::ranges::find(given, 0);
    return open == given.end() ? 0 : static_cast<int>(open - given.begin());
}

StepButtons* TastingSheet::focusedRating() const
{
    for (const Column& column : m_columns) {
        for (StepButtons* const rating : column.ratings) {
            if (rating->isAncestorOf(focusWidget()))
                return rating;
        }
    }
    return nullptr;
}

/// What a number that is typed now would be the place of.
void TastingSheet::markCurrent()
{
    const int current = currentColumn();
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        m_columns[i].asked->setVisible(m_columns[i].place && !focusedRating() &&
                                       static_cast<int>(i) == current);
}

void TastingSheet::setPlace(std::size_t column, int place)
{
    std::erase(m_given, column);
    if (place > 0)
        m_given.push_back(column);
    m_columns[column].place->setValue(place);
    refresh();
    if (place > 0)
        goToNextOpen(column);
}

void TastingSheet::goToNextOpen(std::size_t column)
{
    for (std::size_t step = 1; step <= m_columns.size(); ++step) {
        const std::size_t next = (column + step) % m_columns.size();
        if (m_columns[next].place->value() == 0) {
            goTo(static_cast<int>(next));
            return;
        }
    }
}

void TastingSheet::goTo(int column)
{
    if (column >= 0 && column < static_cast<int>(m_columns.size()))
        m_columns[static_cast<std::size_t>(column)].text->setFocus(Qt::TabFocusReason);
}

QString TastingSheet::whatIsMissing() const
{
    for (const Column& column : m_columns) {
        if (column.place && column.place->value() == 0)
            return tr("Answer %1 has no place yet.").arg(column.letter);
    }
    return {};
}

void TastingSheet::goOn()
{
    if (const QString missing = whatIsMissing(); !missing.isEmpty()) {
        m_hint->setText(missing);
        goToNextOpen(m_columns.size() - 1);
        return;
    }
    std::vector<std::vector<int>> ratings;
    for (const Column& column : m_columns) {
        std::vector<int>& given = ratings.emplace_back();
        for (const StepButtons* const rating : column.ratings)
            given.push_back(rating->value());
    }
    emit ordered(orderOf(places()), ratings);
}

/// The last place of this sheet; without one, the vote before.
void TastingSheet::takeBack()
{
    if (m_given.empty()) {
        if (m_back->property("votes").toBool())
            emit takeBackRequested();
        return;
    }
    const std::size_t column = m_given.back();
    setPlace(column, 0);
    goTo(static_cast<int>(column));
}

void TastingSheet::refresh()
{
    const bool isOrder = m_mode == Mode::Order;
    markCurrent();
    m_back->setEnabled(!m_given.empty() || m_back->property("votes").toBool());
    m_next->setEnabled(isOrder && whatIsMissing().isEmpty());
    for (const Column& column : m_columns) {
        if (!column.place)
            continue;
        const int place = column.place->value();
        column.text->setAccessibleName(
            place == 0 ? tr("Answer %1").arg(column.letter)
                       : tr("Answer %1, place %2").arg(column.letter).arg(place));
    }
    m_hint->setText(
        isOrder
            ? tr("Type each answer's place, from left to right: 1 is the best, equal numbers are a "
                 "tie. Arrows or letters go to a column, Enter goes on, Backspace takes back, S "
                 "skips, Esc leaves.")
            : tr("A and B answer the same prompt. X answers another one and is by the writer of A "
                 "or of B: type 1 for A, 2 for B. Backspace takes back, S skips, Esc leaves."));
}

} // namespace signalbox::ui
