// SPDX-License-Identifier: GPL-3.0-or-later
#include "prompt_column.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/theme.h>

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace signalbox::ui {

PromptColumn::PromptColumn(QWidget* parent) : QWidget(parent)
{
    auto* rows = new QVBoxLayout(this);
    // The text of a pane begins a unit inside it: here it stands below the prompts of the table.
    rows->setContentsMargins(space::kWide - space::kUnit, space::kTiny, space::kUnit, space::kUnit);
    rows->setSpacing(space::kUnit);
    m_top = new QHBoxLayout;
    m_top->setSpacing(0);
    m_text = new PlainTextPane(tr("Prompt"), this);
    m_text->setObjectName(QStringLiteral("focusPrompt"));
    m_text->setFont(Theme::font(TextRole::BodyStrong));
    m_text->setMinimumHeight(m_text->fontMetrics().lineSpacing());
    m_text->viewport()->setAutoFillBackground(false);
    m_top->addWidget(m_text, 1);
    rows->addLayout(m_top, 1);
    m_simulated = Badge::simulated(this);
    auto* const line = new QHBoxLayout;
    line->setContentsMargins(space::kUnit, 0, 0, 0);
    line->addWidget(m_simulated);
    line->addStretch(1);
    rows->addLayout(line);
    buildForms();
    buildFoldedLine(parent);
}

void PromptColumn::buildForms()
{
    m_forms = new SegmentedControl(tr("How answers are shown"), this);
    m_forms->setObjectName(QStringLiteral("answerForm"));
    m_forms->addSegment(tr("Rendered", "answers, with their Markdown as bold, lists, code"));
    m_forms->addSegment(tr("Plain text", "answers, to the letter"));
    m_forms->setToolTip(
        plainToolTip(tr("Rendered: Markdown becomes bold, lists and code. Plain text: every "
                        "character that the model sent. W switches, in the matrix too.")));
    connect(m_forms, &SegmentedControl::currentChanged, this, [this](int index) {
        emit formChosen(index == 0 ? TextForm::Rendered : TextForm::AsWritten);
    });
    auto* const line = new QHBoxLayout;
    line->setContentsMargins(space::kUnit, 0, 0, 0);
    line->addWidget(m_forms);
    line->addStretch(1);
    static_cast<QVBoxLayout*>(layout())->addLayout(line);
}

void PromptColumn::buildFoldedLine(QWidget* parent)
{
    m_folded = new QWidget(parent);
    auto* const line = new QHBoxLayout(m_folded);
    line->setContentsMargins(space::kWide, space::kHalf, space::kWide, space::kHalf);
    line->setSpacing(space::kUnit);
    m_line = new ElidedLabel({}, TextRole::BodyStrong, m_folded);
    line->addWidget(m_line, 1);
    m_folded->hide();
}

void PromptColumn::setText(const QString& prompt)
{
    if (m_text->wholeText() != prompt)
        m_text->setWholeText(prompt);
    m_line->setText(prompt);
}

void PromptColumn::setForm(TextForm form)
{
    m_forms->setCurrentIndex(form == TextForm::Rendered ? 0 : 1);
}

void PromptColumn::setSimulated(bool areAll)
{
    m_simulated->setVisible(areAll);
}

/// The line between the prompts and the answers, as in the table.
void PromptColumn::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect line(width() - 1, 0, 1, height());
    painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), line),
                     Theme::current().colors().line);
}

void PromptColumn::setFoldAction(QAction* action)
{
    m_fold = new IconButton(action, this);
    m_top->addWidget(m_fold, 0, Qt::AlignTop);
    m_unfold = new IconButton(action, m_folded);
    m_folded->layout()->addWidget(m_unfold);
}

void PromptColumn::takeKeyboard(bool folded)
{
    if (IconButton* const button = folded ? m_unfold : m_fold)
        button->setFocus(Qt::OtherFocusReason);
}

} // namespace signalbox::ui
