// SPDX-License-Identifier: GPL-3.0-or-later
#include "labelled_facts.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QGridLayout>
#include <QStringList>

namespace signalbox::ui {

LabelledFacts::LabelledFacts(QWidget* parent) : QWidget(parent)
{
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::kGap);
    m_grid->setVerticalSpacing(space::kHalf);
    m_grid->setColumnStretch(1, 1);
}

void LabelledFacts::setFacts(const std::vector<LabelledFact>& facts)
{
    if (facts == m_facts)
        return;
    m_facts = facts;
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const int row = static_cast<int>(i);
        auto* label = new TextLabel(facts[i].label, TextRole::Small, this);
        auto* text = new TextLabel(facts[i].text, TextRole::Small, this);
        text->setMuted(true);
        text->setWordWrap(true);
        label->setBuddy(text);
        m_grid->addWidget(label, row, 0, Qt::AlignLeft | Qt::AlignTop);
        m_grid->addWidget(text, row, 1, Qt::AlignTop);
        label->show();
        text->show();
    }
    setAccessibleName(text());
}

QString LabelledFacts::text() const
{
    QStringList lines;
    for (const LabelledFact& fact : m_facts)
        lines << fact.label + QStringLiteral(": ") + fact.text;
    return lines.join(QLatin1Char('\n'));
}

} // namespace signalbox::ui
