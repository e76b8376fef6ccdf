// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a table of requests: reading never crashes; each record is in one of the counts; the
// rows are the same when the file is read in other chunks. And as a text to redact: what was UTF-8
// stays UTF-8, and the same text in gives the same text out.

#include "log_properties.h"

#include <core/base/utf8.h>
#include <core/traffic/known_logs.h>
#include <core/traffic/log_detector.h>
#include <core/traffic/text_redactor.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace signalbox;

namespace {

void checkRedaction(std::string_view text)
{
    static const TextRedactor redactor = *TextRedactor::make();
    std::vector<RedactionCount> counts;
    const std::string once = redactor.redacted(text, counts);
    std::vector<RedactionCount> again;
    fuzz::require(redactor.redacted(text, again) == once && again == counts);
    fuzz::require(counts.empty() == (once == text));
    if (!firstInvalidUtf8(text))
        fuzz::require(!firstInvalidUtf8(once));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    static const std::vector<LogMapping> known = knownLogs();
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const LogContainer container{LogContainer::Kind::Csv, ",;\t|"[data[0] % 4]};
    fuzz::checkLog(text, known.at(data[0] % known.size()), container);
    fuzz::checkLog(text, proposedMapping(text, container), container);
    checkRedaction(text);
    return 0;
}
