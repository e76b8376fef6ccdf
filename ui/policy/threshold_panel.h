// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "request_list.h"

#include <core/policy/document.h>
#include <ui/models/workbench.h>

#include <QWidget>

#include <compare>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace signalbox::ui {

class EmptyState;
struct Threshold;
class HistogramView;
class TextLabel;

/// A numeric comparison of a rule on the histogram of its signal over the traffic: its threshold,
/// or one per answer style, is a line to drag. While it is dragged the edit is a preview that all
/// numbers follow; when it is let go it is one undo step. Both sides have their count and cost;
/// below are the requests nearest to the line.
class ThresholdPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit ThresholdPanel(Workbench& workbench, QWidget* parent = nullptr);
    ~ThresholdPanel() override;

    /// Shows the comparison at `path` of the rule's condition, or hides if it has no threshold.
    void show(const PolicyDocument& document, const Rule& rule, const std::string& path);
    using QWidget::show;
    void showNothing();
    [[nodiscard]] HistogramView& histogram() { return *m_histogram; }

    /// The comparison that is edited on a histogram: the one at `path` if it orders numbers, else
    /// the first such one in the condition. Its path, or nothing.
    [[nodiscard]] static std::optional<std::string>
    thresholdPath(const PolicyDocument& document, const Condition& root, const std::string& path);

signals:
    void requestChosen(std::size_t row);

private:
    void loadValues(const PolicyDocument& document, const Rule& rule, const SignalId& signal);
    void showCounted(bool isRuleOn);
    void showMargin(const Rule& rule, const Compare& compare, const std::vector<Threshold>& lines);
    void showThresholds(const Rule& rule, const Compare& compare);
    void showNearest();
    void showCosts();
    [[nodiscard]] std::vector<RequestList::Line> nearestLines(std::size_t split) const;
    [[nodiscard]] std::optional<Edit> editFor(const QString& id, double value) const;

    Workbench& m_workbench;
    HistogramView* m_histogram = nullptr;
    TextLabel* m_empty = nullptr;
    TextLabel* m_counted = nullptr;
    TextLabel* m_near = nullptr; ///< how many the rule's margin claims
    TextLabel* m_nearestTitle = nullptr;
    RequestList* m_nearest = nullptr;
    RuleId m_rule;
    RuleId m_countedFor; ///< whose requests are shown
    std::string m_path;
    std::tuple<RuleId, std::string, int> m_costsOf; ///< rule, path and line
    /// A request that is counted. Those of one value that ask the same stand together.
    struct Counted
    {
        double value = 0;
        std::uint32_t message = 0; ///< equal texts, equal numbers
        std::uint32_t row = 0;
        auto operator<=>(const Counted&) const = default;
    };
    std::vector<Counted> m_sorted;
    std::vector<std::uint32_t> m_messages; ///< numbers of those of m_messagesOf, per row
    std::shared_ptr<const Traffic> m_messagesOf;
    std::size_t m_reaching = 0;     ///< requests that the rules above leave to this one
    bool m_reachingIsKnown = false; ///< else all are counted
    quint64 m_gesture = 0;          ///< lines moved by keys, one after the other, are one step
    // What they were read for.
    SignalId m_signal;
    PolicyDocument m_above; ///< with the rules above only
    std::shared_ptr<const Traffic> m_traffic;
    std::shared_ptr<const UserStyles> m_styles;
};

} // namespace signalbox::ui
