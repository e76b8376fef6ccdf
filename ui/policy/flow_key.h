// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "flow_layout.h"

#include <QWidget>

#include <vector>

namespace signalbox::ui {

/// The kinds of edges that a flow has, in the order of the enum, if they are drawn in more than one
/// style; else nothing, since there is nothing to tell apart.
[[nodiscard]] std::vector<FlowEdge::Kind> stylesOf(const FlowLayout& layout);

/// What the styles of the lines on the canvas mean, in a corner of it: those that are there. Its
/// owner shows it while it has something to say and a corner is free.
class FlowKey final : public QWidget
{
    Q_OBJECT
public:
    explicit FlowKey(QWidget* parent);

    void setFlow(const FlowLayout& layout);
    /// The styles that it explains.
    [[nodiscard]] const std::vector<FlowEdge::Kind>& kinds() const { return m_kinds; }
    /// Neither styles nor widths are there to explain.
    [[nodiscard]] bool isEmpty() const { return rows() == 0; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fitWords();
    [[nodiscard]] int rows() const;

    std::vector<FlowEdge::Kind> m_kinds;
    bool m_hasWidths = false; ///< that mean something: the traffic is known
};

} // namespace signalbox::ui
