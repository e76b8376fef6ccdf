// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/plots.h>
#include <ui/models/tasting_result.h>

#include <QScrollArea>

#include <functional>
#include <vector>

class QGridLayout;
class QPushButton;
class QTreeWidget;
class QVBoxLayout;

namespace signalbox::ui {

class Badge;
class EmptyState;
class JudgeBlock;
class SectionHeader;
class TextLabel;

/// What a tasting says, with the names: who is preferred, whether the raters agree, what readers
/// hear, and what of it may become part of the policy. A view: it holds what it was given.
class TastingResultView : public QScrollArea
{
    Q_OBJECT
public:
    explicit TastingResultView(QWidget* parent = nullptr);

    /// Asks for a place to save in; empty: nowhere. Tests give another.
    using AskForFile = std::function<QString(QWidget*, const QString& proposed)>;
    void setAskWhereToSave(AskForFile ask) { m_askWhereToSave = std::move(ask); }

    /// @param looks  place of each model of the result in the policy; -1: gone
    void setResult(TastingResult result, std::vector<int> looks);
    void setMessage(const QString& title, const QString& hint); ///< shown instead
    /// What the policy has by now of what is proposed.
    void setApplied(bool contract, bool gate);
    [[nodiscard]] const TastingResult& result() const { return m_result; }
    [[nodiscard]] PlotTable modelTable() const;
    [[nodiscard]] PlotTable pairTable() const;
    [[nodiscard]] JudgeBlock& judges() { return *m_judges; }

signals:
    void backRequested();
    void contractChosen();
    void gateChosen();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildHead(QVBoxLayout* layout);
    void buildPreference(QVBoxLayout* layout);
    void buildHearing(QVBoxLayout* layout);
    void buildTone(QVBoxLayout* layout);
    void buildProposals(QVBoxLayout* layout);
    void buildJudges(QVBoxLayout* layout);
    void saveTable(const QString& fileName, const PlotTable& table);
    TextLabel* addText(QVBoxLayout* layout, const char* name);
    QTreeWidget* addTable(QVBoxLayout* layout, const char* object, const QString& name);
    void addSaving(SectionHeader* header, const PlotView* plot, const QString& fileName);
    void addTableSaving(SectionHeader* header, const QString& what, const QString& fileName,
                        const std::function<PlotTable()>& table);
    void fillPreference();
    void fillHearing();
    void fillTone();
    void fillProposals();
    void fillTable(QTreeWidget* tree, const PlotTable& table, int names);
    [[nodiscard]] QString agreementWords() const;
    [[nodiscard]] QString orderWords() const; ///< whether the order on screen mattered
    [[nodiscard]] int lookOf(const ModelId& model) const;

    AskForFile m_askWhereToSave;
    TastingResult m_result;
    std::vector<int> m_looks;
    QWidget* m_content = nullptr;
    EmptyState* m_empty = nullptr;
    Badge* m_simulated = nullptr;
    SectionHeader* m_preferenceHeader = nullptr;
    IntervalPlot* m_preference = nullptr;
    TextLabel* m_agreement = nullptr;
    QTreeWidget* m_models = nullptr;
    SectionHeader* m_hearingHeader = nullptr;
    IntervalPlot* m_hearing = nullptr;
    TextLabel* m_hearingWords = nullptr;
    QTreeWidget* m_pairs = nullptr;
    QWidget* m_tone = nullptr; ///< without ratings there is none
    QGridLayout* m_toneGrid = nullptr;
    TextLabel* m_contract = nullptr;      ///< what is proposed
    TextLabel* m_contractWords = nullptr; ///< why, and what is doubtful
    QPushButton* m_setContract = nullptr;
    TextLabel* m_gate = nullptr;
    TextLabel* m_gateWords = nullptr;
    QPushButton* m_setGate = nullptr;
    JudgeBlock* m_judges = nullptr; ///< what machines said: the last, and apart
};

} // namespace signalbox::ui
