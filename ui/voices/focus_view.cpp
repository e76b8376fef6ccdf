// SPDX-License-Identifier: GPL-3.0-or-later
#include "focus_view.h"

#include "answer_facts.h"
#include "facts_line.h"

#include <core/lab/policy_column.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/card.h>
#include <ui/kit/icons.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>
#include <ui/models/route_words.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <optional>

namespace signalbox::ui {

namespace {

constexpr int kLeastColumnPx = 180;
constexpr int kMarkPx = 14;
constexpr int kFewestLines = 3; ///< of an answer

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
    if (const auto route = parseRoute(cell.answer.route))
        lines << withVisibleControls(routeMeaning(*route));
    if (cell.answer.satisfied)
        lines << answerFacts::outcomeMeaning(*cell.answer.satisfied);
    return lines.join(QLatin1Char('\n'));
}

/// The most important first: narrow columns lose the others. A done answer needs no word for it.
QStringList factsOf(const LabSession& session, const CellId& id)
{
    const Cell& cell = session.run().cell(id);
    if (cell.state != CellState::Done) {
        const QString name = cellStateText(cell);
        const QString status = QString::fromStdString(cell.status);
        if (status.isEmpty() || status.startsWith(name)) // "waiting 12 s: …"
            return {status.isEmpty() ? name : status};
        return {name, status};
    }
    const auto size = session.sizeOf(id);
    QStringList facts = {answerFacts::words(size ? std::optional(size->words) : std::nullopt),
                         cell.answer.reused ? answerFacts::reused()
                                            : answerFacts::cost(usdOf(session, id))};
    if (cell.answer.firstTokenMs)
        facts << answerFacts::firstToken(*cell.answer.firstTokenMs);
    if (cell.answer.satisfied)
        facts << answerFacts::outcome(*cell.answer.satisfied);
    if (cell.answer.outputTokens) {
        const int tokens = static_cast<int>(*cell.answer.outputTokens);
        facts << (cell.answer.tokensEstimated
                      ? FocusView::tr("about %n token(s), estimated", nullptr, tokens)
                      : FocusView::tr("%n token(s)", nullptr, tokens));
    }
    if (size)
        facts << FocusView::tr("%n sentence(s)", nullptr, size->sentences);
    if (const QString odd = oddEndText(cell); !odd.isEmpty())
        facts.prepend(odd);
    if (const auto route = parseRoute(cell.answer.route))
        facts.prepend(routeText(*route));
    if (const QString beside = failedSampleText(session.run(), id); !beside.isEmpty())
        facts.prepend(beside);
    return facts;
}

} // namespace

