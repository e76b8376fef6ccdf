// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evidence_answers.h"

#include <core/policy/document.h>
#include <core/policy/user_styles.h>
#include <core/projection/projection.h>
#include <core/traffic/traffic.h>

#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// Keeps the numbers of a policy up to date off the GUI thread: the latest question wins, late
/// answers to old ones are dropped. Lives on the GUI thread; owned by the Workbench.
///
/// Two workers. One measures the evidence (when answers, models or the answer style changed). The
/// other makes numbers, in this order of need: the policy's own (quick ones first, then with
/// intervals), those of the saved revision, the comparison points (single models, mixes,
/// revisions). Numbers come from the newest table of the policy's models and style, be it of
/// yesterday's answers; newer answers are measured when the numbers of those before them have been
/// shown. So while a lab run brings answers without end, every gesture still has its numbers, and
/// every measure is seen.
///
/// A threshold that is dragged over much traffic (from kDragFromRequests on, where a quick
/// projection takes longer than a frame) is made ready once (ThresholdDrag), behind the gesture;
/// from then on setPolicy() itself has the numbers of the new place before it returns: those of the
/// whole traffic to the last digit, p95 within its bucket, which is exact soon after the mouse
/// rests or is released. The parts of the traffic follow within some frames, all else when the
/// mouse rests: Projection::following says so. Numbers at rest are those of a full projection. What
/// is ready stays so until something else than the threshold changes.
class ProjectionEngine : public QObject
{
    Q_OBJECT
public:
    explicit ProjectionEngine(QObject* parent = nullptr);
    ~ProjectionEngine() override;

    void setTraffic(std::shared_ptr<const Traffic> traffic);
    /// All answers there are. Shared, so that handing over a new set copies no texts.
    void setAnswers(SharedAnswers answers);
    /// Another policy takes the place of the present one, whose numbers are never shown as its own:
    /// there are none of it, unless it was left a while ago and nothing has changed since.
    /// @param revisions  newest first
    void setSubject(const PolicyDocument& document, const PolicyDocument& saved,
                    std::vector<PolicyDocument> revisions);
    /// What the policy's style signals name; may be null.
    void setStyles(std::shared_ptr<const UserStyles> styles);
    /// Of the policy: where an earlier revision that names another table of styles has its own.
    void setFolder(const std::filesystem::path& folder);
    /// @param moving  true while a gesture runs: points only, no intervals
    void setPolicy(const PolicyDocument& document, bool moving);
    /// From how many requests on a dragged threshold is made ready; kDragFromRequests if not set.
    void setDragFrom(std::size_t requests);
    static constexpr std::size_t kDragFromRequests = 20'000;
    void setSaved(const PolicyDocument& document);
    void setRevisions(std::vector<PolicyDocument> revisions); ///< newest first

    [[nodiscard]] const std::optional<Projection>& projection() const;
    [[nodiscard]] const std::optional<Projection>& savedProjection() const;
    [[nodiscard]] const std::vector<FrontierPoint>& frontier() const;
    [[nodiscard]] std::shared_ptr<const EvidenceTable> evidence() const;
    /// Whether projection() has its intervals and follows from this document (whatever its
    /// revision number, on which no number depends), the present traffic and all answers.
    [[nodiscard]] bool isCurrentFor(const PolicyDocument& document) const;
    /// Whether projection(), be it quick, is of this document and the present traffic.
    [[nodiscard]] bool isOf(const PolicyDocument& document) const;
    [[nodiscard]] bool isBusy() const;
    [[nodiscard]] const QString& problem() const;

signals:
    void projectionChanged();
    void evidenceChanged();
    void frontierChanged();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace signalbox::ui
