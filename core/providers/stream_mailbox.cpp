// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream_mailbox.h"

#include <QMetaObject>

#include <utility>

namespace signalbox {

namespace {

template<class Delta> bool joined(TimedEvent& last, TimedEvent& next)
{
    auto* const into = std::get_if<Delta>(&last.event);
    const auto* const from = std::get_if<Delta>(&next.event);
    if (!into || !from)
        return false;
    into->text += from->text;
    return true;
}

} // namespace

StreamMailbox::StreamMailbox(QObject* owner, std::function<void(Ring)> ring)
    : m_owner(owner), m_ring(std::move(ring))
{}

void StreamMailbox::put(std::vector<TimedEvent> events)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_owner || events.empty())
        return;
    for (TimedEvent& event : events) {
        const bool crowded = m_mail.events.size() >= kSeparate;
        if (!crowded || (!joined<TextDelta>(m_mail.events.back(), event) &&
                         !joined<ReasoningDelta>(m_mail.events.back(), event)))
            m_mail.events.push_back(std::move(event));
    }
    if (!std::exchange(m_rung, true))
        ringLocked(Ring::Mail);
}

void StreamMailbox::put(AttemptEnd end)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_owner)
        return;
    m_mail.end = std::move(end);
    ringLocked(Ring::End);
}

Mail StreamMailbox::take()
{
    const std::scoped_lock lock(m_mutex);
    m_rung = false;
    return std::exchange(m_mail, {});
}

void StreamMailbox::close()
{
    const std::scoped_lock lock(m_mutex);
    m_owner = nullptr;
    m_mail = {};
}

void StreamMailbox::ringLocked(Ring why)
{
    QMetaObject::invokeMethod(
        m_owner, [ring = m_ring, why] { ring(why); }, Qt::QueuedConnection);
}

} // namespace signalbox
