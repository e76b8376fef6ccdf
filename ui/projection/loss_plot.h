// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/plots.h>

#include <QString>

#include <vector>

namespace signalbox::ui {

/// What one pair of models takes away from consistency.
struct LossStep
{
    QString label;        ///< "gpt-4 and palm-2"
    double loss = 0;      ///< points of 100
    double seamShare = 0; ///< share of consecutive answers that switch between the two
    double noticeability = 0;
};

/// From 100 down to the policy's consistency, a step per pair of models: a waterfall. Steps are
/// drawn in the order given.
class LossPlot : public PlotView
{
    Q_OBJECT
public:
    explicit LossPlot(QWidget* parent = nullptr);
    void setSteps(std::vector<LossStep> steps);

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    std::vector<LossStep> m_steps;
};

} // namespace signalbox::ui
