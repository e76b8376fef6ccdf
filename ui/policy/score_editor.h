// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "condition_editor.h"

#include <core/policy/document.h>
#include <core/routing/compiled_policy.h>
#include <core/traffic/traffic.h>

#include <QWidget>

#include <memory>
#include <vector>

class QVBoxLayout;

namespace signalbox::ui {

class RequestList;
class TextLabel;

/// A score with its terms: base, what each term adds and when, the clamp, and requests of the
/// traffic with the score that they get and why. Shows a value and announces the changed one.
class ScoreEditor final : public QWidget
{
    Q_OBJECT
public:
    explicit ScoreEditor(QWidget* parent = nullptr);

    void setScore(const PolicyDocument& document, const SignalId& id,
                  std::shared_ptr<const Traffic> traffic);
    void focusFirst();

signals:
    void edited(const signalbox::ScoreSource& score, signalbox::ui::Pace pace);
    void requestChosen(std::size_t row);

private:
    void buildRange();
    void buildExamples();
    void rebuildTerms();
    void refreshTerms();
    void refreshExamples();
    [[nodiscard]] QWidget* buildTerm(std::size_t index);
    template<class Change> void change(Pace pace, Change change);

    SignalId m_id;
    ScoreSource m_score;
    PolicyDocument m_document;
    std::vector<Signal> m_inputs; ///< signals that a term may use: all but scores
    std::shared_ptr<const Traffic> m_traffic;
    std::size_t m_exampleSeed = 0;
    QVBoxLayout* m_layout = nullptr;
    NumberField* m_base = nullptr;
    NumberField* m_min = nullptr;
    NumberField* m_max = nullptr;
    QVBoxLayout* m_terms = nullptr;
    std::vector<std::pair<NumberField*, ConditionEditor*>> m_rows;
    QWidget* m_exampleBox = nullptr;
    RequestList* m_examples = nullptr;
};

/// What a score gives a request, term by term.
struct ScoreBreakdown
{
    double score = 0;
    std::vector<std::size_t> terms; ///< indices of the terms that held
    bool operator==(const ScoreBreakdown&) const = default;
};

/// Asks the decision function itself, for the signals alone: rules that are broken do not matter.
class ScoreExplainer
{
public:
    /// Nothing if the signals cannot be compiled.
    [[nodiscard]] static std::optional<ScoreExplainer> make(const PolicyDocument& document,
                                                            const SignalId& score);
    [[nodiscard]] ScoreBreakdown explain(const Request& request) const;

private:
    ScoreExplainer(CompiledPolicy policy, SignalId score)
        : m_policy(std::move(policy)), m_score(std::move(score))
    {}
    CompiledPolicy m_policy;
    SignalId m_score;
};

} // namespace signalbox::ui
