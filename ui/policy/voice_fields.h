// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

/// The voice contract in the inspector: length, tone and golden answers that every model should
/// keep to. Shows a value and announces the changed one.
class VoiceFields final : public QWidget
{
    Q_OBJECT
public:
    explicit VoiceFields(QWidget* parent = nullptr);

    void show(const VoiceContract& voice);
    using QWidget::show;

signals:
    void edited(const signalbox::VoiceContract& voice, signalbox::ui::Pace pace);

private:
    struct ToneRow
    {
        ChoiceField* axis = nullptr;
        NumberField* low = nullptr;
        NumberField* high = nullptr;
    };
    void rebuildTone(std::size_t count);
    [[nodiscard]] QWidget* buildTone(std::size_t index);
    template<class Change> void change(Pace pace, Change change);

    VoiceContract m_shown;
    NumberField* m_wordsLow = nullptr;
    NumberField* m_wordsHigh = nullptr;
    QVBoxLayout* m_toneLayout = nullptr;
    std::vector<ToneRow> m_tone;
    TextField* m_golden = nullptr;
};

} // namespace signalbox::ui
