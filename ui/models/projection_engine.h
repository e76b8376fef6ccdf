// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/policy/document.h>
#include <core/projection/projection.h>
#include <core/traffic/traffic.h>
#include <core/voice/answer.h>

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace signalbox::ui {

/// Keeps the numbers of a policy up to date off the GUI thread: the latest question wins, late
/// answers to old ones are dropped. Lives on the GUI thread; owned by the Workbench.
///
/// Three kinds of work run on one worker, in this order of need: measuring the evidence (when
/// answers, models or the answer style changed), the policy's own numbers (quick ones first, then
/// with intervals), and the comparison points (single models, mixes, revisions).
class ProjectionEngine : public QObject
{
    Q_OBJECT
public:
    explicit ProjectionEngine(QObject* parent = nullptr);
    ~ProjectionEngine() override;

    void setTraffic(std::shared_ptr<const Traffic> traffic);
    void setAnswers(std::vector<Answer> answers);
    /// @param moving  true while a gesture runs: points only, no intervals
    void setPolicy(const PolicyDocument& document, bool moving);
    void setSaved(const PolicyDocument& document);
    void setRevisions(std::vector<PolicyDocument> revisions); ///< newest first

    [[nodiscard]] const std::optional<Projection>& projection() const;
    [[nodiscard]] const std::optional<Projection>& savedProjection() const;
    [[nodiscard]] const std::vector<FrontierPoint>& frontier() const;
    [[nodiscard]] std::shared_ptr<const EvidenceTable> evidence() const;
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