FocusView::FocusView(LabSession& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    setAccessibleName(tr("One prompt, every answer"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kHalf, space::kWide, space::kHalf);
    layout->setSpacing(space::kHalf);
    m_head = new QHBoxLayout;
    m_head->setSpacing(space::kUnit);
    m_prompt = new ElidedLabel({}, TextRole::BodyStrong, this);
    m_head->addWidget(m_prompt, 1);
    layout->addLayout(m_head);
    m_answers = new QWidget(this);
    m_columns = new QHBoxLayout(m_answers);
    m_columns->setContentsMargins(0, 0, 0, space::kHalf);
    m_columns->setSpacing(space::kWide);
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_answers);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_answers->setAutoFillBackground(false);
    layout->addWidget(m_scroll, 1);
    rebuild();
    connect(&session, &LabSession::wasReset, this, [this] { rebuild(); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::themeChanged, this, [this] {
        for (std::size_t model = 0; model < m_shown.size(); ++model)
            refreshMark(model);
    });
    connect(&session, &LabSession::textAppended, this,
            [this](const CellId& id, const QString& text) {
                if (id.sample == 0 && static_cast<int>(id.prompt) == m_row)
                    m_shown[id.model].text->append(text);
            });
    connect(&session, &LabSession::cellChanged, this, [this](const CellId& id) {
        if (static_cast<int>(id.prompt) != m_row)
            return;
        if (id.sample == 0)
            refreshText(id);
        refreshFacts(id.model);
    });
    connect(&session, &LabSession::costsChanged, this, [this] {
        for (std::size_t model = 0; m_row >= 0 && model < m_shown.size(); ++model)
            refreshFacts(model);
    });
}

void FocusView::refreshMark(std::size_t model)
{
    const ModelSpec& spec = m_session.models()[model];
    const QIcon mark =
        isPolicyColumn(spec) ? icon(Icon::Policy) : modelIcon(m_session.policyIndexOf(spec.id));
    m_shown[model].mark->setPixmap(mark.pixmap(kMarkPx, kMarkPx));
}

/// What was not streamed, such as the answer of an interrupted run, or the one that stays when a
/// repeat fails, is there at once when the cell is done.
void FocusView::refreshText(const CellId& id)
{
    const Cell& cell = m_session.run().cell(id);
    PlainTextPane* pane = m_shown[id.model].text;
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
    column.frame = new QWidget(m_answers);
    column.frame->setMinimumWidth(kLeastColumnPx);
    auto* layout = new QVBoxLayout(column.frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    column.mark = new QLabel(column.frame);
    head->addWidget(column.mark);
    head->addWidget(new ElidedLabel(name, TextRole::BodyStrong, column.frame), 1);
    if (m_session.isSimulated(spec))
        head->addWidget(Badge::simulated(column.frame));
    column.retry = new QPushButton(tr("Ask again"), column.frame);
    column.retry->setAccessibleName(tr("Ask %1 again").arg(name));
    connect(column.retry, &QPushButton::clicked, this,
            [this, model] { m_session.rerun(cellOf(model)); });
    head->addWidget(column.retry);
    layout->addLayout(head);
    column.facts = new FactsLine(column.frame);
    column.facts->setObjectName(QStringLiteral("facts.") + id);
    layout->addWidget(column.facts);
    column.text = new PlainTextPane(tr("Answer of %1").arg(name), column.frame);
    column.text->setObjectName(QStringLiteral("answer.") + id);
    column.text->setMinimumHeight(kFewestLines * column.text->fontMetrics().lineSpacing());
    auto* card = new Card(column.frame);
    card->setContent(column.text);
    layout->addWidget(card, 1);
    m_columns->addWidget(column.frame, 1);
    return column;
}

void FocusView::rebuild()
{
    for (const Column& column : m_shown)
        delete column.frame;
    m_shown.clear();
    for (std::size_t model = 0; model < m_session.models().size(); ++model) {
        m_shown.push_back(makeColumn(model));
        refreshMark(model);
    }
    // A scroll area would give way to any height; the answers are to keep their fewest lines.
    m_columns->activate();
    m_scroll->setMinimumHeight(m_columns->minimumSize().height());
    showPrompt(m_session.prompts().empty() ? -1 : 0);
}

void FocusView::setFoldAction(QAction* action)
{
    m_head->addWidget(new IconButton(action, this));
}

void FocusView::setFolded(bool folded)
{
    m_scroll->setVisible(!folded);
    setMaximumHeight(folded ? minimumSizeHint().height() : QWIDGETSIZE_MAX);
}

bool FocusView::isFolded() const
{
    return m_scroll->isHidden();
}

void FocusView::showPrompt(int row)
{
    m_row = row;
    refill();
}

void FocusView::refill()
{
    const bool valid = m_row >= 0 && m_row < static_cast<int>(m_session.prompts().size());
    m_prompt->setText(
        valid ? QString::fromStdString(
                    m_session.prompts()[static_cast<std::size_t>(m_row)].messages.back().text)
              : QString());
    for (std::size_t model = 0; model < m_shown.size(); ++model) {
        m_shown[model].frame->setEnabled(valid);
        if (!valid) {
            m_shown[model].text->clearText();
            continue;
        }
        m_shown[model].text->setWholeText(
            QString::fromStdString(m_session.run().cell(cellOf(model)).answer.text));
        refreshFacts(model);
    }
}

void FocusView::refreshFacts(std::size_t model)
{
    const Cell& cell = m_session.run().cell(cellOf(model));
    m_shown[model].facts->setFacts(factsOf(m_session, cellOf(model)));
    m_shown[model].facts->setMeaning(meaningOf(m_session, cellOf(model)));
    const bool settled = cell.state == CellState::Done || cell.state == CellState::Failed ||
                         cell.state == CellState::Stopped;
    m_shown[model].retry->setEnabled(settled);
    m_shown[model].retry->setVisible(!m_session.shownRun());
}

} // namespace signalbox::ui
