// SPDX-License-Identifier: GPL-3.0-or-later
#include "threshold_gesture.h"

#include <utility>

namespace signalbox::ui {

ThresholdGesture::ThresholdGesture(std::shared_ptr<const PolicyDocument> document,
                                   ThresholdPlace place, NumbersGround ground)
    : m_document(std::move(document)), m_place(std::move(place)), m_ground(std::move(ground))
{}

const std::shared_ptr<const PolicyDocument>& ThresholdGesture::document() const
{
    return m_document;
}

bool ThresholdGesture::isOf(const PolicyDocument& document) const
{
    PolicyDocument there = *m_document;
    PolicyDocument given = document;
    const double* const threshold = thresholdAt(given, m_place);
    if (!threshold)
        return false;
    *thresholdAt(there, m_place) = *threshold;
    there.revision = document.revision; // on which no number depends
    return there == document;
}

double ThresholdGesture::thresholdIn(PolicyDocument document) const
{
    return *thresholdAt(document, m_place);
}

void ThresholdGesture::setDrag(Result<ThresholdDrag> drag)
{
    m_making = drag ? Making::Done : Making::Refused;
    m_drag = drag ? std::make_shared<const ThresholdDrag>(std::move(*drag)) : nullptr;
}

void ThresholdGesture::setStart(std::shared_ptr<const Projection> start)
{
    m_start = std::move(start);
    m_parts.reset();
}

bool ThresholdGesture::isReady() const
{
    // A number that is known with the threshold at one place is not taken away at another.
    return m_drag && m_start && (m_drag->hasSeams() || !m_start->consistency);
}

Projection ThresholdGesture::projectionAt(const ReplayTotals& totals) const
{
    return draggedProjection(*m_start, *m_document, *m_ground.traffic, *m_drag, totals,
                             m_parts ? &*m_parts : nullptr);
}

} // namespace signalbox::ui
