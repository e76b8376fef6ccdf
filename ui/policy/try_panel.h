// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_trail.h"
#include "try_request.h"

#include <ui/models/workbench.h>

#include <QWidget>

#include <optional>
#include <vector>

class QPushButton;
class QTimer;
class QVBoxLayout;

namespace signalbox::ui {

class AttemptTimeline;
class Callout;
class ElidedLabel;
class RequestForm;
class SearchField;
class TextLabel;
class TraceModel;
class TraceView;
class WayHeadline;

/// Tries one request, typed or taken from the traffic, against the shown policy: its way with every
/// value that a condition saw, near misses in words, and what would happen if a model failed.
class TryPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit TryPanel(Workbench& workbench, QWidget* parent = nullptr);
    ~TryPanel() override;

    /// Takes a request of the traffic.
    void tryRow(std::size_t row);
    void tryRequest(const Request& request);
    [[nodiscard]] const std::optional<Trace>& trace() const { return m_trace; }
    void focusMessage();

signals:
    /// The way of the tried request, or none while there is nothing to try.
    void trailChanged(const std::optional<signalbox::ui::FlowTrail>& trail);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void buildPicker();
    void buildResult(QVBoxLayout* outer);
    void buildWay();
    void buildNearMisses(QVBoxLayout* outer);
    void buildOutcomes();
    void buildKeep();
    void pickRandom();
    void step(int delta);
    void search(const QString& text);
    /// The request was changed by hand: it is no row of the traffic any more.
    void edited();
    void decideSoon();
    void decide();
    void showWay();
    void showNearMisses();
    void refreshOutcomes();
    [[nodiscard]] TriedPlan tried() const;
    void carryOut();
    void keepAsTest();
    [[nodiscard]] const Plan* rootPlan() const;

    Workbench& m_workbench;
    std::optional<std::size_t> m_row;
    PolicyDocument m_document;              ///< the trace's
    std::optional<CompiledPolicy> m_policy; ///< the last one that could decide, to be reused
    std::optional<Trace> m_trace;
    std::map<std::string, WhatIf> m_outcomes;
    std::map<std::string, std::size_t> m_forcedArms;

    QTimer* m_settle = nullptr;
    QVBoxLayout* m_layout = nullptr;
    TextLabel* m_rowLabel = nullptr;
    SearchField* m_search = nullptr;
    QWidget* m_picker = nullptr;
    RequestForm* m_form = nullptr;
    QWidget* m_wayBox = nullptr;
    QWidget* m_result = nullptr;
    WayHeadline* m_headline = nullptr;
    Callout* m_problem = nullptr;
    TextLabel* m_arms = nullptr;
    TraceModel* m_model = nullptr;
    TraceView* m_tree = nullptr;
    QWidget* m_nearBox = nullptr;
    QVBoxLayout* m_nearMisses = nullptr; ///< a sentence each
    QWidget* m_outcomeBox = nullptr;
    QVBoxLayout* m_outcomeFields = nullptr;
    TextLabel* m_outcomeHeadline = nullptr;
    AttemptTimeline* m_timeline = nullptr;
    TextLabel* m_outcomeNotes = nullptr;
    QPushButton* m_keep = nullptr;
};

} // namespace signalbox::ui
