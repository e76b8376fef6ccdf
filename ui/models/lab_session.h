// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "answer_sizes.h"
#include "lab_forecast.h"
#include "stored_runs.h"
#include "workbench.h"

#include <core/lab/answer_import.h>
#include <core/lab/lab_run.h>
#include <core/providers/rate_limiter.h>

#include <QObject>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace signalbox::ui {

/// The lab as a page sees it: which prompts, which models, and the run over them. It begins with
/// the choices of the last run. Prompts and models can be changed while nothing runs; a change
/// starts a fresh table, unless finished answers are not on disk and the disk refuses them even
/// then: keepFailed() says so and nothing changes. GUI thread; owned by its page.
class LabSession : public QObject
{
    Q_OBJECT
public:
    explicit LabSession(Workbench& workbench, QObject* parent = nullptr);
    ~LabSession() override;

    [[nodiscard]] const std::vector<LabPrompt>& prompts() const;
    void setSamplePromptCount(std::size_t count); ///< taken in turn from the segments
    /// Typed by the person; becomes the first row. The same text twice is one prompt, none is none.
    /// @return false: the table has to stay as it is, and the text was not taken
    bool addPrompt(const QString& text);
    /// From a file or pasted, see importPrompts(); they become the first rows. One whose words are
    /// there already takes its place anew.
    /// @return as addPrompt()
    bool addPrompts(std::vector<LabPrompt> prompts);
    /// One of the person's own; of a conversation all turns.
    void removePrompt(const PromptId& id);
    void removeOwnPrompts();
    [[nodiscard]] const std::vector<LabPrompt>& ownPrompts() const; ///< typed and imported ones
    /// Whether the sample's prompts are left out while there are others.
    [[nodiscard]] bool sendsOnlyOwn() const;
    void setSendsOnlyOwn(bool only);
    [[nodiscard]] std::size_t samplePromptCount() const;

    /// Shows what any run of the store recorded, as it was then. Nothing can be sent until
    /// showPresent(); what would be chosen or sent is passed over.
    [[nodiscard]] Result<void> show(const RunId& run);
    /// Back to the policy's models and the prompts that were chosen.
    void showPresent();
    [[nodiscard]] const std::optional<ShownRun>& shownRun() const;
    /// Why the shown run cannot be asked further: a sentence; empty: it can.
    [[nodiscard]] QString goOnObstacle() const;
    /// The shown run becomes the table that can be sent: its prompts, models and caps are chosen
    /// again, and what is not answered waits for rerunFailed(). Nothing is sent.
    /// @return Refused with goOnObstacle(), or what LabRun::resumeFrom() says
    [[nodiscard]] Result<void> goOnWithShown();
    /// Keeps answers that were recorded elsewhere, and shows them.
    /// @return why they cannot be kept; the table stays as it is
    [[nodiscard]] Result<void> takeAnswers(const AnswerImport& import, const QString& name);

    /// Models of the policy, all or a choice of them, variants() of them, and last the policy
    /// itself as a column unless it is left out (isPolicyColumn()); of shownRun() its own.
    [[nodiscard]] const std::vector<ModelSpec>& models() const;
    /// Place of a model in the policy's list, which decides its colour and mark. variants(), and
    /// models of shownRun() that are not the policy's, come after its own; -1 if it is gone.
    [[nodiscard]] int policyIndexOf(const ModelId& id) const;
    [[nodiscard]] bool isModelChosen(const ModelId& id) const;
    void chooseModel(const ModelId& id, bool chosen);
    /// The name of the policy's own column among the models, for the two above.
    [[nodiscard]] ModelId policyColumn() const;
    /// Whether everybody whom a column asks is simulated.
    [[nodiscard]] bool isSimulated(const ModelSpec& column) const;

    [[nodiscard]] int samples() const;
    void setSamples(int samples);

    /// What every model is asked with, and the columns in which one is asked otherwise.
    [[nodiscard]] const Asking& asking() const;
    void setAsking(const Asking& asking);
    [[nodiscard]] const std::vector<Variant>& variants() const;
    /// After the others; once. One that asks nothing otherwise, or a model that the policy has
    /// not, is passed over.
    void addVariant(const Variant& variant);
    void removeVariant(const ModelId& column); ///< nameOf() it
    /// All of this, and which models are asked, as one choice.
    [[nodiscard]] LineUp lineUp() const;
    /// What the policy has not is passed over.
    void setLineUp(const LineUp& lineUp);

