// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/base/ids.h>
#include <core/evidence/evidence_store.h>
#include <core/evidence/tasting_table.h>
#include <core/lab/judging.h>
#include <core/tasting/tasting.h>
#include <core/tasting/tone_rating.h>
#include <core/tasting/vote.h>

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

class LabSession;

/// What a person wants to be asked.
struct TastingChoices
{
    std::size_t prompts = 40; ///< at most
    std::size_t shown = 2;    ///< answers a screen
    std::size_t trialsPerPair = 4;
    std::vector<std::string> axes; ///< ids of tone axes to rate too
};

/// Everything that can be tasted of a table: the finished first answers to every prompt that two
/// models or more answered. Seed, axes and trials are the defaults.
[[nodiscard]] Tasting tasteable(const LabSession& lab);
/// A part of it as chosen, the prompts drawn by the seed.
[[nodiscard]] Tasting tastingOf(Tasting whole, const TastingChoices& choices, std::uint64_t seed);

/// The two things that are asked in a tasting.
enum class TastingPart { Order, Abx };

/// Somebody who votes, as lists show them.
struct TasterProgress
{
    QString name;
    std::size_t done = 0; ///< votes of both parts
    std::size_t total = 0;
    bool hasLooked = false;
};

/// One of the tastings of a run, as lists show them.
struct TastingEntry
{
    TastingNumber number = 0;
    std::int64_t begunAtMs = 0; ///< Unix time
    std::size_t people = 0;
    std::size_t votes = 0; ///< of all of them
    bool operator==(const TastingEntry&) const = default;
};

/// The blind tasting of one run: who votes, what they are asked next, what was said. Every vote
/// goes to the store at once, and whoever comes back goes on where they stopped. Whoever asks for
/// the names has voted for the last time in this tasting; the others go on blind. Lives on the GUI
/// thread; owned by its view. Nothing here waits for the store.
class TastingSession : public QObject
{
    Q_OBJECT
public:
    /// @param store  null: nothing is kept, and nothing can be tasted
    explicit TastingSession(EvidenceStore* store, QObject* parent = nullptr);
    ~TastingSession() override;

    /// The run whose answers are tasted; its tastings are read in the background. The newest one
    /// counts until another is chosen. nullopt: none.
    void setRun(const std::optional<RunId>& run);
    [[nodiscard]] const std::optional<RunId>& run() const;
    /// Reads what others have said meanwhile, perhaps on other computers, unless somebody votes
    /// here; says reloaded().
    void reload();
    [[nodiscard]] bool isLoading() const;
    /// Why something could not be read or kept: a sentence, or empty.
    [[nodiscard]] const QString& problem() const;

    /// Of the run, the newest first; the present one among them.
    [[nodiscard]] std::vector<TastingEntry> tastings() const;
    [[nodiscard]] TastingNumber number() const; ///< of tasting(); 0: there is none
    /// Takes another of tastings() in the place of the present one; read in the background, as
    /// setRun() does. Whoever votes leaves, and everything is kept.
    void choose(TastingNumber number);

    /// Null: the run was not tasted yet.
    [[nodiscard]] const Tasting* tasting() const;
    [[nodiscard]] std::int64_t begunAtMs() const;
    /// What is there stays in the store, and a new one can be begun.
    void forget();
    /// A new one in the place of what is there. Nobody votes in it yet.
    [[nodiscard]] Result<void> begin(const Tasting& tasting);

    [[nodiscard]] std::vector<TasterProgress> tasters() const; ///< in the order they came
    /// A person comes, or comes back: names are compared without regard to case and outer spaces.
    /// @return Refused for somebody who has seen the names, InvalidArgument for an empty name
    [[nodiscard]] Result<void> join(const QString& name);
    void leave(); ///< nobody votes; everything is kept
    [[nodiscard]] bool hasTaster() const;
    [[nodiscard]] QString taster() const; ///< empty: nobody

    // Of the person who votes.
    [[nodiscard]] std::size_t total(TastingPart part) const;
    [[nodiscard]] std::size_t done(TastingPart part) const;
    /// What is asked now; null: nothing is left. Skipped ones come again behind the others.
    [[nodiscard]] const BlindTask* task() const;
    [[nodiscard]] const AbxTask* trial() const;
    /// The vote on task(). @param places  positions on screen, best first, see rankingOf()
    /// @param ratings  by position and axis of the tasting; 0: not rated
    [[nodiscard]] Result<void> putInOrder(const std::vector<std::vector<std::size_t>>& places,
                                          const std::vector<std::vector<int>>& ratings);
    [[nodiscard]] Result<void> sayX(bool isFirst); ///< the vote on trial()
    void skip(TastingPart part);
    /// Takes the last vote of the part back and asks it again.
    /// @return false: there is none
    bool takeBack(TastingPart part);

    /// Somebody sees the names: from now on they cannot vote in this tasting. They may not have
    /// voted at all. @return InvalidArgument for an empty name
    [[nodiscard]] Result<void> look(const QString& name);
    [[nodiscard]] bool hasLooked(const QString& name) const;

    // What was said so far, by everybody.
    [[nodiscard]] std::vector<Ranking> rankings() const;
    [[nodiscard]] std::vector<AbxTrial> trials() const;
    [[nodiscard]] std::vector<RatedTask> ratings() const;
    /// What models said as judges when the tasting was last read, the first one first. None of it
    /// is among the above.
    [[nodiscard]] const std::vector<Judging>& judgings() const;

signals:
    void changed();        ///< anything but problem()
    void problemChanged(); ///< problem()
    void reloaded();       ///< see reload(); also if nothing could be read

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
