// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/routing/attempt_machine.h>

#include <QRectF>
#include <QString>
#include <QWidget>

#include <vector>

namespace signalbox::ui {

/// Where the attempts of one request lie on a line of time; the arithmetic without the window.
struct TimelineGeometry
{
    double spanMs = 1; ///< what the width stands for
    qreal left = 0;
    qreal width = 1;
    [[nodiscard]] qreal xAt(double ms) const;
};

/// Attempts below each other as bars in time: who was asked when, and what became of it.
class AttemptTimeline final : public QWidget
{
    Q_OBJECT
public:
    explicit AttemptTimeline(QWidget* parent = nullptr);

    void show(const PlanOutcome& outcome, const PolicyDocument& document);
    using QWidget::show;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Bar
    {
        int model = -1;
        QString name;
        double startMs = 0;
        double endMs = 0;
        bool delivered = false;
        QString result;
    };
    std::vector<Bar> m_bars;
    double m_answerMs = 0;
    bool m_answered = false;
    double m_spanMs = 1;
};

} // namespace signalbox::ui
