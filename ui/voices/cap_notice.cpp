// SPDX-License-Identifier: GPL-3.0-or-later
#include "cap_notice.h"

#include "spending_words.h"

#include <ui/kit/basic_widgets.h>

#include <QAction>

namespace signalbox::ui {

CapNotice::CapNotice(LabSession& session, NoticeList& notices, QObject* parent)
    : QObject(parent), m_session(session), m_notices(notices)
{
    connect(&session, &LabSession::capReached, this,
            [this](const CapReached& reached) { show(reached); });
    const auto look = [this] {
        if (!m_session.run().capReached())
            drop();
    };
    connect(&session, &LabSession::progressChanged, this, look);
    connect(&session, &LabSession::forecastChanged, this, look);
    connect(&session, &LabSession::finished, this, look);
    connect(&session, &LabSession::wasReset, this, look);
}

void CapNotice::show(const CapReached& reached)
{
    if (!m_callout) {
        m_callout = m_notices.add(Tone::Caution, {}, {});
        m_callout->setObjectName(QStringLiteral("capNotice"));
    }
    m_callout->setMessage(Tone::Caution, spending::capTitle(reached), spending::capDetail(reached));
    m_callout->clearActions();
    const RunCaps caps = spending::raised(reached);
    const bool isPriced =
        reached.which != CapReached::Which::NoPrice && reached.which != CapReached::Which::NoLength;
    auto* raise = new QAction(isPriced ? tr("Raise to %1").arg(spending::caps(caps))
                                       : tr("Go on without it", "without a cap"),
                              m_callout);
    connect(raise, &QAction::triggered, this, [this, caps] { m_session.setCaps(caps); });
    m_callout->addAction(raise);
    auto* other = new QAction(tr("Set another\u2026", "a cap"), m_callout);
    connect(other, &QAction::triggered, this, &CapNotice::capsRequested);
    m_callout->addAction(other);
    auto* end = new QAction(tr("End the run"), m_callout);
    connect(end, &QAction::triggered, this, [this] { m_session.stop(); });
    m_callout->addAction(end);
}

void CapNotice::drop()
{
    if (!m_callout)
        return;
    m_callout->hide();
    m_callout->setObjectName({});
    m_callout->deleteLater(); // its button may be what is handled now
    m_callout = nullptr;
}

} // namespace signalbox::ui
