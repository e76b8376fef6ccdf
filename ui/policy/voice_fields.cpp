// SPDX-License-Identifier: GPL-3.0-or-later
#include "voice_fields.h"

#include <core/voice/tone.h>
#include <ui/kit/basic_widgets.h>
#include <ui/kit/theme.h>

#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace signalbox::ui {

template<class Change> void VoiceFields::change(Pace pace, Change change)
{
    VoiceContract voice = m_shown;
    change(voice);
    emit edited(voice, pace);
}

VoiceFields::VoiceFields(QWidget* parent) : QWidget(parent)
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kUnit);
    m_wordsLow = new NumberField(tr("Fewest words"), {0, 100'000, 10, 0});
    m_wordsHigh = new NumberField(tr("Most words"), {0, 100'000, 10, 0});
    for (NumberField* const limit : {m_wordsLow, m_wordsHigh})
        limit->setEmptyText(tr("any"));
    layout->addLayout(besideEachOther(
        {captioned(tr("Fewest words"), m_wordsLow), captioned(tr("Most words"), m_wordsHigh)}));
    const auto setWords = [this] {
        change(Pace::Typing, [&](VoiceContract& voice) {
            voice.words.reset();
            if (m_wordsLow->value() && m_wordsHigh->value())
                voice.words = VoiceContract::Band{*m_wordsLow->value(), *m_wordsHigh->value()};
        });
    };
    connect(m_wordsLow, &NumberField::valueEdited, this, setWords);
    connect(m_wordsHigh, &NumberField::valueEdited, this, setWords);
    m_toneLayout = new QVBoxLayout;
    m_toneLayout->setSpacing(space::kHalf);
    layout->addLayout(m_toneLayout);
    auto* const add =
        quietAddButton(tr("Tone axis"), QStringLiteral("addTone"), tr("Add a tone axis"));
    layout->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, [this] {
        change(Pace::Once, [](VoiceContract& voice) {
            for (const ToneAxis& axis : toneAxes()) {
                const bool used =
                    std::any_of(voice.tone.begin(), voice.tone.end(),
                                [&](const auto& band) { return band.axis == axis.id; });
                if (!used) {
                    voice.tone.push_back({std::string(axis.id), {0.2, 0.8}});
                    return;
                }
            }
        });
    });
    m_golden = new TextField(tr("Golden answers"));
    m_golden->setPlaceholderText(tr("ids of answers that read as they should"));
    layout->addWidget(captioned(tr("Golden answers, by id"), m_golden));
    connect(m_golden, &QLineEdit::textEdited, this, [this](const QString& text) {
        change(Pace::Typing, [&](VoiceContract& voice) { voice.golden = listFromText(text); });
    });
}

QWidget* VoiceFields::buildTone(std::size_t index)
{
    auto* const box = new QWidget;
    ToneRow row;
    row.axis = new ChoiceField(tr("Tone axis %1").arg(index + 1));
    for (const ToneAxis& axis : toneAxes()) {
        const auto utf8 = [](std::string_view text) {
            return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        };
        row.axis->addItem(utf8(axis.label), utf8(axis.id));
        row.axis->setItemData(row.axis->count() - 1,
                              tr("0 is %1, 1 is %2").arg(utf8(axis.low), utf8(axis.high)),
                              Qt::ToolTipRole);
    }
    row.low = new NumberField(tr("From"), {0, 1, 0.05, 2});
    row.high = new NumberField(tr("To"), {0, 1, 0.05, 2});
    auto* const remove = new IconButton(Icon::Close, tr("Remove tone axis %1").arg(index + 1));
    auto* const line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::kHalf);
    line->addWidget(row.axis, 3);
    line->addWidget(row.low, 1);
    line->addWidget(row.high, 1);
    line->addWidget(remove);
    m_tone.push_back(row);
    connect(row.axis, &QComboBox::activated, this, [this, index, field = row.axis] {
        change(Pace::Once, [&](VoiceContract& voice) {
            voice.tone[index].axis = field->currentData().toString().toStdString();
        });
    });
    const auto setBand = [this, index, row] {
        change(Pace::Typing, [&](VoiceContract& voice) {
            voice.tone[index].band = {row.low->value().value_or(0), row.high->value().value_or(1)};
        });
    };
    connect(row.low, &NumberField::valueEdited, this, setBand);
    connect(row.high, &NumberField::valueEdited, this, setBand);
    connect(remove, &IconButton::clicked, this, [this, index] {
        change(Pace::Once, [&](VoiceContract& voice) {
            voice.tone.erase(voice.tone.begin() + static_cast<std::ptrdiff_t>(index));
        });
    });
    return box;
}

void VoiceFields::rebuildTone(std::size_t count)
{
    clearLayout(m_toneLayout);
    m_tone.clear();
    for (std::size_t i = 0; i < count; ++i)
        m_toneLayout->addWidget(buildTone(i));
}

void VoiceFields::show(const VoiceContract& voice)
{
    m_shown = voice;
    const bool typing = m_wordsLow->hasFocus() || m_wordsHigh->hasFocus();
    if (voice.words) {
        m_wordsLow->setValue(voice.words->low);
        m_wordsHigh->setValue(voice.words->high);
    } else if (!typing) {
        m_wordsLow->setValue(std::nullopt);
        m_wordsHigh->setValue(std::nullopt);
    }
    if (m_tone.size() != voice.tone.size())
        rebuildTone(voice.tone.size());
    for (std::size_t i = 0; i < m_tone.size(); ++i) {
        const QSignalBlocker quiet(m_tone[i].axis);
        m_tone[i].axis->setCurrentIndex(
            m_tone[i].axis->findData(QString::fromStdString(voice.tone[i].axis)));
        m_tone[i].low->setValue(voice.tone[i].band.low);
        m_tone[i].high->setValue(voice.tone[i].band.high);
    }
    m_golden->setList(voice.golden);
}

} // namespace signalbox::ui
