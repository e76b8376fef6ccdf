// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/projection.h>

#include <QString>
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
    /// SVG, PNG or CSV by the name's end. A sentence if it failed.
    [[nodiscard]] std::optional<QString> writeTo(const QString& path);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
