// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>

#include <QString>
#include <QWidget>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// Projected cost against consistency: the policy as a large bullseye with both intervals, its
/// revisions as a fading trail of small ones, single models in their own marks, the random mix and
/// the rule by length as thin lines with their names, what a search found as discs with their
/// numbers, and the region that the gates forbid shaded.
class CostChartView : public QWidget
{
    Q_OBJECT
public:
    explicit CostChartView(QWidget* parent = nullptr);
    ~CostChartView() override;

    /// @param models  of the policy, in order: their places decide colours and marks
    /// @param revision  of the policy: "r7"; empty: its name stands alone
    void setPoints(const std::vector<FrontierPoint>& points,
                   const std::optional<FrontierPoint>& policy, const std::vector<ModelId>& models,
                   const QString& revision = {});
    /// Names the line of the rule by length.
    void setBaseline(const ModelId& model);
    void setGates(const std::vector<Gate>& gates, std::optional<double> baselineCostPer1k);
    /// Which point is selected, by its kind and name; its intervals are drawn. Until setPoints().
    void setChosen(FrontierPoint::Kind kind, const std::string& name);
    /// Which of what was found is best; its mark says so. Takes effect with setPoints().
    void setBest(const std::string& name);
    /// SVG, PNG or CSV by the name's end. A sentence if it failed.
    [[nodiscard]] std::optional<QString> writeTo(const QString& path);

signals:
    /// A mark was clicked.
    void pointChosen(signalbox::FrontierPoint::Kind kind, const std::string& name);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
