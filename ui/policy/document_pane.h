// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspector_pane.h"

#include <string_view>

class QCheckBox;

namespace signalbox::ui {

class AnswerStyleFields;
class GateList;
class GroupList;
class TestList;
class VoiceFields;

/// The policy as a whole in the inspector: name, how it decides, holdout, headings, gates, answer
/// style, voice contract, monitoring, tests.
class DocumentPane final : public InspectorPane
{
    Q_OBJECT
public:
    explicit DocumentPane(Workbench& workbench, QWidget* parent = nullptr);

    void refresh(const PolicyDocument& document, const PolicySelection& selection) override;
    void focusPart(const PolicySelection& selection) override;
    void focusName() override;
    [[nodiscard]] QWidget* partOf(const PolicySelection& selection) override;

private:
    void buildTitle();
    void buildDeciding();
    void buildHoldout();
    void buildGroups();
    void buildGates();
    void buildAnswerStyle();
    void buildVoice();
    void buildMonitoring();
    void buildTests();
    [[nodiscard]] QWidget* sectionOf(std::string_view path) const;
    void refreshHoldout(const PolicyDocument& document);

    template<class Change> void editTitle(Pace pace, Change change);
    template<class Change> void editHoldout(Pace pace, Change change);
    template<class Change> void editMonitoring(Pace pace, Change change);

    TextField* m_name = nullptr;
    TextField* m_id = nullptr;
    NoteField* m_note = nullptr;
    ChoiceField* m_decideBy = nullptr;
    ModelField* m_baseline = nullptr;
    QCheckBox* m_hasHoldout = nullptr;
    QWidget* m_holdoutFields = nullptr;
    NumberField* m_holdoutShare = nullptr;
    ChoiceField* m_holdoutUnit = nullptr;
    ModelField* m_holdoutModel = nullptr;
    TextField* m_holdoutSalt = nullptr;
    GroupList* m_groups = nullptr;
    GateList* m_gates = nullptr;
    AnswerStyleFields* m_style = nullptr;
    VoiceFields* m_voice = nullptr;
    TextField* m_outcomes = nullptr;
    NumberField* m_alpha = nullptr;
    NumberField* m_days = nullptr;
    TestList* m_tests = nullptr;
};

} // namespace signalbox::ui
