// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/traffic/traffic.h>

#include <QTreeWidget>

#include <vector>

namespace signalbox::ui {

/// A few requests of the traffic, one a line: a value, a detail, the message, each under its head.
/// Enter or a click asks to try one.
class RequestList final : public QTreeWidget
{
    Q_OBJECT
public:
    struct Line
    {
        std::size_t row = 0; ///< of the traffic
        QString value;
        QString detail; ///< between value and message
    };

    explicit RequestList(const QString& name, QWidget* parent = nullptr);

    /// What the values and the details are, with their units.
    void setHeads(const QString& value, const QString& detail);
    void setLines(const Traffic& traffic, const std::vector<Line>& lines);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

signals:
    void requestChosen(std::size_t row);
};

/// The message to answer in one line, without line breaks; what a list shows of a request.
[[nodiscard]] QString messageLine(const Request& request);
[[nodiscard]] QString messageLine(std::string_view message);

} // namespace signalbox::ui
