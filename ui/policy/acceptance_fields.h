// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "fields.h"

#include <core/policy/document.h>

#include <QWidget>

class QCheckBox;

namespace signalbox::ui {

class TextLabel;

/// What a cascade holds answers against.
class AcceptanceFields final : public QWidget
{
    Q_OBJECT
public:
    explicit AcceptanceFields(QWidget* parent = nullptr);
    void setAcceptance(const Acceptance& accept, const std::vector<ModelSpec>& models);

signals:
    void edited(const signalbox::Acceptance& accept, signalbox::ui::Pace pace);

private:
    void buildText();
    void buildVerifier();
    void refreshProblem();
    /// Changes the acceptance and says so.
    template<class Change> void change(Pace pace, Change change);

    Acceptance m_accept;
    ModelId m_firstModel; ///< for a verifier that is new
    NoteField* m_refusals = nullptr;
    TextLabel* m_problem = nullptr;
    NumberField* m_minWords = nullptr;
    NumberField* m_maxWords = nullptr;
    NumberField* m_logProb = nullptr;
    QCheckBox* m_hasVerifier = nullptr;
    QWidget* m_verifier = nullptr;
    ModelField* m_model = nullptr;
    NoteField* m_instruction = nullptr;
    NumberField* m_catches = nullptr;
    NumberField* m_falseAlarms = nullptr;
};

} // namespace signalbox::ui
