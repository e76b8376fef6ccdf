// SPDX-License-Identifier: GPL-3.0-or-later
#include "focus_view.h"

#include "facts_line.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/model_look.h>
#include <ui/kit/text_views.h>
#include <ui/kit/theme.h>
#include <ui/models/lab_table_model.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace signalbox::ui {

namespace {

constexpr int kMarkPx = 14;

/// The most important first: narrow columns lose the others. A done answer needs no word for it.
QStringList factsOf(const LabSession& session, const CellId& id)
{
    const Cell& cell = session.run().cell(id);
    if (cell.state != CellState::Done) {
        QStringList facts = {cellStateText(cell)};
        if (!cell.status.empty())
            facts << QString::fromStdString(cell.status);
        return facts;
    }
    const auto size = session.sizeOf(id);
    QStringList facts = {size ? FocusView::tr("%n word(s)", nullptr, size->words)
                              : FocusView::tr("counting its words")};
    const auto cost = session.costOf(id);
    facts << (cost ? format::money(cost->usd()) : FocusView::tr("cost unknown"));
    if (cell.answer.firstTokenMs)
        facts << FocusView::tr("TTFT %1", "time to first token")
                     .arg(format::milliseconds(*cell.answer.firstTokenMs));
    if (cell.answer.satisfied)
        facts << (*cell.answer.satisfied >= 0.5 ? FocusView::tr("satisfies")
                                                : FocusView::tr("misses a fact"));
    if (cell.answer.outputTokens) {
        const int tokens = static_cast<int>(*cell.answer.outputTokens);
        facts << (cell.answer.tokensEstimated
                      ? FocusView::tr("about %n token(s), estimated", nullptr, tokens)
                      : FocusView::tr("%n token(s)", nullptr, tokens));
    }
    if (size)
        facts << FocusView::tr("%n sentence(s)", nullptr, size->sentences);
    return facts;
}

} // namespace

FocusView::FocusView(LabSession& session, QWidget* parent) : QWidget(parent), m_session(session)
{
    setAccessibleName(tr("One prompt, every answer"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kWide, space::kUnit, space::kWide, space::kWide);
    layout->setSpacing(space::kUnit);
    m_prompt = new ElidedLabel({}, TextRole::BodyStrong, this);
    layout->addWidget(m_prompt);
    m_columns = new QHBoxLayout;
    m_columns->setSpacing(space::kWide);
    layout->addLayout(m_columns, 1);
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
        if (id.sample != 0 || static_cast<int>(id.prompt) != m_row)
            return;
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
    const int look = m_session.policyIndexOf(m_session.models()[model].id);
    m_shown[model].mark->setPixmap(modelIcon(look).pixmap(kMarkPx, kMarkPx));
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
    const QString name = QString::fromStdString(spec.id.value);
    Column column;
    column.frame = new QWidget(this);
    auto* layout = new QVBoxLayout(column.frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kHalf);
    auto* head = new QHBoxLayout;
    head->setSpacing(space::kUnit);
    column.mark = new QLabel(column.frame);
    head->addWidget(column.mark);
    head->addWidget(new ElidedLabel(name, TextRole::BodyStrong, column.frame), 1);
    if (spec.provider == "simulator")
        head->addWidget(Badge::simulated(column.frame));
    column.retry = new QPushButton(tr("Ask again"), column.frame);
    column.retry->setAccessibleName(tr("Ask %1 again").arg(name));
    connect(column.retry, &QPushButton::clicked, this,
            [this, model] { m_session.rerun(cellOf(model)); });
    head->addWidget(column.retry);
    layout->addLayout(head);
    column.facts = new FactsLine(column.frame);
    column.facts->setObjectName(QStringLiteral("facts.") + name);
    layout->addWidget(column.facts);
    column.text = new PlainTextPane(tr("Answer of %1").arg(name), column.frame);
    column.text->setObjectName(QStringLiteral("answer.") + name);
    layout->addWidget(column.text, 1);
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
    showPrompt(m_session.prompts().empty() ? -1 : 0);
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
    const bool settled = cell.state == CellState::Done || cell.state == CellState::Failed ||
                         cell.state == CellState::Stopped;
    m_shown[model].retry->setEnabled(settled);
}

} // namespace signalbox::ui
