// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_editor.h"

#include <core/policy/lint.h>
#include <core/projection/fallback_edges.h>
#include <core/traffic/traffic.h>

#include <QObject>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace signalbox::ui {

/// What the recorded answers say about the plans of the policy in front: what each fallback means
/// for a user, and what of that is a problem. Weighed on a worker, one at a time, anew for every
/// change of policy, answers and traffic. Lives on the GUI thread; owned by the Workbench.
class PlanEvidence final : public QObject
{
    Q_OBJECT
public:
    /// Days since 1970, UTC.
    using Today = std::function<std::int64_t()>;
    [[nodiscard]] static std::int64_t todayByTheClock();

    explicit PlanEvidence(PolicyEditor& editor, Today today = todayByTheClock,
                          QObject* parent = nullptr);

    /// Null while the answers are measured: nothing is said then.
    void setEvidence(std::shared_ptr<const EvidenceTable> evidence);
    /// Whose requests are the usual ones when money is counted; may be null.
    void setTraffic(const std::shared_ptr<const Traffic>& traffic);

    /// See evidenceFindings(); of the committed document, none while it is weighed.
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_weighed.findings; }
    /// See fallbackEdges(). While a changed document is weighed, those of it before the
    /// change; none while another policy's are.
    [[nodiscard]] const std::vector<FallbackEdge>& edges() const { return m_weighed.edges; }
    [[nodiscard]] bool isWeighing() const { return m_isRunning; }

signals:
    void changed();

private:
    struct Weighed
    {
        std::vector<FallbackEdge> edges;
        std::vector<Finding> findings;
    };
    void restart();
    void start();

    PolicyEditor& m_editor;
    Today m_today;
    std::shared_ptr<const EvidenceTable> m_evidence;
    double m_usualInputTokens = 0; ///< 0: unknown
    Weighed m_weighed;
    bool m_isRunning = false;
    bool m_isStale = false; ///< what runs is about something else by now
};

} // namespace signalbox::ui
