// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_sizes.h"
#include "lab_choices.h"
#include "lab_forecast.h"
#include "lab_session.h"
#include "present_policy.h"

#include <QTimer>

namespace signalbox::ui {

/// What a LabSession is inside: what was chosen, the run that shows it, and how the one follows the
/// other. Of its rooms each has a file: what is asked, and of whom (lab_session_choices.cpp), runs
/// of the store that are looked at or gone on with (lab_session_stored.cpp), the table itself and
/// what is sent (lab_session.cpp). Only these include it.
struct LabSession::Private
{
    Private(LabSession* owner, Workbench& bench)
        : q(owner), workbench(bench), policy(bench), forecast(bench)
    {}

    LabSession* q;
    Workbench& workbench;
    PresentPolicy policy;
    LabForecast forecast; ///< of `run`
    AnswerSizes sizes;    ///< likewise
    QTimer nextFollow;    ///< of what the policy makes of the prompts

    LabChoices choices;
    RunTerms terms;
    bool areCapsChosen = false; ///< by the person, for this policy: no run's own take their place
    bool isAnother = false;     ///< a policy was opened since the table began as last time
    bool isChosen = false;      ///< something was chosen or sent since

    std::unique_ptr<LabRun> run; ///< what the table shows
    std::vector<LabPrompt> prompts;
    std::vector<ModelSpec> models; ///< of the run, with what the policy says of their prices now
    std::optional<ShownRun> shown;
    std::optional<StoredAnswers> stored;
    QString storedObstacle;
    bool started = false;

    // What is chosen
    void beginAsLastTime();
    template<class Choice> void choose(Choice LabChoices::* choice, const Choice& to);
    bool change(LabChoices next);
    bool change(std::optional<LabChoices> next) { return next && change(std::move(*next)); }
    [[nodiscard]] std::vector<ModelSpec> chosenModels() const;
    [[nodiscard]] LabPlan chosenPlan() const;

    // The table
    enum class Fill { Nothing, FromStore };
    [[nodiscard]] bool letGoOfRun();
    void rebuild(Fill fill, const RunId& id = {});
    [[nodiscard]] std::unique_ptr<LabRun> makeRun(const LabPlan& plan) const;
    void showRun(FilledRun filled);
    void connectRun();
    void followPolicy();
    void followRoutes();
    void followFinished();
    void noteSent();
    void learn() { forecast.learn(chosenModels()); }

    // Runs of the store
    [[nodiscard]] Result<FilledRun> heldRun(const LabPlan& plan, const RunSummary& info) const;
    [[nodiscard]] std::optional<LastChoices> choicesOf(const std::string& planJson) const;
    [[nodiscard]] QString obstacleTo(const ShownRun& earlier) const;
};

} // namespace signalbox::ui
