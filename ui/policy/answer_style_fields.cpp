// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_style_fields.h"

#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace signalbox::ui {
namespace {

constexpr bool AnswerStyle::* kFlags[] = {&AnswerStyle::flattenMarkdown, &AnswerStyle::trimOpeners,
                                          &AnswerStyle::trimClosers};

} // namespace

AnswerStyleFields::AnswerStyleFields(QWidget* parent) : QWidget(parent)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_flags = {new QCheckBox(tr("Flatten Markdown")),
               new QCheckBox(tr("Trim stock openers (“Certainly! Here is…”)")),
               new QCheckBox(tr("Trim stock closers (“Let me know if…”)"))};
    m_flags[0]->setObjectName(QStringLiteral("flattenMarkdown"));
    for (std::size_t i = 0; i < m_flags.size(); ++i) {
        layout->addWidget(m_flags[i]);
        connect(m_flags[i], &QCheckBox::clicked, this, [this, i](bool on) {
            m_style.*kFlags[i] = on;
            emit edited(m_style, Pace::Once);
        });
    }
    m_maxWords = new NumberField(tr("Cut after"), {1, 100'000, 10, 0}, tr("words"));
    m_maxWords->setObjectName(QStringLiteral("maxWords"));
    m_maxWords->setEmptyText(tr("no limit"));
    layout->addWidget(captioned(tr("Cut at the last sentence end within"), m_maxWords));
    connect(m_maxWords, &NumberField::valueEdited, this, [this](std::optional<double> words) {
        m_style.maxWords = words ? std::optional(static_cast<int>(*words)) : std::nullopt;
        emit edited(m_style, Pace::Typing);
    });
}

void AnswerStyleFields::setStyle(const AnswerStyle& style)
{
    m_style = style;
    for (std::size_t i = 0; i < m_flags.size(); ++i) {
        const QSignalBlocker quiet(m_flags[i]);
        m_flags[i]->setChecked(style.*kFlags[i]);
    }
    m_maxWords->setValue(style.maxWords ? std::optional<double>(*style.maxWords) : std::nullopt);
}

} // namespace signalbox::ui