    /// Whether a call that fails before its first word is sent again where that can help. In a
    /// running run too.
    [[nodiscard]] bool triesAgain() const;
    void setTriesAgain(bool again);
    /// What a run may take at most; of the present one too, which goes on if they held it. Those
    /// of a run that is gone on with are its own.
    [[nodiscard]] const RunCaps& caps() const;
    void setCaps(const RunCaps& caps);
    /// Whether answers that are stored to exactly the same request are taken instead of asking.
    [[nodiscard]] bool reusesAnswers() const;
    void setReusesAnswers(bool reuses);
    /// The plan of what is chosen now, for a run later: see toPlanJson().
    [[nodiscard]] std::string chosenPlanJson() const;
    /// Chooses what such a plan says and begins a fresh table with it.
    /// @return NotFound if the policy has none of its models, Refused while the table has to stay
    /// @param id  what the run will have in the store
    [[nodiscard]] Result<void> choosePlan(const std::string& planJson, const RunId& id);
    /// What is known of the limits of the servers that the run asks; empty unless it runs.
    [[nodiscard]] std::vector<AccountLimits> limits() const;

    [[nodiscard]] Preflight preflight() const;       ///< of start()
    [[nodiscard]] Preflight preflightOfRest() const; ///< of rerunFailed()

    /// The run of the present prompts and models; always there, started or not.
    [[nodiscard]] LabRun& run();
    [[nodiscard]] const LabRun& run() const;
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] bool wasStarted() const;

    /// What an earlier run recorded, while the table shows it and nothing was sent since.
    [[nodiscard]] const std::optional<StoredAnswers>& stored() const;
    /// Why answers that are stored are not shown: a sentence; empty if there are none.
    [[nodiscard]] const QString& storedObstacle() const;
    [[nodiscard]] bool hasAnswers() const; ///< started, or showing what is stored
    /// What the table holds, by row, model and repeat: answers and what failed, with the cost that
    /// was recorded. Cells that were never asked are left out.
    [[nodiscard]] std::vector<Answer> answers() const;

    /// What a cell's model answered before the answer that is shown, oldest first: a repeat takes
    /// nothing away. Of the run in the store.
    [[nodiscard]] Result<std::vector<StoredAnswer>> earlierAnswers(const CellId& id) const;

    /// Of a done answer at the policy's present price; what the provider stated stays as it is. Of
    /// the policy's what all calls on its way cost a user, also those that were not sent again.
    [[nodiscard]] std::optional<Money> costOf(const CellId& id) const;
    [[nodiscard]] std::optional<Money> spent() const; ///< known part, at present prices
    /// Of a done answer; nullopt until it has been counted.
    [[nodiscard]] std::optional<AnswerSize> sizeOf(const CellId& id) const;
    /// Likewise; null until then.
    [[nodiscard]] const StyleVector* styleOf(const CellId& id) const;

    void start(); ///< goes on if it is paused
    void pause();
    void stop();
    void rerun(const CellId& id);
    void rerunFailed();

    /// That asked a model of the policy; nullopt if there is none, or once anything was sent.
    [[nodiscard]] std::optional<InterruptedRun> interruptedRun() const;
    /// Sends what the interrupted run did not; if it cannot go on the table stays as it is and
    /// resumeFailed() says why. Nothing while another one runs.
    void resume(const RunSummary& interrupted);

signals:
    void aboutToReset(); ///< prompts or models change: the run is replaced
    void wasReset();
    void cellChanged(const signalbox::CellId& id);
    void textAppended(const signalbox::CellId& id, const QString& text);
    void progressChanged();
    void costsChanged();    ///< a price of the policy did
    void forecastChanged(); ///< preflight() did, by what was learned or chosen
    void answersCounted();  ///< many sizeOf() and styleOf() are known now, of a run that is shown
    void capReached(const signalbox::CapReached& reached); ///< the run is paused by it
    void started(); ///< something is sent: a run, a repeat, the rest
    void finished();
    void failed(const QString& sentence);       ///< an answer could not be kept; the run is paused
    void resumeFailed(const QString& sentence); ///< nothing was sent
    void recovered(); ///< what failed() said is over, and a run that it paused goes on
    void keepFailed(const QString& sentence); ///< the table stays: it holds what is not on disk

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
