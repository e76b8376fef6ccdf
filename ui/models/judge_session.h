// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasting_session.h"

#include <core/lab/judge_run.h>
#include <core/lab/run_forecast.h>

#include <QObject>
#include <QString>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

class Workbench;

/// What a judge would take, before anything is sent.
struct JudgePreflight
{
    std::size_t calls = 0;
    std::size_t pairs = 0;   ///< each in both orders
    std::size_t answers = 0; ///< rated for their tone, each twice
    std::size_t common = 0;  ///< of the pairs, those that people have judged too
    bool judgesItself = false;
    RunForecast forecast;
};

/// The models that judge the tasting of a session, beside its people. One judges at a time; it goes
/// on while another run is looked at, and what it says stands in the store at once. Lives on the
/// GUI thread; owned by the view of the tasting.
class JudgeSession : public QObject
{
    Q_OBJECT
public:
    JudgeSession(Workbench& workbench, const TastingSession& tasting, QObject* parent = nullptr);
    ~JudgeSession() override;

    /// Models of the policy that could judge.
    [[nodiscard]] std::vector<ModelSpec> models() const;
    /// A job for another thread: it counts the tokens of everything that would be sent.
    [[nodiscard]] std::function<JudgePreflight()> preflight(const ModelId& judge,
                                                            const JudgeChoices& choices) const;
    /// @return NotFound without a tasting or such a model, Refused while another judge is at work,
    ///         InvalidArgument if nothing is asked
    [[nodiscard]] Result<void> begin(const ModelId& judge, const JudgeChoices& choices,
                                     const RunCaps& caps);
    /// Asks what is left of the newest judging of a model.
    /// @return NotFound if there is none, or if the policy has no such model that is asked as then
    [[nodiscard]] Result<void> goOn(const ModelId& judge);
    void pauseOrGoOn();
    void stop();
    void setCaps(const RunCaps& caps);

    /// A judge is at work, pauses included.
    [[nodiscard]] bool isRunning() const;
    /// What is at work, or was last; null: nothing was. Of the tasting that is shown.
    [[nodiscard]] const JudgeRun* run() const;
    /// All that is known of the tasting that is shown.
    [[nodiscard]] std::vector<Judging> judgings() const;

signals:
    void changed();  ///< of the run; often
    void finished(); ///< what is known now is worth counting

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
