// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as recorded traffic: reading never crashes; every line that could not be read has a
// number and a sentence; the columns fit each other; what was read is written and read back equal.

#include <core/base/utf8.h>
#include <core/traffic/traffic.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace signalbox;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void checkProblems(const TrafficReading& reading, std::string_view text)
{
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    require(reading.problems.size() <= std::min<std::size_t>(100, reading.badLines));
    for (const TrafficProblem& problem : reading.problems) {
        require(problem.line >= 1 && problem.line <= lines);
        require(!problem.message.empty() && !firstInvalidUtf8(problem.message));
    }
}

void checkColumns(const Traffic& traffic)
{
    const std::size_t rows = traffic.rowCount();
    require(rows > 0 && traffic.conversationOf.size() == rows && traffic.turnOf.size() == rows &&
            traffic.segmentOf.size() == rows && traffic.promptOf.size() == rows &&
            traffic.inputTokens.size() == rows && traffic.timeMs.size() == rows);
    require(std::ranges::is_sorted(traffic.conversationOf));
    require(traffic.conversationStarts().size() == traffic.conversationCount() + 1);
    for (std::size_t row = 0; row < rows; ++row) {
        require(traffic.segmentOf[row] < traffic.segments.size());
        require(traffic.promptOf[row] == Traffic::kNone ||
                traffic.promptOf[row] < traffic.prompts.size());
    }
}

void checkRoundTrip(const Traffic& traffic)
{
    const auto again = readTrafficJsonLines(toTrafficJsonLines(traffic), traffic.name);
    require(again.has_value() && again->badLines == 0 && again->traffic == traffic);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto reading = readTrafficJsonLines(text, "fuzz");
    if (!reading) {
        require(!reading.error().message.empty());
        return 0;
    }
    checkProblems(*reading, text);
    checkColumns(reading->traffic);
    checkRoundTrip(reading->traffic);
    return 0;
}
