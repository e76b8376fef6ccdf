// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/sample/support_desk.h>
#include <core/traffic/traffic.h>

#include <cstddef>
#include <memory>
#include <string>

namespace signalbox::test {

/// The first requests of the sample's traffic: numbers of the same kind in a fraction of the time,
/// for tests that ask when numbers come rather than which.
inline std::shared_ptr<const Traffic> smallTraffic(std::size_t requests = 200)
{
    const std::string all = toTrafficJsonLines(supportDeskTraffic());
    std::size_t end = 0;
    for (std::size_t line = 0; line < requests && end < all.size(); ++line)
        end = all.find('\n', end) + 1;
    auto reading = readTrafficJsonLines(all.substr(0, end), "small");
    return reading ? std::make_shared<const Traffic>(std::move(reading->traffic)) : nullptr;
}

} // namespace signalbox::test
