// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/lab/lab_run.h>
#include <core/voice/row_spread.h>

#include <QObject>

#include <optional>
#include <vector>

namespace signalbox::ui {

struct AnswerSize
{
    int words = 0;
    int sentences = 0;
};

/// How long the answers of a run are and in which style, each measured once, when it is whole; long
/// ones, and the many of a large run that is shown, on a worker. Lives on the GUI thread.
class AnswerSizes : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Forgets another run's and counts what this one has: the first rows at once, the rest a
    /// moment later. It must live until the next call.
    void setRun(const LabRun& run);
    void update(const CellId& id); ///< its state changed
    /// Of a done answer; nullopt until it has been counted.
    [[nodiscard]] std::optional<AnswerSize> of(const CellId& id) const;
    /// Null for as long; stays where it is until the answer changes.
    [[nodiscard]] const StyleVector* styleOf(const CellId& id) const;

signals:
    void counted(const signalbox::CellId& id); ///< later than update() asked for it
    void manyCounted();                        ///< later than setRun() asked for them

private:
    [[nodiscard]] std::size_t placeOf(const CellId& id) const;
    struct Measured
    {
        AnswerSize size;
        StyleVector style{};
    };
    [[nodiscard]] static Measured measured(const std::string& text);
    void countElsewhere(std::vector<CellId> ids);

    const LabRun* m_run = nullptr;
    std::vector<std::optional<Measured>> m_measured; ///< per cell
    quint64 m_runNumber = 0; ///< what was counted for an older run is dropped
};

} // namespace signalbox::ui
