// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "part_drop.h"

#include <QToolButton>

#include <optional>

class QAction;
class QMimeData;

namespace signalbox::ui {

/// A part of a policy in the tool bar. Dragged to the canvas it goes where it is let go; pressed it
/// does its action, which means what is selected, and says so where nothing is.
class PartButton final : public QToolButton
{
    Q_OBJECT
public:
    PartButton(FlowPart part, QAction* action, QWidget* parent = nullptr);

    /// The data of a drag, and the part of it; nullopt if it carries none.
    [[nodiscard]] static QMimeData* mimeOf(FlowPart part);
    [[nodiscard]] static std::optional<FlowPart> partOf(const QMimeData* mime);

signals:
    void placeWanted(const QString& sentence);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QPixmap label() const;

    FlowPart m_part;
    QPoint m_pressed;
};

} // namespace signalbox::ui
