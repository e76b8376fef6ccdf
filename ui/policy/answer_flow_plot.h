// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/behaviour_diff.h>
#include <ui/kit/plots.h>

#include <QPainterPath>
#include <QRectF>
#include <QString>

#include <vector>

namespace signalbox::ui {

/// Who answered before and who answers now: a bar of models on either side, requests that change
/// between them as bands, those that stay as pale ones. Bands are pressed; the list beside the plot
/// says the same by keyboard.
class AnswerFlowPlot : public PlotView
{
    Q_OBJECT
public:
    explicit AnswerFlowPlot(QWidget* parent = nullptr);
    /// `diff` must stay until the next call.
    void setDiff(const BehaviourDiff* diff);
    /// The flow that stands out, an index into BehaviourDiff::flows; -1: none.
    void setCurrentFlow(int flow);
    [[nodiscard]] int currentFlow() const { return m_current; }

    /// Where everything stands; a value, so that a test can ask.
    struct Geometry
    {
        struct End
        {
            int model = -1; ///< index into BehaviourDiff::models; -1: no answer
            std::size_t requests = 0;
            QRectF bar;
            QRectF label;
        };
        struct Band
        {
            int flow = -1;  ///< index into BehaviourDiff::flows; -1: requests that stay
            int model = -1; ///< whose colour it has: who answers now
            QPainterPath path;
        };
        std::vector<End> left;
        std::vector<End> right;
        std::vector<Band> bands; ///< those that stay first
    };
    [[nodiscard]] Geometry geometryIn(const QRectF& rect) const;

    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& rect) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void flowPressed(int flow);

protected:
    void mousePressEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] std::vector<Geometry::End> endsIn(const QRectF& rect, bool right) const;
    void addBands(Geometry& geometry) const;
    void renderEnd(QPainter& painter, const Geometry::End& end, bool right) const;

    const BehaviourDiff* m_diff = nullptr;
    int m_current = -1;
};

} // namespace signalbox::ui
