// SPDX-License-Identifier: GPL-3.0-or-later
#include "override_fields.h"

#include "answer_style_fields.h"
#include "policy_words.h"

#include <ui/kit/app_style.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/icons.h>
#include <ui/kit/theme.h>

#include <QCheckBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <cmath>

namespace signalbox::ui {
namespace {

constexpr int kAsElsewhere = -1;

} // namespace

OverrideFields::OverrideFields(QWidget* parent) : QWidget(parent)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_head = new QPushButton;
    m_head->setObjectName(QStringLiteral("askOtherwise"));
    m_head->setCheckable(true);
    setButtonKind(m_head, ButtonKind::Quiet);
    layout->addWidget(m_head, 0, Qt::AlignLeft);
    m_body = new QWidget;
    auto* const body = new QVBoxLayout(m_body);
    body->setContentsMargins(space::kUnit, 0, 0, 0);
    body->setSpacing(space::kUnit);
    layout->addWidget(m_body);
    buildSystem();
    buildLimits();
    buildStyle();
    connect(m_head, &QPushButton::clicked, this, [this](bool open) {
        m_isOpen = open;
        refreshHead();
    });
    refreshHead();
}

void OverrideFields::buildSystem()
{
    m_mode = new ChoiceField(tr("System prompt"));
    m_mode->setObjectName(QStringLiteral("systemMode"));
    m_mode->addItem(tr("as elsewhere"), kAsElsewhere);
    m_mode->addItem(tr("with this in front"), static_cast<int>(SystemPromptMode::Prepend));
    m_mode->addItem(tr("this instead"), static_cast<int>(SystemPromptMode::Replace));
    m_text = new NoteField(tr("Text of the system prompt"), 8);
    m_text->setObjectName(QStringLiteral("systemText"));
    m_text->setPlaceholderText(tr("What this call alone says to its model"));
    m_body->layout()->addWidget(captioned(tr("System prompt"), m_mode));
    m_body->layout()->addWidget(m_text);
    connect(m_mode, &QComboBox::activated, this, [this] {
        const int mode = m_mode->value();
        if (mode == kAsElsewhere)
            m_overrides.system.reset();
        else
            m_overrides.system = SystemPrompt{static_cast<SystemPromptMode>(mode),
                                              m_text->toPlainText().toStdString()};
        emit edited(m_overrides, Pace::Once);
    });
    connect(m_text, &NoteField::textEdited, this, [this](const QString& text) {
        if (!m_overrides.system)
            return;
        m_overrides.system->text = text.toStdString();
        emit edited(m_overrides, Pace::Typing);
    });
}

void OverrideFields::buildLimits()
{
    m_temperature = new NumberField(tr("Temperature"), {0, 2, 0.1, 2});
    m_temperature->setObjectName(QStringLiteral("temperature"));
    m_maxTokens = new NumberField(tr("Answer at most"), {1, 1e7, 16, 0}, tr("tokens"));
    m_maxTokens->setObjectName(QStringLiteral("maxTokens"));
    for (NumberField* const field : {m_temperature, m_maxTokens})
        field->setEmptyText(tr("as elsewhere"));
    static_cast<QVBoxLayout*>(m_body->layout())
        ->addLayout(besideEachOther({captioned(tr("Temperature"), m_temperature),
                                     captioned(tr("Answer at most"), m_maxTokens)}));
    connect(m_temperature, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        m_overrides.temperature = number;
        emit edited(m_overrides, Pace::Typing);
    });
    connect(m_maxTokens, &NumberField::valueEdited, this, [this](std::optional<double> number) {
        m_overrides.maxTokens =
            number ? std::optional(static_cast<int>(std::lround(*number))) : std::nullopt;
        emit edited(m_overrides, Pace::Typing);
    });
}

void OverrideFields::buildStyle()
{
    m_hasStyle = new QCheckBox(tr("Even out its answers in a way of its own"));
    m_hasStyle->setObjectName(QStringLiteral("hasOwnStyle"));
    m_style = new AnswerStyleFields;
    m_body->layout()->addWidget(m_hasStyle);
    m_body->layout()->addWidget(m_style);
    connect(m_hasStyle, &QCheckBox::clicked, this, [this](bool on) {
        m_overrides.answerStyle = on ? std::optional(AnswerStyle{}) : std::nullopt;
        emit edited(m_overrides, Pace::Once);
    });
    connect(m_style, &AnswerStyleFields::edited, this, [this](const AnswerStyle& style, Pace pace) {
        m_overrides.answerStyle = style;
        emit edited(m_overrides, pace);
    });
}

void OverrideFields::refreshHead()
{
    const bool open = m_isOpen || !m_overrides.isNone();
    m_head->setIcon(icon(open ? Icon::ChevronDown : Icon::ChevronRight));
    m_head->setText(tr("Ask it otherwise here"));
    m_head->setToolTip(tr("A system prompt, temperature, length or rewriting of this call alone. "
                          "Its answers are another voice than the model's usual one."));
    m_head->setChecked(open);
    m_body->setVisible(open);
}

void OverrideFields::setOverrides(const CallOverrides& overrides)
{
    m_overrides = overrides;
    m_mode->setValue(overrides.system ? static_cast<int>(overrides.system->mode) : kAsElsewhere);
    m_text->setVisible(overrides.system.has_value());
    if (overrides.system)
        m_text->setValue(overrides.system->text);
    m_temperature->setValue(overrides.temperature);
    m_maxTokens->setValue(overrides.maxTokens ? std::optional<double>(*overrides.maxTokens)
                                              : std::nullopt);
    const QSignalBlocker quiet(m_hasStyle);
    m_hasStyle->setChecked(overrides.answerStyle.has_value());
    m_style->setVisible(overrides.answerStyle.has_value());
    m_style->setStyle(overrides.answerStyle.value_or(AnswerStyle{}));
    refreshHead();
}

} // namespace signalbox::ui
