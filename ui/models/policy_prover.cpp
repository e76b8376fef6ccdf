// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy_prover.h"

#include "background.h"

#include <core/proof/prover.h>

#include <utility>

namespace signalbox::ui {

PolicyProver::PolicyProver(PolicyEditor& editor, QObject* parent)
    : QObject(parent), m_editor(editor), m_findings(editor.findings())
{
    connect(&editor, &PolicyEditor::documentChanged, this, &PolicyProver::restart);
}

PolicyProver::~PolicyProver()
{
    m_stop.request_stop();
}

void PolicyProver::setTraffic(std::shared_ptr<const Traffic> traffic)
{
    if (m_traffic == traffic)
        return;
    m_traffic = std::move(traffic);
    restart();
}

void PolicyProver::restart()
{
    m_findings = m_editor.findings();
    emit findingsChanged();
    m_stop.request_stop();
    if (m_isRunning)
        m_isStale = true;
    else
        start();
}

void PolicyProver::start()
{
    m_stop = std::stop_source();
    m_isRunning = true;
    m_isStale = false;
    inBackground(
        this,
        [document = m_editor.document(), traffic = m_traffic, stop = m_stop.get_token()] {
            ProofBudget budget;
            budget.stop = stop;
            return prove(document,
                         traffic ? traffic->sample(kMostProofExamples) : std::vector<Request>(),
                         budget);
        },
        [this](const std::vector<Proof>& proofs) {
            m_isRunning = false;
            if (m_isStale)
                return start();
            m_findings = withProofs(m_editor.findings(), proofs);
            emit findingsChanged();
        });
}

} // namespace signalbox::ui
