// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "judging.h"

#include <core/providers/provider.h>

#include <QObject>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox {

class EvidenceStore;

/// Where a judging belongs and what it asks.
struct JudgeTask
{
    RunId run;
    TastingNumber tasting = 0;
    Tasting sheet;
    /// A new one, or one that was left: what was said there is not asked again.
    Judging judging;
    /// Of the same tasting: what this judge has said there to exactly the same request is taken.
    std::vector<Judging> others = {};
    ModelSpec model; ///< the judge, with its price if that is known
    int inFlightHere = 1;
};

struct JudgeProgress
{
    std::size_t total = 0;  ///< calls of the plan
    std::size_t said = 0;   ///< of these
    std::size_t failed = 0; ///< in this run, or left so
    std::size_t running = 0;
    std::optional<Money> spent; ///< known part, earlier runs of the judging included
};

/// Asks a judge what is left of its judging, by the same lane as a lab run: limits of servers,
/// repetitions, caps. Each call is marked in the store when it is sent and kept when it is said;
/// nothing of it is ever an answer, a cell or a vote there, so that no measure can come across it.
/// Lives on the GUI thread, which it never blocks; owned by whoever shows it.
class JudgeRun : public QObject
{
    Q_OBJECT
public:
    /// Providers and store must outlive it. @param store  null: nothing is kept
    JudgeRun(JudgeTask task, const ProviderRegistry& providers, EvidenceStore* store,
             QObject* parent = nullptr);
    ~JudgeRun() override;

    void start(); ///< goes on if it is paused
    void pause(); ///< lets running calls finish
    void stop();
    void setCaps(const RunCaps& caps);    ///< kept with the judging
    [[nodiscard]] bool isRunning() const; ///< pauses included
    [[nodiscard]] bool isPaused() const;
    /// What holds it back although nobody paused it.
    [[nodiscard]] const std::optional<CapReached>& capReached() const;
    [[nodiscard]] JudgeProgress progress() const;
    [[nodiscard]] const Judging& judging() const; ///< so far
    /// Why the last call failed: a sentence; empty if none did.
    [[nodiscard]] const std::string& lastFailure() const;

signals:
    void changed(); ///< something was sent, said or held back
    void capWasReached(const signalbox::CapReached& reached);
    void finished(); ///< everything was said, has failed or was stopped

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox
