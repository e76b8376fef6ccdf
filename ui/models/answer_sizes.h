// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/lab_run.h>

#include <QObject>

#include <optional>
#include <vector>

namespace signalbox::ui {

struct AnswerSize
{
    int words = 0;
    int sentences = 0;
};

/// How long the answers of a run are, each counted once, when it is whole; long ones on a worker.
/// Lives on the GUI thread.
class AnswerSizes : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Forgets another run's and counts what this one has. It must live until the next call.
    void setRun(const LabRun& run);
    void update(const CellId& id); ///< its state changed
    /// Of a done answer; nullopt until it has been counted.
    [[nodiscard]] std::optional<AnswerSize> of(const CellId& id) const;

signals:
    void counted(const signalbox::CellId& id); ///< later than update() asked for it

private:
    [[nodiscard]] std::size_t placeOf(const CellId& id) const;
    void countElsewhere(const CellId& id);

    const LabRun* m_run = nullptr;
    std::vector<std::optional<AnswerSize>> m_sizes; ///< per cell
    quint64 m_runNumber = 0; ///< what was counted for an older run is dropped
};

} // namespace signalbox::ui
