// SPDX-License-Identifier: GPL-3.0-or-later
#include "style_preview.h"

#include "comparison_parts.h"

#include <ui/kit/basic_widgets.h>
#include <ui/kit/choice_widgets.h>
#include <ui/kit/format.h>
#include <ui/kit/theme.h>
#include <ui/models/voice_comparison.h>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>

#include <cmath>

namespace signalbox::ui {

namespace {

constexpr bool AnswerStyle::* kFlags[] = {&AnswerStyle::flattenMarkdown, &AnswerStyle::trimOpeners,
                                          &AnswerStyle::trimClosers};
constexpr int kSettleMs = 250; ///< clicks and typing that follow each other are measured once
constexpr int kMostWords = 5'000;
constexpr int kWordStep = 10;

} // namespace

StylePreview::StylePreview(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kGap);
    m_mode = new SegmentedControl(tr("How the answers are heard"), this);
    m_mode->setObjectName(QStringLiteral("heardMode"));
    m_mode->addSegment(tr("As written"));
    m_mode->addSegment(tr("In an answer style"),
                       tr("Hear what the policy's normaliser would make of these answers. Nothing "
                          "is sent."));
    row->addWidget(m_mode);
    m_fields = new QWidget(this);
    auto* fields = new QHBoxLayout(m_fields);
    fields->setContentsMargins(0, 0, 0, 0);
    fields->setSpacing(space::kGap);
    m_flags = {new QCheckBox(tr("Flatten Markdown"), m_fields),
               new QCheckBox(tr("Trim openers"), m_fields),
               new QCheckBox(tr("Trim closers"), m_fields)};
    m_flags[1]->setToolTip(
        tr("Stock first clauses and sentences: \u201cCertainly! Here is\u2026\u201d"));
    m_flags[2]->setToolTip(tr("Stock last sentences: \u201cLet me know if\u2026\u201d"));
    for (QCheckBox* flag : m_flags) {
        fields->addWidget(flag);
        connect(flag, &QCheckBox::clicked, this, [this] { readFields(); });
    }
    m_maxWords = new QSpinBox(m_fields);
    m_maxWords->setObjectName(QStringLiteral("heardWords"));
    m_maxWords->setRange(0, kMostWords);
    m_maxWords->setSingleStep(kWordStep);
    m_maxWords->setSpecialValueText(tr("Any length"));
    m_maxWords->setPrefix(tr("Within ", "before a number of words"));
    m_maxWords->setSuffix(tr(" words"));
    m_maxWords->setAccessibleName(tr("Cut at the last sentence end within this many words"));
    m_maxWords->setToolTip(m_maxWords->accessibleName());
    fields->addWidget(m_maxWords);
    connect(m_maxWords, &QSpinBox::valueChanged, this, [this] { readFields(); });
    row->addWidget(m_fields);
    row->addStretch(1);
    m_adopt = new QPushButton(tr("Use in the policy"), this);
    m_adopt->setObjectName(QStringLiteral("adoptStyle"));
    row->addWidget(m_adopt);
    layout->addLayout(row);
    m_result = new TextLabel({}, TextRole::Body, this);
    m_result->setObjectName(QStringLiteral("heardResult"));
    m_result->setWordWrap(true);
    layout->addWidget(m_result);
    m_settle = new QTimer(this);
    m_settle->setSingleShot(true);
    m_settle->setInterval(kSettleMs);
    connect(m_settle, &QTimer::timeout, this, &StylePreview::heardStyleChanged);
    connect(m_mode, &SegmentedControl::currentChanged, this, [this](int i) { showMode(i); });
    connect(m_adopt, &QPushButton::clicked, this, [this] { emit adoptRequested(m_style); });
    m_style = {true, true, true, {}};
    refreshFields();
    m_fields->hide();
    m_adopt->hide();
    m_result->hide();
}

bool StylePreview::isStyled() const
{
    return m_mode->currentIndex() == 1;
}

AnswerStyle StylePreview::heardStyle() const
{
    return isStyled() ? m_style : AnswerStyle{};
}

void StylePreview::setPolicyStyle(const AnswerStyle& style)
{
    m_policy = style;
    if (!m_wasEdited && !isStyled() && !style.isNeutral()) {
        m_style = style;
        refreshFields();
    }
    refreshButton();
}

void StylePreview::showMode(int index)
{
    m_fields->setVisible(index == 1);
    m_adopt->setVisible(index == 1);
    m_result->setVisible(index == 1);
    setWaiting();
    refreshButton();
    emit heardStyleChanged();
}

void StylePreview::refreshFields()
{
    for (std::size_t i = 0; i < m_flags.size(); ++i)
        m_flags[i]->setChecked(m_style.*kFlags[i]);
    const QSignalBlocker quiet(m_maxWords);
    m_maxWords->setValue(m_style.maxWords.value_or(0));
}

void StylePreview::readFields()
{
    m_wasEdited = true;
    for (std::size_t i = 0; i < m_flags.size(); ++i)
        m_style.*kFlags[i] = m_flags[i]->isChecked();
    const int words = m_maxWords->value();
    m_style.maxWords = words > 0 ? std::optional(words) : std::nullopt;
    setWaiting();
    refreshButton();
    m_settle->start();
}

void StylePreview::refreshButton()
{
    const bool isSame = m_style == m_policy;
    m_adopt->setEnabled(!isSame);
    m_adopt->setText(isSame ? tr("The policy does this") : tr("Use in the policy"));
}

void StylePreview::setWaiting()
{
    m_result->setText(tr("Measuring the answers in this style \u2026"));
}

void StylePreview::setResult(const VoiceComparison& comparison)
{
    if (!isStyled() || !(comparison.style == heardStyle()))
        return; // of a style that is no longer heard
    if (comparison.asWritten.empty()) {
        m_result->setText(comparison.isEnough()
                              ? tr("This style changes nothing: choose what it should do.")
                              : tr("Too few answers to measure what a style does."));
        return;
    }
    std::size_t less = 0;
    std::size_t more = 0;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i < comparison.asWritten.size(); ++i) {
        const double before = comparison.asWritten[i];
        const double after = comparison.matrix.pairs[i].noticeability.value;
        if (std::isnan(before) || std::isnan(after))
            continue;
        ++pairs;
        less += after < before ? 1 : 0;
        more += after > before ? 1 : 0;
    }
    QString text =
        tr("In this style a switch of model is noticeable by %1 on average, as written "
           "by %2. %n pair(s) are measured;",
           nullptr, static_cast<int>(pairs))
            .arg(twoPlaces(comparison.meanNoticeability()), twoPlaces(comparison.meanAsWritten()));
    text += QLatin1Char(' ') + tr("%n of them less noticeable,", nullptr, static_cast<int>(less)) +
            QLatin1Char(' ') + tr("%n more.", nullptr, static_cast<int>(more));
    m_result->setText(text + QLatin1Char(' ') + tr("Nothing was sent for this."));
}

} // namespace signalbox::ui
