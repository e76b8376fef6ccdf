// SPDX-License-Identifier: GPL-3.0-or-later
#include "focus_view.h"

#include "answer_delegate.h"
#include "answer_facts.h"
#include "facts_line.h"
#include "model_header.h"
#include "prompt_column.h"

#include <core/lab/conversation.h>
#include <core/lab/policy_column.h>
#include <core/voice/paragraph_alignment.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/route_words.h>

#include <QAbstractButton>
#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTextBlock>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <optional>

namespace signalbox::ui {

namespace {

constexpr int kFewestLines = 3; ///< of an answer
constexpr int kStarPx = 20;
constexpr int kLinesBefore = 3; ///< of a conversation so far; the rest is scrolled to
constexpr std::size_t kMostCompared = 200'000; ///< bytes of two answers
constexpr int kMostRemovedWords = 12; ///< of a phrase that is told in full; its column has it all
constexpr int kRemovedWords = 6;      ///< that are told of a longer one
constexpr int kSpokenPhrases = 8;

QString textIn(const TextSpan& span, const std::string& text)
{
    const std::string_view part = span.of(text);
    return QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
}

/// What an answer leaves out, on one line, so that the answer keeps its own paragraphs.
QString removedText(const PhraseChange& change, const std::string& from)
{
    const QString whole = textIn(change.from, from);
    QString text = whole.simplified();
    if (change.words > kMostRemovedWords)
        text = FocusView::tr("%1 \u2026 (%n word(s))", "beginning of a phrase", change.words)
                   .arg(text.section(QLatin1Char(' '), 0, kRemovedWords - 1));
    if (text.isEmpty())
        return {};
    return (whole.front().isSpace() ? QStringLiteral(" ") : QString()) + text + QLatin1Char(' ');
}

std::vector<TextPiece> piecesOf(const PhraseDifference& difference, const std::string& from,
                                const std::string& to)
{
    std::vector<TextPiece> pieces;
    for (const PhraseChange& change : difference.changes) {
        switch (change.kind) {
        case PhraseChange::Kind::Same:
            pieces.push_back({textIn(change.to, to), TextPiece::Mark::Plain});
            break;
        case PhraseChange::Kind::Added:
            pieces.push_back({textIn(change.to, to), TextPiece::Mark::Added});
            break;
        case PhraseChange::Kind::Removed:
            pieces.push_back({removedText(change, from), TextPiece::Mark::Removed});
            break;
        }
    }
    return pieces;
}

/// For those who cannot see the marks: the first phrases.
QString spokenDifference(const PhraseDifference& difference, const std::string& from,
                         const std::string& to)
{
    QStringList sentences;
    for (const PhraseChange& change : difference.changes) {
        if (change.kind == PhraseChange::Kind::Same || change.words == 0)
            continue;
        if (sentences.size() == kSpokenPhrases)
            break;
        sentences
            << (change.kind == PhraseChange::Kind::Added
                    ? FocusView::tr("Says \u201c%1\u201d.").arg(textIn(change.to, to).simplified())
                    : FocusView::tr("Leaves out \u201c%1\u201d.")
                          .arg(removedText(change, from).simplified()));
    }
    return sentences.join(QLatin1Char(' '));
}

std::optional<double> usdOf(const LabSession& session, const CellId& id)
{
    const auto cost = session.costOf(id);
    return cost ? std::optional(cost->usd()) : std::nullopt;
}

/// What the facts of a done answer mean, in whole sentences.
QString meaningOf(const LabSession& session, const CellId& id)
{
    const Cell& cell = session.run().cell(id);
    if (cell.state != CellState::Done)
        return {};
    QStringList lines;
    if (const QString odd = oddEndMeaning(cell); !odd.isEmpty())
        lines << odd;
    lines << (cell.answer.reused ? answerFacts::reusedMeaning()
                                 : answerFacts::costMeaning(usdOf(session, id)));
    if (cell.answer.firstTokenMs)
        lines << answerFacts::firstTokenMeaning(*cell.answer.firstTokenMs);
    if (cell.answer.outputTokens)
        lines << answerFacts::tokensMeaning(*cell.answer.outputTokens, cell.answer.tokensEstimated);
    if (const auto route = parseRoute(cell.answer.route))
        lines << withVisibleControls(routeMeaning(*route));
    if (cell.answer.satisfied)
        lines << answerFacts::outcomeMeaning(*cell.answer.satisfied);
    return lines.join(QLatin1Char('\n'));
}

/// The most important first: narrow columns lose the others. A done answer needs no word for it.
/// @param length  of the facts that the table tells, too; never the table's shortest
FactsLine::Wording factsOf(const LabSession& session, const CellId& id, answerFacts::Length length)
{
    const Cell& cell = session.run().cell(id);
    if (cell.state != CellState::Done) {
        const QString name = cellStateText(cell);
        const QString status = QString::fromStdString(cell.status);
        if (status.isEmpty() || status.startsWith(name)) // "waiting 12 s: …"
            return {{}, {status.isEmpty() ? name : status}, {}};
        return {{}, {name, status}, {}};
    }
    FactsLine::Wording wording;
    for (const QString& odd : {failedSampleText(session.run(), id), oddEndText(cell)}) {
        if (!odd.isEmpty())
            wording.first << odd;
    }
    const auto size = session.sizeOf(id);
    const Answer& answer = cell.answer;
    const auto route = parseRoute(answer.route);
    wording.facts = {
        answerFacts::words(size ? std::optional(size->words) : std::nullopt, length),
        answer.reused ? answerFacts::reused() : answerFacts::cost(usdOf(session, id), length),
        answer.firstTokenMs ? answerFacts::firstToken(*answer.firstTokenMs, length) : QString(),
        answer.outputTokens
            ? answerFacts::tokens(*answer.outputTokens, answer.tokensEstimated, length)
            : QString(),
        answer.satisfied ? answerFacts::outcome(*answer.satisfied) : QString(),
        size ? FocusView::tr("%n sentence(s)", nullptr, size->sentences) : QString(),
        route ? routeText(*route) : QString()};
    wording.widest = {answerFacts::words(888, length),
                      answerFacts::cost(0.000088, length),
                      answerFacts::firstToken(888, length),
                      answerFacts::tokens(888, true, length),
                      answerFacts::outcome(1),
                      FocusView::tr("%n sentence(s)", nullptr, 88)};
    return wording;
}

} // namespace

/// The room of one model: a line parts it from the next, and another its head from its answer.
class FocusColumn : public QWidget
{
public:
    explicit FocusColumn(QWidget* parent) : QWidget(parent)
    {
        auto* const rows = new QVBoxLayout(this);
        rows->setContentsMargins(0, 0, kLinePx, 0);
        rows->setSpacing(0);
    }
    void setAnswer(QWidget* answer)
    {
        m_answer = answer;
        layout()->addWidget(answer);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const ThemeColors& colors = Theme::current().colors();
        const QRect line(width() - kLinePx, 0, kLinePx, height());
        painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), line), colors.line);
        painter.fillRect(0, m_answer->y() - kLinePx, width(), kLinePx, colors.line);
    }

