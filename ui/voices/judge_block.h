// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/plots.h>
#include <ui/models/tasting_result.h>

#include <QWidget>

#include <functional>
#include <vector>

class QPushButton;
class QVBoxLayout;

namespace signalbox {
class JudgeRun;
}

namespace signalbox::ui {

class ProgressStrip;
class TextLabel;

/// What models said as judges of a tasting, below and apart from what people said and what was
/// measured: how far they are to be believed first, then what they prefer. A view: it holds what it
/// was given.
class JudgeBlock : public QWidget
{
    Q_OBJECT
public:
    explicit JudgeBlock(QWidget* parent = nullptr);

    /// Writes a table, asking where to; see TastingResultView.
    using SaveTable = std::function<void(const QString& fileName, const PlotTable& table)>;
    void setSaveTable(SaveTable save) { m_saveTable = std::move(save); }

    /// @param models, looks  of the tasting; see TastingResultView::setResult()
    void setResults(const std::vector<JudgeResult>& judges, std::vector<ModelId> models,
                    std::vector<int> looks);
    /// @param run  of this tasting; null: none
    /// @param isElsewhere  a judge is at work on another tasting
    void showRun(const JudgeRun* run, bool isElsewhere);
    /// What each call came to: provenance, judge, prompt, models, the verdicts of both orders.
    [[nodiscard]] static PlotTable verdictTable(const JudgeResult& judge);

signals:
    void askRequested();
    void restRequested(const signalbox::ModelId& judge);
    void pauseRequested(); ///< or to go on
    void stopRequested();
    void raiseRequested(); ///< what held it is to hold no more

private:
    void buildRun(QVBoxLayout* layout);
    void addJudge(const JudgeResult& judge);
    void addHead(const JudgeResult& judge, QVBoxLayout* layout);
    void addText(const QString& text, const char* name, QVBoxLayout* layout);
    void addAgreement(const JudgeResult& judge, QVBoxLayout* layout);
    void addPreference(const JudgeResult& judge, QVBoxLayout* layout);
    void addTones(const JudgeResult& judge, QVBoxLayout* layout);
    [[nodiscard]] int lookOf(const ModelId& model) const;

    SaveTable m_saveTable;
    std::vector<ModelId> m_models;
    std::vector<int> m_looks;
    TextLabel* m_about = nullptr;
    QWidget* m_running = nullptr;
    ProgressStrip* m_progress = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_raise = nullptr;
    TextLabel* m_problem = nullptr;
    QVBoxLayout* m_judges = nullptr;
    QPushButton* m_ask = nullptr;
    std::vector<QPushButton*> m_rest;
};

} // namespace signalbox::ui
