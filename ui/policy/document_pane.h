// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspector_pane.h"

class QCheckBox;
class QGridLayout;

namespace signalbox::ui {

class TextLabel;

/// The policy as a whole in the inspector: name, how it decides, holdout, gates, answer style,
/// voice contract, monitoring, tests.
class DocumentPane final : public InspectorPane
{
    Q_OBJECT
public:
    explicit DocumentPane(Workbench& workbench, QWidget* parent = nullptr);

    void refresh(const PolicyDocument& document, const PolicySelection& selection) override;
    void focusPart(const PolicySelection& selection) override;
    void focusName() override;

private:
    void buildTitle();
    void buildDeciding();
    void buildHoldout();
    void buildGates();
    void buildAnswerStyle();
    void buildVoice();
    void buildMonitoring();
    void buildTests();
    void refreshHoldout(const PolicyDocument& document);
    void refreshGates(const PolicyDocument& document);
    void rebuildGates(std::size_t count);
    [[nodiscard]] QWidget* buildGate(std::size_t index);
    void refreshVoice(const VoiceContract& voice);
    void rebuildTone(std::size_t count);
    [[nodiscard]] QWidget* buildTone(std::size_t index);
    void refreshTests(const PolicyDocument& document);

    template<class Change> void editTitle(Pace pace, Change change);
    template<class Change> void editHoldout(Pace pace, Change change);
    template<class Change> void editGates(Pace pace, Change change);
    template<class Change> void editStyle(Pace pace, Change change);
    template<class Change> void editVoice(Pace pace, Change change);
    template<class Change> void editMonitoring(Pace pace, Change change);

    struct GateRow
    {
        ChoiceField* metric = nullptr;
        ChoiceField* bound = nullptr;
        NumberField* limit = nullptr;
        TextLabel* unit = nullptr;
        ChoiceField* scope = nullptr;
        TextLabel* verdict = nullptr;
    };
    struct ToneRow
    {
        ChoiceField* axis = nullptr;
        NumberField* low = nullptr;
        NumberField* high = nullptr;
    };

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
    QVBoxLayout* m_gatesLayout = nullptr;
    std::vector<GateRow> m_gates;
    QCheckBox* m_flatten = nullptr;
    QCheckBox* m_openers = nullptr;
    QCheckBox* m_closers = nullptr;
    NumberField* m_maxWords = nullptr;
    NumberField* m_wordsLow = nullptr;
    NumberField* m_wordsHigh = nullptr;
    QVBoxLayout* m_toneLayout = nullptr;
    std::vector<ToneRow> m_tone;
    TextField* m_golden = nullptr;
    TextField* m_outcomes = nullptr;
    NumberField* m_alpha = nullptr;
    NumberField* m_days = nullptr;
    QVBoxLayout* m_testsLayout = nullptr;
    PolicyDocument m_testsOf; ///< what the list of tests was made for
};

/// How a test of the policy went: nothing if it holds, else a sentence.
[[nodiscard]] QString testProblem(const PolicyDocument& document, const CompiledPolicy& policy,
                                  const PolicyTest& test);

} // namespace signalbox::ui
