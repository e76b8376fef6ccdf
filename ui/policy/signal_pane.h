// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspector_pane.h"

class QCheckBox;

namespace signalbox::ui {

class Callout;
class HistogramView;
class ScoreEditor;
class TextLabel;
class TimeWindowFields;
class UsageFields;

/// A signal in the inspector: what it reads and how, with an editor per kind of source, and how the
/// traffic spreads over it.
class SignalPane final : public InspectorPane
{
    Q_OBJECT
public:
    explicit SignalPane(Workbench& workbench, QWidget* parent = nullptr);

    void refresh(const PolicyDocument& document, const PolicySelection& selection) override;
    void focusPart(const PolicySelection& selection) override;
    void focusName() override;

private:
    void buildName();
    void buildSources();
    void buildRest();
    void chooseSource(std::size_t kind);
    /// Makes the fields of a kind of source; they are shown by showSource().
    [[nodiscard]] QWidget* buildSource(std::size_t kind);
    void buildScore(QVBoxLayout* layout);
    void buildKeywords(QVBoxLayout* layout);
    void buildRegex(QVBoxLayout* layout);
    void buildStyle(QVBoxLayout* layout);
    void buildProperty(QVBoxLayout* layout);
    void addScopeField(QVBoxLayout* layout);
    template<class Source>
    void addTextField(QVBoxLayout* layout, const QString& caption, std::string Source::* member);
    template<class Source> void addTypeField(QVBoxLayout* layout);
    template<class Source, class Choice>
    void addChoiceField(QVBoxLayout* layout, const QString& caption, Choice Source::* member,
                        const std::vector<std::pair<Choice, QString>>& choices);
    void showSource(const PolicyDocument& document, const Signal& signal);
    void showTable(const StyleSource& source);
    void showHistogram(const PolicyDocument& document, const Signal& signal);
    void showUses(const PolicyDocument& document);
    template<class Source, class Change> void editSource(Pace pace, Change change);
    template<class Change> void edit(Pace pace, Change change);

    SignalId m_id;
    TextField* m_name = nullptr;
    ChoiceField* m_kind = nullptr;
    QVBoxLayout* m_sourceLayout = nullptr;
    QWidget* m_source = nullptr;
    std::size_t m_shownKind = static_cast<std::size_t>(-1);
    // Of the shown source; null where it has none of them.
    ScoreEditor* m_score = nullptr;
    ChoiceField* m_scope = nullptr;
    ChoiceField* m_choice = nullptr; ///< measure, match, fallback, property
    NoteField* m_words = nullptr;
    TextField* m_text = nullptr;
    QCheckBox* m_ignoreCase = nullptr;
    TextLabel* m_problem = nullptr;
    Callout* m_notice = nullptr;
    TextLabel* m_tableNote = nullptr;
    ChoiceField* m_type = nullptr;
    ChoiceField* m_role = nullptr;
    TimeWindowFields* m_window = nullptr;
    UsageFields* m_usage = nullptr;
    HistogramView* m_histogram = nullptr;
    // What the histogram was made of.
    SignalId m_histogramId;
    std::vector<Signal> m_histogramOf;
    std::shared_ptr<const Traffic> m_histogramTraffic;
    std::shared_ptr<const UserStyles> m_histogramStyles;
    TextLabel* m_uses = nullptr;
    NoteField* m_note = nullptr;
};

} // namespace signalbox::ui
