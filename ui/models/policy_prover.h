// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy_editor.h"

#include <core/policy/lint.h>
#include <core/traffic/traffic.h>

#include <QObject>

#include <memory>
#include <stop_token>
#include <vector>

namespace signalbox::ui {

/// What is wrong or doubtful in the policy in front: what lint() says at once, and a moment later
/// what was proved, with requests that show it. Proofs run on a worker, one at a time; a change of
/// the document stops the running one and begins anew. Lives on the GUI thread; owned by the
/// Workbench.
class PolicyProver final : public QObject
{
    Q_OBJECT
public:
    explicit PolicyProver(PolicyEditor& editor, QObject* parent = nullptr);
    ~PolicyProver() override;

    /// Where examples are taken from; may be null.
    void setTraffic(std::shared_ptr<const Traffic> traffic);

    /// Of the committed document; see withProofs().
    [[nodiscard]] const std::vector<Finding>& findings() const { return m_findings; }
    [[nodiscard]] bool isProving() const { return m_isRunning; }

signals:
    /// For every change of the document, and when proofs arrive.
    void findingsChanged();

private:
    void restart();
    void start();

    PolicyEditor& m_editor;
    std::shared_ptr<const Traffic> m_traffic;
    std::vector<Finding> m_findings;
    std::stop_source m_stop; ///< of the running proofs
    bool m_isRunning = false;
    bool m_isStale = false; ///< what runs is about an earlier document
};

} // namespace signalbox::ui
