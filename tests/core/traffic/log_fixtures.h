// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace signalbox::test {

/// A line of a log and what it says. In a file of its own, as moc stumbles over its raw strings.
struct LogFixture
{
    const char* name; ///< of the row of the test
    const char* log;  ///< which mapping
    const char* line;
    const char* reads; ///< RowText
};

/// At least one of every log with requests that we know.
[[nodiscard]] std::span<const LogFixture> logFixtures();

} // namespace signalbox::test
