// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <core/projection/evidence_cover.h>
#include <core/traffic/traffic.h>

#include <QString>

namespace signalbox::ui {

/// "Support desk (synthetic): 5,200 requests in 1,600 conversations, 2023-07-03 to 2023-07-30"
[[nodiscard]] QString trafficWords(const Traffic& traffic);

/// What must be said beside numbers of that traffic; empty where all of it is covered.
struct CoverWords
{
    QString title;
    QString detail;
};
[[nodiscard]] CoverWords coverWords(const EvidenceCover& cover);

} // namespace signalbox::ui
