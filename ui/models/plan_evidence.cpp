// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan_evidence.h"

#include "background.h"

#include <chrono>
#include <utility>

namespace signalbox::ui {

namespace {

/// Mean over the requests that say it; 0 if none does.
double usualInputTokens(const Traffic* traffic)
{
    double sum = 0;
    double count = 0;
    for (std::size_t row = 0; traffic && row < traffic->inputTokens.size(); ++row) {
        if (traffic->inputTokens[row] < 0)
            continue;
        sum += traffic->inputTokens[row];
        ++count;
    }
    return count > 0 ? sum / count : 0;
}

} // namespace

PlanEvidence::PlanEvidence(PolicyEditor& editor, Today today, QObject* parent)
    : QObject(parent), m_editor(editor), m_today(std::move(today))
{
    // What is weighed, or runs, is of another policy; documentChanged() follows and starts anew.
    connect(&editor, &PolicyEditor::documentOpened, this, [this] { m_weighed.edges.clear(); });
    connect(&editor, &PolicyEditor::documentChanged, this, &PlanEvidence::restart);
}

std::int64_t PlanEvidence::todayByTheClock()
{
    using namespace std::chrono;
    return floor<days>(system_clock::now()).time_since_epoch().count();
}

void PlanEvidence::setEvidence(std::shared_ptr<const EvidenceTable> evidence)
{
    if (m_evidence == evidence)
        return;
    m_evidence = std::move(evidence);
    restart();
}

void PlanEvidence::setTraffic(const std::shared_ptr<const Traffic>& traffic)
{
    m_usualInputTokens = usualInputTokens(traffic.get());
    restart();
}

void PlanEvidence::restart()
{
    // A sentence about a plan that is no more is wrong; an old number is a little old.
    m_weighed.findings.clear();
    if (!m_evidence)
        m_weighed.edges.clear();
    emit changed();
    if (m_isRunning)
        m_isStale = true;
    else if (m_evidence)
        start();
}

void PlanEvidence::start()
{
    m_isRunning = true;
    m_isStale = false;
    inBackground(
        this,
        [document = m_editor.document(), evidence = m_evidence, tokens = m_usualInputTokens,
         today = m_today()] {
            return Weighed{fallbackEdges(document, *evidence, tokens),
                           evidenceFindings(document, *evidence, today)};
        },
        [this](Weighed weighed) {
            m_isRunning = false;
            if (m_isStale) {
                m_isStale = false;
                return m_evidence ? start() : void();
            }
            m_weighed = std::move(weighed);
            emit changed();
        });
}

} // namespace signalbox::ui
