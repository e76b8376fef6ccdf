// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/result.h>
#include <core/frontier/frontier.h>

#include <QObject>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

class Workbench;

/// What a search came to, and what it does not ask: the policy's stored tests.
struct FrontierFinding
{
    Frontier frontier;
    std::size_t tests = 0;                ///< of the policy
    std::vector<std::size_t> brokenTests; ///< per point: those that expect another way
};

/// Looks for better policies than the one in front, off the GUI thread, and takes one of them over.
/// One search at a time; what it found stays until the next one begins or clear(). The window stays
/// as it is: policies, traffic and evidence may change meanwhile, and doubt() says so. Lives on the
/// GUI thread; the workbench must outlive it.
class FrontierSession : public QObject
{
    Q_OBJECT
public:
    struct Settings
    {
        std::size_t most = FrontierOptions().most; ///< policies that are scored
        std::uint64_t seed = FrontierOptions().seed;
        bool operator==(const Settings&) const = default;
    };

    explicit FrontierSession(Workbench& workbench, QObject* parent = nullptr);
    ~FrontierSession() override; ///< stops, and waits for what runs

    /// Finds out what a search of the policy in front would have before it: scope(). Not while one
    /// runs.
    void look(std::uint64_t seed);
    /// Of the last look(): nullopt until it is known; a failure says why no search can begin.
    [[nodiscard]] const std::optional<Result<FrontierScope>>& scope() const;

    /// Stops what runs, and forgets what was found before.
    void start(const Settings& settings);
    /// At once: what the search says later is dropped. What was found before it is gone.
    void cancel();
    void clear(); ///< forgets what was found, and what failed
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] const Settings& settings() const; ///< of what runs or was found

    struct State
    {
        FrontierStep step = FrontierStep::Searching;
        std::size_t done = 0;
        std::size_t most = 0; ///< 0: not known yet
    };
    [[nodiscard]] State state() const; ///< of what runs

    [[nodiscard]] std::shared_ptr<const FrontierFinding> finding() const; ///< null: none
    /// Why the last search found nothing; Cancelled if it was stopped.
    [[nodiscard]] const std::optional<Error>& failure() const;

    /// Why what was found, or is looked for, says nothing of what is there now.
    enum class Doubt { None, AnotherPolicy, PolicyEdited, TrafficChanged, EvidenceChanged };
    [[nodiscard]] Doubt doubt() const;
    [[nodiscard]] QString policyName() const; ///< of the policy that is searched

    /// The point that the policy in front is.
    [[nodiscard]] std::optional<std::size_t> adopted() const;
    /// Makes the policy in front the point's, as one step that can be undone.
    /// @return Refused while there is a doubt
    Result<void> adopt(std::size_t point);

signals:
    void scopeChanged();
    void progressed(); ///< while it runs
    void changed();    ///< running, finding, failure, doubt, adopted
    void found();      ///< a search has come to its end with a finding
    void adoptedPoint(std::size_t point);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
