// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspector_pane.h"

class QCheckBox;
class QPushButton;

namespace signalbox::ui {

class Badge;
class TextLabel;

/// A model in the inspector: where it is asked, what it costs, how it should sound.
class ModelPane final : public InspectorPane
{
    Q_OBJECT
public:
    explicit ModelPane(Workbench& workbench, QWidget* parent = nullptr);

    void refresh(const PolicyDocument& document, const PolicySelection& selection) override;
    void focusPart(const PolicySelection& selection) override;
    void focusName() override;

private:
    void buildConnection();
    void buildPrice();
    void buildRest();
    void showPrice(const ModelSpec& model);
    void showListed(const ModelSpec& model);
    void takeListed();
    void showAge(const ModelSpec& model);
    void showUses(const PolicyDocument& document);
    void setKeyReference();
    void setPrice();
    template<class Change> void edit(Pace pace, Change change);

    ModelId m_id;
    ModelId m_pricing; ///< whose price is being typed and not known yet
    TextField* m_name = nullptr;
    ChoiceField* m_provider = nullptr;
    TextField* m_upstream = nullptr;
    TextField* m_baseUrl = nullptr;
    QWidget* m_address = nullptr; ///< base URL and key, which the simulator has not
    ChoiceField* m_keyKind = nullptr;
    TextField* m_keyName = nullptr;
    QCheckBox* m_priceKnown = nullptr;
    QWidget* m_priceFields = nullptr;
    NumberField* m_input = nullptr;
    NumberField* m_output = nullptr;
    TextField* m_asOf = nullptr;
    TextLabel* m_listed = nullptr; ///< what the price book says
    QPushButton* m_takeListed = nullptr;
    Badge* m_age = nullptr; ///< of a price that is old
    NumberField* m_context = nullptr;
    NoteField* m_styleGuide = nullptr;
    QPushButton* m_baseline = nullptr;
    TextLabel* m_uses = nullptr;
};

} // namespace signalbox::ui
