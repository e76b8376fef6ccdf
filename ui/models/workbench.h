// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evidence_answers.h"
#include "plan_evidence.h"
#include "policy_editor.h"
#include "policy_prover.h"
#include "price_shelf.h"
#include "traffic_shelf.h"

#include <core/evidence/evidence_store.h>
#include <core/policy/user_styles.h>
#include <core/projection/projection.h>
#include <core/providers/provider.h>
#include <core/providers/standard_providers.h>
#include <core/sample/support_desk.h>
#include <core/traffic/traffic.h>

#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox {
class Clock;
}

namespace signalbox::ui {

/// Everything that is open in one window: the policy, the traffic it is replayed over, the recorded
/// answers, and the numbers that follow from them. Lives on the GUI thread; owned by main. Pages
/// get it by reference and know nothing of each other.
class Workbench : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        std::filesystem::path dataFolder; ///< evidence store and journals; empty: for now
        /// Where answers are kept; absent: in a file of the data folder.
        std::optional<StoreAddress> evidence = {};
        const Clock* clock = nullptr; ///< outlives it; null: the machine's
    };
    explicit Workbench(Options options, QObject* parent = nullptr);
    ~Workbench() override;

    [[nodiscard]] PolicyEditor& editor();
    [[nodiscard]] PolicyProver& prover(); ///< what is wrong or doubtful in the editor's policy
    [[nodiscard]] PlanEvidence& planEvidence(); ///< what the answers say about its plans
    [[nodiscard]] ProviderRegistry& providers();
    /// What stands behind the providers: keys, network, the simulator's speed.
    [[nodiscard]] ProviderServices& services();
    [[nodiscard]] const std::filesystem::path& dataFolder() const; ///< empty: nothing is kept
    [[nodiscard]] PriceShelf&
    prices(); ///< what models without a price in the policy are counted at
    [[nodiscard]] EvidenceStore* evidenceStore(); ///< null if it could not be opened

    /// Opens the bundled sample: policy, prompts and, unless a table of the person's is open, its
    /// traffic; its evidence arrives in the background.
    void openSample(Place place = Place::Here);

    [[nodiscard]] TrafficShelf& trafficShelf();                   ///< where the traffic comes from
    [[nodiscard]] std::shared_ptr<const Traffic> traffic() const; ///< may be null
    void setTraffic(std::shared_ptr<const Traffic> traffic);
    /// Asks the window to open a table of traffic or to import a log; without a path, to ask which.
    void requestTraffic(const QString& path = {});
    [[nodiscard]] const std::vector<Answer>& answers() const; ///< all evidence
    [[nodiscard]] const SharedAnswers& sharedAnswers() const; ///< the same, for other threads
    [[nodiscard]] std::shared_ptr<const EvidenceTable>
    evidence() const;                                               ///< may be null while measured
    [[nodiscard]] const std::vector<SamplePrompt>& prompts() const; ///< of the lab

    /// The table of users' answer styles that the policy names; null if none, or none yet.
    [[nodiscard]] std::shared_ptr<const UserStyles> styles() const;
    /// Why there is none although the policy names one: a sentence, or empty.
    [[nodiscard]] const QString& stylesProblem() const;

    /// Takes the answers of real models that the evidence store kept, read on a worker. Call after
    /// the first paint.
    void loadStoredAnswers();

    /// Adds answers of a finished or running lab run; measures are redone in the background.
    void addAnswers(const std::vector<Answer>& answers);

    /// Numbers of the shown document. With intervals when at rest, quick while a gesture runs.
    [[nodiscard]] const std::optional<Projection>& projection() const;
    /// Whether projection() is what may be said about editor().document(): with intervals, of
    /// exactly this document (its revision number aside), the present traffic and all answers. Ask
    /// before the numbers leave the program. It can change with projectionChanged() and with
    /// PolicyEditor::documentChanged().
    [[nodiscard]] bool projectionIsCurrent() const;
    /// Whether projection() is of the document that is shown; while that is moved, a little behind.
    [[nodiscard]] bool projectionIsOfShown() const;
    /// Numbers of the last saved revision, for the change beside each number.
    [[nodiscard]] const std::optional<Projection>& savedProjection() const;
    /// Single models, mixes and revisions for the chart.
    [[nodiscard]] const std::vector<FrontierPoint>& frontier() const;
    [[nodiscard]] bool isProjecting() const;
    /// Why there is no projection, if there is none: a sentence.
    [[nodiscard]] const QString& projectionProblem() const;

    /// Values of a numeric signal over the traffic for the histogram; empty if there are none.
    [[nodiscard]] std::vector<double> signalValues(const SignalId& signal);

    /// Which requests of the traffic the rule at `index` is asked about, row order; nothing without
    /// traffic or if the rules above cannot be compiled.
    [[nodiscard]] std::optional<std::vector<bool>> requestsReaching(const PolicyDocument& document,
                                                                    std::size_t index);

    /// How many calls a server on this computer gets at once; see LabPlan::inFlightHere.
    [[nodiscard]] int callsHere() const;
    void setCallsHere(int calls);

    /// Asks the window to show a page by its id, e.g. "settings" from a page that needs a model.
    void requestPage(const QString& id);

signals:
    void pageRequested(const QString& id);
    void trafficRequested(const QString& path);
    void callsHereChanged(int calls);
    void trafficChanged();
    void evidenceChanged();
    void stylesChanged();
    void projectionChanged(); ///< also when it was lost, or is no longer current
    void frontierChanged();
    void woke(qint64 sleptMs); ///< the computer did; what was under way may have been lost
    void notice(const QString& sentence); ///< something worth a line in the status bar

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
