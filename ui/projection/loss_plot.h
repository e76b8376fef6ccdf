// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ui/kit/plots.h>

#include <QString>

#include <array>
#include <optional>
#include <utility>
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

/// From 100 down to the policy's consistency, a step per pair of models: a waterfall over an axis
/// that names both ends and the gate, with a column for the loss and one for each of its two
/// factors. Steps are drawn in the order given.
class LossPlot : public PlotView
{
    Q_OBJECT
public:
    explicit LossPlot(QWidget* parent = nullptr);
    /// @param gate  least consistency, points of 100
    void setSteps(std::vector<LossStep> steps, std::optional<double> gate = std::nullopt);

    static constexpr std::size_t kColumns = 3; ///< loss, share of switches, noticeability

    /// Where everything stands; a value, so that a test can ask.
    struct Geometry
    {
        struct Row
        {
            QRectF words;
            QRectF bar;
        };
        struct Mark
        {
            double points = 0;
            QString text;
            QRectF box;
            double x = 0;
            bool isGate = false;
        };
        std::vector<Row> rows;
        std::vector<Mark> marks; ///< the gate, what is left, 100; no words where there is no room
        std::array<std::pair<double, double>, kColumns> columns; ///< left and right ends
        QRectF head;
        QRectF axis;
    };
    [[nodiscard]] Geometry geometryIn(const QRectF& rect) const;

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    [[nodiscard]] static QRectF cellIn(const QRectF& row, const Geometry& geometry,
                                       std::size_t column);
    void renderStep(QPainter& painter, const Geometry& geometry, std::size_t index) const;
    void renderAxis(QPainter& painter, const Geometry& geometry) const;
    [[nodiscard]] double left() const; ///< points that are left
    std::vector<LossStep> m_steps;
    std::optional<double> m_gate;
};

} // namespace signalbox::ui
