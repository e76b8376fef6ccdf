// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a request log of JSON lines, by the mapping that the first byte chooses and by the
// one that is proposed: reading never crashes; each line is in one of the counts; problems and
// bytes set aside are of the file; the rows are the same when the file is read in other chunks.

#include "log_properties.h"

#include <core/traffic/known_logs.h>
#include <core/traffic/log_detector.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    static const std::vector<LogMapping> known = knownLogs();
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const LogContainer container;
    fuzz::checkLog(text, known.at(data[0] % known.size()), container);
    fuzz::checkLog(text, proposedMapping(text, container), container);
    for (const LogGuess& guess : detectLog(text).guesses)
        fuzz::require(guess.sureness >= 0 && guess.sureness <= 1 && !guess.why.empty());
    return 0;
}
