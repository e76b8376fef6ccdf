// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>

#include <QWidget>

#include <memory>
#include <optional>

namespace signalbox::ui {

/// When answers begin: the share of requests that have begun to be answered by a time, with the 95
/// % line, the limit of a gate, and the tail that went through a fallback in words.
class LatencyChartView : public QWidget
{
    Q_OBJECT
public:
    explicit LatencyChartView(QWidget* parent = nullptr);
    ~LatencyChartView() override;
    void setLatency(const LatencyView& latency, std::optional<double> gateMs);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