private:
    static constexpr int kLinePx = 1;
    QWidget* m_answer = nullptr;
};

/// The star of one answer: full or hollow.
class StarButton : public QAbstractButton
{
public:
    explicit StarButton(QWidget* parent) : QAbstractButton(parent)
    {
        setCheckable(true);
        setFixedSize(kStarPx, kStarPx);
        setFocusPolicy(Qt::TabFocus);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        paintStar(painter, rect().adjusted(2, 2, -2, -2), isChecked());
        if (!hasFocus())
            return;
        painter.setPen(QPen(Theme::current().colors().focus, 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
};

FocusView::FocusView(LabSession& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    setObjectName(QStringLiteral("focus"));
    setAccessibleName(tr("One prompt, every answer"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_answers = new QWidget(this);
    m_columns = new QHBoxLayout(m_answers);
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_columns->setSpacing(0);
    m_columns->addStretch(); // the columns of models come before it
    m_prompt = new PromptColumn(this);
    m_prompt->setFixedWidth(ModelHeader::kPromptWidthPx);
    connect(m_prompt, &PromptColumn::formChosen, this, &FocusView::formChosen);
    layout->addWidget(m_prompt->foldedLine());
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_answers);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_answers->setAutoFillBackground(false);
    auto* const beside = new QHBoxLayout; // the prompt stays, the answers are scrolled
    beside->setSpacing(0);
    beside->addWidget(m_prompt);
    beside->addWidget(m_scroll, 1);
    layout->addLayout(beside, 1);
    m_fill.setInterval(0);
    connect(&m_fill, &QTimer::timeout, this, [this] { fillNext(); });
    rebuild();
    connect(&session, &LabSession::wasReset, this, [this] { rebuild(); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this, [this] {
        for (std::size_t model = 0; model < m_shown.size(); ++model)
            refreshMark(model);
    });
    connect(&session, &LabSession::textAppended, this,
            [this](const CellId& id, const QString& text) {
                if (id.sample != 0 || static_cast<int>(id.prompt) != m_row)
                    return;
                const QScopedValueRollback filling(m_isFilling, true);
                m_beside.clear();
                m_shown[id.model].text->append(text);
            });
    connect(&session, &LabSession::cellChanged, this, [this](const CellId& id) {
        if (static_cast<int>(id.prompt) != m_row) {
            noteEarlierTurn(id);
            return;
        }
        if (id.sample == 0)
            refreshText(id);
        refreshFacts(id.model);
    });
    const auto refreshAll = [this] {
        for (std::size_t model = 0; m_row >= 0 && model < m_shown.size(); ++model)
            refreshFacts(model);
    };
    connect(&session, &LabSession::costsChanged, this, refreshAll);
    connect(&session, &LabSession::answersCounted, this, refreshAll);
}

bool FocusView::areAllSimulated() const
{
    return std::ranges::all_of(m_session.models(), [this](const ModelSpec& model) {
        return m_session.isSimulated(model);
    });
}

void FocusView::setForm(TextForm form)
{
    m_form = form;
    m_prompt->setForm(form);
    const QScopedValueRollback filling(m_isFilling, true);
    m_beside.clear();
    for (const Column& column : m_shown) {
        column.text->setForm(form);
        column.before->setForm(form);
    }
}

void FocusView::refreshMark(std::size_t model)
{
    const ModelSpec& spec = m_session.models()[model];
    const QIcon mark =
        isPolicyColumn(spec) ? icon(Icon::Policy) : modelIcon(m_session.policyIndexOf(spec.id));
    m_shown[model].mark->setPixmap(mark.pixmap(kModelMarkPx, kModelMarkPx));
}

/// What was not streamed, such as the answer of an interrupted run, or the one that stays when a
/// repeat fails, is there at once when the cell is done.
void FocusView::refreshText(const CellId& id)
{
    const Cell& cell = m_session.run().cell(id);
    PlainTextPane* pane = m_shown[id.model].text;
    const QScopedValueRollback filling(m_isFilling, true);
    m_beside.clear();
    if (m_reference >= 0) {
        compareAll(); // the reference itself may have changed
        return;
    }
    if (cell.answer.text.empty())
        pane->clearText(); // it starts anew
    if (cell.state != CellState::Done)
        return;
    if (const QString whole = QString::fromStdString(cell.answer.text); pane->wholeText() != whole)
        pane->setWholeText(whole);
    showFromTop(id.model);
}

/// While an answer is written its pane follows the end; when it is done all panes start alike,
/// unless somebody reads in this one.
void FocusView::showFromTop(std::size_t model)
{
    PlainTextPane* pane = m_shown[model].text;
    pane->flush();
    if (!pane->hasFocus() && pane->followsEnd())
        pane->verticalScrollBar()->setValue(0);
}

CellId FocusView::cellOf(std::size_t model) const
{
    return {static_cast<std::size_t>(m_row), model, 0};
}

FocusView::Column FocusView::makeColumn(std::size_t model)
{
    const ModelSpec& spec = m_session.models()[model];
    const QString name = columnName(spec);
    const QString id = QString::fromStdString(spec.id.value);
    Column column;
    auto* const frame = new FocusColumn(m_answers);
    column.frame = frame;
    column.frame->setMinimumWidth(ModelHeader::kLeastWidthPx);
    auto* layout = static_cast<QVBoxLayout*>(frame->layout());
    layout->addWidget(makeHead(column, model));
    column.before = new PlainTextPane(tr("Conversation with %1 so far").arg(name), column.frame);
    column.before->setObjectName(QStringLiteral("before.") + id);
    column.before->setFont(Theme::font(TextRole::Small));
    column.before->setFixedHeight(kLinesBefore * column.before->fontMetrics().lineSpacing() +
                                  space::kUnit);
    column.before->setFrameShape(QFrame::NoFrame);
    column.before->viewport()->setAutoFillBackground(false); // it is no answer: no card
    column.before->hide();
    column.before->setForm(m_form);
    layout->addWidget(column.before);
    column.text = new PlainTextPane(tr("Answer of %1").arg(name), column.frame);
    column.text->setObjectName(QStringLiteral("answer.") + id);
    column.text->setForm(m_form);
    column.text->setMinimumHeight(kFewestLines * column.text->fontMetrics().lineSpacing());
    frame->setAnswer(column.text);
    layout->setStretchFactor(column.text, 1);
    m_columns->insertWidget(m_columns->count() - 1, column.frame, 1);
    column.text->setSought(m_sought);
    connect(column.text->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this, model] { scrollOthers(model); });
    return column;
}

/// Whose answer it is, and what can be done with it.
QWidget* FocusView::makeHead(Column& column, std::size_t model)
{
    const ModelSpec& spec = m_session.models()[model];
    const QString name = columnName(spec);
    const QString id = QString::fromStdString(spec.id.value);
    auto* parts = new QWidget(column.frame);
    column.head = parts;
    auto* rows = new QVBoxLayout(parts);
    rows->setSpacing(0);
    auto* head = new QHBoxLayout;
    column.headRow = head;
    head->setSpacing(space::kHalf);
    column.mark = new QLabel(parts);
    head->addWidget(column.mark);
    head->addSpacing(space::kHalf);
    auto* const title = new ElidedLabel(name, TextRole::BodyStrong, parts);
    title->setElideMode(Qt::ElideMiddle); // as in the table's head
    head->addWidget(title, 1);
    column.reference =
        new Badge(tr("reference", "the answer that others are compared with"), Tone::Accent, parts);
    column.reference->hide();
    head->addWidget(column.reference);
    if (m_session.isSimulated(spec) && !areAllSimulated())
        head->addWidget(Badge::simulated(parts));
    column.star = new StarButton(parts);
    column.star->setObjectName(QStringLiteral("star.") + id);
    column.star->setAccessibleName(tr("Star of %1", "a model").arg(name));
    column.star->setToolTip(tr("Star this answer (S)"));
    connect(column.star, &QAbstractButton::clicked, this,
            [this, model] { emit starRequested(cellOf(model)); });
    head->addWidget(column.star);
    column.retry = new IconButton(Icon::Retry, tr("Ask %1 again").arg(name), parts);
    connect(column.retry, &QAbstractButton::clicked, this,
            [this, model] { m_session.rerun(cellOf(model)); });
    head->addWidget(column.retry);
    column.more = new IconButton(Icon::More, tr("More for %1", "a model").arg(name), parts);
    column.more->setObjectName(QStringLiteral("more.") + id);
    connect(column.more, &QAbstractButton::clicked, this, [this, model] { openMenu(model); });
    head->addWidget(column.more);
    rows->addLayout(head);
    column.facts =
        new FactsLine(parts); // a line of its own: words and cost have room in any column
    column.facts->setObjectName(QStringLiteral("facts.") + id);
    rows->addWidget(column.facts);
    column.note = new ElidedLabel({}, TextRole::Small, parts);
    column.note->setObjectName(QStringLiteral("note.") + id);
    column.note->hide();
    rows->addWidget(column.note);
    return parts;
}

/// The keys are those of the matrix.
void FocusView::openMenu(std::size_t model)
{
    const int number = static_cast<int>(model);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QString& text, QLatin1String key, auto run) {
        connect(menu->addAction(text + QLatin1Char('\t') + key), &QAction::triggered, this, run);
    };
    add(tr("Note\u2026"), QLatin1String("N"), [this, model] { emit noteRequested(cellOf(model)); });
    add(m_reference == number ? tr("Stop comparing") : tr("Compare the others with this answer"),
        QLatin1String("R"), [this, number] { setReference(number); });
    add(m_alone == number ? tr("Show all answers") : tr("Show this answer alone"),
        QLatin1String("M"), [this, number] { setAlone(number); });
    if (m_row >= 0 && m_session.run().cell(cellOf(model)).state == CellState::Done &&
        !m_session.shownRun())
        add(tr("Ask this model again"), QLatin1String("F5"),
            [this, model] { m_session.rerun(cellOf(model)); });
    const IconButton* const button = m_shown[model].more;
    menu->popup(button->mapToGlobal(QPoint(0, button->height())));
}

void FocusView::rebuild()
{
    for (const Column& column : m_shown)
        delete column.frame;
    m_shown.clear();
    m_unfilled.clear();
    m_beside.clear();
    m_reference = -1;
    if (m_alone >= 0)
        setAlone(-1);
    m_prompt->setSimulated(!m_session.models().empty() && areAllSimulated());
    for (std::size_t model = 0; model < m_session.models().size(); ++model) {
        m_shown.push_back(makeColumn(model));
        refreshMark(model);
    }
    alignColumns();
    keepHeadsInSight();
    // A scroll area would give way to any height; the answers are to keep their fewest lines.
    m_columns->activate();
    m_scroll->setMinimumHeight(m_columns->minimumSize().height());
    m_row = m_session.prompts().empty() ? -1 : 0;
    refill();
}

void FocusView::setFoldAction(QAction* action)
{
    m_prompt->setFoldAction(action);
}

void FocusView::setFolded(bool folded)
{
    const QWidget* const focused = QApplication::focusWidget();
    const bool hadKeyboard = focused && isAncestorOf(focused);
    m_scroll->setVisible(!folded);
    m_prompt->setVisible(!folded);
    m_prompt->foldedLine()->setVisible(folded);
    setMaximumHeight(folded ? minimumSizeHint().height() : QWIDGETSIZE_MAX);
    if (hadKeyboard) // what has the keyboard went
        m_prompt->takeKeyboard(folded);
}

void FocusView::standBelow(QTableView* table)
{
    m_table = table;
    m_table->viewport()->installEventFilter(this);
    const QHeaderView* const header = table->horizontalHeader();
    connect(header, &QHeaderView::sectionResized, this, &FocusView::alignColumns);
    connect(header, &QHeaderView::sectionCountChanged, this, &FocusView::alignColumns);
    QScrollBar* const theirs = table->horizontalScrollBar();
    QScrollBar* const own = m_scroll->horizontalScrollBar();
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // that of the table is for both
    connect(theirs, &QScrollBar::valueChanged, own, &QScrollBar::setValue);
    connect(own, &QScrollBar::rangeChanged, this,
            [own, theirs] { own->setValue(theirs->value()); });
    connect(own, &QScrollBar::valueChanged, this, [this, own, theirs](int value) {
        if (own->maximum() == theirs->maximum()) // else one of them is yet to follow a new width
            theirs->setValue(value);
        keepHeadsInSight();
    });
    alignColumns();
}

/// Its scroll bar takes room from the columns, and gives it back.
bool FocusView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        alignColumns();
    return QWidget::eventFilter(watched, event);
}

/// Each answer stands below the column of its model. One that is shown alone has the room of all.
void FocusView::alignColumns()
{
    if (!m_table)
        return;
    const QHeaderView* const header = m_table->horizontalHeader();
    const bool isAlone = m_alone >= 0;
    const int beside = isAlone ? 0 : std::max(0, m_table->width() - m_table->viewport()->width());
    const bool isTurned = layoutDirection() == Qt::RightToLeft;
    layout()->setContentsMargins(isTurned ? beside : 0, 0, isTurned ? 0 : beside, 0);
    if (header->count() > 0)
        m_prompt->setFixedWidth(header->sectionSize(0));
    for (std::size_t model = 0; model < m_shown.size(); ++model) {
        const int section = static_cast<int>(model) + 1;
        QWidget* const frame = m_shown[model].frame;
        if (isAlone || section >= header->count()) {
            frame->setMinimumWidth(ModelHeader::kLeastWidthPx);
            frame->setMaximumWidth(QWIDGETSIZE_MAX);
        } else {
            frame->setFixedWidth(header->sectionSize(section));
        }
    }
    keepHeadsInSight();
}

/// Of a column that is half behind the prompts, whose answer it is stays beside them.
void FocusView::keepHeadsInSight()
{
    const bool isTurned = layoutDirection() == Qt::RightToLeft;
    int behind = m_alone < 0 ? m_scroll->horizontalScrollBar()->value() : 0;
    for (const Column& column : m_shown) {
        const int width = column.frame->width();
        // In line with the head of the table's column, and with the texts of its cells.
        constexpr int kBefore = space::kUnit;
        constexpr int kAfter = space::kHalf;
        const int least = kBefore + column.headRow->minimumSize().width() + kAfter;
        const int before = kBefore + std::clamp(behind, 0, std::max(0, width - least));
        behind -= width;
        column.head->layout()->setContentsMargins(isTurned ? kAfter : before, space::kHalf,
                                                  isTurned ? before : kAfter, space::kHalf);
    }
}

bool FocusView::isFolded() const
{
    return m_scroll->isHidden();
}

void FocusView::showPrompt(int row)
{
    if (row != m_row) {
        m_row = row;
        refill();
        return;
    }
    for (std::size_t model = 0; m_row >= 0 && model < m_shown.size(); ++model)
        refreshRemarks(model);
}

void FocusView::setRemarks(const CellRemarks* remarks)
{
    m_remarks = remarks;
    connect(remarks, &CellRemarks::changed, this, [this](const CellId& id) {
        if (id.sample == 0 && static_cast<int>(id.prompt) == m_row)
            refreshRemarks(id.model);
    });
    connect(remarks, &CellRemarks::wasReset, this, [this] {
        for (std::size_t model = 0; m_row >= 0 && model < m_shown.size(); ++model)
            refreshRemarks(model);
    });
}

void FocusView::refreshRemarks(std::size_t model)
{
    const CellRemark* const remark = m_remarks ? m_remarks->of(cellOf(model)) : nullptr;
    m_shown[model].star->setChecked(remark && remark->isStarred);
    QStringList said;
    if (remark && !remark->note.isEmpty())
        said << tr("Note: %1").arg(remark->note);
    for (const CellNote& note : remark ? remark->others : std::vector<CellNote>())
        said << tr("%1: %2", "who, a note")
                    .arg(QString::fromStdString(note.author), QString::fromStdString(note.text));
    ElidedLabel* const note = m_shown[model].note;
    note->setMuted(true);
    note->setText(withVisibleControls(said.join(QStringLiteral(" \u00b7 "))).simplified());
    note->setVisible(!said.isEmpty());
    note->setToolTip(remark ? plainToolTip(withVisibleControls(m_remarks->textOf(cellOf(model))))
                            : QString());
}

void FocusView::setSought(const QString& words)
{
    m_sought = words;
    for (const Column& column : m_shown)
        column.text->setSought(words);
}

void FocusView::setReference(int model)
{
    const QScopedValueRollback filling(m_isFilling, true);
    m_reference = model == m_reference ? -1 : model;
    for (std::size_t i = 0; i < m_shown.size(); ++i)
        m_shown[i].reference->setVisible(static_cast<int>(i) == m_reference);
    compareAll();
}

/// Both answers are whole, others', and of a length that is compared in a moment.
bool FocusView::isComparable(std::size_t model) const
{
    if (m_reference < 0 || static_cast<int>(model) == m_reference || m_row < 0)
        return false;
    const Cell& mine = m_session.run().cell(cellOf(model));
    const Cell& other = m_session.run().cell(cellOf(static_cast<std::size_t>(m_reference)));
    return mine.state == CellState::Done && other.state == CellState::Done &&
           mine.answer.text.size() + other.answer.text.size() <= kMostCompared;
}

/// The whole answer, with what it says otherwise if it is compared.
void FocusView::fillText(std::size_t model)
{
    Column& column = m_shown[model];
    const std::string& text = m_session.run().cell(cellOf(model)).answer.text;
    column.isCompared = isComparable(model);
    column.text->setAccessibleDescription({});
    if (!column.isCompared) {
        column.text->setWholeText(QString::fromStdString(text));
        return;
    }
    const std::string& from =
        m_session.run().cell(cellOf(static_cast<std::size_t>(m_reference))).answer.text;
    column.difference = phraseDifference(from, text);
    column.text->setPieces(piecesOf(column.difference, from, text));
    column.text->setAccessibleDescription(spokenDifference(column.difference, from, text));
}

/// An answer changed that may stand in the conversation so far.
void FocusView::noteEarlierTurn(const CellId& id)
{
    const Conversations& conversations = m_session.run().conversations();
    const bool isSame = m_row >= 0 && id.sample == 0 && id.model < m_shown.size() &&
                        conversations.beginning(id.prompt) ==
                            conversations.beginning(static_cast<std::size_t>(m_row));
    if (isSame && m_session.run().cell(id).state != CellState::Writing)
        fillBefore(id.model);
}

/// What was said before the answer, as the model was told it: it ends in sight.
void FocusView::fillBefore(std::size_t model)
{
    PlainTextPane* const pane = m_shown[model].before;
    const CellId id = cellOf(model);
    const Conversations& conversations = m_session.run().conversations();
    const bool isLater = conversations.before(id.prompt).has_value();
    pane->setVisible(isLater);
    if (!isLater)
        return;
    const QString name = columnName(m_session.models()[model]);
    QStringList said;
    const auto add = [&](const Message& message) {
        const QString text = QString::fromStdString(message.text);
        if (message.role == Role::User)
            said << tr("User: %1", "who said it, words").arg(text);
        else if (message.role == Role::Assistant)
            said << tr("%1: %2", "who said it, words").arg(name, text);
    };
    std::vector<std::string> replies;
    for (auto row = conversations.before(id.prompt); row; row = conversations.before(*row)) {
        const Cell& cell = m_session.run().cell({*row, id.model, id.sample});
        replies.insert(
            replies.begin(),
            cell.answer.text.empty()
                ? tr("(%1)", "the state of an answer").arg(cellStateText(cell)).toStdString()
                : cell.answer.text);
    }
    std::vector<Message> messages = withReplies(m_session.prompts()[id.prompt].messages, replies);
    messages.pop_back(); // the question stands above all columns
    for (const Message& message : messages)
        add(message);
    pane->setWholeText(said.join(QLatin1Char('\n')));
    pane->verticalScrollBar()->setValue(pane->verticalScrollBar()->maximum());
}

void FocusView::compareAll()
{
    m_beside.clear();
    fillAll();
    for (std::size_t model = 0; m_row >= 0 && model < m_shown.size(); ++model) {
        fillText(model);
        refreshFacts(model);
    }
}

void FocusView::setAlone(int model)
{
    fillAll();
    m_alone = model == m_alone ? -1 : model;
    for (std::size_t i = 0; i < m_shown.size(); ++i)
        m_shown[i].frame->setVisible(m_alone < 0 || static_cast<int>(i) == m_alone);
    alignColumns();
    emit aloneChanged();
}

int FocusView::modelWithFocus() const
{
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const QWidget* const focused = focusWidget();
        if (focused && focused->hasFocus() && m_shown[i].frame->isAncestorOf(focused))
            return static_cast<int>(i);
    }
    return -1;
}

void FocusView::showHit(int model)
{
    if (m_sought.isEmpty() || static_cast<std::size_t>(model) >= m_shown.size())
        return;
    fillAll();
    const Column& column = m_shown[static_cast<std::size_t>(model)];
    m_scroll->ensureWidgetVisible(column.frame);
    const QTextCursor hit = column.text->firstSought();
    if (hit.isNull())
        return;
    const QScopedValueRollback filling(m_isFilling, true);
    const QTextBlock block = hit.block();
    const int line =
        block.layout()->lineForTextPosition(hit.selectionStart() - block.position()).lineNumber();
    column.text->verticalScrollBar()->setValue(block.firstLineNumber() + std::max(0, line) - 1);
}

void FocusView::focusOn(int model)
{
    m_shown[static_cast<std::size_t>(model)].text->setFocus(Qt::ShortcutFocusReason);
}

QRect FocusView::placeOf(int model) const
{
    const PlainTextPane* const pane = m_shown[static_cast<std::size_t>(model)].text;
    return {pane->mapToGlobal(QPoint(0, 0)), pane->size()};
}

/// Of the paragraphs as they are shown, worked out when one is first scrolled.
const std::vector<std::size_t>& FocusView::besideOf(std::size_t from, std::size_t to)
{
    const auto [place, isNew] = m_beside.try_emplace({from, to});
    if (isNew) {
        const std::string mine = m_shown[from].text->toPlainText().toStdString();
        const std::string other = m_shown[to].text->toPlainText().toStdString();
        place->second = alignParagraphs(paragraphsOf(mine), paragraphsOf(other));
    }
    return place->second;
}

/// The others show the paragraphs that belong beside the one at the top, as far into them.
void FocusView::scrollOthers(std::size_t model)
{
    const auto isWriting = [&](std::size_t which) {
        const CellState state = m_session.run().cell(cellOf(which)).state;
        return state == CellState::Writing || state == CellState::Waiting;
    };
    if (m_isFilling || m_row < 0 || isWriting(model))
        return;
    fillAll();
    const QScopedValueRollback filling(m_isFilling, true);
    const QScrollBar* const bar = m_shown[model].text->verticalScrollBar();
    const QTextDocument& document = *m_shown[model].text->document();
    const QTextBlock top = document.findBlockByLineNumber(bar->value());
    if (!top.isValid())
        return;
    const double into =
        static_cast<double>(bar->value() - top.firstLineNumber()) / std::max(1, top.lineCount());
    for (std::size_t other = 0; other < m_shown.size(); ++other) {
        if (other == model || m_shown[other].frame->isHidden() || isWriting(other))
            continue;
        QScrollBar* const follows = m_shown[other].text->verticalScrollBar();
        const std::vector<std::size_t>& beside = besideOf(model, other);
        const auto at = static_cast<std::size_t>(top.blockNumber());
        const auto lineOf = [&](std::size_t paragraph) {
            const QTextDocument& others = *m_shown[other].text->document();
            return paragraph < beside.size()
                       ? others.findBlockByNumber(static_cast<int>(beside[paragraph]))
                             .firstLineNumber()
                       : follows->maximum();
        };
        if (bar->value() == 0 || bar->value() == bar->maximum())
            follows->setValue(bar->value() == 0 ? 0 : follows->maximum());
        else
            follows->setValue(
                static_cast<int>(std::lround(lineOf(at) + into * (lineOf(at + 1) - lineOf(at)))));
    }
}

/// "Turn 2 of 3: and when?"
QString FocusView::questionText() const
{
    const auto row = static_cast<std::size_t>(m_row);
    const QString words = QString::fromStdString(m_session.prompts()[row].messages.back().text);
    const Conversations& conversations = m_session.run().conversations();
    return conversations.isPart(row) ? tr("Turn %1 of %2: %3", "number, number, words")
                                           .arg(QString::number(conversations.turn(row)),
                                                QString::number(conversations.length(row)), words)
                                     : words;
}

/// What is in sight at once, and a moment later the rest, so that going from row to row takes as
/// long with many models as with a few.
void FocusView::refill()
{
    const QScopedValueRollback filling(m_isFilling, true);
    m_beside.clear();
    m_unfilled.clear();
    const bool valid = m_row >= 0 && m_row < static_cast<int>(m_session.prompts().size());
    m_prompt->setText(valid ? questionText() : QString());
    for (std::size_t model = 0; model < m_shown.size(); ++model) {
        m_shown[model].frame->setEnabled(valid);
        if (!valid)
            m_shown[model].text->clearText();
        else if (isInSight(model))
            fillColumn(model);
        else
            m_unfilled.push_back(model);
    }
    // A conversation so far takes no lines from the answer.
    m_columns->activate();
    m_scroll->setMinimumHeight(m_columns->minimumSize().height());
    if (!m_unfilled.empty())
        m_fill.start();
}

bool FocusView::isInSight(std::size_t model) const
{
    const QRect seen(-m_answers->pos(), m_scroll->viewport()->size());
    return !m_scroll->isVisible() || seen.intersects(m_shown[model].frame->geometry());
}

void FocusView::fillColumn(std::size_t model)
{
    const QScopedValueRollback filling(m_isFilling, true);
    fillBefore(model);
    fillText(model);
    refreshFacts(model);
    refreshRemarks(model);
}

void FocusView::fillNext()
{
    if (!m_unfilled.empty()) {
        const std::size_t model = m_unfilled.front();
        m_unfilled.erase(m_unfilled.begin());
        fillColumn(model);
    }
    if (m_unfilled.empty())
        m_fill.stop();
}

/// Somebody wants to see or compare them now.
void FocusView::fillAll()
{
    while (!m_unfilled.empty())
        fillNext();
}

void FocusView::refreshFacts(std::size_t model)
{
    const Cell& cell = m_session.run().cell(cellOf(model));
    using answerFacts::Length;
    std::vector<FactsLine::Wording> wordings;
    for (const Length length : {Length::Full, Length::Short})
        wordings.push_back(factsOf(m_session, cellOf(model), length));
    QString meaning = meaningOf(m_session, cellOf(model));
    if (m_shown[model].isCompared) {
        const PhraseDifference& difference = m_shown[model].difference;
        const QString other = columnName(m_session.models()[static_cast<std::size_t>(m_reference)]);
        const QString added = format::count(difference.wordsAdded);
        const QString removed = format::count(difference.wordsRemoved);
        for (FactsLine::Wording& wording : wordings)
            wording.first.prepend(
                tr("+%1 \u2212%2 words", "words that are added, that are left out")
                    .arg(added, removed));
        meaning.prepend(tr("Against %1 it says %2 words otherwise or besides (underlined) and "
                           "leaves out %3 (struck out).",
                           "a model, number, number")
                            .arg(other, added, removed) +
                        QLatin1Char('\n'));
    }
    m_shown[model].facts->setWordings(wordings);
    m_shown[model].facts->setMeaning(meaning);
    const bool settled = cell.state == CellState::Done || cell.state == CellState::Failed ||
                         cell.state == CellState::Stopped;
    // Of an answer that is there it is in the menu: the line has room for what is known of it.
    m_shown[model].retry->setVisible(settled && cell.state != CellState::Done &&
                                     !m_session.shownRun());
}

} // namespace signalbox::ui
