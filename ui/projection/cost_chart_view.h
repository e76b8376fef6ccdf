// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>

#include <QString>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// Projected cost against consistency: the policy large with both intervals, its revisions as a
/// fading trail, single models in their own marks, the random mix and the rule by length as lines,
/// and the region that the gates forbid shaded.
class CostChartView : public QWidget
{
    Q_OBJECT
public:
    explicit CostChartView(QWidget* parent = nullptr);
    ~CostChartView() override;

    /// @param models  of the policy, in order: their places decide colours and marks
    void setPoints(const std::vector<FrontierPoint>& points,
                   const std::optional<FrontierPoint>& policy, const std::vector<ModelId>& models);
    void setGates(const std::vector<Gate>& gates, std::optional<double> baselineCostPer1k);
    /// SVG, PNG or CSV by the name's end. A sentence if it failed.
    [[nodiscard]] std::optional<QString> writeTo(const QString& path);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
