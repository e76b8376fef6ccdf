// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "score_words.h"

#include <QFrame>

class QVBoxLayout;

namespace signalbox::ui {

/// What opens under a number of the scoreboard: its meaning, what it rests on, its gates. Closes
/// with Escape or a click elsewhere.
class ReasonPopup : public QFrame
{
    Q_OBJECT
public:
    explicit ReasonPopup(QWidget* window);
    void showFor(const ScoreReason& reason, const QWidget& tile);

signals:
    void detailsRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_layout = nullptr;
};

} // namespace signalbox::ui
