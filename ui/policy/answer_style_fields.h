// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/answer_style.h>

#include <QWidget>

#include <array>

class QCheckBox;

namespace signalbox::ui {

/// How answers are evened out: of the whole policy, or of one call.
class AnswerStyleFields final : public QWidget
{
    Q_OBJECT
public:
    explicit AnswerStyleFields(QWidget* parent = nullptr);
    void setStyle(const AnswerStyle& style);
    using QWidget::setStyle;

signals:
    void edited(const signalbox::AnswerStyle& style, signalbox::ui::Pace pace);

private:
    AnswerStyle m_style;
    std::array<QCheckBox*, 3> m_flags{};
    NumberField* m_maxWords = nullptr;
};

} // namespace signalbox::ui
