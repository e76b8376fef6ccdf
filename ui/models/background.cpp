// SPDX-License-Identifier: GPL-3.0-or-later
#include "background.h"

namespace signalbox::ui::background {

Door::Door(std::shared_ptr<WayBack> way, QObject* context)
    : ThreadDoor(context), m_way(std::move(way))
{
    m_way->door = this;
}

Door::~Door()
{
    const std::scoped_lock lock(m_way->mutex);
    m_way->door = nullptr;
}

void meetOtherThread()
{
    static std::mutex meeting;
    const std::scoped_lock lock(meeting);
}

} // namespace signalbox::ui::background
